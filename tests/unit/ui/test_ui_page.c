/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui_fixture.h"

#include "ui/component.h"
#include "ui/markdown.h"
#include "views_ui.h"

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"
#define RLO "\xe2\x80\xae"

static void words_are_escaped(void **state)
{
    struct fix *f = *state;
    static const char *const rows[][2] = {
        {"a <b>&\"'", "a &lt;b&gt;&amp;&quot;&#39;"},
        {"", ""},
        {"سلام é 🙂", "سلام é 🙂"},
        {"a\x01\x7f\nb\t", "a\nb\t"},
        {"\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, /* a surrogate */
        /* LANG-2: nobody's words reorder the page around them */
        {"a" RLO "gpj.exe", "agpj.exe"},
        {"a" PDI "b", "ab"},
        {FSI "a", FSI "a" PDI},
        {FSI "a" PDI "b", FSI "a" PDI "b"},
        {"\xe2\x81\xa6\xe2\x81\xa7x" PDI, "\xe2\x81\xa6\xe2\x81\xa7x" PDI PDI},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct page pg = page_in(f, "fr");
        html_text(&pg, sv_of(rows[i][0]));
        assert_sv(rows[i][1], buf_sv(&f->out));
    }
}

static void only_our_kind_of_url_is_written(void **state)
{
    struct fix *f = *state;
    static const char *const good[] = {"/",
                                       "/a?b=1&c=2#d",
                                       "#f-x",
                                       "?lang=ar",
                                       "https://example.org/",
                                       "HTTP://x",
                                       "mailto:a@example.org",
                                       "tel:+18195550142"};
    static const char *const bad[] = {"",
                                      "//evil.example",
                                      "/\\evil.example",
                                      "\\\\evil",
                                      "javascript:alert(1)",
                                      " javascript:alert(1)",
                                      "/\t/evil.example",
                                      "/\n/evil",
                                      "data:text/html,x",
                                      "a/b",
                                      "https://",
                                      "http:",
                                      "vbscript:x",
                                      "/a b",
                                      "\x01https://x",
                                      "/a\x7f"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(href_ok(sv_of(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(href_ok(sv_of(bad[i])));
    struct page pg = page_in(f, "fr");
    html_href(&pg, SV("javascript:alert(1)"));
    html_href(&pg, SV("/a?b&\"c"));
    assert_sv("#/a?b&amp;&quot;c", buf_sv(&f->out));
}

/* LANG-2 */
static void arguments_are_isolated(void **state)
{
    struct fix *f = *state;
    struct page pg = page_in(f, "fr");
    html_t(&pg, "Hello {0}", &SV("<نور>"), 1);
    assert_sv("Bonjour <bdi>&lt;نور&gt;</bdi>", buf_sv(&f->out));
    pg = page_in(f, "fr");
    html_t_flat(&pg, "Hello {0}", &SV("\"نور"), 1);
    assert_sv("Bonjour " FSI "&quot;نور" PDI, buf_sv(&f->out));
    pg = page_in(f, "fr");
    html_t_flat(&pg, "Hello {0}", &SV("Nour"), 1);
    assert_sv("Bonjour Nour", buf_sv(&f->out));
    pg = page_in(f, "fr");
    html_t(&pg, "{0} <b>&", &SV("x"), 1); /* what translators write is text, too */
    assert_sv("<bdi>x</bdi> &lt;i&gt;&amp;", buf_sv(&f->out));
    const struct catalog *ar = catalog_of(f->cs, SV("ar"));
    assert_sv("مرحبًا " FSI "Jean" PDI, text_t(ar, &f->a, "Hello {0}", &SV("Jean"), 1));
    assert_sv("مرحبًا https://a.example/b", text_t(ar, &f->a, "Hello {0}", &SV("https://a.example/b"), 1));
    assert_sv("مرحبًا " FSI "+1 819" PDI, text_t(ar, &f->a, "Hello {0}", &SV("+1 819"), 1));
    assert_sv("مرحبًا نور", text_t(ar, &f->a, "Hello {0}", &SV("نور"), 1));
    assert_sv("مرحبًا ", text_t(ar, &f->a, "Hello {0}", NULL, 0));
    assert_sv("{9} {x} { ", text_t(ar, &f->a, "{9} {x} { ", NULL, 0));
    assert_sv("a {0} b", text_t(catalog_of(f->cs, SV("en")), &f->a, "{0}", &SV("a {0} b"), 1)); /* not read twice */
}

static void numbers_are_the_readers(void **state)
{
    struct fix *f = *state;
    static const struct {
        const char *lang;
        int64_t v;
        const char *want;
    } rows[] = {
        {"en", 0, "0"},
        {"en", 7, "7"},
        {"en", 42, "42"},
        {"en", 999, "999"},
        {"en", 1234567, "1,234,567"},
        {"en", -5, "-5"},
        {"fr", 12846,
         "12\xc2\xa0"
         "846"},
        {"ar", 120, "١٢٠"},
        {"ar", 1846, "١٬٨٤٦"},
        {"en", INT64_MIN, "-9,223,372,036,854,775,808"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct page pg = page_in(f, rows[i].lang);
        html_int(&pg, rows[i].v);
        assert_sv(rows[i].want, buf_sv(&f->out));
    }
    struct page pg = page_in(f, "ar");
    html_dec(&pg, 1846);
    html_n(&pg, "{0} file|{0} files", 5);
    assert_sv("1846٥ ملفات", buf_sv(&f->out));
    assert_sv("ملفان", text_n(pg.cat, &f->a, "{0} file|{0} files", 2));
}

/* ---- components ---- */

static void a_field_says_what_is_wrong_and_keeps_what_was_typed(void **state)
{
    struct fix *f = *state;
    struct page pg = page_in(f, "en");
    struct problems ps = {0};
    pg.problems = &ps;
    (void)problem_add_arg(&ps, "title", "Hello {0}", SV("<x>"));
    ui_field_text(
        &pg, &(struct ui_text){.f = {.name = "title", .label = "Title", .hint = "Short"}, .value = SV("\"><script>")});
    const char *html = arena_z(&f->a, buf_sv(&f->out));
    assert_non_null(strstr(html, "<label class=\"label\" for=\"f-title\"><bdi>Title</bdi>"));
    assert_non_null(strstr(html, "value=\"&quot;&gt;&lt;script&gt;\""));
    assert_non_null(strstr(html, "aria-describedby=\"h-title e-title\""));
    assert_non_null(strstr(html, "aria-invalid=\"true\""));
    assert_non_null(strstr(html, "Hello <bdi>&lt;x&gt;</bdi>"));
    assert_null(strstr(html, "<script>"));
    pg = page_in(f, "en");
    ui_field_area(&pg, &(struct ui_area){.f = {.name = "body", .label = "Body", .optional = true},
                                         .value = SV("\na</textarea>")});
    html = arena_z(&f->a, buf_sv(&f->out));
    assert_non_null(strstr(html, ">\n\na&lt;/textarea&gt;</textarea>")); /* browsers drop the first line end */
    assert_null(strstr(html, "required"));
}

/* The summary stands above the form, yet it names the fields as the form does, each once. */
static void the_summary_names_each_field(void **state)
{
    struct fix *f = *state;
    struct page pg = page_in(f, "en");
    struct problems ps = {0};
    pg.problems = &ps;
    (void)problem_add(&ps, "login", "Please fill this in."); /* found first, stands second */
    (void)problem_add(&ps, "code", "Please fill this in.");
    (void)problem_add(&ps, "code", "Type twelve digits.");
    (void)problem_add(&ps, "elsewhere", "Not on this page.");
    (void)problem_add(&ps, NULL, "Try again.");
    layout_begin(&pg);
    html_raw(&pg, SV("<h1>Start</h1>"));
    ui_field_text(&pg, &(struct ui_text){.f = {.name = "code", .label = "Code <1>"}});
    ui_field_text(&pg, &(struct ui_text){.f = {.name = "login", .label = "Name"}});
    layout_end(&pg);
    const char *html = arena_z(&f->a, buf_sv(&f->out)), *summary = strstr(html, "id=\"summary\"");
    assert_non_null(summary);
    assert_true(summary > strstr(html, "<main") && summary < strstr(html, "<h1>Start"));
    assert_non_null(strstr(summary, "<a href=\"#f-code\"><bdi>Code &lt;1&gt;</bdi> – Please fill this in.</a>"));
    assert_non_null(strstr(summary, "<a href=\"#f-login\"><bdi>Name</bdi> – Please fill this in.</a>"));
    assert_true(strstr(summary, "#f-code") < strstr(summary, "#f-login"));
    assert_null(strstr(html, "Type twelve digits."));
    assert_non_null(strstr(summary, "<a href=\"#f-elsewhere\">Not on this page.</a>"));
    assert_non_null(strstr(summary, "<li>Try again.</li>"));
    assert_non_null(strstr(html, "</body>")); /* what stood behind it stays behind it */
}

static void the_language_switch_keeps_the_path(void **state)
{
    struct fix *f = *state;
    struct page pg = page_in(f, "fr");
    pg.path = SV("/inbox");
    assert_sv("/inbox?lang=ar", ui_lang_url(&pg, SV("ar")));
    pg.path = SV("/inbox?mine");
    assert_sv("/inbox?mine&lang=ar", ui_lang_url(&pg, SV("ar")));
    pg.path = SV("/inbox/3");
    assert_true(ui_nav_open(&pg, &(struct page_nav){.path = "/inbox"}));
    assert_false(ui_nav_open(&pg, &(struct page_nav){.path = "/in"}));
    assert_false(ui_nav_open(&pg, &(struct page_nav){.path = "/"}));
}

/* LANG-2: a telephone number inside Arabic words is read in its own order */
static void numbers_inside_words_keep_their_order(void **state)
{
    struct fix *f = *state;
    static const char *const rows[][2] = {
        {"رقمي 819-555-0142.", "رقمي <bdi dir=\"ltr\">819-555-0142</bdi>."},
        {"+1 819-555-0142", "<bdi dir=\"ltr\">+1 819-555-0142</bdi>"},
        {"(819) 555-0142, 2", "<bdi dir=\"ltr\">(819) 555-0142</bdi>, 2"},
        {"2026-04-17 <b>", "<bdi dir=\"ltr\">2026-04-17</bdi> &lt;b&gt;"},
        {"123456 3 + (", "<bdi dir=\"ltr\">123456 3</bdi> + ("},
        {"12 3-4 + (", "12 3-4 + ("},
        {"", ""},
        {"\n a", "\n a"},
        {"(((((1", "(((((1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct page pg = page_in(f, "ar");
        ui_words(&pg, sv_of(rows[i][0]));
        assert_sv(rows[i][1], buf_sv(&f->out));
    }
}

static void charts_begin_at_zero_and_hide_small_numbers(void **state)
{
    struct fix *f = *state;
    struct ui_point v[] = {
        {SV("a"), 31, 20, 47, 0, false}, {SV("b"), 12, 0, 0, 0, false}, {SV("secret"), 3, 0, 0, 3, true}};
    struct ui_chart c = {.title = "T", .value_label = "V", .label_label = "L", .v = v, .n = 3};
    assert_true(ui_chart_top(&c) == 50);
    assert_int_equal(0, ui_scale(0, 50, 500));
    assert_int_equal(310, ui_scale(31, 50, 500));
    assert_int_equal(500, ui_scale(1e300, 50, 500));
    assert_int_equal(0, ui_scale(-3, 50, 500));
    assert_true(ui_chart_top(&(struct ui_chart){0}) == 1);
    struct page pg = page_in(f, "en");
    pg.dir = SV("ltr");
    ui_chart_bars(&pg, &c);
    const char *html = arena_z(&f->a, buf_sv(&f->out));
    assert_non_null(strstr(html, "&lt;5"));
    assert_null(strstr(html, ">3<"));                            /* neither in the picture nor in the table */
    assert_sv("0,61 50,122", ui_line_points(&pg, &c, 100, 160)); /* the hidden one is not drawn */
    pg.dir = SV("rtl");
    assert_int_equal(100, ui_line_x(&pg, &c, 0, 100));
    assert_int_equal(0, ui_line_x(&pg, &c, 2, 100));
}

/* ---- documents ---- */

static void documents_become_safe_html(void **state)
{
    struct fix *f = *state;
    static const char *const rows[][2] = {
        {"# A\n\n### B", "<h2 dir=\"auto\">A</h2>\n<h3 dir=\"auto\">B</h3>\n"},
        {"a **b** `<c>`", "<p dir=\"auto\">a <strong>b</strong> <code>&lt;c&gt;</code></p>\n"},
        {"<script>alert(1)</script>", "<p dir=\"auto\">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
        {"[x](javascript:alert(1))", "<p dir=\"auto\">x</p>\n"},
        {"[x](JAVASCRIPT&colon;alert)", "<p dir=\"auto\">x</p>\n"},
        {"[x](//evil.example)", "<p dir=\"auto\">x</p>\n"},
        {"[x](/a\"b)", "<p dir=\"auto\"><a rel=\"noreferrer noopener\" href=\"/a&quot;b\">x</a></p>\n"},
        {"![secret](https://spy.example/1.gif)", "<p dir=\"auto\">secret</p>\n"},
        {"a&#x202e;b &#60; &amp; &nope;", "<p dir=\"auto\">ab &lt; &amp; &nope;</p>\n"},
        {"&#0; &#1114112;", "<p dir=\"auto\">\xef\xbf\xbd \xef\xbf\xbd</p>\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct html html;
        assert_int_equal(PW_OK, markdown_html(&f->a, sv_of(rows[i][0]), &html));
        assert_sv(rows[i][1], html.s);
    }
    char *big = calloc(1, MARKDOWN_MAX + 1);
    assert_non_null(big);
    memset(big, '>', MARKDOWN_MAX + 1);
    struct html html;
    assert_int_equal(PW_INVALID, markdown_html(&f->a, (struct sv){big, MARKDOWN_MAX + 1}, &html));
    free(big);
    struct sv plain;
    assert_int_equal(PW_OK, markdown_plain(&f->a, SV("# A\n\n- b **c**\n- [d](https://e.example)\n"), &plain));
    assert_sv("A\n- b c\n- d (https://e.example)\n", plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_escaped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_our_kind_of_url_is_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(arguments_are_isolated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_are_the_readers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_field_says_what_is_wrong_and_keeps_what_was_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_summary_names_each_field, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_language_switch_keeps_the_path, set_up, tear_down),
        cmocka_unit_test_setup_teardown(numbers_inside_words_keep_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(charts_begin_at_zero_and_hide_small_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(documents_become_safe_html, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
