/* SPDX-License-Identifier: EUPL-1.2 */
/* Following numbered events without being a subscriber: for live pages, which only need to know that something changed.
 */
#include "work/work.h"

DB_STMT(event_tail_head, "SELECT seq FROM event_cursor WHERE subscriber = ''");
DB_STMT(event_tail_rows,
        "SELECT seq, id, name, subject_id, data, at_ms FROM event WHERE seq > $1 ORDER BY seq LIMIT 500");

enum pw_err event_tail(struct db *db, struct arena *a, int64_t *io_seq, struct event_row **ret, size_t *ret_n)
{
    struct db_rows r;
    if (*io_seq < 0) {
        enum pw_err e = db_one(db, a, &event_tail_head, DB_NOARGS, &r);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        *ret_n = 0;
        *io_seq = e == PW_OK ? db_int(&r, 0, 0) : 0;
        return PW_OK;
    }
    PW_TRY(db_query(db, a, &event_tail_rows, DB_ARGS(DB_I(*io_seq)), &r));
    struct event_row *v = arena_array(a, struct event_row, r.n + 1);
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct event_row){.id = db_int(&r, i, 1),
                                  .subject_id = db_int(&r, i, 3),
                                  .at_ms = db_int(&r, i, 5),
                                  .name = db_text(&r, i, 2),
                                  .data = db_text(&r, i, 4)};
    if (r.n)
        *io_seq = db_int(&r, r.n - 1, 0);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
