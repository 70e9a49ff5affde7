/* SPDX-License-Identifier: EUPL-1.2 */
/* Where a request may go, and what it may carry. */
#include "net_fix.h"

#include <string.h>

/* ---- what may go where ---- */

static void redirects_are_not_followed(void **state)
{
    struct net_fix *f = *state;
    struct net_result r = net_get(f, "/redirect");
    assert_net_result(&r, NET_DONE, 302, "redirect-refused");
    assert_int_equal(atomic_load(&f->stub.requests), 1);
}

static void refuses_what_is_not_on_the_list(void **state)
{
    struct net_fix *f = *state;
    struct net_result r;
    static const char *const bad[] = {"http://127.0.0.1:1/",
                                      "https://127.0.0.1/",
                                      "http://localhost/",
                                      "file:///etc/passwd",
                                      "gopher://127.0.0.1/",
                                      "ftp://127.0.0.1/",
                                      "http://",
                                      "",
                                      "http://evil.example/",
                                      "dict://127.0.0.1/",
                                      "http://[::1]/",
                                      "//127.0.0.1/",
                                      "http://127.0.0.1@evil.x/",
                                      "http://0/",
                                      "http://2130706433:65536/"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        net_fetch(f->net, &f->a, &(struct net_request){.url = sv_of(bad[i])}, &r);
        assert_net_result(&r, NET_NOT_SENT, 0, "origin-refused");
    }
    struct sv with_user = arena_fmt(&f->a, "http://u:p@127.0.0.1:%d/ok", f->stub.port);
    net_fetch(f->net, &f->a, &(struct net_request){.url = with_user}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "origin-refused");
    struct sv nul = (struct sv){arena_fmt(&f->a, "http://127.0.0.1:%d/okXx", f->stub.port).p, 0};
    nul.n = strlen(nul.p);
    *(char *)(uintptr_t)(nul.p + nul.n - 2) = 0;
    net_fetch(f->net, &f->a, &(struct net_request){.url = nul}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "origin-refused");
    assert_int_equal(atomic_load(&f->stub.connections), 0);
    net_forget(f->net, 1);
    r = net_get(f, "/ok");
    assert_net_result(&r, NET_NOT_SENT, 0, "origin-refused");
}

static void path_prefixes_are_whole_segments(void **state)
{
    struct net_fix *f = *state;
    net_forget(f->net, 1);
    assert_int_equal(net_allow(f->net, 2, net_url(f, "/ok"), NET_LOCAL), PW_OK);
    static const char *const good[] = {"/ok", "/ok/", "/ok/x?y=1", "/ok?x", "/a/../ok"};
    static const char *const bad[] = {"/",         "/okay",   "/ok/../secret",     "/ok/%2e%2e/secret",
                                      "/ok%2fxx",  "/OK",     "/ok/..%5csecret",   "/ok/.%2E/secret",
                                      "/ok/%00/x", "/secret", "/ok/x/../../secret"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct net_result r = net_get(f, good[i]);
        assert_net_result(&r, NET_DONE, 200, "");
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct net_result r = net_get(f, bad[i]);
        assert_net_result(&r, NET_NOT_SENT, 0, "origin-refused");
    }
}

static void only_sound_origins_can_be_allowed(void **state)
{
    struct net_fix *f = *state;
    static const char *const bad[] = {
        "http://api.example.org/",  "ftp://example.org/", "example.org",         "https://u:p@example.org",
        "https://example.org/?a=b", "file:///tmp",        "smtp://example.org/", "",
        "https://exa mple.org/"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(net_allow(f->net, 3, sv_of(bad[i]), 0), PW_INVALID);
    assert_int_equal(net_allow(f->net, 3, SV("ftp://127.0.0.1/"), NET_LOCAL), PW_INVALID);
    assert_int_equal(net_allow(f->net, 3, SV("https://api.example.org/bot"), 0), PW_OK);
}

/* reliability.md goal 24: no form of a private address gets through an ordinary origin. */
static void private_addresses_are_refused_at_connect(void **state)
{
    struct net_fix *f = *state;
    net_forget(f->net, 1);
    static const char *const hosts[] = {
        "127.0.0.1",          "localhost", "2130706433",  "0x7f.1",          "0177.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "10.1.2.3",  "192.168.0.1", "169.254.169.254", "0.0.0.0"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        struct net_result r;
        struct sv base = arena_fmt(&f->a, "https://%s:%d/", hosts[i], f->stub.port);
        assert_int_equal(net_allow(f->net, 4, base, 0), PW_OK);
        net_fetch(f->net, &f->a, &(struct net_request){.url = base, .connect_ms = 2000}, &r);
        assert_net_result(&r, NET_NOT_SENT, 0, "address-refused");
    }
    /* allowed as local, still never to where clouds keep their keys */
    struct net_result r;
    assert_int_equal(net_allow(f->net, 4, SV("http://169.254.169.254/"), NET_LOCAL), PW_OK);
    net_fetch(f->net, &f->a, &(struct net_request){.url = SV("http://169.254.169.254/"), .connect_ms = 2000}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "address-refused");
    /* and plain http does not leave for a public address */
    assert_int_equal(net_allow(f->net, 4, SV("http://8.8.8.8/"), NET_LOCAL), PW_OK);
    net_fetch(f->net, &f->a, &(struct net_request){.url = SV("http://8.8.8.8/"), .connect_ms = 2000}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "address-refused");
    assert_int_equal(atomic_load(&f->stub.connections), 0);
}

static void addresses_have_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *ip;
        enum address_kind kind;
    } rows[] = {
        {"8.8.8.8", ADDRESS_PUBLIC},
        {"149.154.167.220", ADDRESS_PUBLIC},
        {"9.255.255.255", ADDRESS_PUBLIC},
        {"10.0.0.0", ADDRESS_LOCAL},
        {"10.255.255.255", ADDRESS_LOCAL},
        {"11.0.0.0", ADDRESS_PUBLIC},
        {"100.63.255.255", ADDRESS_PUBLIC},
        {"100.64.0.1", ADDRESS_LOCAL},
        {"100.128.0.0", ADDRESS_PUBLIC},
        {"127.255.0.1", ADDRESS_LOCAL},
        {"169.254.169.254", ADDRESS_NEVER},
        {"172.15.0.1", ADDRESS_PUBLIC},
        {"172.16.0.1", ADDRESS_LOCAL},
        {"172.31.255.255", ADDRESS_LOCAL},
        {"172.32.0.0", ADDRESS_PUBLIC},
        {"192.168.1.1", ADDRESS_LOCAL},
        {"192.169.0.1", ADDRESS_PUBLIC},
        {"192.0.2.1", ADDRESS_NEVER},
        {"198.18.0.1", ADDRESS_NEVER},
        {"198.20.0.1", ADDRESS_PUBLIC},
        {"203.0.113.9", ADDRESS_NEVER},
        {"224.0.0.1", ADDRESS_NEVER},
        {"255.255.255.255", ADDRESS_NEVER},
        {"0.0.0.0", ADDRESS_NEVER},
        {"240.0.0.1", ADDRESS_NEVER},
        {"::1", ADDRESS_LOCAL},
        {"::", ADDRESS_NEVER},
        {"::ffff:10.0.0.1", ADDRESS_LOCAL},
        {"::ffff:8.8.8.8", ADDRESS_PUBLIC},
        {"::10.0.0.1", ADDRESS_NEVER},
        {"64:ff9b::a00:1", ADDRESS_NEVER},
        {"64:ff9b::808:808", ADDRESS_PUBLIC},
        {"2002:a00:1::", ADDRESS_NEVER},
        {"2002:808:808::", ADDRESS_PUBLIC},
        {"fe80::1", ADDRESS_NEVER},
        {"fc00::1", ADDRESS_LOCAL},
        {"fdff::1", ADDRESS_LOCAL},
        {"ff02::1", ADDRESS_NEVER},
        {"2001:db8::1", ADDRESS_NEVER},
        {"2001::1", ADDRESS_NEVER},
        {"2001:67c:4e8::1", ADDRESS_PUBLIC},
        {"2606:4700::1", ADDRESS_PUBLIC},
        {"fec0::1", ADDRESS_NEVER},
        {"64:ff9b:1::1", ADDRESS_NEVER},
        {"not an ip", ADDRESS_NEVER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (address_kind_of_text(rows[i].ip) != rows[i].kind)
            fail_msg("%s is %d", rows[i].ip, address_kind_of_text(rows[i].ip));
}

static void refuses_headers_that_break_out(void **state)
{
    struct net_fix *f = *state;
    struct net_result r;
    struct net_header bad[] = {{SV("X"), SV("a\r\nHost: b")},
                               {SV("X\r\nY"), SV("a")},
                               {SV(""), SV("a")},
                               {SV("X: y"), SV("a")},
                               {SV("X"), SV("a\0b")}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, "/ok"), .headers = &bad[i], .n_headers = 1},
                  &r);
        assert_net_result(&r, NET_NOT_SENT, 0, "request-refused");
    }
    net_fetch(f->net, &f->a, &(struct net_request){.url = net_url(f, "/ok"), .method = "GET /x"}, &r);
    assert_net_result(&r, NET_NOT_SENT, 0, "request-refused");
    assert_int_equal(atomic_load(&f->stub.connections), 0);
}

static void reads_retry_after(void **state)
{
    struct net_fix *f = *state;
    struct net_result r = net_post(f, "/wait");
    assert_net_result(&r, NET_DONE, 429, "");
    assert_int_equal(r.retry_after_ms, 7000);
    int64_t now = INT64_C(1700000000000); /* Tue, 14 Nov 2023 22:13:20 GMT */
    assert_int_equal(net_retry_after(SV("120"), now), 120000);
    assert_int_equal(net_retry_after(SV("Tue, 14 Nov 2023 22:14:20 GMT"), now), 60000);
    assert_int_equal(net_retry_after(SV("Tue, 14 Nov 2023 22:12:20 GMT"), now), 0);
    assert_int_equal(net_retry_after(SV("99999999999999"), now), 86400000);
    assert_int_equal(net_retry_after(SV("-5"), now), 0);
    assert_int_equal(net_retry_after(SV("soon"), now), 0);
    assert_int_equal(net_retry_after(SV(""), now), 0);
}

static void origins_are_shown_without_secrets(void **state)
{
    struct net_fix *f = *state;
    assert_net_sv(net_origin_text(&f->a, SV("https://api.example.org/bot123:SECRET/sendMessage?x=1")),
                  "https://api.example.org");
    assert_net_sv(net_origin_text(&f->a, SV("http://127.0.0.1:8081/bot1:S")), "http://127.0.0.1:8081");
    assert_int_equal(net_origin_text(&f->a, SV("https://u:p@example.org/")).n, 0);
    assert_int_equal(net_origin_text(&f->a, SV("not a url")).n, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, net_set_up, net_tear_down)
    const struct CMUnitTest tests[] = {
        T(redirects_are_not_followed),
        T(refuses_what_is_not_on_the_list),
        T(path_prefixes_are_whole_segments),
        T(only_sound_origins_can_be_allowed),
        T(private_addresses_are_refused_at_connect),
        T(addresses_have_kinds),
        T(refuses_headers_that_break_out),
        T(reads_retry_after),
        T(origins_are_shown_without_secrets),
    };
    return cmocka_run_group_tests_name("origin", tests, NULL, NULL);
}
