/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"
#include "channel/text_parts.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void id_like(struct sv s)
{
    int64_t v;
    FUZZ_HOLDS(s.n == 0 || (sv_int(s, &v) && v < (INT64_C(1) << 52) && v > -(INT64_C(1) << 52)));
}

/* Whatever arrives becomes events that the rest may rely on, or nothing at all. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct chan_events ev; /* large; filled anew each time */
    struct arena a;
    char *tight = malloc(size ? size : 1);
    if (!tight)
        return 0;
    memcpy(tight, data, size);
    arena_init(&a, 16 << 20);
    enum pw_err e = telegram_driver.decode(NULL, &(struct chan_request){.body = {tight, size}}, &a, &ev);
    FUZZ_HOLDS(e == PW_OK || e == PW_INVALID || e == PW_UNAVAILABLE);
    FUZZ_HOLDS(e == PW_OK || ev.n == 0);
    FUZZ_HOLDS(ev.n <= 1);
    for (size_t i = 0; i < ev.n; i++) {
        const struct chan_event *x = &ev.v[i];
        FUZZ_HOLDS(x->provider_id.n > 0 && x->provider_id.n <= 100 && x->chat.n > 0);
        id_like(x->chat);
        id_like(x->new_chat);
        id_like(x->user);
        id_like(x->user_chat);
        id_like(x->message_id);
        id_like(x->reply_to);
        FUZZ_HOLDS(x->kind == CHAN_MIGRATED || x->user.n > 0);
        FUZZ_HOLDS(x->kind != CHAN_MIGRATED || x->new_chat.n > 0);
        FUZZ_HOLDS(x->at_ms >= 0 && x->file_size >= 0 && x->duration_s >= 0);
        FUZZ_HOLDS(x->user_name.n <= 256 && x->file_name.n <= 256 && x->user_lang.n <= 35);
        FUZZ_HOLDS((x->file_kind == FILE_NONE) == (x->file_id.n == 0));
    }
    /* The same bytes as a text to send: parts fit and come to an end. */
    struct sv rest = {tight, size};
    for (size_t turns = 0; rest.n; turns++) {
        struct sv part = parts_cut(&rest, 2 + size % 40);
        FUZZ_HOLDS(parts_units(part) <= 2 + size % 40);
        FUZZ_HOLDS(turns <= size);
    }
    arena_finish(&a);
    free(tight);
    return 0;
}
