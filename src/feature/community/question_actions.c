/* SPDX-License-Identifier: EUPL-1.2 */
/* What is done with a question except answering it: begun, assigned, researched, referred, closed, opened again. */
#include "base/id.h"
#include "core/audit.h"
#include "core/notify.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_room.h"
#include "feature/community/question_store.h"
#include "work/work.h"

/* ---- beginning ---- */

static enum question_rank rank_at(struct ctx *c, const struct community *com, const struct question *q)
{
    struct worktime w;
    if (!q->due_ms || clock_of(c, com, &w) != PW_OK)
        return RANK_NORMAL;
    return question_rank_of(question_is_open(q->state), true,
                            work_used_permille(&w, q->start_ms, q->due_ms, c->now_ms));
}

static enum pw_err timers_on(struct ctx *c, const struct question *q)
{
    if (!q->due_ms)
        return question_timers_off(c, q->id);
    PW_TRY(timer_set(c->db, TIMER_WARN, q->id, q->warn_ms));
    return timer_set(c->db, TIMER_DUE, q->id, q->due_ms);
}

static enum pw_err clear_one(struct ctx *c, struct sv kind, int64_t id)
{
    enum pw_err e = timer_clear(c->db, kind, id);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err question_timers_off(struct ctx *c, int64_t id)
{
    PW_TRY(clear_one(c, TIMER_WARN, id));
    return clear_one(c, TIMER_DUE, id);
}

enum pw_err hours_notice(struct ctx *c, const struct community *com, int64_t person_id, const struct question *q)
{
    struct worktime w;
    struct membership m;
    int64_t opens = 0;
    bool first = false;
    PW_TRY(clock_of(c, com, &w));
    if (!hours_any(&w.hours) || work_is_open(&w, c->now_ms))
        return PW_OK;
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(work_next_open(&w, c->now_ms, &opens));
    PW_TRY(membership_take_hours_notice(c, m.id, opens, &first));
    if (!first)
        return PW_OK;
    struct sv opens_text = say_moment(c, m.lang, com->zone, opens);
    struct sv path = question_path(c, q->id);
    if (!q->due_ms)
        return tell(c, com, person_id, N_("We are closed now and open again: {0}."), opens_text, (struct sv){0}, path);
    struct sv due = say_moment(c, m.lang, com->zone, q->due_ms);
    if (q->start_ms > q->received_ms)
        return tell(c, com, person_id,
                    N_("We are closed now. The time to answer your question starts: {0}. You will have an answer by: "
                       "{1}."),
                    say_moment(c, m.lang, com->zone, q->start_ms), due, path);
    return tell(c, com, person_id, N_("We are closed now and open again: {0}. You will have an answer by: {1}."),
                opens_text, due, path);
}

enum pw_err question_begin(struct ctx *c, const struct community *com, const struct message *m, int64_t *ret_id)
{
    struct question_times t;
    int64_t received = m->written_ms < c->now_ms ? m->written_ms : c->now_ms;
    PW_TRY(times_of(c, com, received, &t));
    struct question q = {.id = id_new(),
                         .community_id = com->id,
                         .message_id = m->id,
                         .author = m->author,
                         .thread_id = m->thread_id,
                         .lang = m->lang,
                         .topic = m->topic,
                         .channel_kind = m->channel_kind,
                         .state = Q_NEW,
                         .received_ms = received,
                         .start_ms = t.start_ms,
                         .warn_ms = t.warn_ms,
                         .due_ms = t.due_ms,
                         .sort_ms = t.promised ? t.due_ms : received};
    q.rank = rank_at(c, com, &q);
    PW_TRY(question_insert(c, &q));
    PW_TRY(message_save_question(c, m->id, q.id, FOR_QUESTION));
    PW_TRY(timers_on(c, &q));
    PW_TRY(step_add(c, q.id, "asked", Q_NEW, Q_NEW, 0));
    PW_TRY(note_fact(c, "question.asked", "question", q.id, com->id, (struct sv){0}));
    PW_TRY(hours_notice(c, com, m->author, &q));
    *ret_id = q.id;
    return PW_OK;
}

/* ---- moving ---- */

enum pw_err need_question(struct ctx *c, int64_t id, struct question *ret, struct community *ret_com)
{
    struct question q;
    struct community com;
    PW_TRY(question_row_held(c, id, &q));
    PW_TRY(community_row(c, q.community_id, &com));
    bool mine = may_specialist(c, &com) && q.assigned_to && q.assigned_to == c->actor->person_id;
    if (!community_may_moderate(c, &com) && !mine)
        return !q.thread_id && need_member_or_staff(c, &com) == PW_OK ? PW_DENIED : PW_NOT_FOUND;
    *ret = q;
    *ret_com = com;
    return PW_OK;
}

static enum pw_err save_move(struct ctx *c, struct question *q, enum question_state from, const char *step,
                             int64_t other)
{
    PW_TRY(question_save(c, q, from));
    PW_TRY(step_add(c, q->id, step, from, q->state, other));
    struct sv detail = arena_fmt(c->arena, "from=%s to=%s", question_state_code(from), question_state_code(q->state));
    const char *name = arena_z(c->arena, arena_fmt(c->arena, "question.%s", step));
    return note_fact(c, name, "question", q->id, q->community_id, detail);
}

enum pw_err question_move(struct ctx *c, struct question *q, enum question_act act, const char *step, int64_t other)
{
    enum question_state from = q->state, to;
    PW_TRY(question_next(from, act, q->assigned_to != 0, &to));
    q->state = to;
    return save_move(c, q, from, step, other);
}

enum pw_err question_counted(struct ctx *c, struct question *q, bool verified, int64_t at_ms, const char *step,
                             int64_t other)
{
    if (!q->answered_ms) {
        q->answered_ms = at_ms;
        q->in_time = q->due_ms && answered_in_time(at_ms, q->due_ms);
    }
    q->held_ms = 0;
    PW_TRY(question_move(c, q, verified ? ACT_VERIFY : ACT_ANSWER, step, other));
    return question_timers_off(c, q->id);
}

/* May this person be given questions of the community? */
static enum pw_err is_worker(struct ctx *c, const struct community *com, int64_t person_id, bool specialist_only,
                             bool *ret)
{
    struct grant *g;
    size_t n;
    PW_TRY(grant_of_person(c, person_id, &g, &n));
    bool yes = false;
    for (size_t i = 0; i < n; i++) {
        if (g[i].expires_ms && g[i].expires_ms <= c->now_ms)
            continue;
        bool here = g[i].scope == SCOPE_NETWORK || (g[i].scope == SCOPE_COMMUNITY && g[i].scope_id == com->id);
        yes |= here && g[i].role == ROLE_SPECIALIST;
        yes |= !specialist_only && here && g[i].role == ROLE_MODERATOR;
        yes |= !specialist_only && g[i].scope == SCOPE_ORG && g[i].scope_id == com->owner_org &&
               g[i].role == ROLE_COORDINATOR;
    }
    *ret = yes;
    return PW_OK;
}

static enum pw_err notice_to(struct ctx *c, int64_t person_id, const char *msgid, const struct community *com,
                             int64_t question_id)
{
    if (!person_id || person_id == c->actor->person_id)
        return PW_OK;
    return notify_of(c, com, person_id, msgid, question_path(c, question_id));
}

static enum pw_err give_to(struct ctx *c, const struct community *com, struct question *q, int64_t person_id,
                           const char *step)
{
    q->assigned_to = person_id;
    q->assigned_ms = c->now_ms;
    PW_TRY(question_move(c, q, ACT_ASSIGN, step, person_id));
    return notice_to(c, person_id, N_("A question in {0} was assigned to you."), com, q->id);
}

enum pw_err question_assign(struct ctx *c, int64_t id, int64_t person_id)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, id, &q, &com));
    if (!community_may_moderate(c, &com))
        return PW_DENIED;
    if (!person_id) {
        enum question_state from = q.state;
        if (!q.open)
            return PW_CONFLICT;
        q.assigned_to = q.assigned_ms = q.referred_org = 0;
        q.state = from == Q_RESEARCHING ? Q_RESEARCHING : Q_NEW;
        return save_move(c, &q, from, "unassigned", 0);
    }
    bool worker = false;
    PW_TRY(is_worker(c, &com, person_id, false, &worker));
    if (!worker)
        return problem_add(c->problems, "person", N_("This person is not a moderator or specialist here."));
    return give_to(c, &com, &q, person_id, "assigned");
}

enum pw_err question_set_topic(struct ctx *c, int64_t id, struct sv topic)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, id, &q, &com));
    if (!code_ok(topic))
        return problem_add(c->problems, "topic", N_("Use small letters, digits and hyphens."));
    q.topic = topic;
    return question_save(c, &q, q.state);
}

enum pw_err question_set_urgent(struct ctx *c, int64_t id, bool urgent)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, id, &q, &com));
    if (q.urgent == urgent)
        return PW_OK;
    q.urgent = urgent;
    return save_move(c, &q, q.state, urgent ? "urgent" : "not-urgent", 0);
}

enum pw_err question_interim(struct ctx *c, int64_t id, struct sv text)
{
    struct question q;
    struct community com;
    int64_t hold = 0;
    PW_TRY(need_question(c, id, &q, &com));
    PW_TRY(take_text(c, "text", false, 2000, &text));
    if (!text.n)
        text = say(c, q.lang, N_("We are looking for the answer to your question. You will hear from us."), NULL, 0);
    PW_TRY(hold_until(c, &com, q.urgent, &hold));
    struct message m = {.community_id = com.id,
                        .thread_id = q.thread_id,
                        .author = c->actor->person_id,
                        .author_role = AUTHOR_STAFF,
                        .purpose = FOR_INTERIM,
                        .state = hold ? HELD : SHOWN,
                        .body = text,
                        .lang = q.lang,
                        .channel_kind = SV("web"),
                        .reply_to = q.message_id,
                        .question_id = q.id,
                        .written_ms = c->now_ms,
                        .shown_ms = hold ? hold : c->now_ms};
    PW_TRY(message_insert(c, &m, 0, q.thread_id ? q.author : 0));
    if (hold)
        PW_TRY(timer_set(c->db, TIMER_RELEASE, m.id, hold));
    else
        PW_TRY(message_send(c, &com, &m, q.thread_id ? q.author : 0, 0, (struct sv){0}));
    if (!q.interim_ms)
        q.interim_ms = m.shown_ms; /* when the person is informed (SLA-4) */
    PW_TRY(question_move(c, &q, ACT_INTERIM, "interim", 0));
    if (hold)
        return PW_OK;
    if (q.thread_id)
        PW_TRY(thread_touch(c, q.thread_id, true)); /* the answer is still to come */
    return question_looked_into(c, &com, &q);
}

enum pw_err question_looked_into(struct ctx *c, const struct community *com, const struct question *q)
{
    return notice_to(c, q->author, N_("Your question in {0} is being looked into."), com, q->id);
}

enum pw_err question_refer(struct ctx *c, int64_t id, int64_t org_id, int64_t specialist)
{
    struct question q;
    struct community com;
    int64_t *orgs;
    size_t n;
    bool partner = false, ok = false;
    PW_TRY(need_question(c, id, &q, &com));
    if (!community_may_moderate(c, &com))
        return PW_DENIED;
    PW_TRY(partner_rows(c, com.id, &orgs, &n));
    for (size_t i = 0; i < n; i++)
        partner |= orgs[i] == org_id;
    if (!partner)
        return problem_add(c->problems, "org", N_("Choose a partner organisation of this community."));
    if (specialist) {
        PW_TRY(is_worker(c, &com, specialist, true, &ok));
        if (!ok)
            return problem_add(c->problems, "person", N_("This person is not a specialist here."));
    }
    q.referred_org = org_id;
    q.assigned_to = specialist;
    q.assigned_ms = specialist ? c->now_ms : 0;
    PW_TRY(question_move(c, &q, ACT_REFER, "referred", specialist ? specialist : org_id));
    return notice_to(c, specialist, N_("A question in {0} was referred to you."), &com, q.id);
}

enum pw_err question_close(struct ctx *c, int64_t id, struct sv reason)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, id, &q, &com));
    if (!code_ok(reason) || (q.open && !reason.n)) /* every question gets an answer, or a stated reason */
        return problem_add(c->problems, "reason", N_("Say why it is closed without an answer."));
    q.closed_ms = c->now_ms;
    q.close_reason = reason.n ? reason : SV("done");
    PW_TRY(question_timers_off(c, id));
    PW_TRY(question_move(c, &q, ACT_CLOSE, "closed", 0));
    return q.thread_id ? thread_settle(c, q.thread_id) : PW_OK;
}

enum pw_err question_reopen(struct ctx *c, int64_t id)
{
    struct question q;
    struct community com;
    PW_TRY(need_question(c, id, &q, &com));
    enum question_state from = q.state;
    PW_TRY(question_next(from, ACT_REOPEN, q.assigned_to != 0, &q.state));
    q.closed_ms = 0;
    q.close_reason = (struct sv){0};
    if (q.answered_ms) { /* its promise was kept or broken once: no second clock */
        q.rank = RANK_NORMAL;
        q.sort_ms = c->now_ms;
    } else {
        q.rank = rank_at(c, &com, &q);
        PW_TRY(timers_on(c, &q));
    }
    return save_move(c, &q, from, "reopened", 0);
}

enum pw_err question_mark_not(struct ctx *c, int64_t question_id)
{
    struct question q;
    PW_TRY(question_close(c, question_id, SV("not-a-question")));
    PW_TRY(question_row(c, question_id, &q));
    return message_save_question(c, q.message_id, q.id, FOR_TALK);
}

enum pw_err message_mark_question(struct ctx *c, int64_t message_id, int64_t *ret_question)
{
    struct message m;
    struct community com;
    struct question q;
    PW_TRY(message_row(c, message_id, &m));
    PW_TRY(need_moderate(c, m.community_id, &com));
    if (m.author_role != AUTHOR_MEMBER || m.state == DELETED)
        return PW_CONFLICT;
    enum pw_err e = question_row_of_message(c, message_id, &q);
    if (e == PW_OK) {
        if (!sv_eq_z(q.close_reason, "not-a-question"))
            return PW_CONFLICT;
        PW_TRY(question_reopen(c, q.id));
        PW_TRY(message_save_question(c, m.id, q.id, FOR_QUESTION));
        *ret_question = q.id;
        return PW_OK;
    }
    return e == PW_NOT_FOUND ? question_begin(c, &com, &m, ret_question) : e;
}

/* ---- absent moderators, changed clocks, timers ---- */

/* Whoever should look is away: the one who has it, or, when nobody has it, all moderators. */
static bool nobody_looks(const struct question *q, const struct absence *away, size_t n_away, const int64_t *mods,
                         size_t n_mods, int64_t at_ms)
{
    if (q->assigned_to)
        return absent_at(away, n_away, q->assigned_to, at_ms);
    for (size_t i = 0; i < n_mods; i++)
        if (!absent_at(away, n_away, mods[i], at_ms))
            return false;
    return n_mods > 0;
}

static enum pw_err stand_in_takes(struct ctx *c, const struct community *com, struct question *q)
{
    struct absence *away;
    int64_t *mods;
    size_t n_away, n_mods;
    if (!com->stand_in || q->assigned_to == com->stand_in || !q->open)
        return PW_OK;
    PW_TRY(absence_rows(c, com->id, &away, &n_away));
    PW_TRY(moderators_of(c, com, &mods, &n_mods));
    if (absent_at(away, n_away, com->stand_in, c->now_ms) || !nobody_looks(q, away, n_away, mods, n_mods, c->now_ms))
        return PW_OK;
    return give_to(c, com, q, com->stand_in, "stand-in");
}

enum pw_err questions_to_stand_in(struct ctx *c, const struct community *com, int64_t absent_person)
{
    struct question *v;
    size_t n;
    (void)absent_person; /* unassigned ones may wait for that person too */
    PW_TRY(question_rows_all_open(c, com->id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].warn_ms && v[i].warn_ms <= c->now_ms)
            PW_TRY(stand_in_takes(c, com, &v[i]));
    return PW_OK;
}

enum pw_err question_warn(struct ctx *c, int64_t id)
{
    struct question q;
    struct community com;
    enum pw_err e = question_row_held(c, id, &q);
    if (e == PW_NOT_FOUND || (e == PW_OK && (!q.open || !q.due_ms)))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(community_row(c, q.community_id, &com));
    q.rank = c->now_ms >= q.due_ms ? RANK_OVERDUE : RANK_SOON;
    PW_TRY(question_save_rank(c, id, q.rank));
    PW_TRY(note_fact(c, "question.soon", "question", id, com.id, (struct sv){0}));
    return stand_in_takes(c, &com, &q);
}

enum pw_err question_overdue(struct ctx *c, int64_t id)
{
    struct question q;
    struct community com;
    enum pw_err e = question_row_held(c, id, &q);
    if (e == PW_NOT_FOUND || (e == PW_OK && (!q.open || !q.due_ms)))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(community_row(c, q.community_id, &com));
    PW_TRY(question_save_rank(c, id, RANK_OVERDUE));
    PW_TRY(note_fact(c, "question.overdue", "question", id, com.id, (struct sv){0}));
    if (q.assigned_to)
        return notice_to(c, q.assigned_to, N_("A question in {0} is overdue."), &com, id);
    return tell_moderators(c, &com, N_("A question in {0} is overdue."), (struct sv){0}, question_path(c, id));
}

enum pw_err questions_clock_again(struct ctx *c, const struct community *com)
{
    struct question *v;
    size_t n;
    PW_TRY(question_rows_all_open(c, com->id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct question_times t;
        if (v[i].answered_ms)
            continue;
        PW_TRY(times_of(c, com, v[i].received_ms, &t));
        v[i].start_ms = t.start_ms;
        v[i].warn_ms = t.warn_ms;
        v[i].due_ms = t.due_ms;
        v[i].sort_ms = t.promised ? t.due_ms : v[i].received_ms;
        v[i].rank = rank_at(c, com, &v[i]);
        PW_TRY(question_save_times(c, &v[i]));
        PW_TRY(timers_on(c, &v[i]));
    }
    return PW_OK;
}

enum pw_err community_clocks_again(struct ctx *c)
{
    struct community *coms;
    size_t n;
    if (c->actor->kind != ACTOR_SYSTEM)
        return PW_DENIED;
    PW_TRY(community_mine(c, &coms, &n));
    for (size_t i = 0; i < n; i++) {
        struct community com;
        PW_TRY(community_row(c, coms[i].id, &com));
        PW_TRY(questions_clock_again(c, &com));
        PW_TRY(note_fact(c, "community.clock-again", "community", com.id, com.id, SV("cause=tzdata")));
    }
    return PW_OK;
}
