/* SPDX-License-Identifier: EUPL-1.2 */
/* Splitting of long texts and the meaning of Telegram's answers: pure functions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "channel/telegram.h"
#include "channel/text_parts.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void units(void **state)
{
    (void)state;
    assert_int_equal(0, parts_units(SV("")));
    assert_int_equal(5, parts_units(SV("hello")));
    assert_int_equal(3, parts_units(SV("été")));
    assert_int_equal(5, parts_units(SV("مرحبا")));
    assert_int_equal(2, parts_units(SV("😀"))); /* a surrogate pair */
    assert_int_equal(1, parts_units(SV("€")));
    assert_int_equal(4, parts_units((struct sv){"\xff\xfe\xf0\x9f", 4})); /* broken bytes count one each */
}

static void cut_is(const char *text, size_t max, const char *const *want)
{
    struct sv rest = sv_of(text);
    for (; *want; want++) {
        struct sv got = parts_cut(&rest, max);
        if (!sv_eq_z(got, *want))
            fail_msg("wanted <%s>, got <%.*s>", *want, SV_ARG(got));
    }
    assert_int_equal(0, rest.n);
}
#define CUT(text, max, ...) cut_is((text), (max), (const char *const[]){__VA_ARGS__, NULL})

static void cuts(void **state)
{
    (void)state;
    CUT("short", 10, "short");
    CUT("one two three four", 10, "one two", "three four");
    CUT("first part.\n\nsecond part", 16, "first part.", "second part");
    CUT("one two six\nthree four five", 16, "one two six", "three four five");
    CUT("abcdefghijkl", 5, "abcde", "fghij", "kl");
    CUT("😀😀😀😀😀", 5, "😀😀", "😀😀", "😀"); /* never half a pair */
    CUT("ééééé", 2, "éé", "éé", "é"); /* never half a character */
    CUT("aaaae\xCC\x81"
        "bb",
        5, "aaaa",
        "e\xCC\x81"
        "bb");                                        /* an accent stays with its letter */
    CUT("aaa👍🏽bb", 5, "aaa", "👍🏽b", "b"); /* a skin tone stays with its hand */
    CUT("exact size", 10, "exact size");
    CUT("  padded  ", 10, "padded");
}

static void cut_loses_nothing(void **state)
{
    (void)state;
    /* Every size, texts with all kinds of characters: parts fit, none is empty, and only white space goes. */
    const char *text = "Bonjour à toutes 😀 et à tous.\n\nمرحبا بكم في أوتاوا. الدروس يوم الاثنين.\n한국어 텍스트입니다 "
                       "👩‍👩‍👧 end";
    for (size_t max = 2; max < 60; max++) {
        struct sv rest = sv_of(text);
        size_t kept = 0, turns = 0;
        while (rest.n) {
            struct sv part = parts_cut(&rest, max);
            assert_true(part.n > 0 && parts_units(part) <= max);
            assert_true(((unsigned char)part.p[0] & 0xC0) != 0x80);
            for (size_t i = 0; i < part.n; i++)
                kept += part.p[i] != ' ' && part.p[i] != '\n';
            assert_true(++turns < 200);
        }
        size_t whole = 0;
        for (const char *p = text; *p; p++)
            whole += *p != ' ' && *p != '\n';
        assert_int_equal(whole, kept);
    }
    uint32_t seed = 3;
    for (int round = 0; round < 500; round++) { /* any bytes at all */
        char noise[64];
        for (size_t i = 0; i < sizeof noise; i++) {
            seed = seed * 1664525u + 1013904223u;
            noise[i] = (char)(seed >> 24);
        }
        struct sv rest = {noise, sizeof noise};
        for (int turns = 0; rest.n; turns++) {
            (void)parts_cut(&rest, 1 + seed % 9);
            assert_true(turns < 70);
        }
    }
}

static struct telegram_reply meaning(int status, const char *body, bool private_chat)
{
    struct telegram_reply r;
    telegram_classify(status, sv_of(body), private_chat, &arena, &r);
    return r;
}

static void answers(void **state)
{
    (void)state;
    struct telegram_reply r = meaning(200, "{\"ok\":true,\"result\":{\"message_id\":7}}", true);
    assert_int_equal(SEND_OK, r.res.cls);
    assert_non_null(r.result);
    r = meaning(200, "{\"ok\":tru", true);
    assert_int_equal(SEND_IN_DOUBT, r.res.cls);
    r = meaning(429,
                "{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 7\","
                "\"parameters\":{\"retry_after\":7}}",
                true);
    assert_int_equal(SEND_RETRY, r.res.cls);
    assert_int_equal(7000, r.res.retry_after_ms);
    assert_true(r.res.pause_lane);
    r = meaning(400,
                "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded to a "
                "supergroup chat\",\"parameters\":{\"migrate_to_chat_id\":-1002000000009}}",
                false);
    assert_int_equal(SEND_RETRY, r.res.cls);
    assert_true(sv_eq_z(r.new_chat, "-1002000000009"));
    const char *blocked =
        "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was blocked by the user\"}";
    assert_int_equal(SEND_BLOCKED, meaning(403, blocked, true).res.cls);
    const char *gone = "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: user is deactivated\"}";
    assert_int_equal(SEND_BLOCKED, meaning(403, gone, true).res.cls);
    const char *out =
        "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot was kicked from the group chat\"}";
    assert_int_equal(SEND_FAILED, meaning(403, out, false).res.cls);
    /* Somebody who never wrote to us did not ask us to stop. */
    const char *shy =
        "{\"ok\":false,\"error_code\":403,\"description\":\"Forbidden: bot can't initiate conversation with a user\"}";
    r = meaning(403, shy, true);
    assert_int_equal(SEND_FAILED, r.res.cls);
    assert_true(sv_eq_z(r.res.code, "403-not-started"));
    r = meaning(400, "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: chat not found\"}", true);
    assert_int_equal(SEND_FAILED, r.res.cls);
    assert_true(sv_eq_z(r.res.code, "400-no-chat"));
    r = meaning(400, "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: Noor said something\"}", true);
    assert_true(sv_eq_z(r.res.code, "400")); /* unknown words never become a code */
    assert_int_equal(SEND_RETRY, meaning(500, "<html>", true).res.cls);
    assert_int_equal(SEND_RETRY, meaning(502, "", true).res.cls);
    r = meaning(401, "{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}", true);
    assert_int_equal(SEND_RETRY, r.res.cls); /* a wrong token must not lose the queue */
    assert_true(r.res.pause_lane);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {T(units), T(cuts), T(cut_loses_nothing), T(answers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
