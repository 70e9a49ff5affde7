/* SPDX-License-Identifier: EUPL-1.2 */
/* Modes, wishes and the figures of a report, by hand (EQ-5, decision 0016). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feature/program/program_rules.h"

static void modes_are_read_and_at_least_one_is_needed(void **state)
{
    (void)state;
    unsigned m = 0;
    assert_true(modes_parse(SV("in-person  remote"), &m));
    assert_int_equal(1U << DELIVERY_REMOTE | 1U << DELIVERY_IN_PERSON, m);
    assert_false(modes_parse(SV(""), &m));
    assert_false(modes_parse(SV("remote by-post"), &m));
    assert_false(modes_parse(SV("not-set"), &m)); /* a state of a person, never offered */
    assert_true(mode_offered(m, DELIVERY_REMOTE));
    assert_false(mode_offered(m, DELIVERY_HYBRID));
    assert_false(mode_offered(m, DELIVERY_UNSET));
}

static void every_code_is_read_back_and_has_a_label(void **state)
{
    (void)state;
    for (int i = 0; i < DELIVERY__MAX; i++) {
        enum delivery d = DELIVERY__MAX;
        assert_true(delivery_parse(sv_of(delivery_code((enum delivery)i)), &d) && (int)d == i);
        assert_true(*delivery_label(d));
    }
    for (int i = 0; i < WISH__MAX; i++) {
        enum wish w = WISH__MAX;
        assert_true(wish_parse(sv_of(wish_code((enum wish)i)), &w) && (int)w == i);
        assert_true(*wish_label(w));
    }
    for (int i = 0; i < PROGRAM_STATE__MAX; i++) {
        enum program_state s = PROGRAM_STATE__MAX;
        assert_true(program_state_parse(sv_of(program_state_code((enum program_state)i)), &s) && (int)s == i);
        assert_true(*program_state_label(s));
    }
    for (size_t i = 0; end_reason_codes[i]; i++)
        assert_non_null(end_reason_label(sv_of(end_reason_codes[i])));
    assert_null(end_reason_label(SV("because")));
}

static void a_wish_is_unmet_when_not_offered_or_when_another_mode_is_used(void **state)
{
    (void)state;
    unsigned offered = 1U << DELIVERY_REMOTE | 1U << DELIVERY_IN_PERSON;
    assert_int_equal(WISH_MET, wish_unmet(offered, WISH_REMOTE, DELIVERY_REMOTE));
    assert_int_equal(UNMET_OTHER, wish_unmet(offered, WISH_REMOTE, DELIVERY_IN_PERSON));
    assert_int_equal(UNMET_NOT_OFFERED, wish_unmet(offered, WISH_HYBRID, DELIVERY_REMOTE));
    assert_int_equal(UNMET_NOT_OFFERED, wish_unmet(offered, WISH_HYBRID, DELIVERY_UNSET));
    assert_int_equal(WISH_MET, wish_unmet(offered, WISH_REMOTE, DELIVERY_UNSET)); /* nothing else was chosen */
    assert_int_equal(WISH_MET, wish_unmet(offered, WISH_NONE, DELIVERY_REMOTE));
    assert_int_equal(WISH_MET, wish_unmet(offered, WISH_NOT_ASKED, DELIVERY_REMOTE));
}

static void a_program_opens_closes_and_opens_again_but_is_never_a_draft_again(void **state)
{
    (void)state;
    assert_true(program_state_may(PROGRAM_DRAFT, PROGRAM_OPEN));
    assert_true(program_state_may(PROGRAM_OPEN, PROGRAM_CLOSED));
    assert_true(program_state_may(PROGRAM_CLOSED, PROGRAM_OPEN));
    assert_false(program_state_may(PROGRAM_DRAFT, PROGRAM_CLOSED));
    assert_false(program_state_may(PROGRAM_OPEN, PROGRAM_DRAFT));
    assert_false(program_state_may(PROGRAM_CLOSED, PROGRAM_DRAFT));
    assert_false(program_state_may(PROGRAM_OPEN, PROGRAM_OPEN));
}

static struct enrolment_span stays(enum delivery uses, enum wish prefers)
{
    return (struct enrolment_span){
        .at_start = true, .counts_person = true, .uses_at_start = uses, .uses = uses, .prefers = prefers};
}

/* EQ-5: at start + new + changed - ended = at end, in each mode and in all, whatever happened. */
static void the_flows_add_up_in_every_mode(void **state)
{
    (void)state;
    struct program_figures f = {0};
    uint64_t seed = 42;
    for (int i = 0; i < 500; i++) {
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        struct enrolment_span s = {.at_start = seed >> 33 & 1,
                                   .ended = (seed >> 34 & 3) == 0,
                                   .counts_person = true,
                                   .uses_at_start = (enum delivery)(seed >> 40 & 3),
                                   .uses = (enum delivery)(seed >> 44 & 3),
                                   .prefers = (enum wish)((seed >> 48) % WISH__MAX)};
        figures_add(&f, ALL_MODES, &s);
    }
    int64_t moved = 0, people = 0, wanted = 0;
    for (int i = 0; i < DELIVERY__MAX; i++) {
        const struct mode_figures *m = &f.mode[i];
        assert_int_equal(m->at_end, m->at_start + m->began + m->moved - m->ended);
        moved += m->moved;
        people += m->people;
        for (int w = 0; w < WISH__MAX; w++)
            wanted += f.wants[w][i];
    }
    assert_int_equal(0, moved);
    assert_int_equal(500, people);
    assert_int_equal(500, wanted);
    assert_int_equal(f.all.at_end, f.all.at_start + f.all.began - f.all.ended);
}

static void add(struct program_figures *f, int n, struct enrolment_span s)
{
    for (int i = 0; i < n; i++)
        figures_add(f, ALL_MODES, &s);
}

/* Who only sees results: a mode with one small number shows nothing at all, and no shown total gives it away. */
static void a_mode_is_shown_whole_or_not_at_all(void **state)
{
    (void)state;
    struct program_figures f = {0};
    struct enrolment_span talks = stays(DELIVERY_REMOTE, WISH_REMOTE);
    talks.said = 1;
    add(&f, 20, talks);
    add(&f, 10, stays(DELIVERY_REMOTE, WISH_REMOTE));
    talks.uses = talks.uses_at_start = DELIVERY_IN_PERSON;
    add(&f, 8, talks);
    add(&f, 7, stays(DELIVERY_IN_PERSON, WISH_IN_PERSON));
    figures_protect(&f);
    assert_int_equal(SMALL_SHOWN, f.mode_show[DELIVERY_REMOTE]);
    assert_int_equal(SMALL_SHOWN, f.mode_show[DELIVERY_IN_PERSON]);
    add(&f, 3, stays(DELIVERY_HYBRID, WISH_HYBRID));
    figures_protect(&f);
    assert_int_equal(SMALL_HIDDEN, f.mode_show[DELIVERY_HYBRID]);
    assert_int_equal(SMALL_HIDDEN, f.mode_show[DELIVERY_IN_PERSON]); /* else 48 - 30 - 15 = 3 */
    assert_int_equal(SMALL_SHOWN, f.mode_show[DELIVERY_REMOTE]);
    assert_int_not_equal(SMALL_SHOWN, f.wish_show[WISH_HYBRID]);
}

/* "All but one took part" names the one. */
static void who_did_not_take_part_is_protected_too(void **state)
{
    (void)state;
    struct program_figures f = {0};
    struct enrolment_span talks = stays(DELIVERY_REMOTE, WISH_REMOTE);
    talks.said = 1;
    add(&f, 11, talks);
    add(&f, 1, stays(DELIVERY_REMOTE, WISH_REMOTE));
    talks.uses = talks.uses_at_start = DELIVERY_IN_PERSON;
    add(&f, 12, talks);
    figures_protect(&f);
    assert_int_equal(SMALL_HIDDEN, f.mode_show[DELIVERY_REMOTE]);
    assert_int_equal(24, f.all.people);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_are_read_and_at_least_one_is_needed),
        cmocka_unit_test(every_code_is_read_back_and_has_a_label),
        cmocka_unit_test(a_wish_is_unmet_when_not_offered_or_when_another_mode_is_used),
        cmocka_unit_test(a_program_opens_closes_and_opens_again_but_is_never_a_draft_again),
        cmocka_unit_test(the_flows_add_up_in_every_mode),
        cmocka_unit_test(a_mode_is_shown_whole_or_not_at_all),
        cmocka_unit_test(who_did_not_take_part_is_protected_too)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
