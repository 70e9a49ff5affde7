/* SPDX-License-Identifier: EUPL-1.2 */
/* Signatures (published vectors and our own), decoding and the meaning of errors of the commercial apps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>
#include <string.h>

#include "channel/messenger.h"
#include "channel/slack.h"
#include "channel/wechat.h"
#include "channel/whatsapp.h"

static struct arena arena;
static struct chan_events events;
static struct channel ch;
static struct problems problems;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    events.n = 0;
    events.reply = (struct chan_reply){0};
    ch = (struct channel){.id = 1};
    problems.n = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    json_decref(ch.config);
    arena_finish(&arena);
    return 0;
}

/* ---- a call ---- */

struct headers { /* name, value pairs */
    const char *v[8];
};

static struct sv header(const void *self, const char *name)
{
    const struct headers *h = self;
    for (size_t i = 0; h && h->v[i]; i += 2)
        if (strcmp(h->v[i], name) == 0)
            return sv_of(h->v[i + 1]);
    return (struct sv){0};
}

static struct chan_request call(const char *method, const char *query, const char *body, const struct headers *h)
{
    return (struct chan_request){.method = method,
                                 .query = sv_of(query),
                                 .body = sv_of(body),
                                 .now_ms = INT64_C(1700000000000),
                                 .header = header,
                                 .self = h};
}

static void settings(const char *text)
{
    ch.config = json_loads(text, 0, NULL);
    assert_non_null(ch.config);
}

#define IS(sv_, z) assert_true(sv_eq_z((sv_), (z)))

/* ---- Meta ---- */

#define META                                                                                                           \
    "{\"number_id\":\"1065\",\"page_id\":\"44\",\"app_secret\":\"passerelle-app-secret\",\"verify_token\":\"word-1\"," \
    "\"token\":\"EAAtest-token\"}"
#define META_BODY "{\"entry\":[{\"id\":\"1\",\"note\":\"\xC3\xA9t\xC3\xA9 \xF0\x9F\x98\x80\"}]}"
#define META_SIGNED "sha256=fbae533ab4fb870e6d6ad70659724d18a2900d507481790ce8a6ad6c8214aec9"

static enum pw_err meta(const char *body, const char *signature)
{
    struct headers h = {{"X-Hub-Signature-256", signature}};
    struct chan_request rq = call("POST", "", body, &h);
    assert_int_equal(whatsapp_driver.verify(&ch, &rq), messenger_driver.verify(&ch, &rq));
    return whatsapp_driver.verify(&ch, &rq);
}

static void meta_signature(void **state)
{
    (void)state;
    settings(META);
    assert_int_equal(PW_OK, meta(META_BODY, META_SIGNED));
    /* the same value written otherwise */
    assert_int_equal(PW_DENIED,
                     meta("{\"entry\":[{\"id\":\"1\",\"note\":\"\\u00e9t\\u00e9 \\ud83d\\ude00\"}]}", META_SIGNED));
    assert_int_equal(PW_DENIED, meta("{\"entry\": [{\"id\":\"1\"}]}", META_SIGNED));
    const char *const wrong[] = {"",
                                 "sha256=",
                                 "sha256=00",
                                 "fbae533ab4fb870e6d6ad70659724d18a2900d507481790ce8a6ad6c8214aec9",
                                 "sha256=FBAE533AB4FB870E6D6AD70659724D18A2900D507481790CE8A6AD6C8214AEC9",
                                 "sha256=fbae533ab4fb870e6d6ad70659724d18a2900d507481790ce8a6ad6c8214aec8"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(PW_DENIED, meta(META_BODY, wrong[i]));
    json_object_set_new(ch.config, "app_secret", json_string("")); /* no secret: nothing is taken */
    assert_int_equal(PW_DENIED, meta(META_BODY, META_SIGNED));
    assert_int_equal(PW_INVALID, whatsapp_driver.check_config(ch.config, &problems));
}

static void meta_challenge_answer(void **state)
{
    (void)state;
    settings(META);
    struct chan_request rq = call("GET", "hub.mode=subscribe&hub.challenge=1158&hub.verify_token=word-1", "", NULL);
    assert_int_equal(PW_OK, whatsapp_driver.verify(&ch, &rq));
    assert_int_equal(PW_OK, whatsapp_driver.decode(&ch, &rq, &arena, &events));
    IS(events.reply.body, "1158");
    assert_true(sv_starts(events.reply.type, SV("text/plain")));
    rq.query = SV("hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=word-1");
    assert_int_equal(PW_OK, whatsapp_driver.decode(&ch, &rq, &arena, &events));
    IS(events.reply.body, "");
    const char *const wrong[] = {"", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=word-2",
                                 "hub.mode=other&hub.challenge=1&hub.verify_token=word-1", "hub.verify_token=word-1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        rq.query = sv_of(wrong[i]);
        assert_int_equal(PW_DENIED, whatsapp_driver.verify(&ch, &rq));
    }
}

static void graph_errors(void **state)
{
    (void)state;
    static const struct {
        int64_t code, subcode;
        enum send_class cls;
        bool pauses;
        const char *shown;
    } cases[] = {
        {4, 0, SEND_RETRY, true, "4"},
        {80007, 0, SEND_RETRY, true, "80007"},
        {130429, 0, SEND_RETRY, true, "130429"},
        {131048, 0, SEND_RETRY, true, "131048"},
        {133016, 0, SEND_RETRY, true, "133016"},
        {131056, 0, SEND_RETRY, false, "131056"},
        {131053, 0, SEND_RETRY, false, "131053"},
        {131047, 0, SEND_WAITS, false, "window-shut"},
        {10, 2018278, SEND_WAITS, false, "window-shut"},
        {551, 0, SEND_BLOCKED, false, "551"},
        {10, 2018108, SEND_BLOCKED, false, "10"},
        {190, 0, SEND_RETRY, true, "401"},
        {10, 0, SEND_RETRY, true, "401"},
        {200, 0, SEND_RETRY, true, "401"},
        {100, 0, SEND_FAILED, false, "100"},
        {132001, 0, SEND_FAILED, false, "132001"},
        {131026, 0, SEND_FAILED, false, "131026"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct send_result r = {0};
        assert_true(graph_classify((struct graph_error){cases[i].code, cases[i].subcode}, &arena, &r));
        assert_int_equal(cases[i].cls, r.cls);
        assert_int_equal(cases[i].pauses, r.pause_lane);
        IS(r.code, cases[i].shown);
    }
    struct send_result r = {.cls = SEND_OK};
    assert_false(graph_classify((struct graph_error){0, 0}, &arena, &r));
    assert_int_equal(SEND_OK, r.cls);
}

/* ---- WhatsApp ---- */

static enum pw_err whatsapp(const char *value)
{
    struct sv body =
        arena_fmt(&arena,
                  "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\",\"changes\":[{\"value\":"
                  "{\"metadata\":{\"phone_number_id\":\"1065\"},%s}}]}]}",
                  value);
    struct chan_request rq = call("POST", "", arena_z(&arena, body), NULL);
    return whatsapp_driver.decode(&ch, &rq, &arena, &events);
}

static void whatsapp_messages(void **state) /* MSG-13 */
{
    (void)state;
    settings(META);
    assert_int_equal(
        PW_OK,
        whatsapp("\"contacts\":[{\"profile\":{\"name\":\"Amal\"},\"wa_id\":\"16135551001\"}],\"messages\":["
                 "{\"from\":\"16135551001\",\"id\":\"wamid.1\",\"timestamp\":\"1700000000\",\"type\":\"text\","
                 "\"text\":{\"body\":\"Bonjour ?\"},\"context\":{\"id\":\"wamid.0\"}},"
                 "{\"from\":\"16135551001\",\"id\":\"wamid.2\",\"timestamp\":\"1700000000123\",\"type\":\"audio\","
                 "\"audio\":{\"id\":\"77\",\"mime_type\":\"audio/ogg; codecs=opus\",\"voice\":true}},"
                 "{\"from\":\"16135551001\",\"id\":\"wamid.3\",\"timestamp\":\"1700000000\",\"type\":\"voice\","
                 "\"voice\":{\"id\":\"78\"}},"
                 "{\"from\":\"16135551001\",\"id\":\"wamid.4\",\"timestamp\":\"1700000000\",\"type\":\"location\","
                 "\"location\":{\"latitude\":45.42,\"longitude\":-75.69,\"name\":\"Mairie\"}},"
                 "{\"from\":\"16135551001\",\"id\":\"wamid.5\",\"timestamp\":\"1700000000\",\"type\":\"interactive\","
                 "\"interactive\":{\"type\":\"button_reply\",\"button_reply\":{\"id\":\"join:accept:1\",\"title\":"
                 "\"x\"}}},"
                 "{\"from\":\"16135551001\",\"id\":\"wamid.6\",\"timestamp\":\"1700000000\",\"type\":\"reaction\","
                 "\"reaction\":{\"message_id\":\"wamid.0\",\"emoji\":\"x\"}},"
                 "{\"from\":\"16135551001\",\"id\":\"wamid.7\",\"timestamp\":\"1700000000\",\"type\":\"newer\"}]"));
    assert_int_equal(5, events.n);
    const struct chan_event *e = events.v;
    IS(e[0].provider_id, "wamid.1");
    IS(e[0].user_name, "Amal");
    IS(e[0].chat, "16135551001");
    IS(e[0].reply_to, "wamid.0");
    assert_true(e[0].private_chat);
    assert_int_equal(INT64_C(1700000000000), e[0].at_ms);
    assert_int_equal(INT64_C(1700000000123), e[1].at_ms);
    assert_int_equal(FILE_VOICE, e[1].file_kind);
    assert_int_equal(FILE_VOICE, e[2].file_kind);
    IS(e[3].text, "Mairie\ngeo:45.420000,-75.690000");
    assert_int_equal(CHAN_BUTTON, e[4].kind);
    IS(e[4].token, "join:accept:1");
}

static void whatsapp_identities(void **state) /* a person is who the provider says, not a number */
{
    (void)state;
    settings(META);
    assert_int_equal(
        PW_OK,
        whatsapp("\"contacts\":[{\"profile\":{\"name\":\"A\"},\"user_id\":\"CA.134\"}],\"messages\":["
                 "{\"from_user_id\":\"CA.134\",\"id\":\"w1\",\"timestamp\":\"1\",\"type\":\"text\",\"text\":{\"body\":"
                 "\"x\"}},"
                 "{\"from\":\"16135551001\",\"from_user_id\":\"CA.135\",\"id\":\"w2\",\"timestamp\":\"1\",\"type\":"
                 "\"text\",\"text\":{\"body\":\"x\"}},"
                 "{\"from\":\"16135551001\",\"group_id\":\"Y2FwaV9n\",\"id\":\"w3\",\"timestamp\":\"1\",\"type\":"
                 "\"text\",\"text\":{\"body\":\"x\"}},"
                 "{\"id\":\"w4\",\"timestamp\":\"1\",\"type\":\"text\",\"text\":{\"body\":\"nobody\"}},"
                 "{\"from_user_id\":\"CA.134\",\"id\":\"w5\",\"timestamp\":\"1\",\"type\":\"system\",\"system\":{"
                 "\"type\":\"user_changed_user_id\",\"user_id\":\"CA.999\"}},"
                 "{\"from\":\"16135551001\",\"id\":\"w6\",\"timestamp\":\"1\",\"type\":\"system\",\"system\":{"
                 "\"type\":\"user_changed_number\",\"wa_id\":\"16135552002\"}}]"));
    const struct chan_event *e = events.v;
    assert_int_equal(5, events.n);
    IS(e[0].user, "CA.134");
    IS(e[0].user_was, "");
    IS(e[0].chat, "CA.134");
    IS(e[0].user_name, "A");
    IS(e[1].user, "CA.135");
    IS(e[1].user_was, "16135551001");
    IS(e[1].chat, "16135551001");
    IS(e[2].chat, "Y2FwaV9n");
    assert_false(e[2].private_chat);
    assert_int_equal(CHAN_USER_MOVED, e[3].kind);
    IS(e[3].user_was, "CA.134");
    IS(e[3].user, "CA.999");
    IS(e[4].user_was, "16135551001");
    IS(e[4].user, "16135552002");
}

static void whatsapp_statuses(void **state)
{
    (void)state;
    settings(META);
    assert_int_equal(
        PW_OK, whatsapp("\"statuses\":[{\"id\":\"o1\",\"status\":\"read\",\"timestamp\":\"1\"},"
                        "{\"id\":\"o1\",\"status\":\"sent\",\"timestamp\":\"1\"},"
                        "{\"id\":\"o2\",\"status\":\"failed\",\"timestamp\":\"1\",\"errors\":[{\"code\":131047}]},"
                        "{\"id\":\"o3\",\"status\":\"deleted\",\"timestamp\":\"1\"}]"));
    assert_int_equal(3, events.n);
    IS(events.v[0].provider_id, "o1:read");
    assert_int_equal(OUT_READ, events.v[0].status);
    assert_int_equal(OUT_SENT, events.v[1].status);
    IS(events.v[2].status_code, "window-shut");
    assert_int_equal(PW_OK, whatsapp("\"metadata2\":0,\"statuses\":[]"));
    assert_int_equal(0, events.n);
    /* another number of the same app */
    struct chan_request rq =
        call("POST", "",
             "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"changes\":[{\"value\":{\"metadata\":{"
             "\"phone_number_id\":\"9\"},\"messages\":[{\"from\":\"16135551001\",\"id\":\"x\",\"timestamp\":"
             "\"1\",\"type\":\"text\",\"text\":{\"body\":\"x\"}}]}}]}]}",
             NULL);
    assert_int_equal(PW_OK, whatsapp_driver.decode(&ch, &rq, &arena, &events));
    assert_int_equal(0, events.n);
}

static void whatsapp_settings(void **state)
{
    (void)state;
    settings(META);
    assert_int_equal(PW_OK, whatsapp_driver.check_config(ch.config, &problems));
    json_object_set_new(ch.config, "templates", json_string("fr=reponse_prete en=answer_waits:en_US"));
    assert_int_equal(PW_OK, whatsapp_driver.check_config(ch.config, &problems));
    const char *const wrong[] = {"fr", "=x", "fr=", "fr=a b=", "fr=a:b:c", "fr=<b>"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        problems.n = 0;
        json_object_set_new(ch.config, "templates", json_string(wrong[i]));
        assert_int_equal(PW_INVALID, whatsapp_driver.check_config(ch.config, &problems));
        assert_non_null(problem_of(&problems, "templates"));
    }
}

/* ---- Messenger ---- */

static void messenger_messages(void **state)
{
    (void)state;
    settings(META);
    struct chan_request rq = call(
        "POST", "",
        "{\"object\":\"page\",\"entry\":[{\"id\":\"44\",\"messaging\":["
        "{\"sender\":{\"id\":\"7\"},\"timestamp\":1700000000001,\"message\":{\"mid\":\"m1\",\"text\":\"Deux\","
        "\"attachments\":["
        "{\"type\":\"image\",\"payload\":{\"url\":\"https://x.fbcdn.net/1\"}},{\"type\":\"audio\",\"payload\":{\"url\":"
        "\"https://x.fbcdn.net/2\"}}]}},"
        "{\"sender\":{\"id\":\"44\"},\"timestamp\":1,\"message\":{\"mid\":\"m2\",\"is_echo\":true,\"text\":\"ours\"}},"
        "{\"sender\":{\"id\":\"7\"},\"timestamp\":1,\"delivery\":{\"mids\":[\"o1\",\"o2\"]}}]},"
        "{\"id\":\"44\",\"messaging\":[{\"sender\":{\"id\":\"8\"},\"timestamp\":1,\"message\":{\"mid\":\"m3\",\"text\":"
        "\"x\","
        "\"quick_reply\":{\"payload\":\"join:accept:2\"}}},{\"sender\":{\"id\":\"8\"},\"timestamp\":1,\"read\":{"
        "\"watermark\":1}}]},"
        "{\"id\":\"45\",\"messaging\":[{\"sender\":{\"id\":\"9\"},\"timestamp\":1,\"message\":{\"mid\":\"m4\",\"text\":"
        "\"x\"}}]}]}",
        NULL);
    assert_int_equal(PW_OK, messenger_driver.decode(&ch, &rq, &arena, &events));
    const struct chan_event *e = events.v;
    assert_int_equal(5, events.n);
    IS(e[0].text, "Deux");
    assert_int_equal(FILE_IMAGE, e[0].file_kind);
    IS(e[1].provider_id, "m1:1");
    IS(e[1].text, "");
    assert_int_equal(FILE_VOICE, e[1].file_kind);
    IS(e[2].provider_id, "o1:delivered");
    IS(e[3].message_id, "o2");
    assert_int_equal(CHAN_BUTTON, e[4].kind);
    IS(e[4].token, "join:accept:2");
}

/* A link or a place that goes with words does not take them away. */
static void messenger_words_with_a_link(void **state)
{
    (void)state;
    settings(META);
#define WITH_LINK(mid, words, attachment)                                                                              \
    "{\"sender\":{\"id\":\"7\"},\"timestamp\":1700000000001,\"message\":{\"mid\":\"" mid "\",\"text\":\"" words        \
    "\",\"attachments\":[" attachment "]}}"
#define LINK "{\"type\":\"fallback\",\"title\":\"A\",\"url\":\"https://x.example/a\",\"payload\":null}"
    struct chan_request rq =
        call("POST", "",
             "{\"object\":\"page\",\"entry\":[{\"id\":\"44\",\"messaging\":[" WITH_LINK(
                 "m1", "Est-ce vrai ?",
                 LINK) "," WITH_LINK("m2", "Voyez https://x.example/a !",
                                     LINK) "," WITH_LINK("m3", "Je suis ici",
                                                         "{\"type\":\"location\",\"payload\":{\"coordinates\":{\"lat\":"
                                                         "1.5,\"long\":2.5}}}") "]}]}",
             NULL);
    assert_int_equal(PW_OK, messenger_driver.decode(&ch, &rq, &arena, &events));
    assert_int_equal(3, events.n);
    IS(events.v[0].text, "Est-ce vrai ?\nhttps://x.example/a");
    IS(events.v[1].text, "Voyez https://x.example/a !");
    IS(events.v[2].text, "Je suis ici\ngeo:1.500000,2.500000");
}

/* ---- Slack ---- */

static enum pw_err slack(const char *secret, const char *stamp, int64_t now_s, const char *body, const char *signature)
{
    struct headers h = {{"X-Slack-Request-Timestamp", stamp, "X-Slack-Signature", signature}};
    struct chan_request rq = call("POST", "", body, &h);
    rq.now_ms = now_s * 1000;
    json_object_set_new(ch.config, "signing_secret", json_string(secret));
    return slack_driver.verify(&ch, &rq);
}

static void slack_signature(void **state)
{
    (void)state;
    settings("{\"token\":\"xoxb-1\"}");
#define OWN "{\"type\":\"event_callback\",\"event_id\":\"Ev01\"}"
#define OWN_SIGNED "v0=8ecd3518389c953298f5f28f7133470c23a7d2fa92167f816de9bd512a2082af"
    /* as published on the page about verifying requests */
    assert_int_equal(
        PW_OK,
        slack(
            "8f742231b10e8888abcd99yyyzzz85a5", "1531420618", 1531420618,
            "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_"
            "name="
            "foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2F"
            "hooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015."
            "47445629121.803a0bc887a14d10d2c447fce8b6703c",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"));
    const char *const s = "passerelle-slack-secret";
    assert_int_equal(PW_OK, slack(s, "1700000000", 1700000000, OWN, OWN_SIGNED));
    assert_int_equal(PW_OK, slack(s, "1700000000", 1700000300, OWN, OWN_SIGNED));
    assert_int_equal(PW_OK, slack(s, "1700000000", 1699999700, OWN, OWN_SIGNED));
    assert_int_equal(PW_DENIED, slack(s, "1700000000", 1700000301, OWN, OWN_SIGNED)); /* old, both ways */
    assert_int_equal(PW_DENIED, slack(s, "1700000000", 1699999699, OWN, OWN_SIGNED));
    assert_int_equal(PW_DENIED, slack(s, "1700000001", 1700000000, OWN, OWN_SIGNED));
    assert_int_equal(PW_DENIED, slack("other", "1700000000", 1700000000, OWN, OWN_SIGNED));
    assert_int_equal(PW_DENIED, slack("", "1700000000", 1700000000, OWN, OWN_SIGNED));
    assert_int_equal(PW_DENIED, slack(s, "1700000000", 1700000000, OWN, ""));
    assert_int_equal(PW_DENIED, slack(s, "", 1700000000, OWN, OWN_SIGNED));
}

static void slack_texts(void **state)
{
    (void)state;
    IS(slack_plain(&arena, SV("a &lt;b&gt; &amp;amp; <@U1|Omar> <#C2|aide> <https://x.ca|x> <https://y.ca>")),
       "a <b> &amp; Omar #aide x (https://x.ca) https://y.ca");
    IS(slack_plain(&arena, SV("<unended & <")), "<unended & <");
    IS(slack_escaped(&arena, SV("a <b> & c")), "a &lt;b&gt; &amp; c");
    struct sv odd = SV("a<b&c>d&&<<>>");
    assert_true(sv_eq(odd, slack_plain(&arena, slack_escaped(&arena, odd))));
}

static void slack_answers(void **state)
{
    (void)state;
    static const struct {
        const char *error;
        enum send_class cls;
    } cases[] = {{"channel_not_found", SEND_FAILED}, {"not_in_channel", SEND_FAILED}, {"invalid_auth", SEND_RETRY},
                 {"ratelimited", SEND_RETRY},        {"user_disabled", SEND_BLOCKED}, {"message_not_found", SEND_OK}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct slack_reply r = {0};
        json_t *j = json_pack("{s:b,s:s}", "ok", 0, "error", cases[i].error);
        slack_classify(200, j, &arena, &r);
        assert_int_equal(cases[i].cls, r.res.cls);
        json_decref(j);
    }
    struct slack_reply r = {.res = {.cls = SEND_OK}};
    json_t *j = json_pack("{s:i}", "odd", 1);
    slack_classify(200, j, &arena, &r);
    assert_int_equal(SEND_IN_DOUBT, r.res.cls);
    json_decref(j);
}

/* ---- WeChat ---- */

#define WECHAT_SIGNED "567efb1eb18226508d67a79ed03e1e27c1f50004"

static enum pw_err wechat(const char *query, int64_t now_s)
{
    struct chan_request rq = call("GET", query, "", NULL);
    rq.now_ms = now_s * 1000;
    return wechat_driver.verify(&ch, &rq);
}

static void wechat_signature(void **state)
{
    (void)state;
    settings("{\"app_id\":\"wx1\",\"app_secret\":\"s\",\"token\":\"passerelle\"}");
    const char *const good = "signature=" WECHAT_SIGNED "&timestamp=1700000000&nonce=42&echostr=99";
    assert_int_equal(PW_OK, wechat(good, 1700000000));
    assert_int_equal(PW_DENIED, wechat(good, 1700000301));
    assert_int_equal(PW_DENIED, wechat(good, 1699999699));
    assert_int_equal(PW_DENIED, wechat("signature=" WECHAT_SIGNED "&timestamp=1700000000&nonce=43", 1700000000));
    assert_int_equal(PW_DENIED, wechat("timestamp=1700000000&nonce=42", 1700000000));
    assert_int_equal(PW_DENIED, wechat("", 1700000000));
    json_object_set_new(ch.config, "token", json_string(""));
    assert_int_equal(PW_DENIED, wechat(good, 1700000000));
    assert_int_equal(PW_INVALID, wechat_driver.check_config(ch.config, &problems));
}

static enum pw_err wechat_body(const char *body)
{
    struct chan_request rq = call("POST", "", body, NULL);
    return wechat_driver.decode(&ch, &rq, &arena, &events);
}

static void wechat_messages(void **state)
{
    (void)state;
    settings("{\"app_id\":\"wx1\",\"token\":\"passerelle\"}");
    assert_int_equal(
        PW_OK, wechat_body("<xml><ToUserName><![CDATA[gh]]></ToUserName><FromUserName><![CDATA[o1]]></FromUserName>"
                           "<CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
                           "<Content><![CDATA[a <b> & 你好]]></Content><MsgId>23456789012345678</MsgId></xml>"));
    assert_int_equal(1, events.n);
    IS(events.v[0].text, "a <b> & 你好");
    IS(events.v[0].provider_id, "23456789012345678");
    IS(events.reply.body, "success");
    assert_int_equal(
        PW_OK, wechat_body("<xml><FromUserName>o1</FromUserName><CreateTime>7</CreateTime><MsgType>event</MsgType>"
                           "<Event>unsubscribe</Event></xml>"));
    assert_int_equal(CHAN_BLOCKED, events.v[0].kind);
    IS(events.v[0].provider_id, "o1:7:unsubscribe");
    const char *const bad[] = {
        "",
        "<xml>",
        "<x/>",
        "{}",
        "<xml><FromUserName>o1</FromUserName></xml>",
        "<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><FromUserName>&a;</FromUserName>"
        "<CreateTime>7</CreateTime><MsgType>text</MsgType><Content>&a;</Content><MsgId>1</MsgId></xml>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(PW_INVALID, wechat_body(bad[i]));
}

static void wechat_sealed(void **state)
{
    (void)state;
    /* sealed with another implementation: key abc…FG, 16 times 'r', "<xml/>", wx1 */
    static const char key[] = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    static const char sealed[] = "nlodUoiOMzG2LMfJo7fzIIwTwNQUA7KIUlpaX1ajmPk=";
    struct sv plain;
    assert_int_equal(PW_OK, wechat_open(sv_of(key), SV("wx1"), sv_of(sealed), &arena, &plain));
    IS(plain, "<xml/>");
    assert_int_equal(PW_DENIED, wechat_open(sv_of(key), SV("wx2"), sv_of(sealed), &arena, &plain));
    assert_int_equal(PW_DENIED, wechat_open(SV("Abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"), SV("wx1"), sv_of(sealed),
                                            &arena, &plain));
    assert_int_equal(PW_DENIED, wechat_open(SV("short"), SV("wx1"), sv_of(sealed), &arena, &plain));
    assert_int_equal(PW_DENIED, wechat_open(sv_of(key), SV("wx1"), SV("AAAA"), &arena, &plain));
    assert_int_equal(PW_DENIED, wechat_open(sv_of(key), SV("wx1"), SV(""), &arena, &plain));
}

static void wechat_errors(void **state)
{
    (void)state;
    static const struct {
        int64_t code;
        enum send_class cls;
    } cases[] = {{0, SEND_OK},        {-1, SEND_RETRY},    {40001, SEND_RETRY},   {42001, SEND_RETRY},
                 {45015, SEND_WAITS}, {45047, SEND_WAITS}, {43004, SEND_BLOCKED}, {40003, SEND_FAILED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct send_result r = {0};
        wechat_classify(cases[i].code, &arena, &r);
        assert_int_equal(cases[i].cls, r.cls);
    }
}

/* Class, what the platform sees (CNS-9), facts with date and source, and no channel without a secret. */
static void capabilities(void **state)
{
    (void)state;
    const struct chan_driver *const all[] = {&whatsapp_driver, &messenger_driver, &slack_driver, &wechat_driver};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        json_t *nothing = json_object();
        assert_int_equal(PW_INVALID, all[i]->check_config(nothing, &problems));
        json_decref(nothing);
        assert_true(all[i]->sees && strlen(all[i]->sees) > 40);
        for (const struct chan_limit *l = all[i]->limits; l->what; l++)
            assert_true(strlen(l->date) == 10 && strlen(l->source) > 5);
        bool class_b = all[i]->cls == 'B';
        assert_int_equal(class_b, all[i]->window_ms > 0);
        assert_int_equal(!class_b, (all[i]->caps & CAP_GROUPS) != 0);
    }
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(meta_signature),    T(meta_challenge_answer), T(graph_errors),
        T(whatsapp_messages), T(whatsapp_identities),   T(whatsapp_statuses),
        T(whatsapp_settings), T(messenger_messages),    T(messenger_words_with_a_link),
        T(slack_signature),   T(slack_texts),           T(slack_answers),
        T(wechat_signature),  T(wechat_messages),       T(wechat_sealed),
        T(wechat_errors),     T(capabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
