/* SPDX-License-Identifier: EUPL-1.2 */
/* texts with versions and languages; consent to exactly one of them; notices; organisations and settings. */
#include "core_test.h"

#include "core/audit.h"
#include "core/consent.h"
#include "core/document.h"
#include "core/notify.h"
#include "core/org.h"
#include "core/people.h"

static int64_t guidelines(struct ctxfix *f, bool is_public)
{
    int64_t id = 0, v = 0;
    assert_int_equal(PW_OK, CTX_ACT(f, doc_create(c, DOC_GUIDELINES, SV("community"), 7, is_public, &id)));
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("fr"), SV("Règles"), SV("Soyez aimables."), true, &v)));
    assert_int_equal(1, v);
    return id;
}

/* A-68, LANG-4 */
static void a_changed_source_puts_translations_out_of_date(void **state)
{
    struct ctxfix *f = *state;
    int64_t v = 0, id = guidelines(f, true);
    struct doc_text t;
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("ar"), SV("قواعد"), SV("كونوا لطفاء."), false, &v)));
    assert_int_equal(1, v);
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("ar"), 0, &t)));
    assert_false(t.out_of_date);
    assert_sv(t.source_lang, "fr");
    f->now_ms += 5;
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("fr"), SV("Règles"), SV("Soyez très aimables."), true, &v)));
    assert_int_equal(2, v);
    /* members still see the older Arabic, with a note */
    f->actor = ctxfix_member(f, ctxfix_person(f, "Amal"));
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("ar"), 0, &t)));
    assert_sv(t.body, "كونوا لطفاء.");
    assert_int_equal(1, t.version);
    assert_true(t.out_of_date);
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("fr"), 0, &t)));
    assert_sv(t.body, "Soyez très aimables.");
    assert_int_equal(f->now_ms, t.written_ms);
    assert_false(t.out_of_date);
    /* another language: the source */
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("uk"), 0, &t)));
    assert_sv(t.lang, "fr");
    assert_int_equal(2, t.version);
    /* published versions never change */
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("fr"), 1, &t)));
    assert_sv(t.body, "Soyez aimables.");
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("ar"), 2, &t)));
    assert_sv(t.lang, "fr");
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, doc_read(c, id, SV("fr"), 3, &t)));
    f->actor = &actor_system;
    struct doc_text *all;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_langs(c, id, &all, &n)));
    assert_int_equal(2, n);
    assert_sv(all[0].lang, "fr");
    assert_false(all[0].out_of_date);
    assert_sv(all[1].lang, "ar");
    assert_true(all[1].out_of_date);
    assert_int_equal(0, all[1].body.n);
    /* translated again: up to date; corrected: the correction is shown */
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("ar"), SV("قواعد"), SV("كونوا لطفاء جدا"), false, &v)));
    assert_int_equal(2, v);
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("ar"), SV("قواعد"), SV("كونوا لطفاء جداً."), false, &v)));
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("ar"), 0, &t)));
    assert_sv(t.body, "كونوا لطفاء جداً.");
    assert_false(t.out_of_date);
}

static void the_source_may_move_to_another_language(void **state)
{
    struct ctxfix *f = *state;
    int64_t v = 0, id = guidelines(f, true);
    struct doc_text t;
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("en"), SV("Rules"), SV("Be kind."), true, &v)));
    assert_int_equal(2, v);
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("fr"), 0, &t)));
    assert_true(t.out_of_date);
    assert_sv(t.source_lang, "fr");
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("ar"), 0, &t)));
    assert_sv(t.lang, "en");
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, id, SV("ar"), 1, &t)));
    assert_sv(t.lang, "fr");
}

static void what_cannot_be_written_is_said(void **state)
{
    struct ctxfix *f = *state;
    int64_t id = 0, v = 9;
    struct doc_text t;
    assert_int_equal(PW_OK, CTX_ACT(f, doc_create(c, DOC_POLICY, SV("org"), 3, false, &id)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, doc_read(c, id, SV("fr"), 0, &t)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_write(c, id, SV("ar"), SV("x"), SV("y"), false, &v)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_write(c, id, SV("fr"), SV("x"), SV(" \n "), true, &v)));
    assert_non_null(problem_of(&f->problems, "body"));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_write(c, id, SV(""), SV("x"), SV("y"), true, &v)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_write(c, id, SV("f r"), SV("x"), SV("y"), true, &v)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_write(c, id, SV("fr"), SV("\xff"), SV("y"), true, &v)));
    assert_int_equal(9, v);
    assert_int_equal(PW_OK, CTX_ACT(f, doc_write(c, id, SV("fr"), SV(""), SV("y"), true, &v)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_write(c, id, SV("fr"), SV("x"), SV("y"), false, &v)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, doc_write(c, id + 1, SV("fr"), SV("x"), SV("y"), true, &v)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, doc_create(c, DOC__MAX, SV("org"), 3, false, &id)));
    char *many = arena_alloc(&f->arena, 300 * 1024, 1);
    memset(many, 'x', 300 * 1024);
    assert_int_equal(PW_INVALID,
                     CTX_ACT(f, doc_write(c, id, SV("fr"), SV("x"), ((struct sv){many, 300 * 1024}), true, &v)));
    /* not public: hidden from strangers as if it did not exist */
    f->actor = &actor_anonymous;
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, doc_read(c, id, SV("fr"), 0, &t)));
    f->actor = &actor_system;
    int64_t pub = guidelines(f, true);
    f->actor = &actor_anonymous;
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_read(c, pub, SV("fr"), 0, &t)));
    int64_t found = 0;
    assert_int_equal(PW_OK, CTX_LOOK(f, doc_find(c, DOC_GUIDELINES, SV("community"), 7, &found)));
    assert_int_equal(pub, found);
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, doc_find(c, DOC_WELCOME, SV("community"), 7, &found)));
    assert_int_equal(PW_NOT_FOUND, CTX_LOOK(f, doc_find(c, DOC_GUIDELINES, SV("community"), 8, &found)));
}

/* ---- consent ---- */

static struct consent yes(int64_t person, int64_t doc, int64_t version, const char *lang)
{
    return (struct consent){.person_id = person,
                            .purpose = CONSENT_SERVICE,
                            .method = METHOD_ONLINE,
                            .doc_id = doc,
                            .doc_version = version,
                            .lang = sv_of(lang)};
}

/* CNS-1, CNS-2, A-64 */
static void consent_holds_for_its_purpose_and_recipient_until_withdrawn(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), doc = guidelines(f, false), a = 0, b = 0, got = 0;
    struct consent n = yes(amal, doc, 1, "fr");
    n.purpose = CONSENT_SHARE_ORG;
    assert_int_equal(PW_INVALID, CTX_ACT(f, consent_give(c, &n, &a)));
    n.recipient_org = 40;
    assert_int_equal(PW_OK, CTX_ACT(f, consent_give(c, &n, &a)));
    n.recipient_org = 41;
    assert_int_equal(PW_OK, CTX_ACT(f, consent_give(c, &n, &b)));
    assert_int_equal(PW_OK, CTX_LOOK(f, consent_check(c, amal, CONSENT_SHARE_ORG, 41, &got)));
    assert_int_equal(b, got);
    assert_int_equal(PW_DENIED, CTX_LOOK(f, consent_check(c, amal, CONSENT_SHARE_ORG, 42, &got)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, consent_check(c, amal, CONSENT_RESEARCH, 0, &got)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, consent_check(c, amal, CONSENT_RESEARCH, 41, &got)));
    f->now_ms += 14 * 3600000;
    assert_int_equal(PW_OK, CTX_ACT(f, consent_withdraw(c, b)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, consent_check(c, amal, CONSENT_SHARE_ORG, 41, &got)));
    assert_int_equal(PW_OK, CTX_LOOK(f, consent_check(c, amal, CONSENT_SHARE_ORG, 40, &got)));
    assert_int_equal(PW_OK, CTX_ACT(f, consent_withdraw(c, b))); /* what the person wants holds already */
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, consent_withdraw(c, b + 1)));
    struct consent *v;
    size_t count;
    assert_int_equal(PW_OK, CTX_LOOK(f, consent_list(c, amal, &v, &count)));
    assert_int_equal(2, count);
    assert_int_equal(b, v[0].id);
    assert_int_equal(f->now_ms, v[0].withdrawn_ms);
    assert_int_equal(CONSENT_SHARE_ORG, v[0].purpose);
    assert_int_equal(METHOD_ONLINE, v[0].method);
    assert_sv(v[0].lang, "fr");
}

static void consent_ends_on_its_date(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), doc = guidelines(f, false), id = 0, got = 0;
    struct consent n = yes(amal, doc, 1, "fr");
    n.expires_ms = f->now_ms + 1000;
    assert_int_equal(PW_OK, CTX_ACT(f, consent_give(c, &n, &id)));
    f->now_ms += 999;
    assert_int_equal(PW_OK, CTX_LOOK(f, consent_check(c, amal, CONSENT_SERVICE, 0, &got)));
    f->now_ms += 1;
    assert_int_equal(PW_DENIED, CTX_LOOK(f, consent_check(c, amal, CONSENT_SERVICE, 0, &got)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, consent_give(c, &n, &id))); /* ends in the past */
    n.expires_ms = 0;
    n.given_ms = f->now_ms + 1;
    assert_int_equal(PW_INVALID, CTX_ACT(f, consent_give(c, &n, &id))); /* begins in the future */
}

/* Only to a text that existed, in a language it was written in. */
static void consent_names_the_exact_text(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), doc = guidelines(f, false), id = 0;
    const struct consent bad[] = {yes(amal, 0, 0, "fr"), yes(amal, doc, 2, "fr"), yes(amal, doc, 1, "ar"),
                                  yes(amal, doc + 1, 1, "fr"), yes(amal, doc, 0, "fr")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(PW_INVALID, CTX_ACT(f, consent_give(c, &bad[i], &id)));
    struct consent n = yes(amal + 1, doc, 1, "fr");
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, consent_give(c, &n, &id)));
}

static void nobody_consents_for_another(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), noor = ctxfix_person(f, "Noor"), doc = guidelines(f, false), id = 0;
    struct consent n = yes(amal, doc, 1, "fr");
    f->actor = ctxfix_member(f, noor);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, consent_give(c, &n, &id)));
    f->actor = ctxfix_member(f, amal);
    assert_int_equal(PW_OK, CTX_ACT(f, consent_give(c, &n, &id)));
    f->actor = ctxfix_member(f, noor);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, consent_withdraw(c, id)));
    f->actor = &actor_anonymous;
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, consent_withdraw(c, id)));
    f->actor = ctxfix_staff(f, noor, NULL, 0);
    assert_int_equal(PW_OK, CTX_ACT(f, consent_withdraw(c, id)));
}

/* ---- notices, organisations, settings ---- */

static void notices_are_read_by_whom_they_are_for(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), noor = ctxfix_person(f, "Noor"), a = 0, b = 0;
    struct notice *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_ACT(f, notify(c, amal, "Hello {0} {1}", SV("Nour"), SV("x"), SV("/a"), &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, notify(c, amal, "Second", SV(""), SV(""), SV(""), &b)));
    static const char *const bad[] = {"https://elsewhere.example", "//elsewhere.example", "a"};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(PW_INVALID, CTX_ACT(f, notify(c, amal, "x", SV(""), SV(""), sv_of(bad[i]), NULL)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, notify(c, 5, "x", SV(""), SV(""), SV("/"), NULL)));
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, noor, 0, 10, &v, &n)));
    assert_int_equal(0, n);
    assert_int_equal(PW_OK, CTX_ACT(f, notice_read(c, noor, INT64_MAX)));
    f->now_ms += 10;
    assert_int_equal(PW_OK, CTX_ACT(f, notice_read(c, amal, a)));
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, amal, 0, 10, &v, &n)));
    assert_int_equal(2, n);
    assert_sv(v[0].msgid, "Second");
    assert_int_equal(0, v[0].read_ms);
    assert_sv(v[1].arg0, "Nour");
    assert_sv(v[1].path, "/a");
    assert_int_equal(f->now_ms, v[1].read_ms);
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, amal, 0, 1, &v, &n)));
    assert_int_equal(1, n);
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, amal, v[0].id, 10, &v, &n))); /* the page after it */
    assert_int_equal(1, n);
    assert_int_equal(a, v[0].id);
    assert_int_equal(PW_INVALID, CTX_LOOK(f, notice_list(c, amal, 0, 0, &v, &n)));
}

/* CNS-8: a name in a notice is whatever it is now, and goes with the person */
static void notices_keep_no_name(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), noor = ctxfix_person(f, "Noor");
    struct person_new renamed = {.display_name = SV("Nour"), .lang = SV("fr")};
    struct notice *v;
    size_t n;
    assert_int_equal(PW_OK, CTX_ACT(f, notify_about(c, amal, noor, "{0} waits.", (struct sv){0}, SV("/a"))));
    assert_int_equal(PW_OK, CTX_ACT(f, notify_about(c, amal, noor, "At {0}: {1}.", SV("nine"), SV("/b"))));
    assert_int_equal(PW_OK, CTX_ACT(f, person_set(c, noor, &renamed)));
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, amal, 0, 10, &v, &n)));
    assert_sv(v[1].arg0, "Nour");
    assert_sv(v[0].arg0, "nine");
    assert_sv(v[0].arg1, "Nour");
    assert_int_equal(PW_OK, CTX_ACT(f, person_erase(c, noor)));
    assert_int_equal(PW_OK, CTX_LOOK(f, notice_list(c, amal, 0, 10, &v, &n)));
    assert_int_equal(2, n);
    assert_int_equal(noor, v[1].about);
    assert_int_equal(0, v[1].arg0.n);
    assert_int_equal(0, v[0].arg1.n);
    assert_sv(v[0].arg0, "nine");
}

/* PPL-7: a volunteer without organisation is one */
static void organisations_and_settings(void **state)
{
    struct ctxfix *f = *state;
    int64_t id = 0;
    struct org got,
        o = {.kind = ORG_SOLO, .name = SV("  Amal  "), .url = SV("https://example.org/x"), .lang = SV("ar")};
    assert_int_equal(PW_OK, CTX_ACT(f, org_create(c, &o, &id)));
    assert_int_equal(PW_OK, CTX_LOOK(f, org_get(c, id, &got)));
    assert_sv(got.name, "Amal");
    assert_int_equal(ORG_SOLO, got.kind);
    assert_int_equal(CTXFIX_NOW, got.created_ms);
    o = (struct org){.kind = ORG_AGENCY, .name = SV("Agence"), .lang = SV("fr")};
    assert_int_equal(PW_OK, CTX_ACT(f, org_set(c, id, &o)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, org_set(c, id + 1, &o)));
    struct org *all;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(f, org_list(c, &all, &n)));
    assert_int_equal(1, n);
    assert_int_equal(ORG_AGENCY, all[0].kind);
    static const char *const urls[] = {"javascript:alert(1)", "ftp://example.org", "https://a b", "https://x\"y.org",
                                       "https:"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        o.url = sv_of(urls[i]);
        assert_int_equal(PW_INVALID, CTX_ACT(f, org_create(c, &o, &id)));
        assert_non_null(problem_of(&f->problems, "url"));
    }
    o = (struct org){.kind = ORG_AGENCY};
    assert_int_equal(PW_INVALID, CTX_ACT(f, org_create(c, &o, &id)));
    o = (struct org){.kind = ORG__MAX, .name = SV("x")};
    assert_int_equal(PW_INVALID, CTX_ACT(f, org_create(c, &o, &id)));

    struct sv value = SV("untouched");
    assert_int_equal(PW_OK, CTX_LOOK(f, setting_get(c, "network.name", &value)));
    assert_int_equal(0, value.n);
    assert_int_equal(PW_OK, CTX_ACT(f, setting_set(c, "network.name", SV("Réseau"))));
    assert_int_equal(PW_OK, CTX_ACT(f, setting_set(c, "network.name", SV("Réseau 2"))));
    assert_int_equal(PW_OK, CTX_LOOK(f, setting_get(c, "network.name", &value)));
    assert_sv(value, "Réseau 2");
    struct audit_row *rows;
    assert_int_equal(PW_OK, CTX_LOOK(f, audit_list(c, "setting", 0, 0, 10, &rows, &n)));
    assert_int_equal(2, n);
    assert_sv(rows[0].detail, "key=network.name");
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        CORE_TEST(every_statement_is_well),
        CORE_TEST(a_changed_source_puts_translations_out_of_date),
        CORE_TEST(the_source_may_move_to_another_language),
        CORE_TEST(what_cannot_be_written_is_said),
        CORE_TEST(consent_holds_for_its_purpose_and_recipient_until_withdrawn),
        CORE_TEST(consent_ends_on_its_date),
        CORE_TEST(consent_names_the_exact_text),
        CORE_TEST(nobody_consents_for_another),
        CORE_TEST(notices_are_read_by_whom_they_are_for),
        CORE_TEST(notices_keep_no_name),
        CORE_TEST(organisations_and_settings),
    };
    return cmocka_run_group_tests_name("core texts and consent", tests, NULL, NULL);
}
