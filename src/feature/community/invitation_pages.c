/* SPDX-License-Identifier: EUPL-1.2 */
/* Invitations of a community, for who administers it (MSG-1). */
#include "base/id.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

static enum pw_err show(struct http_req *q, struct http_res *r)
{
    struct invitations_view v = {.public_url = q->ctx->public_url, .typed_uses = SV("1")};
    struct invitation *rows;
    PW_TRY(community_get(q->ctx, q->arg[0], &v.com));
    PW_TRY(invitation_list(q->ctx, v.com.id, &rows, &v.n));
    v.rows = rows;
    if (q->method != HTTP_GET && q->route->fields) {
        v.typed_label = http_kept(q, "label");
        v.typed_uses = http_kept(q, "uses");
        v.typed_day = http_kept(q, "last_day");
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Invitations"));
    pg.zone = v.com.zone;
    view_invitations(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err invitations_get(struct http_req *q, struct http_res *r)
{
    return show(q, r);
}

static enum pw_err back(struct http_req *q, struct http_res *r, const char *msgid)
{
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/communities/%s/invitations", id_text(q->arg[0], id).p), msgid);
}

enum pw_err invitation_post(struct http_req *q, struct http_res *r)
{
    struct invitation_new n = {
        .label = http_text(q, "label"), .uses_max = http_int(q, "uses"), .last_day = http_text(q, "last_day")};
    struct invitation made;
    enum pw_err e = q->problems.n ? PW_INVALID : invitation_make(q->ctx, q->arg[0], &n, &made);
    if (e == PW_INVALID)
        return show(q, r);
    PW_TRY(e);
    return back(q, r, N_("The invitation is made: pass on its link or its code."));
}

enum pw_err invitation_withdraw_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = invitation_withdraw(q->ctx, q->arg[0], q->arg[1]);
    if (e != PW_OK && e != PW_CONFLICT)
        return e;
    return back(q, r, N_("The invitation is taken back. Who asked with it already still waits for your answer."));
}
