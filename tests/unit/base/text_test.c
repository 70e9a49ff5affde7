/* SPDX-License-Identifier: EUPL-1.2 */
/* sv, buf and err */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"

static void views(void **state)
{
    (void)state;
    struct sv none = {NULL, 0};
    assert_true(sv_eq(none, SV("")));
    assert_int_equal(0, sv_of(NULL).n);
    assert_true(sv_eq((struct sv){"a\0b", 3}, (struct sv){"a\0b", 3}));
    assert_false(sv_eq((struct sv){"a\0b", 3}, (struct sv){"a\0c", 3}));
    assert_true(sv_ieq(SV("Content-Type"), SV("content-TYPE")));
    assert_false(sv_ieq(SV("É"), SV("é"))); /* ASCII only */
    assert_true(sv_cmp(SV("a"), SV("b")) < 0);
    assert_true(sv_cmp(SV("ab"), SV("a")) > 0);
    assert_true(sv_cmp(none, SV("a")) < 0);
    assert_int_equal(0, sv_cmp(none, SV("")));
    assert_true(sv_cmp(SV("\xC3"), SV("z")) > 0); /* bytes are unsigned */
    assert_true(sv_starts(SV("abc"), SV("ab")) && sv_starts(SV("abc"), none) && !sv_starts(SV("a"), SV("ab")));
    assert_true(sv_ends(SV("abc"), SV("bc")) && sv_ends(none, none) && !sv_ends(SV("c"), SV("bc")));
    assert_true(sv_eq(SV("a b"), sv_trim(SV(" \t\r\na b\v\f "))));
    assert_int_equal(0, sv_trim(SV("   ")).n);
    assert_true(sv_eq(SV("bc"), sv_sub(SV("abc"), 1, SIZE_MAX)));
    assert_int_equal(0, sv_sub(SV("abc"), 3, 1).n);
    assert_int_equal(0, sv_sub(SV("abc"), SIZE_MAX, SIZE_MAX).n);
    assert_int_equal(0, sv_sub(none, 0, 5).n);
    assert_int_equal(1, sv_find(SV("abcbc"), SV("bc")));
    assert_int_equal(-1, sv_find(SV("ab"), SV("abc")));
    assert_int_equal(-1, sv_find(none, SV("a")));
    assert_int_equal(0, sv_find(none, none));
}

static void cutting(void **state)
{
    (void)state;
    static const char *const expected[] = {"a", "", "b", ""};
    struct sv rest = SV("a,,b,"), head;
    size_t n = 0;
    while (sv_cut(&rest, ',', &head)) {
        assert_true(n < 4 && sv_eq_z(head, expected[n]));
        n++;
    }
    assert_int_equal(4, n);
    assert_null(rest.p);
    rest = SV("");
    assert_true(sv_cut(&rest, ',', &head)); /* an empty text is one empty piece */
    assert_false(sv_cut(&rest, ',', &head));
}

static void numbers(void **state)
{
    (void)state;
    int64_t v = 77;
    static const char *const bad[] = {"",
                                      "-",
                                      "+1",
                                      " 1",
                                      "1 ",
                                      "1.0",
                                      "0x1",
                                      "--1",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(sv_int(sv_of(bad[i]), &v));
    assert_int_equal(77, v);
    assert_true(sv_int(SV("9223372036854775807"), &v) && v == INT64_MAX);
    assert_true(sv_int(SV("-9223372036854775808"), &v) && v == INT64_MIN);
    assert_true(sv_int(SV("-0"), &v) && v == 0);
    assert_true(sv_int(SV("007"), &v) && v == 7);
}

static void buffers_have_a_maximum(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 10);
    buf_z(&b, "12345");
    buf_c(&b, '6');
    assert_true(buf_ok(&b));
    buf_z(&b, "78901"); /* one too many: nothing of it is taken */
    assert_false(buf_ok(&b));
    assert_true(sv_eq(SV("123456"), buf_sv(&b)));
    buf_c(&b, 'x'); /* and it stays failed */
    buf_fmt(&b, "%d", 1);
    assert_true(sv_eq(SV("123456"), buf_sv(&b)));
    buf_clear(&b);
    assert_true(buf_ok(&b));
    buf_z(&b, "1234567890");
    assert_true(buf_ok(&b));
    assert_string_equal("1234567890", b.p);
    buf_finish(&b);
    buf_finish(&b);
    buf_finish(NULL);
    assert_int_equal(0, buf_sv(&b).n);
    assert_non_null(buf_sv(&b).p);
    buf_init(&b, 0);
    buf_add(&b, (struct sv){NULL, 0});
    assert_true(buf_ok(&b));
    buf_fmt(&b, "%s", "");
    assert_true(buf_ok(&b));
    buf_c(&b, 'x');
    assert_false(buf_ok(&b));
    buf_finish(&b);
}

static void buffers_write(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_int(&b, INT64_MIN);
    buf_c(&b, ' ');
    buf_hex(&b, (struct sv){"\x00\xff\x1a", 3});
    buf_c(&b, ' ');
    buf_url(&b, SV("a b/é~_-.%"));
    assert_string_equal("-9223372036854775808 00ff1a a%20b%2F%C3%A9~_-.%25", b.p);
    buf_clear(&b);
    for (int i = 0; i < 20000; i++)
        buf_fmt(&b, "%05d,", i);
    assert_int_equal(120000, b.n);
    assert_string_equal("19999,", b.p + b.n - 6);
    buf_finish(&b);
}

static void errors_have_names_and_places(void **state)
{
    (void)state;
    static const int status[PW_ERR__MAX] = {200, 404, 403, 422, 409, 503, 503, 500};
    for (int e = 0; e < PW_ERR__MAX; e++) {
        assert_int_equal(status[e], err_http_status((enum pw_err)e));
        assert_true(*err_name((enum pw_err)e) && *err_message((enum pw_err)e));
    }
    struct problems ps = {0};
    for (int i = 0; i < PROBLEMS_MAX + 5; i++)
        assert_int_equal(PW_INVALID, problem_add(&ps, i ? "other" : NULL, "why"));
    assert_int_equal(PROBLEMS_MAX, ps.n);
    assert_ptr_equal(&ps.v[1], problem_of(&ps, "other"));
    assert_null(problem_of(&ps, "absent"));
    assert_null(problem_of(NULL, "other"));
    assert_int_equal(PW_INVALID, problem_add(NULL, "x", "why"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views),         cmocka_unit_test(cutting),
        cmocka_unit_test(numbers),       cmocka_unit_test(buffers_have_a_maximum),
        cmocka_unit_test(buffers_write), cmocka_unit_test(errors_have_names_and_places),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
