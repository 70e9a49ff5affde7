/* SPDX-License-Identifier: EUPL-1.2 */
/* What comes of a request: answered, not sent, or in doubt. */
#include "net_fix.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- answers ---- */

static void a_whole_answer(void **state)
{
    struct net_fix *f = *state;
    struct net_result r = net_get(f, "/ok");
    assert_net_result(&r, NET_DONE, 200, "");
    assert_net_sv(r.body, "hello");
    assert_int_equal(r.body_bytes, 5);
    assert_net_sv(net_header_of(&r, "X-TWICE"), "b");
    assert_int_equal(net_header_of(&r, "absent").n, 0);
    assert_non_null(strstr(f->stub.last, "User-Agent: Passerelle/0.0-test\r\n"));
    r = net_get(f, "/continue");
    assert_net_result(&r, NET_DONE, 200, "");
    assert_int_equal(net_header_of(&r, "X-Early").n, 0);
    r = net_get(f, "/missing");
    assert_net_result(&r, NET_DONE, 404, "");
    assert_net_sv(r.body, "none");
}

static void connections_are_kept(void **state)
{
    struct net_fix *f = *state;
    for (int i = 0; i < 5; i++) {
        struct net_result r = net_post(f, "/ok");
        assert_net_result(&r, NET_DONE, 200, "");
    }
    assert_int_equal(atomic_load(&f->stub.connections), 1);
    assert_int_equal(atomic_load(&f->stub.requests), 5);
}

static void bodies_go_out_as_given(void **state)
{
    struct net_fix *f = *state;
    struct net_result r = net_post(f, "/ok");
    assert_non_null(strstr(f->stub.last, "POST /ok HTTP/1.1\r\n"));
    assert_non_null(strstr(f->stub.last, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(f->stub.last, "\r\n\r\n{\"a\":1}"));
    assert_null(strstr(f->stub.last, "Expect"));

    struct sv form = net_form(&f->a, (const struct sv[]){SV("text"), SV("a b&c=\xc3\xa9"), SV("k"), SV("")}, 2);
    assert_net_sv(form, "text=a%20b%26c%3D%C3%A9&k=");
    struct net_header h[] = {{SV("X-Key"), SV("v 1")}, {SV("X-None"), {0}}};
    net_fetch(f->net, &f->a,
              &(struct net_request){.url = net_url(f, "/ok"),
                                    .method = "PUT",
                                    .body = form,
                                    .content_type = "application/x-www-form-urlencoded",
                                    .headers = h,
                                    .n_headers = 2,
                                    .user = SV("me"),
                                    .password = SV("pw")},
              &r);
    assert_net_result(&r, NET_DONE, 200, "");
    assert_non_null(strstr(f->stub.last, "PUT /ok HTTP/1.1\r\n"));
    assert_non_null(strstr(f->stub.last, "X-Key: v 1\r\n"));
    assert_non_null(strstr(f->stub.last, "X-None:\r\n"));
    assert_non_null(strstr(f->stub.last, "Authorization: Basic bWU6cHc=\r\n"));
    /* nothing of that request stays on the handle */
    r = net_post(f, "/ok");
    assert_null(strstr(f->stub.last, "Authorization"));
    assert_null(strstr(f->stub.last, "X-Key"));
}

static void files_go_out_in_parts(void **state)
{
    struct net_fix *f = *state;
    struct sv path = arena_fmt(&f->a, "%s/photo-of-somebody.jpg", f->dir);
    FILE *out = fopen(path.p, "wb");
    assert_non_null(out);
    fputs("JPEGBYTES", out);
    fclose(out);
    struct net_part parts[] = {{.name = "chat_id", .data = SV("42")},
                               {.name = "photo", .path = path.p, .filename = "p.jpg", .type = "image/jpeg"},
                               {.name = "other", .path = path.p}};
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, "/ok"), .parts = parts, .n_parts = 3}, &r);
    assert_net_result(&r, NET_DONE, 200, "");
    assert_non_null(strstr(f->stub.last, "Content-Type: multipart/form-data; boundary="));
    assert_non_null(strstr(f->stub.last, "name=\"chat_id\"\r\n\r\n42\r\n"));
    assert_non_null(strstr(f->stub.last, "filename=\"p.jpg\"\r\nContent-Type: image/jpeg\r\n\r\nJPEGBYTES\r\n"));
    assert_null(strstr(f->stub.last, "somebody"));
    unlink(path.p);
    /* a file that is gone: nothing leaves */
    int before = atomic_load(&f->stub.requests);
    net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, "/ok"), .parts = parts, .n_parts = 3}, &r);
    assert_int_equal(r.phase, NET_NOT_SENT);
    assert_int_equal(atomic_load(&f->stub.requests), before);
}

static void downloads_are_whole_or_absent(void **state)
{
    struct net_fix *f = *state;
    struct net_result r;
    struct stat st;
    struct sv path = arena_fmt(&f->a, "%s/file", f->dir);
    struct net_request rq = {.url = net_url(f, "/big"), .download_path = path};
    net_fetch(f->net, &f->a, &rq, &r);
    assert_net_result(&r, NET_DONE, 200, "");
    assert_int_equal(stat(path.p, &st), 0);
    assert_int_equal(st.st_size, 768 * 4096);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(r.body.n, 0);
    unlink(path.p);
    rq.max_response = 100000;
    net_fetch(f->net, &f->a, &rq, &r);
    assert_net_result(&r, NET_SENT, 200, "too-large");
    assert_int_equal(stat(path.p, &st), -1);
    rq.url = net_url(f, "/cut");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_net_result(&r, NET_SENT, 200, "cut");
    assert_int_equal(stat(path.p, &st), -1);
    rq.url = net_url(f, "/missing");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_net_result(&r, NET_DONE, 404, "");
    assert_net_sv(r.body, "none");
    assert_int_equal(stat(path.p, &st), -1);
    rq.url = net_url(f, "/empty");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_net_result(&r, NET_DONE, 204, "");
    assert_int_equal(stat(path.p, &st), 0);
    unlink(path.p);
    rq.download_path = SV("/nonexistent/folder/file");
    rq.url = net_url(f, "/ok");
    net_fetch(f->net, &f->a, &rq, &r);
    assert_string_equal(r.code, "file");
}

/* ---- how far it came (channels.md 6: sent but no answer is in doubt) ---- */

static void nobody_listens_is_not_sent(void **state)
{
    struct net_fix *f = *state;
    int port = stub_free_port();
    struct sv base = arena_fmt(&f->a, "http://127.0.0.1:%d/", port);
    assert_int_equal(net_allow(f->net, 1, base, NET_LOCAL), PW_OK);
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = base, .method = "POST"}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "connect");
    assert_int_equal(net_allow(f->net, 1, SV("https://name.invalid/"), 0), PW_OK);
    net_fetch(f->net, &f->a, &(struct net_request){.url = SV("https://name.invalid/x")}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "dns");
}

static void silence_after_the_request_is_sent(void **state)
{
    struct net_fix *f = *state;
    struct net_result r;
    net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, "/silent"), .method = "POST", .total_ms = 300},
              &r);
    assert_net_result(&r, NET_SENT, 0, "timeout");
    net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, "/silent"), .method = "POST", .idle_ms = 1000},
              &r);
    assert_net_result(&r, NET_SENT, 0, "timeout");
}

static void a_broken_answer_is_sent(void **state)
{
    struct net_fix *f = *state;
    struct net_result r = net_post(f, "/die");
    assert_net_result(&r, NET_SENT, 0, "cut");
    r = net_post(f, "/cut");
    assert_net_result(&r, NET_SENT, 200, "cut");
    r = net_post(f, "/noise");
    assert_int_equal(r.phase, NET_SENT);
    r = net_post(f, "/big");
    assert_net_result(&r, NET_SENT, 200, "too-large");
    r = net_post(f, "/lying");
    assert_int_equal(r.phase, NET_SENT);
    r = net_post(f, "/headers");
    assert_net_result(&r, NET_SENT, 200, "too-large");
}

static void a_dead_kept_connection_is_not_sent_twice(void **state)
{
    struct net_fix *f = *state;
    struct net_result r = net_post(f, "/ok");
    assert_net_result(&r, NET_DONE, 200, "");
    int before = atomic_load(&f->stub.requests);
    r = net_post(f, "/die"); /* the provider acted and its answer was lost */
    assert_int_equal(r.phase, NET_SENT);
    assert_int_equal(r.status, 0);
    assert_int_equal(atomic_load(&f->stub.requests), before + 1);
    /* a harmless request may go again */
    r = net_get(f, "/ok");
    r = net_get(f, "/die");
    assert_int_equal(r.phase, NET_SENT);
    assert_true(atomic_load(&f->stub.requests) >= before + 3);
}

static void tls_is_needed_before_anything_leaves(void **state)
{
    struct net_fix *f = *state;
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
    struct net_fix *f = *state;
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
    assert_net_result(&r, NET_NOT_SENT, 0, "tls");
}

struct stopped {
    struct net_fix *f;
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
    struct net_fix *f = *state;
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
    assert_net_result(&poll.r, NET_SENT, 0, "stopped");
    assert_net_result(&send.r, NET_DONE, 200, "");
    struct net_result r = net_get(f, "/ok");
    assert_net_result(&r, NET_NOT_SENT, 0, "stopped");
    arena_finish(&poll.a);
    arena_finish(&send.a);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, net_set_up, net_tear_down)
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
    };
    return cmocka_run_group_tests_name("net", tests, NULL, NULL);
}
