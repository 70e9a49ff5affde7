/* SPDX-License-Identifier: EUPL-1.2 */
/* Events API envelopes and pressed buttons into events. */
#include "channel/slack.h"

#include <string.h>

enum { ID_BYTES = 60 };

struct reading {
    struct arena *a;
    const json_t *envelope, *event;
    struct sv event_id, own_user; /* our bot's user */
    struct chan_events *ev;
};

static struct sv id_member(const json_t *o, const char *name)
{
    struct sv id = json_member_sv(o, name);
    return id.n <= ID_BYTES ? id : (struct sv){0};
}

/* "1700000000.000100" */
static int64_t stamp_ms(struct sv ts)
{
    struct sv rest = ts, s;
    int64_t n = 0;
    if (!sv_cut(&rest, '.', &s) || !sv_int(s, &n) || n <= 0 || n > INT64_C(4102444800))
        return 0;
    return n * 1000;
}

/* ---- text ---- */

/* <@U1>, <#C1|name>, <https://x|label>, <!here> */
static void put_mark(struct buf *b, struct sv mark)
{
    struct sv label = mark, target;
    (void)sv_cut(&label, '|', &target);
    char kind = target.n ? target.p[0] : 0;
    if (kind == '#' && label.n)
        buf_fmt(b, "#%.*s", SV_ARG(label));
    else if (kind == '@' || kind == '#' || kind == '!')
        buf_add(b, label.n ? label : target);
    else if (label.n && !sv_eq(label, target))
        buf_fmt(b, "%.*s (%.*s)", SV_ARG(label), SV_ARG(target));
    else
        buf_add(b, target);
}

static const struct {
    const char *code;
    char c;
} escapes[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

struct sv slack_plain(struct arena *a, struct sv text)
{
    struct buf b;
    if (!text.n || (!memchr(text.p, '&', text.n) && !memchr(text.p, '<', text.n)))
        return text;
    buf_init(&b, 4 * text.n + 64);
    for (size_t i = 0; i < text.n;) {
        struct sv rest = sv_sub(text, i, text.n);
        ptrdiff_t end = text.p[i] == '<' ? sv_find(rest, SV(">")) : -1;
        size_t step = 1;
        char c = text.p[i];
        if (end > 1) {
            put_mark(&b, sv_sub(rest, 1, (size_t)end - 1));
            i += (size_t)end + 1;
            continue;
        }
        for (size_t k = 0; c == '&' && k < sizeof escapes / sizeof *escapes; k++)
            if (sv_starts(rest, sv_of(escapes[k].code))) {
                step = strlen(escapes[k].code);
                c = escapes[k].c;
                break;
            }
        buf_c(&b, c);
        i += step;
    }
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : text;
    buf_finish(&b);
    return out;
}

struct sv slack_escaped(struct arena *a, struct sv text)
{
    struct buf b;
    buf_init(&b, 5 * text.n + 64);
    for (size_t i = 0; i < text.n; i++) {
        const char *code = NULL;
        for (size_t k = 0; k < sizeof escapes / sizeof *escapes; k++)
            if (text.p[i] == escapes[k].c)
                code = escapes[k].code;
        if (code)
            buf_z(&b, code);
        else
            buf_c(&b, text.p[i]);
    }
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

/* ---- messages ---- */

static void file_of(const json_t *f, struct chan_event *e)
{
    struct sv type = clip_text(json_member_sv(f, "mimetype"), 100);
    bool spoken = sv_eq_z(json_member_sv(f, "subtype"), "slack_audio");
    e->file_id = id_member(f, "id");
    e->file_name = clip_text(json_member_sv(f, "name"), 256);
    e->file_type = type;
    e->file_size = json_member_int(f, "size", 0);
    if (e->file_size < 0)
        e->file_size = 0;
    e->file_kind = !e->file_id.n                   ? FILE_NONE
                   : spoken                        ? FILE_VOICE
                   : sv_starts(type, SV("image/")) ? FILE_IMAGE
                   : sv_starts(type, SV("audio/")) ? FILE_AUDIO
                   : sv_starts(type, SV("video/")) ? FILE_VIDEO
                                                   : FILE_OTHER;
}

static bool from_person(const struct reading *r, const json_t *m)
{
    struct sv sub = json_member_sv(m, "subtype"), user = id_member(m, "user");
    bool plain = !sub.n || sv_eq_z(sub, "file_share") || sv_eq_z(sub, "thread_broadcast") || sv_eq_z(sub, "me_message");
    return plain && user.n && !json_object_get(m, "bot_id") && !sv_eq(user, r->own_user);
}

static enum pw_err message(const struct reading *r, const json_t *m, bool edited)
{
    struct sv ts = id_member(m, "ts"), thread = id_member(m, "thread_ts"), chat = id_member(r->event, "channel");
    if (!from_person(r, m))
        return PW_OK;
    if (!ts.n || !chat.n)
        return PW_INVALID;
    bool inside = thread.n && !sv_eq(thread, ts);
    struct chan_event e = {
        .kind = edited ? CHAN_EDITED : CHAN_MESSAGE,
        /* A mention is told twice, as message and as app_mention: the time stamp is one. */
        .provider_id = edited ? r->event_id : arena_fmt(r->a, "%.*s:%.*s", SV_ARG(chat), SV_ARG(ts)),
        .message_id = inside ? arena_fmt(r->a, "%.*s@%.*s", SV_ARG(ts), SV_ARG(thread)) : ts,
        .at_ms = stamp_ms(ts),
        .private_chat = sv_eq_z(json_member_sv(r->event, "channel_type"), "im") || chat.p[0] == 'D',
        .chat = chat,
        .user = id_member(m, "user"),
        .user_chat = id_member(m, "user"),
        .text = slack_plain(r->a, json_member_sv(m, "text")),
        .reply_to = inside ? thread : (struct sv){0},
    };
    const json_t *files = json_object_get(m, "files");
    file_of(json_array_get(files, 0), &e);
    if (!e.provider_id.n || (!e.text.n && e.file_kind == FILE_NONE))
        return PW_OK;
    PW_TRY(events_add(r->ev, &e));
    for (size_t i = 1; i < json_array_size(files); i++) {
        struct chan_event more = e;
        more.text = (struct sv){0};
        more.provider_id = arena_fmt(r->a, "%.*s:%zu", SV_ARG(e.provider_id), i);
        file_of(json_array_get(files, i), &more);
        if (more.file_kind != FILE_NONE)
            PW_TRY(events_add(r->ev, &more));
    }
    return PW_OK;
}

static enum pw_err presence(const struct reading *r, bool came)
{
    struct sv user = id_member(r->event, "user"), chat = id_member(r->event, "channel");
    struct chan_event e = {.kind = came ? CHAN_JOINED : CHAN_LEFT,
                           .provider_id = r->event_id,
                           .at_ms = json_member_int(r->envelope, "event_time", 0) * 1000,
                           .chat = chat,
                           .user = user,
                           .user_chat = user};
    if (!user.n || !chat.n || !e.provider_id.n || e.at_ms < 0)
        return PW_INVALID;
    if (sv_eq(user, r->own_user)) {
        if (came)
            return PW_OK; /* linking a channel is the operator's act */
        e.self = true;
    }
    return events_add(r->ev, &e);
}

static enum pw_err callback(const struct reading *outer)
{
    struct reading r = *outer;
    r.event = json_object_get(r.envelope, "event");
    r.event_id = id_member(r.envelope, "event_id");
    r.own_user = id_member(json_array_get(json_object_get(r.envelope, "authorizations"), 0), "user_id");
    struct sv type = json_member_sv(r.event, "type");
    if (!json_is_object(r.event))
        return PW_INVALID;
    if (sv_eq_z(type, "message") && sv_eq_z(json_member_sv(r.event, "subtype"), "message_changed"))
        return message(&r, json_object_get(r.event, "message"), true);
    if (sv_eq_z(type, "message") || sv_eq_z(type, "app_mention"))
        return message(&r, r.event, false);
    if (sv_eq_z(type, "member_joined_channel"))
        return presence(&r, true);
    if (sv_eq_z(type, "member_left_channel"))
        return presence(&r, false);
    return PW_OK;
}

/* ---- buttons ---- */

/* payload=<percent-encoded JSON> */
static struct sv payload_of(struct sv body, struct arena *a)
{
    struct sv raw = query_raw(body, "payload");
    char *out = arena_alloc(a, raw.n + 1, 1);
    size_t n = 0;
    for (size_t i = 0; out && i < raw.n; i++) {
        char c = raw.p[i];
        if (c == '+') {
            c = ' ';
        } else if (c == '%' && i + 2 < raw.n) {
            static const char hex[] = "0123456789abcdef";
            const char *hi = memchr(hex, raw.p[i + 1] | 0x20, 16), *lo = memchr(hex, raw.p[i + 2] | 0x20, 16);
            if (!hi || !lo)
                return (struct sv){0};
            c = (char)((hi - hex) * 16 + (lo - hex));
            i += 2;
        }
        out[n++] = c;
    }
    return out ? (struct sv){out, n} : (struct sv){0};
}

static enum pw_err pressed(struct sv body, struct arena *a, struct chan_events *ev)
{
    json_t *p = NULL;
    PW_TRY(json_read(payload_of(body, a), a, &p, NULL));
    if (!sv_eq_z(json_member_sv(p, "type"), "block_actions"))
        return PW_OK;
    const json_t *action = json_array_get(json_object_get(p, "actions"), 0);
    struct sv chat = id_member(json_object_get(p, "channel"), "id"), user = id_member(json_object_get(p, "user"), "id");
    struct sv when = id_member(action, "action_ts");
    struct chan_event e = {.kind = CHAN_BUTTON,
                           .provider_id = arena_fmt(a, "press:%.*s:%.*s", SV_ARG(user), SV_ARG(when)),
                           .message_id = id_member(json_object_get(p, "message"), "ts"),
                           .private_chat = chat.n && chat.p[0] == 'D',
                           .chat = chat,
                           .user = user,
                           .user_chat = user,
                           .token = json_member_sv(action, "value")};
    if (!chat.n || !user.n || !when.n)
        return PW_INVALID;
    return e.token.n && e.token.n <= 2000 ? events_add(ev, &e) : PW_OK;
}

/* ---- the body ---- */

static enum pw_err read_body(const struct chan_request *rq, struct arena *a, struct chan_events *ret)
{
    json_t *doc = NULL;
    if (sv_starts(rq->body, SV("payload=")))
        return pressed(rq->body, a, ret);
    PW_TRY(json_read(rq->body, a, &doc, NULL));
    struct sv type = json_member_sv(doc, "type");
    struct reading r = {.a = a, .envelope = doc, .ev = ret};
    if (!json_is_object(doc) || !type.n)
        return PW_INVALID;
    if (sv_eq_z(type, "url_verification")) {
        struct sv challenge = json_member_sv(doc, "challenge");
        if (!setting_word_ok(challenge, 200))
            return PW_INVALID;
        ret->reply = (struct chan_reply){.type = SV("text/plain; charset=utf-8"), .body = challenge};
        return PW_OK;
    }
    if (sv_eq_z(type, "app_rate_limited")) {
        int64_t minute = json_member_int(doc, "minute_rate_limited", 0);
        struct chan_event e = {.kind = CHAN_TROUBLE,
                               .provider_id = arena_fmt(a, "rate-limited:%lld", (long long)minute),
                               .status_code = SV("events-limited")};
        return events_add(ret, &e);
    }
    return sv_eq_z(type, "event_callback") ? callback(&r) : PW_OK;
}

enum pw_err slack_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                         struct chan_events *ret)
{
    (void)ch;
    ret->n = 0;
    ret->reply = (struct chan_reply){0};
    enum pw_err e = read_body(rq, a, ret);
    if (e == PW_OK && a->oom)
        e = PW_UNAVAILABLE;
    if (e != PW_OK)
        ret->n = 0;
    return e;
}
