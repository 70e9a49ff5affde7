/* SPDX-License-Identifier: EUPL-1.2 */
/* The report of a period by mode of delivery (EQ-5): comings and goings from the enrolments and their history, results
 * from what these people did in the program's message space. Who only sees results gets one whole calendar quarter that
 * is over: periods of free choice could be subtracted from each other (decision 0016). */
#include "base/tz.h"
#include "feature/program/program_store.h"

enum { QUARTER = 3 };

static const struct tz *zone_of(const struct program *p)
{
    const struct tz *tz;
    return tz_find(p->zone, &tz) == PW_OK ? tz : NULL;
}

int64_t program_month(struct ctx *c, const struct program *p)
{
    return month_of_ms(zone_of(p), c->now_ms);
}

static int64_t quarter_over(int64_t wanted, int64_t now)
{
    int64_t last = now / QUARTER * QUARTER - QUARTER, first = wanted / QUARTER * QUARTER;
    return first < last ? first : last;
}

static enum pw_err took_part(struct ctx *c, const struct program *p, int64_t first, int64_t last,
                             struct enrolment_span *v, const int64_t *persons, size_t n)
{
    struct person_activity *did;
    size_t n_did, k = 0;
    int64_t from_ms, to_ms, edge;
    month_bounds(zone_of(p), first, &from_ms, &edge);
    month_bounds(zone_of(p), last, &edge, &to_ms);
    PW_TRY(activity_by_person(c, p->community_id, from_ms, to_ms, &did, &n_did));
    for (size_t i = 0; i < n; i++) { /* both in the order of persons */
        while (k < n_did && did[k].person_id < persons[i])
            k++;
        if (k < n_did && did[k].person_id == persons[i]) {
            v[i].said = did[k].said;
            v[i].asked = did[k].asked;
            v[i].promised = did[k].promised;
            v[i].in_time = did[k].in_time;
        }
    }
    return PW_OK;
}

enum pw_err program_report(struct ctx *c, int64_t id, int64_t first, int64_t last, struct program_report *ret)
{
    struct program_report *r = arena_new(c->arena, struct program_report);
    struct enrolment_span *v;
    int64_t *persons;
    size_t n;
    if (!r)
        return PW_UNAVAILABLE;
    PW_TRY(need_program(c, id, SIGHT_RESULTS, &r->p));
    r->protect = r->p.sight < SIGHT_PEOPLE;
    if (r->protect) {
        first = quarter_over(first, program_month(c, &r->p));
        last = first + QUARTER - 1;
    }
    if (first > last)
        return problem_add(c->problems, "from", N_("The first month comes after the last."));
    if (last - first >= REPORT_MONTHS_MAX)
        return problem_add(c->problems, "from", N_("Choose at most 36 months."));
    r->first = first;
    r->last = last;
    PW_TRY(span_rows(c, id, month_first_day(first), month_first_day(last + 1), &v, &persons, &n));
    if (r->p.community_id)
        PW_TRY(took_part(c, &r->p, first, last, v, persons, n));
    for (size_t i = 0; i < n; i++)
        figures_add(&r->f, r->p.modes, &v[i]);
    if (r->protect)
        figures_protect(&r->f);
    *ret = *r;
    return PW_OK;
}
