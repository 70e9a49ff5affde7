/* SPDX-License-Identifier: EUPL-1.2 */
/* What the homeserver pushes, as events. Content is written by members of any server: everything is optional. */
#include "channel/matrix.h"

#include <sodium.h>
#include <string.h>

#include "channel/provider_call.h"
#include "json/json.h"

enum { NAME_MAX_BYTES = 256, KEY_MAX = 180, BEFORE_OUR_TIME = 0 };

static bool id_ok(struct sv s, char sigil)
{
    if (s.n < 2 || s.n > MX_ID_MAX || s.p[0] != sigil)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7F)
            return false;
    return true;
}

bool matrix_user_ok(struct sv user)
{
    ptrdiff_t at = sv_find(user, SV(":"));
    return id_ok(user, '@') && at > 1 && (size_t)at + 1 < user.n;
}

bool matrix_room_ok(struct sv room)
{
    return id_ok(room, '!');
}

struct sv matrix_server_of(struct sv user)
{
    ptrdiff_t at = sv_find(user, SV(":"));
    return at < 0 ? (struct sv){0} : sv_sub(user, (size_t)at + 1, user.n);
}

/* The dedup key: the event's id; of a longer one its hash. */
static struct sv key_of(struct sv event_id, const char *more, struct arena *a)
{
    if (event_id.n + strlen(more) <= KEY_MAX)
        return arena_fmt(a, "%.*s%s", SV_ARG(event_id), more);
    unsigned char h[crypto_generichash_BYTES];
    struct buf b;
    crypto_generichash(h, sizeof h, (const unsigned char *)event_id.p, event_id.n, NULL, 0);
    buf_init(&b, 128);
    buf_hex(&b, (struct sv){(const char *)h, sizeof h});
    struct sv out = arena_fmt(a, "%.*s%s", SV_ARG(buf_sv(&b)), more);
    buf_finish(&b);
    return out;
}

struct one { /* an event being read */
    const json_t *event, *content;
    struct sv type, id, room, sender, own;
    int64_t at_ms;
    struct arena *a;
    struct chan_events *ret;
};

/* What a name is made of until a membership tells it. */
static struct sv local_part(struct sv user)
{
    return sv_sub(user, 1, (size_t)sv_find(user, SV(":")) - 1);
}

static struct chan_event *add(const struct one *x, enum chan_event_kind kind, const char *more)
{
    if (x->ret->n >= CHAN_EVENTS_MAX)
        return NULL;
    struct chan_event *e = &x->ret->v[x->ret->n++];
    *e = (struct chan_event){.kind = kind,
                             .provider_id = key_of(x->id, more, x->a),
                             .message_id = x->id,
                             .at_ms = x->at_ms,
                             .chat = x->room,
                             .user = x->sender,
                             .user_name = local_part(x->sender)};
    return e;
}

/* ---- messages ---- */

/* Older apps repeat what they answer before the answer: "> <@who:server> words", an empty line, the answer. */
static struct sv without_quote(struct sv body)
{
    struct sv rest = body, line;
    if (!sv_starts(body, SV("> ")))
        return body;
    while (rest.n && rest.p[0] == '>')
        if (!sv_cut(&rest, '\n', &line))
            return body;
    return rest.n && rest.p[0] == '\n' ? sv_sub(rest, 1, rest.n) : body;
}

static enum chan_file_kind file_kind_of(const struct one *x, struct sv msgtype)
{
    if (sv_eq_z(msgtype, "m.image"))
        return FILE_IMAGE;
    if (sv_eq_z(msgtype, "m.video"))
        return FILE_VIDEO;
    if (sv_eq_z(msgtype, "m.file"))
        return FILE_OTHER;
    if (!sv_eq_z(msgtype, "m.audio"))
        return FILE_NONE;
    return json_object_get(x->content, "org.matrix.msc3245.voice") || json_object_get(x->content, "m.voice")
               ? FILE_VOICE
               : FILE_AUDIO;
}

static void trouble(const struct one *x)
{
    struct chan_event *e = add(x, CHAN_TROUBLE, "");
    if (!e)
        return;
    e->provider_id = key_of(x->room, ":encrypted", x->a); /* once a room, not at each word */
    e->status_code = SV("encrypted-room");
}

static void on_file(const struct one *x, struct chan_event *e, struct sv body, struct sv url)
{
    const json_t *info = json_object_get(x->content, "info");
    struct sv name = json_member_sv(x->content, "filename");
    e->file_id = url;
    e->file_name = clip_text(name.n ? name : body, NAME_MAX_BYTES);
    e->file_type = clip_text(json_member_sv(info, "mimetype"), 100);
    int64_t size = json_member_int(info, "size", 0), ms = json_member_int(info, "duration", 0);
    e->file_size = size > 0 ? size : 0;
    e->duration_s = ms > 0 && ms < INT64_C(1) << 40 ? (ms + 999) / 1000 : 0;
    if (!name.n || sv_eq(name, body)) /* then the body is only the file's name, no words */
        e->text = (struct sv){0};
}

static void on_message(const struct one *x)
{
    struct sv msgtype = json_member_sv(x->content, "msgtype"), body = json_member_sv(x->content, "body");
    const json_t *relation = json_object_get(x->content, "m.relates_to");
    struct sv rel = json_member_sv(relation, "rel_type");
    if (sv_eq_z(rel, "m.replace")) {
        (void)add(x, CHAN_EDITED, "");
        return;
    }
    enum chan_file_kind kind = file_kind_of(x, msgtype);
    struct sv url = json_member_sv(x->content, "url");
    if (kind != FILE_NONE && json_object_get(x->content, "file")) {
        trouble(x); /* an encrypted attachment */
        return;
    }
    bool words = sv_eq_z(msgtype, "m.text") || sv_eq_z(msgtype, "m.emote") || sv_eq_z(msgtype, "m.location");
    if (!words && (kind == FILE_NONE || !sv_starts(url, SV("mxc://")) || url.n > MX_ID_MAX))
        return; /* m.notice is the word of a program */
    struct chan_event *e = add(x, CHAN_MESSAGE, "");
    if (!e)
        return;
    e->chat_of_two = true;
    bool fallback = sv_eq_z(rel, "m.thread") && json_member_bool(relation, "is_falling_back");
    struct sv to = json_member_sv(json_object_get(relation, "m.in_reply_to"), "event_id");
    if (!fallback && id_ok(to, '$'))
        e->reply_to = to;
    e->text = e->reply_to.n ? without_quote(body) : body;
    e->file_kind = kind;
    if (kind != FILE_NONE)
        on_file(x, e, body, url);
}

/* ---- who comes and goes ---- */

static void on_own_member(const struct one *x, struct sv membership, struct sv before)
{
    if (sv_eq_z(membership, "invite")) {
        struct chan_event *e = add(x, CHAN_INVITED, "");
        if (e)
            e->private_chat = json_member_bool(x->content, "is_direct") && matrix_user_ok(x->sender);
    } else if ((sv_eq_z(membership, "leave") || sv_eq_z(membership, "ban")) && sv_eq_z(before, "join") &&
               !sv_eq(x->sender, x->own)) {
        struct chan_event *e = add(x, CHAN_TROUBLE, "");
        if (e)
            e->status_code = SV("put-out-of-a-room");
    }
}

static void on_member(const struct one *x)
{
    struct sv who = json_member_sv(x->event, "state_key"), membership = json_member_sv(x->content, "membership");
    const json_t *unsigned_ = json_object_get(x->event, "unsigned");
    struct sv before = json_member_sv(json_object_get(unsigned_, "prev_content"), "membership");
    if (!before.n) /* where the specification put it first */
        before = json_member_sv(json_object_get(x->event, "prev_content"), "membership");
    if (!matrix_user_ok(who))
        return;
    if (sv_eq(who, x->own)) {
        on_own_member(x, membership, before);
        return;
    }
    struct chan_event *e = NULL;
    if (sv_eq_z(membership, "knock")) {
        e = add(x, CHAN_JOIN_REQUEST, "");
        if (e) {
            e->user_chat = who; /* the private room is made when a word is to be said */
            e->text = json_member_sv(x->content, "reason");
        }
    } else if (sv_eq_z(membership, "join") && !sv_eq_z(before, "join")) {
        e = add(x, CHAN_JOINED, "");
    } else if ((sv_eq_z(membership, "leave") || sv_eq_z(membership, "ban")) && sv_eq_z(before, "join")) {
        e = add(x, CHAN_LEFT, "");
    } else if (sv_eq_z(membership, "invite") && sv_eq(x->sender, x->own) && json_member_bool(x->content, "is_direct")) {
        e = add(x, CHAN_INVITED, "");
        if (e)
            e->private_chat = e->self = true; /* our own room for this person */
    }
    if (!e)
        return;
    e->user = who;
    struct sv name = json_member_sv(x->content, "displayname");
    e->user_name = name.n ? clip_text(name, NAME_MAX_BYTES) : local_part(who);
}

static void on_tombstone(const struct one *x)
{
    struct sv to = json_member_sv(x->content, "replacement_room");
    if (!matrix_room_ok(to) || sv_eq(to, x->room))
        return;
    struct chan_event *e = add(x, CHAN_MIGRATED, "");
    if (e)
        e->new_chat = to;
    e = add(x, CHAN_INVITED, ":enter"); /* an upgrade carries no invitation for us: the door is open */
    if (e)
        e->chat = to;
}

void matrix_decode_event(const json_t *event, struct sv own_user, struct arena *a, struct chan_events *ret)
{
    struct one x = {.event = event,
                    .content = json_object_get(event, "content"),
                    .type = json_member_sv(event, "type"),
                    .id = json_member_sv(event, "event_id"),
                    .room = json_member_sv(event, "room_id"),
                    .sender = json_member_sv(event, "sender"),
                    .own = own_user,
                    .at_ms = json_member_int(event, "origin_server_ts", 0),
                    .a = a,
                    .ret = ret};
    bool state = json_object_get(event, "state_key") != NULL;
    if (!id_ok(x.id, '$') || !matrix_room_ok(x.room) || !matrix_user_ok(x.sender) || !json_is_object(x.content))
        return;
    if (x.at_ms < BEFORE_OUR_TIME)
        x.at_ms = 0;
    if (state && sv_eq_z(x.type, "m.room.member"))
        on_member(&x);
    else if (state && sv_eq_z(x.type, "m.room.tombstone"))
        on_tombstone(&x);
    else if (sv_eq(x.sender, own_user))
        return;
    else if (!state && sv_eq_z(x.type, "m.room.message"))
        on_message(&x);
    else if ((!state && sv_eq_z(x.type, "m.room.encrypted")) || (state && sv_eq_z(x.type, "m.room.encryption")))
        trouble(&x);
}

/* ---- requests of the homeserver ---- */

static void answer(struct chan_events *ret, int status, const char *body)
{
    ret->reply = (struct chan_reply){.status = status, .type = SV("application/json"), .body = sv_of(body)};
}

enum pw_err matrix_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret)
{
    json_t *root = NULL;
    ret->n = 0;
    ret->reply = (struct chan_reply){0};
    bool push = strcmp(rq->method, "PUT") == 0 && sv_starts(rq->rest, SV("_matrix/app/v1/transactions/"));
    if (strcmp(rq->method, "POST") == 0 && sv_eq_z(rq->rest, "_matrix/app/v1/ping"))
        return PW_OK;
    if (!push) { /* we have no users and rooms but those that exist */
        answer(ret, 404, "{\"errcode\":\"M_NOT_FOUND\",\"error\":\"Not found\"}");
        return PW_OK;
    }
    PW_TRY(json_read(rq->body, a, &root, NULL));
    const json_t *events = json_object_get(root, "events");
    if (!json_is_array(events))
        return PW_INVALID;
    struct sv own = json_member_sv(ch->config, "user");
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event)
    {
        if (ret->n + 2 > CHAN_EVENTS_MAX)
            return PW_INVALID; /* homeservers send a hundred at most */
        matrix_decode_event(event, own, a, ret);
    }
    return a->oom ? PW_UNAVAILABLE : PW_OK;
}
