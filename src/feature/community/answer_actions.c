/* SPDX-License-Identifier: EUPL-1.2 */
/* Answers: of staff, of members, checked (MOD-9, A-27), held until opening (SLA-5), moved to private. */
#include "base/id.h"
#include "core/audit.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/kb_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_room.h"
#include "feature/community/question_store.h"

enum { ANSWER_CHARS = 6000 };

static int64_t thread_person(const struct question *q)
{
    return q->thread_id ? q->author : 0;
}

static enum pw_err tell_asker(struct ctx *c, const struct community *com, const struct question *q)
{
    int64_t id = 0;
    struct community own = *com;
    if (!q->author || q->author == c->actor->person_id)
        return PW_OK;
    PW_TRY(in_words_of(c, q->lang, &own));
    return notify(c, q->author, N_("Your question in {0} has an answer."), own.words.name, (struct sv){0},
                  question_path(c, q->id), &id);
}

/* ---- staff ---- */

/* A picked entry brings its words, source and date; past its review date it is not offered as verified (KB-4). */
static enum pw_err take_entry(struct ctx *c, const struct question *q, struct answer_new *n)
{
    struct kb_entry e;
    enum pw_err r = kb_row(c, n->kb_entry, q->lang, &e);
    if (r == PW_NOT_FOUND || (r == PW_OK && (e.community_id != q->community_id || e.state != KB_PUBLISHED)))
        return problem_add(c->problems, "kb_entry", N_("This entry cannot be used here."));
    PW_TRY(r);
    if (!kb_is_verified(e.state, e.review_ms, c->now_ms))
        return problem_add(c->problems, "kb_entry", N_("This entry is past its review date: check it first."));
    if (!sv_trim(n->text).n)
        n->text = e.answer;
    n->source = e.source;
    n->checked_on = e.checked_on;
    return PW_OK;
}

static enum pw_err take_answer(struct ctx *c, const struct community *com, const struct question *q,
                               struct answer_new *n, bool *ret_verified)
{
    if (n->kb_entry)
        PW_TRY(take_entry(c, q, n));
    PW_TRY(take_text(c, "text", !n->file_id, ANSWER_CHARS, &n->text));
    PW_TRY(take_line(c, "source", false, 500, &n->source));
    bool sourced = n->source.n || n->checked_on.n;
    if (sourced)
        PW_TRY(source_check(n->source, n->checked_on, today_of(c, com), c->problems));
    *ret_verified = sourced;
    return PW_OK;
}

enum pw_err answer_by_staff(struct ctx *c, const struct community *com, struct question *q, const struct answer_new *in,
                            const struct origin *from, struct answer_made *ret)
{
    struct answer_new n = *in;
    bool verified = false;
    int64_t hold = 0;
    enum question_state would;
    PW_TRY(question_next(q->state, ACT_ANSWER, q->assigned_to != 0, &would));
    PW_TRY(take_answer(c, com, q, &n, &verified));
    if (!from->channel_id) /* what was said on a platform is said */
        PW_TRY(hold_until(c, com, n.urgent || q->urgent, &hold));
    struct message m = {.community_id = com->id,
                        .thread_id = q->thread_id,
                        .author = c->actor->person_id,
                        .author_role = AUTHOR_STAFF,
                        .kind = n.kind,
                        .purpose = FOR_ANSWER,
                        .state = hold ? HELD : SHOWN,
                        .body = n.text,
                        .lang = q->lang,
                        .channel_kind = from->kind.n ? from->kind : SV("web"),
                        .reply_to = q->message_id,
                        .question_id = q->id,
                        .file_id = n.file_id,
                        .duration_s = n.duration_s,
                        .source = n.source,
                        .checked_on = n.checked_on,
                        .written_ms = c->now_ms,
                        .shown_ms = hold ? hold : c->now_ms};
    PW_TRY(message_insert(c, &m, from->channel_id, thread_person(q)));
    if (from->channel_id)
        PW_TRY(copy_insert(c, m.id, from->channel_id, from->chat, from->provider_message, 0));
    struct answer a = {.id = id_new(),
                       .question_id = q->id,
                       .message_id = m.id,
                       .author = m.author,
                       .by_staff = true,
                       .verification = verified ? VER_CONFIRMED : VER_UNCHECKED,
                       .verified_by = verified ? m.author : 0,
                       .verified_ms = verified ? c->now_ms : 0,
                       .source = n.source,
                       .checked_on = n.checked_on,
                       .kb_entry = n.kb_entry,
                       .at_ms = m.shown_ms};
    PW_TRY(answer_insert(c, &a));
    if (c->actor->person_id)
        PW_TRY(draft_drop(c, c->actor->person_id, q->id));
    if (hold) {
        q->held_ms = hold;
        PW_TRY(question_save(c, q, q->state));
        PW_TRY(timer_set(c->db, TIMER_RELEASE, m.id, hold));
        PW_TRY(step_add(c, q->id, "held", q->state, q->state, a.id));
        PW_TRY(note_fact(c, "question.held", "question", q->id, com->id, (struct sv){0}));
    } else {
        PW_TRY(message_send(c, com, &m, thread_person(q), from->channel_id, from->chat));
        if (q->thread_id)
            PW_TRY(thread_touch(c, q->thread_id, false));
        PW_TRY(question_save_pending(c, q->id, 0, 1));
        PW_TRY(question_counted(c, q, verified, c->now_ms, "answered", a.id));
        PW_TRY(tell_asker(c, com, q));
    }
    *ret = (struct answer_made){a.id, m.id, hold, q->state};
    return PW_OK;
}

enum pw_err question_answer(struct ctx *c, int64_t id, const struct answer_new *n, struct answer_made *ret)
{
    struct question q;
    struct community com;
    static const struct origin web = {0};
    PW_TRY(need_question(c, id, &q, &com));
    return answer_by_staff(c, &com, &q, n, &web, ret);
}

/* ---- members ---- */

enum pw_err answer_by_member(struct ctx *c, const struct community *com, struct question *q, const struct message *m)
{
    struct answer a = {.id = id_new(),
                       .question_id = q->id,
                       .message_id = m->id,
                       .author = m->author,
                       .verification = VER_PENDING,
                       .at_ms = m->shown_ms};
    PW_TRY(answer_insert(c, &a));
    if (answer_counts(false, com->moderation, VER_PENDING)) {
        PW_TRY(question_save_pending(c, q->id, 0, 1));
        if (q->state != Q_CLOSED)
            PW_TRY(question_counted(c, q, false, c->now_ms, "answered", a.id));
        return tell_asker(c, com, q);
    }
    PW_TRY(question_save_pending(c, q->id, 1, 0));
    PW_TRY(step_add(c, q->id, "member-answer", q->state, q->state, a.id));
    return note_fact(c, "answer.given", "answer", a.id, com->id, (struct sv){0});
}

/* What everybody reads after a check: thanks to the member by name, the words, source and date. */
static struct sv check_words(struct ctx *c, const struct answer *a, enum verification to, struct sv name,
                             struct sv text, struct sv lang)
{
    const struct sv args[] = {name, text};
    struct sv line = {0};
    if (to == VER_CONFIRMED)
        line = say(c, lang, N_("Thank you, {0}. This answer is confirmed."), args, 1);
    else if (a->by_staff)
        line = text;
    else if (to == VER_COMPLETED)
        line = say(c, lang, N_("Thank you, {0}. To complete this answer: {1}"), args, 2);
    else
        line = say(c, lang, N_("Thank you, {0}. Part of this answer was not right: {1}"), args, 2);
    return line;
}

/* The form sent twice: nobody is thanked twice for one check. */
static enum pw_err checked_already(struct ctx *c, const struct answer *a, enum verification to, struct sv source,
                                   struct sv checked_on, struct sv words, bool *ret)
{
    struct message note = {0};
    *ret = a->verification == to && sv_eq(a->source, source) && sv_eq(a->checked_on, checked_on);
    if (*ret && a->note_message)
        PW_TRY(message_row(c, a->note_message, &note));
    *ret = *ret && sv_eq(note.body, words);
    return PW_OK;
}

/* Where the wrong answer stands on a platform, it says so. */
static enum pw_err wrong_words(void *self, struct ctx *c, struct sv lang, struct sv *ret)
{
    (void)self;
    *ret = say(c, lang, N_("Part of this was not right: see the moderators’ answer below."), NULL, 0);
    return PW_OK;
}

enum pw_err answer_verify(struct ctx *c, int64_t answer_id, enum verification to, struct sv text, struct sv source,
                          struct sv checked_on)
{
    struct answer a;
    struct question q;
    struct community com;
    PW_TRY(answer_row(c, answer_id, &a));
    PW_TRY(need_question(c, a.question_id, &q, &com));
    PW_TRY(take_text(c, "text", false, ANSWER_CHARS, &text));
    PW_TRY(take_line(c, "source", false, 500, &source));
    enum verification from = a.verification;
    PW_TRY(verification_check(from, to, source, checked_on, text, today_of(c, &com), c->problems));
    if (a.by_staff && a.at_ms > c->now_ms) /* still held: cancel or release it first */
        return PW_CONFLICT;

    struct person author;
    bool same = false;
    PW_TRY(person_get_many(c, &a.author, 1, &author));
    struct sv words = check_words(c, &a, to, author.display_name, text, q.lang);
    bool says = to != VER_CONFIRMED || !a.by_staff;
    PW_TRY(checked_already(c, &a, to, source, checked_on, says ? words : (struct sv){0}, &same));
    if (same)
        return PW_OK;
    if (says) {
        struct message m = {.community_id = com.id,
                            .thread_id = q.thread_id,
                            .author = c->actor->person_id,
                            .author_role = AUTHOR_STAFF,
                            .purpose = FOR_ANSWER,
                            .body = words,
                            .lang = q.lang,
                            .channel_kind = SV("web"),
                            .reply_to = a.message_id,
                            .question_id = q.id,
                            .source = source,
                            .checked_on = checked_on,
                            .written_ms = c->now_ms,
                            .shown_ms = c->now_ms};
        PW_TRY(message_insert(c, &m, 0, thread_person(&q)));
        PW_TRY(message_send(c, &com, &m, thread_person(&q), 0, (struct sv){0}));
        if (q.thread_id)
            PW_TRY(thread_touch(c, q.thread_id, false));
        a.note_message = m.id;
        if (to == VER_CORRECTED)
            PW_TRY(message_mark(c, a.message_id, wrong_words, NULL, m.id));
    }
    a.verification = to;
    a.verified_by = c->actor->person_id;
    a.verified_ms = c->now_ms;
    a.source = source;
    a.checked_on = checked_on;
    PW_TRY(answer_save(c, &a, from));
    if (from == VER_PENDING && !answer_counts(false, com.moderation, VER_PENDING))
        PW_TRY(question_save_pending(c, q.id, -1, 1));
    bool first = !q.answered_ms;
    if (q.state != Q_CLOSED) /* what a member said is checked there, too; the question stays closed */
        PW_TRY(question_counted(c, &q, true, c->now_ms, "checked", a.id));
    PW_TRY(note_fact(c, "answer.checked", "answer", a.id, com.id,
                     arena_fmt(c->arena, "from=%s to=%s", verification_code(from), verification_code(to))));
    if (!a.by_staff && a.author != c->actor->person_id)
        PW_TRY(notify_of(c, &com, a.author, N_("Thank you for your answer in {0}. A moderator has checked it."),
                         question_path(c, q.id)));
    return first ? tell_asker(c, &com, &q) : PW_OK;
}

/* ---- held replies (SLA-5) ---- */

enum pw_err held_release(struct ctx *c, int64_t message_id)
{
    struct message m;
    struct community com;
    enum pw_err e = message_row(c, message_id, &m);
    if (e == PW_NOT_FOUND || (e == PW_OK && m.state != HELD))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(community_row(c, m.community_id, &com));
    struct question q = {0};
    if (m.question_id)
        PW_TRY(question_row_held(c, m.question_id, &q));
    if (m.purpose == FOR_INTERIM && !q.open) /* answered or closed meanwhile: nobody is looking any more */
        return message_save_state(c, m.id, HELD, DELETED);
    PW_TRY(message_save_shown(c, m.id, m.shown_ms));
    m.state = SHOWN;
    int64_t reader = 0;
    if (m.thread_id) {
        struct thread t;
        PW_TRY(thread_row(c, m.thread_id, &t));
        reader = t.person_id;
        PW_TRY(thread_touch(c, t.id, m.purpose == FOR_INTERIM));
    }
    PW_TRY(message_send(c, &com, &m, reader, 0, (struct sv){0}));
    if (m.purpose == FOR_INTERIM)
        return question_looked_into(c, &com, &q);
    struct answer a;
    e = m.purpose == FOR_ANSWER ? answer_row_of_message(c, m.id, &a) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(question_save_pending(c, q.id, 0, 1));
    if (q.state == Q_CLOSED)
        return PW_OK;
    /* It counts from its opening moment, not from when the timer came by. */
    PW_TRY(question_counted(c, &q, a.verification == VER_CONFIRMED, m.shown_ms, "answered", a.id));
    return tell_asker(c, &com, &q);
}

enum pw_err held_cancel(struct ctx *c, int64_t message_id)
{
    struct message m;
    struct community com;
    struct answer a;
    PW_TRY(message_row(c, message_id, &m));
    PW_TRY(community_row(c, m.community_id, &com));
    if (m.author != c->actor->person_id && !community_may_moderate(c, &com))
        return PW_NOT_FOUND;
    PW_TRY(message_save_state(c, m.id, HELD, DELETED));
    enum pw_err e = timer_clear(c->db, TIMER_RELEASE, m.id);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    struct question q = {0};
    if (m.question_id)
        PW_TRY(question_row_held(c, m.question_id, &q));
    enum question_state from = q.state;
    e = m.purpose == FOR_ANSWER ? answer_row_of_message(c, m.id, &a) : PW_NOT_FOUND;
    if (e == PW_OK) {
        PW_TRY(answer_delete(c, a.id));
        q.held_ms = 0;
    } else if (e != PW_NOT_FOUND) {
        return e;
    } else if (m.purpose == FOR_INTERIM && q.interim_ms == m.shown_ms) { /* the person never heard that we look */
        q.interim_ms = 0;
        if (q.state == Q_RESEARCHING)
            q.state = q.assigned_to ? Q_ASSIGNED : Q_NEW;
    }
    if (q.id) {
        PW_TRY(question_save(c, &q, from));
        PW_TRY(step_add(c, q.id, "held-cancelled", from, q.state, 0));
    }
    return audit(c, "message.cancelled", "message", m.id, (struct sv){0});
}

/* ---- to private (MSG-12, A-28) ---- */

static enum pw_err say_to_group(struct ctx *c, const struct community *com, const struct question *q,
                                const struct message *asked)
{
    struct message m = {.community_id = com->id,
                        .author_role = AUTHOR_SYSTEM,
                        .purpose = FOR_NOTICE,
                        .body = say(c, lang_main(com->languages), N_("Answered privately."), NULL, 0),
                        .lang = lang_main(com->languages),
                        .channel_kind = SV("web"),
                        .question_id = q->id,
                        .written_ms = asked->written_ms,
                        .shown_ms = asked->shown_ms}; /* it stands where the question stood */
    PW_TRY(message_insert(c, &m, 0, 0));
    return message_send(c, com, &m, 0, 0, (struct sv){0});
}

static enum pw_err say_to_asker(struct ctx *c, const struct community *com, const struct question *q)
{
    struct message m = {.community_id = com->id,
                        .thread_id = q->thread_id,
                        .author_role = AUTHOR_SYSTEM,
                        .purpose = FOR_NOTICE,
                        .body = say(c, q->lang,
                                    N_("To protect you, a moderator has moved your question to this private "
                                       "conversation. Only you and the moderators can read it."),
                                    NULL, 0),
                        .lang = q->lang,
                        .channel_kind = SV("web"),
                        .question_id = q->id,
                        .written_ms = c->now_ms,
                        .shown_ms = c->now_ms};
    PW_TRY(message_insert(c, &m, 0, q->author));
    return message_send(c, com, &m, q->author, 0, (struct sv){0});
}

/* All of its words in the group, however many: the asker's and the staff's go on in the thread, sealed with the asker's
 * key; others may have repeated what was personal. */
static enum pw_err words_to_thread(struct ctx *c, const struct question *q)
{
    struct message *v;
    size_t n;
    int64_t at_ms = 0, id = 0;
    do {
        PW_TRY(message_rows_question_public(c, q->id, at_ms, id, &v, &n));
        for (size_t i = 0; i < n; i++) {
            at_ms = v[i].shown_ms;
            id = v[i].id;
            PW_TRY(send_deletions(c, v[i].id));
            if (v[i].author == q->author || v[i].author_role == AUTHOR_STAFF)
                PW_TRY(message_save_private(c, &v[i], q->thread_id, q->author));
            else if (v[i].state == SHOWN)
                PW_TRY(message_save_state(c, v[i].id, SHOWN, HIDDEN));
        }
    } while (n);
    return PW_OK;
}

enum pw_err question_move_private(struct ctx *c, int64_t id, int64_t *ret_thread)
{
    struct question q;
    struct community com;
    struct message asked;
    PW_TRY(need_question(c, id, &q, &com));
    if (q.thread_id || !q.author)
        return PW_CONFLICT;
    PW_TRY(message_row(c, q.message_id, &asked));
    PW_TRY(thread_gates_ask(c, &com, q.author));
    PW_TRY(thread_ensure(c, com.id, q.author, &q.thread_id));
    PW_TRY(words_to_thread(c, &q));
    q.was_public = true;
    PW_TRY(question_move(c, &q, ACT_MOVE_PRIVATE, "moved-private", 0));
    PW_TRY(thread_touch(c, q.thread_id, q.open));
    PW_TRY(say_to_group(c, &com, &q, &asked));
    PW_TRY(say_to_asker(c, &com, &q));
    *ret_thread = q.thread_id;
    return PW_OK;
}

/* ---- drafts, who looks ---- */

enum pw_err draft_save(struct ctx *c, int64_t question_id, struct sv text)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, question_id, &q, &com));
    PW_TRY(take_text(c, "text", false, ANSWER_CHARS, &text));
    if (!text.n)
        return draft_drop(c, c->actor->person_id, question_id);
    return draft_put(c, c->actor->person_id, question_id, text);
}

enum pw_err viewing_touch(struct ctx *c, int64_t question_id)
{
    enum { VIEWING_MS = 60 * 1000 };
    struct question q;
    struct community com;
    PW_TRY(need_question(c, question_id, &q, &com));
    return viewing_put(c, question_id, c->actor->person_id, c->now_ms + VIEWING_MS);
}

enum pw_err viewing_end(struct ctx *c, int64_t question_id)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, question_id, &q, &com));
    return viewing_drop(c, question_id, c->actor->person_id);
}
