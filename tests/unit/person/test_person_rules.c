/* SPDX-License-Identifier: EUPL-1.2 */
/* The pure decisions of the room: the language of messages, lists of languages, which finding counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "feature/person/person_room.h"

static void is(struct sv got, const char *want)
{
    if (!sv_eq_z(got, want))
        fail_msg("\"%.*s\" is not \"%s\"", SV_ARG(got), want);
}

/* LANG-3 */
static void messages_use_the_preferred_language_or_a_fallback(void **state)
{
    const struct person_lang v[] = {{SV("ti"), true, true}, {SV("en"), true, false}, {SV("ar"), false, true}};
    (void)state;
    is(message_lang(SV("fr ar en"), SV("en"), false, v, 3), "en"); /* the community has it */
    is(message_lang(SV("fr en"), SV("ar"), true, v, 3), "ar");     /* the product speaks it */
    is(message_lang(SV("fr ar en"), SV("ti"), false, v, 3), "ar"); /* read; English is only spoken */
    is(message_lang(SV("fr es"), SV("ti"), false, v, 3), "fr");    /* the main one */
    is(message_lang(SV("fr es"), (struct sv){0}, false, NULL, 0), "fr");
}

static void a_list_of_languages_survives_writing(void **state)
{
    struct arena a;
    arena_init(&a, 1 << 16);
    const struct person_lang v[] = {
        {SV("ar"), true, true}, {SV("fa-af"), true, false}, {SV("fr"), false, true}, {SV("es"), false, false}};
    struct person_lang back[PERSON_LANGS_MAX];
    (void)state;
    struct sv text = speech_text(&a, v, 4);
    is(text, "ar=sr fa-af=s fr=r");
    assert_int_equal(3, speech_parse(text, back));
    is(back[1].code, "fa-af");
    assert_true(back[1].speaks && !back[1].reads);
    assert_true(!back[2].speaks && back[2].reads);
    assert_int_equal(0, speech_parse((struct sv){0}, back));
    assert_int_equal(1, speech_parse(SV("x= ar=r =s"), back)); /* what does not fit is left out */
    arena_finish(&a);
}

/* LANG-7 */
static void each_skill_of_each_scale_counts_for_itself(void **state)
{
    const struct language_level v[] = {
        {.id = 4, .level = 9, .scale = SCALE_CLB, .skill = SKILL_READING, .withdrawn_ms = 1},
        {.id = 3, .level = 6, .scale = SCALE_CLB, .skill = SKILL_READING},
        {.id = 2, .level = 4, .scale = SCALE_NCLC, .skill = SKILL_READING},
        {.id = 1, .level = 5, .scale = SCALE_CLB, .skill = SKILL_READING},
    };
    (void)state;
    assert_int_equal(6, level_now(v, 4, SCALE_CLB, SKILL_READING)->level); /* the newest that was not withdrawn */
    assert_int_equal(4, level_now(v, 4, SCALE_NCLC, SKILL_READING)->level);
    assert_null(level_now(v, 4, SCALE_NCLC, SKILL_WRITING));
    assert_true(level_scale_used(v, 4, SCALE_NCLC));
    assert_false(level_scale_used(v, 2, SCALE_NCLC));
}

static void codes_go_there_and_back(void **state)
{
    (void)state;
    for (int i = 0; i < SCALE__MAX; i++) {
        enum level_scale s;
        assert_true(level_scale_parse(sv_of(level_scale_code((enum level_scale)i)), &s));
        assert_int_equal(i, s);
    }
    for (int i = 0; i < SKILL__MAX; i++) {
        enum level_skill k;
        assert_true(level_skill_parse(sv_of(level_skill_code((enum level_skill)i)), &k));
        assert_int_equal(i, k);
    }
    for (size_t i = 0; i < languages_offered_n; i++)
        assert_true(lang_code_ok(sv_of(languages_offered[i])));
    assert_true(disclosure_needs_reason(SV("emergency")));
    assert_false(disclosure_needs_reason(SV("consent")));
    assert_null(disclosure_basis_label(SV("curiosity")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_use_the_preferred_language_or_a_fallback),
        cmocka_unit_test(a_list_of_languages_survives_writing),
        cmocka_unit_test(each_skill_of_each_scale_counts_for_itself),
        cmocka_unit_test(codes_go_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
