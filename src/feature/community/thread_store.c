/* SPDX-License-Identifier: EUPL-1.2 */
/* Private threads: one a member and community (MSG-12). */
#include "base/id.h"
#include "core/people.h"
#include "feature/community/message_store.h"

#define THREAD_COLS "id, community_id, person_id, opened_ms, last_ms, waiting_staff, member_read_ms"

DB_STMT(thread_one, "SELECT " THREAD_COLS " FROM thread WHERE id = $1");
DB_STMT(thread_of, "SELECT " THREAD_COLS " FROM thread WHERE community_id = $1 AND person_id = $2");
DB_STMT(thread_add, "INSERT INTO thread (id, community_id, person_id, opened_ms, last_ms, waiting_staff, "
                    "member_read_ms) VALUES ($1, $2, $3, $4, $4, 0, 0) "
                    "ON CONFLICT (community_id, person_id) DO NOTHING");
DB_STMT(thread_news, "UPDATE thread SET last_ms = $2, waiting_staff = $3 WHERE id = $1");
DB_STMT(thread_settled, "UPDATE thread SET waiting_staff = 0 WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM question q "
                        "WHERE q.thread_id = $1 AND q.is_open = 1)");
DB_STMT(thread_seen, "UPDATE thread SET member_read_ms = $2 WHERE id = $1 AND member_read_ms < $2");
DB_STMT(thread_page, "SELECT " THREAD_COLS " FROM thread WHERE community_id = $1 AND (last_ms, id) < ($2, $3) "
                     "ORDER BY last_ms DESC, id DESC LIMIT $4");

static void read_thread(const struct db_rows *r, size_t i, struct thread *t)
{
    *t = (struct thread){
        .id = db_int(r, i, 0),
        .community_id = db_int(r, i, 1),
        .person_id = db_int(r, i, 2),
        .opened_ms = db_int(r, i, 3),
        .last_ms = db_int(r, i, 4),
        .waiting_staff = db_int(r, i, 5) != 0,
        .member_read_ms = db_int(r, i, 6),
    };
}

enum pw_err thread_row(struct ctx *c, int64_t id, struct thread *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &thread_one, DB_ARGS(DB_I(id)), &r));
    read_thread(&r, 0, ret);
    return PW_OK;
}

enum pw_err thread_row_of(struct ctx *c, int64_t community_id, int64_t person_id, struct thread *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &thread_of, DB_ARGS(DB_I(community_id), DB_I(person_id)), &r));
    read_thread(&r, 0, ret);
    return PW_OK;
}

enum pw_err thread_ensure(struct ctx *c, int64_t community_id, int64_t person_id, int64_t *ret_id)
{
    PW_TRY(db_exec(c->db, &thread_add, DB_ARGS(DB_I(id_new()), DB_I(community_id), DB_I(person_id), DB_I(c->now_ms)),
                   NULL));
    struct thread t;
    PW_TRY(thread_row_of(c, community_id, person_id, &t));
    *ret_id = t.id;
    return PW_OK;
}

enum pw_err thread_touch(struct ctx *c, int64_t id, bool waiting_staff)
{
    return db_exec(c->db, &thread_news, DB_ARGS(DB_I(id), DB_I(c->now_ms), DB_I(waiting_staff)), NULL);
}

enum pw_err thread_settle(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &thread_settled, DB_ARGS(DB_I(id)), NULL);
}

enum pw_err thread_set_read(struct ctx *c, int64_t id, int64_t read_ms)
{
    return db_exec(c->db, &thread_seen, DB_ARGS(DB_I(id), DB_I(read_ms)), NULL);
}

enum pw_err thread_rows(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id, int64_t limit,
                        struct thread **ret, size_t *ret_n)
{
    if (!before_ms)
        before_ms = before_id = INT64_MAX;
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &thread_page,
                    DB_ARGS(DB_I(community_id), DB_I(before_ms), DB_I(before_id), DB_I(limit)), &r));
    struct thread *v = arena_array(c->arena, struct thread, r.n ? r.n : 1);
    int64_t *ids = arena_array(c->arena, int64_t, r.n ? r.n : 1);
    struct person *p = arena_array(c->arena, struct person, r.n ? r.n : 1);
    if (!v || !ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        read_thread(&r, i, &v[i]);
        ids[i] = v[i].person_id;
    }
    PW_TRY(person_get_many(c, ids, r.n, p));
    for (size_t i = 0; i < r.n; i++)
        v[i].name = p[i].display_name;
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
