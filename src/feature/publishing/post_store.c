/* SPDX-License-Identifier: EUPL-1.2 */
/* Posts, their way on each channel, what they correct. */
#include "publishing_store.h"

#define POST_COLS                                                                                                      \
    "id, community_id, type, state, doc_id, author, source, checked_on, only_lang, only_channel, urgent, starts_ms, "  \
    "expires_ms, delete_there, pinned_until_ms, file_id, file_kind, message_id, from_message, paused, "                \
    "period_from_ms, period_to_ms, created_ms, changed_ms, published_ms, ended_ms"

DB_STMT(post_add, "INSERT INTO post (" POST_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
                  "$14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)");
DB_STMT(post_set, "UPDATE post SET type = $3, state = $4, source = $5, checked_on = $6, only_lang = $7, "
                  "only_channel = $8, urgent = $9, starts_ms = $10, expires_ms = $11, delete_there = $12, "
                  "pinned_until_ms = $13, file_id = $14, file_kind = $15, message_id = $16, paused = $17, "
                  "changed_ms = $18, published_ms = $19, ended_ms = $20 WHERE id = $1 AND state = $2");
DB_STMT(post_one, "SELECT " POST_COLS " FROM post WHERE id = $1");
DB_STMT(post_of_message, "SELECT " POST_COLS " FROM post WHERE message_id = $1");
DB_STMT(post_page, "SELECT " POST_COLS " FROM post WHERE community_id = $1 AND (CAST($2 AS TEXT) = '' OR type = $2) "
                   "AND (CAST($3 AS BIGINT) < 0 OR state = $3) AND (created_ms, id) < ($4, $5) "
                   "ORDER BY created_ms DESC, id DESC LIMIT $6");
DB_STMT(post_page_shown, "SELECT " POST_COLS " FROM post WHERE community_id = $1 AND state IN (2, 3) "
                         "AND (CAST($2 AS TEXT) = '' OR type = $2) AND (published_ms, id) < ($3, $4) "
                         "ORDER BY published_ms DESC, id DESC LIMIT $5");
DB_STMT(post_to_come,
        "SELECT " POST_COLS " FROM post WHERE community_id = $1 AND (state = 1 OR (state IN (2, 3) "
        "AND expires_ms > $2)) ORDER BY CASE state WHEN 1 THEN starts_ms ELSE expires_ms END, id LIMIT $3");
DB_STMT(post_by_type, "SELECT type, count(*), count(*) FILTER (WHERE state IN (2, 3)) FROM post "
                      "WHERE community_id = $1 GROUP BY type ORDER BY type");

enum pw_err post_insert(struct ctx *c, const struct post *p)
{
    return db_exec(c->db, &post_add,
                   DB_ARGS(DB_I(p->id), DB_I(p->community_id), DB_T(p->type), DB_I(p->state), DB_I(p->doc_id),
                           DB_I(p->author), DB_T(p->source), DB_T(p->checked_on), DB_T(p->only_lang),
                           DB_T(p->only_channel), DB_I(p->urgent), DB_I_OR_NULL(p->starts_ms),
                           DB_I_OR_NULL(p->expires_ms), DB_I(p->delete_there), DB_I_OR_NULL(p->pinned_until_ms),
                           DB_I_OR_NULL(p->file_id), DB_I(p->file_kind), DB_I_OR_NULL(p->message_id),
                           DB_I_OR_NULL(p->from_message), DB_I(p->paused), DB_I_OR_NULL(p->period_from_ms),
                           DB_I_OR_NULL(p->period_to_ms), DB_I(p->created_ms), DB_I(p->changed_ms),
                           DB_I_OR_NULL(p->published_ms), DB_I_OR_NULL(p->ended_ms)),
                   NULL);
}

enum pw_err post_save(struct ctx *c, const struct post *p, enum post_state from)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &post_set,
                   DB_ARGS(DB_I(p->id), DB_I(from), DB_T(p->type), DB_I(p->state), DB_T(p->source), DB_T(p->checked_on),
                           DB_T(p->only_lang), DB_T(p->only_channel), DB_I(p->urgent), DB_I_OR_NULL(p->starts_ms),
                           DB_I_OR_NULL(p->expires_ms), DB_I(p->delete_there), DB_I_OR_NULL(p->pinned_until_ms),
                           DB_I_OR_NULL(p->file_id), DB_I(p->file_kind), DB_I_OR_NULL(p->message_id), DB_I(p->paused),
                           DB_I(p->changed_ms), DB_I_OR_NULL(p->published_ms), DB_I_OR_NULL(p->ended_ms)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

static void read_post(const struct db_rows *r, size_t i, struct post *p)
{
    *p = (struct post){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .type = db_text(r, i, 2),
        .state = (enum post_state)db_int(r, i, 3),
        .doc_id = db_int(r, i, 4),
        .author = db_int(r, i, 5),
        .source = db_text(r, i, 6),
        .checked_on = db_text(r, i, 7),
        .only_lang = db_text(r, i, 8),
        .only_channel = db_text(r, i, 9),
        .urgent = db_int(r, i, 10) != 0,
        .starts_ms = db_int(r, i, 11),
        .expires_ms = db_int(r, i, 12),
        .delete_there = db_int(r, i, 13) != 0,
        .pinned_until_ms = db_int(r, i, 14),
        .file_id = db_int(r, i, 15),
        .file_kind = (enum message_kind)db_int(r, i, 16),
        .message_id = db_int(r, i, 17),
        .from_message = db_int(r, i, 18),
        .paused = db_int(r, i, 19) != 0,
        .period_from_ms = db_int(r, i, 20),
        .period_to_ms = db_int(r, i, 21),
        .created_ms = db_int(r, i, 22),
        .changed_ms = db_int(r, i, 23),
        .published_ms = db_int(r, i, 24),
        .ended_ms = db_int(r, i, 25),
    };
}

enum pw_err post_words_of(struct ctx *c, struct post *io)
{
    struct doc_text t;
    struct ctx system = *c; /* whoever may see the post may read its words */
    system.actor = &actor_system;
    enum pw_err e = doc_read(&system, io->doc_id, c->lang, 0, &t);
    if (e == PW_NOT_FOUND)
        return PW_OK; /* nothing written yet */
    PW_TRY(e);
    io->lang = t.lang;
    io->title = t.title;
    io->body = t.body;
    io->out_of_date = t.out_of_date;
    return PW_OK;
}

static enum pw_err one_post(struct ctx *c, const struct db_rows *r, struct post *ret)
{
    struct post p;
    read_post(r, 0, &p);
    PW_TRY(post_words_of(c, &p));
    *ret = p;
    return PW_OK;
}

static enum pw_err many_posts(struct ctx *c, const struct db_rows *r, struct post **ret, size_t *ret_n)
{
    struct post *v = arena_array(c->arena, struct post, r->n ? r->n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r->n; i++) {
        read_post(r, i, &v[i]);
        PW_TRY(post_words_of(c, &v[i]));
    }
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err post_row(struct ctx *c, int64_t id, struct post *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &post_one, DB_ARGS(DB_I(id)), &r));
    return one_post(c, &r, ret);
}

enum pw_err post_by_message(struct ctx *c, int64_t message_id, struct post *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &post_of_message, DB_ARGS(DB_I(message_id)), &r));
    return one_post(c, &r, ret);
}

enum pw_err post_rows_to_come(struct ctx *c, int64_t community_id, int64_t limit, struct post **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &post_to_come, DB_ARGS(DB_I(community_id), DB_I(c->now_ms), DB_I(limit)), &r));
    return many_posts(c, &r, ret, ret_n);
}

enum pw_err post_rows(struct ctx *c, const struct post_filter *f, struct post **ret, size_t *ret_n)
{
    struct db_rows r;
    int64_t before = f->before_ms ? f->before_ms : INT64_MAX, id = f->before_ms ? f->before_id : INT64_MAX;
    PW_TRY(db_query(
        c->db, c->arena, &post_page,
        DB_ARGS(DB_I(f->community_id), DB_T(f->type), DB_I(f->state), DB_I(before), DB_I(id), DB_I(f->limit)), &r));
    return many_posts(c, &r, ret, ret_n);
}

enum pw_err post_rows_shown(struct ctx *c, int64_t community_id, struct sv type, int64_t before_ms, int64_t before_id,
                            int64_t limit, struct post **ret, size_t *ret_n)
{
    struct db_rows r;
    int64_t before = before_ms ? before_ms : INT64_MAX, id = before_ms ? before_id : INT64_MAX;
    PW_TRY(db_query(c->db, c->arena, &post_page_shown,
                    DB_ARGS(DB_I(community_id), DB_T(type), DB_I(before), DB_I(id), DB_I(limit)), &r));
    return many_posts(c, &r, ret, ret_n);
}

enum pw_err post_count_rows(struct ctx *c, int64_t community_id, struct post_count **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &post_by_type, DB_ARGS(DB_I(community_id)), &r));
    struct post_count *v = arena_array(c->arena, struct post_count, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct post_count){db_text(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- how far a post is on each channel ---- */

#define LANE_COLS                                                                                                      \
    "post_id, channel_id, kind, cursor, groups_done, done, alone, in_group, skipped, back, back_state, back_id, "      \
    "mark_post, mark_state, mark_id"
DB_STMT(lane_add, "INSERT INTO broadcast_lane (" LANE_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
                  "$12, $13, $14, $15)");
DB_STMT(lane_set, "UPDATE broadcast_lane SET cursor = $3, groups_done = $4, done = $5, alone = $6, in_group = $7, "
                  "skipped = $8, back = $9, back_state = $10, back_id = $11, mark_post = $12, mark_state = $13, "
                  "mark_id = $14 WHERE post_id = $1 AND channel_id = $2");
DB_STMT(lane_all, "SELECT " LANE_COLS " FROM broadcast_lane WHERE post_id = $1 ORDER BY channel_id");

enum pw_err lane_insert(struct ctx *c, const struct lane *l)
{
    return db_exec(c->db, &lane_add,
                   DB_ARGS(DB_I(l->post_id), DB_I(l->channel_id), DB_T(l->kind), DB_I(l->cursor), DB_I(l->groups_done),
                           DB_I(l->done), DB_I(l->alone), DB_I(l->in_group), DB_I(l->skipped), DB_I(l->back),
                           DB_I(l->back_at.state), DB_I(l->back_at.id), DB_I(l->mark_post), DB_I(l->mark_at.state),
                           DB_I(l->mark_at.id)),
                   NULL);
}

enum pw_err lane_save(struct ctx *c, const struct lane *l)
{
    return db_exec(c->db, &lane_set,
                   DB_ARGS(DB_I(l->post_id), DB_I(l->channel_id), DB_I(l->cursor), DB_I(l->groups_done), DB_I(l->done),
                           DB_I(l->alone), DB_I(l->in_group), DB_I(l->skipped), DB_I(l->back), DB_I(l->back_at.state),
                           DB_I(l->back_at.id), DB_I(l->mark_post), DB_I(l->mark_at.state), DB_I(l->mark_at.id)),
                   NULL);
}

enum pw_err lane_rows(struct ctx *c, int64_t post_id, struct lane **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &lane_all, DB_ARGS(DB_I(post_id)), &r));
    struct lane *v = arena_array(c->arena, struct lane, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct lane){.post_id = db_int(&r, i, 0),
                             .channel_id = db_int(&r, i, 1),
                             .kind = db_text(&r, i, 2),
                             .cursor = db_int(&r, i, 3),
                             .groups_done = db_int(&r, i, 4) != 0,
                             .done = db_int(&r, i, 5) != 0,
                             .alone = db_int(&r, i, 6),
                             .in_group = db_int(&r, i, 7),
                             .skipped = db_int(&r, i, 8),
                             .back = (enum lane_back)db_int(&r, i, 9),
                             .back_at = {.state = db_int(&r, i, 10), .id = db_int(&r, i, 11)},
                             .mark_post = db_int(&r, i, 12),
                             .mark_at = {.state = db_int(&r, i, 13), .id = db_int(&r, i, 14)}};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- corrections (KB-6) ---- */

DB_STMT(correction_add, "INSERT INTO post_correction (post_id, message_id) VALUES ($1, $2) ON CONFLICT DO NOTHING");
DB_STMT(correction_all, "SELECT message_id FROM post_correction WHERE post_id = $1 ORDER BY message_id");
DB_STMT(correction_newest, "SELECT p.id FROM post_correction k JOIN post p ON p.id = k.post_id "
                           "WHERE k.message_id = $1 AND p.state IN (2, 3) ORDER BY k.post_id DESC LIMIT 1");

enum pw_err correction_insert(struct ctx *c, int64_t post_id, int64_t message_id)
{
    return db_exec(c->db, &correction_add, DB_ARGS(DB_I(post_id), DB_I(message_id)), NULL);
}

enum pw_err correction_rows(struct ctx *c, int64_t post_id, int64_t **ret, size_t *ret_n)
{
    return db_ints(c->db, c->arena, &correction_all, DB_ARGS(DB_I(post_id)), ret, ret_n);
}

enum pw_err correction_of(struct ctx *c, int64_t message_id, struct post *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &correction_newest, DB_ARGS(DB_I(message_id)), &r));
    return post_row(c, db_int(&r, 0, 0), ret);
}
