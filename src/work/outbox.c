/* SPDX-License-Identifier: EUPL-1.2 */
/* The outbox as others use it: add, cancel, resolve, a provider's word, and looking. How rows leave: sending.c. */
#include "base/id.h"
#include "work/work_priv.h"

enum { LIST_MAX = 1000 };

static const char *const state_names[OUT__MAX] = {
    [OUT_QUEUED] = "queued",       [OUT_SENDING] = "sending", [OUT_SENT] = "sent",
    [OUT_DELIVERED] = "delivered", [OUT_READ] = "read",       [OUT_FAILED] = "failed",
    [OUT_IN_DOUBT] = "in-doubt",   [OUT_HELD] = "held",       [OUT_CANCELLED] = "cancelled",
    [OUT_BY_HAND] = "by-hand",
};

const char *out_state_name(enum out_state s)
{
    return (unsigned)s < OUT__MAX ? state_names[s] : "unknown";
}

DB_STMT(outbox_insert,
        "INSERT INTO outbox (id, channel_id, lane, state, order_key, payload, not_before_ms, attempts, subject, "
        "subject_id, idem_key, error_code, created_ms, changed_ms) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, '', $11, $11) ON CONFLICT DO NOTHING");
DB_STMT(outbox_of_key, "SELECT id FROM outbox WHERE idem_key = $1");
DB_STMT(outbox_one_more, "UPDATE outbox SET more_ids = CASE WHEN more_ids IS NULL THEN CAST($2 AS TEXT) ELSE "
                         "more_ids || ' ' || CAST($2 AS TEXT) END WHERE id = $1");
DB_STMT(outbox_do_cancel, "UPDATE outbox SET state = 8, changed_ms = $2 WHERE id = $1 AND state IN (0, 7, 9)");
DB_STMT(outbox_arrived, "UPDATE outbox SET state = 2, changed_ms = $2, lease_owner = NULL, lease_until_ms = NULL "
                        "WHERE id = $1 AND state = 6");
DB_STMT(outbox_again, "UPDATE outbox SET state = 0, attempts = 0, not_before_ms = $2, changed_ms = $2, "
                      "lease_owner = NULL, lease_until_ms = NULL WHERE id = $1 AND state = 6");
/* attempts = -1 remembers that a person said so: only that may be taken back. */
DB_STMT(outbox_by_hand,
        "UPDATE outbox SET state = $2, provider_id = $3, error_code = $4, changed_ms = $5, attempts = -1 "
        "WHERE id = $1 AND state = 9");
DB_STMT(outbox_back, "UPDATE outbox SET state = 9, provider_id = NULL, error_code = '', changed_ms = $2, attempts = 1 "
                     "WHERE id = $1 AND state IN (2, 5) AND attempts = -1");
DB_STMT(outbox_move, "UPDATE outbox SET state = $3, error_code = $4, changed_ms = $5 WHERE id = $1 AND state = $2");
DB_STMT(outbox_do_release, "UPDATE outbox SET state = 0, not_before_ms = $3, changed_ms = $3 WHERE channel_id = $1 AND "
                           "order_key = $2 AND order_key <> '' AND state = 7 AND " OUT_WAITS);
DB_STMT(outbox_do_wait,
        "UPDATE outbox SET state = 7, " OUT_WAITS ", error_code = $2, changed_ms = $3, lease_owner = NULL, "
        "lease_until_ms = NULL WHERE id = $1 AND state IN (1, 2, 6)");
DB_STMT(outbox_count_waiting, "SELECT COUNT(*) FROM outbox WHERE channel_id = $1 AND order_key = $2 AND "
                              "order_key <> '' AND state = 7 AND " OUT_WAITS);
DB_STMT(outbox_one, "SELECT " OUT_COLUMNS " FROM outbox WHERE id = $1");
/* queued, held and by-hand ones end; what is being sent just now finishes first and keeps its words */
DB_STMT_SCAN(outbox_do_forget,
             "UPDATE outbox SET payload = $3, order_key = '', changed_ms = $4, state = CASE WHEN state IN (0, 7, 9) "
             "THEN 8 ELSE state END WHERE channel_id = $1 AND order_key = $2 AND order_key <> '' AND state <> 1",
             "somebody is erased: rare, and finished sends have no index by chat");
DB_STMT(outbox_of_order,
        "SELECT id FROM outbox WHERE channel_id = $1 AND order_key = $2 AND id > $3 AND state <= 1 AND "
        "order_key <> '' ORDER BY id");
DB_STMT(outbox_of_provider, "SELECT " OUT_COLUMNS " FROM outbox WHERE channel_id = $1 AND provider_id = $2 "
                            "ORDER BY id DESC LIMIT 1");
DB_STMT_SCAN(outbox_newest, "SELECT " OUT_COLUMNS " FROM outbox ORDER BY id DESC LIMIT $1",
             "walks the primary key from its end, a page of rows");
DB_STMT(outbox_newest_of, "SELECT " OUT_COLUMNS " FROM outbox WHERE channel_id = $2 ORDER BY id DESC LIMIT $1");
/* id + 0: not along the primary key, which would pass by every finished row. */
DB_STMT(outbox_queued, "SELECT " OUT_COLUMNS " FROM outbox WHERE state = 0 AND (CAST($2 AS BIGINT) = 0 OR "
                       "channel_id = $2) ORDER BY id + 0 DESC LIMIT $1");
DB_STMT(outbox_under_way, "SELECT " OUT_COLUMNS " FROM outbox WHERE state = 1 AND (CAST($2 AS BIGINT) = 0 OR "
                          "channel_id = $2) ORDER BY id + 0 DESC LIMIT $1");
DB_STMT(outbox_in_state, "SELECT " OUT_COLUMNS " FROM outbox WHERE state = $3 AND state >= 2 AND "
                         "(CAST($2 AS BIGINT) = 0 OR channel_id = $2) ORDER BY id DESC LIMIT $1");

struct out_row out_row_of(const struct db_rows *r, size_t i)
{
    return (struct out_row){
        .id = db_int(r, i, 0),
        .channel_id = db_int(r, i, 1),
        .created_ms = db_int(r, i, 2),
        .changed_ms = db_int(r, i, 3),
        .not_before_ms = db_int(r, i, 4),
        .subject_id = db_int(r, i, 5),
        .lane = (enum out_lane)db_int(r, i, 6),
        .state = (enum out_state)db_int(r, i, 7),
        .attempts = db_int(r, i, 8),
        .payload = db_text(r, i, 9),
        .subject = db_text(r, i, 10),
        .provider_id = db_text(r, i, 11),
        .error_code = db_text(r, i, 12),
        .more_ids = db_text(r, i, 13),
    };
}

enum pw_err outbox_add(struct db *db, const struct out_new *o, int64_t now_ms, int64_t *ret_id)
{
    int64_t id = id_new(), changed = 0;
    bool held = o->not_before_ms > now_ms;
    if (o->lane != LANE_INTERACTIVE && o->lane != LANE_BULK)
        return PW_INVALID;
    PW_TRY(db_exec(db, &outbox_insert,
                   DB_ARGS(DB_I(id), DB_I(o->channel_id), DB_I(o->lane), DB_I(held ? OUT_HELD : OUT_QUEUED),
                           DB_T(o->order_key), DB_T(o->payload), DB_I(held ? o->not_before_ms : now_ms),
                           DB_T(o->subject), DB_I(o->subject_id), DB_T_OR_NULL(o->idem_key), DB_I(now_ms)),
                   &changed));
    if (changed == 0) {
        struct arena a;
        struct db_rows r;
        if (o->idem_key.n == 0)
            return PW_INTERNAL;
        arena_init(&a, 64 * 1024);
        enum pw_err e = db_one(db, &a, &outbox_of_key, DB_ARGS(DB_T(o->idem_key)), &r);
        if (e == PW_OK)
            id = db_int(&r, 0, 0);
        arena_finish(&a);
        if (e != PW_OK)
            return e == PW_NOT_FOUND ? PW_RETRY : e; /* the other one was undone meanwhile */
    }
    if (ret_id)
        *ret_id = id;
    return PW_OK;
}

enum pw_err outbox_has(struct db *db, struct sv idem_key, bool *ret)
{
    struct arena a;
    struct db_rows r;
    arena_init(&a, 64 * 1024);
    enum pw_err e = db_query(db, &a, &outbox_of_key, DB_ARGS(DB_T(idem_key)), &r);
    if (e == PW_OK)
        *ret = r.n > 0;
    arena_finish(&a);
    return e;
}

enum pw_err outbox_add_part(struct db *db, int64_t id, struct sv part_id)
{
    return db_exec(db, &outbox_one_more, DB_ARGS(DB_I(id), DB_T(part_id)), NULL);
}

static enum pw_err changed_or(struct db *db, int64_t id, int64_t changed)
{
    struct arena a;
    struct db_rows r;
    if (changed == 1)
        return PW_OK;
    arena_init(&a, 4 << 20);
    enum pw_err e = db_one(db, &a, &outbox_one, DB_ARGS(DB_I(id)), &r);
    arena_finish(&a);
    return e == PW_OK ? PW_CONFLICT : e;
}

enum pw_err outbox_cancel(struct db *db, int64_t id, int64_t now_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(db, &outbox_do_cancel, DB_ARGS(DB_I(id), DB_I(now_ms)), &changed));
    return changed_or(db, id, changed);
}

enum pw_err outbox_resolve(struct db *db, int64_t id, bool arrived, int64_t now_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(db, arrived ? &outbox_arrived : &outbox_again, DB_ARGS(DB_I(id), DB_I(now_ms)), &changed));
    return changed_or(db, id, changed);
}

enum pw_err outbox_release(struct db *db, int64_t channel_id, struct sv order_key, int64_t now_ms)
{
    return db_exec(db, &outbox_do_release, DB_ARGS(DB_I(channel_id), DB_T(order_key), DB_I(now_ms)), NULL);
}

enum pw_err outbox_wait(struct db *db, int64_t id, struct sv code, int64_t now_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(db, &outbox_do_wait, DB_ARGS(DB_I(id), DB_T(code), DB_I(now_ms)), &changed));
    return changed_or(db, id, changed);
}

enum pw_err outbox_forget(struct db *db, int64_t channel_id, struct sv order_key, struct sv payload, int64_t now_ms)
{
    return db_exec(db, &outbox_do_forget, DB_ARGS(DB_I(channel_id), DB_T(order_key), DB_T(payload), DB_I(now_ms)),
                   NULL);
}

enum pw_err outbox_waiting(struct db *db, struct arena *a, int64_t channel_id, struct sv order_key, int64_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_one(db, a, &outbox_count_waiting, DB_ARGS(DB_I(channel_id), DB_T(order_key)), &r));
    *ret_n = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err outbox_done(struct db *db, int64_t id, bool done, struct sv provider_id, struct sv code, int64_t now_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(db, &outbox_by_hand,
                   DB_ARGS(DB_I(id), DB_I(done ? OUT_SENT : OUT_FAILED), DB_T_OR_NULL(provider_id),
                           DB_T(done ? (struct sv){0} : code), DB_I(now_ms)),
                   &changed));
    return changed_or(db, id, changed);
}

enum pw_err outbox_not_done(struct db *db, int64_t id, int64_t now_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(db, &outbox_back, DB_ARGS(DB_I(id), DB_I(now_ms)), &changed));
    return changed_or(db, id, changed);
}

/* How far a send is. Words of a provider in any order end at the furthest. Cancelled and held rows never left. */
static int rank(enum out_state s)
{
    switch (s) {
    case OUT_QUEUED:
    case OUT_SENDING:
    case OUT_IN_DOUBT:
        return 1;
    case OUT_SENT:
        return 2;
    case OUT_FAILED:
        return 3;
    case OUT_DELIVERED:
        return 4;
    case OUT_READ:
        return 5;
    default:
        return 9;
    }
}

enum pw_err outbox_status(struct db *db, int64_t channel_id, struct sv provider_id, enum out_state to, struct sv code,
                          int64_t now_ms)
{
    struct arena a;
    struct out_row row = {0};
    int64_t changed = 0;
    if (to != OUT_SENT && to != OUT_DELIVERED && to != OUT_READ && to != OUT_FAILED)
        return PW_INVALID;
    arena_init(&a, 4 << 20);
    enum pw_err e = outbox_by_provider(db, &a, channel_id, provider_id, &row);
    if (e == PW_OK && rank(to) > rank(row.state)) {
        e = db_exec(db, &outbox_move,
                    DB_ARGS(DB_I(row.id), DB_I(row.state), DB_I(to), DB_T(to == OUT_FAILED ? code : (struct sv){0}),
                            DB_I(now_ms)),
                    &changed);
        if (e == PW_OK && changed == 0)
            e = PW_RETRY; /* it moved under our eyes: look again */
    }
    arena_finish(&a);
    return e;
}

enum pw_err outbox_get(struct db *db, struct arena *a, int64_t id, struct out_row *ret)
{
    struct db_rows r;
    PW_TRY(db_one(db, a, &outbox_one, DB_ARGS(DB_I(id)), &r));
    *ret = out_row_of(&r, 0);
    return PW_OK;
}

enum pw_err outbox_by_provider(struct db *db, struct arena *a, int64_t channel_id, struct sv provider_id,
                               struct out_row *ret)
{
    struct db_rows r;
    PW_TRY(db_one(db, a, &outbox_of_provider, DB_ARGS(DB_I(channel_id), DB_T(provider_id)), &r));
    *ret = out_row_of(&r, 0);
    return PW_OK;
}

DB_STMT(outbox_before, "SELECT " OUT_COLUMNS " FROM outbox WHERE id < $1 ORDER BY id DESC LIMIT $2");
DB_STMT(outbox_doubt_before,
        "SELECT " OUT_COLUMNS " FROM outbox WHERE state = 6 AND id < $1 ORDER BY id DESC LIMIT $2");

enum pw_err outbox_page(struct db *db, struct arena *a, bool in_doubt, int64_t before_id, int64_t limit,
                        struct out_row **ret, size_t *ret_n)
{
    struct db_rows r;
    if (limit < 1 || limit > LIST_MAX)
        return PW_INVALID;
    PW_TRY(db_query(db, a, in_doubt ? &outbox_doubt_before : &outbox_before,
                    DB_ARGS(DB_I(before_id ? before_id : INT64_MAX), DB_I(limit)), &r));
    struct out_row *v = arena_array(a, struct out_row, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = out_row_of(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err outbox_list(struct db *db, struct arena *a, int64_t channel_id, int state, int64_t limit,
                        struct out_row **ret, size_t *ret_n)
{
    struct db_rows r;
    if (limit < 1 || limit > LIST_MAX || state >= OUT__MAX)
        return PW_INVALID;
    if (state < 0 && channel_id == 0)
        PW_TRY(db_query(db, a, &outbox_newest, DB_ARGS(DB_I(limit)), &r));
    else if (state < 0)
        PW_TRY(db_query(db, a, &outbox_newest_of, DB_ARGS(DB_I(limit), DB_I(channel_id)), &r));
    else if (state == OUT_QUEUED || state == OUT_SENDING)
        PW_TRY(db_query(db, a, state == OUT_QUEUED ? &outbox_queued : &outbox_under_way,
                        DB_ARGS(DB_I(limit), DB_I(channel_id)), &r));
    else
        PW_TRY(db_query(db, a, &outbox_in_state, DB_ARGS(DB_I(limit), DB_I(channel_id), DB_I(state)), &r));
    struct out_row *v = arena_array(a, struct out_row, r.n);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = out_row_of(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err outbox_since(struct db *db, struct arena *a, int64_t channel_id, struct sv order_key, int64_t after_id,
                         int64_t **ret, size_t *ret_n)
{
    return db_ints(db, a, &outbox_of_order, DB_ARGS(DB_I(channel_id), DB_T(order_key), DB_I(after_id)), ret, ret_n);
}
