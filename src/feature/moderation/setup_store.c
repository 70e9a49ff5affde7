/* SPDX-License-Identifier: EUPL-1.2 */
#include "setup_store.h"

#define SETTING_COLS                                                                                                   \
    "removal_notice, personal, strike_days, appeal_days, decide_days, excluded, auto_mode, flood, mute_minutes, "      \
    "wave, "                                                                                                           \
    "wave_minutes, wave_hold, new_days, mentions, links, forwarded, first_image, watched"
DB_STMT(mod_setting_one, "SELECT " SETTING_COLS " FROM mod_setting WHERE community_id = $1");
DB_STMT(mod_setting_put,
        "INSERT INTO mod_setting (community_id, " SETTING_COLS ", changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
        "$9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) ON CONFLICT (community_id) DO UPDATE SET "
        "removal_notice = excluded.removal_notice, personal = excluded.personal, strike_days = excluded.strike_days, "
        "appeal_days = excluded.appeal_days, decide_days = excluded.decide_days, excluded = excluded.excluded, "
        "auto_mode = excluded.auto_mode, flood = excluded.flood, mute_minutes = excluded.mute_minutes, "
        "wave = excluded.wave, wave_minutes = excluded.wave_minutes, wave_hold = excluded.wave_hold, "
        "new_days = excluded.new_days, mentions = excluded.mentions, links = excluded.links, "
        "forwarded = excluded.forwarded, first_image = excluded.first_image, watched = excluded.watched, "
        "changed_ms = excluded.changed_ms");
DB_STMT(mod_ladder_one, "SELECT name, steps FROM mod_ladder WHERE community_id = $1 AND category = $2");
DB_STMT(mod_ladder_put, "INSERT INTO mod_ladder (community_id, category, name, steps, changed_ms) "
                        "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (community_id, category) DO UPDATE SET "
                        "name = excluded.name, steps = excluded.steps, changed_ms = excluded.changed_ms");
DB_STMT(mod_text_all, "SELECT lang, body FROM mod_text WHERE community_id = $1 AND kind = $2 ORDER BY lang");
DB_STMT(mod_text_put, "INSERT INTO mod_text (community_id, kind, lang, body, changed_ms) VALUES ($1, $2, $3, $4, $5) "
                      "ON CONFLICT (community_id, kind, lang) DO UPDATE SET body = excluded.body, "
                      "changed_ms = excluded.changed_ms");
DB_STMT(mod_oncall_all, "SELECT person_id, hours, since_ms FROM mod_oncall WHERE community_id = $1 ORDER BY since_ms");
DB_STMT(mod_oncall_put, "INSERT INTO mod_oncall (community_id, person_id, hours, since_ms) VALUES ($1, $2, $3, $4) "
                        "ON CONFLICT (community_id, person_id) DO UPDATE SET hours = excluded.hours");
DB_STMT(mod_oncall_del, "DELETE FROM mod_oncall WHERE community_id = $1 AND person_id = $2");

enum { STRIKE_DAYS = 180, APPEAL_DAYS = 30, DECIDE_DAYS = 7 }; /* defaults, D */

enum pw_err setting_row(struct ctx *c, int64_t community_id, struct mod_settings *ret)
{
    struct db_rows r;
    struct mod_settings s = {
        .strike_days = STRIKE_DAYS, .appeal_days = APPEAL_DAYS, .decide_days = DECIDE_DAYS, .automatic = auto_defaults};
    PW_TRY(db_query(c->db, c->arena, &mod_setting_one, DB_ARGS(DB_I(community_id)), &r));
    if (r.n)
        s = (struct mod_settings){.notice = (enum mod_notice)db_int(&r, 0, 0),
                                  .personal = (enum mod_personal)db_int(&r, 0, 1),
                                  .strike_days = db_int(&r, 0, 2),
                                  .appeal_days = db_int(&r, 0, 3),
                                  .decide_days = db_int(&r, 0, 4),
                                  .excluded = db_text(&r, 0, 5),
                                  .automatic = {.mode = (enum auto_mode)db_int(&r, 0, 6),
                                                .flood = db_int(&r, 0, 7),
                                                .mute_minutes = db_int(&r, 0, 8),
                                                .wave = db_int(&r, 0, 9),
                                                .wave_minutes = db_int(&r, 0, 10),
                                                .wave_hold = db_int(&r, 0, 11),
                                                .new_days = db_int(&r, 0, 12),
                                                .mentions = db_int(&r, 0, 13),
                                                .links = db_int(&r, 0, 14) != 0,
                                                .forwarded = db_int(&r, 0, 15) != 0,
                                                .first_image = db_int(&r, 0, 16) != 0,
                                                .words = db_text(&r, 0, 17)}};
    *ret = s;
    return PW_OK;
}

enum pw_err setting_save(struct ctx *c, int64_t community_id, const struct mod_settings *s)
{
    const struct auto_set *a = &s->automatic;
    return db_exec(c->db, &mod_setting_put,
                   DB_ARGS(DB_I(community_id), DB_I(s->notice), DB_I(s->personal), DB_I(s->strike_days),
                           DB_I(s->appeal_days), DB_I(s->decide_days), DB_T(s->excluded), DB_I(a->mode), DB_I(a->flood),
                           DB_I(a->mute_minutes), DB_I(a->wave), DB_I(a->wave_minutes), DB_I(a->wave_hold),
                           DB_I(a->new_days), DB_I(a->mentions), DB_I(a->links), DB_I(a->forwarded),
                           DB_I(a->first_image), DB_T(a->words), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err ladder_row(struct ctx *c, int64_t community_id, struct sv category, struct sv *ret_name,
                       struct sv *ret_steps)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &mod_ladder_one, DB_ARGS(DB_I(community_id), DB_T(category)), &r));
    *ret_name = db_text(&r, 0, 0);
    *ret_steps = db_text(&r, 0, 1);
    return PW_OK;
}

enum pw_err ladder_save(struct ctx *c, int64_t community_id, struct sv category, struct sv name, struct sv steps)
{
    return db_exec(c->db, &mod_ladder_put,
                   DB_ARGS(DB_I(community_id), DB_T(category), DB_T(name), DB_T(steps), DB_I(c->now_ms)), NULL);
}

enum pw_err text_row(struct ctx *c, int64_t community_id, const char *kind, struct sv lang, bool only_lang,
                     struct sv *ret_body)
{
    struct db_rows r;
    struct sv body = {0};
    PW_TRY(db_query(c->db, c->arena, &mod_text_all, DB_ARGS(DB_I(community_id), DB_T(sv_of(kind))), &r));
    for (size_t i = 0; i < r.n; i++)
        if (sv_eq(db_text(&r, i, 0), lang) || (!only_lang && !body.n))
            body = db_text(&r, i, 1);
    *ret_body = body;
    return PW_OK;
}

enum pw_err text_save(struct ctx *c, int64_t community_id, const char *kind, struct sv lang, struct sv body)
{
    return db_exec(c->db, &mod_text_put,
                   DB_ARGS(DB_I(community_id), DB_T(sv_of(kind)), DB_T(lang), DB_T(body), DB_I(c->now_ms)), NULL);
}

enum pw_err oncall_rows(struct ctx *c, int64_t community_id, struct oncall **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &mod_oncall_all, DB_ARGS(DB_I(community_id)), &r));
    struct oncall *v = arena_array(c->arena, struct oncall, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct oncall){.person_id = db_int(&r, i, 0), .hours = db_text(&r, i, 1), .since_ms = db_int(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err oncall_save(struct ctx *c, int64_t community_id, int64_t person_id, struct sv hours)
{
    return db_exec(c->db, &mod_oncall_put, DB_ARGS(DB_I(community_id), DB_I(person_id), DB_T(hours), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err oncall_drop(struct ctx *c, int64_t community_id, int64_t person_id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &mod_oncall_del, DB_ARGS(DB_I(community_id), DB_I(person_id)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}
