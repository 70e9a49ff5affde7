/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/assisted/assisted_pages.h"

#include "base/id.h"
#include "ui/web.h"
#include "views_assisted.h"

enum { LOG_PAGE = 100 };
static const int64_t back_within_ms = 60 * 60 * 1000;

/* ---- the list ---- */

/* Finished by a person within the hour, done ones and others. */
static enum pw_err load_lately(struct ctx *c, struct hand_view *v)
{
    static const enum out_state states[] = {OUT_SENT, OUT_FAILED};
    struct hand_task *lately = NULL;
    for (size_t i = 0; i < 2; i++) {
        struct hand_task *all;
        size_t n;
        PW_TRY(hand_tasks(c, 0, states[i], &all, &n));
        if (!lately)
            lately = arena_array(c->arena, struct hand_task, 2 * n + 2000);
        if (!lately)
            return PW_UNAVAILABLE;
        for (size_t k = 0; k < n && v->n_lately < 20 * (i + 1); k++)
            if (all[k].changed_ms > c->now_ms - back_within_ms)
                lately[v->n_lately++] = all[k];
    }
    v->lately = lately;
    return PW_OK;
}

static enum pw_err show_hand(struct http_req *q, struct http_res *r)
{
    struct hand_view v = {0};
    struct hand_task *tasks;
    struct hand_place *places;
    size_t n_places;
    PW_TRY(hand_places(q->ctx, &places, &n_places));
    PW_TRY(hand_tasks(q->ctx, 0, OUT_BY_HAND, &tasks, &v.n));
    PW_TRY(load_lately(q->ctx, &v));
    v.tasks = tasks;
    v.any_place = n_places > 0;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("By hand"));
    view_hand(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err hand_get(struct http_req *q, struct http_res *r)
{
    return show_hand(q, r);
}

static enum pw_err decided(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_INVALID)
        return show_hand(q, r);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/by-hand"), N_("Somebody else was quicker."));
    PW_TRY(e);
    return page_done(q, r, SV("/by-hand"), msgid);
}

enum pw_err hand_done_post(struct http_req *q, struct http_res *r)
{
    return decided(q, r, hand_done(q->ctx, q->arg[0], true, (struct sv){0}), N_("Noted: it is done."));
}

enum pw_err hand_could_not_post(struct http_req *q, struct http_res *r)
{
    if (q->problems.n)
        return show_hand(q, r);
    return decided(q, r, hand_done(q->ctx, q->arg[0], false, http_text(q, "reason")),
                   N_("Noted: it could not be done."));
}

enum pw_err hand_back_post(struct http_req *q, struct http_res *r)
{
    return decided(q, r, hand_take_back(q->ctx, q->arg[0]), N_("It stands in the list again."));
}

enum pw_err hand_log_get(struct http_req *q, struct http_res *r)
{
    struct hand_log_view v = {0};
    struct hand_act *acts;
    PW_TRY(community_get(q->ctx, q->arg[0], &v.com));
    PW_TRY(hand_log(q->ctx, v.com.id, http_int(q, "before"), http_int(q, "before_id"), LOG_PAGE, &acts, &v.n));
    v.v = acts;
    if (v.n == LOG_PAGE) {
        char id[ID_TEXT + 1];
        v.older = arena_fmt(q->arena, "?before=%lld&before_id=%s", (long long)acts[v.n - 1].at_ms,
                            id_text(acts[v.n - 1].id, id).p);
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("What was done by hand"));
    view_hand_log(&pg, &v);
    return page_end(&pg, r);
}

/* ---- a pasted conversation ---- */

static enum pw_err show_paste(struct http_req *q, struct http_res *r, struct paste_view *v)
{
    struct hand_place *places;
    PW_TRY(hand_places(q->ctx, &places, &v->n_places));
    v->places = places;
    if (!v->place && v->n_places)
        v->place = places[0].id;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Paste a conversation"));
    view_paste(&pg, v);
    return page_end(&pg, r);
}

enum pw_err paste_get(struct http_req *q, struct http_res *r)
{
    struct paste_view v = {.place = http_int(q, "place")};
    return show_paste(q, r, &v);
}

/* Each author once, in the order in which they speak. */
static bool list_authors(struct arena *a, const struct paste *p, const bool *ours, struct paste_view *v)
{
    struct sv *names = arena_array(a, struct sv, p->n + 1);
    bool *is_ours = arena_array(a, bool, p->n + 1);
    for (size_t i = 0; names && is_ours && i < p->n; i++) {
        size_t k = 0;
        while (k < v->n_authors && !sv_eq(names[k], p->v[i].author))
            k++;
        if (k < v->n_authors)
            continue;
        names[v->n_authors] = p->v[i].author;
        is_ours[v->n_authors++] = ours[i];
    }
    v->authors = names;
    v->author_ours = is_ours;
    return names && is_ours;
}

enum pw_err paste_post(struct http_req *q, struct http_res *r)
{
    struct paste_view v = {.place = http_int(q, "place"), .text = http_text(q, "text")};
    struct paste *p = arena_new(q->arena, struct paste);
    bool *ours = arena_array(q->arena, bool, PASTE_MAX);
    if (!p || !ours)
        return PW_UNAVAILABLE;
    if (q->problems.n)
        return show_paste(q, r, &v);
    enum pw_err e = paste_preview(q->ctx, v.place, v.text, p, ours);
    if (e == PW_INVALID)
        return show_paste(q, r, &v);
    PW_TRY(e);
    v.paste = p;
    v.ours = ours;
    if (!list_authors(q->arena, p, ours, &v))
        return PW_UNAVAILABLE;
    return show_paste(q, r, &v);
}

enum pw_err paste_take_post(struct http_req *q, struct http_res *r)
{
    struct paste_view v = {.place = http_int(q, "place"), .text = http_text(q, "text")};
    const struct http_value *ours = http_value(q, "ours");
    struct paste_made made;
    if (q->problems.n)
        return show_paste(q, r, &v);
    enum pw_err e = paste_take(q->ctx, v.place, v.text, ours->many, ours->n_many, &made);
    if (e == PW_INVALID)
        return show_paste(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, SV("/inbox"), N_("The conversation is taken in. Its questions stand in the inbox."));
}

/* ---- a call or a visit ---- */

enum pw_err call_load(struct ctx *c, struct call_view *v)
{
    struct community *all, *coms;
    size_t n;
    PW_TRY(community_mine(c, &all, &n));
    coms = arena_array(c->arena, struct community, n + 1);
    if (!coms)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        if (community_may_moderate(c, &all[i]) && community_takes_messages(all[i].status))
            coms[v->n_coms++] = all[i];
    v->coms = coms;
    bool known = false;
    for (size_t i = 0; i < v->n_coms; i++)
        known = known || coms[i].id == v->community;
    if (!known && v->n_coms)
        v->community = coms[0].id;
    if (!v->n_coms)
        return PW_OK;
    struct membership *members;
    PW_TRY(membership_all(c, v->community, &members, &v->n_members));
    v->members = members;
    struct through_offer *offers;
    PW_TRY(through_offers(c, v->person, &offers, &v->n_offers));
    v->offers = offers;
    return PW_OK;
}

static enum pw_err show_call(struct http_req *q, struct http_res *r, struct call_view *v)
{
    PW_TRY(call_load(q->ctx, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Enter a call or a visit"));
    view_call(&pg, v);
    return page_end(&pg, r);
}

enum pw_err call_get(struct http_req *q, struct http_res *r)
{
    struct call_view v = {.community = http_int(q, "community"), .person = http_int(q, "person")};
    return show_call(q, r, &v);
}

enum pw_err call_post(struct http_req *q, struct http_res *r)
{
    struct call_view v = {.community = http_int(q, "community"),
                          .person = http_int(q, "person"),
                          .name = http_text(q, "name"),
                          .phone = http_text(q, "phone"),
                          .lang = http_text(q, "lang"),
                          .kind = http_text(q, "kind"),
                          .at = http_text(q, "at"),
                          .text = http_text(q, "text"),
                          .through = http_text(q, "through"),
                          .accepted = http_int(q, "accepted") != 0,
                          .to_public = http_int(q, "public") != 0};
    struct call_new n = {.community_id = v.community,
                         .person_id = v.person,
                         .name = v.name,
                         .phone = v.phone,
                         .lang = v.lang,
                         .accepted = v.accepted,
                         .visit = sv_eq_z(v.kind, "visit"),
                         .to_public = v.to_public,
                         .at = v.at,
                         .text = v.text,
                         .through = v.through};
    struct message_made made;
    enum pw_err e = q->problems.n ? PW_INVALID : call_enter(q->ctx, &n, &made);
    if (e == PW_INVALID)
        return show_call(q, r, &v);
    PW_TRY(e);
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/inbox/%s", id_text(made.question_id, id).p),
                     N_("The question stands in the inbox, with the time of the call."));
}
