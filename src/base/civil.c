/* SPDX-License-Identifier: EUPL-1.2 */
#include "civil.h"

#include <inttypes.h>
#include <stdio.h>

static bool leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int64_t floor_div(int64_t x, int64_t y)
{
    int64_t q = x / y;
    return x % y < 0 ? q - 1 : q;
}

int civil_month_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && leap(year) ? 29 : days[month - 1];
}

bool civil_date_valid(int64_t year, int month, int day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= civil_month_days(year, month);
}

/* Years are counted from March, so that the leap day is the last of its year; eras are 400 years of 146097 days. */
int64_t civil_day(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct civil civil_of(int64_t local_ms)
{
    int64_t days = civil_day_of(local_ms);
    int rest = (int)(local_ms - days * CIVIL_DAY_MS);
    int64_t era = floor_div(days + 719468, 146097);
    int64_t doe = days + 719468 - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (int)((5 * doy + 2) / 153);
    int month = mp < 10 ? mp + 3 : mp - 9;
    return (struct civil){.year = yoe + era * 400 + (month <= 2),
                          .month = month,
                          .day = (int)(doy - (153 * mp + 2) / 5 + 1),
                          .hour = rest / 3600000,
                          .minute = rest / 60000 % 60,
                          .second = rest / 1000 % 60,
                          .ms = rest % 1000};
}

int64_t civil_ms(const struct civil *c)
{
    return civil_day(c->year, c->month, c->day) * CIVIL_DAY_MS + c->hour * INT64_C(3600000) +
           c->minute * INT64_C(60000) + c->second * INT64_C(1000) + c->ms;
}

int64_t civil_day_of(int64_t local_ms)
{
    return floor_div(local_ms, CIVIL_DAY_MS);
}

int civil_weekday(int64_t day)
{
    int64_t w = (day + CIVIL_THURSDAY) % 7; /* 1970-01-01 was a Thursday */
    return (int)(w < 0 ? w + 7 : w);
}

int64_t civil_nth_weekday(int64_t year, int month, int weekday, int nth)
{
    int64_t first = civil_day(year, month, 1);
    int ahead = (weekday - civil_weekday(first) + 7) % 7;
    return first + ahead + 7 * (nth - 1);
}

/* The anonymous Gregorian computus (Meeus, Jones, Butcher). */
int64_t civil_easter(int64_t year)
{
    int64_t a = year % 19, b = year / 100, c = year % 100;
    int64_t h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int64_t l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    int64_t m = (a + 11 * h + 22 * l) / 451;
    int64_t x = h + l - 7 * m + 114;
    return civil_day(year, (int)(x / 31), (int)(x % 31 + 1));
}

int64_t civil_add_months(int64_t day, int64_t months)
{
    struct civil c = civil_of(day * CIVIL_DAY_MS);
    int64_t count = c.year * 12 + c.month - 1 + months;
    int64_t year = floor_div(count, 12);
    int month = (int)(count - year * 12) + 1;
    int last = civil_month_days(year, month);
    return civil_day(year, month, c.day < last ? c.day : last);
}

/* Exactly n digits at the front of *s. */
static bool digits(struct sv *s, size_t n, int *ret)
{
    int v = 0;
    if (s->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        v = v * 10 + (s->p[i] - '0');
    }
    *s = (struct sv){s->p + n, s->n - n};
    *ret = v;
    return true;
}

static bool mark(struct sv *s, char c)
{
    if (!s->n || s->p[0] != c)
        return false;
    *s = (struct sv){s->p + 1, s->n - 1};
    return true;
}

static bool date(struct sv *s, struct civil *c)
{
    int year;
    if (!digits(s, 4, &year) || !mark(s, '-') || !digits(s, 2, &c->month) || !mark(s, '-') || !digits(s, 2, &c->day))
        return false;
    c->year = year;
    return civil_date_valid(c->year, c->month, c->day);
}

bool civil_parse_date(struct sv text, int64_t *ret_day)
{
    struct civil c = {0};
    if (!date(&text, &c) || text.n)
        return false;
    *ret_day = civil_day(c.year, c.month, c.day);
    return true;
}

bool civil_parse_minutes(struct sv text, int *ret_minutes)
{
    int h, m;
    bool one_digit = text.n == 4;
    if (!digits(&text, one_digit ? 1 : 2, &h) || !mark(&text, ':') || !digits(&text, 2, &m) || text.n)
        return false;
    if (m > 59 || h > 24 || (h == 24 && m != 0))
        return false;
    *ret_minutes = h * 60 + m;
    return true;
}

bool civil_parse_rfc3339(struct sv text, int64_t *ret_utc_ms)
{
    struct civil c = {0};
    int sign = 0, oh = 0, om = 0;
    if (!date(&text, &c) || !(mark(&text, 'T') || mark(&text, 't')))
        return false;
    if (!digits(&text, 2, &c.hour) || !mark(&text, ':') || !digits(&text, 2, &c.minute) || !mark(&text, ':') ||
        !digits(&text, 2, &c.second) || c.hour > 23 || c.minute > 59 || c.second > 59)
        return false;
    if (mark(&text, '.')) {
        int scale = 100, digit;
        if (!digits(&text, 1, &digit))
            return false;
        do {
            c.ms += digit * scale;
            scale /= 10;
        } while (digits(&text, 1, &digit));
    }
    if (!mark(&text, 'Z') && !mark(&text, 'z')) {
        sign = mark(&text, '+') ? 1 : mark(&text, '-') ? -1 : 0;
        if (!sign || !digits(&text, 2, &oh) || !mark(&text, ':') || !digits(&text, 2, &om) || oh > 23 || om > 59)
            return false;
    }
    if (text.n)
        return false;
    *ret_utc_ms = civil_ms(&c) - sign * (oh * 60 + om) * INT64_C(60000);
    return true;
}

struct sv civil_date_text(int64_t day, char out[CIVIL_DATE_TEXT])
{
    struct civil c = civil_of(day * CIVIL_DAY_MS);
    int n = snprintf(out, CIVIL_DATE_TEXT, "%04" PRId64 "-%02d-%02d", c.year, c.month, c.day);
    return (struct sv){out, n > 0 && n < CIVIL_DATE_TEXT ? (size_t)n : 0};
}

struct sv civil_rfc3339(int64_t utc_ms, int32_t offset_s, char out[CIVIL_TIME_TEXT])
{
    struct civil c = civil_of(utc_ms + offset_s * INT64_C(1000));
    int32_t off = offset_s < 0 ? -offset_s : offset_s;
    char ms[8] = "", odd[8] = "";
    if (c.ms)
        snprintf(ms, sizeof ms, ".%03d", c.ms);
    if (off % 60) /* only offsets of long ago have seconds */
        snprintf(odd, sizeof odd, ":%02d", off % 60);
    int n = snprintf(out, CIVIL_TIME_TEXT, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d%s%c%02d:%02d%s", c.year, c.month,
                     c.day, c.hour, c.minute, c.second, ms, offset_s < 0 ? '-' : '+', off / 3600, off / 60 % 60, odd);
    return (struct sv){out, n > 0 && n < CIVIL_TIME_TEXT ? (size_t)n : 0};
}
