/* SPDX-License-Identifier: EUPL-1.2 */
/* The numbers of interpreting: twelve months beside each other, one month by its parts, and both as a file. */
#include "feature/interpreting/interpreting_pages.h"
#include "ui/sheet_page.h"
#include "ui/web.h"
#include "views_interpreting.h"

enum { TREND_MONTHS = 12, NAME_WIDTH = 28, TOTALS = 7 };

/* "2026-03"; the running month when there is none. */
static enum pw_err month_of(struct http_req *q, int64_t *ret)
{
    struct sv text = http_text(q, "month");
    *ret = month_of_day(interpreting_today(q->ctx));
    if (!text.n || month_parse(text, ret))
        return PW_OK;
    return problem_add(&q->problems, "month", N_("Write a month as year and number: 2026-03."));
}

static enum pw_err load(struct http_req *q, struct interp_report_view *v)
{
    struct interp_month *m;
    enum interp_sight see;
    int64_t month;
    PW_TRY(interpreting_see(q->ctx, &see));
    enum pw_err e = month_of(q, &month);
    if (e != PW_OK && e != PW_INVALID)
        return e;
    PW_TRY(interpreting_months(q->ctx, month - TREND_MONTHS + 1, month, &m, &v->n));
    v->months = m;
    v->one = &m[v->n - 1];
    v->shielded = see == INTERP_PROTECTED;
    return PW_OK;
}

enum pw_err interpreting_report_get(struct http_req *q, struct http_res *r)
{
    struct interp_report_view v = {0};
    PW_TRY(load(q, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Interpreting in numbers"));
    view_interp_report(&pg, &v);
    return page_end(&pg, r);
}

/* ---- as a file ---- */

static struct sheet_cell hours_cell(int64_t minutes)
{
    return minutes % 60 ? (struct sheet_cell){.kind = SHEET_REAL, .r = (double)minutes / 60} : SHEET_I(minutes / 60);
}

static enum pw_err totals_sheet(const struct page *pg, const struct interp_report_view *v, struct sheet *ret)
{
    static const char *const heads[TOTALS] = {N_("Month"),       N_("Appointments held"),      N_("Hours"),
                                              N_("Still open"),  N_("Appointments cancelled"), N_("Not kept"),
                                              N_("Words marked")};
    struct sheet_column *c;
    struct sheet_cell *x;
    PW_TRY(sheet_of_page(pg, page_say(pg, N_("Months")), v->n, TOTALS, &c, &x, ret));
    for (size_t i = 0; i < TOTALS; i++)
        c[i].title = page_say(pg, heads[i]);
    for (size_t i = 0; i < v->n; i++) {
        const struct interp_month *m = &v->months[i];
        struct sheet_cell *row = &x[i * TOTALS];
        row[0] = SHEET_T(month_text(pg->arena, m->month));
        row[1] = SHEET_I(m->held);
        row[2] = hours_cell(m->minutes);
        row[3] = SHEET_I(m->to_come);
        row[4] = SHEET_I(m->cancelled);
        row[5] = SHEET_I(m->not_kept);
        row[6] = SHEET_I(m->marks);
    }
    return PW_OK;
}

static void part_row(const struct page *pg, struct sheet_cell *row, const char *split, struct sv name,
                     const struct interp_part *p)
{
    row[0] = SHEET_T(page_say(pg, split));
    row[1] = SHEET_T(name);
    if (p->hidden) {
        row[2] = SHEET_T(p->fewer ? SV("<5") : SV("–"));
        row[3] = SHEET_T(SV("–"));
        return;
    }
    row[2] = SHEET_I(p->n);
    row[3] = hours_cell(p->minutes);
}

static enum pw_err parts_sheet(const struct page *pg, const struct interp_month *m, struct sheet *ret)
{
    struct sheet_column *c;
    struct sheet_cell *x;
    enum { COLS = 4 };
    size_t n = 0;
    PW_TRY(sheet_of_page(pg, page_say(pg, N_("Parts")), m->langs.n + m->purposes.n + m->modes.n + m->hows.n, COLS, &c,
                         &x, ret));
    c[0].title = page_say(pg, N_("By"));
    c[1].title = month_text(pg->arena, m->month);
    c[2].title = page_say(pg, N_("How often"));
    c[3].title = page_say(pg, N_("Hours"));
    c[1].width = NAME_WIDTH;
    for (size_t i = 0; i < m->langs.n; i++)
        part_row(pg, &x[COLS * n++], N_("Language"), person_lang_name(pg, m->langs.v[i].code), &m->langs.v[i]);
    for (size_t i = 0; i < m->purposes.n; i++)
        part_row(pg, &x[COLS * n++], N_("Purpose"), interp_part_name(pg, PART_PURPOSE, m->purposes.v[i].code),
                 &m->purposes.v[i]);
    for (size_t i = 0; i < m->modes.n; i++)
        part_row(pg, &x[COLS * n++], N_("How"), interp_part_name(pg, PART_MODE, m->modes.v[i].code), &m->modes.v[i]);
    for (size_t i = 0; i < m->hows.n; i++)
        part_row(pg, &x[COLS * n++], N_("Words marked"), interp_part_name(pg, PART_HOW, m->hows.v[i].code),
                 &m->hows.v[i]);
    return PW_OK;
}

enum pw_err interpreting_export_get(struct http_req *q, struct http_res *r)
{
    struct interp_report_view v = {0};
    struct sheet sheets[2];
    bool parts = sv_eq_z(http_text(q, "what"), "parts");
    PW_TRY(load(q, &v));
    if (q->problems.n)
        return PW_INVALID;
    struct page pg; /* for its words only */
    page_begin(&pg, q, r, FACE_BARE, NULL);
    PW_TRY(totals_sheet(&pg, &v, &sheets[0]));
    PW_TRY(parts_sheet(&pg, v.one, &sheets[1]));
    return sheet_answer(q, r, &pg, sheets, 2, parts,
                        arena_fmt(q->arena, "interpreting-%.*s", SV_ARG(month_text(q->arena, v.one->month))));
}
