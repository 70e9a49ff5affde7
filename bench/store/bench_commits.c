/* SPDX-License-Identifier: EUPL-1.2 */
/* How many one-row transactions a second the store commits durably, by number of waiting threads, beside raw sqlite3
 * that commits each row by itself with the same settings, in the same run. Usage: bench_commits FOLDER [SECONDS]. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/id.h"
#include "store/db.h"

enum { THREADS_MOST = 256, SAMPLES = 2000000 };

static const struct migration schema[] = {
    {"bench/1", "CREATE TABLE inbox (id INTEGER PRIMARY KEY, channel INTEGER NOT NULL, provider_id TEXT NOT NULL, "
                "body BLOB NOT NULL, at_ms INTEGER NOT NULL, UNIQUE (channel, provider_id)) STRICT"}};

DB_STMT(bench_put, "INSERT INTO inbox (id, channel, provider_id, body, at_ms) VALUES ($1, $2, $3, $4, $5)");
DB_STMT_SCAN(bench_count, "SELECT count(*) FROM inbox", "counts at the end of a run");

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct row {
    int64_t id;
    char key[ID_TEXT + 1], body[200];
};

static void row_make(struct row *r)
{
    r->id = id_new();
    (void)id_text(r->id, r->key);
    memset(r->body, (int)('a' + r->id % 26), sizeof r->body);
}

static enum pw_err put(struct db *db, void *arg)
{
    const struct row *r = arg;
    return db_exec(db, &bench_put,
                   DB_ARGS(DB_I(r->id), DB_I(3), DB_T(sv_of(r->key)), DB_B(((struct sv){r->body, sizeof r->body})),
                           DB_I(id_time_ms(r->id))),
                   NULL);
}

struct run {
    struct store *s;
    double end;
    atomic_size_t n;
    float *took;
    atomic_int failed;
};

static void *worker(void *arg)
{
    struct run *r = arg;
    for (;;) {
        struct row row;
        row_make(&row);
        double t0 = now();
        if (t0 >= r->end)
            return NULL;
        if (db_transact(r->s, put, &row) != PW_OK) {
            atomic_fetch_add(&r->failed, 1);
            return NULL;
        }
        size_t i = atomic_fetch_add(&r->n, 1);
        if (i < SAMPLES)
            r->took[i] = (float)((now() - t0) * 1e3);
    }
}

static int by_value(const void *x, const void *y)
{
    float a = *(const float *)x, b = *(const float *)y;
    return (a > b) - (a < b);
}

static enum pw_err count(struct db *db, void *arg)
{
    struct arena a;
    struct db_rows rows;
    arena_init(&a, 65536);
    enum pw_err e = db_one(db, &a, &bench_count, DB_NOARGS, &rows);
    if (e == PW_OK)
        *(int64_t *)arg = db_int(&rows, 0, 0);
    arena_finish(&a);
    return e;
}

static void run_threads(const char *url, const char *what, int threads, double seconds)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    struct store *s;
    struct sv why = {0};
    if (store_open(&(struct store_config){.url = sv_of(url), .create = true, .readers = 64}, &a, &s, &why) != PW_OK ||
        store_migrate(s, schema, 1, &why, &a) != PW_OK) {
        (void)fprintf(stderr, "%.*s\n", SV_ARG(why));
        exit(1);
    }
    int64_t before = 0, after = 0;
    (void)!db_read(s, count, &before);
    struct run r = {.s = s, .took = calloc(SAMPLES, sizeof(float))};
    pthread_t t[THREADS_MOST];
    double t0 = now();
    r.end = t0 + seconds;
    for (int i = 0; i < threads; i++)
        (void)pthread_create(&t[i], NULL, worker, &r);
    for (int i = 0; i < threads; i++)
        (void)pthread_join(t[i], NULL);
    double took = now() - t0;
    size_t n = atomic_load(&r.n);
    (void)!db_read(s, count, &after);
    qsort(r.took, n < SAMPLES ? n : SAMPLES, sizeof(float), by_value);
    (void)printf("%-10s %3d threads  %8.0f commits/s   p50 %6.2f ms   p99 %6.2f ms   p99.9 %6.2f ms   %s\n", what,
                 threads, (double)n / took, (double)r.took[n / 2], (double)r.took[n * 99 / 100],
                 (double)r.took[n * 999 / 1000],
                 atomic_load(&r.failed) == 0 && after - before == (int64_t)n ? "all rows there" : "WRONG");
    (void)fflush(stdout);
    free(r.took);
    store_close(s);
    arena_finish(&a);
}

static void raw_sqlite(const char *path, double seconds)
{
    sqlite3 *h;
    sqlite3_stmt *q = NULL;
    if (sqlite3_open(path, &h) != SQLITE_OK ||
        sqlite3_exec(h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_exec(h, schema[0].sql, NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(h, bench_put.sql, -1, &q, NULL) != SQLITE_OK) {
        (void)fprintf(stderr, "raw sqlite: %s\n", sqlite3_errmsg(h));
        exit(1);
    }
    size_t n = 0;
    double t0 = now();
    while (now() < t0 + seconds) {
        struct row r;
        row_make(&r);
        sqlite3_bind_int64(q, 1, r.id);
        sqlite3_bind_int64(q, 2, 3);
        sqlite3_bind_text(q, 3, r.key, ID_TEXT, SQLITE_STATIC);
        sqlite3_bind_blob(q, 4, r.body, sizeof r.body, SQLITE_STATIC);
        sqlite3_bind_int64(q, 5, id_time_ms(r.id));
        if (sqlite3_step(q) != SQLITE_DONE)
            exit(1);
        sqlite3_reset(q);
        n++;
    }
    (void)printf("%-10s %3d thread   %8.0f commits/s   (one commit a row, synchronous=FULL)\n", "raw sqlite", 1,
                 (double)n / (now() - t0));
    sqlite3_finalize(q);
    sqlite3_close(h);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        (void)fprintf(stderr, "usage: bench_commits FOLDER [SECONDS]\n");
        return 2;
    }
    static const int threads[] = {1, 2, 8, 64, 128};
    double seconds = argc > 2 ? strtod(argv[2], NULL) : 3;
    char path[512];
    (void)snprintf(path, sizeof path, "%s/raw.db", argv[1]);
    raw_sqlite(path, seconds);
    for (size_t i = 0; i < sizeof threads / sizeof threads[0]; i++) {
        (void)snprintf(path, sizeof path, "file:%s/store%d.db", argv[1], threads[i]);
        run_threads(path, "sqlite", threads[i], seconds);
    }
    const char *server = getenv("PW_TEST_PG");
    for (size_t i = 0; server && i < sizeof threads / sizeof threads[0] - 1; i++)
        run_threads(server, "postgres", threads[i], seconds);
    return 0;
}
