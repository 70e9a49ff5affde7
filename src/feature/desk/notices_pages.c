/* SPDX-License-Identifier: EUPL-1.2 */
/* Notices of a person, member or staff: "your request was accepted", "a question is overdue". */
#include "core/notify.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum { NOTICES_SHOWN = 50 };

enum pw_err notices_get(struct http_req *q, struct http_res *r)
{
    struct notices_view v = {0};
    struct notice *rows;
    PW_TRY(notice_list(q->ctx, q->ctx->actor->person_id, http_int(q, "before"), NOTICES_SHOWN, &rows, &v.n));
    v.rows = rows;
    if (v.n == NOTICES_SHOWN)
        v.older = rows[v.n - 1].id;
    for (size_t i = 0; i < v.n; i++)
        v.unread |= rows[i].read_ms == 0;
    struct page pg;
    page_begin(&pg, q, r, q->ctx->actor->kind == ACTOR_STAFF ? FACE_STAFF : FACE_MEMBER, N_("Notices"));
    view_notices(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err notices_read_post(struct http_req *q, struct http_res *r)
{
    if (q->problems.n)
        return PW_INVALID;
    PW_TRY(notice_read(q->ctx, q->ctx->actor->person_id, http_int(q, "up_to")));
    return page_done(q, r, SV("/notices"), N_("All notices are marked as read."));
}
