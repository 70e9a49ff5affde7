/* SPDX-License-Identifier: EUPL-1.2 */
/* The clock of questions: opening hours, what is due first, interim words, held replies, the stand-in. On both engines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "unit/community/town.h"

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
    (void)town_answer(t, t->as_mod, id, town_plain);
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
    struct answer_made made = town_answer(t, t->as_mod, id, town_sourced);
    assert_int_equal(at("2026-02-11T09:00-07:00"), made.held_until_ms);
    assert_int_equal(0, town_shown(t, t->as_amal, "Au centre."));
    struct question q = town_question(t, id);
    assert_true(q.open && !q.answered_ms);
    assert_int_equal(made.held_until_ms, q.held_ms);
    struct question_view view; /* the asker does not see it early either */
    town_as(t, t->as_amal);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, id, &view)));
    assert_int_equal(0, view.n_answers);

    struct answer_new urgent = town_plain;
    urgent.urgent = true;
    made = town_answer(t, t->as_mod, other, urgent);
    assert_int_equal(0, made.held_until_ms);
    assert_int_equal(1, town_shown(t, t->as_amal, "Au centre."));

    town_time(t, "2026-02-11T09:00-07:00");
    assert_int_equal(2, town_shown(t, t->as_amal, "Au centre."));
    q = town_question(t, id);
    assert_int_equal(Q_VERIFIED, q.state);
    assert_int_equal(at("2026-02-11T09:00-07:00"), q.answered_ms);
    assert_true(q.in_time);
    town_time(t, "2026-02-11T09:05-07:00"); /* again: nothing doubles */
    assert_int_equal(2, town_shown(t, t->as_amal, "Au centre."));
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
    struct answer_made made = town_answer(t, t->as_mod, id, town_plain);
    town_as(t, t->as_amal);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(&t->f, held_cancel(c, made.message_id)));
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, held_cancel(c, made.message_id)));
    town_time(t, "2026-02-11T09:01-07:00");
    assert_int_equal(0, town_shown(t, t->as_amal, "Au centre."));
    assert_true(town_question(t, id).open);
}

/* SLA-4, SLA-5: "we are looking" that waits for opening is not said after the answer; taken back, it was never said. */
static void a_held_interim_word_is_said_only_while_it_is_true(void **state)
{
    struct town *t = *state;
    struct answer_new now = {.text = SV("Au centre."), .urgent = true};
    struct answer_made made;
    struct question_view v;
    t->f.now_ms = at("2026-02-10T20:00-07:00");
    int64_t id = town_ask(t, t->as_amal, "Où est la banque ?"), other = town_ask(t, t->as_badi, "Et la poste ?");
    for (int i = 0; i < 2; i++) {
        town_as(t, t->as_mod);
        assert_int_equal(PW_OK, CTX_ACT(&t->f, question_interim(c, i ? other : id, SV("Nous cherchons."))));
        assert_false(town_notice(t, i ? t->badi : t->amal, "Your question in {0} is being looked into."));
    }
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &now, &made)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_view(c, other, &v)));
    int64_t held = 0;
    for (size_t i = 0; i < v.n_messages; i++)
        held = v.messages[i].state == HELD ? v.messages[i].id : held;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, held_cancel(c, held)));
    struct question q = town_question(t, other);
    assert_int_equal(0, q.interim_ms);
    assert_int_equal(Q_NEW, q.state);
    town_time(t, "2026-02-11T09:01-07:00");
    assert_int_equal(0, town_shown(t, t->as_badi, "Nous cherchons."));
    assert_int_equal(Q_ANSWERED, town_question(t, id).state);
    t->f.now_ms = at("2026-02-11T20:00-07:00"); /* nothing happened meanwhile: said at opening */
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_interim(c, other, SV("Nous cherchons."))));
    town_time(t, "2026-02-12T09:01-07:00");
    assert_int_equal(1, town_shown(t, t->as_badi, "Nous cherchons."));
    assert_true(town_notice(t, t->badi, "Your question in {0} is being looked into."));
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

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, town_set_up_members, town_tear_down)
        T(the_clock_starts_at_opening),
        T(a_call_entered_later_counts_from_the_call),
        T(overdue_first_then_soon),
        T(an_interim_word_is_not_an_answer),
        T(replies_wait_for_opening),
        T(a_held_reply_can_be_taken_back),
        T(a_held_interim_word_is_said_only_while_it_is_true),
        T(the_stand_in_takes_over_before_it_is_late),
        T(r613_clock_and_face),
        T(no_promise_no_overdue),
        T(changed_hours_move_open_due_times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
