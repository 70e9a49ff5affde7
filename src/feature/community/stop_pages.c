/* SPDX-License-Identifier: EUPL-1.2 */
/* The link at the foot of letters. A mail program posts to it by itself (RFC 8058); a person who opens it is asked. The
 * pages are the same whether the link is one of ours or not. */
#include "feature/community/member_pages.h"
#include "feature/community/member_view.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

enum pw_err stop_get(struct http_req *q, struct http_res *r)
{
    struct stop_view v = {.token = q->arg_text[0]};
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("End these messages"));
    view_stop(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err stop_post(struct http_req *q, struct http_res *r)
{
    struct stop_view v = {.done = true, .posts_only = sv_eq_z(http_text(q, "how"), "posts")};
    PW_TRY(contact_stop(q->ctx, q->arg_text[0], v.posts_only));
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("End these messages"));
    view_stop(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err message_whole_get(struct http_req *q, struct http_res *r)
{
    struct whole_view v = {0};
    PW_TRY(message_whole(q->ctx, q->arg[0], &v.text));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("The whole message"));
    view_whole(&pg, &v);
    return page_end(&pg, r);
}
