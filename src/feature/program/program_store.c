/* SPDX-License-Identifier: EUPL-1.2 */
#include "program_store.h"

#include "base/id.h"
#include "core/people.h"

#define PROGRAM_COLUMNS                                                                                                \
    "id, owner_org, state, modes, languages, territory, zone, starts_on, ends_on, community_id, words_doc, "           \
    "created_ms, changed_ms"
DB_STMT(program_add, "INSERT INTO program (id, owner_org, state, modes, languages, territory, zone, starts_on, "
                     "ends_on, community_id, words_doc, created_ms, created_by, changed_ms) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $12)");
DB_STMT(program_put, "UPDATE program SET owner_org = $2, state = $3, modes = $4, languages = $5, territory = $6, "
                     "zone = $7, starts_on = $8, ends_on = $9, community_id = $10, words_doc = $11, changed_ms = $12 "
                     "WHERE id = $1");
DB_STMT(program_by_id, "SELECT " PROGRAM_COLUMNS " FROM program WHERE id = $1");
DB_STMT(program_by_space, "SELECT " PROGRAM_COLUMNS " FROM program WHERE community_id = $1");
DB_STMT_SCAN(program_all, "SELECT " PROGRAM_COLUMNS " FROM program ORDER BY state, id",
             "an installation has few programs, and which of them somebody sees is no question for the database");

#define ENROLMENT_COLUMNS "id, program_id, person_id, since_day, ended_day, end_reason, prefers, uses"
DB_STMT(enrolment_add, "INSERT INTO enrolment (id, program_id, person_id, since_day, ended_day, end_reason, prefers, "
                       "uses) VALUES ($1, $2, $3, $4, NULL, '', $5, $6)");
DB_STMT(enrolment_put, "UPDATE enrolment SET ended_day = $2, end_reason = $3, prefers = $4, uses = $5 WHERE id = $1");
DB_STMT(enrolment_by_id, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE id = $1");
DB_STMT(enrolment_by_person_open, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE program_id = $1 "
                                  "AND person_id = $2 AND ended_day IS NULL");
DB_STMT(enrolment_by_person, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE person_id = $1 "
                             "ORDER BY id DESC");
#define UNMET                                                                                                          \
    "(prefers < 3 AND uses <> prefers AND (uses < 3 OR CASE prefers WHEN 0 THEN CAST($3 AS BIGINT) WHEN 1 THEN "       \
    "CAST($4 AS BIGINT) ELSE CAST($5 AS BIGINT) END = 0))"
DB_STMT(enrolment_now, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE program_id = $1 AND ended_day IS NULL "
                       "AND id > $2 AND ($6 = 0 OR " UNMET ") ORDER BY id LIMIT $7");
DB_STMT(enrolment_past, "SELECT " ENROLMENT_COLUMNS " FROM enrolment WHERE program_id = $1 AND ended_day IS NOT NULL "
                        "AND id > $2 ORDER BY id LIMIT $3");
DB_STMT(enrolment_count_now, "SELECT prefers, uses, count(*) FROM enrolment WHERE program_id = $1 "
                             "AND ended_day IS NULL GROUP BY prefers, uses");
DB_STMT(enrolment_count_past, "SELECT count(*) FROM enrolment WHERE program_id = $1 AND ended_day IS NOT NULL");
DB_STMT(enrolment_step_add, "INSERT INTO enrolment_step (id, enrolment_id, at_ms, by_person, what, on_day, prefers, "
                            "uses) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
DB_STMT(enrolment_step_all, "SELECT at_ms, by_person, what, on_day, prefers, uses FROM enrolment_step "
                            "WHERE enrolment_id = $1 ORDER BY id");
DB_STMT(program_wish_put, "INSERT INTO program_wish (program_id, person_id, prefers, at_ms) VALUES ($1, $2, $3, $4) "
                          "ON CONFLICT (program_id, person_id) DO UPDATE SET prefers = $3, at_ms = $4");
DB_STMT(program_wish_of, "SELECT prefers, at_ms FROM program_wish WHERE program_id = $1 AND person_id = $2");
DB_STMT(program_wish_drop, "DELETE FROM program_wish WHERE program_id = $1 AND person_id = $2");

DB_STMT(enrolment_span_all,
        "SELECT id, person_id, since_day, ended_day, prefers, uses FROM enrolment WHERE program_id = $1 "
        "AND since_day < $3 AND (ended_day IS NULL OR ended_day >= $2) "
        "ORDER BY id");
DB_STMT(enrolment_span_steps,
        "SELECT e.id, s.on_day, s.prefers, s.uses FROM enrolment e JOIN enrolment_step s ON s.enrolment_id = e.id "
        "WHERE e.program_id = $1 AND e.since_day < $3 AND (e.ended_day IS NULL OR e.ended_day >= $2) "
        "AND s.on_day < $3 ORDER BY e.id, s.id");

/* ---- programs ---- */

static struct program read_program(const struct db_rows *r, size_t i)
{
    return (struct program){.id = db_int(r, i, 0),
                            .owner_org = db_int(r, i, 1),
                            .state = (enum program_state)db_int(r, i, 2),
                            .modes = (unsigned)db_int(r, i, 3),
                            .languages = db_text(r, i, 4),
                            .territory = db_text(r, i, 5),
                            .zone = db_text(r, i, 6),
                            .starts_on = db_text(r, i, 7),
                            .ends_on = db_text(r, i, 8),
                            .community_id = db_int(r, i, 9),
                            .words_doc = db_int(r, i, 10),
                            .created_ms = db_int(r, i, 11),
                            .changed_ms = db_int(r, i, 12)};
}

enum pw_err program_insert(struct ctx *c, const struct program *p)
{
    return db_exec(c->db, &program_add,
                   DB_ARGS(DB_I(p->id), DB_I(p->owner_org), DB_I(p->state), DB_I(p->modes), DB_T(p->languages),
                           DB_T(p->territory), DB_T(p->zone), DB_T(p->starts_on), DB_T(p->ends_on),
                           DB_I_OR_NULL(p->community_id), DB_I_OR_NULL(p->words_doc), DB_I(c->now_ms),
                           DB_I(c->actor->person_id)),
                   NULL);
}

enum pw_err program_save(struct ctx *c, const struct program *p)
{
    return db_exec(c->db, &program_put,
                   DB_ARGS(DB_I(p->id), DB_I(p->owner_org), DB_I(p->state), DB_I(p->modes), DB_T(p->languages),
                           DB_T(p->territory), DB_T(p->zone), DB_T(p->starts_on), DB_T(p->ends_on),
                           DB_I_OR_NULL(p->community_id), DB_I_OR_NULL(p->words_doc), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err program_row(struct ctx *c, int64_t id, struct program *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &program_by_id, DB_ARGS(DB_I(id)), &r));
    *ret = read_program(&r, 0);
    return PW_OK;
}

enum pw_err program_row_of_space(struct ctx *c, int64_t community_id, struct program *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &program_by_space, DB_ARGS(DB_I(community_id)), &r));
    *ret = read_program(&r, 0);
    return PW_OK;
}

enum pw_err program_rows(struct ctx *c, struct program **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &program_all, DB_NOARGS, &r));
    struct program *v = arena_array(c->arena, struct program, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = read_program(&r, i);
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

/* ---- enrolments ---- */

static struct enrolment read_enrolment(const struct db_rows *r, size_t i)
{
    return (struct enrolment){.id = db_int(r, i, 0),
                              .program_id = db_int(r, i, 1),
                              .person_id = db_int(r, i, 2),
                              .since_day = db_int(r, i, 3),
                              .ended = !db_is_null(r, i, 4),
                              .ended_day = db_int(r, i, 4),
                              .end_reason = db_text(r, i, 5),
                              .prefers = (enum wish)db_int(r, i, 6),
                              .uses = (enum delivery)db_int(r, i, 7)};
}

static enum pw_err read_enrolments(struct ctx *c, const struct db_rows *r, struct enrolment **ret, size_t *ret_n)
{
    struct enrolment *v = arena_array(c->arena, struct enrolment, r->n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r->n; i++)
        v[i] = read_enrolment(r, i);
    *ret = v;
    *ret_n = r->n;
    return PW_OK;
}

enum pw_err enrolment_insert(struct ctx *c, const struct enrolment *e)
{
    return db_exec(c->db, &enrolment_add,
                   DB_ARGS(DB_I(e->id), DB_I(e->program_id), DB_I(e->person_id), DB_I(e->since_day), DB_I(e->prefers),
                           DB_I(e->uses)),
                   NULL);
}

enum pw_err enrolment_save(struct ctx *c, const struct enrolment *e)
{
    return db_exec(c->db, &enrolment_put,
                   DB_ARGS(DB_I(e->id), e->ended ? DB_I(e->ended_day) : DB_N, DB_T(e->end_reason), DB_I(e->prefers),
                           DB_I(e->uses)),
                   NULL);
}

enum pw_err enrolment_row(struct ctx *c, int64_t id, struct enrolment *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &enrolment_by_id, DB_ARGS(DB_I(id)), &r));
    *ret = read_enrolment(&r, 0);
    return PW_OK;
}

enum pw_err enrolment_open_of(struct ctx *c, int64_t program_id, int64_t person_id, struct enrolment *ret)
{
    struct db_rows r;
    int64_t *ids;
    size_t n;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        enum pw_err e = db_one(c->db, c->arena, &enrolment_by_person_open, DB_ARGS(DB_I(program_id), DB_I(ids[i])), &r);
        if (e == PW_OK)
            *ret = read_enrolment(&r, 0);
        if (e != PW_NOT_FOUND)
            return e;
    }
    return PW_NOT_FOUND;
}

enum pw_err enrolment_rows(struct ctx *c, int64_t program_id, unsigned modes, const struct enrolment_filter *f,
                           int64_t limit, struct enrolment **ret, size_t *ret_n)
{
    struct db_rows r;
    if (f->ended)
        PW_TRY(
            db_query(c->db, c->arena, &enrolment_past, DB_ARGS(DB_I(program_id), DB_I(f->after_id), DB_I(limit)), &r));
    else
        PW_TRY(db_query(c->db, c->arena, &enrolment_now,
                        DB_ARGS(DB_I(program_id), DB_I(f->after_id), DB_I(mode_offered(modes, 0)),
                                DB_I(mode_offered(modes, 1)), DB_I(mode_offered(modes, 2)), DB_I(f->unmet_only),
                                DB_I(limit)),
                        &r));
    return read_enrolments(c, &r, ret, ret_n);
}

enum pw_err enrolment_rows_of_person(struct ctx *c, int64_t person_id, struct enrolment **ret, size_t *ret_n)
{
    struct db_rows *r;
    int64_t *ids;
    size_t n, rows = 0, k = 0;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    r = arena_array(c->arena, struct db_rows, n);
    for (size_t i = 0; r && i < n; i++) {
        PW_TRY(db_query(c->db, c->arena, &enrolment_by_person, DB_ARGS(DB_I(ids[i])), &r[i]));
        rows += r[i].n;
    }
    struct enrolment *v = arena_array(c->arena, struct enrolment, rows + 1);
    if (!r || !v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        for (size_t x = 0; x < r[i].n; x++)
            v[k++] = read_enrolment(&r[i], x);
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

enum pw_err enrolment_tally(struct ctx *c, const struct program *p, struct enrolment_counts *ret)
{
    struct db_rows r, past;
    struct enrolment_counts out = {0};
    PW_TRY(db_query(c->db, c->arena, &enrolment_count_now, DB_ARGS(DB_I(p->id)), &r));
    PW_TRY(db_one(c->db, c->arena, &enrolment_count_past, DB_ARGS(DB_I(p->id)), &past));
    for (size_t i = 0; i < r.n; i++) {
        enum wish w = (enum wish)db_int(&r, i, 0);
        enum delivery d = (enum delivery)db_int(&r, i, 1);
        int64_t n = db_int(&r, i, 2);
        out.now += n;
        out.wishes[w] += n;
        out.uses[d] += n;
        out.unmet += wish_unmet(p->modes, w, d) != WISH_MET ? n : 0;
    }
    out.ended = db_int(&past, 0, 0);
    *ret = out;
    return PW_OK;
}

enum pw_err enrolment_step_put(struct ctx *c, const struct enrolment *e, const char *what, int64_t on_day)
{
    return db_exec(c->db, &enrolment_step_add,
                   DB_ARGS(DB_I(id_new()), DB_I(e->id), DB_I(c->now_ms), DB_I(c->actor->person_id), DB_T(sv_of(what)),
                           DB_I(on_day), DB_I(e->prefers), DB_I(e->uses)),
                   NULL);
}

enum pw_err enrolment_step_rows(struct ctx *c, int64_t enrolment_id, struct enrolment_step **ret, size_t *ret_n)
{
    struct db_rows r;
    PW_TRY(db_query(c->db, c->arena, &enrolment_step_all, DB_ARGS(DB_I(enrolment_id)), &r));
    struct enrolment_step *v = arena_array(c->arena, struct enrolment_step, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++)
        v[i] = (struct enrolment_step){.at_ms = db_int(&r, i, 0),
                                       .by_person = db_int(&r, i, 1),
                                       .what = db_text(&r, i, 2),
                                       .on_day = db_int(&r, i, 3),
                                       .prefers = (enum wish)db_int(&r, i, 4),
                                       .uses = (enum delivery)db_int(&r, i, 5)};
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}

enum pw_err wish_put(struct ctx *c, int64_t program_id, int64_t person_id, enum wish w)
{
    return db_exec(c->db, &program_wish_put, DB_ARGS(DB_I(program_id), DB_I(person_id), DB_I(w), DB_I(c->now_ms)),
                   NULL);
}

enum pw_err wish_row(struct ctx *c, int64_t program_id, int64_t person_id, enum wish *ret)
{
    int64_t *ids, newest = -1;
    size_t n;
    enum wish said = WISH_NOT_ASKED;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    for (size_t i = 0; i < n; i++) { /* of two records that became one, what was said last */
        struct db_rows r;
        enum pw_err e = db_one(c->db, c->arena, &program_wish_of, DB_ARGS(DB_I(program_id), DB_I(ids[i])), &r);
        if (e == PW_NOT_FOUND || (e == PW_OK && db_int(&r, 0, 1) <= newest))
            continue;
        PW_TRY(e);
        newest = db_int(&r, 0, 1);
        said = (enum wish)db_int(&r, 0, 0);
    }
    *ret = said;
    return PW_OK;
}

enum pw_err wish_drop(struct ctx *c, int64_t program_id, int64_t person_id)
{
    return db_exec(c->db, &program_wish_drop, DB_ARGS(DB_I(program_id), DB_I(person_id)), NULL);
}

/* ---- for a report ---- */

/* The state before the first day and the last one before the end, from the steps of one enrolment in their order. */
static void take_steps(struct enrolment_span *s, const struct db_rows *steps, size_t *io, int64_t id, int64_t from_day)
{
    for (; *io < steps->n && db_int(steps, *io, 0) == id; (*io)++) {
        s->prefers = (enum wish)db_int(steps, *io, 2);
        s->uses = (enum delivery)db_int(steps, *io, 3);
        if (db_int(steps, *io, 1) < from_day)
            s->uses_at_start = s->uses;
    }
}

enum pw_err span_rows(struct ctx *c, int64_t program_id, int64_t from_day, int64_t to_day, struct person_span **ret,
                      size_t *ret_n)
{
    struct db_rows r, steps;
    size_t at = 0;
    PW_TRY(db_query(c->db, c->arena, &enrolment_span_all, DB_ARGS(DB_I(program_id), DB_I(from_day), DB_I(to_day)), &r));
    PW_TRY(db_query(c->db, c->arena, &enrolment_span_steps, DB_ARGS(DB_I(program_id), DB_I(from_day), DB_I(to_day)),
                    &steps));
    struct person_span *v = arena_array(c->arena, struct person_span, r.n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < r.n; i++) {
        v[i] = (struct person_span){.id = db_int(&r, i, 0),
                                    .person_id = db_int(&r, i, 1),
                                    .since_day = db_int(&r, i, 2),
                                    .s = {.at_start = db_int(&r, i, 2) < from_day,
                                          .ended = !db_is_null(&r, i, 3) && db_int(&r, i, 3) < to_day,
                                          .prefers = (enum wish)db_int(&r, i, 4),
                                          .uses = (enum delivery)db_int(&r, i, 5),
                                          .uses_at_start = DELIVERY_UNSET}};
        take_steps(&v[i].s, &steps, &at, v[i].id, from_day);
    }
    *ret = v;
    *ret_n = r.n;
    return PW_OK;
}
