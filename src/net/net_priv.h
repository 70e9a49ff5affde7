/* SPDX-License-Identifier: EUPL-1.2 */
/* net_priv: what the files of this room share. Not for others. */
#ifndef PW_NET_PRIV_H
#define PW_NET_PRIV_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include <curl/curl.h>

#include "base/buf.h"
#include "net/net.h"

struct origin {
    int64_t owner;
    char *scheme, *host, *path; /* of mail: "smtp" or "smtps", and path "/" */
    long port;
    bool local, below; /* below: also hosts under this one */
};
struct imap;
enum { IDLE_MAX = 16, MAILBOXES_MAX = 32 };
struct net {
    pthread_mutex_t lock; /* origins and idle */
    struct origin *origins;
    size_t n_origins;
    CURL *idle[IDLE_MAX]; /* handles with their kept connections, last used on top */
    size_t n_idle;
    struct mailbox { /* kept open between two looks */
        int64_t owner;
        struct imap *m;
    } mailboxes[MAILBOXES_MAX];
    atomic_bool stopping;
    char agent[64];
};

/* ---- origin.c ---- */

enum address_kind { ADDRESS_PUBLIC, ADDRESS_LOCAL, ADDRESS_NEVER };
enum address_kind address_kind_of(const struct sockaddr *sa);
enum address_kind address_kind_of_text(const char *ip);
struct rule { /* what the fitting origin permits */
    bool local, plain;
};
bool rule_permits(const struct rule *r, enum address_kind kind);
/* The rule of the origin that fits; false when none does. `u` is the very URL that will be used. */
bool origin_find(struct net *n, CURLU *u, struct rule *ret);
enum pw_err origin_add(struct net *n, int64_t owner, const char *scheme, const char *host, long port, const char *path,
                       unsigned flags);
void origins_free(struct net *n);

/* ---- imap.c ---- */

void imap_forget(struct net *n, int64_t owner);
void imap_close_all(struct net *n);

/* ---- net.c ---- */

struct call { /* one request under way */
    struct net *net;
    struct rule rule;
    bool idempotent;
    bool address_refused, resend_refused, sent;
};
CURL *net_take(struct net *n); /* NULL when stopping or out of memory */
void net_give(struct net *n, CURL *h);
/* Timeouts, address checks, TLS, no proxy, no signals, no redirects. False when an option was not taken. */
bool net_guard(struct call *c, CURL *h, const char *protocols, int connect_ms, int total_ms, int idle_ms);
const char *net_code(const struct call *c, CURLcode rc);

#endif
