/* SPDX-License-Identifier: EUPL-1.2 */
/* proving who one is: sign-in and its refusals, second factor, sessions, return links and codes, tokens. */
#include "core_test.h"

#include <liboath/oath.h>
#include <sodium.h>

#include "base/b64.h"
#include "core/account.h"
#include "core/account_parts.h"
#include "core/audit.h"
#include "core/people.h"

#define GOOD SV("quatre chevaux bleus")
#define MINUTE (INT64_C(60) * 1000)

static int64_t account(struct ctxfix *f, const char *login, int64_t *ret_person)
{
    int64_t person = ctxfix_person(f, "Staff Person"), id = 0;
    const struct actor *was = f->actor;
    f->actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(f, account_create(c, sv_of(login), person, GOOD, &id)));
    f->actor = was;
    if (ret_person)
        *ret_person = person;
    return id;
}

/* The three steps of a sign-in, each where it belongs; the token is empty when refused. */
static struct sv sign_in(struct ctxfix *f, struct sv login, struct sv password, struct sv totp)
{
    struct login_try t;
    struct sv token = SV("untouched");
    f->actor = &actor_anonymous;
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, login, &t)));
    bool ok = login_verify(&t, password, totp, f->now_ms);
    assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t, ok, &token)));
    f->actor = &actor_system;
    return token;
}

/* Without the slow hash: what only counts failures. */
static struct sv fail_fast(struct ctxfix *f, struct sv login)
{
    struct login_try t;
    struct sv token;
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, login, &t)));
    assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t, false, &token)));
    return token;
}

/* ASVS 6.2 */
static void weak_passwords_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
    } cases[] = {{"", false},
                 {"short7!", false},
                 {"éééé", false}, /* 8 bytes, 4 characters */
                 {"password", false},
                 {"PassWord1", false},
                 {"motdepasse", false},
                 {"aaaaaaaaaaaa", false},
                 {"abcdefghijkl", false},
                 {"ponmlkjihg", false},
                 {"\xff\xff\xff\xff\xff\xff\xff\xff\xff", false},
                 {"quatre chevaux bleus", true},
                 {"كلمة سر طويلة", true},
                 {"vélo-été", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct problems ps = {.n = 0};
        enum pw_err e = password_check(&ps, "password", sv_of(cases[i].text));
        assert_int_equal(cases[i].good ? PW_OK : PW_INVALID, e);
        assert_int_equal(cases[i].good ? 0 : 1, ps.n);
    }
    char many[129];
    memset(many, 'x', sizeof many);
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = (char)('a' + i * 7 % 26);
    struct problems ps = {.n = 0};
    assert_int_equal(PW_OK, password_check(&ps, "p", (struct sv){many, 128}));
    assert_int_equal(PW_INVALID, password_check(&ps, "p", (struct sv){many, 129}));
}

static void an_account_is_made_once(void **state)
{
    struct ctxfix *f = *state;
    struct account a;
    int64_t person = 0, other = ctxfix_person(f, "Other"), no = 0;
    int64_t id = account(f, "Élodie.Tremblay", &person);
    assert_int_equal(PW_OK, CTX_LOOK(f, account_by_login(c, SV(" elodie.TREMBLAY "), &a)));
    assert_int_equal(id, a.id);
    assert_int_equal(person, a.person_id);
    assert_sv(a.login, "Élodie.Tremblay");
    assert_false(a.totp_on);
    assert_false(a.must_change); /* made by the system: the person's own choice */
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, account_create(c, SV("ELODIE.tremblay"), other, GOOD, &no)));
    assert_non_null(problem_of(&f->problems, "login"));
    static const char *const bad[] = {"", "x", "two words", "\xff\xfe", "  "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(PW_INVALID, CTX_ACT(f, account_create(c, sv_of(bad[i]), other, GOOD, &no)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, account_create(c, SV("hello.world"), other, SV("HELLO.world"), &no)));
    assert_non_null(problem_of(&f->problems, "password"));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, account_create(c, SV("nobody"), 99, GOOD, &no)));
    struct account *all;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(f, account_list(c, &all, &n)));
    assert_int_equal(1, n);
    /* an administrator chose it: it must be changed */
    struct grant admin = {.role = ROLE_NETWORK_ADMIN};
    f->actor = ctxfix_staff(f, person, &admin, 1);
    assert_int_equal(PW_OK, CTX_ACT(f, account_create(c, SV("nadia"), other, GOOD, &no)));
    assert_int_equal(PW_OK, CTX_LOOK(f, account_get(c, no, &a)));
    assert_true(a.must_change);
    f->actor = ctxfix_staff(f, other, NULL, 0);
    assert_int_equal(PW_OK, CTX_ACT(f, account_set_password(c, no, SV("cinq chevaux verts"))));
    assert_int_equal(PW_OK, CTX_LOOK(f, account_get(c, no, &a)));
    assert_false(a.must_change);
}

/* ASVS 6.3.8: known and unknown names answer alike */
static void known_and_unknown_names_are_refused_alike(void **state)
{
    struct ctxfix *f = *state;
    account(f, "amal", NULL);
    /* what an unknown name is checked against costs what a real hash costs */
    assert_int_equal(0, crypto_pwhash_str_needs_rehash(password_of_nobody, PASSWORD_PASSES, PASSWORD_MEMORY));
    static const char *const names[] = {"amal", "nobody", "", "two words", "\xff"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(0, sign_in(f, sv_of(names[i]), SV("wrong"), SV("")).n);
    assert_int_equal(0, sign_in(f, SV("nobody"), GOOD, SV("")).n);
    assert_int_equal(0, sign_in(f, SV("amal"), SV(""), SV("")).n);
    assert_true(sign_in(f, SV("Amal"), GOOD, SV("")).n >= 26);
    char many[4096];
    memset(many, 'x', sizeof many);
    assert_int_equal(0, sign_in(f, SV("amal"), (struct sv){many, sizeof many}, SV("")).n);
}

/* ASVS 6.3.1 */
static void ten_failures_lock_a_name_for_a_while(void **state)
{
    struct ctxfix *f = *state;
    account(f, "amal", NULL);
    account(f, "noor", NULL);
    for (int i = 0; i < 10; i++) {
        assert_int_equal(0, fail_fast(f, SV("amal")).n);
        f->now_ms += 1000;
    }
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, SV("")).n);
    assert_int_equal(0, sign_in(f, SV("AMAL"), GOOD, SV("")).n);
    struct login_try t;
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t)));
    assert_true(t.locked);
    assert_false(login_verify(&t, GOOD, SV(""), f->now_ms));
    assert_true(sign_in(f, SV("noor"), GOOD, SV("")).n > 0);
    f->now_ms += 15 * MINUTE - 11 * 1000;
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, SV("")).n);
    f->now_ms += 2 * 1000; /* the first failure has passed: trying while locked did not add to it */
    assert_true(sign_in(f, SV("amal"), GOOD, SV("")).n > 0);
    /* success forgets the failures */
    for (int i = 0; i < 9; i++)
        fail_fast(f, SV("amal"));
    assert_true(sign_in(f, SV("amal"), GOOD, SV("")).n > 0);
    for (int i = 0; i < 9; i++)
        fail_fast(f, SV("amal"));
    assert_true(sign_in(f, SV("amal"), GOOD, SV("")).n > 0);
}

static void attempts_at_the_same_time_are_counted(void **state)
{
    struct ctxfix *f = *state;
    account(f, "amal", NULL);
    enum { N = 15 };
    struct login_try t[N];
    struct sv token;
    for (int i = 0; i < N; i++)
        assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t[i])));
    for (int i = 0; i < N - 1; i++)
        assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t[i], false, &token)));
    /* the right password, loaded before the others failed */
    assert_true(login_verify(&t[N - 1], GOOD, SV(""), f->now_ms));
    assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t[N - 1], true, &token)));
    assert_int_equal(0, token.n);
}

static void a_password_changed_meanwhile_wins(void **state)
{
    struct ctxfix *f = *state;
    int64_t id = account(f, "amal", NULL);
    struct login_try t;
    struct sv token;
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t)));
    assert_true(login_verify(&t, GOOD, SV(""), f->now_ms));
    assert_int_equal(PW_OK, CTX_ACT(f, account_set_password(c, id, SV("cinq chevaux verts"))));
    assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t, true, &token)));
    assert_int_equal(0, token.n);
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, SV("")).n);
    assert_true(sign_in(f, SV("amal"), SV("cinq chevaux verts"), SV("")).n > 0);
}

static struct sv code_at(struct ctxfix *f, struct sv base32, int64_t now_ms)
{
    struct sv secret;
    char out[7];
    assert_true(b32_decode(&f->arena, base32, &secret));
    assert_int_equal(20, secret.n);
    assert_int_equal(OATH_OK, oath_totp_generate(secret.p, secret.n, now_ms / 1000, 30, 0, 6, out));
    return arena_sv(&f->arena, sv_of(out));
}

/* RFC 6238, its own vectors cut to six digits */
static void codes_are_those_of_the_standard(void **state)
{
    (void)state;
    struct sv secret = SV("12345678901234567890");
    static const struct {
        int64_t s;
        const char *code;
    } v[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
             {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
        int64_t step = v[i].s / 30;
        for (int64_t off = -60; off <= 60; off += 30) {
            if (v[i].s + off < 0)
                continue;
            int64_t got = totp_step_of(secret, sv_of(v[i].code), (v[i].s + off) * 1000);
            assert_int_equal(off >= -30 && off <= 30 ? step : 0, got);
        }
    }
    assert_int_equal(1, totp_step_of(secret, SV("287 082"), 59000));
    static const char *const bad[] = {"", "28708", "2870820", "28708x", "-87082", "287082\n", " "};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(0, totp_step_of(secret, sv_of(bad[i]), 59000));
    assert_int_equal(0, totp_step_of(SV(""), SV("287082"), 59000));
}

/* ASVS 6.3.3, 6.5.1 */
static void the_second_factor_is_asked_and_works_once(void **state)
{
    struct ctxfix *f = *state;
    int64_t person = 0, id = account(f, "amal", &person);
    struct sv secret, uri;
    struct account a;
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, totp_confirm(c, id, SV("123456"))));
    assert_int_equal(PW_OK, CTX_ACT(f, totp_begin(c, id, &secret, &uri)));
    assert_int_equal(32, secret.n);
    assert_true(sv_starts(uri, SV("otpauth://totp/Passerelle:amal?secret=")));
    assert_true(sv_find(uri, secret) > 0);
    /* not confirmed: not asked */
    assert_true(sign_in(f, SV("amal"), GOOD, SV("")).n > 0);
    assert_int_equal(PW_INVALID, CTX_ACT(f, totp_confirm(c, id, SV("12345"))));
    struct sv code = code_at(f, secret, f->now_ms);
    assert_int_equal(PW_OK, CTX_ACT(f, totp_confirm(c, id, code)));
    assert_int_equal(PW_OK, CTX_LOOK(f, account_get(c, id, &a)));
    assert_true(a.totp_on);
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, SV("")).n);
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, code).n); /* used for the confirmation */
    f->now_ms += 30 * 1000;
    code = code_at(f, secret, f->now_ms);
    assert_int_equal(0, sign_in(f, SV("amal"), SV("wrong"), code).n);
    /* two at the same time with one code: one enters */
    struct login_try t1, t2;
    struct sv k1, k2;
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t1)));
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t2)));
    assert_true(login_verify(&t1, GOOD, code, f->now_ms));
    assert_true(login_verify(&t2, GOOD, code, f->now_ms));
    assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t1, true, &k1)));
    assert_int_equal(PW_OK, CTX_ACT(f, login_finish(c, &t2, true, &k2)));
    assert_true(k1.n > 0);
    assert_int_equal(0, k2.n);
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t1)));
    assert_false(login_verify(&t1, GOOD, code, f->now_ms)); /* not even up to the last step */
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, code).n);
    f->now_ms += 30 * 1000;
    assert_true(sign_in(f, SV("amal"), GOOD, code_at(f, secret, f->now_ms)).n > 0);
    /* nobody else's business, but an administrator helps when the telephone is lost */
    f->actor = ctxfix_staff(f, ctxfix_person(f, "Other"), NULL, 0);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, totp_begin(c, id, &secret, &uri)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, totp_off(c, id)));
    struct grant admin = {.role = ROLE_NETWORK_ADMIN};
    f->actor = ctxfix_staff(f, ctxfix_person(f, "Admin"), &admin, 1);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, totp_begin(c, id, &secret, &uri)));
    assert_int_equal(PW_OK, CTX_ACT(f, totp_off(c, id)));
    assert_true(sign_in(f, SV("amal"), GOOD, SV("")).n > 0);
}

/* ASVS 7.2, 7.3 */
static void a_session_ends_by_rest_and_by_age(void **state)
{
    struct ctxfix *f = *state;
    int64_t person = 0, id = account(f, "amal", &person);
    struct session s;
    struct actor a;
    struct sv token = sign_in(f, SV("amal"), GOOD, SV(""));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_int_equal(ACTOR_STAFF, a.kind);
    assert_int_equal(person, a.person_id);
    assert_int_equal(id, a.account_id);
    assert_sv(a.name, "Staff Person");
    assert_int_equal(32, s.csrf.n);
    assert_true(s.here);
    f->now_ms += SESSION_IDLE_MS - 1;
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, session_touch(c, s.id)));
    f->now_ms += SESSION_IDLE_MS - 1;
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    f->now_ms += 1;
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, token, &s, &a)));
    /* never longer than twelve hours */
    token = sign_in(f, SV("amal"), GOOD, SV(""));
    int64_t began = f->now_ms;
    for (int i = 0; i < 26; i++) {
        if (f->now_ms - began >= SESSION_ABSOLUTE_MS)
            break;
        assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
        assert_int_equal(PW_OK, CTX_ACT(f, session_touch(c, s.id)));
        f->now_ms += 29 * MINUTE;
    }
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, token, &s, &a)));
    static const char *const bad[] = {"", "x", "00000000000000000000000000000000",
                                      "0000000000000000000000000000000000"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, sv_of(bad[i]), &s, &a)));
}

/* reliability.md goal 20: revocation at once */
static void an_ended_session_is_over_at_once(void **state)
{
    struct ctxfix *f = *state;
    struct session s, s2, *list;
    struct actor a;
    size_t n;
    int64_t person = 0, id = account(f, "amal", &person);
    struct sv t1 = sign_in(f, SV("amal"), GOOD, SV("")), t2 = sign_in(f, SV("amal"), GOOD, SV(""));
    assert_false(sv_eq(t1, t2));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, t1, &s, &a)));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, t2, &s2, &a)));
    assert_false(sv_eq(s.csrf, s2.csrf));
    assert_int_equal(PW_OK, CTX_ACT(f, session_set_lang(c, s2.id, SV("ar"))));
    assert_int_equal(PW_INVALID, CTX_ACT(f, session_set_lang(c, s2.id, SV("<x>"))));
    f->actor = &a;
    assert_int_equal(PW_OK, CTX_LOOK(f, session_list(c, id, &list, &n)));
    assert_int_equal(2, n);
    assert_true(list[0].here);
    assert_sv(list[0].lang, "ar");
    assert_false(list[1].here);
    assert_int_equal(PW_OK, CTX_ACT(f, session_end(c, s.id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, session_end(c, s.id)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, t1, &s, &a)));
    /* a new password ends the others, not the one that set it */
    f->actor = &actor_system;
    t1 = sign_in(f, SV("amal"), GOOD, SV(""));
    struct actor mine;
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, t2, &s2, &mine)));
    f->actor = &mine;
    assert_int_equal(PW_OK, CTX_ACT(f, account_set_password(c, id, SV("cinq chevaux verts"))));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, t2, &s2, &a)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, t1, &s, &a)));
    assert_int_equal(PW_CONFLICT, CTX_ACT(f, account_set_disabled(c, id, true))); /* not oneself */
    f->actor = &actor_system;
    struct sv token;
    assert_int_equal(PW_OK, CTX_ACT(f, token_add(c, id, true, SV("reports"), &token)));
    assert_int_equal(PW_OK, CTX_LOOK(f, token_open(c, token, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, account_set_disabled(c, id, true)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, t2, &s2, &a)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, token_open(c, token, &a)));
    assert_int_equal(0, sign_in(f, SV("amal"), SV("cinq chevaux verts"), SV("")).n);
    struct login_try t;
    assert_int_equal(PW_OK, CTX_LOOK(f, login_load(c, SV("amal"), &t)));
    assert_false(login_verify(&t, SV("cinq chevaux verts"), SV(""), f->now_ms));
    assert_int_equal(PW_OK, CTX_ACT(f, account_set_disabled(c, id, false)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, token_open(c, token, &a)));     /* tokens do not come back */
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, t2, &s2, &a))); /* sessions neither */
    /* whatever the way an account was disabled, its sessions end */
    t2 = sign_in(f, SV("amal"), SV("cinq chevaux verts"), SV(""));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, t2, &s2, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, raw_exec(c, "UPDATE account SET disabled_ms = 1", DB_NOARGS)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, t2, &s2, &a)));
    assert_int_equal(PW_OK, CTX_ACT(f, raw_exec(c, "UPDATE account SET disabled_ms = NULL", DB_NOARGS)));
    assert_true(sign_in(f, SV("amal"), SV("cinq chevaux verts"), SV("")).n > 0);
}

/* PPL-4, MSG-9 */
static void roles_follow_their_dates(void **state)
{
    struct ctxfix *f = *state;
    int64_t person = 0, grant = 0;
    account(f, "amal", &person);
    struct session s;
    struct actor a;
    struct sv token = sign_in(f, SV("amal"), GOOD, SV(""));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_false(actor_may(&a, RIGHT_MODERATE));
    assert_true(actor_may(&a, RIGHT_STAFF));
    struct grant g = {.person_id = person,
                      .role = ROLE_MODERATOR,
                      .scope = SCOPE_COMMUNITY,
                      .scope_id = 5,
                      .expires_ms = f->now_ms + 10 * MINUTE};
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &grant)));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_true(actor_may(&a, RIGHT_MODERATE));
    f->now_ms += 10 * MINUTE;
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_false(actor_may(&a, RIGHT_MODERATE));
    g.expires_ms = 0;
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &grant)));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_true(actor_may(&a, RIGHT_MODERATE));
    assert_int_equal(PW_OK, CTX_ACT(f, grant_withdraw(c, grant)));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_false(actor_may(&a, RIGHT_MODERATE));
    assert_int_equal(PW_OK, CTX_ACT(f, person_erase(c, person)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_int_equal(0, sign_in(f, SV("amal"), GOOD, SV("")).n);
}

/* EQ-1: no password, no e-mail, no telephone number */
static void members_come_back_by_link_or_code(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), got = 0, grant = 0;
    struct sv token, link, code, again;
    struct session s;
    struct actor a;
    f->now_ms += 400 * DAY_MS; /* the brake is of the process: each test in a time of its own */
    assert_int_equal(PW_OK, CTX_ACT(f, member_session(c, amal, &token)));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    assert_int_equal(ACTOR_MEMBER, a.kind);
    assert_true(actor_may(&a, RIGHT_PERSON));
    assert_false(actor_may(&a, RIGHT_STAFF));
    f->now_ms += 89 * DAY_MS;
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, token, &s, &a)));
    f->now_ms += DAY_MS;
    assert_int_equal(PW_DENIED, CTX_LOOK(f, session_open(c, token, &s, &a)));

    assert_int_equal(PW_OK, CTX_ACT(f, member_link_make(c, amal, &link, &code)));
    assert_int_equal(14, code.n);
    assert_int_equal('-', code.p[4]);
    assert_int_equal('-', code.p[9]);
    f->actor = &actor_anonymous;
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, link, &token, &got)));
    assert_int_equal(amal, got);
    /* as a hand writes it */
    char typed[64];
    size_t n = 0;
    for (size_t i = 0; i < code.n; i++) {
        char ch = code.p[i];
        if (ch == '-')
            ch = ' ';
        else if (ch == '0')
            ch = 'O';
        else if (ch == '1')
            ch = i % 2 ? 'l' : 'I';
        else if (ch >= 'a' && ch <= 'z')
            ch = (char)(ch - 'a' + 'A');
        typed[n++] = ch;
        typed[n++] = ' ';
    }
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, (struct sv){typed, n}, &again, &got)));
    assert_false(sv_eq(token, again));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, again, &s, &a)));
    assert_int_equal(ACTOR_MEMBER, a.kind);
    /* a role is never reached through a return link */
    f->actor = &actor_system;
    struct grant g = {.person_id = amal, .role = ROLE_NETWORK_ADMIN};
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &grant)));
    assert_int_equal(PW_OK, CTX_LOOK(f, session_open(c, again, &s, &a)));
    assert_int_equal(0, a.n_grants);
    assert_false(actor_may(&a, RIGHT_ADMIN));
    /* new ones end the old */
    struct sv link2, code2;
    assert_int_equal(PW_OK, CTX_ACT(f, member_link_make(c, amal, &link2, &code2)));
    assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, link, &token, &got)));
    assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, code, &token, &got)));
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, link2, &token, &got)));
    static const char *const bad[] = {
        "", "-", "abcd-efgh", "abcd-efgh-jkm!", "abcd-efgh-jkmn-pqrs", "\xff\xff\xff\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, sv_of(bad[i]), &token, &got)));
}

static void guessing_codes_is_braked(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), got = 0;
    struct sv link, code, token;
    f->now_ms += 800 * DAY_MS;
    assert_int_equal(PW_OK, CTX_ACT(f, member_link_make(c, amal, &link, &code)));
    for (int i = 0; i < 5; i++) {
        struct sv guess = arena_fmt(&f->arena, "%.4s-0000-000%d", code.p, i);
        assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, guess, &token, &got)));
    }
    assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, code, &token, &got))); /* the right one, alike */
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, link, &token, &got)));     /* 160 bits need no brake */
    f->now_ms += 15 * MINUTE;
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, code, &token, &got)));
    /* and over all first groups */
    for (int i = 0; i < 200; i++) {
        struct sv guess = arena_fmt(&f->arena, "z%03d-0000-0000", i);
        assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, guess, &token, &got)));
    }
    assert_int_equal(PW_DENIED, CTX_ACT(f, member_return(c, code, &token, &got)));
    f->now_ms += 15 * MINUTE;
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, code, &token, &got)));
}

static void tokens_read_or_write_and_never_administer(void **state)
{
    struct ctxfix *f = *state;
    int64_t person = 0, grant = 0, id = account(f, "amal", &person);
    struct sv reads, writes;
    struct actor a;
    struct grant g = {.person_id = person, .role = ROLE_NETWORK_ADMIN};
    assert_int_equal(PW_OK, CTX_ACT(f, grant_give(c, &g, &grant)));
    assert_int_equal(PW_OK, CTX_ACT(f, token_add(c, id, false, SV("dashboard"), &reads)));
    assert_int_equal(PW_OK, CTX_ACT(f, token_add(c, id, true, SV("import"), &writes)));
    assert_int_equal(PW_INVALID, CTX_ACT(f, token_add(c, id, true, SV(" "), &writes)));
    assert_true(sv_starts(reads, SV("pwt_")));
    assert_int_equal(PW_OK, CTX_LOOK(f, token_open(c, reads, &a)));
    assert_int_equal(ACTOR_TOKEN, a.kind);
    assert_int_equal(1, a.n_grants);
    assert_true(actor_may(&a, RIGHT_API_READ));
    assert_false(actor_may(&a, RIGHT_API_WRITE));
    assert_false(actor_may(&a, RIGHT_ADMIN));
    assert_false(actor_may(&a, RIGHT_STAFF));
    assert_false(actor_may(&a, RIGHT_MODERATE));
    assert_int_equal(PW_OK, CTX_LOOK(f, token_open(c, writes, &a)));
    assert_true(actor_may(&a, RIGHT_API_WRITE));
    assert_true(actor_may(&a, RIGHT_MODERATE));
    assert_false(actor_may(&a, RIGHT_ADMIN));
    struct api_token *list;
    size_t n;
    assert_int_equal(PW_OK, CTX_LOOK(f, token_list(c, id, &list, &n)));
    assert_int_equal(2, n);
    assert_sv(list[1].label, "dashboard");
    f->actor = ctxfix_staff(f, ctxfix_person(f, "Other"), NULL, 0);
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, token_revoke(c, list[1].id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, token_add(c, id, true, SV("mine"), &writes)));
    f->actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(f, token_revoke(c, list[1].id)));
    assert_int_equal(PW_NOT_FOUND, CTX_ACT(f, token_revoke(c, list[1].id)));
    assert_int_equal(PW_DENIED, CTX_LOOK(f, token_open(c, reads, &a)));
    static const char *const bad[] = {"", "pwt_", "pwt_00000000000000000000000000000000",
                                      "xxx_00000000000000000000000000000000"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(PW_DENIED, CTX_LOOK(f, token_open(c, sv_of(bad[i]), &a)));
}

/* No secret and no sign-in name in clear, and nothing in the log but codes. */
static void nothing_of_it_stands_in_clear(void **state)
{
    struct ctxfix *f = *state;
    int64_t amal = ctxfix_person(f, "Amal"), id = account(f, "canary.login", NULL), got = 0;
    struct sv link, code, token, api;
    f->now_ms += 1200 * DAY_MS;
    assert_int_equal(PW_OK, CTX_ACT(f, member_link_make(c, amal, &link, &code)));
    assert_int_equal(PW_OK, CTX_ACT(f, member_return(c, link, &token, &got)));
    assert_int_equal(PW_OK, CTX_ACT(f, token_add(c, id, true, SV("canary label"), &api)));
    struct sv staff = sign_in(f, SV("canary.login"), GOOD, SV(""));
    const struct sv secrets[] = {link, code, token, api, staff, GOOD, SV("canary.login"), SV("canary label")};
    static const char *const tables[] = {"account", "session", "member_link", "api_token", "login_attempt", "audit"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        struct db_stmt st = {"scan", arena_fmt(&f->arena, "SELECT * FROM %s", tables[i]).p, DB_SCAN_OK, "test"};
        struct db_stmt *kept = arena_new(&f->arena, struct db_stmt);
        struct db_rows r;
        *kept = st;
        assert_int_equal(PW_OK, CTX_LOOK(f, db_query(c->db, c->arena, kept, NULL, 0, &r)));
        for (size_t v = 0; v < r.n * r.cols; v++)
            for (size_t k = 0; k < sizeof secrets / sizeof secrets[0]; k++)
                if (r.v[v].kind == DB_TEXT || r.v[v].kind == DB_BLOB)
                    assert_int_equal(-1, sv_find(r.v[v].s, secrets[k]));
    }
}

int main(void)
{
    dbfix_engine();
    const struct CMUnitTest tests[] = {
        CORE_TEST(every_statement_is_well),
        CORE_TEST(weak_passwords_are_refused),
        CORE_TEST(an_account_is_made_once),
        CORE_TEST(known_and_unknown_names_are_refused_alike),
        CORE_TEST(ten_failures_lock_a_name_for_a_while),
        CORE_TEST(attempts_at_the_same_time_are_counted),
        CORE_TEST(a_password_changed_meanwhile_wins),
        CORE_TEST(codes_are_those_of_the_standard),
        CORE_TEST(the_second_factor_is_asked_and_works_once),
        CORE_TEST(a_session_ends_by_rest_and_by_age),
        CORE_TEST(an_ended_session_is_over_at_once),
        CORE_TEST(roles_follow_their_dates),
        CORE_TEST(members_come_back_by_link_or_code),
        CORE_TEST(guessing_codes_is_braked),
        CORE_TEST(tokens_read_or_write_and_never_administer),
        CORE_TEST(nothing_of_it_stands_in_clear),
    };
    return cmocka_run_group_tests_name("core account", tests, NULL, NULL);
}
