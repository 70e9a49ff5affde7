/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/assisted/assisted_store.h"

#include "base/id.h"
#include "base/unicode.h"
#include "core/vault.h"

DB_STMT(hand_act_add, "INSERT INTO hand_act (id, community_id, channel_id, outbox_id, op, subject, subject_id, result, "
                      "reason, by_person, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");
DB_STMT(hand_act_before,
        "SELECT id, community_id, outbox_id, by_person, at_ms, op, result, reason FROM hand_act "
        "WHERE community_id = $1 AND (at_ms < $2 OR (at_ms = $2 AND id < $3)) ORDER BY at_ms DESC, id DESC LIMIT $4");
DB_STMT(own_name_put, "INSERT INTO hand_own_name (place_id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING");
DB_STMT(own_name_find, "SELECT 1 FROM hand_own_name WHERE place_id = $1 AND name = $2");

enum pw_err hand_act_insert(struct ctx *c, const struct hand_act_row *r)
{
    return db_exec(c->db, &hand_act_add,
                   DB_ARGS(DB_I(id_new()), DB_I(r->community_id), DB_I(r->channel_id), DB_I(r->outbox_id), DB_T(r->op),
                           DB_T(r->subject), DB_I(r->subject_id), DB_T(r->result), DB_T(r->reason),
                           DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err hand_act_rows(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id, int64_t limit,
                          struct hand_act **ret, size_t *ret_n)
{
    struct db_rows r;
    int64_t ms = before_ms ? before_ms : INT64_MAX;
    PW_TRY(db_query(c->db, c->arena, &hand_act_before,
                    DB_ARGS(DB_I(community_id), DB_I(ms), DB_I(before_id), DB_I(limit)), &r));
    struct hand_act *v = arena_array(c->arena, struct hand_act, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct hand_act){.id = db_int(&r, i, 0),
                                 .community_id = db_int(&r, i, 1),
                                 .outbox_id = db_int(&r, i, 2),
                                 .by_person = db_int(&r, i, 3),
                                 .at_ms = db_int(&r, i, 4),
                                 .op = db_text(&r, i, 5),
                                 .result = db_text(&r, i, 6),
                                 .reason = db_text(&r, i, 7)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

static enum pw_err blind_name(struct ctx *c, struct sv name, struct sv *ret)
{
    struct sv folded;
    PW_TRY(text_fold(c->arena, name, &folded));
    *ret = blind_index(c->vault, c->arena, "hand_own_name.name", folded);
    return ret->n ? PW_OK : PW_UNAVAILABLE;
}

enum pw_err own_name_add(struct ctx *c, int64_t place_id, struct sv name)
{
    struct sv blind;
    PW_TRY(blind_name(c, name, &blind));
    return db_exec(c->db, &own_name_put, DB_ARGS(DB_I(place_id), DB_B(blind)), NULL);
}

enum pw_err own_name_is(struct ctx *c, int64_t place_id, struct sv name, bool *ret)
{
    struct sv blind;
    struct db_rows r;
    PW_TRY(blind_name(c, name, &blind));
    enum pw_err e = db_one(c->db, c->arena, &own_name_find, DB_ARGS(DB_I(place_id), DB_B(blind)), &r);
    *ret = e == PW_OK;
    return e == PW_NOT_FOUND ? PW_OK : e;
}
