/* SPDX-License-Identifier: EUPL-1.2 */
/* What is long over a socket: sizes, chunks, uploads, files, packed answers. */
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

#include "testsite.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        SITE_TEST(too_large_is_refused_early),
        SITE_TEST(chunked_is_capped_as_it_comes),
        SITE_TEST(webhook_body_in_single_bytes),
        SITE_TEST(ambiguous_framing_is_refused),
        SITE_TEST(uploads),
        SITE_TEST(static_files),
        SITE_TEST(pages_are_packed),
        SITE_TEST(ranges),
    };
    return cmocka_run_group_tests(tests, site_make_files, site_remove_files);
}
