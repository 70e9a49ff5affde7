/* SPDX-License-Identifier: EUPL-1.2 */
#include "worktime.h"

enum { SEARCH_DAYS = 400, HORIZON_DAYS = 3660 };
#define HOUR_MS INT64_C(3600000)

static const char *const modes[WORK_MODE__MAX] = {"deferred", "wall", "working-hours"};

bool work_mode_parse(struct sv text, enum work_mode *ret_mode)
{
    for (int i = 0; i < WORK_MODE__MAX; i++) {
        if (sv_eq_z(text, modes[i])) {
            *ret_mode = (enum work_mode)i;
            return true;
        }
    }
    return false;
}

const char *work_mode_code(enum work_mode mode)
{
    return modes[mode];
}

enum pw_err work_check(const struct worktime *w, struct problems *ps)
{
    enum pw_err e = PW_OK;
    if (w->standard_h < 1 || w->standard_h > WORK_STANDARD_MAX_H)
        e = problem_add(ps, "standard_hours", N_("Write a number of hours from 1 to 8760."));
    else if (w->mode == WORK_DEFERRED && w->standard_h % 24 != 0)
        e = problem_add(ps, "standard_hours", N_("A promise in business days needs a multiple of 24 hours."));
    if (w->mode != WORK_WALL && !hours_any(&w->hours))
        e = problem_add(ps, "hours", N_("Give at least one opening period."));
    return e;
}

bool work_business_day(const struct worktime *w, int64_t day)
{
    return w->hours.day[civil_weekday(day)].n > 0 && !(w->cal && cal_is_holiday(w->cal, day, NULL));
}

/* ---- walking over the openings ---- */

struct span {
    int64_t from, to; /* ms UTC, [from, to) */
};

/* Openings in order of time. Readings of a wall clock become instants in an order that never goes back, so days and
 * their periods in order give spans in order, and none overlap. */
struct walk {
    const struct worktime *w;
    int64_t day, last_day;
    int period;
};

/* From the date the clock shows. Nothing of an earlier date is open still: its last moment is the first midnight. A
 * later date may have opened already, in an hour that the clock shows twice around midnight. */
static struct walk walk_from(const struct worktime *w, int64_t at_ms, int64_t days)
{
    int64_t day = civil_day_of(tz_local_ms(w->tz, at_ms));
    return (struct walk){w, day, day + days, 0};
}

static bool walk_next(struct walk *k, struct span *ret)
{
    for (; k->day <= k->last_day; k->day++, k->period = 0) {
        if (k->period == 0 && !work_business_day(k->w, k->day))
            continue;
        const struct hours_day *h = &k->w->hours.day[civil_weekday(k->day)];
        while (k->period < h->n) {
            struct hours_period p = h->v[k->period++];
            int64_t midnight = k->day * CIVIL_DAY_MS;
            ret->from = tz_utc_ms(k->w->tz, midnight + p.open * INT64_C(60000), TZ_EARLIER, NULL);
            ret->to = tz_utc_ms(k->w->tz, midnight + p.close * INT64_C(60000), TZ_EARLIER, NULL);
            if (ret->from < ret->to) /* a period inside the skipped hour is no opening */
                return true;
        }
    }
    return false;
}

/* The first opening that ends after the instant. */
static bool span_at(const struct worktime *w, int64_t at_ms, struct walk *k, struct span *ret)
{
    *k = walk_from(w, at_ms, SEARCH_DAYS);
    while (walk_next(k, ret))
        if (ret->to > at_ms)
            return true;
    return false;
}

bool work_is_open(const struct worktime *w, int64_t at_ms)
{
    struct walk k = walk_from(w, at_ms, 1);
    struct span s;
    while (walk_next(&k, &s))
        if (s.from <= at_ms && at_ms < s.to)
            return true;
    return false;
}

enum pw_err work_next_open(const struct worktime *w, int64_t at_ms, int64_t *ret_ms)
{
    struct walk k;
    struct span s;
    if (!span_at(w, at_ms, &k, &s))
        return PW_INVALID;
    *ret_ms = s.from > at_ms ? s.from : at_ms;
    return PW_OK;
}

enum pw_err work_closes(const struct worktime *w, int64_t at_ms, int64_t *ret_ms)
{
    struct walk k;
    struct span s, next;
    if (!span_at(w, at_ms, &k, &s) || s.from > at_ms)
        return PW_INVALID;
    while (walk_next(&k, &next)) {
        if (next.from > s.to) {
            *ret_ms = s.to;
            return PW_OK;
        }
        s.to = next.to;
    }
    if (civil_day_of(tz_local_ms(w->tz, s.to)) >= k.last_day)
        return PW_NOT_FOUND; /* open around the clock */
    *ret_ms = s.to;
    return PW_OK;
}

int64_t work_open_ms(const struct worktime *w, int64_t from_ms, int64_t to_ms)
{
    struct walk k = walk_from(w, from_ms, HORIZON_DAYS);
    struct span s;
    int64_t sum = 0;
    while (walk_next(&k, &s) && s.from < to_ms) {
        int64_t from = s.from > from_ms ? s.from : from_ms, to = s.to < to_ms ? s.to : to_ms;
        if (to > from)
            sum += to - from;
    }
    return sum;
}

enum pw_err work_after(const struct worktime *w, int64_t from_ms, int64_t open_ms, int64_t *ret_ms)
{
    struct walk k = walk_from(w, from_ms, HORIZON_DAYS);
    struct span s;
    int64_t last_end = from_ms;
    if (open_ms <= 0)
        return PW_INVALID;
    while (walk_next(&k, &s)) {
        int64_t from = s.from > from_ms ? s.from : from_ms;
        if (from - last_end > SEARCH_DAYS * CIVIL_DAY_MS)
            return PW_INVALID;
        if (s.to <= from)
            continue;
        if (s.to - from >= open_ms) {
            *ret_ms = from + open_ms;
            return PW_OK;
        }
        open_ms -= s.to - from;
        last_end = s.to;
    }
    return PW_INVALID;
}

/* ---- promises ---- */

/* The same reading of the clock, `days` business days after the date of the start. */
static enum pw_err business_days_after(const struct worktime *w, int64_t start_ms, int32_t days, int64_t *ret_ms)
{
    int64_t local = tz_local_ms(w->tz, start_ms), day = civil_day_of(local), reading = local - day * CIVIL_DAY_MS;
    int64_t first = day;
    for (int since = 0; days > 0;) {
        day++;
        if (work_business_day(w, day)) {
            days--;
            since = 0;
        } else if (++since > SEARCH_DAYS || day - first > HORIZON_DAYS) {
            return PW_INVALID;
        }
    }
    if (day - first > HORIZON_DAYS)
        return PW_INVALID;
    *ret_ms = tz_utc_ms(w->tz, day * CIVIL_DAY_MS + reading, TZ_EARLIER, NULL);
    return PW_OK;
}

enum pw_err work_due(const struct worktime *w, int64_t received_ms, int64_t *ret_start_ms, int64_t *ret_due_ms)
{
    int64_t start = received_ms, due = 0;
    PW_TRY(work_check(w, NULL));
    if (w->mode != WORK_WALL)
        PW_TRY(work_next_open(w, received_ms, &start));
    switch (w->mode) {
    case WORK_DEFERRED:
        PW_TRY(business_days_after(w, start, w->standard_h / 24, &due));
        break;
    case WORK_OPEN_HOURS:
        PW_TRY(work_after(w, start, w->standard_h * HOUR_MS, &due));
        break;
    case WORK_WALL:
        due = start + w->standard_h * HOUR_MS;
        break;
    case WORK_MODE__MAX:
        return PW_INVALID;
    }
    *ret_start_ms = start;
    *ret_due_ms = due;
    return PW_OK;
}

static int64_t promised_ms(const struct worktime *w, int64_t from_ms, int64_t to_ms)
{
    return w->mode == WORK_WALL ? to_ms - from_ms : work_open_ms(w, from_ms, to_ms);
}

int work_used_permille(const struct worktime *w, int64_t start_ms, int64_t due_ms, int64_t at_ms)
{
    if (at_ms >= due_ms)
        return 1000;
    if (at_ms <= start_ms)
        return 0;
    int64_t all = promised_ms(w, start_ms, due_ms);
    if (all <= 0)
        return 0;
    /* the hours of the due day may end before the due time: then all is used but nothing is late yet */
    int64_t used = promised_ms(w, start_ms, at_ms) * 1000 / all;
    return used > 999 ? 999 : (int)used;
}

int64_t work_at_permille(const struct worktime *w, int64_t start_ms, int64_t due_ms, int permille)
{
    int64_t at = due_ms, all = promised_ms(w, start_ms, due_ms);
    if (permille <= 0)
        return start_ms;
    if (permille >= 1000 || all <= 0)
        return due_ms;
    int64_t part = (all * permille + 999) / 1000;
    if (w->mode == WORK_WALL)
        return start_ms + part;
    if (work_after(w, start_ms, part, &at) != PW_OK || at > due_ms)
        return due_ms;
    return at;
}
