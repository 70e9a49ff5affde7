/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/worktime.h"

#define TREE SV(PW_TEST_DATA "/tz/law_2026f")
#define HOUR INT64_C(3600000)

struct fix {
    struct worktime w;
    struct calendar cal;
    struct tz *tz;
};

static struct fix given(const char *zone, enum cal_place place, const char *hours, int32_t standard,
                        enum work_mode mode)
{
    struct fix f = {.cal = {.place = place}};
    struct problems ps = {0};
    assert_int_equal(PW_OK, tz_load(TREE, sv_of(zone), &f.tz));
    assert_int_equal(PW_OK, hours_parse(sv_of(hours), "hours", &f.w.hours, &ps));
    f.w.tz = f.tz;
    f.w.standard_h = standard;
    f.w.mode = mode;
    return f;
}

static int64_t local(const struct fix *f, const char *text)
{
    int64_t ms = 0;
    char z[48];
    snprintf(z, sizeof z, "%sZ", text);
    assert_true(civil_parse_rfc3339(sv_of(z), &ms));
    return tz_utc_ms(f->tz, ms, TZ_EARLIER, NULL);
}

static int64_t utc(const char *text)
{
    int64_t ms = 0;
    assert_true(civil_parse_rfc3339(sv_of(text), &ms));
    return ms;
}

static void shown(const struct fix *f, int64_t ms, char out[CIVIL_TIME_TEXT])
{
    civil_rfc3339(ms, tz_offset_s(f->tz, ms), out);
    out[strlen(out) - 6] = 0; /* without the offset */
}

static void assert_promise(struct fix *f, const char *received, const char *start, const char *due)
{
    int64_t s = 0, d = 0;
    char out[CIVIL_TIME_TEXT];
    f->w.cal = &f->cal;
    assert_int_equal(PW_OK, work_due(&f->w, local(f, received), &s, &d));
    shown(f, s, out);
    assert_string_equal(start, out);
    shown(f, d, out);
    assert_string_equal(due, out);
}

/* A-22, SLA-2, Q-1, Q-2 */
static void calgary_24_hours(void **state)
{
    (void)state;
    struct fix f = given("America/Edmonton", CAL_AB, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-02-12T14:20:00", "2026-02-12T14:20:00", "2026-02-13T14:20:00");
    assert_promise(&f, "2026-02-06T17:30:00", "2026-02-09T09:00:00", "2026-02-10T09:00:00");
    assert_promise(&f, "2026-02-08T11:00:00", "2026-02-09T09:00:00", "2026-02-10T09:00:00");
    assert_promise(&f, "2026-02-10T08:10:00", "2026-02-10T09:00:00", "2026-02-11T09:00:00");
    assert_promise(&f, "2026-02-13T16:59:00", "2026-02-13T16:59:00", "2026-02-17T16:59:00"); /* Mon 16 Feb: holiday */
    tz_free(f.tz);
}

/* open at 9:00:00, no longer at 17:00:00 */
static void the_closing_second(void **state)
{
    (void)state;
    struct fix f = given("America/Edmonton", CAL_AB, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-02-12T16:59:59.999", "2026-02-12T16:59:59.999", "2026-02-13T16:59:59.999");
    assert_promise(&f, "2026-02-12T17:00:00", "2026-02-13T09:00:00", "2026-02-17T09:00:00");
    assert_promise(&f, "2026-02-12T08:59:59.999", "2026-02-12T09:00:00", "2026-02-13T09:00:00");
    assert_promise(&f, "2026-02-12T09:00:00", "2026-02-12T09:00:00", "2026-02-13T09:00:00");
    assert_true(work_is_open(&f.w, local(&f, "2026-02-12T16:59:59.999")));
    assert_false(work_is_open(&f.w, local(&f, "2026-02-12T17:00:00")));
    tz_free(f.tz);
}

/* A-23, SLA-3: 48 hours are two business days, whatever the clocks do on 8 March */
static void ottawa_48_hours(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_ON, "mon-fri 09:00-17:00", 48, WORK_DEFERRED);
    assert_promise(&f, "2026-03-05T10:00:00", "2026-03-05T10:00:00", "2026-03-09T10:00:00");
    assert_promise(&f, "2026-03-06T18:00:00", "2026-03-09T09:00:00", "2026-03-11T09:00:00");
    f.w.standard_h = 24;
    assert_promise(&f, "2026-04-02T15:00:00", "2026-04-02T15:00:00", "2026-04-06T15:00:00"); /* Good Friday */
    tz_free(f.tz);
}

/* */
static void r613_by_night(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_ON, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-03-04T22:15:00", "2026-03-05T09:00:00", "2026-03-06T09:00:00");
    f.w.mode = WORK_WALL;
    assert_promise(&f, "2026-03-04T22:15:00", "2026-03-04T22:15:00", "2026-03-05T22:15:00");
    tz_free(f.tz);
}

/* entered at 15:45 with the call time 15:30; the clock knows the call time only */
static void a_call_counts_from_its_time(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_ON, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-03-04T15:30:00", "2026-03-04T15:30:00", "2026-03-05T15:30:00");
    tz_free(f.tz);
}

/* reference vectors of the working-hours mode (channels.md 5) */
static void working_hours_vectors(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_ON, "mon-fri 09:00-17:00", 1, WORK_OPEN_HOURS);
    assert_promise(&f, "2026-03-06T16:30:00", "2026-03-06T16:30:00", "2026-03-09T09:30:00");
    f.w.standard_h = 2;
    assert_promise(&f, "2026-03-04T10:00:00", "2026-03-04T10:00:00", "2026-03-04T12:00:00");
    assert_promise(&f, "2026-03-04T07:00:00", "2026-03-04T09:00:00", "2026-03-04T11:00:00");
    f.w.standard_h = 4;
    assert_promise(&f, "2026-03-04T16:00:00", "2026-03-04T16:00:00", "2026-03-05T12:00:00");
    assert_promise(&f, "2026-03-06T16:00:00", "2026-03-06T16:00:00", "2026-03-09T12:00:00");
    f.w.standard_h = 1; /* used up exactly at closing: due then, not the next morning */
    assert_promise(&f, "2026-03-04T16:00:00", "2026-03-04T16:00:00", "2026-03-04T17:00:00");
    tz_free(f.tz);
    f = given("America/Toronto", CAL_ON, "mon-fri 08:00-18:00", 4, WORK_OPEN_HOURS);
    assert_promise(&f, "2026-03-02T17:00:00", "2026-03-02T17:00:00", "2026-03-03T11:00:00");
    int64_t before = 0; /* one hour before: three of the four hours used */
    assert_int_equal(PW_OK, work_after(&f.w, local(&f, "2026-03-02T17:00:00"), 3 * HOUR, &before));
    assert_int_equal(local(&f, "2026-03-03T10:00:00"), before);
    tz_free(f.tz);
}

static void a_lunch_gap(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_ON, "mon-fri 09:00-12:00 13:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-03-04T12:00:00", "2026-03-04T13:00:00", "2026-03-05T13:00:00");
    assert_promise(&f, "2026-03-04T11:59:00", "2026-03-04T11:59:00", "2026-03-05T11:59:00");
    f.w.mode = WORK_OPEN_HOURS;
    f.w.standard_h = 2;
    assert_promise(&f, "2026-03-04T11:30:00", "2026-03-04T11:30:00", "2026-03-04T14:30:00");
    assert_promise(&f, "2026-03-04T12:30:00", "2026-03-04T13:00:00", "2026-03-04T15:00:00");
    f.w.standard_h = 24; /* seven hours a day */
    assert_promise(&f, "2026-03-02T09:00:00", "2026-03-02T09:00:00", "2026-03-05T12:00:00");
    tz_free(f.tz);
}

static void round_the_clock(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_NONE, "mon-sun 00:00-24:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-03-04T23:59:00", "2026-03-04T23:59:00", "2026-03-05T23:59:00");
    f.w.mode = WORK_OPEN_HOURS;
    f.w.standard_h = 3;
    assert_promise(&f, "2026-03-04T23:00:00", "2026-03-04T23:00:00", "2026-03-05T02:00:00");
    int64_t close = 0;
    assert_int_equal(PW_NOT_FOUND, work_closes(&f.w, local(&f, "2026-03-04T23:00:00"), &close));
    tz_free(f.tz);
    f = given("America/Toronto", CAL_NONE, "fri 20:00-24:00; sat 00:00-02:00", 3, WORK_OPEN_HOURS); /* over midnight */
    assert_promise(&f, "2026-03-06T22:30:00", "2026-03-06T22:30:00", "2026-03-07T01:30:00");
    assert_int_equal(PW_OK, work_closes(&f.w, local(&f, "2026-03-06T22:30:00"), &close));
    assert_int_equal(local(&f, "2026-03-07T02:00:00"), close);
    assert_int_equal(PW_INVALID, work_closes(&f.w, local(&f, "2026-03-07T02:00:00"), &close));
    tz_free(f.tz);
}

/* Both nights of the clock change in Toronto: 8 March and 1 November 2026. */
static void clock_changes(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_NONE, "mon-sun 00:00-24:00", 4, WORK_OPEN_HOURS);
    assert_promise(&f, "2026-03-08T00:30:00", "2026-03-08T00:30:00", "2026-03-08T05:30:00"); /* the day has 23 hours */
    assert_promise(&f, "2026-11-01T00:30:00", "2026-11-01T00:30:00", "2026-11-01T03:30:00"); /* and here 25 */
    assert_int_equal(23 * HOUR, work_open_ms(&f.w, local(&f, "2026-03-08T00:00:00"), local(&f, "2026-03-09T00:00:00")));
    assert_int_equal(25 * HOUR, work_open_ms(&f.w, local(&f, "2026-11-01T00:00:00"), local(&f, "2026-11-02T00:00:00")));
    f.w.mode = WORK_WALL;
    f.w.standard_h = 24;
    assert_promise(&f, "2026-10-31T12:00:00", "2026-10-31T12:00:00", "2026-11-01T11:00:00");
    f.w.mode =
        WORK_DEFERRED; /* the same clock time; 02:30 does not exist on 8 March, 01:30 comes twice on 1 November */
    assert_promise(&f, "2026-03-07T02:30:00", "2026-03-07T02:30:00", "2026-03-08T03:00:00");
    assert_promise(&f, "2026-10-31T01:30:00", "2026-10-31T01:30:00", "2026-11-01T01:30:00");
    int64_t s = 0, d = 0;
    assert_int_equal(PW_OK, work_due(&f.w, local(&f, "2026-10-31T01:30:00"), &s, &d));
    assert_int_equal(utc("2026-11-01T05:30:00Z"), d); /* the first of the two */
    tz_free(f.tz);

    f = given("America/Toronto", CAL_NONE, "sun 02:15-02:45", 24, WORK_DEFERRED); /* swallowed on 8 March */
    assert_promise(&f, "2026-03-08T00:00:00", "2026-03-15T02:15:00", "2026-03-22T02:15:00");
    f.w.hours = (struct hours){0};
    assert_int_equal(HOURS_OK, hours_add(&f.w.hours, SV("sun"), SV("01:15"), SV("01:45")));
    assert_true(work_is_open(&f.w, utc("2026-11-01T05:30:00Z")));
    assert_false(work_is_open(&f.w, utc("2026-11-01T06:30:00Z"))); /* the repeated half hour is not a second opening */
    f.w.hours = (struct hours){0};
    assert_int_equal(HOURS_OK, hours_add(&f.w.hours, SV("sun"), SV("01:30"), SV("05:00")));
    assert_true(work_is_open(&f.w, utc("2026-11-01T06:10:00Z"))); /* inside what opened at the first 01:30 */
    tz_free(f.tz);
}

/* Newfoundland used to change at 00:01: Sunday opens at the first midnight, then the clock shows Saturday again. */
static void a_clock_change_at_midnight(void **state)
{
    (void)state;
    struct fix f = given("America/St_Johns", CAL_NONE, "sun 00:00-02:00", 1, WORK_OPEN_HOURS);
    tz_free(f.tz);
    assert_int_equal(PW_OK, tz_load(SV(PW_TEST_DATA "/tz/odd"), SV("Odd/OldStJohns"), &f.tz));
    f.w.tz = f.tz;
    assert_false(work_is_open(&f.w, utc("2026-11-01T02:29:59Z"))); /* Saturday 23:59:59 */
    assert_true(work_is_open(&f.w, utc("2026-11-01T02:30:30Z")));  /* Sunday 00:00:30 */
    assert_true(work_is_open(&f.w, utc("2026-11-01T03:00:00Z")));  /* Saturday 23:30 once more */
    assert_true(work_is_open(&f.w, utc("2026-11-01T05:29:59Z")));  /* Sunday 01:59:59 */
    assert_false(work_is_open(&f.w, utc("2026-11-01T05:30:00Z")));
    assert_int_equal(3 * HOUR, work_open_ms(&f.w, utc("2026-10-31T12:00:00Z"), utc("2026-11-02T12:00:00Z")));
    int64_t s = 0, d = 0;
    assert_int_equal(PW_OK, work_due(&f.w, utc("2026-11-01T03:00:00Z"), &s, &d));
    assert_int_equal(utc("2026-11-01T03:00:00Z"), s);
    assert_int_equal(utc("2026-11-01T04:00:00Z"), d);
    tz_free(f.tz);
}

/* 24 June and 1 July */
static void quebec_holidays(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_QC, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-06-23T10:00:00", "2026-06-23T10:00:00", "2026-06-25T10:00:00");
    assert_promise(&f, "2026-06-24T10:00:00", "2026-06-25T09:00:00", "2026-06-26T09:00:00");
    assert_promise(&f, "2026-06-30T16:00:00", "2026-06-30T16:00:00", "2026-07-02T16:00:00");
    assert_promise(&f, "2029-06-29T10:00:00", "2029-06-29T10:00:00", "2029-07-03T10:00:00"); /* 2 July instead of 1 */
    f.cal.place = CAL_ON;
    assert_promise(&f, "2026-06-23T10:00:00", "2026-06-23T10:00:00", "2026-06-24T10:00:00");
    tz_free(f.tz);
}

/* a site closed at once moves running promises. */
static void an_added_day_moves_the_due_time(void **state)
{
    (void)state;
    struct fix f = given("America/St_Johns", CAL_NL, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    assert_promise(&f, "2026-08-04T10:00:00", "2026-08-04T10:00:00", "2026-08-05T10:00:00");
    const struct cal_edit regatta = {civil_day(2026, 8, 5), false, SV("Regatta")};
    f.cal.edits = &regatta;
    f.cal.edits_n = 1;
    assert_promise(&f, "2026-08-04T10:00:00", "2026-08-04T10:00:00", "2026-08-06T10:00:00");
    tz_free(f.tz);
}

static void settings_that_cannot_be_kept(void **state)
{
    (void)state;
    struct fix f = given("America/Toronto", CAL_ON, "", 24, WORK_DEFERRED);
    int64_t s = 7, d = 7;
    struct problems ps = {0};
    assert_int_equal(PW_INVALID, work_due(&f.w, 0, &s, &d)); /* no opening hours at all */
    assert_int_equal(PW_INVALID, work_check(&f.w, &ps));
    assert_non_null(problem_of(&ps, "hours"));
    assert_int_equal(PW_INVALID, work_next_open(&f.w, 0, &s));
    assert_false(work_is_open(&f.w, 0));
    assert_int_equal(0, work_open_ms(&f.w, 0, INT64_C(1) << 60));
    assert_int_equal(PW_INVALID, work_after(&f.w, 0, 1, &s));
    f.w.mode = WORK_WALL; /* needs none */
    assert_int_equal(PW_OK, work_due(&f.w, 0, &s, &d));
    s = d = 7;
    f.w.mode = WORK_DEFERRED;
    assert_int_equal(HOURS_OK, hours_add(&f.w.hours, SV("mon"), SV("09:00"), SV("09:01")));
    static const int32_t bad[] = {0, -24, 8784, 30};
    for (size_t i = 0; i < 4; i++) {
        f.w.standard_h = bad[i];
        assert_int_equal(PW_INVALID, work_due(&f.w, 0, &s, &d));
    }
    f.w.standard_h = 24; /* every Monday of two years is closed by hand: the search ends */
    static struct cal_edit mondays[120];
    for (int i = 0; i < 120; i++)
        mondays[i] = (struct cal_edit){civil_day(2026, 1, 5) + 7 * i, false, SV("closed")};
    f.cal = (struct calendar){.edits = mondays, .edits_n = 120};
    f.w.cal = &f.cal;
    assert_int_equal(PW_INVALID, work_due(&f.w, local(&f, "2026-01-01T10:00:00"), &s, &d));
    f.w.cal = NULL;
    f.w.mode = WORK_OPEN_HOURS; /* one minute a week: 8,760 hours would take ten thousand years */
    f.w.standard_h = 8760;
    assert_int_equal(PW_INVALID, work_due(&f.w, local(&f, "2026-01-01T10:00:00"), &s, &d));
    assert_int_equal(7, s);
    assert_int_equal(7, d);
    tz_free(f.tz);
}

/* SLA-6 */
static void the_share_used_only_rises(void **state)
{
    (void)state;
    for (int mode = 0; mode < WORK_MODE__MAX; mode++) {
        struct fix f = given("America/Toronto", CAL_ON, "mon-thu 09:00-12:00 13:00-17:00; fri 09:00-12:00", 48,
                             (enum work_mode)mode);
        f.w.cal = &f.cal;
        static const char *const received[] = {"2026-03-05T14:00:00", "2026-03-07T03:00:00", "2026-04-01T16:59:59",
                                               "2026-10-30T11:00:00"};
        for (size_t i = 0; i < 4; i++) {
            int64_t s = 0, d = 0;
            int last = 0;
            assert_int_equal(PW_OK, work_due(&f.w, local(&f, received[i]), &s, &d));
            assert_int_equal(0, work_used_permille(&f.w, s, d, s));
            assert_int_equal(0, work_used_permille(&f.w, s, d, s - HOUR));
            for (int64_t t = s; t < d; t += 7 * 60000) {
                int used = work_used_permille(&f.w, s, d, t);
                assert_true(used >= last && used < 1000);
                last = used;
            }
            assert_int_equal(1000, work_used_permille(&f.w, s, d, d));
            assert_int_equal(1000, work_used_permille(&f.w, s, d, d + HOUR));
            for (int share = 1; share < 1000; share += 83) {
                int64_t at = work_at_permille(&f.w, s, d, share);
                assert_true(at > s && at <= d);
                assert_true(work_used_permille(&f.w, s, d, at) >= share);
                if (at < d)
                    assert_true(work_used_permille(&f.w, s, d, at - 1) < share);
            }
            assert_int_equal(s, work_at_permille(&f.w, s, d, 0));
            assert_int_equal(d, work_at_permille(&f.w, s, d, 1000));
        }
        tz_free(f.tz);
    }
    /* received Friday 16:00, due Monday 16:00: 75 % is Monday 14:00, not some hour of the weekend */
    struct fix f = given("America/Toronto", CAL_ON, "mon-fri 09:00-17:00", 24, WORK_DEFERRED);
    int64_t s = local(&f, "2026-03-06T16:00:00"), d = local(&f, "2026-03-09T16:00:00");
    assert_int_equal(local(&f, "2026-03-09T14:00:00"), work_at_permille(&f.w, s, d, 750));
    assert_int_equal(125, work_used_permille(&f.w, s, d, local(&f, "2026-03-08T12:00:00")));
    tz_free(f.tz);
}

static void modes_have_names(void **state)
{
    (void)state;
    enum work_mode m = WORK_DEFERRED;
    for (int i = 0; i < WORK_MODE__MAX; i++) {
        assert_true(work_mode_parse(sv_of(work_mode_code((enum work_mode)i)), &m));
        assert_int_equal(i, m);
    }
    assert_false(work_mode_parse(SV("Wall"), &m));
    assert_false(work_mode_parse(SV(""), &m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calgary_24_hours),
        cmocka_unit_test(the_closing_second),
        cmocka_unit_test(ottawa_48_hours),
        cmocka_unit_test(r613_by_night),
        cmocka_unit_test(a_call_counts_from_its_time),
        cmocka_unit_test(working_hours_vectors),
        cmocka_unit_test(a_lunch_gap),
        cmocka_unit_test(round_the_clock),
        cmocka_unit_test(clock_changes),
        cmocka_unit_test(a_clock_change_at_midnight),
        cmocka_unit_test(quebec_holidays),
        cmocka_unit_test(an_added_day_moves_the_due_time),
        cmocka_unit_test(settings_that_cannot_be_kept),
        cmocka_unit_test(the_share_used_only_rises),
        cmocka_unit_test(modes_have_names),
    };
    return cmocka_run_group_tests_name("worktime", tests, NULL, NULL);
}
