/* SPDX-License-Identifier: EUPL-1.2 */
#include "hours_words.h"

#include "ui/format.h"

static const char *const day_names[7] = {N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
                                         N_("Friday"), N_("Saturday"), N_("Sunday")};

static bool same_day(const struct hours_day *x, const struct hours_day *y)
{
    if (x->n != y->n)
        return false;
    for (int i = 0; i < x->n; i++)
        if (x->v[i].open != y->v[i].open || x->v[i].close != y->v[i].close)
            return false;
    return true;
}

static struct sv clock(const struct page *pg, int minutes)
{
    enum { MINUTE_MS = 60000 };
    return format_time(pg->cat, pg->arena, (int64_t)minutes * MINUTE_MS, SV("UTC"));
}

static struct sv periods(const struct page *pg, const struct hours_day *d)
{
    enum { DAY_MINUTES = 24 * 60 };
    struct arena *a = pg->arena;
    struct sv out = {0};
    if (d->n == 1 && d->v[0].open == 0 && d->v[0].close == DAY_MINUTES)
        return text_t(pg->cat, a, N_("at any hour"), NULL, 0);
    for (int i = 0; i < d->n; i++) {
        struct sv args[2] = {clock(pg, d->v[i].open), clock(pg, d->v[i].close)};
        struct sv one = text_t(pg->cat, a, N_("from {0} to {1}"), args, 2);
        out = out.n ? arena_fmt(a, "%.*s, %.*s", SV_ARG(out), SV_ARG(one)) : one;
    }
    return out;
}

struct sv hours_words(const struct page *pg, const struct hours *h)
{
    struct arena *a = pg->arena;
    struct sv out = {0};
    for (int from = 0, to; from < 7; from = to + 1) {
        to = from;
        while (to < 6 && same_day(&h->day[from], &h->day[to + 1]))
            to++;
        if (!h->day[from].n)
            continue;
        struct sv args[3] = {text_t(pg->cat, a, day_names[from], NULL, 0), text_t(pg->cat, a, day_names[to], NULL, 0),
                             periods(pg, &h->day[from])};
        struct sv one = to > from ? text_t(pg->cat, a, N_("{0} to {1}, {2}"), args, 3)
                                  : text_t(pg->cat, a, N_("{0}, {1}"), (struct sv[]){args[0], args[2]}, 2);
        out = out.n ? arena_fmt(a, "%.*s; %.*s", SV_ARG(out), SV_ARG(one)) : one;
    }
    return out;
}
