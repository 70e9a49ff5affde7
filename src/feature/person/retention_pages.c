/* SPDX-License-Identifier: EUPL-1.2 */
/* How long what is over is kept, and what went: page and JSON (CNS-8). */
#include "feature/person/person_pages.h"
#include "http/api.h"
#include "ui/web.h"
#include "views_person.h"

static enum pw_err show(struct http_req *q, struct http_res *r, struct retention_view *v)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("How long things are kept"));
    view_retention(&pg, v);
    return page_end(&pg, r);
}

enum pw_err retention_page_get(struct http_req *q, struct http_res *r)
{
    struct retention_view v = {0};
    PW_TRY(retention_get(q->ctx, &v.r));
    return show(q, r, &v);
}

static void typed(const struct http_req *q, int64_t days[RETENTION__MAX])
{
    for (int i = 0; i < RETENTION__MAX; i++)
        days[i] = http_int(q, retention_code((enum retention_kind)i));
}

enum pw_err retention_page_post(struct http_req *q, struct http_res *r)
{
    struct retention_view v = {0};
    int64_t days[RETENTION__MAX], due[RETENTION__MAX] = {0};
    PW_TRY(retention_get(q->ctx, &v.r));
    typed(q, days);
    enum pw_err e = q->problems.n ? PW_INVALID : retention_set(q->ctx, days, http_int(q, "sure") != 0, due);
    if (e == PW_INVALID) {
        v.asks = problem_of(&q->problems, "sure") != NULL;
        for (int i = 0; i < RETENTION__MAX; i++) {
            v.r.days[i] = days[i];
            v.r.due[i] = due[i];
        }
        return show(q, r, &v);
    }
    PW_TRY(e);
    return page_done(q, r, SV("/retention"), N_("The rules are saved. They are applied every night."));
}

/* ---- JSON ---- */

enum pw_err retention_json_get(struct http_req *q, struct http_res *r)
{
    struct retention v;
    struct json_w w;
    PW_TRY(retention_get(q->ctx, &v));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_key(&w, "rules");
    json_w_array(&w);
    for (int i = 0; i < RETENTION__MAX; i++) {
        json_w_object(&w);
        json_w_kv_z(&w, "kind", retention_code((enum retention_kind)i));
        json_w_kv_int(&w, "days", v.days[i]);
        json_w_kv_int(&w, "due", v.due[i]);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_key(&w, "runs");
    json_w_array(&w);
    for (size_t i = 0; i < v.n_runs; i++) {
        json_w_object(&w);
        json_w_kv_sv(&w, "kind", v.runs[i].kind);
        json_w_kv_int(&w, "days", v.runs[i].days);
        json_w_kv_int(&w, "records", v.runs[i].n);
        json_w_kv_time(&w, "at", v.runs[i].at_ms);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err retention_json_post(struct http_req *q, struct http_res *r)
{
    struct retention now;
    int64_t days[RETENTION__MAX], due[RETENTION__MAX];
    PW_TRY(retention_get(q->ctx, &now));
    for (int i = 0; i < RETENTION__MAX; i++) { /* what is not named stays */
        const struct http_value *v = http_value(q, retention_code((enum retention_kind)i));
        days[i] = v->given ? v->i : now.days[i];
    }
    PW_TRY(retention_set(q->ctx, days, http_int(q, "sure") != 0, due));
    return retention_json_get(q, r);
}
