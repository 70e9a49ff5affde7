/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables with printed totals (EVAL-3, A-54), months, and who is silently gone: the pure rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feature/usage/month_names.h"
#include "feature/usage/usage.h"

static struct arena a;

static int set_up(void **state)
{
    (void)state;
    arena_init(&a, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&a);
    return 0;
}

static struct count_table read_table(const char *text)
{
    const struct csv_limits limits = {1000, 300, 1000};
    struct csv_table grid;
    struct csv_fault fault;
    struct count_table t;
    struct sv where;
    const char *msgid = NULL;
    assert_int_equal(PW_OK, csv_read(&a, sv_of(text), ',', false, &limits, &grid, &fault));
    enum pw_err e = table_of_grid(&a, &grid, &t, &where, &msgid);
    if (e != PW_OK)
        fail_msg("%.*s: %s", SV_ARG(where), msgid);
    return t;
}

static struct table_findings check(const char *text)
{
    struct count_table t = read_table(text);
    struct table_findings f;
    assert_int_equal(PW_OK, table_check(&a, &t, &f));
    return f;
}

#define T5(sep)                                                                                                        \
    ",Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Jan,Feb,Total\n"                                                         \
    "Information requests,23,32,22,14,15,23,21,24,21,22,23,39,279\n"                                                   \
    "Information,10,10,13,9,7,11,12,20,13,15,11,38,169\n"                                                              \
    "Referrals,27,38,18,6,8,19," sep ",37,14,8,16,11,221\n"                                                            \
    "Messages,42,39,47,39,30,35,29,58,28,29,47,35,458\n"                                                               \
    "Total,102,119,100,68,60,88,81,139,76,74,97,123,1127\n"

static void the_printed_table_has_one_wrong_cell(void **state) /* A-54, EVAL-3 */
{
    (void)state;
    struct count_table t = read_table(T5("199"));
    struct table_findings f;
    assert_int_equal(PW_OK, table_check(&a, &t, &f));
    assert_int_equal(1, f.n_rows);
    assert_true(sv_eq_z(t.row_names[f.rows[0].at], "Referrals"));
    assert_int_equal(221, f.rows[0].printed);
    assert_int_equal(401, f.rows[0].cells);
    assert_int_equal(180, f.rows[0].difference);
    assert_int_equal(1, f.n_columns);
    assert_true(sv_eq_z(t.column_names[f.columns[0].at], "Sep"));
    assert_int_equal(81, f.columns[0].printed);
    assert_int_equal(261, f.columns[0].cells);
    assert_int_equal(180, f.columns[0].difference);
    assert_true(f.grand_wrong);
    assert_int_equal(1127, f.grand.printed);
    assert_int_equal(1307, f.grand.cells);
    assert_int_equal(1, f.candidates);
    assert_true(sv_eq_z(t.row_names[f.row], "Referrals") && sv_eq_z(t.column_names[f.column], "Sep"));
    assert_int_equal(199, f.from);
    assert_int_equal(19, f.to);
    f = check(T5("19"));
    assert_true(table_right(&f));
    assert_int_equal(0, f.candidates);
}

static void what_one_cell_cannot_explain_gets_no_suggestion(void **state)
{
    (void)state;
    struct table_findings f = check(",a,b,Total\nx,1,2,4\ny,3,4,7\nTotal,4,6,10\n"); /* only a row's total */
    assert_int_equal(1, f.n_rows);
    assert_int_equal(0, f.n_columns);
    assert_int_equal(0, f.candidates);
    assert_true(f.only_a_total);
    f = check(",a,b,Total\nx,1,2,4\ny,3,4,9\nTotal,4,6,13\n"); /* two rows */
    assert_int_equal(2, f.n_rows);
    assert_int_equal(0, f.candidates);
    assert_false(f.only_a_total);
    f = check(",a,b,Total\nx,1,2,4\ny,3,4,7\nTotal,4,9,11\n"); /* row and column disagree about how much */
    assert_int_equal(0, f.candidates);
    f = check(",a,b,Total\nx,1,2,5\ny,3,4,7\nTotal,4,6,10\n"); /* the grand total does not agree to any change */
    assert_int_equal(0, f.candidates);
}

static void several_cells_that_could_explain_it_are_counted(void **state)
{
    (void)state;
    struct table_findings f = check(",a,b,Total\nx,1,2,4\ny,3,4,7\n"); /* rows have totals, columns have none */
    assert_int_equal(2, f.candidates);
    f = check(",a,b\nx,1,2\ny,3,4\nTotal,4,9\n");
    assert_int_equal(2, f.candidates);
    f = check(",a,b,Total\nx,1,20,3\ny,3,4,7\n"); /* the other cell would have to be below 0 */
    assert_int_equal(1, f.candidates);
    assert_int_equal(2, f.to);
}

static void totals_in_other_languages_and_numbers_as_printed(void **state)
{
    (void)state;
    struct table_findings f = check("Activit\xC3\xA9,Mars,Avril,TOTAL :\nDemandes,\"1\xC2\xA0"
                                    "200\",٣,1203\nAutres,,4,4\nSomme,1200,7,\"1 207\"\n");
    assert_true(table_right(&f));
    struct count_table t = read_table("النشاط,مارس,أبريل,المجموع\nطلبات,١,٢,٣\nإحالات,٤,٥,٩\nالمجموع,٥,٧,١٢\n");
    assert_int_equal(2, t.rows);
    assert_int_equal(2, t.columns);
    assert_true(t.has_grand_total);
    assert_int_equal(12, t.grand_total);
}

static void refused(const char *text, const char *where_is)
{
    const struct csv_limits limits = {1000, 300, 1000};
    struct csv_table grid;
    struct csv_fault fault;
    struct count_table t;
    struct sv where;
    const char *msgid = NULL;
    assert_int_equal(PW_OK, csv_read(&a, sv_of(text), ',', false, &limits, &grid, &fault));
    assert_int_equal(PW_INVALID, table_of_grid(&a, &grid, &t, &where, &msgid));
    assert_non_null(msgid);
    if (!sv_eq_z(where, where_is))
        fail_msg("%s: at <%.*s>, not <%s>", text, SV_ARG(where), where_is);
}

static void what_is_no_table_of_counts_is_refused_where_it_is(void **state)
{
    (void)state;
    refused("", "");
    refused("a\n", "");
    refused(",a,b\n", "");
    refused(",Mar,Apr\nx,1,many\n", "x, Apr (many)");
    refused(",Mar,Apr\nx,1,2.5\n", "x, Apr (2.5)");
    refused(",Mar,Apr\nx,1,#REF!\n", "x, Apr (#REF!)");
    refused(",Mar,\nx,1,2\n", "3");
    refused(",Mar\n,1\n", "");
    refused(",Mar\nx,1\n,2\n", "3");
    refused(",Mar\nx,2000000000000\n", "x, Mar (2000000000000)");
    refused(",a,b\nx,1,2\nTotal,1,2\ny,3,4\nTotal,4,6\n", "Total"); /* sums of parts */
    refused(",a,b\nx,1,2\nTotal,1,2\ny,3,4\n", "Total");
    refused(",a,Total,b\nx,1,3,2\n", "Total");
}

static void what_stands_around_a_table_is_no_part_of_it(void **state)
{
    (void)state;
    struct count_table t =
        read_table("Statistiques R613,,,\n,,,\n,,Mars,Avril\n,Demandes,1,2\n,,,\n,Autres,3,4\n,Total,4,6\n"
                   ",,,\nSource : WhatsApp,,,\n");
    assert_int_equal(2, t.rows);
    assert_int_equal(2, t.columns);
    assert_true(sv_eq_z(t.row_names[1], "Autres") && sv_eq_z(t.column_names[0], "Mars"));
    assert_int_equal(6, t.column_totals[1]);
}

static void totals_may_stand_first(void **state)
{
    (void)state;
    struct table_findings f = check(",Total,a,b\nTotal,10,4,6\nx,3,1,2\ny,7,3,4\n");
    assert_true(table_right(&f));
    f = check(",Total,a,b\nTotal,10,4,6\nx,3,1,2\ny,7,3,5\n");
    assert_int_equal(1, f.candidates);
    assert_int_equal(5, f.from);
    assert_int_equal(4, f.to);
}

static void says(const char *head, int64_t year, int month)
{
    struct month_named m = {0};
    if (month_named(&a, sv_of(head), &m) != (month > 0))
        fail_msg("%s", head);
    if (month && (m.year != year || m.month != month))
        fail_msg("%s: %d-%d", head, (int)m.year, m.month);
}

static void heads_that_say_a_month(void **state)
{
    (void)state;
    says("2026-03", 2026, 3);
    says("2026-03-01", 2026, 3); /* a day cell of a workbook */
    says("01/03/2026", 2026, 3);
    says("3/1/2026", 2026, 3);
    says("03/2026", 2026, 3);
    says("Mar", 0, 3);
    says("MARS 2017", 2017, 3);
    says("Sept.", 0, 9);
    says("Févr", 0, 2);
    says("août-17", 2017, 8);
    says("Décembre", 0, 12);
    says("آذار", 0, 3);
    says("تشرين الأول ٢٠١٧", 2017, 10);
    says("جويلية", 0, 7);
    says("Jui", 0, 0); /* June or July */
    says("Ma", 0, 0);
    says("Semaine 3", 0, 0);
    says("03/04/2026", 0, 0); /* which is the month? */
    says("2026", 0, 0);
    says("2026-13", 0, 0);
    says("mars 05", 0, 0); /* a day or a year */
    says("Information", 0, 0);
}

static void the_columns_are_months_in_order(void **state)
{
    size_t at;
    (void)state;
    struct count_table t = read_table(",Nov,Dec,Jan\nx,1,2,3\n");
    assert_null(usage_months_wrong(&a, &t, 2017 * 12 + 10, &at));
    assert_non_null(usage_months_wrong(&a, &t, 2017 * 12 + 9, &at));
    assert_int_equal(0, at);
    t = read_table(",Nov,Jan,Dec\nx,1,2,3\n");
    assert_non_null(usage_months_wrong(&a, &t, 2017 * 12 + 10, &at));
    assert_int_equal(1, at);
    t = read_table(",2017-11,2017-12,2019-01\nx,1,2,3\n");
    assert_non_null(usage_months_wrong(&a, &t, 2017 * 12 + 10, &at));
    assert_int_equal(2, at);
    t = read_table(",Période 1,Période 2\nx,1,2\n");
    assert_null(usage_months_wrong(&a, &t, 2017 * 12, &at));
    t = read_table(",Demandes,Autres\nMars,1,2\nAvril,3,4\n");
    assert_true(usage_rows_are_months(&a, &t));
    assert_non_null(usage_months_wrong(&a, &t, 2017 * 12 + 2, &at));
}

static void who_is_missing_is_proposed(void **state) /* */
{
    (void)state;
    assert_int_equal(2, usage_missing(300, 25, 3, 2, 0, 318));
    assert_int_equal(0, usage_missing(300, 25, 3, 2, 0, 320));
    assert_int_equal(-1, usage_missing(300, 25, 3, 2, 0, 321));
    assert_int_equal(1, usage_missing(300, 25, 3, 2, 1, 318));
}

static void months_begin_by_the_wall_clock(void **state)
{
    const struct tz *tz;
    int64_t month, from, to, at;
    (void)state;
    assert_int_equal(PW_OK, tz_find(SV("America/Edmonton"), &tz));
    assert_true(month_parse(SV("2026-03"), &month));
    month_bounds(tz, month, &from, &to);
    assert_true(civil_parse_rfc3339(SV("2026-03-01T00:00:00-07:00"), &at) && at == from);
    assert_true(civil_parse_rfc3339(SV("2026-04-01T00:00:00-06:00"), &at) && at == to); /* the clocks went forward */
    assert_int_equal(month, month_of_ms(tz, from));
    assert_int_equal(month - 1, month_of_ms(tz, from - 1));
    assert_true(sv_eq_z(month_text(&a, month), "2026-03"));
    static const char *const bad[] = {"", "2026", "2026-13", "2026-00", "1999-01", "2026-3", "26-03-01", "2026/03"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(month_parse(sv_of(bad[i]), &month));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_printed_table_has_one_wrong_cell, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_one_cell_cannot_explain_gets_no_suggestion, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_cells_that_could_explain_it_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(totals_in_other_languages_and_numbers_as_printed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_table_of_counts_is_refused_where_it_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_stands_around_a_table_is_no_part_of_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(totals_may_stand_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(heads_that_say_a_month, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_columns_are_months_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_missing_is_proposed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(months_begin_by_the_wall_clock, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
