/* SPDX-License-Identifier: EUPL-1.2 */
/* The pure decisions of planning: workload, readiness, moves, and the order of platforms. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "feature/planning/planning_rules.h"
#include "feature/planning/platform_rules.h"

/* */
static void workload(void **state)
{
    (void)state;
    assert_true(workload_on(701, 1, MEMBERS_PER_MODERATOR));
    assert_true(workload_on(251, 1, MEMBERS_PER_MODERATOR));
    assert_false(workload_on(250, 1, MEMBERS_PER_MODERATOR));
    assert_false(workload_on(701, 3, MEMBERS_PER_MODERATOR));
    assert_true(workload_on(1, 0, MEMBERS_PER_MODERATOR));
    assert_false(workload_on(0, 0, MEMBERS_PER_MODERATOR));
}

/* T-1 */
static void readiness(void **state)
{
    (void)state;
    assert_int_equal(READY_YES, ready_of(SV("yes")));
    assert_int_equal(READY_NO, ready_of(SV("no")));
    assert_int_equal(READY_UNSURE, ready_of(SV("unsure")));
    assert_int_equal(READY_UNSURE, ready_of((struct sv){0}));
}

/* MSG-16 */
static void moves(void **state)
{
    (void)state;
    assert_true(move_may(MOVE_INVITED, MOVE_MOVED, false));
    assert_true(move_may(MOVE_MOVED, MOVE_DECLINED, false));
    assert_true(move_may(MOVE_LOST, MOVE_MOVED, true));
    assert_true(move_may(MOVE_INVITED, MOVE_LOST, true));
    assert_false(move_may(MOVE_INVITED, MOVE_LOST, false));
    assert_false(move_may(MOVE_DECLINED, MOVE_LOST, true));
    assert_false(move_may(MOVE_MOVED, MOVE_INVITED, false));
}

static size_t place_of(const struct platform_rank *r, size_t n, const char *code)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(r[i].p->code, code) == 0)
            return i;
    fail();
    return n;
}

static void set_users(const struct platform *v, size_t n, const char *code, int64_t users, int64_t *all)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(v[i].code, code) == 0)
            all[i] = users;
}

/* MSG-5: familiarity above all, then very important factors, then somewhat; "not" is ignored. */
static void order_of_platforms(void **state)
{
    (void)state;
    struct platform v[PLATFORMS_MAX];
    struct platform_rank r[PLATFORMS_MAX];
    int64_t users[PLATFORMS_MAX] = {0};
    size_t n = platform_all(v);
    struct platform_wish w = {
        .level = {[F_CORRECT] = LEVEL_VERY, [F_MODERATE] = LEVEL_VERY, [F_ANY_PHONE] = LEVEL_NOT}};
    platform_order(v, n, &w, users, 0, r);
    assert_true(place_of(r, n, "telegram") < place_of(r, n, "whatsapp-group")); /* it can delete and be moderated */
    assert_true(place_of(r, n, "web") < place_of(r, n, "signal-group"));
    set_users(v, n, "whatsapp-group", 30, users); /* … but most people use the other */
    platform_order(v, n, &w, users, 40, r);
    assert_int_equal(0, place_of(r, n, "whatsapp-group"));
    assert_int_equal(2, r[0].familiar);
    set_users(v, n, "telegram", 8, users);
    platform_order(v, n, &w, users, 40, r);
    assert_int_equal(1, place_of(r, n, "telegram"));
    assert_int_equal(1, r[1].familiar);
    for (size_t i = 2; i + 1 < n; i++)
        assert_true(r[i].very >= r[i + 1].very);
}

static void own_factors_and_numbers_at_once_count(void **state)
{
    (void)state;
    struct platform v[PLATFORMS_MAX];
    struct platform_rank r[PLATFORMS_MAX];
    int64_t users[PLATFORMS_MAX] = {0};
    size_t n = platform_all(v);
    struct own_factor own[] = {{LEVEL_VERY, SV("viber-group wechat-group")}};
    struct platform_wish w = {.own = own, .n_own = 1};
    platform_order(v, n, &w, users, 0, r);
    assert_true(place_of(r, n, "viber-group") < 2 && place_of(r, n, "wechat-group") < 2);
    for (size_t i = 0; i < n; i++) {
        if (strcmp(v[i].code, "whatsapp-group") == 0) { /* 256 is data with a source */
            assert_int_equal(256, v[i].members);
            assert_true(v[i].date[0] && v[i].source[0]);
            assert_int_equal(DOES_NOT, platform_does(&v[i], F_AT_ONCE, 257));
            assert_int_equal(DOES_PARTLY, platform_does(&v[i], F_AT_ONCE, 256));
            assert_int_equal(DOES_WELL, platform_does(&v[i], F_AT_ONCE, 128));
        }
        assert_non_null(v[i].badly ? v[i].badly : v[i].driver ? "" : NULL); /* what it does badly is said */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(workload), cmocka_unit_test(readiness), cmocka_unit_test(moves),
                                       cmocka_unit_test(order_of_platforms),
                                       cmocka_unit_test(own_factors_and_numbers_at_once_count)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
