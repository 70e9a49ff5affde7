/* SPDX-License-Identifier: EUPL-1.2 */
/* http: the single way in. httpd.c is the only file that sees microhttpd.h. This room parses and answers; it knows
 * nothing of the database, of people or of pages: main/ hands it `struct http_host`, through which it learns who asks
 * and runs a handler inside a read or a transaction.
 *
 * Undeclared input does not exist: a handler sees only the path arguments, query and form fields that its route row
 * declares. Text fields arrive as valid UTF-8, NFC, without control characters (line feeds only when multi-line). */
#ifndef PW_HTTP_H
#define PW_HTTP_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct ctx; /* core/ctx.h; opaque here */
struct route;
struct page_info; /* ui/web.h; opaque here */

enum http_method { HTTP_GET, HTTP_POST, HTTP_PUT, HTTP_DELETE };

/* ---- declared input ---- */

enum field_kind {
    FIELD_TEXT,   /* one line, trimmed */
    FIELD_LINES,  /* several lines, trimmed at the ends, CRLF read as LF */
    FIELD_SECRET, /* not trimmed, never echoed back into a form */
    FIELD_INT,
    FIELD_ID,      /* 13 characters of base/id.h */
    FIELD_BOOL,    /* checkbox: present = 1; JSON true/false */
    FIELD_CHOICE,  /* one of `choices` */
    FIELD_CHOICES, /* several of `choices`, or free short texts when choices is NULL; repeated field or JSON array */
    FIELD_TIME,    /* "2026-02-13T16:59" local or RFC 3339; kept as text, the action knows the zone */
    FIELD_FILE,    /* multipart upload */
    FIELD_DATE,    /* "2026-02-13"; kept as text */
};
enum {
    FIELD_REQUIRED = 1,
    FIELD_AS_TYPED = 2, /* LINES: tabs stay, and blanks at the ends: a pasted table */
};
struct field {
    const char *name; /* form name and JSON member */
    enum field_kind kind;
    unsigned flags;
    /* Characters for text; value for INT (0, 0 = any); bytes for FILE (0 = the upload limit); entries for CHOICES (0 =
     * 100). For text, max 0 = 200, for LINES 4000. */
    int64_t min, max;
    const char *const *choices; /* NULL-terminated codes */
    const char *help;           /* one English sentence: what it is (API reference) */
};
#define FIELDS(...) ((const struct field[]){__VA_ARGS__, {0}})

struct http_file {
    struct sv name, type, bytes; /* name and type as claimed by the sender: untrusted */
};
struct http_value {
    const struct field *field;
    bool given;
    struct sv text;        /* as typed (checked); the first for FIELD_CHOICES */
    int64_t i;             /* INT, BOOL, ID */
    const struct sv *many; /* FIELD_CHOICES */
    size_t n_many;
    struct http_file file;
};

/* ---- a request ---- */

struct http_req {
    struct arena *arena; /* of this request */
    enum http_method method;
    struct sv path; /* decoded once */
    struct sv raw_query;
    const struct route *route;
    struct sv arg_text[4];     /* path pieces in order: {i} ids and {s} names */
    int64_t arg[4];            /* the ids among them, by the same index */
    struct http_value *values; /* parallel to route->fields */
    struct problems problems;  /* what was wrong with the fields; the handler adds its own */
    struct sv body;            /* raw bytes, as received (webhooks verify on them) */
    struct sv host;            /* configured public base URL, never the Host header */
    int64_t now_ms;
    int64_t id;                   /* request id, in the log and on error pages */
    bool json;                    /* API: answers are JSON, errors are problem details */
    bool secure;                  /* arrived by TLS, or a trusted proxy said so */
    struct ctx *ctx;              /* set by http_host.enter; ctx->db by http_host.run */
    const struct page_info *page; /* what the layout needs to know; set by http_host.enter */
    struct sv remote;             /* address of the client as text: for attempt limits only, never logged or stored */
    const void *impl;             /* httpd.c; NULL in a request made by a test */
};
struct sv http_header(const struct http_req *q, const char *name); /* {0} when absent; untrusted */
struct sv http_cookie(const struct http_req *q, const char *name);
/* Values by field name; a name that the route does not declare is a defect and ends the process in debug builds. */
struct sv http_text(const struct http_req *q, const char *name);
int64_t http_int(const struct http_req *q, const char *name); /* INT, BOOL, ID; 0 when not given */
bool http_given(const struct http_req *q, const char *name);
/* What was typed, where the route declares the field; else empty. For a form that a GET shows and a POST shows again.
 */
struct sv http_kept(const struct http_req *q, const char *name);
const struct http_value *http_value(const struct http_req *q, const char *name);

/* ---- an answer ---- */

struct http_header_row {
    struct sv name, value;
};
enum { HTTP_HEADERS_MAX = 16 };
struct http_res {
    int status;     /* 0 = from the returned error; 200 on PW_OK */
    struct sv type; /* default "text/html; charset=utf-8" or application/json */
    struct buf body;
    struct http_header_row headers[HTTP_HEADERS_MAX];
    size_t n_headers;
    struct sv file;      /* send this file instead of the body (absolute path, opened by httpd) */
    struct sv sse_topic; /* turn the connection into an event stream of these topics (http_publish): up to
                          * SSE_TOPICS_MAX, separated by single spaces */
    struct sv sse_owner; /* whose stream it is (a session, an account): see http_close_owner */
    bool cacheable;      /* only for static files; all else is no-store */
    bool bad;            /* a header, cookie or redirect was refused: answered as PW_INTERNAL */
};
enum { SSE_TOPICS_MAX = 4 };
/* An answer as new: for each try of a transaction. Keeps the buffer's memory and maximum. */
void http_res_clear(struct http_res *r);
/* Replaces a header of the same name (not Set-Cookie). A name that is no token, a value with control characters, or one
 * too many marks the answer `bad`. Both must live as long as the request's arena. */
void http_set_header(struct http_res *r, struct sv name, struct sv value);
/* 303 to a path of ours, which must start with a single '/' and hold no backslash, space or control character; else
 * PW_INVALID and the answer is `bad`. */
enum pw_err http_redirect(struct http_res *r, struct sv path);
/* Content-Disposition: the answer is a file to keep under this name (any text). */
void http_set_download(const struct http_req *q, struct http_res *r, struct sv name);
/* HttpOnly, SameSite=Lax, Secure and "__Host-" when the request was secure. max_age 0 = session, < 0 = delete.
 * http_cookie() looks for the name with the same prefix. */
void http_set_cookie(const struct http_req *q, struct http_res *r, const char *name, struct sv value,
                     int64_t max_age_s);

/* ---- routes ---- */

typedef enum pw_err (*http_handler)(struct http_req *q, struct http_res *r);

enum route_flag {
    ROUTE_API = 1,      /* JSON in and out, bearer token or session, listed in openapi.json */
    ROUTE_RAW = 2,      /* body not parsed: webhooks. No CSRF, no session; authenticates itself */
    ROUTE_NO_TX = 4,    /* a POST that opens its own transactions (slow work before or after) */
    ROUTE_STREAM = 8,   /* server-sent events */
    ROUTE_NO_CSRF = 16, /* a form that has no session yet may not exist: only with a reason in the row's comment */
    ROUTE_TRACED = 32,  /* a GET that leaves a trace (reading a private record, CNS-7): runs in a transaction */
};
struct route {
    enum http_method method;
    const char *path; /* "/c/{s}/ask", "/questions/{i}", "/reports/{i}.csv" */
    int right;        /* enum right of core/access.h; 0 = anyone */
    http_handler fn;
    const struct field *fields; /* NULL = none */
    const char *help;           /* one English sentence; API reference and tests need it */
    unsigned flags;
    http_handler prepare; /* optional: runs before the transaction (password hashing, file sniffing) */
    const char *reply;    /* API: name of the reply schema in the generated description */
};
/* {i} is an id (13 characters), {s} a name of at most 200 bytes. Where two patterns match the same path the one that is
 * literal where the other has a {piece} wins ("/c/new" before "/c/{s}"); tables in which neither is the more exact are
 * refused at start. Tables end with a row whose path is NULL.
 *
 * Does a path match a pattern? Fills arg_text and arg. Exposed for tests and the fuzzer. */
bool route_match(const char *pattern, struct sv path, struct sv arg_text[4], int64_t arg[4]);

/* What main/ provides. */
struct http_host {
    void *self;
    /* Who asks: resolves session cookie or bearer token, language, and sets q->ctx. PW_DENIED = bad token (401). */
    enum pw_err (*enter)(void *self, struct http_req *q);
    /* May this actor use this row at all? Record rights are the action's. */
    bool (*allowed)(void *self, const struct http_req *q, int right);
    /* Is the form's token the session's? */
    bool (*csrf_ok)(void *self, const struct http_req *q, struct sv token);
    /* Runs fn with q->ctx->db set: read-only for GET, in a transaction otherwise. Clears r before each retry. */
    /* PW_INVALID with a body in r is sent as it is (a form with its problems), any other error goes to `error`. */
    enum pw_err (*run)(void *self, http_handler fn, struct http_req *q, struct http_res *r);
    /* Renders an error for people or for machines (problem details) into r. q->ctx may be NULL (nobody was asked yet).
     * httpd may change the status afterwards: 400, 401, 405, 413. */
    void (*error)(void *self, struct http_req *q, struct http_res *r, enum pw_err e);
    /* Not signed in and the page needs it: where to send the person (a path), from q->path. Empty when somebody is
     * signed in: then the page does not exist for them. */
    struct sv (*sign_in_path)(void *self, const struct http_req *q);
};

struct http_config {
    struct sv address;        /* "127.0.0.1", "::", … */
    int port;                 /* 0 = any; see http_port() */
    int threads;              /* 0 = 8 */
    size_t body_max;          /* 0 = 1 MiB; larger is refused early with 413 */
    size_t upload_max;        /* for routes that declare FIELD_FILE; 0 = 20 MiB */
    struct sv public_url;     /* "https://…" without a slash at the end */
    struct sv trusted_proxy;  /* address whose X-Forwarded-Proto and -For are believed; empty = none */
    struct sv static_dir;     /* served below /static/ with long caching and a version in the path; empty = none */
    struct sv static_version; /* of /static/<version>/…: immutable for a year; another version is served uncached */
    int connections;          /* 0 = 4000 */
    size_t stack;             /* of each thread, bytes; 0 = 512 KiB */
};
struct httpd;
PW_MUST_CHECK enum pw_err http_start(const struct http_config *cf, const struct route *const *tables, size_t n_tables,
                                     const struct http_host *host, struct httpd **ret);
enum { HTTP_VERSION_TEXT = 12 };
/* A version that changes with the contents of a folder of static files, for http_config.static_version. PW_NOT_FOUND,
 * PW_INVALID (too much in it), PW_UNAVAILABLE. */
PW_MUST_CHECK enum pw_err http_static_version(struct sv dir, char ret[HTTP_VERSION_TEXT + 1]);
int http_port(const struct httpd *h);
void http_stop(struct httpd *h); /* stops accepting, finishes running requests, ends streams; NULL-safe */

/* ---- live updates ---- */

/* Sends `event: name`, `data: data` to every open stream of the topic. Any thread. Slow readers lose events and get a
 * "resync" event instead. Keeps nothing: the database is the truth, a stream only says "look again". */
void http_publish(struct httpd *h, struct sv topic, struct sv name, struct sv data);
size_t http_streams(struct httpd *h);
/* Ends every stream of the topic, or of the owner (http_res.sse_owner): a session that died, a right withdrawn. */
void http_close_topic(struct httpd *h, struct sv topic);
void http_close_owner(struct httpd *h, struct sv owner);

#endif
