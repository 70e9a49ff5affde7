/* SPDX-License-Identifier: EUPL-1.2 */
/* Bodies of WhatsApp, Messenger, Slack and WeChat; the first byte chooses. Whatever arrives becomes events that the
 * rest may rely on, or nothing at all. */
#include "channel/slack.h"
#include "channel/wechat.h"
#include "channel/whatsapp.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void holds(const struct chan_event *e)
{
    FUZZ_HOLDS(e->provider_id.n > 0 && e->provider_id.n <= 400);
    switch (e->kind) {
    case CHAN_STATUS:
        FUZZ_HOLDS(e->message_id.n > 0 && e->status >= OUT_SENT && e->status <= OUT_FAILED);
        break;
    case CHAN_USER_MOVED:
        FUZZ_HOLDS(e->user.n > 0 && e->user_was.n > 0 && !sv_eq(e->user, e->user_was));
        break;
    case CHAN_TROUBLE:
        FUZZ_HOLDS(e->status_code.n > 0);
        break;
    default:
        FUZZ_HOLDS(e->user.n > 0 && e->chat.n > 0 && e->user.n <= 200 && e->chat.n <= 200);
        FUZZ_HOLDS(e->kind != CHAN_BUTTON || e->token.n > 0);
        FUZZ_HOLDS(e->kind != CHAN_MESSAGE || e->text.n > 0 || e->file_kind != FILE_NONE);
    }
    FUZZ_HOLDS((e->file_kind == FILE_NONE) == (e->file_id.n == 0));
    FUZZ_HOLDS(e->at_ms >= 0 && e->file_size >= 0 && e->user_name.n <= 256);
}

static struct sv no_header(const void *self, const char *name)
{
    (void)self;
    (void)name;
    return (struct sv){0};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct chan_events ev; /* large; filled anew each time */
    static const struct chan_driver *const drivers[] = {&whatsapp_driver, &messenger_driver, &slack_driver,
                                                        &wechat_driver};
    struct arena a;
    char *tight = malloc(size ? size : 1);
    if (!tight)
        return 0;
    memcpy(tight, data, size);
    arena_init(&a, 16 << 20);
    struct channel ch = {.id = 1, .config = json_object()};
    const struct chan_driver *d = drivers[size ? data[0] % 4 : 0];
    struct sv body = sv_sub((struct sv){tight, size}, 1, size);
    const struct chan_request rq = {.method = "POST", .query = body, .body = body, .header = no_header};
    FUZZ_HOLDS(d->verify(&ch, &rq) == PW_DENIED); /* no secret is set: nothing is authentic */
    enum pw_err e = d->decode(&ch, &rq, &a, &ev);
    FUZZ_HOLDS(e == PW_OK || e == PW_INVALID || e == PW_UNAVAILABLE || e == PW_DENIED);
    FUZZ_HOLDS(e == PW_OK || ev.n == 0);
    for (size_t i = 0; i < ev.n; i++)
        holds(&ev.v[i]);
    /* What we escape comes back as it was. */
    struct sv back = slack_plain(&a, slack_escaped(&a, body));
    FUZZ_HOLDS(a.oom || sv_eq(back, body));
    struct sv plain;
    FUZZ_HOLDS(wechat_open(SV("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"), SV("wx1"), body, &a, &plain) != PW_OK ||
               plain.n <= size);
    json_decref(ch.config);
    arena_finish(&a);
    free(tight);
    return 0;
}
