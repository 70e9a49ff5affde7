/* SPDX-License-Identifier: EUPL-1.2 */
/* The doors of the desk: who comes in where, signing in and out, the first start. Pages themselves are looked at by the
 * journeys. */
#include "unit/main/main_test.h"

#include "core/account.h"
#include "core/org.h"
#include "core/people.h"
#include "feature/desk/desk.h"
#include "unit/http/testhost.h"

static struct reply reply;

static int set_up(void **state)
{
    struct installation *in = calloc(1, sizeof *in);
    installation_open(in);
    installation_serve(in, desk_routes);
    *state = in;
    return 0;
}

/* ---- a browser with two cookies ---- */

struct visitor {
    struct installation *in;
    char form[64], session[128]; /* cookie values, "" when there is none */
    char csrf[128];
};

static void keep_cookie(const char *name, char *out, size_t size)
{
    char begin[64];
    size_t n = (size_t)snprintf(begin, sizeof begin, "Set-Cookie: %s=", name);
    const char *p = strcasestr(reply.head, begin);
    if (p)
        (void)snprintf(out, size, "%.*s", (int)strcspn(p + n, ";\r"), p + n);
}

static void keep(struct visitor *v)
{
    keep_cookie("pwform", v->form, sizeof v->form);
    keep_cookie("pw", v->session, sizeof v->session);
    static const char mark[] = "name=\"_csrf\" value=\"";
    const char *p = strstr(reply.body, mark);
    if (p)
        (void)snprintf(v->csrf, sizeof v->csrf, "%.*s", (int)strcspn(p + sizeof mark - 1, "\""), p + sizeof mark - 1);
}

static void send_one(struct visitor *v, const char *method, const char *path, const char *body)
{
    char text[4096];
    int n = snprintf(text, sizeof text,
                     "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Language: en\r\nCookie: pwform=%s; "
                     "pw=%s\r\n%sContent-Length: %zu\r\n\r\n%s",
                     method, path, v->form, v->session,
                     *body ? "Content-Type: application/x-www-form-urlencoded\r\n" : "", strlen(body), body);
    assert_true(n > 0 && (size_t)n < sizeof text);
    client_ask(v->in->app.http, text, &reply);
    keep(v);
}

static void visit(struct visitor *v, const char *path)
{
    char text[1024];
    (void)snprintf(text, sizeof text,
                   "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAccept-Language: en\r\nCookie: pwform=%s; "
                   "pw=%s\r\n\r\n",
                   path, v->form, v->session);
    client_ask(v->in->app.http, text, &reply);
    keep(v);
}

static void submit(struct visitor *v, const char *path, const char *fields)
{
    char body[2048];
    (void)snprintf(body, sizeof body, "%s%s_csrf=%s", fields, *fields ? "&" : "", v->csrf);
    send_one(v, "POST", path, body);
}

static struct visitor signed_in(struct installation *in, const char *login)
{
    struct visitor v = {.in = in};
    struct sv token = installation_session(in, login);
    (void)snprintf(v.session, sizeof v.session, "%.*s", SV_ARG(token));
    return v;
}

static const char *location(char out[512])
{
    return reply_header(&reply, "Location", out, 512);
}

/* ---- who comes in where ---- */

static bool has_piece(const struct route *r)
{
    return strchr(r->path, '{') != NULL;
}

/* Without a session a page leads to the sign-in form, with a session and without the right it does not exist. */
static void each_page_asks_for_its_right(void **state)
{
    struct installation *in = *state;
    int64_t person, grant = 0;
    char to[512];
    (void)installation_account(in, "sofia", ROLE_EVALUATOR, &person);
    (void)installation_account(in, "nadia", ROLE_NETWORK_ADMIN, &person);
    struct grant g = {.person_id = person, .role = ROLE_PRIVACY_OFFICER, .scope = SCOPE_NETWORK};
    in->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&in->f, grant_give(c, &g, &grant)));
    struct visitor nobody = {.in = in}, evaluator = signed_in(in, "sofia"), admin = signed_in(in, "nadia");
    int looked = 0;
    for (const struct route *r = desk_routes; r->path; r++) {
        if (r->method != HTTP_GET || has_piece(r) || r->right == RIGHT_ANYONE)
            continue;
        looked++;
        visit(&nobody, r->path);
        if (reply.status != 303 || strncmp(location(to), "/sign-in?to=", 12) != 0)
            fail_msg("%s answers nobody with %d %s", r->path, reply.status, to);
        bool staff_only = r->right == RIGHT_PERSON || r->right == RIGHT_STAFF;
        visit(&evaluator, r->path);
        if (reply.status != (staff_only ? 200 : 404))
            fail_msg("%s answers an evaluator with %d", r->path, reply.status);
        visit(&admin, r->path);
        if (reply.status != 200)
            fail_msg("%s answers the administrator with %d", r->path, reply.status);
    }
    assert_true(looked >= 7);
}

static void no_form_works_without_its_token(void **state)
{
    struct installation *in = *state;
    int64_t person;
    (void)installation_account(in, "nadia", ROLE_NETWORK_ADMIN, &person);
    struct visitor admin = signed_in(in, "nadia"), nobody = {.in = in};
    for (const struct route *r = desk_routes; r->path; r++) {
        if (r->method != HTTP_POST || has_piece(r))
            continue;
        send_one(&admin, "POST", r->path, "login=x&_csrf=0000");
        if (reply.status != 403 && reply.status != 404)
            fail_msg("%s answers a foreign form with %d", r->path, reply.status);
        send_one(&nobody, "POST", r->path, "login=x");
        if (reply.status != 403 && reply.status != 404)
            fail_msg("%s answers nobody's form with %d", r->path, reply.status);
    }
    visit(&admin, "/me"); /* and nobody was signed out by it */
    assert_int_equal(reply.status, 200);
}

static void the_rows_of_others_are_not_there(void **state)
{
    struct installation *in = *state;
    int64_t person;
    (void)installation_account(in, "nadia", ROLE_NETWORK_ADMIN, &person);
    struct visitor admin = signed_in(in, "nadia");
    visit(&admin, "/people/0000000000001");
    assert_int_equal(reply.status, 404);
    visit(&admin, "/me");
    static const char *const posts[] = {"/me/sessions/0000000000001/end", "/people/0000000000001/disable",
                                        "/people/0000000000001/reset"};
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        submit(&admin, posts[i], "");
        assert_int_equal(reply.status, 404);
    }
}

/* ---- signing in and out ---- */

#define PASSWORD "password=a+long+enough+password+7"

static void signing_in_leads_to_a_path_of_ours(void **state)
{
    struct installation *in = *state;
    int64_t person;
    char to[512];
    (void)installation_account(in, "luc", ROLE_NETWORK_ADMIN, &person);
    static const char *const paths[] = {"%2Fpeople",
                                        "",
                                        "https%3A%2F%2Fevil.example",
                                        "%2F%2Fevil.example",
                                        "%2F%5Cevil.example",
                                        "javascript%3Aalert(1)"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct visitor v = {.in = in};
        char fields[512];
        visit(&v, "/sign-in");
        assert_int_equal(reply.status, 200);
        (void)snprintf(fields, sizeof fields, "login=Luc&" PASSWORD "&to=%s", paths[i]);
        submit(&v, "/sign-in", fields);
        assert_int_equal(reply.status, 303);
        (void)location(to);
        if (i == 0)
            assert_string_equal(to, "/people");
        else if (to[0] != '/' || to[1] == '/' || to[1] == '\\' || strstr(to, "evil"))
            fail_msg("\"%s\" leads to %s", paths[i], to);
        assert_true(strlen(v.session) >= 22); /* 128 bits or more */
        visit(&v, "/me");
        assert_int_equal(reply.status, 200);
    }
}

static void body_without_login(char *out, size_t size, const char *login)
{
    size_t k = 0, n = strlen(login);
    for (const char *p = reply.body; *p && k + 1 < size;) {
        if (strncmp(p, login, n) == 0)
            p += n;
        else
            out[k++] = *p++;
    }
    out[k] = 0;
}

static void a_wrong_password_and_an_unknown_name_look_alike(void **state)
{
    struct installation *in = *state;
    int64_t person;
    static char known[65536], unknown[65536];
    (void)installation_account(in, "luc", ROLE_NETWORK_ADMIN, &person);
    struct visitor v = {.in = in};
    visit(&v, "/sign-in");
    submit(&v, "/sign-in", "login=luc&password=not+this+one");
    int status = reply.status;
    assert_int_equal(status, 422);
    assert_string_equal(v.session, "");
    assert_null(strstr(reply.body, "not this one"));
    body_without_login(known, sizeof known, "luc");
    submit(&v, "/sign-in", "login=zoe&password=not+this+one");
    assert_int_equal(reply.status, status);
    body_without_login(unknown, sizeof unknown, "zoe");
    assert_string_equal(known, unknown);
}

static void signing_out_and_quick_exit_end_the_session(void **state)
{
    struct installation *in = *state;
    int64_t person;
    char old[128], clear[128];
    (void)installation_account(in, "luc", ROLE_NETWORK_ADMIN, &person);
    static const char *const ways[] = {"/sign-out", "/exit"};
    for (size_t i = 0; i < 2; i++) {
        struct visitor v = signed_in(in, "luc");
        (void)snprintf(old, sizeof old, "%s", v.session);
        visit(&v, "/me");
        submit(&v, ways[i], "");
        assert_true(reply.status == 303 || reply.status == 200);
        assert_non_null(strstr(reply_header(&reply, "Clear-Site-Data", clear, sizeof clear), "storage"));
        assert_string_equal(v.session, "");
        (void)snprintf(v.session, sizeof v.session, "%s", old); /* who kept the cookie has nothing */
        visit(&v, "/me");
        assert_int_equal(reply.status, 303);
    }
}

static void a_new_password_ends_what_the_old_one_opened(void **state)
{
    struct installation *in = *state;
    int64_t person;
    (void)installation_account(in, "luc", ROLE_NETWORK_ADMIN, &person);
    struct visitor here = signed_in(in, "luc"), elsewhere = signed_in(in, "luc");
    visit(&here, "/me/password");
    submit(&here, "/me/password", "old=wrong+password+1&new=another+long+one+8&again=another+long+one+8");
    assert_int_equal(reply.status, 422);
    submit(&here, "/me/password", "old=a+long+enough+password+7&new=another+long+one+8&again=another+long+one+9");
    assert_int_equal(reply.status, 422);
    submit(&here, "/me/password", "old=a+long+enough+password+7&new=short&again=short");
    assert_int_equal(reply.status, 422);
    assert_null(strstr(reply.body, "value=\"short\"")); /* secrets are never echoed */
    visit(&elsewhere, "/me");
    assert_int_equal(reply.status, 200);
    submit(&here, "/me/password", "old=a+long+enough+password+7&new=another+long+one+8&again=another+long+one+8");
    assert_int_equal(reply.status, 303);
    visit(&elsewhere, "/me");
    assert_int_equal(reply.status, 303);
    struct visitor v = {.in = in};
    visit(&v, "/sign-in");
    submit(&v, "/sign-in", "login=luc&" PASSWORD);
    assert_int_equal(reply.status, 422);
    submit(&v, "/sign-in", "login=luc&password=another+long+one+8");
    assert_int_equal(reply.status, 303);
}

/* ---- the first start ---- */

#define FIRST "network=Reseau&org=Centre&kind=agency&name=Nadia&login=nadia&" PASSWORD "&again=a+long+enough+password+7"

static size_t accounts(struct installation *in)
{
    struct account *v;
    size_t n = 99;
    in->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_LOOK(&in->f, account_list(c, &v, &n)));
    return n;
}

static void the_first_start_needs_the_printed_code_and_comes_once(void **state)
{
    struct installation *in = *state;
    struct visitor v = {.in = in};
    char fields[1024], to[512];
    struct sv code = {0};
    visit(&v, "/setup");
    assert_int_equal(reply.status, 200);
    submit(&v, "/setup", "code=12345678&" FIRST);
    assert_int_equal(reply.status, 422);
    submit(&v, "/setup", "code=&" FIRST);
    assert_int_equal(reply.status, 422);
    assert_int_equal(accounts(in), 0);
    assert_int_equal(PW_OK, CTX_LOOK(&in->f, (code = desk_setup_code(c), code.n == 12 ? PW_OK : PW_INTERNAL)));
    (void)snprintf(fields, sizeof fields, "code=%.*s&" FIRST, SV_ARG(code));
    submit(&v, "/setup", fields);
    assert_int_equal(reply.status, 303);
    assert_string_equal(location(to), "/sign-in?to=/communities"); /* the next step, not an empty inbox */
    assert_int_equal(accounts(in), 1);
    visit(&v, "/setup");
    assert_int_equal(reply.status, 404);
    submit(&v, "/setup", fields);
    assert_int_equal(reply.status, 404);
    visit(&v, "/sign-in");
    submit(&v, "/sign-in", "login=nadia&" PASSWORD);
    assert_int_equal(reply.status, 303);
    visit(&v, "/people");
    assert_int_equal(reply.status, 200);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, installation_tear_down)
int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        TEST(each_page_asks_for_its_right),
        TEST(no_form_works_without_its_token),
        TEST(the_rows_of_others_are_not_there),
        TEST(signing_in_leads_to_a_path_of_ours),
        TEST(a_wrong_password_and_an_unknown_name_look_alike),
        TEST(signing_out_and_quick_exit_end_the_session),
        TEST(a_new_password_ends_what_the_old_one_opened),
        TEST(the_first_start_needs_the_printed_code_and_comes_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
