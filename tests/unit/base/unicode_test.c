/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/unicode.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 64 * 1024 * 1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static char *fold(const char *text)
{
    struct sv out = {0};
    assert_int_equal(PW_OK, text_fold(&arena, sv_of(text), &out));
    return arena_z(&arena, out);
}

static void assert_same(const char *one, const char *other)
{
    assert_string_equal(fold(one), fold(other));
}

/* LANG-6, A-67 */
static void search_ignores_accents_case_and_letter_forms(void **state)
{
    (void)state;
    assert_same("ecole", "école");
    assert_same("ECOLE", "E\xCC\x81"
                         "cole"); /* E and a combining accent */
    assert_same("احمد", "أحمد");
    assert_same("ecole", "  École\t");
    assert_same("coeur", "Cœur");
    assert_same("strasse", "STRAßE");
    assert_same("l'hopital", "L’Hôpital");
    assert_same("arret-travail", "arrêt‑travail"); /* no-break hyphen */
    assert_same("Lodz", "Łódź");
    assert_same("istanbul", "İstanbul");
}

static void arabic_forms_are_one(void **state)
{
    (void)state;
    assert_same("مدرسه", "مدرسة");  /* ta marbuta */
    assert_same("علي", "على");      /* alef maksura */
    assert_same("محمد", "مُحَمَّد");    /* vowel marks */
    assert_same("سلام", "ســـلام"); /* tatweel */
    assert_same("اسلام", "إسلام");
    assert_same("القران", "القرآن");
    assert_same("مسوول", "مسؤول");
    assert_same("كتاب", "کتاب"); /* Persian kaf */
    assert_same("يک", "یک");     /* Persian ya */
    assert_same("می"
                "\xE2\x80\x8C"
                "شود",
                "میشود");      /* ZWNJ */
    assert_same("هے", "ہے");   /* Urdu he and bari ya */
    assert_same("613", "٦١٣"); /* digits of both sets */
    assert_same("613", "۶۱۳");
    assert_string_not_equal(fold("باب"), fold("تاب")); /* different letters stay different */
}

static void marks_that_are_letters_stay(void **state)
{
    (void)state;
    assert_string_not_equal(fold("कि"), fold("कु")); /* Devanagari vowel signs */
    assert_string_not_equal(fold("กี"), fold("กู"));  /* Thai */
    assert_string_not_equal(fold("ሰላም"), fold("ሰለም"));
    assert_same("한국", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB\xE1\x84\x80\xE1\x85\xAE\xE1\x86\xA8"); /* jamo */
}

static void folding_twice_changes_nothing(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "   ",
                                        "École\n\n  Élémentaire",
                                        "أحمد على",
                                        "ﷺ",
                                        "ﬁn",
                                        "ǆ",
                                        "Ⅷ",
                                        "x\xCC\xB4\xCC\x88y",
                                        "\xD8\xA7\xD9\x94\xD9\x8E",
                                        "ÅÅ",
                                        "１２３",
                                        "한국어",
                                        "कि",
                                        "\xE2\x80\x8D\xE2\x80\x8C"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_same(fold(texts[i]), texts[i]);
    assert_string_equal("a b", fold(" \xC2\xA0 A \xE2\x80\xA8 b\xE3\x80\x80"));
    for (uint32_t c = 1; c < 0x30000; c += 1) { /* every character */
        if (c >= 0xD800 && c < 0xE000)
            continue;
        char z[5] = {0};
        if (c < 0x80) {
            z[0] = (char)c;
        } else if (c < 0x800) {
            z[0] = (char)(0xC0 | c >> 6);
            z[1] = (char)(0x80 | (c & 63));
        } else if (c < 0x10000) {
            z[0] = (char)(0xE0 | c >> 12);
            z[1] = (char)(0x80 | (c >> 6 & 63));
            z[2] = (char)(0x80 | (c & 63));
        } else {
            z[0] = (char)(0xF0 | c >> 18);
            z[1] = (char)(0x80 | (c >> 12 & 63));
            z[2] = (char)(0x80 | (c >> 6 & 63));
            z[3] = (char)(0x80 | (c & 63));
        }
        struct sv once, twice;
        assert_int_equal(PW_OK, text_fold(&arena, sv_of(z), &once));
        assert_int_equal(PW_OK, text_fold(&arena, once, &twice));
        if (!sv_eq(once, twice))
            fail_msg("U+%04X", c);
        if (c % 1024 == 0)
            arena_reset(&arena);
    }
}

static const struct sv bad_bytes[] = {
    {"\x80", 1},
    {"a\xC0\x80", 3},
    {"\xC3", 1},
    {"\xE2\x82", 2},
    {"\xED\xA0\x80", 3},
    {"\xF5\x80\x80\x80", 4},
    {"\xF4\x90\x80\x80", 4},
    {"a\0b", 3},
    {"\xFF\xFE", 2},
    {"ok\xF0\x9F\x98", 5},
    {"\xE0\x80\xAF", 3},
};

static void hostile_bytes_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_bytes / sizeof bad_bytes[0]; i++) {
        struct sv out = SV("untouched");
        char *tight = malloc(bad_bytes[i].n);
        assert_non_null(tight);
        memcpy(tight, bad_bytes[i].p, bad_bytes[i].n);
        struct sv s = {tight, bad_bytes[i].n};
        assert_false(text_valid(s));
        assert_int_equal(PW_INVALID, text_fold(&arena, s, &out));
        assert_int_equal(PW_INVALID, text_nfc(&arena, s, &out));
        assert_int_equal(PW_INVALID, text_clean(&arena, s, &out));
        assert_int_equal(PW_INVALID, text_clean_line(&arena, s, &out));
        assert_int_equal(PW_INVALID, text_no_bidi(&arena, s, &out));
        assert_true(sv_eq(SV("untouched"), out));
        assert_true(text_count(s) > 0 && text_count(s) <= s.n);
        (void)text_cut(&arena, s, 1);
        free(tight);
    }
    struct sv out;
    assert_true(text_valid((struct sv){NULL, 0}));
    assert_int_equal(PW_OK, text_fold(&arena, (struct sv){NULL, 0}, &out));
    assert_int_equal(0, out.n);
    char *big = calloc(1, TEXT_MAX + 1);
    assert_non_null(big);
    memset(big, 'a', TEXT_MAX + 1);
    assert_true(text_valid((struct sv){big, TEXT_MAX}));
    assert_int_equal(PW_INVALID, text_fold(&arena, (struct sv){big, TEXT_MAX + 1}, &out));
    free(big);
}

/* U+FDFA becomes eighteen characters: a small text must not become a large memory. */
static void growth_is_bounded(void **state)
{
    (void)state;
    size_t n = 1200000;
    char *p = malloc(n);
    assert_non_null(p);
    for (size_t i = 0; i < n; i += 3)
        memcpy(p + i, "\xEF\xB7\xBA", 3);
    struct arena small;
    arena_init(&small, 128 * 1024 * 1024);
    struct sv out;
    assert_int_equal(PW_INVALID, text_fold(&small, (struct sv){p, n}, &out)); /* more than TEXT_MAX units */
    arena_reset(&small);
    small.cap = 1024;
    assert_int_equal(PW_UNAVAILABLE, text_fold(&small, (struct sv){p, 3000}, &out));
    arena_finish(&small);
    free(p);
}

static void assert_clean(const char *text, const char *expected)
{
    struct sv out;
    assert_int_equal(PW_OK, text_clean(&arena, sv_of(text), &out));
    assert_string_equal(expected, arena_z(&arena, out));
}

static void stored_text_cannot_reorder_the_page(void **state)
{
    (void)state;
    assert_clean("a\xE2\x80\xAE"
                 "b\xE2\x81\xA6"
                 "c\xE2\x81\xA9"
                 "d\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C"
                 "e",
                 "abcde");
    assert_clean("می\xE2\x80\x8Cشود", "می\xE2\x80\x8Cشود"); /* ZWNJ is spelling */
    assert_clean("👩\xE2\x80\x8D👧", "👩\xE2\x80\x8D👧");       /* ZWJ too */
    assert_clean("one\r\ntwo\rthree\nfour\tfive\x07\x1b[2J\x7f", "one\ntwo\nthree\nfour\tfive[2J");
    assert_clean("e\xCC\x81", "é");
    assert_clean("\xEF\xBB\xBFx\xEF\xBF\xBF\xEF\xB7\x90", "x"); /* byte order mark, noncharacters */
    struct sv out;
    assert_int_equal(PW_OK, text_clean_line(&arena, SV("  Noor\r\nA\xC2\x85z\tB \xE2\x80\xAA"), &out));
    assert_string_equal("Noor A z B", arena_z(&arena, out));
    assert_int_equal(PW_OK, text_no_bidi(&arena, SV("a\r\n\x01\xE2\x80\xAD"), &out));
    assert_true(sv_eq(SV("a\r\n\x01"), out));
}

static void counting_and_cutting(void **state)
{
    (void)state;
    assert_int_equal(5, text_count(SV("école")));
    assert_int_equal(1, text_count(SV("😀")));
    assert_int_equal(3, text_count(SV("a\xFF\xC3")));
    assert_string_equal("école", arena_z(&arena, text_cut(&arena, SV("école"), 5)));
    assert_string_equal("éco…", arena_z(&arena, text_cut(&arena, SV("école"), 4)));
    assert_string_equal("…", arena_z(&arena, text_cut(&arena, SV("école"), 1)));
    assert_int_equal(0, text_cut(&arena, SV("école"), 0).n);
    assert_string_equal("ab…",
                        arena_z(&arena, text_cut(&arena, SV("abe\xCC\x81\xCC\x82z"), 4))); /* not between marks */
    assert_string_equal("😀…", arena_z(&arena, text_cut(&arena, SV("😀😀😀"), 2)));
    assert_true(sv_eq(SV("éc"), text_prefix(SV("école"), 3)));
    assert_true(sv_eq(SV(""), text_prefix(SV("😀"), 3)));
    assert_true(sv_eq(SV("a"), text_prefix(SV("a😀"), 4)));
    assert_true(sv_eq(SV("a😀"), text_prefix(SV("a😀"), 5)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(search_ignores_accents_case_and_letter_forms, begin, end),
        cmocka_unit_test_setup_teardown(arabic_forms_are_one, begin, end),
        cmocka_unit_test_setup_teardown(marks_that_are_letters_stay, begin, end),
        cmocka_unit_test_setup_teardown(folding_twice_changes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(hostile_bytes_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(growth_is_bounded, begin, end),
        cmocka_unit_test_setup_teardown(stored_text_cannot_reorder_the_page, begin, end),
        cmocka_unit_test_setup_teardown(counting_and_cutting, begin, end),
    };
    return cmocka_run_group_tests_name("unicode", tests, NULL, NULL);
}
