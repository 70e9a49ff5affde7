/* SPDX-License-Identifier: EUPL-1.2 */
/* How a row leaves. Claim: one transaction sets `sending` with a lease and is committed before any byte goes out.
 * Record: a second transaction keeps the result and tells the subject. What lies between is in doubt after a crash. */
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "work/work_priv.h"

enum { ATTEMPTS_MAX = 12, PAUSE_MS = 30000, RECORD_TRIES = 5 };
#define FIRST_BACKOFF_MS INT64_C(5000)
#define DAY_MS INT64_C(86400000)

/* One step from channel to channel along the index, however many rows each has waiting. */
DB_STMT(sending_channels,
        "WITH RECURSIVE c(x) AS (SELECT min(channel_id) FROM outbox WHERE state = 0 UNION ALL "
        "SELECT (SELECT min(o.channel_id) FROM outbox o WHERE o.state = 0 AND o.channel_id > c.x) FROM c "
        "WHERE c.x IS NOT NULL) SELECT x FROM c WHERE x IS NOT NULL LIMIT 256");
/* An answer never waits for a post to the same chat that is only queued: rows wait for those of their own lane and
 * above, and for the one being sent. */
DB_STMT(
    sending_next,
    "SELECT o.id FROM outbox o WHERE o.state = 0 AND o.channel_id = $1 AND o.lane = $2 AND o.not_before_ms <= $3 "
    "AND (o.order_key = '' OR (NOT EXISTS (SELECT 1 FROM outbox p WHERE p.state <= 1 AND p.order_key <> '' AND "
    "p.channel_id = o.channel_id AND p.order_key = o.order_key AND p.lane <= o.lane AND p.id < o.id) AND NOT EXISTS "
    "(SELECT 1 FROM outbox s WHERE s.state = 1 AND s.channel_id = o.channel_id AND s.order_key = o.order_key))) "
    "ORDER BY o.not_before_ms, o.id LIMIT 4");
/* Whether any answer waits at all: one look, however many channels have posts to send. */
DB_STMT(sending_first_answer,
        "SELECT not_before_ms FROM outbox WHERE state = 0 AND lane = 0 ORDER BY not_before_ms LIMIT 1");
DB_STMT(sending_next_due, "SELECT not_before_ms FROM outbox WHERE state = 0 AND channel_id = $1 AND lane = $2 AND "
                          "not_before_ms > $3 ORDER BY not_before_ms LIMIT 1");
DB_STMT(sending_claim, "UPDATE outbox SET state = 1, attempts = attempts + 1, lease_owner = $2, lease_until_ms = $3, "
                       "changed_ms = $4 WHERE id = $1 AND state = 0 RETURNING " OUT_COLUMNS);
DB_STMT(sending_hold, "UPDATE outbox SET changed_ms = changed_ms WHERE id = $1 RETURNING state, lease_owner");
DB_STMT(sending_record,
        "UPDATE outbox SET state = $2, not_before_ms = $3, attempts = $4, provider_id = COALESCE($5, provider_id), "
        "more_ids = COALESCE($8, more_ids), error_code = $6, changed_ms = $7, lease_owner = NULL, "
        "lease_until_ms = NULL WHERE id = $1");
DB_STMT(sending_note_id, "UPDATE outbox SET provider_id = COALESCE(provider_id, $2), "
                         "more_ids = COALESCE(more_ids, $3) WHERE id = $1");
DB_STMT_SCAN(sending_under_way, "SELECT id, lease_owner, lease_until_ms FROM outbox WHERE state = 1",
             "a partial index holds only the few rows being sent");
DB_STMT(sending_doubt, "UPDATE outbox SET state = 6, error_code = 'interrupted', changed_ms = $3, lease_owner = NULL, "
                       "lease_until_ms = NULL WHERE id = $1 AND state = 1 AND lease_owner = $2 RETURNING " OUT_COLUMNS);
DB_STMT(sending_lease, "UPDATE outbox SET lease_until_ms = $3 WHERE id = $1 AND state = 1 AND lease_owner = $2");
DB_STMT(sending_held_due, "SELECT id FROM outbox WHERE state = 7 AND not_before_ms <= $1 LIMIT 1");
DB_STMT(sending_release, "UPDATE outbox SET state = 0, changed_ms = $1 WHERE state = 7 AND not_before_ms <= $1");

/* Doubles from first_ms to a quarter of an hour; up to a fifth less, so that many do not come back at once. The salt
 * makes it repeatable. */
int64_t backoff_ms(int64_t first_ms, int64_t attempt, int64_t salt)
{
    int64_t wait = first_ms;
    for (int64_t i = 1; i < attempt && wait < BACKOFF_MAX_MS; i++)
        wait *= 2;
    if (wait > BACKOFF_MAX_MS)
        wait = BACKOFF_MAX_MS;
    uint64_t mix = ((uint64_t)salt + (uint64_t)attempt) * UINT64_C(0x9E3779B97F4A7C15);
    return wait - (int64_t)((mix >> 33) % ((uint64_t)wait / 5 + 1));
}

/* ---- finding ---- */

struct step {
    struct work *w;
    struct arena *a;
    bool bulk_too;
    int64_t now_ms;
    int64_t channel_id; /* 0 = nothing can leave now */
    int64_t wait_ms;
    bool claimed;
    struct out_row row;
};

static void wait_at_most(struct step *s, int64_t ms)
{
    if (ms < s->wait_ms)
        s->wait_ms = ms;
}

/* Candidates of one lane, oldest first; rows whose chat is busy are left out. */
static enum pw_err candidates(struct db *db, struct step *s, int64_t channel_id, enum out_lane lane,
                              struct db_rows *ret)
{
    return db_query(db, s->a, &sending_next, DB_ARGS(DB_I(channel_id), DB_I(lane), DB_I(s->now_ms)), ret);
}

struct ready { /* the best channel so far */
    int64_t channel_id;
    enum out_lane lane;
    int busy;
};

static bool is_better(const struct ready *x, const struct ready *than)
{
    if (than->channel_id == 0)
        return true;
    return x->lane != than->lane ? x->lane < than->lane : x->busy < than->busy;
}

/* A channel that hangs leaves a sender to the others, and its posts leave one to its own answers. */
static int most_busy(const struct work *w, enum out_lane lane)
{
    int most = w->senders - (lane == LANE_BULK ? 2 : 1);
    return most > 1 ? most : 1;
}

/* Notes the channel in `best` when a row of these lanes can leave, else how long to wait. */
static enum pw_err look_at_channel(struct db *db, struct step *s, int64_t channel_id, enum out_lane from,
                                   enum out_lane to, struct ready *best)
{
    struct rate rate = pace_rate(s->w, channel_id);
    struct pace pace;
    struct db_rows r;
    struct ready x = {channel_id, from, flight_busy(s->w, channel_id)};

    if (s->w->ready && !s->w->ready(s->w->send_self, channel_id))
        return PW_OK;
    PW_TRY(pace_read(db, s->a, &rate, s->now_ms, &pace));
    for (int lane = (int)from; lane <= (int)to; lane++) {
        x.lane = (enum out_lane)lane;
        if (s->w->threaded && x.busy >= most_busy(s->w, x.lane))
            return PW_OK;
        int64_t wait = pace_wait_ms(&pace, &rate, x.lane, s->now_ms);
        PW_TRY(candidates(db, s, channel_id, x.lane, &r));
        if (r.n > 0 && wait > 0) {
            wait_at_most(s, wait);
            return PW_OK;
        }
        if (r.n > 0) {
            if (is_better(&x, best))
                *best = x;
            return PW_OK;
        }
        PW_TRY(db_query(db, s->a, &sending_next_due, DB_ARGS(DB_I(channel_id), DB_I(lane), DB_I(s->now_ms)), &r));
        if (r.n > 0)
            wait_at_most(s, db_int(&r, 0, 0) - s->now_ms);
    }
    return PW_OK;
}

/* Is an answer due somewhere? Else notes when the next one is. */
static enum pw_err answers_wait(struct db *db, struct step *s, bool *ret)
{
    struct db_rows r;
    PW_TRY(db_query(db, s->a, &sending_first_answer, DB_NOARGS, &r));
    *ret = r.n && db_int(&r, 0, 0) <= s->now_ms;
    if (r.n && !*ret)
        wait_at_most(s, db_int(&r, 0, 0) - s->now_ms);
    return PW_OK;
}

static enum pw_err find(struct db *db, void *arg)
{
    struct step *s = arg;
    struct db_rows channels;
    struct ready best = {0};
    bool answers;

    arena_reset(s->a);
    s->wait_ms = s->w->tick_ms;
    s->channel_id = 0;
    PW_TRY(answers_wait(db, s, &answers));
    if (!answers && !s->bulk_too)
        return PW_OK;
    PW_TRY(db_query(db, s->a, &sending_channels, DB_NOARGS, &channels));
    pthread_mutex_lock(&s->w->lock);
    size_t turn = channels.n ? (size_t)(s->w->turn++ % channels.n) : 0;
    pthread_mutex_unlock(&s->w->lock);
    enum out_lane from = answers ? LANE_INTERACTIVE : LANE_BULK, to = s->bulk_too ? LANE_BULK : LANE_INTERACTIVE;
    /* With answers every channel is looked at, for theirs go first; posts alone leave from the first that may. */
    for (size_t i = 0; i < channels.n && (answers || !best.channel_id); i++)
        PW_TRY(look_at_channel(db, s, db_int(&channels, (turn + i) % channels.n, 0), from, to, &best));
    s->channel_id = best.channel_id;
    return PW_OK;
}

/* ---- claiming ---- */

static enum pw_err claim(struct db *db, void *arg)
{
    struct step *s = arg;
    struct rate rate = pace_rate(s->w, s->channel_id);
    struct pace pace;
    struct db_rows r, row;

    arena_reset(s->a);
    s->claimed = false;
    PW_TRY(pace_lock(db, s->a, &rate, s->now_ms, &pace));
    for (int lane = LANE_INTERACTIVE; lane <= (s->bulk_too ? LANE_BULK : LANE_INTERACTIVE); lane++) {
        s->wait_ms = pace_wait_ms(&pace, &rate, (enum out_lane)lane, s->now_ms);
        if (s->wait_ms > 0)
            return PW_OK;
        PW_TRY(candidates(db, s, s->channel_id, (enum out_lane)lane, &r));
        for (size_t i = 0; i < r.n; i++) {
            enum pw_err e = db_one(db, s->a, &sending_claim,
                                   DB_ARGS(DB_I(db_int(&r, i, 0)), DB_T(sv_of(s->w->owner)),
                                           DB_I(s->now_ms + s->w->lease_ms), DB_I(s->now_ms)),
                                   &row);
            if (e == PW_NOT_FOUND)
                continue; /* cancelled this moment */
            PW_TRY(e);
            s->row = out_row_of(&row, 0);
            s->claimed = true;
            pace.tokens = pace.tokens > 1 ? pace.tokens - 1 : 0;
            return pace_save(db, s->channel_id, &pace);
        }
    }
    return PW_OK;
}

/* ---- recording ---- */

struct record {
    struct work *w;
    struct arena a;
    const struct out_row *sent; /* as claimed */
    struct send_result res;
    int64_t now_ms;
    struct out_row row; /* as it will be */
};

static enum pw_err tell(struct db *db, void *arg)
{
    struct record *t = arg;
    return t->w->sent(t->w->send_self, db, &t->a, &t->row, &t->res, t->now_ms);
}

/* The subject learns of it; its own failure does not undo what is true. */
static enum pw_err tell_subject(struct db *db, struct record *t)
{
    if (!t->w->sent)
        return PW_OK;
    enum pw_err e = db_savepoint(db, tell, t);
    if (e == PW_OK || e == PW_RETRY || e == PW_UNAVAILABLE)
        return e;
    log_line(LOG_ERROR, "work-sent", "outbox=%lld error=%s", (long long)t->row.id, err_name(e));
    return PW_OK;
}

/* State, next try and result that follow from what the sender reported. */
static void decide(struct record *t)
{
    struct send_result *res = &t->res;
    struct out_row *row = &t->row;
    row->changed_ms = t->now_ms;
    row->error_code = res->cls == SEND_OK ? (struct sv){0} : res->code;
    if (res->provider_id.n)
        row->provider_id = res->provider_id;
    if (res->more_ids.n)
        row->more_ids = res->more_ids;
    switch (res->cls) {
    case SEND_OK:
        row->state = OUT_SENT;
        break;
    case SEND_IN_DOUBT:
        row->state = OUT_IN_DOUBT;
        break;
    case SEND_BY_HAND:
        row->state = OUT_BY_HAND;
        break;
    case SEND_RETRY:
        if (res->pause_lane)
            row->attempts--;
        if (row->attempts >= ATTEMPTS_MAX) {
            row->state = OUT_FAILED;
            res->cls = SEND_FAILED;
            break;
        }
        row->state = OUT_QUEUED;
        int64_t wait = res->retry_after_ms > DAY_MS ? DAY_MS : res->retry_after_ms;
        if (wait <= 0)
            wait = res->pause_lane ? PAUSE_MS : backoff_ms(FIRST_BACKOFF_MS, row->attempts, row->id);
        row->not_before_ms = t->now_ms + wait;
        break;
    case SEND_WAITS:
        row->state = OUT_HELD;
        row->attempts--;
        row->not_before_ms = OUT_WAITS_MS;
        break;
    case SEND_BLOCKED:
        if (row->error_code.n == 0)
            row->error_code = SV("blocked");
        row->state = OUT_FAILED;
        break;
    case SEND_FAILED:
    default:
        row->state = OUT_FAILED;
        break;
    }
}

static enum pw_err record(struct db *db, void *arg)
{
    struct record *t = arg;
    struct db_rows r;

    arena_reset(&t->a);
    t->row = *t->sent;
    struct send_result given = t->res;
    PW_TRY(db_one(db, &t->a, &sending_hold, DB_ARGS(DB_I(t->sent->id)), &r));
    enum out_state state = (enum out_state)db_int(&r, 0, 0);
    bool ours = state == OUT_SENDING && sv_eq_z(db_text(&r, 0, 1), t->w->owner);
    enum pw_err e = PW_OK;
    if (given.pause_lane)
        PW_TRY(pace_pause(db, t->sent->channel_id,
                          t->now_ms + (given.retry_after_ms > 0 ? given.retry_after_ms : PAUSE_MS), t->now_ms));
    decide(t);
    if (ours || state == OUT_IN_DOUBT || (state == OUT_QUEUED && given.cls == SEND_OK)) {
        /* In doubt or queued again: someone gave us up too early. What we know is certain. */
        e = db_exec(db, &sending_record,
                    DB_ARGS(DB_I(t->row.id), DB_I(t->row.state), DB_I(t->row.not_before_ms), DB_I(t->row.attempts),
                            DB_T_OR_NULL(t->row.provider_id), DB_T(t->row.error_code), DB_I(t->now_ms),
                            DB_T_OR_NULL(t->row.more_ids)),
                    NULL);
        if (e == PW_OK)
            e = tell_subject(db, t);
    } else if (given.cls == SEND_OK && state >= OUT_SENT && state <= OUT_FAILED) {
        /* The provider's status or a person was quicker: their word stays. */
        t->row.state = state;
        e = db_exec(db, &sending_note_id,
                    DB_ARGS(DB_I(t->row.id), DB_T_OR_NULL(given.provider_id), DB_T_OR_NULL(given.more_ids)), NULL);
        if (e == PW_OK)
            e = tell_subject(db, t);
    } else {
        log_line(LOG_WARN, "work-late", "outbox=%lld state=%s", (long long)t->row.id, out_state_name(state));
    }
    t->res = given; /* this may run again */
    return e;
}

static bool is_stopping(struct work *w)
{
    pthread_mutex_lock(&w->lock);
    bool stopping = w->stopping;
    pthread_mutex_unlock(&w->lock);
    return stopping;
}

/* The result is in our hands only: as long as the database is away we hold on to it. */
static enum pw_err record_surely(struct record *t)
{
    for (int i = 0;; i++) {
        enum pw_err e = db_transact(t->w->store, record, t);
        bool passing = e == PW_RETRY || e == PW_UNAVAILABLE;
        if (!passing || (i >= RECORD_TRIES && (!t->w->threaded || is_stopping(t->w))))
            return e;
        nanosleep(&(struct timespec){.tv_sec = i < RECORD_TRIES ? 0 : 1, .tv_nsec = 200 * 1000000}, NULL);
    }
}

/* ---- one send ---- */

static enum pw_err send_claimed(struct step *s, int64_t given_now_ms)
{
    struct record t = {.w = s->w, .sent = &s->row};
    if (!flight_begin(s->w, s->row.id, s->row.channel_id))
        return PW_INTERNAL; /* more senders than places: a defect; the row becomes in doubt, not lost */
    s->w->send(s->w->send_self, s->a, &s->row, &t.res);
    t.now_ms = given_now_ms ? given_now_ms : clock_now_ms();
    arena_init(&t.a, JOB_ARENA_MAX);
    enum pw_err e = record_surely(&t);
    arena_finish(&t.a);
    flight_end(s->w, s->row.id, s->row.channel_id);
    if (e != PW_OK)
        log_line(LOG_ERROR, "work-record", "outbox=%lld error=%s", (long long)s->row.id, err_name(e));
    return e;
}

enum pw_err sending_step(struct work *w, struct arena *a, bool bulk_too, int64_t now_ms, bool *ret_sent,
                         int64_t *ret_wait_ms)
{
    struct step s = {.w = w, .a = a, .bulk_too = bulk_too, .now_ms = now_ms ? now_ms : clock_now_ms()};
    PW_TRY(db_read(w->store, find, &s));
    if (s.channel_id)
        PW_TRY(db_transact(w->store, claim, &s));
    if (s.channel_id && s.claimed)
        PW_TRY(send_claimed(&s, now_ms));
    *ret_sent = s.claimed;
    *ret_wait_ms = s.wait_ms > 0 ? s.wait_ms : 1; /* another took what we saw */
    return PW_OK;
}

/* ---- what was interrupted ---- */

struct doubt {
    struct record t; /* first */
    int64_t id;
    struct sv owner;
    bool found;
};

static enum pw_err mark_doubt(struct db *db, void *arg)
{
    struct doubt *d = arg;
    struct db_rows r;
    arena_reset(&d->t.a);
    enum pw_err e = db_one(db, &d->t.a, &sending_doubt, DB_ARGS(DB_I(d->id), DB_T(d->owner), DB_I(d->t.now_ms)), &r);
    d->found = e == PW_OK;
    if (e == PW_NOT_FOUND)
        return PW_OK; /* its engine was only slow */
    PW_TRY(e);
    d->t.row = out_row_of(&r, 0);
    d->t.res = (struct send_result){.cls = SEND_IN_DOUBT, .code = SV("interrupted")};
    return tell_subject(db, &d->t);
}

struct under_way {
    struct arena *a;
    struct db_rows r;
};

static enum pw_err read_under_way(struct db *db, void *arg)
{
    struct under_way *u = arg;
    arena_reset(u->a);
    return db_query(db, u->a, &sending_under_way, DB_NOARGS, &u->r);
}

enum pw_err sending_sweep(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done)
{
    struct under_way u = {.a = a};
    bool alone = store_engine(w->store) == DB_SQLITE;
    enum pw_err e = PW_OK;
    PW_TRY(db_read(w->store, read_under_way, &u));
    for (size_t i = 0; i < u.r.n && e == PW_OK; i++) {
        struct doubt d = {.t = {.w = w, .now_ms = now_ms}, .id = db_int(&u.r, i, 0), .owner = db_text(&u.r, i, 1)};
        bool late = db_int(&u.r, i, 2) < now_ms && !flight_has(w, d.id);
        if (!late && !owner_is_dead(d.owner, alone))
            continue;
        arena_init(&d.t.a, JOB_ARENA_MAX);
        e = db_transact(w->store, mark_doubt, &d);
        arena_finish(&d.t.a);
        *io_done += e == PW_OK && d.found;
    }
    return e;
}

struct renewal {
    struct work *w;
    int64_t ids[SENDERS_MAX + 1], until_ms;
};

static enum pw_err renew(struct db *db, void *arg)
{
    const struct renewal *r = arg;
    for (size_t i = 0; i < sizeof r->ids / sizeof r->ids[0]; i++)
        if (r->ids[i])
            PW_TRY(db_exec(db, &sending_lease, DB_ARGS(DB_I(r->ids[i]), DB_T(sv_of(r->w->owner)), DB_I(r->until_ms)),
                           NULL));
    return PW_OK;
}

enum pw_err sending_renew(struct work *w, int64_t now_ms)
{
    struct renewal r = {.w = w, .until_ms = now_ms + w->lease_ms};
    bool due = false;
    pthread_mutex_lock(&w->lock);
    if (now_ms - w->renewed_ms >= w->lease_ms / 3 || now_ms < w->renewed_ms) {
        w->renewed_ms = now_ms;
        for (size_t i = 0; i < sizeof r.ids / sizeof r.ids[0]; i++) {
            r.ids[i] = w->in_flight[i];
            due = due || r.ids[i];
        }
    }
    pthread_mutex_unlock(&w->lock);
    return due ? db_transact(w->store, renew, &r) : PW_OK;
}

/* ---- held rows whose time has come ---- */

struct release {
    int64_t now_ms, n;
};

static enum pw_err look_held(struct db *db, void *arg)
{
    struct release *r = arg;
    struct arena a;
    struct db_rows rows;
    arena_init(&a, 16 * 1024);
    enum pw_err e = db_query(db, &a, &sending_held_due, DB_ARGS(DB_I(r->now_ms)), &rows);
    r->n = e == PW_OK ? (int64_t)rows.n : 0;
    arena_finish(&a);
    return e;
}

static enum pw_err release_held(struct db *db, void *arg)
{
    struct release *r = arg;
    return db_exec(db, &sending_release, DB_ARGS(DB_I(r->now_ms)), &r->n);
}

enum pw_err sending_unhold(struct work *w, int64_t now_ms, size_t *io_done)
{
    struct release r = {.now_ms = now_ms};
    PW_TRY(db_read(w->store, look_held, &r));
    if (r.n > 0) {
        PW_TRY(db_transact(w->store, release_held, &r));
        *io_done += (size_t)r.n;
    }
    return PW_OK;
}
