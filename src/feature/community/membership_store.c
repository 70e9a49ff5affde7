/* SPDX-License-Identifier: EUPL-1.2 */
#include "membership_store.h"

#include "base/id.h"
#include "core/vault.h"

/* ---- join requests ---- */

DB_STMT(join_add, "INSERT INTO join_request (id, community_id, person_id, state, lang, guidelines_doc, "
                  "guidelines_version, answers, channel_id, channel_kind, chat, user_chat, provider_user, source, "
                  "asked_ms) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");

#define JOIN_COLS                                                                                                      \
    "id, community_id, person_id, state, lang, guidelines_doc, guidelines_version, answers, channel_id, "              \
    "channel_kind, chat, user_chat, provider_user, source, asked_ms, decided_ms, decided_by, reason"

DB_STMT(join_one, "SELECT " JOIN_COLS " FROM join_request WHERE id = $1");
DB_STMT(join_last, "SELECT " JOIN_COLS " FROM join_request WHERE person_id = $2 AND community_id = $1 "
                   "ORDER BY id DESC LIMIT 1");
DB_STMT(join_all_pending, "SELECT " JOIN_COLS " FROM join_request WHERE community_id = $1 AND state = 0 "
                          "AND (asked_ms, id) > ($2, $3) ORDER BY asked_ms, id LIMIT $4");
DB_STMT(join_all_of_person, "SELECT " JOIN_COLS " FROM join_request WHERE person_id = $1 ORDER BY id DESC");
DB_STMT(join_pending_person, "SELECT id FROM join_request WHERE community_id = $1 AND person_id = $2 AND state = 0");
DB_STMT(join_pending_count, "SELECT count(*) FROM join_request WHERE community_id = $1 AND state = 0");
DB_STMT(join_by_source, "SELECT source, count(*), count(*) FILTER (WHERE state = 1) FROM join_request "
                        "WHERE community_id = $1 GROUP BY source ORDER BY 2 DESC, source LIMIT 200");
DB_STMT(join_set, "UPDATE join_request SET state = $2, decided_ms = $3, decided_by = $4, reason = $5 "
                  "WHERE id = $1 AND state = 0");

/* Who the applicant is on the platform lies sealed. */
static enum pw_err shut(struct ctx *c, struct sv id, struct sv *ret)
{
    return seal_same(c, "join_request.provider", id, ret);
}

static enum pw_err reveal(struct ctx *c, struct sv text, struct sv *ret)
{
    return unseal_same(c, "join_request.provider", text, ret);
}

enum pw_err join_insert(struct ctx *c, const struct join_row *j)
{
    struct sv user_chat, provider_user;
    PW_TRY(shut(c, j->user_chat, &user_chat));
    PW_TRY(shut(c, j->provider_user, &provider_user));
    return db_exec(c->db, &join_add,
                   DB_ARGS(DB_I(j->r.id), DB_I(j->r.community_id), DB_I(j->r.person_id), DB_T(j->r.lang),
                           DB_I(j->guidelines_doc), DB_I(j->r.guidelines_version),
                           j->answers.n ? DB_B(j->answers) : DB_N, DB_I_OR_NULL(j->channel_id), DB_T(j->r.channel_kind),
                           DB_T(j->chat), DB_T(user_chat), DB_T(provider_user), DB_T(j->r.source), DB_I(j->r.asked_ms)),
                   NULL);
}

static enum pw_err read_join(struct ctx *c, const struct db_rows *r, size_t i, struct join_row *j)
{
    *j = (struct join_row){
        .r = {.id = db_int(r, i, 0),
              .community_id = db_int(r, i, 1),
              .person_id = db_int(r, i, 2),
              .state = (enum join_state)db_int(r, i, 3),
              .lang = db_text(r, i, 4),
              .guidelines_version = db_int(r, i, 6),
              .channel_kind = db_text(r, i, 9),
              .source = db_text(r, i, 13),
              .asked_ms = db_int(r, i, 14),
              .decided_ms = db_int(r, i, 15),
              .decided_by = db_int(r, i, 16),
              .reason = db_text(r, i, 17)},
        .guidelines_doc = db_int(r, i, 5),
        .answers = db_text(r, i, 7),
        .channel_id = db_int(r, i, 8),
        .chat = db_text(r, i, 10),
    };
    PW_TRY(reveal(c, db_text(r, i, 11), &j->user_chat));
    return reveal(c, db_text(r, i, 12), &j->provider_user);
}

static enum pw_err read_joins(struct ctx *c, const struct db_rows *r, struct join_request **ret, size_t *ret_n)
{
    struct join_request *v = arena_array(c->arena, struct join_request, r->n ? r->n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r->n; i++) {
        struct join_row j;
        PW_TRY(read_join(c, r, i, &j));
        v[i] = j.r;
    }
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err join_row(struct ctx *c, int64_t id, struct join_row *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &join_one, DB_ARGS(DB_I(id)), &r));
    return read_join(c, &r, 0, ret);
}

enum pw_err join_last_of(struct ctx *c, int64_t community_id, int64_t person_id, struct join_row *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &join_last, DB_ARGS(DB_I(community_id), DB_I(person_id)), &r));
    return read_join(c, &r, 0, ret);
}

enum pw_err join_rows_pending(struct ctx *c, int64_t community_id, int64_t after_ms, int64_t after_id, int64_t limit,
                              struct join_request **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &join_all_pending,
                    DB_ARGS(DB_I(community_id), DB_I(after_ms), DB_I(after_id), DB_I(limit)), &r));
    return read_joins(c, &r, ret, ret_n);
}

enum pw_err join_rows_of(struct ctx *c, int64_t person_id, struct join_request **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &join_all_of_person, DB_ARGS(DB_I(person_id)), &r));
    return read_joins(c, &r, ret, ret_n);
}

enum pw_err join_pending_of(struct ctx *c, int64_t community_id, int64_t person_id, int64_t *ret_id)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &join_pending_person, DB_ARGS(DB_I(community_id), DB_I(person_id)), &r));
    *ret_id = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err join_count_pending(struct ctx *c, int64_t community_id, int64_t *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &join_pending_count, DB_ARGS(DB_I(community_id)), &r));
    *ret = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err join_decide(struct ctx *c, int64_t id, enum join_state to, struct sv reason)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &join_set,
                   DB_ARGS(DB_I(id), DB_I(to), DB_I(c->now_ms), DB_I_OR_NULL(c->actor->person_id), DB_T(reason)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT; /* the WHERE clause is the lock */
}

/* ---- memberships ---- */

#define MEMBERSHIP_COLS                                                                                                \
    "id, community_id, person_id, state, lang, source, channel_id, channel_kind, guidelines_version, accepted_ms, "    \
    "joined_ms, ended_ms, end_reason, welcome_message, welcome_version, asked_version, asked_ms"

DB_STMT(membership_one, "SELECT " MEMBERSHIP_COLS " FROM membership WHERE community_id = $1 AND person_id = $2");
DB_STMT(membership_page, "SELECT " MEMBERSHIP_COLS " FROM membership WHERE community_id = $1 AND state = $2 "
                         "AND (accepted_ms, id) > ($3, $4) ORDER BY accepted_ms, id LIMIT $5");
DB_STMT(membership_person_all, "SELECT " MEMBERSHIP_COLS " FROM membership WHERE person_id = $1 AND state IN (1, 2) "
                               "ORDER BY community_id");
DB_STMT(membership_person_ever,
        "SELECT " MEMBERSHIP_COLS " FROM membership WHERE person_id = $1 ORDER BY accepted_ms DESC, id DESC");
DB_STMT(membership_write,
        "INSERT INTO membership (id, community_id, person_id, state, lang, source, channel_id, channel_kind, "
        "guidelines_version, accepted_ms, joined_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
        "ON CONFLICT (community_id, person_id) DO UPDATE SET state = excluded.state, lang = excluded.lang, "
        "source = excluded.source, channel_id = excluded.channel_id, channel_kind = excluded.channel_kind, "
        "guidelines_version = excluded.guidelines_version, accepted_ms = excluded.accepted_ms, "
        "joined_ms = excluded.joined_ms, ended_ms = NULL, end_reason = '', posts_stopped_ms = NULL, asked_version = 0, "
        "asked_ms = NULL");
DB_STMT(membership_enter, "UPDATE membership SET state = 2, joined_ms = $2 WHERE id = $1 AND state = 1");
DB_STMT(membership_end,
        "UPDATE membership SET state = $3, ended_ms = $4, end_reason = $5 WHERE id = $1 AND state = $2");
DB_STMT(membership_moved, "UPDATE membership SET channel_id = $3, channel_kind = $4 WHERE community_id = $1 "
                          "AND person_id = $2");
DB_STMT(spell_begin, "INSERT INTO membership_spell (id, membership_id, community_id, lang, channel_kind, joined_ms) "
                     "SELECT $1, id, community_id, lang, channel_kind, joined_ms FROM membership WHERE id = $2 "
                     "ON CONFLICT DO NOTHING");
DB_STMT(spell_end, "UPDATE membership_spell SET ended_ms = $2, end_state = $3, end_reason = $4 "
                   "WHERE membership_id = $1 AND ended_ms IS NULL");
DB_STMT(membership_welcomed, "UPDATE membership SET welcome_message = $2, welcome_version = $3 WHERE id = $1");
DB_STMT(membership_notice, "UPDATE membership SET hours_notice_ms = $2 WHERE id = $1 "
                           "AND (hours_notice_ms IS NULL OR hours_notice_ms < $2)");

static void read_membership(const struct db_rows *r, size_t i, struct membership *m)
{
    *m = (struct membership){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .person_id = db_int(r, i, 2),
        .state = (enum membership_state)db_int(r, i, 3),
        .lang = db_text(r, i, 4),
        .source = db_text(r, i, 5),
        .channel_id = db_int(r, i, 6),
        .channel_kind = db_text(r, i, 7),
        .guidelines_version = db_int(r, i, 8),
        .accepted_ms = db_int(r, i, 9),
        .joined_ms = db_int(r, i, 10),
        .ended_ms = db_int(r, i, 11),
        .end_reason = db_text(r, i, 12),
        .welcome_message = db_int(r, i, 13),
        .welcome_version = db_int(r, i, 14),
        .asked_version = db_int(r, i, 15),
        .asked_ms = db_int(r, i, 16),
    };
}

static enum pw_err many(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n_args,
                        struct membership **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, args, n_args, &r));
    struct membership *v = arena_array(c->arena, struct membership, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        read_membership(&r, i, &v[i]);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err membership_row(struct ctx *c, int64_t community_id, int64_t person_id, struct membership *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &membership_one, DB_ARGS(DB_I(community_id), DB_I(person_id)), &r));
    read_membership(&r, 0, ret);
    return PW_OK;
}

enum pw_err membership_rows(struct ctx *c, int64_t community_id, enum membership_state state, int64_t after_ms,
                            int64_t after_id, int64_t limit, struct membership **ret, size_t *ret_n)
{
    return many(c, &membership_page,
                DB_ARGS(DB_I(community_id), DB_I(state), DB_I(after_ms), DB_I(after_id), DB_I(limit)), ret, ret_n);
}

enum pw_err membership_rows_of(struct ctx *c, int64_t person_id, struct membership **ret, size_t *ret_n)
{
    return many(c, &membership_person_all, DB_ARGS(DB_I(person_id)), ret, ret_n);
}

enum pw_err membership_rows_ever(struct ctx *c, int64_t person_id, struct membership **ret, size_t *ret_n)
{
    return many(c, &membership_person_ever, DB_ARGS(DB_I(person_id)), ret, ret_n);
}

static enum pw_err begin_spell(struct ctx *c, int64_t membership_id)
{
    return db_exec(c->db, &spell_begin, DB_ARGS(DB_I(id_new()), DB_I(membership_id)), NULL);
}

enum pw_err membership_put(struct ctx *c, const struct membership *m)
{
    PW_TRY(db_exec(c->db, &membership_write,
                   DB_ARGS(DB_I(m->id), DB_I(m->community_id), DB_I(m->person_id), DB_I(m->state), DB_T(m->lang),
                           DB_T(m->source), DB_I_OR_NULL(m->channel_id), DB_T(m->channel_kind),
                           DB_I(m->guidelines_version), DB_I(m->accepted_ms), DB_I_OR_NULL(m->joined_ms)),
                   NULL));
    return m->state == MEMBER_ACTIVE ? begin_spell(c, m->id) : PW_OK;
}

enum pw_err membership_admit_row(struct ctx *c, int64_t id, int64_t joined_ms)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &membership_enter, DB_ARGS(DB_I(id), DB_I(joined_ms)), &changed));
    return changed ? begin_spell(c, id) : PW_CONFLICT;
}

enum pw_err membership_end_row(struct ctx *c, int64_t id, enum membership_state from, enum membership_state to,
                               struct sv reason)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &membership_end, DB_ARGS(DB_I(id), DB_I(from), DB_I(to), DB_I(c->now_ms), DB_T(reason)),
                   &changed));
    if (!changed)
        return PW_CONFLICT;
    return from == MEMBER_ACTIVE
               ? db_exec(c->db, &spell_end, DB_ARGS(DB_I(id), DB_I(c->now_ms), DB_I(to), DB_T(reason)), NULL)
               : PW_OK;
}

DB_STMT(membership_no_posts, "UPDATE membership SET posts_stopped_ms = $2 WHERE id = $1");
DB_STMT(membership_posts, "SELECT posts_stopped_ms FROM membership WHERE id = $1");

enum pw_err membership_stop_posts(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &membership_no_posts, DB_ARGS(DB_I(id), DB_I(c->now_ms)), NULL);
}

enum pw_err membership_wants_posts(struct ctx *c, int64_t id, bool *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &membership_posts, DB_ARGS(DB_I(id)), &r));
    *ret = db_is_null(&r, 0, 0);
    return PW_OK;
}

enum pw_err membership_set_welcome(struct ctx *c, int64_t id, int64_t message_id, int64_t version)
{
    return db_exec(c->db, &membership_welcomed, DB_ARGS(DB_I(id), DB_I(message_id), DB_I(version)), NULL);
}

enum pw_err membership_take_hours_notice(struct ctx *c, int64_t id, int64_t opens_ms, bool *ret_first)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &membership_notice, DB_ARGS(DB_I(id), DB_I(opens_ms)), &changed));
    *ret_first = changed == 1;
    return PW_OK;
}

enum pw_err membership_set_channel(struct ctx *c, int64_t community_id, int64_t person_id, int64_t channel_id,
                                   struct sv kind)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &membership_moved,
                   DB_ARGS(DB_I(community_id), DB_I(person_id), DB_I_OR_NULL(channel_id), DB_T(kind)), &changed));
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err join_sources(struct ctx *c, int64_t community_id, struct join_source **ret, size_t *ret_n)
{
    struct community com;
    struct db_rows r;
    PW_TRY(community_get(c, community_id, &com));
    if (!community_may_moderate(c, &com) && !community_may_admin(c, &com))
        return PW_NOT_FOUND;
    PW_TRY(db_query(c->db, c->arena, &join_by_source, DB_ARGS(DB_I(community_id)), &r));
    struct join_source *v = arena_array(c->arena, struct join_source, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct join_source){db_text(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 2)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
