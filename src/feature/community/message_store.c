/* SPDX-License-Identifier: EUPL-1.2 */
#include "message_store.h"

#include "base/id.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/community/community_kit.h"

static struct seal_place body_of(int64_t id)
{
    return (struct seal_place){"message", "body", id};
}

DB_STMT(message_add,
        "INSERT INTO message (id, community_id, thread_id, author, author_role, kind, purpose, state, body, "
        "sealed_for, lang, reply_to, question_id, channel_id, channel_kind, file_id, duration_s, source, checked_on, "
        "post_type, written_ms, shown_ms, topic) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "
        "$15, $16, $17, $18, $19, $20, $21, $22, $23)");

enum pw_err message_insert(struct ctx *c, struct message *m, int64_t channel_id, int64_t thread_person)
{
    if (!m->id)
        m->id = id_new();
    struct sv body = {0};
    if (m->body.n)
        PW_TRY(seal(c, thread_person, body_of(m->id), m->body, &body));
    return db_exec(c->db, &message_add,
                   DB_ARGS(DB_I(m->id), DB_I(m->community_id), DB_I_OR_NULL(m->thread_id), DB_I(m->author),
                           DB_I(m->author_role), DB_I(m->kind), DB_I(m->purpose), DB_I(m->state), DB_B(body),
                           DB_I(thread_person), DB_T(m->lang), DB_I_OR_NULL(m->reply_to), DB_I_OR_NULL(m->question_id),
                           DB_I_OR_NULL(channel_id), DB_T(m->channel_kind), DB_I_OR_NULL(m->file_id),
                           DB_I(m->duration_s), DB_T(m->source), DB_T(m->checked_on), DB_T(m->post_type),
                           DB_I(m->written_ms), DB_I(m->shown_ms), DB_T(m->topic)),
                   NULL);
}

#define MESSAGE_COLS                                                                                                   \
    "id, community_id, thread_id, author, author_role, kind, purpose, state, body, sealed_for, lang, reply_to, "       \
    "question_id, channel_kind, file_id, duration_s, source, checked_on, post_type, written_ms, shown_ms, topic"

DB_STMT(message_one, "SELECT " MESSAGE_COLS " FROM message WHERE id = $1");
/* $5, $6: the highest state wanted: 0 = only what is shown. */
DB_STMT(message_public_page, "SELECT " MESSAGE_COLS " FROM message WHERE community_id = $1 AND thread_id IS NULL "
                             "AND (shown_ms, id) < ($2, $3) AND state <= $5 ORDER BY shown_ms DESC, id DESC LIMIT $4");
DB_STMT(message_topic_page,
        "SELECT " MESSAGE_COLS " FROM message WHERE community_id = $1 AND topic = $2 AND topic <> '' "
        "AND thread_id IS NULL AND (shown_ms, id) < ($3, $4) AND state <= $6 "
        "ORDER BY shown_ms DESC, id DESC LIMIT $5");
DB_STMT(message_thread_page, "SELECT " MESSAGE_COLS " FROM message WHERE thread_id = $1 "
                             "ORDER BY shown_ms DESC, id DESC LIMIT $2");
DB_STMT(message_question_all, "SELECT " MESSAGE_COLS " FROM message WHERE question_id = $1 "
                              "ORDER BY shown_ms, id LIMIT 500");
DB_STMT(message_question_public, "SELECT " MESSAGE_COLS " FROM message WHERE question_id = $1 AND thread_id IS NULL "
                                 "AND (shown_ms, id) > ($2, $3) ORDER BY shown_ms, id LIMIT 500");
DB_STMT(message_said, "SELECT " MESSAGE_COLS " FROM message WHERE author = $1 AND thread_id IS NULL AND state <> 2 "
                      "ORDER BY shown_ms DESC, id DESC LIMIT $2");
DB_STMT(message_private, "SELECT " MESSAGE_COLS " FROM message WHERE thread_id IN (SELECT id FROM thread WHERE "
                         "person_id = $1) AND state <> 2 ORDER BY shown_ms DESC, id DESC LIMIT $2");
DB_STMT(message_set_state,
        "UPDATE message SET state = $3, decided_by = $4, decided_ms = $5 WHERE id = $1 AND state = $2");
DB_STMT(message_set_question, "UPDATE message SET question_id = $2, purpose = $3 WHERE id = $1");
DB_STMT(message_set_private, "UPDATE message SET thread_id = $2, body = $3, sealed_for = $4 WHERE id = $1");
DB_STMT(message_set_shown, "UPDATE message SET state = 0, shown_ms = $2 WHERE id = $1 AND state = 3");

static enum pw_err read_message(struct ctx *c, const struct db_rows *r, size_t i, struct message *m)
{
    *m = (struct message){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .thread_id = db_int(r, i, 2),
        .author = db_int(r, i, 3),
        .author_role = (enum author_role)db_int(r, i, 4),
        .kind = (enum message_kind)db_int(r, i, 5),
        .purpose = (enum message_purpose)db_int(r, i, 6),
        .state = (enum message_state)db_int(r, i, 7),
        .lang = db_text(r, i, 10),
        .reply_to = db_int(r, i, 11),
        .question_id = db_int(r, i, 12),
        .channel_kind = db_text(r, i, 13),
        .file_id = db_int(r, i, 14),
        .duration_s = db_int(r, i, 15),
        .source = db_text(r, i, 16),
        .checked_on = db_text(r, i, 17),
        .post_type = db_text(r, i, 18),
        .written_ms = db_int(r, i, 19),
        .shown_ms = db_int(r, i, 20),
        .topic = db_text(r, i, 21),
    };
    struct sv body = db_text(r, i, 8);
    if (!body.n)
        return PW_OK;
    /* The words of an erased person are gone for good: the row stays, without them. */
    enum pw_err e = unseal(c, db_int(r, i, 9), body_of(m->id), body, &m->body);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err many(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n_args,
                        struct message **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, args, n_args, &r));
    struct message *v = arena_array(c->arena, struct message, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        PW_TRY(read_message(c, &r, i, &v[i]));
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err message_rows_said(struct ctx *c, int64_t person_id, int64_t limit, struct message **ret, size_t *ret_n)
{
    return many(c, &message_said, DB_ARGS(DB_I(person_id), DB_I(limit)), ret, ret_n);
}

enum pw_err message_rows_private(struct ctx *c, int64_t person_id, int64_t limit, struct message **ret, size_t *ret_n)
{
    return many(c, &message_private, DB_ARGS(DB_I(person_id), DB_I(limit)), ret, ret_n);
}

enum pw_err message_row(struct ctx *c, int64_t id, struct message *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &message_one, DB_ARGS(DB_I(id)), &r));
    return read_message(c, &r, 0, ret);
}

enum pw_err message_rows_public(struct ctx *c, int64_t community_id, struct sv topic, int64_t before_ms,
                                int64_t before_id, int64_t limit, bool only_shown, struct message **ret, size_t *ret_n)
{
    enum message_state most = only_shown ? SHOWN : HELD;
    if (!before_ms) {
        before_ms = INT64_MAX;
        before_id = INT64_MAX;
    }
    if (topic.n)
        return many(c, &message_topic_page,
                    DB_ARGS(DB_I(community_id), DB_T(topic), DB_I(before_ms), DB_I(before_id), DB_I(limit), DB_I(most)),
                    ret, ret_n);
    return many(c, &message_public_page,
                DB_ARGS(DB_I(community_id), DB_I(before_ms), DB_I(before_id), DB_I(limit), DB_I(most)), ret, ret_n);
}

enum pw_err message_rows_thread(struct ctx *c, int64_t thread_id, int64_t limit, struct message **ret, size_t *ret_n)
{
    struct message *v;
    size_t n;
    PW_TRY(many(c, &message_thread_page, DB_ARGS(DB_I(thread_id), DB_I(limit)), &v, &n));
    for (size_t i = 0; i < n / 2; i++) { /* the newest were asked for; shown oldest first */
        struct message swap = v[i];
        v[i] = v[n - 1 - i];
        v[n - 1 - i] = swap;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err message_rows_question(struct ctx *c, int64_t question_id, struct message **ret, size_t *ret_n)
{
    return many(c, &message_question_all, DB_ARGS(DB_I(question_id)), ret, ret_n);
}

enum pw_err message_rows_question_public(struct ctx *c, int64_t question_id, int64_t after_ms, int64_t after_id,
                                         struct message **ret, size_t *ret_n)
{
    return many(c, &message_question_public, DB_ARGS(DB_I(question_id), DB_I(after_ms), DB_I(after_id)), ret, ret_n);
}

enum pw_err message_save_state(struct ctx *c, int64_t id, enum message_state from, enum message_state to)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &message_set_state,
                   DB_ARGS(DB_I(id), DB_I(from), DB_I(to), DB_I_OR_NULL(c->actor->person_id), DB_I(c->now_ms)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

enum pw_err message_save_question(struct ctx *c, int64_t id, int64_t question_id, enum message_purpose purpose)
{
    return db_exec(c->db, &message_set_question, DB_ARGS(DB_I(id), DB_I_OR_NULL(question_id), DB_I(purpose)), NULL);
}

enum pw_err message_save_private(struct ctx *c, const struct message *m, int64_t thread_id, int64_t person_id)
{
    struct sv body = {0};
    if (m->body.n)
        PW_TRY(seal(c, person_id, body_of(m->id), m->body, &body));
    return db_exec(c->db, &message_set_private, DB_ARGS(DB_I(m->id), DB_I(thread_id), DB_B(body), DB_I(person_id)),
                   NULL);
}

enum pw_err message_save_shown(struct ctx *c, int64_t id, int64_t shown_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &message_set_shown, DB_ARGS(DB_I(id), DB_I(shown_ms)), &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

/* Walks from the newest; a community where only moderators spoke lately is a short walk all the same: posts are few. */
DB_STMT(message_by_member, "SELECT shown_ms FROM message WHERE community_id = $1 AND thread_id IS NULL "
                           "AND author_role = 0 ORDER BY shown_ms DESC LIMIT 1");

enum pw_err member_spoke_ms(struct ctx *c, int64_t community_id, int64_t *ret_ms)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &message_by_member, DB_ARGS(DB_I(community_id)), &r));
    *ret_ms = r.n ? db_int(&r, 0, 0) : 0;
    return PW_OK;
}

enum pw_err message_fill_names(struct ctx *c, struct message *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n ? n : 1);
    struct person *p = arena_array(c->arena, struct person, n ? n : 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].author;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t i = 0; i < n; i++)
        v[i].name = p[i].display_name;
    return PW_OK;
}

/* ---- copies on platforms ---- */

DB_STMT(message_copy_add, "INSERT INTO message_copy (message_id, channel_id, chat, provider_message, outbox_id) "
                          "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (message_id, channel_id, chat) DO UPDATE SET "
                          "provider_message = excluded.provider_message, outbox_id = excluded.outbox_id, "
                          "deleted_ms = NULL WHERE message_copy.deleted_ms IS NOT NULL");
DB_STMT(message_copy_all, "SELECT message_id, channel_id, chat, provider_message, outbox_id, deleted_ms "
                          "FROM message_copy WHERE message_id = $1 ORDER BY channel_id, chat");
DB_STMT(message_copy_at, "SELECT provider_message FROM message_copy WHERE message_id = $1 AND channel_id = $2 "
                         "AND chat = $3");
DB_STMT(message_copy_from, "SELECT message_id FROM message_copy WHERE channel_id = $1 AND chat = $2 "
                           "AND provider_message = $3");
DB_STMT(message_copy_sent, "UPDATE message_copy SET provider_message = $2 WHERE outbox_id = $1 RETURNING deleted_ms");
DB_STMT(message_copy_gone, "UPDATE message_copy SET deleted_ms = $4 WHERE message_id = $1 AND channel_id = $2 "
                           "AND chat = $3");

/* A private chat's id is a person's id there: it lies sealed, the same each time so that it can be found. */
static enum pw_err shut(struct ctx *c, struct sv chat, struct sv *ret)
{
    return seal_same(c, "message_copy.chat", chat, ret);
}

enum pw_err copy_insert(struct ctx *c, int64_t message_id, int64_t channel_id, struct sv chat,
                        struct sv provider_message, int64_t outbox_id)
{
    PW_TRY(shut(c, chat, &chat));
    return db_exec(
        c->db, &message_copy_add,
        DB_ARGS(DB_I(message_id), DB_I(channel_id), DB_T(chat), DB_T(provider_message), DB_I_OR_NULL(outbox_id)), NULL);
}

enum pw_err copy_rows(struct ctx *c, int64_t message_id, struct message_copy **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &message_copy_all, DB_ARGS(DB_I(message_id)), &r));
    struct message_copy *v = arena_array(c->arena, struct message_copy, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct message_copy){.message_id = db_int(&r, i, 0),
                                     .channel_id = db_int(&r, i, 1),
                                     .provider_message = db_text(&r, i, 3),
                                     .outbox_id = db_int(&r, i, 4),
                                     .deleted_ms = db_int(&r, i, 5)};
        PW_TRY(unseal_same(c, "message_copy.chat", db_text(&r, i, 2), &v[i].chat));
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err copy_there(struct ctx *c, int64_t message_id, int64_t channel_id, struct sv chat, struct sv *ret)
{
    struct db_rows r;
    PW_TRY(shut(c, chat, &chat));
    enum pw_err e =
        db_one(c->db, c->arena, &message_copy_at, DB_ARGS(DB_I(message_id), DB_I(channel_id), DB_T(chat)), &r);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK ? db_text(&r, 0, 0) : (struct sv){0};
    return PW_OK;
}

enum pw_err copy_find(struct ctx *c, int64_t channel_id, struct sv chat, struct sv provider_message,
                      int64_t *ret_message)
{
    struct db_rows r;
    if (!provider_message.n)
        return PW_NOT_FOUND;
    PW_TRY(shut(c, chat, &chat));
    PW_TRY(
        db_one(c->db, c->arena, &message_copy_from, DB_ARGS(DB_I(channel_id), DB_T(chat), DB_T(provider_message)), &r));
    *ret_message = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err message_on_platform(struct ctx *c, int64_t channel_id, struct sv chat, struct sv provider_message,
                                int64_t *ret_id)
{
    return copy_find(c, channel_id, chat, provider_message, ret_id);
}

enum pw_err copy_set_sent(struct ctx *c, int64_t outbox_id, struct sv provider_message, bool *ret_deleted)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &message_copy_sent, DB_ARGS(DB_I(outbox_id), DB_T(provider_message)), &r));
    *ret_deleted = r.n && db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err copy_set_deleted(struct ctx *c, int64_t message_id, int64_t channel_id, struct sv chat)
{
    PW_TRY(shut(c, chat, &chat));
    return db_exec(c->db, &message_copy_gone, DB_ARGS(DB_I(message_id), DB_I(channel_id), DB_T(chat), DB_I(c->now_ms)),
                   NULL);
}
