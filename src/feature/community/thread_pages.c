/* SPDX-License-Identifier: EUPL-1.2 */
/* Private threads as moderators see them. */
#include "base/id.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

enum { THREADS_PAGE = 50 };

static enum pw_err load_threads(struct http_req *q, int64_t community, int64_t before_ms, int64_t before_id,
                                struct threads_view *v)
{
    struct thread *rows;
    PW_TRY(community_get(q->ctx, community, &v->com));
    PW_TRY(community_clock_now(q->ctx, &v->com, &v->clock));
    PW_TRY(thread_list(q->ctx, v->com.id, before_ms, before_id, THREADS_PAGE, &rows, &v->n));
    v->rows = rows;
    if (v->n == THREADS_PAGE) {
        char id[ID_TEXT + 1];
        v->next = arena_fmt(q->arena, "/communities/%s/threads?before=%lld&before_id=%lld", id_text(v->com.id, id).p,
                            (long long)rows[v->n - 1].last_ms, (long long)rows[v->n - 1].id);
    }
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
    PW_TRY(load_threads(q, q->arg[0], http_int(q, "before"), http_int(q, "before_id"), &v));
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
    PW_TRY(load_threads(q, open->community_id, 0, 0, &v));
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

enum pw_err thread_take_back_post(struct http_req *q, struct http_res *r)
{
    char id[ID_TEXT + 1];
    enum pw_err e = held_cancel(q->ctx, q->arg[1]);
    if (e != PW_OK && e != PW_CONFLICT)
        return e;
    return page_done(q, r, arena_fmt(q->arena, "/threads/%s", id_text(q->arg[0], id).p),
                     e == PW_OK ? N_("The reply is taken back. Nobody received it.")
                                : N_("Someone else changed this first. Here is how it stands now."));
}
