/* SPDX-License-Identifier: EUPL-1.2 */
/* Timers and events. Times are given, nothing sleeps. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "work_fix.h"

DB_STMT(test_timers,
        "SELECT kind, subject_id, due_ms FROM timer WHERE kind >= '' ORDER BY kind, subject_id LIMIT 1000");
DB_STMT(test_insert_event, "INSERT INTO event (id, name, subject_id, data, at_ms) VALUES ($1, $2, $3, '{}', 0)");

struct heard { /* what a handler was called with */
    char log[2048];
    int calls;
    enum pw_err answer;
    int64_t again_at;     /* a timer that sets itself again */
    const char *fails_at; /* an event that fails */
};

static void note(struct heard *h, const char *what, int64_t subject)
{
    size_t n = strlen(h->log);
    h->calls++;
    snprintf(h->log + n, sizeof h->log - n, "%s%s:%lld", n ? " " : "", what, (long long)subject);
}

static void heard_is(struct heard *h, const char *want)
{
    assert_string_equal(h->log, want);
    h->log[0] = 0;
}

/* ---- timers ---- */

struct setting {
    const char *kind;
    int64_t subject, due;
    bool clear;
};

static enum pw_err setting(struct db *db, void *arg)
{
    const struct setting *t = arg;
    return t->clear ? timer_clear(db, sv_of(t->kind), t->subject) : timer_set(db, sv_of(t->kind), t->subject, t->due);
}

static void set(struct fix *f, const char *kind, int64_t subject, int64_t due)
{
    do_work(f, setting, &(struct setting){kind, subject, due, false});
}

static void clear(struct fix *f, const char *kind, int64_t subject)
{
    do_work(f, setting, &(struct setting){kind, subject, 0, true});
}

static enum pw_err on_timer(void *self, struct db *db, struct arena *a, int64_t subject_id, int64_t now_ms)
{
    struct heard *h = self;
    (void)a;
    note(h, "t", subject_id);
    /* something that must not stay when it fails */
    PW_TRY(event_append(db, SV("timer"), subject_id, (struct sv){0}, now_ms));
    if (h->again_at)
        PW_TRY(timer_set(db, SV("due"), subject_id, h->again_at));
    return h->answer;
}

static enum pw_err on_event(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    struct heard *h = self;
    (void)db, (void)a, (void)now_ms;
    if (h->fails_at && sv_eq_z(e->name, h->fails_at)) {
        h->calls++;
        return h->answer;
    }
    char name[64];
    snprintf(name, sizeof name, "%.*s", SV_ARG(e->name));
    note(h, name, e->subject_id);
    return PW_OK;
}

struct reading {
    struct fix *f;
    struct db_rows r;
};

static enum pw_err reading(struct db *db, void *arg)
{
    struct reading *t = arg;
    return db_query(db, &t->f->db.a, &test_timers, DB_NOARGS, &t->r);
}

static size_t timers(struct fix *f)
{
    struct reading t = {.f = f};
    assert_int_equal(db_read(f->db.s, reading, &t), PW_OK);
    return t.r.n;
}

static void a_timer_runs_once_at_its_time(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    work_on_timer(f->w, "due", on_timer, &h);
    set(f, "due", 1, T0 + 100);
    assert_int_equal(run(f, T0 + 99), 0);
    assert_int_equal(run(f, T0 + 100), 1);
    heard_is(&h, "t:1");
    assert_int_equal(run(f, T0 + 200), 0);
    assert_int_equal(timers(f), 0);
}

static void timers_run_in_order_of_time(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    work_on_timer(f->w, "due", on_timer, &h);
    for (int64_t i = 0; i < 250; i++)
        set(f, "due", i, T0 + 1000 - i);
    assert_int_equal(run(f, T0 + 1000), 250);
    assert_int_equal(h.calls, 250);
    assert_memory_equal(h.log, "t:249 t:248 t:247 ", 18);
}

static void timers_are_moved_and_cleared(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    work_on_timer(f->w, "due", on_timer, &h);
    set(f, "due", 1, T0 + 100);
    set(f, "due", 1, T0 + 500); /* moved later */
    set(f, "due", 2, T0 + 500);
    set(f, "due", 2, T0 + 50); /* and earlier */
    set(f, "due", 3, T0 + 100);
    clear(f, "due", 3);
    clear(f, "due", 99); /* nothing there: fine */
    run(f, T0 + 100);
    heard_is(&h, "t:2");
    run(f, T0 + 500);
    heard_is(&h, "t:1");
    assert_int_equal(timers(f), 0);
}

static void a_timer_may_set_itself_again(void **state)
{
    struct fix *f = *state;
    struct heard h = {.again_at = T0 + 1000};
    work_on_timer(f->w, "due", on_timer, &h);
    set(f, "due", 1, T0);
    run(f, T0);
    run(f, T0 + 999);
    heard_is(&h, "t:1");
    h.again_at = T0 + 2000;
    run(f, T0 + 1000);
    heard_is(&h, "t:1");
    h.again_at = 1; /* even for the past: once a round, never a loop */
    run(f, T0 + 2000);
    heard_is(&h, "t:1");
    assert_int_equal(timers(f), 1);
}

static void a_failing_timer_is_tried_again_and_leaves_nothing(void **state)
{
    struct fix *f = *state;
    struct heard bad = {.answer = PW_INVALID}, good = {0}, events = {0};
    work_on_timer(f->w, "due", on_timer, &bad);
    work_on_timer(f->w, "fine", on_timer, &good);
    work_on_event(f->w, "sub", "timer", on_event, &events);
    set(f, "due", 1, T0);
    set(f, "fine", 2, T0);
    run(f, T0);
    heard_is(&good, "t:2"); /* not held up by it */
    run(f, T0);
    heard_is(&events, "timer:2"); /* what the failing one wrote is gone */
    assert_int_equal(bad.calls, 1);
    run(f, T0 + 3999);
    assert_int_equal(bad.calls, 1);
    run(f, T0 + 5000);
    assert_int_equal(bad.calls, 2);
    run(f, T0 + 12000);
    assert_int_equal(bad.calls, 2); /* longer */
    bad.answer = PW_OK;
    run(f, T0 + 15000);
    assert_int_equal(bad.calls, 3);
    assert_int_equal(timers(f), 0);
    /* setting it anew forgets the failures */
    bad.answer = PW_INVALID;
    set(f, "due", 1, T0 + 20000);
    run(f, T0 + 20000);
    set(f, "due", 1, T0 + 20001);
    run(f, T0 + 20001);
    assert_int_equal(bad.calls, 5);
}

static void an_unknown_kind_waits_for_who_knows_it(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    for (int64_t i = 0; i < 150; i++)
        set(f, "later-release", i, T0 - 1000);
    set(f, "due", 1, T0);
    work_on_timer(f->w, "due", on_timer, &h);
    run(f, T0);
    heard_is(&h, "t:1"); /* not hidden behind them */
    assert_int_equal(timers(f), 150);
}

/* ---- events ---- */

struct saying {
    const char *name;
    int64_t subject;
};

static enum pw_err saying(struct db *db, void *arg)
{
    const struct saying *t = arg;
    return event_append(db, sv_of(t->name), t->subject, SV("{\"n\":1}"), T0);
}

static void say(struct fix *f, const char *name, int64_t subject)
{
    do_work(f, saying, &(struct saying){name, subject});
}

static void events_reach_each_subscriber_in_order(void **state)
{
    struct fix *f = *state;
    struct heard all = {0}, some = {0}, none = {0};
    work_on_event(f->w, "all", "", on_event, &all);
    work_on_event(f->w, "some", "question.", on_event, &some);
    work_on_event(f->w, "none", "questions.x", on_event, &none);
    say(f, "question.asked", 1);
    say(f, "resource.changed", 2);
    say(f, "question.answered", 3);
    run(f, T0);
    heard_is(&all, "question.asked:1 resource.changed:2 question.answered:3");
    heard_is(&some, "question.asked:1 question.answered:3");
    heard_is(&none, "");
    run(f, T0 + 1);
    heard_is(&all, "");
    say(f, "question.closed", 4);
    run(f, T0 + 2);
    heard_is(&all, "question.closed:4");
    heard_is(&some, "question.closed:4");
}

static void many_events_pass_in_batches(void **state)
{
    struct fix *f = *state;
    struct heard rare = {0}, all = {0};
    work_on_event(f->w, "rare", "rare", on_event, &rare);
    work_on_event(f->w, "all", "", on_event, &all);
    for (int i = 0; i < 600; i++)
        say(f, i % 200 == 199 ? "rare" : "often", i);
    run(f, T0);
    heard_is(&rare, "rare:199 rare:399 rare:599");
    assert_int_equal(all.calls, 600);
}

static void a_failing_subscriber_waits_alone(void **state)
{
    struct fix *f = *state;
    struct heard good = {0}, bad = {.fails_at = "b", .answer = PW_INTERNAL};
    work_on_event(f->w, "bad", "", on_event, &bad);
    work_on_event(f->w, "good", "", on_event, &good);
    say(f, "a", 1);
    say(f, "b", 2);
    say(f, "c", 3);
    run(f, T0);
    heard_is(&good, "a:1 b:2 c:3");
    heard_is(&bad, "a:1"); /* what went well before stays delivered, what follows waits: order */
    assert_int_equal(bad.calls, 2);
    run(f, T0 + 799);
    assert_int_equal(bad.calls, 2);
    run(f, T0 + 1000);
    assert_int_equal(bad.calls, 3);
    run(f, T0 + 2500);
    assert_int_equal(bad.calls, 3); /* two seconds now */
    say(f, "d", 4);
    run(f, T0 + 2501);
    heard_is(&good, "d:4");
    bad.fails_at = NULL;
    run(f, T0 + 3000);
    heard_is(&bad, "b:2 c:3 d:4");
}

/* What a failing handler wrote is undone with it, and the cursor does not move. */
static enum pw_err writes_then_fails(void *self, struct db *db, struct arena *a, const struct event_row *e,
                                     int64_t now_ms)
{
    struct heard *h = self;
    (void)a;
    h->calls++;
    if (!sv_eq_z(e->name, "start"))
        return PW_OK;
    PW_TRY(event_append(db, SV("trace"), e->subject_id, (struct sv){0}, now_ms));
    return h->answer;
}

static void a_failing_handler_leaves_nothing(void **state)
{
    struct fix *f = *state;
    struct heard h = {.answer = PW_CONFLICT}, trace = {0};
    work_on_event(f->w, "writer", "start", writes_then_fails, &h);
    work_on_event(f->w, "trace", "trace", on_event, &trace);
    say(f, "start", 1);
    run(f, T0);
    run(f, T0 + 1);
    heard_is(&trace, "");
    h.answer = PW_OK;
    run(f, T0 + 5000);
    run(f, T0 + 5001);
    heard_is(&trace, "trace:1");
}

static enum pw_err fails_a_statement(void *self, struct db *db, struct arena *a, const struct event_row *e,
                                     int64_t now_ms)
{
    struct heard *h = self;
    (void)a, (void)now_ms;
    h->calls++;
    /* the same id twice: on PostgreSQL this spoils the transaction up to the savepoint */
    (void)!db_exec(db, &test_insert_event, DB_ARGS(DB_I(e->id), DB_T(SV("x")), DB_I(0)), NULL);
    return PW_OK;
}

static void a_failed_statement_fails_the_delivery(void **state)
{
    struct fix *f = *state;
    struct heard h = {0}, good = {0};
    work_on_event(f->w, "broken", "a", fails_a_statement, &h);
    work_on_event(f->w, "good", "a", on_event, &good);
    say(f, "a", 1);
    run(f, T0);
    heard_is(&good, "a:1");
    assert_int_equal(h.calls, 1);
    run(f, T0 + 1000);
    assert_int_equal(h.calls, 2); /* not lost */
}

/* An id minted early may be committed late (PostgreSQL, two processes): no cursor may have passed it by. */
static void an_event_that_appears_late_is_not_skipped(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    work_on_event(f->w, "sub", "", on_event, &h);
    do_exec(f, &test_insert_event, DB_ARGS(DB_I(2000), DB_T(SV("second")), DB_I(2)));
    do_exec(f, &test_insert_event, DB_ARGS(DB_I(3000), DB_T(SV("third")), DB_I(3)));
    run(f, T0);
    heard_is(&h, "second:2 third:3");
    do_exec(f, &test_insert_event, DB_ARGS(DB_I(1000), DB_T(SV("first")), DB_I(1)));
    run(f, T0 + 1);
    heard_is(&h, "first:1");
}

static enum pw_err dies(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    (void)self, (void)db, (void)a, (void)now_ms;
    if (sv_eq_z(e->name, "b"))
        _exit(9); /* in the middle of its transaction */
    return PW_OK;
}

static void an_interrupted_delivery_comes_again(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    say(f, "a", 1);
    say(f, "b", 2);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct fix g = {0};
        struct arena a;
        struct sv why;
        size_t done;
        arena_init(&a, 1 << 20);
        struct store_config cf = {.url = sv_of(f->db.url)};
        if (store_open(&cf, &a, &g.db.s, &why) != PW_OK)
            _exit(1);
        pthread_mutex_init(&g.lock, NULL);
        g.w = fix_engine(&g);
        work_on_event(g.w, "sub", "", dies, NULL);
        _exit(work_run_once(g.w, T0, &done) == PW_OK ? 2 : 3);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 9);
    work_on_event(f->w, "sub", "", on_event, &h);
    run(f, T0 + 1); /* the dead dispatcher's lease does not hold it up */
    heard_is(&h, "a:1 b:2");
}

static void a_new_subscriber_begins_at_the_beginning(void **state)
{
    struct fix *f = *state;
    struct heard first = {0}, later = {0};
    work_on_event(f->w, "first", "", on_event, &first);
    say(f, "a", 1);
    run(f, T0);
    work_on_event(f->w, "later", "", on_event, &later);
    run(f, T0 + 1);
    heard_is(&later, "a:1");
    heard_is(&first, "a:1");
}

static void the_result_of_a_send_is_an_event_too(void **state)
{
    struct fix *f = *state;
    struct heard h = {0};
    work_on_event(f->w, "sub", "sent", on_event, &h);
    add(f, (struct out_new){.payload = SV("x"), .subject = SV("message"), .subject_id = 77}, T0);
    run(f, T0);
    run(f, T0);
    heard_is(&h, "sent:77");
}

struct tailing {
    struct fix *f;
    int64_t seq;
    struct event_row *rows;
    size_t n;
};

static enum pw_err tailing(struct db *db, void *arg)
{
    struct tailing *t = arg;
    return event_tail(db, &t->f->db.a, &t->seq, &t->rows, &t->n);
}

static void pages_follow_without_a_cursor(void **state)
{
    struct fix *f = *state;
    struct tailing t = {.f = f, .seq = -1, .n = 9};
    assert_int_equal(db_read(f->db.s, tailing, &t), PW_OK);
    assert_int_equal(t.n, 0);
    assert_int_equal(t.seq, 0);
    say(f, "a", 1);
    say(f, "b", 2);
    /* another engine delivers: this one numbers all the same */
    struct work *other = fix_engine(f);
    bool mine = false;
    assert_int_equal(lease_take(other, SV("events"), 30000, T0, &mine), PW_OK);
    run(f, T0);
    assert_int_equal(db_read(f->db.s, tailing, &t), PW_OK);
    assert_int_equal(t.n, 2);
    assert_int_equal(t.rows[1].subject_id, 2);
    assert_int_equal(db_read(f->db.s, tailing, &t), PW_OK);
    assert_int_equal(t.n, 0);
    t.seq = -1;
    assert_int_equal(db_read(f->db.s, tailing, &t), PW_OK);
    assert_int_equal(t.seq, 2);
    work_close(other);
}

/* Two engines with threads: every event to every subscriber, in order, once. */
struct counting {
    pthread_mutex_t lock;
    int64_t last;
    int n, wrong;
};

static enum pw_err counts(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    struct counting *c = self;
    (void)db, (void)a, (void)now_ms;
    pthread_mutex_lock(&c->lock);
    c->wrong += e->subject_id <= c->last;
    c->last = e->subject_id;
    c->n++;
    pthread_mutex_unlock(&c->lock);
    return PW_OK;
}

static void two_engines_deliver_in_order(void **state)
{
    struct fix *f = *state;
    struct counting c = {.lock = PTHREAD_MUTEX_INITIALIZER};
    struct work *other = fix_engine(f);
    work_on_event(f->w, "sub", "count", counts, &c);
    work_on_event(other, "sub", "count", counts, &c);
    assert_int_equal(work_start(f->w), PW_OK);
    assert_int_equal(work_start(other), PW_OK);
    for (int i = 1; i <= 200; i++) {
        say(f, "count", i);
        work_wake(i % 2 ? f->w : other);
        if (i == 100)
            work_stop(f->w); /* the other takes over at once: a stop gives the lease back */
    }
    for (int i = 0, n = 0; i < 5000 && n < 200; i++) {
        usleep(2000);
        pthread_mutex_lock(&c.lock);
        n = c.n;
        pthread_mutex_unlock(&c.lock);
    }
    work_close(other);
    assert_int_equal(c.n, 200);
    assert_int_equal(c.wrong, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, fix_open, fix_close)
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        T(a_timer_runs_once_at_its_time),
        T(timers_run_in_order_of_time),
        T(timers_are_moved_and_cleared),
        T(a_timer_may_set_itself_again),
        T(a_failing_timer_is_tried_again_and_leaves_nothing),
        T(an_unknown_kind_waits_for_who_knows_it),
        T(events_reach_each_subscriber_in_order),
        T(many_events_pass_in_batches),
        T(a_failing_subscriber_waits_alone),
        T(a_failing_handler_leaves_nothing),
        T(a_failed_statement_fails_the_delivery),
        T(an_event_that_appears_late_is_not_skipped),
        T(an_interrupted_delivery_comes_again),
        T(a_new_subscriber_begins_at_the_beginning),
        T(the_result_of_a_send_is_an_event_too),
        T(pages_follow_without_a_cursor),
        T(two_engines_deliver_in_order),
    };
    return cmocka_run_group_tests_name("later", tests, NULL, NULL);
}
