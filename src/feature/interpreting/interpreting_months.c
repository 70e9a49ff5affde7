/* SPDX-License-Identifier: EUPL-1.2 */
/* What is counted: appointments by the month of their own wall clock, and marks. Small parts are protected by the rule
 * of decision 0016: totals are shown, and one split at a time of one month. */
#include "base/month.h"
#include "base/smallcount.h"
#include "feature/interpreting/interpreting_room.h"

enum { MONTHS_MAX = 24 };

enum pw_err interpreting_see(struct ctx *c, enum interp_sight *ret)
{
    bool results = false;
    for (size_t i = 0; i < c->actor->n_grants; i++)
        results |= c->actor->grants[i].role == ROLE_EVALUATOR || c->actor->grants[i].role == ROLE_SUPERVISOR;
    if (is_system(c) || actor_has_role(c->actor, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0)) {
        *ret = INTERP_FULL;
        return PW_OK;
    }
    if (!results && !interpreting_may_manage(c))
        return PW_NOT_FOUND;
    *ret = INTERP_PROTECTED;
    return PW_OK;
}

/* The last place stands for all that found no room. */
static void count(struct interp_split *s, struct sv code, int64_t minutes)
{
    size_t i = 0;
    while (i < s->n && !sv_eq(s->v[i].code, code))
        i++;
    if (i == s->n) {
        if (s->n == INTERP_PARTS)
            i = INTERP_PARTS - 1;
        else
            s->v[s->n++].code = code;
    }
    s->v[i].n++;
    s->v[i].minutes += minutes;
}

static void protect(struct interp_split *s)
{
    int64_t parts[INTERP_PARTS], total = 0;
    enum small_show show[INTERP_PARTS];
    for (size_t i = 0; i < s->n; i++)
        total += parts[i] = s->v[i].n;
    if (!s->n)
        return;
    small_protect(parts, s->n, total, SMALL_LIMIT, show);
    for (size_t i = 0; i < s->n; i++) {
        s->v[i].hidden = show[i] != SMALL_SHOWN;
        s->v[i].fewer = show[i] == SMALL_FEWER;
        if (s->v[i].hidden)
            s->v[i].n = s->v[i].minutes = 0;
    }
}

static void count_booking(struct interp_month *m, const struct booking_fact *f)
{
    if (booking_is_open(f->state)) {
        m->to_come++;
        return;
    }
    if (f->state != BOOKING_DONE) {
        bool off = f->state == BOOKING_CANCELLED || f->state == BOOKING_DECLINED;
        m->cancelled += off;
        m->not_kept += !off;
        return;
    }
    m->held++;
    m->minutes += f->minutes;
    count(&m->langs, f->lang, f->minutes);
    count(&m->purposes, sv_of(booking_purpose_code(f->purpose)), f->minutes);
    count(&m->modes, sv_of(interp_mode_code(f->mode)), f->minutes);
}

enum pw_err interpreting_months(struct ctx *c, int64_t first, int64_t last, struct interp_month **ret, size_t *ret_n)
{
    enum interp_sight see;
    struct booking_fact *b;
    struct mark_fact *marks;
    size_t n_b, n_marks;
    PW_TRY(interpreting_see(c, &see));
    if (last < first || last - first >= MONTHS_MAX || first < 1)
        return problem_add(c->problems, "from", N_("Choose at most 24 months, the first before the last."));
    size_t n = (size_t)(last - first) + 1;
    struct interp_month *v = arena_array(c->arena, struct interp_month, n);
    if (!v)
        return PW_UNAVAILABLE;
    int64_t from = month_first_day(first) * CIVIL_DAY_MS, to = month_first_day(last + 1) * CIVIL_DAY_MS;
    PW_TRY(booking_facts(c, from, to, &b, &n_b));
    PW_TRY(interpreted_facts(c, from, to, &marks, &n_marks));
    for (size_t i = 0; i < n; i++)
        v[i].month = first + (int64_t)i;
    for (size_t i = 0; i < n_b; i++)
        count_booking(&v[month_of_ms(NULL, b[i].start_local) - first], &b[i]);
    for (size_t i = 0; i < n_marks; i++) {
        struct interp_month *m = &v[month_of_ms(NULL, marks[i].said_ms) - first];
        m->marks++;
        count(&m->hows, sv_of(through_how_code(marks[i].how)), 0);
    }
    for (size_t i = 0; i < n && see == INTERP_PROTECTED; i++) {
        protect(&v[i].langs);
        protect(&v[i].purposes);
        protect(&v[i].modes);
        protect(&v[i].hows);
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}
