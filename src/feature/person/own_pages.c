/* SPDX-License-Identifier: EUPL-1.2 */
/* "What is recorded about me": the person's own page, file and request to delete (CNS-8). Works without scripts. */
#include "feature/person/person_pages.h"
#include "ui/web.h"
#include "views_person.h"

#define OWN SV("/my-data")

enum pw_err own_get(struct http_req *q, struct http_res *r)
{
    struct own_view v = {.record = {.action = OWN, .own = true}};
    PW_TRY(record_own(q->ctx, &v.record.r));
    enum pw_err e = erasure_own(q->ctx, &v.erasure);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, NULL);
    view_own(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err own_language_post(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    return language_form(q, r, p.id, OWN);
}

enum pw_err own_preferred_post(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    return preferred_form(q, r, p.id, OWN);
}

enum pw_err own_limited_post(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    return limited_form(q, r, p.id, OWN);
}

enum pw_err own_consent_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = consent_own_withdraw(q->ctx, q->arg[0]);
    if (e == PW_CONFLICT)
        return page_done(q, r, OWN, N_("It was withdrawn already."));
    PW_TRY(e);
    return page_done(q, r, OWN, N_("This consent is withdrawn. Nothing is passed on under it from now on."));
}

enum pw_err own_file_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(record_file(q->ctx, &r->body));
    r->type = SV("application/json");
    http_set_download(q, r, SV("my-data.json"));
    return PW_OK;
}

/* ---- the request to delete ---- */

static enum pw_err show_erasure(struct http_req *q, struct http_res *r)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, NULL);
    view_own_erasure(&pg, http_kept(q, "words"));
    return page_end(&pg, r);
}

enum pw_err own_erasure_get(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_own(q->ctx, &p));
    return show_erasure(q, r);
}

enum pw_err own_erasure_post(struct http_req *q, struct http_res *r)
{
    int64_t id;
    enum pw_err e = q->problems.n ? PW_INVALID : erasure_ask(q->ctx, http_text(q, "words"), &id);
    if (e == PW_INVALID)
        return show_erasure(q, r);
    if (e == PW_CONFLICT)
        return page_done(q, r, OWN, N_("Your request waits already."));
    PW_TRY(e);
    return page_done(q, r, OWN, N_("Your request was sent to the privacy officer."));
}

enum pw_err own_erasure_back_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = erasure_take_back(q->ctx);
    if (e == PW_CONFLICT || e == PW_NOT_FOUND)
        return page_done(q, r, OWN, N_("No request waits."));
    PW_TRY(e);
    return page_done(q, r, OWN, N_("Your request is taken back. Everything stays as it was."));
}
