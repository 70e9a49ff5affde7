/* SPDX-License-Identifier: EUPL-1.2 */
/* The report of a period by mode of delivery (EQ-5): comings and goings from the enrolments and their history, results
 * from what these people did in the program's message space. Who only sees results gets one whole calendar quarter that
 * is over: periods of free choice could be subtracted from each other (decision 0016). */
#include <stdlib.h>

#include "base/tz.h"
#include "core/people.h"
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

static int by_id(const void *x, const void *y)
{
    const struct person_stands *a = x, *b = y;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* The record that stands for this id: two that became one are one person in every count (PPL-2). */
static int64_t stands_for(const struct person_stands *merged, size_t n, int64_t id)
{
    const struct person_stands key = {id, 0};
    const struct person_stands *m = n ? bsearch(&key, merged, n, sizeof key, by_id) : NULL;
    return m ? m->stands : id;
}

static int by_person(const void *x, const void *y)
{
    const struct person_span *a = x, *b = y;
    if (a->person_id != b->person_id)
        return a->person_id < b->person_id ? -1 : 1;
    if (a->since_day != b->since_day)
        return a->since_day < b->since_day ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

/* The last enrolment of a person in the period; NULL: was not enrolled. */
static struct enrolment_span *span_of(struct person_span *v, size_t n, int64_t person)
{
    size_t low = 0, high = n; /* the first one behind this person */
    while (low < high) {
        size_t at = low + (high - low) / 2;
        if (v[at].person_id <= person)
            low = at + 1;
        else
            high = at;
    }
    return low && v[low - 1].person_id == person ? &v[low - 1].s : NULL;
}

static enum pw_err add_activity(struct ctx *c, const struct program_report *r, const struct person_stands *merged,
                                size_t n_merged, struct person_span *v, size_t n)
{
    struct person_activity *did;
    size_t n_did;
    int64_t from_ms, to_ms, edge;
    month_bounds(zone_of(&r->p), r->first, &from_ms, &edge);
    month_bounds(zone_of(&r->p), r->last, &edge, &to_ms);
    PW_TRY(activity_by_person(c, r->p.community_id, from_ms, to_ms, &did, &n_did));
    for (size_t i = 0; i < n_did; i++) {
        struct enrolment_span *s = span_of(v, n, stands_for(merged, n_merged, did[i].person_id));
        if (!s)
            continue;
        s->said += did[i].said;
        s->asked += did[i].asked;
        s->promised += did[i].promised;
        s->in_time += did[i].in_time;
    }
    return PW_OK;
}

static enum pw_err load_spans(struct ctx *c, const struct program_report *r, struct person_span **ret, size_t *ret_n)
{
    struct person_span *v;
    struct person_stands *merged;
    size_t n, n_merged;
    PW_TRY(span_rows(c, r->p.id, month_first_day(r->first), month_first_day(r->last + 1), &v, &n));
    PW_TRY(person_merged_all(c, &merged, &n_merged));
    for (size_t i = 0; i < n; i++)
        v[i].person_id = stands_for(merged, n_merged, v[i].person_id);
    qsort(v, n, sizeof *v, by_person);
    for (size_t i = 0; i < n; i++)
        v[i].s.counts_person = i + 1 == n || v[i + 1].person_id != v[i].person_id;
    if (r->p.community_id)
        PW_TRY(add_activity(c, r, merged, n_merged, v, n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err program_report(struct ctx *c, int64_t id, int64_t first, int64_t last, struct program_report *ret)
{
    struct program_report *r = arena_new(c->arena, struct program_report);
    struct person_span *v;
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
    PW_TRY(load_spans(c, r, &v, &n));
    for (size_t i = 0; i < n; i++)
        figures_add(&r->f, r->p.modes, &v[i].s);
    if (r->protect)
        figures_protect(&r->f);
    *ret = *r;
    return PW_OK;
}
