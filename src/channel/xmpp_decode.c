/* SPDX-License-Identifier: EUPL-1.2 */
/* A message stanza as events. Pure: what the room is and who sits in it comes in as an argument. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/clock.h"
#include "base/id.h"
#include "channel/provider_call.h"
#include "channel/xmpp.h"

enum { NAME_MAX_BYTES = 256 };

/* ---- who ---- */

const struct xmpp_occupant *xmpp_occupant_by_nick(const struct xmpp_room *r, struct sv nick)
{
    for (const struct xmpp_occupant *o = r->occupants; o; o = o->next)
        if (sv_eq_z(nick, o->nick))
            return o;
    return NULL;
}

const struct xmpp_occupant *xmpp_occupant_by_id(const struct xmpp_room *r, struct sv id)
{
    for (const struct xmpp_occupant *o = id.n ? r->occupants : NULL; o; o = o->next)
        if (o->id && sv_eq_z(id, o->id))
            return o;
    return NULL;
}

const struct xmpp_occupant *xmpp_occupant_by_jid(const struct xmpp_room *r, struct sv bare)
{
    for (const struct xmpp_occupant *o = r->occupants; o; o = o->next)
        if (o->jid && sv_eq_z(bare, o->jid))
            return o;
    return NULL;
}

static struct sv named_by_id(const struct xmpp_room *r, struct sv id, struct arena *a)
{
    return arena_fmt(a, "%s/~%.*s", r->jid, SV_ARG(id));
}

struct sv xmpp_user_of(const struct xmpp_room *r, const struct xmpp_occupant *o, struct arena *a)
{
    bool address = o->jid && (r->open_names || o->affiliated || !o->id);
    return address ? arena_sv(a, sv_of(o->jid)) : o->id ? named_by_id(r, sv_of(o->id), a) : (struct sv){0};
}

/* ---- keys ---- */

static struct sv hash_of(struct arena *a, const struct sv *parts, size_t n)
{
    crypto_generichash_state st;
    unsigned char h[16];
    crypto_generichash_init(&st, NULL, 0, sizeof h);
    for (size_t i = 0; i < n; i++) {
        uint64_t len = parts[i].n; /* "ab"+"c" is not "a"+"bc" */
        crypto_generichash_update(&st, (const unsigned char *)&len, sizeof len);
        crypto_generichash_update(&st, (const unsigned char *)(parts[i].n ? parts[i].p : ""), parts[i].n);
    }
    crypto_generichash_final(&st, h, sizeof h);
    struct buf b;
    buf_init(&b, 64);
    buf_hex(&b, (struct sv){(const char *)h, sizeof h});
    struct sv out = arena_sv(a, buf_sv(&b));
    buf_finish(&b);
    return out;
}

static struct sv short_id(struct sv id, struct arena *a)
{
    return id.n <= XM_ID_MAX ? id : hash_of(a, &id, 1);
}

/* The id that the room itself gave (XEP-0359): only its own word counts, and only when it says that it gives ids, for
 * then it takes away what members forge. */
struct sv xmpp_stable_id(xmpp_stanza_t *m, const struct xmpp_room *r)
{
    size_t seen = 0;
    if (!r || !r->stanza_ids)
        return (struct sv){0};
    for (xmpp_stanza_t *c = xmpp_stanza_get_children(m); c && seen < XM_CHILDREN_MAX;
         c = xmpp_stanza_get_next(c), seen++)
        if (xmpp_stanza_is_tag(c) && strcmp(xmpp_stanza_get_name(c), "stanza-id") == 0 && xmpp_stanza_get_ns(c) &&
            strcmp(xmpp_stanza_get_ns(c), NS_SID) == 0 && sv_eq_z(xmpp_attr(c, "by"), r->jid))
            return xmpp_attr(c, "id");
    return (struct sv){0};
}

/* ---- words ---- */

/* The code points that an app added only for apps without replies (XEP-0428), at the beginning. */
static struct sv without_fallback(struct sv body, xmpp_stanza_t *m)
{
    xmpp_stanza_t *f = xmpp_child(m, "fallback", NS_FALLBACK), *range = xmpp_child(f, "body", NULL);
    int64_t start = 0, end = 0;
    if (!f || !sv_eq_z(xmpp_attr(f, "for"), NS_REPLY) || !range)
        return body;
    (void)sv_int(xmpp_attr(range, "start"), &start);
    if (!sv_int(xmpp_attr(range, "end"), &end) || start != 0 || end <= 0)
        return body;
    size_t i = 0;
    for (int64_t points = 0; i < body.n && points < end; points++)
        do
            i++;
        while (i < body.n && ((unsigned char)body.p[i] & 0xC0) == 0x80);
    return sv_sub(body, i, body.n);
}

struct reading {
    xmpp_stanza_t *m;
    const struct xmpp_place *at;
    struct arena *a;
    struct chan_events *ret;
    struct sv from, nick, id, type, body;
    int64_t at_ms;
    bool delayed;
};

static struct chan_event *add(const struct reading *x, enum chan_event_kind kind, struct sv key)
{
    if (x->ret->n >= CHAN_EVENTS_MAX)
        return NULL;
    struct chan_event *e = &x->ret->v[x->ret->n++];
    *e = (struct chan_event){.kind = kind, .provider_id = key, .at_ms = x->at_ms};
    return e;
}

static bool is_encrypted(const struct reading *x)
{
    return xmpp_child(x->m, "encrypted", "eu.siacs.conversations.axolotl") ||
           xmpp_child(x->m, "encryption", "urn:xmpp:eme:0");
}

/* Reactions and retractions carry words only for apps that know neither. */
static bool is_act(const struct reading *x)
{
    return xmpp_child(x->m, "reactions", "urn:xmpp:reactions:0") || xmpp_child(x->m, "apply-to", "urn:xmpp:fasten:0") ||
           xmpp_child(x->m, "retract", NULL) || xmpp_child(x->m, "moderated", NULL);
}

static bool is_ours(const struct reading *x, struct sv occupant)
{
    const struct xmpp_room *r = x->at->room;
    return r->occupant_ids && r->own_id && occupant.n ? sv_eq_z(occupant, r->own_id) : sv_eq_z(x->nick, x->at->nick);
}

static void fill_author(const struct reading *x, const struct xmpp_occupant *o, struct sv occupant,
                        struct chan_event *e)
{
    e->user = o                                       ? xmpp_user_of(x->at->room, o, x->a)
              : occupant.n && occupant.n <= XM_ID_MAX ? named_by_id(x->at->room, occupant, x->a)
                                                      : (struct sv){0};
    e->user_name = arena_sv(x->a, clip_text(x->nick, NAME_MAX_BYTES));
}

static void group_message(const struct reading *x, struct sv *ret_own)
{
    const struct xmpp_room *r = x->at->room;
    struct sv occupant =
        r->occupant_ids ? xmpp_attr(xmpp_child(x->m, "occupant-id", NS_OCCUPANT), "id") : (struct sv){0};
    struct sv stable = xmpp_stable_id(x->m, r);
    if (!x->nick.n) /* the room itself speaks */
        return;
    if (is_ours(x, occupant)) {
        *ret_own = arena_sv(x->a, x->id);
        if (x->delayed && x->id.n && x->id.n < 40) { /* the room did take what we were in doubt about */
            struct chan_event *e = add(x, CHAN_STATUS, hash_of(x->a, (struct sv[]){SV("own"), x->id}, 2));
            if (e) {
                e->message_id = arena_sv(x->a, x->id);
                e->status = OUT_SENT;
            }
        }
        return;
    }
    struct sv room = sv_of(r->jid);
    if (is_encrypted(x)) {
        struct chan_event *e = add(x, CHAN_TROUBLE, hash_of(x->a, (struct sv[]){SV("encrypted"), room}, 2));
        if (e) {
            e->chat = arena_sv(x->a, room);
            e->status_code = SV("encrypted-room");
        }
        return;
    }
    if (!x->body.n || is_act(x))
        return;
    struct sv second = x->id.n ? (struct sv){0} : arena_fmt(x->a, "%lld", (long long)(x->at_ms / 1000));
    struct sv key = stable.n ? hash_of(x->a, (struct sv[]){room, SV("sid"), stable}, 3)
                             : hash_of(x->a, (struct sv[]){room, x->nick, x->id, x->body, second}, 5);
    bool edit = xmpp_child(x->m, "replace", NS_CORRECT) != NULL;
    struct chan_event *e = add(x, edit ? CHAN_EDITED : CHAN_MESSAGE, key);
    if (!e)
        return;
    const struct xmpp_occupant *o = occupant.n   ? xmpp_occupant_by_id(r, occupant)
                                    : x->delayed ? NULL /* somebody else may have that name now */
                                                 : xmpp_occupant_by_nick(r, x->nick);
    fill_author(x, o, occupant, e);
    e->chat = arena_sv(x->a, room);
    e->message_id = arena_sv(x->a, short_id(stable.n ? stable : x->id, x->a));
    e->reply_to = arena_sv(x->a, short_id(xmpp_attr(xmpp_child(x->m, "reply", NS_REPLY), "id"), x->a));
    e->text = e->reply_to.n ? without_fallback(x->body, x->m) : x->body;
}

/* ---- private words ---- */

static struct sv private_key(const struct reading *x)
{
    if (x->id.n)
        return hash_of(x->a, (struct sv[]){SV("private"), x->from, x->id, x->body}, 4);
    char id[ID_TEXT + 1];
    return arena_fmt(x->a, "private:%.*s", SV_ARG(id_text(id_new(), id)));
}

/* "/join library" or "/join library@rooms.example.org": asking at the door of a room. */
static struct sv asked_room(const struct reading *x)
{
    if (!sv_starts(x->body, SV("/join ")))
        return (struct sv){0};
    struct sv room = sv_trim(sv_sub(x->body, 6, x->body.n));
    if (sv_find(room, SV("@")) < 0 && x->at->service && *x->at->service)
        room = arena_fmt(x->a, "%.*s@%s", SV_ARG(room), x->at->service);
    return xmpp_bare_ok(room, true) ? room : (struct sv){0};
}

static void private_message(const struct reading *x)
{
    if (!x->body.n || is_encrypted(x) || is_act(x))
        return;
    bool edit = xmpp_child(x->m, "replace", NS_CORRECT) != NULL;
    struct sv room = x->at->room || edit ? (struct sv){0} : asked_room(x);
    struct chan_event *e = add(x, edit ? CHAN_EDITED : room.n ? CHAN_JOIN_REQUEST : CHAN_MESSAGE, private_key(x));
    if (!e)
        return;
    e->private_chat = !room.n;
    e->message_id = arena_sv(x->a, short_id(x->id, x->a));
    if (x->at->room) {
        const struct xmpp_occupant *o = xmpp_occupant_by_nick(x->at->room, x->nick);
        fill_author(x, o, (struct sv){0}, e);
    } else {
        ptrdiff_t at = sv_find(x->from, SV("@"));
        struct sv nick = xmpp_child_text(x->m, "nick", "http://jabber.org/protocol/nick", x->a);
        e->user = arena_sv(x->a, xmpp_bare(x->from));
        e->user_name = nick.n ? clip_text(nick, NAME_MAX_BYTES) : sv_sub(e->user, 0, at > 0 ? (size_t)at : 0);
    }
    e->chat = room.n ? room : e->user;
    e->user_chat = e->user;
    e->text = room.n ? (struct sv){0} : x->body;
    if (!e->user.n)
        x->ret->n--; /* gone from the room this moment */
}

/* Somebody who may only read asks the moderators for a voice: at our door that is asking to come in. */
static void voice_request(const struct reading *x, xmpp_stanza_t *form)
{
    struct sv type = {0}, jid = {0}, nick = {0};
    size_t seen = 0;
    for (xmpp_stanza_t *f = xmpp_stanza_get_children(form); f && seen < XM_CHILDREN_MAX;
         f = xmpp_stanza_get_next(f), seen++) {
        if (!xmpp_stanza_is_tag(f))
            continue;
        struct sv var = xmpp_attr(f, "var"), value = xmpp_child_text(f, "value", NULL, x->a);
        if (sv_eq_z(var, "FORM_TYPE"))
            type = value;
        else if (sv_eq_z(var, "muc#jid"))
            jid = xmpp_bare(value);
        else if (sv_eq_z(var, "muc#roomnick"))
            nick = value;
    }
    if (!sv_eq_z(type, NS_MUC_REQUEST) || !xmpp_bare_ok(jid, true))
        return;
    char id[ID_TEXT + 1];
    struct chan_event *e = add(x, CHAN_JOIN_REQUEST, arena_fmt(x->a, "voice:%.*s", SV_ARG(id_text(id_new(), id))));
    if (!e)
        return;
    e->chat = arena_sv(x->a, sv_of(x->at->room->jid));
    e->user = e->user_chat = jid;
    e->user_name = clip_text(nick, NAME_MAX_BYTES);
}

void xmpp_decode_message(xmpp_stanza_t *m, const struct xmpp_place *at, struct arena *a, struct chan_events *ret,
                         struct sv *ret_own)
{
    struct reading x = {.m = m, .at = at, .a = a, .ret = ret, .at_ms = at->now_ms};
    *ret_own = (struct sv){0};
    x.from = arena_sv(a, xmpp_attr(m, "from"));
    x.nick = xmpp_resource(x.from);
    x.id = xmpp_attr(m, "id");
    x.type = xmpp_attr(m, "type");
    if (!xmpp_bare_ok(xmpp_bare(x.from), false) || x.from.n > 2 * XM_JID_MAX || sv_eq_z(x.type, "error"))
        return;
    xmpp_stanza_t *delay = xmpp_child(m, "delay", NS_DELAY);
    int64_t stamp = 0;
    if (delay && civil_parse_rfc3339(xmpp_attr(delay, "stamp"), &stamp) && stamp > 0 && stamp <= at->now_ms) {
        x.at_ms = stamp;
        x.delayed = true;
    }
    x.body = xmpp_child_text(m, "body", NULL, a);
    if (at->room && sv_eq_z(x.type, "groupchat"))
        group_message(&x, ret_own);
    else if (at->room && !x.nick.n && xmpp_child(m, "x", NS_DATA))
        voice_request(&x, xmpp_child(m, "x", NS_DATA));
    else if (at->room && x.nick.n)
        private_message(&x);
    else if (!at->room && xmpp_bare_ok(xmpp_bare(x.from), true) && !sv_eq_z(x.type, "groupchat") &&
             !sv_eq_z(xmpp_bare(x.from), at->address) && !xmpp_child(m, "x", NS_MUC_USER))
        private_message(&x);
}
