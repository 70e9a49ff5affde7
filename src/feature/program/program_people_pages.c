/* SPDX-License-Identifier: EUPL-1.2 */
/* Who is enrolled: the list, enrolling members of the message space, one enrolment; and the page where members say
 * which mode they prefer. */
#include "base/id.h"
#include "feature/person/person.h"
#include "feature/program/program_pages.h"
#include "views_program.h"

enum { PAGE = 50 };

enum pw_err ids_of(struct http_req *q, const char *name, const int64_t **ret, size_t *ret_n)
{
    const struct http_value *v = http_value(q, name);
    size_t n = v ? v->n_many : 0;
    int64_t *ids = arena_array(q->arena, int64_t, n + 1);
    if (!ids)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        if (!id_parse(v->many[i], &ids[i]))
            ids[i] = 0;
    *ret = ids;
    *ret_n = n;
    return PW_OK;
}

enum pw_err program_people_get(struct http_req *q, struct http_res *r)
{
    struct people_view v = {.f = {.limit = PAGE}};
    struct enrolment *rows;
    PW_TRY(program_get(q->ctx, q->arg[0], &v.p));
    PW_TRY(enrolment_count(q->ctx, &v.p, &v.counts));
    v.f.ended = sv_eq_z(http_text(q, "show"), "ended");
    v.f.unmet_only = sv_eq_z(http_text(q, "show"), "unmet");
    v.f.after_id = http_int(q, "after");
    PW_TRY(enrolment_list(q->ctx, v.p.id, &v.f, &rows, &v.n));
    v.v = rows;
    char id[ID_TEXT + 1];
    if (v.n == PAGE)
        v.next = arena_fmt(q->arena, "%.*s?show=%.*s&after=%s", SV_ARG(program_path(q->arena, v.p.id, "/people")),
                           SV_ARG(http_text(q, "show")), id_text(rows[v.n - 1].id, id).p);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("People enrolled"));
    view_program_people(&pg, &v);
    return page_end(&pg, r);
}

/* ---- enrolling ---- */

static enum pw_err take_ticks(struct http_req *q, struct enrol_view *v)
{
    bool *ticked = arena_array(q->arena, bool, v->n + 1);
    const int64_t *ids = NULL;
    size_t n = 0;
    if (!ticked)
        return PW_UNAVAILABLE;
    if (q->method == HTTP_POST)
        PW_TRY(ids_of(q, "persons", &ids, &n));
    for (size_t i = 0; i < v->n; i++)
        for (size_t k = 0; k < n; k++)
            ticked[i] |= ids[k] == v->v[i].person_id;
    v->ticked = ticked;
    return PW_OK;
}

static enum pw_err show_enrol(struct http_req *q, struct http_res *r)
{
    struct enrol_view v = {0};
    struct candidate *rows;
    bool more = false;
    struct sv rest = http_kept(q, "after"), ms;
    int64_t after_ms = 0, after_id = 0;
    PW_TRY(program_get(q->ctx, q->arg[0], &v.p));
    if (rest.n && !(sv_cut(&rest, '.', &ms) && sv_int(ms, &after_ms) && sv_int(rest, &after_id)))
        after_ms = after_id = 0;
    PW_TRY(program_candidates(q->ctx, &v.p, after_ms, after_id, &rows, &v.n, &more));
    if (more)
        v.next = arena_fmt(q->arena, "%.*s?after=%lld.%lld", SV_ARG(program_path(q->arena, v.p.id, "/enrol")),
                           (long long)rows[v.n - 1].accepted_ms, (long long)rows[v.n - 1].membership_id);
    v.v = rows;
    v.since = http_kept(q, "since");
    v.prefers = http_kept(q, "prefers");
    v.uses = http_kept(q, "uses");
    PW_TRY(take_ticks(q, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Enrol members"));
    view_program_enrol(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err program_enrol_get(struct http_req *q, struct http_res *r)
{
    return show_enrol(q, r);
}

enum pw_err program_enrol_post(struct http_req *q, struct http_res *r)
{
    struct enrol_new n = {
        .since = http_text(q, "since"), .prefers = http_text(q, "prefers"), .uses = http_text(q, "uses")};
    int64_t enrolled, already;
    enum pw_err e = q->problems.n ? PW_INVALID : PW_OK;
    if (e == PW_OK)
        PW_TRY(ids_of(q, "persons", &n.persons, &n.n));
    e = e == PW_OK ? program_enrol(q->ctx, q->arg[0], &n, &enrolled, &already) : e;
    if (e == PW_INVALID && q->problems.n)
        return show_enrol(q, r);
    PW_TRY(e);
    return page_done(q, r, program_path(q->arena, q->arg[0], "/people"),
                     already ? N_("Enrolled. Who was enrolled already stays as before.") : N_("Enrolled."));
}

/* ---- from the page of a person ---- */

static enum pw_err show_person_enrol(struct http_req *q, struct http_res *r)
{
    struct person who;
    struct program *rows;
    struct person_enrol_view v = {.program = q->method == HTTP_POST ? http_int(q, "program") : 0};
    PW_TRY(person_need(q->ctx, q->arg[0], &who));
    PW_TRY(program_writable(q->ctx, &rows, &v.n));
    if (!v.n)
        return PW_NOT_FOUND;
    v.person_id = who.id;
    v.name = who.display_name;
    v.back = person_page_path(q->ctx, who.id);
    v.v = rows;
    v.since = http_kept(q, "since");
    v.prefers = http_kept(q, "prefers");
    v.uses = http_kept(q, "uses");
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Enrol in a program"));
    view_person_enrol(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err person_enrol_get(struct http_req *q, struct http_res *r)
{
    return show_person_enrol(q, r);
}

enum pw_err person_enrol_post(struct http_req *q, struct http_res *r)
{
    struct person who;
    PW_TRY(person_need(q->ctx, q->arg[0], &who));
    struct enrol_new n = {.persons = &who.id,
                          .n = 1,
                          .since = http_text(q, "since"),
                          .prefers = http_text(q, "prefers"),
                          .uses = http_text(q, "uses")};
    int64_t enrolled, already;
    enum pw_err e = q->problems.n ? PW_INVALID : program_enrol(q->ctx, http_int(q, "program"), &n, &enrolled, &already);
    if (e == PW_INVALID && q->problems.n)
        return show_person_enrol(q, r);
    PW_TRY(e);
    return page_done(q, r, person_page_path(q->ctx, who.id),
                     already ? N_("This person is enrolled there already.") : N_("Enrolled."));
}

/* ---- one enrolment ---- */

static struct sv enrolment_path(struct arena *a, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(a, "/enrolments/%s", id_text(id, text).p);
}

static enum pw_err show_enrolment(struct http_req *q, struct http_res *r)
{
    struct enrolment_view v = {0};
    struct enrolment_step *steps;
    PW_TRY(enrolment_get(q->ctx, q->arg[0], &v.e, &v.p, &steps, &v.n_steps));
    v.steps = steps;
    v.prefers = http_kept(q, "prefers");
    v.uses = http_kept(q, "uses");
    v.on = http_kept(q, "on");
    v.reason = http_kept(q, "reason");
    if (!v.prefers.n)
        v.prefers = sv_of(wish_code(v.e.prefers));
    if (!v.uses.n)
        v.uses = sv_of(delivery_code(v.e.uses));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Enrolment"));
    pg.zone = v.p.zone;
    view_enrolment(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err enrolment_one_get(struct http_req *q, struct http_res *r)
{
    return show_enrolment(q, r);
}

static enum pw_err ended(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_CONFLICT && !q->problems.n)
        e = problem_add(&q->problems, NULL, N_("The present state does not allow this, or it was done already."));
    if (e == PW_INVALID && q->problems.n)
        return show_enrolment(q, r);
    PW_TRY(e);
    return page_done(q, r, enrolment_path(q->arena, q->arg[0]), msgid);
}

enum pw_err enrolment_modes_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e =
        q->problems.n ? PW_INVALID : enrolment_set(q->ctx, q->arg[0], http_text(q, "prefers"), http_text(q, "uses"));
    return ended(q, r, e, N_("Saved."));
}

enum pw_err enrolment_end_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e =
        q->problems.n ? PW_INVALID : enrolment_end(q->ctx, q->arg[0], http_text(q, "on"), http_text(q, "reason"));
    return ended(q, r, e, N_("The enrolment has ended. It can be taken back."));
}

enum pw_err enrolment_back_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, enrolment_take_back(q->ctx, q->arg[0]), N_("The person is enrolled again."));
}

/* ---- the person themselves ---- */

static enum pw_err show_own(struct http_req *q, struct http_res *r)
{
    struct own_view v = {0};
    struct membership m = {0};
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &v.com));
    PW_TRY(program_own(q->ctx, v.com.id, &v.own));
    enum pw_err e = membership_of(q->ctx, v.com.id, q->ctx->actor->person_id, &m);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    v.member = m.state == MEMBER_ACTIVE;
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Program"));
    pg.zone = v.own.p.zone;
    view_own_program(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err own_program_get(struct http_req *q, struct http_res *r)
{
    return show_own(q, r);
}

enum pw_err own_program_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &com));
    enum pw_err e = q->problems.n ? PW_INVALID : program_own_wish(q->ctx, com.id, http_text(q, "prefers"));
    if (e == PW_INVALID && q->problems.n)
        return show_own(q, r);
    PW_TRY(e);
    return page_done(q, r, community_path(q->ctx, &com, "/program"), N_("Thank you. We know now what suits you best."));
}
