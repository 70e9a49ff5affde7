/* SPDX-License-Identifier: EUPL-1.2 */
/* One webhook body into events: every entry, every change, every message and status of it, in any order. */
#include "channel/whatsapp.h"

enum { NAME_BYTES = 256, ID_BYTES = 150, NOTE_BYTES = 1000 };

struct reading {
    const struct channel *ch;
    struct arena *a;
    const json_t *contacts;
    struct chan_events *ev;
};

static struct sv id_member(const json_t *o, const char *name, struct arena *a)
{
    struct sv id = json_id_sv(json_object_get(o, name), a);
    return id.n <= ID_BYTES ? id : (struct sv){0};
}

/* ---- who ---- */

static struct sv name_of(const struct reading *r, struct sv phone, struct sv scoped)
{
    size_t i;
    json_t *c;
    json_array_foreach(r->contacts, i, c)
    {
        struct sv wa_id = json_member_sv(c, "wa_id"), user_id = json_member_sv(c, "user_id");
        if ((phone.n && sv_eq(wa_id, phone)) || (scoped.n && sv_eq(user_id, scoped)))
            return clip_text(json_member_sv(json_object_get(c, "profile"), "name"), NAME_BYTES);
    }
    return (struct sv){0};
}

/* A contact's second id, when the message names only one of them. */
static struct sv other_id(const struct reading *r, const char *have_name, struct sv have, const char *want_name)
{
    size_t i;
    json_t *c;
    json_array_foreach(r->contacts, i,
                       c) if (have.n && sv_eq(json_member_sv(c, have_name), have)) return json_member_sv(c, want_name);
    return (struct sv){0};
}

/* The scoped id is who they are; the telephone number, when it is told, is how they were known and where they are
 * reached. A person with a hidden number has the first one only. */
static bool sender_of(const struct reading *r, const json_t *m, struct chan_event *e)
{
    struct sv phone = id_member(m, "from", r->a), scoped = id_member(m, "from_user_id", r->a);
    if (whatsapp_is_bsuid(phone) && !scoped.n) {
        scoped = phone;
        phone = (struct sv){0};
    }
    if (!scoped.n)
        scoped = other_id(r, "wa_id", phone, "user_id");
    if (!phone.n)
        phone = other_id(r, "user_id", scoped, "wa_id");
    if (!whatsapp_is_phone(phone))
        phone = (struct sv){0};
    if (!whatsapp_is_bsuid(scoped))
        scoped = (struct sv){0};
    if (!phone.n && !scoped.n)
        return false;
    e->user = scoped.n ? scoped : phone;
    e->user_was = scoped.n ? phone : (struct sv){0};
    e->user_name = name_of(r, phone, scoped);
    struct sv group = id_member(m, "group_id", r->a);
    e->private_chat = !group.n;
    e->chat = group.n ? group : phone.n ? phone : scoped;
    e->user_chat = phone.n ? phone : scoped;
    return true;
}

/* ---- what ---- */

static void file_of(const json_t *f, enum chan_file_kind kind, struct arena *a, struct chan_event *e)
{
    e->file_id = id_member(f, "id", a);
    e->file_type = clip_text(json_member_sv(f, "mime_type"), 100);
    e->file_name = clip_text(json_member_sv(f, "filename"), NAME_BYTES);
    e->text = json_member_sv(f, "caption");
    e->file_kind = e->file_id.n ? kind : FILE_NONE;
}

static void place_of(const json_t *l, struct arena *a, struct chan_event *e)
{
    double lat = json_number_value(json_object_get(l, "latitude"));
    double lon = json_number_value(json_object_get(l, "longitude"));
    struct sv name = clip_text(json_member_sv(l, "name"), NOTE_BYTES);
    struct sv address = clip_text(json_member_sv(l, "address"), NOTE_BYTES);
    if (!(lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180))
        return;
    e->text = arena_fmt(a, "geo:%.6f,%.6f", lat, lon);
    if (name.n || address.n)
        e->text = arena_fmt(a, "%.*s%s%.*s\n%.*s", SV_ARG(name), name.n && address.n ? "\n" : "", SV_ARG(address),
                            SV_ARG(e->text));
}

static void contacts_of(const json_t *list, struct arena *a, struct chan_event *e)
{
    const json_t *c = json_array_get(list, 0);
    struct sv name = json_member_sv(json_object_get(c, "name"), "formatted_name");
    struct sv phone = json_member_sv(json_array_get(json_object_get(c, "phones"), 0), "phone");
    e->text = arena_fmt(a, "%.*s %.*s", SV_ARG(clip_text(name, NAME_BYTES)), SV_ARG(clip_text(phone, 40)));
}

/* False: nothing that a moderator could read. */
static bool content_of(const json_t *m, struct arena *a, struct chan_event *e)
{
    static const struct {
        const char *type;
        enum chan_file_kind kind;
    } files[] = {{"image", FILE_IMAGE}, {"sticker", FILE_IMAGE}, {"audio", FILE_AUDIO},
                 {"voice", FILE_VOICE}, {"video", FILE_VIDEO},   {"document", FILE_OTHER}};
    struct sv type = json_member_sv(m, "type");
    e->kind = CHAN_MESSAGE;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (sv_eq_z(type, files[i].type)) {
            const json_t *f = json_object_get(m, files[i].type);
            bool spoken = files[i].kind == FILE_AUDIO && json_member_bool(f, "voice");
            file_of(f, spoken ? FILE_VOICE : files[i].kind, a, e);
            return e->file_kind != FILE_NONE;
        }
    if (sv_eq_z(type, "text")) {
        e->text = json_member_sv(json_object_get(m, "text"), "body");
    } else if (sv_eq_z(type, "location")) {
        place_of(json_object_get(m, "location"), a, e);
    } else if (sv_eq_z(type, "contacts")) {
        contacts_of(json_object_get(m, "contacts"), a, e);
    } else if (sv_eq_z(type, "button")) { /* under a template */
        e->kind = CHAN_BUTTON;
        e->token = json_member_sv(json_object_get(m, "button"), "payload");
        return e->token.n > 0;
    } else if (sv_eq_z(type, "interactive")) {
        const json_t *i = json_object_get(m, "interactive");
        const json_t *reply = json_object_get(i, "button_reply");
        e->kind = CHAN_BUTTON;
        e->token = json_member_sv(reply ? reply : json_object_get(i, "list_reply"), "id");
        return e->token.n > 0;
    }
    return e->text.n > 0; /* reactions, orders and kinds of a later day are passed over */
}

static enum pw_err moved(const struct reading *r, struct sv id, struct sv from, struct sv to, int64_t at_ms)
{
    if (!from.n || !to.n || from.n > ID_BYTES || to.n > ID_BYTES || sv_eq(from, to))
        return PW_OK;
    struct chan_event e = {.kind = CHAN_USER_MOVED, .provider_id = id, .at_ms = at_ms, .user_was = from, .user = to};
    return events_add(r->ev, &e);
}

/* "user_changed_number": from, system.wa_id (or new_wa_id); "user_changed_user_id": the scoped ids. */
static enum pw_err system_message(const struct reading *r, const json_t *m, struct sv id, int64_t at_ms)
{
    const json_t *s = json_object_get(m, "system");
    struct sv was = id_member(m, "from_user_id", r->a), now = id_member(s, "user_id", r->a);
    struct sv phone_was = id_member(m, "from", r->a), phone_now = id_member(s, "new_wa_id", r->a);
    if (!was.n)
        was = id_member(s, "previous_user_id", r->a);
    if (!phone_now.n)
        phone_now = id_member(s, "wa_id", r->a);
    PW_TRY(moved(r, id, was.n ? was : phone_was, now.n ? now : phone_now, at_ms));
    if (was.n && phone_was.n && now.n) /* whoever is still known by the number follows, too */
        return moved(r, arena_fmt(r->a, "%.*s:number", SV_ARG(id)), phone_was, now, at_ms);
    return PW_OK;
}

static enum pw_err message(const struct reading *r, const json_t *m)
{
    struct chan_event e = {.provider_id = id_member(m, "id", r->a),
                           .at_ms = meta_time_ms(json_object_get(m, "timestamp"), r->a)};
    if (!json_is_object(m) || !e.provider_id.n)
        return PW_INVALID;
    if (sv_eq_z(json_member_sv(m, "type"), "system"))
        return system_message(r, m, e.provider_id, e.at_ms);
    if (!sender_of(r, m, &e) || !content_of(m, r->a, &e))
        return PW_OK;
    e.message_id = e.provider_id;
    e.reply_to = id_member(json_object_get(m, "context"), "id", r->a);
    return events_add(r->ev, &e);
}

/* ---- news of sends ---- */

static enum pw_err status(const struct reading *r, const json_t *s)
{
    static const struct {
        const char *word;
        enum out_state state;
    } words[] = {{"sent", OUT_SENT},
                 {"delivered", OUT_DELIVERED},
                 {"read", OUT_READ},
                 {"played", OUT_READ},
                 {"failed", OUT_FAILED}};
    struct sv word = json_member_sv(s, "status");
    struct chan_event e = {.kind = CHAN_STATUS,
                           .message_id = id_member(s, "id", r->a),
                           .at_ms = meta_time_ms(json_object_get(s, "timestamp"), r->a)};
    if (!json_is_object(s) || !e.message_id.n)
        return PW_INVALID;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (sv_eq_z(word, words[i].word)) {
            e.status = words[i].state;
            e.provider_id = arena_fmt(r->a, "%.*s:%s", SV_ARG(e.message_id), words[i].word);
            int64_t code = json_member_int(json_array_get(json_object_get(s, "errors"), 0), "code", 0);
            struct send_result known;
            if (e.status == OUT_FAILED && graph_classify((struct graph_error){code, 0}, r->a, &known))
                e.status_code = known.code;
            return events_add(r->ev, &e);
        }
    return PW_OK; /* "deleted": the person took our words away on their side; others are of a later day */
}

/* ---- the body ---- */

static enum pw_err each(const json_t *list, enum pw_err (*fn)(const struct reading *r, const json_t *item),
                        const struct reading *r)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) PW_TRY(fn(r, item));
    return PW_OK;
}

static enum pw_err id_update(const struct reading *r, const json_t *u)
{
    const json_t *ids = json_object_get(u, "user_id");
    struct sv was = id_member(ids, "previous", r->a), now = id_member(ids, "current", r->a);
    struct sv key = arena_fmt(r->a, "moved:%.*s:%.*s", SV_ARG(sv_sub(was, 0, 80)), SV_ARG(sv_sub(now, 0, 80)));
    return moved(r, key, was, now, meta_time_ms(json_object_get(u, "timestamp"), r->a));
}

static enum pw_err change(const struct reading *outer, const json_t *c)
{
    struct reading r = *outer;
    const json_t *v = json_object_get(c, "value");
    struct sv number = json_id_sv(json_object_get(json_object_get(v, "metadata"), "phone_number_id"), r.a);
    if (!json_is_object(v))
        return PW_OK;
    if (number.n && !sv_eq(number, json_member_sv(r.ch->config, "number_id")))
        return PW_OK; /* one app may serve several numbers: each is a channel of its own */
    r.contacts = json_object_get(v, "contacts");
    PW_TRY(each(json_object_get(v, "messages"), message, &r));
    PW_TRY(each(json_object_get(v, "statuses"), status, &r));
    return each(json_object_get(v, "user_id_update"), id_update, &r);
}

static enum pw_err entry(const struct reading *r, const json_t *e)
{
    return each(json_object_get(e, "changes"), change, r);
}

enum pw_err whatsapp_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                            struct chan_events *ret)
{
    const json_t *entries = NULL;
    struct reading r = {.ch = ch, .a = a, .ev = ret};
    if (meta_challenge(rq, ret))
        return PW_OK;
    PW_TRY(meta_entries(rq, a, "whatsapp_business_account", &entries));
    enum pw_err e = each(entries, entry, &r);
    if (e == PW_OK && a->oom)
        e = PW_UNAVAILABLE;
    if (e != PW_OK)
        ret->n = 0;
    return e;
}
