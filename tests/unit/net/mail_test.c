/* SPDX-License-Identifier: EUPL-1.2 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "base/b64.h"
#include "net/mail.h"
#include "stub_server.h"

/* ---- a small mail server; the recipient's name says how it behaves ---- */

static atomic_bool offers_utf8;

static void post_office(struct stub *s, int fd)
{
    char *all = calloc(1, STUB_KEPT), *line = all;
    size_t n = 0;
    bool data = false, die_after = false, refuse_after = false;
    stub_say(fd, "220 stub\r\n");
    for (;;) {
        ssize_t got = recv(fd, all + n, STUB_KEPT - 1 - n, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        all[n] = 0;
        stub_keep(s, all, n);
        bool open = true;
        for (char *end; open && (end = strstr(line, "\r\n")) != NULL; line = end + 2) {
            if (data) {
                if (strncmp(line, ".\r\n", 3) != 0)
                    continue;
                data = false;
                if (die_after)
                    open = false;
                else
                    stub_say(fd, refuse_after ? "554 no\r\n" : "250 taken\r\n");
            } else if (strncmp(line, "EHLO", 4) == 0) {
                stub_say(fd, "250-stub\r\n");
                stub_say(fd, atomic_load(&offers_utf8) ? "250-SMTPUTF8\r\n250 8BITMIME\r\n" : "250 8BITMIME\r\n");
            } else if (strncmp(line, "RCPT TO:<unknown", 16) == 0) {
                stub_say(fd, "550 unknown\r\n");
            } else if (strncmp(line, "RCPT TO:<later", 14) == 0) {
                stub_say(fd, "450 later\r\n");
            } else if (strncmp(line, "DATA", 4) == 0) {
                data = true;
                stub_say(fd, "354 go on\r\n");
            } else {
                die_after = die_after || strncmp(line, "RCPT TO:<die", 12) == 0;
                refuse_after = refuse_after || strncmp(line, "RCPT TO:<spam", 13) == 0;
                stub_say(fd, "250 ok\r\n");
            }
        }
        if (!open)
            break;
    }
    free(all);
}

struct fix {
    struct stub stub;
    struct net *net;
    struct arena a;
    struct mail_server server;
    struct mail mail;
};

static int setup(void **state)
{
    struct fix *f = calloc(1, sizeof *f);
    stub_start(&f->stub, post_office);
    assert_int_equal(net_open("0.0-test", &f->net), PW_OK);
    arena_init(&f->a, 8 << 20);
    f->server = (struct mail_server){.host = SV("127.0.0.1"),
                                     .port = f->stub.port,
                                     .tls = MAIL_PLAIN,
                                     .from = SV("passerelle@example.org"),
                                     .from_name = SV("Réseau d'accueil")};
    f->mail = (struct mail){.to = SV("amina@example.org"),
                            .to_name = SV("Amina"),
                            .subject = SV("Bienvenue"),
                            .text = SV("Bonjour\n"),
                            .lang = SV("fr"),
                            .message_id = SV("0123456789abc@example.org"),
                            .at_ms = INT64_C(1700000000000)};
    assert_int_equal(net_allow_mail(f->net, 1, &f->server, NET_LOCAL), PW_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fix *f = *state;
    net_close(f->net);
    stub_stop(&f->stub);
    arena_finish(&f->a);
    free(f);
    return 0;
}

static struct net_result post(struct fix *f)
{
    struct net_result r;
    mail_send(f->net, &f->a, &f->server, &f->mail, &r);
    return r;
}

static void assert_result(const struct net_result *r, enum net_phase phase, int status, const char *code)
{
    if (r->phase != phase || r->status != status || strcmp(r->code, code) != 0)
        fail_msg("phase %d status %d code \"%s\"; want %d %d \"%s\"", r->phase, r->status, r->code, phase, status,
                 code);
}

static void a_message_is_taken(void **state)
{
    struct fix *f = *state;
    struct net_result r = post(f);
    assert_result(&r, NET_DONE, 250, "");
    assert_non_null(strstr(f->stub.last, "MAIL FROM:<passerelle@example.org>"));
    assert_non_null(strstr(f->stub.last, "RCPT TO:<amina@example.org>"));
    assert_non_null(strstr(f->stub.last, "\r\nQm9uam91cgo=\r\n.\r\n"));
}

/* RFC 6531: an address of another script goes to a server that takes such, and nowhere else. */
static void other_scripts_need_the_servers_word(void **state)
{
    struct fix *f = *state;
    f->mail.to = SV("أمل@xn--mgbh0fb.example");
    struct net_result r = post(f);
    assert_result(&r, NET_NOT_SENT, 0, "no-smtputf8");
    assert_null(strstr(f->stub.last, "MAIL FROM"));
    atomic_store(&offers_utf8, true);
    r = post(f);
    assert_result(&r, NET_DONE, 250, "");
    assert_non_null(strstr(f->stub.last, "SMTPUTF8\r\n"));
    assert_non_null(strstr(f->stub.last, "RCPT TO:<أمل@xn--mgbh0fb.example>"));
    assert_non_null(strstr(f->stub.last, "To: "));
    f->mail.to = SV("amina@example.org"); /* others go as before, kept line or not */
    r = post(f);
    assert_result(&r, NET_DONE, 250, "");
    atomic_store(&offers_utf8, false);
    f->mail.to = SV("أمل@xn--mgbh0fb.example"); /* what another server offered on another line counts for nothing */
    r = post(f);
    assert_result(&r, NET_NOT_SENT, 0, "no-smtputf8");
    f->mail.to = SV("\xff\xfe@example.org");
    r = post(f);
    assert_result(&r, NET_NOT_SENT, 0, "request-refused");
}

static void addresses_have_one_form(void **state)
{
    struct fix *f = *state;
    static const struct {
        const char *given, *want;
    } cases[] = {
        {" Amal@Example.ORG ", "amal@example.org"},
        {"amal@ex\u00e4mple.org", "amal@xn--exmple-cua.org"},
        {"amal@EX\u00c4MPLE.org", "amal@xn--exmple-cua.org"},
        {"amal@xn--exmple-cua.org", "amal@xn--exmple-cua.org"},
        {"zoe\u0301@example.org", "zo\u00e9@example.org"},
        {"\u0623\u0645\u0644@example.org", "\u0623\u0645\u0644@example.org"},
        {"amal@exa mple.org", NULL},
        {"amal@exam_ple.org", NULL},
        {"amal@-x.org", NULL},
        {"am al@example.org", NULL},
        {"a@b@example.org", NULL},
        {"am\u00a0al\r\nTo: x@example.org", NULL},
        {"\xc3(@example.org", NULL},
        {"@example.org", NULL},
        {"amal@", NULL},
        {"amal", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sv got = {0};
        enum pw_err e = mail_address_norm(&f->a, sv_of(cases[i].given), &got);
        if ((e == PW_OK) != (cases[i].want != NULL) || (e == PW_OK && !sv_eq_z(got, cases[i].want)))
            fail_msg("%s: %d \"%.*s\"", cases[i].given, (int)e, SV_ARG(got));
    }
}

/* reliability.md goal 31: one recipient, whatever the fields hold. */
static void there_is_always_one_recipient(void **state)
{
    struct fix *f = *state;
    static const char *const bad[] = {"a@x.org, b@x.org",
                                      "a@x.org;b@x.org",
                                      "a@x.org\r\nBcc: b@x.org",
                                      "<a@x.org>",
                                      "a@x.org\nRCPT TO:<b@x.org>",
                                      "a b@x.org",
                                      "a@b@x.org",
                                      "a@x.org ",
                                      "@x.org",
                                      "a@",
                                      "",
                                      "a",
                                      "a@-x.org",
                                      "a@x..org",
                                      ".a@x.org",
                                      "a.@x.org",
                                      "a..b@x.org",
                                      "\"a b\"@x.org",
                                      "a@x.org>",
                                      "a(b)@x.org"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(mail_address_ok(sv_of(bad[i])));
        f->mail.to = sv_of(bad[i]);
        struct net_result r = post(f);
        assert_result(&r, NET_NOT_SENT, 0, "request-refused");
    }
    assert_false(mail_address_ok(SV("a\0b@x.org")) || mail_address_ok(SV("caf\xc3\xa9@x.org")));
    assert_int_equal(atomic_load(&f->stub.connections), 0);
    assert_true(mail_address_ok(SV("amina.o'neil+news@sub-1.example.org")));
    f->mail.to = SV("amina@example.org");
    f->mail.to_name = SV("x\r\nBcc: evil@example.org\r\n");
    f->mail.subject = SV("y\r\nBcc: evil@example.org\r\n\r\nbody");
    struct net_result r = post(f);
    assert_result(&r, NET_DONE, 250, "");
    assert_null(strstr(f->stub.last, "evil@"));
    assert_null(strstr(f->stub.last, "Bcc"));
    const char *first = strstr(f->stub.last, "RCPT TO:");
    assert_non_null(first);
    assert_null(strstr(first + 1, "RCPT TO:"));
}

static void phases_of_a_mail(void **state)
{
    struct fix *f = *state;
    f->mail.to = SV("unknown@example.org");
    struct net_result r = post(f);
    assert_result(&r, NET_NOT_SENT, 550, "refused");
    f->mail.to = SV("later@example.org");
    r = post(f);
    assert_result(&r, NET_NOT_SENT, 450, "refused");
    f->mail.to = SV("spam@example.org");
    r = post(f);
    assert_result(&r, NET_DONE, 554, "refused");
    f->mail.to = SV("die@example.org");
    r = post(f);
    assert_int_equal(r.phase, NET_SENT); /* the server may have it: in doubt */
    assert_int_equal(r.status, 0);
    int port = stub_free_port();
    f->server.port = port;
    r = post(f);
    assert_result(&r, NET_NOT_SENT, 0, "origin-refused");
    assert_int_equal(net_allow_mail(f->net, 1, &f->server, NET_LOCAL), PW_OK);
    r = post(f);
    assert_result(&r, NET_NOT_SENT, 0, "connect");
}

static void encryption_is_not_optional(void **state)
{
    struct fix *f = *state;
    assert_int_equal(net_allow_mail(f->net, 1, &f->server, 0), PW_INVALID); /* plain to anywhere */
    f->server.tls = MAIL_STARTTLS;
    struct net_result r = post(f); /* the stub does not offer it */
    assert_int_equal(r.phase, NET_NOT_SENT);
    assert_null(strstr(f->stub.last, "MAIL FROM"));
    f->server.host = SV("127.0.0.1/x");
    assert_int_equal(net_allow_mail(f->net, 1, &f->server, NET_LOCAL), PW_INVALID);
}

/* The text between two marks of the built message. */
static struct sv built(struct fix *f, struct buf *b)
{
    buf_init(b, 1 << 20);
    assert_int_equal(mail_build(&f->server, &f->mail, b), PW_OK);
    return buf_sv(b);
}

static void headers_are_plain_ascii_lines(void **state)
{
    struct fix *f = *state;
    struct buf b;
    f->mail.subject = SV("\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd9\x83\xd9\x85 \xd9\x81\xd9\x8a "
                         "\xd8\xb4\xd8\xa8\xd9\x83\xd8\xa9 \xd8\xa7\xd9\x84\xd8\xa7\xd8\xb3\xd8\xaa\xd9\x82\xd8\xa8\xd8"
                         "\xa7\xd9\x84 \xd9\x88\xd8\xa7\xd9\x84\xd8\xaf\xd8\xb9\xd9\x85");
    f->mail.html = SV("<p>Bonjour</p>");
    f->mail.reply_to = SV("help@example.org");
    struct sv text = built(f, &b), rest = text, line;
    while (sv_cut(&rest, '\n', &line)) {
        assert_true(line.n <= 78);
        for (size_t i = 0; i < line.n; i++)
            assert_true((unsigned char)line.p[i] < 0x80);
    }
    assert_true(sv_find(text, SV("Date: Tue, 14 Nov 2023 22:13:20 +0000\r\n")) >= 0);
    assert_true(sv_find(text, SV("To: Amina\r\n <amina@example.org>\r\n")) >= 0);
    assert_true(sv_find(text, SV("Message-ID: <0123456789abc@example.org>\r\n")) >= 0);
    assert_true(sv_find(text, SV("Reply-To: <help@example.org>\r\n")) >= 0);
    assert_true(sv_find(text, SV("Auto-Submitted: auto-generated\r\n")) >= 0);
    assert_true(sv_find(text, SV("Content-Type: text/html; charset=utf-8")) >= 0);
    /* the encoded words give the subject back, none cut inside a character */
    struct buf back;
    buf_init(&back, 4096);
    rest = sv_sub(text, (size_t)sv_find(text, SV("Subject: ")) + 9, text.n);
    rest.n = (size_t)sv_find(rest, SV("\r\nMessage-ID"));
    while (rest.n > 0) {
        struct sv word = {0};
        assert_true(sv_starts(rest, SV("=?UTF-8?B?")));
        rest = sv_sub(rest, 10, rest.n);
        size_t end = (size_t)sv_find(rest, SV("?="));
        assert_true(b64_decode(&f->a, sv_sub(rest, 0, end), &word));
        assert_true(word.n > 0 && ((unsigned char)word.p[0] & 0xC0) != 0x80);
        buf_add(&back, word);
        rest = sv_sub(rest, end + 2, rest.n);
        if (rest.n)
            rest = sv_sub(rest, 3, rest.n);
    }
    assert_true(sv_eq(buf_sv(&back), f->mail.subject));
    buf_finish(&back);
    buf_finish(&b);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(other_scripts_need_the_servers_word), T(addresses_have_one_form), T(a_message_is_taken),
        T(there_is_always_one_recipient),       T(phases_of_a_mail),        T(encryption_is_not_optional),
        T(headers_are_plain_ascii_lines),
    };
    return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
