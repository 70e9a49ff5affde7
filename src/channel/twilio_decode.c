/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/b64.h"
#include "base/unicode.h"
#include "channel/setting_check.h"
#include "channel/sms.h"
#include "channel/twilio.h"
#include "http/form.h"

enum { ID_MAX = 60, TEXT_BYTES_MAX = 16384, BASE64_MIN = 60 };

static bool id_ok(struct sv id)
{
    return id.n && id.n <= ID_MAX && setting_is_word(id);
}

/* Long texts arrive in base64 now and then: no word of any language is that long, without a space, and reads so well.
 */
static struct sv plain_text(struct arena *a, struct sv text)
{
    struct sv plain;
    if (text.n < BASE64_MIN || text.n % 4 || !b64_decode(a, text, &plain) || !text_valid(plain) ||
        sv_find(plain, SV(" ")) < 0)
        return text;
    return plain;
}

static struct chan_reply nothing_to_say(void)
{
    return (struct chan_reply){.status = 200,
                               .type = SV("text/xml; charset=utf-8"),
                               .body = SV("<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response/>")};
}

/* ---- what became of a send ---- */

static const struct {
    const char *word;
    enum out_state state;
} statuses[] = {{"sent", OUT_SENT},          {"delivered", OUT_DELIVERED}, {"read", OUT_READ},
                {"undelivered", OUT_FAILED}, {"failed", OUT_FAILED},       {"canceled", OUT_FAILED}};

static enum pw_err report(const struct form *f, struct sv out, struct sv word, struct arena *a, struct chan_events *ret)
{
    struct sv sid = form_text(f, "MessageSid"), code = form_text(f, "ErrorCode");
    if (!id_ok(sid) || !id_ok(out))
        return PW_INVALID;
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (sv_eq_z(word, statuses[i].word))
            ret->v[ret->n++] =
                (struct chan_event){.kind = CHAN_STATUS,
                                    .provider_id = arena_fmt(a, "status:%.*s:%.*s", SV_ARG(sid), SV_ARG(word)),
                                    .message_id = out,
                                    .status = statuses[i].state,
                                    .status_code = code.n <= 10 && setting_is_word(code) ? code : (struct sv){0}};
    return PW_OK; /* queued, sending, accepted … tell nothing new */
}

/* ---- what people write ---- */

static enum pw_err message(const struct channel *ch, const struct form *f, struct arena *a, struct chan_events *ret)
{
    struct chan_event e = {.kind = CHAN_MESSAGE, .private_chat = true, .user = form_text(f, "From")};
    struct sv sid = form_text(f, "MessageSid"), type = form_text(f, "MediaContentType0");
    if (!sid.n)
        sid = form_text(f, "SmsSid");
    if (!id_ok(sid))
        return PW_INVALID;
    if (!sms_number(ch, a, e.user, &e.user))
        return PW_OK;
    e.text = form_text(f, "Body");
    if (e.text.n > TEXT_BYTES_MAX || !text_valid(e.text))
        return PW_INVALID;
    e.text = plain_text(a, e.text);
    if (type.n && type.n < 100 && text_valid(type)) /* a picture that we do not keep: somebody should know */
        e.text = arena_fmt(a, "%.*s%s[%.*s]", SV_ARG(e.text), e.text.n ? "\n" : "", SV_ARG(type));
    e.provider_id = arena_fmt(a, "sms:%.*s", SV_ARG(sid));
    e.message_id = sid;
    e.chat = e.user;
    ret->v[ret->n++] = e;
    return PW_OK;
}

enum pw_err twilio_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret)
{
    struct form f, q;
    ret->n = 0;
    PW_TRY(form_urlencoded(a, rq->body, &f));
    PW_TRY(form_urlencoded(a, rq->query, &q));
    ret->reply = nothing_to_say();
    struct sv word = form_text(&f, "MessageStatus");
    enum pw_err e = word.n ? report(&f, form_text(&q, "out"), word, a, ret) : message(ch, &f, a, ret);
    if (e == PW_OK && a->oom)
        e = PW_UNAVAILABLE;
    if (e != PW_OK)
        ret->n = 0;
    return e;
}
