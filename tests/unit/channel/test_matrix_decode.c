/* SPDX-License-Identifier: EUPL-1.2 */
/* What a Matrix homeserver pushes, as events, and what its answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "channel/matrix.h"
#include "json/json.h"

struct fix {
    struct arena a;
    struct chan_events ev;
    struct channel ch;
    json_t *config;
};

static int set_up(void **state)
{
    static struct fix f;
    f = (struct fix){0};
    arena_init(&f.a, 16 << 20);
    f.config = json_pack("{s:s,s:s}", "user", "@accueil:hs.example", "hs_token", "hs_0123456789abcdef");
    f.ch = (struct channel){.id = 1, .driver = &matrix_driver, .config = f.config};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fix *f = *state;
    json_decref(f->config);
    arena_finish(&f->a);
    return 0;
}

#define HEAD "\"room_id\":\"!r:hs\",\"sender\":\"@amal:hs\",\"origin_server_ts\":1790000000000"

/* One event whose id, room, sender and time are the usual ones. */
static const struct chan_event *one(struct fix *f, const char *rest)
{
    struct sv body = arena_fmt(&f->a, "{\"events\":[{\"event_id\":\"$1\"," HEAD ",%s}]}", rest);
    const struct chan_request rq = {.method = "PUT", .rest = SV("_matrix/app/v1/transactions/7"), .body = body};
    assert_int_equal(PW_OK, matrix_driver.decode(&f->ch, &rq, &f->a, &f->ev));
    return f->ev.n ? &f->ev.v[0] : NULL;
}

static void is(struct sv got, const char *want)
{
    assert_true(sv_eq_z(got, want));
}

static void texts(void **state) /* MSG-11 */
{
    struct fix *f = *state;
    const struct chan_event *e =
        one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.text\",\"body\":\"Bonjour\"}");
    assert_non_null(e);
    assert_int_equal(CHAN_MESSAGE, e->kind);
    is(e->provider_id, "$1");
    is(e->chat, "!r:hs");
    is(e->user, "@amal:hs");
    is(e->user_name, "amal");
    is(e->text, "Bonjour");
    assert_true(e->chat_of_two && !e->private_chat);
    assert_true(e->at_ms == INT64_C(1790000000000));
    e = one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.text\",\"body\":\"> <@x:y> a\\n> b\\n\\nOui\","
               "\"m.relates_to\":{\"m.in_reply_to\":{\"event_id\":\"$0\"}}}");
    is(e->text, "Oui");
    is(e->reply_to, "$0");
    /* A thread is no answer to its last message, unless the app says so. */
    e = one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.relates_to\":"
               "{\"rel_type\":\"m.thread\",\"is_falling_back\":true,\"m.in_reply_to\":{\"event_id\":\"$0\"}}}");
    assert_int_equal(0, e->reply_to.n);
    assert_null(one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.notice\",\"body\":\"x\"}"));
    e = one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.text\",\"body\":\"x\",\"m.relates_to\":"
               "{\"rel_type\":\"m.replace\",\"event_id\":\"$0\"}}");
    assert_int_equal(CHAN_EDITED, e->kind);
}

static void files(void **state) /* MSG-13 */
{
    struct fix *f = *state;
    const struct chan_event *e = one(
        f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.audio\",\"body\":\"v.ogg\",\"url\":"
           "\"mxc://hs/1\",\"info\":{\"duration\":3001,\"mimetype\":\"audio/ogg\"},\"org.matrix.msc3245.voice\":{}}");
    assert_int_equal(FILE_VOICE, e->file_kind);
    assert_int_equal(4, e->duration_s);
    assert_int_equal(0, e->text.n);
    is(e->file_id, "mxc://hs/1");
    e = one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.image\",\"body\":\"Mon bail\",\"filename\":"
               "\"b.png\",\"url\":\"mxc://hs/2\"}");
    assert_int_equal(FILE_IMAGE, e->file_kind);
    is(e->text, "Mon bail");
    is(e->file_name, "b.png");
    assert_null(one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.image\",\"url\":\"https://evil/\"}"));
    e = one(f, "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.image\",\"file\":{\"url\":\"mxc://hs/2\"}}");
    assert_int_equal(CHAN_TROUBLE, e->kind);
    is(e->status_code, "encrypted-room");
}

/* Cut between characters: half a letter would be refused by whoever stores it. */
static void long_names_stay_letters(void **state)
{
    struct fix *f = *state;
    struct buf b;
    buf_init(&b, 8192);
    buf_z(&b,
          "\"type\":\"m.room.message\",\"content\":{\"msgtype\":\"m.image\",\"url\":\"mxc://hs/2\",\"filename\":\"x");
    for (int i = 0; i < 200; i++)
        buf_z(&b, "é");
    buf_z(&b, ".png\"}");
    buf_c(&b, 0);
    const struct chan_event *e = one(f, b.p);
    assert_true(text_valid(e->file_name) && e->file_name.n > 250 && e->file_name.n <= 256);
    buf_finish(&b);
}

#define MEMBER(who, membership, more)                                                                                  \
    "\"type\":\"m.room.member\",\"state_key\":\"" who "\",\"content\":{\"membership\":\"" membership "\"}" more

static void who_comes_and_goes(void **state) /* MSG-6, MSG-17 */
{
    struct fix *f = *state;
    const struct chan_event *e = one(f, MEMBER("@lea:hs", "knock", ""));
    assert_int_equal(CHAN_JOIN_REQUEST, e->kind);
    is(e->user, "@lea:hs");
    is(e->user_chat, "@lea:hs");
    assert_int_equal(CHAN_JOINED, one(f, MEMBER("@lea:hs", "join", ""))->kind);
    assert_null(one(f, MEMBER("@lea:hs", "join", ",\"unsigned\":{\"prev_content\":{\"membership\":\"join\"}}")));
    assert_int_equal(
        CHAN_LEFT,
        one(f, MEMBER("@lea:hs", "ban", ",\"unsigned\":{\"prev_content\":{\"membership\":\"join\"}}"))->kind);
    assert_null(one(f, MEMBER("@lea:hs", "leave", ",\"unsigned\":{\"prev_content\":{\"membership\":\"knock\"}}")));
    e = one(f, MEMBER("@accueil:hs.example", "invite", ""));
    assert_int_equal(CHAN_INVITED, e->kind);
    assert_true(!e->private_chat && !e->self);
    e = one(f, MEMBER("@accueil:hs.example", "ban", ",\"unsigned\":{\"prev_content\":{\"membership\":\"join\"}}"));
    assert_int_equal(CHAN_TROUBLE, e->kind);
    assert_null(one(f, MEMBER("lea", "join", "")));
}

static void a_room_that_moves(void **state)
{
    struct fix *f = *state;
    const struct chan_event *e = one(f, "\"type\":\"m.room.tombstone\",\"state_key\":\"\",\"content\":"
                                        "{\"replacement_room\":\"!n:hs\"}");
    assert_int_equal(2, f->ev.n);
    assert_int_equal(CHAN_MIGRATED, e[0].kind);
    is(e[0].new_chat, "!n:hs");
    assert_int_equal(CHAN_INVITED, e[1].kind);
    is(e[1].chat, "!n:hs");
    assert_false(sv_eq(e[0].provider_id, e[1].provider_id));
    /* A message that only looks like a state event is none. */
    assert_null(one(f, "\"type\":\"m.room.tombstone\",\"content\":{\"replacement_room\":\"!n:hs\"}"));
}

static void a_long_id_keeps_its_own_key(void **state)
{
    struct fix *f = *state;
    char body[2000], id[256] = "$";
    memset(id + 1, 'y', 250);
    snprintf(body, sizeof body,
             "{\"events\":[{\"event_id\":\"%s1\"," HEAD ",\"type\":\"m.room.message\",\"content\":{\"msgtype\":"
             "\"m.text\",\"body\":\"x\"}},{\"event_id\":\"%s2\"," HEAD ",\"type\":\"m.room.message\",\"content\":"
             "{\"msgtype\":\"m.text\",\"body\":\"x\"}}]}",
             id, id);
    const struct chan_request rq = {.method = "PUT", .rest = SV("_matrix/app/v1/transactions/7"), .body = sv_of(body)};
    assert_int_equal(PW_OK, matrix_driver.decode(&f->ch, &rq, &f->a, &f->ev));
    assert_int_equal(2, f->ev.n);
    assert_false(sv_eq(f->ev.v[0].provider_id, f->ev.v[1].provider_id));
    assert_true(f->ev.v[0].provider_id.n <= 200);
}

static enum send_class class_of(struct fix *f, int status, const char *body, struct matrix_reply *r)
{
    matrix_classify(status, sv_of(body), &f->a, r);
    return r->res.cls;
}

static void answers(void **state)
{
    struct fix *f = *state;
    struct matrix_reply r;
    assert_int_equal(SEND_OK, class_of(f, 200, "{\"event_id\":\"$1\"}", &r));
    assert_int_equal(SEND_RETRY, class_of(f, 200, "{\"event_id\":", &r)); /* the same transaction again is harmless */
    assert_int_equal(SEND_RETRY, class_of(f, 429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":2500}", &r));
    assert_true(r.res.pause_lane && r.res.retry_after_ms == 2500);
    assert_int_equal(SEND_RETRY, class_of(f, 401, "{\"errcode\":\"M_UNKNOWN_TOKEN\"}", &r));
    assert_true(r.res.pause_lane);
    is(r.res.code, "401");
    assert_int_equal(SEND_RETRY, class_of(f, 502, "<html>", &r));
    assert_int_equal(SEND_FAILED, class_of(f, 403, "{\"errcode\":\"M_FORBIDDEN\"}", &r));
    is(r.res.code, "M_FORBIDDEN");
    assert_int_equal(SEND_FAILED, class_of(f, 400, "{\"errcode\":\"words of a person\"}", &r));
    is(r.res.code, "400");
}

static void settings(void **state)
{
    struct problems ps = {0};
    (void)state;
    json_t *good = json_pack("{s:s,s:s,s:s,s:s}", "homeserver", "http://127.0.0.1:8008", "user", "@a:hs.example",
                             "as_token", "as_0123456789abcdef", "hs_token", "hs_0123456789abcdef");
    assert_int_equal(PW_OK, matrix_driver.check_config(good, &ps));
    const char *const bad[][2] = {{"homeserver", "http://example.org"},
                                  {"homeserver", ""},
                                  {"user", "a:hs"},
                                  {"user", "@a"},
                                  {"user", "@a\":hs"},
                                  {"hs_token", ""},
                                  {"hs_token", "short"},
                                  {"as_token", "with \"quotes\" inside it"},
                                  {"as_token", "hs_0123456789abcdef"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *v = json_deep_copy(good);
        json_object_set_new(v, bad[i][0], json_string(bad[i][1]));
        ps.n = 0;
        assert_int_equal(PW_INVALID, matrix_driver.check_config(v, &ps));
        assert_true(ps.n >= 1);
        json_decref(v);
    }
    json_decref(good);
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {T(texts),
                                       T(files),
                                       T(long_names_stay_letters),
                                       T(who_comes_and_goes),
                                       T(a_room_that_moves),
                                       T(a_long_id_keeps_its_own_key),
                                       T(answers),
                                       T(settings)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
