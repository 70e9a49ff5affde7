/* SPDX-License-Identifier: EUPL-1.2 */
#include "hours_words.h"

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

static struct sv periods(struct arena *a, const struct hours_day *d)
{
    struct sv out = {0};
    for (int i = 0; i < d->n; i++) {
        const struct hours_period *p = &d->v[i];
        struct sv one = arena_fmt(a, "%02d:%02d–%02d:%02d", p->open / 60, p->open % 60, p->close / 60, p->close % 60);
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
                             periods(a, &h->day[from])};
        struct sv one = to > from ? text_t(pg->cat, a, N_("{0} to {1}, {2}"), args, 3)
                                  : text_t(pg->cat, a, N_("{0}, {1}"), (struct sv[]){args[0], args[2]}, 2);
        out = out.n ? arena_fmt(a, "%.*s; %.*s", SV_ARG(out), SV_ARG(one)) : one;
    }
    return out;
}
