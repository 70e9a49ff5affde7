/* SPDX-License-Identifier: EUPL-1.2 */
/* Our place in the rooms: what each offers, being let in, who is there, and who came or lost their place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/civil.h"
#include "base/clock.h"
#include "base/id.h"
#include "channel/provider_call.h"
#include "channel/xmpp.h"

enum { ASK_AGAIN_MS = 60000, HISTORY_MAX = 500 };

static void free_occupant(struct xmpp_occupant *o)
{
    free(o->nick);
    free(o->jid);
    free(o->id);
    free(o);
}

static void empty_room(struct xmpp_room *r)
{
    while (r->occupants) {
        struct xmpp_occupant *o = r->occupants;
        r->occupants = o->next;
        free_occupant(o);
    }
    r->n_occupants = 0;
}

void xmpp_room_forget(struct xmpp_room *r)
{
    empty_room(r);
    free(r->own_id);
    free(r->jid);
    *r = (struct xmpp_room){0};
}

static char *keep(struct sv s)
{
    return s.n && s.n <= XM_JID_MAX ? strndup(s.p, s.n) : NULL;
}

static void tell(struct xmpp_session *s, enum chan_event_kind kind, const struct xmpp_room *r, struct sv user,
                 struct sv name, const char *code)
{
    char id[ID_TEXT + 1];
    struct chan_event e = {.kind = kind,
                           .provider_id = id_text(id_new(), id),
                           .at_ms = clock_now_ms(),
                           .chat = sv_of(r->jid),
                           .user = user,
                           .user_chat = user,
                           .user_name = clip_text(name, 256),
                           .status_code = sv_of(code)};
    xmpp_add_event(s, &e, 0, (struct sv){0}, (struct sv){0});
}

/* ---- being let in ---- */

static void own_jid(const struct xmpp_session *s, const struct xmpp_room *r, char *out, size_t size)
{
    snprintf(out, size, "%s/%s", r->jid, s->nick);
}

static void ask_features(struct xmpp_session *s, struct xmpp_room *r)
{
    xmpp_stanza_t *iq = xmpp_new(s, "iq", "get", r->jid, "room-info");
    xmpp_grow(iq, "query", XMPP_NS_DISCO_INFO, NULL, NULL);
    xmpp_put(s, iq);
}

static void enter(struct xmpp_session *s, struct xmpp_room *r)
{
    char to[2 * XM_JID_MAX], since[CIVIL_TIME_TEXT], most[16];
    own_jid(s, r, to, sizeof to);
    /* A place that a broken connection left behind would count as being inside already, without history. */
    xmpp_put(s, xmpp_new(s, "presence", "unavailable", to, NULL));
    xmpp_stanza_t *p = xmpp_new(s, "presence", NULL, to, "room-enter");
    xmpp_stanza_t *x = xmpp_grow(p, "x", NS_MUC, NULL, NULL);
    snprintf(most, sizeof most, "%d", s->since_ms > 0 ? HISTORY_MAX : 0);
    if (s->since_ms > 0) {
        struct sv t = civil_rfc3339(s->since_ms / 1000 * 1000, 0, since);
        char *z = strndup(t.p, t.n);
        xmpp_grow(x, "history", NULL, NULL, (const char *const[]){"since", z ? z : "", "maxstanzas", most, NULL});
        free(z);
    } else {
        xmpp_grow(x, "history", NULL, NULL, (const char *const[]){"maxstanzas", most, NULL});
    }
    empty_room(r);
    xmpp_put(s, p);
}

void xmpp_room_ask(struct xmpp_session *s, struct xmpp_room *r)
{
    r->joined = false;
    r->asked_mono_ms = clock_mono_ms();
    ask_features(s, r); /* its answer leads to enter() */
}

void xmpp_room_watch(struct xmpp_session *s, int64_t now_mono_ms)
{
    for (size_t i = 0; i < s->n_rooms; i++) {
        struct xmpp_room *r = &s->rooms[i];
        if (now_mono_ms - r->asked_mono_ms < ASK_AGAIN_MS)
            continue;
        if (!r->joined) {
            xmpp_room_ask(s, r);
            continue;
        }
        char to[2 * XM_JID_MAX]; /* XEP-0410: asking ourselves through the room */
        own_jid(s, r, to, sizeof to);
        xmpp_stanza_t *iq = xmpp_new(s, "iq", "get", to, "room-ping");
        xmpp_grow(iq, "ping", NS_PING, NULL, NULL);
        xmpp_put(s, iq);
        r->asked_mono_ms = now_mono_ms;
    }
}

/* A room that did not exist is ours now: it stays, and only its list comes in. */
static void set_up(struct xmpp_session *s, struct xmpp_room *r)
{
    xmpp_stanza_t *iq = xmpp_new(s, "iq", "set", r->jid, "room-config");
    xmpp_stanza_t *q = xmpp_grow(iq, "query", NS_MUC_OWNER, NULL, NULL);
    xmpp_stanza_t *form = xmpp_grow(q, "x", NS_DATA, NULL, (const char *const[]){"type", "submit", NULL});
    xmpp_field(form, "FORM_TYPE", NS_MUC_CONFIG);
    xmpp_field(form, "muc#roomconfig_persistentroom", "1");
    xmpp_field(form, "muc#roomconfig_membersonly", "1");
    xmpp_field(form, "muc#roomconfig_whois", "moderators");
    xmpp_field(form, "muc#roomconfig_historylength", "100");
    xmpp_put(s, iq);
}

static void take_features(struct xmpp_room *r, xmpp_stanza_t *query)
{
    r->open_names = r->stanza_ids = r->occupant_ids = r->moderate_0 = r->moderate_1 = false;
    size_t seen = 0;
    for (xmpp_stanza_t *f = query ? xmpp_stanza_get_children(query) : NULL; f && seen < 200;
         f = xmpp_stanza_get_next(f), seen++) {
        struct sv var = xmpp_stanza_is_tag(f) ? xmpp_attr(f, "var") : (struct sv){0};
        r->open_names = r->open_names || sv_eq_z(var, "muc_nonanonymous");
        r->stanza_ids = r->stanza_ids || sv_eq_z(var, NS_SID);
        r->occupant_ids = r->occupant_ids || sv_eq_z(var, NS_OCCUPANT);
        r->moderate_0 = r->moderate_0 || sv_eq_z(var, NS_MODERATE_0);
        r->moderate_1 = r->moderate_1 || sv_eq_z(var, NS_MODERATE_1);
    }
}

bool xmpp_room_answer(struct xmpp_session *s, xmpp_stanza_t *iq)
{
    struct sv id = xmpp_attr(iq, "id");
    struct xmpp_room *r = xmpp_room_of(s, xmpp_bare(xmpp_attr(iq, "from")));
    bool error = sv_eq_z(xmpp_attr(iq, "type"), "error");
    if (!r || !sv_starts(id, SV("room-")))
        return false;
    if (sv_eq_z(id, "room-info")) {
        if (!error)
            take_features(r, xmpp_child(iq, "query", XMPP_NS_DISCO_INFO));
        if (!r->joined)
            enter(s, r);
    } else if (sv_eq_z(id, "room-ping") && error) {
        xmpp_stanza_t *e = xmpp_child(iq, "error", NULL);
        if (xmpp_child(e, "not-acceptable", NULL) || xmpp_child(e, "item-not-found", NULL))
            xmpp_room_ask(s, r);
    } else if (sv_eq_z(id, "room-config")) {
        ask_features(s, r); /* it is another room than before */
        if (error)
            tell(s, CHAN_TROUBLE, r, (struct sv){0}, (struct sv){0}, "room-not-set-up");
    }
    return true;
}

/* ---- who is there ---- */

static struct xmpp_occupant *occupant_at(struct xmpp_room *r, struct sv nick)
{
    struct xmpp_occupant *o = (struct xmpp_occupant *)(uintptr_t)xmpp_occupant_by_nick(r, nick);
    if (o || r->n_occupants >= XM_OCCUPANTS_MAX || !(o = calloc(1, sizeof *o)))
        return o;
    o->nick = strndup(nick.p, nick.n);
    if (!o->nick) {
        free(o);
        return NULL;
    }
    o->next = r->occupants;
    r->occupants = o;
    r->n_occupants++;
    return o;
}

static void drop_occupant(struct xmpp_room *r, struct sv nick)
{
    for (struct xmpp_occupant **p = &r->occupants; *p; p = &(*p)->next)
        if (sv_eq_z(nick, (*p)->nick)) {
            struct xmpp_occupant *o = *p;
            *p = o->next;
            r->n_occupants--;
            free_occupant(o);
            return;
        }
}

static bool has_status(xmpp_stanza_t *x, const char *code)
{
    size_t seen = 0;
    for (xmpp_stanza_t *c = x ? xmpp_stanza_get_children(x) : NULL; c && seen < 50; c = xmpp_stanza_get_next(c), seen++)
        if (xmpp_stanza_is_tag(c) && strcmp(xmpp_stanza_get_name(c), "status") == 0 &&
            sv_eq_z(xmpp_attr(c, "code"), code))
            return true;
    return false;
}

static bool is_affiliated(struct sv affiliation)
{
    return sv_eq_z(affiliation, "member") || sv_eq_z(affiliation, "admin") || sv_eq_z(affiliation, "owner");
}

static void on_own(struct xmpp_session *s, struct xmpp_room *r, xmpp_stanza_t *p, xmpp_stanza_t *x, bool gone)
{
    xmpp_stanza_t *item = xmpp_child(x, "item", NULL);
    if (gone) {
        bool was = r->joined;
        r->joined = false;
        r->asked_mono_ms = clock_mono_ms();
        if (was && (has_status(x, "301") || has_status(x, "307") || has_status(x, "321") || has_status(x, "322")))
            tell(s, CHAN_TROUBLE, r, (struct sv){0}, (struct sv){0}, "put-out-of-a-room");
        return;
    }
    r->answered = r->joined = true;
    free(r->own_id);
    r->own_id = keep(xmpp_attr(xmpp_child(p, "occupant-id", NS_OCCUPANT), "id"));
    if (has_status(x, "201"))
        set_up(s, r);
    else if (!sv_eq_z(xmpp_attr(item, "affiliation"), "admin") && !sv_eq_z(xmpp_attr(item, "affiliation"), "owner"))
        tell(s, CHAN_TROUBLE, r, (struct sv){0}, (struct sv){0}, "not-admin-of-a-room");
}

static void on_other(struct xmpp_session *s, struct xmpp_room *r, xmpp_stanza_t *p, xmpp_stanza_t *x, struct sv nick,
                     bool gone)
{
    xmpp_stanza_t *item = xmpp_child(x, "item", NULL);
    struct sv affiliation = xmpp_attr(item, "affiliation"), jid = xmpp_bare(xmpp_attr(item, "jid"));
    struct arena a;
    arena_init(&a, 64 * 1024);
    if (gone) {
        const struct xmpp_occupant *o = xmpp_occupant_by_nick(r, nick);
        /* Going offline is not leaving. Losing the place on the list is, and being banned. */
        bool lost = has_status(x, "301") || has_status(x, "321");
        if (o && lost && !is_affiliated(affiliation))
            tell(s, CHAN_LEFT, r, xmpp_user_of(r, o, &a), nick, "");
        drop_occupant(r, nick);
        arena_finish(&a);
        return;
    }
    bool known = xmpp_occupant_by_nick(r, nick) != NULL;
    struct xmpp_occupant *o = occupant_at(r, nick);
    if (o) {
        bool was = o->affiliated;
        if (known && was && !is_affiliated(affiliation)) /* in an open room they stay and are no member any more */
            tell(s, CHAN_LEFT, r, xmpp_user_of(r, o, &a), nick, "");
        free(o->jid);
        o->jid = keep(jid);
        struct sv id = r->occupant_ids ? xmpp_attr(xmpp_child(p, "occupant-id", NS_OCCUPANT), "id") : (struct sv){0};
        if (id.n && id.n <= XM_ID_MAX) {
            free(o->id);
            o->id = keep(id);
        }
        o->affiliated = is_affiliated(affiliation);
        o->visitor = sv_eq_z(xmpp_attr(item, "role"), "visitor");
        struct sv user = xmpp_user_of(r, o, &a);
        /* Whoever may only read has not been let in yet. */
        if (user.n && !o->visitor && (!known || was != o->affiliated) && (o->affiliated || !was))
            tell(s, CHAN_JOINED, r, user, nick, "");
    }
    arena_finish(&a);
}

bool xmpp_room_presence(struct xmpp_session *s, xmpp_stanza_t *p)
{
    struct sv from = xmpp_attr(p, "from"), type = xmpp_attr(p, "type"), nick = xmpp_resource(from);
    struct xmpp_room *r = xmpp_room_of(s, xmpp_bare(from));
    if (!r)
        return false;
    xmpp_stanza_t *x = xmpp_child(p, "x", NS_MUC_USER);
    if (sv_eq_z(type, "error")) {
        if (sv_eq_z(xmpp_attr(p, "id"), "room-enter") && !r->joined) {
            r->answered = true;
            xmpp_stanza_t *e = xmpp_child(p, "error", NULL);
            tell(s, CHAN_TROUBLE, r, (struct sv){0}, (struct sv){0},
                 xmpp_child(e, "conflict", NULL) ? "nick-taken-in-a-room" : "room-refused");
        }
        return true;
    }
    bool gone = sv_eq_z(type, "unavailable");
    if ((type.n && !gone) || !nick.n || !x)
        return true;
    if (has_status(x, "110") || sv_eq_z(nick, s->nick))
        on_own(s, r, p, x, gone);
    else
        on_other(s, r, p, x, nick, gone);
    return true;
}

void xmpp_room_affiliation(struct xmpp_session *s, struct xmpp_room *r, xmpp_stanza_t *m)
{
    xmpp_stanza_t *x = xmpp_child(m, "x", NS_MUC_USER), *item = xmpp_child(x, "item", NULL);
    struct sv affiliation = xmpp_attr(item, "affiliation"), jid = xmpp_bare(xmpp_attr(item, "jid"));
    if (has_status(x, "104") || has_status(x, "172") || has_status(x, "173") || has_status(x, "174"))
        ask_features(s, r); /* the room's settings changed */
    /* Somebody who is not in the room now lost their place on its list. */
    if (item && xmpp_bare_ok(jid, true) && !sv_eq_z(jid, s->address) &&
        (sv_eq_z(affiliation, "none") || sv_eq_z(affiliation, "outcast")))
        tell(s, CHAN_LEFT, r, jid, (struct sv){0}, "");
}
