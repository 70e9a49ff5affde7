/* SPDX-License-Identifier: EUPL-1.2 */
/* The numbers as a spreadsheet file (EVAL-1): the activity table as it can be taken over again, and the lines of the
 * template by month. Totals only, so nothing here needs protection. */
#include "feature/usage/usage_pages.h"
#include "ui/sheet_page.h"
#include "views_usage.h"

/* Categories by months with totals: reading it again finds no remark. Months that nobody knows are left out. */
static enum pw_err activity_sheet(const struct page *pg, const struct usage_table *t, struct sheet *ret)
{
    struct sheet_column *c;
    struct sheet_cell *v;
    size_t first = 0, columns;
    while (first < t->months && !t->known[first])
        first++;
    columns = t->months - first + 2;
    PW_TRY(sheet_of_page(pg, page_say(pg, N_("Activity")), t->n + 1, columns, &c, &v, ret));
    c[0].title = page_say(pg, N_("Activity"));
    c[columns - 1].title = v[t->n * columns].text = page_say(pg, N_("Total"));
    v[t->n * columns].kind = SHEET_TEXT;
    for (size_t i = 1; i < columns; i++)
        v[t->n * columns + i] = SHEET_I(0);
    for (size_t k = first; k < t->months; k++)
        c[k - first + 1].title = month_text(pg->arena, t->first + (int64_t)k);
    for (size_t i = 0; i < t->n; i++) {
        struct sheet_cell *row = &v[i * columns], *total = &v[t->n * columns];
        row[0] = SHEET_T(category_name(pg, &t->categories[i]));
        row[columns - 1] = SHEET_I(0);
        for (size_t k = first; k < t->months; k++) {
            int64_t n = t->cells[i * t->months + k];
            row[k - first + 1] = SHEET_I(n);
            row[columns - 1].i += n;
            total[k - first + 1].i += n;
            total[columns - 1].i += n;
        }
    }
    return PW_OK;
}

static enum pw_err lines_sheet(const struct page *pg, const struct usage_month *m, size_t n, struct sheet *ret)
{
    struct sheet_column *c;
    struct sheet_cell *v;
    PW_TRY(sheet_of_page(pg, page_say(pg, N_("Use")), DID__MAX, n + 1, &c, &v, ret));
    c[0].title = page_say(pg, N_("Line"));
    for (size_t k = 0; k < n; k++)
        c[k + 1].title = month_text(pg->arena, m[k].month);
    for (size_t i = 0; i < DID__MAX; i++) {
        v[i * (n + 1)] = SHEET_T(page_say(pg, usage_line_label(usage_order[i])));
        for (size_t k = 0; k < n; k++)
            v[i * (n + 1) + k + 1] = SHEET_I(m[k].a->all[usage_order[i]]);
    }
    return PW_OK;
}

/* ---- any dates ---- */

static enum pw_err period_file(struct http_req *q, struct http_res *r, const struct period_view *view)
{
    struct page pg; /* for its words only */
    struct sheet s;
    struct sheet_column *c;
    struct sheet_cell *v;
    const struct usage_period *p = &view->p;
    page_begin(&pg, q, r, FACE_BARE, NULL);
    PW_TRY(sheet_of_page(&pg, page_say(&pg, N_("Use")), DID__MAX + 1 + p->a->types.n, 2, &c, &v, &s));
    c[0].title = page_say(&pg, N_("Line"));
    c[1].title = arena_fmt(q->arena, "%.*s – %.*s", SV_ARG(view->from), SV_ARG(view->to));
    v[0] = SHEET_T(page_say(&pg, N_("Members when it began")));
    v[1] = SHEET_I(p->members_before);
    for (size_t i = 0; i < DID__MAX; i++) {
        v[2 * i + 2] = SHEET_T(page_say(&pg, usage_line_label(usage_order[i])));
        v[2 * i + 3] = SHEET_I(p->a->all[usage_order[i]]);
    }
    for (size_t i = 0; i < p->a->types.n; i++) {
        struct sv type = type_name(&pg, p->a->types.v[i]);
        v[2 * (DID__MAX + 1 + i)] = SHEET_T(text_t(pg.cat, pg.arena, N_("Posts: {0}"), &type, 1));
        v[2 * (DID__MAX + 1 + i) + 1] = SHEET_I(p->a->posts[i]);
    }
    return sheet_answer(
        q, r, &pg, &s, 1, 0,
        arena_fmt(q->arena, "%.*s-%.*s-%.*s", SV_ARG(view->head.com.slug), SV_ARG(view->from), SV_ARG(view->to)));
}

enum { PERIOD_DAYS = 30 };

static struct sv day_text(struct arena *a, int64_t day)
{
    char text[CIVIL_DATE_TEXT];
    return arena_sv(a, civil_date_text(day, text));
}

enum pw_err period_get(struct http_req *q, struct http_res *r)
{
    struct period_view *v = arena_new(q->arena, struct period_view);
    enum usage_sight sight;
    int64_t from, to, today;
    if (!v)
        return PW_UNAVAILABLE;
    v->head.tab = TAB_PERIOD;
    PW_TRY(usage_see(q->ctx, q->arg[0], &v->head.com, &sight));
    v->head.keeper = sight == USAGE_ALL;
    today = to = today_of(q->ctx, &v->head.com);
    from = v->head.keeper ? today - PERIOD_DAYS + 1 : today - civil_of(today * CIVIL_DAY_MS).day + 1;
    v->to = http_text(q, "to").n ? http_text(q, "to") : day_text(q->arena, today);
    v->from = http_text(q, "from").n ? http_text(q, "from") : day_text(q->arena, from);
    if (!q->problems.n && civil_parse_date(v->from, &from) && civil_parse_date(v->to, &to)) {
        enum pw_err e = usage_period(q->ctx, &v->head.com, sight, from, to, &v->p);
        if (e != PW_OK && e != PW_INVALID)
            return e;
    }
    if (v->p.a && http_given(q, "kind"))
        return period_file(q, r, v);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Statistics"));
    pg.zone = v->head.com.zone;
    view_usage_period(&pg, v);
    return page_end(&pg, r);
}

/* ---- months ---- */

enum pw_err export_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    enum usage_sight sight;
    struct usage_month *m;
    struct usage_table t;
    struct sheet sheets[2];
    size_t n;
    int64_t first, last;
    bool lines = sv_eq_z(http_text(q, "what"), "lines");
    PW_TRY(usage_see(q->ctx, q->arg[0], &com, &sight));
    PW_TRY(usage_range(q, &com, &first, &last));
    PW_TRY(usage_months(q->ctx, &com, sight, first, last, &m, &n));
    PW_TRY(usage_activity(q->ctx, &com, first, last, m, n, &t));
    struct page pg; /* for its words only */
    page_begin(&pg, q, r, FACE_BARE, NULL);
    PW_TRY(activity_sheet(&pg, &t, &sheets[0]));
    PW_TRY(lines_sheet(&pg, m, n, &sheets[1]));
    return sheet_answer(q, r, &pg, sheets, 2, lines,
                        arena_fmt(q->arena, "%.*s-%.*s-%.*s", SV_ARG(com.slug), SV_ARG(month_text(q->arena, first)),
                                  SV_ARG(month_text(q->arena, last))));
}
