/* SPDX-License-Identifier: EUPL-1.2 */
/* db: one interface, two engines. Only sqlite*.c see sqlite3.h, only postgres*.c see libpq-fe.h.
 *
 * The same SQL text runs on both: parameters $1…$n bound by number, integers 64-bit, times int64 ms UTC, booleans 0/1,
 * folded columns for case-insensitive search, CAST($1 AS TEXT) where a bare parameter has no type (never $1::text).
 * Schema files are written in SQLite's STRICT dialect; the PostgreSQL engine reads INTEGER as BIGINT, BLOB as BYTEA,
 * REAL as DOUBLE PRECISION and drops STRICT.
 *
 * Writes happen only inside db_transact(). On SQLite there is one writer and concurrent transactions are grouped into
 * one durable commit (synchronous=FULL); db_transact() returns PW_OK only after that commit returned. The function may
 * run on another thread of this process while its caller waits, so it must not use thread-local state. It may be run
 * again (PW_RETRY, or a neighbour's failed group), so it must only assign its outputs, never add to them.
 *
 * A failed statement spoils its transaction on both engines, as PostgreSQL demands: later statements are refused and
 * the whole work fails even when it returns PW_OK. Use ON CONFLICT, or wrap what may fail in db_savepoint(). Never call
 * db_transact() from inside a work.
 *
 * Errors: PW_NOT_FOUND (db_one: no row), PW_CONFLICT (unique or foreign key), PW_RETRY (clash; db_transact retries up
 * to 8 times within busy_ms), PW_UNAVAILABLE (database gone, disk full, too slow; after a lost COMMIT the outcome is in
 * doubt), PW_INVALID (a text that is not UTF-8 or holds a zero byte, a number that is not finite), PW_INTERNAL
 * (anything else; cause kept for db_last_error).
 */
#ifndef PW_DB_H
#define PW_DB_H

#include "base/arena.h"
#include "base/err.h"

struct store; /* a whole database with its connections; one per process */
struct db;    /* one connection as seen inside a transaction or a read */

/* ---- statements ---- */

enum { DB_SCAN_OK = 1 }; /* an unindexed scan is intended; `why` must say so */
struct db_stmt {
    const char *name;
    const char *sql;
    unsigned flags;
    const char *why;
};
/* Defines and registers a statement beside the function that runs it. Names are unique in the program. Connections keep
 * what they prepared under the address of the statement, so it lives as long as the program. */
#define DB_STMT(id, text) DB_STMT_SCAN_(id, text, 0, NULL)
#define DB_STMT_SCAN(id, text, reason) DB_STMT_SCAN_(id, text, DB_SCAN_OK, reason)
#define DB_STMT_SCAN_(id, text, flags_, reason)                                                                        \
    static const struct db_stmt id = {#id, text, flags_, reason};                                                      \
    static const struct db_stmt *const db_reg_##id __attribute__((used, section("pw_stmts"))) = &id

/* All registered statements of the program, for the test that prepares each on both engines. */
const struct db_stmt *const *db_statements(size_t *ret_n);

/* ---- values ---- */

enum db_kind { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };
struct db_val {
    enum db_kind kind;
    union {
        int64_t i;
        double r;
        struct sv s;
    };
};
#define DB_I(x) ((struct db_val){.kind = DB_INT, .i = (x)})
#define DB_R(x) ((struct db_val){.kind = DB_REAL, .r = (x)})
#define DB_T(x) ((struct db_val){.kind = DB_TEXT, .s = (x)}) /* {NULL,0} is the empty text, not NULL */
#define DB_B(x) ((struct db_val){.kind = DB_BLOB, .s = (x)})
#define DB_N ((struct db_val){.kind = DB_NULL})
#define DB_I_OR_NULL(x) ((x) ? DB_I(x) : DB_N) /* 0 stands for "none" in ids and times */
#define DB_T_OR_NULL(x) ((x).n ? DB_T(x) : DB_N)
/* DB_ARGS(DB_I(id), DB_T(name)): an array and its length, for the calls below. */
#define DB_ARGS(...)                                                                                                   \
    (const struct db_val[]){__VA_ARGS__}, sizeof((const struct db_val[]){__VA_ARGS__}) / sizeof(struct db_val)
#define DB_NOARGS NULL, 0

/* ---- rows ---- */

struct db_rows {
    size_t n, cols;
    const struct db_val *v; /* n * cols, in the caller's arena */
};
int64_t db_int(const struct db_rows *r, size_t row, size_t col); /* NULL reads as 0 */
double db_real(const struct db_rows *r, size_t row, size_t col);
struct sv db_text(const struct db_rows *r, size_t row, size_t col); /* text or blob; NULL reads as {NULL,0} */
bool db_is_null(const struct db_rows *r, size_t row, size_t col);

/* Runs a statement that returns no rows. ret_changed may be NULL. */
PW_MUST_CHECK enum pw_err db_exec(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n,
                                  int64_t *ret_changed);
/* All rows, copied into the arena. Zero rows is PW_OK. */
PW_MUST_CHECK enum pw_err db_query(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args,
                                   size_t n, struct db_rows *ret);
/* The first row; PW_NOT_FOUND when there is none. */
PW_MUST_CHECK enum pw_err db_one(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args,
                                 size_t n, struct db_rows *ret);
/* The whole numbers of the first column: mostly ids. */
PW_MUST_CHECK enum pw_err db_ints(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args,
                                  size_t n, int64_t **ret, size_t *ret_n);
/* Row by row without keeping them (exports, verification): the row's values live during the call. A return other than
 * PW_OK stops and is returned. */
typedef enum pw_err (*db_row_fn)(void *arg, const struct db_rows *one_row);
PW_MUST_CHECK enum pw_err db_each(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n,
                                  db_row_fn fn, void *arg);

/* ---- transactions ---- */

typedef enum pw_err (*db_work)(struct db *db, void *arg);
/* One transaction: all or nothing, durable when PW_OK. Any other return of fn rolls back and is returned. */
PW_MUST_CHECK enum pw_err db_transact(struct store *s, db_work fn, void *arg);
/* One consistent read on a read-only connection. */
PW_MUST_CHECK enum pw_err db_read(struct store *s, db_work fn, void *arg);
/* Undoes only what fn did when it fails, inside a transaction (a batch that keeps its good rows). */
PW_MUST_CHECK enum pw_err db_savepoint(struct db *db, db_work fn, void *arg);

enum db_engine { DB_SQLITE, DB_POSTGRES };
enum db_engine db_engine_of(const struct db *db);
int db_lane(
    const struct db *db); /* 0 on SQLite; 0…7 by connection on PostgreSQL (spreads hot rows, e.g. the audit chains) */
const char *db_last_error(const struct db *db); /* engine's words about the last failure, for the log; "" if none */
bool db_is_read_only(const struct db *db);
/* The same for the last PW_INTERNAL or PW_UNAVAILABLE of the whole store. Holds names of statements, tables and
 * constraints, never values. */
void store_last_error(struct store *s, char *out, size_t size);

/* ---- opening ---- */

struct store_config {
    struct sv url;    /* "file:/path/passerelle.db" or "postgresql://…" */
    int readers;      /* most read connections (SQLite) or connections (PostgreSQL); 0 = 16 */
    int busy_ms;      /* longest wait for a foreign lock; 0 = 5000 */
    int statement_ms; /* longest a read may run; 0 = 10000 */
    bool create;      /* make the file when it is missing */
};
/* ret_why (optional): a sentence for the operator when opening fails; lives in a. */
PW_MUST_CHECK enum pw_err store_open(const struct store_config *cf, struct arena *a, struct store **ret,
                                     struct sv *ret_why);
void store_close(struct store *s); /* NULL-safe; waits for running transactions */
enum db_engine store_engine(const struct store *s);
/* A whole, consistent copy of a SQLite database into a new, durable file while writers go on. PW_CONFLICT if `path`
 * exists; PW_UNAVAILABLE when the disk fails, and always on PostgreSQL: a server is backed up with its own pg_dump or
 * pg_basebackup, which know its roles, its log and its other databases. */
PW_MUST_CHECK enum pw_err store_backup(struct store *s, struct sv path);

/* ---- migrations ---- */

/* A room's schema: numbered steps, each run once in order in one transaction. Names like "work/1". Tables say in
 * comments what each column holds. A room lists its steps in schema.c files generated from schema*.sql by tools/sql2c.
 */
struct migration {
    const char *name;
    const char *sql;
};
/* PW_CONFLICT when the words of an applied step changed; ret_why (optional) is a sentence in a. A statement that a
 * comment
 * `--@sqlite` or `--@postgres` precedes runs on that engine only. */
PW_MUST_CHECK enum pw_err store_migrate(struct store *s, const struct migration *m, size_t n, struct sv *ret_why,
                                        struct arena *a);
/* Number of listed migrations not yet applied. */
PW_MUST_CHECK enum pw_err store_pending(struct store *s, const struct migration *m, size_t n, size_t *ret_pending);

#endif
