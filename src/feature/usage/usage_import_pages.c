/* SPDX-License-Identifier: EUPL-1.2 */
/* A table from before: uploaded or pasted, checked, corrected by hand or as proposed, taken over (EVAL-3, A-54). */
#include "base/id.h"
#include "base/unicode.h"
#include "feature/usage/usage_pages.h"
#include "sheet/sheet.h"
#include "views_usage.h"

enum { TABLE_BYTES = 256 * 1024 };

static enum pw_err as_csv(struct arena *a, const struct csv_table *t, struct sv *ret)
{
    struct buf out;
    struct csv c;
    buf_init(&out, TABLE_BYTES);
    csv_init(&c, &out, ',', false);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->v[i].n; k++)
            csv_text(&c, t->v[i].v[k]);
        csv_end_row(&c);
    }
    bool ok = buf_ok(&out);
    *ret = ok ? arena_sv(a, buf_sv(&out)) : (struct sv){0};
    buf_finish(&out);
    return ok ? PW_OK : PW_INVALID;
}

/* A likely category for a row: the one that is called so, in the words of this page or as shipped in English. */
static struct sv guess(const struct page *pg, const struct import_view *v, struct sv name)
{
    struct sv x, y;
    if (text_fold(pg->arena, name, &x) != PW_OK)
        return (struct sv){0};
    for (size_t i = 0; i < v->n_categories; i++) {
        const struct usage_category *c = &v->categories[i];
        const char *shipped = usage_shipped_label(c->code);
        if (text_fold(pg->arena, category_name(pg, c), &y) == PW_OK && sv_eq(x, y))
            return c->code;
        if (shipped && text_fold(pg->arena, sv_of(shipped), &y) == PW_OK && sv_eq(x, y))
            return c->code;
    }
    return (struct sv){0};
}

/* Reads the table into the view. PW_INVALID with a problem of `field`. */
static enum pw_err read_table(struct http_req *q, struct import_view *v, struct sv bytes, const char *field)
{
    struct sheet_read in;
    struct count_table *t = arena_new(q->arena, struct count_table);
    if (!t)
        return PW_UNAVAILABLE;
    PW_TRY(usage_table_read(q->ctx, bytes, field, &in, t));
    if (t->rows > CATEGORIES_MAX && !usage_rows_are_months(q->arena, t))
        return problem_add(&q->problems, field, N_("A table has at most 20 categories."));
    if (t->columns > USAGE_MONTHS_MAX)
        return problem_add(&q->problems, field, N_("Choose at most 60 months."));
    if (as_csv(q->arena, &in.table, &v->table) != PW_OK)
        return problem_add(&q->problems, field, N_("This file is too large."));
    PW_TRY(table_check(q->arena, t, &v->f));
    v->formulas = in.formulas > 0;
    v->sheets = in.hidden_sheets + in.other_sheets;
    v->t = t;
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct import_view *v)
{
    struct usage_import *imports;
    struct usage_category *categories;
    PW_TRY(usage_categories(q->ctx, v->head.com.id, &categories, &v->n_categories));
    v->categories = categories;
    PW_TRY(usage_imports(q->ctx, &v->head.com, &imports, &v->n_imports));
    v->imports = imports;
    if (v->t)
        PW_TRY(usage_import_meets(q->ctx, &v->head.com, v->first_month, v->first_month + (int64_t)v->t->columns - 1,
                                  &v->meets));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Take over a table from before"));
    pg.zone = v->head.com.zone;
    if (v->t && !v->chosen) {
        struct sv *chosen = arena_array(q->arena, struct sv, v->t->rows);
        if (!chosen)
            return PW_UNAVAILABLE;
        for (size_t i = 0; i < v->t->rows; i++)
            chosen[i] = guess(&pg, v, v->t->row_names[i]);
        v->chosen = chosen;
    }
    view_usage_import(&pg, v);
    return page_end(&pg, r);
}

/* As typed, or as the first column says; the others follow it. */
static enum pw_err first_month(struct http_req *q, struct import_view *v, const char *field)
{
    int64_t named = usage_month_said(q->arena, v->t);
    if (!v->first.n && named)
        v->first = month_text(q->arena, named);
    PW_TRY(usage_month_field(q, "first", 0, &v->first_month));
    if (!v->first_month)
        v->first_month = named;
    if (!v->first_month)
        return problem_add(&q->problems, "first", N_("Write a month as year and number: 2026-03."));
    return usage_import_months(q->ctx, v->t, v->first_month, field);
}

static enum pw_err begin(struct http_req *q, struct import_view **ret)
{
    struct import_view *v = arena_new(q->arena, struct import_view);
    if (!v)
        return PW_UNAVAILABLE;
    v->head = (struct usage_head){.keeper = true, .tab = TAB_IMPORT};
    v->first = http_kept(q, "first");
    v->pasted = http_kept(q, "pasted");
    v->reason = http_kept(q, "reason");
    *ret = v;
    return usage_keep(q->ctx, q->arg[0], &v->head.com);
}

enum pw_err import_get(struct http_req *q, struct http_res *r)
{
    struct import_view *v;
    PW_TRY(begin(q, &v));
    return show(q, r, v);
}

enum pw_err import_check_post(struct http_req *q, struct http_res *r)
{
    struct import_view *v;
    const struct http_file *file = &http_value(q, "file")->file;
    PW_TRY(begin(q, &v));
    const char *field = file->bytes.n || !v->pasted.n ? "file" : "pasted";
    enum pw_err e = file->bytes.n ? read_table(q, v, file->bytes, field)
                    : v->pasted.n ? read_table(q, v, v->pasted, field)
                                  : problem_add(&q->problems, field, N_("Choose a file, or paste the table."));
    if (e == PW_OK)
        e = first_month(q, v, field);
    if (e != PW_OK && e != PW_INVALID)
        return e;
    if (e == PW_INVALID)
        v->t = NULL;
    return show(q, r, v);
}

enum pw_err import_post(struct http_req *q, struct http_res *r)
{
    struct import_view *v;
    struct sv act = http_text(q, "act");
    PW_TRY(begin(q, &v));
    v->table = http_text(q, "table");
    enum pw_err e = read_table(q, v, v->table, "pasted");
    if (e == PW_OK)
        e = first_month(q, v, "pasted");
    if (e != PW_OK && e != PW_INVALID)
        return e;
    if (e == PW_INVALID) { /* nothing to take over: what was corrected by hand goes on as a table to check */
        v->pasted = v->table;
        v->t = NULL;
        return show(q, r, v);
    }
    struct sv *chosen = arena_array(q->arena, struct sv, v->t->rows);
    if (!chosen)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v->t->rows; i++)
        chosen[i] = http_text(q, arena_z(q->arena, arena_fmt(q->arena, "category%zu", i)));
    v->chosen = chosen;
    if (sv_eq_z(act, "check")) {
        q->problems.n = 0; /* a reason is needed to take over, not to check */
        return show(q, r, v);
    }
    struct count_table own = *v->t;
    struct usage_import_new n = {.community_id = q->arg[0],
                                 .first_month = v->first_month,
                                 .table = &own,
                                 .categories = v->chosen,
                                 .correct = sv_eq_z(act, "correct"),
                                 .reason = v->reason};
    e = q->problems.n ? PW_INVALID : usage_import_table(q->ctx, &n);
    if (e == PW_INVALID && q->problems.n)
        return show(q, r, v);
    PW_TRY(e);
    return page_done(q, r,
                     arena_fmt(q->arena, "%.*s?from=%.*s&to=%.*s", SV_ARG(usage_path(q->arena, q->arg[0], "/trend")),
                               SV_ARG(month_text(q->arena, v->first_month)),
                               SV_ARG(month_text(q->arena, v->first_month + (int64_t)own.columns - 1))),
                     N_("The table is part of the trend now, marked as imported."));
}

enum pw_err import_remove_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(usage_import_remove(q->ctx, q->arg[0], q->arg[1]));
    return page_done(q, r, usage_path(q->arena, q->arg[0], "/import"),
                     N_("The table is taken back: its months show what they showed before."));
}
