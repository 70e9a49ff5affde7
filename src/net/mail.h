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
enum mail_origin {
    MAIL_GENERATED, /* a program wrote it on its own */
    MAIL_REPLIED,   /* a program answers a message */
    MAIL_WRITTEN    /* a person wrote it */
};
enum { MAIL_FILE_MAX = 15 * 1024 * 1024 };
struct mail {
    struct sv to, to_name;
    struct sv subject;
    struct sv text;       /* plain text */
    struct sv html;       /* optional: the same as a page */
    struct sv lang;       /* optional, "fr" */
    struct sv reply_to;   /* optional address */
    struct sv message_id; /* "id@domain" without < >; the same for each try, so that doubles can be told */
    int64_t at_ms;
    enum mail_origin origin;
    struct sv return_path; /* optional address: bounces go there; empty = the server's from */
    struct sv answers;     /* optional message id without < > that this answers; a strange one is left out */
    struct sv stop_url;    /* optional: leads out of the list with one click (RFC 8058) */
    struct sv loop;        /* optional address: X-Loop, so that a robot knows its own words */
    bool bulk;             /* one of many alike */
    struct sv file, file_name, file_type; /* optional attachment: its bytes, how it is called, its media type */
};

/* One address in the plain form "name@example.org": ASCII, no comments, no lists, no control characters. */
bool mail_address_ok(struct sv address);
/* The same, whose local part may also be of any script (RFC 6531); the domain in its ASCII form. */
bool mail_recipient_ok(struct sv address);
/* An address as people write it in the one form we keep: the domain in ASCII (idn.h) and lower case, ASCII letters of
 * the local part in lower case, other scripts composed (NFC). PW_INVALID: not an address. */
PW_MUST_CHECK enum pw_err mail_address_norm(struct arena *a, struct sv address, struct sv *ret);
/* The whole message. PW_INVALID when an address or the message id is not plain; PW_UNAVAILABLE when out is full. */
PW_MUST_CHECK enum pw_err mail_build(const struct mail_server *s, const struct mail *m, struct buf *out);

PW_MUST_CHECK enum pw_err net_allow_mail(struct net *n, int64_t owner, const struct mail_server *s, unsigned flags);
/* "mail.example.org" of smtps://mail.example.org:465 (TLS), smtp://mail.example.org:587 (STARTTLS), or
 * smtp://localhost:25 (plain, only to this machine) into host, port and tls. False: not such an address. */
bool mail_server_parse(struct sv url, struct mail_server *io);
/* As net_fetch; body is the enhanced status of a refusal ("5.1.1", RFC 3463), mostly empty. NET_NOT_SENT: the server
 * did not take the message; `status` (when not 0) is its refusal: 4xx may be tried again, 5xx not. NET_SENT: in doubt.
 * NET_DONE: 250 accepted, or refused after the whole message. An address outside ASCII goes only to a server that
 * offers SMTPUTF8 (RFC 6531); else nothing is sent: NET_NOT_SENT with code "no-smtputf8". */
void mail_send(struct net *n, struct arena *a, const struct mail_server *s, const struct mail *m,
               struct net_result *ret);

#endif
