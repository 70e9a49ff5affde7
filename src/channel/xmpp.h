/* SPDX-License-Identifier: EUPL-1.2 */
/* xmpp: what the files of the XMPP driver share: an external component (XEP-0114) that sits in rooms (XEP-0045) as one
 * occupant with admin or owner affiliation, and talks to people from one address (channels.md §7.8).
 *
 * Who somebody is: the bare JID of whoever has an affiliation in the room (they are on its list), of everybody in rooms
 * that show addresses, and of who writes to us directly. Others in a semi-anonymous room are known by their occupant id
 * only (XEP-0421), written "room@service/~id", although the room tells moderators more.
 *
 * One connection; libstrophe is not thread-safe: everything of it happens under session->lock. */
#ifndef PW_XMPP_H
#define PW_XMPP_H

#include <pthread.h>
#include <strophe.h>

#include "channel/channel.h"

enum {
    XM_ROOMS_MAX = 32,
    XM_CHILDREN_MAX = 100,   /* of one element: later ones are not looked at */
    XM_JID_MAX = 1023,       /* we keep no longer address; RFC 7622 allows 3071 */
    XM_BODY_MAX = 64 * 1024, /* bytes of a body that are kept */
    XM_TEXT_UNITS = 8000,    /* UTF-16 units of one message of ours */
    XM_OCCUPANTS_MAX = 5000, /* of one room */
    XM_ID_MAX = 150,         /* of a message; longer ones are replaced by their hash */
    XM_RECENT = 512,         /* private words whose receipt is awaited */
};

#define NS_MUC "http://jabber.org/protocol/muc"
#define NS_MUC_USER "http://jabber.org/protocol/muc#user"
#define NS_MUC_ADMIN "http://jabber.org/protocol/muc#admin"
#define NS_MUC_OWNER "http://jabber.org/protocol/muc#owner"
#define NS_MUC_CONFIG "http://jabber.org/protocol/muc#roomconfig"
#define NS_MUC_REQUEST "http://jabber.org/protocol/muc#request"
#define NS_DATA "jabber:x:data"
#define NS_DELAY "urn:xmpp:delay"
#define NS_SID "urn:xmpp:sid:0"
#define NS_OCCUPANT "urn:xmpp:occupant-id:0"
#define NS_REPLY "urn:xmpp:reply:0"
#define NS_FALLBACK "urn:xmpp:fallback:0"
#define NS_CORRECT "urn:xmpp:message-correct:0"
#define NS_RECEIPTS "urn:xmpp:receipts"
#define NS_MODERATE_0 "urn:xmpp:message-moderate:0"
#define NS_MODERATE_1 "urn:xmpp:message-moderate:1"
#define NS_PING "urn:xmpp:ping"

struct xmpp_occupant {
    struct xmpp_occupant *next;
    char *nick, *jid /* bare, or NULL */, *id /* occupant id, or NULL */;
    bool affiliated, visitor;
};
struct xmpp_room {
    char *jid;
    bool answered, joined;                                             /* the room has let us in, or told why not */
    bool open_names, stanza_ids, occupant_ids, moderate_0, moderate_1; /* what it says of itself */
    char *own_id;                                                      /* our occupant id */
    struct xmpp_occupant *occupants;
    size_t n_occupants;
    int64_t asked_mono_ms; /* last time we asked to be let in, or whether we still are */
};

/* What a decoder is given; the session fills it, tests too. */
struct xmpp_place {
    const struct xmpp_room *room; /* NULL: a private word */
    const char *address, *nick;   /* ours */
    const char *service;          /* domain of the rooms, for "/join ROOM"; may be empty */
    int64_t now_ms;
};
/* One message as events (texts in a). In *ret_own the id of a message of our own that came back, else NULL. Adds
 * nothing for what is not for us. Never fails: stanzas are written by strangers. */
void xmpp_decode_message(xmpp_stanza_t *m, const struct xmpp_place *at, struct arena *a, struct chan_events *ret,
                         struct sv *ret_own);
/* The id that the room itself gave a message (XEP-0359); empty when it gives none. */
struct sv xmpp_stable_id(xmpp_stanza_t *m, const struct xmpp_room *r);
/* Small readers that a missing part makes empty. */
struct sv xmpp_attr(xmpp_stanza_t *s, const char *name);
struct sv xmpp_child_text(xmpp_stanza_t *s, const char *name, const char *ns, struct arena *a);
xmpp_stanza_t *xmpp_child(xmpp_stanza_t *s, const char *name, const char *ns);
struct sv xmpp_bare(struct sv jid);
struct sv xmpp_resource(struct sv jid);
bool xmpp_bare_ok(struct sv jid, bool local_needed);
const struct xmpp_occupant *xmpp_occupant_by_nick(const struct xmpp_room *r, struct sv nick);
const struct xmpp_occupant *xmpp_occupant_by_id(const struct xmpp_room *r, struct sv id);
const struct xmpp_occupant *xmpp_occupant_by_jid(const struct xmpp_room *r, struct sv bare);
struct sv xmpp_user_of(const struct xmpp_room *r, const struct xmpp_occupant *o, struct arena *a);

/* ---- the session (xmpp_session.c) ---- */

struct xmpp_item { /* an event until it is stored */
    struct xmpp_item *next;
    int64_t seq, due_mono_ms;
    struct arena a;
    struct chan_event event;
    struct sv receipt_to, receipt_id; /* the sender wants to know that it arrived */
};
enum xmpp_wait_state { WAITING, WAIT_DONE, WAIT_ERROR };
struct xmpp_wait { /* a send that waits for its answer */
    struct xmpp_wait *next;
    char id[40], error_id[40]; /* what answers it; what a refusal names */
    enum xmpp_wait_state state;
    char condition[48], type[16], stable_id[XM_ID_MAX + 1];
    bool blocked;
};
struct xmpp_recent {
    char id[40];
    char *to;
};
struct xmpp_session {
    pthread_mutex_t lock, pumping;
    pthread_cond_t news;
    int wake_fd, sock;
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    bool up, lost;
    const char *code; /* why it is lost */
    struct buf out;   /* ours that the socket has not taken yet, from out_at */
    size_t out_at;
    char *domain, *address, *nick, *secret, *service;
    int64_t id, seq, since_ms, heard_mono_ms;
    struct xmpp_room rooms[XM_ROOMS_MAX];
    size_t n_rooms;
    struct xmpp_item *first, **end;
    size_t n_items;
    struct xmpp_wait *waits;
    struct xmpp_recent recent[XM_RECENT];
    size_t n_recent;
};
enum pw_err xmpp_open(const struct channel *ch, struct net *net, struct sv cursor, void **ret, const char **ret_code);
void xmpp_close(void *session);
enum pw_err xmpp_poll(const struct channel *ch, struct net *net, struct arena *a, int wait_s, struct sv *io_cursor,
                      struct chan_events *ret);
void xmpp_send_over(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                    struct send_result *ret, struct sv *ret_new_chat);

/* Under lock: */
void xmpp_flush(struct xmpp_session *s);
void xmpp_put(struct xmpp_session *s, xmpp_stanza_t *stanza); /* sends and lets it go */
void xmpp_add_event(struct xmpp_session *s, const struct chan_event *e, int64_t delay_ms, struct sv receipt_to,
                    struct sv receipt_id);
void xmpp_signal(struct xmpp_session *s);
struct xmpp_room *xmpp_room_of(struct xmpp_session *s, struct sv bare);
/* Without the lock. Moves bytes for up to wait_ms; false when another thread does it already. */
bool xmpp_pump(struct xmpp_session *s, int wait_ms);

/* ---- rooms (xmpp_room.c), under lock ---- */

void xmpp_room_ask(struct xmpp_session *s, struct xmpp_room *r);   /* what it offers, then to be let in */
void xmpp_room_watch(struct xmpp_session *s, int64_t now_mono_ms); /* are we still inside? */
bool xmpp_room_presence(struct xmpp_session *s, xmpp_stanza_t *p); /* false: not from a room of ours */
bool xmpp_room_answer(struct xmpp_session *s, xmpp_stanza_t *iq);  /* false: not asked by us */
void xmpp_room_affiliation(struct xmpp_session *s, struct xmpp_room *r, xmpp_stanza_t *m);
void xmpp_room_forget(struct xmpp_room *r);

/* ---- building stanzas ---- */

/* A child with an optional name space, text and up to a few attribute pairs (NULL ends). Returns it, owned by parent.
 */
xmpp_stanza_t *xmpp_grow(xmpp_stanza_t *parent, const char *name, const char *ns, const char *text,
                         const char *const *attrs);
xmpp_stanza_t *xmpp_new(struct xmpp_session *s, const char *name, const char *type, const char *to, const char *id);
xmpp_stanza_t *xmpp_field(xmpp_stanza_t *form, const char *var, const char *value);
void xmpp_new_id(char out[40], const char *prefix);

#endif
