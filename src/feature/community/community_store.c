/* SPDX-License-Identifier: EUPL-1.2 */
#include "community_store.h"

#include "feature/community/community_room.h"

/* ---- community ---- */

#define COMMUNITY_COLS                                                                                                 \
    "id, slug, owner_org, status, mode, visibility, moderation, territory, languages, zone, hours, calendar, "         \
    "calendar_edits, standard_hours, clock_mode, member_limit, active_members, stand_in, guidelines_doc, "             \
    "welcome_doc, description_doc, media, created_ms, changed_ms"

DB_STMT(community_by_id, "SELECT " COMMUNITY_COLS " FROM community WHERE id = $1");
DB_STMT(community_with_slug, "SELECT " COMMUNITY_COLS " FROM community WHERE slug = $1");
DB_STMT(community_all_listed,
        "SELECT " COMMUNITY_COLS " FROM community WHERE visibility = 0 AND status IN (2, 3, 4) ORDER BY id");
DB_STMT(community_all_owned, "SELECT " COMMUNITY_COLS " FROM community WHERE owner_org = $1 ORDER BY id");
DB_STMT_SCAN(community_all, "SELECT " COMMUNITY_COLS " FROM community ORDER BY id",
             "a network has tens of communities, not thousands");

static void read_community(const struct db_rows *r, size_t i, struct community *m)
{
    *m = (struct community){
        .id = db_int(r, i, 0),
        .slug = db_text(r, i, 1),
        .owner_org = db_int(r, i, 2),
        .status = (enum community_status)db_int(r, i, 3),
        .mode = (enum community_mode)db_int(r, i, 4),
        .visibility = (enum community_visibility)db_int(r, i, 5),
        .moderation = (enum community_moderation)db_int(r, i, 6),
        .territory = db_text(r, i, 7),
        .languages = db_text(r, i, 8),
        .zone = db_text(r, i, 9),
        .hours = db_text(r, i, 10),
        .calendar = db_text(r, i, 11),
        .calendar_edits = db_text(r, i, 12),
        .standard_hours = db_int(r, i, 13),
        .clock_mode = (enum work_mode)db_int(r, i, 14),
        .member_limit = db_int(r, i, 15),
        .active_members = db_int(r, i, 16),
        .stand_in = db_int(r, i, 17),
        .guidelines_doc = db_int(r, i, 18),
        .welcome_doc = db_int(r, i, 19),
        .description_doc = db_int(r, i, 20),
        .media = db_text(r, i, 21),
        .created_ms = db_int(r, i, 22),
        .changed_ms = db_int(r, i, 23),
    };
}

static enum pw_err with_words(struct ctx *c, struct community *m)
{
    PW_TRY(words_for(c, m->id, c->lang, m->languages, &m->words));
    m->rtl = lang_is_rtl(m->words.lang);
    return PW_OK;
}

static enum pw_err one_community(struct ctx *c, const struct db_stmt *st, struct db_val arg, struct community *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, st, &arg, 1, &r));
    struct community m;
    read_community(&r, 0, &m);
    PW_TRY(with_words(c, &m));
    *ret = m;
    return PW_OK;
}

static enum pw_err many_communities(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n_args,
                                    struct community **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, args, n_args, &r));
    struct community *v = arena_array(c->arena, struct community, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        read_community(&r, i, &v[i]);
        PW_TRY(with_words(c, &v[i]));
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err community_row(struct ctx *c, int64_t id, struct community *ret)
{
    return one_community(c, &community_by_id, DB_I(id), ret);
}

enum pw_err community_row_by_slug(struct ctx *c, struct sv slug, struct community *ret)
{
    return one_community(c, &community_with_slug, DB_T(slug), ret);
}

enum pw_err community_rows_listed(struct ctx *c, struct community **ret, size_t *ret_n)
{
    return many_communities(c, &community_all_listed, DB_NOARGS, ret, ret_n);
}

enum pw_err community_rows_owned(struct ctx *c, int64_t org_id, struct community **ret, size_t *ret_n)
{
    if (!org_id)
        return many_communities(c, &community_all, DB_NOARGS, ret, ret_n);
    return many_communities(c, &community_all_owned, DB_ARGS(DB_I(org_id)), ret, ret_n);
}

DB_STMT(community_add, "INSERT INTO community (id, slug, owner_org, status, mode, visibility, moderation, territory, "
                       "languages, zone, hours, calendar, calendar_edits, standard_hours, clock_mode, member_limit, "
                       "stand_in, media, created_ms, changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
                       "$12, $13, $14, $15, $16, $17, $18, $19, $20)");

enum pw_err community_insert(struct ctx *c, const struct community *m)
{
    return db_exec(c->db, &community_add,
                   DB_ARGS(DB_I(m->id), DB_T(m->slug), DB_I(m->owner_org), DB_I(m->status), DB_I(m->mode),
                           DB_I(m->visibility), DB_I(m->moderation), DB_T(m->territory), DB_T(m->languages),
                           DB_T(m->zone), DB_T(m->hours), DB_T(m->calendar), DB_T(m->calendar_edits),
                           DB_I(m->standard_hours), DB_I(m->clock_mode), DB_I(m->member_limit),
                           DB_I_OR_NULL(m->stand_in), DB_T(m->media), DB_I(m->created_ms), DB_I(m->changed_ms)),
                   NULL);
}

DB_STMT(community_set_all,
        "UPDATE community SET slug = $2, owner_org = $3, mode = $4, visibility = $5, moderation = $6, territory = $7, "
        "languages = $8, zone = $9, hours = $10, calendar = $11, calendar_edits = $12, standard_hours = $13, "
        "clock_mode = $14, member_limit = $15, stand_in = $16, media = $17, changed_ms = $18 WHERE id = $1");

enum pw_err community_save(struct ctx *c, const struct community *m)
{
    return db_exec(c->db, &community_set_all,
                   DB_ARGS(DB_I(m->id), DB_T(m->slug), DB_I(m->owner_org), DB_I(m->mode), DB_I(m->visibility),
                           DB_I(m->moderation), DB_T(m->territory), DB_T(m->languages), DB_T(m->zone), DB_T(m->hours),
                           DB_T(m->calendar), DB_T(m->calendar_edits), DB_I(m->standard_hours), DB_I(m->clock_mode),
                           DB_I(m->member_limit), DB_I_OR_NULL(m->stand_in), DB_T(m->media), DB_I(c->now_ms)),
                   NULL);
}

DB_STMT(community_set_state, "UPDATE community SET status = $2, changed_ms = $3 WHERE id = $1");

enum pw_err community_save_status(struct ctx *c, int64_t id, enum community_status s)
{
    return db_exec(c->db, &community_set_state, DB_ARGS(DB_I(id), DB_I(s), DB_I(c->now_ms)), NULL);
}

DB_STMT(community_set_guidelines, "UPDATE community SET guidelines_doc = $2, changed_ms = $3 WHERE id = $1");
DB_STMT(community_set_welcome, "UPDATE community SET welcome_doc = $2, changed_ms = $3 WHERE id = $1");
DB_STMT(community_set_description, "UPDATE community SET description_doc = $2, changed_ms = $3 WHERE id = $1");

enum pw_err community_save_document(struct ctx *c, int64_t id, enum doc_kind kind, int64_t doc_id)
{
    const struct db_stmt *st = kind == DOC_GUIDELINES    ? &community_set_guidelines
                               : kind == DOC_WELCOME     ? &community_set_welcome
                               : kind == DOC_DESCRIPTION ? &community_set_description
                                                         : NULL;
    if (!st)
        return PW_INVALID;
    return db_exec(c->db, st, DB_ARGS(DB_I(id), DB_I(doc_id), DB_I(c->now_ms)), NULL);
}

DB_STMT(community_member_in, "UPDATE community SET active_members = active_members + 1 "
                             "WHERE id = $1 AND (member_limit = 0 OR active_members < member_limit)");
DB_STMT(community_member_out,
        "UPDATE community SET active_members = active_members - 1 WHERE id = $1 AND active_members > 0");

enum pw_err community_count_in(struct ctx *c, int64_t id, bool *ret_in)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &community_member_in, DB_ARGS(DB_I(id)), &changed));
    *ret_in = changed == 1;
    return PW_OK;
}

enum pw_err community_count_out(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &community_member_out, DB_ARGS(DB_I(id)), NULL);
}

/* ---- words ---- */

DB_STMT(community_text_put,
        "INSERT INTO community_text (community_id, lang, name, purpose, audience, topics_in, topics_out) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (community_id, lang) DO UPDATE SET name = excluded.name, "
        "purpose = excluded.purpose, audience = excluded.audience, topics_in = excluded.topics_in, "
        "topics_out = excluded.topics_out");
DB_STMT(community_text_all, "SELECT lang, name, purpose, audience, topics_in, topics_out FROM community_text "
                            "WHERE community_id = $1 ORDER BY lang");

enum pw_err words_save(struct ctx *c, int64_t community_id, const struct community_words *w)
{
    return db_exec(c->db, &community_text_put,
                   DB_ARGS(DB_I(community_id), DB_T(w->lang), DB_T(w->name), DB_T(w->purpose), DB_T(w->audience),
                           DB_T(w->topics_in), DB_T(w->topics_out)),
                   NULL);
}

enum pw_err words_rows(struct ctx *c, int64_t community_id, struct community_words **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &community_text_all, DB_ARGS(DB_I(community_id)), &r));
    struct community_words *v = arena_array(c->arena, struct community_words, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct community_words){db_text(&r, i, 0), db_text(&r, i, 1), db_text(&r, i, 2),
                                        db_text(&r, i, 3), db_text(&r, i, 4), db_text(&r, i, 5)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err words_for(struct ctx *c, int64_t community_id, struct sv lang, struct sv languages,
                      struct community_words *ret)
{
    struct community_words *v;
    size_t n;
    PW_TRY(words_rows(c, community_id, &v, &n));
    const struct sv order[] = {lang, lang_main(languages)};
    for (size_t k = 0; k < 2; k++)
        for (size_t i = 0; i < n; i++)
            if (sv_eq(v[i].lang, order[k])) {
                *ret = v[i];
                return PW_OK;
            }
    *ret = n ? v[0] : (struct community_words){.lang = lang_main(languages)};
    return PW_OK;
}

/* ---- partners ---- */

DB_STMT(community_partner_add, "INSERT INTO community_partner (community_id, org_id, since_ms) VALUES ($1, $2, $3) "
                               "ON CONFLICT (community_id, org_id) DO NOTHING");
DB_STMT(community_partner_drop, "DELETE FROM community_partner WHERE community_id = $1 AND org_id = $2");
DB_STMT(community_partner_all,
        "SELECT org_id FROM community_partner WHERE community_id = $1 ORDER BY since_ms, org_id");

enum pw_err partner_insert(struct ctx *c, int64_t community_id, int64_t org_id)
{
    return db_exec(c->db, &community_partner_add, DB_ARGS(DB_I(community_id), DB_I(org_id), DB_I(c->now_ms)), NULL);
}

enum pw_err partner_delete(struct ctx *c, int64_t community_id, int64_t org_id, int64_t *ret_changed)
{
    return db_exec(c->db, &community_partner_drop, DB_ARGS(DB_I(community_id), DB_I(org_id)), ret_changed);
}

enum pw_err partner_rows(struct ctx *c, int64_t community_id, int64_t **ret, size_t *ret_n)
{
    return db_ints(c->db, c->arena, &community_partner_all, DB_ARGS(DB_I(community_id)), ret, ret_n);
}

/* ---- absences (SLA-8) ---- */

DB_STMT(absence_put,
        "INSERT INTO absence (community_id, person_id, from_ms, until_ms) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (community_id, person_id) DO UPDATE SET from_ms = excluded.from_ms, until_ms = excluded.until_ms");
DB_STMT(absence_drop, "DELETE FROM absence WHERE community_id = $1 AND person_id = $2");
DB_STMT(absence_all, "SELECT person_id, from_ms, until_ms FROM absence WHERE community_id = $1 ORDER BY person_id");

enum pw_err absence_save(struct ctx *c, int64_t community_id, const struct absence *a)
{
    return db_exec(c->db, &absence_put,
                   DB_ARGS(DB_I(community_id), DB_I(a->person_id), DB_I(a->from_ms), DB_I(a->until_ms)), NULL);
}

enum pw_err absence_delete(struct ctx *c, int64_t community_id, int64_t person_id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &absence_drop, DB_ARGS(DB_I(community_id), DB_I(person_id)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err absence_rows(struct ctx *c, int64_t community_id, struct absence **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &absence_all, DB_ARGS(DB_I(community_id)), &r));
    struct absence *v = arena_array(c->arena, struct absence, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct absence){db_int(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

bool absent_at(const struct absence *v, size_t n, int64_t person_id, int64_t at_ms)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].person_id == person_id && at_ms >= v[i].from_ms && at_ms < v[i].until_ms)
            return true;
    return false;
}
