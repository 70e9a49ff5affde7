/* SPDX-License-Identifier: EUPL-1.2 */
#include "wire.h"

#include <sodium.h>
#include <string.h>

#include "base/id.h"
#include "core/account.h"
#include "core/notify.h"
#include "http/http.h"
#include "main/errorpage.h"
#include "main/navigation.h"
#include "ui/web.h"
#include "work/work.h"

#define FORM_COOKIE "pwform"
#define PASSWORD_PATH "/me/password"
enum { FORM_COOKIE_CHARS = 32, TOUCH_MS = 60 * 1000, FORM_COOKIE_S = 24 * 60 * 60, LANG_COOKIE_S = 365 * 24 * 60 * 60 };

/* All that main/ keeps about one request. ctx comes first: q->ctx is a pointer to it. */
struct exchange {
    struct ctx ctx;
    struct app *app;
    struct actor actor;
    struct session session; /* id 0 = none */
    struct page_info info;
    struct sv new_form_cookie; /* to be set with the answer */
    struct sv new_lang;        /* asked for with ?lang= */
    struct sv bearer;
};

static struct exchange *exchange_of(const struct http_req *q)
{
    return (struct exchange *)(uintptr_t)q->ctx;
}

struct app *wire_app(const struct http_req *q)
{
    return exchange_of(q)->app;
}

/* ---- who asks ---- */

struct lookup {
    struct exchange *x;
    struct sv cookie;
    bool page; /* a page will be shown: count what waits */
};

static enum pw_err read_who(struct db *db, void *arg)
{
    struct lookup *l = arg;
    struct exchange *x = l->x;
    x->ctx.db = db;
    if (x->bearer.n)
        return token_open(&x->ctx, x->bearer, &x->actor);
    enum pw_err e = session_open(&x->ctx, l->cookie, &x->session, &x->actor);
    if (e == PW_OK && l->page)
        return notice_unread(&x->ctx, x->actor.person_id, &x->info.unread);
    if (e == PW_DENIED || e == PW_NOT_FOUND) {
        x->session = (struct session){0};
        x->actor = actor_anonymous;
        return PW_OK;
    }
    return e;
}

static enum pw_err write_seen(struct db *db, void *arg)
{
    struct exchange *x = arg;
    x->ctx.db = db;
    return session_touch(&x->ctx, x->session.id);
}

static struct sv bearer_of(const struct http_req *q)
{
    struct sv h = http_header(q, "Authorization");
    return sv_starts(h, SV("Bearer ")) ? sv_trim(sv_sub(h, 7, h.n)) : (struct sv){0};
}

/* ---- language ---- */

static struct sv asked_lang(const struct http_req *q)
{
    struct sv rest = q->raw_query, pair;
    while (sv_cut(&rest, '&', &pair))
        if (sv_starts(pair, SV("lang=")))
            return sv_sub(pair, 5, pair.n);
    return (struct sv){0};
}

static void choose_lang(struct exchange *x, const struct http_req *q)
{
    const struct catalogs *cs = x->app->catalogs;
    struct sv asked = asked_lang(q);
    if (asked.n && asked.n <= 8 && catalog_has(cs, asked))
        x->new_lang = asked;
    struct sv order[] = {x->new_lang, http_cookie(q, "lang"), x->session.lang,
                         catalog_negotiate(cs, http_header(q, "Accept-Language")), SV("fr")};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (order[i].n && order[i].n <= 8 && catalog_has(cs, order[i])) {
            x->ctx.lang = arena_sv(q->arena, order[i]);
            x->info.lang_by = i < 3 ? LANG_CHOSEN : i == 3 ? LANG_BROWSER : LANG_DEFAULT;
            return;
        }
}

/* ---- forms of people who have no session yet ---- */

static struct sv form_token(struct exchange *x, struct sv cookie)
{
    struct sv mac = vault_mac(x->ctx.vault, x->ctx.arena, "form", cookie);
    struct buf hex;
    buf_init(&hex, 128);
    buf_hex(&hex, sv_sub(mac, 0, 16));
    struct sv out = arena_sv(x->ctx.arena, buf_sv(&hex));
    buf_finish(&hex);
    return out;
}

static void choose_csrf(struct exchange *x, const struct http_req *q)
{
    if (x->session.id) {
        x->info.csrf = x->session.csrf;
        return;
    }
    struct sv cookie = http_cookie(q, FORM_COOKIE);
    if (cookie.n != FORM_COOKIE_CHARS) {
        char fresh[FORM_COOKIE_CHARS + 1];
        id_random_text(fresh, FORM_COOKIE_CHARS);
        cookie = x->new_form_cookie = arena_sv(q->arena, (struct sv){fresh, FORM_COOKIE_CHARS});
    }
    x->info.csrf = form_token(x, cookie);
}

/* A short text kept in a cookie by the page before, percent-encoded. */
static struct sv kept(const struct http_req *q, const char *name)
{
    struct sv raw = http_cookie(q, name);
    if (!raw.n || raw.n > 400)
        return (struct sv){0};
    struct buf plain;
    buf_init(&plain, 400);
    for (size_t i = 0; i < raw.n; i++) {
        unsigned hi = 0;
        if (raw.p[i] == '%' && i + 2 < raw.n && sscanf((char[]){raw.p[i + 1], raw.p[i + 2], 0}, "%2x", &hi) == 1) {
            buf_c(&plain, (char)hi);
            i += 2;
        } else {
            buf_c(&plain, raw.p[i]);
        }
    }
    struct sv text = arena_sv(q->arena, buf_sv(&plain));
    buf_finish(&plain);
    return text;
}

/* A sentence kept from the last action. The cookie is the browser's word: only ids the catalogue knows are shown. */
static struct sv flash_of(const struct exchange *x, const struct http_req *q)
{
    struct sv id = kept(q, "flash");
    const char *msgid = arena_z(q->arena, id);
    bool known =
        id.n && !memchr(id.p, 0, id.n) && !sv_eq(catalog_get(catalog_of(x->app->catalogs, SV("fr")), msgid), id);
    return known ? id : (struct sv){0};
}

/* The path that takes the last action back; only from a page of this session. */
static struct sv undo_of(const struct exchange *x, const struct http_req *q)
{
    struct sv text = kept(q, "undo"), mark = undo_mark(x->info.csrf);
    struct sv path = sv_sub(text, mark.n, text.n);
    return mark.n && sv_starts(text, mark) && sv_starts(path, SV("/")) ? path : (struct sv){0};
}

static enum pw_err enter(void *self, struct http_req *q)
{
    struct app *app = self;
    struct exchange *x = arena_new(q->arena, struct exchange);
    if (!x)
        return PW_INTERNAL;
    x->app = app;
    x->actor = actor_anonymous;
    app_ctx(app, &x->ctx, q->arena, &q->problems);
    x->ctx.actor = &x->actor;
    x->ctx.now_ms = q->now_ms;
    x->ctx.request_id = q->id;
    x->ctx.lang = SV("fr");
    q->ctx = &x->ctx;
    q->page = &x->info;
    x->info = (struct page_info){.catalogs = app->catalogs,
                                 .zone = SV("America/Toronto"),
                                 .static_base = app->static_base,
                                 .exit_url = SV("/exit"),
                                 .demo = app->demo};
    if (q->route && (q->route->flags & ROUTE_RAW))
        return PW_OK;

    bool api = q->route && (q->route->flags & ROUTE_API);
    if (api)
        x->bearer = bearer_of(q);
    struct lookup l = {x, http_cookie(q, SESSION_COOKIE), !api && q->method == HTTP_GET};
    if (x->bearer.n || l.cookie.n)
        PW_TRY(db_read(app->store, read_who, &l));
    x->ctx.db = NULL;
    if (x->session.id && q->now_ms - x->session.seen_ms > TOUCH_MS)
        PW_TRY(db_transact(app->store, write_seen, x));
    choose_lang(x, q);
    choose_csrf(x, q);
    x->info.lang = x->ctx.lang;
    x->info.who = x->actor.name;
    x->info.flash = flash_of(x, q);
    x->info.undo = undo_of(x, q);
    navigation(&x->actor, q, &x->info);
    return PW_OK;
}

static bool allowed(void *self, const struct http_req *q, int right)
{
    (void)self;
    const struct exchange *x = exchange_of(q);
    if (right != RIGHT_ANYONE && x->session.must_change && !sv_eq_z(q->path, PASSWORD_PATH) &&
        !sv_eq_z(q->path, "/sign-out"))
        return false;
    return actor_may(&x->actor, (enum right)right);
}

static bool csrf_ok(void *self, const struct http_req *q, struct sv token)
{
    (void)self;
    const struct exchange *x = exchange_of(q);
    return !x->new_form_cookie.n && token.n && token.n == x->info.csrf.n &&
           sodium_memcmp(token.p, x->info.csrf.p, token.n) == 0;
}

/* ---- running a handler ---- */

struct attempt {
    http_handler fn;
    struct http_req *q;
    struct http_res *r;
    size_t problems; /* found by the router, kept over retries */
};

DB_STMT(idempotency_get, "SELECT request_hash, status, body FROM idempotency WHERE actor_account = $1 AND key = $2");
DB_STMT(idempotency_put, "INSERT INTO idempotency (actor_account, key, request_hash, status, body, created_ms) "
                         "VALUES ($1, $2, $3, $4, $5, $6)");
DB_STMT(idempotency_forget, "DELETE FROM idempotency WHERE created_ms < $1");

static const struct seal_place idempotency_place = {"idempotency", "body", 0};

static struct sv request_hash(const struct http_req *q)
{
    static const char names[] = "GPUD";
    crypto_generichash_state st;
    unsigned char out[32];
    crypto_generichash_init(&st, NULL, 0, sizeof out);
    crypto_generichash_update(&st, (const unsigned char *)&names[q->method], 1);
    crypto_generichash_update(&st, (const unsigned char *)q->path.p, q->path.n);
    crypto_generichash_update(&st, (const unsigned char *)"\n", 1);
    if (q->body.n)
        crypto_generichash_update(&st, (const unsigned char *)q->body.p, q->body.n);
    crypto_generichash_final(&st, out, sizeof out);
    return arena_sv(q->arena, (struct sv){(char *)out, sizeof out});
}

static enum pw_err once(struct attempt *t, struct sv key)
{
    struct exchange *x = exchange_of(t->q);
    struct ctx *c = &x->ctx;
    if (key.n > 200)
        return problem_add(c->problems, "Idempotency-Key", N_("At most 200 characters."));
    struct sv hash = request_hash(t->q);
    struct db_rows rows;
    enum pw_err e = db_one(c->db, c->arena, &idempotency_get, DB_ARGS(DB_I(x->actor.account_id), DB_T(key)), &rows);
    if (e == PW_OK) {
        if (!sv_eq(db_text(&rows, 0, 0), hash))
            return problem_add(c->problems, "Idempotency-Key",
                               N_("This key was used for another request. Use a new key for each change."));
        struct sv body;
        PW_TRY(unseal(c, 0, idempotency_place, db_text(&rows, 0, 2), &body));
        t->r->status = (int)db_int(&rows, 0, 1);
        buf_add(&t->r->body, body);
        http_set_header(t->r, SV("Idempotent-Replay"), SV("true"));
        return PW_OK;
    }
    if (e != PW_NOT_FOUND)
        return e;
    PW_TRY(t->fn(t->q, t->r));
    struct sv sealed;
    PW_TRY(seal(c, 0, idempotency_place, buf_sv(&t->r->body), &sealed));
    e = db_exec(c->db, &idempotency_put,
                DB_ARGS(DB_I(x->actor.account_id), DB_T(key), DB_B(hash), DB_I(t->r->status ? t->r->status : 200),
                        DB_B(sealed), DB_I(c->now_ms)),
                NULL);
    /* The same call at the same time was first: once more, to answer with its result. */
    return e == PW_CONFLICT ? PW_RETRY : e;
}

enum pw_err wire_forget_old(struct ctx *c)
{
    return db_exec(c->db, &idempotency_forget, DB_ARGS(DB_I(c->now_ms - INT64_C(86400000))), NULL);
}

static enum pw_err try_once(struct db *db, void *arg)
{
    struct attempt *t = arg;
    t->q->ctx->db = db;
    t->q->problems.n = t->problems;
    http_res_clear(t->r);
    struct sv key = {0};
    if (t->q->route && (t->q->route->flags & ROUTE_API) && t->q->method != HTTP_GET)
        key = http_header(t->q, "Idempotency-Key");
    return key.n ? once(t, key) : t->fn(t->q, t->r);
}

static void set_cookies(struct exchange *x, struct http_req *q, struct http_res *r)
{
    if (q->json || (q->route && (q->route->flags & (ROUTE_API | ROUTE_RAW | ROUTE_STREAM))))
        return;
    if (x->new_form_cookie.n)
        http_set_cookie(q, r, FORM_COOKIE, x->new_form_cookie, FORM_COOKIE_S);
    if (x->new_lang.n)
        http_set_cookie(q, r, "lang", x->new_lang, LANG_COOKIE_S);
    if (x->info.flash.n && q->method == HTTP_GET)
        http_set_cookie(q, r, "flash", SV(""), -1);
    if (x->info.undo.n && q->method == HTTP_GET)
        http_set_cookie(q, r, "undo", SV(""), -1);
}

static enum pw_err run(void *self, http_handler fn, struct http_req *q, struct http_res *r)
{
    struct app *app = self;
    struct exchange *x = exchange_of(q);
    struct attempt t = {fn, q, r, q->problems.n};
    enum pw_err e;
    if (q->route->flags & ROUTE_NO_TX)
        e = fn(q, r);
    else if (q->method == HTTP_GET && !(q->route->flags & ROUTE_TRACED))
        e = db_read(app->store, try_once, &t);
    else
        e = db_transact(app->store, try_once, &t);
    q->ctx->db = NULL;
    if (q->method != HTTP_GET && e == PW_OK && app->work)
        work_wake(app->work); /* what was queued, and events for open pages */
    set_cookies(x, q, r);
    return e;
}

static void error(void *self, struct http_req *q, struct http_res *r, enum pw_err e)
{
    (void)self;
    if (!q->ctx || !q->page) { /* nobody was asked yet: e.g. no route matched */
        if (enter(self, q) != PW_OK && !q->page)
            return;
    }
    error_answer(q, r, e);
    set_cookies(exchange_of(q), q, r);
}

static struct sv sign_in_path(void *self, const struct http_req *q)
{
    (void)self;
    if (q->ctx && exchange_of(q)->session.must_change)
        return SV(PASSWORD_PATH);
    if (q->ctx && q->ctx->actor->kind == ACTOR_STAFF)
        return (struct sv){0}; /* signed in and without the right: looks as if it did not exist */
    if (sv_starts(q->path, SV("/c/")) || sv_starts(q->path, SV("/messages/")))
        return SV("/back"); /* members have no password */
    struct buf to;
    buf_init(&to, 2048);
    buf_z(&to, "/sign-in?to=");
    buf_url(&to, q->path);
    struct sv out = arena_sv(q->arena, buf_sv(&to));
    buf_finish(&to);
    return out;
}

struct http_host wire_host(struct app *app)
{
    return (struct http_host){app, enter, allowed, csrf_ok, run, error, sign_in_path};
}
