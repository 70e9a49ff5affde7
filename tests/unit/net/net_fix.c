/* SPDX-License-Identifier: EUPL-1.2 */
#include "net_fix.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a small provider ---- */

static void stream_megabytes(int fd)
{
    char block[4097];
    memset(block, 'x', 4096);
    block[4096] = 0;
    stub_say(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (int i = 0; i < 768; i++)
        stub_say(fd, block);
}

/* Answers one request after its path; false ends the connection. */
static bool answer(struct stub *s, int fd, const char *rq)
{
    char text[300];
    const char *path = strchr(rq, ' ');
    path = path ? path + 1 : "";
    atomic_fetch_add(&s->requests, 1);
#define IS(p) (strncmp(path, p, strlen(p)) == 0)
    if (IS("/ok")) {
        stub_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Twice: a\r\nx-twice:  b \r\n\r\nhello");
        return true;
    }
    if (IS("/empty")) {
        stub_say(fd, "HTTP/1.1 204 No Content\r\n\r\n");
        return true;
    }
    if (IS("/continue"))
        stub_say(fd, "HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    else if (IS("/silent")) {
        while (recv(fd, text, sizeof text, 0) > 0)
            continue;
    } else if (IS("/slow")) {
        usleep(2500000); /* longer than a stop takes to cut what may be cut */
        stub_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    } else if (IS("/redirect"))
        stub_say(fd, "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/secret\r\nContent-Length: 0\r\n\r\n");
    else if (IS("/big"))
        stream_megabytes(fd);
    else if (IS("/lying"))
        stub_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx");
    else if (IS("/cut"))
        stub_say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
    else if (IS("/wait"))
        stub_say(fd, "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\n{}");
    else if (IS("/missing"))
        stub_say(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnone");
    else if (IS("/headers")) {
        stub_say(fd, "HTTP/1.1 200 OK\r\n");
        for (int i = 0; i < 400; i++)
            stub_say(fd, "X-Many: 1\r\n");
        stub_say(fd, "Content-Length: 0\r\n\r\n");
    } else if (IS("/noise"))
        stub_say(fd, "\x16\x03\x01 not http at all\r\n\r\n");
        /* "/die" and all else: no answer, the connection ends */
#undef IS
    return false;
}

/* Bytes a request's body still lacks. */
static bool is_whole(const char *rq, size_t n)
{
    const char *end = strstr(rq, "\r\n\r\n"), *length = strstr(rq, "Content-Length: ");
    if (!end)
        return false;
    size_t body = length && length < end ? (size_t)strtoul(length + 16, NULL, 10) : 0;
    return n >= (size_t)(end - rq) + 4 + body;
}

static void provider(struct stub *s, int fd)
{
    char *rq = calloc(1, STUB_KEPT);
    size_t n = 0;
    for (;;) {
        ssize_t got = recv(fd, rq + n, STUB_KEPT - 1 - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        rq[n] = 0;
        if (!is_whole(rq, n))
            continue;
        stub_keep(s, rq, n);
        if (!answer(s, fd, rq))
            break;
        n = 0;
    }
    free(rq);
}

int net_set_up(void **state)
{
    struct net_fix *f = calloc(1, sizeof *f);
    stub_start(&f->stub, provider);
    assert_int_equal(net_open("0.0-test", &f->net), PW_OK);
    arena_init(&f->a, 8 << 20);
    struct sv base = arena_fmt(&f->a, "http://127.0.0.1:%d/", f->stub.port);
    assert_int_equal(net_allow(f->net, 1, base, NET_LOCAL), PW_OK);
    strcpy(f->dir, "/tmp/pw-net-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    *state = f;
    return 0;
}

int net_tear_down(void **state)
{
    struct net_fix *f = *state;
    net_close(f->net);
    stub_stop(&f->stub);
    arena_finish(&f->a);
    rmdir(f->dir);
    free(f);
    return 0;
}

struct sv net_url(struct net_fix *f, const char *path)
{
    return arena_fmt(&f->a, "http://127.0.0.1:%d%s", f->stub.port, path);
}

struct net_result net_get(struct net_fix *f, const char *path)
{
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, path)}, &r);
    return r;
}

struct net_result net_post(struct net_fix *f, const char *path)
{
    struct net_result r;
    net_fetch(
        f->net, &f->a,
        &(struct net_request){.url = net_url(f, path), .body = SV("{\"a\":1}"), .content_type = "application/json"},
        &r);
    return r;
}

void assert_net_result(const struct net_result *r, enum net_phase phase, int status, const char *code)
{
    if (r->phase != phase || r->status != status || strcmp(r->code, code) != 0)
        fail_msg("phase %d status %d code \"%s\"; want %d %d \"%s\"", r->phase, r->status, r->code, phase, status,
                 code);
}

void assert_net_sv(struct sv got, const char *want)
{
    if (!sv_eq_z(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", SV_ARG(got), want);
}
