/* SPDX-License-Identifier: EUPL-1.2 */
/* Statistics as JSON. Hidden parts are null and named in "hidden": "fewer" = 1 to 4, "hidden" = not to be computed. */
#include "base/civil.h"
#include "base/id.h"
#include "feature/usage/usage.h"
#include "http/api.h"
#include "sheet/sheet.h"

enum { TREND_MONTHS = 12, TABLE_BYTES = 262144 };

static enum pw_err month_of(struct http_req *q, const char *name, int64_t otherwise, int64_t *ret)
{
    *ret = otherwise;
    if (!http_given(q, name) || month_parse(http_text(q, name), ret))
        return PW_OK;
    return problem_add(&q->problems, name, N_("Write a month as year and number: 2026-03."));
}

static void write_lines(struct json_w *w, const int64_t n[DID__MAX], const enum small_show *show)
{
    for (size_t i = 0; i < DID__MAX; i++) {
        json_w_key(w, usage_line_code(usage_order[i]));
        if (show && show[usage_order[i]] != SMALL_SHOWN)
            json_w_null(w);
        else
            json_w_int(w, n[usage_order[i]]);
    }
}

static void write_hidden(struct json_w *w, const enum small_show *show, enum small_show which, const char *name)
{
    json_w_key(w, name);
    json_w_array(w);
    for (size_t i = 0; show && i < DID__MAX; i++)
        if (show[usage_order[i]] == which)
            json_w_z(w, usage_line_code(usage_order[i]));
    json_w_end(w);
}

static void write_parts(struct json_w *w, const char *name, const struct activity_codes *codes,
                        const int64_t (*n)[DID__MAX], enum small_show (*show)[DID__MAX])
{
    json_w_key(w, name);
    json_w_array(w);
    for (size_t i = 0; i < codes->n; i++) {
        json_w_object(w);
        json_w_kv_sv(w, "code", codes->v[i]);
        write_lines(w, n[i], show ? show[i] : NULL);
        write_hidden(w, show ? show[i] : NULL, SMALL_FEWER, "fewer");
        write_hidden(w, show ? show[i] : NULL, SMALL_HIDDEN, "hidden");
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_types(struct json_w *w, const struct activity *a)
{
    json_w_key(w, "posts_by_type");
    json_w_array(w);
    for (size_t i = 0; i < a->types.n; i++) {
        json_w_object(w);
        json_w_kv_sv(w, "type", a->types.v[i]);
        json_w_kv_int(w, "posts", a->posts[i]);
        json_w_end(w);
    }
    json_w_end(w);
}

static void write_month(struct json_w *w, struct arena *a, const struct usage_month *m, struct sv by)
{
    json_w_object(w);
    json_w_kv_sv(w, "month", month_text(a, m->month));
    json_w_kv_z(w, "state", m->closed ? "closed" : m->running ? "running" : "open");
    write_lines(w, m->a->all, NULL);
    write_types(w, m->a);
    if (sv_eq_z(by, "language"))
        write_parts(w, "parts", &m->a->langs, m->a->by_lang, m->lang_show);
    else if (sv_eq_z(by, "channel"))
        write_parts(w, "parts", &m->a->kinds, m->a->by_kind, m->kind_show);
    else
        write_parts(w, "parts", &(struct activity_codes){.n = 0}, NULL, NULL);
    json_w_end(w);
}

static enum pw_err statistics_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    enum usage_sight sight;
    struct usage_month *v;
    size_t n;
    int64_t first, last;
    PW_TRY(usage_see(q->ctx, q->arg[0], &com, &sight));
    PW_TRY(month_of(q, "to", usage_current_month(q->ctx, &com), &last));
    PW_TRY(month_of(q, "from", last - TREND_MONTHS + 1, &first));
    if (first > last)
        return problem_add(&q->problems, "from", N_("The first month comes after the last."));
    PW_TRY(usage_months(q->ctx, &com, sight, first, last, &v, &n));
    struct json_w w;
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "community", com.id);
    json_w_kv_sv(&w, "zone", com.zone);
    json_w_kv_int(&w, "definition", USAGE_DEFINITION);
    json_w_kv_bool(&w, "protected", sight == USAGE_PROTECTED);
    json_w_key(&w, "months");
    json_w_array(&w);
    for (size_t i = 0; i < n; i++)
        write_month(&w, q->arena, &v[i], http_text(q, "by"));
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

static enum pw_err period_one(struct http_req *q, struct http_res *r)
{
    struct community com;
    enum usage_sight sight;
    struct usage_period p;
    int64_t from, to;
    struct json_w w;
    char day[CIVIL_DATE_TEXT];
    PW_TRY(usage_see(q->ctx, q->arg[0], &com, &sight));
    to = today_of(q->ctx, &com);
    if (http_given(q, "to") && !civil_parse_date(http_text(q, "to"), &to))
        return problem_add(&q->problems, "to", N_("Give a day, like 2026-09-01."));
    from = to - civil_of(to * CIVIL_DAY_MS).day + 1;
    if (http_given(q, "from") && !civil_parse_date(http_text(q, "from"), &from))
        return problem_add(&q->problems, "from", N_("Give a day, like 2026-09-01."));
    PW_TRY(usage_period(q->ctx, &com, sight, from, to, &p));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_id(&w, "community", com.id);
    json_w_kv_sv(&w, "from", civil_date_text(p.from_day, day));
    json_w_kv_sv(&w, "to", civil_date_text(p.to_day, day));
    json_w_kv_int(&w, "definition", USAGE_DEFINITION);
    json_w_kv_int(&w, "members_before", p.members_before);
    write_lines(&w, p.a->all, NULL);
    write_types(&w, p.a);
    json_w_end(&w);
    return api_done(&w);
}

/* ---- the check of a table ---- */

static void write_line(struct json_w *w, const struct sv *name, const struct table_line *l)
{
    json_w_object(w);
    if (name)
        json_w_kv_sv(w, "name", *name);
    json_w_kv_int(w, "printed", l->printed);
    json_w_kv_int(w, "cells", l->cells);
    json_w_kv_int(w, "difference", l->difference);
    json_w_end(w);
}

static enum pw_err table_check_post(struct http_req *q, struct http_res *r)
{
    struct sheet_read in;
    struct count_table t;
    struct table_findings f;
    PW_TRY(usage_table_read(q->ctx, http_text(q, "table"), "table", &in, &t));
    PW_TRY(table_check(q->arena, &t, &f));
    struct json_w w;
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_key(&w, "rows");
    json_w_array(&w);
    for (size_t i = 0; i < f.n_rows; i++)
        write_line(&w, &t.row_names[f.rows[i].at], &f.rows[i]);
    json_w_end(&w);
    json_w_key(&w, "columns");
    json_w_array(&w);
    for (size_t i = 0; i < f.n_columns; i++)
        write_line(&w, &t.column_names[f.columns[i].at], &f.columns[i]);
    json_w_end(&w);
    json_w_key(&w, "grand_total");
    if (f.grand_wrong)
        write_line(&w, NULL, &f.grand);
    else
        json_w_null(&w);
    json_w_key(&w, "suggestion");
    if (f.candidates == 1) {
        json_w_object(&w);
        json_w_kv_sv(&w, "row", t.row_names[f.row]);
        json_w_kv_sv(&w, "column", t.column_names[f.column]);
        json_w_kv_int(&w, "from", f.from);
        json_w_kv_int(&w, "to", f.to);
        json_w_end(&w);
    } else {
        json_w_null(&w);
    }
    json_w_end(&w);
    return api_done(&w);
}

static const char *const splits[] = {"month", "language", "channel", NULL};
static const struct field statistics_query[] = {
    {"from", FIELD_TEXT, 0, 0, 7, NULL, "First month, as 2026-01; none = a year before the last."},
    {"to", FIELD_TEXT, 0, 0, 7, NULL, "Last month; none = the running one."},
    {"by", FIELD_CHOICE, 0, 0, 0, splits, "Parts of each month: by language or channel; month or none = no parts."},
    {0}};
static const struct field period_query[] = {
    {"from", FIELD_DATE, 0, 0, 0, NULL, "First day; none = the first of the last day's month."},
    {"to", FIELD_DATE, 0, 0, 0, NULL, "Last day; none = today."},
    {0}};
static const struct field table_fields[] = {{"table", FIELD_LINES, FIELD_REQUIRED | FIELD_AS_TYPED, 1, TABLE_BYTES,
                                             NULL, "A table with printed totals, as CSV."},
                                            {0}};

const struct route usage_api_routes[] = {
    {HTTP_GET, "/api/v1/communities/{i}/statistics", RIGHT_API_READ, statistics_get, statistics_query,
     "Use by month: members, comings and goings, questions, messages.", ROUTE_API, NULL, "Statistics"},
    {HTTP_GET, "/api/v1/communities/{i}/statistics/period", RIGHT_API_READ, period_one, period_query,
     "The same from one day to another.", ROUTE_API, NULL, "StatisticsPeriod"},
    {HTTP_POST, "/api/v1/table-check", RIGHT_API_WRITE, table_check_post, table_fields,
     "Does a table with printed totals add up, and which one cell would put it right?", ROUTE_API, NULL, "TableCheck"},
    {0},
};
