/* SPDX-License-Identifier: EUPL-1.2 */
/* Saved answers (KB-1, KB-2, KB-4): looking, writing, reviewing. */
#include "base/id.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

enum { ENTRIES_PAGE = 50 };

static struct sv entry_path(struct arena *a, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(a, "/answers/%s", id_text(id, text).p);
}

/* The community asked for, else the first one the actor works in. */
static enum pw_err chosen_community(struct http_req *q, struct knowledge_view *v)
{
    struct community *coms;
    PW_TRY(community_mine(q->ctx, &coms, &v->n_coms));
    v->coms = coms;
    v->community_id = http_int(q, "community");
    size_t at = 0;
    for (size_t i = 0; i < v->n_coms; i++)
        if (coms[i].id == v->community_id)
            at = i;
    v->community_id = v->n_coms ? coms[at].id : 0;
    v->may_edit = v->n_coms && community_may_moderate(q->ctx, &coms[at]);
    return PW_OK;
}

/* Moderators look at drafts and at what is no longer shown, too. */
static enum pw_err list(struct http_req *q, struct knowledge_view *v)
{
    static const enum kb_state states[] = {KB_PUBLISHED, KB_DRAFT, KB_RETIRED};
    struct kb_entry *rows;
    char id[ID_TEXT + 1], last[ID_TEXT + 1];
    for (size_t i = 0; i < 3 && v->may_edit; i++)
        if (sv_eq_z(http_text(q, "state"), kb_state_code(states[i])))
            v->state = states[i];
    PW_TRY(kb_list_state(q->ctx, v->community_id, v->state, http_text(q, "topic"), http_int(q, "after"), ENTRIES_PAGE,
                         &rows, &v->n));
    v->rows = rows;
    if (v->n == ENTRIES_PAGE)
        v->next =
            arena_fmt(q->arena, "/answers?community=%s&state=%s&topic=%.*s&after=%s", id_text(v->community_id, id).p,
                      kb_state_code(v->state), SV_ARG(http_text(q, "topic")), id_text(rows[v->n - 1].id, last).p);
    return PW_OK;
}

enum pw_err knowledge_get(struct http_req *q, struct http_res *r)
{
    struct knowledge_view v = {.words = http_text(q, "q"), .state = KB_PUBLISHED};
    struct kb_entry *rows = NULL, *due = NULL;
    PW_TRY(chosen_community(q, &v));
    if (v.community_id && v.words.n) {
        PW_TRY(kb_search(q->ctx, v.community_id, v.words, ENTRIES_PAGE, &rows, &v.n));
        v.rows = rows;
    } else if (v.community_id) {
        PW_TRY(list(q, &v));
    }
    if (v.may_edit)
        PW_TRY(kb_due_for_review(q->ctx, v.community_id, &due, &v.n_due));
    v.due = due;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Saved answers"));
    view_knowledge(&pg, &v);
    return page_end(&pg, r);
}

static struct kb_edit typed(struct http_req *q)
{
    return (struct kb_edit){.topic = http_text(q, "topic"),
                            .lang = http_text(q, "lang_of"),
                            .question = http_text(q, "question"),
                            .answer = http_text(q, "answer"),
                            .source = http_text(q, "source"),
                            .checked_on = http_text(q, "checked_on"),
                            .review_on = http_text(q, "review_on"),
                            .is_source = http_int(q, "is_source") != 0,
                            .publish = http_int(q, "publish") != 0,
                            .hide = http_int(q, "publish") == 0};
}

static enum pw_err show_entry(struct http_req *q, struct http_res *r, struct entry_view *v)
{
    PW_TRY(community_get(q->ctx, v->com.id ? v->com.id : v->entry.community_id, &v->com));
    v->may_edit = community_may_moderate(q->ctx, &v->com);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, v->entry.id ? N_("Saved answer") : N_("New saved answer"));
    pg.zone = v->com.zone;
    view_entry(&pg, v);
    return page_end(&pg, r);
}

enum pw_err entry_get(struct http_req *q, struct http_res *r)
{
    struct entry_view v = {0};
    PW_TRY(kb_get(q->ctx, q->arg[0], &v.entry));
    struct sv lang = http_text(q, "lang_of");
    bool other = lang.n && !sv_eq(lang, v.entry.lang);
    v.edit = (struct kb_edit){.topic = v.entry.topic,
                              .lang = lang.n ? lang : v.entry.lang,
                              .question = other ? (struct sv){0} : v.entry.question,
                              .answer = other ? (struct sv){0} : v.entry.answer,
                              .source = v.entry.source,
                              .checked_on = v.entry.checked_on,
                              .is_source = !other && sv_eq(v.entry.lang, v.entry.source_lang),
                              .publish = v.entry.state == KB_PUBLISHED};
    return show_entry(q, r, &v);
}

/* New: empty, or from an answer of a question (KB-1). */
enum pw_err entry_new_get(struct http_req *q, struct http_res *r)
{
    struct entry_view v = {.com.id = http_int(q, "community"), .from_answer = http_int(q, "answer")};
    struct question_view *qv = arena_new(q->arena, struct question_view);
    if (!qv)
        return PW_INTERNAL;
    v.edit = (struct kb_edit){.lang = q->ctx->lang, .is_source = true, .publish = true};
    if (v.from_answer && http_int(q, "from")) {
        PW_TRY(question_view(q->ctx, http_int(q, "from"), qv));
        v.com.id = qv->q.community_id;
        v.edit.question = qv->q.text;
        v.edit.topic = qv->q.topic;
        v.edit.lang = qv->q.lang.n ? qv->q.lang : q->ctx->lang;
        for (size_t i = 0; i < qv->n_answers; i++)
            if (qv->answers[i].id == v.from_answer) {
                v.edit.answer = qv->answers[i].text;
                v.edit.source = qv->answers[i].source;
                v.edit.checked_on = qv->answers[i].checked_on;
            }
    }
    if (!v.com.id) {
        struct knowledge_view k = {0};
        PW_TRY(chosen_community(q, &k));
        if (!k.community_id)
            return PW_NOT_FOUND;
        v.com.id = k.community_id;
    }
    return show_entry(q, r, &v);
}

enum pw_err entry_new_post(struct http_req *q, struct http_res *r)
{
    struct kb_edit e = typed(q);
    int64_t id, answer = http_int(q, "from_answer"), com = http_int(q, "community");
    enum pw_err err = PW_INVALID;
    if (!q->problems.n)
        err = answer ? kb_from_answer(q->ctx, answer, &e, &id) : kb_create(q->ctx, com, &e, &id);
    if (err == PW_INVALID && q->problems.n) {
        struct entry_view v = {.com.id = com, .from_answer = answer, .edit = e};
        return show_entry(q, r, &v);
    }
    PW_TRY(err);
    return page_done(q, r, entry_path(q->arena, id), N_("The answer is saved."));
}

enum pw_err entry_post(struct http_req *q, struct http_res *r)
{
    struct kb_edit e = typed(q);
    enum pw_err err = q->problems.n ? PW_INVALID : kb_write(q->ctx, q->arg[0], &e);
    if (err == PW_INVALID && q->problems.n) {
        struct entry_view v = {.edit = e};
        PW_TRY(kb_get(q->ctx, q->arg[0], &v.entry));
        return show_entry(q, r, &v);
    }
    PW_TRY(err);
    return page_done(q, r, entry_path(q->arena, q->arg[0]), N_("The answer is saved."));
}

enum pw_err entry_review_post(struct http_req *q, struct http_res *r)
{
    enum pw_err err = q->problems.n ? PW_INVALID
                                    : kb_review(q->ctx, q->arg[0], http_text(q, "source"), http_text(q, "checked_on"),
                                                http_text(q, "review_on"));
    if (err == PW_INVALID && q->problems.n) {
        struct entry_view v = {0};
        PW_TRY(kb_get(q->ctx, q->arg[0], &v.entry));
        v.edit = typed(q);
        v.edit.question = v.entry.question;
        v.edit.answer = v.entry.answer;
        return show_entry(q, r, &v);
    }
    PW_TRY(err);
    return page_done(q, r, entry_path(q->arena, q->arg[0]),
                     N_("The review is noted: the answer counts as verified again."));
}

enum pw_err entry_state_post(struct http_req *q, struct http_res *r)
{
    bool retire = sv_eq_z(http_text(q, "to"), "retired");
    PW_TRY(kb_set_state(q->ctx, q->arg[0], retire ? KB_RETIRED : KB_PUBLISHED));
    return page_done(q, r, entry_path(q->arena, q->arg[0]),
                     retire ? N_("The answer is no longer shown.") : N_("The answer is shown again."));
}
