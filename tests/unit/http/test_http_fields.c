/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "http/fields.h"

static const char *const colours[] = {"red", "green", NULL};
static const struct field all[] = {
    {"text", FIELD_TEXT, FIELD_REQUIRED, 2, 5, NULL, ""},
    {"lines", FIELD_LINES, 0, 0, 0, NULL, ""},
    {"secret", FIELD_SECRET, 0, 0, 0, NULL, ""},
    {"int", FIELD_INT, 0, 1, 99, NULL, ""},
    {"id", FIELD_ID, 0, 0, 0, NULL, ""},
    {"bool", FIELD_BOOL, 0, 0, 0, NULL, ""},
    {"choice", FIELD_CHOICE, 0, 0, 0, colours, ""},
    {"choices", FIELD_CHOICES, 0, 0, 0, colours, ""},
    {"free", FIELD_CHOICES, 0, 0, 2, NULL, ""},
    {"time", FIELD_TIME, 0, 0, 0, NULL, ""},
    {"date", FIELD_DATE, 0, 0, 0, NULL, ""},
    {"file", FIELD_FILE, 0, 0, 10, NULL, ""},
    {"typed", FIELD_LINES, FIELD_AS_TYPED, 0, 0, NULL, ""},
    {0},
};
enum { TEXT, LINES, SECRET, INT, ID, BOOL, CHOICE, CHOICES, FREE, TIME, DATE, A_FILE, TYPED };

struct fix {
    struct arena a;
    struct problems ps;
    struct http_value *v;
};

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    arena_init(&f->a, 4 * 1024 * 1024);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    arena_finish(&f->a);
    free(f);
    return 0;
}

static struct http_value *check(struct fix *f, const char *query)
{
    struct form form;
    f->ps.n = 0;
    assert_int_equal(form_urlencoded(&f->a, sv_of(query), &form), PW_OK);
    assert_int_equal(fields_check(&f->a, all, &form, 100, &f->ps, &f->v), PW_OK);
    return f->v;
}

static struct http_value *check_json(struct fix *f, const char *body)
{
    struct form form;
    f->ps.n = 0;
    assert_int_equal(fields_of_json(&f->a, all, sv_of(body), &f->ps, &form), PW_OK);
    assert_int_equal(fields_check(&f->a, all, &form, 100, &f->ps, &f->v), PW_OK);
    return f->v;
}

static void problem_is(struct fix *f, const char *field, const char *words, const char *arg)
{
    const struct problem *p = problem_of(&f->ps, field);
    assert_non_null(p);
    assert_non_null(strstr(p->msgid, words));
    assert_true(sv_eq(p->arg, sv_of(arg)));
}

static void texts(void **state)
{
    struct fix *f = *state;
    struct http_value *v = check(f, "text=++e%CC%81a%01b++&lines=+%0D%0Aone%0D%0Atwo%09x+%0A&secret=+p+");
    assert_int_equal(f->ps.n, 0);
    assert_true(sv_eq(v[TEXT].text, SV("\xc3\xa9"
                                       "ab"))); /* trimmed, NFC, control character gone */
    assert_true(sv_eq(v[LINES].text, SV("one\ntwo x")));
    assert_true(sv_eq(v[SECRET].text, SV(" p ")));
    assert_true(v[TEXT].given && !v[INT].given && !v[A_FILE].given);

    v = check(f, "text=abcdef");
    problem_is(f, "text", "at most {0}", "5");
    assert_true(sv_eq(v[TEXT].text, SV("abcdef"))); /* shown again as typed */
    check(f, "text=%C3%A9");                        /* characters, not bytes */
    problem_is(f, "text", "at least {0}", "2");
    check(f, "text=+%20+");
    problem_is(f, "text", "fill this in", "");
    check(f, "");
    problem_is(f, "text", "fill this in", "");
    assert_int_equal(f->ps.n, 1);
    v = check(f, "text=ab&typed=%09a%09b%0D%0A1%09+2%01+");
    assert_true(sv_eq_z(v[TYPED].text, "\ta\tb\n1\t 2 ")); /* a pasted table keeps its columns */
}

static void text_garbage(void **state)
{
    struct fix *f = *state;
    static const char *const bad[] = {"text=%80%80", "text=ab%C3", "text=%ED%A0%80", "text=%C0%AF",
                                      "text=%F5%80%80%80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_value *v = check(f, bad[i]);
        problem_is(f, "text", "UTF-8", "");
        assert_int_equal(v[TEXT].text.n, 0);
    }
    check(f, "text=abc&secret=a%0Ab");
    problem_is(f, "secret", "", "");
}

static void numbers(void **state)
{
    struct fix *f = *state;
    assert_int_equal(check(f, "text=abc&int=+42+")[INT].i, 42);
    assert_int_equal(check(f, "text=abc&int=%D9%A4%D9%A2")[INT].i, 42); /* as typed in Arabic */
    assert_int_equal(check(f, "text=abc&int=%DB%B4%DB%B2")[INT].i, 42); /* in Persian */
    assert_int_equal(f->ps.n, 0);
    assert_false(check(f, "text=abc&int=")[INT].given);
    assert_int_equal(f->ps.n, 0);
    static const char *const bad[] = {"text=abc&int=0",   "text=abc&int=100", "text=abc&int=4x",
                                      "text=abc&int=1e3", "text=abc&int=-1",  "text=abc&int=99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check(f, bad[i]);
        problem_is(f, "int", "whole number", "1 – 99");
    }
}

static void ids_and_choices(void **state)
{
    struct fix *f = *state;
    char query[100], shown[ID_TEXT + 1];
    int64_t id = id_new();
    id_text(id, shown);
    snprintf(query, sizeof query, "text=abc&id=%s", shown);
    assert_true(check(f, query)[ID].i == id);
    check(f, "text=abc&id=17");
    problem_is(f, "id", "13 characters", "");
    struct http_value *v = check(f, "text=abc&choice=red&choices=green&choices=red&choices=green&bool=on");
    assert_int_equal(f->ps.n, 0);
    assert_true(sv_eq(v[CHOICE].text, SV("red")));
    assert_int_equal(v[CHOICES].n_many, 2);
    assert_true(sv_eq(v[CHOICES].many[1], SV("red")));
    assert_int_equal(v[BOOL].i, 1);
    assert_int_equal(check(f, "text=abc&bool=0")[BOOL].i, 0);
    check(f, "text=abc&bool=maybe");
    problem_is(f, "bool", "yes or no", "");
    v = check(f, "text=abc&choice=blue&choices=red&choices=blue");
    problem_is(f, "choice", "one of these", "red, green");
    problem_is(f, "choices", "one of these", "red, green");
    assert_int_equal(v[CHOICE].text.n, 0);
    check(f, "text=abc&free=a&free=b&free=c");
    problem_is(f, "free", "at most {0}", "2");
    assert_int_equal(check(f, "text=abc&free=a&free=&free=b")[FREE].n_many, 2);
}

static void times(void **state)
{
    struct fix *f = *state;
    static const char *const good[] = {"2026-02-13T16:59", "2024-02-29T00:00:59", "2026-02-13T16:59:00Z",
                                       "2026-02-13T16:59:00.120Z", "2026-02-13T16:59%2B03:30"};
    static const char *const bad[] = {
        "2026-02-13",       "2026-02-30T10:00",   "2025-02-29T10:00",    "2026-13-01T10:00",
        "2026-02-13T24:00", "2026-02-13T10:60",   "26-02-13T10:00",      "tomorrow",
        "2026-02-13T1:00",  "2026-02-13T10:00Zx", "2026-02-13T10:00:00."};
    char query[100];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        snprintf(query, sizeof query, "text=abc&time=%s", good[i]);
        check(f, query);
        assert_int_equal(f->ps.n, 0);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(query, sizeof query, "text=abc&time=%s", bad[i]);
        check(f, query);
        problem_is(f, "time", "2026-02-13T16:59", "");
    }
    check(f, "text=abc&date=2024-02-29");
    assert_int_equal(f->ps.n, 0);
    check(f, "text=abc&date=2024-02-29T10:00");
    problem_is(f, "date", "2026-02-13", "");
}

static void file_case(struct fix *f, struct form_pair p)
{
    struct form_pair pairs[] = {{.name = SV("text"), .value = SV("abc")}, p};
    struct form form = {pairs, 2, 2};
    f->ps.n = 0;
    pairs[1].name = SV("file");
    assert_int_equal(fields_check(&f->a, all, &form, 100, &f->ps, &f->v), PW_OK);
}

static void files(void **state)
{
    struct fix *f = *state;
    file_case(f, (struct form_pair){.kind = FORM_FILE,
                                    .value = SV("0123456789"),
                                    .file_name = SV("../../etc/a\"b.txt"),
                                    .type = SV("text/plain")});
    assert_int_equal(f->ps.n, 0);
    assert_true(f->v[A_FILE].given && f->v[A_FILE].file.bytes.n == 10);
    assert_true(sv_eq(f->v[A_FILE].file.name, SV("a\"b.txt")));
    file_case(f, (struct form_pair){.kind = FORM_FILE, .value = SV("0123456789x"), .file_name = SV("a")});
    problem_is(f, "file", "at most {0}", "10 B");
    file_case(f, (struct form_pair){.kind = FORM_FILE});
    assert_int_equal(f->ps.n, 0);
    assert_false(f->v[A_FILE].given);
    file_case(f, (struct form_pair){.kind = FORM_FILE, .file_name = SV("a")});
    problem_is(f, "file", "empty", "");
    file_case(f, (struct form_pair){.kind = FORM_VALUE, .value = SV("x")});
    problem_is(f, "file", "attach", "");
    /* a file where text is wanted */
    struct form_pair pairs[] = {{.kind = FORM_FILE, .name = SV("text"), .value = SV("abc"), .file_name = SV("a")}};
    struct form form = {pairs, 1, 1};
    f->ps.n = 0;
    assert_int_equal(fields_check(&f->a, all, &form, 100, &f->ps, &f->v), PW_OK);
    problem_is(f, "text", "instead of attaching", "");
}

static void json(void **state)
{
    struct fix *f = *state;
    struct http_value *v =
        check_json(f, "{\"text\":\"abc\",\"int\":7,\"bool\":true,\"choices\":[\"red\"],\"free\":[],\"lines\":null}");
    assert_int_equal(f->ps.n, 0);
    assert_int_equal(v[INT].i, 7);
    assert_int_equal(v[BOOL].i, 1);
    assert_int_equal(v[CHOICES].n_many, 1);
    assert_true(v[FREE].given && v[FREE].n_many == 0);
    assert_false(v[LINES].given);
    assert_int_equal(check_json(f, "{\"text\":\"abc\",\"bool\":false}")[BOOL].i, 0);
    check_json(f, "{\"text\":\"abc\",\"txet\":1}");
    problem_is(f, "txet", "no such field", "txet");
    check_json(f, "{\"text\":1}");
    problem_is(f, "text", "JSON string", "");
    check_json(f, "{\"text\":\"abc\",\"int\":\"7\"}");
    problem_is(f, "int", "JSON number", "");
    check_json(f, "{\"text\":\"abc\",\"int\":7.5}");
    problem_is(f, "int", "JSON number", "");
    check_json(f, "{\"text\":\"abc\",\"bool\":1}");
    problem_is(f, "bool", "true or false", "");
    check_json(f, "{\"text\":\"abc\",\"choices\":\"red\"}");
    problem_is(f, "choices", "array of strings", "");
    check_json(f, "{\"text\":\"abc\",\"choices\":[\"red\",1]}");
    problem_is(f, "choices", "array of strings", "");
    check_json(f, "{\"text\":\"abc\",\"file\":\"x\"}");
    problem_is(f, "file", "multipart", "");
    static const char *const bad[] = {"[]",
                                      "{",
                                      "{\"text\":\"abc\"} x",
                                      "{\"text\":\"a\",\"text\":\"b\"}",
                                      "\"abc\"",
                                      "{\"text\":\"\\u0000\"}",
                                      "{\"text\":\"\x80\"}",
                                      "nul"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        check_json(f, bad[i]);
        assert_true(f->ps.n > 0);
        assert_null(f->ps.v[0].field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(texts, setup, teardown),
        cmocka_unit_test_setup_teardown(text_garbage, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers, setup, teardown),
        cmocka_unit_test_setup_teardown(ids_and_choices, setup, teardown),
        cmocka_unit_test_setup_teardown(times, setup, teardown),
        cmocka_unit_test_setup_teardown(files, setup, teardown),
        cmocka_unit_test_setup_teardown(json, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
