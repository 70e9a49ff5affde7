/* SPDX-License-Identifier: EUPL-1.2 */
/* What a person leaves in the communities, and how it goes (CNS-8). Private words are sealed with the person's key and
 * end with it; public ones are sealed with the installation's and are emptied here. */
#include <stdlib.h>

#include "channel/file.h"
#include "channel/registry.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/member_actions.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"

/* author_role 0: as a member. What the same person wrote as staff belongs to the service. */
DB_STMT(traces_said, "SELECT count(*) FROM message WHERE author = $1 AND thread_id IS NULL AND author_role = 0 AND "
                     "state <> 2");
DB_STMT(traces_private, "SELECT count(*) FROM message WHERE thread_id IN (SELECT id FROM thread WHERE person_id = $1)");
DB_STMT(forget_open, "SELECT id FROM question WHERE author = $1 AND is_open = 1");
DB_STMT(forget_files, "SELECT file_id FROM message WHERE author = $1 AND thread_id IS NULL AND author_role = 0 AND "
                      "file_id IS NOT NULL");
DB_STMT(forget_said, "UPDATE message SET body = $2, file_id = NULL, state = 2, decided_by = $3, decided_ms = $4 "
                     "WHERE author = $1 AND thread_id IS NULL AND author_role = 0");
DB_STMT(forget_copies, "DELETE FROM message_copy WHERE message_id IN (SELECT m.id FROM message m JOIN thread t ON "
                       "m.thread_id = t.id WHERE t.person_id = $1)");
DB_STMT(forget_joins, "UPDATE join_request SET answers = NULL, chat = '', user_chat = '', provider_user = '' "
                      "WHERE person_id = $1");
DB_STMT(forget_pending, "UPDATE join_request SET state = 3, decided_ms = $2 WHERE person_id = $1 AND state = 0");
DB_STMT_SCAN(forget_talks, "DELETE FROM join_talk WHERE person_id = $1", "only those who are asking to join just now");
DB_STMT_SCAN(forget_first_words, "DELETE FROM first_words WHERE person_id = $1",
             "only those who wrote a letter and are no members yet");

/* ---- for the person's own file ---- */

static int newest_first(const void *x, const void *y)
{
    const struct message *a = x, *b = y;
    return (a->shown_ms < b->shown_ms) - (a->shown_ms > b->shown_ms);
}

typedef enum pw_err (*rows_fn)(struct ctx *c, int64_t person_id, int64_t limit, struct message **ret, size_t *ret_n);

static enum pw_err collect(struct ctx *c, const int64_t *ids, size_t n_ids, int64_t limit, rows_fn fn,
                           struct message **ret, size_t *ret_n, bool *io_more)
{
    struct message *all = NULL;
    size_t n = 0;
    for (size_t i = 0; i < n_ids; i++) {
        struct message *v;
        size_t k;
        PW_TRY(fn(c, ids[i], limit, &v, &k));
        *io_more |= k == (size_t)limit;
        struct message *more = arena_array(c->arena, struct message, n + k + 1);
        if (!more)
            return PW_UNAVAILABLE;
        for (size_t j = 0; j < n; j++)
            more[j] = all[j];
        for (size_t j = 0; j < k; j++)
            more[n + j] = v[j];
        all = more;
        n += k;
    }
    if (n_ids > 1)
        qsort(all, n, sizeof *all, newest_first);
    *ret = all;
    *ret_n = n;
    return PW_OK;
}

enum pw_err person_words(struct ctx *c, int64_t person_id, int64_t limit, struct person_words *ret)
{
    struct person_words w = {0};
    int64_t *ids;
    size_t n;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    PW_TRY(collect(c, ids, n, limit, message_rows_said, &w.said, &w.n_said, &w.more));
    PW_TRY(collect(c, ids, n, limit, message_rows_private, &w.in_private, &w.n_private, &w.more));
    *ret = w;
    return PW_OK;
}

/* ---- erasing ---- */

enum pw_err person_traces(struct ctx *c, int64_t person_id, struct person_traces *ret)
{
    struct person_traces t = {0};
    int64_t *ids;
    size_t n, n_m;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        struct db_rows r;
        struct membership *m;
        PW_TRY(db_one(c->db, c->arena, &traces_said, DB_ARGS(DB_I(ids[i])), &r));
        t.said += db_int(&r, 0, 0);
        PW_TRY(db_one(c->db, c->arena, &traces_private, DB_ARGS(DB_I(ids[i])), &r));
        t.in_private += db_int(&r, 0, 0);
        PW_TRY(membership_rows_of(c, ids[i], &m, &n_m));
        t.memberships += (int64_t)n_m;
    }
    *ret = t;
    return PW_OK;
}

static enum pw_err end_memberships(struct ctx *c, int64_t person_id)
{
    struct membership *m;
    struct community com;
    size_t n;
    PW_TRY(membership_rows_of(c, person_id, &m, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(community_row(c, m[i].community_id, &com));
        PW_TRY(membership_end_silently(c, &com, &m[i], SV("erased")));
    }
    return PW_OK;
}

/* Nobody waits for an answer any more. */
static enum pw_err close_questions(struct ctx *c, int64_t person_id)
{
    struct ctx as_system = *c;
    struct db_rows r;
    as_system.actor = &actor_system;
    PW_TRY(db_query(c->db, c->arena, &forget_open, DB_ARGS(DB_I(person_id)), &r));
    for (size_t i = 0; i < r.n; i++)
        PW_TRY(question_close(&as_system, db_int(&r, i, 0), SV("withdrawn")));
    return PW_OK;
}

static enum pw_err empty_words(struct ctx *c, int64_t person_id)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &forget_files, DB_ARGS(DB_I(person_id)), &r));
    for (size_t i = 0; i < r.n; i++) {
        enum pw_err e = file_remove(c, db_int(&r, i, 0));
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    PW_TRY(db_exec(c->db, &forget_said,
                   DB_ARGS(DB_I(person_id), DB_B((struct sv){0}), DB_I_OR_NULL(c->actor->person_id), DB_I(c->now_ms)),
                   NULL));
    PW_TRY(db_exec(c->db, &forget_copies, DB_ARGS(DB_I(person_id)), NULL));
    PW_TRY(db_exec(c->db, &forget_pending, DB_ARGS(DB_I(person_id), DB_I(c->now_ms)), NULL));
    PW_TRY(db_exec(c->db, &forget_joins, DB_ARGS(DB_I(person_id)), NULL));
    PW_TRY(db_exec(c->db, &forget_talks, DB_ARGS(DB_I(person_id)), NULL));
    return db_exec(c->db, &forget_first_words, DB_ARGS(DB_I(person_id)), NULL);
}

static enum pw_err forget_ways(struct ctx *c, int64_t person_id)
{
    struct identity *v, id;
    size_t n;
    PW_TRY(identity_channels(c, person_id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(identity_get(c, v[i].id, &id));
        PW_TRY(channel_forget_chat(c, id.channel_id, id.private_chat));
        if (!sv_eq(id.provider_user, id.private_chat))
            PW_TRY(channel_forget_chat(c, id.channel_id, id.provider_user));
    }
    return PW_OK;
}

enum pw_err person_forget(struct ctx *c, int64_t person_id)
{
    int64_t *ids;
    size_t n;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(end_memberships(c, ids[i]));
        PW_TRY(close_questions(c, ids[i]));
        PW_TRY(empty_words(c, ids[i]));
    }
    return forget_ways(c, ids[0]);
}
