/* SPDX-License-Identifier: EUPL-1.2 */
/* Clashes and losses: foreign locks, deadlocks, exhausted pools, connections that die before, in and after a
 * transaction. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <libpq-fe.h>
#include <sqlite3.h>

#include "lib/dbfix.h"

static const char schema[] = "CREATE TABLE entry (id INTEGER PRIMARY KEY, n INTEGER NOT NULL) STRICT;\n"
                             "CREATE TABLE bomb (id INTEGER PRIMARY KEY) STRICT;\n"
                             "INSERT INTO entry (id, n) VALUES (1, 0), (2, 0);\n";
DB_STMT(s_put, "INSERT INTO entry (id, n) VALUES ($1, 0)");
DB_STMT(s_add, "UPDATE entry SET n = n + 1 WHERE id = $1");
DB_STMT(s_bomb, "INSERT INTO bomb (id) VALUES ($1)");
DB_STMT(s_read, "SELECT n FROM entry WHERE id = $1");

static struct dbfix fix;

static int open_fix(void **state)
{
    dbfix_open_with(&fix, dbfix_engine(), (struct store_config){.readers = 3, .busy_ms = 700});
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

static enum pw_err read_n(struct db *db, void *arg)
{
    struct arena a;
    struct db_rows rows;
    int64_t *n = arg;
    arena_init(&a, 65536);
    enum pw_err e = db_one(db, &a, &s_read, DB_ARGS(DB_I(*n)), &rows);
    if (e == PW_OK)
        *n = db_int(&rows, 0, 0);
    arena_finish(&a);
    return e;
}
static int64_t value_of(struct dbfix *f, int64_t id)
{
    enum pw_err e = db_read(f->s, read_n, &id);
    return e == PW_OK ? id : -(int64_t)e;
}

/* A second, foreign connection to the database of the test. */
static void foreign(struct dbfix *f, const char *sql)
{
    PGconn *h = PQconnectdb(f->url);
    PGresult *res = PQexec(h, sql);
    if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(h));
    PQclear(res);
    PQfinish(h);
}
/* Ends every connection of the store of this test: they alone carry the name of its schema. */
static void cut_connections(struct dbfix *f)
{
    PGconn *h = PQconnectdb(f->url);
    PGresult *res = PQexec(h, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid <> "
                              "pg_backend_pid() AND application_name = current_setting('application_name')");
    assert_int_equal(PQresultStatus(res), PGRES_TUPLES_OK);
    assert_true(PQntuples(res) > 0);
    PQclear(res);
    PQfinish(h);
}

struct tried {
    struct dbfix *f;
    int tries, cut_at;
    int64_t id;
};
static enum pw_err put_and_be_cut(struct db *db, void *arg)
{
    struct tried *t = arg;
    PW_TRY(db_exec(db, &s_put, DB_ARGS(DB_I(t->id)), NULL));
    if (++t->tries == t->cut_at)
        cut_connections(t->f);
    return db_exec(db, &s_add, DB_ARGS(DB_I(t->id)), NULL);
}

static void lost_before_commit_is_repeated(void **state)
{
    struct dbfix *f = *state;
    struct tried t = {.f = f, .cut_at = 1, .id = 10};
    assert_int_equal(db_transact(f->s, put_and_be_cut, &t), PW_OK);
    assert_int_equal(t.tries, 2);
    assert_int_equal(value_of(f, 10), 1);
}

static void connections_that_died_in_the_pool_are_replaced(void **state)
{
    struct dbfix *f = *state;
    struct tried t = {.f = f, .id = 11};
    assert_int_equal(value_of(f, 1), 0);
    cut_connections(f);
    assert_int_equal(db_transact(f->s, put_and_be_cut, &t), PW_OK);
    assert_int_equal(t.tries, 1);
    cut_connections(f);
    assert_int_equal(value_of(f, 11), 1);
}

static enum pw_err light_bomb(struct db *db, void *arg)
{
    struct tried *t = arg;
    t->tries++;
    PW_TRY(db_exec(db, &s_put, DB_ARGS(DB_I(t->id)), NULL));
    return db_exec(db, &s_bomb, DB_ARGS(DB_I(t->id)), NULL);
}

/* The server ends the connection while it commits: nobody here can know the outcome, so nothing may be repeated. */
static void lost_in_commit_is_in_doubt(void **state)
{
    struct dbfix *f = *state;
    foreign(f, "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
               "pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$;"
               "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON bomb DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
               "EXECUTE FUNCTION die()");
    struct tried t = {.f = f, .id = 12};
    assert_int_equal(db_transact(f->s, light_bomb, &t), PW_UNAVAILABLE);
    assert_int_equal(t.tries, 1);
    char words[200];
    store_last_error(f->s, words, sizeof words);
    assert_non_null(strstr(words, "in doubt"));
    t = (struct tried){.f = f, .id = 13};
    assert_int_equal(db_transact(f->s, put_and_be_cut, &t), PW_OK); /* and the pool is well again */
    assert_int_equal(value_of(f, 13), 1);
}

static void weak_server_is_refused(void **state)
{
    struct dbfix *f = *state;
    char url[600];
    struct store *s = NULL;
    struct sv why = {0};
    (void)snprintf(url, sizeof url, "%s%%20-csynchronous_commit%%3Doff", f->url);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(url)}, &f->a, &s, &why), PW_UNAVAILABLE);
    assert_true(sv_find(why, SV("synchronous_commit")) >= 0);
    assert_null(s);
    assert_int_equal(store_backup(f->s, SV("/tmp/never-made.db")), PW_UNAVAILABLE);
    assert_int_not_equal(access("/tmp/never-made.db", F_OK), 0);
}

/* ---- locks ---- */

static enum pw_err add_1(struct db *db, void *arg)
{
    (void)arg;
    return db_exec(db, &s_add, DB_ARGS(DB_I(1)), NULL);
}

static void foreign_lock_is_a_clash(void **state)
{
    struct dbfix *f = *state;
    if (f->engine == DB_SQLITE) {
        sqlite3 *h;
        assert_int_equal(sqlite3_open(f->url + 5, &h), SQLITE_OK);
        assert_int_equal(sqlite3_exec(h, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(db_transact(f->s, add_1, NULL), PW_RETRY);
        assert_int_equal(value_of(f, 1), 0); /* reading goes on */
        assert_int_equal(sqlite3_exec(h, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(h);
    } else {
        PGconn *h = PQconnectdb(f->url);
        PQclear(PQexec(h, "BEGIN; SELECT n FROM entry WHERE id = 1 FOR UPDATE"));
        assert_int_equal(db_transact(f->s, add_1, NULL), PW_RETRY);
        assert_int_equal(value_of(f, 1), 0);
        PQfinish(h);
    }
    assert_int_equal(db_transact(f->s, add_1, NULL), PW_OK);
    assert_int_equal(value_of(f, 1), 1);
}

struct cross {
    struct dbfix *f;
    int64_t first, second;
    atomic_int *both;
    int tries;
    enum pw_err e;
    pthread_t thread;
};
static enum pw_err add_crosswise(struct db *db, void *arg)
{
    struct cross *c = arg;
    PW_TRY(db_exec(db, &s_add, DB_ARGS(DB_I(c->first)), NULL));
    if (c->tries++ == 0 && db_engine_of(db) == DB_POSTGRES) { /* both hold their first row: now it must knot */
        atomic_fetch_add(c->both, 1);
        while (atomic_load(c->both) < 2)
            (void)usleep(500);
    }
    return db_exec(db, &s_add, DB_ARGS(DB_I(c->second)), NULL);
}
static void *run_cross(void *arg)
{
    struct cross *c = arg;
    c->e = db_transact(c->f->s, add_crosswise, c);
    return NULL;
}

static void deadlock_is_repeated(void **state)
{
    struct dbfix *f = *state;
    atomic_int both = 0;
    dbfix_reopen(f); /* with patience: the server looks for deadlocks after a second */
    struct cross c[2] = {{.f = f, .first = 1, .second = 2, .both = &both},
                         {.f = f, .first = 2, .second = 1, .both = &both}};
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&c[i].thread, NULL, run_cross, &c[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(c[i].thread, NULL);
    assert_int_equal(c[0].e, PW_OK);
    assert_int_equal(c[1].e, PW_OK);
    assert_int_equal(c[0].tries + c[1].tries > 2, f->engine == DB_POSTGRES);
    assert_int_equal(value_of(f, 1), 2);
    assert_int_equal(value_of(f, 2), 2);
}

/* ---- pools ---- */

enum { MANY = 24 };

struct reader {
    struct dbfix *f;
    pthread_t thread;
    atomic_int *lanes; /* bits of the lanes seen */
    int wrong;
};
static enum pw_err look(struct db *db, void *arg)
{
    struct reader *r = arg;
    int64_t id = 1;
    atomic_fetch_or(r->lanes, 1 << db_lane(db));
    (void)usleep(1000); /* so that all connections are in use at once */
    return read_n(db, &id);
}
static void *read_often(void *arg)
{
    struct reader *r = arg;
    for (int i = 0; i < 10; i++)
        r->wrong += db_read(r->f->s, look, r) != PW_OK;
    return NULL;
}

static void more_readers_than_connections(void **state)
{
    struct dbfix *f = *state;
    static struct reader r[MANY];
    atomic_int lanes = 0;
    for (int i = 0; i < MANY; i++) {
        r[i] = (struct reader){.f = f, .lanes = &lanes};
        assert_int_equal(pthread_create(&r[i].thread, NULL, read_often, &r[i]), 0);
    }
    for (int i = 0; i < MANY; i++) {
        pthread_join(r[i].thread, NULL);
        assert_int_equal(r[i].wrong, 0);
    }
    assert_int_equal(atomic_load(&lanes), f->engine == DB_SQLITE ? 1 : 7); /* three connections, three lanes */
}

int main(void)
{
    enum { ONLY_POSTGRES = 4 }; /* the first ones: a file has no server that could be lost */
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, open_fix, close_fix)
    const struct CMUnitTest tests[] = {
        CASE(lost_before_commit_is_repeated), CASE(connections_that_died_in_the_pool_are_replaced),
        CASE(lost_in_commit_is_in_doubt),     CASE(weak_server_is_refused),
        CASE(foreign_lock_is_a_clash),        CASE(deadlock_is_repeated),
        CASE(more_readers_than_connections),
    };
    size_t from = dbfix_engine() == DB_POSTGRES ? 0 : ONLY_POSTGRES;
    return _cmocka_run_group_tests("tests", tests + from, sizeof tests / sizeof *tests - from, NULL, NULL);
}
