/* SPDX-License-Identifier: EUPL-1.2 */
/* Ladders, strikes, who may decide (MOD-2, MOD-3, MOD-6, MOD-11; A-25). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/civil.h"
#include "feature/moderation/moderation_rules.h"

static struct ladder shipped(const char *name)
{
    struct ladder l;
    struct problems ps = {0};
    assert_int_equal(PW_OK, ladder_parse(ladder_shipped(sv_of(name)), "steps", &l, &ps));
    return l;
}

/* */
static void the_shipped_ladders_propose_what_they_should(void **state)
{
    (void)state;
    struct ladder l = shipped("toolkit");
    assert_int_equal(ACT_WARN, l.v[ladder_next(&l, 0)].acts);
    assert_int_equal(ACT_WARN, l.v[ladder_next(&l, 1)].acts);
    assert_int_equal(ACT_REMOVE, l.v[ladder_next(&l, 2)].acts);
    assert_int_equal(ACT_REMOVE, l.v[ladder_next(&l, 9)].acts);
    l = shipped("r613-offtopic");
    assert_int_equal(ACT_DELETE | ACT_REPOST | ACT_SUGGEST, l.v[ladder_next(&l, 0)].acts);
    assert_int_equal(ACT_DELETE | ACT_REMOVE | ACT_NOTICE, l.v[ladder_next(&l, 1)].acts);
    l = shipped("r613-offensive");
    assert_true(l.v[ladder_next(&l, 0)].acts & ACT_REMOVE);
    l = shipped("repost-description");
    assert_int_equal(ACT_REPOST, l.v[0].acts);
    l = shipped("admin-delete");
    assert_int_equal(ACT_DELETE, l.v[ladder_next(&l, 5)].acts);
}

/* MOD-3 */
static void removal_is_never_offered_earlier(void **state)
{
    (void)state;
    struct ladder l = shipped("toolkit");
    assert_true(ladder_offers(&l, 0, 0));
    assert_false(ladder_offers(&l, 0, 1));
    assert_false(ladder_offers(&l, 1, 2));
    assert_true(ladder_offers(&l, 2, 2));
    assert_true(ladder_offers(&l, 2, 0)); /* milder is always possible */
}

static void own_steps_are_read_and_written_the_same(void **state)
{
    (void)state;
    struct arena a;
    struct ladder l;
    struct problems ps = {0};
    arena_init(&a, 1 << 16);
    assert_int_equal(PW_OK,
                     ladder_parse(SV("warn weight=2\n\n delete restrict=14\nremove block notice"), "steps", &l, &ps));
    assert_int_equal(3, l.n);
    assert_int_equal(2, l.v[0].weight);
    assert_int_equal(14, l.v[1].days);
    assert_true(sv_eq_z(ladder_step_text(&a, &l.v[0]), "warn weight=2"));
    assert_true(sv_eq_z(ladder_step_text(&a, &l.v[1]), "delete restrict=14"));
    assert_true(sv_eq_z(ladder_step_text(&a, &l.v[2]), "remove block notice"));
    arena_finish(&a);
}

static void wrong_steps_are_told(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "shout",
                                        "weight=2",
                                        "restrict=0",
                                        "restrict=x",
                                        "warn notice",
                                        "restrict=999",
                                        "weight=9 warn",
                                        "warn\nwarn\nwarn\nwarn\nwarn\nwarn\nwarn\nwarn\nwarn"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct ladder l;
        struct problems ps = {0};
        assert_int_equal(PW_INVALID, ladder_parse(sv_of(wrong[i]), "steps", &l, &ps));
        assert_non_null(problem_of(&ps, "steps"));
    }
}

static void strikes_and_appeals_end(void **state)
{
    (void)state;
    assert_true(strike_counts(200, 0, 199));
    assert_false(strike_counts(200, 0, 200));
    assert_false(strike_counts(200, 50, 100));
    assert_true(appeal_open(0, 30, 0, 30 * CIVIL_DAY_MS - 1));
    assert_false(appeal_open(0, 30, 0, 30 * CIVIL_DAY_MS));
    assert_false(appeal_open(0, 30, 5, 10));
}

/* MOD-6, MOD-11 */
static void somebody_else_decides(void **state)
{
    (void)state;
    assert_false(may_decide(7, 7, 0, 0));
    assert_false(may_decide(7, 0, 7, 0));
    assert_false(may_decide(7, 0, 0, 7));
    assert_true(may_decide(7, 8, 9, 10));
}

static void categories_and_their_urgency(void **state)
{
    (void)state;
    enum mod_category c;
    assert_true(mod_category_parse(SV("harassment"), &c) && mod_category_urgent(c) && mod_category_breach(c));
    assert_true(mod_category_parse(SV("advertising"), &c) && !mod_category_urgent(c));
    assert_true(mod_category_parse(SV("self-harm"), &c) && mod_category_urgent(c) && !mod_category_breach(c));
    assert_false(mod_category_parse(SV("other"), &c));
    assert_true(excluded_ok(SV("political religious")));
    assert_false(excluded_ok(SV("political weather")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shipped_ladders_propose_what_they_should),
        cmocka_unit_test(removal_is_never_offered_earlier),
        cmocka_unit_test(own_steps_are_read_and_written_the_same),
        cmocka_unit_test(wrong_steps_are_told),
        cmocka_unit_test(strikes_and_appeals_end),
        cmocka_unit_test(somebody_else_decides),
        cmocka_unit_test(categories_and_their_urgency),
    };
    return cmocka_run_group_tests_name("moderation-rules", tests, NULL, NULL);
}
