/* SPDX-License-Identifier: EUPL-1.2 */
/* The whole way of a request over a socket: rules of access, input, methods, framing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/id.h"
#include "testsite.h"

static void a_page(void **state)
{
    struct fix *f = *state;
    char v[400];
    struct reply *r = ask(f, GET("/", ""));
    assert_int_equal(r->status, 200);
    assert_string_equal(r->body, "hello");
    assert_string_equal(reply_header(r, "Content-Type", v, sizeof v), "text/html; charset=utf-8");
    assert_string_equal(reply_header(r, "Cache-Control", v, sizeof v), "no-store");
    assert_string_equal(reply_header(r, "X-Content-Type-Options", v, sizeof v), "nosniff");
    assert_non_null(
        strstr(reply_header(r, "Content-Security-Policy", v, sizeof v), "default-src 'none'; script-src 'self'"));
    assert_non_null(strstr(v, "frame-ancestors 'none'"));
    assert_string_equal(reply_header(r, "Cross-Origin-Opener-Policy", v, sizeof v), "same-origin");
    assert_true(*reply_header(r, "Permissions-Policy", v, sizeof v));
    assert_true(*reply_header(r, "Referrer-Policy", v, sizeof v));
    assert_string_equal(reply_header(r, "Strict-Transport-Security", v, sizeof v), "");
    r = ask(f, GET("/", "X-Forwarded-Proto: https\r\n"));
    assert_true(*reply_header(r, "Strict-Transport-Security", v, sizeof v));
}

static void head_is_a_get_without_body(void **state)
{
    struct fix *f = *state;
    char v[100];
    struct reply *r = ask(f, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(r->status, 200);
    assert_string_equal(reply_header(r, "Content-Length", v, sizeof v), "5");
    /* nothing follows: the next answer on the same connection starts at once */
    int fd = client_open(f->h);
    client_send(fd, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n" GET("/", ""));
    assert_true(client_read(fd, r, true));
    assert_true(client_read(fd, r, false));
    assert_string_equal(r->body, "hello");
    close(fd);
}

static void methods(void **state)
{
    struct fix *f = *state;
    char v[100];
    struct reply *r = ask(f, "DELETE /show HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(r->status, 405);
    assert_string_equal(reply_header(r, "Allow", v, sizeof v), "GET, HEAD, POST");
    r = ask(f, "BREW /hook HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(r->status, 405);
    assert_string_equal(reply_header(r, "Allow", v, sizeof v), "POST");
    r = ask(f, "OPTIONS /show HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(r->status, 405);
    r = ask(f, "HEAD /hook HTTP/1.1\r\nHost: x\r\n\r\n");
    assert_int_equal(r->status, 405);
    r = ask(f, GET("/none", ""));
    assert_int_equal(r->status, 404);
    assert_string_equal(r->body, "error=not-found");
    r = ask(f, GET("/api/none", ""));
    assert_string_equal(reply_header(r, "Content-Type", v, sizeof v), "application/problem+json");
}

static void path_tricks(void **state)
{
    struct fix *f = *state;
    static const char *const bad[] = {"/%2e%2e/etc/passwd", "/../etc/passwd", "/a%00b",          "/show%2f",
                                      "/a%0d%0ab",          "/%ff",           "http://evil/show"};
    char text[200];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", bad[i]);
        assert_int_equal(ask(f, text)->status, 400);
    }
    assert_int_equal(ask(f, GET("/show/", ""))->status, 404);
    char id[ID_TEXT + 1];
    id_text(id_new(), id);
    snprintf(text, sizeof text, "GET /c/caf%%C3%%A9/q/%s HTTP/1.1\r\nHost: x\r\n\r\n", id);
    assert_string_equal(ask(f, text)->body, "caf\xc3\xa9 1");
    assert_int_equal(ask(f, GET("/c/x/q/12", ""))->status, 404);
}

static void declared_fields_only(void **state)
{
    struct fix *f = *state;
    struct reply *r = ask(f, GET("/show?name=+A%20b+&age=7&other=1", "Host: evil\r\n"));
    (void)r;
    r = ask(f, GET("/show?name=+A%20b+&age=7&other=1", ""));
    assert_int_equal(r->status, 200);
    assert_true(has(r, "name=A b age=7 given=1 host=https://network.example"));
    /* a POST looks at its body only */
    r = post(f, "/show?name=query&age=9", FORM, "name=body&_csrf=token");
    assert_int_equal(r->status, 200);
    assert_true(has(r, "name=body age=0 given=0"));
    /* a form with problems reaches the handler, which shows it again */
    r = post(f, "/show", FORM, "name=this%20is%20far%20too%20long%20a%20name&age=700&_csrf=token");
    assert_int_equal(r->status, 422);
    assert_true(has(r, "problem name: Please write at most {0} characters."));
    assert_true(has(r, "problem age: Please give a whole number in this range"));
    assert_true(has(r, "name=this is far"));
    r = post(f, "/show", FORM, "name=%80%80&_csrf=token");
    assert_int_equal(r->status, 422);
    assert_true(has(r, "UTF-8"));
    assert_int_equal(post(f, "/show", "X-CSRF-Token: token\r\nContent-Type: text/xml\r\n", "<x/>")->status, 415);
}

static void csrf(void **state)
{
    struct fix *f = *state;
    assert_int_equal(post(f, "/show", FORM, "name=a")->status, 403);
    assert_int_equal(post(f, "/show", FORM, "name=a&_csrf=wrong")->status, 403);
    assert_int_equal(post(f, "/show?_csrf=token", FORM, "name=a")->status, 403);
    assert_int_equal(atomic_load(&f->host.runs), 0);
    assert_int_equal(post(f, "/show", FORM "X-CSRF-Token: token\r\n", "name=a")->status, 200);
    /* a script's JSON with a session needs it, a bearer token does not */
    const char *json = "Content-Type: application/json\r\nCookie: session=ok\r\n";
    assert_int_equal(post(f, "/api/v1/show", json, "{\"name\":\"a\"}")->status, 403);
    assert_int_equal(
        post(f, "/api/v1/show", "Content-Type: application/json\r\nAuthorization: Bearer good\r\n", "{\"name\":\"a\"}")
            ->status,
        200);
    /* a bearer header does not free a page from it */
    assert_int_equal(post(f, "/show", FORM "Authorization: Bearer good\r\n", "name=a")->status, 403);
}

static void rights(void **state)
{
    struct fix *f = *state;
    char v[200];
    struct reply *r = ask(f, GET("/inside", ""));
    assert_int_equal(r->status, 303);
    assert_string_equal(reply_header(r, "Location", v, sizeof v), "/sign-in?to=x");
    assert_int_equal(ask(f, GET("/inside", "Cookie: session=ok\r\n"))->status, 200);
    assert_int_equal(post(f, "/inside", FORM, "_csrf=token")->status, 404);
    assert_int_equal(ask(f, GET("/nobody", "Cookie: session=ok\r\n"))->status, 404);
    r = ask(f, GET("/denied", ""));
    assert_int_equal(r->status, 404); /* refused and not found look the same */
    assert_string_equal(r->body, "error=not-found");
    r = ask(f, GET("/api/v1/show", ""));
    assert_int_equal(r->status, 401);
    assert_string_equal(reply_header(r, "WWW-Authenticate", v, sizeof v), "Bearer");
    r = ask(f, GET("/api/v1/show", "Authorization: Bearer bad\r\n"));
    assert_int_equal(r->status, 401);
    assert_int_equal(ask(f, GET("/api/v1/show", "Authorization: Bearer good\r\n"))->status, 200);
}

static void api(void **state)
{
    struct fix *f = *state;
    const char *head = "Content-Type: application/json\r\nAuthorization: Bearer good\r\n";
    char v[100];
    assert_true(has(post(f, "/api/v1/show", head, "{\"name\":\"\\u00e9\",\"age\":5}"), "name=\xc3\xa9 age=5"));
    struct reply *r = post(f, "/api/v1/show", head, "{\"name\":\"a\",\"nmae\":1}");
    assert_int_equal(r->status, 422);
    assert_true(has(r, "nmae: There is no such field here"));
    assert_string_equal(reply_header(r, "Content-Type", v, sizeof v), "application/problem+json");
    r = post(f, "/api/v1/show", head, "{\"age\":500}");
    assert_int_equal(r->status, 422);
    assert_true(has(r, "age: Please give a whole number in this range: {0}. [1 – 120]"));
    assert_int_equal(post(f, "/api/v1/show", head, "{\"age\":")->status, 422);
    assert_int_equal(post(f, "/api/v1/show", head, "")->status, 200);
    assert_int_equal(post(f, "/api/v1/show", "Authorization: Bearer good\r\n" FORM, "name=a")->status, 415);
    r = ask(f, GET("/api/v1/show?age=x", "Authorization: Bearer good\r\n"));
    assert_int_equal(r->status, 422);
}

static void post_retry_clears_the_answer(void **state)
{
    struct fix *f = *state;
    char v[100];
    atomic_store(&f->host.retries, 2);
    struct reply *r = post(f, "/twice", FORM, "_csrf=token");
    assert_int_equal(r->status, 200);
    assert_string_equal(r->body, "once");
    assert_int_equal(atomic_load(&f->host.runs), 3);
    assert_string_equal(reply_header(r, "X-Once", v, sizeof v), "1");
    char *first = strstr(r->head, "Set-Cookie:");
    assert_non_null(first);
    assert_null(strstr(first + 1, "Set-Cookie:"));
}

static void prepare_may_answer(void **state)
{
    struct fix *f = *state;
    assert_int_equal(post(f, "/prepared", FORM, "_csrf=token&name=stop")->status, 409);
    assert_int_equal(atomic_load(&f->host.runs), 0);
    assert_int_equal(post(f, "/prepared", FORM, "_csrf=token&name=x")->status, 200);
}

static void nothing_forges_a_header(void **state)
{
    struct fix *f = *state;
    char v[100];
    struct reply *r = ask(f, GET("/forge?name=a%0d%0aX-Evil:%201", ""));
    assert_int_equal(r->status, 200); /* line ends of a one-line field became spaces */
    assert_string_equal(reply_header(r, "X-Evil", v, sizeof v), "");
    r = ask(f, GET("/forge?name=crlf", ""));
    assert_int_equal(r->status, 500);
    assert_string_equal(reply_header(r, "Set-Cookie", v, sizeof v), "");
    static const char *const away[] = {"//evil.example", "/%5cevil.example", "https://evil.example", "evil",
                                       "%2F%2Fevil"};
    char text[200];
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        snprintf(text, sizeof text, "GET /go?to=%s HTTP/1.1\r\nHost: x\r\n\r\n", away[i]);
        r = ask(f, text);
        assert_true(r->status >= 400);
        assert_string_equal(reply_header(r, "Location", v, sizeof v), "");
    }
    r = ask(f, GET("/go?to=/inbox", ""));
    assert_int_equal(r->status, 303);
    assert_string_equal(reply_header(r, "Location", v, sizeof v), "/inbox");
}

static void cookies_and_proxy(void **state)
{
    struct fix *f = *state;
    assert_string_equal(ask(f, GET("/cookie", "Cookie: a=b; session=x\r\n"))->body, "[x]");
    /* behind TLS only the prefixed cookie is ours: a sibling host cannot plant one */
    assert_string_equal(ask(f, GET("/cookie", "X-Forwarded-Proto: https\r\nCookie: session=x\r\n"))->body, "[]");
    assert_string_equal(
        ask(f, GET("/cookie", "X-Forwarded-Proto: https\r\nCookie: session=x; __Host-session=y\r\n"))->body, "[y]");
    assert_true(has(ask(f, GET("/show", "X-Forwarded-For: 1.2.3.4, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n")),
                    "secure=1 remote=198.51.100.7"));
    assert_true(has(ask(f, GET("/show", "X-Forwarded-For: <script>\r\n")), "remote=127.0.0.1"));
}

static void an_unknown_proxy_is_not_believed(void **state)
{
    struct fix *f = *state;
    struct httpd *h =
        testhost_start(&f->host, site_routes, &(struct http_config){.threads = 1, .trusted_proxy = SV("192.0.2.1")});
    client_ask(h, GET("/show", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n"), &f->r);
    assert_true(has(&f->r, "secure=0 remote=127.0.0.1"));
    http_stop(h);
}

/* ---- sizes and framing ---- */

static void pipelined(void **state)
{
    struct fix *f = *state;
    int fd = client_open(f->h);
    for (int i = 0; i < 20; i++)
        client_send(fd, GET("/show?age=5", "") "POST /show HTTP/1.1\r\nHost: x\r\n" FORM
                                               "Content-Length: 19\r\n\r\nname=ab&_csrf=token");
    for (int i = 0; i < 20; i++) {
        assert_true(client_read(fd, &f->r, false));
        assert_true(has(&f->r, "age=5"));
        assert_true(client_read(fd, &f->r, false));
        assert_true(has(&f->r, "name=ab"));
    }
    close(fd);
}

static void broken_heads(void **state)
{
    struct fix *f = *state;
    static const char *const bad[] = {"\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
                                      "\x16\x03\x01\x02", "GET /\x01 HTTP/1.1\r\nHost: x\r\n\r\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        int fd = client_open(f->h);
        client_send(fd, bad[i]);
        shutdown(fd, SHUT_WR);
        client_read(fd, &f->r, false);
        assert_int_not_equal(f->r.status, 200);
        close(fd);
    }
    /* a head larger than a connection may hold */
    static char big[64 * 1024];
    int fd = client_open(f->h);
    memset(big, 'a', sizeof big - 1);
    client_send(fd, "GET / HTTP/1.1\r\nHost: x\r\nX: ");
    client_send(fd, big);
    client_read(fd, &f->r, false);
    assert_int_not_equal(f->r.status, 200);
    close(fd);
    assert_int_equal(ask(f, GET("/", ""))->status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(a_page),
        SITE_TEST(head_is_a_get_without_body),
        SITE_TEST(methods),
        SITE_TEST(path_tricks),
        SITE_TEST(declared_fields_only),
        SITE_TEST(csrf),
        SITE_TEST(rights),
        SITE_TEST(api),
        SITE_TEST(post_retry_clears_the_answer),
        SITE_TEST(prepare_may_answer),
        SITE_TEST(nothing_forges_a_header),
        SITE_TEST(cookies_and_proxy),
        SITE_TEST(an_unknown_proxy_is_not_believed),
        SITE_TEST(pipelined),
        SITE_TEST(broken_heads),
    };
    return cmocka_run_group_tests(tests, site_make_files, site_remove_files);
}
