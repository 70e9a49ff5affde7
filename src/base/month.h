/* SPDX-License-Identifier: EUPL-1.2 */
/* month: calendar months as numbers, year * 12 + month - 1, by the wall clock of a zone. Pure. */
#ifndef PW_MONTH_H
#define PW_MONTH_H

#include "base/arena.h"
#include "base/tz.h"

int64_t month_of_ms(const struct tz *tz, int64_t at_ms); /* tz NULL = UTC */
int64_t month_of_day(int64_t day);                       /* a civil day (base/civil.h) */
void month_bounds(const struct tz *tz, int64_t month, int64_t *ret_from_ms, int64_t *ret_to_ms);
int64_t month_first_day(int64_t month);         /* a civil day */
bool month_parse(struct sv text, int64_t *ret); /* "2026-03", years 2000 to 2199 */
struct sv month_text(struct arena *a, int64_t month);
static inline int64_t month_year(int64_t month)
{
    return month / 12;
}
static inline int64_t month_number(int64_t month)
{
    return month % 12 + 1;
}

#endif
