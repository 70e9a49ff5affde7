/* SPDX-License-Identifier: EUPL-1.2 */
#include "fuzz/fuzz.h"
#include "http/form.h"

/* What is found is a piece of the header and no separator is in it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sv header = {(const char *)data, size};
    static const char *const names[] = {"a", "session", "__Host-session"};
    for (size_t i = 0; i < 3; i++) {
        struct sv v = cookie_find(header, sv_of(names[i]));
        FUZZ_HOLDS(!v.n || (v.p >= header.p && v.p + v.n <= header.p + header.n));
        FUZZ_HOLDS(sv_find(v, SV(";")) < 0);
    }
    return 0;
}
