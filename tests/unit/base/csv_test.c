/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/csv.h"

static const struct csv_limits limits = {1000, 20, 1000};

static char *row(struct buf *b, const char *const *cells, size_t n)
{
    struct csv c;
    buf_clear(b);
    csv_init(&c, b, ',', false);
    for (size_t i = 0; i < n; i++)
        csv_z(&c, cells[i]);
    csv_end_row(&c);
    assert_true(buf_ok(b));
    return b->p;
}

/* A spreadsheet runs nothing that a person typed. */
static void formulas_are_neutralised(void **state)
{
    (void)state;
    static const char *const typed[][2] = {
        {"=1+1", "'=1+1\r\n"},
        {"+1 613 555 0100", "'+1 613 555 0100\r\n"},
        {"-5", "'-5\r\n"},
        {"@SUM(A1)", "'@SUM(A1)\r\n"},
        {"%x", "'%x\r\n"},
        {"|calc", "'|calc\r\n"},
        {"\t=1", "\"'\t=1\"\r\n"},
        {"\r\n=1", "\"'\r\n=1\"\r\n"},
        {"'=1", "''=1\r\n"},
        {"＝1", "'＝1\r\n"},
        {"=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\"\r\n"},
        {"=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0\r\n"},
        {"O'Neil", "O'Neil\r\n"},
        {"'Abd", "'Abd\r\n"},
        {"a=b", "a=b\r\n"},
        {"a,b", "\"a,b\"\r\n"},
        {"a;b", "\"a;b\"\r\n"},
        {" a", "\" a\"\r\n"},
        {"say \"hi\"", "\"say \"\"hi\"\"\"\r\n"},
        {"", "\r\n"},
    };
    struct buf b;
    buf_init(&b, 4096);
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        assert_string_equal(typed[i][1], row(&b, &typed[i][0], 1));
    buf_finish(&b);
}

static void numbers_stay_numbers(void **state)
{
    (void)state;
    struct buf b;
    struct csv c;
    buf_init(&b, 4096);
    csv_init(&c, &b, ';', true);
    csv_int(&c, -5);
    csv_empty(&c);
    csv_z(&c, "a,b");
    csv_end_row(&c);
    csv_text(&c, SV("x"));
    csv_end_row(&c);
    assert_string_equal("\xEF\xBB\xBF-5;;\"a,b\"\r\nx\r\n", b.p);
    buf_finish(&b);
    buf_init(&b, 8); /* a full buffer stays failed */
    csv_init(&c, &b, ',', false);
    csv_z(&c, "0123456789");
    csv_end_row(&c);
    assert_false(buf_ok(&b));
    buf_finish(&b);
}

/* What is written reads back as the same text, whatever it is. */
static void round_trip(void **state)
{
    (void)state;
    static const char alphabet[][4] = {"'",  "=",  "+", "-", "@", "%", "|", "\t", "\r",
                                       "\n", "\"", ",", ";", " ", "a", "é", "＝", "ب"};
    uint32_t seed = 12345;
    struct buf b;
    struct arena a;
    buf_init(&b, 1 << 20);
    arena_init(&a, 8 << 20);
    for (int sep = 0; sep < 2; sep++) {
        for (int round = 0; round < 400; round++) {
            struct csv c;
            char text[5][40];
            buf_clear(&b);
            csv_init(&c, &b, sep ? ';' : ',', round % 2);
            for (int r = 0; r < 2; r++) {
                for (int i = 0; i < 5; i++) {
                    text[i][0] = 0;
                    if (r == 0)
                        for (uint32_t k = seed % 6; k > 0; k--) {
                            seed = seed * 1664525u + 1013904223u;
                            memcpy(text[i] + strlen(text[i]), alphabet[(seed >> 16) % 18], 4);
                        }
                    seed = seed * 1664525u + 1013904223u;
                    if (r == 0)
                        csv_z(&c, text[i]);
                    else
                        csv_int(&c, i - 2);
                }
                csv_end_row(&c);
                if (r == 0) {
                    struct csv_table t;
                    struct csv_fault fault;
                    assert_int_equal(PW_OK, csv_read(&a, buf_sv(&b), sep ? ';' : ',', true, &limits, &t, &fault));
                    assert_int_equal(1, t.n);
                    assert_int_equal(5, t.v[0].n);
                    for (int i = 0; i < 5; i++)
                        if (!sv_eq_z(t.v[0].v[i], text[i]))
                            fail_msg("cell [%s] came back as [%.*s]", text[i], SV_ARG(t.v[0].v[i]));
                }
            }
            arena_reset(&a);
        }
    }
    arena_finish(&a);
    buf_finish(&b);
}

static void read_what_others_write(void **state)
{
    (void)state;
    struct arena a;
    struct csv_table t;
    struct csv_fault fault;
    arena_init(&a, 1 << 20);
    assert_int_equal(PW_OK, csv_read(&a, SV("\xEF\xBB\xBFname,note\nNoor,\"two\nlines\"\r\n\"a \"\"b\"\"\",'=1"), ',',
                                     false, &limits, &t, &fault));
    assert_int_equal(3, t.n);
    assert_true(sv_eq(SV("name"), t.v[0].v[0]));
    assert_true(sv_eq(SV("two\nlines"), t.v[1].v[1]));
    assert_true(sv_eq(SV("a \"b\""), t.v[2].v[0]));
    assert_true(sv_eq(SV("'=1"), t.v[2].v[1])); /* not ours: nothing is taken off */
    assert_int_equal(2, t.v[1].line);
    assert_int_equal(4, t.v[2].line);
    assert_int_equal(PW_OK, csv_read(&a, (struct sv){NULL, 0}, ',', false, &limits, &t, &fault));
    assert_int_equal(0, t.n);
    assert_int_equal(PW_OK, csv_read(&a, SV(",\n\n"), ',', false, &limits, &t, &fault));
    assert_int_equal(2, t.n);
    assert_int_equal(2, t.v[0].n);
    assert_int_equal(1, t.v[1].n);
    arena_finish(&a);
}

static void faults_name_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t line;
    } v[] = {{"a,b\nc,\"d", 2},  {"a\n\"b\"c\n", 2},      {"a\nb\"c\n", 2},  {"a\rb", 1},
             {"ok\nx\xFF\n", 1}, {"a\n\"x\ny\"z\n", 3},   {"\"", 1},         {"1,2,3,4,5,6,7", 1},
             {"\"\"\"", 1},      {"a\nb\nc\nd\ne\nf", 6}, {"12345678901", 1}};
    const struct csv_limits tight = {5, 6, 10};
    struct arena a;
    arena_init(&a, 1 << 20);
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        struct csv_table t = {77, NULL};
        struct csv_fault fault;
        assert_int_equal(PW_INVALID, csv_read(&a, sv_of(v[i].text), ',', false, &tight, &t, &fault));
        assert_int_equal(v[i].line, fault.line);
        assert_non_null(fault.msgid);
        assert_int_equal(77, t.n);
    }
    struct csv_table t;
    struct csv_fault fault;
    assert_int_equal(PW_INVALID, csv_read(&a, (struct sv){"a\0b", 3}, ',', false, &limits, &t, &fault));
    arena_finish(&a);
    arena_init(&a, 600); /* a full arena is no wrong file */
    assert_int_equal(PW_UNAVAILABLE, csv_read(&a, SV("a,b,c,d,e,f,g\na,b,c,d,e,f,g\na,b,c,d,e,f,g\n"), ',', false,
                                              &limits, &t, &fault));
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formulas_are_neutralised),
        cmocka_unit_test(numbers_stay_numbers),
        cmocka_unit_test(round_trip),
        cmocka_unit_test(read_what_others_write),
        cmocka_unit_test(faults_name_the_line),
    };
    return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
