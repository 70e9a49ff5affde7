/* SPDX-License-Identifier: EUPL-1.2 */
/* Bodies of providers and of the API: what is read can be written and read again as the same value. */
#include <string.h>

#include "fuzz/fuzz.h"
#include "json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    json_t *v;
    struct sv why = {0};
    if (size > 1 << 18)
        return 0;
    arena_init(&a, 64 << 20);
    enum pw_err e = json_read((struct sv){(const char *)data, size}, &a, &v, &why);
    FUZZ_HOLDS(e == PW_OK || e == PW_INVALID || e == PW_UNAVAILABLE);
    if (e == PW_OK) {
        json_t *again;
        char *text = json_dumps(v, JSON_ENCODE_ANY);
        FUZZ_HOLDS(text);
        FUZZ_HOLDS(json_read((struct sv){text, strlen(text)}, &a, &again, NULL) == PW_OK);
        FUZZ_HOLDS(json_equal(v, again));
        free(text);
    }
    arena_finish(&a);
    return 0;
}
