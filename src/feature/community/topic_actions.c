/* SPDX-License-Identifier: EUPL-1.2 */
/* Topics of a community: a code and its words in each language ("channels by topic"). */
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"

enum { TOPICS_MAX = 40, LABEL_CHARS = 80 };

DB_STMT(topic_put, "INSERT INTO topic (community_id, code, position, retired_ms) VALUES ($1, $2, $3, NULL) "
                   "ON CONFLICT (community_id, code) DO UPDATE SET position = excluded.position, retired_ms = NULL");
DB_STMT(topic_put_text, "INSERT INTO topic_text (community_id, code, lang, label) VALUES ($1, $2, $3, $4) "
                        "ON CONFLICT (community_id, code, lang) DO UPDATE SET label = excluded.label");
DB_STMT(topic_end, "UPDATE topic SET retired_ms = $3 WHERE community_id = $1 AND code = $2 AND retired_ms IS NULL");
DB_STMT(topic_all, "SELECT t.code, t.position, x.lang, x.label FROM topic t "
                   "LEFT JOIN topic_text x ON x.community_id = t.community_id AND x.code = t.code "
                   "WHERE t.community_id = $1 AND t.retired_ms IS NULL ORDER BY t.position, t.code, x.lang");
DB_STMT(topic_one, "SELECT 1 FROM topic WHERE community_id = $1 AND code = $2 AND retired_ms IS NULL");

enum pw_err topic_list(struct ctx *c, int64_t community_id, struct topic **ret, size_t *ret_n)
{
    struct community com;
    struct db_rows r;
    size_t n = 0;
    int best = 0; /* how well the words at hand fit: 1 any, 2 main language, 3 the reader's */
    PW_TRY(community_row(c, community_id, &com));
    PW_TRY(db_query(c->db, c->arena, &topic_all, DB_ARGS(DB_I(community_id)), &r));
    struct topic *v = arena_array(c->arena, struct topic, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        struct sv code = db_text(&r, i, 0), lang = db_text(&r, i, 2);
        if (!n || !sv_eq(v[n - 1].code, code)) {
            v[n++] = (struct topic){db_int(&r, i, 1), code, code};
            best = 0;
        }
        int fit = !lang.n ? 0 : sv_eq(lang, c->lang) ? 3 : sv_eq(lang, lang_main(com.languages)) ? 2 : 1;
        if (fit > best) {
            best = fit;
            v[n - 1].label = db_text(&r, i, 3);
        }
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err topic_write(struct ctx *c, int64_t community_id, int64_t position, struct sv code, struct sv lang,
                        struct sv label)
{
    struct community com;
    struct topic *have;
    size_t n;
    bool known = false;
    PW_TRY(need_admin(c, community_id, &com));
    if (!code.n || !code_ok(code))
        return problem_add(c->problems, "code", N_("Use small letters, digits and hyphens."));
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang", N_("The community does not use this language."));
    PW_TRY(take_line(c, "label", true, LABEL_CHARS, &label));
    PW_TRY(topic_list(c, community_id, &have, &n));
    for (size_t i = 0; i < n; i++)
        known |= sv_eq(have[i].code, code);
    if (!known && n >= TOPICS_MAX)
        return problem_add(c->problems, "code", N_("At most 40 topics: stop offering one first."));
    PW_TRY(db_exec(c->db, &topic_put, DB_ARGS(DB_I(community_id), DB_T(code), DB_I(position)), NULL));
    PW_TRY(db_exec(c->db, &topic_put_text, DB_ARGS(DB_I(community_id), DB_T(code), DB_T(lang), DB_T(label)), NULL));
    return note_fact(c, "community.changed", "community", community_id, community_id,
                     arena_fmt(c->arena, "topic=%.*s", SV_ARG(code)));
}

enum pw_err topic_retire(struct ctx *c, int64_t community_id, struct sv code)
{
    struct community com;
    int64_t changed = 0;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(db_exec(c->db, &topic_end, DB_ARGS(DB_I(community_id), DB_T(code), DB_I(c->now_ms)), &changed));
    if (!changed)
        return PW_NOT_FOUND;
    return note_fact(c, "community.changed", "community", community_id, community_id,
                     arena_fmt(c->arena, "topic-retired=%.*s", SV_ARG(code)));
}

enum pw_err topic_check(struct ctx *c, int64_t community_id, struct sv code)
{
    struct db_rows r;
    enum pw_err e = db_one(c->db, c->arena, &topic_one, DB_ARGS(DB_I(community_id), DB_T(code)), &r);
    return e == PW_NOT_FOUND ? problem_add(c->problems, "topic", N_("Choose one of the list.")) : e;
}
