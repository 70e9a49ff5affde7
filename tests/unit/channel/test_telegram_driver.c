/* SPDX-License-Identifier: EUPL-1.2 */
/* The Telegram driver against the stand-in: every request it makes fits the contract, every answer has its meaning. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "channel/telegram.h"
#include "fake.h"

struct fix {
    struct fake fake;
    struct net *net;
    struct arena arena;
    struct channel ch;
    int64_t amal, noor; /* people; Amal started the bot */
    int64_t group;      /* a supergroup with both, the bot an administrator */
    struct send_result res;
    struct sv new_chat;
};

static json_t *settings(struct fix *f, const char *mode)
{
    json_t *v;
    struct sv text =
        arena_fmt(&f->fake.arena, "{\"token\":\"%.*s\",\"secret\":\"s3cret\",\"mode\":\"%s\",\"api_base\":\"%.*s\"}",
                  SV_ARG(f->fake.token), mode, SV_ARG(f->fake.base));
    assert_int_equal(PW_OK, json_read(text, &f->fake.arena, &v, NULL));
    return v;
}

static int64_t id_of(const json_t *v)
{
    return json_member_int(v, "id", 0);
}

static int start_fake(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    *state = f;
    fake_start(&f->fake);
    assert_int_equal(PW_OK, net_open("test", &f->net));
    return 0;
}

static int stop_fake(void **state)
{
    struct fix *f = *state;
    net_close(f->net);
    fake_stop(&f->fake);
    free(f);
    return 0;
}

static int set_up(void **state)
{
    struct fix *f = *state;
    arena_init(&f->arena, 64 << 20);
    (void)fake_do(&f->fake, "reset", "{}");
    f->ch = (struct channel){
        .id = 7, .name = SV("tg"), .driver = &telegram_driver, .enabled = true, .config = settings(f, "webhook")};
    net_forget(f->net, 7);
    assert_int_equal(PW_OK, telegram_driver.allow(&f->ch, f->net));
    f->amal = id_of(fake_do(&f->fake, "users", "{\"first_name\":\"Amal\",\"started\":true}"));
    f->noor = id_of(fake_do(&f->fake, "users", "{\"first_name\":\"Noor\"}"));
    f->group = id_of(fake_do(&f->fake, "chats", "{\"type\":\"supergroup\",\"title\":\"A\",\"members\":[%lld,%lld]}",
                             (long long)f->amal, (long long)f->noor));
    return 0;
}

static int tear_down(void **state)
{
    struct fix *f = *state;
    arena_finish(&f->arena);
    return 0;
}

static struct sv text_of(struct fix *f, int64_t id)
{
    return arena_fmt(&f->arena, "%lld", (long long)id);
}

static enum send_class say(struct fix *f, struct chan_send s)
{
    f->res = (struct send_result){0};
    telegram_driver.send(&f->ch, f->net, &f->arena, &s, &f->res, &f->new_chat);
    return f->res.cls;
}

static enum send_class text_to(struct fix *f, int64_t chat, const char *text)
{
    return say(f, (struct chan_send){.op = OP_TEXT, .chat = text_of(f, chat), .text = sv_of(text)});
}

static enum send_class act(struct fix *f, enum chan_op op, int64_t user)
{
    return say(f, (struct chan_send){.op = op, .chat = text_of(f, f->group), .user = text_of(f, user)});
}

static const json_t *messages(struct fix *f, int64_t chat)
{
    return fake_get(&f->fake, "messages?chat=%lld", (long long)chat);
}

static struct sv status_of(struct fix *f, int64_t user)
{
    const json_t *v = fake_get(&f->fake, "members?chat=%lld", (long long)f->group);
    size_t i;
    json_t *m;
    json_array_foreach(v, i, m)
    {
        if (id_of(json_object_get(m, "user")) == user)
            return json_member_sv(m, "status");
    }
    return SV("none");
}

#define IS(sv_, z) assert_true(sv_eq_z((sv_), (z)))

static void fault(struct fix *f, const char *method, const char *kind)
{
    (void)fake_do(&f->fake, "faults", "{\"method\":\"%s\",\"kind\":\"%s\",\"retry_after\":9,\"ms\":200}", method, kind);
}

/* ---- */

static void enabling(void **state)
{
    struct fix *f = *state;
    struct sv why;
    struct sv url = SV("http://127.0.0.1:1/hook/tg");
    assert_int_equal(PW_OK, telegram_driver.enable(&f->ch, f->net, &f->arena, url, &why));
    const json_t *bot = json_array_get(json_object_get(fake_get(&f->fake, "state"), "bots"), 0);
    IS(json_member_sv(bot, "webhook"), "http://127.0.0.1:1/hook/tg");
    char *allowed = json_dumps(json_object_get(bot, "allowed"), JSON_COMPACT);
    assert_non_null(strstr(allowed, "\"chat_member\""));
    assert_non_null(strstr(allowed, "\"chat_join_request\""));
    assert_non_null(strstr(allowed, "\"message_reaction\""));
    free(allowed);
    f->ch.config = settings(f, "polling");
    assert_int_equal(PW_OK, telegram_driver.enable(&f->ch, f->net, &f->arena, (struct sv){0}, &why));
    bot = json_array_get(json_object_get(fake_get(&f->fake, "state"), "bots"), 0);
    IS(json_member_sv(bot, "webhook"), "");
    /* Refusals say why, and never with the token. */
    f->ch.config = settings(f, "webhook");
    assert_int_equal(PW_INVALID,
                     telegram_driver.enable(&f->ch, f->net, &f->arena, SV("http://example.org/hook/tg"), &why));
    assert_true(why.n > 0 && sv_find(why, f->fake.token) < 0);
    assert_int_equal(PW_INVALID, telegram_driver.enable(&f->ch, f->net, &f->arena, (struct sv){0}, &why));
    json_object_set_new(f->ch.config, "token", json_string("1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_int_equal(PW_DENIED, telegram_driver.enable(&f->ch, f->net, &f->arena, url, &why));
    fake_no_violations(&f->fake);
}

static void texts(void **state) /* MSG-13 */
{
    struct fix *f = *state;
    assert_int_equal(SEND_OK, text_to(f, f->group, "Bonjour <à tous> & \"merci\" 😀 مرحبا"));
    const json_t *m = json_array_get(messages(f, f->group), 0);
    IS(json_member_sv(m, "text"), "Bonjour <à tous> & \"merci\" 😀 مرحبا");
    assert_true(sv_eq(f->res.provider_id, text_of(f, json_member_int(m, "message_id", 0))));
    /* A reply; and one to a message that is gone still arrives. */
    struct chan_send s = {
        .op = OP_TEXT, .chat = text_of(f, f->group), .text = SV("réponse"), .reply_to = f->res.provider_id};
    assert_int_equal(SEND_OK, say(f, s));
    m = json_array_get(messages(f, f->group), 1);
    assert_non_null(json_object_get(m, "reply_to_message"));
    s.reply_to = SV("999999");
    assert_int_equal(SEND_OK, say(f, s));
    s.reply_to = SV("not-of-telegram");
    assert_int_equal(SEND_OK, say(f, s));
    /* Buttons. */
    const struct sv buttons[] = {SV("J'accepte"), SV("g:yes"), SV("Non"), SV("g:no")};
    s = (struct chan_send){.op = OP_TEXT,
                           .chat = text_of(f, f->amal),
                           .text = SV("Lignes directrices"),
                           .buttons = buttons,
                           .n_buttons = 2};
    assert_int_equal(SEND_OK, say(f, s));
    (void)fake_do(&f->fake, "press", "{\"chat\":%lld,\"user\":%lld,\"message_id\":%.*s,\"data\":\"g:no\"}",
                  (long long)f->amal, (long long)f->amal, SV_ARG(f->res.provider_id));
    const struct sv bad[] = {SV("x"), SV("0123456789012345678901234567890123456789012345678901234567890123456789")};
    s.buttons = bad;
    s.n_buttons = 1;
    assert_int_equal(SEND_FAILED, say(f, s));
    assert_int_equal(SEND_FAILED, text_to(f, f->group, "   "));
    s = (struct chan_send){.op = OP_TEXT, .chat = SV("x; drop"), .text = SV("x")};
    assert_int_equal(SEND_FAILED, say(f, s));
    fake_no_violations(&f->fake);
}

static void long_text(void **state)
{
    struct fix *f = *state;
    struct buf b;
    buf_init(&b, 64 * 1024);
    for (int i = 0; i < 900; i++)
        buf_fmt(&b, "Phrase %d 😀. ", i);
    struct chan_send s = {.op = OP_TEXT, .chat = text_of(f, f->group), .text = buf_sv(&b)};
    assert_int_equal(SEND_OK, say(f, s));
    const json_t *all = messages(f, f->group);
    assert_true(json_array_size(all) >= 3);
    IS(f->res.provider_id, "1"); /* the first part */
    /* A 429 between the parts is waited for; a refusal between them is in doubt, never said again from the start. */
    (void)fake_do(&f->fake, "faults", "{\"method\":\"sendMessage\",\"kind\":\"429\",\"retry_after\":1,\"skip\":1}");
    assert_int_equal(SEND_OK, say(f, s));
    (void)fake_do(&f->fake, "faults",
                  "{\"method\":\"sendMessage\",\"kind\":\"error\",\"status\":400,\"description\":\"Bad\",\"skip\":1}");
    assert_int_equal(SEND_IN_DOUBT, say(f, s));
    assert_true(sv_starts(f->res.code, SV("partial-1-of-")));
    buf_clear(&b);
    for (int i = 0; i < 60000; i++)
        buf_c(&b, 'x');
    s.text = buf_sv(&b);
    assert_int_equal(SEND_OK, say(f, s));
    buf_finish(&b);
    fake_no_violations(&f->fake);
}

static void files(void **state) /* MSG-13 */
{
    struct fix *f = *state;
    char path[] = "/tmp/pwfile.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, "OggS-voice", 10) == 10);
    struct chan_send s = {.op = OP_FILE,
                          .chat = text_of(f, f->amal),
                          .file_path = sv_of(path),
                          .file_name = SV("réponse \"1\".ogg"),
                          .file_type = SV("audio/ogg"),
                          .file_kind = FILE_VOICE,
                          .text = SV("Voici")};
    assert_int_equal(SEND_OK, say(f, s));
    const json_t *m = json_array_get(messages(f, f->amal), 0);
    assert_non_null(json_object_get(m, "voice"));
    IS(json_member_sv(m, "caption"), "Voici");
    static const struct {
        enum chan_file_kind kind;
        const char *type, *field;
    } kinds[] = {{FILE_IMAGE, "image/jpeg", "photo"},    {FILE_IMAGE, "image/tiff", "document"},
                 {FILE_AUDIO, "audio/mpeg", "audio"},    {FILE_VIDEO, "video/mp4", "video"},
                 {FILE_VOICE, "audio/webm", "document"}, {FILE_OTHER, "application/pdf", "document"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        s.file_kind = kinds[i].kind;
        s.file_type = sv_of(kinds[i].type);
        s.reply_to = SV("1");
        assert_int_equal(SEND_OK, say(f, s));
        m = json_array_get(messages(f, f->amal), i + 1);
        assert_non_null(json_object_get(m, kinds[i].field));
    }
    /* A caption that is too long follows as a text. */
    struct buf b;
    buf_init(&b, 4096);
    for (int i = 0; i < 200; i++)
        buf_z(&b, "caption ");
    s.text = buf_sv(&b);
    assert_int_equal(SEND_OK, say(f, s));
    m = messages(f, f->amal);
    assert_non_null(json_object_get(json_array_get(m, json_array_size(m) - 1), "text"));
    buf_finish(&b);
    /* What came in is fetched byte for byte. */
    const json_t *said =
        fake_do(&f->fake, "say", "{\"user\":%lld,\"voice\":{\"size\":300000,\"fill\":\"v\",\"mime\":\"audio/ogg\"}}",
                (long long)f->amal);
    struct sv file_id = json_member_sv(json_object_get(said, "voice"), "file_id");
    assert_int_equal(PW_OK, telegram_driver.fetch(&f->ch, f->net, &f->arena, file_id, sv_of(path)));
    assert_int_equal(300000, lseek(fd, 0, SEEK_END));
    assert_int_equal(PW_NOT_FOUND, telegram_driver.fetch(&f->ch, f->net, &f->arena, SV("nothing"), sv_of(path)));
    said = fake_do(&f->fake, "say", "{\"user\":%lld,\"document\":{\"size\":21000000,\"name\":\"big.zip\"}}",
                   (long long)f->amal);
    file_id = json_member_sv(json_object_get(said, "document"), "file_id");
    assert_int_equal(PW_INVALID, telegram_driver.fetch(&f->ch, f->net, &f->arena, file_id, sv_of(path)));
    fault(f, "getFile", "502");
    assert_int_equal(PW_UNAVAILABLE, telegram_driver.fetch(&f->ch, f->net, &f->arena, file_id, sv_of(path)));
    (void)close(fd);
    (void)unlink(path);
    fake_no_violations(&f->fake);
}

static int64_t applicant(struct fix *f, bool query, struct sv *ret_token)
{
    int64_t id = id_of(fake_do(&f->fake, "users", "{\"first_name\":\"Yusuf\"}"));
    const json_t *v = fake_do(&f->fake, "join_request", "{\"chat\":%lld,\"user\":%lld,\"query\":%s}",
                              (long long)f->group, (long long)id, query ? "true" : "false");
    *ret_token = json_member_sv(v, "query_id");
    return id;
}

static void joining(void **state) /* MSG-6 */
{
    struct fix *f = *state;
    struct sv token;
    int64_t yusuf = applicant(f, false, &token);
    assert_int_equal(SEND_OK, text_to(f, yusuf, "Trois questions")); /* within five minutes */
    assert_int_equal(SEND_OK, act(f, OP_APPROVE_JOIN, yusuf));
    IS(status_of(f, yusuf), "member");
    assert_int_equal(SEND_OK, act(f, OP_APPROVE_JOIN, yusuf)); /* done already: the first answer was lost */
    int64_t other = applicant(f, false, &token);
    assert_int_equal(SEND_OK, act(f, OP_DECLINE_JOIN, other));
    assert_int_equal(SEND_OK, act(f, OP_DECLINE_JOIN, other));
    assert_int_equal(SEND_FAILED, act(f, OP_APPROVE_JOIN, other));
    IS(f->res.code, "400-request-gone");
    int64_t third = applicant(f, true, &token);
    struct chan_send s = {.op = OP_QUEUE_JOIN, .chat = text_of(f, f->group), .user = text_of(f, third), .token = token};
    assert_int_equal(SEND_OK, say(f, s));
    s.op = OP_APPROVE_JOIN; /* the query is answered: the slow way is taken */
    assert_int_equal(SEND_OK, say(f, s));
    IS(status_of(f, third), "member");
    int64_t fourth = applicant(f, true, &token);
    s = (struct chan_send){
        .op = OP_APPROVE_JOIN, .chat = text_of(f, f->group), .user = text_of(f, fourth), .token = token};
    assert_int_equal(SEND_OK, say(f, s));
    IS(status_of(f, fourth), "member");
    assert_int_equal(0, json_array_size(json_object_get(fake_get(&f->fake, "violations"), "late_join_queries")));
    (void)applicant(f, true, &token);
    (void)fake_do(&f->fake, "clock", "{\"advance_s\":20}");
    s = (struct chan_send){.op = OP_QUEUE_JOIN, .token = token};
    assert_int_equal(SEND_FAILED, say(f, s));
    IS(f->res.code, "400-query-gone");
    fake_no_violations(&f->fake);
}

static void sanctions(void **state) /* MOD-2, MOD-3 */
{
    struct fix *f = *state;
    assert_int_equal(SEND_OK, act(f, OP_UNBAN, f->noor)); /* only_if_banned: she stays inside */
    IS(status_of(f, f->noor), "member");
    struct chan_send s = {.op = OP_RESTRICT,
                          .chat = text_of(f, f->group),
                          .user = text_of(f, f->noor),
                          .until_ms = clock_now_ms() + 3600000};
    assert_int_equal(SEND_OK, say(f, s));
    IS(status_of(f, f->noor), "restricted");
    assert_int_equal(SEND_OK, act(f, OP_UNRESTRICT, f->noor));
    IS(status_of(f, f->noor), "member");
    s.until_ms = clock_now_ms() + 3000; /* Telegram would make less than 30 s last for ever */
    assert_int_equal(SEND_OK, say(f, s));
    (void)fake_do(&f->fake, "clock", "{\"advance_s\":60}");
    IS(status_of(f, f->noor), "member");
    s.until_ms = clock_now_ms() - 1000; /* over before it could be carried out */
    int64_t before = fake_count(&f->fake, "restrictChatMember");
    assert_int_equal(SEND_OK, say(f, s));
    assert_int_equal(before, fake_count(&f->fake, "restrictChatMember"));
    assert_int_equal(SEND_OK, act(f, OP_BAN, f->noor));
    IS(status_of(f, f->noor), "kicked");
    assert_int_equal(SEND_OK, act(f, OP_UNBAN, f->noor));
    IS(status_of(f, f->noor), "left");
    /* A small group knows no restriction: that is said, not hidden. */
    int64_t small = id_of(fake_do(&f->fake, "chats", "{\"type\":\"group\",\"members\":[%lld]}", (long long)f->amal));
    s = (struct chan_send){.op = OP_RESTRICT, .chat = text_of(f, small), .user = text_of(f, f->amal)};
    assert_int_equal(SEND_FAILED, say(f, s));
    IS(f->res.code, "400-not-supergroup");
    s = (struct chan_send){.op = OP_LEAVE, .chat = text_of(f, small)};
    assert_int_equal(SEND_OK, say(f, s));
    assert_int_equal(SEND_OK, say(f, s));
    fake_no_violations(&f->fake);
}

static void deleting(void **state)
{
    struct fix *f = *state;
    const json_t *m = fake_do(&f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"spam\"}", (long long)f->group,
                              (long long)f->noor);
    struct chan_send s = {
        .op = OP_DELETE, .chat = text_of(f, f->group), .message_id = text_of(f, json_member_int(m, "message_id", 0))};
    assert_int_equal(SEND_OK, say(f, s));
    assert_int_equal(0, json_array_size(messages(f, f->group)));
    assert_int_equal(SEND_OK, say(f, s)); /* gone is gone */
    m = fake_do(&f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"old\"}", (long long)f->group,
                (long long)f->noor);
    s.message_id = text_of(f, json_member_int(m, "message_id", 0));
    (void)fake_do(&f->fake, "clock", "{\"advance_s\":172900}");
    assert_int_equal(SEND_FAILED, say(f, s));
    IS(f->res.code, "400-too-old");
    fake_no_violations(&f->fake);
}

/* What went out in parts is taken away whole. */
static void deleting_parts(void **state)
{
    struct fix *f = *state;
    struct buf b;
    buf_init(&b, 64 * 1024);
    for (int i = 0; i < 1200; i++)
        buf_z(&b, "neuf mots ");
    struct chan_send s = {.op = OP_TEXT, .chat = text_of(f, f->amal), .text = buf_sv(&b)};
    assert_int_equal(SEND_OK, say(f, s));
    size_t spaces = 0;
    for (size_t i = 0; i < f->res.more_ids.n; i++)
        spaces += f->res.more_ids.p[i] == ' ';
    assert_int_equal(1, spaces); /* three parts */
    assert_int_equal(3, json_array_size(messages(f, f->amal)));
    s = (struct chan_send){
        .op = OP_DELETE,
        .chat = s.chat,
        .message_id = arena_fmt(&f->fake.arena, "%.*s %.*s", SV_ARG(f->res.provider_id), SV_ARG(f->res.more_ids))};
    assert_int_equal(SEND_OK, say(f, s));
    assert_int_equal(0, json_array_size(messages(f, f->amal)));
    assert_int_equal(SEND_OK, say(f, s)); /* gone is gone */
    s.message_id = SV("12 x");
    assert_int_equal(SEND_FAILED, say(f, s));
    fake_no_violations(&f->fake);
    buf_finish(&b);
}

static void migration(void **state)
{
    struct fix *f = *state;
    int64_t small = id_of(fake_do(&f->fake, "chats", "{\"type\":\"group\",\"members\":[%lld]}", (long long)f->amal));
    int64_t fresh = id_of(fake_do(&f->fake, "upgrade", "{\"chat\":%lld}", (long long)small));
    assert_int_equal(SEND_RETRY, text_to(f, small, "hello"));
    assert_true(sv_eq(f->new_chat, text_of(f, fresh)));
    assert_int_equal(SEND_OK, text_to(f, fresh, "hello"));
    assert_int_equal(0, f->new_chat.n);
    fake_no_violations(&f->fake);
}

static void trouble(void **state) /* design: no silent loss, no silent duplicate */
{
    struct fix *f = *state;
    fault(f, "sendMessage", "429");
    assert_int_equal(SEND_RETRY, text_to(f, f->group, "a"));
    assert_int_equal(9000, f->res.retry_after_ms);
    assert_true(f->res.pause_lane);
    fault(f, "sendMessage", "500");
    assert_int_equal(SEND_RETRY, text_to(f, f->group, "a"));
    fault(f, "sendMessage", "502");
    assert_int_equal(SEND_RETRY, text_to(f, f->group, "a"));
    assert_int_equal(0, json_array_size(messages(f, f->group)));
    /* It arrived, and we were not told. */
    static const char *const lost[] = {"hang", "accept-then-drop", "garbage"};
    for (size_t i = 0; i < 3; i++) {
        fault(f, "sendMessage", lost[i]);
        assert_int_equal(SEND_IN_DOUBT, text_to(f, f->group, "once"));
        assert_int_equal(i + 1, json_array_size(messages(f, f->group)));
    }
    /* Acts that may be done twice are tried again instead (on a kept connection at once, by net itself). */
    for (size_t i = 0; i < 3; i++) {
        fault(f, "banChatMember", lost[i]);
        enum send_class cls = act(f, OP_BAN, f->noor);
        assert_true(cls == SEND_RETRY || cls == SEND_OK);
    }
    assert_int_equal(SEND_OK, act(f, OP_BAN, f->noor));
    /* Nobody there: nothing left the machine. */
    json_t *old = f->ch.config;
    f->ch.config = settings(f, "webhook");
    json_object_set_new(f->ch.config, "api_base", json_string("http://127.0.0.1:9"));
    assert_int_equal(PW_OK, telegram_driver.allow(&f->ch, f->net));
    assert_int_equal(SEND_RETRY, text_to(f, f->group, "a"));
    assert_true(sv_starts(f->res.code, SV("net-")));
    f->ch.config = old;
    fake_no_violations(&f->fake);
}

static void stopped(void **state) /* EQ-1 */
{
    struct fix *f = *state;
    assert_int_equal(SEND_FAILED, text_to(f, f->noor, "a"));
    IS(f->res.code, "403-not-started");
    (void)fake_do(&f->fake, "block", "{\"user\":%lld}", (long long)f->amal);
    assert_int_equal(SEND_BLOCKED, text_to(f, f->amal, "a"));
    (void)fake_do(&f->fake, "put_out_bot", "{\"chat\":%lld,\"user\":%lld}", (long long)f->group, (long long)f->noor);
    assert_int_equal(SEND_FAILED, text_to(f, f->group, "a"));
    IS(f->res.code, "403-put-out");
    fake_no_violations(&f->fake);
}

static void polling(void **state)
{
    struct fix *f = *state;
    struct sv why, cursor = {0};
    struct chan_events *ev = arena_new(&f->arena, struct chan_events);
    f->ch.config = settings(f, "polling");
    assert_int_equal(PW_OK, telegram_driver.enable(&f->ch, f->net, &f->arena, (struct sv){0}, &why));
    (void)fake_do(&f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"un\"}", (long long)f->group,
                  (long long)f->noor);
    (void)fake_do(&f->fake, "update", "{\"update\":{\"message\":\"not a message\"}}");
    (void)fake_do(&f->fake, "say", "{\"chat\":%lld,\"user\":%lld,\"text\":\"deux\"}", (long long)f->group,
                  (long long)f->noor);
    assert_int_equal(PW_OK, telegram_driver.poll(&f->ch, f->net, &f->arena, 0, &cursor, ev));
    assert_int_equal(2, ev->n); /* what cannot be read is passed over */
    IS(ev->v[1].text, "deux");
    struct sv before = cursor;
    assert_int_equal(PW_OK, telegram_driver.poll(&f->ch, f->net, &f->arena, 0, &cursor, ev));
    assert_int_equal(0, ev->n);
    assert_true(sv_eq(before, cursor));
    /* A pressed button is answered at once. */
    const struct sv buttons[] = {SV("Oui"), SV("y")};
    struct chan_send s = {
        .op = OP_TEXT, .chat = text_of(f, f->amal), .text = SV("?"), .buttons = buttons, .n_buttons = 1};
    assert_int_equal(SEND_OK, say(f, s));
    (void)fake_do(&f->fake, "press", "{\"chat\":%lld,\"user\":%lld,\"message_id\":%.*s}", (long long)f->amal,
                  (long long)f->amal, SV_ARG(f->res.provider_id));
    assert_int_equal(PW_OK, telegram_driver.poll(&f->ch, f->net, &f->arena, 0, &cursor, ev));
    assert_int_equal(1, ev->n);
    assert_int_equal(CHAN_BUTTON, ev->v[0].kind);
    assert_true(json_member_bool(json_array_get(fake_get(&f->fake, "buttons"), 0), "answered"));
    fault(f, "getUpdates", "502");
    assert_int_equal(PW_UNAVAILABLE, telegram_driver.poll(&f->ch, f->net, &f->arena, 0, &cursor, ev));
    fake_no_violations(&f->fake);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {T(enabling),  T(texts),     T(long_text), T(files),
                                       T(joining),   T(sanctions), T(deleting),  T(deleting_parts),
                                       T(migration), T(trouble),   T(stopped),   T(polling)};
    return cmocka_run_group_tests(tests, start_fake, stop_fake);
}
