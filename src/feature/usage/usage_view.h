/* SPDX-License-Identifier: EUPL-1.2 */
/* usage_view: what the pages of this room show. Filled by usage_pages.c, usage_keep_pages.c and usage_import_pages.c,
 * read by view/X.html. */
#ifndef PW_USAGE_VIEW_H
#define PW_USAGE_VIEW_H

#include "base/civil.h"
#include "feature/usage/usage.h"
#include "ui/component.h"
#include "ui/format.h"

enum usage_tab { TAB_MONTH, TAB_TREND, TAB_PERIOD, TAB_IMPORT, TAB_CATEGORIES, TAB_SUMMARY };
struct usage_head {
    struct community com;
    bool keeper; /* may write here; else sees results */
    enum usage_tab tab;
};
struct list_view {
    const struct community *v;
    size_t n;
};
struct month_view {
    struct usage_head head;
    struct usage_month m, before; /* before.a NULL: there is none */
    struct sv older, newer;       /* paths, empty = none */
    int64_t closes_ms;
    const struct promise_row *promises; /* by language and channel; one row of all for those who see results */
    size_t n_promises;
    struct promise_row promise;
    const struct usage_note *notes;
    size_t n_notes;
    const struct usage_end *end;   /* what an entered end would mean, NULL = not asked */
    struct sv entered, note, text; /* as typed */
};
struct period_view {
    struct usage_head head;
    struct sv from, to;    /* as typed, or the last thirty days */
    struct usage_period p; /* a NULL: nothing to show, the days are wrong */
};
struct trend_view {
    struct usage_head head;
    struct sv from, to; /* as typed */
    const struct usage_month *months;
    size_t n;
    const struct promise_row *promises; /* parallel to months */
    const struct usage_note *notes;
    size_t n_notes;
    struct usage_table table;
    int64_t hours[ACTIVITY_HOURS];
    int64_t most_hour;             /* the largest of them */
    int busiest_day, busiest_hour; /* -1 = nothing was said */
    struct sv text, month;
};
struct import_view {
    struct usage_head head;
    struct sv first, pasted, table; /* as typed; the table as CSV once it was read */
    const struct count_table *t;    /* NULL: nothing to check yet */
    struct table_findings f;
    const struct sv *chosen; /* a category code for each row, empty = a new one */
    int64_t first_month;
    const struct usage_category *categories;
    size_t n_categories;
    struct sv reason;
    bool formulas;
    struct usage_meets meets;
    size_t sheets; /* other sheets of the workbook that were passed over */
    const struct usage_import *imports;
    size_t n_imports;
};
struct categories_view {
    struct usage_head head;
    const struct usage_category *v;
    size_t n;
};
struct summary_view {
    struct usage_head head;
    struct usage_summary draft; /* month 0: none is over yet */
    bool published;
    const struct usage_words *words;
    size_t n_words;
    const struct usage_summary *all;
    size_t n;
};
struct results_view { /* for members */
    struct community com;
    const struct usage_summary *v;
    size_t n;
};

/* "/communities/<id>/statistics<rest>" */
struct sv usage_path(struct arena *a, int64_t community_id, const char *rest);

/* ---- words ---- */

static inline struct sv app_name(const struct page *pg, struct sv kind)
{
    const char *label = chan_kind_label(kind);
    return label ? page_say(pg, label) : kind;
}

static inline struct sv type_name(const struct page *pg, struct sv type)
{
    return page_say(pg, post_kind_label(type));
}

static inline struct sv category_name(const struct page *pg, const struct usage_category *c)
{
    const char *label = c->name.n ? NULL : usage_shipped_label(c->code);
    return label ? page_say(pg, label) : c->name;
}

/* "Monday"; 0 = Monday. */
static inline struct sv weekday_name(const struct page *pg, int day)
{
    static const char *const names[] = {N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
                                        N_("Friday"), N_("Saturday"), N_("Sunday")};
    return page_say(pg, names[day]);
}

/* "+12", "−3", "0": always with its sign. */
static inline struct sv signed_number(const struct page *pg, int64_t n)
{
    struct sv s = format_number(pg->cat, pg->arena, n < 0 ? -n : n);
    return n == 0 ? s : arena_join(pg->arena, n < 0 ? SV("\xE2\x88\x92") : SV("+"), s);
}

static inline struct ui_cell cell_number(int64_t n)
{
    return (struct ui_cell){.number = n, .is_number = true};
}

/* A part of a count, as its protection allows. */
static inline struct ui_cell cell_part(const struct page *pg, int64_t n, enum small_show show)
{
    if (show == SMALL_HIDDEN)
        return (struct ui_cell){.text = page_say(pg, N_("hidden"))};
    return (struct ui_cell){.number = n, .is_number = true, .hidden = show == SMALL_FEWER};
}

#endif
