/* SPDX-License-Identifier: EUPL-1.2 */
/* Who asks, form tokens, languages, sentences kept over a redirect, and calls that may be repeated: a real server with
 * routes of the test itself behind main's wire. */
#include "unit/main/main_test.h"

#include <pthread.h>

#include "core/account.h"
#include "main/wire.h"
#include "ui/web.h"
#include "unit/http/testhost.h"
#include "json/json.h"

#define SAVED "Saved answers" /* a sentence that the catalogues know */

static struct reply reply;

/* ---- routes ---- */

static enum pw_err who(struct http_req *q, struct http_res *r)
{
    const struct actor *a = q->ctx->actor;
    r->type = SV("text/plain");
    buf_fmt(&r->body, "kind=%d name=%.*s lang=%.*s flash=%.*s nav=%zu csrf=%.*s", (int)a->kind, SV_ARG(a->name),
            SV_ARG(q->ctx->lang), SV_ARG(q->page->flash), q->page->n_nav, SV_ARG(q->page->csrf));
    return PW_OK;
}

/* Not registered with DB_STMT: the table is of this test alone. */
static const struct db_stmt tally_add = {"test_tally_add", "INSERT INTO tally (at) VALUES ($1)", 0, NULL};
static const struct db_stmt tally_count = {"test_tally_count", "SELECT COUNT(*) FROM tally", DB_SCAN_OK, "test"};
static const struct db_stmt kept_bodies = {"test_kept_bodies", "SELECT body FROM idempotency", DB_SCAN_OK, "test"};

static enum pw_err add_one(struct ctx *c)
{
    return db_exec(c->db, &tally_add, DB_ARGS(DB_I(c->now_ms)), NULL);
}

static enum pw_err count(struct ctx *c, int64_t *ret)
{
    struct db_rows rows;
    PW_TRY(db_one(c->db, c->arena, &tally_count, DB_NOARGS, &rows));
    *ret = db_int(&rows, 0, 0);
    return PW_OK;
}

static enum pw_err change(struct http_req *q, struct http_res *r)
{
    (void)r;
    return add_one(q->ctx);
}

static enum pw_err api_add(struct http_req *q, struct http_res *r)
{
    PW_TRY(add_one(q->ctx));
    if (sv_eq_z(http_text(q, "text"), "refuse"))
        return problem_add(&q->problems, "text", "Not this.");
    int64_t n;
    PW_TRY(count(q->ctx, &n));
    r->status = 201;
    struct json_w w;
    json_w_init(&w, &r->body);
    json_w_object(&w);
    json_w_kv_int(&w, "n", n);
    json_w_kv_sv(&w, "text", http_text(q, "text"));
    json_w_end(&w);
    return PW_OK;
}

static const struct field text_field[] = {{"text", FIELD_TEXT, 0, 0, 80, NULL, "Any text."}, {0}};
static const struct route routes[] = {
    {HTTP_GET, "/who", RIGHT_ANYONE, who, NULL, "Says who asks."},
    {HTTP_GET, "/mine", RIGHT_PERSON, who, NULL, "For a person."},
    {HTTP_GET, "/c/{s}/mine", RIGHT_PERSON, who, NULL, "For a member."},
    {HTTP_GET, "/admin", RIGHT_ADMIN, who, NULL, "For the administrator."},
    {HTTP_POST, "/open", RIGHT_ANYONE, change, text_field, "A form of anybody."},
    {HTTP_POST, "/change", RIGHT_PERSON, change, text_field, "A form of a person."},
    {HTTP_GET, "/api/v1/who", RIGHT_API_READ, who, NULL, "Says who asks.", ROUTE_API, NULL, "Who"},
    {HTTP_POST, "/api/v1/add", RIGHT_API_WRITE, api_add, text_field, "Adds one.", ROUTE_API, NULL, "Sum"},
    {HTTP_POST, "/api/v1/more", RIGHT_API_WRITE, api_add, text_field, "Adds one.", ROUTE_API, NULL, "Sum"},
    {0}};

static int set_up(void **state)
{
    struct installation *in = calloc(1, sizeof *in);
    installation_open(in);
    dbfix_schema(&in->f.db, "CREATE TABLE tally (at INTEGER NOT NULL)");
    installation_serve(in, routes);
    *state = in;
    return 0;
}

/* ---- asking ---- */

static void ask(struct installation *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void ask(struct installation *in, const char *fmt, ...)
{
    char text[4096];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    assert_true(n > 0 && (size_t)n < sizeof text);
    client_ask(in->app.http, text, &reply);
}

#define HOST " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

static void get(struct installation *in, const char *path, const char *headers)
{
    ask(in, "GET %s" HOST "%s\r\n", path, headers);
}

static void post(struct installation *in, const char *path, const char *headers, const char *body)
{
    ask(in,
        "POST %s" HOST "%sContent-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        path, headers, strlen(body), body);
}

static void call_api(struct installation *in, const char *path, struct sv token, const char *key, const char *json)
{
    ask(in,
        "POST %s" HOST "Authorization: Bearer %.*s\r\n%s%s%sContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        path, SV_ARG(token), key ? "Idempotency-Key: " : "", key ? key : "", key ? "\r\n" : "", strlen(json), json);
}

static void assert_says(const char *part)
{
    if (!strstr(reply.body, part))
        fail_msg("%d without \"%s\": %s", reply.status, part, reply.body);
}

/* The value that the answer sets a cookie to; "" when it does not. */
static const char *cookie_set(const char *name, char out[256])
{
    char begin[64];
    size_t n = (size_t)snprintf(begin, sizeof begin, "Set-Cookie: %s=", name);
    out[0] = 0;
    for (const char *p = reply.head; (p = strcasestr(p, begin)) != NULL; p += n)
        (void)snprintf(out, 256, "%.*s", (int)strcspn(p + n, "\r"), p + n);
    return out;
}

static const char *csrf_said(char out[128])
{
    const char *p = strstr(reply.body, "csrf=");
    assert_non_null(p);
    (void)snprintf(out, 128, "%s", p + 5);
    return out;
}

static int64_t tally(struct installation *in)
{
    int64_t n = -1;
    assert_int_equal(PW_OK, CTX_LOOK(&in->f, count(c, &n)));
    return n;
}

static struct sv token_of(struct installation *in, int64_t account, bool write)
{
    struct sv token = {0};
    in->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&in->f, token_add(c, account, write, SV("test"), &token)));
    return token;
}

/* ---- who asks ---- */

static void nobody_is_anonymous(void **state)
{
    struct installation *in = *state;
    static const char *const cookies[] = {"", "Cookie: pw=\r\n", "Cookie: pw=0000000000000000000000000000000000\r\n",
                                          "Cookie: pw=' OR 1=1 --\r\n"};
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++) {
        get(in, "/who", cookies[i]);
        assert_int_equal(reply.status, 200);
        assert_says("kind=0 name= lang=fr");
        assert_says("nav=0");
    }
}

static void a_session_is_its_person(void **state)
{
    struct installation *in = *state;
    int64_t person;
    char cookie[256];
    (void)installation_account(in, "nadia", ROLE_NETWORK_ADMIN, &person);
    struct sv token = installation_session(in, "nadia");
    (void)snprintf(cookie, sizeof cookie, "Cookie: a=b; pw=%.*s\r\n", SV_ARG(token));
    get(in, "/who", cookie);
    assert_int_equal(reply.status, 200);
    assert_says("name=nadia");
    assert_non_null(strstr(reply.body, "nav="));
    assert_null(strstr(reply.body, "nav=0")); /* the desk's places */
    get(in, "/admin", cookie);
    assert_int_equal(reply.status, 200);
    in->f.actor = &actor_system;
    struct account a;
    assert_int_equal(PW_OK, CTX_LOOK(&in->f, account_by_login(c, SV("nadia"), &a)));
    assert_int_equal(PW_OK, CTX_ACT(&in->f, account_set_disabled(c, a.id, true)));
    get(in, "/who", cookie);
    assert_says("kind=0"); /* ended at once */
}

static void a_page_without_the_right_is_not_there(void **state)
{
    struct installation *in = *state;
    char where[256], cookie[256];
    get(in, "/mine?x=1", "");
    assert_int_equal(reply.status, 303);
    assert_string_equal(reply_header(&reply, "Location", where, sizeof where), "/sign-in?to=%2Fmine");
    get(in, "/c/ottawa-ar/mine", ""); /* members have no password */
    assert_int_equal(reply.status, 303);
    assert_string_equal(reply_header(&reply, "Location", where, sizeof where), "/back");
    int64_t person;
    (void)installation_account(in, "sofia", ROLE_EVALUATOR, &person);
    (void)snprintf(cookie, sizeof cookie, "Cookie: pw=%.*s\r\n", SV_ARG(installation_session(in, "sofia")));
    get(in, "/admin", cookie);
    int refused = reply.status;
    assert_int_equal(refused, 404);
    get(in, "/no-such-page", cookie);
    assert_int_equal(reply.status, refused); /* looks the same */
}

static void a_password_of_another_opens_only_the_form_for_a_new_one(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "joan", ROLE_NETWORK_ADMIN, &person);
    char cookie[256], where[256], csrf[128], body[400];
    (void)snprintf(cookie, sizeof cookie, "Cookie: pw=%.*s\r\n", SV_ARG(installation_session(in, "joan")));
    in->f.actor = &actor_system;
    assert_int_equal(PW_OK, CTX_ACT(&in->f, account_require_change(c, account)));
    get(in, "/admin", cookie);
    assert_int_equal(reply.status, 303);
    assert_string_equal(reply_header(&reply, "Location", where, sizeof where), "/me/password");
    get(in, "/mine", cookie);
    assert_int_equal(reply.status, 303);
    get(in, "/api/v1/who", cookie);
    assert_int_equal(reply.status, 401);
    get(in, "/who", cookie); /* what anybody may see */
    assert_int_equal(reply.status, 200);
    (void)snprintf(body, sizeof body, "text=a&_csrf=%s", csrf_said(csrf));
    post(in, "/change", cookie, body);
    assert_int_equal(reply.status, 404);
    assert_int_equal(tally(in), 0);
}

static void a_bearer_token_opens_the_api_only(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "robot", ROLE_NETWORK_ADMIN, &person);
    struct sv writer = token_of(in, account, true), reader = token_of(in, account, false);
    char header[256];
    (void)snprintf(header, sizeof header, "Authorization: Bearer %.*s\r\n", SV_ARG(reader));
    get(in, "/api/v1/who", header);
    assert_int_equal(reply.status, 200);
    assert_says("kind=3");
    get(in, "/who", header);
    assert_says("kind=0"); /* a page does not read it */
    get(in, "/api/v1/who", "Authorization: Bearer pwt_00000000000000000000000000000000\r\n");
    assert_int_equal(reply.status, 401);
    get(in, "/api/v1/who", "");
    assert_int_equal(reply.status, 401);
    get(in, "/api/v1/who", "Authorization: Basic cm9ib3Q6eA==\r\n");
    assert_int_equal(reply.status, 401);
    call_api(in, "/api/v1/add", reader, NULL, "{}"); /* may not write */
    assert_int_equal(reply.status, 404);
    assert_int_equal(tally(in), 0);
    call_api(in, "/api/v1/add", writer, NULL,
             "{\"text\":\"a\"}"); /* no form token needed: no browser adds the header */
    assert_int_equal(reply.status, 201);
    assert_int_equal(tally(in), 1);
}

/* ---- form tokens ---- */

static void a_form_without_a_session_needs_its_own_cookie(void **state)
{
    struct installation *in = *state;
    char pwform[256], csrf[128], header[400], body[400];
    get(in, "/who", "");
    assert_int_equal(strcspn(cookie_set("pwform", pwform), ";"), 32);
    assert_non_null(strcasestr(pwform, "HttpOnly"));
    assert_non_null(strcasestr(pwform, "SameSite"));
    pwform[32] = 0;
    (void)snprintf(body, sizeof body, "text=a&_csrf=%s", csrf_said(csrf));
    (void)snprintf(header, sizeof header, "Cookie: pwform=%s\r\n", pwform);
    post(in, "/open", header, body);
    assert_int_equal(reply.status, 200);
    assert_int_equal(tally(in), 1);
    get(in, "/who", header); /* the cookie stays, and so does the token */
    char again[128];
    assert_string_equal(csrf_said(again), csrf);
    assert_string_equal(cookie_set("pwform", pwform), "");

    post(in, "/open", "", body); /* the token without the cookie */
    assert_int_equal(reply.status, 403);
    post(in, "/open", header, "text=a"); /* the cookie without the token */
    assert_int_equal(reply.status, 403);
    post(in, "/open", header, "text=a&_csrf=");
    assert_int_equal(reply.status, 403);
    post(in, "/open", "Cookie: pwform=00000000000000000000000000000000\r\n", body); /* another's cookie */
    assert_int_equal(reply.status, 403);
    post(in, "/open", "Cookie: pwform=\r\n", "text=a&_csrf=");
    assert_int_equal(reply.status, 403);
    assert_int_equal(tally(in), 1);
}

static void a_form_of_a_session_needs_the_sessions_token(void **state)
{
    struct installation *in = *state;
    int64_t person;
    char cookie[400], other_cookie[400], csrf[128], body[400];
    (void)installation_account(in, "luc", ROLE_NETWORK_ADMIN, &person);
    struct sv one = installation_session(in, "luc"), two = installation_session(in, "luc");
    (void)snprintf(cookie, sizeof cookie, "Cookie: pw=%.*s\r\n", SV_ARG(one));
    (void)snprintf(other_cookie, sizeof other_cookie, "Cookie: pw=%.*s\r\n", SV_ARG(two));
    get(in, "/who", cookie);
    (void)snprintf(body, sizeof body, "text=a&_csrf=%s", csrf_said(csrf));
    post(in, "/change", cookie, body);
    assert_int_equal(reply.status, 200);
    post(in, "/change", other_cookie, body); /* of another session of the same person */
    assert_int_equal(reply.status, 403);
    post(in, "/change", cookie, "text=a");
    assert_int_equal(reply.status, 403);
    /* The token of the form cookie is no use once there is a session: a page elsewhere could plant that cookie. */
    static const char planted[] = "Cookie: pwform=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    get(in, "/who", planted);
    (void)snprintf(body, sizeof body, "text=a&_csrf=%s", csrf_said(csrf));
    (void)snprintf(cookie, sizeof cookie, "Cookie: pwform=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; pw=%.*s\r\n", SV_ARG(one));
    post(in, "/change", cookie, body);
    assert_int_equal(reply.status, 403);
    /* The API answers a session too, and then a form token is needed. */
    ask(in, "POST /api/v1/add" HOST "%sContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", cookie);
    assert_int_equal(reply.status, 403);
    assert_int_equal(tally(in), 1);
}

/* ---- language and sentence ---- */

/* LANG-1 */
static void the_language_is_asked_kept_or_negotiated(void **state)
{
    struct installation *in = *state;
    char lang[256];
    get(in, "/who", "");
    assert_says("lang=fr");
    get(in, "/who", "Accept-Language: ar;q=0.9, en-CA;q=0.3\r\n");
    assert_says("lang=ar");
    get(in, "/who", "Cookie: lang=en\r\nAccept-Language: ar\r\n");
    assert_says("lang=en");
    get(in, "/who?a=1&lang=ar", "Cookie: lang=en\r\n");
    assert_says("lang=ar");
    assert_memory_equal(cookie_set("lang", lang), "ar", 2);
    static const char *const odd[] = {"/who?lang=xx", "/who?lang=", "/who?lang=..%2F..%2Fetc",
                                      "/who?lang=frfrfrfrfrfr"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        get(in, odd[i], "Cookie: lang=en\r\n");
        assert_says("lang=en");
        assert_string_equal(cookie_set("lang", lang), "");
    }
    get(in, "/who", "Cookie: lang=zz\r\n");
    assert_says("lang=fr");
}

static void only_sentences_of_ours_are_shown(void **state)
{
    struct installation *in = *state;
    char flash[256];
    get(in, "/who", "Cookie: flash=Saved%20answers\r\n");
    assert_says("flash=" SAVED " ");
    assert_non_null(strcasestr(cookie_set("flash", flash), "Max-Age=0")); /* once */
    static const char *const odd[] = {"Cookie: flash=Call%20613-555-0100%20now\r\n",
                                      "Cookie: flash=%3Cscript%3Ealert(1)%3C%2Fscript%3E\r\n",
                                      "Cookie: flash=%\r\n",
                                      "Cookie: flash=%2\r\n",
                                      "Cookie: flash=%zz%00%ff\r\n",
                                      "Cookie: flash=Saved%20answers%00more\r\n",
                                      "Cookie: flash=\r\n"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        get(in, "/who", odd[i]);
        assert_int_equal(reply.status, 200);
        if (!strstr(reply.body, "flash= "))
            fail_msg("%s was shown: %s", odd[i], reply.body);
    }
}

/* ---- calls that may be repeated ---- */

static void the_same_key_acts_once(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "robot", ROLE_NETWORK_ADMIN, &person);
    struct sv token = token_of(in, account, true);
    char first[256], replay[64];
    call_api(in, "/api/v1/add", token, "k-1", "{\"text\":\"Amal\"}");
    assert_int_equal(reply.status, 201);
    assert_string_equal(reply_header(&reply, "Idempotent-Replay", replay, sizeof replay), "");
    (void)snprintf(first, sizeof first, "%s", reply.body);
    for (int i = 0; i < 3; i++) {
        call_api(in, "/api/v1/add", token, "k-1", "{\"text\":\"Amal\"}");
        assert_int_equal(reply.status, 201);
        assert_string_equal(reply.body, first);
        assert_string_equal(reply_header(&reply, "Idempotent-Replay", replay, sizeof replay), "true");
    }
    assert_int_equal(tally(in), 1);
    call_api(in, "/api/v1/add", token, "k-2", "{\"text\":\"Amal\"}");
    assert_int_equal(tally(in), 2);
    call_api(in, "/api/v1/add", token, NULL, "{\"text\":\"Amal\"}");
    call_api(in, "/api/v1/add", token, NULL, "{\"text\":\"Amal\"}");
    assert_int_equal(tally(in), 4);
    /* The kept answer holds people's words, so it is sealed. */
    struct db_rows rows;
    assert_int_equal(PW_OK, CTX_LOOK(&in->f, db_query(c->db, c->arena, &kept_bodies, DB_NOARGS, &rows)));
    assert_int_equal(rows.n, 2);
    for (size_t i = 0; i < rows.n; i++) {
        struct sv body = db_text(&rows, i, 0);
        assert_true(body.n > 20);
        assert_null(memmem(body.p, body.n, "Amal", 4));
    }
}

static void a_key_used_for_something_else_is_refused(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "robot", ROLE_NETWORK_ADMIN, &person);
    struct sv token = token_of(in, account, true);
    call_api(in, "/api/v1/add", token, "k", "{\"text\":\"a\"}");
    call_api(in, "/api/v1/add", token, "k", "{\"text\":\"b\"}");
    assert_int_equal(reply.status, 422);
    assert_says("\"field\":\"Idempotency-Key\"");
    call_api(in, "/api/v1/more", token, "k", "{\"text\":\"a\"}");
    assert_int_equal(reply.status, 422);
    char longer[202];
    memset(longer, 'k', 201);
    longer[201] = 0;
    call_api(in, "/api/v1/add", token, longer, "{\"text\":\"a\"}");
    assert_int_equal(reply.status, 422);
    assert_int_equal(tally(in), 1);
    longer[200] = 0;
    call_api(in, "/api/v1/add", token, longer, "{\"text\":\"a\"}");
    assert_int_equal(reply.status, 201);
    /* Another caller's key is another key. */
    int64_t other = installation_account(in, "other", ROLE_NETWORK_ADMIN, &person);
    call_api(in, "/api/v1/add", token_of(in, other, true), "k", "{\"text\":\"a\"}");
    assert_int_equal(reply.status, 201);
    assert_int_equal(tally(in), 3);
}

static void a_refused_call_is_not_kept(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "robot", ROLE_NETWORK_ADMIN, &person);
    struct sv token = token_of(in, account, true);
    char kept[64];
    for (int i = 0; i < 2; i++) {
        call_api(in, "/api/v1/add", token, "k", "{\"text\":\"refuse\"}");
        assert_int_equal(reply.status, 422);
        assert_says("\"field\":\"text\"");
        assert_string_equal(reply_header(&reply, "Idempotent-Replay", kept, sizeof kept), "");
    }
    assert_int_equal(tally(in), 0); /* and undone */
    call_api(in, "/api/v1/add", token, "k", "{\"text\":\"mended\"}");
    assert_int_equal(reply.status, 201);
}

static void keys_are_forgotten_after_a_day(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "robot", ROLE_NETWORK_ADMIN, &person);
    struct sv token = token_of(in, account, true);
    call_api(in, "/api/v1/add", token, "k", "{\"text\":\"a\"}");
    in->f.actor = &actor_system;
    in->f.now_ms += INT64_C(23) * 3600 * 1000;
    assert_int_equal(PW_OK, CTX_ACT(&in->f, wire_forget_old(c)));
    call_api(in, "/api/v1/add", token, "k", "{\"text\":\"a\"}");
    assert_int_equal(tally(in), 1);
    in->f.now_ms += INT64_C(2) * 3600 * 1000;
    assert_int_equal(PW_OK, CTX_ACT(&in->f, wire_forget_old(c)));
    call_api(in, "/api/v1/add", token, "k", "{\"text\":\"a\"}");
    assert_int_equal(tally(in), 2);
}

enum { CALLERS = 8 };
struct caller {
    pthread_t thread;
    const struct httpd *http;
    const char *text;
    struct reply reply;
};

static void *call_now(void *arg)
{
    struct caller *k = arg;
    client_ask(k->http, k->text, &k->reply);
    return NULL;
}

static void the_same_key_at_the_same_time_acts_once(void **state)
{
    struct installation *in = *state;
    int64_t person, account = installation_account(in, "robot", ROLE_NETWORK_ADMIN, &person);
    char text[1024];
    static const char body[] = "{\"text\":\"a\"}";
    (void)snprintf(text, sizeof text,
                   "POST /api/v1/add" HOST "Authorization: Bearer %.*s\r\nIdempotency-Key: k\r\n"
                   "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                   SV_ARG(token_of(in, account, true)), sizeof body - 1, body);
    struct caller *k = calloc(CALLERS, sizeof *k);
    for (int i = 0; i < CALLERS; i++) {
        k[i].http = in->app.http;
        k[i].text = text;
        assert_int_equal(0, pthread_create(&k[i].thread, NULL, call_now, &k[i]));
    }
    int done = 0;
    for (int i = 0; i < CALLERS; i++) {
        pthread_join(k[i].thread, NULL);
        done += k[i].reply.status == 201;
        if (k[i].reply.status != 201)
            fail_msg("answered with %d: %s", k[i].reply.status, k[i].reply.body);
    }
    free(k);
    assert_int_equal(done, CALLERS); /* all hear the same */
    assert_int_equal(tally(in), 1);
    client_ask(in->app.http, text, &reply); /* who was sent away asks again and hears the same */
    assert_int_equal(reply.status, 201);
    assert_says("\"n\":1");
    assert_int_equal(tally(in), 1);
}

/* ---- errors ---- */

static void errors_for_people_and_for_machines(void **state)
{
    struct installation *in = *state;
    char type[128];
    get(in, "/no-such-page?lang=en", "");
    assert_int_equal(reply.status, 404);
    assert_string_equal(reply_header(&reply, "Content-Type", type, sizeof type), "text/html; charset=utf-8");
    assert_says("<html lang=\"en\"");
    get(in, "/api/v1/no-such-thing", "");
    assert_int_equal(reply.status, 404);
    assert_string_equal(reply_header(&reply, "Content-Type", type, sizeof type), "application/problem+json");
    assert_says("\"status\":404");
    get(in, "/api/v1/who", "");
    assert_int_equal(reply.status, 401);
    assert_says("\"status\":401");
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, installation_tear_down)
int main(void)
{
    (void)dbfix_engine();
    const struct CMUnitTest tests[] = {
        TEST(nobody_is_anonymous),
        TEST(a_session_is_its_person),
        TEST(a_page_without_the_right_is_not_there),
        TEST(a_password_of_another_opens_only_the_form_for_a_new_one),
        TEST(a_bearer_token_opens_the_api_only),
        TEST(a_form_without_a_session_needs_its_own_cookie),
        TEST(a_form_of_a_session_needs_the_sessions_token),
        TEST(the_language_is_asked_kept_or_negotiated),
        TEST(only_sentences_of_ours_are_shown),
        TEST(the_same_key_acts_once),
        TEST(a_key_used_for_something_else_is_refused),
        TEST(a_refused_call_is_not_kept),
        TEST(keys_are_forgotten_after_a_day),
        TEST(the_same_key_at_the_same_time_acts_once),
        TEST(errors_for_people_and_for_machines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
