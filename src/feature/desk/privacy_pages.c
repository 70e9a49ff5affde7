/* SPDX-License-Identifier: EUPL-1.2 */
/* What is kept about a person, who sees it, and whom to ask (CNS-8): for members, in plain words. */
#include "core/access.h"
#include "core/org.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum pw_err privacy_get(struct http_req *q, struct http_res *r)
{
    struct privacy_view v = {.known = q->ctx->actor->person_id != 0};
    PW_TRY(setting_get(q->ctx, "network.name", &v.network));
    PW_TRY(setting_get(q->ctx, "privacy.contact", &v.contact));
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, NULL);
    view_privacy(&pg, &v);
    return page_end(&pg, r);
}
