/* SPDX-License-Identifier: EUPL-1.2 */
/* The SMS drivers without a network: who calls, what they say, what answers mean. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/sha1.h"
#include "channel/kannel.h"
#include "channel/sms.h"
#include "channel/twilio.h"

#define U "https://mycompany.com/myapp.php?foo=1&bar=2"
#define PAIRS "Caller=%2B14158675309&Digits=1234&From=%2B14158675309&To=%2B18005551212&CallSid=CA1234567890ABCDE"
#define JSON "{\"property\": \"value\", \"boolean\": true}"
#define JSON_HASH "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"

struct fix {
    struct arena arena;
    struct channel ch;
    struct sv signature, type;
    struct chan_events *ev;
};

static int set_up(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    arena_init(&f->arena, 64 << 20);
    f->ev = calloc(1, sizeof *f->ev);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fix *f = *state;
    json_decref(f->ch.config);
    arena_finish(&f->arena);
    free(f->ev);
    free(f);
    return 0;
}

static void settings(struct fix *f, const struct chan_driver *d, const char *text)
{
    json_decref(f->ch.config);
    f->ch =
        (struct channel){.id = 7, .name = SV("sms"), .driver = d, .enabled = true, .config = json_loads(text, 0, NULL)};
    assert_non_null(f->ch.config);
}

static struct sv header(const void *self, const char *name)
{
    const struct fix *f = self;
    return strcmp(name, "X-Twilio-Signature") == 0 ? f->signature : (struct sv){0};
}

static enum pw_err knock(struct fix *f, const char *url, const char *body, const char *signature)
{
    struct sv query = sv_of(url), path;
    (void)sv_cut(&query, '?', &path);
    f->signature = sv_of(signature);
    struct chan_request rq = {
        .method = "POST", .url = sv_of(url), .query = query, .body = sv_of(body), .header = header, .self = f};
    return f->ch.driver->verify(&f->ch, &rq);
}

static struct sv hex(struct fix *f, const unsigned char *p, size_t n)
{
    struct buf b;
    buf_init(&b, 100);
    buf_hex(&b, (struct sv){(const char *)p, n});
    struct sv out = arena_sv(&f->arena, buf_sv(&b));
    buf_finish(&b);
    return out;
}

/* FIPS 180-4 and RFC 2202 */
static void sha1_is_sha1(void **state)
{
    struct fix *f = *state;
    unsigned char h[SHA1_BYTES];
    sha1(SV("abc"), h);
    assert_true(sv_eq_z(hex(f, h, sizeof h), "a9993e364706816aba3e25717850c26c9cd0d89d"));
    sha1((struct sv){0}, h);
    assert_true(sv_eq_z(hex(f, h, sizeof h), "da39a3ee5e6b4b0d3255bfef95601890afd80709"));
    sha1(SV("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"), h);
    assert_true(sv_eq_z(hex(f, h, sizeof h), "84983e441c3bd26ebaae4aa1f95129e5e54670f1"));
    hmac_sha1(SV("Jefe"), SV("what do ya want for nothing?"), h);
    assert_true(sv_eq_z(hex(f, h, sizeof h), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"));
    char long_key[80];
    memset(long_key, 0xaa, sizeof long_key);
    hmac_sha1((struct sv){long_key, sizeof long_key}, SV("Test Using Larger Than Block-Size Key - Hash Key First"), h);
    assert_true(sv_eq_z(hex(f, h, sizeof h), "aa4ae5e15272d00e95705637ce8a3b55ed402112"));
}

/* channels.md §8: the published vectors */
static void published_signatures_hold(void **state)
{
    struct fix *f = *state;
    settings(f, &twilio_driver, "{\"token\":\"12345\"}");
    assert_int_equal(PW_OK, knock(f, U, PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert_int_equal(
        PW_OK, knock(f, "https://mycompany.com:1234/myapp.php?foo=1&bar=2", PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert_int_equal(
        PW_OK, knock(f, "https://mycompany.com:443/myapp.php?foo=1&bar=2", PAIRS, "kvajT1Ptam85bY51eRf/AJRuM3w="));
    assert_int_equal(PW_OK, knock(f, U, PAIRS, "kvajT1Ptam85bY51eRf/AJRuM3w="));
    assert_int_equal(
        PW_OK, knock(f, "http://mycompany.com:1234/myapp.php?foo=1&bar=2", PAIRS, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="));
    assert_int_equal(PW_OK,
                     knock(f, "http://mycompany.com:80/myapp.php?foo=1&bar=2", PAIRS, "0ZXoZLH/DfblKGATFgpif+LLRf4="));
    assert_int_equal(PW_OK,
                     knock(f, "http://mycompany.com/myapp.php?foo=1&bar=2", PAIRS, "0ZXoZLH/DfblKGATFgpif+LLRf4="));
    assert_int_equal(PW_OK,
                     knock(f, U, "Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234", "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    assert_int_equal(PW_OK, knock(f, U, "Digits=1234&Digits=1234&Sid=CA123&Digits=5678&SidAccount=AC123",
                                  "IK+Dwps556ElfBT0I3Rgjkr1wJU="));
    assert_int_equal(PW_OK, knock(f, U "&bodySHA256=" JSON_HASH, JSON, "a9nBmqA0ju/hNViExpshrM61xv4="));
    settings(f, &twilio_driver, "{\"token\":\"tok\"}");
    assert_int_equal(PW_OK,
                     knock(f, "https://hub.example/sms?x=1", "Body=ARR%C3%8AT&From=%2B16135550100&MessageSid=SM1",
                           "ANsbT9r9Hl5YlnNoTRnMKciExJM="));
}

static void wrong_signatures_do_not(void **state)
{
    struct fix *f = *state;
    settings(f, &twilio_driver, "{\"token\":\"12345\"}");
    assert_int_equal(PW_DENIED, knock(f, U, PAIRS, ""));
    assert_int_equal(PW_DENIED, knock(f, U, PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B9="));
    assert_int_equal(PW_DENIED, knock(f, U "&x=1", PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert_int_equal(PW_DENIED, knock(f, U, PAIRS "&Body=more", "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert_int_equal(PW_DENIED,
                     knock(f, "http://mycompany.com/myapp.php?foo=1&bar=2", PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    assert_int_equal(PW_DENIED, knock(f, U "&bodySHA256=" JSON_HASH, JSON " ", "a9nBmqA0ju/hNViExpshrM61xv4="));
    settings(f, &twilio_driver, "{\"token\":\"12346\"}");
    assert_int_equal(PW_DENIED, knock(f, U, PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    settings(f, &twilio_driver, "{}");
    assert_int_equal(PW_DENIED, knock(f, U, PAIRS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="));
}

/* ---- what they say ---- */

static enum pw_err hear(struct fix *f, const char *query, const char *body)
{
    struct chan_request rq = {.query = sv_of(query), .body = sv_of(body), .header = header, .self = f};
    memset(f->ev, 0, sizeof *f->ev);
    return f->ch.driver->decode(&f->ch, &rq, &f->arena, f->ev);
}

static void twilio_words_become_events(void **state)
{
    struct fix *f = *state;
    settings(f, &twilio_driver, "{\"token\":\"tok\"}");
    assert_int_equal(PW_OK,
                     hear(f, "", "MessageSid=SM1&SmsStatus=received&From=%2B16135550100&To=%2B1&Body=ARR%C3%8AT"));
    assert_int_equal(1, f->ev->n);
    assert_int_equal(CHAN_MESSAGE, f->ev->v[0].kind);
    assert_true(f->ev->v[0].private_chat);
    assert_true(sv_eq_z(f->ev->v[0].text, "ARRÊT"));
    assert_true(sv_eq_z(f->ev->v[0].user, "+16135550100"));
    assert_true(sv_eq_z(f->ev->v[0].provider_id, "sms:SM1"));
    assert_true(sv_find(f->ev->reply.body, SV("<Response/>")) > 0);
    assert_true(sv_starts(f->ev->reply.type, SV("text/xml")));
    assert_int_equal(PW_OK, hear(f, "out=0abc", "MessageSid=SM2&MessageStatus=delivered"));
    assert_int_equal(CHAN_STATUS, f->ev->v[0].kind);
    assert_int_equal(OUT_DELIVERED, f->ev->v[0].status);
    assert_true(sv_eq_z(f->ev->v[0].message_id, "0abc"));
    assert_int_equal(PW_OK, hear(f, "out=0abc", "MessageSid=SM2&MessageStatus=undelivered&ErrorCode=30003"));
    assert_int_equal(OUT_FAILED, f->ev->v[0].status);
    assert_true(sv_eq_z(f->ev->v[0].status_code, "30003"));
    assert_int_equal(PW_OK, hear(f, "out=0abc", "MessageSid=SM2&MessageStatus=queued"));
    assert_int_equal(0, f->ev->n);
    assert_int_equal(PW_OK, hear(f, "", "MessageSid=SM3&From=TICKETS&Body=hi")); /* a name, no number */
    assert_int_equal(0, f->ev->n);
    assert_int_equal(PW_OK,
                     hear(f, "", "MessageSid=MM4&From=%2B16135550100&Body=&NumMedia=1&MediaContentType0=image%2Fjpeg"));
    assert_true(sv_eq_z(f->ev->v[0].text, "[image/jpeg]"));
    assert_int_equal(PW_OK, hear(f, "",
                                 "MessageSid=MM5&From=%2B16135550100&Body=Que+veut+dire+ceci%3F&NumMedia=1&"
                                 "MediaContentType0=image%2Fjpeg"));
    assert_true(sv_eq_z(f->ev->v[0].text, "Que veut dire ceci?\n[image/jpeg]"));
    /* a long text in base64 */
    assert_int_equal(PW_OK,
                     hear(f, "",
                          "MessageSid=SM5&From=%2B16135550100&Body="
                          "Qm9uam91ciwgamUgY2hlcmNoZSB1biBsb2dlbWVudCBwb3VyIHF1YXRyZSBwZXJzb25uZXMgw6AgT3R0YXdh"));
    assert_true(sv_eq_z(f->ev->v[0].text, "Bonjour, je cherche un logement pour quatre personnes à Ottawa"));
    assert_int_equal(PW_INVALID, hear(f, "", "From=%2B16135550100&Body=x"));
    assert_int_equal(PW_INVALID, hear(f, "", "MessageSid=S%20M&From=%2B16135550100&Body=x"));
    assert_int_equal(PW_INVALID, hear(f, "", "MessageSid=SM1&From=%2B16135550100&Body=%FF"));
    assert_int_equal(PW_INVALID, hear(f, "", "MessageSid=SM1&MessageStatus=sent"));
}

static void kannel_words_become_events(void **state)
{
    struct fix *f = *state;
    settings(f, &kannel_driver, "{\"secret\":\"0123456789abcdef\"}");
    assert_int_equal(PW_OK, hear(f,
                                 "secret=0123456789abcdef&id=60c4-1&from=%2B16135550100&to=5678&text=%06E%061%00+%06-+%"
                                 "19&charset=UTF-16BE&coding=2",
                                 ""));
    assert_int_equal(1, f->ev->n);
    assert_true(sv_eq_z(f->ev->v[0].text, "مر ح’"));
    assert_true(sv_eq_z(f->ev->v[0].provider_id, "sms:60c4-1"));
    assert_true(sv_eq_z(f->ev->v[0].chat, "+16135550100"));
    assert_int_equal(200, f->ev->reply.status);
    assert_true(sv_starts(f->ev->reply.type, SV("text/plain")));
    assert_int_equal(0, f->ev->reply.body.n); /* what stood here would be sent back as a text */
    assert_int_equal(PW_OK, hear(f, "id=1&from=16135550100&text=%D8%3D%DE%00&coding=2", ""));
    assert_true(sv_eq_z(f->ev->v[0].text, "😀"));
    assert_int_equal(PW_OK, hear(f, "id=1&from=16135550100&text=h%C3%A9llo+%E2%82%AC&charset=UTF-8&coding=0", ""));
    assert_true(sv_eq_z(f->ev->v[0].text, "héllo €"));
    assert_int_equal(PW_OK, hear(f, "id=1&from=16135550100&text=%E9t%E9&charset=ISO-8859-1", ""));
    assert_true(sv_eq_z(f->ev->v[0].text, "été"));
    assert_true(sv_eq_z(f->ev->v[0].user, "+16135550100") &&
                sv_eq_z(f->ev->v[0].chat, "+16135550100")); /* without + too */
    assert_int_equal(PW_OK, hear(f, "id=1&from=ROGERS&text=hello", ""));
    assert_int_equal(0, f->ev->n);
    assert_int_equal(PW_INVALID, hear(f, "id=1&from=16135550100&text=%06&charset=UTF-16BE", ""));
    assert_int_equal(PW_INVALID, hear(f, "from=16135550100&text=x", ""));
    static const struct {
        const char *dlr;
        size_t n;
        enum out_state state;
    } reports[] = {
        {"1", 1, OUT_DELIVERED}, {"2", 1, OUT_FAILED}, {"4", 0, 0}, {"8", 1, OUT_SENT}, {"16", 1, OUT_FAILED}};
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++) {
        struct sv q = arena_fmt(&f->arena, "out=0abc&dlr=%s", reports[i].dlr);
        assert_int_equal(PW_OK, hear(f, arena_z(&f->arena, q), ""));
        assert_int_equal(reports[i].n, f->ev->n);
        if (f->ev->n)
            assert_int_equal(reports[i].state, f->ev->v[0].status);
    }
    assert_int_equal(PW_INVALID, hear(f, "out=0abc&dlr=x", ""));
    assert_int_equal(PW_INVALID, hear(f, "out=a%20b&dlr=1", ""));
}

static void kannel_is_known_by_our_secret(void **state)
{
    struct fix *f = *state;
    settings(f, &kannel_driver, "{\"secret\":\"0123456789abcdef\"}");
    assert_int_equal(PW_OK, knock(f, "http://x/?id=1&secret=0123456789abcdef", "", ""));
    assert_int_equal(PW_DENIED, knock(f, "http://x/?id=1&secret=0123456789abcdeg", "", ""));
    assert_int_equal(PW_DENIED, knock(f, "http://x/?id=1&secret=", "", ""));
    assert_int_equal(PW_DENIED, knock(f, "http://x/?id=1", "", ""));
    settings(f, &kannel_driver, "{}");
    assert_int_equal(PW_DENIED, knock(f, "http://x/?secret=", "", ""));
}

/* ---- what answers mean ---- */

static void answers_have_classes(void **state)
{
    struct fix *f = *state;
    static const struct {
        int status;
        const char *body;
        enum send_class cls;
    } kannel[] = {{202, "0: Accepted for delivery", SEND_OK},
                  {202, "3: Queued for later delivery", SEND_OK},
                  {202, "", SEND_IN_DOUBT},
                  {400, "Missing receiver", SEND_FAILED},
                  {403, "Authorization failed for sendsms", SEND_RETRY},
                  {404, "Not Found", SEND_RETRY},
                  {404, "Not routable. Do not try again.", SEND_FAILED},
                  {403, "Not routable. Do not try again.", SEND_FAILED},
                  {404, "Number(s) has/have been denied by white- and/or black-lists.", SEND_FAILED},
                  {503, "", SEND_RETRY}};
    static const struct {
        int status;
        const char *body;
        enum send_class cls;
        const char *code;
        bool pause;
    } twilio[] = {{201, "{\"sid\":\"SM1\"}", SEND_OK, "", false},
                  {201, "{\"si", SEND_IN_DOUBT, "unreadable", false},
                  {400, "{\"code\":21610}", SEND_BLOCKED, "21610", false},
                  {400, "{\"code\":21211}", SEND_FAILED, "21211", false},
                  {429, "{\"code\":20429}", SEND_RETRY, "20429", true},
                  {429, "", SEND_RETRY, "429", true},
                  {401, "{\"code\":20003}", SEND_RETRY, "401", true},
                  {500, "<html>", SEND_RETRY, "500", false},
                  {503, "", SEND_RETRY, "503", false},
                  {504, "", SEND_IN_DOUBT, "504", false}};
    for (size_t i = 0; i < sizeof kannel / sizeof *kannel; i++) {
        struct send_result r;
        kannel_classify(kannel[i].status, sv_of(kannel[i].body), &f->arena, &r);
        assert_int_equal(kannel[i].cls, r.cls);
        /* What concerns one number stops nobody else. */
        assert_int_equal(kannel[i].status == 403 || kannel[i].status == 404 ? r.cls == SEND_RETRY : 0, r.pause_lane);
    }
    for (size_t i = 0; i < sizeof twilio / sizeof *twilio; i++) {
        struct send_result r;
        twilio_classify(twilio[i].status, sv_of(twilio[i].body), &f->arena, &r);
        assert_int_equal(twilio[i].cls, r.cls);
        assert_true(sv_eq_z(r.code, twilio[i].code));
        assert_int_equal(twilio[i].pause, r.pause_lane);
    }
}

/* channels.md §1 rule 4: no secret, no channel */
static void settings_are_checked(void **state)
{
    struct fix *f = *state;
    struct problems ps = {0};
    settings(f, &kannel_driver,
             "{\"secret\":\"0123456789abcdef\",\"username\":\"u\",\"password\":\"p\",\"sender\":\"55123\"}");
    assert_int_equal(PW_OK, kannel_driver.check_config(f->ch.config, &ps));
    json_object_del(f->ch.config, "secret");
    assert_int_equal(PW_INVALID, kannel_driver.check_config(f->ch.config, &ps));
    settings(f, &twilio_driver,
             "{\"account\":\"AC0123456789abcdef0123456789abcdef\",\"token\":\"t\",\"sender\":\"+16135550100\"}");
    ps.n = 0;
    assert_int_equal(PW_OK, twilio_driver.check_config(f->ch.config, &ps));
    json_object_del(f->ch.config, "token");
    assert_int_equal(PW_INVALID, twilio_driver.check_config(f->ch.config, &ps));
    settings(f, &kannel_driver,
             "{\"secret\":\"short\",\"username\":\"u v\",\"sender\":\"+1 "
             "613\",\"sendsms\":\"http://example.org/\",\"callback\":\"ftp://x\",\"smsc\":\"a b\"}");
    ps.n = 0;
    assert_int_equal(PW_INVALID, kannel_driver.check_config(f->ch.config, &ps));
    assert_int_equal(7, ps.n);
}

/* E.164 in one place: every way that a gateway or a provider writes a number is one person (channels.md rule 3). */
static void numbers_have_one_form(void **state)
{
    struct fix *f = *state;
    static const struct {
        const char *country, *given, *want;
    } cases[] = {
        {"", "+16135550101", "+16135550101"},
        {"", "16135550101", "+16135550101"},
        {"", "6135550101", "+16135550101"},
        {"", "+1 (613) 555-0101", "+16135550101"},
        {"1", "613.555.0101", "+16135550101"},
        {"1", "01133612345678", "+33612345678"},
        {"1", "33612345678", "+33612345678"},
        {"1", "+33612345678", "+33612345678"},
        {"1", "1115550101", "1115550101"}, /* no area code begins with 1: left as it is */
        {"1", "5550101", "5550101"},       /* which town? nobody knows */
        {"33", "0612345678", "+33612345678"},
        {"33", "612345678", "+33612345678"},
        {"33", "33612345678", "+33612345678"},
        {"33", "0033612345678", "+33612345678"},
        {"33", "0016135550101", "+16135550101"},
        {"33", "16135550101", "+16135550101"},
        {"39", "0612345678", "+390612345678"},
        {"39", "3123456789", "+393123456789"},
        {"34", "612345678", "+34612345678"},
        {"961", "03123456", "+9613123456"},
        {"961", "9613123456", "+9619613123456"}, /* ten digits may be of the country: with + there is no doubt */
        {"", "55123", "55123"},
        {"33", "38200", "38200"},
        {"", "+55123", "+55123"},
        {"", "ROGERS", NULL},
        {"", "Info-Line", NULL},
        {"", "", NULL},
        {"", "+", NULL},
        {"", "7", NULL},
        {"", "+1234567890123456", NULL},
        {"", "123456789012345678901", NULL},
        {"", "6135550101\xd9\xa1", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[60];
        struct sv got = {0};
        (void)snprintf(text, sizeof text, "{\"country\":\"%s\"}", cases[i].country);
        settings(f, &kannel_driver, text);
        bool ok = sms_number(&f->ch, &f->arena, sv_of(cases[i].given), &got);
        if (ok != (cases[i].want != NULL) || (ok && !sv_eq_z(got, cases[i].want)))
            fail_msg("%s in %s: got %s\"%.*s\"", cases[i].given, cases[i].country, ok ? "" : "nothing ", SV_ARG(got));
        if (ok && got.p[0] == '+') { /* what has its form keeps it, wherever the channel is */
            struct sv again;
            settings(f, &kannel_driver, "{\"country\":\"961\"}");
            assert_true(sms_number(&f->ch, &f->arena, got, &again) && sv_eq(got, again));
        }
    }
    assert_true(sms_country_ok(SV("")) && sms_country_ok(SV("961")));
    assert_false(sms_country_ok(SV("0")) || sms_country_ok(SV("+1")) || sms_country_ok(SV("1234")));
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(numbers_have_one_form),         T(sha1_is_sha1),
        T(published_signatures_hold),     T(wrong_signatures_do_not),
        T(twilio_words_become_events),    T(kannel_words_become_events),
        T(kannel_is_known_by_our_secret), T(answers_have_classes),
        T(settings_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
