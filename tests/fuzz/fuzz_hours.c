/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "base/civil.h"
#include "base/hours.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct hours h, again;
    struct problems ps = {0};
    struct buf text;
    int64_t day;
    struct sv s = {(const char *)data, size};
    (void)civil_parse_date(s, &day);
    (void)civil_parse_rfc3339(s, &day);
    if (hours_parse(s, "hours", &h, &ps) != PW_OK) {
        FUZZ_HOLDS(ps.n == 1);
        return 0;
    }
    buf_init(&text, 1 << 16);
    hours_text(&h, &text);
    FUZZ_HOLDS(buf_ok(&text));
    if (text.n <= HOURS_TEXT_MAX) {
        FUZZ_HOLDS(hours_parse(buf_sv(&text), "hours", &again, &ps) == PW_OK);
        FUZZ_HOLDS(memcmp(&h, &again, sizeof h) == 0);
    }
    buf_finish(&text);
    return 0;
}
