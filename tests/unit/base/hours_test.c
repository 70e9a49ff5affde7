/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/hours.h"

static void assert_reads_as(const char *text, const char *expected)
{
    struct hours h;
    struct problems ps = {0};
    struct buf b;
    buf_init(&b, 4096);
    assert_int_equal(PW_OK, hours_parse(sv_of(text), "hours", &h, &ps));
    hours_text(&h, &b);
    assert_string_equal(expected, buf_sv(&b).p);
    struct hours again;
    assert_int_equal(PW_OK, hours_parse(buf_sv(&b), "hours", &again, &ps));
    assert_memory_equal(&h, &again, sizeof h);
    buf_finish(&b);
}

static void texts_of_the_field(void **state)
{
    (void)state;
    assert_reads_as("mon-fri 09:00-17:00", "mon-fri 09:00-17:00");
    assert_reads_as("Mon-Fri 9:00-12:00 13:00-17:00; SAT 10:00-14:00",
                    "mon-fri 09:00-12:00 13:00-17:00; sat 10:00-14:00");
    assert_reads_as("mon,wed,fri 08:30-16:00", "mon,wed,fri 08:30-16:00");
    assert_reads_as("sat-mon 10:00-12:00", "mon,sat,sun 10:00-12:00"); /* over the end of the week */
    assert_reads_as("sun-sat 00:00-24:00", "mon-sun 00:00-24:00");
    assert_reads_as("", "");
    assert_reads_as(" ; ;; ", "");
    assert_reads_as("tue 9:00-10:00;tue 11:00-12:00 ; thu 9:00-10:00", "tue 09:00-10:00 11:00-12:00; thu 09:00-10:00");
}

static void overlapping_periods_are_merged(void **state)
{
    (void)state;
    assert_reads_as("mon 09:00-12:00 11:00-14:00", "mon 09:00-14:00");
    assert_reads_as("mon 13:00-17:00 09:00-13:00", "mon 09:00-17:00"); /* touching, and out of order */
    assert_reads_as("mon 09:00-10:00 11:00-12:00 14:00-15:00 08:00-20:00", "mon 08:00-20:00");
    assert_reads_as("mon-fri 09:00-17:00; wed 16:00-20:00", "mon,tue,thu,fri 09:00-17:00; wed 09:00-20:00");
}

static void assert_refused(const char *text, enum hours_fault fault, const char *piece)
{
    struct hours h;
    struct problems ps = {0};
    memset(&h, 0x5a, sizeof h);
    assert_int_equal(PW_INVALID, hours_parse(sv_of(text), "opening", &h, &ps));
    const struct problem *p = problem_of(&ps, "opening");
    assert_non_null(p);
    assert_true(sv_eq_z(p->arg, piece));
    if (fault != HOURS_OK)
        assert_string_equal(hours_fault_message(fault), p->msgid);
    assert_int_equal(0x5a, ((unsigned char *)&h)[0]); /* nothing written */
}

static void what_is_refused_is_named(void **state)
{
    (void)state;
    assert_refused("mon-fre 09:00-17:00", HOURS_BAD_DAYS, "mon-fre");
    assert_refused("mon--fri 09:00-17:00", HOURS_BAD_DAYS, "mon--fri");
    assert_refused("mon, 09:00-17:00", HOURS_BAD_DAYS, "mon,");
    assert_refused("mon-tue-wed 09:00-17:00", HOURS_BAD_DAYS, "mon-tue-wed");
    assert_refused("mon 24:00-24:00", HOURS_BAD_OPEN, "24:00-24:00");
    assert_refused("mon 9h-17h", HOURS_BAD_OPEN, "9h-17h");
    assert_refused("mon 09:00-09:00", HOURS_BAD_CLOSE, "09:00-09:00");
    assert_refused("mon 22:00-02:00", HOURS_BAD_CLOSE, "22:00-02:00");
    assert_refused("mon 09:00", HOURS_BAD_CLOSE, "09:00");
    assert_refused("mon 09:00-24:01", HOURS_BAD_CLOSE, "09:00-24:01");
    assert_refused("mon", HOURS_OK, "mon");
    assert_refused("mon 00:00-00:01 01:00-01:01 02:00-02:01 03:00-03:01 04:00-04:01 05:00-05:01 06:00-06:01 "
                   "07:00-07:01 08:00-08:01",
                   HOURS_TOO_MANY, "08:00-08:01");
}

static void a_fault_changes_nothing(void **state)
{
    (void)state;
    struct hours h = {0};
    assert_int_equal(HOURS_OK, hours_add(&h, SV("mon"), SV("09:00"), SV("17:00")));
    struct hours before = h;
    assert_int_equal(HOURS_BAD_DAYS, hours_add(&h, SV(""), SV("09:00"), SV("17:00")));
    assert_int_equal(HOURS_BAD_OPEN, hours_add(&h, SV("mon-sun"), SV("09:0"), SV("17:00")));
    assert_int_equal(HOURS_BAD_CLOSE, hours_add(&h, SV("mon-sun"), SV("09:00"), (struct sv){"\0\0\0\0\0", 5}));
    for (int i = 0; i < 7; i++) {
        char open[8] = {'1', (char)('0' + i), ':', '0', '0', 0}, close[8] = {'1', (char)('0' + i), ':', '3', '0', 0};
        assert_int_equal(HOURS_OK, hours_add(&before, SV("tue"), sv_of(open), sv_of(close)));
    }
    h = before;
    assert_int_equal(HOURS_OK, hours_add(&h, SV("tue"), SV("05:00"), SV("05:30")));
    before = h;
    assert_int_equal(HOURS_TOO_MANY, hours_add(&h, SV("mon-tue"), SV("03:00"), SV("03:30")));
    assert_memory_equal(&before, &h, sizeof h);
    assert_int_equal(HOURS_OK, hours_add(&h, SV("tue"), SV("05:00"), SV("24:00"))); /* merging makes room */
    assert_int_equal(1, h.day[1].n);
    assert_true(hours_any(&h));
    struct hours none = {0};
    assert_false(hours_any(&none));
}

static void hostile_bytes(void **state)
{
    (void)state;
    char text[HOURS_TEXT_MAX + 1];
    struct hours h;
    struct problems ps = {0};
    memset(text, ',', sizeof text);
    assert_int_equal(PW_INVALID, hours_parse((struct sv){text, sizeof text}, "h", &h, &ps));
    assert_int_equal(PW_INVALID, hours_parse((struct sv){text, HOURS_TEXT_MAX}, "h", &h, &ps));
    assert_int_equal(PW_INVALID, hours_parse((struct sv){"mon\0 9:00-10:00", 15}, "h", &h, &ps));
    assert_int_equal(PW_OK, hours_parse((struct sv){NULL, 0}, "h", &h, &ps));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_of_the_field),
        cmocka_unit_test(overlapping_periods_are_merged),
        cmocka_unit_test(what_is_refused_is_named),
        cmocka_unit_test(a_fault_changes_nothing),
        cmocka_unit_test(hostile_bytes),
    };
    return cmocka_run_group_tests_name("hours", tests, NULL, NULL);
}
