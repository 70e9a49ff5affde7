/* SPDX-License-Identifier: EUPL-1.2 */
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/net_priv.h"
#include "stub_server.h"

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

struct fix {
    struct stub stub;
    struct net *net;
    struct arena a;
    char dir[64];
};

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
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

static int teardown(void **state)
{
    struct fix *f = *state;
    net_close(f->net);
    stub_stop(&f->stub);
    arena_finish(&f->a);
    rmdir(f->dir);
    free(f);
    return 0;
}

static struct sv url(struct fix *f, const char *path)
{
    return arena_fmt(&f->a, "http://127.0.0.1:%d%s", f->stub.port, path);
}

static struct net_result get(struct fix *f, const char *path)
{
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, path)}, &r);
    return r;
}

static struct net_result post(struct fix *f, const char *path)
{
    struct net_result r;
    net_fetch(f->net, &f->a,
              &(struct net_request){.url = url(f, path), .body = SV("{\"a\":1}"), .content_type = "application/json"},
              &r);
    return r;
}

static void assert_result(const struct net_result *r, enum net_phase phase, int status, const char *code)
{
    if (r->phase != phase || r->status != status || strcmp(r->code, code) != 0)
        fail_msg("phase %d status %d code \"%s\"; want %d %d \"%s\"", r->phase, r->status, r->code, phase, status,
                 code);
}

static void assert_sv(struct sv got, const char *want)
{
    if (!sv_eq_z(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", SV_ARG(got), want);
}

/* ---- answers ---- */

static void a_whole_answer(void **state)
{
    struct fix *f = *state;
    struct net_result r = get(f, "/ok");
    assert_result(&r, NET_DONE, 200, "");
    assert_sv(r.body, "hello");
    assert_int_equal(r.body_bytes, 5);
    assert_sv(net_header_of(&r, "X-TWICE"), "b");
    assert_int_equal(net_header_of(&r, "absent").n, 0);
    assert_non_null(strstr(f->stub.last, "User-Agent: Passerelle/0.0-test\r\n"));
    r = get(f, "/continue");
    assert_result(&r, NET_DONE, 200, "");
    assert_int_equal(net_header_of(&r, "X-Early").n, 0);
    r = get(f, "/missing");
    assert_result(&r, NET_DONE, 404, "");
    assert_sv(r.body, "none");
}

static void connections_are_kept(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 5; i++) {
        struct net_result r = post(f, "/ok");
        assert_result(&r, NET_DONE, 200, "");
    }
    assert_int_equal(atomic_load(&f->stub.connections), 1);
    assert_int_equal(atomic_load(&f->stub.requests), 5);
}

static void bodies_go_out_as_given(void **state)
{
    struct fix *f = *state;
    struct net_result r = post(f, "/ok");
    assert_non_null(strstr(f->stub.last, "POST /ok HTTP/1.1\r\n"));
    assert_non_null(strstr(f->stub.last, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(f->stub.last, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(f->stub.last, "Expect"));

    struct sv form = net_form(&f->a, (const struct sv[]){SV("text"), SV("a b&c=\xc3\xa9"), SV("k"), SV("")}, 2);
    assert_sv(form, "text=a%20b%26c%3D%C3%A9&k=");
    struct net_header h[] = {{SV("X-Key"), SV("v 1")}, {SV("X-None"), {0}}};
    net_fetch(f->net, &f->a,
              &(struct net_request){.url = url(f, "/ok"),
                                    .method = "PUT",
                                    .body = form,
                                    .content_type = "application/x-www-form-urlencoded",
                                    .headers = h,
                                    .n_headers = 2,
                                    .user = SV("me"),
                                    .password = SV("pw")},
              &r);
    assert_result(&r, NET_DONE, 200, "");
    assert_non_null(strstr(f->stub.last, "PUT /ok HTTP/1.1\r\n"));
    assert_non_null(strstr(f->stub.last, "X-Key: v 1\r\n"));
    assert_non_null(strstr(f->stub.last, "X-None:\r\n"));
    assert_non_null(strstr(f->stub.last, "Authorization: Basic bWU6cHc=\r\n"));
    /* nothing of that request stays on the handle */
    r = post(f, "/ok");
    assert_null(strstr(f->stub.last, "Authorization"));
    assert_null(strstr(f->stub.last, "X-Key"));
}

static void files_go_out_in_parts(void **state)
{
    struct fix *f = *state;
    struct sv path = arena_fmt(&f->a, "%s/photo-of-somebody.jpg", f->dir);
    FILE *out = fopen(path.p, "wb");
    assert_non_null(out);
    fputs("JPEGBYTES", out);
    fclose(out);
    struct net_part parts[] = {{.name = "chat_id", .data = SV("42")},
                               {.name = "photo", .path = path.p, .filename = "p.jpg", .type = "image/jpeg"},
                               {.name = "other", .path = path.p}};
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, "/ok"), .parts = parts, .n_parts = 3}, &r);
    assert_result(&r, NET_DONE, 200, "");
    assert_non_null(strstr(f->stub.last, "Content-Type: multipart/form-data; boundary="));
    assert_non_null(strstr(f->stub.last, "name=\"chat_id\"\r\n\r\n42\r\n"));
    assert_non_null(strstr(f->stub.last, "filename=\"p.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nJPEGBYTES\r\n"));
    assert_null(strstr(f->stub.last, "somebody"));
    unlink(path.p);
    /* a file that is gone: nothing leaves */
    int before = atomic_load(&f->stub.requests);
    net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, "/ok"), .parts = parts, .n_parts = 3}, &r);
    assert_int_equal(r.phase, NET_NOT_SENT);
    assert_int_equal(atomic_load(&f->stub.requests), before);
}

static void downloads_are_whole_or_absent(void **state)
{
    struct fix *f = *state;
    struct net_result r;
    struct stat st;
    struct sv path = arena_fmt(&f->a, "%s/file", f->dir);
    struct net_request rq = {.url = url(f, "/big"), .download_path = path};
    net_fetch(f->net, &f->a, &rq, &r);
    assert_result(&r, NET_DONE, 200, "");
    assert_int_equal(stat(path.p, &st), 0);
    assert_int_equal(st.st_size, 768 * 4096);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(r.body.n, 0);
    unlink(path.p);
    rq.max_response = 100000;
    net_fetch(f->net, &f->a, &rq, &r);
    assert_result(&r, NET_SENT, 200, "too-large");
    assert_int_equal(stat(path.p, &st), -1);
    rq.url = url(f, "/cut");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_result(&r, NET_SENT, 200, "cut");
    assert_int_equal(stat(path.p, &st), -1);
    rq.url = url(f, "/missing");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_result(&r, NET_DONE, 404, "");
    assert_sv(r.body, "none");
    assert_int_equal(stat(path.p, &st), -1);
    rq.url = url(f, "/empty");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_result(&r, NET_DONE, 204, "");
    assert_int_equal(stat(path.p, &st), 0);
    unlink(path.p);
    rq.download_path = SV("/nonexistent/folder/file");
    rq.url = url(f, "/ok");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_string_equal(r.code, "file");
}

/* ---- how far it came (channels.md 6: sent but no answer is in doubt) ---- */

static void nobody_listens_is_not_sent(void **state)
{
    struct fix *f = *state;
    int port = stub_free_port();
    struct sv base = arena_fmt(&f->a, "http://127.0.0.1:%d/", port);
    assert_int_equal(net_allow(f->net, 1, base, NET_LOCAL), PW_OK);
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = base, .method = "POST"}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "connect");
    assert_int_equal(net_allow(f->net, 1, SV("https://name.invalid/"), 0), PW_OK);
    net_fetch(f->net, &f->a, &(struct net_request){.url = SV("https://name.invalid/x")}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "dns");
}

static void silence_after_the_request_is_sent(void **state)
{
    struct fix *f = *state;
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, "/silent"), .method = "POST", .total_ms = 300}, &r);
    assert_result(&r, NET_SENT, 0, "timeout");
    net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, "/silent"), .method = "POST", .idle_ms = 1000}, &r);
    assert_result(&r, NET_SENT, 0, "timeout");
}

static void a_broken_answer_is_sent(void **state)
{
    struct fix *f = *state;
    struct net_result r = post(f, "/die");
    assert_result(&r, NET_SENT, 0, "cut");
    r = post(f, "/cut");
    assert_result(&r, NET_SENT, 200, "cut");
    r = post(f, "/noise");
    assert_int_equal(r.phase, NET_SENT);
    r = post(f, "/big");
    assert_result(&r, NET_SENT, 200, "too-large");
    r = post(f, "/lying");
    assert_int_equal(r.phase, NET_SENT);
    r = post(f, "/headers");
    assert_result(&r, NET_SENT, 200, "too-large");
}

static void a_dead_kept_connection_is_not_sent_twice(void **state)
{
    struct fix *f = *state;
    struct net_result r = post(f, "/ok");
    assert_result(&r, NET_DONE, 200, "");
    int before = atomic_load(&f->stub.requests);
    r = post(f, "/die"); /* the provider acted and its answer was lost */
    assert_int_equal(r.phase, NET_SENT);
    assert_int_equal(r.status, 0);
    assert_int_equal(atomic_load(&f->stub.requests), before + 1);
    /* a harmless request may go again */
    r = get(f, "/ok");
    r = get(f, "/die");
    assert_int_equal(r.phase, NET_SENT);
    assert_true(atomic_load(&f->stub.requests) >= before + 3);
}

static void tls_is_needed_before_anything_leaves(void **state)
{
    struct fix *f = *state;
    struct sv base = arena_fmt(&f->a, "https://127.0.0.1:%d/", f->stub.port);
    assert_int_equal(net_allow(f->net, 1, base, NET_LOCAL), PW_OK);
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = base, .method = "POST", .connect_ms = 2000}, &r);
    assert_int_equal(r.phase, NET_NOT_SENT);
    assert_int_equal(atomic_load(&f->stub.requests), 0);
}

static pid_t openssl(const char *const *args)
{
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_RDWR);
        (void)dup2(nothing, 0);
        (void)dup2(nothing, 1);
        (void)dup2(nothing, 2);
        execv("/usr/bin/openssl", (char *const *)(uintptr_t)args);
        _exit(127);
    }
    return child;
}

static bool somebody_listens(int port)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;
    close(fd);
    return ok;
}

/* A certificate nobody vouches for is refused, local origin or not. */
static void tls_is_verified(void **state)
{
    struct fix *f = *state;
    char *key = arena_z(&f->a, arena_fmt(&f->a, "%s/key", f->dir)),
         *crt = arena_z(&f->a, arena_fmt(&f->a, "%s/crt", f->dir));
    int status = 0, port = stub_free_port();
    char *at = arena_z(&f->a, arena_fmt(&f->a, "127.0.0.1:%d", port));
    const char *make[] = {"openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:prime256v1",
                          "-nodes",
                          "-keyout",
                          key,
                          "-out",
                          crt,
                          "-days",
                          "2",
                          "-subj",
                          "/CN=127.0.0.1",
                          "-addext",
                          "subjectAltName=IP:127.0.0.1",
                          NULL};
    if (access("/usr/bin/openssl", X_OK) != 0)
        skip();
    assert_int_equal(waitpid(openssl(make), &status, 0) > 0 ? status : -1, 0);
    const char *serve[] = {"openssl", "s_server", "-accept", at, "-key", key, "-cert", crt, "-www", NULL};
    pid_t server = openssl(serve);
    for (int i = 0; i < 5000 && !somebody_listens(port); i++)
        usleep(2000);
    struct sv base = arena_fmt(&f->a, "https://127.0.0.1:%d/", port);
    assert_int_equal(net_allow(f->net, 1, base, NET_LOCAL), PW_OK);
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = base}, &r);
    kill(server, SIGTERM);
    (void)waitpid(server, &status, 0);
    unlink(key);
    unlink(crt);
    assert_result(&r, NET_NOT_SENT, 0, "tls");
}

struct stopped {
    struct fix *f;
    const char *path;
    bool idempotent;
    struct net_result r;
    struct arena a;
};

static void *run_one(void *arg)
{
    struct stopped *t = arg;
    net_fetch(t->f->net, &t->a,
              &(struct net_request){.url = arena_fmt(&t->a, "http://127.0.0.1:%d%s", t->f->stub.port, t->path),
                                    .method = "POST",
                                    .idempotent = t->idempotent,
                                    .total_ms = 20000},
              &t->r);
    return NULL;
}

/* A long poll ends at once; a message under way is not cut, that would leave it in doubt. */
static void stopping_cuts_only_what_may_be_repeated(void **state)
{
    struct fix *f = *state;
    struct stopped poll = {.f = f, .path = "/silent", .idempotent = true}, send = {.f = f, .path = "/slow"};
    pthread_t a, b;
    arena_init(&poll.a, 1 << 20);
    arena_init(&send.a, 1 << 20);
    assert_int_equal(pthread_create(&a, NULL, run_one, &poll), 0);
    while (atomic_load(&f->stub.requests) < 1)
        usleep(1000);
    assert_int_equal(pthread_create(&b, NULL, run_one, &send), 0);
    while (atomic_load(&f->stub.requests) < 2)
        usleep(1000);
    net_stop(f->net);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert_result(&poll.r, NET_SENT, 0, "stopped");
    assert_result(&send.r, NET_DONE, 200, "");
    struct net_result r = get(f, "/ok");
    assert_result(&r, NET_NOT_SENT, 0, "stopped");
    arena_finish(&poll.a);
    arena_finish(&send.a);
}

/* ---- what may go where ---- */

static void redirects_are_not_followed(void **state)
{
    struct fix *f = *state;
    struct net_result r = get(f, "/redirect");
    assert_result(&r, NET_DONE, 302, "redirect-refused");
    assert_int_equal(atomic_load(&f->stub.requests), 1);
}

static void refuses_what_is_not_on_the_list(void **state)
{
    struct fix *f = *state;
    struct net_result r;
    static const char *const bad[] = {"http://127.0.0.1:1/",
                                      "https://127.0.0.1/",
                                      "http://localhost/",
                                      "file:///etc/passwd",
                                      "gopher://127.0.0.1/",
                                      "ftp://127.0.0.1/",
                                      "http://",
                                      "",
                                      "http://evil.example/",
                                      "dict://127.0.0.1/",
                                      "http://[::1]/",
                                      "//127.0.0.1/",
                                      "http://127.0.0.1@evil.x/",
                                      "http://0/",
                                      "http://2130706433:65536/"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        net_fetch(f->net, &f->a, &(struct net_request){.url = sv_of(bad[i])}, &r);
        assert_result(&r, NET_NOT_SENT, 0, "origin-refused");
    }
    struct sv with_user = arena_fmt(&f->a, "http://u:p@127.0.0.1:%d/ok", f->stub.port);
    net_fetch(f->net, &f->a, &(struct net_request){.url = with_user}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "origin-refused");
    struct sv nul = (struct sv){arena_fmt(&f->a, "http://127.0.0.1:%d/okXx", f->stub.port).p, 0};
    nul.n = strlen(nul.p);
    *(char *)(uintptr_t)(nul.p + nul.n - 2) = 0;
    net_fetch(f->net, &f->a, &(struct net_request){.url = nul}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "origin-refused");
    assert_int_equal(atomic_load(&f->stub.connections), 0);
    net_forget(f->net, 1);
    r = get(f, "/ok");
    assert_result(&r, NET_NOT_SENT, 0, "origin-refused");
}

static void path_prefixes_are_whole_segments(void **state)
{
    struct fix *f = *state;
    net_forget(f->net, 1);
    assert_int_equal(net_allow(f->net, 2, url(f, "/ok"), NET_LOCAL), PW_OK);
    static const char *const good[] = {"/ok", "/ok/", "/ok/x?y=1", "/ok?x", "/a/../ok"};
    static const char *const bad[] = {"/",         "/okay",   "/ok/../secret",     "/ok/%2e%2e/secret",
                                      "/ok%2fxx",  "/OK",     "/ok/..%5csecret",   "/ok/.%2E/secret",
                                      "/ok/%00/x", "/secret", "/ok/x/../../secret"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct net_result r = get(f, good[i]);
        assert_result(&r, NET_DONE, 200, "");
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct net_result r = get(f, bad[i]);
        assert_result(&r, NET_NOT_SENT, 0, "origin-refused");
    }
}

static void only_sound_origins_can_be_allowed(void **state)
{
    struct fix *f = *state;
    static const char *const bad[] = {
        "http://api.example.org/",  "ftp://example.org/", "example.org",         "https://u:p@example.org",
        "https://example.org/?a=b", "file:///tmp",        "smtp://example.org/", "",
        "https://exa mple.org/"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(net_allow(f->net, 3, sv_of(bad[i]), 0), PW_INVALID);
    assert_int_equal(net_allow(f->net, 3, SV("ftp://127.0.0.1/"), NET_LOCAL), PW_INVALID);
    assert_int_equal(net_allow(f->net, 3, SV("https://api.example.org/bot"), 0), PW_OK);
}

/* reliability.md goal 24: no form of a private address gets through an ordinary origin. */
static void private_addresses_are_refused_at_connect(void **state)
{
    struct fix *f = *state;
    net_forget(f->net, 1);
    static const char *const hosts[] = {
        "127.0.0.1",          "localhost", "2130706433",  "0x7f.1",          "0177.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "10.1.2.3",  "192.168.0.1", "169.254.169.254", "0.0.0.0"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct net_result r;
        struct sv base = arena_fmt(&f->a, "https://%s:%d/", hosts[i], f->stub.port);
        assert_int_equal(net_allow(f->net, 4, base, 0), PW_OK);
        net_fetch(f->net, &f->a, &(struct net_request){.url = base, .connect_ms = 2000}, &r);
        assert_result(&r, NET_NOT_SENT, 0, "address-refused");
    }
    /* allowed as local, still never to where clouds keep their keys */
    struct net_result r;
    assert_int_equal(net_allow(f->net, 4, SV("http://169.254.169.254/"), NET_LOCAL), PW_OK);
    net_fetch(f->net, &f->a, &(struct net_request){.url = SV("http://169.254.169.254/"), .connect_ms = 2000}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "address-refused");
    /* and plain http does not leave for a public address */
    assert_int_equal(net_allow(f->net, 4, SV("http://8.8.8.8/"), NET_LOCAL), PW_OK);
    net_fetch(f->net, &f->a, &(struct net_request){.url = SV("http://8.8.8.8/"), .connect_ms = 2000}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "address-refused");
    assert_int_equal(atomic_load(&f->stub.connections), 0);
}

static void addresses_have_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *ip;
        enum address_kind kind;
    } rows[] = {
        {"8.8.8.8", ADDRESS_PUBLIC},
        {"149.154.167.220", ADDRESS_PUBLIC},
        {"9.255.255.255", ADDRESS_PUBLIC},
        {"10.0.0.0", ADDRESS_LOCAL},
        {"10.255.255.255", ADDRESS_LOCAL},
        {"11.0.0.0", ADDRESS_PUBLIC},
        {"100.63.255.255", ADDRESS_PUBLIC},
        {"100.64.0.1", ADDRESS_LOCAL},
        {"100.128.0.0", ADDRESS_PUBLIC},
        {"127.255.0.1", ADDRESS_LOCAL},
        {"169.254.169.254", ADDRESS_NEVER},
        {"172.15.0.1", ADDRESS_PUBLIC},
        {"172.16.0.1", ADDRESS_LOCAL},
        {"172.31.255.255", ADDRESS_LOCAL},
        {"172.32.0.0", ADDRESS_PUBLIC},
        {"192.168.1.1", ADDRESS_LOCAL},
        {"192.169.0.1", ADDRESS_PUBLIC},
        {"192.0.2.1", ADDRESS_NEVER},
        {"198.18.0.1", ADDRESS_NEVER},
        {"198.20.0.1", ADDRESS_PUBLIC},
        {"203.0.113.9", ADDRESS_NEVER},
        {"224.0.0.1", ADDRESS_NEVER},
        {"255.255.255.255", ADDRESS_NEVER},
        {"0.0.0.0", ADDRESS_NEVER},
        {"240.0.0.1", ADDRESS_NEVER},
        {"::1", ADDRESS_LOCAL},
        {"::", ADDRESS_NEVER},
        {"::ffff:10.0.0.1", ADDRESS_LOCAL},
        {"::ffff:8.8.8.8", ADDRESS_PUBLIC},
        {"::10.0.0.1", ADDRESS_NEVER},
        {"64:ff9b::a00:1", ADDRESS_NEVER},
        {"64:ff9b::808:808", ADDRESS_PUBLIC},
        {"2002:a00:1::", ADDRESS_NEVER},
        {"2002:808:808::", ADDRESS_PUBLIC},
        {"fe80::1", ADDRESS_NEVER},
        {"fc00::1", ADDRESS_LOCAL},
        {"fdff::1", ADDRESS_LOCAL},
        {"ff02::1", ADDRESS_NEVER},
        {"2001:db8::1", ADDRESS_NEVER},
        {"2001::1", ADDRESS_NEVER},
        {"2001:67c:4e8::1", ADDRESS_PUBLIC},
        {"2606:4700::1", ADDRESS_PUBLIC},
        {"fec0::1", ADDRESS_NEVER},
        {"64:ff9b:1::1", ADDRESS_NEVER},
        {"not an ip", ADDRESS_NEVER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (address_kind_of_text(rows[i].ip) != rows[i].kind)
            fail_msg("%s is %d", rows[i].ip, address_kind_of_text(rows[i].ip));
}

static void refuses_headers_that_break_out(void **state)
{
    struct fix *f = *state;
    struct net_result r;
    struct net_header bad[] = {{SV("X"), SV("a\r\nHost: b")},
                               {SV("X\r\nY"), SV("a")},
                               {SV(""), SV("a")},
                               {SV("X: y"), SV("a")},
                               {SV("X"), SV("a\0b")}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, "/ok"), .headers = &bad[i], .n_headers = 1}, &r);
        assert_result(&r, NET_NOT_SENT, 0, "request-refused");
    }
    net_fetch(f->net, &f->a, &(struct net_request){.url = url(f, "/ok"), .method = "GET /x"}, &r);
    assert_result(&r, NET_NOT_SENT, 0, "request-refused");
    assert_int_equal(atomic_load(&f->stub.connections), 0);
}

static void reads_retry_after(void **state)
{
    struct fix *f = *state;
    struct net_result r = post(f, "/wait");
    assert_result(&r, NET_DONE, 429, "");
    assert_int_equal(r.retry_after_ms, 7000);
    int64_t now = INT64_C(1700000000000); /* Tue, 14 Nov 2023 22:13:20 GMT */
    assert_int_equal(net_retry_after(SV("120"), now), 120000);
    assert_int_equal(net_retry_after(SV("Tue, 14 Nov 2023 22:14:20 GMT"), now), 60000);
    assert_int_equal(net_retry_after(SV("Tue, 14 Nov 2023 22:12:20 GMT"), now), 0);
    assert_int_equal(net_retry_after(SV("99999999999999"), now), 86400000);
    assert_int_equal(net_retry_after(SV("-5"), now), 0);
    assert_int_equal(net_retry_after(SV("soon"), now), 0);
    assert_int_equal(net_retry_after(SV(""), now), 0);
}

static void origins_are_shown_without_secrets(void **state)
{
    struct fix *f = *state;
    assert_sv(net_origin_text(&f->a, SV("https://api.example.org/bot123:SECRET/sendMessage?x=1")),
              "https://api.example.org");
    assert_sv(net_origin_text(&f->a, SV("http://127.0.0.1:8081/bot1:S")), "http://127.0.0.1:8081");
    assert_int_equal(net_origin_text(&f->a, SV("https://u:p@example.org/")).n, 0);
    assert_int_equal(net_origin_text(&f->a, SV("not a url")).n, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_whole_answer),
        T(connections_are_kept),
        T(bodies_go_out_as_given),
        T(files_go_out_in_parts),
        T(downloads_are_whole_or_absent),
        T(nobody_listens_is_not_sent),
        T(silence_after_the_request_is_sent),
        T(a_broken_answer_is_sent),
        T(a_dead_kept_connection_is_not_sent_twice),
        T(tls_is_needed_before_anything_leaves),
        T(tls_is_verified),
        T(stopping_cuts_only_what_may_be_repeated),
        T(redirects_are_not_followed),
        T(refuses_what_is_not_on_the_list),
        T(path_prefixes_are_whole_segments),
        T(only_sound_origins_can_be_allowed),
        T(private_addresses_are_refused_at_connect),
        T(addresses_have_kinds),
        T(refuses_headers_that_break_out),
        T(reads_retry_after),
        T(origins_are_shown_without_secrets),
    };
    return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
