/* SPDX-License-Identifier: EUPL-1.2 */
/* Decoding, authenticity and settings of the Telegram driver, on the bodies of tests/data/channels/telegram/updates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "channel/telegram.h"
#include "json/json.h"

static struct arena arena;
static struct chan_events events;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    events = (struct chan_events){0};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct sv body_of(const char *name)
{
    struct sv path = arena_fmt(&arena, "%s/%s", UPDATES_DIR, name);
    FILE *f = fopen(arena_z(&arena, path), "rb");
    assert_non_null(f);
    char *p = arena_alloc(&arena, 65536, 1);
    size_t n = fread(p, 1, 65536, f);
    (void)fclose(f);
    return (struct sv){p, n};
}

static const struct chan_event *only(const char *name)
{
    assert_int_equal(PW_OK,
                     telegram_driver.decode(NULL, &(struct chan_request){.body = body_of(name)}, &arena, &events));
    assert_int_equal(1, events.n);
    assert_true(events.v[0].provider_id.n > 0);
    return &events.v[0];
}

#define IS(sv_, z) assert_true(sv_eq_z((sv_), (z)))

static void texts(void **state) /* MSG-13 */
{
    (void)state;
    const struct chan_event *e = only("text-group.json");
    assert_int_equal(CHAN_MESSAGE, e->kind);
    IS(e->provider_id, "700000001");
    IS(e->message_id, "41");
    IS(e->chat, "-1002000000001");
    IS(e->user, "4503599627370495"); /* 52 bits */
    IS(e->user_name, "Amal Haddad");
    IS(e->user_lang, "ar");
    IS(e->text, "مرحبا، كيف أسجل ابني في المدرسة؟");
    assert_false(e->private_chat);
    assert_true(e->at_ms == INT64_C(1772712000000));
    e = only("reply-group.json");
    IS(e->reply_to, "41");
    IS(e->text, "Merci 😀");
    e = only("topic-head.json");
    assert_int_equal(0, e->reply_to.n);
    e = only("private-start.json");
    assert_true(e->private_chat);
    IS(e->text, "/start abc");
    e = only("edited.json");
    assert_int_equal(CHAN_EDITED, e->kind);
    assert_true(e->at_ms == INT64_C(1772712300000));
    e = only("location.json");
    IS(e->text, "geo:45.421500,-75.697200");
}

static void files(void **state) /* MSG-13 */
{
    (void)state;
    const struct chan_event *e = only("voice.json");
    assert_int_equal(FILE_VOICE, e->file_kind);
    IS(e->file_id, "AwACAgQ-voice");
    IS(e->file_type, "audio/ogg");
    assert_int_equal(12, e->duration_s);
    assert_int_equal(23011, e->file_size);
    e = only("photo-caption.json");
    assert_int_equal(FILE_IMAGE, e->file_kind);
    IS(e->file_id, "large");
    IS(e->text, "La lettre reçue");
    e = only("document.json");
    assert_int_equal(FILE_OTHER, e->file_kind);
    IS(e->file_name, "bail.pdf");
    assert_int_equal(FILE_VIDEO, only("video.json")->file_kind);
    assert_int_equal(FILE_AUDIO, only("audio.json")->file_kind);
}

static void joining(void **state) /* MSG-6 */
{
    (void)state;
    const struct chan_event *e = only("join-request.json");
    assert_int_equal(CHAN_JOIN_REQUEST, e->kind);
    IS(e->user, "1000005");
    IS(e->user_chat, "1000005");
    IS(e->text, "Arrived in March");
    assert_int_equal(0, e->token.n);
    e = only("join-request-query.json");
    IS(e->token, "jq77");
    e = only("member-joined.json");
    assert_int_equal(CHAN_JOINED, e->kind);
    IS(e->user, "1000005");
    assert_int_equal(CHAN_LEFT, only("member-left.json")->kind);
    assert_false(events.v[0].self);
}

static void stopping(void **state) /* EQ-1 */
{
    (void)state;
    const struct chan_event *e = only("blocked.json");
    assert_int_equal(CHAN_BLOCKED, e->kind);
    IS(e->user, "1000002");
    e = only("unblocked.json");
    assert_int_equal(CHAN_JOINED, e->kind);
    assert_true(e->private_chat);
    e = only("bot-put-out.json");
    assert_int_equal(CHAN_LEFT, e->kind);
    assert_true(e->self);
}

static void buttons(void **state)
{
    (void)state;
    const struct chan_event *e = only("button.json");
    assert_int_equal(CHAN_BUTTON, e->kind);
    IS(e->token, "g:yes");
    IS(e->message_id, "60");
    IS(events.reply.body, "{\"method\":\"answerCallbackQuery\",\"callback_query_id\":\"4382bfdwdsb323b2d9\"}");
    /* An id that would break out of the reply gets none. */
    struct sv evil =
        SV("{\"update_id\":1,\"callback_query\":{\"id\":\"a\\\"b\",\"from\":{\"id\":5},\"data\":\"x\",\"message\":"
           "{\"message_id\":1,\"chat\":{\"id\":5,\"type\":\"private\"}}}}");
    assert_int_equal(PW_OK, telegram_driver.decode(NULL, &(struct chan_request){.body = evil}, &arena, &events));
    assert_int_equal(1, events.n);
    assert_int_equal(0, events.reply.body.n);
}

static void migration_is_one_event(void **state)
{
    (void)state;
    struct sv first = only("migrate-to.json")->provider_id;
    IS(events.v[0].chat, "-2000000007");
    IS(events.v[0].new_chat, "-1002000000007");
    const struct chan_event *e = only("migrate-from.json");
    assert_int_equal(CHAN_MIGRATED, e->kind);
    IS(e->chat, "-2000000007");
    IS(e->new_chat, "-1002000000007");
    assert_true(sv_eq(first, e->provider_id)); /* told in both chats, counts once */
}

static void every_fixture_keeps_its_promise(void **state)
{
    (void)state;
    DIR *d = opendir(UPDATES_DIR);
    assert_non_null(d);
    size_t seen = 0;
    for (struct dirent *f; (f = readdir(d));) {
        if (f->d_name[0] == '.')
            continue;
        seen++;
        enum pw_err e =
            telegram_driver.decode(NULL, &(struct chan_request){.body = body_of(f->d_name)}, &arena, &events);
        bool bad = strncmp(f->d_name, "bad-", 4) == 0, ignore = strncmp(f->d_name, "ignore-", 7) == 0;
        if ((bad && e != PW_INVALID) || (!bad && e != PW_OK) || (ignore && events.n) ||
            (!bad && !ignore && events.n != 1))
            fail_msg("%s: %s, %zu events", f->d_name, err_name(e), events.n);
    }
    (void)closedir(d);
    assert_true(seen >= 44);
}

/* Whatever is cut off or changed, decoding ends with an answer, never with a crash. */
static void broken_bodies(void **state)
{
    (void)state;
    static const char *const names[] = {"text-group.json", "join-request-query.json", "button.json",
                                        "blocked.json",    "photo-caption.json",      "migrate-to.json"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct sv whole = body_of(names[i]);
        for (size_t n = 0; n < whole.n - 1; n++) {
            char *tight = malloc(n ? n : 1); /* ASan sees one byte too far */
            assert_non_null(tight);
            memcpy(tight, whole.p, n);
            assert_int_equal(
                PW_INVALID,
                telegram_driver.decode(NULL, &(struct chan_request){.body = (struct sv){tight, n}}, &arena, &events));
            free(tight);
        }
        uint32_t seed = 7;
        char *changed = malloc(whole.n);
        assert_non_null(changed);
        for (int round = 0; round < 2000; round++) {
            memcpy(changed, whole.p, whole.n);
            seed = seed * 1664525u + 1013904223u;
            changed[seed % whole.n] = "\"{}[]:,0-9ex\\\0\xff"[(seed >> 16) % 15];
            enum pw_err e = telegram_driver.decode(NULL, &(struct chan_request){.body = (struct sv){changed, whole.n}},
                                                   &arena, &events);
            assert_true(e == PW_OK || e == PW_INVALID);
            arena_reset(&arena);
            whole = body_of(names[i]);
        }
        free(changed);
    }
}

/* ---- settings and authenticity ---- */

static const json_t *config(const char *text)
{
    json_t *v;
    assert_int_equal(PW_OK, json_read(sv_of(text), &arena, &v, NULL));
    return v;
}

#define TOKEN "\"token\":\"110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\""

static void settings(void **state)
{
    (void)state;
    static const struct {
        const char *text, *field; /* NULL: good */
    } cases[] = {
        {"{" TOKEN ",\"secret\":\"s3cret_-\"}", NULL},
        {"{" TOKEN ",\"mode\":\"polling\"}", NULL},
        {"{" TOKEN ",\"mode\":\"polling\",\"api_base\":\"http://127.0.0.1:8081\"}", NULL},
        {"{" TOKEN ",\"secret\":\"a\",\"api_base\":\"https://bots.example.org/\"}", NULL},
        {"{" TOKEN "}", "secret"}, /* fail closed: no secret, no channel */
        {"{" TOKEN ",\"mode\":\"webhook\",\"secret\":\"\"}", "secret"},
        {"{" TOKEN ",\"secret\":\"has space\"}", "secret"},
        {"{" TOKEN ",\"secret\":\"é\"}", "secret"},
        {"{" TOKEN ",\"secret\":5}", "secret"},
        {"{\"secret\":\"a\"}", "token"},
        {"{\"token\":\"110201543\",\"secret\":\"a\"}", "token"},
        {"{\"token\":\":AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw\",\"secret\":\"a\"}", "token"},
        {"{\"token\":\"1:AAHdqTcvCH1vGWJx/../eofSAs0K5PALDsaw\",\"secret\":\"a\"}", "token"},
        {"{" TOKEN ",\"secret\":\"a\",\"mode\":\"both\"}", "mode"},
        {"{" TOKEN ",\"secret\":\"a\",\"api_base\":\"http://bots.example.org\"}", "api_base"},
        {"{" TOKEN ",\"secret\":\"a\",\"api_base\":\"http://127.0.0.1.example.org\"}", "api_base"},
        {"{" TOKEN ",\"secret\":\"a\",\"api_base\":\"http://localhost@evil.example\"}", "api_base"},
        {"{" TOKEN ",\"secret\":\"a\",\"api_base\":\"ftp://x\"}", "api_base"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problems ps = {0};
        enum pw_err e = telegram_driver.check_config(config(cases[i].text), &ps);
        if (cases[i].field ? e != PW_INVALID || !problem_of(&ps, cases[i].field) : e != PW_OK || ps.n)
            fail_msg("case %zu: %s", i, cases[i].text);
    }
    char secret[258] = {0}, text[400];
    memset(secret, 'a', 256);
    struct problems ps = {0};
    (void)snprintf(text, sizeof text, "{" TOKEN ",\"secret\":\"%s\"}", secret);
    assert_int_equal(PW_OK, telegram_driver.check_config(config(text), &ps));
    secret[256] = 'a';
    (void)snprintf(text, sizeof text, "{" TOKEN ",\"secret\":\"%s\"}", secret);
    assert_int_equal(PW_INVALID, telegram_driver.check_config(config(text), &ps));
}

static struct sv header(const void *self, const char *name)
{
    assert_string_equal("X-Telegram-Bot-Api-Secret-Token", name);
    return *(const struct sv *)self;
}

static enum pw_err verify(const char *settings_text, struct sv given)
{
    struct channel ch = {.driver = &telegram_driver, .config = (json_t *)(uintptr_t)config(settings_text)};
    struct chan_request rq = {.body = SV("{}"), .header = header, .self = &given};
    return telegram_driver.verify(&ch, &rq);
}

static void authenticity(void **state)
{
    (void)state;
    const char *with = "{" TOKEN ",\"secret\":\"s3cret\"}";
    assert_int_equal(PW_OK, verify(with, SV("s3cret")));
    assert_int_equal(PW_DENIED, verify(with, SV("s3creT")));
    assert_int_equal(PW_DENIED, verify(with, SV("s3cre")));
    assert_int_equal(PW_DENIED, verify(with, SV("s3crets")));
    assert_int_equal(PW_DENIED, verify(with, (struct sv){0}));
    /* Nothing configured never means "everything is accepted". */
    assert_int_equal(PW_DENIED, verify("{" TOKEN ",\"mode\":\"polling\"}", SV("s3cret")));
    assert_int_equal(PW_DENIED, verify("{" TOKEN ",\"secret\":\"\"}", SV("")));
    assert_int_equal(PW_DENIED, verify("{" TOKEN ",\"secret\":\"\"}", (struct sv){0}));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(texts),         T(files),    T(joining),
        T(stopping),      T(buttons),  T(migration_is_one_event),
        T(broken_bodies), T(settings), T(every_fixture_keeps_its_promise),
        T(authenticity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
