/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/id.h"
#include "testsite.h"

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

const struct route site_routes[] = {
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

int site_make_files(void **state)
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

int site_remove_files(void **state)
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

int site_open(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    testhost_init(&f->host);
    f->h = testhost_start(&f->host, site_routes,
                          &(struct http_config){.threads = 3,
                                                .body_max = 100000,
                                                .upload_max = 400000,
                                                .trusted_proxy = SV("127.0.0.1"),
                                                .static_dir = sv_of(getenv("PW_TEST_STATIC")),
                                                .static_version = SV("v1")});
    *state = f;
    return 0;
}

int site_close(void **state)
{
    struct fix *f = *state;
    http_stop(f->h);
    free(f);
    return 0;
}

struct reply *ask(struct fix *f, const char *text)
{
    client_ask(f->h, text, &f->r);
    return &f->r;
}

struct reply *post(struct fix *f, const char *path, const char *headers, const char *body)
{
    char text[4096];
    snprintf(text, sizeof text, "POST %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %zu\r\n\r\n%s", path, headers,
             strlen(body), body);
    return ask(f, text);
}

bool has(const struct reply *r, const char *words)
{
    return strstr(r->body, words) != NULL;
}
