/* SPDX-License-Identifier: EUPL-1.2 */
/* Schema steps on both engines, and the reader of their text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/dbfix.h"
#include "lib/stmtcheck.h"
#include "store/script.h"

DB_STMT_SCAN(m_read, "SELECT id, n, name FROM thing ORDER BY id", "a small table of a test");
DB_STMT(m_put, "INSERT INTO thing (id, n, name) VALUES ($1, $2, $3)");

static const struct migration steps[] = {
    {"room/1", "-- a comment; with a semicolon and 'a quote\n"
               "CREATE TABLE thing (\n"
               "    id INTEGER PRIMARY KEY, -- INTEGER stays in a comment\n"
               "    n INTEGER NOT NULL DEFAULT 0, /* REAL; */ name TEXT NOT NULL DEFAULT 'INTEGER; BLOB -- STRICT'\n"
               ") STRICT;\n"
               "CREATE INDEX thing_by_name ON thing (name);;\n"
               "INSERT INTO thing (id, n) VALUES (1, 9007199254740993);\n"},
    {"room/2", "ALTER TABLE thing ADD COLUMN raw BLOB;\n"
               "ALTER TABLE thing ADD COLUMN weight REAL;\n"
               "--@sqlite\nINSERT INTO thing (id, name) VALUES (2, 'sqlite');\n"
               "--@postgres\nINSERT INTO thing (id, name) VALUES (2, 'postgres')"},
};

static struct dbfix fix;

static int open_fix(void **state)
{
    dbfix_open(&fix, dbfix_engine());
    *state = &fix;
    return 0;
}
static int close_fix(void **state)
{
    (void)state;
    dbfix_close(&fix);
    return 0;
}

static enum pw_err read_things(struct db *db, void *arg)
{
    return db_query(db, &fix.a, &m_read, DB_NOARGS, arg);
}

static size_t pending(struct dbfix *f, const struct migration *m, size_t n)
{
    size_t left = 99;
    assert_int_equal(store_pending(f->s, m, n, &left), PW_OK);
    return left;
}

static void steps_run_once(void **state)
{
    struct dbfix *f = *state;
    struct db_rows rows;
    struct sv why = {0};
    assert_int_equal(pending(f, steps, 2), 2);
    assert_int_equal(store_migrate(f->s, steps, 1, &why, &f->a), PW_OK);
    assert_int_equal(pending(f, steps, 2), 1);
    for (int i = 0; i < 3; i++) { /* again is nothing */
        assert_int_equal(store_migrate(f->s, steps, 2, &why, &f->a), PW_OK);
        assert_int_equal(pending(f, steps, 2), 0);
    }
    assert_int_equal(db_read(f->s, read_things, &rows), PW_OK);
    assert_int_equal(rows.n, 2);
    assert_true(db_int(&rows, 0, 1) == INT64_C(9007199254740993)); /* 64 bits on both */
    assert_true(sv_eq_z(db_text(&rows, 0, 2), "INTEGER; BLOB -- STRICT"));
    assert_true(sv_eq_z(db_text(&rows, 1, 2), f->engine == DB_SQLITE ? "sqlite" : "postgres"));
    dbfix_reopen(f);
    assert_int_equal(pending(f, steps, 2), 0);
}

static void changed_step_is_refused(void **state)
{
    struct dbfix *f = *state;
    struct sv why = {0};
    const struct migration first = {"room/1", "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT;"};
    const struct migration reworded = {"room/1",
                                       "-- now with a comment\nCREATE TABLE a  (id INTEGER\nPRIMARY KEY) STRICT"
                                       " ;"};
    const struct migration changed = {"room/1", "CREATE TABLE a (id INTEGER PRIMARY KEY, more TEXT) STRICT;"};
    assert_int_equal(store_migrate(f->s, &first, 1, &why, &f->a), PW_OK);
    assert_int_equal(store_migrate(f->s, &reworded, 1, &why, &f->a), PW_OK);
    assert_int_equal(why.n, 0);
    assert_int_equal(store_migrate(f->s, &changed, 1, &why, &f->a), PW_CONFLICT);
    assert_true(sv_find(why, SV("room/1")) >= 0);
}

static void failed_step_leaves_nothing(void **state)
{
    struct dbfix *f = *state;
    struct sv why = {0};
    const struct migration bad = {"room/1", "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT; CREATE TABLE (;"};
    const struct migration good = {"room/1", "CREATE TABLE half (id INTEGER PRIMARY KEY) STRICT;"};
    assert_int_equal(store_migrate(f->s, &bad, 1, &why, &f->a), PW_INTERNAL);
    assert_true(sv_find(why, SV("room/1")) >= 0);
    assert_int_equal(pending(f, &bad, 1), 1);
    assert_int_equal(store_migrate(f->s, &good, 1, NULL, &f->a), PW_OK);
}

static void a_step_cannot_leave_its_transaction(void **state)
{
    struct dbfix *f = *state;
    if (f->engine != DB_SQLITE)
        return;
    static const char *const wrong[] = {"COMMIT;", "PRAGMA synchronous=OFF;", "ATTACH 'x.db' AS x;", "SAVEPOINT x;"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const struct migration m = {"room/1", wrong[i]};
        assert_int_equal(store_migrate(f->s, &m, 1, NULL, &f->a), PW_INTERNAL);
    }
}

enum { STARTERS = 4 };

static void many_start_at_once(void **state)
{
    struct dbfix *f = *state;
    pid_t child[STARTERS];
    int gate[2];
    assert_int_equal(pipe(gate), 0);
    for (int i = 0; i < STARTERS; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            char go;
            struct arena a;
            struct store *s;
            arena_init(&a, 1 << 20);
            (void)close(gate[1]);
            (void)!read(gate[0], &go, 1); /* all at once, when the parent closes its end */
            enum pw_err e = store_open(&(struct store_config){.url = sv_of(f->url)}, &a, &s, NULL);
            if (e == PW_OK)
                e = store_migrate(s, steps, 2, NULL, &a);
            _exit((int)e);
        }
    }
    (void)close(gate[0]);
    (void)close(gate[1]);
    for (int i = 0; i < STARTERS; i++) {
        int status = -1;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), PW_OK);
    }
    struct db_rows rows;
    assert_int_equal(pending(f, steps, 2), 0);
    assert_int_equal(db_read(f->s, read_things, &rows), PW_OK);
    assert_int_equal(rows.n, 2);
}

static void own_statements_are_well(void **state)
{
    struct dbfix *f = *state;
    dbfix_migrate(f, steps, 2);
    assert_int_equal(stmtcheck_all(f), 0);
}

/* ---- the reader of the text; no database ---- */

static void check_words(const char *sql, const char *want)
{
    struct buf out;
    buf_init(&out, 10000);
    script_to_postgres(sv_of(sql), &out);
    struct sv got = sv_trim(buf_sv(&out));
    if (!sv_eq_z(got, want))
        print_error("%.*s\n", SV_ARG(got));
    assert_true(sv_eq_z(got, want));
    buf_finish(&out);
}

static void postgres_words(void **state)
{
    (void)state;
    check_words("CREATE TABLE t (a INTEGER, b Blob, c real, strict TEXT) STRICT",
                "CREATE TABLE t (a BIGINT, b BYTEA, c DOUBLE PRECISION, strict TEXT)");
    check_words("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT, WITHOUT ROWID",
                "CREATE TABLE t (a BIGINT PRIMARY KEY)");
    check_words("INSERT INTO t VALUES ('INTEGER ''REAL'' --', \"INTEGER\") -- BLOB",
                "INSERT INTO t VALUES ('INTEGER ''REAL'' --', \"INTEGER\") -- BLOB");
    check_words("CREATE INDEX strict ON t (a) WHERE a IS NOT NULL", "CREATE INDEX strict ON t (a) WHERE a IS NOT NULL");
    check_words("CREATE TABLE é (INTEGERS TEXT, x_REAL TEXT)", "CREATE TABLE é (INTEGERS TEXT, x_REAL TEXT)");
}

static void statements_are_cut(void **state)
{
    (void)state;
    static const char *const want[] = {"SELECT ';' /* ; */", "-- ; it's\nSELECT \";\"", "SELECT 3"};
    struct sv rest = SV(" ;; SELECT ';' /* ; */; -- ; it's\nSELECT \";\" ;;\n SELECT 3 ; -- end"), got;
    for (size_t i = 0; i < 3; i++) {
        assert_true(script_next(&rest, &got));
        assert_true(sv_eq_z(got, want[i]));
    }
    assert_false(script_next(&rest, &got));
    /* what never ends must end all the same */
    static const char *const open_ended[] = {"'", "\"abc", "/*", "--", "a '", "a /* b", "-", "/"};
    for (size_t i = 0; i < sizeof open_ended / sizeof open_ended[0]; i++) {
        rest = sv_of(open_ended[i]);
        while (script_next(&rest, &got)) {
        }
        assert_int_equal(rest.n, 0);
    }
}

int main(void)
{
    (void)dbfix_engine();
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, open_fix, close_fix)
    const struct CMUnitTest tests[] = {
        CASE(steps_run_once),
        CASE(changed_step_is_refused),
        CASE(failed_step_leaves_nothing),
        CASE(a_step_cannot_leave_its_transaction),
        CASE(many_start_at_once),
        CASE(own_statements_are_well),
        cmocka_unit_test(postgres_words),
        cmocka_unit_test(statements_are_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
