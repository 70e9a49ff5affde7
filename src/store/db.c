/* SPDX-License-Identifier: EUPL-1.2 */
/* db: what both engines share: the statement registry, rows, the rule that a failed statement spoils its transaction,
 * and the bounded retry of a clash. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "store/engine.h"

/* The linker lays all registered pointers side by side and names the ends. Weak: a program may have none. */
extern const struct db_stmt *const __start_pw_stmts[] __attribute__((weak, visibility("hidden")));
extern const struct db_stmt *const __stop_pw_stmts[] __attribute__((weak, visibility("hidden")));

const struct db_stmt *const *db_statements(size_t *ret_n)
{
    const struct db_stmt *const *first = __start_pw_stmts, *const *end = __stop_pw_stmts;
    *ret_n = first ? (size_t)(end - first) : 0;
    return first;
}

/* ---- words ---- */

void db_say(struct db *db, const struct db_stmt *st, const char *words)
{
    (void)snprintf(db->words, sizeof db->words, "%s%s%s", st ? st->name : "", st ? ": " : "", words ? words : "");
}

void store_say(struct store *s, const char *words)
{
    pthread_mutex_lock(&s->words_mutex);
    (void)snprintf(s->words, sizeof s->words, "%s", words);
    pthread_mutex_unlock(&s->words_mutex);
}

void store_begin(struct store *s, const struct store_ops *ops, enum db_engine engine, const struct store_config *cf)
{
    *s = (struct store){
        .ops = ops, .engine = engine, .readers = cf->readers, .busy_ms = cf->busy_ms, .statement_ms = cf->statement_ms};
    pthread_mutex_init(&s->words_mutex, NULL);
}

void store_end(struct store *s)
{
    pthread_mutex_destroy(&s->words_mutex);
}

void store_wait(pthread_cond_t *freed, pthread_mutex_t *held, int64_t end_ms)
{
    struct timespec until = {.tv_sec = end_ms / 1000, .tv_nsec = end_ms % 1000 * 1000000};
    (void)pthread_cond_timedwait(freed, held, &until);
}

const char *db_last_error(const struct db *db)
{
    return db->words;
}

void store_last_error(struct store *s, char *out, size_t size)
{
    pthread_mutex_lock(&s->words_mutex);
    (void)snprintf(out, size, "%s", s->words);
    pthread_mutex_unlock(&s->words_mutex);
}

enum db_engine db_engine_of(const struct db *db)
{
    return db->engine;
}

int db_lane(const struct db *db)
{
    return db->lane;
}

bool db_is_read_only(const struct db *db)
{
    return db->read_only;
}

enum db_engine store_engine(const struct store *s)
{
    return s->engine;
}

/* ---- rows ---- */

static const struct db_val *cell(const struct db_rows *r, size_t row, size_t col)
{
    static const struct db_val none = {.kind = DB_NULL};
    return row < r->n && col < r->cols ? &r->v[row * r->cols + col] : &none;
}

int64_t db_int(const struct db_rows *r, size_t row, size_t col)
{
    const struct db_val *v = cell(r, row, col);
    return v->kind == DB_INT ? v->i : 0;
}

double db_real(const struct db_rows *r, size_t row, size_t col)
{
    const struct db_val *v = cell(r, row, col);
    if (v->kind == DB_INT)
        return (double)v->i;
    return v->kind == DB_REAL ? v->r : 0;
}

struct sv db_text(const struct db_rows *r, size_t row, size_t col)
{
    const struct db_val *v = cell(r, row, col);
    return v->kind == DB_TEXT || v->kind == DB_BLOB ? v->s : (struct sv){0};
}

bool db_is_null(const struct db_rows *r, size_t row, size_t col)
{
    return cell(r, row, col)->kind == DB_NULL;
}

/* ---- statements ---- */

/* PostgreSQL refuses a zero byte and broken UTF-8 in a text; SQLite would keep them. Both refuse here. */
static bool text_ok(struct sv s)
{
    const unsigned char *p = (const unsigned char *)s.p, *end = p + s.n;
    while (p < end) {
        unsigned c = *p++;
        if (c - 1 < 0x7f)
            continue;
        int more;
        unsigned low = 0x80, high = 0xbf;
        if (c >= 0xc2 && c <= 0xdf) {
            more = 1;
        } else if (c >= 0xe0 && c <= 0xef) {
            more = 2;
            low = c == 0xe0 ? 0xa0 : 0x80;
            high = c == 0xed ? 0x9f : 0xbf;
        } else if (c >= 0xf0 && c <= 0xf4) {
            more = 3;
            low = c == 0xf0 ? 0x90 : 0x80;
            high = c == 0xf4 ? 0x8f : 0xbf;
        } else {
            return false;
        }
        for (; more > 0; more--, p++) {
            if (p == end || *p < low || *p > high)
                return false;
            low = 0x80;
            high = 0xbf;
        }
    }
    return true;
}

static enum pw_err check_args(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n)
{
    if (n > DB_ARGS_MAX) {
        db_say(db, st, "too many parameters");
        return PW_INTERNAL;
    }
    for (size_t i = 0; i < n; i++) {
        if (args[i].kind == DB_TEXT && args[i].s.n && !text_ok(args[i].s)) {
            db_say(db, st, "a text parameter is not UTF-8 or holds a zero byte");
            return PW_INVALID;
        }
        if (args[i].kind == DB_REAL && !isfinite(args[i].r)) {
            db_say(db, st, "a number parameter is not finite");
            return PW_INVALID;
        }
    }
    return PW_OK;
}

/* What a spoiled transaction answers: a passing failure stays one, anything else is a defect of the caller, who must
 * end the work or wrap what may fail in db_savepoint. */
static enum pw_err refusal(const struct db *db)
{
    if (db->spoiled == PW_OK || db->spoiled == PW_RETRY || db->spoiled == PW_UNAVAILABLE)
        return db->spoiled;
    return PW_INTERNAL;
}

static enum pw_err run(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n,
                       struct db_sink *sink, int64_t *ret_changed)
{
    PW_TRY(refusal(db));
    PW_TRY(check_args(db, st, args, n));
    enum pw_err e = db->ops->run(db, st, args, n, sink, ret_changed);
    if (e != PW_OK && sink->stopped == PW_OK)
        db->spoiled = e;
    return e;
}

enum pw_err db_exec(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n, int64_t *ret_changed)
{
    struct db_sink sink = {0};
    return run(db, st, args, n, &sink, ret_changed);
}

struct collector {
    struct arena *a;
    struct db_val *v;
    size_t n, room, cols;
    bool first_only;
};

static enum pw_err collect(void *arg, const struct db_rows *row)
{
    struct collector *c = arg;
    c->cols = row->cols;
    if (c->n == c->room) {
        size_t more = c->room ? c->room * 2 : c->first_only ? 1 : 4;
        struct db_val *v =
            row->cols && more > SIZE_MAX / row->cols ? NULL : arena_array(c->a, struct db_val, more * row->cols);
        if (!v)
            return PW_INTERNAL;
        if (c->n)
            memcpy(v, c->v, c->n * c->cols * sizeof *v);
        c->v = v;
        c->room = more;
    }
    for (size_t i = 0; i < row->cols; i++) {
        struct db_val *to = &c->v[c->n * c->cols + i];
        *to = row->v[i];
        if (to->kind == DB_TEXT || to->kind == DB_BLOB) {
            to->s = arena_sv(c->a, row->v[i].s);
            if (!to->s.p)
                return PW_INTERNAL;
        }
    }
    c->n++;
    return PW_OK;
}

static enum pw_err query(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args, size_t n,
                         bool first_only, struct db_rows *ret)
{
    struct collector c = {.a = a, .first_only = first_only};
    struct db_sink sink = {.fn = collect, .arg = &c, .first_only = first_only};
    enum pw_err e = run(db, st, args, n, &sink, NULL);
    if (sink.stopped != PW_OK)
        db_say(db, st, "the rows are larger than the memory of this request");
    PW_TRY(e);
    *ret = (struct db_rows){.n = c.n, .cols = sink.cols, .v = c.v};
    return PW_OK;
}

enum pw_err db_query(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args, size_t n,
                     struct db_rows *ret)
{
    return query(db, a, st, args, n, false, ret);
}

enum pw_err db_one(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args, size_t n,
                   struct db_rows *ret)
{
    struct db_rows rows;
    PW_TRY(query(db, a, st, args, n, true, &rows));
    if (rows.n == 0)
        return PW_NOT_FOUND;
    *ret = rows;
    return PW_OK;
}

enum pw_err db_ints(struct db *db, struct arena *a, const struct db_stmt *st, const struct db_val *args, size_t n,
                    int64_t **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(db, a, st, args, n, &r));
    int64_t *v = arena_array(a, int64_t, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = db_int(&r, i, 0);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err db_each(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n, db_row_fn fn,
                    void *arg)
{
    struct db_sink sink = {.fn = fn, .arg = arg, .stream = true};
    return run(db, st, args, n, &sink, NULL);
}

/* ---- transactions ---- */

void db_start_work(struct db *db)
{
    db->spoiled = PW_OK;
    db->words[0] = '\0';
}

enum pw_err db_end_work(struct store *s, struct db *db, enum pw_err e)
{
    if (e == PW_OK)
        e = refusal(db);
    if ((e == PW_INTERNAL || e == PW_UNAVAILABLE) && db->words[0])
        store_say(s, db->words);
    return e;
}

enum pw_err db_savepoint(struct db *db, db_work fn, void *arg)
{
    PW_TRY(refusal(db));
    enum pw_err e = db->ops->control(db, DB_SAVEPOINT);
    if (e != PW_OK) {
        db->spoiled = e;
        return e;
    }
    e = fn(db, arg);
    if (e == PW_OK)
        e = refusal(db);
    enum pw_err undo = e == PW_OK ? PW_OK : db->ops->control(db, DB_ROLLBACK_TO);
    if (undo == PW_OK)
        undo = db->ops->control(db, DB_RELEASE);
    db->spoiled = undo; /* the failure is undone with what failed */
    return undo == PW_OK ? e : undo;
}

static bool enter(struct store *s)
{
    atomic_fetch_add(&s->running, 1);
    if (!atomic_load(&s->closing))
        return true;
    atomic_fetch_sub(&s->running, 1);
    return false;
}

static void leave(struct store *s)
{
    atomic_fetch_sub(&s->running, 1);
}

/* 0.5 ms, doubling to 64 ms, each with up to as much again so that two that clashed part. */
static void pause_after(int attempt)
{
    struct timespec now, t = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    long step = 500000L << (attempt < 7 ? attempt : 7);
    t.tv_nsec = step + (now.tv_nsec ^ (now.tv_nsec >> 7)) % step;
    nanosleep(&t, NULL);
}

enum { TRIES = 8 };

enum pw_err db_transact(struct store *s, db_work fn, void *arg)
{
    if (!enter(s))
        return PW_UNAVAILABLE;
    int64_t end = clock_mono_ms() + s->busy_ms;
    enum pw_err e;
    for (int attempt = 0;; attempt++) {
        e = s->ops->transact(s, fn, arg);
        if (e != PW_RETRY || attempt == TRIES - 1 || clock_mono_ms() >= end)
            break;
        pause_after(attempt);
    }
    leave(s);
    return e;
}

enum pw_err db_read(struct store *s, db_work fn, void *arg)
{
    if (!enter(s))
        return PW_UNAVAILABLE;
    enum pw_err e = s->ops->read(s, fn, arg);
    leave(s);
    return e;
}

/* ---- the store ---- */

enum pw_err store_open(const struct store_config *cf, struct arena *a, struct store **ret, struct sv *ret_why)
{
    struct store_config full = *cf;
    struct sv unused;
    if (!ret_why)
        ret_why = &unused;
    if (full.readers <= 0)
        full.readers = 16;
    if (full.busy_ms <= 0)
        full.busy_ms = 5000;
    if (full.statement_ms <= 0)
        full.statement_ms = 10000;
    if (sv_starts(full.url, SV("file:")))
        return sqlite_open(&full, a, ret, ret_why);
    if (sv_starts(full.url, SV("postgresql://")) || sv_starts(full.url, SV("postgres://")))
        return postgres_open(&full, a, ret, ret_why);
    *ret_why = SV("The database must be given as file:/path/name.db or postgresql://host/name.");
    return PW_INVALID;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    atomic_store(&s->closing, true);
    while (atomic_load(&s->running) > 0)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    s->ops->close(s);
}

enum pw_err store_backup(struct store *s, struct sv path)
{
    if (!enter(s))
        return PW_UNAVAILABLE;
    enum pw_err e = s->ops->backup(s, path);
    leave(s);
    return e;
}
