/* SPDX-License-Identifier: EUPL-1.2 */
/* Saved questions and answers: made from verified answers, searched in each language, reviewed. On both engines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/community/town.h"

static int64_t save(struct town *t, const char *lang, const char *question, const char *words)
{
    struct kb_edit e = {.lang = sv_of(lang),
                        .question = sv_of(question),
                        .answer = sv_of(words),
                        .source = SV("calgary.ca"),
                        .checked_on = SV("2026-02-02"),
                        .publish = true};
    int64_t id = 0;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_create(c, t->com, &e, &id)));
    return id;
}

static size_t found(struct town *t, const struct actor *who, const char *words, int64_t *ret_first)
{
    struct kb_entry *v;
    size_t n = 0;
    town_as(t, who);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_search(c, t->com, sv_of(words), 10, &v, &n)));
    *ret_first = n ? v[0].id : 0;
    return n;
}

/* KB-2, LANG-6, A-67 */
static void search_ignores_accents_case_and_letter_variants(void **state)
{
    struct town *t = *state;
    int64_t first;
    int64_t ecole = save(t, "fr", "Comment inscrire mon enfant à l’école ?", "Appelez le conseil scolaire.");
    int64_t ahmad = save(t, "ar", "أين أحمد؟", "في المَدْرَسَة");
    int64_t health = save(t, "en", "How do I get a health card?", "Go to a registry with your papers.");
    assert_int_equal(1, found(t, &actor_anonymous, "ecole", &first)); /* the community is listed: public */
    assert_int_equal(ecole, first);
    assert_int_equal(1, found(t, t->as_mod, "ÉCOLES", &first)); /* stemmed */
    assert_int_equal(ecole, first);
    assert_int_equal(1, found(t, &actor_anonymous, "احمد", &first));
    assert_int_equal(ahmad, first);
    assert_int_equal(1, found(t, &actor_anonymous, "المدرسة", &first)); /* without vowel marks */
    assert_int_equal(1, found(t, &actor_anonymous, "health CARDS", &first));
    assert_int_equal(health, first);
    assert_int_equal(0, found(t, &actor_anonymous, "passeport", &first));
    assert_int_equal(0, found(t, &actor_anonymous, "", &first));
    assert_int_equal(0, found(t, &actor_anonymous, "' OR 1=1 --", &first));
}

static void drafts_are_the_moderators(void **state)
{
    struct town *t = *state;
    int64_t id = save(t, "fr", "Où est la banque ?", "Ici."), first;
    struct kb_entry k;
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_set_state(c, id, KB_DRAFT)));
    assert_int_equal(0, found(t, &actor_anonymous, "banque", &first));
    town_as(t, &actor_anonymous);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(&t->f, kb_get(c, id, &k)));
    assert_int_equal(PW_DENIED, CTX_ACT(&t->f, kb_set_state(c, id, KB_PUBLISHED)));
    struct kb_edit e = {.lang = SV("fr"), .question = SV("Q ?"), .answer = SV("R.")};
    town_as(t, t->as_mod); /* no source, no entry (MOD-10) */
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, kb_create(c, t->com, &e, &id)));
}

/* KB-1 */
static void a_verified_answer_becomes_an_entry(void **state)
{
    struct town *t = *state;
    struct answer_made made;
    struct answer_new n = {.text = SV("Au registre.")};
    struct kb_edit e = {.topic = SV("health"), .publish = true};
    struct kb_entry k;
    int64_t entry = 0;
    (void)town_join(t, t->as_amal, t->amal);
    int64_t id = town_ask(t, t->as_amal, "Où demander la carte santé ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &n, &made)));
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, kb_from_answer(c, made.answer_id, &e, &entry))); /* not verified */
    assert_int_equal(PW_OK, CTX_ACT(&t->f, answer_verify(c, made.answer_id, VER_CONFIRMED, (struct sv){0},
                                                         SV("alberta.ca"), SV("2026-02-02"))));
    e.lang = SV("fr");
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_from_answer(c, made.answer_id, &e, &entry)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_get(c, entry, &k)));
    assert_true(sv_eq_z(k.question, "Où demander la carte santé ?"));
    assert_true(sv_eq_z(k.answer, "Au registre."));
    assert_true(sv_eq_z(k.source, "alberta.ca"));
    assert_true(k.verified);
    assert_true(k.review_ms > t->f.now_ms);
    assert_int_equal(entry, town_question(t, id).kb_entry);
    /* a translation, and a source that moves on (LANG-4) */
    struct kb_edit ar = {.lang = SV("ar"), .question = SV("بطاقة؟"), .answer = SV("هنا")};
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_write(c, entry, &ar)));
    struct kb_edit fr = {.lang = SV("fr"),
                         .question = SV("Carte santé ?"),
                         .answer = SV("Au registre, en ligne aussi."),
                         .source = SV("alberta.ca"),
                         .checked_on = SV("2026-02-03"),
                         .is_source = true};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_write(c, entry, &fr)));
    struct ctx *c = ctxfix_begin(&t->f, false);
    c->lang = SV("ar");
    assert_int_equal(PW_OK, kb_get(c, entry, &k));
    (void)ctxfix_end(&t->f, PW_OK);
    assert_true(sv_eq_z(k.lang, "ar"));
    assert_true(k.out_of_date);
}

/* KB-3: the small words of one language do not dilute a long question asked in a community of several */
static void small_words_do_not_hide_a_fitting_entry(void **state)
{
    struct town *t = *state;
    struct kb_entry *v;
    size_t n;
    (void)town_join(t, t->as_amal, t->amal);
    int64_t entry = save(t, "fr", "Inscrire un enfant en cours d’année", "Appelez l’école la plus proche.");
    (void)save(t, "fr", "Où trouver un manteau ?", "Dans la rue, avec une carte.");
    int64_t id =
        town_ask(t, t->as_amal, "Comment inscrire ma fille dans une école de langue française en cours d’année ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_suggest(c, id, 3, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(entry, v[0].id);
}

/* KB-3, KB-4 */
static void old_entries_are_not_offered_as_verified(void **state)
{
    struct town *t = *state;
    struct kb_entry *v;
    struct answer_made made;
    size_t n;
    (void)town_join(t, t->as_amal, t->amal);
    int64_t entry = save(t, "fr", "Comment demander la carte santé ?", "Au registre.");
    int64_t id = town_ask(t, t->as_amal, "Bonjour, comment puis-je demander une carte santé ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_suggest(c, id, 3, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(entry, v[0].id);
    struct answer_new pick = {.kb_entry = entry};
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &pick, &made)));
    assert_int_equal(Q_VERIFIED, made.state); /* the entry brings source and date */
    town_time(t, "2026-09-01T10:00-06:00");   /* past 180 days */
    assert_true(town_notice(t, t->mod, "A saved answer in {0} is past its review date."));
    id = town_ask(t, t->as_amal, "Comment demander la carte santé ?");
    town_as(t, t->as_mod);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_suggest(c, id, 3, &v, &n)));
    assert_int_equal(0, n);
    assert_int_equal(PW_INVALID, CTX_ACT(&t->f, question_answer(c, id, &pick, &made)));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_due_for_review(c, t->com, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, kb_search(c, t->com, SV("carte"), 10, &v, &n)));
    assert_int_equal(1, n); /* still found, and marked */
    assert_false(v[0].verified);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, kb_review(c, entry, SV("alberta.ca"), SV("2026-08-31"), (struct sv){0})));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, question_answer(c, id, &pick, &made)));
}

/* A-68, LANG-4 */
static void an_edited_source_makes_translations_old_and_says_so(void **state)
{
    struct town *t = *state;
    struct doc_text ar;
    struct community com;
    int64_t version;
    static const char *const notice = "A text of {0} was changed: its translations are out of date.";

    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, community_get(c, t->com, &com)));
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("ar"), SV("قواعد"),
                                                                    SV("كونوا لطفاء."), false, &version)));
    town_time(t, "2026-02-12T10:00-07:00");
    assert_false(town_notice(t, t->mod, notice)); /* a translation of the present text makes nothing old */

    town_as(t, t->as_admin);
    assert_int_equal(PW_OK, CTX_ACT(&t->f, community_write_document(c, t->com, DOC_GUIDELINES, SV("fr"), SV("Règles"),
                                                                    SV("Soyez aimables, toujours."), true, &version)));
    town_time(t, "2026-02-12T10:01-07:00");
    assert_true(town_notice(t, t->mod, notice));
    assert_int_equal(PW_OK, CTX_LOOK(&t->f, doc_read(c, com.guidelines_doc, SV("ar"), 0, &ar)));
    assert_true(ar.out_of_date); /* and members still read the older Arabic */
    assert_true(sv_has(ar.body, "كونوا لطفاء"));
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, town_set_up, town_tear_down)
        T(an_edited_source_makes_translations_old_and_says_so),
        T(search_ignores_accents_case_and_letter_variants),
        T(drafts_are_the_moderators),
        T(a_verified_answer_becomes_an_entry),
        T(small_words_do_not_hide_a_fitting_entry),
        T(old_entries_are_not_offered_as_verified),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
