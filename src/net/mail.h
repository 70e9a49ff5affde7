/* SPDX-License-Identifier: EUPL-1.2 */
/* mail: one message to one person, always: no function here takes a second recipient, so that nobody learns another's
 * address. Built after RFC 5322 in UTF-8, sent by SMTP through net (the server must be allowed with net_allow_mail). */
#ifndef PW_MAIL_H
#define PW_MAIL_H

#include "base/buf.h"
#include "net/net.h"

enum mail_tls { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN }; /* MAIL_PLAIN only to a local address */
struct mail_server {
    struct sv host;
    int port;
    enum mail_tls tls;
    struct sv user, password; /* none when user is empty */
    struct sv from, from_name;
};
struct mail {
    struct sv to, to_name;
    struct sv subject;
    struct sv text;       /* plain text */
    struct sv html;       /* optional: the same as a page */
    struct sv lang;       /* optional, "fr" */
    struct sv reply_to;   /* optional address */
    struct sv message_id; /* "id@domain" without < >; the same for each try, so that doubles can be told */
    int64_t at_ms;
};

/* One address in the plain form "name@example.org": ASCII, no comments, no lists, no control characters. */
bool mail_address_ok(struct sv address);
/* The whole message. PW_INVALID when an address or the message id is not plain; PW_UNAVAILABLE when out is full. */
PW_MUST_CHECK enum pw_err mail_build(const struct mail_server *s, const struct mail *m, struct buf *out);

PW_MUST_CHECK enum pw_err net_allow_mail(struct net *n, int64_t owner, const struct mail_server *s, unsigned flags);
/* As net_fetch. NET_NOT_SENT: the server did not take the message; `status` (when not 0) is its refusal: 4xx may be
 * tried again, 5xx not. NET_SENT: in doubt. NET_DONE: 250 accepted, or refused after the whole message. */
void mail_send(struct net *n, struct arena *a, const struct mail_server *s, const struct mail *m,
               struct net_result *ret);

#endif
