/* SPDX-License-Identifier: EUPL-1.2 */
#include "sanction_store.h"

#include "base/id.h"
#include "core/vault.h"

#define ACTION_COLS                                                                                                    \
    "id, community_id, person_id, message_id, item_id, category, ladder, step, acts, weight, clause, "                 \
    "guidelines_version, by_person, at_ms, expires_ms, undone_ms, undone_by, undone_item, reason, evidence"

DB_STMT(mod_action_add, "INSERT INTO mod_action (" ACTION_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                        "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20)");
DB_STMT(mod_action_one, "SELECT " ACTION_COLS " FROM mod_action WHERE id = $1");
DB_STMT(mod_action_page, "SELECT " ACTION_COLS " FROM mod_action WHERE community_id = $1 AND id < $2 "
                         "ORDER BY id DESC LIMIT $3");
/* Under every id the person is known by: who became one person with another keeps strikes and penalties. */
#define OF_PERSON " AND person_id IN (SELECT id FROM person WHERE id = $2 OR merged_into = $2) "
DB_STMT(mod_action_of, "SELECT " ACTION_COLS " FROM mod_action WHERE community_id = $1" OF_PERSON "AND id < $3 "
                       "ORDER BY id DESC LIMIT $4");
DB_STMT(mod_action_standing, "SELECT id FROM mod_action WHERE message_id = $1 AND undone_ms IS NULL "
                             "AND ladder <> 'automatic'");
DB_STMT(mod_action_sum, "SELECT COALESCE(SUM(weight), 0) FROM mod_action WHERE community_id = $1" OF_PERSON
                        "AND undone_ms IS NULL AND expires_ms > $3 AND ladder = $4 "
                        "AND (CAST($4 AS TEXT) <> 'own' OR category = $5)");
DB_STMT(mod_action_undo, "UPDATE mod_action SET undone_ms = $2, undone_by = $3, undone_item = $4 "
                         "WHERE id = $1 AND undone_ms IS NULL");
DB_STMT(mod_penalty_add, "INSERT INTO mod_penalty (id, action_id, community_id, person_id, kind, until_ms) "
                         "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(mod_penalty_now, "SELECT id, action_id, kind, until_ms FROM mod_penalty WHERE community_id = $1" OF_PERSON
                         "AND lifted_ms IS NULL AND (until_ms = 0 OR until_ms > $3) ORDER BY id");
DB_STMT(mod_penalty_lift, "UPDATE mod_penalty SET lifted_ms = $2 WHERE action_id = $1 AND lifted_ms IS NULL");

static struct seal_place place_of(const char *column, int64_t id)
{
    return (struct seal_place){"mod_action", column, id};
}

static enum pw_err shut(struct ctx *c, const struct mod_action *a, const char *column, struct sv plain, struct sv *ret)
{
    *ret = (struct sv){0};
    return plain.n ? seal(c, a->person_id, place_of(column, a->id), plain, ret) : PW_OK;
}

enum pw_err action_insert(struct ctx *c, const struct mod_action *a)
{
    struct sv reason, evidence;
    PW_TRY(shut(c, a, "reason", a->reason, &reason));
    PW_TRY(shut(c, a, "evidence", a->evidence, &evidence));
    return db_exec(c->db, &mod_action_add,
                   DB_ARGS(DB_I(a->id), DB_I(a->community_id), DB_I(a->person_id), DB_I_OR_NULL(a->message_id),
                           DB_I_OR_NULL(a->item_id), DB_T(a->category), DB_T(a->ladder), DB_I(a->step), DB_T(a->acts),
                           DB_I(a->weight), DB_T(a->clause), DB_I(a->guidelines_version), DB_I(a->by_person),
                           DB_I(a->at_ms), DB_I(a->expires_ms), DB_N, DB_N, DB_N, DB_B(reason), DB_B(evidence)),
                   NULL);
}

static void read_action(struct ctx *c, const struct db_rows *r, size_t i, struct mod_action *a)
{
    *a = (struct mod_action){.id = db_int(r, i, 0),
                             .community_id = db_int(r, i, 1),
                             .person_id = db_int(r, i, 2),
                             .message_id = db_int(r, i, 3),
                             .item_id = db_int(r, i, 4),
                             .category = db_text(r, i, 5),
                             .ladder = db_text(r, i, 6),
                             .step = db_int(r, i, 7),
                             .acts = db_text(r, i, 8),
                             .weight = db_int(r, i, 9),
                             .clause = db_text(r, i, 10),
                             .guidelines_version = db_int(r, i, 11),
                             .by_person = db_int(r, i, 12),
                             .at_ms = db_int(r, i, 13),
                             .expires_ms = db_int(r, i, 14),
                             .undone_ms = db_int(r, i, 15),
                             .undone_by = db_int(r, i, 16),
                             .undone_item = db_int(r, i, 17)};
    a->counts = strike_counts(a->expires_ms, a->undone_ms, c->now_ms);
}

/* The words of an erased person are gone for good: the row stays, without them. */
static enum pw_err open_part(struct ctx *c, const struct mod_action *a, const char *column, struct sv sealed,
                             struct sv *ret)
{
    enum pw_err e = unseal(c, a->person_id, place_of(column, a->id), sealed, ret);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err action_row(struct ctx *c, int64_t id, struct mod_action *ret)
{
    struct db_rows r;
    struct mod_action a;
    PW_TRY(db_one(c->db, c->arena, &mod_action_one, DB_ARGS(DB_I(id)), &r));
    read_action(c, &r, 0, &a);
    PW_TRY(open_part(c, &a, "reason", db_text(&r, 0, 18), &a.reason));
    PW_TRY(open_part(c, &a, "evidence", db_text(&r, 0, 19), &a.evidence));
    *ret = a;
    return PW_OK;
}

enum pw_err action_rows(struct ctx *c, int64_t community_id, int64_t person_id, int64_t before_id, int64_t limit,
                        struct mod_action **ret, size_t *ret_n)
{
    struct db_rows r;
    int64_t before = before_id ? before_id : INT64_MAX;
    if (person_id)
        PW_TRY(db_query(c->db, c->arena, &mod_action_of,
                        DB_ARGS(DB_I(community_id), DB_I(person_id), DB_I(before), DB_I(limit)), &r));
    else
        PW_TRY(db_query(c->db, c->arena, &mod_action_page, DB_ARGS(DB_I(community_id), DB_I(before), DB_I(limit)), &r));
    struct mod_action *v = arena_array(c->arena, struct mod_action, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        read_action(c, &r, i, &v[i]);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err action_weight(struct ctx *c, int64_t community_id, int64_t person_id, struct sv ladder, struct sv category,
                          int64_t *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &mod_action_sum,
                  DB_ARGS(DB_I(community_id), DB_I(person_id), DB_I(c->now_ms), DB_T(ladder), DB_T(category)), &r));
    *ret = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err action_standing(struct ctx *c, int64_t message_id, int64_t *ret_id)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &mod_action_standing, DB_ARGS(DB_I(message_id)), &r));
    *ret_id = r.n ? db_int(&r, 0, 0) : 0;
    return PW_OK;
}

enum pw_err action_save_undone(struct ctx *c, int64_t id, int64_t item_id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &mod_action_undo,
                   DB_ARGS(DB_I(id), DB_I(c->now_ms), DB_I(c->actor->person_id), DB_I_OR_NULL(item_id)), &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

enum pw_err penalty_insert(struct ctx *c, const struct mod_action *a, enum mod_penalty_kind kind, int64_t until_ms)
{
    return db_exec(
        c->db, &mod_penalty_add,
        DB_ARGS(DB_I(id_new()), DB_I(a->id), DB_I(a->community_id), DB_I(a->person_id), DB_I(kind), DB_I(until_ms)),
        NULL);
}

enum pw_err penalty_rows(struct ctx *c, int64_t community_id, int64_t person_id, struct penalty **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(
        db_query(c->db, c->arena, &mod_penalty_now, DB_ARGS(DB_I(community_id), DB_I(person_id), DB_I(c->now_ms)), &r));
    struct penalty *v = arena_array(c->arena, struct penalty, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct penalty){.id = db_int(&r, i, 0),
                                .action_id = db_int(&r, i, 1),
                                .kind = (enum mod_penalty_kind)db_int(&r, i, 2),
                                .until_ms = db_int(&r, i, 3)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err penalty_lift(struct ctx *c, int64_t action_id)
{
    return db_exec(c->db, &mod_penalty_lift, DB_ARGS(DB_I(action_id), DB_I(c->now_ms)), NULL);
}

bool penalty_has(const struct penalty *v, size_t n, enum mod_penalty_kind kind, int64_t but_action)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].kind == kind && v[i].action_id != but_action)
            return true;
    return false;
}
