/* SPDX-License-Identifier: EUPL-1.2 */
/* What is exported and read again is the same, whatever people typed (reliability goal 25); foreign files of several
 * kinds come in as the same grid; numbers as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sheet/sheet.h"

static const struct sheet_limits LIMITS = {.rows = 2000, .columns = 100, .cell_bytes = 200000};

static uint64_t seed = 0x9E3779B97F4A7C15;

static uint64_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static const char *const hostile[] = {
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "%x",
    "|cmd",
    "\tx",
    "\rx",
    "\nx",
    "'=1",
    "''=1",
    "'",
    "=",
    "\"",
    "\"\"",
    ",",
    ";",
    "a,b;c\td",
    "=HYPERLINK(\"http://x\",\"y\")",
    "=cmd|'/C calc'!A0",
    "\xEF\xBC\x9D"
    "1",
    "\xEF\xBC\x8B"
    "1",
    "_x0041_",
    "_x005F_x0041_",
    "_x000D_",
    "_x00",
    "a\r\nb",
    "a\rb",
    "\x01\x02\x1F",
    "\xEF\xBF\xBE",
    "\xEF\xBF\xBF",
    "<b>&amp;</b>",
    "]]>",
    "  x  ",
    " ",
    "\n",
    "مرحبا 123",
    "Île-du-Prince-Édouard",
    "\xF0\x9F\x8F\xA0",
    "1,5",
    "1 234",
    "2026-03-01",
    "TRUE",
    "1E5",
    "{=1}",
    "sep=;",
    "PK\x03\x04",
    "0",
    "{\"a\":1}",
    "\xE2\x80\x8F"
    "=1",
    "xml:space",
    "#REF!",
    "http://example.org/a",
    "mailto:a@b.c",
};
enum { HOSTILE = sizeof hostile / sizeof *hostile };

static struct sv random_text(struct arena *a)
{
    if (next() % 3)
        return sv_of(hostile[next() % HOSTILE]);
    size_t n = next() % 12;
    char *p = arena_alloc(a, n * 4 + 1, 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        static const char *const pieces[] = {"=", "'", "\"", ",", ";", "\n", "\r", "\t", "_",
                                             "x", "0", "é",  "ش", "<", "&",  " ",  "|",  "\xF0\x9F\x99\x82"};
        const char *s = pieces[next() % (sizeof pieces / sizeof *pieces)];
        memcpy(p + at, s, strlen(s));
        at += strlen(s);
    }
    return (struct sv){p, at};
}

static void random_sheet(struct arena *a, struct sheet *s)
{
    size_t rows = next() % 5, columns = 1 + next() % 4;
    struct sheet_column *c = arena_array(a, struct sheet_column, columns);
    struct sheet_cell *v = arena_array(a, struct sheet_cell, rows * columns + 1);
    for (size_t i = 0; i < columns; i++)
        c[i].title = random_text(a);
    for (size_t i = 0; i < rows * columns; i++)
        switch (next() % 5) {
        case 0:
            v[i] = SHEET_I((int64_t)(next() % 2000001) - 1000000);
            break;
        case 1:
            v[i] = (struct sheet_cell){0};
            break;
        default:
            v[i] = SHEET_T(random_text(a));
        }
    *s = (struct sheet){
        .name = random_text(a), .columns = c, .n_columns = columns, .cells = v, .n_rows = rows, .rtl = next() % 2};
}

static struct sv words_of(struct arena *a, const struct sheet_cell *x)
{
    return x->kind == SHEET_TEXT  ? x->text
           : x->kind == SHEET_INT ? arena_fmt(a, "%lld", (long long)x->i)
                                  : (struct sv){0};
}

static struct sv cell(const struct csv_table *t, size_t row, size_t column)
{
    return row < t->n && column < t->v[row].n ? t->v[row].v[column] : (struct sv){0};
}

static void same(struct arena *a, const struct sheet *s, struct sv file, const char *what)
{
    struct sheet_read r;
    struct csv_fault fault;
    enum pw_err e = sheet_read(a, file, &LIMITS, &r, &fault);
    if (e != PW_OK)
        fail_msg("%s: not read: row %zu: %s", what, fault.line, fault.msgid ? fault.msgid : "?");
    assert_int_equal(0, r.formulas);
    assert_int_equal(0, r.hidden_sheets);
    for (size_t row = 0; row <= s->n_rows; row++)
        for (size_t i = 0; i < s->n_columns; i++) {
            struct sv want = row ? words_of(a, &s->cells[(row - 1) * s->n_columns + i]) : s->columns[i].title;
            struct sv have = cell(&r.table, row, i);
            if (!sv_eq(want, have))
                fail_msg("%s, row %zu, column %zu: wrote <%.*s>, read <%.*s>", what, row, i, SV_ARG(want),
                         SV_ARG(have));
        }
    assert_true(r.table.n <= s->n_rows + 1);
}

/* The first line decides about the separator of a foreign file; our own writer's is known, and read the same way. */
static void csv_comes_back(void **state)
{
    (void)state;
    for (int i = 0; i < 10000; i++) {
        struct arena a;
        struct sheet s;
        struct buf out;
        struct csv_table t;
        struct csv_fault fault;
        const struct csv_limits limits = {2000, 100, 200000};
        arena_init(&a, 8 << 20);
        buf_init(&out, 1 << 20);
        random_sheet(&a, &s);
        char sep = next() % 2 ? ',' : ';';
        sheet_csv(&s, sep, &out);
        assert_true(buf_ok(&out));
        assert_int_equal(PW_OK, csv_read(&a, buf_sv(&out), sep, true, &limits, &t, &fault));
        assert_int_equal(s.n_rows + 1, t.n);
        for (size_t row = 0; row < t.n; row++)
            for (size_t k = 0; k < s.n_columns; k++) {
                struct sv want = row ? words_of(&a, &s.cells[(row - 1) * s.n_columns + k]) : s.columns[k].title;
                assert_true(sv_eq(want, t.v[row].v[k]));
            }
        buf_finish(&out);
        arena_finish(&a);
    }
}

/* PW_SHEET_TABLES=100000 for a long run. */
static void xlsx_comes_back(void **state)
{
    const char *wanted = getenv("PW_SHEET_TABLES");
    long cases = wanted ? strtol(wanted, NULL, 10) : 3000;
    (void)state;
    for (long i = 0; i < cases; i++) {
        struct arena a;
        struct sheet s;
        struct buf out;
        arena_init(&a, 8 << 20);
        buf_init(&out, 1 << 20);
        random_sheet(&a, &s);
        assert_int_equal(PW_OK, sheet_xlsx(&a, &s, 1, INT64_C(1770883200000), &out));
        same(&a, &s, buf_sv(&out), "xlsx");
        buf_finish(&out);
        arena_finish(&a);
    }
}

static void the_same_table_gives_the_same_bytes(void **state)
{
    struct arena a;
    struct sheet s;
    struct buf x, y;
    (void)state;
    arena_init(&a, 8 << 20);
    buf_init(&x, 1 << 20);
    buf_init(&y, 1 << 20);
    random_sheet(&a, &s);
    assert_int_equal(PW_OK, sheet_xlsx(&a, &s, 1, 1000, &x));
    assert_int_equal(PW_OK, sheet_xlsx(&a, &s, 1, 1000, &y));
    assert_true(sv_eq(buf_sv(&x), buf_sv(&y)));
    buf_finish(&x);
    buf_finish(&y);
    arena_finish(&a);
}

static void what_a_cell_cannot_hold_is_refused(void **state)
{
    struct arena a;
    struct buf out;
    struct sheet_column c = {.title = SV("x")};
    char *longest = malloc(SHEET_CELL_CHARS + 2);
    (void)state;
    memset(longest, 'a', SHEET_CELL_CHARS + 2);
    arena_init(&a, 8 << 20);
    buf_init(&out, 1 << 20);
    struct sheet_cell v = SHEET_T(((struct sv){longest, SHEET_CELL_CHARS}));
    struct sheet s = {.name = SV("s"), .columns = &c, .n_columns = 1, .cells = &v, .n_rows = 1};
    assert_int_equal(PW_OK, sheet_xlsx(&a, &s, 1, 0, &out));
    same(&a, &s, buf_sv(&out), "longest");
    v.text.n++;
    assert_int_equal(PW_INVALID, sheet_xlsx(&a, &s, 1, 0, &out));
    v = SHEET_T(SV("\xFF"));
    assert_int_equal(PW_INVALID, sheet_xlsx(&a, &s, 1, 0, &out));
    v = SHEET_I(INT64_MAX); /* not rounded */
    buf_clear(&out);
    assert_int_equal(PW_OK, sheet_xlsx(&a, &s, 1, 0, &out));
    same(&a, &s, buf_sv(&out), "largest");
    s.n_columns = 0;
    assert_int_equal(PW_INVALID, sheet_xlsx(&a, &s, 1, 0, &out));
    buf_finish(&out);
    arena_finish(&a);
    free(longest);
}

static void read_as(const char *bytes, size_t n, size_t rows, const char *const *want, size_t columns)
{
    struct arena a;
    struct sheet_read r;
    struct csv_fault fault;
    arena_init(&a, 8 << 20);
    enum pw_err e = sheet_read(&a, (struct sv){bytes, n}, &LIMITS, &r, &fault);
    if (e != PW_OK)
        fail_msg("row %zu: %s", fault.line, fault.msgid);
    assert_int_equal(rows, r.table.n);
    for (size_t i = 0; i < rows * columns; i++) {
        struct sv have = cell(&r.table, i / columns, i % columns);
        if (!sv_eq_z(have, want[i]))
            fail_msg("cell %zu: <%.*s>, not <%s>", i, SV_ARG(have), want[i]);
    }
    arena_finish(&a);
}
#define READ_AS(bytes, rows, columns, ...)                                                                             \
    read_as(bytes, sizeof(bytes) - 1, rows, (const char *const[]){__VA_ARGS__}, columns)

static void files_of_spreadsheet_programs(void **state)
{
    (void)state;
    READ_AS("a;b\r\n1,5;\"x;y\"\r\n", 2, 2, "a", "b", "1,5", "x;y");
    READ_AS("a,b\n\"1\n2\",3\n\n", 2, 2, "a", "b", "1\n2", "3");
    READ_AS("a\tb, c\n1\t2\n", 2, 2, "a", "b, c", "1", "2");
    READ_AS("sep=|\r\na|b\r\n", 1, 2, "a", "b");
    READ_AS("\xEF\xBB\xBFmois;ao\xC3\xBBt\n1;2\n", 2, 2, "mois", "août", "1", "2");
    READ_AS("ao\xFBt;\x80;\x9C\n", 1, 3, "août", "€", "œ"); /* Windows-1252 */
    READ_AS("old\rmac\r", 2, 1, "old", "mac");
    READ_AS("", 0, 0, "");
}

static void utf16(void **state)
{
    (void)state;
    READ_AS("\xFF\xFE"
            "a\0\t\0\x45\x06\n\0\x3D\xD8\x42\xDE\t\0"
            "2\0",
            2, 2, "a", "م", "\xF0\x9F\x99\x82", "2");
    READ_AS("\xFE\xFF"
            "\0a\0\t\0b",
            1, 2, "a", "b");
    READ_AS("a\0;\0b\0\n\0"
            "1\0;\0"
            "2\0\n\0",
            2, 2, "a", "b", "1", "2"); /* without a mark */
}

static void refused(struct sv bytes, const char *part)
{
    struct arena a;
    struct sheet_read r;
    struct csv_fault fault;
    arena_init(&a, 8 << 20);
    assert_int_equal(PW_INVALID, sheet_read(&a, bytes, &LIMITS, &r, &fault));
    assert_non_null(fault.msgid);
    assert_non_null(strstr(fault.msgid, part));
    arena_finish(&a);
}

static void what_is_no_table_is_refused(void **state)
{
    (void)state;
    refused(SV("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), ".xls");
    refused(SV("PK\x03\x04 this is not an archive"), "damaged");
    refused(SV("a,b\n\"never closed"), "never closed");
    refused(SV("\xFF\xFE"
               "a"),
            "not a table");
}

static void numbers_as_people_write_them(void **state)
{
    static const struct {
        const char *text;
        double is;
    } good[] = {
        {"0", 0},
        {"1127", 1127},
        {"1 127", 1127},
        {"1\xC2\xA0"
         "127",
         1127},
        {"1\xE2\x80\xAF"
         "127",
         1127},
        {"1,127", 1127},
        {"1.127", 1127},
        {"1'127", 1127},
        {"1,127,000", 1127000},
        {"12,5", 12.5},
        {"12.5", 12.5},
        {"1 127,25", 1127.25},
        {"1,127.25", 1127.25},
        {"1.127,25", 1127.25},
        {"0,125", 0.125},
        {"-3", -3},
        {"\xE2\x88\x92"
         "3",
         -3},
        {"+3", 3},
        {"١٢٧", 127},
        {"۱۲۷", 127},
        {"١٬١٢٧", 1127},
        {"١٢٫٥", 12.5},
        {"1.127E3", 1127},
        {" 19 ", 19},
        {"12,50", 12.5},
    };
    static const char *const bad[] = {"",      " ",        "-",  "abc",     "1 2", "12 34",   "1,2,3",
                                      "1.2.3", "1,127,00", "1e", "0x10",    "12%", "1.5.2,3", "--1",
                                      "1-",    "5.",       ",5", "1,1.1,1", "٫",   "nan",     "1e999"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        double v = -1;
        if (!sheet_number(sv_of(good[i].text), &v) || v - good[i].is > 1e-9 || good[i].is - v > 1e-9)
            fail_msg("<%s> read as %f", good[i].text, v);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double v = -1;
        if (sheet_number(sv_of(bad[i]), &v))
            fail_msg("<%s> read as %f", bad[i], v);
    }
    int64_t w = 0;
    assert_true(sheet_whole(SV("12,0"), &w) && w == 12);
    assert_false(sheet_whole(SV("12,5"), &w));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_comes_back),
        cmocka_unit_test(xlsx_comes_back),
        cmocka_unit_test(the_same_table_gives_the_same_bytes),
        cmocka_unit_test(what_a_cell_cannot_hold_is_refused),
        cmocka_unit_test(files_of_spreadsheet_programs),
        cmocka_unit_test(utf16),
        cmocka_unit_test(what_is_no_table_is_refused),
        cmocka_unit_test(numbers_as_people_write_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
