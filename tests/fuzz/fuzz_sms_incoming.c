/* SPDX-License-Identifier: EUPL-1.2 */
/* What comes in by SMS: a query (Kannel) or a form (Twilio), its signature, and the text as we would send it back. */
#include "base/unicode.h"
#include "channel/kannel.h"
#include "channel/optout.h"
#include "channel/sms.h"
#include "channel/twilio.h"
#include "fuzz/fuzz.h"

#include <string.h>

static void check(enum pw_err e, const struct chan_events *ev)
{
    FUZZ_HOLDS(e == PW_OK || e == PW_INVALID || e == PW_UNAVAILABLE);
    FUZZ_HOLDS(e == PW_OK || ev->n == 0);
    FUZZ_HOLDS(ev->n <= 1);
    for (size_t i = 0; i < ev->n; i++) {
        const struct chan_event *x = &ev->v[i];
        FUZZ_HOLDS(x->provider_id.n > 0 && x->provider_id.n <= 200);
        FUZZ_HOLDS(x->kind == CHAN_STATUS || x->kind == CHAN_MESSAGE);
        FUZZ_HOLDS(x->kind != CHAN_STATUS || (x->message_id.n && x->status > OUT_SENDING && x->status < OUT_IN_DOUBT));
        FUZZ_HOLDS(x->kind != CHAN_MESSAGE || (sms_number_ok(x->user) && sv_eq(x->user, x->chat) && x->private_chat));
        FUZZ_HOLDS(text_valid(x->text) || memchr(x->text.p, 0, x->text.n));
    }
}

static void send_back(struct arena *a, struct sv text)
{
    struct sms_text t;
    struct sv rest = text;
    sms_prepare(a, text, true, &t);
    FUZZ_HOLDS(t.units >= 0 && t.parts >= 0 && (t.parts > 0) == (t.text.n > 0));
    FUZZ_HOLDS(t.units <= t.parts * SMS_GSM7_ONE);
    for (size_t turns = 0; rest.n; turns++) {
        struct sv head = sms_cut(a, &rest, true, 3);
        FUZZ_HOLDS(turns <= text.n);
        FUZZ_HOLDS(head.n <= text.n);
    }
    struct sv fitted = sms_fit(a, text, SV("https://example.org/c/x"), true, 3);
    sms_prepare(a, fitted, true, &t);
    FUZZ_HOLDS(t.parts <= 3);
    (void)optout_word_of(a, text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct channel ch; /* no settings */
    static struct chan_events ev;   /* large; filled anew each time */
    struct arena a;
    struct sv signature, urls[3];
    char *tight = malloc(size ? size : 1);
    if (!tight)
        return 0;
    memcpy(tight, data, size);
    arena_init(&a, 64 << 20);
    struct sv in = {tight, size};
    struct chan_request rq = {.query = in, .body = in, .url = in};
    check(kannel_driver.decode(&ch, &rq, &a, &ev), &ev);
    if (ev.n && ev.v[0].kind == CHAN_MESSAGE)
        send_back(&a, ev.v[0].text);
    check(twilio_driver.decode(&ch, &rq, &a, &ev), &ev);
    if (size <= 2000)
        send_back(&a, in);
    size_t n = twilio_addresses(&a, in, urls);
    for (size_t i = 0; i < n; i++)
        if (twilio_signature(&a, SV("token"), urls[i], in, &signature) == PW_OK)
            FUZZ_HOLDS(signature.n == 28);
    arena_finish(&a);
    free(tight);
    return 0;
}
