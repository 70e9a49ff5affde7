/* SPDX-License-Identifier: EUPL-1.2 */
/* Transactions on both engines: what is kept, what is undone, what is repeated, who sees what. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "lib/dbfix.h"
#include "lib/stmtcheck.h"

static const char schema[] = "CREATE TABLE entry (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;\n"
                             "CREATE TABLE tag (name TEXT PRIMARY KEY, entry INTEGER REFERENCES entry (id) "
                             "DEFERRABLE INITIALLY DEFERRED) STRICT;\n";

DB_STMT(x_put, "INSERT INTO entry (id, n) VALUES ($1, $2)");
DB_STMT(x_add, "UPDATE entry SET n = n + $2 WHERE id = $1");
DB_STMT(x_get, "SELECT n FROM entry WHERE id = $1");
DB_STMT_SCAN(x_count, "SELECT count(*), coalesce(sum(n), 0) FROM entry", "a small table of a test");
DB_STMT(x_tag, "INSERT INTO tag (name, entry) VALUES ($1, $2)");
DB_STMT(x_endless, "WITH RECURSIVE r (i) AS (SELECT 1 UNION ALL SELECT (i + 1) % 1000 FROM r) SELECT count(*) FROM r");
DB_STMT(x_leave, "COMMIT");
DB_STMT_SCAN(x_scan_said, "SELECT id FROM entry WHERE n = $1", "a small table of a test");

static struct dbfix fix;

static int open_fix(void **state)
{
    dbfix_open_with(&fix, dbfix_engine(), (struct store_config){.statement_ms = 300, .busy_ms = 2000, .readers = 6});
    dbfix_schema(&fix, schema);
    *state = &fix;
    return 0;
}
static int close_fix(void **state)
{
    (void)state;
    dbfix_close(&fix);
    return 0;
}

struct counted {
    int64_t rows, sum;
};
static enum pw_err count_rows(struct db *db, void *arg)
{
    struct counted *c = arg;
    struct arena a;
    struct db_rows rows;
    arena_init(&a, 65536);
    enum pw_err e = db_one(db, &a, &x_count, DB_NOARGS, &rows);
    if (e == PW_OK)
        *c = (struct counted){db_int(&rows, 0, 0), db_int(&rows, 0, 1)};
    arena_finish(&a);
    return e;
}
static int64_t rows_now(struct dbfix *f)
{
    struct counted c = {-1, -1};
    assert_int_equal(db_read(f->s, count_rows, &c), PW_OK);
    return c.rows;
}

struct put {
    int64_t id;
    enum pw_err then;
    int tries, retries_left;
};
static enum pw_err put_then(struct db *db, void *arg)
{
    struct put *p = arg;
    p->tries++;
    PW_TRY(db_exec(db, &x_put, DB_ARGS(DB_I(p->id), DB_I(1)), NULL));
    if (p->retries_left > 0) {
        p->retries_left--;
        return PW_RETRY;
    }
    return p->then;
}

static void all_or_nothing(void **state)
{
    struct dbfix *f = *state;
    for (int e = PW_NOT_FOUND; e < PW_ERR__MAX; e++) {
        if (e == PW_RETRY)
            continue;
        struct put p = {.id = 1, .then = (enum pw_err)e};
        assert_int_equal(db_transact(f->s, put_then, &p), e);
        assert_int_equal(p.tries, 1);
        assert_int_equal(rows_now(f), 0);
    }
    struct put p = {.id = 1};
    assert_int_equal(db_transact(f->s, put_then, &p), PW_OK);
    assert_int_equal(rows_now(f), 1);
}

static void retry_is_bounded(void **state)
{
    struct dbfix *f = *state;
    struct put p = {.id = 1, .retries_left = 3};
    assert_int_equal(db_transact(f->s, put_then, &p), PW_OK);
    assert_int_equal(p.tries, 4);
    assert_int_equal(rows_now(f), 1); /* the tries before left nothing */
    struct put never = {.id = 2, .retries_left = 1000};
    assert_int_equal(db_transact(f->s, put_then, &never), PW_RETRY);
    assert_in_range(never.tries, 2, 8);
    assert_int_equal(rows_now(f), 1);
}

/* ---- savepoints ---- */

static enum pw_err put_same_twice(struct db *db, void *arg)
{
    (void)arg;
    PW_TRY(db_exec(db, &x_put, DB_ARGS(DB_I(50), DB_I(1)), NULL));
    return db_exec(db, &x_put, DB_ARGS(DB_I(50), DB_I(1)), NULL);
}
static enum pw_err put_60_with_failing_inside(struct db *db, void *arg)
{
    PW_TRY(db_exec(db, &x_put, DB_ARGS(DB_I(60), DB_I(1)), NULL));
    assert_int_equal(db_savepoint(db, put_same_twice, arg), PW_CONFLICT);
    return db_exec(db, &x_put, DB_ARGS(DB_I(61), DB_I(1)), NULL);
}
static enum pw_err ignores_failure(struct db *db, void *arg)
{
    (void)arg;
    (void)put_same_twice(db, NULL);
    return PW_OK;
}
static enum pw_err batch(struct db *db, void *arg)
{
    PW_TRY(db_exec(db, &x_put, DB_ARGS(DB_I(1), DB_I(1)), NULL));
    assert_int_equal(db_savepoint(db, put_same_twice, arg), PW_CONFLICT);
    assert_int_equal(db_savepoint(db, put_60_with_failing_inside, arg), PW_OK);
    assert_int_equal(db_savepoint(db, ignores_failure, arg), PW_INTERNAL);
    return db_exec(db, &x_put, DB_ARGS(DB_I(2), DB_I(1)), NULL);
}

static void savepoint_undoes_its_part(void **state)
{
    struct dbfix *f = *state;
    assert_int_equal(db_transact(f->s, batch, NULL), PW_OK);
    assert_int_equal(rows_now(f), 4); /* 1, 60, 61, 2 */
}

static enum pw_err goes_on_after_failure(struct db *db, void *arg)
{
    enum pw_err *later = arg;
    assert_int_equal(put_same_twice(db, NULL), PW_CONFLICT);
    *later = db_exec(db, &x_put, DB_ARGS(DB_I(70), DB_I(1)), NULL);
    return PW_OK;
}

static void failed_statement_spoils_the_work(void **state)
{
    struct dbfix *f = *state;
    enum pw_err later = PW_OK;
    assert_int_equal(db_transact(f->s, goes_on_after_failure, &later), PW_INTERNAL);
    assert_int_equal(later, PW_INTERNAL);
    assert_int_equal(rows_now(f), 0);
    assert_int_equal(db_transact(f->s, ignores_failure, NULL), PW_INTERNAL);
    assert_int_equal(rows_now(f), 0);
}

static enum pw_err tag_nothing(struct db *db, void *arg)
{
    return db_exec(db, &x_tag, DB_ARGS(DB_T(SV("lost")), DB_I(*(int64_t *)arg)), NULL);
}

static void deferred_foreign_key_is_a_conflict(void **state)
{
    struct dbfix *f = *state;
    int64_t nobody = 4711;
    assert_int_equal(db_transact(f->s, tag_nothing, &nobody), PW_CONFLICT);
    struct put p = {.id = 1};
    assert_int_equal(db_transact(f->s, put_then, &p), PW_OK);
}

static enum pw_err leave(struct db *db, void *arg)
{
    struct put p = {.id = 80};
    (void)arg;
    PW_TRY(put_then(db, &p));
    return db_exec(db, &x_leave, DB_NOARGS, NULL);
}

static void a_work_cannot_commit_by_itself(void **state)
{
    struct dbfix *f = *state;
    assert_int_equal(db_transact(f->s, leave, NULL), PW_INTERNAL);
    struct put p = {.id = 1};
    assert_int_equal(db_transact(f->s, put_then, &p), PW_OK);
    if (f->engine == DB_SQLITE)
        assert_int_equal(rows_now(f), 1);
}

/* ---- reading ---- */

static enum pw_err write_in_read(struct db *db, void *arg)
{
    struct put p = {.id = 90};
    (void)arg;
    assert_true(db_is_read_only(db));
    return put_then(db, &p);
}

static void read_connection_refuses_writes(void **state)
{
    struct dbfix *f = *state;
    assert_int_equal(db_read(f->s, write_in_read, NULL), PW_INTERNAL);
    assert_int_equal(rows_now(f), 0);
    struct put p = {.id = 1};
    assert_int_equal(db_transact(f->s, put_then, &p), PW_OK); /* also on the connection that read before */
}

struct look {
    struct dbfix *f;
    int64_t inside, outside, before, after;
};
static enum pw_err put_and_look(struct db *db, void *arg)
{
    struct look *l = arg;
    struct put p = {.id = 1};
    PW_TRY(put_then(db, &p));
    struct counted c;
    PW_TRY(count_rows(db, &c));
    l->inside = c.rows;
    l->outside = rows_now(l->f); /* another connection, same moment */
    assert_false(db_is_read_only(db));
    assert_in_range(db_lane(db), 0, 7);
    return PW_OK;
}
static enum pw_err look_twice(struct db *db, void *arg)
{
    struct look *l = arg;
    struct counted c;
    PW_TRY(count_rows(db, &c));
    l->before = c.rows;
    struct put p = {.id = 2};
    assert_int_equal(db_transact(l->f->s, put_then, &p), PW_OK);
    PW_TRY(count_rows(db, &c));
    l->after = c.rows;
    return PW_OK;
}

static void rows_are_seen_after_commit_only(void **state)
{
    struct dbfix *f = *state;
    struct look l = {.f = f};
    assert_int_equal(db_transact(f->s, put_and_look, &l), PW_OK);
    assert_int_equal(l.inside, 1);
    assert_int_equal(l.outside, 0);
    assert_int_equal(rows_now(f), 1);
    /* a read is one moment: what is committed meanwhile does not appear in it */
    assert_int_equal(db_read(f->s, look_twice, &l), PW_OK);
    assert_int_equal(l.before, 1);
    assert_int_equal(l.after, 1);
    assert_int_equal(rows_now(f), 2);
}

static enum pw_err run_endless(struct db *db, void *arg)
{
    struct arena a;
    struct db_rows rows;
    (void)arg;
    arena_init(&a, 65536);
    enum pw_err e = db_query(db, &a, &x_endless, DB_NOARGS, &rows);
    arena_finish(&a);
    return e;
}

static void endless_read_is_stopped(void **state)
{
    struct dbfix *f = *state;
    assert_int_equal(db_read(f->s, run_endless, NULL), PW_UNAVAILABLE);
    assert_int_equal(rows_now(f), 0);
}

static enum pw_err nested(struct db *db, void *arg)
{
    struct dbfix *f = arg;
    struct put p = {.id = 100};
    (void)db;
    return db_transact(f->s, put_then, &p);
}

static void nested_transaction_is_refused(void **state)
{
    struct dbfix *f = *state;
    if (f->engine == DB_SQLITE)
        assert_int_equal(db_transact(f->s, nested, f), PW_INTERNAL);
}

/* ---- many at once ---- */

enum { THREADS = 32, WORKS = 150 };

struct worker {
    struct dbfix *f;
    int number;
    pthread_t thread;
    int wrong, good;
};

static enum pw_err add_one(struct db *db, void *arg)
{
    (void)arg;
    int64_t changed = 0;
    PW_TRY(db_exec(db, &x_add, DB_ARGS(DB_I(7777777), DB_I(1)), &changed));
    return changed == 1 ? PW_OK : PW_INTERNAL;
}

/* Every third work conflicts in its middle, every seventh gives up by itself, every fifth leaves a dangling reference:
 * none of that may reach a neighbour. */
static void *work(void *arg)
{
    struct worker *w = arg;
    for (int i = 0; i < WORKS; i++) {
        int64_t id = (int64_t)w->number * 100000 + i;
        struct put p = {.id = id};
        int64_t nobody = -id - 1;
        enum pw_err e, want = PW_OK;
        if (i % 3 == 1) {
            e = db_transact(w->f->s, put_same_twice, NULL);
            want = PW_CONFLICT;
        } else if (i % 7 == 1) {
            p.then = want = PW_DENIED;
            e = db_transact(w->f->s, put_then, &p);
        } else if (i % 5 == 1) {
            e = db_transact(w->f->s, tag_nothing, &nobody);
            want = PW_CONFLICT;
        } else if (i % 2 == 1) {
            e = db_transact(w->f->s, add_one, NULL);
        } else {
            e = db_transact(w->f->s, put_then, &p);
            w->good += e == PW_OK;
        }
        w->wrong += e != want;
    }
    return NULL;
}

static enum pw_err read_counter(struct db *db, void *arg)
{
    struct arena a;
    struct db_rows rows;
    arena_init(&a, 65536);
    enum pw_err e = db_one(db, &a, &x_get, DB_ARGS(DB_I(7777777)), &rows);
    if (e == PW_OK)
        *(int64_t *)arg = db_int(&rows, 0, 0);
    arena_finish(&a);
    return e;
}

static void neighbours_do_not_disturb_each_other(void **state)
{
    struct dbfix *f = *state;
    struct put counter = {.id = 7777777};
    assert_int_equal(db_transact(f->s, put_then, &counter), PW_OK);
    static struct worker w[THREADS];
    int adds = 0, good = 0;
    for (int i = 0; i < WORKS; i++)
        adds += i % 3 != 1 && i % 7 != 1 && i % 5 != 1 && i % 2 == 1;
    for (int t = 0; t < THREADS; t++) {
        w[t] = (struct worker){.f = f, .number = t + 1};
        assert_int_equal(pthread_create(&w[t].thread, NULL, work, &w[t]), 0);
    }
    for (int t = 0; t < THREADS; t++) {
        pthread_join(w[t].thread, NULL);
        assert_int_equal(w[t].wrong, 0);
        good += w[t].good;
    }
    int64_t n = 0;
    assert_int_equal(db_read(f->s, read_counter, &n), PW_OK);
    assert_int_equal(n, 1 + adds * THREADS);
    assert_int_equal(rows_now(f), 1 + good);
}

/* ---- statements ---- */

DB_STMT(x_bad_scan, "SELECT id FROM entry WHERE n = $1 + 1");
DB_STMT(x_bad_cast, "SELECT id FROM entry WHERE id = CAST($1 AS INTEGER)");
DB_STMT(x_good_walk, "SELECT id FROM tag JOIN entry ON entry.id = tag.entry ORDER BY name LIMIT 5");
DB_STMT(x_good_with, "WITH few AS (SELECT id, n FROM entry WHERE id < $1 LIMIT 3) SELECT sum(n) FROM few AS f");

static void statements_are_checked(void **state)
{
    struct dbfix *f = *state;
    static const struct db_stmt unsaid = {"unsaid", "SELECT id FROM entry WHERE n = $1", DB_SCAN_OK, NULL};
    size_t n;
    assert_non_null(db_statements(&n));
    assert_true(n > 10);
    assert_true(stmtcheck_one(f, &x_get));
    assert_true(stmtcheck_one(f, &x_scan_said));
    assert_true(stmtcheck_one(f, &x_good_walk));
    assert_true(stmtcheck_one(f, &x_good_with));
    assert_false(stmtcheck_one(f, &x_bad_cast));
    assert_false(stmtcheck_one(f, &unsaid));
    assert_false(stmtcheck_one(f, &x_leave));
    assert_int_equal(stmtcheck_one(f, &x_bad_scan), f->engine == DB_POSTGRES);
    assert_int_equal(stmtcheck_all(f), f->engine == DB_SQLITE ? 3 : 2); /* the bad ones above, x_leave included */
}

static void opening_says_why(void **state)
{
    struct dbfix *f = *state;
    static const char *const urls[] = {"",
                                       "mysql://x",
                                       "file:",
                                       "file::memory:",
                                       "file:/nonexistent/folder/x.db",
                                       "postgresql://nobody@/nowhere?host=/nonexistent"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct store *s = NULL;
        struct sv why = {0};
        assert_int_not_equal(store_open(&(struct store_config){.url = sv_of(urls[i]), .create = true}, &f->a, &s, &why),
                             PW_OK);
        assert_null(s);
        assert_true(why.n > 10);
        assert_int_not_equal(store_open(&(struct store_config){.url = sv_of(urls[i])}, &f->a, &s, NULL), PW_OK);
    }
}

static void closed_pools_open_again(void **state)
{
    struct dbfix *f = *state;
    struct put p = {.id = 1};
    assert_int_equal(db_transact(f->s, put_then, &p), PW_OK);
    dbfix_reopen(f);
    assert_int_equal(rows_now(f), 1);
    store_close(NULL);
}

int main(void)
{
    (void)dbfix_engine();
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, open_fix, close_fix)
    const struct CMUnitTest tests[] = {
        CASE(all_or_nothing),
        CASE(retry_is_bounded),
        CASE(savepoint_undoes_its_part),
        CASE(failed_statement_spoils_the_work),
        CASE(deferred_foreign_key_is_a_conflict),
        CASE(a_work_cannot_commit_by_itself),
        CASE(read_connection_refuses_writes),
        CASE(rows_are_seen_after_commit_only),
        CASE(endless_read_is_stopped),
        CASE(nested_transaction_is_refused),
        CASE(neighbours_do_not_disturb_each_other),
        CASE(statements_are_checked),
        CASE(opening_says_why),
        CASE(closed_pools_open_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
