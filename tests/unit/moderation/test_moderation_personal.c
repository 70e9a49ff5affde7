/* SPDX-License-Identifier: EUPL-1.2 */
/* CNS-6: what looks personal and what does not. A detector that cries wolf is switched off, so the second list counts
 * as much as the first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/unicode.h"
#include "feature/moderation/moderation_rules.h"
#include "feature/moderation/personal.h"

static unsigned found(const char *text)
{
    struct arena a;
    struct sv folded = {0};
    arena_init(&a, 1 << 16);
    assert_int_equal(PW_OK, text_fold(&a, sv_of(text), &folded));
    unsigned k = personal_in_folded(folded);
    arena_finish(&a);
    return k;
}

static const struct {
    const char *text;
    unsigned kind;
} personal[] = {
    {"Appelez-moi au 613-555-0142 svp", PERSONAL_PHONE},
    {"call me (613) 555 0142", PERSONAL_PHONE},
    {"6135550142", PERSONAL_PHONE},
    {"1-613-555-0142", PERSONAL_PHONE},
    {"+1 613 555 0142", PERSONAL_PHONE},
    {"+963 944 123 456", PERSONAL_PHONE},
    {"0033 6 12 34 56 78", PERSONAL_PHONE},
    {"رقمي ٦١٣-٥٥٥-٠١٤٢", PERSONAL_PHONE},
    {"رقمي ۶۱۳ ۵۵۵ ۰۱۴۲", PERSONAL_PHONE},
    {"رقم الهاتف 0944123456", PERSONAL_PHONE},
    {"my number is 555-0142", PERSONAL_PHONE},
    {"Mon IUC : 11-2345-6789", PERSONAL_DOCUMENT},
    {"UCI 1234-5678", PERSONAL_DOCUMENT},
    {"my application number is E000123456", PERSONAL_DOCUMENT},
    {"Dossier no 4521879 chez IRCC", PERSONAL_DOCUMENT},
    {"رقم الملف 4521879", PERSONAL_DOCUMENT},
    {"mon NAS 046 454 286", PERSONAL_DOCUMENT},
    {"passport AB123456", PERSONAL_DOCUMENT},
    {"passeport N012345678", PERSONAL_DOCUMENT},
    {"health card 1234-567-890", PERSONAL_DOCUMENT},
    {"ma carte: TREL 9101 1234", PERSONAL_DOCUMENT},
    {"J'habite au 45 rue Principale", PERSONAL_ADDRESS},
    {"we live at 1200 St. Laurent Boulevard, apt 4", PERSONAL_ADDRESS},
    {"K1L 8B9", PERSONAL_ADDRESS},
    {"code k1l8b9", PERSONAL_ADDRESS},
    {"عنواني شارع البنك 45", PERSONAL_ADDRESS},
    {"écrivez à amal.haddad@exemple.ca", PERSONAL_EMAIL},
    {"Mon fils est autiste, quelle école ?", PERSONAL_HEALTH},
    {"I am pregnant, where do I go?", PERSONAL_HEALTH},
    {"انا حامل وأريد طبيبة", PERSONAL_HEALTH},
    {"زوجي عنده سرطان", PERSONAL_HEALTH},
};

static void what_looks_personal_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        if (!(found(personal[i].text) & personal[i].kind))
            fail_msg("not found: %s (found %u)", personal[i].text, found(personal[i].text));
}

static const char *const harmless[] = {
    "Rendez-vous le 2026-03-04 de 9:00 à 17:00",
    "Ouvert 09:00-17:00, du lundi au vendredi",
    "Le loyer est de 1 250,00 $ par mois",
    "It costs $1,250.00 or 1250 dollars",
    "Budget: 125 000 000 $",
    "Le bus 95 puis le 12, ligne 1",
    "Appelez le 211 ou le 911",
    "Call 988 or 811 any time",
    "Service Canada: 1-800-622-6232",
    "IRCC 1 888 242 2100 (sans frais)",
    "+1 800 622 6232",
    "Entre 2025-2026, environ 3000 personnes",
    "Formulaire IMM 5257, page 3 de 12",
    "Règle 12.4.2, version 1.15",
    "Le 4 mars 2026 à 14 h 30",
    "04-03-2026 ou 4/3/2026",
    "The library is at 120 Metcalfe Street",
    "La banque alimentaire : 250 rue Main, mardi à 10 h",
    "Écrivez à info@exemple.ca",
    "Clinique de vaccination contre la grippe samedi",
    "Information session about diabetes on Tuesday at 6",
    "What about mental health services?",
    "أين أسجل أولادي في المدرسة؟",
    "الموعد يوم ٢٠٢٦-٠٣-٠٤ الساعة ٩:٠٠",
    "السعر ١٢٥٠ دولار",
    "اتصلوا بالرقم 911",
    "Il y a 10 000 personnes et 25 000 places",
    "100 200 300",
    "juin 2025 2026",
    "https://exemple.ca/page?id=123456789",
    "Score 3-2, 15 000 pas",
    "CLB 5 à 7, NCLC 4",
    "Salle 204, 3e étage, 2e porte",
    "Prix: 99.99, 45.50 et 12.00",
};

static void what_is_harmless_is_left_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (found(harmless[i]))
            fail_msg("cries wolf (%u): %s", found(harmless[i]), harmless[i]);
}

/* SAFE-3: one word alone, in any form, leads to the emergency numbers; a sentence is told apart. */
static void a_word_asks_for_help(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum urgency how;
        const char *lang;
    } v[] = {
        {"Urgence", URGENT_ALONE, "fr"},
        {"Urgence !", URGENT_ALONE, "fr"},
        {"Au secours!", URGENT_ALONE, "fr"},
        {"EMERGENCY!", URGENT_ALONE, "en"},
        {"911", URGENT_ALONE, ""},
        {"SOS", URGENT_ALONE, ""},
        {"طوارئ", URGENT_ALONE, "ar"},
        {"نجدة", URGENT_ALONE, "ar"},
        {"طارئ", URGENT_ALONE, "ar"},
        {"The emergency room was busy", URGENT_WITHIN, "en"},
        {"C’est une urgence, mon fils ne respire plus", URGENT_WITHIN, "fr"},
        {"لدي حالة طارئة الآن", URGENT_WITHIN, "ar"},
        {"my number is 6139115555", URGENT_NOT, ""},
        {"insurgence", URGENT_NOT, ""},
        {"hello", URGENT_NOT, ""},
        {"", URGENT_NOT, ""},
    };
    struct arena a;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < sizeof v / sizeof *v; i++) {
        struct sv f, lang;
        assert_int_equal(PW_OK, text_fold(&a, sv_of(v[i].text), &f));
        if (urgency_of(f, &lang) != v[i].how || !sv_eq_z(lang, v[i].lang))
            fail_msg("%s: %d %.*s", v[i].text, (int)urgency_of(f, &lang), SV_ARG(lang));
    }
    arena_finish(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_looks_personal_is_found),
        cmocka_unit_test(what_is_harmless_is_left_alone),
        cmocka_unit_test(a_word_asks_for_help),
    };
    return cmocka_run_group_tests_name("moderation-personal", tests, NULL, NULL);
}
