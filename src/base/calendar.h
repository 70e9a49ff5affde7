/* SPDX-License-Identifier: EUPL-1.2 */
/* calendar: statutory holidays of the Canadian provinces, territories and federally regulated employers as rules with
 * years of validity, plus the days an organisation adds or removes (SLA-1, Q-4). Pure functions on civil days
 * (base/civil.h); allocates nothing. A statutory day is a rule about pay: it is a proposal for a closing day, so every
 * date can be removed and any date added. Source of the rules: docs of the release, dates checked 2024-2032. */
#ifndef PW_CALENDAR_H
#define PW_CALENDAR_H

#include "civil.h"

enum cal_place {
    CAL_NONE,
    CAL_FED,
    CAL_AB,
    CAL_BC,
    CAL_MB,
    CAL_NB,
    CAL_NL,
    CAL_NS,
    CAL_NT,
    CAL_NU,
    CAL_ON,
    CAL_PE,
    CAL_QC,
    CAL_SK,
    CAL_YT,
    CAL_PLACE__MAX
};
/* Where a holiday on a Saturday or Sunday is also kept: nowhere, or on the free working day (Monday to Friday) after or
 * before it. Days with a substitute in the law itself (Quebec 24 June, 1 July in FED, QC, SK) follow the law. */
enum cal_shift { CAL_SHIFT_NONE, CAL_SHIFT_NEXT, CAL_SHIFT_PREVIOUS, CAL_SHIFT__MAX };
/* Quebec lets the employer choose; everywhere else only Good Friday is statutory. */
enum cal_easter { CAL_GOOD_FRIDAY, CAL_EASTER_MONDAY, CAL_EASTER_BOTH, CAL_EASTER__MAX };

struct cal_edit {
    int64_t day;
    bool removed;   /* the day is open although the base calendar has it; otherwise the day is closed */
    struct sv name; /* of an added day, as the organisation wrote it */
};
struct calendar {
    enum cal_place place;
    enum cal_shift shift;
    enum cal_easter easter;       /* read for CAL_QC only */
    const struct cal_edit *edits; /* caller's memory; the last edit of a day counts */
    size_t edits_n;
};

bool cal_place_parse(struct sv text, enum cal_place *ret_place); /* "none", "CA-AB" … "CA-YT", "CA-FED" (also "CA") */
const char *cal_place_code(enum cal_place place);
const char *cal_place_name(enum cal_place place, bool french);
bool cal_shift_parse(struct sv text, enum cal_shift *ret_shift); /* "none", "next", "previous" */
const char *cal_shift_code(enum cal_shift shift);

struct cal_day {
    int64_t day;
    const char *key;  /* "family", stable; "added" for an organisation's own day */
    struct sv en, fr; /* names; both are the organisation's words for an added day */
    bool observed;    /* a substitute for a holiday on a weekend */
};
/* Closed because of the calendar? ret_day may be NULL. */
bool cal_is_holiday(const struct calendar *cal, int64_t day, struct cal_day *ret_day);
/* The holidays of one year in order of date, for showing; at most `max`, returns how many. */
enum { CAL_YEAR_MAX = 64 };
size_t cal_year(const struct calendar *cal, int64_t year, struct cal_day *out, size_t max);

#endif
