/* SPDX-License-Identifier: EUPL-1.2 */
/* What is over for long is emptied (CNS-8). Rows stay, so that numbers of past months do not change. */
#include "channel/file.h"
#include "feature/community/community_room.h"

#define OLD_JOIN                                                                                                       \
    "FROM join_request WHERE state IN (2, 3) AND decided_ms < $1 AND (answers IS NOT NULL OR user_chat <> '' OR "      \
    "provider_user <> '' OR chat <> '')"
#define OLD_EXIT "FROM exit_reply WHERE answered_ms < $1 AND words IS NOT NULL"
#define OLD_THREAD                                                                                                     \
    "FROM thread t WHERE t.last_ms < $1 AND NOT EXISTS (SELECT 1 FROM question q WHERE q.thread_id = t.id AND "        \
    "q.is_open = 1) AND EXISTS (SELECT 1 FROM message m WHERE m.thread_id = t.id AND m.state <> 2)"
#define DAILY "once a day, by the timer of retention"
DB_STMT_SCAN(old_joins_count, "SELECT count(*) " OLD_JOIN, DAILY);
DB_STMT_SCAN(old_exits_count, "SELECT count(*) " OLD_EXIT, DAILY);
DB_STMT_SCAN(old_threads_count, "SELECT count(*) " OLD_THREAD, DAILY);
DB_STMT_SCAN(old_joins, "SELECT id " OLD_JOIN " ORDER BY id LIMIT $2", DAILY);
DB_STMT_SCAN(old_exits, "SELECT membership_id " OLD_EXIT " ORDER BY membership_id LIMIT $2", DAILY);
DB_STMT_SCAN(old_threads, "SELECT t.id " OLD_THREAD " ORDER BY t.id LIMIT $2", DAILY);
DB_STMT(old_join_empty, "UPDATE join_request SET answers = NULL, chat = '', user_chat = '', provider_user = '' "
                        "WHERE id = $1");
DB_STMT(old_exit_empty, "UPDATE exit_reply SET words = NULL WHERE membership_id = $1");
DB_STMT(old_thread_files, "SELECT file_id FROM message WHERE thread_id = $1 AND file_id IS NOT NULL");
DB_STMT(old_thread_copies,
        "DELETE FROM message_copy WHERE message_id IN (SELECT id FROM message WHERE thread_id = $1)");
DB_STMT(old_thread_empty,
        "UPDATE message SET body = $2, file_id = NULL, state = 2, decided_ms = $3 WHERE thread_id = $1 "
        "AND state <> 2");

static enum pw_err empty_join(struct ctx *c, int64_t id)
{
    return db_exec(c->db, &old_join_empty, DB_ARGS(DB_I(id)), NULL);
}

static enum pw_err empty_exit(struct ctx *c, int64_t membership_id)
{
    return db_exec(c->db, &old_exit_empty, DB_ARGS(DB_I(membership_id)), NULL);
}

static enum pw_err empty_thread(struct ctx *c, int64_t thread_id)
{
    int64_t *files;
    size_t n;
    PW_TRY(db_ints(c->db, c->arena, &old_thread_files, DB_ARGS(DB_I(thread_id)), &files, &n));
    for (size_t i = 0; i < n; i++) {
        enum pw_err e = file_remove(c, files[i]);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    PW_TRY(db_exec(c->db, &old_thread_copies, DB_ARGS(DB_I(thread_id)), NULL));
    return db_exec(c->db, &old_thread_empty, DB_ARGS(DB_I(thread_id), DB_B((struct sv){0}), DB_I(c->now_ms)), NULL);
}

static const struct {
    const struct db_stmt *count, *find;
    enum pw_err (*empty)(struct ctx *c, int64_t id);
} kinds[OLD__MAX] = {[OLD_JOINS] = {&old_joins_count, &old_joins, empty_join},
                     [OLD_EXITS] = {&old_exits_count, &old_exits, empty_exit},
                     [OLD_THREADS] = {&old_threads_count, &old_threads, empty_thread}};

enum pw_err old_count(struct ctx *c, enum old_kind k, int64_t before_ms, int64_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, kinds[k].count, DB_ARGS(DB_I(before_ms)), &r));
    *ret_n = db_int(&r, 0, 0);
    return PW_OK;
}

enum pw_err old_empty(struct ctx *c, enum old_kind k, int64_t before_ms, int64_t limit, int64_t *ret_n)
{
    int64_t *ids;
    size_t n;
    PW_TRY(db_ints(c->db, c->arena, kinds[k].find, DB_ARGS(DB_I(before_ms), DB_I(limit)), &ids, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(kinds[k].empty(c, ids[i]));
    *ret_n = (int64_t)n;
    return PW_OK;
}
