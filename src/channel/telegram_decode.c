/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"

#include <string.h>

#include "json/json.h"

enum { NAME_MAX_BYTES = 256, DAY_2100 = 4102444800 };
static const int64_t id_limit = INT64_C(1) << 52;

/* ---- small readers ---- */

static const json_t *object_of(const json_t *o, const char *name)
{
    const json_t *v = json_object_get(o, name);
    return json_is_object(v) ? v : NULL;
}

/* An id of at most 52 bits as text. */
static bool id_of(const json_t *o, const char *name, struct arena *a, struct sv *ret)
{
    const json_t *v = json_object_get(o, name);
    if (!json_is_integer(v))
        return false;
    int64_t id = json_integer_value(v);
    if (id == 0 || id >= id_limit || id <= -id_limit)
        return false;
    *ret = arena_fmt(a, "%lld", (long long)id);
    return true;
}

static bool time_of(const json_t *o, const char *name, int64_t *ret_ms)
{
    int64_t s = json_member_int(o, name, -1);
    if (s < 0 || s > DAY_2100)
        return false;
    *ret_ms = s * 1000;
    return true;
}

static struct sv language_of(const json_t *user)
{
    struct sv code = json_member_sv(user, "language_code");
    if (code.n < 2 || code.n > 35)
        return (struct sv){0};
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'))
            return (struct sv){0};
    }
    return code;
}

static struct sv name_of(const json_t *user, struct arena *a)
{
    struct sv first = json_member_sv(user, "first_name"), last = json_member_sv(user, "last_name");
    struct sv full = last.n ? arena_fmt(a, "%.*s %.*s", SV_ARG(first), SV_ARG(last)) : first;
    return clip_text(full, NAME_MAX_BYTES);
}

static bool user_of(const json_t *user, struct arena *a, struct chan_event *e)
{
    if (!user || !id_of(user, "id", a, &e->user))
        return false;
    e->user_name = name_of(user, a);
    e->user_lang = language_of(user);
    return true;
}

static bool chat_of(const json_t *chat, struct arena *a, struct chan_event *e)
{
    if (!chat || !id_of(chat, "id", a, &e->chat))
        return false;
    e->private_chat = sv_eq_z(json_member_sv(chat, "type"), "private");
    return true;
}

static bool is_channel(const json_t *chat)
{
    return sv_eq_z(json_member_sv(chat, "type"), "channel");
}

/* ---- what a message holds ---- */

static void file_of(const json_t *f, enum chan_file_kind kind, struct chan_event *e)
{
    e->file_kind = kind;
    e->file_id = json_member_sv(f, "file_id");
    e->file_name = clip_text(json_member_sv(f, "file_name"), NAME_MAX_BYTES);
    e->file_type = json_member_sv(f, "mime_type");
    e->file_size = json_member_int(f, "file_size", 0);
    e->duration_s = json_member_int(f, "duration", 0);
    if (e->file_size < 0)
        e->file_size = 0;
    if (e->duration_s < 0)
        e->duration_s = 0;
    if (!e->file_id.n)
        e->file_kind = FILE_NONE;
}

static void photo_of(const json_t *sizes, struct chan_event *e)
{
    const json_t *best = NULL;
    int64_t most = -1;
    size_t i;
    json_t *p;
    json_array_foreach(sizes, i, p)
    {
        int64_t w = json_member_int(p, "width", 0), h = json_member_int(p, "height", 0);
        if (w < 0 || h < 0 || w > 100000 || h > 100000)
            continue;
        if (w * h > most) {
            most = w * h;
            best = p;
        }
    }
    if (best) {
        file_of(best, FILE_IMAGE, e);
        e->file_type = SV("image/jpeg"); /* Telegram always re-encodes photos */
    }
}

static void files_of(const json_t *m, struct chan_event *e)
{
    static const struct {
        const char *name;
        enum chan_file_kind kind;
    } kinds[] = {{"voice", FILE_VOICE},      {"audio", FILE_AUDIO},     {"video", FILE_VIDEO},
                 {"video_note", FILE_VIDEO}, {"animation", FILE_VIDEO}, {"document", FILE_OTHER}};
    const json_t *photo = json_object_get(m, "photo");
    if (json_is_array(photo))
        photo_of(photo, e);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && e->file_kind == FILE_NONE; i++) {
        const json_t *f = object_of(m, kinds[i].name);
        if (f)
            file_of(f, kinds[i].kind, e);
    }
    /* A picture sent "as a file" is still a picture to those who read it. */
    if (e->file_kind == FILE_OTHER && sv_starts(e->file_type, SV("image/")))
        e->file_kind = FILE_IMAGE;
}

/* Words for things that have none, so that a moderator sees that something was sent. */
static struct sv other_words(const json_t *m, struct arena *a)
{
    const json_t *v;
    if ((v = object_of(m, "sticker")) || (v = object_of(m, "dice")))
        return json_member_sv(v, "emoji");
    if ((v = object_of(m, "contact")))
        return arena_fmt(a, "%.*s %.*s", SV_ARG(json_member_sv(v, "first_name")),
                         SV_ARG(json_member_sv(v, "phone_number")));
    if ((v = object_of(m, "location"))) {
        double lat = json_number_value(json_object_get(v, "latitude"));
        double lon = json_number_value(json_object_get(v, "longitude"));
        if (lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)
            return arena_fmt(a, "geo:%.6f,%.6f", lat, lon);
    }
    if ((v = object_of(m, "poll")))
        return json_member_sv(v, "question");
    return (struct sv){0};
}

static enum pw_err migration(const json_t *m, bool forward, struct arena *a, struct chan_event *e,
                             struct chan_events *ev)
{
    e->kind = CHAN_MIGRATED;
    if (forward) {
        if (!id_of(m, "migrate_to_chat_id", a, &e->new_chat))
            return PW_INVALID;
    } else {
        e->new_chat = e->chat;
        if (!id_of(m, "migrate_from_chat_id", a, &e->chat))
            return PW_INVALID;
    }
    /* Told twice, once in each chat: one event. */
    e->provider_id = arena_fmt(a, "migrated:%.*s:%.*s", SV_ARG(e->chat), SV_ARG(e->new_chat));
    return events_add(ev, e);
}

static enum pw_err message(const json_t *m, bool edited, struct arena *a, struct chan_event *e, struct chan_events *ev)
{
    const json_t *chat = object_of(m, "chat"), *from = object_of(m, "from");
    if (!chat_of(chat, a, e) || !time_of(m, "date", &e->at_ms) || !id_of(m, "message_id", a, &e->message_id))
        return PW_INVALID;
    if (is_channel(chat))
        return PW_OK;
    if (json_object_get(m, "migrate_to_chat_id"))
        return migration(m, true, a, e, ev);
    if (json_object_get(m, "migrate_from_chat_id"))
        return migration(m, false, a, e, ev);
    if (!from || json_member_bool(from, "is_bot") || json_member_bool(m, "is_automatic_forward"))
        return PW_OK; /* anonymous administrators, other bots, copies from a linked channel */
    if (!user_of(from, a, e))
        return PW_INVALID;
    e->kind = edited ? CHAN_EDITED : CHAN_MESSAGE;
    if (edited)
        (void)time_of(m, "edit_date", &e->at_ms);
    e->text = json_member_sv(m, "text");
    if (!e->text.n)
        e->text = json_member_sv(m, "caption");
    files_of(m, e);
    if (!e->text.n && e->file_kind == FILE_NONE)
        e->text = other_words(m, a);
    if (!e->text.n && e->file_kind == FILE_NONE)
        return PW_OK; /* service messages */
    e->forwarded = json_object_get(m, "forward_origin") || json_object_get(m, "forward_date");
    const json_t *r = object_of(m, "reply_to_message");
    if (r && !object_of(r, "forum_topic_created")) /* in a topic every message "answers" the topic's head */
        (void)id_of(r, "message_id", a, &e->reply_to);
    return events_add(ev, e);
}

/* ---- the other kinds ---- */

static enum pw_err join_request(const json_t *j, struct arena *a, struct chan_event *e, struct chan_events *ev)
{
    e->kind = CHAN_JOIN_REQUEST;
    const json_t *chat = object_of(j, "chat");
    if (!chat_of(chat, a, e) || !user_of(object_of(j, "from"), a, e) || !time_of(j, "date", &e->at_ms) ||
        !id_of(j, "user_chat_id", a, &e->user_chat))
        return PW_INVALID;
    if (is_channel(chat))
        return PW_OK;
    e->text = json_member_sv(j, "bio");
    e->token = json_member_sv(j, "query_id");
    return events_add(ev, e);
}

static bool inside(const json_t *member)
{
    struct sv s = json_member_sv(member, "status");
    return sv_eq_z(s, "member") || sv_eq_z(s, "administrator") || sv_eq_z(s, "creator") ||
           (sv_eq_z(s, "restricted") && json_member_bool(member, "is_member"));
}

static enum pw_err member_change(const json_t *c, bool ourselves, struct arena *a, struct chan_event *e,
                                 struct chan_events *ev)
{
    const json_t *chat = object_of(c, "chat"), *before = object_of(c, "old_chat_member"),
                 *after = object_of(c, "new_chat_member");
    if (!chat_of(chat, a, e) || !before || !after || !time_of(c, "date", &e->at_ms))
        return PW_INVALID;
    if (is_channel(chat) || inside(before) == inside(after))
        return PW_OK;
    e->kind = inside(after) ? CHAN_JOINED : CHAN_LEFT;
    if (ourselves && e->private_chat) { /* the person stopped the bot, or let it in again */
        if (!inside(after))
            e->kind = CHAN_BLOCKED;
        return user_of(object_of(c, "from"), a, e) ? events_add(ev, e) : PW_INVALID;
    }
    if (ourselves && inside(after))
        return PW_OK; /* linking a group is the operator's act */
    if (!user_of(object_of(after, "user"), a, e))
        return PW_INVALID;
    e->self = ourselves;
    return events_add(ev, e);
}

static enum pw_err button(const json_t *q, struct arena *a, struct chan_event *e, struct chan_events *ev)
{
    e->kind = CHAN_BUTTON;
    struct sv id = json_member_sv(q, "id");
    if (!id.n || !user_of(object_of(q, "from"), a, e))
        return PW_INVALID;
    /* Telegram shows a spinner until the press is answered: the webhook's reply may be that call. */
    if (id.n <= 64 && !memchr(id.p, '"', id.n) && !memchr(id.p, '\\', id.n))
        ev->reply.body =
            arena_fmt(a, "{\"method\":\"answerCallbackQuery\",\"callback_query_id\":\"%.*s\"}", SV_ARG(id));
    const json_t *m = object_of(q, "message");
    e->token = json_member_sv(q, "data");
    if (!m || !e->token.n)
        return PW_OK; /* games and inline messages are none of ours */
    if (!chat_of(object_of(m, "chat"), a, e) || !id_of(m, "message_id", a, &e->message_id))
        return PW_INVALID;
    e->at_ms = 0; /* Telegram says when the message was sent, not when the button was pressed */
    return events_add(ev, e);
}

enum pw_err telegram_decode_update(const json_t *u, struct arena *a, struct chan_events *ev)
{
    int64_t id = json_member_int(u, "update_id", -1);
    if (!json_is_object(u) || id < 0)
        return PW_INVALID;
    struct chan_event e = {.provider_id = arena_fmt(a, "%lld", (long long)id)};
    const json_t *v;
    size_t was = ev->n;
    enum pw_err err = PW_OK;
    static const char *const kinds[] = {"message",        "edited_message", "chat_join_request",
                                        "my_chat_member", "chat_member",    "callback_query"};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (json_object_get(u, kinds[i]) && !object_of(u, kinds[i]))
            return PW_INVALID;
    if ((v = object_of(u, "message")))
        err = message(v, false, a, &e, ev);
    else if ((v = object_of(u, "edited_message")))
        err = message(v, true, a, &e, ev);
    else if ((v = object_of(u, "chat_join_request")))
        err = join_request(v, a, &e, ev);
    else if ((v = object_of(u, "my_chat_member")))
        err = member_change(v, true, a, &e, ev);
    else if ((v = object_of(u, "chat_member")))
        err = member_change(v, false, a, &e, ev);
    else if ((v = object_of(u, "callback_query")))
        err = button(v, a, &e, ev);
    if (err == PW_OK && a->oom)
        err = PW_UNAVAILABLE;
    if (err != PW_OK)
        ev->n = was;
    return err;
}

enum pw_err telegram_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                            struct chan_events *ret)
{
    (void)ch;
    json_t *u;
    ret->n = 0;
    ret->reply = (struct chan_reply){0};
    PW_TRY(json_read(rq->body, a, &u, NULL));
    return telegram_decode_update(u, a, ret);
}
