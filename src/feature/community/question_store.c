/* SPDX-License-Identifier: EUPL-1.2 */
#include "question_store.h"

#include <string.h>

#include "core/people.h"
#include "feature/community/message_store.h"

#define QUESTION_COLS                                                                                                  \
    "id, community_id, message_id, author, thread_id, was_public, topic, lang, channel_kind, state, rank, sort_ms, "   \
    "urgent, assigned_to, assigned_ms, referred_org, received_ms, start_ms, warn_ms, due_ms, interim_ms, held_ms, "    \
    "answered_ms, answered_in_time, closed_ms, close_reason, pending_answers, answers, kb_entry"

static void read_question(const struct db_rows *r, size_t i, struct question *q)
{
    *q = (struct question){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .message_id = db_int(r, i, 2),
        .author = db_int(r, i, 3),
        .thread_id = db_int(r, i, 4),
        .was_public = db_int(r, i, 5) != 0,
        .topic = db_text(r, i, 6),
        .lang = db_text(r, i, 7),
        .channel_kind = db_text(r, i, 8),
        .state = (enum question_state)db_int(r, i, 9),
        .rank = (enum question_rank)db_int(r, i, 10),
        .sort_ms = db_int(r, i, 11),
        .urgent = db_int(r, i, 12) != 0,
        .assigned_to = db_int(r, i, 13),
        .assigned_ms = db_int(r, i, 14),
        .referred_org = db_int(r, i, 15),
        .received_ms = db_int(r, i, 16),
        .start_ms = db_int(r, i, 17),
        .warn_ms = db_int(r, i, 18),
        .due_ms = db_int(r, i, 19),
        .interim_ms = db_int(r, i, 20),
        .held_ms = db_int(r, i, 21),
        .answered_ms = db_int(r, i, 22),
        .in_time = db_int(r, i, 23) != 0,
        .closed_ms = db_int(r, i, 24),
        .close_reason = db_text(r, i, 25),
        .pending_answers = db_int(r, i, 26),
        .answers = db_int(r, i, 27),
        .kb_entry = db_int(r, i, 28),
    };
    q->open = question_is_open(q->state);
}

static enum pw_err many(struct ctx *c, const struct db_stmt *st, const struct db_val *args, size_t n_args,
                        struct question **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, args, n_args, &r));
    struct question *v = arena_array(c->arena, struct question, r.n ? r.n : 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        read_question(&r, i, &v[i]);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

static enum pw_err one(struct ctx *c, const struct db_stmt *st, int64_t id, struct question *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, st, DB_ARGS(DB_I(id)), &r));
    read_question(&r, 0, ret);
    return PW_OK;
}

/* ---- one ---- */

DB_STMT(question_add,
        "INSERT INTO question (id, community_id, message_id, author, thread_id, topic, lang, channel_kind, state, "
        "is_open, rank, sort_ms, urgent, received_ms, start_ms, warn_ms, due_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, "
        "$8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
DB_STMT(question_one, "SELECT " QUESTION_COLS " FROM question WHERE id = $1");
DB_STMT(question_hold, "UPDATE question SET urgent = urgent WHERE id = $1");
DB_STMT(question_of_message, "SELECT " QUESTION_COLS " FROM question WHERE message_id = $1");
DB_STMT(question_of_thread, "SELECT " QUESTION_COLS " FROM question WHERE thread_id = $1 "
                            "ORDER BY received_ms DESC LIMIT 1");
DB_STMT(question_set,
        "UPDATE question SET state = $3, is_open = $4, rank = $5, sort_ms = $6, urgent = $7, assigned_to = $8, "
        "assigned_ms = $9, referred_org = $10, interim_ms = $11, held_ms = $12, answered_ms = $13, "
        "answered_in_time = $14, closed_ms = $15, close_reason = $16, kb_entry = $17, thread_id = $18, "
        "was_public = $19, topic = $20 WHERE id = $1 AND state = $2");
DB_STMT(question_set_rank, "UPDATE question SET rank = $2 WHERE id = $1 AND is_open = 1");
DB_STMT(question_set_pending, "UPDATE question SET pending_answers = pending_answers + $2, answers = answers + $3 "
                              "WHERE id = $1");
DB_STMT(question_set_times, "UPDATE question SET start_ms = $2, warn_ms = $3, due_ms = $4, rank = $5, sort_ms = $6 "
                            "WHERE id = $1 AND is_open = 1");

enum pw_err question_insert(struct ctx *c, const struct question *q)
{
    return db_exec(c->db, &question_add,
                   DB_ARGS(DB_I(q->id), DB_I(q->community_id), DB_I(q->message_id), DB_I(q->author),
                           DB_I_OR_NULL(q->thread_id), DB_T(q->topic), DB_T(q->lang), DB_T(q->channel_kind),
                           DB_I(q->state), DB_I(question_is_open(q->state)), DB_I(q->rank), DB_I(q->sort_ms),
                           DB_I(q->urgent), DB_I(q->received_ms), DB_I(q->start_ms), DB_I_OR_NULL(q->warn_ms),
                           DB_I_OR_NULL(q->due_ms)),
                   NULL);
}

enum pw_err question_row(struct ctx *c, int64_t id, struct question *ret)
{
    return one(c, &question_one, id, ret);
}

enum pw_err question_row_held(struct ctx *c, int64_t id, struct question *ret)
{
    if (!db_is_read_only(c->db))
        PW_TRY(db_exec(c->db, &question_hold, DB_ARGS(DB_I(id)), NULL));
    return question_row(c, id, ret);
}

enum pw_err question_row_of_message(struct ctx *c, int64_t message_id, struct question *ret)
{
    return one(c, &question_of_message, message_id, ret);
}

enum pw_err question_last_of_thread(struct ctx *c, int64_t thread_id, struct question *ret)
{
    return one(c, &question_of_thread, thread_id, ret);
}

enum pw_err question_save(struct ctx *c, struct question *q, enum question_state from)
{
    q->open = question_is_open(q->state);
    if (!q->open)
        q->rank = RANK_NORMAL;
    int64_t changed = 0;
    struct db_val in_time = q->answered_ms && q->due_ms ? DB_I(q->in_time) : DB_N;
    PW_TRY(db_exec(c->db, &question_set,
                   DB_ARGS(DB_I(q->id), DB_I(from), DB_I(q->state), DB_I(q->open), DB_I(q->rank), DB_I(q->sort_ms),
                           DB_I(q->urgent), DB_I_OR_NULL(q->assigned_to), DB_I_OR_NULL(q->assigned_ms),
                           DB_I_OR_NULL(q->referred_org), DB_I_OR_NULL(q->interim_ms), DB_I_OR_NULL(q->held_ms),
                           DB_I_OR_NULL(q->answered_ms), in_time, DB_I_OR_NULL(q->closed_ms), DB_T(q->close_reason),
                           DB_I_OR_NULL(q->kb_entry), DB_I_OR_NULL(q->thread_id), DB_I(q->was_public), DB_T(q->topic)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

enum pw_err question_save_rank(struct ctx *c, int64_t id, enum question_rank rank)
{
    return db_exec(c->db, &question_set_rank, DB_ARGS(DB_I(id), DB_I(rank)), NULL);
}

enum pw_err question_save_pending(struct ctx *c, int64_t id, int64_t pending_delta, int64_t answers_delta)
{
    return db_exec(c->db, &question_set_pending, DB_ARGS(DB_I(id), DB_I(pending_delta), DB_I(answers_delta)), NULL);
}

enum pw_err question_save_times(struct ctx *c, const struct question *q)
{
    return db_exec(c->db, &question_set_times,
                   DB_ARGS(DB_I(q->id), DB_I(q->start_ms), DB_I_OR_NULL(q->warn_ms), DB_I_OR_NULL(q->due_ms),
                           DB_I(q->rank), DB_I(q->sort_ms)),
                   NULL);
}

/* ---- lists: each answers from an index of open questions, so that old ones cost nothing ---- */

/* An empty filter text matches all. $1 community or person, $2-$4 cursor, $5 limit, $6 lang, $7 topic, $8 unassigned
 * only, $9 highest rank number wanted (0 = overdue only), $10 state (-1 = all), $11 community (0 = all). */
#define OPEN_FILTER                                                                                                    \
    " AND is_open = 1 AND (rank, sort_ms, id) > ($2, $3, $4) AND (CAST($6 AS TEXT) = '' OR lang = $6) "                \
    "AND (CAST($7 AS TEXT) = '' OR topic = $7) AND ($8 = 0 OR assigned_to IS NULL) AND rank <= $9 "                    \
    "AND (state = $10 OR $10 < 0) AND (community_id = $11 OR $11 = 0) "                                                \
    "ORDER BY rank, sort_ms, id LIMIT $5"

DB_STMT(question_open_community, "SELECT " QUESTION_COLS " FROM question WHERE community_id = $1" OPEN_FILTER);
DB_STMT(question_open_mine, "SELECT " QUESTION_COLS " FROM question WHERE assigned_to = $1" OPEN_FILTER);
DB_STMT(question_with_state, "SELECT " QUESTION_COLS " FROM question WHERE community_id = $1 AND state = $2 "
                             "AND (received_ms, id) < ($3, $4) AND (CAST($6 AS TEXT) = '' OR lang = $6) "
                             "AND (CAST($7 AS TEXT) = '' OR topic = $7) ORDER BY received_ms DESC, id DESC LIMIT $5");
DB_STMT(question_unverified, "SELECT " QUESTION_COLS " FROM question WHERE community_id = $1 "
                             "AND pending_answers > 0 AND (received_ms, id) < ($2, $3) "
                             "ORDER BY received_ms DESC, id DESC LIMIT $4");
DB_STMT(question_by_author, "SELECT " QUESTION_COLS " FROM question WHERE author = $1 AND community_id = $2 "
                            "ORDER BY received_ms DESC LIMIT $3");
DB_STMT(question_shown_answered, "SELECT " QUESTION_COLS " FROM question WHERE community_id = $1 "
                                 "AND answered_ms < $2 AND thread_id IS NULL AND state IN (3, 4, 6) "
                                 "AND answers > 0 ORDER BY answered_ms DESC LIMIT $3");
DB_STMT(question_open_all, "SELECT " QUESTION_COLS " FROM question WHERE community_id = $1 AND is_open = 1 "
                           "ORDER BY rank, sort_ms, id");

enum pw_err question_rows_open(struct ctx *c, const struct question_page *p, struct question **ret, size_t *ret_n)
{
    bool first = !p->after_id;
    const struct db_val args[] = {DB_I(p->mine ? p->mine : p->community_id),
                                  DB_I(first ? -1 : p->after_rank),
                                  DB_I(p->after_sort),
                                  DB_I(p->after_id),
                                  DB_I(p->limit),
                                  DB_T(p->lang),
                                  DB_T(p->topic),
                                  DB_I(p->unassigned),
                                  DB_I(p->overdue ? RANK_OVERDUE : RANK_NORMAL),
                                  DB_I(p->any_state ? INT64_C(-1) : (int64_t)p->state),
                                  DB_I(p->community_id)};
    return many(c, p->mine ? &question_open_mine : &question_open_community, args, sizeof args / sizeof *args, ret,
                ret_n);
}

enum pw_err question_rows_state(struct ctx *c, const struct question_page *p, enum question_state s,
                                struct question **ret, size_t *ret_n)
{
    bool first = !p->after_id;
    return many(c, &question_with_state,
                DB_ARGS(DB_I(p->community_id), DB_I(s), DB_I(first ? INT64_MAX : p->after_sort),
                        DB_I(first ? INT64_MAX : p->after_id), DB_I(p->limit), DB_T(p->lang), DB_T(p->topic)),
                ret, ret_n);
}

enum pw_err question_rows_unchecked(struct ctx *c, const struct question_page *p, struct question **ret, size_t *ret_n)
{
    bool first = !p->after_id;
    return many(c, &question_unverified,
                DB_ARGS(DB_I(p->community_id), DB_I(first ? INT64_MAX : p->after_sort),
                        DB_I(first ? INT64_MAX : p->after_id), DB_I(p->limit)),
                ret, ret_n);
}

enum pw_err question_rows_author(struct ctx *c, int64_t community_id, int64_t person_id, int64_t limit,
                                 struct question **ret, size_t *ret_n)
{
    return many(c, &question_by_author, DB_ARGS(DB_I(person_id), DB_I(community_id), DB_I(limit)), ret, ret_n);
}

enum pw_err question_rows_answered_public(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t limit,
                                          struct question **ret, size_t *ret_n)
{
    return many(c, &question_shown_answered,
                DB_ARGS(DB_I(community_id), DB_I(before_ms ? before_ms : INT64_MAX), DB_I(limit)), ret, ret_n);
}

enum pw_err question_rows_all_open(struct ctx *c, int64_t community_id, struct question **ret, size_t *ret_n)
{
    return many(c, &question_open_all, DB_ARGS(DB_I(community_id)), ret, ret_n);
}

DB_STMT(question_count_open, "SELECT count(*), count(*) FILTER (WHERE rank = 0), count(*) FILTER (WHERE rank = 1), "
                             "count(*) FILTER (WHERE assigned_to = $2), count(*) FILTER (WHERE assigned_to IS NULL) "
                             "FROM question WHERE community_id = $1 AND is_open = 1");
DB_STMT(question_count_given, "SELECT count(*), count(*) FILTER (WHERE rank = 0), count(*) FILTER (WHERE rank = 1) "
                              "FROM question WHERE assigned_to = $1 AND is_open = 1 AND community_id = $2");
DB_STMT(question_count_unverified, "SELECT count(*) FROM question WHERE community_id = $1 AND pending_answers > 0");

enum pw_err question_counts(struct ctx *c, int64_t community_id, int64_t person_id, struct inbox_counts *io)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &question_count_open, DB_ARGS(DB_I(community_id), DB_I(person_id)), &r));
    struct db_rows u;
    PW_TRY(db_one(c->db, c->arena, &question_count_unverified, DB_ARGS(DB_I(community_id)), &u));
    io->open += db_int(&r, 0, 0);
    io->overdue += db_int(&r, 0, 1);
    io->soon += db_int(&r, 0, 2);
    io->mine += db_int(&r, 0, 3);
    io->unassigned += db_int(&r, 0, 4);
    io->unchecked += db_int(&u, 0, 0);
    return PW_OK;
}

enum pw_err question_counts_given(struct ctx *c, int64_t community_id, int64_t person_id, struct inbox_counts *io)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &question_count_given, DB_ARGS(DB_I(person_id), DB_I(community_id)), &r));
    io->open += db_int(&r, 0, 0);
    io->mine += db_int(&r, 0, 0);
    io->overdue += db_int(&r, 0, 1);
    io->soon += db_int(&r, 0, 2);
    return PW_OK;
}

enum pw_err question_fill(struct ctx *c, struct question *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, 2 * n + 1);
    struct person *p = arena_array(c->arena, struct person, 2 * n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        ids[2 * i] = v[i].author;
        ids[2 * i + 1] = v[i].assigned_to;
    }
    PW_TRY(person_get_many(c, ids, 2 * n, p));
    for (size_t i = 0; i < n; i++) {
        struct message m;
        PW_TRY(message_row(c, v[i].message_id, &m));
        v[i].text = m.body;
        v[i].kind = m.kind;
        v[i].author_name = p[2 * i].display_name;
        v[i].assigned_name = p[2 * i + 1].display_name;
    }
    return PW_OK;
}
