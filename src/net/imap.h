/* SPDX-License-Identifier: EUPL-1.2 */
/* imap: reads a mailbox (RFC 3501, 2177 IDLE, 6851 MOVE). libcurl connects, encrypts and signs in; the few commands are
 * spoken here, because reading must leave no trace (BODY.PEEK) and a message's own lines must never be taken for the
 * server's. Nothing is ever deleted. One thread at a time uses a mailbox; between uses it is kept open in `net`. */
#ifndef PW_IMAP_H
#define PW_IMAP_H

#include "base/buf.h"
#include "net/mail.h"

struct imap_server {
    struct sv host;
    int port;
    enum mail_tls tls;
    struct sv user, password;
};
/* As mail_server_parse, of imaps://host (993) or imap://host (143). */
bool imap_server_parse(struct sv url, struct imap_server *io);
PW_MUST_CHECK enum pw_err net_allow_imap(struct net *n, int64_t owner, const struct imap_server *s, unsigned flags);

struct imap;
/* Signs in and selects a folder (ASCII). PW_DENIED: refused; PW_NOT_FOUND: no such folder; PW_UNAVAILABLE. */
PW_MUST_CHECK enum pw_err imap_open(struct net *n, const struct imap_server *s, struct sv folder, struct imap **ret);
void imap_close(struct imap *m); /* NULL-safe */
/* The one that this owner kept open for this server and folder, or NULL. net_forget() and net_close() close what is
 * kept. */
struct imap *imap_take(struct net *n, int64_t owner, const struct imap_server *s, struct sv folder);
void imap_keep(struct net *n, int64_t owner, struct imap *m);

uint32_t imap_validity(const struct imap *m); /* UIDs mean something only together with it */
uint32_t imap_next(const struct imap *m);     /* the UID that the next message would have had when it was opened */
/* Waits up to wait_s for a new message. After anything but PW_OK the mailbox is of no use: close it. */
PW_MUST_CHECK enum pw_err imap_wait(struct imap *m, int wait_s, bool *ret_news);
/* UIDs that fit, ascending. criteria is a literal of this program. */
PW_MUST_CHECK enum pw_err imap_search(struct imap *m, struct arena *a, const char *criteria, uint32_t **ret,
                                      size_t *ret_n);
/* The first max bytes of a message; it stays as unread as it was. PW_NOT_FOUND: it is gone. */
PW_MUST_CHECK enum pw_err imap_read(struct imap *m, uint32_t uid, size_t max, struct buf *ret);
/* Marks as read and, with a folder, moves there (where the server can). */
PW_MUST_CHECK enum pw_err imap_mark(struct imap *m, uint32_t from, uint32_t to, struct sv folder);

#endif
