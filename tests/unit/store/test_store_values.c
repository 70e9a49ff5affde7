/* SPDX-License-Identifier: EUPL-1.2 */
/* Values, parameters, rows and errors: the same answers on both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/dbfix.h"

static const char schema[] =
    "CREATE TABLE kinds (id INTEGER PRIMARY KEY, i INTEGER, r REAL, t TEXT, b BLOB) STRICT;\n"
    "CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER NOT NULL REFERENCES kinds (id),\n"
    "  name TEXT NOT NULL UNIQUE, checked INTEGER NOT NULL CHECK (checked < 10)) STRICT;\n";

DB_STMT(t_put, "INSERT INTO kinds (id, i, r, t, b) VALUES ($1, $2, $3, $4, $5)");
DB_STMT(t_put_backwards, "INSERT INTO kinds (t, i, id) VALUES ($3, $2, $1)");
DB_STMT(t_get, "SELECT id, i, r, t, b FROM kinds WHERE id = $1");
DB_STMT_SCAN(t_all, "SELECT id, t FROM kinds ORDER BY id", "a small table of a test");
DB_STMT(t_twice, "SELECT id FROM kinds WHERE id = $1 OR id = $1 + 1 ORDER BY id");
DB_STMT_SCAN(t_sum, "SELECT sum(i), count(*), avg(i) FROM kinds", "a small table of a test");
DB_STMT(t_child, "INSERT INTO child (id, parent, name, checked) VALUES ($1, $2, $3, $4)");
DB_STMT(t_upsert, "INSERT INTO child (id, parent, name, checked) VALUES ($1, $2, $3, 1) "
                  "ON CONFLICT (name) DO UPDATE SET checked = child.checked + 1 RETURNING id, checked");
DB_STMT(t_drop, "DELETE FROM kinds WHERE id = $1");
DB_STMT(t_touch, "UPDATE kinds SET i = $2 WHERE id >= $1");
DB_STMT(t_limit, "SELECT id FROM kinds WHERE id >= $1 ORDER BY id LIMIT $2");
DB_STMT(t_true, "SELECT CAST($1 AS BIGINT) = 1");
DB_STMT(t_cast, "SELECT id FROM kinds WHERE id = $1::bigint");
DB_STMT(t_broken, "SELECT nothing FROM nowhere");
DB_STMT(t_gap, "SELECT id FROM kinds WHERE id = $2");

struct one {
    struct arena *a;
    const struct db_stmt *st;
    const struct db_val *args;
    size_t n;
    struct db_rows rows;
    int64_t changed;
};

static enum pw_err exec_one(struct db *db, void *arg)
{
    struct one *o = arg;
    return db_exec(db, o->st, o->args, o->n, &o->changed);
}
static enum pw_err query_one(struct db *db, void *arg)
{
    struct one *o = arg;
    return db_query(db, o->a, o->st, o->args, o->n, &o->rows);
}
static enum pw_err first_one(struct db *db, void *arg)
{
    struct one *o = arg;
    return db_one(db, o->a, o->st, o->args, o->n, &o->rows);
}

#define EXEC(f, st_, ...)                                                                                              \
    ({                                                                                                                 \
        const struct db_val v_[] = {__VA_ARGS__};                                                                      \
        struct one o_ = {.st = &(st_), .args = v_, .n = sizeof v_ / sizeof v_[0], .changed = -1};                      \
        db_transact((f)->s, exec_one, &o_);                                                                            \
    })
#define READ(f, st_, ret, ...)                                                                                         \
    ({                                                                                                                 \
        const struct db_val v_[] = {__VA_ARGS__};                                                                      \
        struct one o_ = {.a = &(f)->a, .st = &(st_), .args = v_, .n = sizeof v_ / sizeof v_[0]};                       \
        enum pw_err e_ = db_read((f)->s, query_one, &o_);                                                              \
        *(ret) = o_.rows;                                                                                              \
        e_;                                                                                                            \
    })

static struct dbfix fix;

static int open_fix(void **state)
{
    dbfix_open(&fix, dbfix_engine());
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

static void put_and_get(struct dbfix *f, int64_t id, struct db_val i, struct db_val r, struct db_val t, struct db_val b)
{
    struct db_rows rows;
    assert_int_equal(EXEC(f, t_put, DB_I(id), i, r, t, b), PW_OK);
    assert_int_equal(READ(f, t_get, &rows, DB_I(id)), PW_OK);
    assert_int_equal(rows.n, 1);
    assert_int_equal(rows.cols, 5);
    assert_int_equal(db_int(&rows, 0, 0), id);
    const struct db_val want[] = {i, r, t, b};
    for (size_t k = 0; k < 4; k++) {
        const struct db_val *got = &rows.v[k + 1];
        assert_int_equal(got->kind, want[k].kind);
        assert_int_equal(db_is_null(&rows, 0, k + 1), want[k].kind == DB_NULL);
        if (want[k].kind == DB_INT)
            assert_true(got->i == want[k].i);
        if (want[k].kind == DB_REAL)
            assert_memory_equal(&got->r, &want[k].r, sizeof got->r);
        if (want[k].kind == DB_TEXT || want[k].kind == DB_BLOB) {
            assert_int_equal(got->s.n, want[k].s.n);
            assert_non_null(got->s.p);
            if (got->s.n)
                assert_memory_equal(got->s.p, want[k].s.p, got->s.n);
        }
    }
}

static void values_round_trip(void **state)
{
    struct dbfix *f = *state;
    static const char every[256 + 3] = "\\x00";
    struct sv bytes = {every, sizeof every};
    struct sv none = {NULL, 0};
    put_and_get(f, 1, DB_N, DB_N, DB_N, DB_N);
    put_and_get(f, 2, DB_I(INT64_MAX), DB_R(1.0 / 3), DB_T(SV("Noor")), DB_B(bytes));
    put_and_get(f, 3, DB_I(INT64_MIN), DB_R(-1e308), DB_T(none), DB_B(none));
    put_and_get(f, 4, DB_I(0), DB_R(4.9e-324), DB_T(SV("")), DB_B(SV("")));
    put_and_get(f, 5, DB_I(-1), DB_R(9007199254740993.0),
                DB_T(SV("نور 👩‍👩‍👧 \xF4\x8F\xBF\xBF 'é' \\x41 $1 \n")),
                DB_B(SV("\0\xff\0 text \\ '")));
    put_and_get(f, 6, DB_I(INT64_C(1) << 53 | 1), DB_R(0.0), DB_T(SV("NULL")), DB_B(SV("\0")));
    size_t n = 3 << 20; /* larger than any scratch */
    char *big = malloc(n);
    assert_non_null(big);
    memset(big, 'x', n);
    put_and_get(f, 7, DB_N, DB_N, DB_T(((struct sv){big, n})), DB_B(((struct sv){big, n})));
    free(big);
}

static void foreign_text_is_refused_alike(void **state)
{
    struct dbfix *f = *state;
    static const struct sv bad[] = {SV("a\0b"),         SV("\xff"),          SV("\xc0\x80"),
                                    SV("\xed\xa0\x80"), SV("\xe2\x82"),      SV("\xf4\x90\x80\x80"),
                                    SV("\x80"),         SV("ok\xf0\x9f\x98")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(EXEC(f, t_put, DB_I(1), DB_N, DB_N, DB_T(bad[i]), DB_N), PW_INVALID);
    assert_int_equal(EXEC(f, t_put, DB_I(1), DB_N, DB_R(__builtin_nan("")), DB_N, DB_N), PW_INVALID);
    assert_int_equal(EXEC(f, t_put, DB_I(1), DB_N, DB_R(__builtin_inf()), DB_N, DB_N), PW_INVALID);
    struct db_rows rows;
    assert_int_equal(READ(f, t_get, &rows, DB_I(1)), PW_OK);
    assert_int_equal(rows.n, 0);
    assert_int_equal(rows.cols, 5);
}

static void parameters_are_bound_by_number(void **state)
{
    struct dbfix *f = *state;
    struct db_rows rows;
    assert_int_equal(EXEC(f, t_put_backwards, DB_I(10), DB_I(20), DB_T(SV("thirty"))), PW_OK);
    assert_int_equal(EXEC(f, t_put_backwards, DB_I(11), DB_I(21), DB_N), PW_OK);
    assert_int_equal(READ(f, t_get, &rows, DB_I(10)), PW_OK);
    assert_int_equal(db_int(&rows, 0, 1), 20);
    assert_true(sv_eq_z(db_text(&rows, 0, 3), "thirty"));
    assert_int_equal(READ(f, t_twice, &rows, DB_I(10)), PW_OK);
    assert_int_equal(rows.n, 2);
    assert_int_equal(READ(f, t_limit, &rows, DB_I(0), DB_I(1)), PW_OK);
    assert_int_equal(rows.n, 1);
    assert_int_equal(READ(f, t_true, &rows, DB_I(1)), PW_OK);
    assert_int_equal(rows.v[0].kind, DB_INT);
    assert_int_equal(db_int(&rows, 0, 0), 1);
    assert_int_equal(READ(f, t_sum, &rows), PW_OK);
    assert_int_equal(rows.v[0].kind, DB_INT);
    assert_int_equal(db_int(&rows, 0, 0), 41);
    assert_int_equal(db_int(&rows, 0, 1), 2);
    assert_true(db_real(&rows, 0, 2) == 20.5);
    /* out of range reads as nothing */
    assert_int_equal(db_int(&rows, 1, 0), 0);
    assert_true(db_is_null(&rows, 0, 9));
    assert_null(db_text(&rows, 5, 5).p);
}

static void wrong_statements_are_internal(void **state)
{
    struct dbfix *f = *state;
    struct db_rows rows;
    if (f->engine == DB_SQLITE) {
        assert_int_equal(READ(f, t_cast, &rows, DB_I(1)), PW_INTERNAL);
        char words[200];
        store_last_error(f->s, words, sizeof words);
        assert_non_null(strstr(words, "t_cast"));
    }
    assert_int_equal(READ(f, t_broken, &rows), PW_INTERNAL);
    assert_int_equal(READ(f, t_gap, &rows, DB_I(1), DB_I(2)), PW_INTERNAL);
    assert_int_equal(READ(f, t_get, &rows, DB_I(1), DB_I(2)), PW_INTERNAL);
    assert_int_equal(READ(f, t_get, &rows), PW_INTERNAL);
    assert_int_equal(READ(f, t_all, &rows), PW_OK); /* and the connection still works */
}

static void conflicts(void **state)
{
    struct dbfix *f = *state;
    assert_int_equal(EXEC(f, t_put, DB_I(1), DB_N, DB_N, DB_N, DB_N), PW_OK);
    assert_int_equal(EXEC(f, t_put, DB_I(1), DB_N, DB_N, DB_N, DB_N), PW_CONFLICT); /* primary key */
    assert_int_equal(EXEC(f, t_child, DB_I(1), DB_I(1), DB_T(SV("x")), DB_I(1)), PW_OK);
    assert_int_equal(EXEC(f, t_child, DB_I(2), DB_I(1), DB_T(SV("x")), DB_I(1)), PW_CONFLICT);  /* unique */
    assert_int_equal(EXEC(f, t_child, DB_I(3), DB_I(9), DB_T(SV("y")), DB_I(1)), PW_CONFLICT);  /* foreign key */
    assert_int_equal(EXEC(f, t_drop, DB_I(1)), PW_CONFLICT);                                    /* still referenced */
    assert_int_equal(EXEC(f, t_child, DB_I(4), DB_I(1), DB_T(SV("z")), DB_I(10)), PW_INTERNAL); /* check */
    assert_int_equal(EXEC(f, t_child, DB_I(4), DB_I(1), DB_N, DB_I(1)), PW_INTERNAL);           /* not null */
}

static void changed_counts(void **state)
{
    struct dbfix *f = *state;
    for (int64_t i = 1; i <= 3; i++)
        assert_int_equal(EXEC(f, t_put, DB_I(i), DB_N, DB_N, DB_N, DB_N), PW_OK);
    const struct db_val args[] = {DB_I(2), DB_I(5)};
    struct one o = {.a = &f->a, .st = &t_touch, .args = args, .n = 2};
    assert_int_equal(db_transact(f->s, exec_one, &o), PW_OK);
    assert_int_equal(o.changed, 2);
    const struct db_val far[] = {DB_I(99), DB_I(5)};
    o.args = far;
    assert_int_equal(db_transact(f->s, exec_one, &o), PW_OK);
    assert_int_equal(o.changed, 0);
    struct one read = {.a = &f->a, .st = &t_all, .changed = -1};
    assert_int_equal(db_read(f->s, exec_one, &read), PW_OK);
    assert_int_equal(read.changed, 0);
}

static void upsert_returns_its_row(void **state)
{
    struct dbfix *f = *state;
    assert_int_equal(EXEC(f, t_put, DB_I(1), DB_N, DB_N, DB_N, DB_N), PW_OK);
    for (int64_t i = 1; i <= 3; i++) {
        const struct db_val args[] = {DB_I(i * 100), DB_I(1), DB_T(SV("one"))};
        struct one o = {.a = &f->a, .st = &t_upsert, .args = args, .n = 3};
        assert_int_equal(db_transact(f->s, first_one, &o), PW_OK);
        assert_int_equal(db_int(&o.rows, 0, 0), 100);
        assert_int_equal(db_int(&o.rows, 0, 1), i);
    }
    const struct db_val nobody[] = {DB_I(77)};
    struct one o = {.a = &f->a, .st = &t_get, .args = nobody, .n = 1};
    assert_int_equal(db_read(f->s, first_one, &o), PW_NOT_FOUND);
}

/* ---- row by row ---- */

struct walk {
    struct db *db;
    struct dbfix *f;
    int64_t seen, sum, stop_at;
};

static enum pw_err inner_row(void *arg, const struct db_rows *row)
{
    *(int64_t *)arg += db_int(row, 0, 0);
    return PW_OK;
}

static enum pw_err on_row(void *arg, const struct db_rows *row)
{
    struct walk *w = arg;
    int64_t id = db_int(row, 0, 0), again = 0;
    assert_int_equal(row->n, 1);
    /* the same statement and another one may run while this one is read */
    if (id <= 3) {
        assert_int_equal(db_each(w->db, &t_all, DB_NOARGS, inner_row, &again), PW_OK);
        assert_true(again > 0);
        struct db_rows got;
        assert_int_equal(db_one(w->db, &w->f->a, &t_get, DB_ARGS(DB_I(id)), &got), PW_OK);
        assert_int_equal(db_int(&got, 0, 0), id);
    }
    w->seen++;
    w->sum += id;
    return id == w->stop_at ? PW_DENIED : PW_OK;
}

static enum pw_err walk_all(struct db *db, void *arg)
{
    struct walk *w = arg;
    w->db = db;
    w->seen = w->sum = 0;
    enum pw_err e = db_each(db, &t_all, DB_NOARGS, on_row, w);
    struct db_rows rows;
    if (e != PW_OK) /* the stop of the function spoils nothing */
        assert_int_equal(db_one(db, &w->f->a, &t_get, DB_ARGS(DB_I(1)), &rows), PW_OK);
    return e;
}

static enum pw_err fill(struct db *db, void *arg)
{
    for (int64_t i = 1; i <= *(int64_t *)arg; i++)
        PW_TRY(db_exec(db, &t_put, DB_ARGS(DB_I(i), DB_N, DB_N, DB_T(SV("row")), DB_N), NULL));
    return PW_OK;
}

static void row_by_row(void **state)
{
    struct dbfix *f = *state;
    int64_t n = 1203;
    assert_int_equal(db_transact(f->s, fill, &n), PW_OK);
    struct walk w = {.f = f};
    assert_int_equal(db_read(f->s, walk_all, &w), PW_OK);
    assert_int_equal(w.seen, n);
    assert_int_equal(w.sum, n * (n + 1) / 2);
    assert_int_equal(db_transact(f->s, walk_all, &w), PW_OK);
    assert_int_equal(w.seen, n);
    w.stop_at = 700;
    assert_int_equal(db_read(f->s, walk_all, &w), PW_DENIED);
    assert_int_equal(w.seen, 700);
    assert_int_equal(db_transact(f->s, walk_all, &w), PW_DENIED);
    assert_int_equal(w.seen, 700);
}

static void rows_respect_the_arena(void **state)
{
    struct dbfix *f = *state;
    int64_t n = 5000;
    assert_int_equal(db_transact(f->s, fill, &n), PW_OK);
    struct arena small;
    arena_init(&small, 20000);
    struct one o = {.a = &small, .st = &t_all, .rows = {.n = 42}};
    assert_int_equal(db_read(f->s, query_one, &o), PW_INTERNAL);
    assert_int_equal(o.rows.n, 42); /* a failure writes nothing */
    arena_finish(&small);
}

/* ---- more statements than a connection keeps ---- */

enum { STATEMENTS = 900, SQL = 80 };

static enum pw_err run_all(struct db *db, void *arg)
{
    const struct db_stmt *st = arg;
    struct arena a;
    enum pw_err e = PW_OK;
    arena_init(&a, 65536);
    for (int i = 0; i < STATEMENTS && e == PW_OK; i++) {
        struct db_rows rows;
        int at = i % 3 == 0 ? i / 100 : i; /* some are used again and again */
        e = db_one(db, &a, &st[at], DB_ARGS(DB_I(i)), &rows);
        if (e == PW_OK && db_int(&rows, 0, 0) != i + at)
            e = PW_CONFLICT;
        arena_reset(&a);
    }
    arena_finish(&a);
    return e;
}

static void many_statements(void **state)
{
    struct dbfix *f = *state;
    static struct db_stmt st[STATEMENTS];
    static char sql[STATEMENTS][SQL];
    for (int i = 0; i < STATEMENTS; i++) {
        (void)snprintf(sql[i], SQL, "SELECT CAST($1 AS BIGINT) + %d", i);
        st[i] = (struct db_stmt){.name = "many", .sql = sql[i]};
    }
    for (int round = 0; round < 3; round++) {
        assert_int_equal(db_read(f->s, run_all, st), PW_OK);
        assert_int_equal(db_transact(f->s, run_all, st), PW_OK);
    }
}

int main(void)
{
    (void)dbfix_engine();
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, open_fix, close_fix)
    const struct CMUnitTest tests[] = {
        CASE(values_round_trip),
        CASE(foreign_text_is_refused_alike),
        CASE(parameters_are_bound_by_number),
        CASE(wrong_statements_are_internal),
        CASE(conflicts),
        CASE(changed_counts),
        CASE(upsert_returns_its_row),
        CASE(row_by_row),
        CASE(rows_respect_the_arena),
        CASE(many_statements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
