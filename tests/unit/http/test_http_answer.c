/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/gzip.h"
#include "http/http.h"

static void headers(void **state)
{
    struct http_res r = {0};
    (void)state;
    http_set_header(&r, SV("X-A"), SV("1"));
    http_set_header(&r, SV("x-a"), SV("2"));
    assert_int_equal(r.n_headers, 1);
    assert_true(sv_eq(r.headers[0].value, SV("2")));
    http_set_header(&r, SV("Set-Cookie"), SV("a=1"));
    http_set_header(&r, SV("Set-Cookie"), SV("b=1"));
    assert_int_equal(r.n_headers, 3);
    assert_false(r.bad);
    for (int i = 0; i < HTTP_HEADERS_MAX; i++)
        http_set_header(&r, SV("Set-Cookie"), SV("c=1"));
    assert_int_equal(r.n_headers, HTTP_HEADERS_MAX);
    assert_true(r.bad);
    http_res_clear(&r);
    assert_false(r.bad);
    assert_int_equal(r.n_headers, 0);
}

static void line_ends_in_headers(void **state)
{
    static const struct sv bad[] = {SV("a\r\nSet-Cookie: x=1"), SV("a\nb"), SV("a\rb"), SV("a\0b"), SV("a\x7f")};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_res r = {0};
        http_set_header(&r, SV("X-A"), bad[i]);
        assert_true(r.bad);
        assert_int_equal(r.n_headers, 0);
    }
    static const char *const names[] = {"", "a b", "a:", "a\r\nb", "a\xc3"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct http_res r = {0};
        http_set_header(&r, sv_of(names[i]), SV("1"));
        assert_true(r.bad);
        assert_int_equal(r.n_headers, 0);
    }
}

static void redirects(void **state)
{
    static const char *const bad[] = {
        "",     "//evil.example",   "/\\evil.example", "https://evil.example", "evil",     "/a\r\nX: y",
        "/a b", "\\\\evil.example", "/a\\b",           "javascript:x",         "/\xc3\xa9"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_res r = {0};
        assert_int_equal(http_redirect(&r, sv_of(bad[i])), PW_INVALID);
        assert_true(r.bad);
        assert_int_equal(r.n_headers, 0);
        assert_int_equal(r.status, 0);
    }
    struct http_res r = {0};
    buf_init(&r.body, 100);
    assert_int_equal(http_redirect(&r, SV("/inbox?x=1#y")), PW_OK);
    assert_int_equal(r.status, 303);
    assert_false(r.bad);
}

static void set_cookies(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, 100000);
    struct http_req q = {.arena = &a};
    struct http_res r = {0};
    http_set_cookie(&q, &r, "session", SV("abc"), 0);
    assert_true(sv_eq(r.headers[0].value, SV("session=abc; Path=/; HttpOnly; SameSite=Lax")));
    q.secure = true;
    http_set_cookie(&q, &r, "session", SV("abc"), 60);
    assert_true(
        sv_eq(r.headers[1].value, SV("__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60")));
    http_set_cookie(&q, &r, "session", SV(""), -1);
    assert_true(sv_ends(r.headers[2].value, SV("; Max-Age=0")));
    assert_false(r.bad);
    static const char *const bad[] = {"a;b", "a b", "a\r\nb", "a,b", "\xc3\xa9", "a\"b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct http_res x = {0};
        http_set_cookie(&q, &x, "session", sv_of(bad[i]), 0);
        assert_true(x.bad);
        assert_int_equal(x.n_headers, 0);
    }
    struct http_res d = {0};
    http_set_download(&q, &d, SV("r\xc3\xa9sum\"\r\n/.pdf"));
    assert_false(d.bad);
    assert_true(sv_eq(d.headers[0].value, SV("attachment; filename=\"r__sum____.pdf\"; "
                                             "filename*=UTF-8''r%C3%A9sum%22%0D%0A%2F.pdf")));
    arena_finish(&a);
}

static void packing(void **state)
{
    struct buf in, out;
    (void)state;
    assert_true(gzip_accepted(SV("gzip")));
    assert_true(gzip_accepted(SV("br, GZip;q=0.5, x")));
    assert_false(gzip_accepted(SV("gzip;q=0, br")));
    assert_false(gzip_accepted(SV("gzip;q=0.000")));
    assert_false(gzip_accepted(SV("gzipped")));
    assert_false(gzip_accepted(SV("")));
    buf_init(&in, 100000);
    buf_init(&out, 100000);
    for (int i = 0; i < 1000; i++)
        buf_z(&in, "the same words ");
    assert_true(gzip_pack(buf_sv(&in), 5, &out));
    assert_true(out.n < 500);
    buf_clear(&out);
    assert_false(gzip_pack(SV("x"), 5, &out)); /* would grow */
    buf_finish(&in);
    buf_finish(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers),   cmocka_unit_test(line_ends_in_headers),
        cmocka_unit_test(redirects), cmocka_unit_test(set_cookies),
        cmocka_unit_test(packing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
