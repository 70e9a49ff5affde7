/* SPDX-License-Identifier: EUPL-1.2 */
/* Appointments, marks, and what is counted of both. */
#include "base/id.h"
#include "feature/interpreting/interpreting_store.h"

static const int64_t longest_ms = BOOKING_MINUTES_MAX * INT64_C(60000);

#define BOOKING_COLS                                                                                                   \
    "b.id, b.person_id, b.interpreter_id, i.person_id, b.community_id, b.purpose, b.lang, b.with_lang, b.mode, "       \
    "b.zone, b.start_local, b.start_ms, b.minutes, b.state, b.told_ms, b.turn, b.asked_by, b.asked_ms, b.changed_ms"
#define BOOKING_FROM " FROM booking b JOIN interpreter i ON i.id = b.interpreter_id "

DB_STMT(booking_one, "SELECT " BOOKING_COLS ", b.purpose_words, b.place, b.notes" BOOKING_FROM "WHERE b.id = $1");
DB_STMT(booking_add, "INSERT INTO booking (id, person_id, interpreter_id, community_id, purpose, purpose_words, lang, "
                     "with_lang, mode, place, notes, zone, start_local, start_ms, minutes, state, told_ms, turn, "
                     "asked_by, asked_ms, changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
                     "$14, $15, $16, $17, 0, $18, $19, $19)");
DB_STMT(booking_set, "UPDATE booking SET interpreter_id = $2, community_id = $3, lang = $4, with_lang = $5, mode = $6, "
                     "place = $7, notes = $8, zone = $9, start_local = $10, start_ms = $11, minutes = $12, "
                     "state = $13, told_ms = $14, turn = turn + 1, changed_ms = $15 WHERE id = $1 AND turn = $16");
DB_STMT(booking_from, "SELECT " BOOKING_COLS BOOKING_FROM "WHERE b.start_ms >= $1 ORDER BY b.start_ms, b.id LIMIT $2");
DB_STMT(booking_before,
        "SELECT " BOOKING_COLS BOOKING_FROM "WHERE b.start_ms < $1 ORDER BY b.start_ms DESC, b.id DESC LIMIT $2");
DB_STMT(booking_of_person_rows, "SELECT " BOOKING_COLS BOOKING_FROM
                                "WHERE b.person_id IN (SELECT id FROM person WHERE id = $1 OR merged_into = $1) "
                                "ORDER BY b.start_ms DESC, b.id DESC LIMIT $2");
DB_STMT(booking_of_interpreter_rows,
        "SELECT " BOOKING_COLS BOOKING_FROM
        "WHERE b.interpreter_id = $1 AND b.start_ms >= $2 ORDER BY b.start_ms, b.id LIMIT $3");
DB_STMT(booking_taken_rows, "SELECT id, start_ms, minutes FROM booking WHERE interpreter_id = $1 AND start_ms > $2 "
                            "AND start_ms < $3 AND state IN (0, 1)");
DB_STMT(booking_taken_of_person,
        "SELECT id, start_ms, minutes FROM booking WHERE person_id IN (SELECT id FROM person WHERE id = $1 OR "
        "merged_into = $1) AND start_ms > $2 AND start_ms < $3 AND state IN (0, 1)");
/* "+ 0": grouped by what is found from now on, not by reading the whole index of interpreters */
DB_STMT(booking_count_open, "SELECT interpreter_id + 0, COUNT(*) FROM booking WHERE start_ms >= $1 AND state IN (0, 1) "
                            "GROUP BY interpreter_id + 0");
DB_STMT(booking_count_met, "SELECT interpreter_id, COUNT(*) FROM booking WHERE person_id IN (SELECT id FROM person "
                           "WHERE id = $1 OR merged_into = $1) AND state = 4 GROUP BY interpreter_id");
DB_STMT(booking_facts_of, "SELECT start_local, minutes, state, purpose, mode, lang FROM booking "
                          "WHERE start_local >= $1 AND start_local < $2");
DB_STMT(interpreted_add,
        "INSERT INTO interpreted (object, object_id, how, person_id, community_id, booking_id, interpreter_id, "
        "said_ms, marked_by, marked_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (object, "
        "object_id) DO UPDATE "
        "SET how = excluded.how, booking_id = excluded.booking_id, interpreter_id = excluded.interpreter_id, "
        "marked_by = excluded.marked_by, marked_ms = excluded.marked_ms");
DB_STMT(interpreted_take, "DELETE FROM interpreted WHERE object = $1 AND object_id = $2");
/* sixteen at a time: a page of the inbox asks four times */
DB_STMT(interpreted_some, "SELECT object_id, how, person_id, community_id, booking_id, interpreter_id, said_ms, "
                          "marked_by, marked_ms FROM interpreted "
                          "WHERE object = $1 AND object_id IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
                          "$14, $15, $16, $17)");
DB_STMT(interpreted_facts_of, "SELECT said_ms, how FROM interpreted WHERE said_ms >= $1 AND said_ms < $2");

static struct booking read_booking(const struct db_rows *r, size_t i)
{
    return (struct booking){.id = db_int(r, i, 0),
                            .person_id = db_int(r, i, 1),
                            .interpreter_id = db_int(r, i, 2),
                            .interpreter_person = db_int(r, i, 3),
                            .community_id = db_int(r, i, 4),
                            .purpose = (enum booking_purpose)db_int(r, i, 5),
                            .lang = db_text(r, i, 6),
                            .with_lang = db_text(r, i, 7),
                            .mode = (enum interp_mode)db_int(r, i, 8),
                            .zone = db_text(r, i, 9),
                            .start_local = db_int(r, i, 10),
                            .start_ms = db_int(r, i, 11),
                            .minutes = db_int(r, i, 12),
                            .state = (enum booking_state)db_int(r, i, 13),
                            .told_ms = db_int(r, i, 14),
                            .turn = db_int(r, i, 15),
                            .asked_by = db_int(r, i, 16),
                            .asked_ms = db_int(r, i, 17),
                            .changed_ms = db_int(r, i, 18)};
}

enum pw_err booking_row_get(struct ctx *c, int64_t id, struct booking_row *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &booking_one, DB_ARGS(DB_I(id)), &r));
    *ret = (struct booking_row){.b = read_booking(&r, 0),
                                .purpose_words = db_text(&r, 0, 19),
                                .place = db_text(&r, 0, 20),
                                .notes = db_text(&r, 0, 21)};
    return PW_OK;
}

enum pw_err booking_insert(struct ctx *c, const struct booking_row *r)
{
    const struct booking *b = &r->b;
    return db_exec(c->db, &booking_add,
                   DB_ARGS(DB_I(b->id), DB_I(b->person_id), DB_I(b->interpreter_id), DB_I_OR_NULL(b->community_id),
                           DB_I(b->purpose), DB_B(r->purpose_words), DB_T(b->lang), DB_T(b->with_lang), DB_I(b->mode),
                           DB_B(r->place), DB_B(r->notes), DB_T(b->zone), DB_I(b->start_local), DB_I(b->start_ms),
                           DB_I(b->minutes), DB_I(b->state), DB_I(b->told_ms), DB_I(b->asked_by), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err booking_update(struct ctx *c, const struct booking_row *r)
{
    const struct booking *b = &r->b;
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &booking_set,
                   DB_ARGS(DB_I(b->id), DB_I(b->interpreter_id), DB_I_OR_NULL(b->community_id), DB_T(b->lang),
                           DB_T(b->with_lang), DB_I(b->mode), DB_B(r->place), DB_B(r->notes), DB_T(b->zone),
                           DB_I(b->start_local), DB_I(b->start_ms), DB_I(b->minutes), DB_I(b->state), DB_I(b->told_ms),
                           DB_I(c->now_ms), DB_I(b->turn)),
                   &changed));
    return changed ? PW_OK : PW_CONFLICT;
}

static enum pw_err many(struct ctx *c, const struct db_rows *r, struct booking **ret, size_t *ret_n)
{
    struct booking *v = arena_array(c->arena, struct booking, r->n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r->n; i++)
        v[i] = read_booking(r, i);
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err booking_rows_from(struct ctx *c, int64_t from_ms, int64_t limit, struct booking **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &booking_from, DB_ARGS(DB_I(from_ms), DB_I(limit)), &r));
    return many(c, &r, ret, ret_n);
}

enum pw_err booking_rows_before(struct ctx *c, int64_t before_ms, int64_t limit, struct booking **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &booking_before, DB_ARGS(DB_I(before_ms), DB_I(limit)), &r));
    return many(c, &r, ret, ret_n);
}

enum pw_err booking_rows_of_person(struct ctx *c, int64_t person_id, int64_t limit, struct booking **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &booking_of_person_rows, DB_ARGS(DB_I(person_id), DB_I(limit)), &r));
    return many(c, &r, ret, ret_n);
}

enum pw_err booking_rows_of_interpreter(struct ctx *c, int64_t interpreter_id, int64_t from_ms, int64_t limit,
                                        struct booking **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &booking_of_interpreter_rows,
                    DB_ARGS(DB_I(interpreter_id), DB_I(from_ms), DB_I(limit)), &r));
    return many(c, &r, ret, ret_n);
}

static enum pw_err taken_of(struct ctx *c, const struct db_stmt *st, int64_t who, int64_t from_ms, int64_t to_ms,
                            struct taken **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, st, DB_ARGS(DB_I(who), DB_I(from_ms - longest_ms), DB_I(to_ms)), &r));
    struct taken *v = arena_array(c->arena, struct taken, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct taken){db_int(&r, i, 0), db_int(&r, i, 1), db_int(&r, i, 1) + db_int(&r, i, 2) * 60000};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err booking_taken(struct ctx *c, int64_t interpreter_id, int64_t from_ms, int64_t to_ms, struct taken **ret,
                          size_t *ret_n)
{
    return taken_of(c, &booking_taken_rows, interpreter_id, from_ms, to_ms, ret, ret_n);
}

enum pw_err booking_taken_person(struct ctx *c, int64_t person_id, int64_t from_ms, int64_t to_ms, struct taken **ret,
                                 size_t *ret_n)
{
    return taken_of(c, &booking_taken_of_person, person_id, from_ms, to_ms, ret, ret_n);
}

enum pw_err booking_counts(struct ctx *c, int64_t person_id, struct interp_count **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, person_id ? &booking_count_met : &booking_count_open,
                    DB_ARGS(DB_I(person_id ? person_id : c->now_ms)), &r));
    struct interp_count *v = arena_array(c->arena, struct interp_count, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct interp_count){db_int(&r, i, 0), db_int(&r, i, 1)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- marks ---- */

enum pw_err interpreted_put(struct ctx *c, const char *object, const struct interpreted_row *r)
{
    return db_exec(c->db, &interpreted_add,
                   DB_ARGS(DB_T(sv_of(object)), DB_I(r->object_id), DB_I(r->how), DB_I(r->person_id),
                           DB_I(r->community_id), DB_I_OR_NULL(r->booking_id), DB_I_OR_NULL(r->interpreter_id),
                           DB_I(r->said_ms), DB_I(c->actor->person_id), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err interpreted_remove(struct ctx *c, const char *object, int64_t object_id, int64_t *ret_changed)
{
    return db_exec(c->db, &interpreted_take, DB_ARGS(DB_T(sv_of(object)), DB_I(object_id)), ret_changed);
}

enum pw_err interpreted_rows(struct ctx *c, const char *object, const int64_t *ids, size_t n,
                             struct interpreted_row **ret, size_t *ret_n)
{
    enum { AT_ONCE = 16 };
    struct interpreted_row *v = arena_array(c->arena, struct interpreted_row, n + 1);
    size_t k = 0;
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t at = 0; at < n; at += AT_ONCE) {
        struct db_val args[AT_ONCE + 1] = {DB_T(sv_of(object))};
        struct db_rows r;
        for (size_t i = 0; i < AT_ONCE; i++)
            args[i + 1] = DB_I(at + i < n ? ids[at + i] : 0);
        PW_TRY(db_query(c->db, c->arena, &interpreted_some, args, AT_ONCE + 1, &r));
        for (size_t i = 0; i < r.n && k < n; i++)
            v[k++] = (struct interpreted_row){.object_id = db_int(&r, i, 0),
                                              .how = (enum through_how)db_int(&r, i, 1),
                                              .person_id = db_int(&r, i, 2),
                                              .community_id = db_int(&r, i, 3),
                                              .booking_id = db_int(&r, i, 4),
                                              .interpreter_id = db_int(&r, i, 5),
                                              .said_ms = db_int(&r, i, 6),
                                              .marked_by = db_int(&r, i, 7),
                                              .marked_ms = db_int(&r, i, 8)};
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

/* ---- numbers ---- */

enum pw_err booking_facts(struct ctx *c, int64_t from_local, int64_t to_local, struct booking_fact **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &booking_facts_of, DB_ARGS(DB_I(from_local), DB_I(to_local)), &r));
    struct booking_fact *v = arena_array(c->arena, struct booking_fact, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct booking_fact){.start_local = db_int(&r, i, 0),
                                     .minutes = db_int(&r, i, 1),
                                     .state = (enum booking_state)db_int(&r, i, 2),
                                     .purpose = (enum booking_purpose)db_int(&r, i, 3),
                                     .mode = (enum interp_mode)db_int(&r, i, 4),
                                     .lang = db_text(&r, i, 5)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err interpreted_facts(struct ctx *c, int64_t from_ms, int64_t to_ms, struct mark_fact **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &interpreted_facts_of, DB_ARGS(DB_I(from_ms), DB_I(to_ms)), &r));
    struct mark_fact *v = arena_array(c->arena, struct mark_fact, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct mark_fact){db_int(&r, i, 0), (enum through_how)db_int(&r, i, 1)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
