/* SPDX-License-Identifier: EUPL-1.2 */
/* The access log for the privacy officer (CNS-7): newest first, page by page. */
#include "core/audit.h"
#include "core/people.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum { AUDIT_PAGE = 100 };

enum pw_err audit_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct audit_view v = {0};
    struct audit_row *rows;
    PW_TRY(audit_list(c, NULL, 0, http_int(q, "before"), AUDIT_PAGE, &rows, &v.n));
    int64_t *ids = arena_array(c->arena, int64_t, v.n + 1);
    struct person *who = arena_array(c->arena, struct person, v.n + 1);
    struct audit_line *lines = arena_array(c->arena, struct audit_line, v.n + 1);
    if (!ids || !who || !lines)
        return PW_INTERNAL;
    for (size_t i = 0; i < v.n; i++)
        ids[i] = rows[i].actor_person;
    PW_TRY(person_get_many(c, ids, v.n, who));
    for (size_t i = 0; i < v.n; i++)
        lines[i] = (struct audit_line){rows[i], who[i].display_name};
    v.rows = lines;
    v.older = v.n == AUDIT_PAGE ? rows[v.n - 1].id : 0;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Access log"));
    view_audit(&pg, &v);
    return page_end(&pg, r);
}
