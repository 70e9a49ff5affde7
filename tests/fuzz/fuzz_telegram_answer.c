/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"
#include "fuzz/fuzz.h"

/* First byte: the status; the rest: what Telegram, or something in its place, answered. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const int statuses[] = {200, 201, 301, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503};
    struct arena a;
    struct telegram_reply r;
    if (size < 1)
        return 0;
    arena_init(&a, 16 << 20);
    int status = statuses[data[0] % (sizeof statuses / sizeof *statuses)];
    telegram_classify(status, (struct sv){(const char *)data + 1, size - 1}, data[0] & 64, &a, &r);
    FUZZ_HOLDS(r.res.cls <= SEND_BLOCKED);
    FUZZ_HOLDS(r.res.cls != SEND_OK || status / 100 == 2);
    FUZZ_HOLDS(status / 100 != 2 || r.res.cls == SEND_OK || r.res.cls == SEND_IN_DOUBT); /* taken is never repeated */
    FUZZ_HOLDS(r.res.retry_after_ms >= 0 && r.res.retry_after_ms <= 86400000);
    FUZZ_HOLDS(r.res.code.n <= 30); /* codes of ours, never somebody's words */
    FUZZ_HOLDS(r.new_chat.n == 0 || r.res.cls == SEND_RETRY);
    arena_finish(&a);
    return 0;
}
