/* SPDX-License-Identifier: EUPL-1.2 */
/* net: the single way out of the machine (libcurl; no other room includes curl.h). Nothing leaves except to an origin
 * that a configured channel registered with net_allow(): scheme, host, port and the beginning of the path must fit.
 * Redirects are never followed. Addresses are checked when a socket is opened and again before a request goes out on
 * a kept connection: private and loopback ones only where the origin was allowed with NET_LOCAL, link-local, multicast
 * and reserved ones never. TLS is always verified; plain http is only for NET_LOCAL origins at local addresses.
 * Nothing here returns or logs a URL: some providers carry their token in it. Codes are fixed words.
 * Thread-safe. A connection is kept alive and used again by whoever calls next. The process must ignore SIGPIPE. */
#ifndef PW_NET_H
#define PW_NET_H

#include "base/arena.h"
#include "base/err.h"

struct net;
PW_MUST_CHECK enum pw_err net_open(const char *version, struct net **ret); /* User-Agent "Passerelle/<version>" */
/* Any thread: new requests are refused ("stopped"); running ones that may be repeated (long polls, downloads) end
 * within about a second, others come to their end, else a stop would put every send under way in doubt. */
void net_stop(struct net *n);
void net_close(struct net *n); /* no request may be running; NULL-safe */

enum {
    NET_LOCAL = 1,     /* the origin may be a stand-in or a gateway on this machine or this network */
    NET_SUBDOMAINS = 2 /* and every host below it (content networks); https only */
};
/* Adds an origin for an owner (a channel's id): "https://api.example.org/", "http://127.0.0.1:8081/bot". The path is a
 * prefix of whole segments. PW_INVALID for anything but http(s), for a user or password inside, for plain http without
 * NET_LOCAL. The same origin may be allowed by several owners. */
PW_MUST_CHECK enum pw_err net_allow(struct net *n, int64_t owner, struct sv base_url, unsigned flags);
void net_forget(struct net *n, int64_t owner); /* all origins of an owner */

/* How far a request came. */
enum net_phase {
    NET_NOT_SENT, /* no byte of it left: it may be tried again */
    NET_SENT,     /* some or all of it left and no whole answer came: in doubt, unless `status` already tells */
    NET_DONE      /* a whole answer came: see status */
};
struct net_header {
    struct sv name, value;
};
struct net_part { /* of a multipart body: data, or the file at path */
    const char *name;
    struct sv data;
    const char *path;
    const char *filename, *type; /* optional */
};
struct net_request {
    const char *method; /* "GET", "POST", …; NULL = POST when there is a body, else GET */
    struct sv url;
    const struct net_header *headers;
    size_t n_headers;
    struct sv body;           /* bytes as they go out, with … */
    const char *content_type; /* … their type; see net_form() */
    const struct net_part *parts;
    size_t n_parts;           /* instead of body */
    struct sv user, password; /* HTTP basic, when user is not empty */
    struct sv download_path;  /* a 2xx body goes to this file (0600, whole or not at all), others to `body` */
    size_t max_response;      /* bytes; 0 = 1 MiB, and 20 MiB for downloads */
    int connect_ms;           /* 0 = 5,000 */
    int total_ms;             /* 0 = 30,000 */
    int idle_ms;              /* longest time without a byte; 0 = 15,000; long polls set it to total_ms */
    bool idempotent;          /* a second sending is harmless (GET and HEAD always are) */
};
struct net_result {
    enum net_phase phase;
    int status;         /* HTTP (or SMTP) status, 0 = none came */
    const char *code;   /* "" when done; else a fixed word, see below */
    struct sv body;     /* also NUL-terminated; in the arena */
    int64_t body_bytes; /* also of a download */
    const struct net_header *headers;
    size_t n_headers;
    int64_t retry_after_ms; /* from Retry-After; 0 = none; at most a day */
};
/* Codes: "origin-refused" (not on the list), "request-refused" (a malformed request), "address-refused",
 * "redirect-refused" (phase is NET_DONE, status 3xx), "dns", "connect", "tls", "timeout", "cut" (connection ended too
 * early), "too-large", "resend-refused" (a kept connection died; it is not sent twice), "file", "stopped", "memory",
 * "failed". Always fills *ret; its texts live in the arena. */
void net_fetch(struct net *n, struct arena *a, const struct net_request *rq, struct net_result *ret);

/* For a lasting connection that is not HTTP and has no TLS (an XMPP component): the address of a host, as text, when it
 * is on this machine or this network. PW_DENIED: it is elsewhere; PW_UNAVAILABLE: no address was found. */
enum { NET_ADDRESS_TEXT = 46 };
PW_MUST_CHECK enum pw_err net_local_address(struct sv host, char ret[NET_ADDRESS_TEXT]);

struct sv net_header_of(const struct net_result *r, const char *name); /* empty when absent; the last one wins */
/* name=value&…, from pairs: v[0]=v[1]&v[2]=v[3]. Empty when the arena is full. */
struct sv net_form(struct arena *a, const struct sv *pairs, size_t n_pairs);
/* Of a Retry-After value: seconds or an HTTP date. 0 when it is neither; between 0 and a day. */
int64_t net_retry_after(struct sv value, int64_t now_ms);
/* "https://api.example.org" of a URL, for people to read: never path, query or user. Empty when it is no URL. */
struct sv net_origin_text(struct arena *a, struct sv url);

#endif
