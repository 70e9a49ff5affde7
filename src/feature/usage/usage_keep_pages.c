/* SPDX-License-Identifier: EUPL-1.2 */
/* Forms of those who keep the numbers: notes, the platform's count, categories, the summary for members. */
#include "base/id.h"
#include "feature/usage/usage_pages.h"
#include "views_usage.h"

static enum pw_err keeper(struct http_req *q, enum usage_tab tab, struct usage_head *ret)
{
    *ret = (struct usage_head){.keeper = true, .tab = tab};
    return usage_keep(q->ctx, q->arg[0], &ret->com);
}

static struct sv back_to_month(struct http_req *q, int64_t month)
{
    return arena_fmt(q->arena, "%.*s?month=%.*s", SV_ARG(usage_path(q->arena, q->arg[0], "")),
                     SV_ARG(month_text(q->arena, month)));
}

/* ---- notes ---- */

enum pw_err note_post(struct http_req *q, struct http_res *r)
{
    bool trend = sv_eq_z(http_text(q, "back"), "trend");
    int64_t month = 0;
    enum pw_err e = usage_month_field(q, "month", 0, &month);
    if (e == PW_OK)
        e = q->problems.n ? PW_INVALID : usage_note_add_to(q->ctx, q->arg[0], month, http_text(q, "text"));
    if (e == PW_INVALID && q->problems.n)
        return trend ? trend_show(q, r) : month_show(q, r);
    PW_TRY(e);
    return page_done(q, r, trend ? usage_path(q->arena, q->arg[0], "/trend") : back_to_month(q, month),
                     N_("The note stands with its month."));
}

enum pw_err note_remove_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(usage_note_remove(q->ctx, q->arg[0], q->arg[1]));
    return page_done(q, r, usage_path(q->arena, q->arg[0], "/trend"), N_("The note is gone."));
}

/* ---- silently gone ---- */

enum pw_err end_post(struct http_req *q, struct http_res *r)
{
    int64_t month = 0, entered = -1;
    enum pw_err e = usage_month_field(q, "month", 0, &month);
    (void)sv_int(http_text(q, "entered"), &entered);
    if (e == PW_OK)
        e = q->problems.n ? PW_INVALID : usage_end_accept(q->ctx, q->arg[0], month, entered, http_text(q, "note"));
    if (e == PW_INVALID && q->problems.n)
        return month_show(q, r);
    PW_TRY(e);
    return page_done(q, r, back_to_month(q, month), N_("The number of members is noted."));
}

/* ---- categories ---- */

static enum pw_err show_categories(struct http_req *q, struct http_res *r, const struct usage_category *typed, size_t n)
{
    struct categories_view v = {.v = typed, .n = n};
    struct usage_category *own;
    PW_TRY(keeper(q, TAB_CATEGORIES, &v.head));
    if (!typed) {
        PW_TRY(usage_categories(q->ctx, v.head.com.id, &own, &v.n));
        v.v = own;
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Activity categories"));
    view_usage_categories(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err categories_get(struct http_req *q, struct http_res *r)
{
    return show_categories(q, r, NULL, 0);
}

static const char *numbered(struct http_req *q, const char *name, size_t at)
{
    return arena_z(q->arena, arena_fmt(q->arena, "%s%zu", name, at));
}

enum pw_err categories_post(struct http_req *q, struct http_res *r)
{
    struct usage_category *v = arena_array(q->arena, struct usage_category, CATEGORIES_MAX);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < CATEGORIES_MAX; i++) {
        struct usage_category c = {http_text(q, numbered(q, "code", i)), http_text(q, numbered(q, "name", i)),
                                   http_text(q, numbered(q, "source", i)), i};
        if (c.name.n)
            v[n++] = c;
    }
    /* the shipped name, in whatever language it was shown, is the shipped name */
    for (size_t i = 0; i < n; i++) {
        struct page pg = {.arena = q->arena, .cat = NULL};
        struct usage_category plain = {.code = v[i].code};
        page_begin(&pg, q, r, FACE_STAFF, NULL);
        if (usage_shipped_label(v[i].code) && sv_eq(category_name(&pg, &plain), v[i].name))
            v[i].name = (struct sv){0};
    }
    enum pw_err e = q->problems.n ? PW_INVALID : usage_set_categories(q->ctx, q->arg[0], v, n);
    http_res_clear(r);
    if (e == PW_INVALID && q->problems.n)
        return show_categories(q, r, v, n);
    PW_TRY(e);
    return page_done(q, r, usage_path(q->arena, q->arg[0], "/categories"), N_("The categories are saved."));
}

/* ---- the summary for members ---- */

static enum pw_err load_words(struct http_req *q, struct summary_view *v)
{
    struct usage_words *w = arena_array(q->arena, struct usage_words, USAGE_WORDS_FIELDS);
    struct sv rest = v->head.com.languages, lang;
    struct ctx other = *q->ctx;
    struct usage_summary *s;
    size_t n;
    if (!w)
        return PW_UNAVAILABLE;
    while (v->n_words < USAGE_WORDS_FIELDS && sv_cut(&rest, ' ', &lang)) {
        if (!lang.n)
            continue;
        struct sv typed = http_kept(q, numbered(q, "words", v->n_words)), words = typed;
        other.lang = lang;
        if (!typed.n && v->published) {
            PW_TRY(usage_summaries(&other, &v->head.com, v->draft.month, &s, &n));
            words = n ? s[0].words : words;
        }
        w[v->n_words++] = (struct usage_words){lang, words};
    }
    v->words = w;
    return PW_OK;
}

static enum pw_err show_summary(struct http_req *q, struct http_res *r)
{
    struct summary_view *v = arena_new(q->arena, struct summary_view);
    struct usage_summary *all;
    int64_t month, last;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(keeper(q, TAB_SUMMARY, &v->head));
    last = usage_current_month(q->ctx, &v->head.com) - 1;
    if (usage_month_field(q, "month", last, &month) != PW_OK || month > last)
        month = last;
    PW_TRY(usage_summaries(q->ctx, &v->head.com, 0, &all, &v->n));
    v->all = all;
    enum pw_err e = usage_summary_draft(q->ctx, &v->head.com, month, &v->draft);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    for (size_t i = 0; e == PW_OK && i < v->n; i++)
        if (all[i].month == month) {
            v->published = true;
            v->draft.words = all[i].words;
        }
    PW_TRY(load_words(q, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("What we did last month"));
    view_usage_summary(&pg, v);
    return page_end(&pg, r);
}

enum pw_err summary_get(struct http_req *q, struct http_res *r)
{
    return show_summary(q, r);
}

enum pw_err summary_post(struct http_req *q, struct http_res *r)
{
    struct usage_words w[USAGE_WORDS_FIELDS];
    struct usage_head head;
    struct sv rest, lang;
    size_t n = 0;
    int64_t month = 0;
    PW_TRY(keeper(q, TAB_SUMMARY, &head));
    rest = head.com.languages;
    while (n < USAGE_WORDS_FIELDS && sv_cut(&rest, ' ', &lang))
        if (lang.n) {
            w[n] = (struct usage_words){lang, http_text(q, numbered(q, "words", n))};
            n++;
        }
    enum pw_err e = usage_month_field(q, "month", 0, &month);
    if (e == PW_OK)
        e = q->problems.n ? PW_INVALID : usage_summary_publish(q->ctx, q->arg[0], month, w, n);
    if (e == PW_INVALID && q->problems.n)
        return show_summary(q, r);
    PW_TRY(e);
    return page_done(q, r, usage_path(q->arena, q->arg[0], "/summary"), N_("Published: members can read it now."));
}

enum pw_err summary_withdraw_post(struct http_req *q, struct http_res *r)
{
    struct usage_head head;
    int64_t month = 0;
    PW_TRY(keeper(q, TAB_SUMMARY, &head));
    PW_TRY(usage_month_field(q, "month", 0, &month));
    PW_TRY(usage_summary_withdraw(q->ctx, q->arg[0], month));
    return page_done(q, r, usage_path(q->arena, q->arg[0], "/summary"), N_("It is no longer shown to members."));
}

enum pw_err results_get(struct http_req *q, struct http_res *r)
{
    struct results_view v = {0};
    struct usage_summary *rows;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &v.com));
    PW_TRY(usage_summaries(q->ctx, &v.com, 0, &rows, &v.n));
    v.v = rows;
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, NULL);
    pg.zone = v.com.zone;
    view_results(&pg, &v);
    return page_end(&pg, r);
}
