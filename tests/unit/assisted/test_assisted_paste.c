/* SPDX-License-Identifier: EUPL-1.2 */
/* A pasted conversation becomes messages: the forms that apps give, in the scripts that people use. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/buf.h"
#include "base/civil.h"
#include "feature/assisted/paste.h"

static struct arena arena;
static struct paste got;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static int64_t at(int year, int month, int day, int hour, int minute, int second)
{
    return civil_ms(&(struct civil){year, month, day, hour, minute, second, 0});
}

static bool parse(const char *text)
{
    return paste_parse(&arena, sv_of(text), at(2026, 3, 5, 12, 0, 0), &got);
}

#define LINE(i, who, words, when)                                                                                      \
    do {                                                                                                               \
        assert_true(sv_eq_z(got.v[i].author, who));                                                                    \
        assert_true(sv_eq_z(got.v[i].text, words));                                                                    \
        assert_true(got.v[i].local_ms == (when));                                                                      \
    } while (0)

static void whatsapp_phone(void **state)
{
    (void)state;
    assert_true(parse("[2026-03-04, 22:15:03] Amal: Où trouver un médecin?\r\nJe suis à Vanier: près du pont.\n"
                      "[2026-03-04, 22:16:00] \xE2\x80\x8EYou were added\n[2026-03-04, 22:17:00] Salma: Bonsoir"));
    assert_int_equal(2, got.n);
    assert_int_equal(1, got.notices);
    LINE(0, "Amal", "Où trouver un médecin?\r\nJe suis à Vanier: près du pont.", at(2026, 3, 4, 22, 15, 3));
    LINE(1, "Salma", "Bonsoir", at(2026, 3, 4, 22, 17, 0));
}

static void day_or_month_first(void **state)
{
    (void)state;
    assert_true(parse("04/03/2026, 22:15 - Amal: a"));
    assert_false(got.month_first);
    LINE(0, "Amal", "a", at(2026, 3, 4, 22, 15, 0));
    assert_true(parse("3/4/26, 10:15\xE2\x80\xAFPM - Amal: a")); /* AM and PM: the American way round */
    assert_true(got.month_first);
    LINE(0, "Amal", "a", at(2026, 3, 4, 22, 15, 0));
    assert_true(parse("02/28/2026, 12:05 - Amal: a")); /* no month 28 */
    LINE(0, "Amal", "a", at(2026, 2, 28, 12, 5, 0));
    assert_true(parse("3/12/2026, 9:05 - Amal: a")); /* 3 December is to come */
    assert_true(got.month_first);
    assert_true(parse("3/4/26, 12:15 AM - Amal: a"));
    LINE(0, "Amal", "a", at(2026, 3, 4, 0, 15, 0));
}

static void arabic_digits_and_marks(void **state)
{
    (void)state;
    assert_true(parse("٤\xE2\x80\x8F/٣\xE2\x80\x8F/٢٠٢٦، ١٠:١٥ م - ~ أمل: أين أجد طبيباً؟"));
    LINE(0, "أمل", "أين أجد طبيباً؟", at(2026, 3, 4, 22, 15, 0));
    assert_true(parse("[٩:٠٥ ص, ٤/٣/٢٠٢٦] أمل: شكرا"));
    LINE(0, "أمل", "شكرا", at(2026, 3, 4, 9, 5, 0));
}

static void other_apps(void **state)
{
    (void)state;
    assert_true(parse("[22:15, 04/03/2026] Amal: a\n[22:16, 04/03/2026] Bo: b"));
    LINE(1, "Bo", "b", at(2026, 3, 4, 22, 16, 0));
    assert_true(parse("Amal, [04.03.2026 22:15]\nOù est le bureau?\n\nBo, [04.03.2026 22:20]\nIci: rue Rideau"));
    assert_int_equal(2, got.n);
    LINE(0, "Amal", "Où est le bureau?", at(2026, 3, 4, 22, 15, 0));
    LINE(1, "Bo", "Ici: rue Rideau", at(2026, 3, 4, 22, 20, 0));
}

static void plain_names(void **state)
{
    (void)state;
    assert_true(parse("Amal: Où est le bureau?\nBo: Ici\nhttps://example.org/plan\nà gauche"));
    assert_int_equal(2, got.n);
    assert_false(got.v[0].dated);
    LINE(1, "Bo", "Ici\nhttps://example.org/plan\nà gauche", 0);
    assert_false(parse("just words without any name"));
    assert_false(parse(""));
    assert_false(parse("Amal:\nBo:\n")); /* names without words */
}

static void many(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    for (int i = 0; i < PASTE_MAX + 5; i++)
        buf_fmt(&b, "[2026-03-04, 22:15:03] Amal: %d\n", i);
    assert_true(paste_parse(&arena, buf_sv(&b), at(2026, 3, 5, 0, 0, 0), &got));
    assert_int_equal(PASTE_MAX, got.n);
    assert_true(got.more);
    buf_finish(&b);
}

/* Cut anywhere, with any byte changed: never out of bounds (the sanitizers see it), never a name or words from outside.
 */
static void hostile(void **state)
{
    (void)state;
    const char *whole = "[٤/٣/٢٠٢٦, ١٠:١٥ م] ~ أمل: أ\nBo, [04.03.2026 22:15]\nx\n3/4/26, 10:15 PM - C: y";
    size_t n = sv_of(whole).n;
    for (size_t cut = 0; cut <= n; cut++)
        for (int byte = 0; byte < 256; byte += 15) {
            struct sv s = {arena_alloc(&arena, n + 1, 1), cut};
            char *p = (char *)(uintptr_t)s.p;
            assert_non_null(p);
            memcpy(p, whole, cut);
            if (cut)
                p[(size_t)byte * 7 % cut] = (char)byte;
            (void)paste_parse(&arena, s, at(2026, 3, 5, 0, 0, 0), &got);
            for (size_t i = 0; i < got.n; i++) {
                assert_true(got.v[i].author.p >= p && got.v[i].author.p + got.v[i].author.n <= p + cut);
                assert_true(got.v[i].text.p >= p && got.v[i].text.p + got.v[i].text.n <= p + cut);
            }
            arena_reset(&arena);
        }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {T(whatsapp_phone), T(day_or_month_first), T(arabic_digits_and_marks),
                                       T(other_apps),     T(plain_names),        T(many),
                                       T(hostile)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
