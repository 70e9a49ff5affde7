/* SPDX-License-Identifier: EUPL-1.2 */
/* One connection: how it is opened, how a statement runs on it, and what its errors mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/sqlite.h"

enum { READER_STATEMENTS = 160, WRITER_STATEMENTS = 640, COLS_ON_STACK = 40, OPS_BETWEEN_LOOKS = 4000 };

struct sqlite_cached {
    const struct db_stmt *key;
    sqlite3_stmt *q;
    uint64_t used;
    int n;          /* parameters */
    uint8_t *index; /* of $1 … $n in SQLite's own numbering, which follows appearance */
};

/* ---- errors ---- */

enum pw_err sqlite_err(struct sqlite_conn *c, int rc)
{
    switch (rc) {
    case SQLITE_OK:
    case SQLITE_DONE:
    case SQLITE_ROW:
        return PW_OK;
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
    case SQLITE_CONSTRAINT_FOREIGNKEY:
    case SQLITE_CONSTRAINT_TRIGGER: /* ON DELETE RESTRICT is a trigger inside */
        return PW_CONFLICT;
    }
    switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return PW_RETRY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        c->disk_failed = true;
        return PW_UNAVAILABLE;
    case SQLITE_INTERRUPT:
    case SQLITE_NOMEM:
    case SQLITE_CANTOPEN:
        return PW_UNAVAILABLE;
    default:
        return PW_INTERNAL;
    }
}

/* ---- the cache of prepared statements ---- */

static size_t slot_of(const struct sqlite_conn *c, const struct db_stmt *st)
{
    uint64_t x = (uint64_t)(uintptr_t)st * 0x9e3779b97f4a7c15u;
    size_t at = (size_t)(x >> 32) & (c->cache_size - 1);
    while (c->cache[at].key && c->cache[at].key != st)
        at = (at + 1) & (c->cache_size - 1);
    return at;
}

static void drop(struct sqlite_cached *e)
{
    (void)sqlite3_finalize(e->q);
    free(e->index);
    *e = (struct sqlite_cached){0};
}

/* Half of the statements go, the ones not used for longest: rare, and cheaper than exact order at each use. */
static void shrink(struct sqlite_conn *c)
{
    struct sqlite_cached *old = c->cache;
    struct sqlite_cached *new = calloc(c->cache_size, sizeof *new);
    if (!new)
        return;
    uint64_t oldest = c->clock;
    for (size_t i = 0; i < c->cache_size; i++) {
        if (old[i].key && old[i].used < oldest)
            oldest = old[i].used;
    }
    uint64_t keep_from = oldest + (c->clock - oldest) / 2;
    c->cache = new;
    c->cache_n = 0;
    for (size_t i = 0; i < c->cache_size; i++) {
        if (!old[i].key)
            continue;
        if (old[i].used < keep_from && !sqlite3_stmt_busy(old[i].q)) {
            drop(&old[i]);
        } else {
            new[slot_of(c, old[i].key)] = old[i];
            c->cache_n++;
        }
    }
    free(old);
}

static enum pw_err prepare(struct sqlite_conn *c, const struct db_stmt *st, struct sqlite_cached *ret)
{
    struct sqlite_cached e = {.key = st};
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(c->h, st->sql, -1, SQLITE_PREPARE_PERSISTENT, &e.q, &tail);
    if (rc != SQLITE_OK) {
        db_say(&c->db, st, sqlite3_errmsg(c->h));
        return sqlite_err(c, rc);
    }
    const char *wrong = NULL;
    e.n = sqlite3_bind_parameter_count(e.q);
    if (!e.q || (tail && tail[strspn(tail, " \t\r\n;")]))
        wrong = "not exactly one statement";
    else if (e.n > DB_ARGS_MAX)
        wrong = "too many parameters";
    else if (e.n && !(e.index = malloc((size_t)e.n)))
        wrong = "out of memory";
    for (int i = 0; !wrong && i < e.n; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "$%d", i + 1);
        int at = sqlite3_bind_parameter_index(e.q, name);
        if (at == 0)
            wrong = "parameters must be $1 to $n without a gap, and never $1::type";
        e.index[i] = (uint8_t)at;
    }
    if (wrong) {
        db_say(&c->db, st, wrong);
        drop(&e);
        return PW_INTERNAL;
    }
    *ret = e;
    return PW_OK;
}

/* The statement ready to bind. *ret_own: it is not in the cache (in use further up, e.g. inside db_each). */
static enum pw_err find(struct sqlite_conn *c, const struct db_stmt *st, struct sqlite_cached *ret, bool *ret_own)
{
    size_t at = slot_of(c, st);
    *ret_own = c->cache[at].key && sqlite3_stmt_busy(c->cache[at].q);
    if (!c->cache[at].key || *ret_own) {
        struct sqlite_cached e = {0};
        PW_TRY(prepare(c, st, &e));
        if (*ret_own) {
            *ret = e;
            return PW_OK;
        }
        if (c->cache_n >= c->cache_most) {
            shrink(c);
            at = slot_of(c, st);
        }
        if (c->cache_n >=
            c->cache_size / 2) { /* all in use: cannot happen, but a full table would never end a search */
            *ret = e;
            *ret_own = true;
            return PW_OK;
        }
        c->cache[at] = e;
        c->cache_n++;
    }
    c->cache[at].used = ++c->clock;
    *ret = c->cache[at];
    return PW_OK;
}

/* ---- running ---- */

static int bind(const struct sqlite_cached *e, const struct db_val *args)
{
    for (int i = 0; i < e->n; i++) {
        const struct db_val *v = &args[i];
        int at = e->index[i], rc = SQLITE_OK;
        switch (v->kind) {
        case DB_NULL:
            rc = sqlite3_bind_null(e->q, at);
            break;
        case DB_INT:
            rc = sqlite3_bind_int64(e->q, at, v->i);
            break;
        case DB_REAL:
            rc = sqlite3_bind_double(e->q, at, v->r);
            break;
        case DB_TEXT: /* a NULL pointer would bind NULL, not '' */
            rc = sqlite3_bind_text64(e->q, at, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC, SQLITE_UTF8);
            break;
        case DB_BLOB:
            rc = sqlite3_bind_blob64(e->q, at, v->s.n ? v->s.p : "", v->s.n, SQLITE_STATIC);
            break;
        }
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}

static void read_row(sqlite3_stmt *q, int cols, struct db_val *v)
{
    for (int i = 0; i < cols; i++) {
        switch (sqlite3_column_type(q, i)) {
        case SQLITE_INTEGER:
            v[i] = DB_I(sqlite3_column_int64(q, i));
            break;
        case SQLITE_FLOAT:
            v[i] = DB_R(sqlite3_column_double(q, i));
            break;
        case SQLITE_TEXT: {
            const char *p = (const char *)sqlite3_column_text(q, i);
            v[i] = DB_T(((struct sv){p, (size_t)sqlite3_column_bytes(q, i)}));
            break;
        }
        case SQLITE_BLOB: {
            const char *p = sqlite3_column_blob(q, i);
            v[i] = DB_B(((struct sv){p ? p : "", (size_t)sqlite3_column_bytes(q, i)}));
            break;
        }
        default:
            v[i] = DB_N;
        }
    }
}

static enum pw_err step_rows(struct sqlite_conn *c, const struct db_stmt *st, sqlite3_stmt *q, struct db_sink *sink)
{
    struct db_val few[COLS_ON_STACK], *v = few;
    int cols = sqlite3_column_count(q);
    if (cols > COLS_ON_STACK && !(v = malloc((size_t)cols * sizeof *v)))
        return PW_UNAVAILABLE;
    sink->cols = (size_t)cols;
    enum pw_err e = PW_OK;
    int rc;
    while ((rc = sqlite3_step(q)) == SQLITE_ROW) {
        if (!sink->fn)
            continue;
        read_row(q, cols, v);
        struct db_rows row = {.n = 1, .cols = (size_t)cols, .v = v};
        e = sink->stopped = sink->fn(sink->arg, &row);
        if (e != PW_OK || sink->first_only)
            break;
    }
    if (rc != SQLITE_DONE && rc != SQLITE_ROW) {
        db_say(&c->db, st, sqlite3_errmsg(c->h));
        e = sqlite_err(c, rc);
    }
    if (v != few)
        free(v);
    return e;
}

static enum pw_err conn_run(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n,
                            struct db_sink *sink, int64_t *ret_changed)
{
    struct sqlite_conn *c = (struct sqlite_conn *)db;
    struct sqlite_cached e = {0};
    bool own;
    PW_TRY(find(c, st, &e, &own));
    enum pw_err err;
    if ((size_t)e.n != n) {
        db_say(db, st, "wrong number of parameters");
        err = PW_INTERNAL;
    } else {
        int rc = bind(&e, args);
        if (rc != SQLITE_OK) {
            db_say(db, st, sqlite3_errmsg(c->h));
            err = sqlite_err(c, rc);
        } else {
            if (c->active++ == 0 && c->statement_ms)
                c->deadline_ms = clock_mono_ms() + c->statement_ms;
            err = step_rows(c, st, e.q, sink);
            c->active--;
            if (err == PW_OK && ret_changed)
                *ret_changed = sqlite3_stmt_readonly(e.q) ? 0 : sqlite3_changes64(c->h);
        }
    }
    (void)sqlite3_reset(e.q);
    if (own)
        drop(&e);
    return err;
}

int sqlite_conn_step(struct sqlite_conn *c, enum sqlite_step what)
{
    c->own_step = true;
    (void)sqlite3_step(c->step[what]);
    int rc = sqlite3_reset(c->step[what]);
    c->own_step = false;
    if (rc != SQLITE_OK)
        db_say(&c->db, NULL, sqlite3_errmsg(c->h));
    return rc;
}

static enum pw_err conn_control(struct db *db, enum db_control what)
{
    static const enum sqlite_step steps[] = {
        [DB_SAVEPOINT] = STEP_SAVEPOINT, [DB_RELEASE] = STEP_RELEASE, [DB_ROLLBACK_TO] = STEP_UNDO};
    struct sqlite_conn *c = (struct sqlite_conn *)db;
    return sqlite_err(c, sqlite_conn_step(c, steps[what]));
}

static enum pw_err conn_script(struct db *db, const char *statement)
{
    struct sqlite_conn *c = (struct sqlite_conn *)db;
    int rc = sqlite3_exec(c->h, statement, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        db_say(db, NULL, sqlite3_errmsg(c->h));
    return sqlite_err(c, rc);
}

static enum pw_err conn_has_table(struct db *db, const char *name, bool *ret)
{
    struct sqlite_conn *c = (struct sqlite_conn *)db;
    sqlite3_stmt *q = NULL;
    int rc = sqlite3_prepare_v2(c->h, "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = $1", -1, &q, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_bind_text(q, 1, name, -1, SQLITE_STATIC);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(q);
    bool exists = rc == SQLITE_ROW;
    (void)sqlite3_finalize(q);
    if (rc == SQLITE_ROW || rc == SQLITE_DONE)
        *ret = exists;
    return sqlite_err(c, rc);
}

static enum pw_err conn_lock_schema(struct db *db)
{
    (void)db; /* a write transaction of SQLite keeps all other writers out */
    return PW_OK;
}

void sqlite_conn_reset_all(struct sqlite_conn *c)
{
    for (sqlite3_stmt *q = NULL; (q = sqlite3_next_stmt(c->h, q)) != NULL;) {
        if (sqlite3_stmt_busy(q))
            (void)sqlite3_reset(q);
    }
    c->active = 0;
}

/* ---- opening ---- */

/* A work must not end the transaction of its neighbours, and a schema must not reach other files or settings. */
static int authorize(void *arg, int action, const char *x, const char *y, const char *schema, const char *trigger)
{
    const struct sqlite_conn *c = arg;
    (void)y;
    (void)schema;
    (void)trigger;
    switch (action) {
    case SQLITE_PRAGMA: /* data_version is asked by the full-text index itself */
        return c->own_step || (x && strcmp(x, "data_version") == 0) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return c->own_step ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

static int look_at_clock(void *arg)
{
    const struct sqlite_conn *c = arg;
    return c->statement_ms && c->active && clock_mono_ms() > c->deadline_ms;
}

static int note_text(void *arg, int cols, char **v, char **names)
{
    char *out = arg;
    (void)names;
    if (cols > 0)
        (void)snprintf(out, 32, "%s", v[0] ? v[0] : "");
    return 0;
}

/* Sets a pragma and reads it back: what the file system or the library refused must not pass unseen. */
static bool pragma_is(struct sqlite_conn *c, const char *set, const char *ask, const char *expected)
{
    char got[32] = "";
    return (!set || sqlite3_exec(c->h, set, NULL, NULL, NULL) == SQLITE_OK) &&
           sqlite3_exec(c->h, ask, note_text, got, NULL) == SQLITE_OK && strcmp(got, expected) == 0;
}

static enum pw_err set_up(struct sqlite_conn *c, struct arena *a, struct sv *ret_why)
{
    static const char *const steps[STEP__MAX] = {
        [STEP_BEGIN] = "BEGIN",         [STEP_BEGIN_WRITE] = "BEGIN IMMEDIATE", [STEP_COMMIT] = "COMMIT",
        [STEP_ROLLBACK] = "ROLLBACK",   [STEP_SAVEPOINT] = "SAVEPOINT pw",      [STEP_RELEASE] = "RELEASE pw",
        [STEP_UNDO] = "ROLLBACK TO pw",
    };
    bool read_only = c->db.read_only;
    (void)sqlite3_extended_result_codes(c->h, 1);
    (void)sqlite3_db_config(c->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    (void)sqlite3_db_config(c->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, as on PostgreSQL */
    (void)sqlite3_db_config(c->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    /* One plan whatever is bound. Without it a parameter compared with the column of a partial index has its statement
     * prepared anew for each value: twenty times the price of a small query. */
    (void)sqlite3_db_config(c->h, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    int rc = sqlite3_exec(c->h, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    if (rc != SQLITE_OK) {
        *ret_why = arena_fmt(a, "The database file cannot be read: %s.", sqlite3_errmsg(c->h));
        return sqlite_err(c, rc);
    }
    if (!pragma_is(c, read_only ? NULL : "PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal")) {
        *ret_why = SV("The database file cannot use a write-ahead log here (journal_mode is not WAL). Keep it on a "
                      "local disk.");
        return PW_UNAVAILABLE;
    }
    if (!pragma_is(c, "PRAGMA synchronous=FULL", "PRAGMA synchronous", "2")) {
        *ret_why = SV("The database would not wait for the disk (synchronous is not FULL), so an acknowledged message "
                      "could be lost. Passerelle does not start like this.");
        return PW_UNAVAILABLE;
    }
    if (!pragma_is(c, "PRAGMA foreign_keys=ON", "PRAGMA foreign_keys", "1") ||
        !pragma_is(c, "PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0") ||
        sqlite3_exec(c->h, "PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY", NULL, NULL, NULL) != SQLITE_OK ||
        /* Readers are many: little memory each, the kernel's cache serves them through the map. */
        sqlite3_exec(c->h,
                     read_only ? "PRAGMA cache_size=-1024; PRAGMA mmap_size=33554432; PRAGMA query_only=ON"
                               : "PRAGMA cache_size=-8192; PRAGMA mmap_size=0; PRAGMA journal_size_limit=67108864",
                     NULL, NULL, NULL) != SQLITE_OK) {
        *ret_why = arena_fmt(a, "The database file refuses a setting: %s.", sqlite3_errmsg(c->h));
        return PW_UNAVAILABLE;
    }
    for (int i = 0; i < STEP__MAX; i++) {
        rc = sqlite3_prepare_v3(c->h, steps[i], -1, SQLITE_PREPARE_PERSISTENT, &c->step[i], NULL);
        if (rc != SQLITE_OK) {
            *ret_why = arena_fmt(a, "The database cannot be used: %s.", sqlite3_errmsg(c->h));
            return PW_INTERNAL;
        }
    }
    (void)sqlite3_set_authorizer(c->h, authorize, c);
    if (c->statement_ms)
        sqlite3_progress_handler(c->h, OPS_BETWEEN_LOOKS, look_at_clock, c);
    return PW_OK;
}

enum pw_err sqlite_conn_open(struct sqlite_conn *c, const char *path, bool read_only, const struct store *s,
                             struct arena *a, struct sv *ret_why)
{
    static const struct db_ops ops = {conn_run, conn_control, conn_script, conn_has_table, conn_lock_schema};
    *c = (struct sqlite_conn){
        .db = {.ops = &ops, .engine = DB_SQLITE, .read_only = read_only},
        .cache_most = read_only ? READER_STATEMENTS : WRITER_STATEMENTS,
        .cache_size = read_only ? 512 : 2048,
        .statement_ms = read_only ? s->statement_ms : 0,
    };
    c->cache = calloc(c->cache_size, sizeof *c->cache);
    if (!c->cache)
        return PW_UNAVAILABLE;
    int rc = sqlite3_open_v2(path, &c->h,
                             (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX |
                                 SQLITE_OPEN_PRIVATECACHE,
                             NULL);
    enum pw_err e;
    if (rc != SQLITE_OK) {
        *ret_why = arena_fmt(a, "The database file cannot be opened: %s.", c->h ? sqlite3_errmsg(c->h) : "no memory");
        e = PW_UNAVAILABLE;
    } else {
        (void)sqlite3_busy_timeout(c->h, s->busy_ms);
        e = set_up(c, a, ret_why);
    }
    if (e != PW_OK)
        sqlite_conn_close(c);
    return e;
}

void sqlite_conn_close(struct sqlite_conn *c)
{
    for (size_t i = 0; c->cache && i < c->cache_size; i++) {
        if (c->cache[i].key)
            drop(&c->cache[i]);
    }
    free(c->cache);
    for (int i = 0; i < STEP__MAX; i++)
        (void)sqlite3_finalize(c->step[i]);
    (void)sqlite3_close(c->h);
    *c = (struct sqlite_conn){0};
}
