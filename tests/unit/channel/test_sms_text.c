/* SPDX-License-Identifier: EUPL-1.2 */
/* How texts travel by SMS, and the words that stop them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "channel/optout.h"
#include "channel/sms.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct sms_text as_sent(const char *text)
{
    struct sms_text t;
    sms_prepare(&arena, sv_of(text), true, &t);
    return t;
}

static struct sv times(const char *piece, size_t n)
{
    struct sv out = {0};
    for (size_t i = 0; i < n; i++)
        out = arena_join(&arena, out, sv_of(piece));
    return out;
}

static int64_t parts_of(struct sv text)
{
    struct sms_text t;
    sms_prepare(&arena, text, true, &t);
    return t.parts;
}

/* channels.md §1 rule 8: what GSM-7 holds and what it does not */
static void the_alphabet_is_chosen_by_the_letters(void **state)
{
    (void)state;
    static const char *const small[] = {"Hello",       "été à Orléans, où ?", "ÉÇÑÄÖÜ äöñüà èùìò", "[€^{}\\~|]",
                                        "¿¡§¤ßÆæØøÅå", "ΔΦΓΛΩΠΨΣΘΞ",          "ligne\nligne",      ""};
    static const char *const large[] = {"fête", "Noël", "façade", "œuvre", "À bientôt", "È",
                                        "ï",    "û",    "مرحبا",  "😀",     "`",         "ô"};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        assert_int_equal(SMS_GSM7, as_sent(small[i]).alphabet);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        assert_int_equal(SMS_UCS2, as_sent(large[i]).alphabet);
}

static void marks_become_plain_only_where_that_saves(void **state)
{
    (void)state;
    struct sms_text t = as_sent("l’école «\xc2\xa0Garneau\xc2\xa0» – 9\xe2\x80\xafh…");
    assert_int_equal(SMS_GSM7, t.alphabet);
    assert_true(sv_eq_z(t.text, "l'école \"Garneau\" - 9 h..."));
    t = as_sent("l’œuvre « fête »"); /* long alphabet all the same: nothing is touched */
    assert_int_equal(SMS_UCS2, t.alphabet);
    assert_true(sv_eq_z(t.text, "l’œuvre « fête »"));
    sms_prepare(&arena, SV("l’école"), false, &t);
    assert_int_equal(SMS_UCS2, t.alphabet);
    assert_true(sv_eq_z(t.text, "l’école"));
    t = as_sent("chez \xe2\x81\xa8Noor\xe2\x81\xa9"); /* isolates */
    assert_int_equal(SMS_GSM7, t.alphabet);
    assert_true(sv_eq_z(t.text, "chez Noor"));
    t = as_sent("broken \xff\xc3");
    assert_int_equal(SMS_UCS2, t.alphabet);
}

/* channels.md §1 rule 8: 424 characters are 3 parts in the short alphabet and 7 in the long one */
static void parts_are_counted_as_operators_count_them(void **state)
{
    (void)state;
    assert_int_equal(0, parts_of(SV("")));
    assert_int_equal(1, parts_of(times("a", 160)));
    assert_int_equal(2, parts_of(times("a", 161)));
    assert_int_equal(2, parts_of(times("a", 306)));
    assert_int_equal(3, parts_of(times("a", 307)));
    assert_int_equal(1, parts_of(times("€", 80)));
    assert_int_equal(2, parts_of(times("€", 81)));
    assert_int_equal(3, parts_of(times("€", 153))); /* an escape is not torn from its letter: 76 a part */
    assert_int_equal(1, parts_of(times("ع", 70)));
    assert_int_equal(2, parts_of(times("ع", 71)));
    assert_int_equal(3, parts_of(times("ع", 201)));
    assert_int_equal(4, parts_of(times("ع", 202)));
    assert_int_equal(1, parts_of(times("😀", 35)));
    assert_int_equal(2, parts_of(times("😀", 36)));
    assert_int_equal(3, parts_of(times("a", 424)));
    assert_int_equal(7, parts_of(arena_join(&arena, times("a", 423), SV("ê"))));
}

/* a welcome is at most three joined parts, with its link */
static void a_long_text_is_cut_at_a_word_and_keeps_its_link(void **state)
{
    (void)state;
    struct sv link = SV("https://example.org/c/x"), whole = SV("Bienvenue");
    assert_true(sv_eq_z(sms_fit(&arena, whole, link, true, 3), "Bienvenue\nhttps://example.org/c/x"));
    assert_true(sv_eq_z(sms_fit(&arena, whole, (struct sv){0}, true, 3), "Bienvenue"));
    struct sv cut = sms_fit(&arena, times("أهلًا بكم في مجموعتنا ", 40), link, true, 3);
    assert_int_equal(3, parts_of(cut));
    assert_true(sv_ends(cut, link));
    assert_true(sv_find(cut, SV("...\nhttps://")) > 0);
    struct sms_text t;
    sms_prepare(&arena, cut, true, &t);
    assert_true(t.units <= 3 * SMS_UCS2_MORE && t.units > 3 * SMS_UCS2_MORE - 12);
    cut = sms_fit(&arena, times("é", 2000), link, true, 1); /* one endless word */
    assert_int_equal(1, parts_of(cut));
    assert_true(sv_ends(cut, link));
}

static void longer_texts_go_out_as_several_messages(void **state)
{
    (void)state;
    struct sv rest = times("mot à mot ", 300), all = rest, heard = {0};
    size_t n = 0;
    while (rest.n) {
        struct sv head = sms_cut(&arena, &rest, true, 10);
        assert_true(parts_of(head) <= 10 && head.n > 0);
        heard = n ? arena_join(&arena, arena_join(&arena, heard, SV(" ")), head) : head;
        n++;
    }
    assert_int_equal(2, n);
    assert_true(sv_eq(heard, sv_trim(all)));
}

/* ---- price ---- */

static json_t *settings(const char *text)
{
    json_t *v = json_loads(text, 0, NULL);
    assert_non_null(v);
    return v;
}

static void a_text_has_a_price_before_it_is_sent(void **state)
{
    (void)state;
    struct channel ch = {.driver = &kannel_driver, .config = settings("{\"price\":\"0.0079\",\"currency\":\"CAD\"}")};
    struct chan_measure m;
    kannel_driver.measure(&ch, &arena, times("ع", 71), &m);
    assert_int_equal(2, m.parts);
    assert_int_equal(15800, m.cost_micro);
    assert_true(sv_eq_z(m.currency, "CAD"));
    assert_string_equal("long alphabet (Unicode)", m.alphabet);
    json_decref(ch.config);
    ch.config = settings("{}");
    twilio_driver.measure(&ch, &arena, SV("hello"), &m);
    assert_int_equal(1, m.parts);
    assert_int_equal(0, m.cost_micro);
    assert_string_equal("short alphabet (GSM-7)", m.alphabet);
    json_decref(ch.config);
    static const char *const wrong[] = {"{\"price\":\"a\"}",   "{\"price\":\"-1\"}",        "{\"price\":\"1.\"}",
                                        "{\"price\":\"1,2\"}", "{\"price\":\"0.1234567\"}", "{\"currency\":\"cad\"}",
                                        "{\"marks\":\"x\"}"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct problems ps = {0};
        json_t *v = settings(wrong[i]);
        assert_int_equal(PW_INVALID, sms_check_settings(v, &ps));
        assert_int_equal(1, ps.n);
        json_decref(v);
    }
}

/* ---- words that stop ---- */

/* channels.md §1 rule 9; EQ-1 */
static void keywords_count_in_every_language(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum optout_act means;
        const char *lang;
    } said[] = {
        {"STOP", OPTOUT_STOP, "en"},
        {" stop. ", OPTOUT_STOP, "en"},
        {"Stop!", OPTOUT_STOP, "en"},
        {"ARRET", OPTOUT_STOP, "fr"},
        {"Arrêt", OPTOUT_STOP, "fr"},
        {"ARRÊT !", OPTOUT_STOP, "fr"},
        {"« arrêt »", OPTOUT_STOP, "fr"},
        {"STOPALL", OPTOUT_STOP, "en"},
        {"Unsubscribe", OPTOUT_STOP, "en"},
        {"END", OPTOUT_STOP, "en"},
        {"QUIT", OPTOUT_STOP, "en"},
        {"cancel", OPTOUT_STOP, "en"},
        {"توقف", OPTOUT_STOP, "ar"},
        {"الغاء", OPTOUT_STOP, "ar"},
        {"إلغاء الاشتراك", OPTOUT_STOP, "ar"},
        {"HELP", OPTOUT_HELP, "en"},
        {"Aide", OPTOUT_HELP, "fr"},
        {"مساعدة؟", OPTOUT_HELP, "ar"},
        {"INFO", OPTOUT_HELP, ""},
        {"start", OPTOUT_START, "en"},
        {"UNSTOP", OPTOUT_START, "en"},
        {"Stop talking", OPTOUT_NONE, ""},
        {"Please help me", OPTOUT_NONE, ""},
        {"", OPTOUT_NONE, ""},
        {"arrêt de bus", OPTOUT_NONE, ""},
        {"!", OPTOUT_NONE, ""},
        {"\xff", OPTOUT_NONE, ""},
    };
    for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
        struct optout_word w = optout_word_of(&arena, sv_of(said[i].text));
        assert_int_equal(said[i].means, w.means);
        assert_true(sv_eq_z(w.lang, said[i].lang));
    }
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(the_alphabet_is_chosen_by_the_letters),     T(marks_become_plain_only_where_that_saves),
        T(parts_are_counted_as_operators_count_them), T(a_long_text_is_cut_at_a_word_and_keeps_its_link),
        T(longer_texts_go_out_as_several_messages),   T(a_text_has_a_price_before_it_is_sent),
        T(keywords_count_in_every_language),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
