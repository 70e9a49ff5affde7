/* SPDX-License-Identifier: EUPL-1.2 */
#include "kb_store.h"

#define KB_COLS                                                                                                        \
    "id, community_id, question_id, topic, source, checked_on, review_ms, state, source_lang, version, created_ms, "   \
    "created_by, changed_ms"

DB_STMT(kb_one, "SELECT " KB_COLS " FROM kb_entry WHERE id = $1");
DB_STMT(kb_page, "SELECT " KB_COLS " FROM kb_entry WHERE community_id = $1 AND state = $2 AND id > $4 "
                 "AND (CAST($3 AS TEXT) = '' OR topic = $3) ORDER BY id LIMIT $5");
DB_STMT(kb_review_list, "SELECT " KB_COLS " FROM kb_entry WHERE community_id = $1 AND state = 1 AND review_ms <= $2 "
                        "ORDER BY review_ms LIMIT 200");
DB_STMT(kb_add, "INSERT INTO kb_entry (" KB_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
DB_STMT(kb_set, "UPDATE kb_entry SET topic = $2, source = $3, checked_on = $4, review_ms = $5, review_due = 0, "
                "state = $6, source_lang = $7, version = $8, changed_ms = $9 WHERE id = $1");
DB_STMT(kb_set_due, "UPDATE kb_entry SET review_due = 1 WHERE id = $1");
DB_STMT(kb_text_put, "INSERT INTO kb_text (entry_id, lang, question, answer, from_version, written_ms) "
                     "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (entry_id, lang) DO UPDATE SET "
                     "question = excluded.question, answer = excluded.answer, from_version = excluded.from_version, "
                     "written_ms = excluded.written_ms");
DB_STMT(kb_text_in, "SELECT lang, question, answer, from_version FROM kb_text WHERE entry_id = $1 "
                    "AND (lang = $2 OR lang = $3)");

static void read_entry(struct ctx *c, const struct db_rows *r, size_t i, struct kb_entry *e)
{
    *e = (struct kb_entry){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .question_id = db_int(r, i, 2),
        .topic = db_text(r, i, 3),
        .source = db_text(r, i, 4),
        .checked_on = db_text(r, i, 5),
        .review_ms = db_int(r, i, 6),
        .state = (enum kb_state)db_int(r, i, 7),
        .source_lang = db_text(r, i, 8),
        .version = db_int(r, i, 9),
        .created_ms = db_int(r, i, 10),
        .created_by = db_int(r, i, 11),
        .changed_ms = db_int(r, i, 12),
    };
    e->verified = kb_is_verified(e->state, e->review_ms, c->now_ms);
}

static enum pw_err with_text(struct ctx *c, struct sv lang, struct kb_entry *e)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &kb_text_in, DB_ARGS(DB_I(e->id), DB_T(lang), DB_T(e->source_lang)), &r));
    for (size_t i = 0; i < r.n; i++) {
        if (i && !sv_eq(db_text(&r, i, 0), lang))
            continue;
        e->lang = db_text(&r, i, 0);
        e->question = db_text(&r, i, 1);
        e->answer = db_text(&r, i, 2);
        e->out_of_date = db_int(&r, i, 3) < e->version;
    }
    return PW_OK;
}

static enum pw_err many(struct ctx *c, const struct db_rows *r, struct sv lang, struct kb_entry **ret, size_t *ret_n)
{
    struct kb_entry *v = arena_array(c->arena, struct kb_entry, r->n ? r->n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r->n; i++) {
        read_entry(c, r, i, &v[i]);
        PW_TRY(with_text(c, lang, &v[i]));
    }
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err kb_row(struct ctx *c, int64_t id, struct sv lang, struct kb_entry *ret)
{
    struct db_rows r;
    struct kb_entry e;
    PW_TRY(db_one(c->db, c->arena, &kb_one, DB_ARGS(DB_I(id)), &r));
    read_entry(c, &r, 0, &e);
    PW_TRY(with_text(c, lang, &e));
    *ret = e;
    return PW_OK;
}

enum pw_err kb_rows(struct ctx *c, int64_t community_id, enum kb_state s, struct sv topic, int64_t after_id,
                    int64_t limit, struct sv lang, struct kb_entry **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &kb_page,
                    DB_ARGS(DB_I(community_id), DB_I(s), DB_T(topic), DB_I(after_id), DB_I(limit)), &r));
    return many(c, &r, lang, ret, ret_n);
}

enum pw_err kb_rows_review(struct ctx *c, int64_t community_id, struct sv lang, struct kb_entry **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &kb_review_list, DB_ARGS(DB_I(community_id), DB_I(c->now_ms)), &r));
    return many(c, &r, lang, ret, ret_n);
}

enum pw_err kb_insert(struct ctx *c, const struct kb_entry *e)
{
    return db_exec(c->db, &kb_add,
                   DB_ARGS(DB_I(e->id), DB_I(e->community_id), DB_I_OR_NULL(e->question_id), DB_T(e->topic),
                           DB_T(e->source), DB_T(e->checked_on), DB_I(e->review_ms), DB_I(e->state),
                           DB_T(e->source_lang), DB_I(e->version), DB_I(e->created_ms), DB_I(e->created_by),
                           DB_I(e->changed_ms)),
                   NULL);
}

enum pw_err kb_save(struct ctx *c, const struct kb_entry *e)
{
    return db_exec(c->db, &kb_set,
                   DB_ARGS(DB_I(e->id), DB_T(e->topic), DB_T(e->source), DB_T(e->checked_on), DB_I(e->review_ms),
                           DB_I(e->state), DB_T(e->source_lang), DB_I(e->version), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err kb_save_review_due(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &kb_set_due, DB_ARGS(DB_I(id)), NULL);
}

enum pw_err kb_save_text(struct ctx *c, const struct kb_entry *e, int64_t from_version)
{
    return db_exec(
        c->db, &kb_text_put,
        DB_ARGS(DB_I(e->id), DB_T(e->lang), DB_T(e->question), DB_T(e->answer), DB_I(from_version), DB_I(c->now_ms)),
        NULL);
}
