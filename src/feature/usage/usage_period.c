/* SPDX-License-Identifier: EUPL-1.2 */
/* Any time from one day to another (T-6: "per period"). Whole months in it are the months as they are kept; the days
 * before and behind them are counted now. What was accepted as silently gone belongs to the last day of its month. */
#include "base/civil.h"
#include "base/tz.h"
#include "feature/usage/usage_store.h"

static int64_t midnight(const struct community *com, int64_t day)
{
    const struct tz *tz;
    return tz_find(com->zone, &tz) == PW_OK ? tz_utc_ms(tz, day * CIVIL_DAY_MS, TZ_EARLIER, NULL) : day * CIVIL_DAY_MS;
}

static void add(struct arena *a, struct activity *sum, const struct activity *x)
{
    for (int i = 0; i < DID__MAX; i++)
        sum->all[i] += x->all[i];
    for (size_t i = 0; i < x->types.n; i++)
        sum->posts[activity_code(a, &sum->types, x->types.v[i])] += x->posts[i];
    for (size_t i = 0; i < ACTIVITY_HOURS; i++)
        sum->hours[i] += x->hours[i];
}

static int64_t gone_in(const struct usage_end_row *v, size_t n, int64_t first, int64_t last)
{
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += v[i].month >= first && v[i].month <= last ? v[i].gone : 0;
    return sum;
}

/* Days of one month that are not all of it; with its last day come its silently gone. */
static enum pw_err add_days(struct ctx *c, const struct community *com, int64_t from, int64_t to,
                            const struct usage_end_row *ends, size_t n_ends, struct activity *sum)
{
    struct activity *a = arena_new(c->arena, struct activity);
    int64_t month = month_of_day(to);
    if (!a)
        return PW_UNAVAILABLE;
    PW_TRY(activity_count(c, com, midnight(com, from), midnight(com, to + 1), a));
    if (to + 1 == month_first_day(month + 1))
        a->all[DID_VANISH] += gone_in(ends, n_ends, month, month);
    add(c->arena, sum, a);
    return PW_OK;
}

static enum pw_err add_months(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                              struct activity *sum)
{
    struct usage_month *v;
    size_t n;
    PW_TRY(usage_months(c, com, USAGE_ALL, first, last, &v, &n));
    for (size_t i = 0; i < n; i++)
        add(c->arena, sum, v[i].a);
    return PW_OK;
}

/* Members when a day begins, with what was accepted as silently gone by then. */
static enum pw_err members_at(struct ctx *c, const struct community *com, int64_t day, const struct usage_end_row *ends,
                              size_t n_ends, int64_t *ret)
{
    struct activity *a = arena_new(c->arena, struct activity);
    if (!a)
        return PW_UNAVAILABLE;
    int64_t at = midnight(com, day);
    PW_TRY(activity_count(c, com, at - 1, at, a));
    *ret = a->all[DID_MEMBERS] - gone_in(ends, n_ends, 0, month_of_day(day) - 1);
    return PW_OK;
}

static enum pw_err check(struct ctx *c, enum usage_sight sight, int64_t from, int64_t to, int64_t today)
{
    if (from > to)
        return problem_add(c->problems, "from", N_("The first day comes after the last."));
    if (from > today)
        return problem_add(c->problems, "from", N_("This day is still to come."));
    if (month_of_day(to) - month_of_day(from) >= USAGE_MONTHS_MAX)
        return problem_add(c->problems, "from", N_("Choose at most 60 months."));
    bool whole =
        from == month_first_day(month_of_day(from)) && (to == today || to + 1 == month_first_day(month_of_day(to) + 1));
    if (sight == USAGE_PROTECTED && !whole) /* two periods that differ by a day would tell what one person did */
        return problem_add(c->problems, "from", N_("Choose whole months: from a first day to a last day."));
    return PW_OK;
}

enum pw_err usage_period(struct ctx *c, const struct community *com, enum usage_sight sight, int64_t from, int64_t to,
                         struct usage_period *ret)
{
    int64_t today = today_of(c, com), day = from;
    struct activity *sum = arena_new(c->arena, struct activity), *all = arena_new(c->arena, struct activity);
    struct usage_end_row *ends;
    size_t n_ends;
    PW_TRY(check(c, sight, from, to, today));
    if (!sum || !all)
        return PW_UNAVAILABLE;
    to = to < today ? to : today;
    PW_TRY(usage_end_rows(c, com->id, month_of_day(to), &ends, &n_ends));
    int64_t first = month_of_day(from) + (from != month_first_day(month_of_day(from)));
    int64_t last =
        to == today || to + 1 == month_first_day(month_of_day(to) + 1) ? month_of_day(to) : month_of_day(to) - 1;
    if (first > last) { /* no whole month: at most the end of one and the beginning of the next */
        int64_t turn = month_first_day(month_of_day(to));
        if (day < turn)
            PW_TRY(add_days(c, com, day, turn - 1, ends, n_ends, sum));
        PW_TRY(add_days(c, com, day > turn ? day : turn, to, ends, n_ends, sum));
    } else {
        if (day < month_first_day(first))
            PW_TRY(add_days(c, com, day, month_first_day(first) - 1, ends, n_ends, sum));
        PW_TRY(add_months(c, com, first, last, sum));
        if (month_first_day(last + 1) <= to)
            PW_TRY(add_days(c, com, month_first_day(last + 1), to, ends, n_ends, sum));
    }
    PW_TRY(activity_count(c, com, midnight(com, from), midnight(com, to + 1), all));
    sum->all[DID_TAKE_PART] = all->all[DID_TAKE_PART]; /* one person in two months is one person */
    struct usage_period p = {.from_day = from, .to_day = to, .a = sum};
    PW_TRY(members_at(c, com, from, ends, n_ends, &p.members_before));
    bool month_over = to + 1 == month_first_day(month_of_day(to) + 1);
    sum->all[DID_MEMBERS] =
        all->all[DID_MEMBERS] - gone_in(ends, n_ends, 0, month_over ? month_of_day(to) : month_of_day(to) - 1);
    *ret = p;
    return PW_OK;
}
