/* SPDX-License-Identifier: EUPL-1.2 */
/* The sheet of a month and the trend over months (EVAL-1, EVAL-4, SLA-7). */
#include "feature/usage/usage_pages.h"

#include <string.h>

#include "base/id.h"
#include "views_usage.h"

enum { TREND_MONTHS = 12 };

struct sv usage_path(struct arena *a, int64_t community_id, const char *rest)
{
    char id[ID_TEXT + 1];
    return arena_fmt(a, "/communities/%s/statistics%s", id_text(community_id, id).p, rest);
}

enum pw_err usage_month_field(struct http_req *q, const char *name, int64_t otherwise, int64_t *ret)
{
    struct sv text = http_kept(q, name);
    *ret = otherwise;
    if (!text.n || month_parse(text, ret))
        return PW_OK;
    return problem_add(&q->problems, name, N_("Write a month as year and number: 2026-03."));
}

enum pw_err usage_range(struct http_req *q, const struct community *com, int64_t *ret_first, int64_t *ret_last)
{
    int64_t first, last;
    PW_TRY(usage_month_field(q, "to", usage_current_month(q->ctx, com), &last));
    PW_TRY(usage_month_field(q, "from", last - TREND_MONTHS + 1, &first));
    if (first > last)
        return problem_add(&q->problems, "from", N_("The first month comes after the last."));
    if (last - first >= USAGE_MONTHS_MAX)
        return problem_add(&q->problems, "from", N_("Choose at most 60 months."));
    *ret_first = first;
    *ret_last = last;
    return PW_OK;
}

static void begin(struct page *pg, struct http_req *q, struct http_res *r, const struct community *com)
{
    page_begin(pg, q, r, FACE_STAFF, N_("Statistics"));
    pg->zone = com->zone;
}

/* Reads of communities' own queries need a role there; who only sees results asks for the sums as the system. */
static enum pw_err promises(struct http_req *q, const struct community *com, int64_t first, int64_t last, bool split,
                            struct promise_row **ret, size_t *ret_n)
{
    struct ctx any = *q->ctx;
    const struct tz *tz = NULL;
    int64_t from, to, none;
    any.actor = &actor_system;
    if (tz_find(com->zone, &tz) != PW_OK)
        tz = NULL;
    month_bounds(tz, first, &from, &none);
    month_bounds(tz, last, &none, &to);
    return promise_report(&any, com->id, from, to, split, ret, ret_n);
}

/* ---- one month ---- */

static struct sv month_path(struct http_req *q, int64_t community_id, int64_t month)
{
    return arena_fmt(q->arena, "%.*s?month=%.*s", SV_ARG(usage_path(q->arena, community_id, "")),
                     SV_ARG(month_text(q->arena, month)));
}

static enum pw_err load_month(struct http_req *q, int64_t month, struct month_view *v)
{
    struct community *com = &v->head.com;
    enum usage_sight sight = v->head.keeper ? USAGE_ALL : USAGE_PROTECTED;
    struct usage_month *m;
    struct promise_row *rows;
    struct usage_note *notes;
    const struct tz *tz = NULL;
    size_t n;
    int64_t now = usage_current_month(q->ctx, com), born = usage_first_month(com);
    month = month > now ? now : month < born ? born : month;
    PW_TRY(usage_months(q->ctx, com, sight, month - 1, month, &m, &n));
    v->m = m[n - 1];
    if (n == 2)
        v->before = m[0];
    if (month > born)
        v->older = month_path(q, com->id, month - 1);
    if (month < now)
        v->newer = month_path(q, com->id, month + 1);
    if (tz_find(com->zone, &tz) != PW_OK)
        tz = NULL;
    v->closes_ms = month_closes_ms(tz, month);
    PW_TRY(promises(q, com, month, month, false, &rows, &n));
    v->promise = n ? rows[0] : (struct promise_row){.median_ms = -1};
    PW_TRY(promises(q, com, month, month, v->head.keeper, &rows, &n));
    v->promises = rows;
    v->n_promises = n;
    PW_TRY(usage_notes(q->ctx, com, month, month, &notes, &v->n_notes));
    v->notes = notes;
    return PW_OK;
}

enum pw_err month_show(struct http_req *q, struct http_res *r)
{
    struct month_view *v = arena_new(q->arena, struct month_view);
    struct usage_end *end = arena_new(q->arena, struct usage_end);
    enum usage_sight sight;
    int64_t month, entered;
    if (!v || !end)
        return PW_UNAVAILABLE;
    v->head.tab = TAB_MONTH;
    PW_TRY(usage_see(q->ctx, q->arg[0], &v->head.com, &sight));
    v->head.keeper = sight == USAGE_ALL;
    v->entered = http_kept(q, "entered");
    v->note = http_kept(q, "note");
    v->text = http_kept(q, "text");
    if (usage_month_field(q, "month", usage_current_month(q->ctx, &v->head.com), &month) != PW_OK)
        month = usage_current_month(q->ctx, &v->head.com);
    PW_TRY(load_month(q, month, v));
    if (v->entered.n && v->head.keeper && sv_int(v->entered, &entered)) {
        enum pw_err e = usage_end_propose(q->ctx, &v->head.com, v->m.month, entered, end);
        if (e != PW_OK && e != PW_INVALID)
            return e;
        v->end = e == PW_OK ? end : NULL;
    } else if (v->entered.n && v->head.keeper && !problem_of(&q->problems, "entered")) {
        NOTED(problem_add(&q->problems, "entered", N_("Write how many members the platform shows, from 0.")));
    }
    struct page pg;
    begin(&pg, q, r, &v->head.com);
    view_usage_month(&pg, v);
    return page_end(&pg, r);
}

enum pw_err month_get(struct http_req *q, struct http_res *r)
{
    return month_show(q, r);
}

enum pw_err report_moved_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    enum usage_sight sight;
    PW_TRY(usage_see(q->ctx, q->arg[0], &com, &sight));
    return http_redirect(r, usage_path(q->arena, q->arg[0], ""));
}

enum pw_err statistics_list_get(struct http_req *q, struct http_res *r)
{
    struct list_view v = {0};
    struct community *rows;
    PW_TRY(usage_seen(q->ctx, &rows, &v.n));
    v.v = rows;
    if (v.n == 1)
        return http_redirect(r, usage_path(q->arena, rows[0].id, ""));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Statistics"));
    view_usage_list(&pg, &v);
    return page_end(&pg, r);
}

/* ---- the trend ---- */

static void add_hours(struct trend_view *v)
{
    int64_t days[7] = {0}, most_day = 0;
    v->busiest_day = v->busiest_hour = -1;
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; k < ACTIVITY_HOURS; k++)
            v->hours[k] += v->months[i].a->hours[k];
    for (int k = 0; k < ACTIVITY_HOURS; k++) {
        days[k / 24] += v->hours[k];
        if (v->hours[k] > v->most_hour) {
            v->most_hour = v->hours[k];
            v->busiest_hour = k;
        }
    }
    for (int d = 0; d < 7; d++)
        if (days[d] > most_day) {
            most_day = days[d];
            v->busiest_day = d;
        }
}

static enum pw_err load_promises(struct http_req *q, struct trend_view *v, int64_t first, int64_t last)
{
    struct promise_row *rows, *own = arena_array(q->arena, struct promise_row, v->n + 1);
    size_t n;
    if (!own)
        return PW_UNAVAILABLE;
    PW_TRY(promises(q, &v->head.com, first, last, false, &rows, &n));
    for (size_t i = 0; i < v->n; i++) {
        own[i].median_ms = -1;
        for (size_t k = 0; k < n; k++)
            if (rows[k].year * 12 + rows[k].month - 1 == v->months[i].month)
                own[i] = rows[k];
    }
    v->promises = own;
    return PW_OK;
}

enum pw_err trend_show(struct http_req *q, struct http_res *r)
{
    struct trend_view *v = arena_new(q->arena, struct trend_view);
    enum usage_sight sight;
    struct usage_month *months;
    struct usage_note *notes;
    int64_t first, last;
    if (!v)
        return PW_UNAVAILABLE;
    v->head.tab = TAB_TREND;
    PW_TRY(usage_see(q->ctx, q->arg[0], &v->head.com, &sight));
    v->head.keeper = sight == USAGE_ALL;
    if (usage_range(q, &v->head.com, &first, &last) != PW_OK) {
        last = usage_current_month(q->ctx, &v->head.com);
        first = last - TREND_MONTHS + 1;
    }
    v->from = http_kept(q, "from").n ? http_kept(q, "from") : month_text(q->arena, first);
    v->to = http_kept(q, "to").n ? http_kept(q, "to") : month_text(q->arena, last);
    v->text = http_kept(q, "text");
    v->month = http_kept(q, "month");
    PW_TRY(usage_months(q->ctx, &v->head.com, sight, first, last, &months, &v->n));
    v->months = months;
    PW_TRY(load_promises(q, v, first, last));
    PW_TRY(usage_notes(q->ctx, &v->head.com, first, last, &notes, &v->n_notes));
    v->notes = notes;
    PW_TRY(usage_activity(q->ctx, &v->head.com, first, last, months, v->n, &v->table));
    add_hours(v);
    struct page pg;
    begin(&pg, q, r, &v->head.com);
    view_usage_trend(&pg, v);
    return page_end(&pg, r);
}

enum pw_err trend_get(struct http_req *q, struct http_res *r)
{
    return trend_show(q, r);
}
