/* SPDX-License-Identifier: EUPL-1.2 */
/* call: one request from its first line to its answer, without the library that carries it (httpd.c). A call owns its
 * arena, its body and its answer; it is made when the request line is read and freed when the answer has left.
 *
 * Two kinds of threads touch a call, one after the other: those that carry bytes (begin, data, end) and the crew
 * (work). Order: route -> method -> size -> enter -> right -> body -> CSRF -> fields -> prepare -> run. Who may not use
 * a row is refused before a large body is read; a small body is read first, so that a half-open request costs no
 * database. */
#ifndef PW_HTTP_CALL_H
#define PW_HTTP_CALL_H

#include <stdatomic.h>

#include "http/crew.h"
#include "http/http.h"
#include "http/route.h"
#include "http/sse.h"
#include "http/static.h"

enum {
    REQUEST_ARENA = 8 * 1024 * 1024,
    ANSWER_MAX = 32 * 1024 * 1024,
    SMALL_BODY = 64 * 1024,     /* read before anyone is asked who sends it */
    UPLOAD_HEAD = 64 * 1024,    /* the other fields beside a file */
    PUSH_MAX = 4 * 1024 * 1024, /* a raw PUT: what json/ reads */
    GZIP_MIN = 1024,
    QUEUE_MS = 25 * 1000, /* longest wait for the crew */
};
#define BODIES_MAX ((size_t)256 * 1024 * 1024) /* all bodies being held at one time */

struct server {
    struct http_config cf; /* texts point into `arena` */
    struct arena arena;
    const struct http_host *host;
    struct http_host host_copy;
    struct route_index *routes;
    struct static_set *files;
    struct sse_hub *hub;
    atomic_size_t body_bytes, running;
    atomic_bool stopping;
};

typedef struct sv (*call_header_fn)(void *conn, const char *name);

enum call_phase {
    CALL_NEW,      /* the request line only */
    CALL_WORK,     /* the crew's turn: call_work() */
    CALL_ADMITTED, /* the crew allowed a large body: read it */
    CALL_READ,     /* reading the body */
    CALL_ANSWERED, /* the answer is in r */
};
struct call {
    struct server *server;
    struct arena arena;
    struct http_req q;
    struct http_res r;
    struct sv target; /* as on the request line */
    void *conn;
    call_header_fn header;
    enum call_phase phase;
    struct crew_job job;
    int64_t queued_mono_ms, body_ms; /* waiting for the crew since; time for the body */
    bool whole;                      /* the body is there */
    bool head, admitted;
    bool close; /* the connection ends with this answer */
    bool bearer;
    struct route_hit hit;
    struct sv form_type; /* Content-Type of the body */
    struct buf body;
    size_t body_cap, discarded;
    enum pw_err fail; /* decided before the end; fail_status overrides the host's */
    int fail_status;
    struct sv fixed; /* answer body that lives as long as the server */
    struct sse_stream *stream;
    int64_t began_mono_ms;
    size_t sent; /* bytes of the answer's body */
};

/* What the carrier read from the head of the request. */
struct call_head {
    const char *method;
    int64_t length; /* of Content-Length; -1 = chunked */
    bool framing_bad;
    struct sv peer; /* address of the other end */
};

struct call *call_new(struct server *s, const char *target); /* NULL when out of memory */
void call_free(struct call *c);                              /* NULL-safe */
/* The head is there. Then CALL_READ, or CALL_WORK when a large body needs a decision first. */
void call_begin(struct call *c, const struct call_head *h, void *conn, call_header_fn header);
/* A piece of the body. False: drop the connection. */
bool call_data(struct call *c, struct sv piece);
/* All is read. Then CALL_WORK, or CALL_ANSWERED when no one need be asked (static files). */
void call_end(struct call *c);
/* By a thread of the crew, which alone calls the host. Then CALL_ADMITTED or CALL_ANSWERED. */
void call_work(struct call *c);
/* Instead of call_work() when the server stops: 503. */
void call_refuse(struct call *c);
void call_log(const struct call *c);

/* The static file a path names, or NULL; lasting when the path carries the version of this server. */
const struct static_file *call_static_file(const struct call *c, bool *ret_lasting);
bool call_answer_static(struct call *c); /* false: no such file, nothing was written */

/* The headers every answer carries, unless the handler set its own. */
typedef void (*header_fn)(void *arg, const char *name, const char *value);
void call_headers(struct call *c, header_fn add, void *arg);

#endif
