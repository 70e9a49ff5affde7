/* SPDX-License-Identifier: EUPL-1.2 */
#include "tz_rule.h"

#include <string.h>

static bool letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(struct sv s)
{
    return s.n ? s.p[0] : 0;
}

static void skip(struct sv *s, size_t n)
{
    *s = (struct sv){s->p + n, s->n - n};
}

static bool take(struct sv *s, char c)
{
    if (peek(*s) != c)
        return false;
    skip(s, 1);
    return true;
}

static bool number(struct sv *s, int max, int *ret)
{
    int v = 0;
    if (!digit(peek(*s)))
        return false;
    while (digit(peek(*s))) {
        v = v * 10 + (s->p[0] - '0');
        if (v > max)
            return false;
        skip(s, 1);
    }
    *ret = v;
    return true;
}

/* Three letters or more, or <…> with digits and signs as well. */
static bool abbrev(struct sv *s, char out[TZ_ABBREV_MAX + 1])
{
    bool quoted = take(s, '<');
    size_t n = 0;
    while (n < s->n && (letter(s->p[n]) || (quoted && (digit(s->p[n]) || s->p[n] == '+' || s->p[n] == '-'))))
        n++;
    if (n < 3 || n > TZ_ABBREV_MAX)
        return false;
    memcpy(out, s->p, n);
    out[n] = 0;
    skip(s, n);
    return !quoted || take(s, '>');
}

/* [+-]hh[:mm[:ss]], in seconds. */
static bool clock_time(struct sv *s, int max_hours, int32_t *ret)
{
    int sign = take(s, '-') ? -1 : 1, h, m = 0, sec = 0;
    if (sign > 0)
        (void)take(s, '+');
    if (!number(s, max_hours, &h))
        return false;
    if (take(s, ':') && (!number(s, 59, &m) || (take(s, ':') && !number(s, 59, &sec))))
        return false;
    *ret = sign * (h * 3600 + m * 60 + sec);
    return true;
}

static bool rule_day(struct sv *s, struct tz_rule_day *d)
{
    d->time_s = 7200;
    if (take(s, 'M')) {
        d->kind = TZ_DAY_MONTH;
        if (!number(s, 12, &d->month) || !take(s, '.') || !number(s, 5, &d->week) || !take(s, '.') ||
            !number(s, 6, &d->weekday) || d->month == 0 || d->week == 0)
            return false;
    } else if (take(s, 'J')) {
        d->kind = TZ_DAY_JULIAN;
        if (!number(s, 365, &d->n) || d->n == 0)
            return false;
    } else {
        d->kind = TZ_DAY_ZERO;
        if (!number(s, 365, &d->n))
            return false;
    }
    return !take(s, '/') || clock_time(s, 167, &d->time_s);
}

bool tz_rule_parse(struct sv text, struct tz_rule *ret_rule)
{
    struct tz_rule r = {0};
    int32_t west;
    if (text.n == 0) {
        *ret_rule = r;
        return true;
    }
    r.any = true;
    if (!abbrev(&text, r.std.abbrev) || !clock_time(&text, 24, &west))
        return false;
    r.std.offset_s = -west;
    if (text.n) {
        r.has_dst = r.dst.dst = true;
        if (!abbrev(&text, r.dst.abbrev))
            return false;
        west -= 3600;
        if (peek(text) != ',' && !clock_time(&text, 24, &west))
            return false;
        r.dst.offset_s = -west;
        /* without dates the rule would depend on the machine: TZif files always carry them */
        if (!take(&text, ',') || !rule_day(&text, &r.start) || !take(&text, ',') || !rule_day(&text, &r.end) || text.n)
            return false;
    }
    *ret_rule = r;
    return true;
}

static int64_t local_second(const struct tz_rule_day *d, int64_t year)
{
    int64_t day;
    if (d->kind == TZ_DAY_MONTH) {
        int weekday = (d->weekday + 6) % 7; /* from Monday */
        day = civil_nth_weekday(year, d->month, weekday, d->week);
        if (day >= civil_day(year, d->month, 1) + civil_month_days(year, d->month))
            day -= 7; /* "week 5" is the last one */
    } else {
        day = civil_day(year, 1, 1) + d->n;
        if (d->kind == TZ_DAY_JULIAN)
            day -= d->n >= 60 && civil_month_days(year, 2) == 29 ? 0 : 1;
    }
    return day * 86400 + d->time_s;
}

struct change {
    int64_t at_s;
    bool to_dst;
};

bool tz_rule_at(const struct tz_rule *rule, int64_t utc_s, struct tz_at *ret_at, int64_t *ret_next_s)
{
    if (!rule->has_dst) {
        *ret_at = rule->std;
        return false;
    }
    int64_t year = civil_of((utc_s + rule->std.offset_s) * 1000).year;
    struct change c[10];
    int n = 0;
    /* A change may lie days outside its year (times go from -167 to 167 hours), so the years around it count too. */
    for (int64_t y = year - 2; y <= year + 2; y++) {
        struct change two[] = {{local_second(&rule->start, y) - rule->std.offset_s, true},
                               {local_second(&rule->end, y) - rule->dst.offset_s, false}};
        for (int k = 0; k < 2; k++) {
            int at = n++;
            while (at > 0 && c[at - 1].at_s > two[k].at_s) {
                c[at] = c[at - 1];
                at--;
            }
            c[at] = two[k];
        }
    }
    int last = 0;
    while (last + 1 < n && c[last + 1].at_s <= utc_s)
        last++;
    *ret_at = c[last].to_dst ? rule->dst : rule->std;
    if (ret_next_s)
        *ret_next_s = c[last + 1 < n ? last + 1 : last].at_s;
    return true;
}
