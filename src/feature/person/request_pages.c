/* SPDX-License-Identifier: EUPL-1.2 */
/* Requests to delete, as privacy officers see them (CNS-8); and records of the same person (PPL-2). */
#include "base/id.h"
#include "feature/person/person_pages.h"
#include "ui/web.h"
#include "views_person.h"

enum pw_err requests_get(struct http_req *q, struct http_res *r)
{
    struct erasure *v;
    size_t n;
    PW_TRY(erasure_list(q->ctx, &v, &n));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Requests to delete"));
    view_requests(&pg, v, n);
    return page_end(&pg, r);
}

static enum pw_err show_request(struct http_req *q, struct http_res *r)
{
    struct request_view v = {.reason = http_kept(q, "reason")};
    PW_TRY(erasure_get(q->ctx, q->arg[0], &v.e, &v.traces));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Requests to delete"));
    view_request(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err request_get(struct http_req *q, struct http_res *r)
{
    return show_request(q, r);
}

static enum pw_err decided(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_INVALID)
        return show_request(q, r);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/privacy-requests"), N_("Somebody else was quicker."));
    PW_TRY(e);
    return page_done(q, r, SV("/privacy-requests"), msgid);
}

enum pw_err request_erase_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = erasure_do(q->ctx, q->arg[0], http_int(q, "sure") != 0);
    return decided(q, r, e, N_("The person is erased."));
}

enum pw_err request_decline_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : erasure_decline(q->ctx, q->arg[0], http_text(q, "reason"));
    return decided(q, r, e, N_("The request is declined, and the person is told why."));
}

/* ---- records of the same person ---- */

enum pw_err twins_get(struct http_req *q, struct http_res *r)
{
    struct twins_view v = {0};
    PW_TRY(person_need(q->ctx, q->arg[0], &v.p));
    PW_TRY(twins_find(q->ctx, v.p.id, &v.t));
    v.action = person_page_path(q->ctx, v.p.id);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Records of the same person?"));
    view_twins(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err twin_get(struct http_req *q, struct http_res *r)
{
    struct twin_view v;
    PW_TRY(twin_look(q->ctx, q->arg[0], q->arg[1], &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Put two records together"));
    view_twin(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err twin_merge_post(struct http_req *q, struct http_res *r)
{
    struct sv path = person_page_path(q->ctx, q->arg[0]);
    enum pw_err e = twins_merge(q->ctx, q->arg[0], q->arg[1]);
    if (e == PW_CONFLICT)
        return page_done(q, r, path, N_("Somebody else was quicker."));
    PW_TRY(e);
    return page_done(q, r, path, N_("The two records are one. You can take this back below."));
}

enum pw_err twin_part_post(struct http_req *q, struct http_res *r)
{
    struct sv path = person_page_path(q->ctx, q->arg[0]);
    enum pw_err e = twins_part(q->ctx, q->arg[0]);
    if (e == PW_CONFLICT)
        return page_done(q, r, path, N_("Somebody else was quicker."));
    PW_TRY(e);
    return page_done(q, r, path, N_("They are two records again."));
}
