/* SPDX-License-Identifier: EUPL-1.2 */
#include "testhost.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static bool bearer(const struct http_req *q, struct sv *ret)
{
    struct sv h = http_header(q, "Authorization");
    *ret = sv_starts(h, SV("Bearer ")) ? sv_sub(h, 7, h.n) : (struct sv){0};
    return ret->n > 0;
}

static bool signed_in(const struct http_req *q)
{
    struct sv token;
    if (bearer(q, &token))
        return sv_eq(token, SV("good"));
    return sv_eq(http_cookie(q, "session"), SV("ok"));
}

static enum pw_err enter(void *self, struct http_req *q)
{
    struct testhost *t = self;
    struct sv token;
    atomic_fetch_add(&t->entered, 1);
    q->ctx = (struct ctx *)t;
    return bearer(q, &token) && !sv_eq(token, SV("good")) ? PW_DENIED : PW_OK;
}

static bool allowed(void *self, const struct http_req *q, int right)
{
    (void)self;
    return right == TEST_RIGHT_SIGNED_IN && signed_in(q);
}

static bool csrf_ok(void *self, const struct http_req *q, struct sv token)
{
    (void)self;
    (void)q;
    return sv_eq(token, SV("token"));
}

static enum pw_err run(void *self, http_handler fn, struct http_req *q, struct http_res *r)
{
    struct testhost *t = self;
    size_t kept = q->problems.n;
    enum pw_err e;
    do {
        http_res_clear(r);
        q->problems.n = kept;
        e = fn(q, r);
        atomic_fetch_add(&t->runs, 1);
    } while (atomic_load(&t->retries) > 0 && atomic_fetch_sub(&t->retries, 1) > 0);
    return e;
}

static void error(void *self, struct http_req *q, struct http_res *r, enum pw_err e)
{
    (void)self;
    r->type = q->json ? SV("application/problem+json") : SV("text/plain; charset=utf-8");
    buf_fmt(&r->body, "error=%s", err_name(e));
    for (size_t i = 0; i < q->problems.n; i++)
        buf_fmt(&r->body, "\n%s: %s [%.*s]", q->problems.v[i].field ? q->problems.v[i].field : "-",
                q->problems.v[i].msgid, SV_ARG(q->problems.v[i].arg));
}

static struct sv sign_in_path(void *self, const struct http_req *q)
{
    (void)self;
    return signed_in(q) ? (struct sv){0} : SV("/sign-in?to=x");
}

void testhost_init(struct testhost *t)
{
    *t = (struct testhost){.host = {t, enter, allowed, csrf_ok, run, error, sign_in_path}};
}

struct httpd *testhost_start(struct testhost *t, const struct route *routes, const struct http_config *more)
{
    struct http_config cf = more ? *more : (struct http_config){0};
    struct httpd *h = NULL;
    cf.address = SV("127.0.0.1");
    if (!cf.public_url.n)
        cf.public_url = SV("https://network.example");
    if (http_start(&cf, &routes, 1, &t->host, &h) != PW_OK) {
        fprintf(stderr, "the test server does not start\n");
        abort();
    }
    return h;
}

/* ---- a raw client ---- */

int client_open(const struct httpd *h)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)http_port(h))};
    struct timeval wait = {.tv_sec = 20};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) != 0 ||
        connect(fd, (struct sockaddr *)&at, sizeof at) != 0) {
        fprintf(stderr, "cannot connect\n");
        abort();
    }
    return fd;
}

void client_send_n(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n) {
        ssize_t sent = send(fd, p, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return; /* the server hung up: the test looks at what it answered */
        p += sent;
        n -= (size_t)sent;
    }
}

void client_send(int fd, const char *text)
{
    client_send_n(fd, text, strlen(text));
}

static bool more(int fd, char *bytes, size_t *io_n, size_t max)
{
    if (*io_n >= max)
        return false;
    ssize_t got = recv(fd, bytes + *io_n, 1, 0);
    if (got <= 0)
        return false;
    ++*io_n;
    bytes[*io_n] = 0;
    return true;
}

static bool exactly(int fd, char *into, size_t n)
{
    while (n) {
        ssize_t got = recv(fd, into, n, 0);
        if (got <= 0)
            return false;
        into += got;
        n -= (size_t)got;
    }
    return true;
}

const char *reply_header(const struct reply *r, const char *name, char *out, size_t size)
{
    size_t n = strlen(name);
    out[0] = 0;
    for (const char *line = strstr(r->head, "\r\n"); line; line = strstr(line + 2, "\r\n"))
        if (strncasecmp(line + 2, name, n) == 0 && line[2 + n] == ':') {
            const char *v = line + 3 + n;
            v += strspn(v, " ");
            snprintf(out, size, "%.*s", (int)strcspn(v, "\r"), v);
            break;
        }
    return out;
}

bool client_read(int fd, struct reply *r, bool head)
{
    char text[64];
    size_t n = 0;
    r->status = 0;
    r->head = r->bytes;
    r->n = 0;
    r->bytes[0] = 0;
    r->body = r->bytes;
    while (!strstr(n > 4 ? r->bytes + n - 4 : r->bytes, "\r\n\r\n"))
        if (!more(fd, r->bytes, &n, REPLY_MAX - 2))
            return false;
    r->body = r->bytes + n + 1;
    r->body[0] = 0;
    if (sscanf(r->head, "HTTP/1.1 %d", &r->status) != 1)
        return false;
    if (head || r->status == 304 || r->status == 204 || r->status == 100)
        return true;
    size_t room = REPLY_MAX - n - 2;
    if (*reply_header(r, "Content-Length", text, sizeof text)) {
        r->n = strtoul(text, NULL, 10);
        bool ok = r->n < room && exactly(fd, r->body, r->n);
        r->body[ok ? r->n : 0] = 0;
        return ok;
    }
    for (;;) {
        char size[32];
        size_t k = 0;
        while (k < 2 || memcmp(size + k - 2, "\r\n", 2) != 0)
            if (!more(fd, size, &k, sizeof size - 1))
                return false;
        size_t piece = strtoul(size, NULL, 16);
        if (piece > room - r->n || !exactly(fd, r->body + r->n, piece) || !exactly(fd, size, 2))
            return false;
        r->n += piece;
        r->body[r->n] = 0;
        if (!piece)
            return true;
    }
}

void client_ask(const struct httpd *h, const char *text, struct reply *r)
{
    int fd = client_open(h);
    client_send(fd, text);
    client_read(fd, r, strncmp(text, "HEAD ", 5) == 0);
    close(fd);
}
