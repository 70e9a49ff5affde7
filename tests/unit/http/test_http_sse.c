/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/sse.h"

/* A connection here is a counter of sleeps and wakes. */
struct link {
    int sleeps, wakes;
};

static void fall_asleep(void *connection)
{
    ((struct link *)connection)->sleeps++;
}

static void wake_up(void *connection)
{
    ((struct link *)connection)->wakes++;
}

static const struct sse_calls calls = {fall_asleep, wake_up};

/* Takes everything in pieces of `step` bytes. */
static size_t drain(struct sse_stream *s, char *out, size_t size, size_t step)
{
    size_t n = 0;
    ptrdiff_t got;
    while (n + step < size && (got = sse_take(s, out + n, step)) > 0)
        n += (size_t)got;
    out[n] = 0;
    return n;
}

static void topics(void **state)
{
    struct sse_hub *hub = sse_hub_new(&calls);
    struct link l[2] = {{0}};
    char out[1000];
    (void)state;
    struct sse_stream *a = sse_open(hub, SV("inbox:1 person:7"), SV("s1"), &l[0], 0);
    struct sse_stream *b = sse_open(hub, SV("inbox:2"), SV("s2"), &l[1], 0);
    assert_int_equal(sse_count(hub), 2);
    drain(a, out, sizeof out, 100);
    assert_memory_equal(out, "retry: ", 7);
    drain(b, out, sizeof out, 100);
    assert_int_equal(l[0].sleeps, 1);
    sse_publish(hub, SV("person:7"), SV("note"), SV("one\r\ntwo\rx"), 0);
    assert_int_equal(l[0].wakes, 1);
    assert_int_equal(l[1].wakes, 0);
    drain(a, out, sizeof out, 1);
    assert_string_equal(out, "event: note\ndata: one\ndata: two x\n\n");
    sse_publish(hub, SV("inbox:2"), SV(""), SV(""), 0);
    sse_publish(hub, SV("inbox:2"), SV("x\nevent: forged"), SV("y"), 0);
    drain(b, out, sizeof out, 100);
    assert_string_equal(out, "data:\n\ndata: y\n\n");
    sse_leave(a);
    sse_publish(hub, SV("person:7"), SV("note"), SV("nobody"), 0);
    sse_close_topic(hub, SV("inbox:2"));
    assert_int_equal(sse_take(b, out, 100), -1);
    sse_leave(b);
    sse_hub_free(hub);
}

static void malformed(void **state)
{
    struct sse_hub *hub = sse_hub_new(&calls);
    struct link l = {0};
    (void)state;
    assert_null(sse_open(hub, SV(""), SV(""), &l, 0));
    assert_null(sse_open(hub, SV("a  b"), SV(""), &l, 0));
    assert_null(sse_open(hub, SV("a b c d e"), SV(""), &l, 0));
    assert_int_equal(sse_count(hub), 0);
    sse_hub_free(hub);
}

static void slow_reader_gets_one_resync(void **state)
{
    struct sse_hub *hub = sse_hub_new(&calls);
    struct link l = {0};
    static char out[200000];
    char data[1001];
    (void)state;
    memset(data, 'x', 1000);
    data[1000] = 0;
    /* wherever the reader stands in an event, the next one begins on its own line */
    for (size_t taken = 1; taken < 60; taken++) {
        struct sse_stream *s = sse_open(hub, SV("t"), SV(""), &l, 0);
        drain(s, out, sizeof out, 1000);
        sse_publish(hub, SV("t"), SV("n"), SV("ab"), 0);
        sse_publish(hub, SV("t"), SV("n"), SV("cd"), 0);
        size_t n = 0;
        for (; n < taken && n < 35; n++)
            assert_int_equal(sse_take(s, out + n, 1), 1);
        for (int i = 0; i < 200; i++)
            sse_publish(hub, SV("t"), SV("n"), sv_of(data), 0);
        n += drain(s, out + n, sizeof out - n, 777);
        size_t resyncs = 0, events = 0;
        for (char *p = out; (p = strstr(p, "event: resync\ndata:\n\n")); p++)
            resyncs++;
        assert_int_equal(resyncs, 1);
        assert_true(n < 64 * 1024);
        char *rest = out, *end;
        while ((end = strstr(rest, "\n\n"))) { /* every event is whole */
            assert_memory_equal(rest, "event: ", 7);
            rest = end + 2;
            events++;
        }
        assert_int_equal(*rest, 0);
        assert_true(events >= 1);
        sse_publish(hub, SV("t"), SV("n"), SV("after"), 0);
        drain(s, out, sizeof out, 1000);
        assert_string_equal(out, "event: n\ndata: after\n\n");
        sse_leave(s);
    }
    sse_hub_free(hub);
}

static void too_big_an_event_is_a_resync(void **state)
{
    struct sse_hub *hub = sse_hub_new(&calls);
    struct link l = {0};
    static char out[1000], data[70001];
    (void)state;
    struct sse_stream *s = sse_open(hub, SV("t"), SV(""), &l, 0);
    drain(s, out, sizeof out, 100);
    memset(data, 'x', 70000);
    sse_publish(hub, SV("t"), SV("n"), sv_of(data), 0);
    drain(s, out, sizeof out, 100);
    assert_string_equal(out, "event: resync\ndata:\n\n");
    sse_leave(s);
    sse_hub_free(hub);
}

static void pings_and_ends(void **state)
{
    struct sse_hub *hub = sse_hub_new(&calls);
    struct link l[3] = {{0}};
    char out[1000];
    (void)state;
    struct sse_stream *a = sse_open(hub, SV("t"), SV("me"), &l[0], 0);
    struct sse_stream *b = sse_open(hub, SV("t"), SV("you"), &l[1], 0);
    drain(a, out, sizeof out, 100);
    drain(b, out, sizeof out, 100);
    sse_ping(hub, SSE_PING_MS - 1);
    assert_int_equal(l[0].wakes, 0);
    sse_ping(hub, SSE_PING_MS);
    drain(a, out, sizeof out, 100);
    assert_string_equal(out, ": ping\n\n");
    sse_close_owner(hub, SV("me"));
    assert_int_equal(sse_take(a, out, 100), -1);
    sse_close_owner(hub, SV(""));
    assert_int_equal(sse_take(b, out, 100), 8);
    assert_int_equal(sse_take(b, out, 100), 0);
    sse_close_all(hub);
    assert_int_equal(sse_take(b, out, 100), -1);
    assert_null(sse_open(hub, SV("t"), SV(""), &l[2], 0));
    sse_leave(a);
    sse_leave(b);
    assert_int_equal(sse_count(hub), 0);
    sse_hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(topics),
        cmocka_unit_test(malformed),
        cmocka_unit_test(slow_reader_gets_one_resync),
        cmocka_unit_test(too_big_an_event_is_a_resync),
        cmocka_unit_test(pings_and_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
