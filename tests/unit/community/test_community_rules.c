/* SPDX-License-Identifier: EUPL-1.2 */
/* Pure decisions: no database. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/civil.h"
#include "feature/community/community_rules.h"

/* MSG-11 */
static void a_question_stays_in_the_queue_until_answered(void **state)
{
    (void)state;
    assert_true(question_is_open(Q_NEW));
    assert_true(question_is_open(Q_ASSIGNED));
    assert_true(question_is_open(Q_RESEARCHING));
    assert_true(question_is_open(Q_REFERRED));
    assert_false(question_is_open(Q_ANSWERED));
    assert_false(question_is_open(Q_VERIFIED));
    assert_false(question_is_open(Q_CLOSED));
}

static enum question_state after(enum question_state from, enum question_act act)
{
    enum question_state to = Q_STATE__MAX;
    return question_next(from, act, false, &to) == PW_OK ? to : Q_STATE__MAX;
}

/* MSG-11, SLA-4 */
static void states_follow_the_table(void **state)
{
    (void)state;
    assert_int_equal(Q_ASSIGNED, after(Q_NEW, ACT_ASSIGN));
    assert_int_equal(Q_RESEARCHING, after(Q_RESEARCHING, ACT_ASSIGN)); /* begun work stays begun */
    assert_int_equal(Q_RESEARCHING, after(Q_ASSIGNED, ACT_INTERIM));
    assert_int_equal(Q_REFERRED, after(Q_RESEARCHING, ACT_REFER));
    assert_int_equal(Q_VERIFIED, after(Q_REFERRED, ACT_VERIFY));
    assert_int_equal(Q_ANSWERED, after(Q_NEW, ACT_ANSWER));
    assert_int_equal(Q_VERIFIED, after(Q_VERIFIED, ACT_ANSWER)); /* a second answer takes no check away */
    assert_int_equal(Q_NEW, after(Q_ANSWERED, ACT_REOPEN));
    assert_int_equal(Q_STATE__MAX, after(Q_ANSWERED, ACT_INTERIM));
    assert_int_equal(Q_STATE__MAX, after(Q_ANSWERED, ACT_ASSIGN));
    assert_int_equal(Q_STATE__MAX, after(Q_NEW, ACT_REOPEN));
    for (int act = 0; act < ACT__MAX; act++)
        if (act != ACT_REOPEN)
            assert_int_equal(Q_STATE__MAX, after(Q_CLOSED, (enum question_act)act));
    enum question_state to;
    assert_int_equal(PW_OK, question_next(Q_CLOSED, ACT_REOPEN, true, &to));
    assert_int_equal(Q_ASSIGNED, to);
}

/* SLA-6 */
static void urgency_begins_at_three_quarters(void **state)
{
    (void)state;
    assert_int_equal(RANK_NORMAL, question_rank_of(true, true, 749));
    assert_int_equal(RANK_SOON, question_rank_of(true, true, 750));
    assert_int_equal(RANK_SOON, question_rank_of(true, true, 999));
    assert_int_equal(RANK_OVERDUE, question_rank_of(true, true, 1000));
    assert_int_equal(RANK_NORMAL, question_rank_of(false, true, 1000)); /* answered */
    assert_int_equal(RANK_NORMAL, question_rank_of(true, false, 1000)); /* no promise */
    assert_true(RANK_OVERDUE < RANK_SOON && RANK_SOON < RANK_NORMAL);
}

static void question_marks_of_all_scripts(void **state)
{
    (void)state;
    assert_true(text_asks(SV("Where is the school?")));
    assert_true(text_asks(SV("أين المدرسة؟")));
    assert_true(text_asks(SV("学校在哪里？")));
    assert_true(text_asks(SV("Où est l’école ?\n")));
    assert_true(text_asks(SV("Vraiment ?!!")));
    assert_true(text_asks(SV("(is it open?)")));
    assert_true(text_asks(SV("« C’est ouvert ? »")));
    assert_false(text_asks(SV("I asked why? It is closed")));
    assert_false(text_asks(SV("")));
    assert_false(text_asks(SV(" !)")));
}

/* MSG-2, MSG-12, MOD-9 */
static void what_a_message_means(void **state)
{
    (void)state;
    struct utterance u = {.asks = true};
    assert_int_equal(MEANS_QUESTION, meaning_of(&u));
    u.mode = COM_ONE_WAY;
    assert_int_equal(MEANS_SUBMISSION, meaning_of(&u));
    u.private_chat = true;
    assert_int_equal(MEANS_QUESTION, meaning_of(&u));
    u = (struct utterance){.private_chat = true}; /* no question mark needed to the moderators alone */
    assert_int_equal(MEANS_QUESTION, meaning_of(&u));
    u = (struct utterance){.private_chat = true, .in_question = true, .own_question = true, .brief = true};
    assert_int_equal(MEANS_TALK, meaning_of(&u)); /* "thank you" */
    u.wordless = true;
    assert_int_equal(MEANS_QUESTION, meaning_of(&u)); /* a voice note may ask (MSG-13) */
    u = (struct utterance){.private_chat = true, .in_question = true, .own_question = true, .question_open = true};
    assert_int_equal(MEANS_DETAIL, meaning_of(&u));
    u = (struct utterance){.in_question = true};
    assert_int_equal(MEANS_ANSWER, meaning_of(&u));
    u.asks = true; /* asks back */
    assert_int_equal(MEANS_TALK, meaning_of(&u));
    u = (struct utterance){.in_question = true, .by_staff = true, .asks = true};
    assert_int_equal(MEANS_ANSWER, meaning_of(&u));
    u = (struct utterance){.ask_form = true};
    assert_int_equal(MEANS_QUESTION, meaning_of(&u));
    u = (struct utterance){0};
    assert_int_equal(MEANS_TALK, meaning_of(&u));
}

/* MOD-9, MOD-10 */
static void information_needs_source_and_date(void **state)
{
    (void)state;
    struct problems ps = {0};
    int64_t today = civil_day(2026, 3, 5);
    assert_int_equal(PW_OK, source_check(SV("ottawa.ca"), SV("2026-03-05"), today, &ps));
    assert_int_equal(PW_INVALID, source_check(SV(""), SV("2026-03-05"), today, &ps));
    assert_non_null(problem_of(&ps, "source"));
    ps.n = 0;
    assert_int_equal(PW_INVALID, source_check(SV("ottawa.ca"), SV("2026-03-06"), today, &ps)); /* tomorrow */
    assert_int_equal(PW_INVALID, source_check(SV("ottawa.ca"), SV("5 mars"), today, &ps));
    assert_int_equal(PW_INVALID, source_check(SV("ottawa.ca"), SV("2026-02-30"), today, &ps));
    ps.n = 0;
    assert_int_equal(PW_INVALID, verification_check(VER_PENDING, VER_CORRECTED, SV("ottawa.ca"), SV("2026-03-05"),
                                                    SV(" "), today, &ps));
    assert_non_null(problem_of(&ps, "text"));
    assert_int_equal(PW_OK, verification_check(VER_PENDING, VER_CONFIRMED, SV("ottawa.ca"), SV("2026-03-05"),
                                               (struct sv){0}, today, &ps));
    assert_int_equal(PW_INVALID,
                     verification_check(VER_PENDING, VER_PENDING, SV("a.ca"), SV("2026-03-05"), SV("x"), today, &ps));
    assert_int_equal(PW_CONFLICT, verification_check(VER_CORRECTED, VER_CONFIRMED, SV("ottawa.ca"), SV("2026-03-05"),
                                                     SV("x"), today, &ps));
}

/* MOD-9, MOD-12 */
static void which_answers_end_the_wait(void **state)
{
    (void)state;
    assert_true(answer_counts(true, COM_FULL, VER_UNCHECKED));
    assert_false(answer_counts(false, COM_FULL, VER_PENDING));
    assert_true(answer_counts(false, COM_FULL, VER_CORRECTED));
    assert_true(answer_counts(false, COM_LIGHT, VER_PENDING));
}

/* SLA-5, KB-4 */
static void holding_and_review(void **state)
{
    (void)state;
    assert_true(reply_is_held(true, false, false));
    assert_false(reply_is_held(true, false, true));
    assert_false(reply_is_held(true, true, false));
    assert_false(reply_is_held(false, false, false));
    assert_true(kb_is_verified(KB_PUBLISHED, 100, 99));
    assert_false(kb_is_verified(KB_PUBLISHED, 100, 100));
    assert_false(kb_is_verified(KB_DRAFT, 100, 1));
}

/* */
static void memberships_move_only_as_allowed(void **state)
{
    (void)state;
    enum membership_state to;
    assert_int_equal(PW_OK, membership_next(MEMBER_NONE, MEMBER_QUEUE, &to));
    assert_int_equal(MEMBER_WAITING, to);
    assert_int_equal(PW_OK, membership_next(MEMBER_WAITING, MEMBER_ADMIT, &to));
    assert_int_equal(MEMBER_ACTIVE, to);
    assert_int_equal(PW_CONFLICT, membership_next(MEMBER_ACTIVE, MEMBER_ADMIT, &to));
    assert_int_equal(PW_CONFLICT, membership_next(MEMBER_LEFT, MEMBER_LEAVE, &to));
    assert_int_equal(PW_OK, membership_next(MEMBER_LEFT, MEMBER_ADMIT, &to));
    assert_int_equal(PW_OK, membership_next(MEMBER_ACTIVE, MEMBER_REMOVE, &to));
    assert_int_equal(MEMBER_REMOVED, to);
}

static void addresses_languages_and_stages(void **state)
{
    (void)state;
    assert_true(slug_ok(SV("r613")));
    assert_false(slug_ok(SV("R613")));
    assert_false(slug_ok(SV("-a")));
    assert_false(slug_ok(SV("a")));
    assert_false(slug_ok(SV("../x")));
    assert_true(lang_code_ok(SV("ar")));
    assert_true(lang_code_ok(SV("zh-hant")));
    assert_false(lang_code_ok(SV("a")));
    assert_false(lang_code_ok(SV("fr-")));
    assert_true(lang_in(SV("ar en"), SV("en")));
    assert_false(lang_in(SV("ar en"), SV("e")));
    assert_true(sv_eq_z(lang_main(SV("ar en")), "ar"));
    assert_true(community_status_may(COM_DRAFT, COM_LIVE));
    assert_false(community_status_may(COM_DRAFT, COM_ARCHIVED));
    assert_true(community_status_may(COM_LIVE, COM_READ_ONLY));
    assert_false(community_status_may(COM_ARCHIVED, COM_LIVE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_stays_in_the_queue_until_answered),
        cmocka_unit_test(states_follow_the_table),
        cmocka_unit_test(urgency_begins_at_three_quarters),
        cmocka_unit_test(question_marks_of_all_scripts),
        cmocka_unit_test(what_a_message_means),
        cmocka_unit_test(information_needs_source_and_date),
        cmocka_unit_test(which_answers_end_the_wait),
        cmocka_unit_test(holding_and_review),
        cmocka_unit_test(memberships_move_only_as_allowed),
        cmocka_unit_test(addresses_languages_and_stages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
