/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "http/route.h"

static enum pw_err nothing(struct http_req *q, struct http_res *r)
{
    (void)q;
    (void)r;
    return PW_OK;
}

static bool matches(const char *pattern, const char *path, struct sv text[4], int64_t id[4])
{
    return route_match(pattern, sv_of(path), text, id);
}

static void patterns(void **state)
{
    struct sv text[4] = {{0}};
    int64_t id[4] = {0};
    char shown[ID_TEXT + 1], path[64];
    int64_t one = id_new();
    (void)state;
    assert_true(matches("/", "/", text, id));
    assert_false(matches("/", "", text, id));
    assert_false(matches("/", "/a", text, id));
    assert_true(matches("/a/b", "/a/b", text, id));
    assert_false(matches("/a/b", "/a/b/", text, id));
    assert_false(matches("/a/b", "/a//b", text, id));
    assert_false(matches("/a/b", "a/b", text, id));
    assert_true(matches("/c/{s}/ask", "/c/tenants/ask", text, id));
    assert_true(sv_eq(text[0], SV("tenants")));
    assert_false(matches("/c/{s}/ask", "/c//ask", text, id));
    id_text(one, shown);
    snprintf(path, sizeof path, "/q/%s", shown);
    assert_true(matches("/q/{i}", path, text, id));
    assert_true(id[0] == one);
    assert_false(matches("/q/{i}", "/q/12", text, id));
    assert_false(matches("/q/{i}", "/q/!!!!!!!!!!!!!", text, id));
    snprintf(path, sizeof path, "/q/%s.csv", shown);
    assert_false(matches("/q/{i}", path, text, id));
    assert_true(matches("/q/{i}.csv", path, text, id));
    assert_true(id[0] == one && text[0].n == ID_TEXT);
    assert_false(matches("/q/{s}.csv", "/q/.csv", text, id));
    assert_true(matches("/{s}/{s}/{s}/{s}", "/a/b/c/d", text, id));
    assert_true(sv_eq(text[3], SV("d")));
    char deep[200] = "";
    for (int i = 0; i < 40; i++)
        memcpy(deep + 2 * i, "/a", 3);
    assert_false(matches("/a", deep, text, id));
}

static void failed_match_writes_nothing(void **state)
{
    struct sv text[4] = {SV("keep")};
    int64_t id[4] = {7};
    (void)state;
    assert_false(matches("/c/{s}/x", "/c/y/z", text, id));
    assert_true(sv_eq(text[0], SV("keep")) && id[0] == 7);
}

#define ROW(m, p)                                                                                                      \
    {                                                                                                                  \
        m, p, 0, nothing, NULL, "Help.", 0, NULL, NULL                                                                 \
    }

static enum pw_err build(const struct route *rows, struct buf *why)
{
    struct route_index *ix = NULL;
    enum pw_err e = route_index_new(&rows, 1, &ix, why);
    if (e == PW_OK)
        route_index_free(ix);
    return e;
}

static void refused(const struct route *rows, const char *word)
{
    struct buf why;
    buf_init(&why, 1000);
    assert_int_equal(build(rows, &why), PW_INVALID);
    assert_true(sv_find(buf_sv(&why), sv_of(word)) >= 0);
    buf_finish(&why);
}

static void ambiguous_tables(void **state)
{
    (void)state;
    refused((struct route[]){ROW(HTTP_GET, "/a"), ROW(HTTP_GET, "/a"), {0}}, "/a");
    refused((struct route[]){ROW(HTTP_GET, "/a/{i}"), ROW(HTTP_GET, "/a/{s}"), {0}}, "/a/{s}");
    refused((struct route[]){ROW(HTTP_GET, "/a/{s}/b"), ROW(HTTP_GET, "/a/x/{s}"), {0}}, "/a/x/{s}");
    refused((struct route[]){ROW(HTTP_GET, "/{s}/b"), ROW(HTTP_GET, "/a/{s}"), {0}}, "same paths");
    /* not ambiguous: other methods, other depth, ids are never these words, literal beats a piece */
    assert_int_equal(build((struct route[]){ROW(HTTP_GET, "/a"),
                                            ROW(HTTP_POST, "/a"),
                                            ROW(HTTP_GET, "/a/{i}"),
                                            ROW(HTTP_GET, "/a/new"),
                                            ROW(HTTP_GET, "/a/{i}.csv"),
                                            ROW(HTTP_GET, "/c/{s}"),
                                            ROW(HTTP_GET, "/c/new"),
                                            {0}},
                           NULL),
                     PW_OK);
}

static void malformed_tables(void **state)
{

    (void)state;
    refused((struct route[]){ROW(HTTP_GET, "a"), {0}}, "segments");
    refused((struct route[]){ROW(HTTP_GET, "/a/"), {0}}, "segments");
    refused((struct route[]){ROW(HTTP_GET, "/a//b"), {0}}, "segments");
    refused((struct route[]){ROW(HTTP_GET, "/a/{x}"), {0}}, "piece");
    refused((struct route[]){ROW(HTTP_GET, "/a/x{i}"), {0}}, "characters");
    refused((struct route[]){ROW(HTTP_GET, "/a/{i}{s}"), {0}}, "piece");
    refused((struct route[]){ROW(HTTP_GET, "/a/.."), {0}}, "characters");
    refused((struct route[]){ROW(HTTP_GET, "/{s}/{s}/{s}/{s}/{s}"), {0}}, "four");
    refused((struct route[]){{HTTP_GET, "/a", 0, nothing, NULL, "", 0, NULL, NULL}, {0}}, "help");
    refused((struct route[]){{HTTP_GET, "/a", 0, NULL, NULL, "Help.", 0, NULL, NULL}, {0}}, "handler");
    refused((struct route[]){{HTTP_POST, "/a", 0, nothing, NULL, "Help.", ROUTE_STREAM, NULL, NULL}, {0}}, "stream");
    refused((struct route[]){{HTTP_POST, "/a", 0, nothing,
                              FIELDS({"x", FIELD_TEXT, 0, 0, 0, NULL, ""}, {"x", FIELD_INT, 0, 0, 0, NULL, ""}),
                              "Help.", 0, NULL, NULL},
                             {0}},
            "twice");
    refused(
        (struct route[]){
            {HTTP_POST, "/a", 0, nothing, FIELDS({"x", FIELD_CHOICE, 0, 0, 0, NULL, ""}), "Help.", 0, NULL, NULL}, {0}},
        "choice");
}

static void finding(void **state)
{
    static const struct route rows[] = {ROW(HTTP_GET, "/"),
                                        ROW(HTTP_GET, "/c/{s}"),
                                        ROW(HTTP_GET, "/c/new"),
                                        ROW(HTTP_POST, "/c/{s}"),
                                        ROW(HTTP_GET, "/{s}"),
                                        ROW(HTTP_PUT, "/api/v1/people/{i}"),
                                        ROW(HTTP_GET, "/api/v1/people/{i}"),
                                        {0}};
    const struct route *table = rows;
    struct route_index *ix = NULL;
    struct route_hit hit;
    (void)state;
    assert_int_equal(route_index_new(&table, 1, &ix, NULL), PW_OK);
    route_find(ix, HTTP_GET, SV("/c/new"), &hit);
    assert_ptr_equal(hit.route, &rows[2]);
    route_find(ix, HTTP_GET, SV("/c/old"), &hit);
    assert_ptr_equal(hit.route, &rows[1]);
    route_find(ix, HTTP_GET, SV("/"), &hit);
    assert_ptr_equal(hit.route, &rows[0]);
    route_find(ix, HTTP_GET, SV("/about"), &hit);
    assert_ptr_equal(hit.route, &rows[4]);
    route_find(ix, HTTP_DELETE, SV("/api/v1/people/0123456789abc"), &hit);
    assert_null(hit.route);
    assert_int_equal(hit.methods, (1u << HTTP_GET) | (1u << HTTP_PUT));
    route_find(ix, HTTP_GET, SV("/c/a/b"), &hit);
    assert_null(hit.route);
    assert_int_equal(hit.methods, 0);
    route_index_free(ix);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns),         cmocka_unit_test(failed_match_writes_nothing),
        cmocka_unit_test(ambiguous_tables), cmocka_unit_test(malformed_tables),
        cmocka_unit_test(finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
