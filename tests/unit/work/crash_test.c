/* SPDX-License-Identifier: EUPL-1.2 */
/* Processes that die between sending and recording, leases, and several engines on one database (reliability.md goal
 * 5: what was interrupted is visible and never sent again blindly). */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "work_fix.h"

enum { ROWS = 500 };

DB_STMT(test_owner, "UPDATE outbox SET state = 1, lease_owner = $2, lease_until_ms = $3 WHERE id = $1");
DB_STMT(test_job_owner, "UPDATE job_lease SET owner = $1");

static struct send_result die(struct fix *f, const struct out_row *row)
{
    (void)f, (void)row;
    _exit(9); /* the provider may or may not have it */
}

/* Another process: opens the database, sends one row and dies while it does. */
static void crash_while_sending(struct fix *f)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct fix g = {.answer = die};
        struct arena a;
        struct sv why;
        arena_init(&a, 1 << 20);
        struct store_config cf = {.url = sv_of(f->db.url)};
        if (store_open(&cf, &a, &g.db.s, &why) != PW_OK)
            _exit(1);
        pthread_mutex_init(&g.lock, NULL);
        g.w = fix_engine(&g);
        size_t done;
        enum pw_err e = work_run_once(g.w, T0, &done);
        _exit(e == PW_OK ? 2 : 3);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 9);
}

static void a_crash_leaves_doubt_and_no_second_send(void **state)
{
    struct fix *f = *state;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "chat");
    int64_t next = add_text(f, "y", LANE_INTERACTIVE, "chat");
    crash_while_sending(f);
    assert_state(f, id, OUT_SENDING);
    run(f, T0 + 1); /* the next start sees that its predecessor is gone, on both engines */
    struct out_row row = row_of(f, id);
    assert_int_equal(row.state, OUT_IN_DOUBT);
    assert_true(sv_eq_z(row.error_code, "interrupted"));
    assert_int_equal(f->told[0].id, id);
    assert_int_equal(f->told[0].cls, SEND_IN_DOUBT);
    assert_state(f, next, OUT_SENT); /* and the chat goes on */
    sends_are(f, "y");
    run(f, T0 + INT64_C(86400000));
    sends_are(f, "");
    assert_int_equal(do_resolve(f, id, false, T0 + INT64_C(86400000)), PW_OK);
    run(f, T0 + INT64_C(86400000));
    sends_are(f, "x");
}

static void a_crash_can_be_resolved_as_arrived(void **state)
{
    struct fix *f = *state;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    crash_while_sending(f);
    run(f, T0 + 1);
    assert_int_equal(do_resolve(f, id, true, T0 + 2), PW_OK);
    run(f, T0 + 3);
    assert_state(f, id, OUT_SENT);
    sends_are(f, "");
}

static void a_living_owner_has_until_its_lease(void **state)
{
    struct fix *f = *state;
    struct work *other = fix_engine(f); /* lives: this very process */
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    do_exec(f, &test_owner, DB_ARGS(DB_I(id), DB_T(sv_of(other->owner)), DB_I(T0 + 60000)));
    run(f, T0 + 60000);
    assert_state(f, id, OUT_SENDING);
    run(f, T0 + 60001);
    assert_state(f, id, OUT_IN_DOUBT);
    sends_are(f, "");
    work_close(other);
}

static void another_machine_has_until_its_lease(void **state)
{
    struct fix *f = *state;
    int64_t id = add_text(f, "x", LANE_INTERACTIVE, "");
    do_exec(f, &test_owner, DB_ARGS(DB_I(id), DB_T(SV("abcdef01 pid:[1] 17 4711 n")), DB_I(T0 + 60000)));
    run(f, T0 + 60000);
    /* a SQLite file is used on one machine only: whoever wrote this is gone */
    assert_state(f, id, f->db.engine == DB_SQLITE ? OUT_IN_DOUBT : OUT_SENDING);
    run(f, T0 + 60001);
    assert_state(f, id, OUT_IN_DOUBT);
    sends_are(f, "");
}

static void names_tell_the_dead(void **state)
{
    char name[OWNER_TEXT], other[OWNER_TEXT + 32], machine[64];
    (void)state;
    owner_name(name);
    assert_false(owner_is_dead(sv_of(name), true));
    assert_false(owner_is_dead(sv_of(name), false));
    long long pid = 0, start = 0;
    assert_int_equal(sscanf(name, "%63[^]]] %lld %lld", machine, &pid, &start), 3);
    assert_int_equal(pid, getpid());
    snprintf(other, sizeof other, "%s] %lld %lld n", machine, pid, start + 1); /* its number was given again */
    assert_true(owner_is_dead(sv_of(other), false));
    snprintf(other, sizeof other, "%s] 999999999 %lld n", machine, start);
    assert_true(owner_is_dead(sv_of(other), false));
    assert_true(owner_is_dead(SV("00000000 pid:[1] 1 1 n"), true));
    assert_false(owner_is_dead(SV("00000000 pid:[1] 1 1 n"), false));
    /* what cannot be read is not declared dead */
    assert_false(owner_is_dead(SV(""), true));
    assert_false(owner_is_dead(SV("x"), true));
    assert_false(owner_is_dead(SV("a b c d e"), true));
    assert_false(owner_is_dead(SV("? ? 1 1 n"), true));
    assert_false(owner_is_dead(SV("00000000 pid:[1] 1 0 n"), true));
}

static struct send_result slow_ok(struct fix *f, const struct out_row *row)
{
    usleep(200);
    return answer_ok(f, row);
}

static void wait_for(struct fix *f, int *counter, int want)
{
    for (int i = 0; i < 30000; i++) {
        pthread_mutex_lock(&f->lock);
        int n = *counter;
        pthread_mutex_unlock(&f->lock);
        if (n >= want)
            return;
        usleep(2000);
    }
    fail_msg("only %d of %d", *counter, want);
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static void two_engines_never_send_a_row_twice(void **state)
{
    struct fix *f = *state;
    char name[16], key[16];
    f->answer = slow_ok;
    struct work *other = fix_engine(f);
    for (int i = 0; i < ROWS; i++) {
        snprintf(name, sizeof name, "%d", i);
        snprintf(key, sizeof key, "%s%d", i % 3 ? "chat" : "", i % 3 ? i % 20 : 0);
        if (i % 3 == 0)
            key[0] = 0;
        add_text(f, name, i % 2 ? LANE_BULK : LANE_INTERACTIVE, key);
    }
    assert_int_equal(work_start(f->w), PW_OK);
    assert_int_equal(work_start(other), PW_OK);
    assert_int_equal(work_start(other), PW_CONFLICT);
    work_wake(f->w);
    wait_for(f, &f->n_told, ROWS);
    work_stop(f->w);
    work_close(other);
    assert_int_equal(f->n_sends, ROWS);
    assert_int_equal(f->n_told, ROWS);
    qsort(f->ids, ROWS, sizeof f->ids[0], by_id);
    for (int i = 1; i < ROWS; i++)
        assert_true(f->ids[i] != f->ids[i - 1]);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(f->told[i].state, OUT_SENT);
    f->n_sends = 0;
    run(f, clock_now_ms() + 1000000);
    assert_int_equal(f->n_sends, 0);
}

static void threads_keep_the_order_of_a_chat(void **state)
{
    struct fix *f = *state;
    char name[16];
    f->answer = slow_ok;
    struct work *other = fix_engine(f);
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "%d", i);
        add_text(f, name, LANE_INTERACTIVE, "chat");
    }
    assert_int_equal(work_start(f->w), PW_OK);
    assert_int_equal(work_start(other), PW_OK);
    wait_for(f, &f->n_told, 60);
    work_close(other);
    work_stop(f->w);
    for (int i = 0; i < 60; i++)
        assert_int_equal(atoi(f->sends[i]), i);
}

static struct send_result hang_on_bulk(struct fix *f, const struct out_row *row)
{
    if (row->lane == LANE_BULK)
        usleep(100000);
    return answer_ok(f, row);
}

/* All bulk senders hang in a slow provider; an answer goes out at once all the same. */
static void a_sender_is_kept_for_answers(void **state)
{
    struct fix *f = *state;
    f->answer = hang_on_bulk;
    for (int i = 0; i < 30; i++)
        add_text(f, "bulk", LANE_BULK, "");
    assert_int_equal(work_start(f->w), PW_OK);
    wait_for(f, &f->n_sends, 3);
    add_text(f, "answer", LANE_INTERACTIVE, "");
    work_wake(f->w);
    wait_for(f, &f->n_told, 31);
    work_stop(f->w);
    int at = 0;
    while (strcmp(f->sends[at], "answer") != 0)
        at++;
    assert_in_range(at, 3, 15);
}

static void a_started_engine_sends_what_is_queued_and_starts_again(void **state)
{
    struct fix *f = *state;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(work_start(f->w), PW_OK);
        add_text(f, "x", LANE_INTERACTIVE, "");
        work_wake(f->w);
        wait_for(f, &f->n_told, i + 1);
        work_stop(f->w);
    }
    work_stop(f->w);
    work_stop(NULL);
    work_close(NULL);
}

static void a_job_has_one_engine(void **state)
{
    struct fix *f = *state;
    struct work *other = fix_engine(f);
    bool mine = false;
    assert_int_equal(lease_take(f->w, SV("job"), 1000, T0, &mine), PW_OK);
    assert_true(mine);
    assert_int_equal(lease_take(other, SV("job"), 1000, T0 + 999, &mine), PW_OK);
    assert_false(mine);
    assert_int_equal(lease_take(other, SV("else"), 1000, T0, &mine), PW_OK);
    assert_true(mine);
    assert_int_equal(lease_take(f->w, SV("job"), 1000, T0 + 900, &mine), PW_OK); /* renewed */
    assert_true(mine);
    assert_int_equal(lease_take(other, SV("job"), 1000, T0 + 1899, &mine), PW_OK);
    assert_false(mine);
    assert_int_equal(lease_take(other, SV("job"), 1000, T0 + 1900, &mine), PW_OK); /* run out */
    assert_true(mine);
    assert_int_equal(lease_take(f->w, SV("job"), 1000, T0 + 1901, &mine), PW_OK);
    assert_false(mine);
    lease_drop_all(other);
    assert_int_equal(lease_take(f->w, SV("job"), 1000, T0 + 1902, &mine), PW_OK);
    assert_true(mine);
    do_exec(f, &test_job_owner, DB_ARGS(DB_T(SV("abcdef01 pid:[1] 17 4711 n"))));
    assert_int_equal(lease_take(f->w, SV("job"), 1000, T0 + 1903, &mine), PW_OK);
    assert_int_equal(mine, f->db.engine == DB_SQLITE);
    work_close(other);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fix_open, fix_close)
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(a_crash_leaves_doubt_and_no_second_send),
        T(a_crash_can_be_resolved_as_arrived),
        T(a_living_owner_has_until_its_lease),
        T(another_machine_has_until_its_lease),
        cmocka_unit_test(names_tell_the_dead),
        T(two_engines_never_send_a_row_twice),
        T(threads_keep_the_order_of_a_chat),
        T(a_sender_is_kept_for_answers),
        T(a_started_engine_sends_what_is_queued_and_starts_again),
        T(a_job_has_one_engine),
    };
    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
