/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "http/form.h"

static int setup(void **state)
{
    struct arena *a = malloc(sizeof *a);
    arena_init(a, 4 * 1024 * 1024);
    *state = a;
    return 0;
}

static int teardown(void **state)
{
    arena_finish(*state);
    free(*state);
    return 0;
}

static bool is(struct sv s, const char *z)
{
    return sv_eq_z(s, z);
}

static void urlencoded(void **state)
{
    struct form f;
    assert_int_equal(form_urlencoded(*state, SV("a=1&b=x+y%20z&&c&d=%C3%A9&a=2&=v&e=%zz%4&f=a=b"), &f), PW_OK);
    assert_int_equal(f.n, 8);
    assert_true(is(f.v[0].name, "a") && is(f.v[0].value, "1"));
    assert_true(is(f.v[1].value, "x y z"));
    assert_true(is(f.v[2].name, "c") && f.v[2].value.n == 0);
    assert_true(is(f.v[3].value, "\xc3\xa9"));
    assert_true(is(f.v[4].name, "a") && is(f.v[4].value, "2"));
    assert_true(f.v[5].name.n == 0);
    assert_true(is(f.v[6].value, "%zz%4")); /* not an escape: as it is */
    assert_true(is(f.v[7].value, "a=b"));
    assert_int_equal(form_urlencoded(*state, SV(""), &f), PW_OK);
    assert_int_equal(f.n, 0);
}

static void urlencoded_is_bounded(void **state)
{
    struct form f = {0};
    struct buf b;
    buf_init(&b, 100000);
    for (int i = 0; i < FORM_PAIRS_MAX + 1; i++)
        buf_z(&b, "a=1&");
    assert_int_equal(form_urlencoded(*state, buf_sv(&b), &f), PW_INVALID);
    assert_int_equal(f.n, 0); /* nothing written */
    buf_finish(&b);
}

static void boundaries(void **state)
{
    assert_true(is(form_boundary(*state, SV("multipart/form-data; boundary=abc")), "abc"));
    assert_true(is(form_boundary(*state, SV("Multipart/Form-Data; charset=utf-8; boundary=\"a b'c\"")), "a b'c"));
    assert_int_equal(form_boundary(*state, SV("multipart/form-data")).n, 0);
    assert_int_equal(form_boundary(*state, SV("multipart/form-data; boundary=")).n, 0);
    assert_int_equal(form_boundary(*state, SV("multipart/form-data; boundary=a; boundary=b")).n, 0);
    assert_int_equal(form_boundary(*state, SV("multipart/form-data; boundary=\"a\r\nb\"")).n, 0);
    assert_int_equal(form_boundary(*state, SV("multipart/form-data; boundary=\"open")).n, 0);
    assert_int_equal(form_boundary(*state, SV("multipart/mixed; boundary=a")).n, 0);
    char longer[200] = "multipart/form-data; boundary=";
    memset(longer + strlen(longer), 'x', 71);
    assert_int_equal(form_boundary(*state, sv_of(longer)).n, 0);
}

#define PART(name, data) "--B\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" data "\r\n"

static enum pw_err parse(struct arena *a, const char *body, struct form *f)
{
    size_t n = strlen(body);
    char *exact = malloc(n ? n : 1); /* tight: a byte too far is seen */
    memcpy(exact, body, n);
    struct sv copy = {exact, n};
    enum pw_err e = form_multipart(a, copy, SV("B"), f);
    if (e == PW_OK)
        for (size_t i = 0; i < f->n; i++)
            f->v[i].value = arena_sv(a, f->v[i].value);
    free(exact);
    return e;
}

static void multipart(void **state)
{
    struct form f;
    assert_int_equal(
        parse(*state,
              "for people\r\n" PART("a", "1") PART(
                  "empty", "") "--B \t\r\n"
                               "Content-Disposition: form-data; name=\"f\"; filename=\"C:\\d\\q\\\"uote.txt\"\r\n"
                               "content-type: text/plain\r\n\r\nline\r\n--Bx is data\r\n--\r\n\r\n--B--\r\nepilogue",
              &f),
        PW_OK);
    assert_int_equal(f.n, 3);
    assert_true(is(f.v[0].name, "a") && is(f.v[0].value, "1") && f.v[0].kind == FORM_VALUE);
    assert_true(is(f.v[1].name, "empty") && f.v[1].value.n == 0);
    assert_int_equal(f.v[2].kind, FORM_FILE);
    assert_true(is(f.v[2].value, "line\r\n--Bx is data\r\n--\r\n"));
    assert_int_equal(parse(*state, "--B--\r\n", &f), PW_OK);
    assert_int_equal(f.n, 0);
}

static void multipart_refuses(void **state)
{
    static const char *const bad[] = {
        "",
        "--B",
        "--B\r\n",
        PART("a", "1"),                                                            /* no last boundary */
        PART("a", "1") "--B",                                                      /* cut in it */
        PART("a", "1") "--B-",                                                     /* cut in it */
        "--B\r\n\r\nno head\r\n--B--",                                             /* no name */
        "--B\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--",                       /* no name */
        "--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--",                 /* no name */
        "--B\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--B--",      /* empty */
        "--B\r\nContent-Disposition: form-data; name=\"a\r\n\r\nx\r\n--B--",       /* open quote */
        "--B\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--B--", /* two names */
        "--B\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--B--",        /* no form-data */
        "--B\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--B--",
        "--B\r\nContent-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=C\r\n\r\nx\r\n--B--",
        "--B\nContent-Disposition: form-data; name=a\n\nx\n--B--", /* bare line feeds */
        "--B\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n--B--",
        "--Bx\r\n\r\n",
        "--B\r\nno colon\r\n\r\nx\r\n--B--",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct form f = {0};
        assert_int_equal(parse(*state, bad[i], &f), PW_INVALID);
        assert_int_equal(f.n, 0);
    }
}

static void multipart_every_cut_is_refused(void **state)
{
    const char *whole = PART("a", "1") PART("b", "two") "--B--";
    char cut[300];
    struct form f;
    for (size_t n = 0; n < strlen(whole); n++) {
        memcpy(cut, whole, n);
        cut[n] = 0;
        assert_int_equal(parse(*state, cut, &f), PW_INVALID);
    }
    assert_int_equal(parse(*state, whole, &f), PW_OK);
    assert_int_equal(f.n, 2);
}

static void paths(void **state)
{
    struct sv p;
    assert_true(path_decode(*state, SV("/c/caf%C3%A9"), &p));
    assert_true(is(p, "/c/caf\xc3\xa9"));
    assert_true(path_decode(*state, SV("/a+b/..c/.d"), &p));
    assert_true(is(p, "/a+b/..c/.d"));
    static const char *const bad[] = {"",         "a",      "http://x/",   "/a/../b", "/%2e%2e/b", "/a/.",  "/a%2fb",
                                      "/a%2Fb",   "/a%00b", "/a%0ab",      "/a%5cb",  "/a\\b",     "/a%zz", "/a%4",
                                      "/a%c3%28", "/a\x80", "/a%ed%a0%80", "/..",     "/%2E"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(path_decode(*state, sv_of(bad[i]), &p));
}

static void cookies(void **state)
{
    (void)state;
    assert_true(is(cookie_find(SV("a=1; session=xyz; b=2"), SV("session")), "xyz"));
    assert_true(is(cookie_find(SV("xsession=no; session=\"q\""), SV("session")), "q"));
    assert_int_equal(cookie_find(SV("sessionx=1; session"), SV("session")).n, 0);
    assert_int_equal(cookie_find(SV(""), SV("session")).n, 0);
    assert_int_equal(cookie_find(SV(";;;=;"), SV("session")).n, 0);
    assert_true(is(cookie_find(SV("s=first; s=second"), SV("s")), "first"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(urlencoded, setup, teardown),
        cmocka_unit_test_setup_teardown(urlencoded_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(boundaries, setup, teardown),
        cmocka_unit_test_setup_teardown(multipart, setup, teardown),
        cmocka_unit_test_setup_teardown(multipart_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(multipart_every_cut_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(paths, setup, teardown),
        cmocka_unit_test_setup_teardown(cookies, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
