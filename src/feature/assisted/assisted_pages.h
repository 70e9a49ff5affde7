/* SPDX-License-Identifier: EUPL-1.2 */
/* assisted_pages: the handlers behind assisted_routes, and what their templates show. */
#ifndef PW_ASSISTED_PAGES_H
#define PW_ASSISTED_PAGES_H

#include "feature/assisted/assisted.h"
#include "ui/page.h"

#define HAND_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
HAND_HANDLER(hand_get);
HAND_HANDLER(hand_done_post);
HAND_HANDLER(hand_could_not_post);
HAND_HANDLER(hand_back_post);
HAND_HANDLER(hand_log_get);
HAND_HANDLER(paste_get);
HAND_HANDLER(paste_post);
HAND_HANDLER(paste_take_post);
HAND_HANDLER(call_get);
HAND_HANDLER(call_post);
HAND_HANDLER(intake_get);
HAND_HANDLER(intake_post);

struct hand_view {
    const struct hand_task *tasks, *lately; /* lately: done or not in the last hour: may be taken back */
    size_t n, n_lately;
    bool any_place;
};
struct hand_log_view {
    struct community com;
    const struct hand_act *v;
    size_t n;
    struct sv older; /* address of the next page; empty = none */
};
struct paste_view {
    const struct hand_place *places;
    size_t n_places;
    int64_t place; /* chosen */
    struct sv text;
    const struct paste *paste; /* NULL: nothing read yet */
    const bool *ours;
    const struct sv *authors; /* each once */
    const bool *author_ours;
    size_t n_authors;
};
enum { INTAKE_ANSWERS = 8 };
struct call_view {
    const struct community *coms; /* where the actor moderates */
    size_t n_coms;
    int64_t community, person;
    const struct membership *members; /* of the chosen community, active */
    size_t n_members;
    struct sv name, phone, lang, kind, at, text;
    bool accepted, to_public;
    const struct through_offer *offers; /* who may have passed the words on */
    size_t n_offers;
    struct sv through;
    const struct screening *questions; /* intake */
    size_t n_questions;
    struct sv answers[INTAKE_ANSWERS]; /* as typed */
    struct join_choices choices;       /* what a feature asks besides */
    struct sv choice;
};
/* Answers to screening questions are fields "a1" … in the order of the questions. */
extern const char *const intake_answer_names[INTAKE_ANSWERS];
/* Community, offers and members of a form; whoever moderates nothing finds none. */
PW_MUST_CHECK enum pw_err call_load(struct ctx *c, struct call_view *v);

/* What to do, in the reader's language, as one sentence; and where that is found in the app (NULL: no more to say). */
const char *hand_app_label(struct sv app);
const char *hand_sentence(const struct hand_task *t);
const char *hand_hint(const struct hand_task *t);
const char *hand_result_label(struct sv result);
const char *hand_op_label(struct sv op);
const char *hand_reason_label(struct sv reason);

#endif
