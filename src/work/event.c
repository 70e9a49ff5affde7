/* SPDX-License-Identifier: EUPL-1.2 */
/* Events. Ids are time-ordered, but on PostgreSQL transactions may commit in another order: a cursor over ids would
 * pass by an event that appears late. So a committed event first gets a number (seq), and cursors move over numbers.
 * Numbers are given while the row '' of event_cursor is locked, hence become visible in their order and without a gap
 * that could fill later. Of two events of one process the earlier has the smaller number when both were committed.
 * Delivery is done by one engine at a time, whoever holds the lease "events"; a cursor's row lock guards it besides. */
#include <string.h>

#include "base/id.h"
#include "base/log.h"
#include "work/work_priv.h"

enum { BATCH = 256, DELIVER = 64, ROUNDS_MAX = 1000 };
#define LEASE_MS INT64_C(30000)
#define FIRST_BACKOFF_MS INT64_C(1000)

DB_STMT(event_insert, "INSERT INTO event (id, name, subject_id, data, at_ms) VALUES ($1, $2, $3, $4, $5)");
DB_STMT(event_any_new, "SELECT id FROM event WHERE seq IS NULL LIMIT 1");
DB_STMT(event_new, "SELECT id FROM event WHERE seq IS NULL ORDER BY id LIMIT 256");
DB_STMT(event_number, "UPDATE event SET seq = $2 WHERE id = $1 AND seq IS NULL");
DB_STMT_SCAN(cursor_all, "SELECT subscriber, seq, retry_ms FROM event_cursor", "one row a subscriber");
DB_STMT(cursor_make, "INSERT INTO event_cursor (subscriber, seq, fails, retry_ms) VALUES ($1, 0, 0, 0) "
                     "ON CONFLICT (subscriber) DO NOTHING");
DB_STMT(cursor_hold, "UPDATE event_cursor SET seq = seq WHERE subscriber = $1 RETURNING seq, fails, retry_ms");
DB_STMT(cursor_move, "UPDATE event_cursor SET seq = $2, fails = $3, retry_ms = $4 WHERE subscriber = $1");
DB_STMT(event_after, "SELECT id, name, subject_id, data, at_ms, seq FROM event WHERE seq > $1 ORDER BY seq LIMIT 64");

enum pw_err event_append(struct db *db, struct sv name, int64_t subject_id, struct sv data, int64_t now_ms)
{
    struct sv object = data.n ? data : SV("{}");
    return db_exec(db, &event_insert, DB_ARGS(DB_I(id_new()), DB_T(name), DB_I(subject_id), DB_T(object), DB_I(now_ms)),
                   NULL);
}

struct dispatch {
    struct work *w;
    struct arena *a;
    int64_t now_ms;
    bool any_new, any_behind;
    int64_t n; /* of the last step */
    const struct on_event *on;
    const struct event_row *event;
    bool failed;
};

/* ---- is there anything to do? ---- */

static bool is_behind(const struct dispatch *d, const struct db_rows *cursors, const char *subscriber, int64_t head)
{
    for (size_t i = 0; i < cursors->n; i++)
        if (sv_eq_z(db_text(cursors, i, 0), subscriber))
            return db_int(cursors, i, 1) < head && db_int(cursors, i, 2) <= d->now_ms;
    return head > 0;
}

static enum pw_err look(struct db *db, void *arg)
{
    struct dispatch *d = arg;
    struct db_rows r;
    int64_t head = 0;
    arena_reset(d->a);
    PW_TRY(db_query(db, d->a, &event_any_new, DB_NOARGS, &r));
    d->any_new = r.n > 0;
    d->any_behind = false;
    PW_TRY(db_query(db, d->a, &cursor_all, DB_NOARGS, &r));
    for (size_t i = 0; i < r.n; i++)
        if (db_text(&r, i, 0).n == 0)
            head = db_int(&r, i, 1);
    for (size_t i = 0; i < d->w->n_subscribers; i++)
        d->any_behind = d->any_behind || is_behind(d, &r, d->w->subscribers[i].subscriber, head);
    return PW_OK;
}

/* ---- numbering ---- */

static enum pw_err hold_cursor(struct db *db, struct arena *a, struct sv subscriber, struct db_rows *ret)
{
    enum pw_err e = db_one(db, a, &cursor_hold, DB_ARGS(DB_T(subscriber)), ret);
    if (e != PW_NOT_FOUND)
        return e;
    PW_TRY(db_exec(db, &cursor_make, DB_ARGS(DB_T(subscriber)), NULL));
    return db_one(db, a, &cursor_hold, DB_ARGS(DB_T(subscriber)), ret);
}

static enum pw_err number(struct db *db, void *arg)
{
    struct dispatch *d = arg;
    struct db_rows head, r;
    arena_reset(d->a);
    d->n = 0;
    PW_TRY(hold_cursor(db, d->a, SV(""), &head));
    int64_t seq = db_int(&head, 0, 0);
    PW_TRY(db_query(db, d->a, &event_new, DB_NOARGS, &r));
    for (size_t i = 0; i < r.n; i++)
        PW_TRY(db_exec(db, &event_number, DB_ARGS(DB_I(db_int(&r, i, 0)), DB_I(++seq)), NULL));
    d->n = (int64_t)r.n;
    if (r.n == 0)
        return PW_OK;
    return db_exec(db, &cursor_move, DB_ARGS(DB_T(SV("")), DB_I(seq), DB_I(0), DB_I(0)), NULL);
}

/* ---- delivering ---- */

static enum pw_err call(struct db *db, void *arg)
{
    const struct dispatch *d = arg;
    return d->on->fn(d->on->self, db, d->a, d->event, d->now_ms);
}

/* Up to DELIVER events for one subscriber; the cursor moves in the same transaction. An event that fails undoes only
 * itself: those before it stay delivered. */
static enum pw_err deliver(struct db *db, void *arg)
{
    struct dispatch *d = arg;
    struct sv subscriber = sv_of(d->on->subscriber);
    struct db_rows cursor, r;
    enum pw_err e = PW_OK;

    arena_reset(d->a);
    d->n = 0;
    d->failed = false;
    PW_TRY(hold_cursor(db, d->a, subscriber, &cursor));
    int64_t seq = db_int(&cursor, 0, 0), fails = db_int(&cursor, 0, 1), from = seq;
    if (db_int(&cursor, 0, 2) > d->now_ms)
        return PW_OK;
    PW_TRY(db_query(db, d->a, &event_after, DB_ARGS(DB_I(seq)), &r));
    for (size_t i = 0; i < r.n; i++) {
        struct event_row event = {db_int(&r, i, 0), db_int(&r, i, 2), db_int(&r, i, 4), db_text(&r, i, 1),
                                  db_text(&r, i, 3)};
        if (sv_starts(event.name, sv_of(d->on->prefix))) {
            d->event = &event;
            e = db_savepoint(db, call, d);
            if (e == PW_RETRY || e == PW_UNAVAILABLE)
                return e;
            if (e != PW_OK)
                break;
            d->n++;
        }
        seq = db_int(&r, i, 5);
    }
    d->failed = e != PW_OK;
    if (seq == from && !d->failed)
        return PW_OK;
    fails = !d->failed ? 0 : seq == from ? fails + 1 : 1;
    int64_t retry = d->failed ? d->now_ms + backoff_ms(FIRST_BACKOFF_MS, fails, (int64_t)subscriber.n) : 0;
    if (d->failed)
        log_line(LOG_ERROR, "work-event", "subscriber=%s after=%lld fails=%lld error=%s", d->on->subscriber,
                 (long long)seq, (long long)fails, err_name(e));
    if (!d->failed && r.n == DELIVER && d->n == 0)
        d->n = 1; /* nothing for this subscriber here, but perhaps further on */
    return db_exec(db, &cursor_move, DB_ARGS(DB_T(subscriber), DB_I(seq), DB_I(fails), DB_I(retry)), NULL);
}

static enum pw_err deliver_all(struct dispatch *d, size_t *io_done)
{
    for (int round = 0; round < ROUNDS_MAX; round++) {
        PW_TRY(db_transact(d->w->store, deliver, d));
        *io_done += (size_t)d->n;
        if (d->n == 0 || d->failed)
            break;
    }
    return PW_OK;
}

enum pw_err events_run(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done)
{
    struct dispatch d = {.w = w, .a = a, .now_ms = now_ms};
    bool mine = false;
    PW_TRY(db_read(w->store, look, &d));
    if (!d.any_new && !d.any_behind)
        return PW_OK;
    if (d.any_new) { /* any engine numbers what it finds, at once: pages follow the numbers (event_tail) */
        do
            PW_TRY(db_transact(w->store, number, &d));
        while (d.n == BATCH);
    }
    PW_TRY(lease_take(w, SV("events"), LEASE_MS, now_ms, &mine));
    if (!mine)
        return PW_OK;
    for (size_t i = 0; i < w->n_subscribers; i++) {
        d.on = &w->subscribers[i];
        enum pw_err e = deliver_all(&d, io_done);
        if (e == PW_UNAVAILABLE)
            return e;
        if (e != PW_OK) /* a clash that did not pass: this subscriber again in the next round, the others now */
            log_line(LOG_WARN, "work-event", "subscriber=%s error=%s", d.on->subscriber, err_name(e));
    }
    return PW_OK;
}
