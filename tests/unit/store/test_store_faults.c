/* SPDX-License-Identifier: EUPL-1.2 */
/* Failing disks and power cuts under SQLite: never a false acknowledgement, no second try after a failed sync, and a
 * whole database afterwards. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "faultvfs.h"
#include "lib/dbfix.h"

enum { WRITERS = 12, ROWS_MOST = 4000 };

static const char schema[] =
    "CREATE TABLE entry (id INTEGER PRIMARY KEY, twin INTEGER NOT NULL UNIQUE, body TEXT NOT NULL) STRICT;\n";
DB_STMT(f_put, "INSERT INTO entry (id, twin, body) VALUES ($1, $2, $3)");
DB_STMT(f_get, "SELECT id FROM entry WHERE id = $1");
DB_STMT_SCAN(f_count, "SELECT count(*) FROM entry", "a test counts all");

static struct dbfix fix;

static int open_fix(void **state)
{
    faultvfs_arm(FAULT_NONE, 0, NULL);
    dbfix_open(&fix, DB_SQLITE);
    dbfix_schema(&fix, schema);
    *state = &fix;
    return 0;
}
static int close_fix(void **state)
{
    (void)state;
    faultvfs_arm(FAULT_NONE, 0, NULL);
    faultvfs_lie(false);
    faultvfs_power_on();
    dbfix_close(&fix);
    return 0;
}

static char body[700];

static enum pw_err put(struct db *db, void *arg)
{
    int64_t id = *(int64_t *)arg;
    return db_exec(db, &f_put, DB_ARGS(DB_I(id), DB_I(-id), DB_T(((struct sv){body, sizeof body}))), NULL);
}
static enum pw_err put_id(struct store *s, int64_t id)
{
    return db_transact(s, put, &id);
}

struct ids {
    const int64_t *id;
    size_t n, missing, rows;
};
static enum pw_err look_for(struct db *db, void *arg)
{
    struct ids *ids = arg;
    struct arena a;
    struct db_rows rows;
    enum pw_err e = PW_OK;
    arena_init(&a, 1 << 20);
    ids->missing = 0;
    for (size_t i = 0; i < ids->n; i++) {
        e = db_one(db, &a, &f_get, DB_ARGS(DB_I(ids->id[i])), &rows);
        if (e != PW_OK && e != PW_NOT_FOUND)
            break;
        ids->missing += e == PW_NOT_FOUND;
        e = PW_OK;
        arena_reset(&a);
    }
    if (e == PW_OK && (e = db_one(db, &a, &f_count, DB_NOARGS, &rows)) == PW_OK)
        ids->rows = (size_t)db_int(&rows, 0, 0);
    arena_finish(&a);
    return e;
}

static size_t missing(struct store *s, const int64_t *id, size_t n)
{
    struct ids ids = {.id = id, .n = n};
    assert_int_equal(db_read(s, look_for, &ids), PW_OK);
    return ids.missing;
}

static void is_whole(const struct dbfix *f)
{
    sqlite3 *h;
    sqlite3_stmt *q;
    assert_int_equal(sqlite3_open_v2(f->url + 5, &h, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(h, "PRAGMA integrity_check", -1, &q, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(q), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(q, 0), "ok");
    sqlite3_finalize(q);
    sqlite3_close(h);
}

/* ---- one fault ---- */

static void one_fault(struct dbfix *f, enum fault_kind kind, int n)
{
    int64_t good[] = {1, 2, 3};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(put_id(f->s, good[i]), PW_OK);
    faultvfs_arm(kind, n, "-wal");
    assert_int_equal(put_id(f->s, 4), PW_UNAVAILABLE);
    assert_true(faultvfs_hit());
    for (int64_t id = 5; id < 10; id++) /* the disk works again, but nobody may trust it */
        assert_int_equal(put_id(f->s, id), PW_UNAVAILABLE);
    assert_int_equal(faultvfs_syncs_after(), 0);
    assert_int_equal(missing(f->s, good, 3), 0); /* reading goes on */
    char words[200];
    store_last_error(f->s, words, sizeof words);
    assert_true(strlen(words) > 5);
    store_close(f->s);
    assert_int_equal(faultvfs_syncs_after(), 0); /* closing does not try again either */
    f->s = NULL;
    struct sv why;
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(f->url)}, &f->a, &f->s, &why), PW_OK);
    assert_int_equal(missing(f->s, good, 3), 0);
    int64_t later[] = {5, 6, 7, 8, 9};
    assert_int_equal(missing(f->s, later, 5), 5);
    assert_int_equal(put_id(f->s, 10), PW_OK);
    is_whole(f);
}

static void failed_sync_stops_writing(void **state)
{
    one_fault(*state, FAULT_SYNC, 1);
}
static void full_disk_stops_writing(void **state)
{
    one_fault(*state, FAULT_FULL, 1);
}
static void failed_write_stops_writing(void **state)
{
    one_fault(*state, FAULT_IO, 2);
}

/* The row is durable in the log, so it is acknowledged; but the store stops, and the log survives the closing. */
static void failed_checkpoint_stops_writing(void **state)
{
    struct dbfix *f = *state;
    static int64_t good[ROWS_MOST];
    size_t n = 0;
    faultvfs_arm(FAULT_SYNC, 1, ".db");
    enum pw_err e = PW_OK;
    while (n < ROWS_MOST && e == PW_OK) {
        e = put_id(f->s, (int64_t)n + 1);
        if (e == PW_OK)
            good[n] = (int64_t)n + 1, n++;
    }
    assert_true(faultvfs_hit());
    assert_int_equal(e, PW_UNAVAILABLE);
    assert_true(n > 100);
    assert_int_equal(faultvfs_syncs_after(), 0);
    store_close(f->s);
    assert_int_equal(faultvfs_syncs_after(), 0);
    char log[600];
    struct stat st;
    (void)snprintf(log, sizeof log, "%s-wal", f->url + 5);
    assert_int_equal(stat(log, &st), 0);
    assert_true(st.st_size > 100000);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(f->url)}, &f->a, &f->s, NULL), PW_OK);
    assert_int_equal(missing(f->s, good, n), 0);
    is_whole(f);
}

/* ---- many writers ---- */

struct crowd {
    struct store *s;
    pthread_mutex_t mutex; /* of acked */
    atomic_size_t n;
    atomic_int wrong;
    atomic_bool stopped, enough;
    int64_t acked[ROWS_MOST * 4];
    size_t most;
};
struct writer {
    struct crowd *c;
    int64_t from;
    pthread_t thread;
};

static void *write_until_stopped(void *arg)
{
    struct writer *w = arg;
    for (int64_t id = w->from; id < w->from + 100000 && !atomic_load(&w->c->enough); id++) {
        bool stopped = atomic_load(&w->c->stopped);
        enum pw_err e = put_id(w->c->s, id);
        if (e == PW_OK) {
            pthread_mutex_lock(&w->c->mutex);
            size_t at = atomic_load(&w->c->n);
            if (at < w->c->most) {
                w->c->acked[at] = id;
                atomic_store(&w->c->n, at + 1);
            }
            pthread_mutex_unlock(&w->c->mutex);
            if (at >= w->c->most)
                return NULL;
            if (stopped)
                atomic_fetch_add(&w->c->wrong, 1); /* an acknowledgement after the stop */
        } else {
            if (e != PW_UNAVAILABLE)
                atomic_fetch_add(&w->c->wrong, 1);
            atomic_store(&w->c->stopped, true);
            if (id > w->from + 3)
                return NULL;
        }
    }
    return NULL;
}

static void crowd_start(struct crowd *c, struct writer w[WRITERS], struct store *s, size_t most, int64_t base)
{
    c->s = s;
    c->most = most;
    atomic_store(&c->n, 0);
    atomic_store(&c->wrong, 0);
    atomic_store(&c->stopped, false);
    atomic_store(&c->enough, false);
    for (int i = 0; i < WRITERS; i++) {
        w[i] = (struct writer){.c = c, .from = base + (i + 1) * INT64_C(1000000)};
        assert_int_equal(pthread_create(&w[i].thread, NULL, write_until_stopped, &w[i]), 0);
    }
}
static size_t crowd_end(struct crowd *c, struct writer w[WRITERS])
{
    for (int i = 0; i < WRITERS; i++)
        pthread_join(w[i].thread, NULL);
    return atomic_load(&c->n);
}

static void no_false_acknowledgement_in_a_crowd(void **state)
{
    struct dbfix *f = *state;
    static struct crowd c = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    static struct writer w[WRITERS];
    for (int at = 3; at < 60; at += 8) {
        faultvfs_arm(at % 2 ? FAULT_SYNC : FAULT_FULL, at, "-wal");
        crowd_start(&c, w, f->s, ROWS_MOST * 4, at * INT64_C(100000000));
        size_t n = crowd_end(&c, w);
        assert_true(faultvfs_hit());
        assert_int_equal(atomic_load(&c.wrong), 0);
        assert_int_equal(faultvfs_syncs_after(), 0);
        faultvfs_arm(FAULT_NONE, 0, NULL);
        dbfix_reopen(f);
        assert_int_equal(missing(f->s, c.acked, n), 0);
        is_whole(f);
    }
}

/* Every call that changes a file fails once, one after another, until a whole life passes without a fault. */
static void every_call_may_fail(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_SYNC, FAULT_FULL, FAULT_IO};
    for (size_t k = 0; k < 3; k++) {
        int faults = 0;
        bool hit = true;
        for (int n = 1; hit; n++) {
            struct dbfix f;
            faultvfs_arm(FAULT_NONE, 0, NULL);
            dbfix_open(&f, DB_SQLITE);
            dbfix_schema(&f, schema);
            store_close(f.s);
            f.s = NULL;
            int64_t good[8];
            size_t acked = 0;
            faultvfs_arm(kinds[k], n, NULL);
            if (store_open(&(struct store_config){.url = sv_of(f.url)}, &f.a, &f.s, NULL) == PW_OK) {
                for (int64_t id = 1; id <= 8; id++) {
                    enum pw_err e = put_id(f.s, id);
                    assert_true(e == PW_OK || e == PW_UNAVAILABLE);
                    if (e == PW_OK)
                        good[acked++] = id;
                }
                store_close(f.s);
                f.s = NULL;
            }
            hit = faultvfs_hit();
            faults += hit;
            faultvfs_arm(FAULT_NONE, 0, NULL);
            assert_int_equal(store_open(&(struct store_config){.url = sv_of(f.url)}, &f.a, &f.s, NULL), PW_OK);
            assert_int_equal(missing(f.s, good, acked), 0);
            assert_true(hit || acked == 8);
            is_whole(&f);
            dbfix_close(&f);
        }
        assert_true(faults > 5);
    }
}

/* ---- power cuts ---- */

static size_t cut_power(struct dbfix *f, struct crowd *c, struct writer w[WRITERS], int64_t base, size_t after)
{
    crowd_start(c, w, f->s, after + 5000, base);
    while (atomic_load(&c->n) < after)
        (void)usleep(200);
    /* Acknowledged before the lights go out: these must be there. Later ones too, but they cannot be counted. */
    size_t n = atomic_load(&c->n);
    faultvfs_power_cut();
    (void)crowd_end(c, w);
    store_close(f->s);
    f->s = NULL;
    faultvfs_power_on();
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(f->url)}, &f->a, &f->s, NULL), PW_OK);
    return n;
}

static void power_cut_loses_nothing_acknowledged(void **state)
{
    struct dbfix *f = *state;
    static struct crowd c = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    static struct writer w[WRITERS];
    for (int round = 0; round < 12; round++) {
        size_t n = cut_power(f, &c, w, (round + 1) * INT64_C(100000000), 50 + (size_t)round * 90);
        assert_int_equal(missing(f->s, c.acked, n), 0);
        is_whole(f);
    }
}

/* The control: with a sync that does nothing the same test must lose rows, or it proves nothing. */
static void power_cut_test_can_fail(void **state)
{
    struct dbfix *f = *state;
    static struct crowd c = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    static struct writer w[WRITERS];
    faultvfs_lie(true);
    size_t n = cut_power(f, &c, w, 100000000, 300);
    faultvfs_lie(false);
    assert_true(missing(f->s, c.acked, n) > 0);
}

/* ---- opening ---- */

static void weaker_durability_is_refused(void **state)
{
    struct dbfix *f = *state;
    struct store *s = NULL;
    struct sv why = {0};
    faultvfs_weak_sync(true);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(f->url)}, &f->a, &s, &why), PW_UNAVAILABLE);
    faultvfs_weak_sync(false);
    assert_true(sv_find(why, SV("synchronous")) >= 0);
    faultvfs_no_shared_memory(true);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(f->url)}, &f->a, &s, &why), PW_UNAVAILABLE);
    faultvfs_no_shared_memory(false);
    assert_null(s);
}

static void foreign_file_is_refused(void **state)
{
    struct dbfix *f = *state;
    char path[200], url[220];
    struct store *s = NULL;
    struct sv why = {0};
    (void)snprintf(path, sizeof path, "%s/foreign.db", f->folder);
    (void)snprintf(url, sizeof url, "file:%s", path);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    for (int i = 0; i < 1000; i++)
        (void)fputs("not a database\n", out);
    (void)fclose(out);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(url)}, &f->a, &s, &why), PW_UNAVAILABLE);
    assert_true(why.n > 10);
    (void)snprintf(url, sizeof url, "file:%s/missing.db", f->folder);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(url)}, &f->a, &s, &why), PW_NOT_FOUND);
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(url), .create = true}, &f->a, &s, &why), PW_OK);
    struct stat st;
    assert_int_equal(stat(url + 5, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600); /* nobody else reads it */
    store_close(s);
}

/* ---- backup ---- */

/* OPS-1: a copy taken while writers go on is whole and holds all that was acknowledged before it began. */
static void backup_under_writers_is_whole(void **state)
{
    struct dbfix *f = *state;
    static struct crowd c = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    static struct writer w[WRITERS];
    char copy[200], url[220];
    (void)snprintf(copy, sizeof copy, "%s/copy.db", f->folder);
    (void)snprintf(url, sizeof url, "file:%s", copy);
    crowd_start(&c, w, f->s, ROWS_MOST * 4, 0);
    while (atomic_load(&c.n) < 500)
        (void)usleep(200);
    size_t n = atomic_load(&c.n);
    assert_int_equal(store_backup(f->s, sv_of(copy)), PW_OK);
    assert_int_equal(store_backup(f->s, sv_of(copy)), PW_CONFLICT);
    atomic_store(&c.enough, true);
    (void)crowd_end(&c, w);
    assert_int_equal(atomic_load(&c.wrong), 0);
    struct store *s;
    assert_int_equal(store_open(&(struct store_config){.url = sv_of(url)}, &f->a, &s, NULL), PW_OK);
    assert_int_equal(missing(s, c.acked, n), 0);
    store_close(s);
    assert_int_equal(store_backup(f->s, SV("/nonexistent/folder/copy.db")), PW_UNAVAILABLE);
}

static void failed_backup_leaves_nothing(void **state)
{
    struct dbfix *f = *state;
    char copy[200], part[210];
    (void)snprintf(copy, sizeof copy, "%s/copy.db", f->folder);
    (void)snprintf(part, sizeof part, "%s.part", copy);
    assert_int_equal(put_id(f->s, 1), PW_OK);
    for (int n = 1; n < 4; n++) {
        faultvfs_arm(n == 3 ? FAULT_SYNC : FAULT_FULL, n == 3 ? 1 : n, ".part");
        assert_int_equal(store_backup(f->s, sv_of(copy)), PW_UNAVAILABLE);
        assert_true(faultvfs_hit());
        assert_int_not_equal(access(copy, F_OK), 0);
        assert_int_not_equal(access(part, F_OK), 0);
    }
    faultvfs_arm(FAULT_NONE, 0, NULL);
    assert_int_equal(store_backup(f->s, sv_of(copy)), PW_OK);
    assert_int_equal(put_id(f->s, 2), PW_OK); /* a full backup disk does not stop the store */
}

int main(void)
{
    memset(body, 'b', sizeof body);
    faultvfs_install();
#define CASE(fn) cmocka_unit_test_setup_teardown(fn, open_fix, close_fix)
    const struct CMUnitTest tests[] = {
        CASE(failed_sync_stops_writing),
        CASE(full_disk_stops_writing),
        CASE(failed_write_stops_writing),
        CASE(failed_checkpoint_stops_writing),
        CASE(no_false_acknowledgement_in_a_crowd),
        cmocka_unit_test(every_call_may_fail),
        CASE(power_cut_loses_nothing_acknowledged),
        CASE(power_cut_test_can_fail),
        CASE(weaker_durability_is_refused),
        CASE(foreign_file_is_refused),
        CASE(backup_under_writers_is_whole),
        CASE(failed_backup_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
