/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking to join (MSG-6), coming back with a link or a code, leaving (MSG-17). */
#include "base/id.h"
#include "core/account.h"
#include "core/people.h"
#include "feature/community/community_kit.h"
#include "feature/community/member_pages.h"
#include "feature/community/member_view.h"
#include "ui/markdown.h"
#include "ui/web.h"
#include "views_community.h"

/* Answers to screening questions are fields "a1" … "a8" in the order of the questions. */
static const char *const answer_names[] = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"};
enum { ANSWERS_MAX = sizeof answer_names / sizeof *answer_names };
_Static_assert((int)ANSWERS_MAX == (int)SCREENING_MAX, "a field for each question");

/* What each platform of this community sees, in the words of its driver (CNS-9). */
static enum pw_err seen_elsewhere(struct ctx *c, int64_t community_id, struct join_view *v)
{
    struct community_channel *places;
    size_t n;
    PW_TRY(community_channels_seen(c, community_id, &places, &n));
    const struct chan_driver **seen = arena_array(c->arena, const struct chan_driver *, n + 1);
    if (!seen)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++) {
        const struct chan_driver *d = chan_driver_of(places[i].kind);
        bool known = !d || !d->sees;
        for (size_t k = 0; k < v->n_seen; k++)
            known = known || seen[k] == d;
        if (!known)
            seen[v->n_seen++] = d;
    }
    v->seen = seen;
    return PW_OK;
}

/* The community of the form. With an invitation its holder may see it, and only here; one that ended while the form was
 * open still shows what was typed. */
static enum pw_err load_place(struct http_req *q, struct sv code, bool even_ended, struct place *ret)
{
    struct invitation inv;
    struct community com;
    if (!code.n)
        return place_load(q, q->arg_text[0], ret);
    enum pw_err e = invitation_open(q->ctx, code, even_ended, &inv, &com);
    if (e == PW_NOT_FOUND || (e == PW_OK && !sv_eq(com.slug, q->arg_text[0]))) /* a wrong code takes nothing away */
        return place_load(q, q->arg_text[0], ret);
    PW_TRY(e);
    PW_TRY(place_load_of(q, &com, ret));
    ret->guest = com.visibility == COM_INVITATION && ret->me.state == MEMBER_NONE;
    return PW_OK;
}

/* What the holder of an invitation reads with the form is read by the system for them. */
static struct ctx reader(const struct http_req *q, struct sv code)
{
    struct ctx own = *q->ctx;
    if (code.n)
        own.actor = &actor_system;
    return own;
}

static enum pw_err show_join(struct http_req *q, struct http_res *r)
{
    struct join_view v = {.name = http_kept(q, "name"),
                          .from = http_kept(q, "from"),
                          .invitation = http_kept(q, "invitation"),
                          .choice = http_kept(q, "choice"),
                          .known = q->ctx->actor->person_id != 0};
    if (!code_ok(v.from)) /* a link that was copied wrongly still opens the form */
        v.from = (struct sv){0};
    struct screening *questions;
    struct doc_text doc;
    PW_TRY(load_place(q, v.invitation, q->method != HTTP_GET, &v.place));
    struct ctx own = reader(q, v.invitation), *c = &own;
    PW_TRY(screening_list(c, v.place.com.id, &questions, &v.n_questions));
    if (v.n_questions > ANSWERS_MAX)
        v.n_questions = ANSWERS_MAX;
    struct sv *answers = arena_array(c->arena, struct sv, ANSWERS_MAX);
    if (!answers)
        return PW_INTERNAL;
    for (size_t i = 0; i < v.n_questions; i++)
        answers[i] = http_kept(q, answer_names[i]);
    v.questions = questions;
    v.answers = answers;
    PW_TRY(join_choices(c, &v.place.com, &v.choices));
    PW_TRY(doc_read(c, v.place.com.guidelines_doc, c->lang, 0, &doc));
    PW_TRY(markdown_html(c->arena, doc.body, &v.guidelines));
    PW_TRY(seen_elsewhere(c, v.place.com.id, &v));
    v.guidelines_version = doc.version;
    v.guidelines_old = doc.out_of_date;
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Ask to join"));
    pg.zone = v.place.com.zone;
    view_join(&pg, &v);
    return page_end(&pg, r);
}

/* Nothing to ask for: a member, somebody who has asked, or nobody is admitted now. The community's page says which. */
static bool nothing_to_ask(const struct place *p)
{
    return p->active || p->me.state == MEMBER_WAITING || p->asked || !community_takes_members(p->com.status);
}

enum pw_err join_form_get(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(load_place(q, http_text(q, "invitation"), false, &p));
    if (nothing_to_ask(&p))
        return http_redirect(r, place_path(q->arena, &p.com, ""));
    return show_join(q, r);
}

/* A link short enough to be read aloud: leads to the form of the community that invites. */
enum pw_err invitation_get(struct http_req *q, struct http_res *r)
{
    struct invitation inv;
    struct community com;
    PW_TRY(invitation_open(q->ctx, q->arg_text[0], false, &inv, &com));
    return http_redirect(r, arena_fmt(q->arena, "/c/%.*s/join?invitation=%.*s", SV_ARG(com.slug), SV_ARG(inv.code)));
}

/* The action names a wrong answer by its question; the form knows it by its place. */
static void rename_answer_problems(struct problems *ps, const struct screening *questions, size_t n)
{
    for (size_t k = 0; k < ps->n; k++) {
        struct sv field = sv_of(ps->v[k].field);
        int64_t id;
        if (!sv_starts(field, SV("answer_")) || !id_parse(sv_sub(field, 7, field.n), &id))
            continue;
        for (size_t i = 0; i < n; i++)
            if (questions[i].id == id)
                ps->v[k].field = answer_names[i];
    }
}

enum pw_err join_form_post(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct place p;
    struct screening *questions;
    size_t n;
    struct sv code = http_text(q, "invitation");
    PW_TRY(load_place(q, code, true, &p));
    if (nothing_to_ask(&p))
        return http_redirect(r, place_path(q->arena, &p.com, ""));
    struct ctx own = reader(q, code);
    PW_TRY(screening_list(&own, p.com.id, &questions, &n));
    bool known = c->actor->person_id != 0;
    if (!known && !http_text(q, "name").n && !problem_of(&q->problems, "name"))
        problem_add(&q->problems, "name",
                    N_("Say how you want to be called here. A first name or a nickname is enough."));
    if (!http_int(q, "accept"))
        problem_add(&q->problems, "accept",
                    N_("Please read the guidelines and tick the box: everyone here accepted them."));
    for (size_t i = 0; i < n && i < ANSWERS_MAX; i++)
        if (questions[i].required && !http_text(q, answer_names[i]).n && !problem_of(&q->problems, answer_names[i]))
            problem_add(&q->problems, answer_names[i], N_("Please answer this question. A few words are enough."));
    if (q->problems.n)
        return show_join(q, r);

    struct actor me = *c->actor;
    struct ctx as_me = *c;
    as_me.actor = &me;
    if (!known) {
        struct person_new pn = {.display_name = http_text(q, "name"), .lang = c->lang, .zone = p.com.zone};
        struct ctx system = *c;
        system.actor = &actor_system;
        PW_TRY(person_create(&system, &pn, &me.person_id));
        me.kind = ACTOR_MEMBER;
        me.name = pn.display_name;
    }
    struct join_answer *answers = arena_array(c->arena, struct join_answer, ANSWERS_MAX);
    if (!answers)
        return PW_INTERNAL;
    for (size_t i = 0; i < n && i < ANSWERS_MAX; i++)
        answers[i] = (struct join_answer){questions[i].id, questions[i].text, http_text(q, answer_names[i])};
    struct join_new jn = {.community_id = p.com.id,
                          .guidelines_version = http_int(q, "version"),
                          .lang = c->lang,
                          .source = http_text(q, "from").n ? http_text(q, "from") : SV("web"),
                          .invitation = code,
                          .answers = answers,
                          .n_answers = n < ANSWERS_MAX ? n : ANSWERS_MAX,
                          .choice = http_text(q, "choice"),
                          .channel_kind = SV("web")};
    int64_t request;
    enum pw_err e = join_request_send(&as_me, &jn, &request);
    if (e == PW_INVALID) {
        rename_answer_problems(&q->problems, questions, n);
        return show_join(q, r);
    }
    PW_TRY(e);

    struct asked_view v = {.place = p};
    struct sv link;
    if (!known) {
        struct sv token;
        PW_TRY(member_session(&as_me, me.person_id, &token));
        http_set_cookie(q, r, "pw", token, 90 * 24 * 60 * 60);
        PW_TRY(member_link_make(&as_me, me.person_id, &link, &v.code));
        v.link = arena_fmt(c->arena, "%.*s/back/%.*s", SV_ARG(c->public_url), SV_ARG(link));
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Your request is sent"));
    pg.zone = p.com.zone;
    view_asked(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err join_withdraw_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    int64_t request;
    enum join_state state;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    PW_TRY(join_mine(q->ctx, p.com.id, &request, &state));
    enum pw_err e = join_withdraw(q->ctx, request);
    if (e == PW_CONFLICT) /* decided meanwhile: the page says how */
        return http_redirect(r, place_path(q->arena, &p.com, ""));
    PW_TRY(e);
    bool seen = p.com.visibility != COM_INVITATION || p.me.state != MEMBER_NONE;
    return page_done(q, r, seen ? place_path(q->arena, &p.com, "") : SV("/"),
                     N_("Your request is taken back. You may ask again."));
}

/* ---- coming back ---- */

static enum pw_err show_back(struct http_req *q, struct http_res *r, struct sv token)
{
    struct back_view v = {token};
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Come back"));
    view_back(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err back_get(struct http_req *q, struct http_res *r)
{
    return show_back(q, r, (struct sv){0});
}

/* A link opens nothing by itself: whoever follows it presses a button first. */
enum pw_err back_link_get(struct http_req *q, struct http_res *r)
{
    return show_back(q, r, q->arg_text[0]);
}

enum pw_err back_post(struct http_req *q, struct http_res *r)
{
    struct sv token;
    int64_t person;
    enum pw_err e = q->problems.n ? PW_DENIED : member_return(q->ctx, http_text(q, "code"), &token, &person);
    if (e == PW_DENIED || e == PW_NOT_FOUND) {
        q->problems.n = 0;
        problem_add(&q->problems, "code",
                    N_("This link or code does not work any more. Check it, or ask a moderator for a new one."));
        return show_back(q, r, (struct sv){0});
    }
    PW_TRY(e);
    http_set_cookie(q, r, "pw", token, 90 * 24 * 60 * 60);
    return http_redirect(r, SV("/"));
}

/* A new link and code; the old ones stop working. */
enum pw_err link_post(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct asked_view v = {0};
    struct sv link;
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    if (v.place.me.state == MEMBER_NONE)
        return PW_NOT_FOUND;
    PW_TRY(member_link_make(c, c->actor->person_id, &link, &v.code));
    v.link = arena_fmt(c->arena, "%.*s/back/%.*s", SV_ARG(c->public_url), SV_ARG(link));
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Your link and code"));
    pg.zone = v.place.com.zone;
    view_link(&pg, &v);
    return page_end(&pg, r);
}

/* ---- leaving ---- */

enum pw_err leave_get(struct http_req *q, struct http_res *r)
{
    struct place_view v = {0};
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    if (v.place.me.state == MEMBER_NONE)
        return PW_NOT_FOUND;
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Leave"));
    pg.zone = v.place.com.zone;
    view_leave(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err leave_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    PW_TRY(membership_leave(q->ctx, p.com.id, 0));
    return left_done(q, r, &p.com);
}

/* After the farewell: why, if the community asks and the person wants to say (MSG-17). */
enum pw_err left_done(struct http_req *q, struct http_res *r, const struct community *com)
{
    bool asked = false;
    PW_TRY(exit_asked(q->ctx, com->id, &asked));
    return page_done(q, r, place_path(q->arena, com, asked ? "/left" : ""),
                     N_("You have left. You are welcome back at any time."));
}

static enum pw_err show_left(struct http_req *q, struct http_res *r)
{
    struct left_view v = {.reason = http_kept(q, "reason"), .words = http_kept(q, "words")};
    bool asked = false;
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    if (v.place.me.state != MEMBER_LEFT)
        return PW_NOT_FOUND;
    PW_TRY(exit_asked(q->ctx, v.place.com.id, &asked));
    if (!asked)
        return http_redirect(r, place_path(q->arena, &v.place.com, ""));
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, N_("Why do you leave?"));
    pg.zone = v.place.com.zone;
    view_left(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err left_get(struct http_req *q, struct http_res *r)
{
    return show_left(q, r);
}

enum pw_err left_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    if (p.me.state != MEMBER_LEFT)
        return PW_NOT_FOUND;
    enum pw_err e =
        q->problems.n ? PW_INVALID : exit_answer(q->ctx, p.com.id, http_text(q, "reason"), http_text(q, "words"));
    if (e == PW_INVALID)
        return show_left(q, r);
    if (e != PW_NOT_FOUND) /* answered already: the thanks are the same */
        PW_TRY(e);
    return page_done(q, r, place_path(q->arena, &p.com, ""),
                     N_("Thank you for telling us. You are welcome back at any time."));
}
