/* SPDX-License-Identifier: EUPL-1.2 */
/* Questions, the clock, answers, checks, private matters. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/audit.h"
#include "unit/community/town.h"

static int with_members(void **state)
{
    (void)town_set_up(state);
    struct town *t = *state;
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    return 0;
}

static struct answer_made answer(struct town *t, const struct actor *who, int64_t id, struct answer_new n)
{
    struct answer_made made = {0};
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &n, &made)));
    return made;
}

static const struct answer_new plain = {.text = {"Au centre.", 10}};
static const struct answer_new sourced = {
    .text = {"Au centre.", 10}, .source = {"calgary.ca", 10}, .checked_on = {"2026-02-02", 10}};

/* A-22, SLA-2, SLA-3 */
static void the_clock_starts_at_opening(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *received, *start, *due;
    } v[] = {
        {"2026-02-12T14:20-07:00", "2026-02-12T14:20-07:00", "2026-02-13T14:20-07:00"},
        {"2026-02-06T17:30-07:00", "2026-02-09T09:00-07:00", "2026-02-10T09:00-07:00"},
        {"2026-02-08T11:00-07:00", "2026-02-09T09:00-07:00", "2026-02-10T09:00-07:00"},
        {"2026-02-10T08:10-07:00", "2026-02-10T09:00-07:00", "2026-02-11T09:00-07:00"},
        {"2026-02-13T16:59-07:00", "2026-02-13T16:59-07:00", "2026-02-17T16:59-07:00"},
        {"2026-02-12T17:00-07:00", "2026-02-13T09:00-07:00", "2026-02-17T09:00-07:00"},
    };
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        t->f.now_ms = at(v[i].received);
        struct question q = town_question(t, town_ask(t, t->as_amal, "Où est la banque ?"));
        assert_int_equal(at(v[i].received), q.received_ms);
        assert_int_equal(at(v[i].start), q.start_ms);
        assert_int_equal(at(v[i].due), q.due_ms);
        assert_true(q.warn_ms > q.start_ms && q.warn_ms < q.due_ms);
        assert_int_equal(Q_NEW, q.state);
        assert_true(q.open);
    }
}

static void a_call_entered_later_counts_from_the_call(void **state) /* EQ-2, A-70 */
{
    struct town *t = *state;
    t->f.now_ms = at("2026-02-12T15:45-07:00");
    struct message_new n = {.community_id = t->com,
                            .text = SV("Où est la banque ?"),
                            .ask = true,
                            .for_person = t->amal,
                            .at_ms = at("2026-02-12T15:30-07:00")};
    struct message_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    struct question q = town_question(t, made.question_id);
    assert_int_equal(at("2026-02-12T15:30-07:00"), q.start_ms);
    assert_int_equal(t->amal, q.author);
    town_as(t, t->as_badi); /* members do not write for others */
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, message_post(c, &(struct message_new){.community_id = 1}, &made)));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_post(c, &n, &made)));
}

/* SLA-6 */
static void overdue_first_then_soon(void **state)
{
    struct town *t = *state;
    struct inbox_filter f = {.state = -1};
    struct inbox_counts k;
    struct question *v;
    size_t n;
    t->f.now_ms = at("2026-02-10T10:00-07:00");
    int64_t first = town_ask(t, t->as_amal, "Un ?");
    t->f.now_ms = at("2026-02-10T16:00-07:00");
    int64_t second = town_ask(t, t->as_badi, "Deux ?");
    t->f.now_ms = at("2026-02-11T13:00-07:00");
    int64_t third = town_ask(t, t->as_amal, "Trois ?");
    town_time(t, "2026-02-11T15:30-07:00"); /* first overdue since 10:00; second past 75 % (14:00); third fresh */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &v, &n)));
    assert_int_equal(3, n);
    assert_int_equal(first, v[0].id);
    assert_int_equal(RANK_OVERDUE, v[0].rank);
    assert_int_equal(second, v[1].id);
    assert_int_equal(RANK_SOON, v[1].rank);
    assert_int_equal(third, v[2].id);
    assert_int_equal(RANK_NORMAL, v[2].rank);
    assert_true(sv_eq_z(v[0].text, "Un ?"));
    assert_true(sv_eq_z(v[0].author_name, "Amal"));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_count(c, 0, &k)));
    assert_int_equal(3, k.open);
    assert_int_equal(1, k.overdue);
    assert_int_equal(1, k.soon);
    f.limit = 2; /* the page after */
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &v, &n)));
    assert_int_equal(2, n);
    f.after_rank = v[1].rank;
    f.after_sort = v[1].sort_ms;
    f.after_id = v[1].id;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(third, v[0].id);
    f = (struct inbox_filter){.state = -1, .overdue = true};
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &v, &n)));
    assert_int_equal(1, n);
    assert_true(town_notice(t, t->mod, "A question in {0} is overdue."));
    /* strangers have no queue of this community */
    town_as(t, t->as_badi);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, inbox_list(c, &f, &v, &n)));
    assert_int_equal(0, n);
    f.community_id = t->com;
    assert_int_equal(PW_DENIED, CTX_LOOK(&t->f, inbox_list(c, &f, &v, &n)));
}

/* A-24, SLA-4, SLA-7 */
static void an_interim_word_is_not_an_answer(void **state)
{
    struct town *t = *state;
    struct town_plan plan = {.clock_mode = SV("wall"), .hours = SV("mon-sun 00:00-24:00"), .calendar = SV("none")};
    town_close(t);
    town_open(t, &plan);
    (void)town_join(t, t->as_amal, t->amal);
    t->f.now_ms = at("2026-02-10T10:00-07:00");
    int64_t id = town_ask(t, t->as_amal, "Comment inscrire mon fils ?");
    t->f.now_ms = at("2026-02-11T06:00-07:00"); /* hour 20 */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_interim(c, id, (struct sv){0})));
    struct question q = town_question(t, id);
    assert_int_equal(Q_RESEARCHING, q.state);
    assert_true(q.open && !q.answered_ms);
    assert_true(town_notice(t, t->amal, "Your question in {0} is being looked into."));
    t->f.now_ms = at("2026-02-11T16:00-07:00"); /* hour 30 */
    (void)answer(t, t->as_mod, id, plain);
    struct promise_row *v;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, promise_report(c, t->com, at("2026-02-01T00:00-07:00"),
                                                           at("2026-03-01T00:00-07:00"), true, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(2026, v[0].year);
    assert_int_equal(2, v[0].month);
    assert_int_equal(1, v[0].acknowledged_in_time);
    assert_int_equal(1, v[0].late);
    assert_int_equal(0, v[0].in_time);
    assert_int_equal(INT64_C(30) * 3600 * 1000, v[0].median_ms);
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, promise_report(c, t->com, 0, 1, true, &v, &n)));
}

static int64_t shown_to(struct town *t, const struct actor *who, const char *part)
{
    struct message *v;
    size_t n;
    int64_t k = 0;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 100, &v, &n)));
    for (size_t i = 0; i < n; i++)
        k += v[i].state == SHOWN && sv_has(v[i].body, part);
    return k;
}

/* SLA-5 */
static void replies_wait_for_opening(void **state)
{
    struct town *t = *state;
    t->f.now_ms = at("2026-02-10T18:30-07:00");
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    int64_t other = town_ask(t, t->as_amal, "Où est la poste ?");
    assert_int_equal(1, town_notices(t, t->amal,
                                     "We are closed now. The time to answer your question starts: {0}. You will have "
                                     "an answer by: {1}.")); /* once a spell */
    struct answer_made made = answer(t, t->as_mod, id, sourced);
    assert_int_equal(at("2026-02-11T09:00-07:00"), made.held_until_ms);
    assert_int_equal(0, shown_to(t, t->as_amal, "Au centre."));
    struct question q = town_question(t, id);
    assert_true(q.open && !q.answered_ms);
    assert_int_equal(made.held_until_ms, q.held_ms);
    struct question_view view; /* the asker does not see it early either */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &view)));
    assert_int_equal(0, view.n_answers);

    struct answer_new urgent = plain;
    urgent.urgent = true;
    made = answer(t, t->as_mod, other, urgent);
    assert_int_equal(0, made.held_until_ms);
    assert_int_equal(1, shown_to(t, t->as_amal, "Au centre."));

    town_time(t, "2026-02-11T09:00-07:00");
    assert_int_equal(2, shown_to(t, t->as_amal, "Au centre."));
    q = town_question(t, id);
    assert_int_equal(Q_VERIFIED, q.state);
    assert_int_equal(at("2026-02-11T09:00-07:00"), q.answered_ms);
    assert_true(q.in_time);
    town_time(t, "2026-02-11T09:05-07:00"); /* again: nothing doubles */
    assert_int_equal(2, shown_to(t, t->as_amal, "Au centre."));
    assert_int_equal(1, town_question(t, id).answers);
    /* the next closed spell has its own notice */
    t->f.now_ms = at("2026-02-11T20:00-07:00");
    (void)town_ask(t, t->as_amal, "Et le médecin ?");
    assert_int_equal(2, town_notices(t, t->amal,
                                     "We are closed now. The time to answer your question starts: {0}. You will have "
                                     "an answer by: {1}."));
}

static void a_held_reply_can_be_taken_back(void **state) /* SLA-5 */
{
    struct town *t = *state;
    t->f.now_ms = at("2026-02-10T18:30-07:00");
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    struct answer_made made = answer(t, t->as_mod, id, plain);
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, held_cancel(c, made.message_id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, held_cancel(c, made.message_id)));
    town_time(t, "2026-02-11T09:01-07:00");
    assert_int_equal(0, shown_to(t, t->as_amal, "Au centre."));
    assert_true(town_question(t, id).open);
}

/* SLA-8 */
static void the_stand_in_takes_over_before_it_is_late(void **state)
{
    struct town *t = *state;
    struct community m;
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &m)));
    struct community_edit e = {m.slug,           m.territory,      m.languages,
                               m.zone,           m.hours,          m.calendar,
                               m.calendar_edits, m.media,          SV("interactive"),
                               SV("listed"),     SV("full"),       SV("deferred"),
                               m.owner_org,      m.standard_hours, 0,
                               t->mod2};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_update(c, t->com, &e)));
    t->f.now_ms = at("2026-02-10T10:00-07:00");
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    int64_t present = town_ask(t, t->as_badi, "Où est la poste ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, id, t->mod)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, present, t->mod2)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, absence_set(c, t->com, t->mod, at("2026-02-10T12:00-07:00"),
                                                       at("2026-02-20T09:00-07:00"))));
    struct question q = town_question(t, id);
    assert_int_equal(t->mod, q.assigned_to);
    town_time(t, "2026-02-10T16:00-07:00"); /* 75 % of 8 open hours */
    q = town_question(t, id);
    assert_int_equal(t->mod2, q.assigned_to);
    assert_true(t->f.now_ms < q.due_ms);
    assert_int_equal(RANK_SOON, q.rank);
    assert_true(town_notice(t, t->mod2, "A question in {0} was assigned to you."));
    assert_int_equal(t->mod2, town_question(t, present).assigned_to);
}

/* MSG-11 */
static void questions_are_assigned_referred_and_closed_with_a_reason(void **state)
{
    struct town *t = *state;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, question_assign(c, id, t->mod)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_assign(c, id, t->badi))); /* no moderator */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, id, t->mod)));
    assert_int_equal(Q_ASSIGNED, town_question(t, id).state);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_assign(c, id, 0)));
    assert_int_equal(Q_NEW, town_question(t, id).state);
    /* a partner's specialist */
    int64_t grant = 0;
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_grant(c, t->com, t->noor, ROLE_SPECIALIST, 0, &grant)));
    struct grant g = {.person_id = t->noor, .role = ROLE_SPECIALIST, .scope = SCOPE_COMMUNITY, .scope_id = t->com};
    const struct actor *specialist = ctxfix_staff(&t->f, t->noor, &g, 1);
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_refer(c, id, t->org, t->noor))); /* no partner yet */
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_add_partner(c, t->com, t->org)));
    int64_t other = town_ask(t, t->as_badi, "Et la poste ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_refer(c, id, t->org, t->noor)));
    struct question q = town_question(t, id);
    assert_int_equal(Q_REFERRED, q.state);
    assert_true(q.open); /* stays in the queue */
    struct answer_made made;
    town_as(t, specialist);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, question_answer(c, other, &plain, &made))); /* not theirs */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &sourced, &made)));
    assert_int_equal(Q_VERIFIED, made.state);
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_close(c, other, (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, other, SV("duplicate"))));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, question_answer(c, other, &plain, &made)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_reopen(c, other)));
    assert_true(town_question(t, other).open);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_close(c, id, (struct sv){0}))); /* answered: no reason needed */
}

/* MOD-9, A-27 */
static void a_wrong_answer_is_corrected_with_thanks(void **state)
{
    struct town *t = *state;
    struct answer *v;
    int64_t id = town_ask(t, t->as_amal, "Où demander la carte santé ?");
    struct message_made made = town_say(t, t->as_badi, "À la poste.", town_question(t, id).message_id);
    assert_int_equal(MEANS_ANSWER, made.meaning);
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_PENDING, v[0].verification);
    struct question q = town_question(t, id);
    assert_true(q.open); /* nobody has checked it */
    assert_int_equal(1, q.pending_answers);
    int64_t a = v[0].id;
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED,
                     CTX_ACT(&t->f, answer_verify(c, a, VER_CONFIRMED, (struct sv){0}, SV("moi"), SV("2026-02-02"))));
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, answer_verify(c, a, VER_CORRECTED, SV("Non, au registre."),
                                                              (struct sv){0}, (struct sv){0})));
    assert_int_equal(
        PW_OK, CTX_ACT(&t->f, answer_verify(c, a, VER_CORRECTED, SV("la poste ne le fait pas ; allez au registre."),
                                            SV("alberta.ca"), SV("2026-02-02"))));
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_CORRECTED, v[0].verification);
    assert_true(sv_eq_z(v[0].source, "alberta.ca"));
    assert_true(sv_has(v[0].note, "Thank you, Badi."));
    assert_true(sv_has(v[0].note, "la poste ne le fait pas"));
    assert_int_equal(1, shown_to(t, t->as_amal, "allez au registre."));
    assert_true(town_notice(t, t->badi, "Thank you for your answer in {0}. A moderator has checked it."));
    q = town_question(t, id);
    assert_int_equal(Q_VERIFIED, q.state);
    assert_int_equal(0, q.pending_answers);
    assert_int_equal(1, q.answers);
    struct promise_row *r;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, promise_report(c, t->com, 0, INT64_MAX, false, &r, &n)));
    assert_int_equal(1, n);
    assert_int_equal(1, r[0].answered); /* one question answered */
}

static void staff_answers_are_verified_by_their_source(void **state) /* MSG-11, MOD-9 */
{
    struct town *t = *state;
    struct answer *v;
    struct answer_made made;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    struct answer_new half = {.text = SV("Ici."), .source = SV("calgary.ca")};
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_answer(c, id, &half, &made)));
    assert_non_null(problem_of(&t->f.problems, "checked_on"));
    made = answer(t, t->as_mod, id, plain);
    assert_int_equal(Q_ANSWERED, made.state);
    assert_int_equal(1, town_answers(t, id, &v));
    assert_int_equal(VER_UNCHECKED, v[0].verification);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, answer_verify(c, made.answer_id, VER_CONFIRMED, (struct sv){0},
                                                         SV("calgary.ca"), SV("2026-02-02"))));
    assert_int_equal(Q_VERIFIED, town_question(t, id).state);
    assert_true(town_notice(t, t->amal, "Your question in {0} has an answer."));
    struct public_answer *pub;
    size_t n;
    town_as(t, &actor_anonymous);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, question_answered_public(c, t->com, 0, 10, &pub, &n)));
    assert_int_equal(1, n);
    assert_true(sv_eq_z(pub[0].a.text, "Au centre."));
}

/* MSG-12, A-28, CNS-7 */
static void a_personal_question_goes_on_in_private(void **state)
{
    struct town *t = *state;
    int64_t channel = town_telegram(t, "-100");
    int64_t id = town_ask(t, t->as_amal, "Mon dossier 12345, tél. 403 555 0100 ?");
    (void)town_say(t, t->as_badi, "Appelez le 403 555 0100 pour le 12345", town_question(t, id).message_id);
    assert_int_equal(2, shown_to(t, t->as_badi, "12345"));
    int64_t thread = 0;
    (void)channel;
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(&t->f, question_move_private(c, id, &thread)));
    assert_int_equal(0, shown_to(t, t->as_badi, "12345"));
    assert_int_equal(0, shown_to(t, t->as_mod, "12345"));
    assert_int_equal(1, shown_to(t, t->as_badi, "Answered privately."));
    struct question_view v;
    town_as(t, t->as_badi);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, question_view(c, id, &v)));
    struct thread th;
    struct message *m;
    size_t n;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_own(c, t->com, &th, &m, &n)));
    assert_int_equal(thread, th.id);
    bool there = false;
    for (size_t i = 0; i < n; i++)
        there |= sv_has(m[i].body, "12345");
    assert_true(there);
    (void)answer(t, t->as_mod, id, plain); /* goes to the thread, not to the group */
    assert_int_equal(0, shown_to(t, t->as_badi, "Au centre."));
    struct audit_row *rows;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    town_as(t, &actor_system);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, audit_list(c, "question", id, 0, 50, &rows, &n)));
    assert_true(n && sv_eq_z(rows[0].what, "question.read"));
    assert_int_equal(t->mod, rows[0].actor_person);
    /* the group hears only "Answered privately."; what had not gone out yet never goes */
    struct chan_send out[50];
    size_t n_out = town_outbox(t, out, 50);
    for (size_t i = 0; i < n_out; i++)
        assert_false(sv_has(out[i].text, "12345"));
}

/* MSG-2 */
static void one_way_posts_reach_the_moderators_only(void **state)
{
    struct town *t = *state;
    struct town_plan plan = {.mode = SV("one-way")};
    town_close(t);
    town_open(t, &plan);
    (void)town_join(t, t->as_amal, t->amal);
    struct message_made made = town_say(t, t->as_amal, "Je vends mon vélo", 0);
    assert_int_equal(MEANS_SUBMISSION, made.meaning);
    assert_int_equal(0, shown_to(t, t->as_amal, "vélo"));
    assert_true(town_notice(t, t->amal,
                            "In {0} only the moderators publish. Your message was passed on to them "
                            "privately; nobody else can read it."));
    struct thread *v;
    size_t n;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, thread_list(c, t->com, 0, 0, 10, &v, &n)));
    assert_int_equal(1, n);
    assert_true(v[0].waiting_staff);
}

/* MOD-10 */
static void information_is_not_posted_without_a_source(void **state)
{
    struct town *t = *state;
    struct message_new n = {.community_id = t->com, .text = SV("La clinique ouvre."), .post_type = SV("information")};
    struct message_made made;
    town_as(t, t->as_mod);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made)));
    assert_non_null(problem_of(&t->f.problems, "source"));
    assert_non_null(problem_of(&t->f.problems, "checked_on"));
    n.source = SV("ahs.ca");
    n.checked_on = SV("2026-02-09");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    n.checked_on = SV("2026-02-11"); /* tomorrow */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made)));
    town_as(t, t->as_amal);
    n.checked_on = SV("2026-02-09");
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_post(c, &n, &made)));
}

/* MSG-3, MSG-13 */
static void voice_notes_are_asked_and_answered(void **state)
{
    struct town *t = *state;
    struct message_new n = {
        .community_id = t->com, .kind = MSG_VOICE, .file_id = 99, .duration_s = 12, .ask = true, .to_private = true};
    struct message_made made;
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_post(c, &n, &made)));
    struct question q = town_question(t, made.question_id);
    assert_int_equal(MSG_VOICE, q.kind);
    assert_true(q.thread_id > 0);
    struct answer_new a = {.kind = MSG_VOICE, .file_id = 100, .duration_s = 20};
    struct answer_made am = answer(t, t->as_mod, q.id, a);
    assert_int_equal(Q_ANSWERED, am.state); /* counted like text */
    n.kind = MSG_VIDEO;
    town_as(t, t->as_amal);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &n, &made))); /* not among the settings */
}

static void marks_and_what_members_may_not(void **state)
{
    struct town *t = *state;
    struct message_made talk = town_say(t, t->as_amal, "Je cherche une garderie", 0);
    assert_int_equal(MEANS_TALK, talk.meaning);
    int64_t id = 0;
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_mark_question(c, talk.message_id, &id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_mark_question(c, talk.message_id, &id)));
    assert_true(town_question(t, id).open);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_mark_not(c, id)));
    assert_false(town_question(t, id).open);
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_mark_question(c, talk.message_id, &id)));
    assert_true(town_question(t, id).open);
    town_as(t, t->as_badi);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_hide(c, talk.message_id, SV("off-topic"))));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, message_hide(c, talk.message_id, SV("off-topic"))));
    assert_int_equal(0, shown_to(t, t->as_badi, "garderie"));
    town_as(t, t->as_noor); /* no member: sees no stream, cannot post */
    struct message *v;
    size_t n;
    struct message_new m = {.community_id = t->com, .text = SV("Bonjour")};
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, message_stream(c, t->com, 0, 0, 10, &v, &n)));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, message_post(c, &m, &talk)));
    town_as(t, t->as_amal);
    m.text = (struct sv){"ok\xff", 3};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &talk)));
    char *big = malloc(5001);
    memset(big, 'a', 5001);
    m.text = (struct sv){big, 5001};
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, message_post(c, &m, &talk)));
    free(big);
}

/* */
static void r613_clock_and_face(void **state)
{
    struct town *t = *state;
    struct town_plan plan = {.zone = SV("America/Toronto"), .calendar = SV("CA-ON"), .languages = SV("ar en")};
    town_close(t);
    town_open(t, &plan);
    (void)town_join(t, t->as_amal, t->amal);
    t->f.now_ms = at("2026-03-04T22:15-05:00");
    struct question q = town_question(t, town_ask(t, t->as_amal, "أين المدرسة؟"));
    assert_int_equal(at("2026-03-05T09:00-05:00"), q.start_ms);
    assert_int_equal(at("2026-03-06T09:00-05:00"), q.due_ms);
    struct community m;
    town_as(t, &actor_anonymous);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &m)));
    assert_true(m.rtl);
    town_close(t);
    plan.clock_mode = SV("wall");
    town_open(t, &plan);
    (void)town_join(t, t->as_amal, t->amal);
    t->f.now_ms = at("2026-03-04T22:15-05:00");
    q = town_question(t, town_ask(t, t->as_amal, "أين المدرسة؟"));
    assert_int_equal(at("2026-03-05T22:15-05:00"), q.due_ms);
}

static void no_promise_no_overdue(void **state) /* MOD-12, A-36 */
{
    struct town *t = *state;
    struct town_plan plan = {.moderation = SV("light"), .no_promise = true, .hours = SV("mon-fri 09:00-17:00")};
    town_close(t);
    town_open(t, &plan);
    (void)town_join(t, t->as_amal, t->amal);
    (void)town_join(t, t->as_badi, t->badi);
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    town_time(t, "2026-04-10T10:00-06:00");
    struct question q = town_question(t, id);
    assert_int_equal(RANK_NORMAL, q.rank);
    assert_int_equal(0, q.due_ms);
    (void)town_say(t, t->as_badi, "Au coin.", q.message_id); /* counts: nobody promised to check */
    assert_int_equal(Q_ANSWERED, town_question(t, id).state);
}

static void changed_hours_move_open_due_times(void **state) /* SLA-1 */
{
    struct town *t = *state;
    struct community m;
    t->f.now_ms = at("2026-02-12T14:20-07:00");
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &m)));
    struct community_edit e = {m.slug,
                               m.territory,
                               m.languages,
                               m.zone,
                               m.hours,
                               m.calendar,
                               SV("+2026-02-13 Journée de formation\n-2026-12-25"),
                               m.media,
                               SV("interactive"),
                               SV("listed"),
                               SV("full"),
                               SV("deferred"),
                               m.owner_org,
                               48,
                               0,
                               0};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_update(c, t->com, &e)));
    struct community_edit wrong = e;
    wrong.calendar_edits = SV("2026-02-30 closed");
    town_as(t, t->as_admin);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, community_update(c, t->com, &wrong)));
    assert_non_null(problem_of(&t->f.problems, "calendar_edits"));
    /* Friday closed, Monday is Family Day: two business days on is Wednesday */
    assert_int_equal(at("2026-02-18T14:20-07:00"), town_question(t, id).due_ms);
}

static void drafts_and_viewers(void **state)
{
    struct town *t = *state;
    struct question_view v;
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?");
    town_as(t, t->as_mod2);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, viewing_touch(c, id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, draft_save(c, id, SV("Je pense que"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_true(sv_eq_z(v.draft, "Je pense que"));
    assert_int_equal(1, v.n_viewers);
    assert_true(sv_eq_z(v.viewers[0], "Marc"));
    t->f.now_ms += 61 * 1000;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(0, v.n_viewers);
    (void)answer(t, t->as_mod, id, plain);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(0, v.draft.n);
    town_as(t, t->as_amal);
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, draft_save(c, id, SV("x"))));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &v)));
    assert_int_equal(0, v.n_steps + v.n_viewers); /* members see no inside of the work */
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, with_members, town_tear_down)
        T(the_clock_starts_at_opening),
        T(a_call_entered_later_counts_from_the_call),
        T(overdue_first_then_soon),
        T(an_interim_word_is_not_an_answer),
        T(replies_wait_for_opening),
        T(a_held_reply_can_be_taken_back),
        T(the_stand_in_takes_over_before_it_is_late),
        T(questions_are_assigned_referred_and_closed_with_a_reason),
        T(a_wrong_answer_is_corrected_with_thanks),
        T(staff_answers_are_verified_by_their_source),
        T(a_personal_question_goes_on_in_private),
        T(one_way_posts_reach_the_moderators_only),
        T(information_is_not_posted_without_a_source),
        T(voice_notes_are_asked_and_answered),
        T(marks_and_what_members_may_not),
        T(r613_clock_and_face),
        T(no_promise_no_overdue),
        T(changed_hours_move_open_due_times),
        T(drafts_and_viewers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
