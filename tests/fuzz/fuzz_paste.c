/* SPDX-License-Identifier: EUPL-1.2 */
/* A conversation copied out of an app: names and words come from the text, nothing from outside it. */
#include "base/civil.h"
#include "feature/assisted/paste.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    static struct paste p;
    const char *text = (const char *)data;
    if (size > 1 << 16)
        return 0;
    arena_init(&a, 64 << 20);
    if (paste_parse(&a, (struct sv){text, size}, civil_day(2026, 3, 5) * CIVIL_DAY_MS, &p)) {
        FUZZ_HOLDS(p.n > 0 && p.n <= PASTE_MAX);
        for (size_t i = 0; i < p.n; i++) {
            FUZZ_HOLDS(p.v[i].author.p >= text && p.v[i].author.p + p.v[i].author.n <= text + size);
            FUZZ_HOLDS(p.v[i].text.n > 0 && p.v[i].text.p >= text && p.v[i].text.p + p.v[i].text.n <= text + size);
        }
    }
    arena_finish(&a);
    return 0;
}
