/* SPDX-License-Identifier: EUPL-1.2 */
/* The bulk sends of one subject taken together: a post to many is paused, goes on, is called off, is counted, and is
 * walked through once more when it is taken back. */
#include "work/work_priv.h"

DB_STMT(outbox_bulk_hold, "UPDATE outbox SET state = 7, not_before_ms = $3, changed_ms = $4 "
                          "WHERE subject = $1 AND subject_id = $2 AND lane = 1 AND state = 0");
DB_STMT(outbox_bulk_resume, "UPDATE outbox SET state = 0, not_before_ms = $3, changed_ms = $3 "
                            "WHERE subject = $1 AND subject_id = $2 AND lane = 1 AND state = 7 AND NOT " OUT_WAITS);
DB_STMT(outbox_bulk_cancel, "UPDATE outbox SET state = 8, changed_ms = $3 "
                            "WHERE subject = $1 AND subject_id = $2 AND lane = 1 AND state IN (0, 7, 9)");
DB_STMT(outbox_bulk_count, "SELECT channel_id, state, count(*) FROM outbox WHERE subject = $1 AND subject_id = $2 "
                           "AND lane = 1 GROUP BY channel_id, state ORDER BY channel_id, state");

#define OF_CHANNEL "FROM outbox WHERE subject = $1 AND subject_id = $2 AND channel_id = $3 AND lane = 1 AND state "
/* Two looks into the index: one OR would walk through all that left. */
DB_STMT(outbox_bulk_waiting,
        "SELECT (SELECT count(*) " OF_CHANNEL "IN (0, 1)) + (SELECT count(*) " OF_CHANNEL "= 7 AND NOT " OUT_WAITS ")");
DB_STMT(outbox_bulk_waits,
        "SELECT channel_id, state, count(*) FROM outbox WHERE subject = $1 AND subject_id = $2 "
        "AND lane = 1 AND state = 7 AND " OUT_WAITS " GROUP BY channel_id, state ORDER BY channel_id");

enum pw_err outbox_hold_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t until_ms, int64_t now_ms,
                             int64_t *ret_n)
{
    return db_exec(db, &outbox_bulk_hold, DB_ARGS(DB_T(subject), DB_I(subject_id), DB_I(until_ms), DB_I(now_ms)),
                   ret_n);
}

enum pw_err outbox_resume_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t now_ms, int64_t *ret_n)
{
    return db_exec(db, &outbox_bulk_resume, DB_ARGS(DB_T(subject), DB_I(subject_id), DB_I(now_ms)), ret_n);
}

enum pw_err outbox_cancel_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t now_ms, int64_t *ret_n)
{
    return db_exec(db, &outbox_bulk_cancel, DB_ARGS(DB_T(subject), DB_I(subject_id), DB_I(now_ms)), ret_n);
}

static enum pw_err counts(struct db *db, struct arena *a, const struct db_stmt *stmt, struct sv subject,
                          int64_t subject_id, struct out_count **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(db, a, stmt, DB_ARGS(DB_T(subject), DB_I(subject_id)), &r));
    struct out_count *v = arena_array(a, struct out_count, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct out_count){db_int(&r, i, 0), db_int(&r, i, 2), (enum out_state)db_int(&r, i, 1)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err outbox_count_bulk(struct db *db, struct arena *a, struct sv subject, int64_t subject_id,
                              struct out_count **ret, size_t *ret_n)
{
    return counts(db, a, &outbox_bulk_count, subject, subject_id, ret, ret_n);
}

enum pw_err outbox_waits_bulk(struct db *db, struct arena *a, struct sv subject, int64_t subject_id,
                              struct out_count **ret, size_t *ret_n)
{
    return counts(db, a, &outbox_bulk_waits, subject, subject_id, ret, ret_n);
}

enum pw_err outbox_waiting_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t channel_id,
                                int64_t *ret_n)
{
    struct arena a;
    struct db_rows r;
    arena_init(&a, 16 * 1024);
    enum pw_err e =
        db_one(db, &a, &outbox_bulk_waiting, DB_ARGS(DB_T(subject), DB_I(subject_id), DB_I(channel_id)), &r);
    if (e == PW_OK)
        *ret_n = db_int(&r, 0, 0);
    arena_finish(&a);
    return e;
}

#define LEFT OF_CHANNEL "IN (2, 3, 4, 6) "
#define KNOWN_THERE "provider_id IS NOT NULL AND order_key <> '' AND changed_ms >= $4 "
DB_STMT(outbox_bulk_left, "SELECT count(*) " LEFT "AND " KNOWN_THERE);
DB_STMT(outbox_bulk_left_page,
        "SELECT " OUT_COLUMNS " " LEFT "AND (state, id) > ($5, $6) AND " KNOWN_THERE "ORDER BY state, id LIMIT $7");

enum pw_err outbox_left_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t channel_id, int64_t since_ms,
                             int64_t *ret_n)
{
    struct arena a;
    struct db_rows r;
    arena_init(&a, 16 * 1024);
    enum pw_err e = db_one(db, &a, &outbox_bulk_left,
                           DB_ARGS(DB_T(subject), DB_I(subject_id), DB_I(channel_id), DB_I(since_ms)), &r);
    if (e == PW_OK)
        *ret_n = db_int(&r, 0, 0);
    arena_finish(&a);
    return e;
}

enum pw_err outbox_left_page(struct db *db, struct arena *a, struct sv subject, int64_t subject_id, int64_t channel_id,
                             int64_t since_ms, int64_t after_state, int64_t after_id, int64_t limit,
                             struct out_row **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(db, a, &outbox_bulk_left_page,
                    DB_ARGS(DB_T(subject), DB_I(subject_id), DB_I(channel_id), DB_I(since_ms), DB_I(after_state),
                            DB_I(after_id), DB_I(limit)),
                    &r));
    struct out_row *v = arena_array(a, struct out_row, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = out_row_of(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
