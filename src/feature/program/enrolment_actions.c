/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is enrolled in a program, which mode each person prefers and uses, and until when (EQ-5, PPL-1). */
#include "base/civil.h"
#include "base/id.h"
#include "feature/person/person.h"
#include "feature/program/program_store.h"

enum { AT_ONCE_MAX = 500, PAGE = 50, CANDIDATES = 50, DAYS_AHEAD = 366, DAYS_BACK = 366 * 10 };

/* ---- reading ---- */

enum pw_err person_names(struct ctx *c, const int64_t *ids, size_t n, struct sv *ret)
{
    struct person *p = arena_array(c->arena, struct person, n + 1);
    if (!p)
        return PW_UNAVAILABLE;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t i = 0; i < n; i++)
        ret[i] = p[i].display_name;
    return PW_OK;
}

static enum pw_err fill_names(struct ctx *c, const struct program *p, struct enrolment *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct sv *names = arena_array(c->arena, struct sv, n + 1);
    if (!ids || !names)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].person_id;
    PW_TRY(person_names(c, ids, n, names));
    for (size_t i = 0; i < n; i++) {
        v[i].name = names[i];
        v[i].program = p->name;
        v[i].unmet = wish_unmet(p->modes, v[i].prefers, v[i].uses);
    }
    return PW_OK;
}

enum pw_err enrolment_list(struct ctx *c, int64_t program_id, const struct enrolment_filter *f, struct enrolment **ret,
                           size_t *ret_n)
{
    struct program p;
    int64_t limit = f->limit < 1 || f->limit > 200 ? PAGE : f->limit;
    PW_TRY(need_program(c, program_id, SIGHT_PEOPLE, &p));
    PW_TRY(enrolment_rows(c, program_id, p.modes, f, limit, ret, ret_n));
    return fill_names(c, &p, *ret, *ret_n);
}

enum pw_err enrolment_count(struct ctx *c, const struct program *p, struct enrolment_counts *ret)
{
    struct program seen;
    PW_TRY(need_program(c, p->id, SIGHT_PEOPLE, &seen));
    return enrolment_tally(c, &seen, ret);
}

static enum pw_err need_enrolment(struct ctx *c, int64_t id, enum program_sight least, struct enrolment *ret,
                                  struct program *ret_program)
{
    struct enrolment e;
    PW_TRY(enrolment_row(c, id, &e));
    PW_TRY(need_program(c, e.program_id, least, ret_program));
    PW_TRY(fill_names(c, ret_program, &e, 1));
    *ret = e;
    return PW_OK;
}

enum pw_err enrolment_get(struct ctx *c, int64_t id, struct enrolment *ret, struct program *ret_program,
                          struct enrolment_step **ret_steps, size_t *ret_n)
{
    PW_TRY(need_enrolment(c, id, SIGHT_PEOPLE, ret, ret_program));
    PW_TRY(enrolment_step_rows(c, id, ret_steps, ret_n));
    int64_t *ids = arena_array(c->arena, int64_t, *ret_n + 1);
    struct sv *names = arena_array(c->arena, struct sv, *ret_n + 1);
    if (!ids || !names)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < *ret_n; i++)
        ids[i] = (*ret_steps)[i].by_person;
    PW_TRY(person_names(c, ids, *ret_n, names));
    for (size_t i = 0; i < *ret_n; i++)
        (*ret_steps)[i].name = names[i];
    return PW_OK;
}

enum pw_err enrolments_of_person(struct ctx *c, int64_t person_id, struct enrolment **ret, size_t *ret_n)
{
    struct enrolment *v;
    size_t n, k = 0;
    PW_TRY(enrolment_rows_of_person(c, person_id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct program p;
        enum pw_err e = need_program(c, v[i].program_id, SIGHT_PEOPLE, &p);
        if (e == PW_NOT_FOUND || e == PW_DENIED)
            continue;
        PW_TRY(e);
        v[k] = v[i];
        PW_TRY(fill_names(c, &p, &v[k++], 1));
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

/* ---- enrolling ---- */

static enum pw_err take_wish(struct ctx *c, struct sv code, enum wish *io)
{
    if (!code.n || wish_parse(code, io))
        return PW_OK;
    return problem_add(c->problems, "prefers", N_("Choose remote, hybrid, in person, no preference or not asked."));
}

/* What is used must be offered; what is preferred need not be, and is then counted as unmet. */
static enum pw_err take_use(struct ctx *c, const struct program *p, struct sv code, enum delivery *io)
{
    enum delivery d = *io;
    if (code.n && !delivery_parse(code, &d))
        return problem_add(c->problems, "uses", N_("Choose remote, hybrid, in person or not set yet."));
    if (d != *io && d != DELIVERY_UNSET && !mode_offered(p->modes, (int)d))
        return problem_add(c->problems, "uses",
                           N_("The program does not offer this mode. Add it to the program first."));
    *io = d;
    return PW_OK;
}

static enum pw_err take_day(struct ctx *c, const char *field, struct sv text, int64_t today, int64_t most, int64_t *ret)
{
    int64_t day = today;
    if (text.n && !civil_parse_date(text, &day))
        return problem_add(c->problems, field, N_("Write the day as 2026-02-13."));
    if (day > most || day < today - DAYS_BACK)
        return problem_add(c->problems, field,
                           most == today ? N_("Choose today or a day of the last ten years.")
                                         : N_("Choose a day of the last ten years or the next."));
    *ret = day;
    return PW_OK;
}

/* Who works with the person (person.h), or finds them among the members of the message space or those enrolled before.
 */
static enum pw_err is_within_reach(struct ctx *c, const struct program *p, int64_t person_id, bool *ret)
{
    struct ctx any = *c;
    struct membership m = {0};
    struct enrolment *v;
    size_t n;
    PW_TRY(person_may(c, person_id, ret));
    any.actor = &actor_system;
    enum pw_err e = !*ret && p->community_id ? membership_of(&any, p->community_id, person_id, &m) : PW_NOT_FOUND;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret |= m.state == MEMBER_ACTIVE;
    if (*ret)
        return PW_OK;
    PW_TRY(enrolment_rows_of_person(c, person_id, &v, &n));
    for (size_t i = 0; i < n; i++)
        *ret |= v[i].program_id == p->id;
    return PW_OK;
}

/* Returns whether the person was enrolled now; false: is already. */
static enum pw_err enrol_one(struct ctx *c, const struct program *p, struct enrolment e, bool said, bool *ret_new)
{
    struct enrolment open;
    enum pw_err was = enrolment_open_of(c, p->id, e.person_id, &open);
    *ret_new = was == PW_NOT_FOUND;
    if (was != PW_NOT_FOUND)
        return was;
    if (!said)
        PW_TRY(wish_row(c, p->id, e.person_id, &e.prefers));
    e.id = id_new();
    PW_TRY(enrolment_insert(c, &e));
    PW_TRY(enrolment_step_put(c, &e, "enrolled", e.since_day));
    return program_fact(c, "enrolment.created", "enrolment", e.id, p->id,
                        arena_fmt(c->arena, "prefers=%s uses=%s", wish_code(e.prefers), delivery_code(e.uses)));
}

enum pw_err program_enrol(struct ctx *c, int64_t program_id, const struct enrol_new *n, int64_t *ret_enrolled,
                          int64_t *ret_already)
{
    struct program p;
    struct enrolment e = {.program_id = program_id, .prefers = WISH_NOT_ASKED, .uses = DELIVERY_UNSET};
    int64_t enrolled = 0, already = 0;
    PW_TRY(need_program(c, program_id, SIGHT_WRITE, &p));
    if (p.state != PROGRAM_OPEN)
        return problem_add(c->problems, NULL, N_("The program is not open. Open it first."));
    int64_t today = program_today(c, &p);
    NOTED(take_day(c, "since", n->since, today, today + DAYS_AHEAD, &e.since_day));
    NOTED(take_wish(c, n->prefers, &e.prefers));
    NOTED(take_use(c, &p, n->uses, &e.uses));
    if (!n->n || n->n > AT_ONCE_MAX)
        NOTED(problem_add(c->problems, "persons", N_("Choose at least one person, and at most 500 at once.")));
    for (size_t i = 0; i < n->n && !c->problems->n; i++) {
        struct person who;
        bool reach = false, fresh;
        enum pw_err known = person_get(c, n->persons[i], &who);
        if (known == PW_OK && !who.erased_ms)
            PW_TRY(is_within_reach(c, &p, who.id, &reach));
        else if (known != PW_OK && known != PW_NOT_FOUND)
            return known;
        if (!reach)
            return problem_add(c->problems, "persons", N_("One of these people is not known here."));
        e.person_id = who.id;
        PW_TRY(enrol_one(c, &p, e, n->prefers.n != 0, &fresh));
        enrolled += fresh;
        already += !fresh;
    }
    if (c->problems->n)
        return PW_INVALID;
    *ret_enrolled = enrolled;
    *ret_already = already;
    return PW_OK;
}

enum pw_err program_candidates(struct ctx *c, const struct program *p, int64_t after_ms, int64_t after_id,
                               struct candidate **ret, size_t *ret_n, bool *ret_more)
{
    struct program seen;
    struct ctx any = *c;
    struct membership *m;
    size_t n, k = 0;
    PW_TRY(need_program(c, p->id, SIGHT_WRITE, &seen));
    struct candidate *v = arena_array(c->arena, struct candidate, CANDIDATES + 1);
    if (!v)
        return PW_UNAVAILABLE;
    any.actor = &actor_system;
    for (bool more = seen.community_id != 0; more && k <= CANDIDATES;) {
        PW_TRY(membership_list(&any, seen.community_id, MEMBER_ACTIVE, after_ms, after_id, 200, &m, &n));
        more = n == 200;
        for (size_t i = 0; i < n && k <= CANDIDATES; i++) {
            struct enrolment open;
            enum pw_err e = enrolment_open_of(c, seen.id, m[i].person_id, &open);
            after_ms = m[i].accepted_ms;
            after_id = m[i].id;
            if (e == PW_OK)
                continue;
            if (e != PW_NOT_FOUND)
                return e;
            v[k] = (struct candidate){.membership_id = m[i].id,
                                      .person_id = m[i].person_id,
                                      .accepted_ms = m[i].accepted_ms,
                                      .name = m[i].name};
            PW_TRY(wish_row(c, seen.id, m[i].person_id, &v[k++].prefers));
        }
    }
    *ret_more = k > CANDIDATES;
    *ret = v;
    *ret_n = k > CANDIDATES ? CANDIDATES : k;
    return PW_OK;
}

/* ---- changing ---- */

static enum pw_err save_change(struct ctx *c, const struct program *p, const struct enrolment *e)
{
    int64_t today = program_today(c, p);
    PW_TRY(enrolment_save(c, e));
    PW_TRY(enrolment_step_put(c, e, "changed", today > e->since_day ? today : e->since_day));
    return program_fact(c, "enrolment.changed", "enrolment", e->id, p->id,
                        arena_fmt(c->arena, "prefers=%s uses=%s", wish_code(e->prefers), delivery_code(e->uses)));
}

enum pw_err enrolment_set(struct ctx *c, int64_t id, struct sv prefers, struct sv uses)
{
    struct enrolment e;
    struct program p;
    PW_TRY(need_enrolment(c, id, SIGHT_PEOPLE, &e, &p));
    struct enrolment was = e;
    if (e.ended)
        return PW_CONFLICT;
    NOTED(take_wish(c, prefers, &e.prefers));
    NOTED(take_use(c, &p, uses, &e.uses));
    if (c->problems->n)
        return PW_INVALID;
    if (e.uses != was.uses && p.sight < SIGHT_WRITE)
        return PW_DENIED;
    return e.uses == was.uses && e.prefers == was.prefers ? PW_OK : save_change(c, &p, &e);
}

static enum pw_err end_it(struct ctx *c, const struct program *p, struct enrolment *e, int64_t day, struct sv reason)
{
    e->ended = true;
    e->ended_day = day > e->since_day ? day : e->since_day;
    e->end_reason = reason;
    PW_TRY(enrolment_save(c, e));
    PW_TRY(enrolment_step_put(c, e, "ended", e->ended_day));
    return program_fact(c, "enrolment.ended", "enrolment", e->id, p->id,
                        arena_fmt(c->arena, "reason=%.*s", SV_ARG(reason)));
}

enum pw_err enrolment_end(struct ctx *c, int64_t id, struct sv on, struct sv reason)
{
    struct enrolment e;
    struct program p;
    int64_t day = 0;
    PW_TRY(need_enrolment(c, id, SIGHT_WRITE, &e, &p));
    if (e.ended)
        return PW_CONFLICT;
    int64_t today = program_today(c, &p);
    NOTED(take_day(c, "on", on, today, today, &day));
    if (on.n && !c->problems->n && day < e.since_day)
        NOTED(problem_add(c->problems, "on", N_("The end comes before the start.")));
    if (!end_reason_label(reason))
        NOTED(problem_add(c->problems, "reason", N_("Choose a reason.")));
    if (c->problems->n)
        return PW_INVALID;
    return end_it(c, &p, &e, day, reason);
}

enum pw_err enrolment_take_back(struct ctx *c, int64_t id)
{
    struct enrolment e, open;
    struct program p;
    PW_TRY(need_enrolment(c, id, SIGHT_WRITE, &e, &p));
    if (!e.ended || p.state != PROGRAM_OPEN || !e.name.n) /* without a name: erased */
        return PW_CONFLICT;
    enum pw_err again = enrolment_open_of(c, p.id, e.person_id, &open);
    if (again != PW_NOT_FOUND)
        return again == PW_OK ? PW_CONFLICT : again;
    if (e.uses != DELIVERY_UNSET && !mode_offered(p.modes, (int)e.uses))
        e.uses = DELIVERY_UNSET;
    int64_t since = e.ended_day;
    e.ended = false;
    e.ended_day = 0;
    e.end_reason = (struct sv){0};
    PW_TRY(enrolment_save(c, &e));
    PW_TRY(enrolment_step_put(c, &e, "taken-back", since));
    return program_fact(c, "enrolment.taken-back", "enrolment", id, p.id, (struct sv){0});
}

enum pw_err enrolments_close(struct ctx *c, const struct program *p)
{
    struct enrolment_filter f = {0};
    struct enrolment *v;
    size_t n;
    do {
        PW_TRY(enrolment_rows(c, p->id, p->modes, &f, PAGE, &v, &n));
        for (size_t i = 0; i < n; i++) {
            f.after_id = v[i].id;
            PW_TRY(end_it(c, p, &v[i], program_today(c, p), SV("program-closed")));
        }
    } while (n == PAGE);
    return PW_OK;
}

/* Nobody is enrolled who is no more; what was said before goes. Numbers of past months do not change. */
enum pw_err enrolments_forget(struct ctx *c, int64_t person_id)
{
    struct enrolment *v;
    struct program *programs, p;
    int64_t *ids;
    size_t n, n_programs, n_ids;
    PW_TRY(enrolment_rows_of_person(c, person_id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (v[i].ended)
            continue;
        PW_TRY(program_row(c, v[i].program_id, &p));
        PW_TRY(end_it(c, &p, &v[i], program_today(c, &p), (struct sv){0}));
    }
    PW_TRY(program_rows(c, &programs, &n_programs));
    PW_TRY(person_ids(c, person_id, &ids, &n_ids));
    for (size_t i = 0; i < n_programs * n_ids; i++)
        PW_TRY(wish_drop(c, programs[i / n_ids].id, ids[i % n_ids]));
    return PW_OK;
}

/* ---- the person themselves ---- */

enum pw_err program_own(struct ctx *c, int64_t community_id, struct own_part *ret)
{
    struct community com;
    struct own_part o = {.prefers = WISH_NOT_ASKED};
    PW_TRY(community_get(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    PW_TRY(program_of_space(c, community_id, &o.p));
    if (o.p.state != PROGRAM_OPEN)
        return PW_NOT_FOUND;
    enum pw_err e = enrolment_open_of(c, o.p.id, c->actor->person_id, &o.e);
    if (e == PW_NOT_FOUND)
        e = wish_row(c, o.p.id, c->actor->person_id, &o.prefers);
    else
        o.prefers = o.e.prefers;
    PW_TRY(e);
    *ret = o;
    return PW_OK;
}

enum pw_err program_own_wish(struct ctx *c, int64_t community_id, struct sv prefers)
{
    struct own_part o;
    struct membership m;
    PW_TRY(program_own(c, community_id, &o));
    PW_TRY(membership_of(c, community_id, c->actor->person_id, &m));
    if (m.state != MEMBER_ACTIVE)
        return PW_NOT_FOUND;
    enum wish w = o.prefers;
    if (!prefers.n)
        return problem_add(c->problems, "prefers", N_("Choose remote, hybrid, in person, no preference or not asked."));
    PW_TRY(take_wish(c, prefers, &w));
    if (o.e.id) {
        o.e.prefers = w;
        return w == o.prefers ? PW_OK : save_change(c, &o.p, &o.e);
    }
    PW_TRY(wish_put(c, o.p.id, c->actor->person_id, w));
    return program_fact(c, "program.wish", "program", o.p.id, o.p.id, arena_fmt(c->arena, "prefers=%s", wish_code(w)));
}
