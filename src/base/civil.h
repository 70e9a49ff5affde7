/* SPDX-License-Identifier: EUPL-1.2 */
/* civil: arithmetic on dates and clock readings without any time zone. Pure, allocates nothing.
 * A day is a count of days since 1970-01-01 (proleptic Gregorian). A "local ms" is what a wall clock shows, counted in
 * ms as if that clock were UTC: day * CIVIL_DAY_MS + ms of the day. base/tz.h turns it into a real instant. */
#ifndef PW_CIVIL_H
#define PW_CIVIL_H

#include "sv.h"

#define CIVIL_DAY_MS INT64_C(86400000)

enum { CIVIL_MONDAY, CIVIL_TUESDAY, CIVIL_WEDNESDAY, CIVIL_THURSDAY, CIVIL_FRIDAY, CIVIL_SATURDAY, CIVIL_SUNDAY };

struct civil {
    int64_t year;
    int month, day; /* from 1 */
    int hour, minute, second, ms;
};

int64_t civil_day(int64_t year, int month, int day); /* the date must be valid */
bool civil_date_valid(int64_t year, int month, int day);
int civil_month_days(int64_t year, int month);
int civil_weekday(int64_t day); /* CIVIL_MONDAY … CIVIL_SUNDAY */
struct civil civil_of(int64_t local_ms);
int64_t civil_ms(const struct civil *c);
int64_t civil_day_of(int64_t local_ms);                                   /* floor */
int64_t civil_nth_weekday(int64_t year, int month, int weekday, int nth); /* nth 1..4 */
int64_t civil_easter(int64_t year);                                       /* Gregorian Easter Sunday */
int64_t civil_add_months(int64_t day, int64_t months); /* the last day of the month where the day does not exist */

/* Strict "YYYY-MM-DD", "HH:MM" (also "H:MM" and "24:00", in minutes), RFC 3339 with offset or Z (fractions cut to ms).
 * False, and nothing written, for anything else. Years 0001 to 9999. */
bool civil_parse_date(struct sv text, int64_t *ret_day);
bool civil_parse_minutes(struct sv text, int *ret_minutes);
bool civil_parse_rfc3339(struct sv text, int64_t *ret_utc_ms);

/* Text forms, NUL-terminated in `out`. */
enum { CIVIL_DATE_TEXT = 24, CIVIL_TIME_TEXT = 48 };
struct sv civil_date_text(int64_t day, char out[CIVIL_DATE_TEXT]);
/* RFC 3339 of an instant as a clock with this offset shows it; ms only when not zero; an offset of 0 is "+00:00". */
struct sv civil_rfc3339(int64_t utc_ms, int32_t offset_s, char out[CIVIL_TIME_TEXT]);

#endif
