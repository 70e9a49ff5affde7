/* SPDX-License-Identifier: EUPL-1.2 */
/* testhost: a small http_host, and a client that writes raw bytes, for tests of this room and of pages.
 * Cookie "session=ok" is signed in; "Authorization: Bearer good" too; the form token is "token". Right 1 needs a
 * sign-in, right 2 nobody has. */
#ifndef PW_TESTHOST_H
#define PW_TESTHOST_H

#include <stdatomic.h>

#include "http/http.h"

enum { TEST_RIGHT_SIGNED_IN = 1, TEST_RIGHT_NOBODY = 2 };

struct testhost {
    struct http_host host; /* host.self points here */
    atomic_int runs, entered;
    atomic_int retries; /* how often the next run clears the answer and tries again */
};
void testhost_init(struct testhost *t);
/* Starts on 127.0.0.1 at a free port; ends the test process when it cannot. */
struct httpd *testhost_start(struct testhost *t, const struct route *routes, const struct http_config *more);

/* ---- a raw client ---- */

enum { REPLY_MAX = 512 * 1024 };
struct reply {
    int status; /* 0 = none came */
    char *head; /* up to and with the blank line, NUL-terminated */
    char *body; /* chunks joined */
    size_t n;
    char bytes[REPLY_MAX];
};
int client_open(const struct httpd *h); /* a connected socket with a receive timeout of 20 s */
void client_send(int fd, const char *text);
void client_send_n(int fd, const void *bytes, size_t n);
/* Reads one answer (for HEAD without its body); leaves the connection open. False when the peer closed first. */
bool client_read(int fd, struct reply *r, bool head);
/* One request on a new connection. `text` must be whole. */
void client_ask(const struct httpd *h, const char *text, struct reply *r);
/* Value of a header, in a static-free copy: out is NUL-terminated, "" when absent. */
const char *reply_header(const struct reply *r, const char *name, char *out, size_t size);

#endif
