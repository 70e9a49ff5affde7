/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/unicode.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sv s = {(const char *)data, size}, once, twice;
    struct arena a;
    if (size > 1 << 16)
        return 0;
    arena_init(&a, 64 << 20);
    size_t count = text_count(s);
    FUZZ_HOLDS(count <= size);
    for (size_t max = 0; max < 5; max++)
        FUZZ_HOLDS(text_count(text_cut(&a, s, max)) <= (count > max ? max : count));
    FUZZ_HOLDS(text_prefix(s, size / 2).n <= size / 2);
    if (text_valid(s)) {
        FUZZ_HOLDS(text_valid(text_prefix(s, size / 2)));
        FUZZ_HOLDS(text_valid(text_cut(&a, s, count / 2)));
        FUZZ_HOLDS(text_fold(&a, s, &once) == PW_OK && text_valid(once));
        FUZZ_HOLDS(text_fold(&a, once, &twice) == PW_OK && sv_eq(once, twice));
        FUZZ_HOLDS(text_clean(&a, s, &once) == PW_OK && text_valid(once));
        FUZZ_HOLDS(text_clean(&a, once, &twice) == PW_OK && sv_eq(once, twice));
        FUZZ_HOLDS(text_clean_line(&a, s, &once) == PW_OK && sv_find(once, SV("\n")) < 0);
        FUZZ_HOLDS(text_no_bidi(&a, s, &once) == PW_OK && sv_find(once, SV("\xE2\x80\xAE")) < 0);
    } else {
        FUZZ_HOLDS(text_fold(&a, s, &once) == PW_INVALID && text_clean(&a, s, &once) == PW_INVALID);
    }
    FUZZ_HOLDS(!a.oom);
    arena_finish(&a);
    return 0;
}
