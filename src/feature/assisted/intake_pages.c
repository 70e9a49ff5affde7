/* SPDX-License-Identifier: EUPL-1.2 */
/* Somebody who wants to join and only telephones or comes by (MSG-6, EQ-2): staff enter the request with the answers.
 */
#include "base/id.h"
#include "feature/assisted/assisted_pages.h"
#include "ui/web.h"
#include "views_assisted.h"

const char *const intake_answer_names[INTAKE_ANSWERS] = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8"};

static enum pw_err show_intake(struct http_req *q, struct http_res *r, struct call_view *v)
{
    struct screening *questions;
    struct community com;
    PW_TRY(call_load(q->ctx, v));
    if (v->community) {
        PW_TRY(screening_list(q->ctx, v->community, &questions, &v->n_questions));
        v->questions = questions;
        v->n_questions = v->n_questions < INTAKE_ANSWERS ? v->n_questions : INTAKE_ANSWERS;
        PW_TRY(community_get(q->ctx, v->community, &com));
        PW_TRY(join_choices(q->ctx, &com, &v->choices));
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Enter a join request"));
    view_intake(&pg, v);
    return page_end(&pg, r);
}

enum pw_err intake_get(struct http_req *q, struct http_res *r)
{
    struct call_view v = {.community = http_int(q, "community")};
    return show_intake(q, r, &v);
}

/* The action names a wrong answer by its question, and the guidelines by their name: the form by its fields. */
static void rename_problems(struct problems *ps, const struct screening *questions, size_t n)
{
    for (size_t k = 0; k < ps->n; k++) {
        struct sv field = sv_of(ps->v[k].field);
        int64_t id;
        if (sv_eq_z(field, "guidelines"))
            ps->v[k].field = "accepted";
        if (!sv_starts(field, SV("answer_")) || !id_parse(sv_sub(field, 7, field.n), &id))
            continue;
        for (size_t i = 0; i < n; i++)
            if (questions[i].id == id)
                ps->v[k].field = intake_answer_names[i];
    }
}

enum pw_err intake_post(struct http_req *q, struct http_res *r)
{
    struct call_view v = {.community = http_int(q, "community"),
                          .name = http_text(q, "name"),
                          .phone = http_text(q, "phone"),
                          .lang = http_text(q, "lang"),
                          .kind = http_text(q, "kind"),
                          .through = http_text(q, "through"),
                          .choice = http_text(q, "choice"),
                          .accepted = http_int(q, "accepted") != 0};
    struct join_answer answers[INTAKE_ANSWERS];
    struct screening *questions;
    size_t n;
    int64_t id = 0;
    PW_TRY(screening_list(q->ctx, v.community, &questions, &n));
    n = n < INTAKE_ANSWERS ? n : INTAKE_ANSWERS;
    for (size_t i = 0; i < INTAKE_ANSWERS; i++)
        v.answers[i] = http_text(q, intake_answer_names[i]);
    for (size_t i = 0; i < n; i++)
        answers[i] = (struct join_answer){questions[i].id, questions[i].text, v.answers[i]};
    struct call_new who = {.community_id = v.community,
                           .name = v.name,
                           .phone = v.phone,
                           .lang = v.lang,
                           .accepted = v.accepted,
                           .visit = sv_eq_z(v.kind, "visit"),
                           .through = v.through,
                           .choice = v.choice};
    enum pw_err e = q->problems.n ? PW_INVALID : intake_enter(q->ctx, &who, answers, n, &id);
    if (e == PW_INVALID) {
        rename_problems(&q->problems, questions, n);
        return show_intake(q, r, &v);
    }
    PW_TRY(e);
    struct community com;
    char text[ID_TEXT + 1];
    PW_TRY(community_get(q->ctx, v.community, &com));
    bool decides = community_may_admin(q->ctx, &com);
    return page_done(q, r, decides ? arena_fmt(q->arena, "/joins/%s", id_text(id, text).p) : SV("/by-hand"),
                     N_("The request is entered. Whoever admits members there decides."));
}
