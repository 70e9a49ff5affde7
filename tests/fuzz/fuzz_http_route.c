/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/unicode.h"
#include "fuzz/fuzz.h"
#include "http/form.h"
#include "http/http.h"

/* A decoded path holds nothing that could mean another place; a match always fills its pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const patterns[] = {"/",          "/c/{s}/ask",       "/q/{i}",
                                           "/q/{i}.csv", "/{s}/{s}/{s}/{s}", "/api/v1/people/{i}/notes/{s}"};
    struct arena a;
    struct sv path;
    arena_init(&a, 1 << 20);
    if (path_decode(&a, (struct sv){(const char *)data, size}, &path)) {
        FUZZ_HOLDS(path.n > 0 && path.p[0] == '/' && text_valid(path));
        FUZZ_HOLDS(sv_find(path, SV("/../")) < 0 && !sv_ends(path, SV("/..")) && sv_find(path, SV("\\")) < 0);
        for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
            struct sv text[4] = {{0}};
            int64_t id[4] = {0};
            if (!route_match(patterns[i], path, text, id))
                continue;
            FUZZ_HOLDS(i == 0 || text[0].n > 0);
            FUZZ_HOLDS((i != 2 && i != 3) || (id[0] >= 0 && text[0].n == 13));
            FUZZ_HOLDS(i != 4 || (text[3].n > 0 && sv_find(text[3], SV("/")) < 0));
        }
    }
    arena_finish(&a);
    return 0;
}
