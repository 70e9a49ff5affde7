/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/b64.h"

/* The vectors of RFC 4648, section 10. */
static const char *const vectors[][3] = {{"", "", ""},
                                         {"f", "Zg==", "MY======"},
                                         {"fo", "Zm8=", "MZXQ===="},
                                         {"foo", "Zm9v", "MZXW6==="},
                                         {"foob", "Zm9vYg==", "MZXW6YQ="},
                                         {"fooba", "Zm9vYmE=", "MZXW6YTB"},
                                         {"foobar", "Zm9vYmFy", "MZXW6YTBOI======"}};

static void vectors_of_the_standard(void **state)
{
    (void)state;
    struct arena a;
    struct buf b;
    arena_init(&a, 65536);
    buf_init(&b, 4096);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        struct sv plain = sv_of(vectors[i][0]), back;
        buf_clear(&b);
        b64_encode(&b, plain);
        assert_true(sv_eq_z(buf_sv(&b), vectors[i][1]));
        assert_true(b64_decode(&a, buf_sv(&b), &back));
        assert_true(sv_eq(plain, back));
        buf_clear(&b);
        b32_encode(&b, plain);
        assert_true(sv_eq_z(buf_sv(&b), vectors[i][2]));
        assert_true(b32_decode(&a, buf_sv(&b), &back));
        assert_true(sv_eq(plain, back));
        buf_clear(&b);
        b64url_encode(&b, plain);
        assert_int_equal(-1, sv_find(buf_sv(&b), SV("=")));
        assert_true(b64url_decode(&a, buf_sv(&b), &back));
        assert_true(sv_eq(plain, back));
    }
    struct sv back;
    assert_true(b32_decode(&a, SV("mzxw6ytboi"), &back)); /* as people type it */
    assert_true(sv_eq(SV("foobar"), back));
    buf_clear(&b);
    b64url_encode(&b, SV("\xFB\xEF\xFF"));
    assert_string_equal("--__", b.p);
    buf_finish(&b);
    arena_finish(&a);
}

static void only_one_text_for_a_value(void **state)
{
    (void)state;
    static const char *const bad64[] = {"Zg",   "Zg=",  "Zg===",    "Zh==",        "Z===",   "Z",
                                        "====", "=",    "Zm9v====", "Zm 9",        "Zm9v\n", "Zm=v",
                                        "Zm9-", "Zm9_", "Zm9vYmF=", "Zm9v\xC3\xA9"};
    static const char *const bad32[] = {
        "M", "MZX", "MZXW6Y", "MZ", "MY=====", "MY=======", "M1======", "========", "M0", "MY==="};
    static const char *const badurl[] = {"Zm9+", "Zm9/", "Z", "Zh", "Zg=", "Zg=== "};
    struct arena a;
    struct sv out = SV("untouched");
    arena_init(&a, 65536);
    for (size_t i = 0; i < sizeof bad64 / sizeof bad64[0]; i++)
        if (b64_decode(&a, sv_of(bad64[i]), &out))
            fail_msg("base64 %s", bad64[i]);
    for (size_t i = 0; i < sizeof bad32 / sizeof bad32[0]; i++)
        if (b32_decode(&a, sv_of(bad32[i]), &out))
            fail_msg("base32 %s", bad32[i]);
    for (size_t i = 0; i < sizeof badurl / sizeof badurl[0]; i++)
        if (b64url_decode(&a, sv_of(badurl[i]), &out))
            fail_msg("base64url %s", badurl[i]);
    assert_true(sv_eq(SV("untouched"), out));
    arena_finish(&a);
}

static void every_length_round_trips(void **state)
{
    (void)state;
    struct arena a;
    struct buf b;
    char bytes[256];
    arena_init(&a, 1 << 20);
    buf_init(&b, 4096);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 167 + 13);
    for (size_t n = 0; n <= sizeof bytes; n++) {
        struct sv plain = {bytes, n}, back;
        buf_clear(&b);
        b64_encode(&b, plain);
        assert_true(b64_decode(&a, buf_sv(&b), &back) && sv_eq(plain, back));
        buf_clear(&b);
        b64url_encode(&b, plain);
        assert_true(b64url_decode(&a, buf_sv(&b), &back) && sv_eq(plain, back));
        buf_clear(&b);
        b32_encode(&b, plain);
        assert_true(b32_decode(&a, buf_sv(&b), &back) && sv_eq(plain, back));
    }
    buf_finish(&b);
    arena_finish(&a);
}

static void secrets_are_compared_whole(void **state)
{
    (void)state;
    assert_true(ct_eq(SV("secret"), SV("secret")));
    assert_false(ct_eq(SV("secret"), SV("secres")));
    assert_false(ct_eq(SV("secret"), SV("tecret")));
    assert_false(ct_eq(SV("secret"), SV("secre")));
    assert_false(ct_eq(SV("secret"), SV("")));
    assert_true(ct_eq((struct sv){NULL, 0}, SV("")));
    assert_false(ct_eq((struct sv){"a\0b", 3}, (struct sv){"a\0c", 3}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_of_the_standard),
        cmocka_unit_test(only_one_text_for_a_value),
        cmocka_unit_test(every_length_round_trips),
        cmocka_unit_test(secrets_are_compared_whole),
    };
    return cmocka_run_group_tests_name("b64", tests, NULL, NULL);
}
