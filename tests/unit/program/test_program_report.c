/* SPDX-License-Identifier: EUPL-1.2 */
/* The report of a month against an example counted by hand (EQ-5), on both engines. */
#include "unit/program/programtown.h"

enum { MARCH = 2026 * 12 + 2 };

/* Who is enrolled, from when, with what; and what changed:
 *   Amal   10 Feb           prefers remote, uses remote; asks twice: one answer in time, one late
 *   Badi   10 Feb           prefers hybrid (not offered), uses in person, from 10 March remote; says something
 *   Dina    1 Feb - 31 Mar  no preference, in person
 *   Gus     1 Feb - 28 Feb  in person: not in March at all
 *   Noor    5 Mar           prefers in person, uses remote
 *   Eva    15 Mar           not asked, mode not set
 *   Fadi   20 - 25 Mar      prefers remote, uses in person; again from 28 March, remote
 *   Hala    1 Apr           remote: not in March
 * By hand, March:           at start  new  changed  ended  at end   people  took part  asked  in time
 *   remote  (Amal, Badi; Noor, Fadi)   1    2       1      0       4        4          2      2        1
 *   in person (Badi, Dina; Fadi)       2    1      -1      2       0        1          0      0        0
 *   not set (Eva)                      0    1       0      0       1        1          0      0        0
 *   all                                3    4              2       5        6          2      2        1 */
static int64_t the_example(struct town *t)
{
    int64_t p = make_program(t, "remote in-person");
    town_join(t, t->as_amal, t->amal);
    town_join(t, t->as_badi, t->badi);
    town_join(t, t->as_noor, t->noor);
    int64_t dina = newcomer(t, "Dina"), gus = newcomer(t, "Gus"), eva = newcomer(t, "Eva"), fadi = newcomer(t, "Fadi"),
            hala = newcomer(t, "Hala");
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, t->amal, "", "remote", "remote"));
    assert_int_equal(PW_OK, enrol(t, p, t->badi, "2026-02-10", "hybrid", "in-person"));
    assert_int_equal(PW_OK, enrol(t, p, dina, "2026-02-01", "no-preference", "in-person"));
    assert_int_equal(PW_OK, enrol(t, p, gus, "2026-02-01", "", "in-person"));

    town_time(t, "2026-03-02T10:00-07:00"); /* a Monday; what was due in February ended */
    int64_t gone = enrolment_now(t, p, gus).id;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_end(c, gone, SV("2026-02-28"), SV("moved-away"))));
    int64_t soon = town_ask(t, t->as_amal, "Où inscrire ma fille ?");
    struct answer_new an = {.text = SV("À l’école du quartier."), .urgent = true};
    struct answer_made made;
    town_time(t, "2026-03-02T11:00-07:00");
    t->f.actor = t->as_mod;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, soon, &an, &made)));
    int64_t late = town_ask(t, t->as_amal, "Et mon fils ?");
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, t->noor, "2026-03-05", "in-person", "remote"));

    town_time(t, "2026-03-10T10:00-06:00");
    int64_t badi = enrolment_now(t, p, t->badi).id;
    t->f.actor = t->as_mod;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, late, &an, &made)));
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_set(c, badi, (struct sv){0}, SV("remote"))));
    town_say(t, t->as_badi, "Merci à tous", 0);

    town_time(t, "2026-03-30T10:00-06:00");
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, enrol(t, p, eva, "2026-03-15", "", "not-set"));
    assert_int_equal(PW_OK, enrol(t, p, fadi, "2026-03-20", "remote", "in-person"));
    int64_t first = enrolment_now(t, p, fadi).id;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_end(c, first, SV("2026-03-25"), SV("no-contact"))));
    assert_int_equal(PW_OK, enrol(t, p, fadi, "2026-03-28", "remote", "remote"));
    assert_int_equal(PW_OK, enrol(t, p, hala, "2026-04-01", "remote", "remote"));

    town_time(t, "2026-04-15T10:00-06:00"); /* what happens later changes nothing of March */
    int64_t ended = enrolment_now(t, p, dina).id;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_end(c, ended, SV("2026-03-31"), SV("completed"))));
    badi = enrolment_now(t, p, t->badi).id;
    t->f.actor = t->as_admin;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, enrolment_set(c, badi, SV("remote"), SV("in-person"))));
    town_say(t, t->as_noor, "Bonjour d’avril", 0);
    return p;
}

static struct program_report report_of(struct town *t, int64_t p, int64_t first, int64_t last)
{
    struct program_report r = {0};
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, program_report(c, p, first, last, &r)));
    return r;
}

static void is(const struct mode_figures *m, int at_start, int began, int moved, int ended, int at_end, int people,
               int took_part, int asked, int in_time)
{
    assert_int_equal(at_start, m->at_start);
    assert_int_equal(began, m->began);
    assert_int_equal(moved, m->moved);
    assert_int_equal(ended, m->ended);
    assert_int_equal(at_end, m->at_end);
    assert_int_equal(people, m->people);
    assert_int_equal(took_part, m->took_part);
    assert_int_equal(asked, m->asked);
    assert_int_equal(asked, m->promised);
    assert_int_equal(in_time, m->in_time);
}

/* EQ-5 */
static void the_report_equals_the_example_counted_by_hand(void **state)
{
    struct town *t = *state;
    int64_t p = the_example(t);
    t->f.actor = t->as_admin;
    struct program_report r = report_of(t, p, MARCH, MARCH);
    assert_false(r.protect);
    is(&r.f.mode[DELIVERY_REMOTE], 1, 2, 1, 0, 4, 4, 2, 2, 1);
    is(&r.f.mode[DELIVERY_HYBRID], 0, 0, 0, 0, 0, 0, 0, 0, 0);
    is(&r.f.mode[DELIVERY_IN_PERSON], 2, 1, -1, 2, 0, 1, 0, 0, 0);
    is(&r.f.mode[DELIVERY_UNSET], 0, 1, 0, 0, 1, 1, 0, 0, 0);
    is(&r.f.all, 3, 4, 0, 2, 5, 6, 2, 2, 1);
    assert_int_equal(2, r.f.wants[WISH_REMOTE][DELIVERY_REMOTE]);
    assert_int_equal(1, r.f.wants[WISH_HYBRID][DELIVERY_REMOTE]);
    assert_int_equal(1, r.f.wants[WISH_IN_PERSON][DELIVERY_REMOTE]);
    assert_int_equal(1, r.f.wants[WISH_NONE][DELIVERY_IN_PERSON]);
    assert_int_equal(1, r.f.wants[WISH_NOT_ASKED][DELIVERY_UNSET]);
    assert_int_equal(1, r.f.not_offered);
    assert_int_equal(1, r.f.other_mode);
    /* months join: February and March together */
    r = report_of(t, p, MARCH - 1, MARCH);
    is(&r.f.all, 0, 8, 0, 3, 5, 7, 2, 2, 1);
    r = report_of(t, p, MARCH + 1, MARCH + 1);
    assert_int_equal(5, r.f.all.at_start);
    assert_int_equal(1, r.f.all.began);
    assert_int_equal(6, r.f.all.at_end);
    assert_int_equal(1, r.f.mode[DELIVERY_REMOTE].took_part); /* Noor, in April */
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, program_report(c, p, MARCH, MARCH - 1, &r)));
    assert_int_equal(PW_INVALID, CTX_LOOK(&t->f, program_report(c, p, MARCH - 36, MARCH, &r)));
    assert_true(problem_at(t, "from"));
}

/* Two records of one person are one person, and two again (PPL-1, PPL-2). */
static void merged_records_count_as_one_person(void **state)
{
    struct town *t = *state;
    int64_t p = the_example(t), merge = 0;
    t->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_merge(c, t->noor, t->badi, &merge)));
    struct program_report r = report_of(t, p, MARCH, MARCH);
    assert_int_equal(5, r.f.all.people);
    assert_int_equal(5, r.f.all.at_end); /* two enrolments until somebody ends one */
    assert_int_equal(2, r.f.all.took_part);
    struct enrolment *v;
    size_t n = 0;
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolments_of_person(c, t->noor, &v, &n)));
    assert_int_equal(2, n);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, person_unmerge(c, merge)));
    r = report_of(t, p, MARCH, MARCH);
    assert_int_equal(6, r.f.all.people);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, enrolments_of_person(c, t->noor, &v, &n)));
    assert_int_equal(1, n);
}

/* Decision 0016: an evaluator gets a whole quarter that is over, with what is small hidden. */
static void who_only_sees_results_gets_quarters_and_no_small_numbers(void **state)
{
    struct town *t = *state;
    int64_t p = the_example(t);
    struct grant g = {.person_id = t->mod2, .role = ROLE_EVALUATOR, .scope = SCOPE_ORG, .scope_id = t->org};
    t->f.actor = ctxfix_staff(&t->f, t->mod2, &g, 1);
    struct program_report r = report_of(t, p, MARCH + 1, MARCH + 1); /* April: its quarter is not over */
    assert_true(r.protect);
    assert_int_equal(2026 * 12, r.first);
    assert_int_equal(MARCH, r.last);
    assert_int_equal(7, r.f.all.people);
    for (int i = 0; i < DELIVERY__MAX; i++)
        if (r.f.mode[i].people)
            assert_int_not_equal(SMALL_SHOWN, r.f.mode_show[i]);
    for (int i = 0; i < WISH__MAX; i++)
        if (r.f.wishes[i])
            assert_int_not_equal(SMALL_SHOWN, r.f.wish_show[i]);
    struct enrolment_filter f = {0};
    struct enrolment *v;
    size_t n;
    assert_int_equal(PW_DENIED, CTX_LOOK(&t->f, enrolment_list(c, p, &f, &v, &n)));
}

int main(void)
{
    (void)dbfix_engine();
#define T(f) cmocka_unit_test_setup_teardown(f, program_set_up, town_tear_down)
    const struct CMUnitTest tests[] = {T(the_report_equals_the_example_counted_by_hand),
                                       T(merged_records_count_as_one_person),
                                       T(who_only_sees_results_gets_quarters_and_no_small_numbers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
