/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui_fixture.h"

#include "ui/po.h"

static void refused(struct fix *f, const char *text, int64_t want_line)
{
    struct po_file file;
    int64_t line = 0;
    const char *why = NULL;
    assert_int_equal(PW_INVALID, po_read(&f->a, sv_of(text), &file, &line, &why));
    assert_int_equal(want_line, line);
    assert_non_null(why);
}

static void po_is_read(void **state)
{
    struct fix *f = *state;
    struct po_file file;
    int64_t line = 0;
    const char *why = NULL;
    const char *text =
        "# c\nmsgid \"\"\nmsgstr \"A: b\\n\"\n\"X-Locale:  fr-CA \\n\"\n\n#: a.c:1\nmsgid \"a\\\"\\\\\\t\"\n"
        "msgstr \"\"\n\"x\"\n\"y\\n\"\n#, fuzzy\nmsgid \"b\"\nmsgstr \"B\"\n\nmsgid \"c\"\r\nmsgstr \"C\"";
    assert_int_equal(PW_OK, po_read(&f->a, sv_of(text), &file, &line, &why));
    assert_int_equal(2, file.n);
    assert_sv("a\"\\\t", file.v[0].id);
    assert_sv("xy\n", file.v[0].form[0]);
    assert_int_equal(7, file.v[0].line);
    assert_sv("C", file.v[1].form[0]); /* the fuzzy one is left out */
    assert_sv("fr-CA", po_header(&file, "x-locale"));
    assert_sv("", po_header(&file, "B"));
    assert_int_equal(PW_OK, po_read(&f->a, SV(""), &file, &line, &why));
    assert_int_equal(0, file.n);
}

static void broken_po_is_refused_with_its_line(void **state)
{
    struct fix *f = *state;
    refused(f, "msgid \"a\"\n", 2);
    refused(f, "msgstr \"a\"\n", 1);
    refused(f, "msgid \"a\"\nmsgstr \"b\n", 2);
    refused(f, "msgid \"a\"\nmsgstr \"b\\x\"\n", 2);
    refused(f, "msgid \"a\"\nmsgstr \"b\\\"\n", 2);
    refused(f, "msgid \"a\"b\"\nmsgstr \"\"\n", 1);
    refused(f, "msgctxt \"a\"\nmsgid \"a\"\nmsgstr \"b\"\n", 1);
    refused(f, "\"a\"\n", 1);
    refused(f, "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr \"b\"\n", 3);
    refused(f, "msgid \"a\"\nmsgstr[0] \"b\"\n", 2);
    refused(f, "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"b\"\nmsgstr[2] \"b\"\n", 4);
    refused(f, "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[6] \"b\"\n", 3);
    refused(f, "msgid \"a\"\nmsgstr \"\xff\"\n", 0);
}

/* LANG-1 */
static void sentences_fall_back_to_english(void **state)
{
    struct fix *f = *state;
    const struct catalog *fr = catalog_of(f->cs, SV("fr"));
    assert_sv("Bonjour {0}", catalog_get(fr, "Hello {0}"));
    size_t before = catalog_missing(fr);
    assert_sv("Never said", catalog_get(fr, "Never said"));
    assert_int_equal(before + 1, catalog_missing(fr));
    assert_sv("Hello {0}", catalog_get(catalog_of(f->cs, SV("en")), "Hello {0}"));
    assert_int_equal(0, catalog_missing(catalog_of(f->cs, SV("en"))));
    assert_sv("", catalog_get(fr, ""));
}

/* LANG-1: the plural rules of each language */
static void plurals(void **state)
{
    struct fix *f = *state;
    static const struct {
        const char *lang;
        int64_t count;
        const char *want;
    } rows[] = {
        {"fr", 0, "{0} fichier"},  {"fr", 1, "{0} fichier"},
        {"fr", 2, "{0} fichiers"}, {"fr", 1000000, "{0} de fichiers"},
        {"en", 0, "{0} files"},    {"en", 1, "{0} file"},
        {"en", 2, "{0} files"},    {"ar", 0, "{0} ملف"}, /* an empty form: the other one */
        {"ar", 1, "ملف واحد"},     {"ar", 2, "ملفان"},
        {"ar", 3, "{0} ملفات"},    {"ar", 10, "{0} ملفات"},
        {"ar", 11, "{0} ملفًا"},    {"ar", 99, "{0} ملفًا"},
        {"ar", 100, "{0} ملف"},    {"ar", 103, "{0} ملفات"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_sv(rows[i].want,
                  catalog_plural(catalog_of(f->cs, sv_of(rows[i].lang)), "{0} file|{0} files", rows[i].count));
    assert_sv("b", catalog_plural(catalog_of(f->cs, SV("fr")), "a|b", 5));
    assert_sv("plain", catalog_plural(catalog_of(f->cs, SV("fr")), "plain", 5));
}

static void languages_are_listed_with_their_own_names(void **state)
{
    struct fix *f = *state;
    struct sv codes[4], names[4];
    assert_int_equal(3, catalog_list(f->cs, codes, names, 4));
    assert_sv("fr", codes[0]);
    assert_sv("Français", names[0]);
    assert_sv("English", names[1]);
    assert_sv("العربية", names[2]);
    assert_int_equal(1, catalog_list(f->cs, codes, names, 1));
    assert_true(catalog_rtl(catalog_of(f->cs, SV("ar"))));
    assert_false(catalog_rtl(catalog_of(f->cs, SV("fr"))));
    assert_true(catalog_has(f->cs, SV("fr-CA")));
    assert_false(catalog_has(f->cs, SV("de")));
    assert_false(catalog_has(f->cs, SV("")));
    assert_sv("fr", catalog_lang(catalog_of(f->cs, SV("de"))));
    assert_sv("ar", catalog_lang(catalog_of(f->cs, SV("AR-SY"))));
}

static void browsers_are_understood(void **state)
{
    struct fix *f = *state;
    static const char *const rows[][2] = {
        {"fr-CA,fr;q=0.9,en;q=0.8", "fr"},
        {"en-US,en;q=0.5", "en"},
        {"de,ar;q=0.3", "ar"},
        {"de", ""},
        {"", ""},
        {"fr;q=0.2, en ; q=0.7", "en"},
        {"ar;q=0, en;q=0.1", "en"},
        {"fr;q=2, en", "en"},
        {"*", ""},
        {";;;,,,q=1", ""},
        {"fr;q=abc,en;q=0.001", "en"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_sv(rows[i][1], catalog_negotiate(f->cs, sv_of(rows[i][0])));
}

/* LANG-1: a new language is a file, no rebuild; files of other rooms are merged */
static void another_language_is_a_file(void **state)
{
    struct fix *f = *state;
    struct catalogs *cs = NULL;
    struct sv why = {0};
    put_file(f, "y.de.po", "msgid \"Hello {0}\"\nmsgstr \"Guten Tag {0}\"\n");
    put_file(f, "y.fr.po", "msgid \"Bye\"\nmsgstr \"Au revoir\"\n\nmsgid \"Hello {0}\"\nmsgstr \"Salut {0}\"\n");
    put_file(f, "note.txt", "not words");
    assert_int_equal(PW_OK, catalogs_load(sv_of(f->dir), &cs, &why, &f->a));
    assert_sv("Guten Tag {0}", catalog_get(catalog_of(cs, SV("de")), "Hello {0}"));
    assert_sv("Au revoir", catalog_get(catalog_of(cs, SV("fr")), "Bye"));
    assert_sv("Bonjour {0}", catalog_get(catalog_of(cs, SV("fr")), "Hello {0}"));
    catalogs_free(cs);
}

static void what_is_wrong_is_named(void **state)
{
    struct fix *f = *state;
    struct catalogs *cs = NULL;
    struct sv why = {0};
    put_file(f, "y.fr.po", "msgid \"a\"\nmsgstr b\n");
    assert_int_equal(PW_INVALID, catalogs_load(sv_of(f->dir), &cs, &why, &f->a));
    assert_true(sv_starts(why, SV("y.fr.po:2: ")));
    put_file(f, "y.fr.po", "msgid \"\"\nmsgstr \"X-Plural-Keywords: one, several\\n\"\n");
    assert_int_equal(PW_INVALID, catalogs_load(sv_of(f->dir), &cs, &why, &f->a));
    put_file(f, "y.fr.po", "msgid \"a\"\nmsgid_plural \"b\"\nmsgstr[0] \"c\"\n"); /* the header names no keyword */
    assert_int_equal(PW_INVALID, catalogs_load(sv_of(f->dir), &cs, &why, &f->a));
    assert_int_equal(PW_UNAVAILABLE, catalogs_load(SV("/nowhere/at/all"), &cs, &why, &f->a));
    assert_null(cs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(po_is_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_po_is_refused_with_its_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(sentences_fall_back_to_english, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plurals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(languages_are_listed_with_their_own_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(browsers_are_understood, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_language_is_a_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_named, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
