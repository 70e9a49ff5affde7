/* SPDX-License-Identifier: EUPL-1.2 */
/* Where a community lives (its channels and chats), and the questions it asks at the door. */
#include "community_store.h"
#include "feature/community/community_kit.h"

/* ---- channels ---- */

#define PLACE_COLS "id, community_id, channel_id, member_limit, since_ms, kind, chat, limit_source, topic"

DB_STMT(community_channel_add,
        "INSERT INTO community_channel (" PLACE_COLS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
DB_STMT(community_channel_drop, "DELETE FROM community_channel WHERE id = $1");
DB_STMT(community_channel_one, "SELECT " PLACE_COLS " FROM community_channel WHERE id = $1");
DB_STMT(community_channel_all, "SELECT " PLACE_COLS " FROM community_channel WHERE community_id = $1 "
                               "ORDER BY channel_id, id");
DB_STMT(community_channel_chat, "SELECT " PLACE_COLS " FROM community_channel WHERE channel_id = $1 AND chat = $2");
DB_STMT(community_channel_users, "SELECT " PLACE_COLS " FROM community_channel WHERE channel_id = $1 ORDER BY chat");
DB_STMT(community_channel_about, "UPDATE community_channel SET topic = $2 WHERE id = $1");
DB_STMT(community_channel_move, "UPDATE community_channel SET chat = $2 WHERE id = $1");

static void read_place(const struct db_rows *r, size_t i, struct community_channel *p)
{
    *p = (struct community_channel){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .channel_id = db_int(r, i, 2),
        .member_limit = db_int(r, i, 3),
        .since_ms = db_int(r, i, 4),
        .kind = db_text(r, i, 5),
        .chat = db_text(r, i, 6),
        .limit_source = db_text(r, i, 7),
        .topic = db_text(r, i, 8),
    };
}

static enum pw_err many_places(struct ctx *c, const struct db_stmt *st, int64_t id, struct community_channel **ret,
                               size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, DB_ARGS(DB_I(id)), &r));
    struct community_channel *v = arena_array(c->arena, struct community_channel, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        read_place(&r, i, &v[i]);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

DB_STMT(place_room,
        "SELECT p.member_limit, (SELECT COUNT(*) FROM membership m WHERE m.community_id = p.community_id AND "
        "m.channel_id = p.channel_id AND m.state = 2) FROM community_channel p "
        "WHERE p.community_id = $1 AND p.channel_id = $2 AND p.chat <> '' AND p.member_limit > 0");
DB_STMT(place_limit, "UPDATE community_channel SET member_limit = $2, limit_source = $3 WHERE id = $1");

/* Groups of one channel share its members: there is room while one of them has room. */
enum pw_err place_has_room(struct ctx *c, int64_t community_id, int64_t channel_id, bool *ret_room)
{
    struct db_rows r;
    int64_t limit = 0;
    PW_TRY(db_query(c->db, c->arena, &place_room, DB_ARGS(DB_I(community_id), DB_I(channel_id)), &r));
    for (size_t i = 0; i < r.n; i++)
        limit += db_int(&r, i, 0);
    *ret_room = r.n == 0 || db_int(&r, 0, 1) < limit;
    return PW_OK;
}

enum pw_err place_set_limit(struct ctx *c, int64_t id, int64_t limit, struct sv source)
{
    return db_exec(c->db, &place_limit, DB_ARGS(DB_I(id), DB_I(limit), DB_T(source)), NULL);
}

enum pw_err place_insert(struct ctx *c, const struct community_channel *p)
{
    return db_exec(c->db, &community_channel_add,
                   DB_ARGS(DB_I(p->id), DB_I(p->community_id), DB_I(p->channel_id), DB_I(p->member_limit),
                           DB_I(p->since_ms), DB_T(p->kind), DB_T(p->chat), DB_T(p->limit_source), DB_T(p->topic)),
                   NULL);
}

enum pw_err place_delete(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &community_channel_drop, DB_ARGS(DB_I(id)), NULL);
}

enum pw_err place_row(struct ctx *c, int64_t id, struct community_channel *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &community_channel_one, DB_ARGS(DB_I(id)), &r));
    read_place(&r, 0, ret);
    return PW_OK;
}

enum pw_err place_rows(struct ctx *c, int64_t community_id, struct community_channel **ret, size_t *ret_n)
{
    return many_places(c, &community_channel_all, community_id, ret, ret_n);
}

enum pw_err place_rows_of_channel(struct ctx *c, int64_t channel_id, struct community_channel **ret, size_t *ret_n)
{
    return many_places(c, &community_channel_users, channel_id, ret, ret_n);
}

enum pw_err place_by_chat(struct ctx *c, int64_t channel_id, struct sv chat, struct community_channel *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &community_channel_chat, DB_ARGS(DB_I(channel_id), DB_T(chat)), &r));
    read_place(&r, 0, ret);
    return PW_OK;
}

enum pw_err place_set_topic(struct ctx *c, int64_t id, struct sv topic)
{
    return db_exec(c->db, &community_channel_about, DB_ARGS(DB_I(id), DB_T(topic)), NULL);
}

enum pw_err place_set_chat(struct ctx *c, int64_t id, struct sv chat)
{
    return db_exec(c->db, &community_channel_move, DB_ARGS(DB_I(id), DB_T(chat)), NULL);
}

DB_STMT(community_channel_open, "SELECT p.community_id, MIN(p.id) AS first FROM community_channel p "
                                "JOIN community x ON x.id = p.community_id WHERE p.channel_id = $1 AND x.status <> 5 "
                                "GROUP BY p.community_id ORDER BY first");

enum pw_err communities_of_channel(struct ctx *c, int64_t channel_id, int64_t **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &community_channel_open, DB_ARGS(DB_I(channel_id)), &r));
    int64_t *v = arena_array(c->arena, int64_t, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = db_int(&r, i, 0);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- questions at the door (MSG-6) ---- */

DB_STMT(screening_all, "SELECT q.id, q.position, q.required, t.text, t.lang FROM screening_question q "
                       "LEFT JOIN screening_text t ON t.question_id = q.id "
                       "WHERE q.community_id = $1 AND q.retired_ms IS NULL ORDER BY q.position, q.id, t.lang");
DB_STMT(screening_owner, "SELECT community_id FROM screening_question WHERE id = $1");
DB_STMT(screening_put, "INSERT INTO screening_question (id, community_id, position, required) VALUES ($1, $2, $3, $4) "
                       "ON CONFLICT (id) DO UPDATE SET position = excluded.position, required = excluded.required");
DB_STMT(screening_put_text, "INSERT INTO screening_text (question_id, lang, text) VALUES ($1, $2, $3) "
                            "ON CONFLICT (question_id, lang) DO UPDATE SET text = excluded.text");
DB_STMT(screening_end, "UPDATE screening_question SET retired_ms = $2 WHERE id = $1 AND retired_ms IS NULL");
DB_STMT(screening_words, "SELECT lang, text FROM screening_text WHERE question_id = $1 ORDER BY lang");

enum pw_err screening_rows(struct ctx *c, int64_t community_id, struct sv lang, struct sv main_lang,
                           struct screening **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &screening_all, DB_ARGS(DB_I(community_id)), &r));
    struct screening *v = arena_array(c->arena, struct screening, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    size_t n = 0;
    int best = 0; /* how well the text at hand fits: 1 any, 2 main language, 3 the reader's */
    for (size_t i = 0; i < r.n; i++) {
        int64_t id = db_int(&r, i, 0);
        if (!n || v[n - 1].id != id) {
            v[n++] = (struct screening){id, db_int(&r, i, 1), db_int(&r, i, 2) != 0, {0}};
            best = 0;
        }
        struct sv have = db_text(&r, i, 4);
        int fit = sv_eq(have, lang) ? 3 : sv_eq(have, main_lang) ? 2 : 1;
        if (fit > best) {
            best = fit;
            v[n - 1].text = db_text(&r, i, 3);
        }
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err screening_community(struct ctx *c, int64_t id, int64_t *ret_community)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &screening_owner, DB_ARGS(DB_I(id)), &r));
    *ret_community = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err screening_save(struct ctx *c, int64_t community_id, int64_t id, int64_t position, bool required)
{
    return db_exec(c->db, &screening_put, DB_ARGS(DB_I(id), DB_I(community_id), DB_I(position), DB_I(required)), NULL);
}

enum pw_err screening_save_text(struct ctx *c, int64_t id, struct sv lang, struct sv text)
{
    return db_exec(c->db, &screening_put_text, DB_ARGS(DB_I(id), DB_T(lang), DB_T(text)), NULL);
}

enum pw_err screening_save_retired(struct ctx *c, int64_t id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &screening_end, DB_ARGS(DB_I(id), DB_I(c->now_ms)), &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

enum pw_err screening_text_of(struct ctx *c, int64_t id, struct sv lang, struct sv main_lang, struct sv *ret)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &screening_words, DB_ARGS(DB_I(id)), &r));
    struct sv best = {0};
    int fit = 0;
    for (size_t i = 0; i < r.n; i++) {
        int f = sv_eq(db_text(&r, i, 0), lang) ? 3 : sv_eq(db_text(&r, i, 0), main_lang) ? 2 : 1;
        if (f > fit) {
            fit = f;
            best = db_text(&r, i, 1);
        }
    }
    *ret = best;
    return PW_OK;
}
