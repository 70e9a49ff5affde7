/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers, the history of a question, drafts, and who has a question open. */
#include "base/id.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/community/question_store.h"

/* ---- answers ---- */

#define ANSWER_COLS                                                                                                    \
    "id, question_id, message_id, author, by_staff, verification, verified_by, verified_ms, source, checked_on, "      \
    "kb_entry, note_message, at_ms"

DB_STMT(answer_add,
        "INSERT INTO answer (" ANSWER_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
DB_STMT(answer_one, "SELECT " ANSWER_COLS " FROM answer WHERE id = $1");
DB_STMT(answer_of_message, "SELECT " ANSWER_COLS " FROM answer WHERE message_id = $1");
DB_STMT(answer_all, "SELECT " ANSWER_COLS " FROM answer WHERE question_id = $1 ORDER BY at_ms, id LIMIT 200");
DB_STMT(answer_drop, "DELETE FROM answer WHERE id = $1");
DB_STMT(answer_set, "UPDATE answer SET verification = $3, verified_by = $4, verified_ms = $5, source = $6, "
                    "checked_on = $7, kb_entry = $8, note_message = $9, at_ms = $10 "
                    "WHERE id = $1 AND verification = $2");

static void read_answer(const struct db_rows *r, size_t i, struct answer *a)
{
    *a = (struct answer){
        .id = db_int(r, i, 0),
        .question_id = db_int(r, i, 1),
        .message_id = db_int(r, i, 2),
        .author = db_int(r, i, 3),
        .by_staff = db_int(r, i, 4) != 0,
        .verification = (enum verification)db_int(r, i, 5),
        .verified_by = db_int(r, i, 6),
        .verified_ms = db_int(r, i, 7),
        .source = db_text(r, i, 8),
        .checked_on = db_text(r, i, 9),
        .kb_entry = db_int(r, i, 10),
        .note_message = db_int(r, i, 11),
        .at_ms = db_int(r, i, 12),
    };
}

enum pw_err answer_insert(struct ctx *c, const struct answer *a)
{
    return db_exec(c->db, &answer_add,
                   DB_ARGS(DB_I(a->id), DB_I(a->question_id), DB_I(a->message_id), DB_I(a->author), DB_I(a->by_staff),
                           DB_I(a->verification), DB_I_OR_NULL(a->verified_by), DB_I_OR_NULL(a->verified_ms),
                           DB_T(a->source), DB_T(a->checked_on), DB_I_OR_NULL(a->kb_entry),
                           DB_I_OR_NULL(a->note_message), DB_I(a->at_ms)),
                   NULL);
}

static enum pw_err one(struct ctx *c, const struct db_stmt *st, int64_t id, struct answer *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, st, DB_ARGS(DB_I(id)), &r));
    read_answer(&r, 0, ret);
    return PW_OK;
}

enum pw_err answer_row(struct ctx *c, int64_t id, struct answer *ret)
{
    return one(c, &answer_one, id, ret);
}

enum pw_err answer_row_of_message(struct ctx *c, int64_t message_id, struct answer *ret)
{
    return one(c, &answer_of_message, message_id, ret);
}

enum pw_err answer_delete(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &answer_drop, DB_ARGS(DB_I(id)), NULL);
}

enum pw_err answer_rows(struct ctx *c, int64_t question_id, struct answer **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &answer_all, DB_ARGS(DB_I(question_id)), &r));
    struct answer *v = arena_array(c->arena, struct answer, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        read_answer(&r, i, &v[i]);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err answer_save(struct ctx *c, const struct answer *a, enum verification from)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &answer_set,
                   DB_ARGS(DB_I(a->id), DB_I(from), DB_I(a->verification), DB_I_OR_NULL(a->verified_by),
                           DB_I_OR_NULL(a->verified_ms), DB_T(a->source), DB_T(a->checked_on),
                           DB_I_OR_NULL(a->kb_entry), DB_I_OR_NULL(a->note_message), DB_I(a->at_ms)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

/* ---- history ---- */

DB_STMT(question_step_add, "INSERT INTO question_step (id, question_id, at_ms, by_person, what, from_state, "
                           "to_state, other) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
DB_STMT(question_step_all, "SELECT at_ms, by_person, what, from_state, to_state, other FROM question_step "
                           "WHERE question_id = $1 ORDER BY id LIMIT 300");

enum pw_err step_add(struct ctx *c, int64_t question_id, const char *what, enum question_state from,
                     enum question_state to, int64_t other)
{
    return db_exec(c->db, &question_step_add,
                   DB_ARGS(DB_I(id_new()), DB_I(question_id), DB_I(c->now_ms), DB_I(c->actor->person_id),
                           DB_T(sv_of(what)), DB_I(from), DB_I(to), DB_I_OR_NULL(other)),
                   NULL);
}

enum pw_err step_rows(struct ctx *c, int64_t question_id, struct question_step **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &question_step_all, DB_ARGS(DB_I(question_id)), &r));
    struct question_step *v = arena_array(c->arena, struct question_step, r.n ? r.n : 1);
    int64_t *ids = arena_array(c->arena, int64_t, 2 * r.n + 1);
    struct person *p = arena_array(c->arena, struct person, 2 * r.n + 1);
    if (!v || !ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct question_step){.at_ms = db_int(&r, i, 0),
                                      .by_person = db_int(&r, i, 1),
                                      .other = db_int(&r, i, 5),
                                      .from = (enum question_state)db_int(&r, i, 3),
                                      .to = (enum question_state)db_int(&r, i, 4),
                                      .what = db_text(&r, i, 2)};
        ids[2 * i] = v[i].by_person;
        ids[2 * i + 1] = v[i].other;
    }
    PW_TRY(person_get_many(c, ids, 2 * r.n, p)); /* an `other` that is no person has no name */
    for (size_t i = 0; i < r.n; i++) {
        v[i].name = p[2 * i].display_name;
        v[i].other_name = p[2 * i + 1].display_name;
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- drafts ---- */

DB_STMT(draft_write, "INSERT INTO draft (person_id, question_id, body, saved_ms) VALUES ($1, $2, $3, $4) "
                     "ON CONFLICT (person_id, question_id) DO UPDATE SET body = excluded.body, "
                     "saved_ms = excluded.saved_ms");
DB_STMT(draft_forget, "DELETE FROM draft WHERE person_id = $1 AND question_id = $2");
DB_STMT(draft_read, "SELECT body FROM draft WHERE person_id = $1 AND question_id = $2");

enum pw_err draft_put(struct ctx *c, int64_t person_id, int64_t question_id, struct sv text)
{
    struct sv body;
    PW_TRY(seal(c, 0, (struct seal_place){"draft", "body", question_id}, text, &body));
    return db_exec(c->db, &draft_write, DB_ARGS(DB_I(person_id), DB_I(question_id), DB_B(body), DB_I(c->now_ms)), NULL);
}

enum pw_err draft_drop(struct ctx *c, int64_t person_id, int64_t question_id)
{
    return db_exec(c->db, &draft_forget, DB_ARGS(DB_I(person_id), DB_I(question_id)), NULL);
}

enum pw_err draft_get(struct ctx *c, int64_t person_id, int64_t question_id, struct sv *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &draft_read, DB_ARGS(DB_I(person_id), DB_I(question_id)), &r));
    return unseal(c, 0, (struct seal_place){"draft", "body", question_id}, db_text(&r, 0, 0), ret);
}

/* ---- who looks (collision warning) ---- */

DB_STMT(viewing_write, "INSERT INTO viewing (question_id, person_id, until_ms) VALUES ($1, $2, $3) "
                       "ON CONFLICT (question_id, person_id) DO UPDATE SET until_ms = excluded.until_ms");
DB_STMT(viewing_forget, "DELETE FROM viewing WHERE question_id = $1 AND (person_id = $2 OR until_ms < $3)");
DB_STMT(viewing_all, "SELECT person_id FROM viewing WHERE question_id = $1 AND until_ms > $2 AND person_id <> $3");

enum pw_err viewing_put(struct ctx *c, int64_t question_id, int64_t person_id, int64_t until_ms)
{
    return db_exec(c->db, &viewing_write, DB_ARGS(DB_I(question_id), DB_I(person_id), DB_I(until_ms)), NULL);
}

enum pw_err viewing_drop(struct ctx *c, int64_t question_id, int64_t person_id)
{
    return db_exec(c->db, &viewing_forget, DB_ARGS(DB_I(question_id), DB_I(person_id), DB_I(c->now_ms)), NULL);
}

enum pw_err viewing_names(struct ctx *c, int64_t question_id, int64_t but_person, struct sv **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &viewing_all, DB_ARGS(DB_I(question_id), DB_I(c->now_ms), DB_I(but_person)), &r));
    struct sv *v = arena_array(c->arena, struct sv, r.n ? r.n : 1);
    int64_t *ids = arena_array(c->arena, int64_t, r.n ? r.n : 1);
    struct person *p = arena_array(c->arena, struct person, r.n ? r.n : 1);
    if (!v || !ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        ids[i] = db_int(&r, i, 0);
    PW_TRY(person_get_many(c, ids, r.n, p));
    for (size_t i = 0; i < r.n; i++)
        v[i] = p[i].display_name;
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
