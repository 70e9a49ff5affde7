/* SPDX-License-Identifier: EUPL-1.2 */
/* LANG-5: states, collisions, undertakings, clocks that change, and the calendar file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "feature/interpreting/interpreting_ics.h"

#define HOUR INT64_C(3600000)
#define MINUTE INT64_C(60000)

static int64_t utc(const char *text)
{
    int64_t ms = 0;
    assert_true(civil_parse_rfc3339(sv_of(text), &ms));
    return ms;
}

static int64_t wall(int year, int month, int day, int hour, int minute)
{
    return civil_day(year, month, day) * CIVIL_DAY_MS + hour * HOUR + minute * MINUTE;
}

static const struct tz *zone(const char *name)
{
    const struct tz *tz = NULL;
    assert_int_equal(PW_OK, tz_find(sv_of(name), &tz));
    return tz;
}

/* Before it begins it is confirmed, declined or cancelled; an outcome only afterwards, and one may be corrected. */
static void states_follow_the_clock(void **state)
{
    static const struct {
        enum booking_state from, to;
        bool before, after;
    } v[] = {
        {BOOKING_ASKED, BOOKING_CONFIRMED, true, false},      {BOOKING_ASKED, BOOKING_DECLINED, true, false},
        {BOOKING_ASKED, BOOKING_CANCELLED, true, true},       {BOOKING_ASKED, BOOKING_DONE, false, true},
        {BOOKING_CONFIRMED, BOOKING_DECLINED, true, false},   {BOOKING_CONFIRMED, BOOKING_CANCELLED, true, true},
        {BOOKING_CONFIRMED, BOOKING_DONE, false, true},       {BOOKING_CONFIRMED, BOOKING_NO_PERSON, false, true},
        {BOOKING_DONE, BOOKING_NO_INTERPRETER, false, true},  {BOOKING_NO_PERSON, BOOKING_DONE, false, true},
        {BOOKING_CANCELLED, BOOKING_CONFIRMED, false, false}, {BOOKING_DECLINED, BOOKING_CONFIRMED, false, false},
        {BOOKING_CANCELLED, BOOKING_DONE, false, false},      {BOOKING_DONE, BOOKING_CANCELLED, false, false},
        {BOOKING_CONFIRMED, BOOKING_ASKED, false, false},     {BOOKING_DONE, BOOKING_DONE, false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        assert_int_equal(v[i].before, booking_may_become(v[i].from, v[i].to, false));
        assert_int_equal(v[i].after, booking_may_become(v[i].from, v[i].to, true));
    }
    assert_true(booking_may_move(BOOKING_CONFIRMED, false));
    assert_false(booking_may_move(BOOKING_CONFIRMED, true));
    assert_false(booking_may_move(BOOKING_CANCELLED, false));
}

/* The person is told once of a sure appointment, of what changes in it, and when it is off; else of nothing. */
static void news_for_the_person(void **state)
{
    (void)state;
    assert_int_equal(NEWS_NONE, booking_news(BOOKING_ASKED, 0, 100));
    assert_int_equal(NEWS_BOOKED, booking_news(BOOKING_CONFIRMED, 0, 100));
    assert_int_equal(NEWS_NONE, booking_news(BOOKING_CONFIRMED, 100, 100));
    assert_int_equal(NEWS_MOVED, booking_news(BOOKING_ASKED, 100, 200));
    assert_int_equal(NEWS_MOVED, booking_news(BOOKING_CONFIRMED, -1, 200));
    assert_int_equal(NEWS_OFF, booking_news(BOOKING_CANCELLED, 100, 200));
    assert_int_equal(NEWS_OFF, booking_news(BOOKING_DECLINED, 100, 100));
    assert_int_equal(NEWS_NONE, booking_news(BOOKING_CANCELLED, 0, 100));
    assert_int_equal(NEWS_NONE, booking_news(BOOKING_DONE, 100, 100));
}

static void who_is_taken_and_when_free_again(void **state)
{
    const struct taken v[] = {
        {7, 14 * HOUR, 15 * HOUR}, {5, 10 * HOUR, 11 * HOUR}, {6, 11 * HOUR + 30 * MINUTE, 13 * HOUR}};
    (void)state;
    /* touching is not overlapping */
    assert_null(booking_clash(v, 3, 9 * HOUR, 10 * HOUR, 0));
    assert_null(booking_clash(v, 3, 13 * HOUR, 14 * HOUR, 0));
    assert_int_equal(5, booking_clash(v, 3, 10 * HOUR + 59 * MINUTE, 12 * HOUR, 0)->id);
    assert_int_equal(6, booking_clash(v, 3, 11 * HOUR, 15 * HOUR, 0)->id);
    assert_int_equal(7, booking_clash(v, 3, 14 * HOUR, 14 * HOUR + 5 * MINUTE, 0)->id);
    /* the one that is being moved does not stand in its own way */
    assert_null(booking_clash(v, 3, 10 * HOUR, 11 * HOUR, 5));
    /* half an hour fits between the first two, an hour only after the second */
    assert_int_equal(11 * HOUR, booking_next_free(v, 3, 10 * HOUR, 10 * HOUR + 30 * MINUTE, 0));
    assert_int_equal(13 * HOUR, booking_next_free(v, 3, 10 * HOUR, 11 * HOUR, 0));
    assert_int_equal(15 * HOUR, booking_next_free(v, 3, 10 * HOUR, 12 * HOUR, 0));
    assert_int_equal(16 * HOUR, booking_next_free(v, 3, 16 * HOUR, 17 * HOUR, 0));
}

/* Spring 2026: 8 March, 02:00 to 03:00 does not exist in Toronto. Autumn: 1 November, 01:30 comes twice. */
static void clocks_that_change(void **state)
{
    const struct tz *toronto = zone("America/Toronto");
    int64_t ms;
    (void)state;
    assert_false(booking_instant(toronto, wall(2026, 3, 8, 2, 30), &ms));
    assert_int_equal(utc("2026-03-08T07:00:00Z"), ms); /* 03:00 EDT */
    assert_true(booking_instant(toronto, wall(2026, 3, 8, 1, 59), &ms));
    assert_int_equal(utc("2026-03-08T06:59:00Z"), ms);
    assert_true(booking_instant(toronto, wall(2026, 3, 8, 10, 0), &ms));
    assert_int_equal(utc("2026-03-08T14:00:00Z"), ms);
    assert_true(booking_instant(toronto, wall(2026, 11, 1, 1, 30), &ms));
    assert_int_equal(utc("2026-11-01T05:30:00Z"), ms);                                  /* the earlier one, EDT */
    assert_true(booking_instant(zone("America/Regina"), wall(2026, 3, 8, 2, 30), &ms)); /* no summer time there */
    assert_int_equal(utc("2026-03-08T08:30:00Z"), ms);
}

static void reminders_come_on_the_business_day_before(void **state)
{
    const struct tz *toronto = zone("America/Toronto");
    struct calendar ontario = {.place = CAL_ON};
    struct worktime work = {.tz = toronto, .cal = &ontario, .standard_h = 24};
    (void)state;
    assert_int_equal(HOURS_OK, hours_add(&work.hours, SV("mon-fri"), SV("09:00"), SV("17:00")));
    /* Wednesday → Tuesday, nine o'clock */
    assert_int_equal(utc("2026-03-03T14:00:00Z"), booking_reminder_ms(toronto, &work, utc("2026-03-04T20:00:00Z")));
    /* Monday after the change of the clocks → Friday before it, nine o'clock of that day */
    assert_int_equal(utc("2026-03-06T14:00:00Z"), booking_reminder_ms(toronto, &work, utc("2026-03-09T14:00:00Z")));
    /* Tuesday after Family Day (16 February) → Friday the 13th; without a calendar Monday */
    assert_int_equal(utc("2026-02-13T14:00:00Z"), booking_reminder_ms(toronto, &work, utc("2026-02-17T15:00:00Z")));
    assert_int_equal(utc("2026-02-16T14:00:00Z"), booking_reminder_ms(toronto, NULL, utc("2026-02-17T15:00:00Z")));
    /* late on a Sunday evening it is still Sunday there */
    assert_int_equal(utc("2026-03-13T13:00:00Z"), booking_reminder_ms(toronto, NULL, utc("2026-03-16T03:00:00Z")));
    /* hours that never open: the day before */
    struct worktime closed = {.tz = toronto, .cal = &ontario};
    assert_int_equal(utc("2026-03-07T14:00:00Z"), booking_reminder_ms(toronto, &closed, utc("2026-03-08T18:00:00Z")));
}

static void undertakings_cover_days(void **state)
{
    const struct promise_span v[] = {{100, 120}, {130, 0}};
    const struct promise_span withdrawn[] = {{100, 99}};
    (void)state;
    assert_int_equal(PROMISE_NONE, promise_covers(NULL, 0, 100, 100));
    assert_int_equal(PROMISE_LATER, promise_covers(v, 2, 99, 99));
    assert_int_equal(PROMISE_HOLDS, promise_covers(v, 2, 100, 100));
    assert_int_equal(PROMISE_HOLDS, promise_covers(v, 2, 120, 120));
    assert_int_equal(PROMISE_ENDED, promise_covers(v, 2, 120, 121)); /* past midnight of the last day */
    assert_int_equal(PROMISE_ENDED, promise_covers(v, 2, 125, 125));
    assert_int_equal(PROMISE_HOLDS, promise_covers(v, 2, 130, 9999));
    assert_int_equal(PROMISE_ENDED, promise_covers(withdrawn, 1, 100, 100));
}

static int by_fit(const void *x, const void *y)
{
    return interp_fit_order(x, y);
}

static void the_best_suited_first(void **state)
{
    struct interp_fit v[] = {
        {.speaks = true, .does_mode = true, .promised = true, .free = false, .name = SV("taken")},
        {.speaks = true, .does_mode = true, .promised = true, .free = true, .upcoming = 3, .name = SV("busy")},
        {.speaks = false, .does_mode = true, .promised = true, .free = true, .name = SV("other language")},
        {.speaks = true,
         .does_mode = true,
         .promised = true,
         .free = true,
         .upcoming = 9,
         .met = 1,
         .name = SV("known")},
        {.speaks = true, .does_mode = true, .promised = false, .free = true, .name = SV("no undertaking")},
        {.speaks = true, .does_mode = true, .promised = true, .free = true, .name = SV("idle b")},
        {.speaks = true, .does_mode = true, .promised = true, .free = true, .name = SV("idle a")},
        {.speaks = true, .does_mode = false, .promised = true, .free = true, .name = SV("other way")},
    };
    static const char *const order[] = {"known", "idle a",    "idle b",         "busy",
                                        "taken", "other way", "no undertaking", "other language"};
    (void)state;
    qsort(v, 8, sizeof *v, by_fit);
    for (size_t i = 0; i < 8; i++) {
        assert_true(sv_eq_z(v[i].name, order[i]));
        assert_int_equal(i < 4, interp_can(&v[i]));
    }
}

static void choices_are_read_strictly(void **state)
{
    struct through_choice t;
    char id[ID_TEXT + 1], text[40];
    (void)state;
    (void)snprintf(text, sizeof text, "booking:%s", id_text(4711, id).p);
    assert_true(through_parse(sv_of(text), &t));
    assert_int_equal(THROUGH_BOOKING, t.how);
    assert_int_equal(4711, t.id);
    assert_true(through_parse(SV("family"), &t));
    assert_int_equal(THROUGH_FAMILY, t.how);
    static const char *const bad[] = {"", "booking", "booking:", "booking:12", "interpreter", "family:1", "friend"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(through_parse(sv_of(bad[i]), &t));
}

/* ---- the calendar file ---- */

static bool has(struct sv s, const char *part)
{
    return sv_find(s, sv_of(part)) >= 0;
}

/* RFC 5545: CRLF, lines of at most 75 bytes cut between characters, texts escaped, UTC times. */
static void calendar_files_follow_the_standard(void **state)
{
    struct buf out;
    const struct ics_event v[] = {
        {.id = 4711,
         .start_ms = utc("2026-03-08T14:00:00Z"),
         .changed_ms = utc("2026-02-01T09:30:00Z"),
         .minutes = 90,
         .turn = 2,
         .state = BOOKING_CONFIRMED,
         .title = SV("Rendez-vous; avec, un \\interprète\r\nBEGIN:VALARM"),
         .text = SV("موعد مع مترجم في مكتب الاستقبال يوم الثلاثاء صباحا في تمام الساعة العاشرة"),
         .url = SV("https://example.org/interpreting/bookings/0000000000001")},
        {.id = 4712,
         .start_ms = utc("2026-03-09T14:00:00Z"),
         .minutes = 5,
         .state = BOOKING_CANCELLED,
         .title = SV("x")},
        {.id = 4713, .start_ms = utc("2026-03-09T16:00:00Z"), .minutes = 5, .state = BOOKING_ASKED, .title = SV("x")},
    };
    (void)state;
    buf_init(&out, 65536);
    ics_write(&out, v, 3, SV("example.org"), SV("fr"), utc("2026-02-02T00:00:00Z"));
    assert_true(buf_ok(&out));
    struct sv s = buf_sv(&out), rest = s, line;
    size_t begins = 0;
    while (sv_cut(&rest, '\n', &line) && (line.n || rest.n)) {
        assert_true(line.n > 0 && line.p[line.n - 1] == '\r');
        assert_true(line.n - 1 <= 75);
        assert_false(((unsigned char)line.p[0] & 0xC0) == 0x80);
        assert_false(line.n > 2 && line.p[0] == ' ' && ((unsigned char)line.p[1] & 0xC0) == 0x80);
        begins += sv_starts(line, SV("BEGIN:"));
    }
    assert_int_equal(4, begins); /* the calendar and three events: a line break in a title begins nothing */
    assert_true(sv_starts(s, SV("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:")));
    assert_true(sv_ends(s, SV("END:VCALENDAR\r\n")));
    assert_true(has(s, "DTSTART:20260308T140000Z\r\n"));
    assert_true(has(s, "DTEND:20260308T153000Z\r\n"));
    assert_true(has(s, "DTSTAMP:20260202T000000Z\r\n"));
    assert_true(has(s, "SUMMARY:Rendez-vous\\; avec\\, un \\\\interprète\\nBEGIN:VALARM\r\n"));
    assert_true(has(s, "URL:https://example.org/interpreting/bookings/0000000000001\r\n"));
    assert_true(has(s, "@example.org\r\n"));
    assert_true(has(s, "STATUS:CONFIRMED\r\nSEQUENCE:2\r\n"));
    assert_true(has(s, "STATUS:CANCELLED\r\n"));
    assert_true(has(s, "STATUS:TENTATIVE\r\n"));
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_follow_the_clock),
        cmocka_unit_test(news_for_the_person),
        cmocka_unit_test(who_is_taken_and_when_free_again),
        cmocka_unit_test(clocks_that_change),
        cmocka_unit_test(reminders_come_on_the_business_day_before),
        cmocka_unit_test(undertakings_cover_days),
        cmocka_unit_test(the_best_suited_first),
        cmocka_unit_test(choices_are_read_strictly),
        cmocka_unit_test(calendar_files_follow_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
