/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    for (int round = 0; round < 3; round++) {
        char *last = NULL;
        for (size_t n = 0; n < 600; n += 7) {
            char *p = arena_alloc(&a, n, 16);
            assert_non_null(p);
            assert_int_equal(0, (uintptr_t)p % 16);
            assert_ptr_not_equal(last, p);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(0, p[i]);
            memset(p, 0x5a, n); /* the next round must not see it */
            last = p;
        }
        arena_reset(&a);
        assert_int_equal(0, a.used);
    }
    arena_finish(&a);
    arena_finish(&a);
    assert_non_null(arena_new(&a, int)); /* usable again after finish */
    arena_finish(&a);
}

static void the_cap_holds_even_inside_a_chunk(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1000);
    assert_non_null(arena_alloc(&a, 600, 1));
    assert_null(arena_alloc(&a, 401, 1));
    assert_true(a.oom);
    assert_null(arena_alloc(&a, SIZE_MAX, 1));
    assert_null(arena_alloc_n(&a, SIZE_MAX / 2, 3, 1)); /* the product would wrap */
    arena_reset(&a);
    assert_false(a.oom);
    assert_non_null(arena_alloc(&a, 1000, 1));
    assert_null(arena_alloc(&a, 1, 1));
    assert_string_equal("", arena_z(&a, SV("x"))); /* never NULL */
    assert_null(arena_fmt(&a, "%d", 7).p);
    assert_null(arena_join(&a, SV("a"), SV("b")).p);
    arena_finish(&a);
}

static void large_and_small_blocks_mix(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 8 << 20);
    char *big = arena_alloc(&a, 3 << 20, 1), *small = arena_alloc(&a, 10, 1);
    assert_non_null(big);
    assert_non_null(small);
    memset(big, 1, 3 << 20);
    memset(small, 2, 10);
    assert_int_equal(1, big[(3 << 20) - 1]);
    arena_reset(&a);
    assert_non_null(arena_alloc(&a, 5, 1));
    arena_finish(&a);
}

static char order[8];

static void note(void *arg)
{
    size_t n = strlen(order);
    order[n] = *(const char *)arg;
    order[n + 1] = 0;
}

static void undo_runs_newest_first_and_once(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4096);
    order[0] = 0;
    assert_true(arena_defer(&a, note, "1"));
    assert_true(arena_defer(&a, note, "2"));
    assert_true(arena_defer(&a, note, "3"));
    arena_reset(&a);
    assert_string_equal("321", order);
    arena_finish(&a);
    assert_string_equal("321", order);
    order[0] = 0;
    arena_init(&a, 8); /* no room for the note: it is undone at once rather than forgotten */
    assert_false(arena_defer(&a, note, "x"));
    assert_string_equal("x", order);
    arena_finish(&a);
    assert_string_equal("x", order);
}

static void texts(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct sv s = arena_sv(&a, (struct sv){"a\0b", 3});
    assert_int_equal(3, s.n);
    assert_int_equal(0, s.p[3]);
    assert_string_equal("one two", arena_join(&a, SV("one"), SV(" two")).p);
    assert_string_equal("7 is seven", arena_fmt(&a, "%d is %s", 7, "seven").p);
    assert_int_equal(0, arena_fmt(&a, "%s", "").n);
    assert_string_equal("", arena_z(&a, (struct sv){NULL, 0}));
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(the_cap_holds_even_inside_a_chunk),
        cmocka_unit_test(large_and_small_blocks_mix),
        cmocka_unit_test(undo_runs_newest_first_and_once),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
