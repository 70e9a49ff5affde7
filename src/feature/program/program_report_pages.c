/* SPDX-License-Identifier: EUPL-1.2 */
/* The report of a program: page, printable, and as a spreadsheet file (EQ-5). */
#include "feature/program/program_pages.h"
#include "ui/sheet_page.h"
#include "views_program.h"

static enum pw_err month_field(struct http_req *q, const char *name, int64_t otherwise, int64_t *ret)
{
    struct sv text = http_kept(q, name);
    *ret = otherwise;
    if (!text.n || month_parse(text, ret))
        return PW_OK;
    return problem_add(&q->problems, name, N_("Write a month as year and number: 2026-03."));
}

enum pw_err report_load(struct http_req *q, struct program_report *ret)
{
    struct program p;
    int64_t first, last, now;
    PW_TRY(program_get(q->ctx, q->arg[0], &p));
    now = program_month(q->ctx, &p);
    NOTED(month_field(q, "to", now, &last));
    NOTED(month_field(q, "from", last, &first));
    return q->problems.n ? PW_INVALID : program_report(q->ctx, p.id, first, last, ret);
}

static struct sv at_month(struct http_req *q, const struct program_report *r, int64_t by)
{
    return arena_fmt(q->arena, "%.*s?from=%.*s&to=%.*s", SV_ARG(program_path(q->arena, r->p.id, "/report")),
                     SV_ARG(month_text(q->arena, r->first + by)), SV_ARG(month_text(q->arena, r->last + by)));
}

enum pw_err program_report_get(struct http_req *q, struct http_res *r)
{
    struct report_view *v = arena_new(q->arena, struct report_view);
    if (!v)
        return PW_UNAVAILABLE;
    enum pw_err e = report_load(q, &v->r);
    if (e == PW_INVALID && q->problems.n) { /* the form again, with the running month below it */
        struct program p;
        PW_TRY(program_get(q->ctx, q->arg[0], &p));
        int64_t now = program_month(q->ctx, &p);
        e = program_report(q->ctx, p.id, now, now, &v->r);
    }
    PW_TRY(e);
    int64_t span = v->r.last - v->r.first + 1, now = program_month(q->ctx, &v->r.p);
    v->from = http_kept(q, "from").n ? http_kept(q, "from") : month_text(q->arena, v->r.first);
    v->to = http_kept(q, "to").n ? http_kept(q, "to") : month_text(q->arena, v->r.last);
    v->over = v->r.last < now;
    v->older = at_month(q, &v->r, -span);
    if (v->r.last + span < now || (!v->r.protect && v->r.last < now))
        v->newer = at_month(q, &v->r, span);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Results by mode"));
    pg.zone = v->r.p.zone;
    report_tables(&pg, &v->r, v->t);
    view_program_report(&pg, v);
    return page_end(&pg, r);
}

/* ---- the file ---- */

static struct sheet_cell cell_of(const struct page *pg, const struct figure *f)
{
    switch (f->kind) {
    case FIGURE_NUMBER:
    case FIGURE_CHANGE:
        return SHEET_I(f->n);
    case FIGURE_SHARE: /* percent with one decimal; its n stands in a column before it */
        return f->of
                   ? (struct sheet_cell){.kind = SHEET_REAL, .r = (double)((f->n * 2000 + f->of) / (2 * f->of)) / 10.0}
                   : SHEET_T(SV("–"));
    case FIGURE_HIDDEN:
        return SHEET_T(page_say(pg, N_("hidden")));
    case FIGURE_TEXT:
        break;
    }
    return SHEET_T(f->text);
}

static enum pw_err sheet_of(const struct page *pg, const struct figure_table *t, struct sheet *ret)
{
    struct sheet_column *columns;
    struct sheet_cell *cells;
    PW_TRY(sheet_of_page(pg, t->title, t->n_rows, t->n_columns, &columns, &cells, ret));
    for (size_t i = 0; i < t->n_columns; i++)
        columns[i].title = t->columns[i];
    for (size_t i = 0; i < t->n_columns * t->n_rows; i++)
        cells[i] = cell_of(pg, &t->cells[i]);
    return PW_OK;
}

enum pw_err program_export_get(struct http_req *q, struct http_res *r)
{
    static const char *const whats[REPORT_TABLES] = {"enrolments", "preferences", "results"};
    struct report_view *v = arena_new(q->arena, struct report_view);
    struct sheet sheets[REPORT_TABLES];
    size_t which = 0;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(report_load(q, &v->r));
    struct page pg; /* for its words only */
    page_begin(&pg, q, r, FACE_BARE, NULL);
    report_tables(&pg, &v->r, v->t);
    for (size_t i = 0; i < REPORT_TABLES; i++) {
        PW_TRY(sheet_of(&pg, &v->t[i], &sheets[i]));
        which = sv_eq_z(http_text(q, "what"), whats[i]) ? i : which;
    }
    return sheet_answer(q, r, &pg, sheets, REPORT_TABLES, which,
                        arena_fmt(q->arena, "program-%.*s-%.*s", SV_ARG(month_text(q->arena, v->r.first)),
                                  SV_ARG(month_text(q->arena, v->r.last))));
}
