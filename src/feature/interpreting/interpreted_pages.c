/* SPDX-License-Identifier: EUPL-1.2 */
/* A mark "through interpreter" that is wrong or missing: corrected or taken away, as a page and as JSON (LANG-5). */
#include "base/id.h"
#include "feature/interpreting/interpreting_pages.h"
#include "ui/web.h"
#include "views_interpreting.h"
#include "json/json.h"

static enum pw_err show(struct http_req *q, struct http_res *r, const char *object)
{
    struct through_view v = {.chosen = http_kept(q, "through")};
    struct through_offer *offers;
    PW_TRY(interpreted_look(q->ctx, sv_of(object), q->arg[0], &v.x));
    PW_TRY(interpreted_offers_for(q->ctx, &v.x, &offers, &v.n));
    v.offers = offers;
    if (!v.chosen.n)
        v.chosen = v.x.choice;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Who passed the words on"));
    view_through(&pg, &v);
    return page_end(&pg, r);
}

static enum pw_err correct(struct http_req *q, struct http_res *r, const char *object)
{
    struct interpreted was;
    struct sv choice = http_text(q, "through");
    enum pw_err e = q->problems.n ? PW_INVALID : interpreted_correct(q->ctx, sv_of(object), q->arg[0], choice, &was);
    if (e == PW_INVALID)
        return show(q, r, object);
    PW_TRY(e);
    if (sv_eq(choice, was.choice))
        return page_done(q, r, was.place, N_("It stays as it was."));
    return page_done_undo(q, r, was.place, N_("Corrected. Whoever reads the words sees it, and the numbers follow."),
                          arena_fmt(q->arena, "%.*s?through=%.*s", SV_ARG(q->path), SV_ARG(was.choice)));
}

enum pw_err message_through_get(struct http_req *q, struct http_res *r)
{
    return show(q, r, "message");
}

enum pw_err message_through_post(struct http_req *q, struct http_res *r)
{
    return correct(q, r, "message");
}

enum pw_err join_through_get(struct http_req *q, struct http_res *r)
{
    return show(q, r, "join");
}

enum pw_err join_through_post(struct http_req *q, struct http_res *r)
{
    return correct(q, r, "join");
}

/* ---- JSON ---- */

static enum pw_err show_json(struct http_req *q, struct http_res *r, const char *object)
{
    struct interpreted x;
    struct through_offer *v;
    size_t n;
    struct json_w w;
    PW_TRY(interpreted_look(q->ctx, sv_of(object), q->arg[0], &x));
    PW_TRY(interpreted_offers_for(q->ctx, &x, &v, &n));
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_z(&w, "object", object);
    json_w_kv_id(&w, "id", x.id);
    json_w_kv_id(&w, "person", x.person_id);
    json_w_kv_id(&w, "community", x.community_id);
    json_w_kv_time(&w, "said", x.said_ms);
    json_w_kv_sv(&w, "through", x.choice);
    json_w_kv_sv(&w, "words", x.said);
    json_w_kv_id(&w, "booking", x.booking_id);
    json_w_kv_id(&w, "interpreter", x.interpreter_id);
    json_w_kv_id(&w, "marked_by", x.marked_by);
    json_w_kv_time(&w, "marked", x.marked_ms);
    json_w_key(&w, "offers");
    json_w_array(&w);
    for (size_t i = 0; i < n; i++) {
        json_w_object(&w);
        json_w_kv_sv(&w, "through", v[i].value);
        json_w_kv_sv(&w, "label", v[i].label);
        json_w_end(&w);
    }
    json_w_end(&w);
    json_w_end(&w);
    return api_done(&w);
}

enum pw_err message_through_json_get(struct http_req *q, struct http_res *r)
{
    return show_json(q, r, "message");
}

enum pw_err join_through_json_get(struct http_req *q, struct http_res *r)
{
    return show_json(q, r, "join");
}

enum pw_err message_through_json_post(struct http_req *q, struct http_res *r)
{
    struct interpreted was;
    PW_TRY(interpreted_correct(q->ctx, SV("message"), q->arg[0], http_text(q, "through"), &was));
    return show_json(q, r, "message");
}

enum pw_err join_through_json_post(struct http_req *q, struct http_res *r)
{
    struct interpreted was;
    PW_TRY(interpreted_correct(q->ctx, SV("join"), q->arg[0], http_text(q, "through"), &was));
    return show_json(q, r, "join");
}
