/* SPDX-License-Identifier: EUPL-1.2 */
/* The three tables of a report, once for the page, the file and the print. */
#include "feature/program/program_view.h"

struct sv modes_said(const struct page *pg, unsigned modes)
{
    struct sv out = {0};
    for (int i = 0; i < MODES; i++)
        if (mode_offered(modes, i)) {
            struct sv mode = page_say(pg, delivery_label((enum delivery)i));
            out = out.n ? arena_fmt(pg->arena, "%.*s · %.*s", SV_ARG(out), SV_ARG(mode)) : mode;
        }
    return out;
}

const char *step_label(struct sv what)
{
    return sv_eq_z(what, "enrolled")     ? N_("Enrolled")
           : sv_eq_z(what, "ended")      ? N_("Enrolment ended")
           : sv_eq_z(what, "taken-back") ? N_("End taken back")
                                         : N_("Changed");
}

struct sv figure_share(const struct page *pg, const struct figure *f)
{
    if (!f->of)
        return SV("–");
    const struct sv args[] = {format_percent(pg->cat, pg->arena, (double)f->n / (double)f->of, 0),
                              format_number(pg->cat, pg->arena, f->of)};
    return text_t(pg->cat, pg->arena, N_("{0} (n = {1})"), args, 2);
}

struct sv figure_change(const struct page *pg, const struct figure *f)
{
    struct sv s = format_number(pg->cat, pg->arena, f->n < 0 ? -f->n : f->n);
    return f->n == 0 ? s : arena_join(pg->arena, f->n < 0 ? SV("\xE2\x88\x92") : SV("+"), s);
}

static void columns(const struct page *pg, struct figure_table *t, const char *title, const char *const *msgids,
                    size_t n)
{
    *t = (struct figure_table){.title = page_say(pg, title), .n_columns = n};
    for (size_t i = 0; i < n; i++)
        t->columns[i] = page_say(pg, msgids[i]);
}

static struct figure *row(struct figure_table *t, struct sv name)
{
    struct figure *f = &t->cells[t->n_columns * t->n_rows++];
    f[0] = (struct figure){.kind = FIGURE_TEXT, .text = name};
    return f;
}

static struct figure number(int64_t n, enum small_show show)
{
    return (struct figure){.kind = show == SMALL_SHOWN ? FIGURE_NUMBER : FIGURE_HIDDEN, .n = n};
}

static struct figure share(int64_t n, int64_t of, enum small_show show)
{
    return (struct figure){.kind = show == SMALL_SHOWN ? FIGURE_SHARE : FIGURE_HIDDEN, .n = n, .of = of};
}

/* A mode that is neither offered nor used has no row. */
static bool has_row(const struct program_report *r, size_t mode)
{
    const struct mode_figures *m = &r->f.mode[mode];
    return mode_offered(r->p.modes, (int)mode) || m->at_start || m->began || m->people;
}

static void flows(const struct page *pg, const struct program_report *r, struct figure_table *t)
{
    static const char *const titles[] = {N_("Mode in use"),  N_("At the start"),    N_("Newly enrolled"),
                                         N_("Changed mode"), N_("Enrolment ended"), N_("At the end")};
    columns(pg, t, N_("Enrolments"), titles, 6);
    for (size_t i = 0; i <= DELIVERY__MAX; i++) {
        bool all = i == DELIVERY__MAX;
        const struct mode_figures *m = all ? &r->f.all : &r->f.mode[i];
        if (!all && (r->protect || !has_row(r, i)))
            continue; /* comings and goings by mode would give small numbers away */
        struct figure *f = row(t, page_say(pg, all ? N_("Total") : delivery_label((enum delivery)i)));
        f[1] = number(m->at_start, SMALL_SHOWN);
        f[2] = number(m->began, SMALL_SHOWN);
        f[3] = all ? (struct figure){.kind = FIGURE_TEXT, .text = SV("–")}
                   : (struct figure){.kind = FIGURE_CHANGE, .n = m->moved};
        f[4] = number(m->ended, SMALL_SHOWN);
        f[5] = number(m->at_end, SMALL_SHOWN);
    }
}

/* Preferred by in use; who only sees results: preferred alone, no crossing of two splits (decision 0016). */
static void wishes(const struct page *pg, const struct program_report *r, struct figure_table *t)
{
    static const char *const titles[] = {N_("Preferred"),      N_("Uses remote"), N_("Uses hybrid"),
                                         N_("Uses in person"), N_("Not set yet"), N_("Total")};
    static const char *const alone[] = {N_("Preferred"), N_("Total")};
    columns(pg, t, N_("Preferred and in use"), r->protect ? alone : titles, r->protect ? 2 : 6);
    for (size_t w = 0; w <= WISH__MAX; w++) {
        bool all = w == WISH__MAX;
        struct figure *f = row(t, page_say(pg, all ? N_("Total") : wish_label((enum wish)w)));
        for (size_t d = 0; !r->protect && d < DELIVERY__MAX; d++)
            f[d + 1] = number(all ? r->f.mode[d].people : r->f.wants[w][d], SMALL_SHOWN);
        f[t->n_columns - 1] = all ? number(r->f.all.people, SMALL_SHOWN)
                                  : number(r->f.wishes[w], r->protect ? r->f.wish_show[w] : SMALL_SHOWN);
    }
}

static void results(const struct page *pg, const struct program_report *r, struct figure_table *t)
{
    static const char *const titles[] = {
        N_("Mode in use"),     N_("People"),         N_("Took part"),        N_("Share who took part"),
        N_("Questions asked"), N_("With a promise"), N_("Answered in time"), N_("Share answered in time")};
    columns(pg, t, N_("Results by mode"), titles, 8);
    for (size_t i = 0; i <= DELIVERY__MAX; i++) {
        bool all = i == DELIVERY__MAX;
        const struct mode_figures *m = all ? &r->f.all : &r->f.mode[i];
        enum small_show show = r->protect && !all ? r->f.mode_show[i] : SMALL_SHOWN;
        if (!all && !has_row(r, i))
            continue;
        struct figure *f = row(t, page_say(pg, all ? N_("Total") : delivery_label((enum delivery)i)));
        f[1] = number(m->people, show);
        f[2] = number(m->took_part, show);
        f[3] = share(m->took_part, m->people, show);
        f[4] = number(m->asked, show);
        f[5] = number(m->promised, show);
        f[6] = number(m->in_time, show);
        f[7] = share(m->in_time, m->promised, show);
    }
}

void report_tables(const struct page *pg, const struct program_report *r, struct figure_table t[REPORT_TABLES])
{
    flows(pg, r, &t[0]);
    wishes(pg, r, &t[1]);
    results(pg, r, &t[2]);
}
