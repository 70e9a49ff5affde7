/* SPDX-License-Identifier: EUPL-1.2 */
#include "errorpage.h"

#include "base/id.h"
#include "ui/component.h"
#include "ui/web.h"
#include "views_ui.h"
#include "json/json.h"

static struct sv say(const struct catalog *cat, struct arena *a, const struct problem *p)
{
    struct sv arg = p->arg;
    return text_t(cat, a, p->msgid, &arg, 1);
}

static void machine(struct http_req *q, struct http_res *r, enum pw_err e, int status)
{
    const struct catalog *cat = catalog_of(q->page->catalogs, q->page->lang);
    char id[ID_TEXT + 1];
    struct json_w w;
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_sv(&w, "type", arena_fmt(q->arena, "/problems/%s", err_name(e)));
    json_w_kv_sv(&w, "title", catalog_get(cat, err_message(e)));
    json_w_kv_int(&w, "status", status);
    json_w_kv_sv(&w, "instance", id_text(q->id, id));
    if (q->problems.n) {
        json_w_key(&w, "errors");
        json_w_array(&w);
        for (size_t i = 0; i < q->problems.n; i++) {
            const struct problem *p = &q->problems.v[i];
            json_w_object(&w);
            if (p->field)
                json_w_kv_z(&w, "field", p->field);
            json_w_kv_sv(&w, "message", say(cat, q->arena, p));
            json_w_end(&w);
        }
        json_w_end(&w);
    }
    json_w_end(&w);
    r->type = SV("application/problem+json");
}

void error_answer(struct http_req *q, struct http_res *r, enum pw_err e)
{
    int status = r->status >= 400 ? r->status : err_http_status(e);
    if (r->status < 400 && q->method != HTTP_GET && e == PW_DENIED)
        status = 403;
    http_res_clear(r);
    r->status = status;
    if (q->json) {
        machine(q, r, e, status);
        return;
    }
    struct ui_error v = {.status = status, .msgid = err_message(e), .request_id = q->id};
    struct problems none = {0};
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("Not possible"));
    pg.problems = q->problems.n ? &q->problems : &none;
    view_error(&pg, &v);
}
