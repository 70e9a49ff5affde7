/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/civil.h"

static void days_agree_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t day = -200000; day < 400000; day += 1) {
        time_t t = (time_t)(day * 86400);
        struct tm tm;
        gmtime_r(&t, &tm);
        struct civil c = civil_of(day * CIVIL_DAY_MS + 1);
        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday)
            fail_msg("day %lld", (long long)day);
        if (civil_day(c.year, c.month, c.day) != day || (civil_weekday(day) + 1) % 7 != tm.tm_wday)
            fail_msg("back from day %lld", (long long)day);
    }
}

static void parts_of_an_instant(void **state)
{
    (void)state;
    struct civil c = civil_of(-1); /* before 1970 too */
    assert_int_equal(1969, c.year);
    assert_int_equal(31, c.day);
    assert_int_equal(23, c.hour);
    assert_int_equal(999, c.ms);
    assert_int_equal(-1, civil_ms(&c));
    assert_int_equal(-1, civil_day_of(-1));
    assert_int_equal(0, civil_day_of(CIVIL_DAY_MS - 1));
}

static void easter_and_nth_weekday(void **state)
{
    (void)state;
    static const int easter[][3] = {{2024, 3, 31}, {2025, 4, 20}, {2026, 4, 5},
                                    {2027, 3, 28}, {2038, 4, 25}, {2285, 3, 22}};
    for (size_t i = 0; i < sizeof easter / sizeof easter[0]; i++)
        assert_int_equal(civil_day(easter[i][0], easter[i][1], easter[i][2]), civil_easter(easter[i][0]));
    assert_int_equal(civil_day(2026, 2, 16), civil_nth_weekday(2026, 2, CIVIL_MONDAY, 3));
    assert_int_equal(civil_day(2026, 6, 1), civil_nth_weekday(2026, 6, CIVIL_MONDAY, 1));
}

/* a calendar month from 15 January is 15 February; the 31st goes to the last day. */
static void months_are_calendar_months(void **state)
{
    (void)state;
    assert_int_equal(civil_day(2026, 2, 15), civil_add_months(civil_day(2026, 1, 15), 1));
    assert_int_equal(civil_day(2026, 2, 28), civil_add_months(civil_day(2026, 1, 31), 1));
    assert_int_equal(civil_day(2028, 2, 29), civil_add_months(civil_day(2028, 1, 30), 1));
    assert_int_equal(civil_day(2025, 12, 31), civil_add_months(civil_day(2026, 1, 31), -1));
    assert_int_equal(civil_day(2027, 3, 1), civil_add_months(civil_day(2026, 3, 1), 12));
}

static void texts_are_read_strictly(void **state)
{
    (void)state;
    int64_t v = 77;
    int m = 77;
    static const char *const bad_dates[] = {"",           "2026-2-01",  "2026-02-29",  "2026-13-01",  "2026-00-10",
                                            "2026-01-32", "0000-01-01", "2026-01-01 ", "+2026-01-01", "20260101"};
    for (size_t i = 0; i < sizeof bad_dates / sizeof bad_dates[0]; i++)
        assert_false(civil_parse_date(sv_of(bad_dates[i]), &v));
    static const char *const bad_minutes[] = {"",     "24:01",  "25:00", "9",      "09:60",
                                              "09:5", "009:00", "-9:00", "09:00x", "0x:00"};
    for (size_t i = 0; i < sizeof bad_minutes / sizeof bad_minutes[0]; i++)
        assert_false(civil_parse_minutes(sv_of(bad_minutes[i]), &m));
    static const char *const bad_times[] = {
        "2026-02-13T16:59:00",       "2026-02-13 16:59:00Z",      "2026-02-13T16:59Z",     "2026-02-13T24:00:00Z",
        "2026-02-13T16:60:00Z",      "2026-02-13T16:59:60Z",      "2026-02-13T16:59:00.Z", "2026-02-13T16:59:00+7",
        "2026-02-13T16:59:00+07:60", "2026-02-13T16:59:00+24:00", "2026-02-13T16:59:00ZZ", "2026-02-30T16:59:00Z"};
    for (size_t i = 0; i < sizeof bad_times / sizeof bad_times[0]; i++)
        assert_false(civil_parse_rfc3339(sv_of(bad_times[i]), &v));
    assert_int_equal(77, v);
    assert_int_equal(77, m);
    assert_true(civil_parse_minutes(SV("9:05"), &m));
    assert_int_equal(545, m);
    assert_true(civil_parse_minutes(SV("24:00"), &m));
    assert_int_equal(1440, m);
    assert_true(civil_parse_date(SV("2028-02-29"), &v));
    assert_int_equal(civil_day(2028, 2, 29), v);
}

static void instants_round_trip(void **state)
{
    (void)state;
    int64_t v = 0;
    char out[CIVIL_TIME_TEXT];
    assert_true(civil_parse_rfc3339(SV("2026-02-13T16:59:00-07:00"), &v));
    assert_string_equal("2026-02-13T16:59:00-07:00", civil_rfc3339(v, -7 * 3600, out).p);
    assert_string_equal("2026-02-13T23:59:00+00:00", civil_rfc3339(v, 0, out).p);
    assert_string_equal("2026-02-13T20:29:00-03:30", civil_rfc3339(v, -12600, out).p);
    assert_true(civil_parse_rfc3339(SV("1969-12-31t23:59:59.9995z"), &v));
    assert_int_equal(-1, v);
    assert_string_equal("1969-12-31T23:59:59.999+00:00", civil_rfc3339(v, 0, out).p);
    char date[CIVIL_DATE_TEXT];
    assert_string_equal("0001-01-01", civil_date_text(civil_day(1, 1, 1), date).p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_agree_with_the_c_library), cmocka_unit_test(parts_of_an_instant),
        cmocka_unit_test(easter_and_nth_weekday),        cmocka_unit_test(months_are_calendar_months),
        cmocka_unit_test(texts_are_read_strictly),       cmocka_unit_test(instants_round_trip),
    };
    return cmocka_run_group_tests_name("civil", tests, NULL, NULL);
}
