/* SPDX-License-Identifier: EUPL-1.2 */
/* Private threads as moderators see them. */
#include "base/id.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

enum { THREADS_PAGE = 50 };

static enum pw_err load_threads(struct http_req *q, int64_t community, struct threads_view *v)
{
    struct thread *rows;
    PW_TRY(community_get(q->ctx, community, &v->com));
    PW_TRY(thread_list(q->ctx, v->com.id, 0, 0, THREADS_PAGE, &rows, &v->n));
    v->rows = rows;
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r, struct threads_view *v)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Private threads"));
    pg.zone = v->com.zone;
    view_threads(&pg, v);
    return page_end(&pg, r);
}

enum pw_err threads_get(struct http_req *q, struct http_res *r)
{
    struct threads_view v = {0};
    PW_TRY(load_threads(q, q->arg[0], &v));
    return show(q, r, &v);
}

static enum pw_err show_thread(struct http_req *q, struct http_res *r)
{
    struct threads_view v = {.text = http_kept(q, "text")};
    struct thread *open = arena_new(q->arena, struct thread);
    struct message *m;
    if (!open)
        return PW_INTERNAL;
    PW_TRY(thread_read(q->ctx, q->arg[0], open, &m, &v.n_messages));
    PW_TRY(load_threads(q, open->community_id, &v));
    v.open = open;
    v.messages = m;
    return show(q, r, &v);
}

enum pw_err thread_staff_get(struct http_req *q, struct http_res *r)
{
    return show_thread(q, r);
}

enum pw_err thread_staff_post(struct http_req *q, struct http_res *r)
{
    struct thread t;
    struct message *m;
    size_t n;
    PW_TRY(thread_read(q->ctx, q->arg[0], &t, &m, &n));
    struct message_made made = {0};
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : thread_say(q->ctx, t.community_id, t.person_id, http_text(q, "text"),
                                               http_int(q, "urgent") != 0, &made);
    if (e == PW_INVALID && q->problems.n)
        return show_thread(q, r);
    PW_TRY(e);
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/threads/%s", id_text(t.id, id).p),
                     made.held ? N_("The message is ready and goes out when you open.")
                               : N_("The message is on its way."));
}
