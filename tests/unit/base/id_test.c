/* SPDX-License-Identifier: EUPL-1.2 */
/* id, clock and log */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"

enum { THREADS = 4, EACH = 20000 };

static void *mint(void *arg)
{
    int64_t *ids = arg;
    for (int i = 0; i < EACH; i++)
        ids[i] = id_new();
    return NULL;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void threads_never_share_an_id(void **state)
{
    (void)state;
    int64_t *ids = calloc(THREADS * EACH, sizeof *ids);
    pthread_t t[THREADS];
    assert_non_null(ids);
    int64_t before = clock_now_ms();
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(0, pthread_create(&t[i], NULL, mint, ids + i * EACH));
    for (int i = 0; i < THREADS; i++)
        pthread_join(t[i], NULL);
    for (int i = 0; i < THREADS; i++)
        for (int k = 1; k < EACH; k++) /* each thread sees its own grow */
            assert_true(ids[i * EACH + k] > ids[i * EACH + k - 1]);
    qsort(ids, THREADS * EACH, sizeof *ids, by_value);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_true(ids[i] > ids[i - 1]);
    assert_true(ids[0] > 0);
    assert_true(id_time_ms(ids[0]) >= before);
    assert_true(id_time_ms(ids[0]) <= clock_now_ms());
    free(ids);
}

static void text_and_back(void **state)
{
    (void)state;
    char out[ID_TEXT + 1];
    int64_t back = 0;
    for (int i = 0; i < 1000; i++) {
        int64_t id = id_new();
        struct sv text = id_text(id, out);
        assert_int_equal(ID_TEXT, text.n);
        assert_int_equal(ID_TEXT, strlen(out));
        assert_true(id_parse(text, &back));
        assert_int_equal(id, back);
    }
    assert_true(id_parse(id_text(INT64_MAX, out), &back) && back == INT64_MAX);
    assert_true(id_parse(SV("000000000000I"), &back) && back == 1); /* read aloud: i and l are 1, o is 0 */
    assert_true(id_parse(SV("OOOOOOOOOOOOl"), &back) && back == 1);
    assert_true(id_parse(SV("00000000000AZ"), &back));
    back = 77;
    static const char *const bad[] = {"",
                                      "0",
                                      "0000000000000",
                                      "00000000000001",
                                      "000000000000",
                                      "000000000000u",
                                      "00000000000-1",
                                      "8000000000000",
                                      "zzzzzzzzzzzzz",
                                      "00000000000 1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(id_parse(sv_of(bad[i]), &back));
    assert_false(id_parse((struct sv){"00000000000\0"
                                      "1",
                                      13},
                          &back));
    assert_int_equal(77, back);
}

static void order_of_text_is_order_of_time(void **state)
{
    (void)state;
    char a[ID_TEXT + 1], b[ID_TEXT + 1];
    int64_t last = id_new();
    for (int i = 0; i < 5000; i++) {
        int64_t next = id_new();
        assert_true(strcmp(id_text(last, a).p, id_text(next, b).p) < 0);
        last = next;
    }
}

static void random_texts_differ(void **state)
{
    (void)state;
    char a[41], b[41];
    memset(a, 'x', sizeof a);
    id_random_text(a, 40);
    id_random_text(b, 40);
    assert_int_equal(40, strlen(a));
    assert_string_not_equal(a, b);
    for (size_t i = 0; i < 40; i++)
        assert_non_null(strchr("0123456789abcdefghjkmnpqrstvwxyz", a[i]));
    id_random_text(a, 0);
    assert_int_equal(0, a[0]);
}

static void clocks_run(void **state)
{
    (void)state;
    int64_t a = clock_mono_ms(), b = clock_mono_ms();
    assert_true(b >= a);
    assert_true(clock_now_ms() > INT64_C(1700000000000));
}

/* A value cannot forge a second line, and a line never runs over its buffer. */
static void one_event_one_line(void **state)
{
    (void)state;
    int fds[2], keep = dup(STDERR_FILENO);
    assert_int_equal(0, pipe(fds));
    dup2(fds[1], STDERR_FILENO);
    char longer[3000];
    memset(longer, 'y', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    log_line(LOG_INFO, "test.event", "id=%d value=%s", 7, "x\nerror forged\r");
    log_line(LOG_ERROR, "test.long", "%s", longer);
    log_line(LOG_DEBUG, "test.hidden", "n=1");
    log_set_level(LOG_WARN);
    log_line(LOG_INFO, "test.hidden", "n=2");
    log_set_level(LOG_INFO);
    dup2(keep, STDERR_FILENO);
    close(keep);
    close(fds[1]);
    char got[8192];
    ssize_t n = read(fds[0], got, sizeof got - 1);
    close(fds[0]);
    assert_true(n > 0);
    got[n] = 0;
    assert_int_equal(0, strncmp(got, "info test.event id=7 value=x error forged \nerror test.long yyy", 60));
    int lines = 0;
    for (ssize_t i = 0; i < n; i++)
        lines += got[i] == '\n';
    assert_int_equal(2, lines);
    assert_int_equal('\n', got[n - 1]);
    assert_null(strstr(got, "hidden"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_never_share_an_id),
        cmocka_unit_test(text_and_back),
        cmocka_unit_test(order_of_text_is_order_of_time),
        cmocka_unit_test(random_texts_differ),
        cmocka_unit_test(clocks_run),
        cmocka_unit_test(one_event_one_line),
    };
    return cmocka_run_group_tests_name("id", tests, NULL, NULL);
}
