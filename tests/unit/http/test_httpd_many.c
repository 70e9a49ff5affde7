/* SPDX-License-Identifier: EUPL-1.2 */
/* Many at once: streams, slow readers, half-open connections, busy handlers, stopping. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "testhost.h"

enum { STREAMS = 200, CLIENTS = 64, EACH = 20, HALF_OPEN = 500 };

/* Declared cache: a barrier that handlers of one test wait at. */
static pthread_barrier_t all_inside;
static atomic_int inside, release_now;

static enum pw_err hello(struct http_req *q, struct http_res *r)
{
    buf_fmt(&r->body, "hello %.*s", SV_ARG(http_text(q, "n")));
    return PW_OK;
}

static enum pw_err meet(struct http_req *q, struct http_res *r)
{
    pthread_barrier_wait(&all_inside);
    return hello(q, r);
}

static enum pw_err wait_inside(struct http_req *q, struct http_res *r)
{
    struct timespec t = {.tv_nsec = 1000000};
    atomic_store(&inside, 1);
    while (!atomic_load(&release_now))
        nanosleep(&t, NULL);
    return hello(q, r);
}

static enum pw_err stream(struct http_req *q, struct http_res *r)
{
    r->sse_topic = arena_fmt(q->arena, "all %.*s", SV_ARG(q->arg_text[0]));
    r->sse_owner = q->arg_text[0];
    return PW_OK;
}

static const struct route routes[] = {
    {HTTP_GET, "/hello", 0, hello, FIELDS({"n", FIELD_TEXT, 0, 0, 0, NULL, "N."}), "Hello.", 0, NULL, NULL},
    {HTTP_GET, "/meet", 0, meet, FIELDS({"n", FIELD_TEXT, 0, 0, 0, NULL, "N."}), "Meets.", 0, NULL, NULL},
    {HTTP_GET, "/wait", 0, wait_inside, FIELDS({"n", FIELD_TEXT, 0, 0, 0, NULL, "N."}), "Waits.", 0, NULL, NULL},
    {HTTP_GET, "/live/{s}", 0, stream, NULL, "Live.", ROUTE_STREAM, NULL, NULL},
    {0},
};

struct fix {
    struct testhost host;
    struct httpd *h;
    struct reply r;
};

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    testhost_init(&f->host);
    f->h = testhost_start(&f->host, routes, &(struct http_config){.threads = CLIENTS});
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    http_stop(f->h);
    free(f);
    return 0;
}

/* ---- streams ---- */

static int open_stream(struct fix *f, const char *topic, int receive_buffer)
{
    char text[200];
    int fd = client_open(f->h);
    if (receive_buffer)
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer), 0);
    snprintf(text, sizeof text, "GET /live/%s HTTP/1.1\r\nHost: x\r\n\r\n", topic);
    client_send(fd, text);
    return fd;
}

/* Reads until `words` has come; gives all that came. False at the end of the stream. */
static bool read_until(int fd, const char *words, char *out, size_t size)
{
    size_t n = 0;
    out[0] = 0;
    while (n + 1 < size) {
        ssize_t got = recv(fd, out + n, size - 1 - n, 0);
        if (got <= 0)
            return false;
        n += (size_t)got;
        out[n] = 0;
        if (strstr(out, words))
            return true;
    }
    return false;
}

static void wait_for_streams(struct fix *f, size_t n)
{
    struct timespec t = {.tv_nsec = 1000000};
    for (int i = 0; i < 20000 && http_streams(f->h) != n; i++)
        nanosleep(&t, NULL);
    assert_int_equal(http_streams(f->h), n);
}

static void every_stream_hears(void **state)
{
    struct fix *f = *state;
    static int fd[STREAMS];
    char out[4096], topic[16];
    for (int i = 0; i < STREAMS; i++) {
        snprintf(topic, sizeof topic, "t%d", i);
        fd[i] = open_stream(f, topic, 0);
        assert_true(read_until(fd[i], "retry: ", out, sizeof out));
        assert_non_null(strstr(out, "text/event-stream"));
    }
    wait_for_streams(f, STREAMS);
    for (int round = 0; round < 10; round++) {
        http_publish(f->h, SV("all"), SV("question"), SV("42"));
        for (int i = 0; i < STREAMS; i++)
            assert_true(read_until(fd[i], "event: question\ndata: 42\n\n", out, sizeof out));
    }
    http_publish(f->h, SV("t7"), SV("only"), SV("you"));
    http_publish(f->h, SV("all"), SV("end"), SV(""));
    for (int i = 0; i < STREAMS; i++) {
        assert_true(read_until(fd[i], "event: end\n", out, sizeof out));
        assert_int_equal(strstr(out, "event: only") != NULL, i == 7);
    }
    /* other requests are answered meanwhile */
    client_ask(f->h, "GET /hello?n=1 HTTP/1.1\r\nHost: x\r\n\r\n", &f->r);
    assert_string_equal(f->r.body, "hello 1");
    /* a session that died: its stream ends, no other */
    http_close_owner(f->h, SV("t3"));
    assert_true(read_until(fd[3], "0\r\n\r\n", out, sizeof out)); /* the last chunk: ended in good order */
    http_close_topic(f->h, SV("t4"));
    assert_true(read_until(fd[4], "0\r\n\r\n", out, sizeof out));
    wait_for_streams(f, STREAMS - 2);
    http_publish(f->h, SV("all"), SV("still"), SV(""));
    assert_true(read_until(fd[5], "event: still", out, sizeof out));
    for (int i = 0; i < STREAMS; i++)
        close(fd[i]);
}

static void slow_reader_gets_resync(void **state)
{
    struct fix *f = *state;
    static char data[8001], out[8 * 1024 * 1024];
    int slow = open_stream(f, "slow", 8192);
    wait_for_streams(f, 1);
    memset(data, 'x', 8000);
    for (int i = 0; i < 1000; i++)
        http_publish(f->h, SV("all"), SV("n"), sv_of(data));
    assert_true(read_until(slow, "event: resync\ndata:\n\n", out, sizeof out));
    assert_true(strlen(out) < 4 * 1024 * 1024); /* most was dropped, not kept */
    http_publish(f->h, SV("all"), SV("after"), SV(""));
    assert_true(read_until(slow, "event: after\n", out, sizeof out));
    close(slow);
}

static void closed_readers_are_forgotten(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 50; i++)
        close(open_stream(f, "gone", 0));
    struct timespec t = {.tv_nsec = 1000000};
    for (int i = 0; i < 20000 && (i == 0 || http_streams(f->h)); i++) {
        http_publish(f->h, SV("all"), SV("n"), SV("x"));
        nanosleep(&t, NULL);
    }
    assert_int_equal(http_streams(f->h), 0);
}

static void *publish_much(void *arg)
{
    struct fix *f = arg;
    for (int i = 0; i < 2000; i++)
        http_publish(f->h, i % 2 ? SV("all") : SV("t1"), SV("n"), SV("some data"));
    return NULL;
}

static void stop_ends_streams_while_publishing(void **state)
{
    struct fix *f = *state;
    struct httpd *own = testhost_start(&f->host, routes, &(struct http_config){.threads = 4});
    struct httpd *kept = f->h;
    pthread_t publisher[2];
    int fd[20];
    char out[4096];
    f->h = own;
    for (int i = 0; i < 20; i++)
        fd[i] = open_stream(f, "t1", 0);
    wait_for_streams(f, 20);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&publisher[i], NULL, publish_much, f), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(publisher[i], NULL);
    http_stop(own);
    f->h = kept;
    for (int i = 0; i < 20; i++) {
        while (read_until(fd[i], "never", out, sizeof out))
            continue;
        close(fd[i]);
    }
}

/* ---- many requests ---- */

struct job {
    struct fix *f;
    int index;
    bool meet, ok;
};

static void *ask_many(void *arg)
{
    struct job *j = arg;
    struct reply *r = malloc(sizeof *r);
    char text[200], want[64];
    int fd = client_open(j->f->h);
    j->ok = r != NULL;
    for (int i = 0; i < EACH && j->ok; i++) {
        snprintf(text, sizeof text, "GET /hello?n=%d-%d HTTP/1.1\r\nHost: x\r\n\r\n", j->index, i);
        snprintf(want, sizeof want, "hello %d-%d", j->index, i);
        client_send(fd, text);
        j->ok = client_read(fd, r, false) && strcmp(r->body, want) == 0;
    }
    close(fd);
    free(r);
    return NULL;
}

static void sixty_four_at_once(void **state)
{
    struct fix *f = *state;
    static struct job job[CLIENTS];
    pthread_t thread[CLIENTS];
    for (int i = 0; i < CLIENTS; i++) {
        job[i] = (struct job){f, i, false, false};
        assert_int_equal(pthread_create(&thread[i], NULL, ask_many, &job[i]), 0);
    }
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(thread[i], NULL);
        assert_true(job[i].ok);
    }
}

static void *ask_meet(void *arg)
{
    struct job *j = arg;
    struct reply *r = malloc(sizeof *r);
    int fd = client_open(j->f->h);
    client_send(fd, "GET /meet?n=1 HTTP/1.1\r\nHost: x\r\n\r\n");
    j->ok = r && client_read(fd, r, false) && strcmp(r->body, "hello 1") == 0;
    close(fd);
    free(r);
    return NULL;
}

/* Handlers block while their commit is pending: several must be inside at the same time. */
static void handlers_run_side_by_side(void **state)
{
    struct fix *f = *state;
    static struct job job[4];
    pthread_t thread[4];
    assert_int_equal(pthread_barrier_init(&all_inside, NULL, 4), 0);
    for (int i = 0; i < 4; i++) {
        job[i] = (struct job){f, i, true, false};
        assert_int_equal(pthread_create(&thread[i], NULL, ask_meet, &job[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        assert_true(job[i].ok);
    }
    pthread_barrier_destroy(&all_inside);
}

static void half_open_connections_disturb_nobody(void **state)
{
    struct fix *f = *state;
    static int fd[HALF_OPEN];
    for (int i = 0; i < HALF_OPEN; i++) {
        fd[i] = client_open(f->h);
        client_send(fd[i], i % 2 ? "GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: "
                                 : "POST /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    }
    for (int i = 0; i < 200; i++) {
        for (int k = 0; k < HALF_OPEN; k += 50)
            client_send(fd[k], "x");
        client_ask(f->h, "GET /hello?n=2 HTTP/1.1\r\nHost: x\r\n\r\n", &f->r);
        assert_int_equal(f->r.status, 200);
    }
    assert_int_equal(atomic_load(&f->host.entered), 200); /* a half-open request asks nobody who it is */
    for (int i = 0; i < HALF_OPEN; i++)
        close(fd[i]);
}

/* ---- stopping ---- */

static void *stop_it(void *arg)
{
    http_stop(arg);
    return NULL;
}

static void stop_finishes_running_requests(void **state)
{
    struct fix *f = *state;
    struct httpd *h = testhost_start(&f->host, routes, &(struct http_config){.threads = 2});
    struct timespec t = {.tv_nsec = 1000000};
    pthread_t stopper;
    char v[100];
    int fd = client_open(h);
    client_send(fd, "GET /wait?n=3 HTTP/1.1\r\nHost: x\r\n\r\n");
    while (!atomic_load(&inside))
        nanosleep(&t, NULL);
    assert_int_equal(pthread_create(&stopper, NULL, stop_it, h), 0);
    for (int i = 0; i < 100; i++)
        nanosleep(&t, NULL);
    atomic_store(&release_now, 1);
    assert_true(client_read(fd, &f->r, false));
    assert_string_equal(f->r.body, "hello 3");
    assert_string_equal(reply_header(&f->r, "Connection", v, sizeof v), "close");
    pthread_join(stopper, NULL);
    close(fd);
}

static void bad_configurations(void **state)
{
    struct fix *f = *state;
    const struct route *table = routes;
    struct httpd *h = NULL;
    struct http_config used = {.address = SV("127.0.0.1"), .port = http_port(f->h)};
    assert_int_equal(http_start(&used, &table, 1, &f->host.host, &h), PW_UNAVAILABLE);
    struct http_config name = {.address = SV("localhost")};
    assert_int_equal(http_start(&name, &table, 1, &f->host.host, &h), PW_INVALID);
    struct http_config dir = {.address = SV("127.0.0.1"), .static_dir = SV("/nonexistent")};
    assert_int_equal(http_start(&dir, &table, 1, &f->host.host, &h), PW_NOT_FOUND);
    const struct route *both[] = {routes, routes};
    struct http_config good = {.address = SV("127.0.0.1")};
    assert_int_equal(http_start(&good, both, 2, &f->host.host, &h), PW_INVALID);
    assert_null(h);
    struct http_config six = {.address = SV("::"), .threads = 1};
    if (http_start(&six, &table, 1, &f->host.host, &h) == PW_OK) { /* a machine without IPv6 may run this test */
        client_ask(h, "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n", &f->r);
        assert_int_equal(f->r.status, 200);
        http_stop(h);
    }
    http_stop(NULL);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(every_stream_hears),
        T(slow_reader_gets_resync),
        T(closed_readers_are_forgotten),
        T(stop_ends_streams_while_publishing),
        T(sixty_four_at_once),
        T(handlers_run_side_by_side),
        T(half_open_connections_disturb_nobody),
        T(stop_finishes_running_requests),
        T(bad_configurations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
