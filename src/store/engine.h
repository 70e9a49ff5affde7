/* SPDX-License-Identifier: EUPL-1.2 */
/* engine: what the two engines share and implement; only for files of this room.
 *
 * A statement that fails spoils its transaction (or the savepoint it stands in) on both engines, as PostgreSQL demands:
 * db.c keeps the first failure in `spoiled` and refuses what follows, so that nothing works on SQLite only. */
#ifndef PW_STORE_ENGINE_H
#define PW_STORE_ENGINE_H

#include <stdatomic.h>

#include <pthread.h>

#include "store/db.h"

enum { DB_ARGS_MAX = 128, DB_WORDS = 320 };
enum db_control { DB_SAVEPOINT, DB_RELEASE, DB_ROLLBACK_TO };

/* Where the rows of a statement go. `stopped` is set when fn ended the reading: not the statement's failure. */
struct db_sink {
    db_row_fn fn;
    void *arg;
    size_t cols;
    bool first_only; /* the caller wants one row */
    bool stream;     /* many rows may come: do not hold them all */
    enum pw_err stopped;
};

struct db_ops {
    enum pw_err (*run)(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n,
                       struct db_sink *sink, int64_t *ret_changed);
    enum pw_err (*control)(struct db *db, enum db_control what);
    enum pw_err (*script)(struct db *db, const char *statement); /* one statement of a migration */
    enum pw_err (*has_table)(struct db *db, const char *name, bool *ret);
    /* Holds off other processes that migrate, until the transaction ends. */
    enum pw_err (*lock_schema)(struct db *db);
};

struct db {
    const struct db_ops *ops;
    enum db_engine engine;
    int lane;
    bool read_only;
    enum pw_err spoiled;
    char words[DB_WORDS];
};

struct store_ops {
    enum pw_err (*transact)(struct store *s, db_work fn, void *arg); /* one try */
    enum pw_err (*read)(struct store *s, db_work fn, void *arg);
    enum pw_err (*backup)(struct store *s, struct sv path);
    void (*close)(struct store *s);
};

struct store {
    const struct store_ops *ops;
    enum db_engine engine;
    int readers, busy_ms, statement_ms;
    atomic_int running; /* calls under way: store_close waits for them */
    atomic_bool closing;
    pthread_mutex_t words_mutex;
    char words[DB_WORDS]; /* of the last failure nobody could expect */
};

enum pw_err sqlite_open(const struct store_config *cf, struct arena *a, struct store **ret, struct sv *ret_why);
enum pw_err postgres_open(const struct store_config *cf, struct arena *a, struct store **ret, struct sv *ret_why);

/* What every engine's store begins with; store_end() before its memory is freed. */
void store_begin(struct store *s, const struct store_ops *ops, enum db_engine engine, const struct store_config *cf);
void store_end(struct store *s);

/* Keeps words for db_last_error: "<statement>: <words>". st may be NULL. */
void db_say(struct db *db, const struct db_stmt *st, const char *words);
/* Before and after each work: forgets the last one's failure; turns success over a failed statement into an error. */
void db_start_work(struct db *db);
enum pw_err db_end_work(struct store *s, struct db *db, enum pw_err e);
void store_say(struct store *s, const char *words);
/* Waits for a connection that comes back, at most until the monotonic time end_ms; may return early: look again.
 * freed keeps CLOCK_MONOTONIC. */
void store_wait(pthread_cond_t *freed, pthread_mutex_t *held, int64_t end_ms);

#endif
