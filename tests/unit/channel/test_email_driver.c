/* SPDX-License-Identifier: EUPL-1.2 */
/* Tokens, who may be believed, what a server's answer means, and the one-recipient rule over thousands of messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/id.h"
#include "channel/email.h"
#include "net/imap.h"

enum { MANY = 20000 };

struct fix {
    struct arena a;
    struct channel ch;
};

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    arena_init(&f->a, 512 << 20);
    f->ch = (struct channel){.id = 7, .name = SV("mail"), .driver = &email_driver, .enabled = true};
    f->ch.config = json_pack("{s:s,s:s,s:s}", "from_address", "aide@example.org", "secret", "0123456789abcdef",
                             "smtp_url", "smtp://localhost");
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    json_decref(f->ch.config);
    arena_finish(&f->a);
    free(f);
    return 0;
}

/* ---- one recipient, always (reliability.md goal 31) ---- */

static uint64_t seed = 88172645463325252ULL; /* the same messages each time */

static unsigned dice(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed % n);
}

static struct sv nasty(struct arena *a)
{
    static const char *const bits[] = {"Amal",
                                       "أمل",
                                       "é",
                                       "\r\n",
                                       "\n",
                                       "\r",
                                       "Bcc: evil@evil.example",
                                       "To: evil@evil.example",
                                       ", ",
                                       ";",
                                       "<",
                                       ">",
                                       "\"",
                                       "\\",
                                       "\0",
                                       "=?utf-8?q?",
                                       "?=",
                                       " ",
                                       "evil@evil.example",
                                       ".\r\n",
                                       "--",
                                       "\t",
                                       "Cc:evil@evil.example\r\n",
                                       "a@b.org,evil@evil.example"};
    struct sv out = {0};
    for (unsigned i = dice(8); i > 0; i--)
        out = arena_join(a, out, sv_of(bits[dice(sizeof bits / sizeof *bits)]));
    return out;
}

/* The lines of the head, unfolded by hand: how many name this field, and what it says. */
static size_t field(struct sv message, const char *name, struct sv *ret)
{
    size_t n = 0, len = strlen(name);
    struct sv rest = message, one;
    while (sv_cut(&rest, '\n', &one) && one.n > 1)
        if (one.n > len && one.p[len] == ':' && sv_ieq(sv_sub(one, 0, len), sv_of(name))) {
            n++;
            *ret = sv_trim(sv_sub(one, len + 1, one.n));
            while (rest.n && rest.p[0] == ' ' && sv_cut(&rest, '\n', &one)) /* its last line holds the address */
                *ret = sv_trim(one);
        }
    return n;
}

static void never_more_than_one_recipient(void **state)
{
    struct fix *f = *state;
    struct mail_server server;
    size_t built = 0;
    assert_true(email_smtp(&f->ch, &server));
    for (int i = 0; i < MANY; i++) {
        struct arena a;
        arena_init(&a, 1 << 20);
        bool good = dice(3) > 0;
        struct sv to = good ? arena_fmt(&a, "person%d@example.com", i) : nasty(&a);
        struct mail m = {.to = to,
                         .to_name = dice(2) ? nasty(&a) : (struct sv){0},
                         .subject = nasty(&a),
                         .text = nasty(&a),
                         .lang = dice(4) ? SV("ar") : nasty(&a),
                         .reply_to = dice(3) ? SV("aide+x@example.org") : nasty(&a),
                         .answers = nasty(&a),
                         .stop_url = dice(2) ? SV("https://x.example/u/abc") : nasty(&a),
                         .loop = nasty(&a),
                         .message_id = arena_fmt(&a, "%d@example.org", i),
                         .at_ms = i,
                         .bulk = dice(2) == 0,
                         .origin = (enum mail_origin)dice(3),
                         .file = dice(3) ? (struct sv){0} : SV("x"),
                         .file_name = nasty(&a),
                         .file_type = nasty(&a)};
        server.from_name = nasty(&a);
        struct buf b;
        buf_init(&b, 1 << 20);
        enum pw_err e = mail_build(&server, &m, &b);
        assert_true(e == PW_OK || e == PW_INVALID);
        if (e == PW_OK) {
            struct sv text = buf_sv(&b), said = {0}, none = {0};
            built++;
            assert_true(mail_recipient_ok(to));
            assert_int_equal(field(text, "To", &said), 1);
            assert_true(sv_ends(said, arena_fmt(&a, "<%.*s>", SV_ARG(to))));
            assert_int_equal(field(text, "Cc", &none), 0);
            assert_int_equal(field(text, "Bcc", &none), 0);
            assert_int_equal(field(text, "From", &said), 1);
            assert_int_equal(field(text, "Message-ID", &said), 1);
            assert_int_equal(field(text, "Subject", &said), 1);
            struct sv head = sv_sub(text, 0, (size_t)sv_find(text, SV("\r\n\r\n")));
            assert_int_equal(sv_find(head, SV("evil@evil.example,")), -1);
            for (size_t k = 0; k + 1 < text.n; k++) /* no bare line ends: they are read differently by every server */
                assert_true((text.p[k] == '\r') == (text.p[k + 1] == '\n'));
        }
        buf_finish(&b);
        arena_finish(&a);
    }
    assert_true(built > MANY / 4);
}

/* ---- tokens ---- */

static void a_token_names_one_send_and_cannot_be_made_up(void **state)
{
    struct fix *f = *state;
    char token[EMAIL_TOKEN + 1];
    int64_t id = id_new(), got = 0;
    email_token_make(&f->ch, id, token);
    assert_true(email_token_read(&f->ch, sv_of(token), &got));
    assert_true(got == id);
    for (size_t i = 0; i < EMAIL_TOKEN; i++) {
        char wrong[EMAIL_TOKEN + 1];
        memcpy(wrong, token, sizeof wrong);
        wrong[i] = wrong[i] == '7' ? '6' : '7';
        assert_false(email_token_read(&f->ch, sv_of(wrong), &got));
        wrong[i] = 0;
        assert_false(email_token_read(&f->ch, sv_of(wrong), &got));
    }
    struct channel other = f->ch;
    other.config = json_pack("{s:s,s:s}", "from_address", "aide@example.org", "secret", "another secret 123");
    assert_false(email_token_read(&other, sv_of(token), &got));
    json_decref(other.config);
    assert_true(email_token_of_id(&f->ch, arena_fmt(&f->a, "<%s@EXAMPLE.org>", token), &got));
    assert_false(email_token_of_id(&f->ch, arena_fmt(&f->a, "<%s@example.net>", token), &got));
    assert_true(email_token_of_address(&f->ch, arena_fmt(&f->a, "Aide+%s@example.org", token), &got));
    assert_false(email_token_of_address(&f->ch, arena_fmt(&f->a, "autre+%s@example.org", token), &got));
    assert_true(sv_eq_z(email_place_of(&f->ch, SV("aide+ottawa@example.org")), "ottawa"));
    assert_true(sv_eq_z(email_place_of(&f->ch, SV("ottawa@example.org")), "ottawa"));
    assert_int_equal(email_place_of(&f->ch, SV("aide@example.org")).n, 0);
    assert_int_equal(email_place_of(&f->ch, SV("ottawa@example.net")).n, 0);
}

/* ---- who is believed ---- */

static void only_our_own_server_vouches_for_a_domain(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool yes;
    } rows[] = {
        {"mx.example.org; dmarc=pass header.from=example.com", true},
        {"MX.example.org 1; spf=fail; dmarc=pass (p=none) header.from=example.com", true},
        {"mx.example.org (a; comment; dkim=pass header.d=example.com); none", false},
        {"mx.example.org; dkim=pass header.d=example.com", true},
        {"mx.example.org; dkim=pass header.i=@example.com", true},
        {"mx.example.org; dkim=pass header.d=com", false},
        {"mx.example.org; dkim=pass header.d=evil.example.com", false},
        {"mx.example.org; dkim=fail header.d=example.com", false},
        {"mx.example.org; dkim=passed header.d=example.com", false},
        {"mx.example.org; spf=pass smtp.mailfrom=x@example.com", true},
        {"mx.example.org; spf=pass smtp.mailfrom=x@evil.example", false},
        {"mx.example.org.evil.net; dmarc=pass header.from=example.com", false},
        {"evil.net; mx.example.org; dmarc=pass header.from=example.com", false},
        {"mx.example.org", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (email_vouches(sv_of(rows[i].value), SV("mx.example.org"), SV("example.com")) != rows[i].yes)
            fail_msg("%s", rows[i].value);
    assert_true(email_vouches(SV("mx.example.org; dkim=pass header.d=example.com"), SV("mx.example.org"),
                              SV("mail.example.com")));
    assert_false(email_vouches(SV("mx.example.org; dmarc=pass header.from=example.com"), SV(""), SV("example.com")));
}

/* ---- what an answer means ---- */

static void an_answer_of_the_server_has_one_meaning(void **state)
{
    struct fix *f = *state;
    static const struct {
        enum net_phase phase;
        int status;
        const char *code, *enhanced;
        enum send_class cls;
        const char *said;
        bool pause;
    } rows[] = {
        {NET_DONE, 250, "", "", SEND_OK, "", false},
        {NET_NOT_SENT, 450, "refused", "4.2.1", SEND_RETRY, "450-4.2.1", false},
        {NET_NOT_SENT, 421, "refused", "4.7.0", SEND_RETRY, "421-4.7.0", true},
        {NET_NOT_SENT, 452, "refused", "", SEND_RETRY, "452", false},
        {NET_NOT_SENT, 550, "refused", "5.1.1", SEND_BLOCKED, "550-5.1.1", false},
        {NET_NOT_SENT, 550, "refused", "5.2.1", SEND_BLOCKED, "550-5.2.1", false},
        {NET_NOT_SENT, 550, "refused", "5.7.1", SEND_FAILED, "550-5.7.1", false},
        {NET_NOT_SENT, 550, "refused", "", SEND_FAILED, "550", false},
        {NET_DONE, 554, "refused", "5.6.0", SEND_FAILED, "554-5.6.0", false},
        {NET_NOT_SENT, 535, "refused", "5.7.8", SEND_RETRY, "sign-in-refused", true},
        {NET_NOT_SENT, 0, "connect", "", SEND_RETRY, "connect", false},
        {NET_NOT_SENT, 0, "tls", "", SEND_RETRY, "tls", false},
        {NET_NOT_SENT, 0, "origin-refused", "", SEND_FAILED, "origin-refused", false},
        {NET_NOT_SENT, 0, "request-refused", "", SEND_FAILED, "request-refused", false},
        {NET_SENT, 0, "cut", "", SEND_IN_DOUBT, "cut", false},
        {NET_SENT, 0, "timeout", "", SEND_IN_DOUBT, "timeout", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct net_result r = {
            .phase = rows[i].phase, .status = rows[i].status, .code = rows[i].code, .body = sv_of(rows[i].enhanced)};
        struct send_result got;
        email_classify(&f->a, &r, &got);
        if (got.cls != rows[i].cls || got.pause_lane != rows[i].pause || !sv_eq_z(got.code, rows[i].said))
            fail_msg("row %zu: class %d code %.*s", i, got.cls, SV_ARG(got.code));
    }
}

/* ---- settings ---- */

static void servers_are_named_in_one_form(void **state)
{
    (void)state;
    struct mail_server m = {0};
    struct imap_server i = {0};
    assert_true(mail_server_parse(SV("smtps://mail.example.org"), &m) && m.port == 465 && m.tls == MAIL_TLS);
    assert_true(mail_server_parse(SV("smtp://mail.example.org:2525/"), &m) && m.port == 2525 && m.tls == MAIL_STARTTLS);
    assert_true(mail_server_parse(SV("smtp://localhost"), &m) && m.port == 25 && m.tls == MAIL_PLAIN);
    assert_true(imap_server_parse(SV("imaps://mail.example.org"), &i) && i.port == 993 && i.tls == MAIL_TLS);
    assert_true(imap_server_parse(SV("imap://127.0.0.1:1430"), &i) && i.port == 1430 && i.tls == MAIL_PLAIN);
    static const char *const bad[] = {"",           "mail.example.org",    "http://x.org",           "smtp://",
                                      "smtp://a b", "smtp://x.org:0",      "smtp://x.org:99999",     "smtp://u:p@x.org",
                                      "smtp://x/y", "smtps://x.org:465:1", "smtp://x.org:12\r\nRSET"};
    for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
        assert_false(mail_server_parse(sv_of(bad[k]), &m));
        assert_false(imap_server_parse(sv_of(bad[k]), &i));
    }
}

static void a_channel_without_a_secret_cannot_be_switched_on(void **state)
{
    struct fix *f = *state;
    struct problems ps = {0};
    assert_int_equal(email_driver.check_config(f->ch.config, &ps), PW_OK);
    json_object_set_new(f->ch.config, "secret", json_string("short"));
    assert_int_equal(email_driver.check_config(f->ch.config, &ps), PW_INVALID);
    json_object_del(f->ch.config, "secret");
    assert_int_equal(email_driver.check_config(f->ch.config, &ps), PW_INVALID);
    assert_int_equal(email_driver.verify(&f->ch, &(struct chan_request){0}), PW_DENIED);
    size_t n = 0;
    while (email_driver.settings[n].name)
        n++;
    assert_true(n <= CHAN_SETTINGS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(never_more_than_one_recipient, setup, teardown),
        cmocka_unit_test_setup_teardown(a_token_names_one_send_and_cannot_be_made_up, setup, teardown),
        cmocka_unit_test_setup_teardown(only_our_own_server_vouches_for_a_domain, setup, teardown),
        cmocka_unit_test_setup_teardown(an_answer_of_the_server_has_one_meaning, setup, teardown),
        cmocka_unit_test_setup_teardown(servers_are_named_in_one_form, setup, teardown),
        cmocka_unit_test_setup_teardown(a_channel_without_a_secret_cannot_be_switched_on, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
