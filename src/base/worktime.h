/* SPDX-License-Identifier: EUPL-1.2 */
/* worktime: when the clock of a promise starts and when it runs out (SLA-1..SLA-3, Q-1, Q-2; domain.md 2.5).
 * Pure: zone, calendar and hours come in, nothing is allocated or read. Times are ms UTC.
 *
 *   deferred       start = received when open, else the next opening moment; due = same clock time, N/24 business days
 *                  after the start's date. A business day has opening hours and is no holiday.
 *   wall           start = received; due = N hours later. Needs no opening hours.
 *   working-hours  start as in deferred; due = when N hours of opening time have passed.
 *
 * Opening and closing readings become instants by the rule of base/tz.h (gap: first valid instant; fold: the earlier).
 * Every search is bounded: 400 days without an opening, or a due time ten years away, is PW_INVALID. */
#ifndef PW_WORKTIME_H
#define PW_WORKTIME_H

#include "calendar.h"
#include "hours.h"
#include "tz.h"

enum work_mode { WORK_DEFERRED, WORK_WALL, WORK_OPEN_HOURS, WORK_MODE__MAX };
bool work_mode_parse(struct sv text, enum work_mode *ret_mode); /* "deferred", "wall", "working-hours" */
const char *work_mode_code(enum work_mode mode);

enum { WORK_STANDARD_MAX_H = 8760 };

struct worktime {
    const struct tz *tz;
    const struct calendar *cal; /* NULL: no holidays */
    struct hours hours;
    int32_t standard_h; /* 1..WORK_STANDARD_MAX_H; a multiple of 24 when deferred */
    enum work_mode mode;
};

/* Checks the settings; problems are named "standard_hours" and "hours". */
PW_MUST_CHECK enum pw_err work_check(const struct worktime *w, struct problems *ps);

/* PW_INVALID when the settings are wrong or nothing opens in time. */
PW_MUST_CHECK enum pw_err work_due(const struct worktime *w, int64_t received_ms, int64_t *ret_start_ms,
                                   int64_t *ret_due_ms);

bool work_is_open(const struct worktime *w, int64_t at_ms);
/* `at_ms` itself when open, else the next opening moment. PW_INVALID when none within 400 days. */
PW_MUST_CHECK enum pw_err work_next_open(const struct worktime *w, int64_t at_ms, int64_t *ret_ms);
/* When the opening that holds `at_ms` ends (touching periods are one). PW_INVALID when closed at that instant,
 * PW_NOT_FOUND when it does not close within 400 days. */
PW_MUST_CHECK enum pw_err work_closes(const struct worktime *w, int64_t at_ms, int64_t *ret_ms);
bool work_business_day(const struct worktime *w, int64_t day); /* civil day */

int64_t work_open_ms(const struct worktime *w, int64_t from_ms, int64_t to_ms); /* at most ten years */
/* The instant at which `open_ms` (> 0) of opening time since `from_ms` have passed; may be a closing moment. */
PW_MUST_CHECK enum pw_err work_after(const struct worktime *w, int64_t from_ms, int64_t open_ms, int64_t *ret_ms);

/* Share of the promised time used at an instant, in thousandths: 0 up to the start, rising, 1000 exactly from due on
 * (SLA-6: urgent from 750). Opening time counts, except in wall mode. */
int work_used_permille(const struct worktime *w, int64_t start_ms, int64_t due_ms, int64_t at_ms);
/* The first instant with that share used (0..1000), for timers. */
int64_t work_at_permille(const struct worktime *w, int64_t start_ms, int64_t due_ms, int permille);

#endif
