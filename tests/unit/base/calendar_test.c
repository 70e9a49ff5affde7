/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/calendar.h"

static struct calendar of(enum cal_place place)
{
    return (struct calendar){.place = place};
}

static bool closed(enum cal_place place, const char *date)
{
    struct calendar c = of(place);
    int64_t day = 0;
    assert_true(civil_parse_date(sv_of(date), &day));
    return cal_is_holiday(&c, day, NULL);
}

static int64_t d(const char *date)
{
    int64_t day = 0;
    assert_true(civil_parse_date(sv_of(date), &day));
    return day;
}

/* The keys of one year as one text: "new-year 01-01, family 02-16, …". */
static void listing(const struct calendar *c, int64_t year, char *out, size_t size)
{
    struct cal_day v[CAL_YEAR_MAX];
    size_t n = cal_year(c, year, v, CAL_YEAR_MAX), at = 0;
    out[0] = 0;
    for (size_t i = 0; i < n; i++) {
        char date[CIVIL_DATE_TEXT];
        civil_date_text(v[i].day, date);
        at += (size_t)snprintf(out + at, size - at, "%s%s %s%s", i ? ", " : "", v[i].key, date + 5,
                               v[i].observed ? "*" : "");
        assert_true(at < size);
    }
}

static void assert_year(const struct calendar *c, int64_t year, const char *expected)
{
    char out[2000];
    listing(c, year, out, sizeof out);
    assert_string_equal(expected, out);
}

/* The table "Dates computed from the rules" of the calendar facts (SLA-1, Q-4). */
static void the_movable_days_2024_to_2032(void **state)
{
    (void)state;
    static const char *const t[][9] = {
        {"2024", "02-19", "03-29", "04-01", "05-20", "08-05", "08-19", "09-02", "10-14"},
        {"2025", "02-17", "04-18", "04-21", "05-19", "08-04", "08-18", "09-01", "10-13"},
        {"2026", "02-16", "04-03", "04-06", "05-18", "08-03", "08-17", "09-07", "10-12"},
        {"2027", "02-15", "03-26", "03-29", "05-24", "08-02", "08-16", "09-06", "10-11"},
        {"2028", "02-21", "04-14", "04-17", "05-22", "08-07", "08-21", "09-04", "10-09"},
        {"2029", "02-19", "03-30", "04-02", "05-21", "08-06", "08-20", "09-03", "10-08"},
        {"2030", "02-18", "04-19", "04-22", "05-20", "08-05", "08-19", "09-02", "10-14"},
        {"2031", "02-17", "04-11", "04-14", "05-19", "08-04", "08-18", "09-01", "10-13"},
        {"2032", "02-16", "03-26", "03-29", "05-24", "08-02", "08-16", "09-06", "10-11"},
    };
    static const struct {
        enum cal_place place;
        const char *key;
    } col[] = {{CAL_AB, "family"}, {CAL_AB, "good-friday"},  {CAL_QC, "easter-monday"}, {CAL_ON, "victoria"},
               {CAL_BC, "bc-day"}, {CAL_YT, "discovery-yt"}, {CAL_FED, "labour"},       {CAL_SK, "thanksgiving"}};
    for (size_t y = 0; y < 9; y++) {
        for (size_t k = 0; k < 8; k++) {
            char date[16];
            snprintf(date, sizeof date, "%s-%s", t[y][0], t[y][k + 1]);
            struct calendar c = {.place = col[k].place, .easter = CAL_EASTER_BOTH};
            struct cal_day hit;
            assert_true(cal_is_holiday(&c, d(date), &hit));
            assert_string_equal(col[k].key, hit.key);
            assert_false(cal_is_holiday(&c, d(date) + 7, NULL));
        }
    }
}

static void every_place_in_2026(void **state)
{
    (void)state;
    static const struct {
        enum cal_place place;
        const char *days;
    } v[] = {
        {CAL_FED,
         "new-year 01-01, good-friday 04-03, victoria 05-18, canada 07-01, labour 09-07, reconciliation 09-30, "
         "thanksgiving 10-12, remembrance 11-11, christmas 12-25, boxing 12-26"},
        {CAL_AB, "new-year 01-01, family 02-16, good-friday 04-03, victoria 05-18, canada 07-01, labour 09-07, "
                 "thanksgiving 10-12, remembrance 11-11, christmas 12-25"},
        {CAL_BC, "new-year 01-01, family 02-16, good-friday 04-03, victoria 05-18, canada 07-01, bc-day 08-03, labour "
                 "09-07, reconciliation 09-30, thanksgiving 10-12, remembrance 11-11, christmas 12-25"},
        {CAL_MB, "new-year 01-01, louis-riel 02-16, good-friday 04-03, victoria 05-18, canada 07-01, labour 09-07, "
                 "reconciliation 09-30, thanksgiving 10-12, christmas 12-25"},
        {CAL_NB, "new-year 01-01, family 02-16, good-friday 04-03, canada 07-01, nb-day 08-03, labour 09-07, "
                 "remembrance 11-11, christmas 12-25"},
        {CAL_NL, "new-year 01-01, good-friday 04-03, memorial-nl 07-01, labour 09-07, remembrance 11-11, christmas "
                 "12-25"},
        {CAL_NS, "new-year 01-01, heritage-ns 02-16, good-friday 04-03, canada 07-01, labour 09-07, christmas 12-25"},
        {CAL_NT, "new-year 01-01, good-friday 04-03, victoria 05-18, indigenous 06-21, canada 07-01, civic 08-03, "
                 "labour 09-07, reconciliation 09-30, thanksgiving 10-12, remembrance 11-11, christmas 12-25"},
        {CAL_NU, "new-year 01-01, good-friday 04-03, victoria 05-18, canada 07-01, nunavut 07-09, civic 08-03, labour "
                 "09-07, reconciliation 09-30, thanksgiving 10-12, remembrance 11-11, christmas 12-25"},
        {CAL_ON, "new-year 01-01, family 02-16, good-friday 04-03, victoria 05-18, canada 07-01, labour 09-07, "
                 "thanksgiving 10-12, christmas 12-25, boxing 12-26"},
        {CAL_PE, "new-year 01-01, islander 02-16, good-friday 04-03, canada 07-01, labour 09-07, reconciliation 09-30, "
                 "remembrance 11-11, christmas 12-25"},
        {CAL_QC, "new-year 01-01, good-friday 04-03, patriotes 05-18, fete-nationale 06-24, canada 07-01, labour "
                 "09-07, thanksgiving 10-12, christmas 12-25"},
        {CAL_SK, "new-year 01-01, family 02-16, good-friday 04-03, victoria 05-18, canada 07-01, sk-day 08-03, labour "
                 "09-07, thanksgiving 10-12, remembrance 11-11, christmas 12-25"},
        {CAL_YT, "new-year 01-01, good-friday 04-03, victoria 05-18, indigenous 06-21, canada 07-01, discovery-yt "
                 "08-17, labour 09-07, reconciliation 09-30, thanksgiving 10-12, remembrance 11-11, christmas 12-25"},
        {CAL_NONE, ""},
    };
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        struct calendar c = of(v[i].place);
        assert_year(&c, 2026, v[i].days);
    }
}

static void rules_have_years(void **state)
{
    (void)state;
    assert_true(closed(CAL_BC, "2018-02-12")); /* second Monday until 2018 */
    assert_false(closed(CAL_BC, "2018-02-19"));
    assert_true(closed(CAL_BC, "2019-02-18"));
    assert_false(closed(CAL_BC, "2012-02-20"));
    assert_false(closed(CAL_NB, "2017-02-20"));
    assert_true(closed(CAL_NB, "2018-02-19"));
    assert_true(closed(CAL_PE, "2009-02-09"));
    assert_true(closed(CAL_PE, "2010-02-15"));
    assert_false(closed(CAL_FED, "2020-09-30"));
    assert_true(closed(CAL_FED, "2021-09-30"));
    assert_false(closed(CAL_BC, "2022-09-30"));
    assert_true(closed(CAL_BC, "2023-09-30"));
    assert_false(closed(CAL_MB, "2023-09-30"));
    assert_true(closed(CAL_MB, "2024-09-30"));
    assert_false(closed(CAL_NU, "2019-07-09"));
    assert_true(closed(CAL_NU, "2020-07-09"));
    assert_true(closed(CAL_YT, "2017-06-21"));
    assert_false(closed(CAL_YT, "2016-06-21"));
    assert_true(closed(CAL_BC, "2022-09-19")); /* one single day */
    assert_false(closed(CAL_AB, "2022-09-19"));
    assert_false(closed(CAL_BC, "2023-09-19"));
}

/* The traps of the calendar facts. */
static void sundays_that_the_law_moves(void **state)
{
    (void)state;
    assert_true(closed(CAL_QC, "2029-07-02")); /* 1 July 2029 is a Sunday */
    assert_false(closed(CAL_QC, "2029-07-01"));
    assert_true(closed(CAL_SK, "2029-07-02"));
    assert_true(closed(CAL_FED, "2029-07-02"));
    assert_true(closed(CAL_NS, "2029-07-01"));
    assert_false(closed(CAL_NS, "2029-07-02"));
    assert_true(
        closed(CAL_QC, "2029-06-24")); /* 24 June too: the day itself, and Monday for a Monday-to-Friday office */
    assert_true(closed(CAL_QC, "2029-06-25"));
    assert_false(closed(CAL_QC, "2030-06-25"));
    assert_true(closed(CAL_QC, "2026-06-24"));
    assert_true(closed(CAL_QC, "2026-07-01"));
}

static void quebec_chooses_an_easter_day(void **state)
{
    (void)state;
    struct calendar c = {.place = CAL_QC, .easter = CAL_EASTER_MONDAY};
    assert_false(cal_is_holiday(&c, d("2026-04-03"), NULL));
    assert_true(cal_is_holiday(&c, d("2026-04-06"), NULL));
    c.easter = CAL_EASTER_BOTH;
    assert_true(cal_is_holiday(&c, d("2026-04-03"), NULL));
    assert_true(cal_is_holiday(&c, d("2026-04-06"), NULL));
    c.place = CAL_ON; /* elsewhere the choice is not read */
    assert_false(cal_is_holiday(&c, d("2026-04-06"), NULL));
}

static void substitute_days(void **state)
{
    (void)state;
    struct calendar c = {.place = CAL_ON, .shift = CAL_SHIFT_NEXT};
    /* Christmas 2027 is a Saturday, Boxing Day a Sunday: Monday and Tuesday; New Year 2028 a Saturday: Monday */
    assert_year(&c, 2027,
                "new-year 01-01, family 02-15, good-friday 03-26, victoria 05-24, canada 07-01, labour 09-06, "
                "thanksgiving 10-11, christmas 12-25, boxing 12-26, christmas 12-27*, boxing 12-28*");
    assert_true(cal_is_holiday(&c, d("2028-01-03"), NULL));
    c.shift = CAL_SHIFT_PREVIOUS; /* Friday 24 and Thursday 23; New Year 2028 on 31 December 2027 */
    assert_year(&c, 2027,
                "new-year 01-01, family 02-15, good-friday 03-26, victoria 05-24, canada 07-01, labour 09-06, "
                "thanksgiving 10-11, boxing 12-23*, christmas 12-24*, christmas 12-25, boxing 12-26, new-year 12-31*");
    struct cal_day hit;
    assert_true(cal_is_holiday(&c, d("2027-12-31"), &hit));
    assert_true(hit.observed);
    assert_string_equal("new-year", hit.key);
    c = (struct calendar){.place = CAL_QC, .shift = CAL_SHIFT_NEXT}; /* the law has moved 24 June 2029 already */
    assert_true(cal_is_holiday(&c, d("2029-06-25"), NULL));
    assert_false(cal_is_holiday(&c, d("2029-06-26"), NULL));
    assert_true(cal_is_holiday(&c, d("2029-07-02"), NULL));
    assert_false(cal_is_holiday(&c, d("2029-07-03"), NULL));
}

/* SLA-1, Q-4: an administrator closes or opens single days. */
static void days_added_and_removed(void **state)
{
    (void)state;
    const struct cal_edit edits[] = {
        {d("2026-08-03"), false, SV("Heritage Day")}, {d("2026-11-11"), true, {0}},
        {d("2026-12-24"), false, SV("first word")},   {d("2026-12-24"), true, {0}}, /* the last edit counts */
        {d("2026-07-01"), false, SV("notre fête")},   {d("2027-01-04"), false, SV("another year")}};
    struct calendar c = {.place = CAL_AB, .edits = edits, .edits_n = sizeof edits / sizeof edits[0]};
    struct cal_day hit;
    assert_true(cal_is_holiday(&c, d("2026-08-03"), &hit));
    assert_true(sv_eq(SV("Heritage Day"), hit.en));
    assert_string_equal("added", hit.key);
    assert_false(cal_is_holiday(&c, d("2026-11-11"), NULL));
    assert_false(cal_is_holiday(&c, d("2026-12-24"), NULL));
    assert_true(cal_is_holiday(&c, d("2026-12-25"), NULL));
    assert_year(&c, 2026,
                "new-year 01-01, family 02-16, good-friday 04-03, victoria 05-18, added 07-01, added 08-03, "
                "labour 09-07, thanksgiving 10-12, christmas 12-25");
    c.place = CAL_NONE;
    assert_year(&c, 2026, "added 07-01, added 08-03");
    struct cal_day two[2];
    assert_int_equal(1, cal_year(&c, 2026, two, 1)); /* never more than asked for */
}

static void the_list_and_the_question_agree(void **state)
{
    (void)state;
    for (int p = 0; p < CAL_PLACE__MAX; p++) {
        for (int s = 0; s < CAL_SHIFT__MAX; s++) {
            struct calendar c = {.place = (enum cal_place)p, .shift = (enum cal_shift)s, .easter = CAL_EASTER_BOTH};
            for (int64_t year = 2021; year <= 2033; year++) {
                struct cal_day v[CAL_YEAR_MAX];
                size_t n = cal_year(&c, year, v, CAL_YEAR_MAX), k = 0;
                for (int64_t day = civil_day(year, 1, 1); day < civil_day(year + 1, 1, 1); day++) {
                    bool listed = k < n && v[k].day == day;
                    if (listed != cal_is_holiday(&c, day, NULL))
                        fail_msg("%s shift %d day %lld", cal_place_code(c.place), s, (long long)day);
                    k += listed;
                }
                assert_int_equal(n, k);
            }
        }
    }
}

static void codes_and_names(void **state)
{
    (void)state;
    enum cal_place p = CAL_AB;
    enum cal_shift s;
    for (int i = 0; i < CAL_PLACE__MAX; i++) {
        assert_true(cal_place_parse(sv_of(cal_place_code((enum cal_place)i)), &p));
        assert_int_equal(i, p);
        assert_true(*cal_place_name(p, true) && *cal_place_name(p, false));
    }
    assert_true(cal_place_parse(SV("CA"), &p));
    assert_int_equal(CAL_FED, p);
    assert_false(cal_place_parse(SV("ca-ab"), &p));
    assert_false(cal_place_parse(SV("CA-XX"), &p));
    assert_false(cal_place_parse(SV(""), &p));
    assert_true(cal_shift_parse(SV("previous"), &s));
    assert_int_equal(CAL_SHIFT_PREVIOUS, s);
    assert_false(cal_shift_parse(SV("later"), &s));
    struct calendar c = of(CAL_QC);
    struct cal_day hit;
    assert_true(cal_is_holiday(&c, d("2026-06-24"), &hit));
    assert_true(sv_eq(SV("fête nationale du Québec"), hit.fr));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_movable_days_2024_to_2032),
        cmocka_unit_test(every_place_in_2026),
        cmocka_unit_test(rules_have_years),
        cmocka_unit_test(sundays_that_the_law_moves),
        cmocka_unit_test(quebec_chooses_an_easter_day),
        cmocka_unit_test(substitute_days),
        cmocka_unit_test(days_added_and_removed),
        cmocka_unit_test(the_list_and_the_question_agree),
        cmocka_unit_test(codes_and_names),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
