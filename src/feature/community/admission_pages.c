/* SPDX-License-Identifier: EUPL-1.2 */
/* Join requests and members, for those who admit (MSG-6, MSG-7, MSG-10). */
#include "base/id.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

enum { JOINS_SHOWN = 100, MEMBERS_PAGE = 100 };

static enum pw_err load_joins(struct ctx *c, struct joins_view *v)
{
    struct community *coms;
    size_t n_coms;
    PW_TRY(community_mine(c, &coms, &n_coms));
    struct join_request *all = arena_array(c->arena, struct join_request, JOINS_SHOWN);
    struct sv *names = arena_array(c->arena, struct sv, JOINS_SHOWN);
    if (!all || !names)
        return PW_INTERNAL;
    for (size_t i = 0; i < n_coms; i++) {
        struct join_request *rows;
        size_t n;
        enum pw_err e = join_list(c, coms[i].id, JOINS_SHOWN, &rows, &n);
        if (e == PW_DENIED || e == PW_NOT_FOUND)
            continue; /* works there, but does not admit */
        PW_TRY(e);
        v->may_admit = true;
        for (size_t k = 0; k < n && v->n < JOINS_SHOWN; k++) {
            names[v->n] = coms[i].words.name;
            all[v->n++] = rows[k];
        }
    }
    v->rows = all;
    v->com_names = names;
    return PW_OK;
}

static enum pw_err show_joins(struct http_req *q, struct http_res *r, struct joins_view *v)
{
    PW_TRY(load_joins(q->ctx, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Join requests"));
    view_joins(&pg, v);
    return page_end(&pg, r);
}

enum pw_err joins_get(struct http_req *q, struct http_res *r)
{
    struct joins_view v = {0};
    return show_joins(q, r, &v);
}

static enum pw_err show_one(struct http_req *q, struct http_res *r)
{
    struct joins_view v = {0};
    struct join_request *open = arena_new(q->arena, struct join_request);
    struct community com;
    if (!open)
        return PW_INTERNAL;
    PW_TRY(join_get(q->ctx, q->arg[0], open));
    PW_TRY(community_get(q->ctx, open->community_id, &com));
    struct invitation by;
    enum pw_err e = invitation_of_source(q->ctx, open->community_id, open->source, &by);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (e == PW_OK)
        v.open_invitation = by.label;
    v.open = open;
    v.open_com = com.words.name;
    return show_joins(q, r, &v);
}

enum pw_err join_get_page(struct http_req *q, struct http_res *r)
{
    return show_one(q, r);
}

static enum pw_err decided(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_INVALID)
        return show_one(q, r);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/joins"), N_("Someone else decided this request first."));
    PW_TRY(e);
    return page_done(q, r, SV("/joins"), msgid);
}

enum pw_err join_accept_post(struct http_req *q, struct http_res *r)
{
    enum membership_state state = MEMBER_ACTIVE;
    enum pw_err e = join_accept(q->ctx, q->arg[0], &state);
    return decided(q, r, e,
                   state == MEMBER_WAITING
                       ? N_("Accepted. The community is full: the person is on the waiting list and was told.")
                       : N_("Accepted. The person was told and welcomed."));
}

enum pw_err join_refuse_post(struct http_req *q, struct http_res *r)
{
    if (q->problems.n)
        return show_one(q, r);
    return decided(q, r, join_refuse(q->ctx, q->arg[0], http_text(q, "reason")),
                   N_("Refused. The person was told kindly."));
}

/* ---- members ---- */

static enum pw_err show_members(struct http_req *q, struct http_res *r)
{
    bool paged = q->method == HTTP_GET;
    struct members_view v = {.state = MEMBER_ACTIVE};
    PW_TRY(community_get(q->ctx, q->arg[0], &v.com));
    if (!community_may_moderate(q->ctx, &v.com) && !community_may_admin(q->ctx, &v.com))
        return PW_NOT_FOUND;
    static const enum membership_state states[] = {MEMBER_WAITING, MEMBER_ACTIVE, MEMBER_LEFT, MEMBER_REMOVED};
    for (size_t i = 0; i < 4; i++)
        if (sv_eq_z(http_kept(q, "state"), membership_state_code(states[i])))
            v.state = states[i];
    v.may_admin = community_may_admin(q->ctx, &v.com);
    struct exit_answer *exits;
    if (v.state == MEMBER_LEFT && community_may_moderate(q->ctx, &v.com)) {
        PW_TRY(exit_list(q->ctx, v.com.id, 0, &exits, &v.n_exits));
        v.exits = exits;
    }
    struct membership *rows;
    int64_t after = paged ? http_int(q, "after") : 0, after_id = paged ? http_int(q, "after_id") : 0;
    v.older = paged && http_int(q, "older") != 0 && v.state == MEMBER_ACTIVE;
    PW_TRY(v.older ? membership_list_older(q->ctx, v.com.id, after, after_id, MEMBERS_PAGE, &rows, &v.n)
                   : membership_list(q->ctx, v.com.id, v.state, after, after_id, MEMBERS_PAGE, &rows, &v.n));
    v.rows = rows;
    PW_TRY(guidelines_older_count(q->ctx, &v.com, &v.n_older));
    if (v.n == MEMBERS_PAGE) {
        char id[ID_TEXT + 1];
        v.next = arena_fmt(q->arena, "/communities/%s/members?state=%s%s&after=%lld&after_id=%lld",
                           id_text(v.com.id, id).p, membership_state_code(v.state), v.older ? "&older=1" : "",
                           (long long)rows[v.n - 1].accepted_ms, (long long)rows[v.n - 1].id);
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Members"));
    view_members(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err members_get(struct http_req *q, struct http_res *r)
{
    return show_members(q, r);
}

static enum pw_err back_to_members(struct http_req *q, struct http_res *r, const char *msgid)
{
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/communities/%s/members", id_text(q->arg[0], id).p), msgid);
}

/* At the person's own request: no sanction, "you are welcome back" (MSG-17). */
enum pw_err member_leave_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(membership_leave(q->ctx, q->arg[0], q->arg[1]));
    return back_to_members(q, r, N_("The member left at their request and was told that they are welcome back."));
}

/* MOD-1 */
enum pw_err members_again_post(struct http_req *q, struct http_res *r)
{
    int64_t n;
    enum pw_err e = guidelines_ask_again(q->ctx, q->arg[0], &n);
    if (e != PW_OK && e != PW_CONFLICT)
        return e;
    return back_to_members(q, r,
                           e == PW_OK
                               ? N_("They are being told, on their pages and in their apps; each accepts with one "
                                    "press.")
                               : N_("Everybody has accepted the newest guidelines."));
}

/* EQ-3 */
enum pw_err member_data_post(struct http_req *q, struct http_res *r)
{
    bool on = http_int(q, "limited") != 0;
    PW_TRY(membership_set_limited(q->ctx, q->arg[0], q->arg[1], on));
    return back_to_members(
        q, r, on ? N_("This person gets text only; files are sent as links.") : N_("This person gets files again."));
}

enum pw_err member_remove_post(struct http_req *q, struct http_res *r)
{
    if (q->problems.n)
        return show_members(q, r);
    char id[ID_TEXT + 1];
    PW_TRY(membership_remove(q->ctx, q->arg[0], q->arg[1], http_text(q, "reason")));
    return page_done(q, r, arena_fmt(q->arena, "/communities/%s/members", id_text(q->arg[0], id).p),
                     N_("The member is removed and was told first."));
}
