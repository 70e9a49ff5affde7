/* SPDX-License-Identifier: EUPL-1.2 */
#include "month.h"

#include "base/civil.h"

int64_t month_of_ms(const struct tz *tz, int64_t at_ms)
{
    struct civil c = civil_of(tz ? tz_local_ms(tz, at_ms) : at_ms);
    return c.year * 12 + c.month - 1;
}

int64_t month_of_day(int64_t day)
{
    return month_of_ms(NULL, day * CIVIL_DAY_MS);
}

int64_t month_first_day(int64_t month)
{
    return civil_day(month_year(month), (int)month_number(month), 1);
}

static int64_t first_ms(const struct tz *tz, int64_t month)
{
    int64_t local = month_first_day(month) * CIVIL_DAY_MS;
    return tz ? tz_utc_ms(tz, local, TZ_EARLIER, NULL) : local;
}

void month_bounds(const struct tz *tz, int64_t month, int64_t *ret_from_ms, int64_t *ret_to_ms)
{
    *ret_from_ms = first_ms(tz, month);
    *ret_to_ms = first_ms(tz, month + 1);
}

bool month_parse(struct sv text, int64_t *ret)
{
    int64_t year, month;
    if (text.n != 7 || text.p[4] != '-' || !sv_int(sv_sub(text, 0, 4), &year) || !sv_int(sv_sub(text, 5, 2), &month))
        return false;
    if (year < 2000 || year > 2199 || month < 1 || month > 12)
        return false;
    *ret = year * 12 + month - 1;
    return true;
}

struct sv month_text(struct arena *a, int64_t month)
{
    return arena_fmt(a, "%04d-%02d", (int)month_year(month), (int)month_number(month));
}
