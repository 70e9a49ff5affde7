/* SPDX-License-Identifier: EUPL-1.2 */
/* What a moderator does with a question, one handler an act. Each ends on the question's page with a sentence. */
#include "base/id.h"
#include "feature/community/inbox_pages.h"
#include "feature/community/staff_pages.h"
#include "ui/web.h"

static enum pw_err back_to(struct http_req *q, struct http_res *r, int64_t question, const char *msgid)
{
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/inbox/%s", id_text(question, id).p), msgid);
}

/* The page again with what was typed and what is wrong; everything else goes to the error page. */
static enum pw_err ended(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_INVALID && q->problems.n)
        return inbox_show_question(q, r);
    if (e == PW_CONFLICT)
        return back_to(q, r, q->arg[0], N_("Someone else changed this first. Here is how it stands now."));
    PW_TRY(e);
    return back_to(q, r, q->arg[0], msgid);
}

/* The same, and the next page offers to take it back: `rest` is the act of this question that does. */
static enum pw_err ended_undo(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid, struct sv rest)
{
    char id[ID_TEXT + 1];
    if (e != PW_OK)
        return ended(q, r, e, msgid);
    struct sv page = arena_fmt(q->arena, "/inbox/%s", id_text(q->arg[0], id).p);
    return page_done_undo(q, r, page, msgid, arena_join(q->arena, page, rest));
}

enum pw_err question_assign_post(struct http_req *q, struct http_res *r)
{
    int64_t who = http_int(q, "me") ? q->ctx->actor->person_id : http_int(q, "person");
    struct question was;
    char id[ID_TEXT + 1] = "";
    PW_TRY(question_get(q->ctx, q->arg[0], &was));
    if (was.assigned_to)
        (void)id_text(was.assigned_to, id);
    return ended_undo(q, r, question_assign(q->ctx, q->arg[0], who),
                      who == q->ctx->actor->person_id ? N_("It is yours.")
                      : who                           ? N_("It is assigned.")
                                                      : N_("It is free again."),
                      arena_fmt(q->arena, "/assign?person=%s", id));
}

enum pw_err question_interim_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : question_interim(q->ctx, q->arg[0], http_text(q, "interim"));
    return ended(q, r, e, N_("The person knows that you are looking."));
}

enum pw_err question_answer_post(struct http_req *q, struct http_res *r)
{
    struct answer_new n = {.text = http_text(q, "text"),
                           .source = http_text(q, "source"),
                           .checked_on = http_text(q, "checked_on"),
                           .kb_entry = http_int(q, "entry"),
                           .urgent = http_int(q, "urgent") != 0};
    if (!n.source.n)
        n.checked_on = (struct sv){0}; /* the date stands in the form already; alone it says nothing */
    if (!q->problems.n && !n.text.n && !n.kb_entry)
        problem_add(&q->problems, "text", N_("Write the answer, or pick a saved one."));
    struct answer_made made = {0};
    enum pw_err e = q->problems.n ? PW_INVALID : question_answer(q->ctx, q->arg[0], &n, &made);
    return ended(q, r, e,
                 made.held_until_ms ? N_("The answer is ready and goes out when you open. You can still take it back.")
                                    : N_("The answer is on its way."));
}

enum pw_err question_private_post(struct http_req *q, struct http_res *r)
{
    int64_t thread;
    return ended(q, r, question_move_private(q->ctx, q->arg[0], &thread),
                 N_("The question is private now. The group sees only that it is answered privately."));
}

enum pw_err question_refer_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e =
        q->problems.n ? PW_INVALID : question_refer(q->ctx, q->arg[0], http_int(q, "org"), http_int(q, "person"));
    return ended(q, r, e, N_("The partner has it now. It stays in the queue until it is answered."));
}

enum pw_err question_close_post(struct http_req *q, struct http_res *r)
{
    return ended_undo(q, r, question_close(q->ctx, q->arg[0], http_text(q, "reason")), N_("The question is closed."),
                      SV("/reopen"));
}

enum pw_err question_reopen_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, question_reopen(q->ctx, q->arg[0]), N_("The question is open again."));
}

enum pw_err question_urgent_post(struct http_req *q, struct http_res *r)
{
    bool on = http_int(q, "urgent") != 0;
    return ended(q, r, question_set_urgent(q->ctx, q->arg[0], on),
                 on ? N_("Marked as urgent.") : N_("No longer urgent."));
}

enum pw_err question_topic_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, question_set_topic(q->ctx, q->arg[0], http_text(q, "topic")), N_("The topic is saved."));
}

enum pw_err question_not_post(struct http_req *q, struct http_res *r)
{
    return ended_undo(q, r, question_mark_not(q->ctx, q->arg[0]), N_("Noted: this is not a question."), SV("/reopen"));
}

/* Called by the page's script while typing; answers nothing. */
enum pw_err question_draft_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(draft_save(q->ctx, q->arg[0], http_text(q, "text")));
    r->status = 204;
    return PW_OK;
}

enum pw_err question_leave_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(viewing_end(q->ctx, q->arg[0]));
    r->status = 204;
    return PW_OK;
}

/* {question}/answers/{answer}/verify */
enum pw_err answer_verify_post(struct http_req *q, struct http_res *r)
{
    enum verification to;
    enum pw_err e = PW_INVALID;
    if (!verification_parse(http_text(q, "to"), &to))
        problem_add(&q->problems, "to", N_("Choose: confirm, complete or correct."));
    else if (!q->problems.n)
        e = answer_verify(q->ctx, q->arg[1], to, http_text(q, "note"), http_text(q, "source"),
                          http_text(q, "checked_on"));
    return ended(q, r, e, N_("The answer is checked. The member is thanked."));
}

/* {question}/messages/{message}/hide and so on */
enum pw_err message_hide_post(struct http_req *q, struct http_res *r)
{
    char id[ID_TEXT + 1];
    return ended_undo(q, r, message_hide(q->ctx, q->arg[1], SV("moderator")),
                      N_("The message is hidden. You can show it again."),
                      arena_fmt(q->arena, "/messages/%s/show", id_text(q->arg[1], id).p));
}

enum pw_err message_show_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, message_show_again(q->ctx, q->arg[1]), N_("The message is shown again."));
}

enum pw_err held_cancel_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, held_cancel(q->ctx, q->arg[1]), N_("The reply is taken back. Nobody received it."));
}

/* From the conversation: a message that is a question after all. */
enum pw_err message_question_post(struct http_req *q, struct http_res *r)
{
    int64_t question;
    PW_TRY(message_mark_question(q->ctx, q->arg[0], &question));
    return back_to(q, r, question, N_("It is in the queue now, with its clock."));
}
