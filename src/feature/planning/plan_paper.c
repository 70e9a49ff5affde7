/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file as one document (MSG-4): a page to print, and a PDF. */
#include "base/civil.h"
#include "feature/planning/planning_pages.h"
#include "paper/paper.h"
#include "ui/format.h"
#include "views_planning.h"

static enum pw_err load(struct http_req *q, struct plan_paper_view *v)
{
    struct promo_place *places;
    PW_TRY(plan_open(q->ctx, q->arg[0], &v->com, &v->file));
    PW_TRY(plan_readiness(q->ctx, &v->com, &v->file, &v->ready));
    v->platforms = arena_new(q->arena, struct platform_view);
    if (!v->platforms)
        return PW_INTERNAL;
    PW_TRY(platform_load(q->ctx, &v->file, v->platforms));
    if (!community_may_moderate(q->ctx, &v->com) && !community_may_admin(q->ctx, &v->com))
        return PW_OK;
    PW_TRY(promo_places(q->ctx, &v->com, &places, &v->n_places));
    v->places = places;
    return PW_OK;
}

enum pw_err planning_print_get(struct http_req *q, struct http_res *r)
{
    struct plan_paper_view v = {0};
    PW_TRY(load(q, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("Planning file"));
    pg.zone = v.com.zone;
    view_plan_print(&pg, &v);
    return page_end(&pg, r);
}

/* ---- PDF ---- */

static const struct paper_style title = {.pt = 22, .bold = true, .ink = INK_ACCENT, .after_mm = 2};
static const struct paper_style heading = {.pt = 14, .bold = true, .ink = INK_ACCENT, .after_mm = 2, .keep_mm = 20};
static const struct paper_style label = {.pt = 10, .bold = true, .after_mm = 0.5, .keep_mm = 8};
static const struct paper_style body = {.pt = 10.5, .after_mm = 3};
static const struct paper_style small = {.pt = 9, .ink = INK_SOFT, .after_mm = 3};

struct sheet {
    struct page *pg;
    struct paper *p;
    const struct plan_paper_view *v;
};

static struct sv words(const struct sheet *s, const char *msgid)
{
    return text_t(s->pg->cat, s->pg->arena, msgid, NULL, 0);
}

static struct sv filled(const struct sheet *s, const char *msgid, struct sv arg)
{
    return text_t(s->pg->cat, s->pg->arena, msgid, &arg, 1);
}

static struct sv field_words(const struct sheet *s, const struct plan_field *f, struct sv value)
{
    struct arena *a = s->pg->arena;
    int64_t day;
    if (f->kind == PLAN_YNU) {
        const char *l = plan_label(plan_answers, 3, value);
        return words(s, l ? l : plan_answers[2].label);
    }
    if (f->kind == PLAN_DATE)
        return civil_parse_date(value, &day) ? format_date(s->pg->cat, a, day * CIVIL_DAY_MS, SV("UTC")) : value;
    if (f->kind != PLAN_TICKS)
        return value;
    struct sv rest = value, head, out = {0};
    while (sv_cut(&rest, ' ', &head)) {
        const char *l = plan_label(plan_ticks, 5, head);
        if (l)
            out = out.n ? arena_join(a, arena_join(a, out, SV(" · ")), words(s, l)) : words(s, l);
    }
    return out;
}

static void lines_of(const struct sheet *s, const char *list, const char *caption, const char *number)
{
    struct sv *cells = arena_array(s->pg->arena, struct sv, (s->v->file.n_lines + 1) * 3);
    size_t rows = 1;
    if (!cells)
        return;
    cells[0] = words(s, caption);
    cells[1] = words(s, number);
    cells[2] = words(s, N_("Details"));
    for (size_t i = 0; i < s->v->file.n_lines; i++) {
        const struct plan_line *l = &s->v->file.lines[i];
        if (!sv_eq_z(l->list, list))
            continue;
        cells[rows * 3] = l->what;
        cells[rows * 3 + 1] = format_number(s->pg->cat, s->pg->arena, l->number);
        cells[rows * 3 + 2] = l->note;
        rows++;
    }
    static const double share[] = {5, 2, 5};
    if (rows > 1)
        paper_table(s->p, share, 3, cells, rows);
}

static void section(const struct sheet *s, const struct plan_section *sec)
{
    paper_text(s->p, &heading, words(s, sec->label));
    size_t written = 0;
    for (size_t i = 0; i < plan_fields_n; i++) {
        const struct plan_field *f = &plan_fields[i];
        struct sv value = plan_value(&s->v->file, f->code);
        if (!sv_eq_z(sv_of(f->section), sec->code) || (!value.n && f->kind != PLAN_YNU))
            continue;
        paper_text(s->p, &label, words(s, f->label));
        paper_text(s->p, &body, field_words(s, f, value));
        written++;
    }
    for (size_t i = 0; i < plan_lists_n; i++)
        if (sv_eq_z(sv_of(plan_lists[i].section), sec->code))
            lines_of(s, plan_lists[i].code, plan_lists[i].label, plan_lists[i].number_label);
    if (!written)
        paper_text(s->p, &small, words(s, N_("Nothing is written here yet.")));
}

static void overrides(const struct sheet *s)
{
    if (!s->v->file.n_overrides)
        return;
    paper_text(s->p, &heading, words(s, N_("Opened although a line was not “yes”")));
    for (size_t i = 0; i < s->v->file.n_overrides; i++) {
        const struct plan_override *o = &s->v->file.overrides[i];
        paper_text(s->p, &body, o->reason);
        paper_text(s->p, &small,
                   arena_fmt(s->pg->arena, "%.*s · %.*s",
                             SV_ARG(format_date(s->pg->cat, s->pg->arena, o->at_ms, s->pg->zone)), SV_ARG(o->name)));
    }
}

static void platforms(const struct sheet *s)
{
    const struct platform_view *v = s->v->platforms;
    if (!v->chosen.n)
        return;
    paper_text(s->p, &heading, words(s, N_("Choice of platform")));
    for (size_t i = 0; i < v->n; i++) {
        const struct platform *p = &v->all[i];
        if (!sv_eq_z(v->chosen, p->code))
            continue;
        paper_text(s->p, &label, p->name_msgid ? words(s, p->name_msgid) : sv_of(p->name));
        paper_text(s->p, &body, v->why);
        if (p->badly)
            paper_text(s->p, &small, filled(s, N_("What it does badly: {0}"), words(s, p->badly)));
    }
}

static void messages(const struct sheet *s)
{
    bool headed = false;
    for (size_t i = 0; i < s->v->file.n_entries; i++) {
        const struct plan_entry *e = &s->v->file.entries[i];
        if (!sv_starts(e->field, SV("message-")) || !e->value.n)
            continue;
        if (!headed)
            paper_text(s->p, &heading, words(s, N_("Key messages")));
        headed = true;
        paper_text(s->p, &body, e->value);
    }
}

enum pw_err planning_pdf_get(struct http_req *q, struct http_res *r)
{
    struct plan_paper_view v = {0};
    struct page pg;
    struct paper *p;
    PW_TRY(load(q, &v));
    page_begin(&pg, q, r, FACE_BARE, N_("Planning file"));
    pg.zone = v.com.zone;
    struct sheet s = {&pg, NULL, &v};
    struct sv day = format_date(pg.cat, q->arena, q->now_ms, v.com.zone);
    struct paper_config cf = {.rtl = sv_eq_z(pg.dir, "rtl"),
                              .lang = pg.lang,
                              .title = words(&s, N_("Planning file")),
                              .footer = arena_fmt(q->arena, "%.*s · %.*s", SV_ARG(v.com.words.name), SV_ARG(day))};
    PW_TRY(paper_open(q->arena, &cf, &p));
    s.p = p;
    paper_text(p, &title, v.com.words.name);
    paper_text(p, &small, arena_fmt(q->arena, "%.*s · %.*s", SV_ARG(cf.title), SV_ARG(day)));
    paper_text(p, &body, v.com.words.purpose);
    paper_rule(p);
    for (size_t i = 0; i < plan_sections_n; i++)
        section(&s, &plan_sections[i]);
    platforms(&s);
    messages(&s);
    overrides(&s);
    http_res_clear(r);
    r->type = SV("application/pdf");
    http_set_download(q, r, arena_fmt(q->arena, "%.*s.pdf", SV_ARG(v.com.slug)));
    return paper_finish(p, &r->body);
}
