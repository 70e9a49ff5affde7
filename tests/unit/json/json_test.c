/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/id.h"
#include "json/json.h"

static int setup(void **state)
{
    struct arena *a = calloc(1, sizeof *a);
    arena_init(a, 1 << 20);
    *state = a;
    return 0;
}

static int teardown(void **state)
{
    arena_finish(*state);
    free(*state);
    return 0;
}

static void assert_sv(struct sv got, const char *want)
{
    if (!sv_eq_z(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", SV_ARG(got), want);
}

static void refuses(struct arena *a, struct sv text)
{
    json_t *v = NULL;
    struct sv where = {0};
    /* A tight copy: the sanitizer sees one byte too far. */
    char *exact = malloc(text.n ? text.n : 1);
    assert_non_null(exact);
    if (text.n)
        memcpy(exact, text.p, text.n);
    if (json_read((struct sv){exact, text.n}, a, &v, &where) != PW_INVALID)
        fail_msg("accepted: %.*s", SV_ARG(text));
    free(exact);
    assert_null(v);
    assert_true(where.n > 0);
}

static void reads_only_strict_json(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    assert_int_equal(json_read(SV(" {\"a\":[1,2,{\"b\":null}]} \n"), a, &v, NULL), PW_OK);
    assert_int_equal(json_array_size(json_object_get(v, "a")), 3);

    refuses(a, SV(""));
    refuses(a, (struct sv){0});
    refuses(a, SV("7"));
    refuses(a, SV("{\"a\":1,\"a\":2}"));
    refuses(a, SV("{\"a\":{\"b\":1,\"b\":1}}"));
    refuses(a, SV("{} {}"));
    refuses(a, SV("{}x"));
    refuses(a, SV("[1,]"));
    refuses(a, SV("{'a':1}"));
    refuses(a, SV("[01]"));
    refuses(a, SV("[NaN]"));
    refuses(a, SV("[1e999]"));
    refuses(a, SV("[99999999999999999999]"));
    refuses(a, SV("[\"\\u0000\"]"));
    refuses(a, SV("{\"a\\u0000b\":1}"));
    refuses(a, SV("[\"a\0b\"]"));
    refuses(a, SV("[1]\0"));
    refuses(a, SV("[\"\xff\"]"));
    refuses(a, SV("[\"\xc0\xaf\"]"));
    refuses(a, SV("[\"\\ud800\"]"));
    refuses(a, SV("[\"tab\there\"]"));
    refuses(a, SV("[\"open"));
    refuses(a, SV("[\"open\\"));
    refuses(a, SV("/* no */ {}"));
}

static void limits_depth_size_and_number(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    char deep[2 * (JSON_DEPTH_MAX + 1)];
    size_t n = JSON_DEPTH_MAX;
    memset(deep, '[', n);
    memset(deep + n, ']', n);
    assert_int_equal(json_read((struct sv){deep, 2 * n}, a, &v, NULL), PW_OK);
    n++;
    memset(deep, '[', n);
    memset(deep + n, ']', n);
    refuses(a, (struct sv){deep, 2 * n});
    /* brackets inside a string do not count */
    struct buf b;
    buf_init(&b, JSON_TEXT_MAX * 2);
    buf_z(&b, "[\"");
    for (int i = 0; i < 1000; i++)
        buf_z(&b, "[\\\"{");
    buf_z(&b, "\"]");
    assert_int_equal(json_read(buf_sv(&b), a, &v, NULL), PW_OK);
    buf_clear(&b);
    buf_c(&b, '[');
    for (int i = 0; i < JSON_VALUES_MAX; i++)
        buf_z(&b, "[],");
    buf_z(&b, "[]]");
    refuses(a, buf_sv(&b));
    buf_clear(&b);
    buf_z(&b, "[\"");
    for (int i = 0; i < JSON_TEXT_MAX / 8; i++)
        buf_z(&b, "aaaaaaaa");
    buf_z(&b, "\"]");
    refuses(a, buf_sv(&b));
    buf_finish(&b);
}

static void says_where_it_broke_without_repeating_it(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    struct sv where = {0};
    assert_int_equal(json_read(SV("{\n \"name\": Amina\n}"), a, &v, &where), PW_INVALID);
    assert_true(sv_starts(where, SV("line 2 column ")));
    assert_int_equal(sv_find(where, SV("Amina")), -1);
}

static void getters_know_the_path(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    assert_int_equal(
        json_read(SV("{\"answers\":[{\"text\":\"a\"},{\"text\":\"b\"},{\"text\":\"c\"},{\"text\":4}]}"), a, &v, NULL),
        PW_OK);
    struct json_in in;
    json_in_init(&in, a);
    struct json_at root = json_root(v), answers = {0};
    assert_int_equal(json_array_at(&in, &root, "answers", JSON_REQUIRED, 10, &answers), PW_OK);
    assert_int_equal(json_count(&answers), 4);
    struct sv text = SV("before");
    for (size_t i = 0; i < 4; i++) {
        struct json_at item = json_item(&answers, i);
        enum pw_err e = json_text(&in, &item, "text", JSON_REQUIRED, 100, &text);
        assert_int_equal(e, i < 3 ? PW_OK : PW_INVALID);
    }
    assert_sv(text, "c"); /* the failing read wrote nothing */
    assert_false(json_ok(&in));
    assert_sv(in.where, "$.answers[3].text");
    /* the first error stays */
    assert_int_equal(json_text(&in, &root, "missing", JSON_REQUIRED, 9, &text), PW_INVALID);
    assert_sv(in.where, "$.answers[3].text");
}

static void getters_check_types_and_ranges(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    assert_int_equal(
        json_read(SV("{\"big\":9007199254740993,\"max\":9223372036854775807,\"n\":null,\"t\":\"long\","
                     "\"e\":\"\",\"b\":true,\"r\":1.0,\"id\":\"0000000000001\",\"o\":{\"x\":1},\"l\":[1,2]}"),
                  a, &v, NULL),
        PW_OK);
    struct json_at root = json_root(v), got = {0};
    struct json_in in;
    int64_t i = -5;
    struct sv s = SV("default");
    bool b = false;
#define FRESH json_in_init(&in, a)
    FRESH;
    assert_int_equal(json_int(&in, &root, "big", JSON_REQUIRED, 0, INT64_MAX, &i), PW_OK);
    assert_int_equal(i, INT64_C(9007199254740993));
    assert_int_equal(json_id(&in, &root, "max", JSON_REQUIRED, &i), PW_OK);
    assert_true(i == INT64_MAX);
    assert_int_equal(json_id(&in, &root, "id", JSON_REQUIRED, &i), PW_OK);
    assert_int_equal(i, 1);
    assert_int_equal(json_text(&in, &root, "n", JSON_OPTIONAL, 9, &s), PW_OK);
    assert_int_equal(json_text(&in, &root, "absent", JSON_OPTIONAL, 9, &s), PW_OK);
    assert_sv(s, "default");
    assert_int_equal(json_bool_at(&in, &root, "b", JSON_REQUIRED, &b), PW_OK);
    assert_true(b);
    assert_int_equal(json_object_at(&in, &root, "o", JSON_REQUIRED, &got), PW_OK);
    assert_true(json_ok(&in));

    assert_int_equal(json_int(&in, &root, "big", JSON_REQUIRED, 0, 10, &i), PW_INVALID);
    assert_sv(in.where, "$.big");
    FRESH;
    assert_int_equal(json_int(&in, &root, "r", JSON_REQUIRED, 0, 10, &i), PW_INVALID);
    FRESH;
    assert_int_equal(json_text(&in, &root, "t", JSON_REQUIRED, 3, &s), PW_INVALID);
    FRESH;
    assert_int_equal(json_text(&in, &root, "e", JSON_REQUIRED, 3, &s), PW_INVALID);
    FRESH;
    assert_int_equal(json_text(&in, &root, "n", JSON_REQUIRED, 3, &s), PW_INVALID);
    FRESH;
    assert_int_equal(json_bool_at(&in, &root, "big", JSON_OPTIONAL, &b), PW_INVALID);
    FRESH;
    assert_int_equal(json_id(&in, &root, "t", JSON_REQUIRED, &i), PW_INVALID);
    FRESH;
    assert_int_equal(json_array_at(&in, &root, "l", JSON_REQUIRED, 1, &got), PW_INVALID);
    FRESH;
    assert_int_equal(json_object_at(&in, &root, "l", JSON_REQUIRED, &got), PW_INVALID);
    FRESH;
    struct json_at list = {0};
    assert_int_equal(json_array_at(&in, &root, "l", JSON_REQUIRED, 5, &list), PW_OK);
    struct json_at item = json_item(&list, 1);
    assert_int_equal(json_int(&in, &item, NULL, JSON_REQUIRED, 0, 9, &i), PW_OK);
    assert_int_equal(i, 2);
    assert_int_equal(json_text(&in, &item, "x", JSON_REQUIRED, 9, &s), PW_INVALID); /* not an object */
    assert_sv(in.where, "$.l[1]");
#undef FRESH
}

static void strict_objects_name_the_unknown_member(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    static const char *const names[] = {"name", "lang", NULL};
    struct json_in in;
    json_in_init(&in, a);
    assert_int_equal(json_read(SV("{\"p\":{\"name\":\"x\",\"role\":\"admin\"},\"q\":{\"a b\":1}}"), a, &v, NULL),
                     PW_OK);
    struct json_at root = json_root(v), p = {0};
    assert_int_equal(json_object_at(&in, &root, "p", JSON_REQUIRED, &p), PW_OK);
    assert_int_equal(json_only(&in, &p, names), PW_INVALID);
    assert_sv(in.where, "$.p.role");
    json_in_init(&in, a);
    assert_int_equal(json_object_at(&in, &root, "q", JSON_REQUIRED, &p), PW_OK);
    assert_int_equal(json_only(&in, &p, names), PW_INVALID);
    assert_sv(in.where, "$.q.(odd name)");
}

static void loose_looks_never_fail(void **state)
{
    struct arena *a = *state;
    json_t *v = NULL;
    assert_int_equal(json_read(SV("{\"id\":-1001234567890123,\"s\":\"x\",\"n\":3}"), a, &v, NULL), PW_OK);
    assert_sv(json_id_sv(json_object_get(v, "id"), a), "-1001234567890123");
    assert_sv(json_id_sv(json_object_get(v, "s"), a), "x");
    assert_int_equal(json_id_sv(NULL, a).n, 0);
    assert_int_equal(json_member_sv(v, "n").n, 0);
    assert_int_equal(json_member_sv(NULL, "n").n, 0);
    assert_int_equal(json_member_int(v, "n", 9), 3);
    assert_int_equal(json_member_int(v, "s", 9), 9);
    assert_false(json_member_bool(v, "s"));
}

static void writes_what_it_was_told(void **state)
{
    struct arena *a = *state;
    struct buf b;
    struct json_w w;
    buf_init(&b, 4096);
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_kv_sv(&w, "t", SV("</script>&'\"\\\n\x01 \xe2\x80\xa8 \xc3\xa9 \xff \xed\xa0\x80"));
    json_w_key(&w, "l");
    json_w_array(&w);
    json_w_int(&w, INT64_MIN);
    json_w_bool(&w, true);
    json_w_null(&w);
    json_w_z(&w, NULL);
    json_w_real(&w, 0.5);
    json_w_object(&w);
    json_w_end(&w);
    json_w_end(&w);
    json_w_kv_id(&w, "id", 1);
    json_w_kv_id(&w, "none", 0);
    json_w_kv_time(&w, "at", INT64_C(1700000000123));
    json_w_kv_time(&w, "old", -1);
    json_w_kv_time(&w, "never", 0);
    json_w_end(&w);
    assert_true(json_w_ok(&w));
    assert_sv(buf_sv(&b),
              "{\"t\":\"\\u003c/script\\u003e\\u0026\\u0027\\\"\\\\\\n\\u0001 \\u2028 \xc3\xa9 \\ufffd "
              "\\ufffd\\ufffd\\ufffd\",\"l\":[-9223372036854775808,true,null,null,0.5,{}],\"id\":\"0000000000001\","
              "\"none\":null,\"at\":\"2023-11-14T22:13:20.123Z\",\"old\":\"1969-12-31T23:59:59.999Z\",\"never\":null}");
    json_t *v = NULL;
    assert_int_equal(json_read(buf_sv(&b), a, &v, NULL), PW_OK);
    struct buf again;
    buf_init(&again, 4096);
    struct json_w w2;
    json_w_init(&w2, &again);
    json_w_value(&w2, v);
    assert_true(json_w_ok(&w2));
    json_t *v2 = NULL;
    assert_int_equal(json_read(buf_sv(&again), a, &v2, NULL), PW_OK);
    assert_true(json_equal(v, v2));
    buf_finish(&again);
    buf_finish(&b);
}

static void misuse_fails_the_buffer(void **state)
{
    (void)state;
    struct buf b;
    struct json_w w;
    buf_init(&b, 64);
    json_w_init(&w, &b);
    json_w_object(&w);
    json_w_int(&w, 1); /* no key */
    assert_false(json_w_ok(&w));
    buf_clear(&b);
    json_w_init(&w, &b);
    json_w_end(&w);
    assert_false(buf_ok(&b));
    buf_clear(&b);
    json_w_init(&w, &b);
    json_w_int(&w, 1);
    assert_true(json_w_ok(&w));
    json_w_int(&w, 2); /* two values */
    assert_false(json_w_ok(&w));
    buf_clear(&b);
    json_w_init(&w, &b);
    json_w_array(&w);
    assert_false(json_w_ok(&w)); /* not ended */
    for (int i = 0; i < 100; i++)
        json_w_array(&w);
    assert_false(buf_ok(&b));
    buf_clear(&b);
    json_w_init(&w, &b);
    json_w_array(&w);
    json_w_key(&w, "k"); /* a key in a list */
    assert_false(buf_ok(&b));
    buf_finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_only_strict_json, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_depth_size_and_number, setup, teardown),
        cmocka_unit_test_setup_teardown(says_where_it_broke_without_repeating_it, setup, teardown),
        cmocka_unit_test_setup_teardown(getters_know_the_path, setup, teardown),
        cmocka_unit_test_setup_teardown(getters_check_types_and_ranges, setup, teardown),
        cmocka_unit_test_setup_teardown(strict_objects_name_the_unknown_member, setup, teardown),
        cmocka_unit_test_setup_teardown(loose_looks_never_fail, setup, teardown),
        cmocka_unit_test_setup_teardown(writes_what_it_was_told, setup, teardown),
        cmocka_unit_test_setup_teardown(misuse_fails_the_buffer, setup, teardown),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
