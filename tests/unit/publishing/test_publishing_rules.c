/* SPDX-License-Identifier: EUPL-1.2 */
/* The pure decisions of publishing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "feature/community/community_rules.h"
#include "feature/publishing/publishing_rules.h"

/* MSG-14 */
static void a_post_lives_one_way(void **state)
{
    static const struct {
        enum post_state from;
        enum post_act act;
        enum post_state to;
    } ways[] = {
        {POST_DRAFT, POST_EDIT, POST_DRAFT},
        {POST_DRAFT, POST_SCHEDULE, POST_SCHEDULED},
        {POST_SCHEDULED, POST_UNDO, POST_DRAFT},
        {POST_SCHEDULED, POST_BEGIN, POST_PUBLISHING},
        {POST_PUBLISHING, POST_FINISH, POST_PUBLISHED},
        {POST_DRAFT, POST_CANCEL, POST_CANCELLED},
        {POST_SCHEDULED, POST_CANCEL, POST_CANCELLED},
        {POST_PUBLISHING, POST_CANCEL, POST_CANCELLED},
        {POST_PUBLISHED, POST_CANCEL, POST_CANCELLED},
        {POST_PUBLISHING, POST_EXPIRE, POST_EXPIRED},
        {POST_PUBLISHED, POST_EXPIRE, POST_EXPIRED},
        {POST_DRAFT, POST_TRANSLATE, POST_DRAFT},
        {POST_SCHEDULED, POST_TRANSLATE, POST_SCHEDULED},
        {POST_PUBLISHING, POST_TRANSLATE, POST_PUBLISHING},
        {POST_PUBLISHED, POST_TRANSLATE, POST_PUBLISHED},
    };
    (void)state;
    for (int from = 0; from < POST_STATE__MAX; from++)
        for (int act = POST_EDIT; act <= POST_TRANSLATE; act++) {
            enum post_state to = POST_STATE__MAX, want = POST_STATE__MAX;
            for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
                if ((int)ways[i].from == from && (int)ways[i].act == act)
                    want = ways[i].to;
            enum pw_err e = post_next((enum post_state)from, (enum post_act)act, &to);
            assert_int_equal(e, want == POST_STATE__MAX ? PW_CONFLICT : PW_OK);
            assert_int_equal(to, want);
        }
}

/* MSG-14, MOD-10 */
static void types_are_known_and_facts_need_a_source(void **state)
{
    (void)state;
    for (int i = 0; post_types[i]; i++)
        assert_true(post_type_known(sv_of(post_types[i])));
    assert_false(post_type_known(SV("")));
    assert_false(post_type_known(SV("advertisement")));
    assert_true(post_needs_source(SV("information")));
    assert_true(post_needs_source(SV("correction")));
    assert_false(post_needs_source(SV("prompt")));
    assert_false(post_needs_source(SV("newsletter")));
    enum post_state s = POST_DRAFT;
    assert_true(post_state_parse(SV("expired"), &s));
    assert_int_equal(s, POST_EXPIRED);
    assert_false(post_state_parse(SV("gone"), &s));
}

static void everybody_is_reached_once(void **state)
{
    (void)state;
    struct sv none = {0}, fr = SV("fr"), ar = SV("ar");
    assert_int_equal(reach_of(true, true, ar, fr, none), REACH_PAGE);
    assert_int_equal(reach_of(false, true, ar, fr, none), REACH_GROUP);
    assert_int_equal(reach_of(false, false, ar, fr, none), REACH_ALONE);
    assert_int_equal(reach_of(false, true, ar, fr, fr), REACH_NOT);
    assert_int_equal(reach_of(false, true, fr, fr, fr), REACH_GROUP);
    assert_int_equal(reach_of(false, true, ar, fr, ar), REACH_ALONE); /* the group reads French */
    assert_int_equal(reach_of(true, false, fr, fr, ar), REACH_NOT);
}

static void quiet_hours_go_over_midnight(void **state)
{
    (void)state;
    assert_int_equal(quiet_wait(21 * 60, 8 * 60, 20 * 60 + 59), 0);
    assert_int_equal(quiet_wait(21 * 60, 8 * 60, 21 * 60), 11 * 60);
    assert_int_equal(quiet_wait(21 * 60, 8 * 60, 0), 8 * 60);
    assert_int_equal(quiet_wait(21 * 60, 8 * 60, 7 * 60 + 59), 1);
    assert_int_equal(quiet_wait(21 * 60, 8 * 60, 8 * 60), 0);
    assert_int_equal(quiet_wait(12 * 60, 14 * 60, 13 * 60), 60);
    assert_int_equal(quiet_wait(9 * 60, 9 * 60, 9 * 60), 0); /* none */
}

/* MSG-15 */
static void silence_counts_from_the_last_word_or_the_beginning(void **state)
{
    (void)state;
    const int64_t day = 86400000;
    assert_false(is_silent(10 * day, 0, 0, 100 * day)); /* never asked */
    assert_false(is_silent(10 * day, 0, 7, 17 * day - 1));
    assert_true(is_silent(10 * day, 0, 7, 17 * day));
    assert_false(is_silent(0, 10 * day, 7, 16 * day)); /* a new community */
    assert_true(is_silent(0, 10 * day, 7, 17 * day));
}

/* KB-7 */
static void a_difference_names_what_went_and_what_came(void **state)
{
    (void)state;
    struct arena a;
    struct diff_piece *v;
    size_t n;
    arena_init(&a, 1 << 22);
    assert_int_equal(PW_OK, text_diff(&a, SV("Ouvert lundi. Gratuit. Appelez."),
                                      SV("Ouvert mardi. Gratuit. Appelez.\nMerci."), &v, &n));
    assert_int_equal(n, 5);
    assert_int_equal(v[0].what, DIFF_GONE);
    assert_true(sv_eq_z(v[0].text, "Ouvert lundi."));
    assert_int_equal(v[1].what, DIFF_NEW);
    assert_int_equal(v[2].what, DIFF_SAME);
    assert_int_equal(v[3].what, DIFF_SAME);
    assert_int_equal(v[4].what, DIFF_NEW);
    assert_int_equal(PW_OK, text_diff(&a, SV(""), SV("Nouveau"), &v, &n));
    assert_int_equal(n, 1);
    assert_int_equal(v[0].what, DIFF_NEW);
    assert_int_equal(PW_OK, text_diff(&a, SV("x. y."), SV("x. y."), &v, &n));
    for (size_t i = 0; i < n; i++)
        assert_int_equal(v[i].what, DIFF_SAME);
    /* long texts end, and lose nothing */
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 3000; i++)
        buf_fmt(&b, "Phrase %d. ", i);
    assert_int_equal(PW_OK, text_diff(&a, SV(""), buf_sv(&b), &v, &n));
    size_t all = 0;
    for (size_t i = 0; i < n; i++)
        all += v[i].text.n;
    assert_int_equal(all, buf_sv(&b).n);
    buf_finish(&b);
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_post_lives_one_way),
        cmocka_unit_test(types_are_known_and_facts_need_a_source),
        cmocka_unit_test(everybody_is_reached_once),
        cmocka_unit_test(quiet_hours_go_over_midnight),
        cmocka_unit_test(silence_counts_from_the_last_word_or_the_beginning),
        cmocka_unit_test(a_difference_names_what_went_and_what_came),
    };
    return cmocka_run_group_tests_name("publishing rules", tests, NULL, NULL);
}
