/* SPDX-License-Identifier: EUPL-1.2 */
/* Canonical sends over the session. A word in a room is sent when the room repeats it to us; a private word when a mark
 * that we send ourselves behind it comes back, for a stream keeps its order. Without that answer it is in doubt. What
 * we ask of rooms sets a state and may be asked again. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "channel/text_parts.h"
#include "channel/xmpp.h"

enum { ANSWER_MS = 15000, ROOM_AGAIN_MS = 5000 };

struct sending {
    struct xmpp_session *s;
    struct arena *a;
    const struct chan_send *send;
};

static struct send_result outcome(enum send_class cls, const char *code)
{
    return (struct send_result){.cls = cls, .code = sv_of(code)};
}

/* ---- waiting ---- */

static void begin_wait(struct xmpp_session *s, struct xmpp_wait *w)
{
    w->next = s->waits;
    s->waits = w;
}

static void end_wait(struct xmpp_session *s, struct xmpp_wait *w)
{
    for (struct xmpp_wait **p = &s->waits; *p; p = &(*p)->next)
        if (*p == w) {
            *p = w->next;
            return;
        }
}

/* Called and returns with the lock; false: no answer (the connection is gone, or nobody answers). */
static bool wait_for(struct xmpp_session *s, struct xmpp_wait *w)
{
    int64_t end = clock_mono_ms() + ANSWER_MS;
    xmpp_signal(s);
    while (w->state == WAITING && !s->lost && clock_mono_ms() < end) {
        pthread_mutex_unlock(&s->lock);
        bool pumped = xmpp_pump(s, 100);
        pthread_mutex_lock(&s->lock);
        if (!pumped && w->state == WAITING && !s->lost) {
            struct timespec until = clock_cond_until(100);
            pthread_cond_timedwait(&s->news, &s->lock, &until);
        }
    }
    return w->state != WAITING;
}

/* A refusal of the server or the room. */
static struct send_result refused(const struct xmpp_wait *w, struct arena *a)
{
    struct send_result r = {.cls = SEND_FAILED, .code = arena_sv(a, sv_of(w->condition[0] ? w->condition : "refused"))};
    if (w->blocked)
        r.cls = SEND_BLOCKED;
    else if (strcmp(w->type, "wait") == 0 || strcmp(w->condition, "remote-server-timeout") == 0)
        r.cls = SEND_RETRY;
    return r;
}

/* ---- words ---- */

static xmpp_stanza_t *message_of(const struct sending *x, const char *type, const char *to, const char *id,
                                 struct sv body)
{
    xmpp_stanza_t *m = xmpp_new(x->s, "message", type, to, id);
    xmpp_grow(m, "body", NULL, arena_z(x->a, body), NULL);
    return m;
}

static void say_in_room(const struct sending *x, struct xmpp_room *r, struct sv body, struct sv reply_to,
                        struct send_result *ret)
{
    struct xmpp_wait w = {0};
    xmpp_new_id(w.id, "g-");
    memcpy(w.error_id, w.id, sizeof w.id);
    xmpp_stanza_t *m = message_of(x, "groupchat", r->jid, w.id, body);
    if (reply_to.n)
        xmpp_grow(m, "reply", NS_REPLY, NULL, (const char *const[]){"id", arena_z(x->a, reply_to), NULL});
    begin_wait(x->s, &w);
    xmpp_put(x->s, m);
    bool answered = wait_for(x->s, &w);
    end_wait(x->s, &w);
    struct sv id = arena_sv(x->a, sv_of(w.stable_id[0] ? w.stable_id : w.id));
    if (!answered)
        *ret = outcome(SEND_IN_DOUBT, x->s->lost ? "connection-lost" : "no-answer");
    else if (w.state == WAIT_ERROR)
        *ret = refused(&w, x->a);
    else
        *ret = outcome(SEND_OK, "");
    if (ret->cls == SEND_OK || ret->cls == SEND_IN_DOUBT)
        ret->provider_id = id;
    if (sv_eq_z(ret->code, "not-acceptable")) { /* we are not inside any more */
        xmpp_room_ask(x->s, r);
        ret->cls = SEND_RETRY;
        ret->retry_after_ms = ROOM_AGAIN_MS;
    }
}

static void remember(struct xmpp_session *s, const char *id, struct sv to)
{
    struct xmpp_recent *r = &s->recent[s->n_recent++ % XM_RECENT];
    free(r->to);
    r->to = strndup(to.p, to.n);
    memcpy(r->id, id, sizeof r->id);
}

static void say_privately(const struct sending *x, struct sv to, bool through_room, struct sv body,
                          struct send_result *ret)
{
    struct xmpp_wait w = {0};
    xmpp_new_id(w.id, "mark-");
    xmpp_new_id(w.error_id, "p-");
    xmpp_stanza_t *m = message_of(x, "chat", arena_z(x->a, to), w.error_id, body);
    xmpp_grow(m, "request", NS_RECEIPTS, NULL, NULL);
    if (through_room)
        xmpp_grow(m, "x", NS_MUC_USER, NULL, NULL);
    remember(x->s, w.error_id, to);
    begin_wait(x->s, &w);
    xmpp_put(x->s, m);
    xmpp_put(x->s, xmpp_new(x->s, "message", "normal", x->s->address, w.id));
    bool answered = wait_for(x->s, &w);
    end_wait(x->s, &w);
    if (!answered)
        *ret = outcome(SEND_IN_DOUBT, x->s->lost ? "connection-lost" : "no-answer");
    else if (w.state == WAIT_ERROR)
        *ret = refused(&w, x->a);
    else
        *ret = outcome(SEND_OK, "");
    if (ret->cls == SEND_OK || ret->cls == SEND_IN_DOUBT)
        ret->provider_id = arena_sv(x->a, sv_of(w.error_id));
}

/* "room@service/~id": where that occupant sits now. */
static bool occupant_address(const struct sending *x, struct sv user, struct xmpp_room **ret_room,
                             const struct xmpp_occupant **ret)
{
    struct sv resource = xmpp_resource(user);
    *ret_room = xmpp_room_of(x->s, xmpp_bare(user));
    *ret = *ret_room && sv_starts(resource, SV("~")) ? xmpp_occupant_by_id(*ret_room, sv_sub(resource, 1, resource.n))
                                                     : NULL;
    return *ret != NULL;
}

static void send_words(const struct sending *x, struct send_result *ret)
{
    const struct chan_send *send = x->send;
    struct xmpp_room *room = xmpp_room_of(x->s, send->chat), *theirs;
    const struct xmpp_occupant *o;
    struct sv to = send->chat, rest = send->text, first_id = {0};
    bool through_room = !room && xmpp_resource(to).n > 0;
    if (room && !room->joined) {
        *ret = outcome(SEND_RETRY, "not-in-the-room");
        return;
    }
    if (through_room) {
        if (!occupant_address(x, to, &theirs, &o)) {
            *ret = outcome(SEND_FAILED, "not-present");
            return;
        }
        to = arena_fmt(x->a, "%s/%s", theirs->jid, o->nick);
    } else if (!room && !xmpp_bare_ok(to, true)) {
        *ret = outcome(SEND_FAILED, "bad-id");
        return;
    }
    if (!sv_trim(rest).n) {
        *ret = outcome(SEND_FAILED, send->op == OP_FILE ? "no-files-here" : "empty");
        return;
    }
    for (size_t part = 0; sv_trim(rest).n && part < PARTS_MAX; part++) {
        struct sv piece = parts_cut(&rest, XM_TEXT_UNITS);
        if (room)
            say_in_room(x, room, piece, part ? (struct sv){0} : send->reply_to, ret);
        else
            say_privately(x, to, through_room, piece, ret);
        if (ret->cls != SEND_OK) {
            if (part && ret->cls != SEND_BLOCKED) { /* never said again from its start */
                ret->cls = SEND_IN_DOUBT;
                ret->code = SV("partial");
                ret->provider_id = first_id;
            }
            return;
        }
        if (part == 0)
            first_id = ret->provider_id;
    }
    ret->provider_id = first_id;
}

/* ---- acts ---- */

static void ask(const struct sending *x, xmpp_stanza_t *iq, struct xmpp_wait *w, struct send_result *ret)
{
    begin_wait(x->s, w);
    xmpp_put(x->s, iq);
    bool answered = wait_for(x->s, w);
    end_wait(x->s, w);
    *ret = !answered                ? outcome(SEND_RETRY, "no-answer")
           : w->state == WAIT_ERROR ? refused(w, x->a)
                                    : outcome(SEND_OK, "");
}

/* Sets one value of a person: "affiliation" by address, "role" by name in the room. */
static void set_item(const struct sending *x, struct xmpp_room *r, const char *what, const char *value, const char *by,
                     const char *whom, struct send_result *ret)
{
    struct xmpp_wait w = {0};
    xmpp_new_id(w.id, "a-");
    memcpy(w.error_id, w.id, sizeof w.id);
    xmpp_stanza_t *iq = xmpp_new(x->s, "iq", "set", r->jid, w.id);
    xmpp_stanza_t *q = xmpp_grow(iq, "query", NS_MUC_ADMIN, NULL, NULL);
    xmpp_grow(q, "item", NULL, NULL, (const char *const[]){what, value, by, whom, NULL});
    ask(x, iq, &w, ret);
}

static void set_affiliation(const struct sending *x, struct xmpp_room *r, const char *value, struct send_result *ret)
{
    struct xmpp_room *theirs;
    const struct xmpp_occupant *o;
    struct sv user = x->send->user;
    if (xmpp_bare_ok(user, true)) {
        set_item(x, r, "affiliation", value, "jid", arena_z(x->a, user), ret);
    } else if (occupant_address(x, user, &theirs, &o) && theirs == r) {
        /* As moderators we are told the address; it is used for this act and kept nowhere. */
        set_item(x, r, "affiliation", value, o->jid ? "jid" : "nick", arena_z(x->a, sv_of(o->jid ? o->jid : o->nick)),
                 ret);
    } else {
        *ret = outcome(SEND_FAILED, "not-present");
    }
}

static void set_role(const struct sending *x, struct xmpp_room *r, const char *value, struct send_result *ret)
{
    struct xmpp_room *theirs;
    const struct xmpp_occupant *o = xmpp_bare_ok(x->send->user, true) ? xmpp_occupant_by_jid(r, x->send->user) : NULL;
    if (o || (occupant_address(x, x->send->user, &theirs, &o) && theirs == r))
        set_item(x, r, "role", value, "nick", arena_z(x->a, sv_of(o->nick)), ret);
    else
        *ret = outcome(SEND_FAILED, "not-present"); /* a role ends with the visit */
}

/* On the list, and told so by the room (a mediated invitation). */
static void admit(const struct sending *x, struct xmpp_room *r, struct send_result *ret)
{
    set_affiliation(x, r, "member", ret);
    if (ret->cls != SEND_OK || !xmpp_bare_ok(x->send->user, true) || xmpp_occupant_by_jid(r, x->send->user))
        return;
    xmpp_stanza_t *m = xmpp_new(x->s, "message", NULL, r->jid, NULL);
    xmpp_stanza_t *u = xmpp_grow(m, "x", NS_MUC_USER, NULL, NULL);
    xmpp_grow(u, "invite", NULL, NULL, (const char *const[]){"to", arena_z(x->a, x->send->user), NULL});
    xmpp_put(x->s, m);
}

/* XEP-0425, in the form the room knows. Prosody has it as a community module only. */
static void retract(const struct sending *x, struct xmpp_room *r, struct send_result *ret)
{
    struct xmpp_wait w = {0};
    char *id = arena_z(x->a, x->send->message_id);
    if (!r->moderate_1 && !r->moderate_0) {
        *ret = outcome(SEND_FAILED, "no-retraction-here");
        return;
    }
    xmpp_new_id(w.id, "r-");
    memcpy(w.error_id, w.id, sizeof w.id);
    xmpp_stanza_t *iq = xmpp_new(x->s, "iq", "set", r->jid, w.id);
    const char *const about[] = {"id", id, NULL};
    xmpp_stanza_t *moderate;
    if (r->moderate_1) {
        moderate = xmpp_grow(iq, "moderate", NS_MODERATE_1, NULL, about);
        xmpp_grow(moderate, "retract", "urn:xmpp:message-retract:1", NULL, NULL);
    } else {
        moderate = xmpp_grow(xmpp_grow(iq, "apply-to", "urn:xmpp:fasten:0", NULL, about), "moderate", NS_MODERATE_0,
                             NULL, NULL);
        xmpp_grow(moderate, "retract", "urn:xmpp:message-retract:0", NULL, NULL);
    }
    ask(x, iq, &w, ret);
    if (sv_eq_z(ret->code, "item-not-found"))
        *ret = outcome(SEND_OK, "already"); /* the first answer was lost */
}

static void act(const struct sending *x, struct send_result *ret)
{
    const struct chan_send *send = x->send;
    struct xmpp_room *r = xmpp_room_of(x->s, send->chat);
    if (!r) {
        *ret = outcome(SEND_FAILED, "not-a-room-of-ours");
        return;
    }
    if (!r->joined) {
        *ret = outcome(SEND_RETRY, "not-in-the-room");
        return;
    }
    if ((send->op == OP_BAN || send->op == OP_RESTRICT) && send->until_ms && send->until_ms <= clock_now_ms()) {
        *ret = outcome(SEND_OK, "over"); /* it waited in the queue past its own end */
        return;
    }
    switch (send->op) {
    case OP_DELETE:
        retract(x, r, ret);
        return;
    case OP_APPROVE_JOIN:
        admit(x, r, ret);
        return;
    case OP_BAN:
        set_affiliation(x, r, "outcast", ret);
        return;
    case OP_UNBAN:
        set_affiliation(x, r, "none", ret);
        return;
    case OP_RESTRICT:
        set_role(x, r, "visitor", ret);
        return;
    case OP_UNRESTRICT:
        set_role(x, r, "participant", ret);
        return;
    default: /* OP_DECLINE_JOIN, OP_QUEUE_JOIN: who is not on the list is not inside; OP_LEAVE: the settings say where
              */
        *ret = outcome(SEND_OK, "");
    }
}

void xmpp_send_over(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                    struct send_result *ret, struct sv *ret_new_chat)
{
    (void)net;
    struct sending x = {.s = ch->session, .a = a, .send = s};
    *ret_new_chat = (struct sv){0};
    pthread_mutex_lock(&x.s->lock);
    if (x.s->lost)
        *ret = (struct send_result){
            .cls = SEND_RETRY, .code = SV("no-connection"), .retry_after_ms = 1000, .pause_lane = true};
    else if (s->op == OP_TEXT || s->op == OP_FILE)
        send_words(&x, ret);
    else
        act(&x, ret);
    pthread_mutex_unlock(&x.s->lock);
}
