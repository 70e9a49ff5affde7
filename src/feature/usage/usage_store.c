/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/usage/usage_store.h"

#include "base/id.h"
#include "core/vault.h"

/* ---- closed months ---- */

DB_STMT(usage_month_add, "INSERT INTO usage_month (community_id, month, definition, closed_ms) "
                         "VALUES ($1, $2, $3, $4)");
DB_STMT(usage_figure_add, "INSERT INTO usage_figure (community_id, month, split, part, line, n) "
                          "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(usage_month_list, "SELECT month FROM usage_month WHERE community_id = $1 AND month >= $2 AND month <= $3");
DB_STMT(usage_month_last, "SELECT max(month) FROM usage_month WHERE community_id = $1");
DB_STMT(usage_figure_list, "SELECT month, split, part, line, n FROM usage_figure WHERE community_id = $1 "
                           "AND month >= $2 AND month <= $3 ORDER BY month, split, part, line");

static enum pw_err add_figure(struct ctx *c, int64_t community_id, int64_t month, const char *split, struct sv part,
                              const char *line, int64_t n)
{
    return n ? db_exec(
                   c->db, &usage_figure_add,
                   DB_ARGS(DB_I(community_id), DB_I(month), DB_T(sv_of(split)), DB_T(part), DB_T(sv_of(line)), DB_I(n)),
                   NULL)
             : PW_OK;
}

static enum pw_err add_lines(struct ctx *c, int64_t community_id, int64_t month, const char *split, struct sv part,
                             const int64_t n[DID__MAX])
{
    for (size_t i = 0; i < DID__MAX; i++)
        PW_TRY(add_figure(c, community_id, month, split, part, usage_line_code((enum activity_line)i), n[i]));
    return PW_OK;
}

enum pw_err usage_save_month(struct ctx *c, int64_t community_id, int64_t month, const struct activity *v)
{
    PW_TRY(db_exec(c->db, &usage_month_add,
                   DB_ARGS(DB_I(community_id), DB_I(month), DB_I(USAGE_DEFINITION), DB_I(c->now_ms)), NULL));
    PW_TRY(add_lines(c, community_id, month, "", (struct sv){0}, v->all));
    for (size_t i = 0; i < v->langs.n; i++)
        PW_TRY(add_lines(c, community_id, month, "lang", v->langs.v[i], v->by_lang[i]));
    for (size_t i = 0; i < v->kinds.n; i++)
        PW_TRY(add_lines(c, community_id, month, "channel", v->kinds.v[i], v->by_kind[i]));
    for (size_t i = 0; i < v->types.n; i++)
        PW_TRY(add_figure(c, community_id, month, "type", v->types.v[i], "posts", v->posts[i]));
    for (size_t i = 0; i < ACTIVITY_HOURS; i++)
        PW_TRY(add_figure(c, community_id, month, "hour", arena_fmt(c->arena, "%zu", i), "messages", v->hours[i]));
    return PW_OK;
}

struct loading {
    struct arena *arena;
    int64_t first, last;
    struct activity **out;
};

static enum pw_err on_figure(void *self, const struct db_rows *r)
{
    struct loading *l = self;
    int64_t month = db_int(r, 0, 0), n = db_int(r, 0, 4), hour;
    struct activity *v = l->out[month - l->first];
    struct sv split = db_text(r, 0, 1), part = db_text(r, 0, 2);
    enum activity_line line;
    if (!v || !usage_line_parse(db_text(r, 0, 3), &line))
        return PW_OK;
    if (!split.n)
        v->all[line] = n;
    else if (sv_eq_z(split, "lang"))
        v->by_lang[activity_code(l->arena, &v->langs, part)][line] += n;
    else if (sv_eq_z(split, "channel"))
        v->by_kind[activity_code(l->arena, &v->kinds, part)][line] += n;
    else if (sv_eq_z(split, "type"))
        v->posts[activity_code(l->arena, &v->types, part)] += n;
    else if (sv_eq_z(split, "hour") && sv_int(part, &hour) && hour >= 0 && hour < ACTIVITY_HOURS)
        v->hours[hour] = n;
    return PW_OK;
}

enum pw_err usage_load_months(struct ctx *c, int64_t community_id, int64_t first, int64_t last, struct activity **out,
                              bool *closed)
{
    struct db_rows r;
    struct loading l = {c->arena, first, last, out};
    PW_TRY(db_query(c->db, c->arena, &usage_month_list, DB_ARGS(DB_I(community_id), DB_I(first), DB_I(last)), &r));
    for (size_t i = 0; i < r.n; i++) {
        size_t at = (size_t)(db_int(&r, i, 0) - first);
        closed[at] = true;
        out[at] = arena_new(c->arena, struct activity);
        if (!out[at])
            return PW_UNAVAILABLE;
    }
    return r.n ? db_each(c->db, &usage_figure_list, DB_ARGS(DB_I(community_id), DB_I(first), DB_I(last)), on_figure, &l)
               : PW_OK;
}

enum pw_err usage_last_closed(struct ctx *c, int64_t community_id, int64_t *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &usage_month_last, DB_ARGS(DB_I(community_id)), &r));
    *ret = db_is_null(&r, 0, 0) ? -1 : db_int(&r, 0, 0);
    return PW_OK;
}

/* ---- ends as entered ---- */

DB_STMT(usage_end_write,
        "INSERT INTO usage_end (community_id, month, entered, gone, note, by_person, at_ms) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (community_id, month) DO UPDATE SET "
        "entered = excluded.entered, gone = excluded.gone, note = excluded.note, by_person = excluded.by_person, "
        "at_ms = excluded.at_ms");
DB_STMT(usage_end_list, "SELECT month, entered, gone, note, at_ms FROM usage_end WHERE community_id = $1 "
                        "AND month <= $2 ORDER BY month");

static struct seal_place end_place(struct ctx *c, int64_t community_id, int64_t month)
{
    return (struct seal_place){"usage_end", arena_z(c->arena, arena_fmt(c->arena, "note %lld", (long long)month)),
                               community_id};
}

enum pw_err usage_end_put(struct ctx *c, int64_t community_id, int64_t month, int64_t entered, int64_t gone,
                          struct sv note)
{
    struct sv sealed;
    PW_TRY(seal(c, 0, end_place(c, community_id, month), note, &sealed));
    return db_exec(c->db, &usage_end_write,
                   DB_ARGS(DB_I(community_id), DB_I(month), DB_I(entered), DB_I(gone), DB_B(sealed),
                           DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err usage_end_rows(struct ctx *c, int64_t community_id, int64_t last, struct usage_end_row **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &usage_end_list, DB_ARGS(DB_I(community_id), DB_I(last)), &r));
    struct usage_end_row *v = arena_array(c->arena, struct usage_end_row, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct usage_end_row){db_int(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2), db_int(&r, i, 4), {0}};
        PW_TRY(unseal(c, 0, end_place(c, community_id, v[i].month), db_text(&r, i, 3), &v[i].note));
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- notes ---- */

DB_STMT(usage_note_add, "INSERT INTO usage_note (id, community_id, month, text, by_person, at_ms) "
                        "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(usage_note_delete, "DELETE FROM usage_note WHERE id = $1 AND community_id = $2 RETURNING month");
DB_STMT(usage_note_list, "SELECT id, month, text, by_person, at_ms FROM usage_note WHERE community_id = $1 "
                         "AND month >= $2 AND month <= $3 ORDER BY month, id");

static struct seal_place note_place(int64_t id)
{
    return (struct seal_place){"usage_note", "text", id};
}

enum pw_err usage_note_put(struct ctx *c, int64_t community_id, int64_t month, struct sv text, int64_t *ret_id)
{
    struct sv sealed;
    int64_t id = id_new();
    PW_TRY(seal(c, 0, note_place(id), text, &sealed));
    PW_TRY(db_exec(
        c->db, &usage_note_add,
        DB_ARGS(DB_I(id), DB_I(community_id), DB_I(month), DB_B(sealed), DB_I(c->actor->person_id), DB_I(c->now_ms)),
        NULL));
    *ret_id = id;
    return PW_OK;
}

enum pw_err usage_note_drop(struct ctx *c, int64_t community_id, int64_t id, int64_t *ret_month)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &usage_note_delete, DB_ARGS(DB_I(id), DB_I(community_id)), &r));
    *ret_month = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err usage_note_rows(struct ctx *c, int64_t community_id, int64_t first, int64_t last, struct usage_note **ret,
                            size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &usage_note_list, DB_ARGS(DB_I(community_id), DB_I(first), DB_I(last)), &r));
    struct usage_note *v = arena_array(c->arena, struct usage_note, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct usage_note){.id = db_int(&r, i, 0), .month = db_int(&r, i, 1), .at_ms = db_int(&r, i, 4)};
        PW_TRY(unseal(c, 0, note_place(v[i].id), db_text(&r, i, 2), &v[i].text));
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- categories ---- */

DB_STMT(usage_category_list,
        "SELECT code, name, source FROM usage_category WHERE community_id = $1 ORDER BY position, code");
DB_STMT(usage_category_clear, "DELETE FROM usage_category WHERE community_id = $1");
DB_STMT(usage_category_add, "INSERT INTO usage_category (community_id, code, position, name, source) "
                            "VALUES ($1, $2, $3, $4, $5)");

enum pw_err usage_category_rows(struct ctx *c, int64_t community_id, struct usage_category *out, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &usage_category_list, DB_ARGS(DB_I(community_id)), &r));
    size_t n = r.n < CATEGORIES_MAX ? r.n : CATEGORIES_MAX;
    for (size_t i = 0; i < n; i++)
        out[i] = (struct usage_category){db_text(&r, i, 0), db_text(&r, i, 1), db_text(&r, i, 2)};
    *ret_n = n;
    return PW_OK;
}

enum pw_err usage_category_write(struct ctx *c, int64_t community_id, const struct usage_category *v, size_t n)
{
    PW_TRY(db_exec(c->db, &usage_category_clear, DB_ARGS(DB_I(community_id)), NULL));
    for (size_t i = 0; i < n; i++)
        PW_TRY(db_exec(
            c->db, &usage_category_add,
            DB_ARGS(DB_I(community_id), DB_T(v[i].code), DB_I((int64_t)i), DB_T(v[i].name), DB_T(v[i].source)), NULL));
    return PW_OK;
}

/* ---- tables from before ---- */

DB_STMT(usage_import_add, "INSERT INTO usage_import (id, community_id, reason, corrected, remarks, by_person, at_ms) "
                          "VALUES ($1, $2, $3, $4, $5, $6, $7)");
DB_STMT(usage_import_list,
        "SELECT id, reason, corrected, remarks, at_ms, (SELECT min(month) FROM usage_imported WHERE import_id = i.id), "
        "(SELECT max(month) FROM usage_imported WHERE import_id = i.id) FROM usage_import i WHERE community_id = $1 "
        "ORDER BY id DESC LIMIT 50");
DB_STMT(usage_import_delete, "DELETE FROM usage_import WHERE id = $1 AND community_id = $2");
DB_STMT(usage_imported_write, "INSERT INTO usage_imported (community_id, month, import_id, category, n) "
                              "VALUES ($1, $2, $3, $4, $5)");
DB_STMT(usage_imported_list, "SELECT month, category, n, import_id FROM usage_imported WHERE community_id = $1 "
                             "AND month >= $2 AND month <= $3 ORDER BY month, import_id, category");
DB_STMT(usage_imported_delete, "DELETE FROM usage_imported WHERE import_id = $1 AND community_id = $2");
DB_STMT(usage_imported_first, "SELECT min(month) FROM usage_imported WHERE community_id = $1");

static struct seal_place import_place(int64_t id)
{
    return (struct seal_place){"usage_import", "reason", id};
}

enum pw_err usage_import_put(struct ctx *c, int64_t community_id, struct sv reason, struct sv corrected,
                             int64_t remarks, int64_t *ret_id)
{
    struct sv sealed;
    int64_t id = id_new();
    PW_TRY(seal(c, 0, import_place(id), reason, &sealed));
    PW_TRY(db_exec(c->db, &usage_import_add,
                   DB_ARGS(DB_I(id), DB_I(community_id), DB_B(sealed), DB_T(corrected), DB_I(remarks),
                           DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL));
    *ret_id = id;
    return PW_OK;
}

enum pw_err usage_imported_put(struct ctx *c, int64_t community_id, int64_t month, struct sv category, int64_t n,
                               int64_t import_id)
{
    return db_exec(c->db, &usage_imported_write,
                   DB_ARGS(DB_I(community_id), DB_I(month), DB_I(import_id), DB_T(category), DB_I(n)), NULL);
}

enum pw_err usage_import_drop(struct ctx *c, int64_t community_id, int64_t import_id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &usage_imported_delete, DB_ARGS(DB_I(import_id), DB_I(community_id)), NULL));
    PW_TRY(db_exec(c->db, &usage_import_delete, DB_ARGS(DB_I(import_id), DB_I(community_id)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err usage_imported_rows(struct ctx *c, int64_t community_id, int64_t first, int64_t last,
                                struct usage_imported_row **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &usage_imported_list, DB_ARGS(DB_I(community_id), DB_I(first), DB_I(last)), &r));
    struct usage_imported_row *v = arena_array(c->arena, struct usage_imported_row, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct usage_imported_row){db_int(&r, i, 0), db_int(&r, i, 2), db_int(&r, i, 3), db_text(&r, i, 1)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err usage_imported_range(struct ctx *c, int64_t community_id, int64_t *ret_first)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &usage_imported_first, DB_ARGS(DB_I(community_id)), &r));
    *ret_first = db_is_null(&r, 0, 0) ? -1 : db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err usage_import_rows(struct ctx *c, int64_t community_id, struct usage_import **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &usage_import_list, DB_ARGS(DB_I(community_id)), &r));
    struct usage_import *v = arena_array(c->arena, struct usage_import, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct usage_import){.id = db_int(&r, i, 0),
                                     .corrected = db_text(&r, i, 2),
                                     .remarks = db_int(&r, i, 3),
                                     .at_ms = db_int(&r, i, 4),
                                     .first = db_int(&r, i, 5),
                                     .last = db_int(&r, i, 6)};
        PW_TRY(unseal(c, 0, import_place(v[i].id), db_text(&r, i, 1), &v[i].reason));
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- summaries for members ---- */

#define SUMMARY_COLS "month, members, joined, asked, answered, in_time, promised, median_ms, posts, published_ms"
DB_STMT(usage_summary_write,
        "INSERT INTO usage_summary (community_id, month, members, joined, asked, answered, in_time, promised, "
        "median_ms, posts, by_person, published_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
        "ON CONFLICT (community_id, month) DO UPDATE SET members = excluded.members, joined = excluded.joined, "
        "asked = excluded.asked, answered = excluded.answered, in_time = excluded.in_time, "
        "promised = excluded.promised, median_ms = excluded.median_ms, posts = excluded.posts, "
        "by_person = excluded.by_person, published_ms = excluded.published_ms");
DB_STMT(usage_summary_delete, "DELETE FROM usage_summary WHERE community_id = $1 AND month = $2");
DB_STMT(usage_summary_one, "SELECT " SUMMARY_COLS " FROM usage_summary WHERE community_id = $1 AND month = $2");
DB_STMT(usage_summary_all, "SELECT " SUMMARY_COLS " FROM usage_summary WHERE community_id = $1 "
                           "ORDER BY month DESC LIMIT 36");
DB_STMT(usage_words_write, "INSERT INTO usage_summary_text (community_id, month, lang, words) VALUES ($1, $2, $3, $4) "
                           "ON CONFLICT (community_id, month, lang) DO UPDATE SET words = excluded.words");
DB_STMT(usage_words_one, "SELECT words FROM usage_summary_text WHERE community_id = $1 AND month = $2 AND lang = $3");

enum pw_err usage_summary_put(struct ctx *c, int64_t community_id, const struct usage_summary *s)
{
    return db_exec(c->db, &usage_summary_write,
                   DB_ARGS(DB_I(community_id), DB_I(s->month), DB_I(s->members), DB_I(s->joined), DB_I(s->asked),
                           DB_I(s->answered), DB_I(s->in_time), DB_I(s->promised), DB_I(s->median_ms), DB_I(s->posts),
                           DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err usage_summary_drop(struct ctx *c, int64_t community_id, int64_t month, int64_t *ret_changed)
{
    return db_exec(c->db, &usage_summary_delete, DB_ARGS(DB_I(community_id), DB_I(month)), ret_changed);
}

enum pw_err usage_summary_say(struct ctx *c, int64_t community_id, int64_t month, struct sv lang, struct sv words)
{
    return db_exec(c->db, &usage_words_write, DB_ARGS(DB_I(community_id), DB_I(month), DB_T(lang), DB_T(words)), NULL);
}

enum pw_err usage_summary_rows(struct ctx *c, int64_t community_id, int64_t month, struct usage_summary **ret,
                               size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(month ? db_query(c->db, c->arena, &usage_summary_one, DB_ARGS(DB_I(community_id), DB_I(month)), &r)
                 : db_query(c->db, c->arena, &usage_summary_all, DB_ARGS(DB_I(community_id)), &r));
    struct usage_summary *v = arena_array(c->arena, struct usage_summary, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct usage_summary){.month = db_int(&r, i, 0),
                                      .members = db_int(&r, i, 1),
                                      .joined = db_int(&r, i, 2),
                                      .asked = db_int(&r, i, 3),
                                      .answered = db_int(&r, i, 4),
                                      .in_time = db_int(&r, i, 5),
                                      .promised = db_int(&r, i, 6),
                                      .median_ms = db_int(&r, i, 7),
                                      .posts = db_int(&r, i, 8),
                                      .published_ms = db_int(&r, i, 9)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err usage_summary_words(struct ctx *c, int64_t community_id, int64_t month, struct sv lang, struct sv *ret)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &usage_words_one, DB_ARGS(DB_I(community_id), DB_I(month), DB_T(lang)), &r));
    *ret = r.n ? db_text(&r, 0, 0) : (struct sv){0};
    return PW_OK;
}
