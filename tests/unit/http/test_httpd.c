/* SPDX-License-Identifier: EUPL-1.2 */
/* The whole way of a request over a socket: rules of access, input, sizes, methods, framing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/id.h"
#include "testhost.h"

struct fix {
    struct testhost host;
    struct httpd *h;
    struct reply r;
};

/* ---- handlers ---- */

static enum pw_err hello(struct http_req *q, struct http_res *r)
{
    (void)q;
    buf_z(&r->body, "hello");
    return PW_OK;
}

static enum pw_err show(struct http_req *q, struct http_res *r)
{
    r->type = SV("text/plain; charset=utf-8");
    for (size_t i = 0; i < q->problems.n; i++)
        buf_fmt(&r->body, "problem %s: %s\n", q->problems.v[i].field, q->problems.v[i].msgid);
    buf_fmt(&r->body, "name=%.*s age=%d given=%d host=%.*s secure=%d remote=%.*s", SV_ARG(http_text(q, "name")),
            (int)http_int(q, "age"), http_given(q, "age"), SV_ARG(q->host), q->secure, SV_ARG(q->remote));
    return q->problems.n ? PW_INVALID : PW_OK;
}

static enum pw_err args(struct http_req *q, struct http_res *r)
{
    buf_fmt(&r->body, "%.*s %d", SV_ARG(q->arg_text[0]), q->arg[1] > 0);
    return PW_OK;
}

static enum pw_err upload(struct http_req *q, struct http_res *r)
{
    const struct http_value *v = http_value(q, "file");
    unsigned sum = 0;
    for (size_t i = 0; i < v->file.bytes.n; i++)
        sum = sum * 31 + (unsigned char)v->file.bytes.p[i];
    buf_fmt(&r->body, "%.*s %zu %u %.*s", SV_ARG(v->file.name), v->file.bytes.n, sum, SV_ARG(http_text(q, "title")));
    return PW_OK;
}

static enum pw_err raw(struct http_req *q, struct http_res *r)
{
    if (!sv_eq(http_header(q, "X-Secret"), SV("right")))
        return PW_DENIED;
    buf_fmt(&r->body, "%zu", q->body.n);
    return PW_OK;
}

static enum pw_err twice(struct http_req *q, struct http_res *r)
{
    http_set_header(r, SV("X-Once"), SV("1"));
    http_set_cookie(q, r, "c", SV("1"), 0);
    buf_z(&r->body, "once");
    return PW_OK;
}

static enum pw_err forge(struct http_req *q, struct http_res *r)
{
    http_set_header(r, SV("X-Name"), http_text(q, "name"));
    if (sv_eq(http_text(q, "name"), SV("crlf")))
        http_set_header(r, SV("X-Name"), SV("a\r\nSet-Cookie: b=c"));
    buf_z(&r->body, "body");
    return PW_OK;
}

static enum pw_err go(struct http_req *q, struct http_res *r)
{
    return http_redirect(r, http_text(q, "to"));
}

static enum pw_err denied(struct http_req *q, struct http_res *r)
{
    (void)q;
    buf_z(&r->body, "secret words");
    return PW_DENIED;
}

static enum pw_err long_text(struct http_req *q, struct http_res *r)
{
    (void)q;
    for (int i = 0; i < 1000; i++)
        buf_z(&r->body, "the same words again and again ");
    return PW_OK;
}

static enum pw_err cookie_shown(struct http_req *q, struct http_res *r)
{
    buf_fmt(&r->body, "[%.*s]", SV_ARG(http_cookie(q, "session")));
    return PW_OK;
}

static enum pw_err prepared(struct http_req *q, struct http_res *r)
{
    if (sv_eq(http_text(q, "name"), SV("stop"))) {
        buf_z(&r->body, "stopped before the transaction");
        r->status = 409;
    }
    return PW_OK;
}

static enum pw_err a_file(struct http_req *q, struct http_res *r)
{
    (void)q;
    r->file = sv_of(getenv("PW_TEST_FILE"));
    r->type = SV("audio/ogg");
    return PW_OK;
}

#define NAME                                                                                                           \
    {                                                                                                                  \
        "name", FIELD_TEXT, 0, 0, 20, NULL, "A name."                                                                  \
    }
#define AGE                                                                                                            \
    {                                                                                                                  \
        "age", FIELD_INT, 0, 1, 120, NULL, "An age."                                                                   \
    }

static const struct route routes[] = {
    {HTTP_GET, "/", 0, hello, NULL, "Hello.", 0, NULL, NULL},
    {HTTP_GET, "/show", 0, show, FIELDS(NAME, AGE), "Shows.", 0, NULL, NULL},
    {HTTP_POST, "/show", 0, show, FIELDS(NAME, AGE), "Shows.", 0, NULL, NULL},
    {HTTP_GET, "/c/{s}/q/{i}", 0, args, NULL, "Arguments.", 0, NULL, NULL},
    {HTTP_GET, "/inside", TEST_RIGHT_SIGNED_IN, hello, NULL, "Inside.", 0, NULL, NULL},
    {HTTP_POST, "/inside", TEST_RIGHT_SIGNED_IN, hello, NULL, "Inside.", 0, NULL, NULL},
    {HTTP_GET, "/nobody", TEST_RIGHT_NOBODY, hello, NULL, "Nobody.", 0, NULL, NULL},
    {HTTP_POST, "/upload", 0, upload,
     FIELDS({"file", FIELD_FILE, FIELD_REQUIRED, 0, 0, NULL, "A file."},
            {"title", FIELD_TEXT, 0, 0, 0, NULL, "Title."}),
     "Uploads.", 0, NULL, NULL},
    {HTTP_POST, "/hook", 0, raw, NULL, "Webhook.", ROUTE_RAW, NULL, NULL},
    {HTTP_POST, "/twice", 0, twice, NULL, "Retried.", 0, NULL, NULL},
    {HTTP_GET, "/forge", 0, forge, FIELDS(NAME), "Headers.", 0, NULL, NULL},
    {HTTP_GET, "/go", 0, go, FIELDS({"to", FIELD_TEXT, 0, 0, 0, NULL, "Path."}), "Redirects.", 0, NULL, NULL},
    {HTTP_GET, "/denied", 0, denied, NULL, "Denied.", 0, NULL, NULL},
    {HTTP_GET, "/long", 0, long_text, NULL, "Long.", 0, NULL, NULL},
    {HTTP_GET, "/cookie", 0, cookie_shown, NULL, "Cookie.", 0, NULL, NULL},
    {HTTP_POST, "/prepared", 0, hello, FIELDS(NAME), "Prepared.", 0, prepared, NULL},
    {HTTP_GET, "/file", 0, a_file, NULL, "File.", 0, NULL, NULL},
    {HTTP_POST, "/api/v1/show", TEST_RIGHT_SIGNED_IN, show, FIELDS(NAME, AGE), "Shows.", ROUTE_API, NULL, NULL},
    {HTTP_GET, "/api/v1/show", TEST_RIGHT_SIGNED_IN, show, FIELDS(NAME, AGE), "Shows.", ROUTE_API, NULL, NULL},
    {0},
};

/* ---- a folder of static files ---- */

static void put(const char *dir, const char *name, const char *bytes, size_t n)
{
    char path[600];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(bytes, 1, n, out), n);
    assert_int_equal(fclose(out), 0);
}

static int make_files(void **state)
{
    static char dir[] = "/tmp/pw-http-XXXXXX";
    char path[600], css[3000];
    (void)state;
    assert_non_null(mkdtemp(dir));
    memset(css, 'a', sizeof css);
    snprintf(path, sizeof path, "%s/static", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    setenv("PW_TEST_DIR", dir, 1);
    setenv("PW_TEST_STATIC", path, 1);
    put(path, "app.css", css, sizeof css);
    put(path, "secret.key", "k", 1);
    put(path, ".hidden.css", "k", 1);
    put(path, "Upper.css", "k", 1);
    put(dir, "secret.key", "k", 1);
    put(dir, "outside.css", "k", 1);
    put(dir, "sound.ogg", "0123456789", 10);
    snprintf(path, sizeof path, "%s/sound.ogg", dir);
    setenv("PW_TEST_FILE", path, 1);
    snprintf(path, sizeof path, "%s/static/link.css", dir);
    assert_int_equal(symlink("../outside.css", path), 0);
    snprintf(path, sizeof path, "%s/static/img", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    put(path, "dot.png", "png", 3);
    snprintf(path, sizeof path, "%s/static/img/deep", dir);
    assert_int_equal(mkdir(path, 0700), 0);
    put(path, "x.css", "k", 1);
    return 0;
}

static int remove_files(void **state)
{
    static const char *const names[] = {"static/img/deep/x.css",
                                        "static/img/deep",
                                        "static/img/dot.png",
                                        "static/img",
                                        "static/link.css",
                                        "static/app.css",
                                        "static/secret.key",
                                        "static/.hidden.css",
                                        "static/Upper.css",
                                        "static",
                                        "secret.key",
                                        "outside.css",
                                        "sound.ogg"};
    char path[600];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", getenv("PW_TEST_DIR"), names[i]);
        remove(path);
    }
    return rmdir(getenv("PW_TEST_DIR"));
}

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    testhost_init(&f->host);
    f->h = testhost_start(&f->host, routes,
                          &(struct http_config){.threads = 3,
                                                .body_max = 100000,
                                                .upload_max = 400000,
                                                .trusted_proxy = SV("127.0.0.1"),
                                                .static_dir = sv_of(getenv("PW_TEST_STATIC")),
                                                .static_version = SV("v1")});
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    http_stop(f->h);
    free(f);
    return 0;
}

static struct reply *ask(struct fix *f, const char *text)
{
    client_ask(f->h, text, &f->r);
    return &f->r;
}

#define GET(path, headers) "GET " path " HTTP/1.1\r\nHost: x\r\n" headers "\r\n"

static struct reply *post(struct fix *f, const char *path, const char *headers, const char *body)
{
    char text[4096];
    snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s", path, headers,
             strlen(body), body);
    return ask(f, text);
}

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"

static bool has(const struct reply *r, const char *words)
{
    return strstr(r->body, words) != NULL;
}

/* ---- tests ---- */

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
        testhost_start(&f->host, routes, &(struct http_config){.threads = 1, .trusted_proxy = SV("192.0.2.1")});
    client_ask(h, GET("/show", "X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Proto: https\r\n"), &f->r);
    assert_true(has(&f->r, "secure=0 remote=127.0.0.1"));
    http_stop(h);
}

/* ---- sizes and framing ---- */

static void too_large_is_refused_early(void **state)
{
    struct fix *f = *state;
    /* not one byte of the body is sent */
    struct reply *r = ask(f, "POST /show HTTP/1.1\r\nHost: x\r\n" FORM "Content-Length: 10485760\r\n\r\n");
    assert_int_equal(r->status, 413);
    assert_int_equal(ask(f, "POST /show HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n")->status, 413);
    assert_int_equal(ask(f, "POST /none HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n")->status, 404);
    assert_int_equal(ask(f, "POST /inside HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n")->status, 404);
    assert_int_equal(ask(f, "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 10485760\r\n\r\n")->status, 413);
    r = ask(f, "POST /show HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10485760\r\n\r\n");
    assert_int_equal(r->status, 413);
    assert_int_equal(atomic_load(&f->host.runs), 0);
}

static void chunked_is_capped_as_it_comes(void **state)
{
    struct fix *f = *state;
    static char piece[16 * 1024];
    int fd = client_open(f->h);
    memset(piece, 'x', sizeof piece);
    client_send(fd, "POST /hook HTTP/1.1\r\nHost: x\r\nX-Secret: right\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10; i++) {
        client_send(fd, "4000\r\n");
        client_send_n(fd, piece, sizeof piece);
        client_send(fd, "\r\n");
    }
    client_send(fd, "0\r\n\r\n");
    assert_true(client_read(fd, &f->r, false));
    assert_int_equal(f->r.status, 413);
    close(fd);
    /* an endless one is hung up on */
    fd = client_open(f->h);
    client_send(fd, "POST /hook HTTP/1.1\r\nHost: x\r\nX-Secret: right\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 2000; i++) {
        client_send(fd, "4000\r\n");
        client_send_n(fd, piece, sizeof piece);
        client_send(fd, "\r\n");
    }
    assert_false(client_read(fd, &f->r, false) && f->r.status == 200);
    close(fd);
    assert_int_equal(atomic_load(&f->host.runs), 0);
}

static void webhook_body_in_single_bytes(void **state)
{
    struct fix *f = *state;
    int fd = client_open(f->h);
    client_send(fd, "POST /hook HTTP/1.1\r\nHost: x\r\nX-Secret: right\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 200; i++)
        client_send(fd, "1\r\nz\r\n");
    client_send(fd, "0\r\n\r\n");
    assert_true(client_read(fd, &f->r, false));
    assert_string_equal(f->r.body, "200");
    close(fd);
    assert_int_equal(post(f, "/hook", "X-Secret: wrong\r\n", "x")->status, 403);
}

static void ambiguous_framing_is_refused(void **state)
{
    struct fix *f = *state;
    assert_int_equal(ask(f, "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "0\r\n\r\n")
                         ->status,
                     400);
    assert_int_equal(
        ask(f, "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef")->status, 400);
    assert_int_equal(
        ask(f, "POST /hook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")->status, 400);
    assert_int_not_equal(ask(f, "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")->status, 200);
    assert_int_not_equal(ask(f, "POST /hook HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 5\r\n\r\nabcde")->status, 200);
    assert_int_equal(atomic_load(&f->host.runs), 0);
}

/* A multipart body sent in chunks of `step` bytes. */
static void send_multipart(struct fix *f, size_t step, size_t file_size)
{
    struct buf b;
    buf_init(&b, 2 * 1024 * 1024);
    buf_z(&b, "--edge\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\ntoken\r\n"
              "--edge\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nMy file\r\n"
              "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n"
              "Content-Type: application/octet-stream\r\n\r\n");
    unsigned sum = 0;
    for (size_t i = 0; i < file_size; i++) {
        char c = (char)(i % 7 == 0 ? '\r' : i % 7 == 1 ? '\n' : i % 7 == 2 ? '-' : (char)(i * 131));
        buf_c(&b, c);
        sum = sum * 31 + (unsigned char)c;
    }
    buf_z(&b, "\r\n--edge--\r\n");
    int fd = client_open(f->h);
    client_send(fd, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=edge\r\n"
                    "Transfer-Encoding: chunked\r\n\r\n");
    struct buf wire;
    buf_init(&wire, 16 * 1024 * 1024);
    for (size_t at = 0; at < b.n; at += step) {
        size_t n = b.n - at < step ? b.n - at : step;
        buf_fmt(&wire, "%zx\r\n", n);
        buf_add(&wire, (struct sv){b.p + at, n});
        buf_z(&wire, "\r\n");
    }
    buf_z(&wire, "0\r\n\r\n");
    client_send_n(fd, wire.p, wire.n);
    assert_true(client_read(fd, &f->r, false));
    close(fd);
    char want[100];
    snprintf(want, sizeof want, "a.bin %zu %u My file", file_size, sum);
    assert_int_equal(f->r.status, 200);
    assert_string_equal(f->r.body, want);
    buf_finish(&b);
    buf_finish(&wire);
}

static void uploads(void **state)
{
    struct fix *f = *state;
    send_multipart(f, 1, 3000);
    send_multipart(f, 7, 3000);
    send_multipart(f, 4096, 390000);
    /* without its last boundary it did not arrive whole */
    const char *type = "X-CSRF-Token: token\r\nContent-Type: multipart/form-data; boundary=edge\r\n";
    struct reply *r = post(f, "/upload", type,
                           "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n");
    assert_int_equal(r->status, 400);
    assert_true(has(r, "did not arrive whole"));
    r = post(f, "/upload", "X-CSRF-Token: token\r\nContent-Type: multipart/form-data\r\n", "--edge--\r\n");
    assert_int_equal(r->status, 400);
    assert_int_equal(ask(f, "POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n")->status, 413);
}

/* ---- static files, packing, ranges ---- */

static void static_files(void **state)
{
    struct fix *f = *state;
    char v[200], etag[100], text[300];
    struct reply *r = ask(f, GET("/static/v1/app.css", ""));
    assert_int_equal(r->status, 200);
    assert_int_equal(r->n, 3000);
    assert_string_equal(reply_header(r, "Content-Type", v, sizeof v), "text/css; charset=utf-8");
    assert_non_null(strstr(reply_header(r, "Cache-Control", v, sizeof v), "immutable"));
    reply_header(r, "ETag", etag, sizeof etag);
    snprintf(text, sizeof text, "GET /static/v1/app.css HTTP/1.1\r\nHost: x\r\nIf-None-Match: %s\r\n\r\n", etag);
    assert_int_equal(ask(f, text)->status, 304);
    r = ask(f, GET("/static/v1/app.css", "Accept-Encoding: gzip\r\n"));
    assert_string_equal(reply_header(r, "Content-Encoding", v, sizeof v), "gzip");
    assert_true(r->n < 300);
    assert_string_equal(reply_header(r, "Vary", v, sizeof v), "Accept-Encoding");
    r = ask(f, GET("/static/v0/app.css", ""));
    assert_int_equal(r->status, 200);
    assert_null(strstr(reply_header(r, "Cache-Control", v, sizeof v), "immutable"));
    assert_int_equal(ask(f, GET("/static/v1/img/dot.png", ""))->status, 200);
    assert_string_equal(reply_header(r, "X-Content-Type-Options", v, sizeof v), "nosniff");
    static const char *const none[] = {"/static/v1/secret.key",
                                       "/static/v1/.hidden.css",
                                       "/static/v1/link.css",
                                       "/static/v1/Upper.css",
                                       "/static/v1/img",
                                       "/static/v1/none.css",
                                       "/static/v1/img/deep/x.css",
                                       "/static/",
                                       "/static/v1/"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", none[i]);
        assert_int_equal(ask(f, text)->status, 404);
    }
    static const char *const bad[] = {"/static/v1/../secret.key", "/static/v1/%2e%2e/secret.key",
                                      "/static/v1/..%2fsecret.key", "/static/v1/app.css%00.png"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: x\r\n\r\n", bad[i]);
        assert_int_equal(ask(f, text)->status, 400);
    }
    assert_int_equal(ask(f, "POST /static/v1/app.css HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")->status, 405);
    char version[HTTP_VERSION_TEXT + 1];
    assert_int_equal(http_static_version(sv_of(getenv("PW_TEST_STATIC")), version), PW_OK);
    assert_int_equal(strlen(version), HTTP_VERSION_TEXT);
}

static void pages_are_packed(void **state) /* EQ-4 */
{
    struct fix *f = *state;
    char v[100];
    struct reply *r = ask(f, GET("/long", "Accept-Encoding: gzip, br\r\n"));
    assert_string_equal(reply_header(r, "Content-Encoding", v, sizeof v), "gzip");
    assert_true(r->n < 1000);
    assert_int_equal(ask(f, GET("/long", ""))->n, 31000);
    /* not when another site asks */
    assert_int_equal(ask(f, GET("/long", "Accept-Encoding: gzip\r\nSec-Fetch-Site: cross-site\r\n"))->n, 31000);
    r = ask(f, GET("/", "Accept-Encoding: gzip\r\n"));
    assert_string_equal(r->body, "hello");
}

static void ranges(void **state)
{
    struct fix *f = *state;
    char v[100];
    struct reply *r = ask(f, GET("/file", ""));
    assert_int_equal(r->status, 200);
    assert_string_equal(r->body, "0123456789");
    r = ask(f, GET("/file", "Range: bytes=2-4\r\n"));
    assert_int_equal(r->status, 206);
    assert_string_equal(r->body, "234");
    assert_string_equal(reply_header(r, "Content-Range", v, sizeof v), "bytes 2-4/10");
    assert_string_equal(ask(f, GET("/file", "Range: bytes=7-\r\n"))->body, "789");
    assert_string_equal(ask(f, GET("/file", "Range: bytes=-2\r\n"))->body, "89");
    static const char *const whole[] = {"bytes=4-2",     "bytes=99-", "bytes=a-b",
                                        "bytes=1-2,4-5", "lines=1-2", "bytes=-0"};
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++) {
        char text[200];
        snprintf(text, sizeof text, "GET /file HTTP/1.1\r\nHost: x\r\nRange: %s\r\n\r\n", whole[i]);
        r = ask(f, text);
        assert_int_equal(r->status, 200);
        assert_int_equal(r->n, 10);
    }
}

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
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_page),
        T(head_is_a_get_without_body),
        T(methods),
        T(path_tricks),
        T(declared_fields_only),
        T(csrf),
        T(rights),
        T(api),
        T(post_retry_clears_the_answer),
        T(prepare_may_answer),
        T(nothing_forges_a_header),
        T(cookies_and_proxy),
        T(an_unknown_proxy_is_not_believed),
        T(too_large_is_refused_early),
        T(chunked_is_capped_as_it_comes),
        T(webhook_body_in_single_bytes),
        T(ambiguous_framing_is_refused),
        T(uploads),
        T(static_files),
        T(pages_are_packed),
        T(ranges),
        T(pipelined),
        T(broken_heads),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
