/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file's rows. No right is asked here. */
#include "feature/planning/planning_store.h"
#include "base/id.h"
#include "core/people.h"

DB_STMT(planning_one, "SELECT started_ms, preset, needs_file, partner_admins, per_moderator, workload_told_ms "
                      "FROM planning WHERE community_id = $1");
DB_STMT(planning_put,
        "INSERT INTO planning (community_id, started_ms, preset, needs_file, partner_admins, per_moderator, "
        "workload_told_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (community_id) DO UPDATE SET "
        "started_ms = excluded.started_ms, preset = excluded.preset, needs_file = excluded.needs_file, "
        "partner_admins = excluded.partner_admins, per_moderator = excluded.per_moderator, "
        "workload_told_ms = excluded.workload_told_ms");

enum pw_err plan_row(struct ctx *c, int64_t community_id, struct plan *ret)
{
    struct db_rows r;
    *ret = (struct plan){.community_id = community_id, .per_moderator = MEMBERS_PER_MODERATOR};
    PW_TRY(db_query(c->db, c->arena, &planning_one, DB_ARGS(DB_I(community_id)), &r));
    if (!r.n)
        return PW_OK;
    ret->started_ms = db_int(&r, 0, 0);
    ret->preset = db_text(&r, 0, 1);
    ret->needs_file = db_int(&r, 0, 2) != 0;
    ret->partner_admins = db_int(&r, 0, 3) != 0;
    ret->per_moderator = db_int(&r, 0, 4);
    ret->workload_told_ms = db_int(&r, 0, 5);
    return PW_OK;
}

enum pw_err plan_save(struct ctx *c, const struct plan *p)
{
    return db_exec(c->db, &planning_put,
                   DB_ARGS(DB_I(p->community_id), DB_I_OR_NULL(p->started_ms), DB_T(p->preset), DB_I(p->needs_file),
                           DB_I(p->partner_admins), DB_I(p->per_moderator), DB_I_OR_NULL(p->workload_told_ms)),
                   NULL);
}

/* ---- entries ---- */

#define ENTRY_COLS "id, field, value, written_ms, written_by"
DB_STMT(planning_entry_add, "INSERT INTO planning_entry (id, community_id, field, value, written_ms, written_by) "
                            "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(planning_entry_now, "SELECT " ENTRY_COLS " FROM planning_entry WHERE community_id = $1 AND id IN "
                            "(SELECT max(id) FROM planning_entry WHERE community_id = $1 GROUP BY field) ORDER BY id");
DB_STMT(planning_entry_all, "SELECT " ENTRY_COLS " FROM planning_entry WHERE community_id = $1 "
                            "ORDER BY id DESC LIMIT 1000");

static enum pw_err read_entries(struct ctx *c, const struct db_rows *r, struct plan_entry **ret, size_t *ret_n)
{
    struct plan_entry *v = arena_array(c->arena, struct plan_entry, r->n + 1);
    struct person *p = arena_array(c->arena, struct person, r->n + 1);
    int64_t *ids = arena_array(c->arena, int64_t, r->n + 1);
    if (!v || !p || !ids)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r->n; i++) {
        v[i] = (struct plan_entry){.id = db_int(r, i, 0),
                                   .field = db_text(r, i, 1),
                                   .value = db_text(r, i, 2),
                                   .written_ms = db_int(r, i, 3),
                                   .written_by = db_int(r, i, 4)};
        ids[i] = v[i].written_by;
    }
    PW_TRY(person_get_many(c, ids, r->n, p));
    for (size_t i = 0; i < r->n; i++)
        v[i].name = p[i].display_name;
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err entry_add(struct ctx *c, int64_t community_id, struct sv field, struct sv value)
{
    return db_exec(c->db, &planning_entry_add,
                   DB_ARGS(DB_I(id_new()), DB_I(community_id), DB_T(field), DB_T(value), DB_I(c->now_ms),
                           DB_I(c->actor->person_id)),
                   NULL);
}

enum pw_err entry_rows(struct ctx *c, int64_t community_id, bool all, struct plan_entry **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, all ? &planning_entry_all : &planning_entry_now, DB_ARGS(DB_I(community_id)), &r));
    return read_entries(c, &r, ret, ret_n);
}

/* ---- lines ---- */

DB_STMT(planning_line_add, "INSERT INTO planning_line (id, community_id, list, what, number, note) "
                           "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(planning_line_set, "UPDATE planning_line SET number = $2, note = $3 WHERE id = $1");
DB_STMT(planning_line_end, "UPDATE planning_line SET removed_ms = $3 WHERE id = $1 AND community_id = $2 "
                           "AND removed_ms IS NULL");
DB_STMT(planning_line_all, "SELECT id, number, list, what, note FROM planning_line WHERE community_id = $1 "
                           "AND removed_ms IS NULL ORDER BY list, id");

enum pw_err line_rows(struct ctx *c, int64_t community_id, struct plan_line **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &planning_line_all, DB_ARGS(DB_I(community_id)), &r));
    struct plan_line *v = arena_array(c->arena, struct plan_line, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct plan_line){db_int(&r, i, 0), db_int(&r, i, 1), db_text(&r, i, 2), db_text(&r, i, 3),
                                  db_text(&r, i, 4)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err line_save(struct ctx *c, int64_t community_id, const struct plan_line *l)
{
    if (l->id)
        return db_exec(c->db, &planning_line_set, DB_ARGS(DB_I(l->id), DB_I(l->number), DB_T(l->note)), NULL);
    return db_exec(
        c->db, &planning_line_add,
        DB_ARGS(DB_I(id_new()), DB_I(community_id), DB_T(l->list), DB_T(l->what), DB_I(l->number), DB_T(l->note)),
        NULL);
}

enum pw_err line_end(struct ctx *c, int64_t community_id, int64_t id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &planning_line_end, DB_ARGS(DB_I(id), DB_I(community_id), DB_I(c->now_ms)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

/* ---- overrides ---- */

DB_STMT(planning_override_add, "INSERT INTO planning_override (id, community_id, lines, reason, at_ms, by_person) "
                               "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(planning_override_all, "SELECT at_ms, by_person, lines, reason FROM planning_override WHERE community_id = $1 "
                               "ORDER BY id DESC LIMIT 50");

enum pw_err override_add(struct ctx *c, int64_t community_id, struct sv lines, struct sv reason)
{
    return db_exec(c->db, &planning_override_add,
                   DB_ARGS(DB_I(id_new()), DB_I(community_id), DB_T(lines), DB_T(reason), DB_I(c->now_ms),
                           DB_I(c->actor->person_id)),
                   NULL);
}

enum pw_err override_rows(struct ctx *c, int64_t community_id, struct plan_override **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &planning_override_all, DB_ARGS(DB_I(community_id)), &r));
    struct plan_override *v = arena_array(c->arena, struct plan_override, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        struct person p = {0};
        v[i] = (struct plan_override){.at_ms = db_int(&r, i, 0),
                                      .by_person = db_int(&r, i, 1),
                                      .lines = db_text(&r, i, 2),
                                      .reason = db_text(&r, i, 3)};
        if (v[i].by_person && person_get(c, v[i].by_person, &p) == PW_OK)
            v[i].name = p.display_name;
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- partners' administrators ---- */

DB_STMT(partner_admin_add, "INSERT INTO partner_admin (community_id, org_id, person_id, since_ms) "
                           "VALUES ($1, $2, $3, $4) ON CONFLICT (community_id, org_id, person_id) DO NOTHING");
DB_STMT(partner_admin_all, "SELECT org_id, person_id FROM partner_admin WHERE community_id = $1 "
                           "ORDER BY org_id, since_ms, person_id");

enum pw_err partner_admin_save(struct ctx *c, int64_t community_id, int64_t org_id, int64_t person_id)
{
    return db_exec(c->db, &partner_admin_add,
                   DB_ARGS(DB_I(community_id), DB_I(org_id), DB_I(person_id), DB_I(c->now_ms)), NULL);
}

enum pw_err partner_admin_rows(struct ctx *c, int64_t community_id, struct db_rows *ret)
{
    return db_query(c->db, c->arena, &partner_admin_all, DB_ARGS(DB_I(community_id)), ret);
}
