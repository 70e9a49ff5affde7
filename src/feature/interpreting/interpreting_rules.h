/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting_rules: what may happen to an appointment with an interpreter, and when two cannot both be (LANG-5).
 * Pure: no clock, no database. Times are ms UTC, days are civil days in the zone of the appointment. */
#ifndef PW_INTERPRETING_RULES_H
#define PW_INTERPRETING_RULES_H

#include "base/tz.h"
#include "base/worktime.h"

/* ---- codes ---- */

enum interp_mode { INTERP_IN_PERSON, INTERP_TELEPHONE, INTERP_VIDEO, INTERP_MODE__MAX };
enum interpreter_kind { INTERPRETER_STAFF, INTERPRETER_VOLUNTEER, INTERPRETER_OUTSIDE, INTERPRETER_KIND__MAX };
enum booking_purpose { BOOKED_MEETING, BOOKED_INTAKE, BOOKED_SURVEY, BOOKED_OTHER, BOOKING_PURPOSE__MAX };
enum booking_state {
    BOOKING_ASKED,     /* the interpreter has not answered yet */
    BOOKING_CONFIRMED, /* the interpreter comes */
    BOOKING_DECLINED,  /* the interpreter cannot */
    BOOKING_CANCELLED,
    BOOKING_DONE,
    BOOKING_NO_INTERPRETER, /* not kept: the interpreter did not come */
    BOOKING_NO_PERSON,      /* not kept: the person did not come */
    BOOKING_STATE__MAX
};
enum through_how { THROUGH_BOOKING, THROUGH_INTERPRETER, THROUGH_FAMILY, THROUGH_HOW__MAX };

/* Stable codes and message ids; parsing is exact. */
const char *interp_mode_code(enum interp_mode m);
const char *interp_mode_label(enum interp_mode m);
bool interp_mode_parse(struct sv code, enum interp_mode *ret);
const char *interpreter_kind_code(enum interpreter_kind k);
const char *interpreter_kind_label(enum interpreter_kind k);
bool interpreter_kind_parse(struct sv code, enum interpreter_kind *ret);
const char *booking_purpose_code(enum booking_purpose p);
const char *booking_purpose_label(enum booking_purpose p);
bool booking_purpose_parse(struct sv code, enum booking_purpose *ret);
const char *booking_state_code(enum booking_state s);
const char *booking_state_label(enum booking_state s);
bool booking_state_parse(struct sv code, enum booking_state *ret);
const char *through_how_code(enum through_how h);
const char *through_how_label(enum through_how h);

/* "booking:ID", "interpreter:ID" or "family", as forms and the API send it. */
struct through_choice {
    enum through_how how;
    int64_t id; /* of the booking or the interpreter */
};
bool through_parse(struct sv text, struct through_choice *ret);

/* ---- states ---- */

bool booking_is_open(enum booking_state s); /* takes the interpreter's time */
/* started: the appointment has begun. Outcomes only then; they may be corrected into each other. */
bool booking_may_become(enum booking_state from, enum booking_state to, bool started);
/* Asked or confirmed, and not begun. */
bool booking_may_move(enum booking_state s, bool started);

/* What the person is to be told after a change. told_ms: the start last told, 0 = of none. */
enum booking_news { NEWS_NONE, NEWS_BOOKED, NEWS_MOVED, NEWS_OFF };
enum booking_news booking_news(enum booking_state s, int64_t told_ms, int64_t start_ms);

/* ---- time ---- */

enum { BOOKING_MINUTES_MIN = 5, BOOKING_MINUTES_MAX = 8 * 60 };
struct taken {
    int64_t id, start_ms, end_ms; /* [start, end) */
};
/* The first by time that overlaps [start, end), or NULL. except: an appointment that is being moved. */
const struct taken *booking_clash(const struct taken *v, size_t n, int64_t start_ms, int64_t end_ms, int64_t except);
/* The earliest moment from start_ms on at which so much time is free; v may be in any order. */
int64_t booking_next_free(const struct taken *v, size_t n, int64_t start_ms, int64_t end_ms, int64_t except);

/* From a wall clock to an instant. False when the clock never shows this time that day (spring); then *ret_ms is the
 * first instant after the gap. A time that comes twice is the earlier one. */
bool booking_instant(const struct tz *tz, int64_t local_ms, int64_t *ret_ms);

/* When to remind: at nine o'clock on the last business day before the day of the appointment, by the same clock. work:
 * whose business days; NULL = Monday to Friday. */
int64_t booking_reminder_ms(const struct tz *tz, const struct worktime *work, int64_t start_ms);

/* ---- undertakings ---- */

struct promise_span {
    int64_t from_day, until_day; /* the last day it holds; 0 = no end */
};
enum promise_cover {
    PROMISE_HOLDS,
    PROMISE_NONE,  /* never given */
    PROMISE_LATER, /* begins after the day */
    PROMISE_ENDED  /* ended before it */
};
/* Does one of them hold on all days from first_day to last_day? */
enum promise_cover promise_covers(const struct promise_span *v, size_t n, int64_t first_day, int64_t last_day);

/* ---- who to offer first ---- */

struct interp_fit {
    bool speaks, does_mode, promised, free;
    int64_t met;      /* appointments kept with this person before */
    int64_t upcoming; /* appointments to come */
    struct sv name;
};
bool interp_can(const struct interp_fit *f);
/* < 0: x first. Those who can, then whom the person knows, then who has least to do, then by name. */
int interp_fit_order(const struct interp_fit *x, const struct interp_fit *y);

#endif
