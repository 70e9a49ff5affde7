/* SPDX-License-Identifier: EUPL-1.2 */
/* Small numbers in published tables (Q-29, A-49, reliability goal 33): an attacker who knows the total, the shown parts
 * and the rule, and tries every table that looks the same, never narrows a small part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/smallcount.h"

enum { PARTS = 4, MOST = 14 };

static int64_t sum(const int64_t *v, size_t n)
{
    int64_t s = 0;
    for (size_t i = 0; i < n; i++)
        s += v[i];
    return s;
}

static void the_example_of_the_specification(void **state) /* */
{
    (void)state;
    const int64_t v[] = {12, 3};
    enum small_show s[2];
    small_protect(v, 2, 15, SMALL_LIMIT, s);
    assert_int_equal(SMALL_HIDDEN, s[0]);
    assert_int_equal(SMALL_FEWER, s[1]);
}

static void nothing_small_hides_nothing(void **state)
{
    (void)state;
    const int64_t v[] = {0, 5, 70, 0};
    enum small_show s[4];
    small_protect(v, 4, 75, SMALL_LIMIT, s);
    for (int i = 0; i < 4; i++)
        assert_int_equal(SMALL_SHOWN, s[i]);
}

static void a_small_total_hides_all_its_parts(void **state)
{
    (void)state;
    const int64_t v[] = {3, 0};
    enum small_show s[2];
    small_protect(v, 2, 3, SMALL_LIMIT, s);
    assert_int_equal(SMALL_HIDDEN, s[0]);
    assert_int_equal(SMALL_HIDDEN, s[1]);
}

/* Walks through every table that would be published with the same face. */
struct face {
    int64_t v[PARTS];
    enum small_show s[PARTS];
    int64_t total, seen[PARTS]; /* bit x: this part may be x */
};

static void look(struct face *f, int64_t *v, size_t at, int64_t left)
{
    if (at == PARTS) {
        if (left)
            return;
        for (size_t i = 0; i < PARTS; i++)
            f->seen[i] |= INT64_C(1) << v[i];
        return;
    }
    int64_t from = 0, to = left;
    if (f->s[at] == SMALL_SHOWN)
        from = to = f->v[at];
    else if (f->s[at] == SMALL_FEWER)
        from = 1, to = SMALL_LIMIT - 1;
    else
        from = f->s[0] == SMALL_HIDDEN && f->s[1] == SMALL_HIDDEN && f->s[2] == SMALL_HIDDEN && f->s[3] == SMALL_HIDDEN
                   ? 0
                   : SMALL_LIMIT; /* who knows the rule knows this */
    for (v[at] = from; v[at] <= to && v[at] <= left; v[at]++)
        look(f, v, at + 1, left - v[at]);
}

static void no_small_part_can_be_computed(void **state)
{
    (void)state;
    int64_t shown = 0, tables = 0;
    for (int64_t code = 0; code < (int64_t)MOST * MOST * MOST * MOST; code++) {
        struct face f = {0};
        int64_t rest = code, walk[PARTS];
        for (size_t i = 0; i < PARTS; i++, rest /= MOST)
            f.v[i] = rest % MOST;
        f.total = sum(f.v, PARTS);
        small_protect(f.v, PARTS, f.total, SMALL_LIMIT, f.s);
        look(&f, walk, 0, f.total);
        tables++;
        for (size_t i = 0; i < PARTS; i++) {
            bool small = f.v[i] > 0 && f.v[i] < SMALL_LIMIT;
            assert_true(!small || f.s[i] != SMALL_SHOWN);
            shown += f.s[i] == SMALL_SHOWN;
            if (f.s[i] == SMALL_FEWER)
                assert_int_equal(0x1E, f.seen[i] & 0x1E); /* 1, 2, 3, 4 are all possible */
            if (small && f.s[i] == SMALL_HIDDEN && f.total >= SMALL_LIMIT)
                assert_int_equal(0x3F, f.seen[i] & 0x3F);
        }
    }
    assert_true(shown * 2 > tables); /* and something is left to read */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_the_specification),
        cmocka_unit_test(nothing_small_hides_nothing),
        cmocka_unit_test(a_small_total_hides_all_its_parts),
        cmocka_unit_test(no_small_part_can_be_computed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
