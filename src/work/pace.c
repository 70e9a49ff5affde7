/* SPDX-License-Identifier: EUPL-1.2 */
/* The pace of a channel: a token bucket for the provider's rate, and the pause it asked for with 429. Both are one row,
 * so that a restart or a second process does not forget them. */
#include <math.h>

#include "work/work_priv.h"

DB_STMT(pace_get, "SELECT tokens, filled_ms, paused_until_ms FROM send_pace WHERE channel_id = $1");
DB_STMT(pace_make, "INSERT INTO send_pace (channel_id, tokens, filled_ms, paused_until_ms) VALUES ($1, $2, $3, 0) "
                   "ON CONFLICT (channel_id) DO NOTHING");
/* Changes nothing, and keeps other claims of this channel out until the transaction ends. */
DB_STMT(pace_hold, "UPDATE send_pace SET filled_ms = filled_ms WHERE channel_id = $1 "
                   "RETURNING tokens, filled_ms, paused_until_ms");
DB_STMT(pace_put, "UPDATE send_pace SET tokens = $2, filled_ms = $3 WHERE channel_id = $1");
DB_STMT(pace_stop, "INSERT INTO send_pace (channel_id, tokens, filled_ms, paused_until_ms) VALUES ($1, 0, $3, $2) "
                   "ON CONFLICT (channel_id) DO UPDATE SET paused_until_ms = excluded.paused_until_ms "
                   "WHERE send_pace.paused_until_ms < excluded.paused_until_ms");

DB_STMT(pace_go, "UPDATE send_pace SET paused_until_ms = 0 WHERE channel_id = $1");
DB_STMT(pace_try_now,
        "UPDATE outbox SET not_before_ms = $2 WHERE state = 0 AND channel_id = $1 AND not_before_ms > $2");

struct rate pace_rate(struct work *w, int64_t channel_id)
{
    struct rate r = {.channel_id = channel_id, .per_s = 0, .burst = 0};
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->n_rates; i++)
        if (w->rates[i].channel_id == channel_id)
            r = w->rates[i];
    pthread_mutex_unlock(&w->lock);
    if (r.per_s <= 0)
        r.per_s = 30;
    if (r.burst <= 0)
        r.burst = r.per_s;
    if (r.burst < 1)
        r.burst = 1;
    return r;
}

void pace_fill(struct pace *p, const struct rate *r, int64_t now_ms)
{
    int64_t passed = now_ms - p->filled_ms;
    if (passed > 0)
        p->tokens += (double)passed * r->per_s / 1000;
    if (p->tokens > r->burst)
        p->tokens = r->burst;
    p->filled_ms = now_ms;
}

/* Posts leave a part of the bucket to answers, so that one that comes while thousands of posts leave goes at once. A
 * bucket of less than two has nothing to spare: there an answer waits for the next token. */
static double wanted(const struct rate *r, enum out_lane lane)
{
    return lane == LANE_BULK && r->burst >= 2 ? 1 + fmax(1, r->burst / 4) : 1;
}

int64_t pace_wait_ms(const struct pace *p, const struct rate *r, enum out_lane lane, int64_t now_ms)
{
    double want = wanted(r, lane);
    if (p->paused_until_ms > now_ms)
        return p->paused_until_ms - now_ms;
    /* A hair less than one is one: tokens are filled in fractions. */
    return p->tokens >= want - 0.001 ? 0 : (int64_t)ceil((want - p->tokens) * 1000 / r->per_s);
}

static struct pace pace_of(const struct db_rows *row, const struct rate *r, int64_t now_ms)
{
    struct pace p = {db_real(row, 0, 0), db_int(row, 0, 1), db_int(row, 0, 2)};
    pace_fill(&p, r, now_ms);
    return p;
}

enum pw_err pace_read(struct db *db, struct arena *a, const struct rate *r, int64_t now_ms, struct pace *ret)
{
    struct db_rows row;
    enum pw_err e = db_one(db, a, &pace_get, DB_ARGS(DB_I(r->channel_id)), &row);
    if (e == PW_OK)
        *ret = pace_of(&row, r, now_ms);
    else if (e == PW_NOT_FOUND)
        *ret = (struct pace){r->burst, now_ms, 0};
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err pace_lock(struct db *db, struct arena *a, const struct rate *r, int64_t now_ms, struct pace *ret)
{
    struct db_rows row;
    PW_TRY(db_exec(db, &pace_make, DB_ARGS(DB_I(r->channel_id), DB_R(r->burst), DB_I(now_ms)), NULL));
    PW_TRY(db_one(db, a, &pace_hold, DB_ARGS(DB_I(r->channel_id)), &row));
    *ret = pace_of(&row, r, now_ms);
    return PW_OK;
}

enum pw_err pace_save(struct db *db, int64_t channel_id, const struct pace *p)
{
    return db_exec(db, &pace_put, DB_ARGS(DB_I(channel_id), DB_R(p->tokens), DB_I(p->filled_ms)), NULL);
}

enum pw_err pace_pause(struct db *db, int64_t channel_id, int64_t until_ms, int64_t now_ms)
{
    return db_exec(db, &pace_stop, DB_ARGS(DB_I(channel_id), DB_I(until_ms), DB_I(now_ms)), NULL);
}

enum pw_err outbox_try_now(struct db *db, int64_t channel_id, int64_t now_ms)
{
    PW_TRY(db_exec(db, &pace_go, DB_ARGS(DB_I(channel_id)), NULL));
    return db_exec(db, &pace_try_now, DB_ARGS(DB_I(channel_id), DB_I(now_ms)), NULL);
}
