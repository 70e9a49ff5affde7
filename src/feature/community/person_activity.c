/* SPDX-License-Identifier: EUPL-1.2 */
/* What each member did in a time (EQ-5): for features that compare groups of people. The definitions are those of the
 * community's own counts: who said something took part (activity_query.c); questions and promises as in
 * promise_query.c, private ones too. */
#include <stdlib.h>

#include "feature/community/community_room.h"

DB_STMT(person_said_public,
        "SELECT author, count(*) FROM message WHERE community_id = $1 AND thread_id IS NULL AND shown_ms >= $2 "
        "AND shown_ms < $3 AND state IN (0, 1) AND author_role = 0 GROUP BY author");
DB_STMT(person_said_private,
        "SELECT m.author, count(*) FROM thread t JOIN message m ON m.thread_id = t.id AND m.shown_ms >= $2 "
        "AND m.shown_ms < $3 WHERE t.community_id = $1 AND t.last_ms >= $2 AND m.thread_id IS NOT NULL "
        "AND m.state IN (0, 1) AND m.author_role = 0 GROUP BY m.author");
DB_STMT(person_asked,
        "SELECT author, count(*), count(due_ms), sum(CASE WHEN due_ms IS NOT NULL AND answered_ms IS NOT NULL "
        "AND answered_in_time = 1 THEN 1 ELSE 0 END) FROM question WHERE community_id = $1 AND received_ms >= $2 "
        "AND received_ms < $3 AND close_reason <> 'not-a-question' GROUP BY author");

static int by_person(const void *x, const void *y)
{
    const struct person_activity *a = x, *b = y;
    return a->person_id < b->person_id ? -1 : a->person_id > b->person_id;
}

/* Rows of one person become one. */
static size_t fold(struct person_activity *v, size_t n)
{
    size_t k = 0;
    qsort(v, n, sizeof *v, by_person);
    for (size_t i = 0; i < n; i++) {
        if (k && v[k - 1].person_id == v[i].person_id) {
            v[k - 1].said += v[i].said;
            v[k - 1].asked += v[i].asked;
            v[k - 1].promised += v[i].promised;
            v[k - 1].in_time += v[i].in_time;
        } else {
            v[k++] = v[i];
        }
    }
    return k;
}

enum pw_err activity_by_person(struct ctx *c, int64_t community_id, int64_t from_ms, int64_t to_ms,
                               struct person_activity **ret, size_t *ret_n)
{
    static const struct db_stmt *const stmts[] = {&person_said_public, &person_said_private, &person_asked};
    struct db_rows r[3];
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        PW_TRY(db_query(c->db, c->arena, stmts[i], DB_ARGS(DB_I(community_id), DB_I(from_ms), DB_I(to_ms)), &r[i]));
    struct person_activity *v = arena_array(c->arena, struct person_activity, r[0].n + r[1].n + r[2].n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < r[i].n; k++) {
            v[n] = (struct person_activity){.person_id = db_int(&r[i], k, 0)};
            if (i < 2) {
                v[n].said = db_int(&r[i], k, 1);
            } else {
                v[n].asked = db_int(&r[i], k, 1);
                v[n].promised = db_int(&r[i], k, 2);
                v[n].in_time = db_int(&r[i], k, 3);
            }
            n += v[n].person_id != 0;
        }
    *ret_n = fold(v, n);
    *ret = v;
    return PW_OK;
}
