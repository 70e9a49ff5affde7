/* SPDX-License-Identifier: EUPL-1.2 */
/* Timers: rows that call a registered function once their time has come. Removing the row and what the function does
 * are one transaction, so two engines never do one timer twice. */
#include <string.h>

#include "base/log.h"
#include "work/work_priv.h"

enum { BATCH = 100, ROUNDS_MAX = 1000 };
#define FIRST_BACKOFF_MS INT64_C(5000)
#define UNKNOWN_MS INT64_C(3600000)

DB_STMT(timer_put, "INSERT INTO timer (kind, subject_id, due_ms, run_ms, fails) VALUES ($1, $2, $3, $3, 0) "
                   "ON CONFLICT (kind, subject_id) DO UPDATE SET due_ms = excluded.due_ms, "
                   "run_ms = excluded.run_ms, fails = 0");
DB_STMT(timer_remove, "DELETE FROM timer WHERE kind = $1 AND subject_id = $2");
DB_STMT(timer_due, "SELECT kind, subject_id, due_ms, fails FROM timer WHERE run_ms <= $1 ORDER BY run_ms LIMIT 100");
DB_STMT(timer_take, "DELETE FROM timer WHERE kind = $1 AND subject_id = $2 AND due_ms = $3 AND run_ms <= $4");
DB_STMT(timer_later,
        "UPDATE timer SET run_ms = $4, fails = fails + 1 WHERE kind = $1 AND subject_id = $2 AND due_ms = $3");

enum pw_err timer_set(struct db *db, struct sv kind, int64_t subject_id, int64_t due_ms)
{
    return db_exec(db, &timer_put, DB_ARGS(DB_T(kind), DB_I(subject_id), DB_I(due_ms)), NULL);
}

enum pw_err timer_clear(struct db *db, struct sv kind, int64_t subject_id)
{
    return db_exec(db, &timer_remove, DB_ARGS(DB_T(kind), DB_I(subject_id)), NULL);
}

struct due {
    struct arena *list; /* holds rows */
    struct db_rows rows;
    struct arena a; /* of one timer's function */
    const struct on_timer *on;
    struct sv kind;
    int64_t subject_id, due_ms, run_ms, now_ms;
    bool ran;
};

static enum pw_err read_due(struct db *db, void *arg)
{
    struct due *d = arg;
    arena_reset(d->list);
    return db_query(db, d->list, &timer_due, DB_ARGS(DB_I(d->now_ms)), &d->rows);
}

static enum pw_err run_one(struct db *db, void *arg)
{
    struct due *d = arg;
    int64_t changed = 0;
    arena_reset(&d->a);
    PW_TRY(db_exec(db, &timer_take, DB_ARGS(DB_T(d->kind), DB_I(d->subject_id), DB_I(d->due_ms), DB_I(d->now_ms)),
                   &changed));
    d->ran = changed == 1; /* else it was moved, cleared, or another engine was quicker */
    return d->ran ? d->on->fn(d->on->self, db, &d->a, d->subject_id, d->now_ms) : PW_OK;
}

static enum pw_err put_off(struct db *db, void *arg)
{
    const struct due *d = arg;
    return db_exec(db, &timer_later, DB_ARGS(DB_T(d->kind), DB_I(d->subject_id), DB_I(d->due_ms), DB_I(d->run_ms)),
                   NULL);
}

static const struct on_timer *handler_of(const struct work *w, struct sv kind)
{
    for (size_t i = 0; i < w->n_timers; i++)
        if (sv_eq_z(kind, w->timers[i].kind))
            return &w->timers[i];
    return NULL;
}

static enum pw_err run_row(struct work *w, struct due *d, size_t row, size_t *io_done)
{
    int64_t fails = db_int(&d->rows, row, 3);
    d->kind = db_text(&d->rows, row, 0);
    d->subject_id = db_int(&d->rows, row, 1);
    d->due_ms = db_int(&d->rows, row, 2);
    d->on = handler_of(w, d->kind);
    enum pw_err e = d->on ? db_transact(w->store, run_one, d) : PW_NOT_FOUND;
    if (e == PW_OK) {
        *io_done += d->ran;
        return PW_OK;
    }
    if (e == PW_UNAVAILABLE)
        return e; /* the database, not this timer */
    if (d->on || row == 0 ||
        !sv_eq(d->kind, db_text(&d->rows, row - 1, 0))) /* an unknown kind once, not a thousand times */
        log_line(LOG_ERROR, "work-timer", "kind=%.*s subject=%lld error=%s", SV_ARG(d->kind), (long long)d->subject_id,
                 d->on ? err_name(e) : "no-handler");
    d->run_ms = d->now_ms + (d->on ? backoff_ms(FIRST_BACKOFF_MS, fails + 1, d->subject_id) : UNKNOWN_MS);
    return db_transact(w->store, put_off, d);
}

enum pw_err timers_run(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done)
{
    struct due d = {.list = a, .now_ms = now_ms};
    enum pw_err e = PW_OK;
    arena_init(&d.a, JOB_ARENA_MAX);
    for (int round = 0; round < ROUNDS_MAX && e == PW_OK; round++) {
        e = db_read(w->store, read_due, &d);
        for (size_t i = 0; e == PW_OK && i < d.rows.n; i++)
            e = run_row(w, &d, i, io_done);
        if (d.rows.n < BATCH)
            break; /* what its functions set again for now runs next time */
    }
    arena_finish(&d.a);
    return e;
}
