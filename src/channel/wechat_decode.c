/* SPDX-License-Identifier: EUPL-1.2 */
/* A message or event of one person, plain or encrypted. */
#include <string.h>

#include "channel/wechat.h"

enum { ID_BYTES = 100, MEDIA_BYTES = 200 };

struct document {
    struct wechat_xml v[WECHAT_XML_MAX];
    size_t n;
};

static struct sv get(const struct document *d, const char *name)
{
    return wechat_xml_get(d->v, d->n, name);
}

/* In encrypted mode the signature beside the call covers the sealed text; the plain one covers no words at all. */
static enum pw_err open_body(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                             struct document *ret)
{
    struct sv key = json_member_sv(ch->config, "encoding_key"), plain;
    PW_TRY(wechat_xml_read(rq->body, a, ret->v, &ret->n));
    if (!key.n)
        return PW_OK;
    const struct sv pieces[] = {json_member_sv(ch->config, "token"), query_raw(rq->query, "timestamp"),
                                query_raw(rq->query, "nonce"), get(ret, "Encrypt")};
    if (!wechat_signature_is(pieces, 4, query_raw(rq->query, "msg_signature")))
        return PW_DENIED;
    PW_TRY(wechat_open(key, json_member_sv(ch->config, "app_id"), pieces[3], a, &plain));
    return wechat_xml_read(plain, a, ret->v, &ret->n);
}

static void file_of(const struct document *d, enum chan_file_kind kind, struct chan_event *e)
{
    struct sv id = get(d, "MediaId"), format = get(d, "Format");
    if (!id.n || id.n > MEDIA_BYTES)
        return;
    e->file_kind = kind;
    e->file_id = id;
    e->file_type = kind == FILE_IMAGE                      ? SV("image/jpeg")
                   : kind == FILE_VIDEO                    ? SV("video/mp4")
                   : sv_eq_z(format, "amr")                ? SV("audio/amr")
                   : sv_eq_z(format, "speex") || !format.n ? SV("audio/speex")
                                                           : SV("audio/mpeg");
    e->text = get(d, "Recognition"); /* WeChat writes down what it heard, when the account asked for it */
}

static void event_of(const struct document *d, struct arena *a, struct chan_event *e)
{
    struct sv what = get(d, "Event");
    e->provider_id =
        arena_fmt(a, "%.*s:%.*s:%.*s", SV_ARG(e->user), SV_ARG(get(d, "CreateTime")), SV_ARG(sv_sub(what, 0, 40)));
    if (sv_ieq(what, SV("unsubscribe"))) {
        e->kind = CHAN_BLOCKED;
    } else if (sv_ieq(what, SV("subscribe")) || sv_ieq(what, SV("SCAN"))) {
        e->kind = CHAN_MESSAGE; /* whoever begins to follow opens a window and is asked whether to join */
        e->text = SV("/start");
    } else if (sv_ieq(what, SV("CLICK"))) {
        e->kind = CHAN_BUTTON;
        e->token = get(d, "EventKey");
    } else {
        e->provider_id = (struct sv){0};
    }
}

static void message_of(const struct document *d, struct arena *a, struct chan_event *e)
{
    struct sv type = get(d, "MsgType"), menu = get(d, "bizmsgmenuid");
    e->kind = CHAN_MESSAGE;
    e->provider_id = e->message_id = get(d, "MsgId");
    if (sv_eq_z(type, "text") && menu.n) {
        e->kind = CHAN_BUTTON;
        e->token = menu;
    } else if (sv_eq_z(type, "text")) {
        e->text = get(d, "Content");
    } else if (sv_eq_z(type, "image")) {
        file_of(d, FILE_IMAGE, e);
    } else if (sv_eq_z(type, "voice")) {
        file_of(d, FILE_VOICE, e);
    } else if (sv_eq_z(type, "video") || sv_eq_z(type, "shortvideo")) {
        file_of(d, FILE_VIDEO, e);
    } else if (sv_eq_z(type, "location")) {
        e->text = arena_fmt(a, "%.*s\ngeo:%.*s,%.*s", SV_ARG(get(d, "Label")),
                            SV_ARG(sv_sub(get(d, "Location_X"), 0, 20)), SV_ARG(sv_sub(get(d, "Location_Y"), 0, 20)));
    } else if (sv_eq_z(type, "link")) {
        e->text = arena_fmt(a, "%.*s\n%.*s", SV_ARG(get(d, "Title")), SV_ARG(get(d, "Url")));
    }
}

static enum pw_err read_body(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                             struct chan_events *ret)
{
    struct document *d = arena_new(a, struct document);
    int64_t s = 0;
    if (!d)
        return PW_UNAVAILABLE;
    PW_TRY(open_body(ch, rq, a, d));
    struct sv who = get(d, "FromUserName"), type = get(d, "MsgType");
    if (!who.n || who.n > ID_BYTES || !type.n || !sv_int(get(d, "CreateTime"), &s) || s < 0 || s > INT64_C(4102444800))
        return PW_INVALID;
    struct chan_event e = {.private_chat = true, .chat = who, .user = who, .user_chat = who, .at_ms = s * 1000};
    if (sv_eq_z(type, "event"))
        event_of(d, a, &e);
    else
        message_of(d, a, &e);
    bool says = e.text.n || e.file_kind != FILE_NONE || e.token.n || e.kind == CHAN_BLOCKED;
    if (!e.provider_id.n || e.provider_id.n > 190 || !says || e.token.n > 500)
        return PW_OK; /* kinds that nobody reads */
    return events_add(ret, &e);
}

enum pw_err wechat_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret)
{
    ret->n = 0;
    ret->reply = (struct chan_reply){.type = SV("text/plain; charset=utf-8")};
    if (strcmp(rq->method, "GET") == 0) {
        struct sv echo = query_raw(rq->query, "echostr");
        ret->reply.body = setting_word_ok(echo, 200) ? echo : (struct sv){0};
        return PW_OK;
    }
    ret->reply.body = SV("success"); /* answers go by the customer service API: this only says that we have it */
    enum pw_err e = read_body(ch, rq, a, ret);
    if (e == PW_OK && a->oom)
        e = PW_UNAVAILABLE;
    if (e != PW_OK)
        ret->n = 0;
    return e;
}
