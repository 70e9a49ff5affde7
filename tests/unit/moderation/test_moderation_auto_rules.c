/* SPDX-License-Identifier: EUPL-1.2 */
/* What automatic rules see (channels.md §3): vectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "feature/moderation/auto_rules.h"

static struct arena arena;

static struct sv folded(const char *text)
{
    struct sv out;
    assert_int_equal(PW_OK, text_fold(&arena, sv_of(text), &out));
    return out;
}

static void links_are_seen_with_and_without_their_scheme(void **state)
{
    (void)state;
    static const char *const yes[] = {"https://example.org/x",
                                      "Voyez HTTP://EXAMPLE.ORG",
                                      "t.me/joinchat/AAA",
                                      "va sur www.gagner.com",
                                      "bit.ly/3xY",
                                      "Gagnez: super-offre.shop!",
                                      "(example.com)",
                                      "tg://resolve?domain=x",
                                      "انظر example.com الآن"};
    static const char *const no[] = {
        "Bonjour. Ça va?",      "À 15.30 demain",         "1.5 km", "samar@example.org", "p.ex. la banque",
        "Mme. Tremblay etc...", "le formulaire 5.2.com1", "",       "version 2.0.1"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!text_has_link(folded(yes[i])))
            fail_msg("no link in: %s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (text_has_link(folded(no[i])))
            fail_msg("a link in: %s", no[i]);
}

static void names_called_are_counted(void **state)
{
    (void)state;
    assert_int_equal(3, text_mentions(folded("@amal @badi, (@chadi)")));
    assert_int_equal(0, text_mentions(folded("samar@example.org, 5 @ 3 $")));
    assert_int_equal(1, text_mentions(folded("@سمر أهلا")));
}

static void watched_words_are_whole_words_in_any_case_and_script(void **state)
{
    (void)state;
    struct sv words = folded("Crypto");
    assert_true(text_has_word(folded("Du CRYPTO, pas cher"), words));
    assert_false(text_has_word(folded("cryptographie"), words));
    assert_false(text_has_word(folded("le cryptos"), words));
    words = SV("argent facile\n\nقرض\n");
    assert_true(text_has_word(folded("Argent  facile!"), words));
    assert_true(text_has_word(folded("قَرْض سريع"), words));
    assert_false(text_has_word(folded("l’argent est facile"), words));
    assert_false(text_has_word(folded("anything"), SV("\n \n")));
}

static enum auto_rule of(const struct auto_set *s, const struct auto_seen *m)
{
    enum auto_rule r = AUTO__MAX;
    return auto_message(s, m, &r) ? r : AUTO__MAX;
}

static void each_rule_speaks_at_its_line_and_not_before(void **state)
{
    (void)state;
    struct auto_set s = auto_defaults;
    struct auto_seen m = {.folded = folded("https://x.org"), .in_minute = 100};
    assert_int_equal(AUTO__MAX, of(&s, &m)); /* off is off */
    s.mode = AUTO_SIMULATE;
    assert_int_equal(AUTO_FLOOD, of(&s, &m)); /* a flood before all others */
    m.in_minute = 9;                          /* this is the tenth */
    assert_int_equal(AUTO_LINK, of(&s, &m));
    m.in_minute = 10;
    assert_int_equal(AUTO_FLOOD, of(&s, &m));
    s.flood = 0;
    assert_int_equal(AUTO_LINK, of(&s, &m));
    m.member_days = 2;
    assert_int_equal(AUTO_LINK, of(&s, &m));
    m.member_days = 3; /* no longer new */
    assert_int_equal(AUTO__MAX, of(&s, &m));

    m = (struct auto_seen){.folded = folded("bonjour"), .forwarded = true};
    assert_int_equal(AUTO_FORWARDED, of(&s, &m));
    m.member_days = 9;
    assert_int_equal(AUTO__MAX, of(&s, &m));
    m = (struct auto_seen){.image = true};
    assert_int_equal(AUTO_FIRST_IMAGE, of(&s, &m));
    m.ever = 1;
    assert_int_equal(AUTO__MAX, of(&s, &m));
    m = (struct auto_seen){.folded = folded("@a @b @c @d @e"), .member_days = 900};
    assert_int_equal(AUTO__MAX, of(&s, &m)); /* five are not more than five */
    m.folded = folded("@a @b @c @d @e @f");
    assert_int_equal(AUTO_MENTIONS, of(&s, &m));
    m = (struct auto_seen){.folded = folded("argent facile"), .words = SV("argent facile"), .member_days = 900};
    assert_int_equal(AUTO_WORD, of(&s, &m));
    s.links = s.forwarded = s.first_image = false;
    m = (struct auto_seen){.folded = folded("https://x.org"), .image = true, .forwarded = true};
    assert_int_equal(AUTO__MAX, of(&s, &m));
}

static void a_wave_is_so_many_people(void **state)
{
    (void)state;
    struct auto_set s = auto_defaults;
    assert_false(auto_wave(&s, 5000));
    s.mode = AUTO_ENFORCE;
    assert_false(auto_wave(&s, 49));
    assert_true(auto_wave(&s, 50));
    s.wave = 0;
    assert_false(auto_wave(&s, 5000));
}

static void numbers_out_of_range_are_named(void **state)
{
    (void)state;
    struct problems ps = {0};
    struct auto_set s = auto_defaults;
    assert_int_equal(PW_OK, auto_check(&s, &ps, &arena));
    assert_true(auto_is_default(&s));
    s.flood = -1;
    s.mute_minutes = 0;
    s.wave_minutes = 1441;
    s.mentions = 101;
    assert_int_equal(PW_INVALID, auto_check(&s, &ps, &arena));
    assert_int_equal(4, ps.n);
    assert_non_null(problem_of(&ps, "flood"));
    assert_non_null(problem_of(&ps, "mute_minutes"));
    assert_non_null(problem_of(&ps, "wave_minutes"));
    assert_non_null(problem_of(&ps, "mentions"));
    assert_false(auto_is_default(&s));
}

static void codes_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < AUTO__MAX; i++) {
        enum auto_rule r;
        assert_true(auto_rule_parse(sv_of(auto_rule_code((enum auto_rule)i)), &r));
        assert_int_equal(i, r);
    }
    enum auto_mode m;
    assert_true(auto_mode_parse(SV("enforce"), &m));
    assert_int_equal(AUTO_ENFORCE, m);
    assert_false(auto_mode_parse(SV("hard"), &m));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_seen_with_and_without_their_scheme),
        cmocka_unit_test(names_called_are_counted),
        cmocka_unit_test(watched_words_are_whole_words_in_any_case_and_script),
        cmocka_unit_test(each_rule_speaks_at_its_line_and_not_before),
        cmocka_unit_test(a_wave_is_so_many_people),
        cmocka_unit_test(numbers_out_of_range_are_named),
        cmocka_unit_test(codes_read_back),
    };
    arena_init(&arena, 1 << 20);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_finish(&arena);
    return failed;
}
