/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui_fixture.h"

#include <pthread.h>

#include "ui/format.h"

#define NBSP "\xc2\xa0"
#define ZONE SV("America/Toronto")
enum { MIN = 60 * 1000, HOUR = 60 * MIN };
static const int64_t DAY = 24 * (int64_t)HOUR;
static const int64_t now = INT64_C(1770985200000); /* Friday 2026-02-13 12:20 UTC, 07:20 in Toronto */

static const struct catalog *lang(struct fix *f, const char *code)
{
    return catalog_of(f->cs, sv_of(code));
}

static void dates_in_each_language(void **state)
{
    struct fix *f = *state;
    struct arena *a = &f->a;
    assert_sv("February 13, 2026", format_date(lang(f, "en"), a, now, ZONE));
    assert_sv("13 février 2026", format_date(lang(f, "fr"), a, now, ZONE));
    assert_sv("١٣ فبراير ٢٠٢٦", format_date(lang(f, "ar"), a, now, ZONE));
    assert_sv("vendredi 13 février", format_day(lang(f, "fr"), a, now, ZONE));
    assert_sv("février 2026", format_month(lang(f, "fr"), a, month_of_ms(NULL, now)));
    assert_sv("Eastern Time", format_zone(lang(f, "en"), a, SV("America/Toronto")));
    assert_sv("heure de l’Est", format_zone(lang(f, "fr"), a, SV("America/Toronto")));
    assert_sv("UTC", format_zone(lang(f, "fr"), a, SV("Nowhere/At all")));
    assert_sv("07:20", format_time(lang(f, "en"), a, now, ZONE));
    assert_sv("07\u00a0h\u00a020", format_time(lang(f, "fr"), a, now, ZONE));
    assert_sv("12:20", format_time(lang(f, "en"), a, now, SV("UTC")));
    assert_sv("12:20", format_time(lang(f, "en"), a, now, SV("No/Where")));
    assert_sv("12:20", format_time(lang(f, "en"), a, now, (struct sv){0}));
    assert_sv("2026-02-13T12:20:00Z", format_iso(a, now));
    assert_sv("2026-02-13T07:20", format_input(a, now, ZONE));
    assert_sv("1969-12-31T23:59:59Z", format_iso(a, -1000));
}

/* The evening is the next day in UTC: the zone decides which day it is. */
static void the_zone_decides_the_day(void **state)
{
    struct fix *f = *state;
    int64_t evening = now + 16 * HOUR; /* Friday 23:20 in Toronto, Saturday 04:20 UTC */
    assert_sv("23:20", format_when(lang(f, "en"), &f->a, evening, ZONE, now));
    assert_sv("Saturday 04:20", format_when(lang(f, "en"), &f->a, evening, SV("UTC"), now));
    assert_sv("Thursday 07:20", format_when(lang(f, "en"), &f->a, now + 6 * DAY, ZONE, now));
    assert_sv("Feb 20, 07:20", format_when(lang(f, "en"), &f->a, now + 7 * DAY, ZONE, now));
    assert_sv("Feb 12, 07:20", format_when(lang(f, "en"), &f->a, now - DAY, ZONE, now));
    assert_sv("Feb 13, 2025, 07:20", format_when(lang(f, "en"), &f->a, now - 365 * DAY, ZONE, now));
}

/* SLA: time left as people say it, never promised too long */
static void due_times(void **state)
{
    struct fix *f = *state;
    struct arena *a = &f->a;
    assert_sv("until 10:20, 3 h left", format_due(lang(f, "en"), a, now + 3 * HOUR, ZONE, now));
    assert_sv("until 10:19, 2 h left", format_due(lang(f, "en"), a, now + 3 * HOUR - MIN, ZONE, now));
    assert_sv("until Saturday 07:20, 24 h left", format_due(lang(f, "en"), a, now + DAY, ZONE, now));
    assert_sv("0 min left", format_left(lang(f, "en"), a, now, now));
    assert_sv("late by 0 min", format_left(lang(f, "en"), a, now - 1, now));
    assert_sv("late by 2 h (05:20)", format_due(lang(f, "en"), a, now - 2 * HOUR, ZONE, now));
    assert_sv("jusqu’à 10\u00a0h\u00a020, reste 3 h", format_due(lang(f, "fr"), a, now + 3 * HOUR, ZONE, now));
    assert_sv("5 d left", format_left(lang(f, "en"), a, now + 5 * DAY + HOUR, now));
}

static void spans(void **state)
{
    struct fix *f = *state;
    struct arena *a = &f->a;
    assert_sv("2 h 10 min", format_duration(lang(f, "en"), a, 130 * MIN));
    assert_sv("0 min", format_duration(lang(f, "en"), a, 59999));
    assert_sv("14 h", format_duration(lang(f, "en"), a, 14 * HOUR + 30 * MIN));
    assert_sv("3 d 2 h", format_duration(lang(f, "en"), a, 74 * (int64_t)HOUR));
    assert_sv("12 d", format_duration(lang(f, "en"), a, 12 * DAY + 3 * HOUR));
    assert_sv("just now", format_ago(lang(f, "en"), a, now - 5000, ZONE, now));
    assert_sv("5 minutes ago", format_ago(lang(f, "en"), a, now - 5 * MIN, ZONE, now));
    assert_sv("il y a 5 minutes", format_ago(lang(f, "fr"), a, now - 5 * MIN, ZONE, now));
    assert_sv("yesterday", format_ago(lang(f, "en"), a, now - 20 * HOUR, ZONE, now));
    assert_sv("hier", format_ago(lang(f, "fr"), a, now - DAY, ZONE, now));
    assert_sv("3 days ago", format_ago(lang(f, "en"), a, now - 3 * DAY, ZONE, now));
    assert_sv("قبل ٥ دقائق", format_ago(lang(f, "ar"), a, now - 5 * MIN, ZONE, now));
    assert_sv("January 4, 2026", format_ago(lang(f, "en"), a, now - 40 * DAY, ZONE, now));
    assert_sv("08:20", format_ago(lang(f, "en"), a, now + HOUR, ZONE, now)); /* a clock that runs ahead */
}

static void numbers(void **state)
{
    struct fix *f = *state;
    struct arena *a = &f->a;
    assert_sv("3.50", format_decimal(lang(f, "en"), a, 3.5, 2));
    assert_sv("3,5", format_decimal(lang(f, "fr"), a, 3.5, 1));
    assert_sv("82%", format_percent(lang(f, "en"), a, 0.82, 0));
    assert_sv("82" NBSP "%", format_percent(lang(f, "fr"), a, 0.82, 0));
    assert_sv("4", format_decimal(lang(f, "en"), a, 4, -7));
    assert_sv("١٬٨٤٦", format_number(lang(f, "ar"), a, 1846));
    struct sv names[] = {SV("Ana"), SV("Bo"), SV("نور")};
    assert_sv("Ana, Bo et \xe2\x81\xa8نور\xe2\x81\xa9", format_list(lang(f, "fr"), a, names, 3));
    assert_sv("Ana and Bo", format_list(lang(f, "en"), a, names, 2));
    assert_sv("Ana", format_list(lang(f, "en"), a, names, 1));
    assert_sv("", format_list(lang(f, "en"), a, NULL, 0));
}

/* LANG-2: names sort as readers expect, not by bytes */
static void order(void **state)
{
    struct fix *f = *state;
    assert_true(format_compare(lang(f, "fr"), SV("Élodie"), SV("Fanny")) < 0);
    assert_true(format_compare(lang(f, "fr"), SV("eloi"), SV("Élodie")) > 0);
    assert_int_equal(0, format_compare(lang(f, "fr"), SV("Ana"), SV("Ana")));
    assert_true(format_compare(lang(f, "ar"), SV("أحمد"), SV("باسم")) < 0);
    assert_true(format_compare(lang(f, "ar"), SV(""), SV("باسم")) < 0);
}

static void *write_dates(void *arg)
{
    const struct catalog *cat = arg;
    struct arena a;
    intptr_t wrong = 0;
    arena_init(&a, 16 << 20);
    for (int i = 0; i < 300; i++) {
        wrong += !sv_eq(format_time(cat, &a, now, ZONE), SV("07:20"));
        wrong += !sv_eq(format_ago(cat, &a, now - 5 * MIN, ZONE, now), SV("5 minutes ago"));
        wrong += !sv_eq(format_decimal(cat, &a, 1234.5, 1), SV("1,234.5"));
        wrong += format_compare(cat, SV("a"), SV("b")) >= 0;
    }
    arena_finish(&a);
    return (void *)wrong; /* a count, carried out of the thread */
}

static void threads_share_a_catalogue(void **state)
{
    struct fix *f = *state;
    pthread_t t[4];
    const struct catalog *en = lang(f, "en");
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(0, pthread_create(&t[i], NULL, write_dates, (void *)(uintptr_t)en));
    for (size_t i = 0; i < 4; i++) {
        void *wrong = NULL;
        assert_int_equal(0, pthread_join(t[i], &wrong));
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dates_in_each_language, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_zone_decides_the_day, set_up, tear_down),
        cmocka_unit_test_setup_teardown(due_times, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spans, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(threads_share_a_catalogue, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
