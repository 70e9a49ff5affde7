/* SPDX-License-Identifier: EUPL-1.2 */
/* One webhook body into events: every entry and all of its messaging, not only the first. */
#include "channel/messenger.h"

enum { ID_BYTES = 150, URL_BYTES = 2000 };

struct reading {
    const struct channel *ch;
    struct arena *a;
    struct chan_events *ev;
};

static struct sv id_member(const json_t *o, const char *name, struct arena *a)
{
    struct sv id = json_id_sv(json_object_get(o, name), a);
    return id.n <= ID_BYTES ? id : (struct sv){0};
}

/* What the person wrote stays; what goes with it stands below, unless it is among the words already. */
static void add_words(struct sv more, struct arena *a, struct chan_event *e)
{
    if (!e->text.n)
        e->text = more;
    else if (more.n && sv_find(e->text, more) < 0)
        e->text = arena_fmt(a, "%.*s\n%.*s", SV_ARG(e->text), SV_ARG(more));
}

static void attachment(const json_t *t, struct arena *a, struct chan_event *e)
{
    static const struct {
        const char *type;
        enum chan_file_kind kind;
    } kinds[] = {{"image", FILE_IMAGE}, {"audio", FILE_VOICE}, {"video", FILE_VIDEO}, {"file", FILE_OTHER}};
    const json_t *payload = json_object_get(t, "payload");
    struct sv type = json_member_sv(t, "type"), url = json_member_sv(payload, "url");
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (sv_eq_z(type, kinds[i].type) && url.n && url.n <= URL_BYTES) {
            e->file_kind = kinds[i].kind;
            e->file_id = url;
            return;
        }
    const json_t *c = json_object_get(payload, "coordinates");
    double lat = json_number_value(json_object_get(c, "lat")), lon = json_number_value(json_object_get(c, "long"));
    if (c && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180)
        add_words(arena_fmt(a, "geo:%.6f,%.6f", lat, lon), a, e);
    else if (sv_eq_z(type, "fallback")) /* a shared link */
        add_words(clip_text(json_member_sv(t, "url"), URL_BYTES), a, e);
}

static enum pw_err message(const struct reading *r, const json_t *m, const struct chan_event *base)
{
    struct chan_event e = *base;
    const json_t *files = json_object_get(m, "attachments");
    struct sv mid = id_member(m, "mid", r->a);
    if (json_member_bool(m, "is_echo") || json_member_bool(m, "is_deleted"))
        return PW_OK; /* our own words */
    if (!mid.n)
        return PW_INVALID;
    e.provider_id = e.message_id = mid;
    struct sv choice = json_member_sv(json_object_get(m, "quick_reply"), "payload");
    if (choice.n) {
        e.kind = CHAN_BUTTON;
        e.token = choice;
        return choice.n <= MSGR_CHOICE_BYTES ? events_add(r->ev, &e) : PW_OK;
    }
    e.kind = CHAN_MESSAGE;
    e.text = json_member_sv(m, "text");
    e.reply_to = id_member(json_object_get(m, "reply_to"), "mid", r->a);
    struct sv said = e.text;
    size_t n = json_array_size(files);
    for (size_t i = 0; i < n || i == 0; i++) { /* each file is a message of its own, the words go with the first */
        e.text = i == 0 ? said : (struct sv){0};
        e.file_kind = FILE_NONE;
        e.file_id = (struct sv){0};
        if (i > 0)
            e.provider_id = arena_fmt(r->a, "%.*s:%zu", SV_ARG(mid), i);
        if (i < n)
            attachment(json_array_get(files, i), r->a, &e);
        if (e.text.n || e.file_kind != FILE_NONE)
            PW_TRY(events_add(r->ev, &e));
    }
    return PW_OK;
}

static enum pw_err deliveries(const struct reading *r, const json_t *d, const struct chan_event *base)
{
    size_t i;
    json_t *mid;
    json_array_foreach(json_object_get(d, "mids"), i, mid)
    {
        struct chan_event e = {.kind = CHAN_STATUS, .status = OUT_DELIVERED, .at_ms = base->at_ms};
        e.message_id = json_sv(mid);
        e.provider_id = arena_fmt(r->a, "%.*s:delivered", SV_ARG(e.message_id));
        if (e.message_id.n && e.message_id.n <= ID_BYTES)
            PW_TRY(events_add(r->ev, &e));
    }
    return PW_OK;
}

static enum pw_err messaging(const struct reading *r, const json_t *m)
{
    struct chan_event e = {.at_ms = meta_time_ms(json_object_get(m, "timestamp"), r->a), .private_chat = true};
    e.user = e.chat = e.user_chat = id_member(json_object_get(m, "sender"), "id", r->a);
    const json_t *v;
    if (!json_is_object(m))
        return PW_INVALID;
    if ((v = json_object_get(m, "delivery")))
        return deliveries(r, v, &e);
    if (!e.user.n)
        return PW_OK;
    if ((v = json_object_get(m, "message")))
        return message(r, v, &e);
    if ((v = json_object_get(m, "postback"))) { /* "Get started", a button of a menu */
        struct sv mid = id_member(v, "mid", r->a);
        e.kind = CHAN_BUTTON;
        e.token = json_member_sv(v, "payload");
        e.provider_id = mid.n ? mid : arena_fmt(r->a, "postback:%.*s:%lld", SV_ARG(e.user), (long long)e.at_ms);
        return e.token.n && e.token.n <= MSGR_CHOICE_BYTES ? events_add(r->ev, &e) : PW_OK;
    }
    return PW_OK; /* reactions, read marks (they name no message), and kinds of a later day */
}

enum pw_err messenger_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                             struct chan_events *ret)
{
    const json_t *entries = NULL;
    struct reading r = {ch, a, ret};
    enum pw_err e = PW_OK;
    size_t i, k;
    json_t *entry, *m;
    if (meta_challenge(rq, ret))
        return PW_OK;
    PW_TRY(meta_entries(rq, a, "page", &entries));
    json_array_foreach(entries, i, entry)
    {
        struct sv page = json_id_sv(json_object_get(entry, "id"), a);
        if (page.n && !sv_eq(page, json_member_sv(ch->config, "page_id")))
            continue; /* one app may serve several pages: each is a channel of its own */
        json_array_foreach(json_object_get(entry, "messaging"), k, m) if (e == PW_OK) e = messaging(&r, m);
    }
    if (e == PW_OK && a->oom)
        e = PW_UNAVAILABLE;
    if (e != PW_OK)
        ret->n = 0;
    return e;
}
