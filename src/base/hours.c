/* SPDX-License-Identifier: EUPL-1.2 */
#include "hours.h"

#include "civil.h"

enum { DAY_MINUTES = 24 * 60 };
static const char *const day_names[7] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

static bool day_of(struct sv text, int *ret)
{
    for (int i = 0; i < 7; i++) {
        if (sv_ieq(text, sv_of(day_names[i]))) {
            *ret = i;
            return true;
        }
    }
    return false;
}

/* "mon-fri,sun" as a set of days; false when a part of it is no day. */
static bool days_of(struct sv text, bool set[7])
{
    struct sv part;
    if (text.n == 0 || text.n > HOURS_TEXT_MAX)
        return false;
    for (int i = 0; i < 7; i++)
        set[i] = false;
    for (struct sv rest = text; sv_cut(&rest, ',', &part);) {
        struct sv to = part, from;
        int first, last;
        (void)sv_cut(&to, '-', &from);
        if (!to.p)
            to = from; /* one day */
        if (!day_of(sv_trim(from), &first) || !day_of(sv_trim(to), &last))
            return false;
        for (int d = first;; d = (d + 1) % 7) { /* "sat-mon" goes over the end of the week */
            set[d] = true;
            if (d == last)
                break;
        }
    }
    return true;
}

/* Puts a period in, merging what it touches. */
static bool day_add(struct hours_day *day, struct hours_period p)
{
    struct hours_day out = {0};
    for (int i = 0; i < day->n; i++) {
        struct hours_period q = day->v[i];
        if (q.close < p.open || q.open > p.close) {
            if (out.n == HOURS_PERIODS_MAX)
                return false;
            out.v[out.n++] = q;
        } else {
            p.open = q.open < p.open ? q.open : p.open;
            p.close = q.close > p.close ? q.close : p.close;
        }
    }
    if (out.n == HOURS_PERIODS_MAX)
        return false;
    int at = out.n++;
    while (at > 0 && out.v[at - 1].open > p.open) {
        out.v[at] = out.v[at - 1];
        at--;
    }
    out.v[at] = p;
    *day = out;
    return true;
}

enum hours_fault hours_add(struct hours *h, struct sv days, struct sv open, struct sv close)
{
    bool set[7];
    int from, to;
    if (!days_of(days, set))
        return HOURS_BAD_DAYS;
    if (!civil_parse_minutes(open, &from) || from == DAY_MINUTES)
        return HOURS_BAD_OPEN;
    if (!civil_parse_minutes(close, &to) || to <= from)
        return HOURS_BAD_CLOSE;
    struct hours out = *h;
    for (int i = 0; i < 7; i++)
        if (set[i] && !day_add(&out.day[i], (struct hours_period){(int16_t)from, (int16_t)to}))
            return HOURS_TOO_MANY;
    *h = out;
    return HOURS_OK;
}

const char *hours_fault_message(enum hours_fault fault)
{
    switch (fault) {
    case HOURS_BAD_DAYS:
        return N_("Write days as mon-fri, sat or mon,wed,fri.");
    case HOURS_BAD_OPEN:
        return N_("Write the opening time as 09:00, between 00:00 and 23:59.");
    case HOURS_BAD_CLOSE:
        return N_("Write the closing time as 17:00, later than the opening time, at most 24:00.");
    case HOURS_TOO_MANY:
        return N_("At most eight periods a day.");
    case HOURS_OK:
        break;
    }
    return "";
}

static bool next_word(struct sv *rest, struct sv *ret_word)
{
    *rest = sv_trim(*rest);
    if (rest->n == 0)
        return false;
    size_t n = 0;
    while (n < rest->n && rest->p[n] != ' ' && (rest->p[n] < '\t' || rest->p[n] > '\r'))
        n++;
    *ret_word = sv_sub(*rest, 0, n);
    *rest = sv_sub(*rest, n, SIZE_MAX);
    return true;
}

enum pw_err hours_parse(struct sv text, const char *field, struct hours *ret_hours, struct problems *ps)
{
    struct hours h = {0};
    struct sv line, days, word, open;
    if (text.n > HOURS_TEXT_MAX)
        return problem_add(ps, field, N_("This text is too long."));
    for (struct sv rest = text; sv_cut(&rest, ';', &line);) {
        if (!next_word(&line, &days))
            continue;
        int periods = 0;
        while (next_word(&line, &word)) {
            struct sv close = word;
            (void)sv_cut(&close, '-', &open);
            enum hours_fault fault = hours_add(&h, days, open, close);
            if (fault != HOURS_OK)
                return problem_add_arg(ps, field, hours_fault_message(fault), fault == HOURS_BAD_DAYS ? days : word);
            periods++;
        }
        if (periods == 0)
            return problem_add_arg(ps, field, N_("Write opening hours as mon-fri 09:00-17:00."), days);
    }
    *ret_hours = h;
    return PW_OK;
}

static bool same_day(const struct hours_day *a, const struct hours_day *b)
{
    bool same = a->n == b->n;
    for (int i = 0; same && i < a->n; i++)
        same = a->v[i].open == b->v[i].open && a->v[i].close == b->v[i].close;
    return same;
}

void hours_text(const struct hours *h, struct buf *out)
{
    bool done[7] = {false};
    const char *between = "";
    for (int d = 0; d < 7; d++) {
        const struct hours_day *day = &h->day[d];
        if (done[d] || day->n == 0)
            continue;
        buf_z(out, between);
        between = "; ";
        const char *comma = "";
        for (int first = d; first < 7; first++) {
            int last = first;
            if (!same_day(day, &h->day[first]))
                continue;
            while (last + 1 < 7 && same_day(day, &h->day[last + 1]))
                last++;
            buf_fmt(out, "%s%s", comma, day_names[first]);
            if (last > first)
                buf_fmt(out, "%s%s", last == first + 1 ? "," : "-", day_names[last]);
            comma = ",";
            for (int i = first; i <= last; i++)
                done[i] = true;
            first = last;
        }
        for (int i = 0; i < day->n; i++)
            buf_fmt(out, " %02d:%02d-%02d:%02d", day->v[i].open / 60, day->v[i].open % 60, day->v[i].close / 60,
                    day->v[i].close % 60);
    }
}

bool hours_any(const struct hours *h)
{
    for (int i = 0; i < 7; i++)
        if (h->day[i].n)
            return true;
    return false;
}
