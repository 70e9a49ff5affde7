/* SPDX-License-Identifier: EUPL-1.2 */
/* The SQL of languages and levels. No right is checked here. */
#include "base/id.h"
#include "core/access.h"
#include "core/vault.h"
#include "feature/person/person_room.h"

DB_STMT(speech_one, "SELECT languages, changed_ms FROM person_speech WHERE person_id = $1");
DB_STMT(speech_write, "INSERT INTO person_speech (person_id, languages, changed_ms, changed_by) "
                      "VALUES ($1, $2, $3, $4) ON CONFLICT (person_id) DO UPDATE SET languages = excluded.languages, "
                      "changed_ms = excluded.changed_ms, changed_by = excluded.changed_by");
DB_STMT(level_add, "INSERT INTO language_level (id, person_id, scale, skill, level, known, assessor, on_day, noted_by, "
                   "noted_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
DB_STMT(level_all,
        "SELECT id, scale, skill, level, known, assessor, on_day, noted_by, noted_ms, withdrawn_ms, "
        "withdrawn_by, withdrawn_why FROM language_level WHERE person_id = $1 ORDER BY on_day DESC, id DESC");
DB_STMT(level_whose, "SELECT person_id FROM language_level WHERE id = $1");
DB_STMT(level_end, "UPDATE language_level SET withdrawn_ms = $2, withdrawn_by = $3, withdrawn_why = $4 "
                   "WHERE id = $1 AND withdrawn_ms IS NULL");

static struct seal_place at(const char *table, const char *column, int64_t row)
{
    return (struct seal_place){table, column, row};
}

/* ---- languages ---- */

enum pw_err speech_row(struct ctx *c, const int64_t *ids, size_t n, struct sv *ret_text)
{
    int64_t newest = -1;
    struct sv sealed = {0}, text = {0};
    int64_t row = 0;
    for (size_t i = 0; i < n; i++) {
        struct db_rows r;
        enum pw_err e = db_one(c->db, c->arena, &speech_one, DB_ARGS(DB_I(ids[i])), &r);
        if (e == PW_NOT_FOUND)
            continue;
        PW_TRY(e);
        if (db_int(&r, 0, 1) > newest) {
            newest = db_int(&r, 0, 1);
            row = ids[i];
            sealed = db_text(&r, 0, 0);
        }
    }
    if (row)
        PW_TRY(unseal(c, row, at("person_speech", "languages", row), sealed, &text));
    *ret_text = text;
    return PW_OK;
}

enum pw_err speech_put(struct ctx *c, int64_t person_id, struct sv text)
{
    struct sv sealed;
    PW_TRY(seal(c, person_id, at("person_speech", "languages", person_id), text, &sealed));
    return db_exec(c->db, &speech_write,
                   DB_ARGS(DB_I(person_id), DB_B(sealed), DB_I(c->now_ms), DB_I(c->actor->person_id)), NULL);
}

/* ---- levels ---- */

enum pw_err level_insert(struct ctx *c, int64_t person_id, const struct language_level *l)
{
    struct sv level, assessor = {0};
    PW_TRY(seal(c, person_id, at("language_level", "level", l->id), arena_fmt(c->arena, "%02lld", (long long)l->level),
                &level));
    if (l->assessor.n)
        PW_TRY(seal(c, person_id, at("language_level", "assessor", l->id), l->assessor, &assessor));
    return db_exec(c->db, &level_add,
                   DB_ARGS(DB_I(l->id), DB_I(person_id), DB_T(sv_of(level_scale_code(l->scale))),
                           DB_T(sv_of(level_skill_code(l->skill))), DB_B(level),
                           DB_T(l->self ? SV("self") : SV("assessed")), DB_B(assessor), DB_T(l->on_day),
                           DB_I(l->noted_by), DB_I(l->noted_ms)),
                   NULL);
}

static enum pw_err read_level(struct ctx *c, int64_t person_id, const struct db_rows *r, size_t i,
                              struct language_level *ret)
{
    struct language_level l = {.id = db_int(r, i, 0),
                               .self = sv_eq_z(db_text(r, i, 4), "self"),
                               .on_day = db_text(r, i, 6),
                               .noted_by = db_int(r, i, 7),
                               .noted_ms = db_int(r, i, 8),
                               .withdrawn_ms = db_int(r, i, 9),
                               .withdrawn_by = db_int(r, i, 10),
                               .withdrawn_why = db_text(r, i, 11)};
    struct sv number;
    if (!level_scale_parse(db_text(r, i, 1), &l.scale) || !level_skill_parse(db_text(r, i, 2), &l.skill))
        return PW_INTERNAL;
    PW_TRY(unseal(c, person_id, at("language_level", "level", l.id), db_text(r, i, 3), &number));
    PW_TRY(unseal(c, person_id, at("language_level", "assessor", l.id), db_text(r, i, 5), &l.assessor));
    if (!sv_int(number, &l.level))
        return PW_INTERNAL;
    *ret = l;
    return PW_OK;
}

enum pw_err level_rows(struct ctx *c, int64_t person_id, struct language_level **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &level_all, DB_ARGS(DB_I(person_id)), &r));
    struct language_level *v = arena_array(c->arena, struct language_level, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        PW_TRY(read_level(c, person_id, &r, i, &v[i]));
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err level_person(struct ctx *c, int64_t level_id, int64_t *ret_person)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &level_whose, DB_ARGS(DB_I(level_id)), &r));
    *ret_person = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err level_withdraw_row(struct ctx *c, int64_t level_id, struct sv why)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &level_end, DB_ARGS(DB_I(level_id), DB_I(c->now_ms), DB_I(c->actor->person_id), DB_T(why)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}
