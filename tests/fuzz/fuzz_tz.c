/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/tz.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tz *tz = NULL;
    if (tz_parse((struct sv){(const char *)data, size}, &tz) != PW_OK)
        return 0;
    static const int64_t instants[] = {INT64_MIN, -1,        0,         INT64_C(1772953200000),  INT64_C(1795190160000),
                                       INT64_MAX, 1LL << 40, 1LL << 50, INT64_C(253402300799000)};
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        struct tz_at at;
        int64_t t = instants[i], next = 0;
        enum tz_kind kind;
        tz_at(tz, t, &at);
        (void)tz_utc_ms(tz, t, TZ_LATER, &kind);
        if (tz_next_change(tz, t, &next) && t > -(1LL << 47) && t < (1LL << 47))
            FUZZ_HOLDS(next > t - 1000);
        if (t > -(1LL << 45) && t < (1LL << 45)) { /* a reading of a real instant is never in a gap */
            int64_t local = tz_local_ms(tz, t), early = tz_utc_ms(tz, local, TZ_EARLIER, &kind);
            FUZZ_HOLDS(kind != TZ_GAP && early <= t);
            FUZZ_HOLDS(tz_local_ms(tz, early) == local);
        }
    }
    tz_free(tz);
    return 0;
}
