/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/call.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "base/unicode.h"
#include "http/fields.h"
#include "http/gzip.h"

/* ---- life ---- */

struct call *call_new(struct server *s, const char *target)
{
    struct call *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->server = s;
    arena_init(&c->arena, REQUEST_ARENA);
    c->target = arena_sv(&c->arena, sv_of(target));
    buf_init(&c->r.body, ANSWER_MAX);
    return c;
}

void call_free(struct call *c)
{
    if (!c)
        return;
    atomic_fetch_sub(&c->server->body_bytes, c->body.n);
    sse_leave(c->stream);
    buf_finish(&c->body);
    buf_finish(&c->r.body);
    arena_finish(&c->arena);
    free(c);
}

static struct sv header(const struct call *c, const char *name)
{
    return c->header(c->conn, name);
}

/* ---- answers that no handler gives ---- */

static void plain(struct call *c, int status)
{
    http_res_clear(&c->r);
    c->r.status = status;
    c->r.type = SV("text/plain; charset=utf-8");
    buf_fmt(&c->r.body, "%d\n", status);
}

static void allow(struct call *c)
{
    unsigned m = c->hit.methods;
    struct sv list =
        arena_fmt(&c->arena, "%s%s%s%s", m & 1u << HTTP_GET ? ", GET, HEAD" : "", m & 1u << HTTP_POST ? ", POST" : "",
                  m & 1u << HTTP_PUT ? ", PUT" : "", m & 1u << HTTP_DELETE ? ", DELETE" : "");
    http_set_header(&c->r, SV("Allow"), sv_sub(list, 2, list.n));
}

static void answer_error(struct call *c, enum pw_err e, int status)
{
    /* Refused and not found look the same (design, section 9); a webhook's provider may know the difference. */
    if (e == PW_DENIED && !status && !(c->q.route && c->q.route->flags & ROUTE_RAW))
        e = PW_NOT_FOUND;
    http_res_clear(&c->r);
    c->r.status = status; /* so that a body which names it says the same */
    c->server->host->error(c->server->host->self, &c->q, &c->r, e);
    if (c->r.bad || !buf_ok(&c->r.body)) {
        plain(c, 500);
        return;
    }
    if (status)
        c->r.status = status;
    else if (!c->r.status)
        c->r.status = err_http_status(e);
    if (!c->r.body.n)
        plain(c, c->r.status);
    if (c->r.status == 405)
        allow(c);
    if (c->r.status == 401)
        http_set_header(&c->r, SV("WWW-Authenticate"), SV("Bearer"));
    if (c->r.status == 503)
        http_set_header(&c->r, SV("Retry-After"), SV("2"));
    if (c->r.status >= 500) {
        char id[ID_TEXT + 1];
        id_text(c->q.id, id);
        log_line(LOG_WARN, "request_failed", "id=%s error=%s", id, err_name(e));
    }
}

/* ---- the head ---- */

static bool read_method(struct call *c, const char *method)
{
    static const char *const names[] = {[HTTP_GET] = "GET", "POST", "PUT", "DELETE"};
    c->head = strcmp(method, "HEAD") == 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (c->head || strcmp(method, names[i]) == 0) {
            c->q.method = (enum http_method)i;
            return true;
        }
    return false;
}

static void read_proxy(struct call *c, struct sv peer)
{
    struct sv trusted = c->server->cf.trusted_proxy;
    if (sv_starts(peer, SV("::ffff:")))
        peer = sv_sub(peer, 7, peer.n);
    c->q.remote = arena_sv(&c->arena, peer);
    if (!trusted.n || !sv_eq(peer, trusted))
        return;
    c->q.secure = sv_ieq(sv_trim(header(c, "X-Forwarded-Proto")), SV("https"));
    struct sv rest = header(c, "X-Forwarded-For"), item, last = {0};
    while (rest.n && sv_cut(&rest, ',', &item)) /* the proxy appends: only its own word counts */
        last = sv_trim(item);
    bool ok = last.n > 0 && last.n <= 45;
    for (size_t i = 0; ok && i < last.n; i++)
        ok = strchr("0123456789abcdefABCDEF.:", last.p[i]) && last.p[i];
    if (ok)
        c->q.remote = arena_sv(&c->arena, last);
}

static void read_target(struct call *c)
{
    struct http_req *q = &c->q;
    struct sv raw = c->target, path;
    sv_cut(&raw, '?', &path);
    q->raw_query = raw;
    if (!path_decode(&c->arena, path, &q->path)) {
        q->path = SV("/");
        c->fail = PW_INVALID;
        c->fail_status = 400;
    }
}

static void fail(struct call *c, enum pw_err e, int status)
{
    if (c->fail == PW_OK) {
        c->fail = e;
        c->fail_status = status;
    }
}

static void find_route(struct call *c, bool known_method)
{
    struct http_req *q = &c->q;
    bool lasting;
    route_find(c->server->routes, q->method, q->path, &c->hit);
    if (!c->hit.methods) {
        if (call_static_file(c, &lasting)) {
            if (q->method != HTTP_GET || !known_method) {
                c->hit.methods = 1u << HTTP_GET;
                fail(c, PW_NOT_FOUND, 405);
            }
            return;
        }
        q->json = sv_starts(q->path, SV("/api/"));
        fail(c, PW_NOT_FOUND, 0);
        return;
    }
    if (!known_method || !c->hit.route) {
        q->json = sv_starts(q->path, SV("/api/"));
        fail(c, PW_NOT_FOUND, 405);
        return;
    }
    q->route = c->hit.route;
    memcpy(q->arg, c->hit.arg, sizeof q->arg);
    memcpy(q->arg_text, c->hit.arg_text, sizeof q->arg_text);
    q->json = q->route->flags & ROUTE_API;
}

static size_t body_cap(const struct call *c)
{
    const struct route *r = c->q.route;
    if (!r || r->method == HTTP_GET)
        return 0;
    for (const struct field *f = r->fields; f && f->name; f++)
        if (f->kind == FIELD_FILE)
            return c->server->cf.upload_max + UPLOAD_HEAD;
    /* A Matrix homeserver pushes up to a hundred events at once, and the same again until it is taken. */
    bool push = r->flags & ROUTE_RAW && r->method == HTTP_PUT;
    return push && c->server->cf.body_max < PUSH_MAX ? PUSH_MAX : c->server->cf.body_max;
}

/* Who asks, and may they use this row at all? */
static void admit(struct call *c)
{
    const struct http_host *host = c->server->host;
    struct http_req *q = &c->q;
    if (c->admitted || c->fail != PW_OK || !q->route)
        return;
    c->admitted = true;
    bool api = q->route->flags & ROUTE_API;
    c->bearer = api && sv_starts(header(c, "Authorization"), SV("Bearer "));
    enum pw_err e = host->enter(host->self, q);
    if (e != PW_OK) {
        fail(c, e, e == PW_DENIED && api ? 401 : 0);
        return;
    }
    if (!q->route->right || host->allowed(host->self, q, q->route->right))
        return;
    struct sv sign_in = host->sign_in_path ? host->sign_in_path(host->self, q) : (struct sv){0};
    if (sign_in.n && api && !c->bearer) {
        fail(c, PW_DENIED, 401);
    } else if (sign_in.n && !api && q->method == HTTP_GET && !(q->route->flags & ROUTE_STREAM) &&
               http_redirect(&c->r, sign_in) == PW_OK) {
        fail(c, PW_DENIED, 303);
    } else {
        fail(c, PW_NOT_FOUND, 0);
    }
}

static void answer_fail(struct call *c)
{
    if (c->fail_status != 303) /* where to sign in is already written */
        answer_error(c, c->fail, c->fail_status);
}

static void finish_answer(struct call *c);

void call_begin(struct call *c, const struct call_head *h, void *conn, call_header_fn header_of)
{
    struct http_req *q = &c->q;
    c->phase = CALL_READ;
    c->conn = conn;
    c->header = header_of;
    c->began_mono_ms = clock_mono_ms();
    atomic_fetch_add(&c->server->running, 1);
    q->arena = &c->arena;
    q->impl = c;
    q->id = id_new();
    q->now_ms = clock_now_ms();
    q->host = c->server->cf.public_url;
    bool known_method = read_method(c, h->method);
    read_proxy(c, h->peer);
    read_target(c);
    if (h->framing_bad) { /* two readings of where the body ends: nothing after it can be trusted */
        c->fail = PW_INVALID;
        c->fail_status = 400;
        c->phase = CALL_WORK;
        return;
    }
    if (c->fail == PW_OK)
        find_route(c, known_method);
    c->body_cap = body_cap(c);
    bool large = h->length < 0 || h->length > SMALL_BODY;
    if (h->length > (int64_t)c->body_cap && c->fail == PW_OK && (c->body_cap || large)) {
        problem_add(&q->problems, NULL, N_("This is too large to be sent."));
        fail(c, PW_INVALID, 413);
        large = true;
    }
    if (h->length >= 0 && atomic_load(&c->server->body_bytes) + (size_t)h->length > BODIES_MAX)
        fail(c, PW_UNAVAILABLE, 503);
    if (large)
        c->phase = CALL_WORK;
    buf_init(&c->body, c->body_cap);
}

bool call_data(struct call *c, struct sv piece)
{
    size_t room = c->body_cap - c->body.n;
    if (c->fail == PW_OK && c->body_cap && piece.n > room) {
        problem_add(&c->q.problems, NULL, N_("This is too large to be sent."));
        fail(c, PW_INVALID, 413);
    }
    if (c->fail == PW_OK && c->body_cap && atomic_fetch_add(&c->server->body_bytes, piece.n) + piece.n > BODIES_MAX) {
        atomic_fetch_sub(&c->server->body_bytes, piece.n);
        fail(c, PW_UNAVAILABLE, 503);
    } else if (c->fail == PW_OK && c->body_cap) {
        size_t before = c->body.n;
        buf_add(&c->body, piece);
        if (!buf_ok(&c->body)) {
            atomic_fetch_sub(&c->server->body_bytes, piece.n - (c->body.n - before));
            fail(c, PW_UNAVAILABLE, 503);
        }
        return true;
    }
    /* Already refused: read on a little so that the sender hears why, then hang up. */
    c->close = true;
    c->discarded += piece.n;
    return c->discarded <= 1024 * 1024;
}

/* ---- the end ---- */

static struct sv csrf_token(const struct call *c, const struct form *form)
{
    struct sv token = header(c, "X-CSRF-Token");
    for (size_t i = 0; !token.n && i < form->n; i++)
        if (form->v[i].kind == FORM_VALUE && sv_eq(form->v[i].name, SV("_csrf")))
            token = form->v[i].value;
    return token;
}

static bool csrf_needed(const struct call *c)
{
    unsigned flags = c->q.route->flags;
    return c->q.method != HTTP_GET && !(flags & (ROUTE_RAW | ROUTE_NO_CSRF)) && !c->bearer;
}

static bool is_type(struct sv content_type, struct sv wanted)
{
    struct sv kind;
    sv_cut(&content_type, ';', &kind);
    return sv_ieq(sv_trim(kind), wanted);
}

/* Body or query to pairs. The body's JSON is left for later: its members need the declaration. */
static void read_form(struct call *c, struct form *form, bool *ret_json)
{
    struct http_req *q = &c->q;
    struct sv type = header(c, "Content-Type"), body = buf_sv(&c->body);
    enum pw_err e = PW_OK;
    *ret_json = false;
    if (q->method == HTTP_GET) {
        e = form_urlencoded(&c->arena, q->raw_query, form);
    } else if (q->route->flags & ROUTE_API && !is_type(type, SV("multipart/form-data"))) {
        *ret_json = true;
        if (body.n && !is_type(type, SV("application/json"))) {
            problem_add(&q->problems, NULL, N_("Send the body as application/json."));
            fail(c, PW_INVALID, 415);
        }
    } else if (!body.n) {
        return;
    } else if (is_type(type, SV("application/x-www-form-urlencoded"))) {
        e = form_urlencoded(&c->arena, body, form);
    } else if (is_type(type, SV("multipart/form-data"))) {
        e = form_multipart(&c->arena, body, form_boundary(&c->arena, type), form);
    } else {
        problem_add(&q->problems, NULL,
                    N_("Send the form as application/x-www-form-urlencoded or "
                       "multipart/form-data."));
        fail(c, PW_INVALID, 415);
    }
    if (e == PW_INVALID)
        problem_add(&q->problems, NULL, N_("The form did not arrive whole. Please send it again."));
    if (e != PW_OK)
        fail(c, e, e == PW_INVALID ? 400 : 0);
}

static void read_input(struct call *c)
{
    struct http_req *q = &c->q;
    struct form form = {0};
    bool json;
    q->body = buf_sv(&c->body);
    if (q->route->flags & ROUTE_RAW)
        return;
    read_form(c, &form, &json);
    if (c->fail == PW_OK && csrf_needed(c) &&
        !c->server->host->csrf_ok(c->server->host->self, q, csrf_token(c, &form))) {
        problem_add(&q->problems, NULL,
                    N_("This page was open for too long. Load it again, then send the form again."));
        fail(c, PW_DENIED, 403);
    }
    if (c->fail != PW_OK)
        return;
    enum pw_err e = PW_OK;
    if (json)
        e = fields_of_json(&c->arena, q->route->fields, q->body, &q->problems, &form);
    if (e == PW_OK)
        e = fields_check(&c->arena, q->route->fields, &form, c->server->cf.upload_max, &q->problems, &q->values);
    if (e == PW_OK && (q->route->flags & ROUTE_API) && q->problems.n)
        e = PW_INVALID;
    if (e != PW_OK)
        fail(c, e, 0);
}

static enum pw_err run(struct call *c)
{
    const struct http_host *host = c->server->host;
    struct http_req *q = &c->q;
    if (q->route->prepare) {
        enum pw_err e = q->route->prepare(q, &c->r);
        if (e != PW_OK || c->r.status || c->r.body.n)
            return e;
    }
    return host->run(host->self, q->route->fn, q, &c->r);
}

static void open_stream(struct call *c)
{
    if (!(c->q.route->flags & ROUTE_STREAM)) {
        answer_error(c, PW_INTERNAL, 0);
        return;
    }
    c->r.type = SV("text/event-stream; charset=utf-8");
    http_set_header(&c->r, SV("X-Accel-Buffering"), SV("no"));
    if (c->head)
        return;
    c->stream = sse_open(c->server->hub, c->r.sse_topic, c->r.sse_owner, c->conn, clock_mono_ms());
    if (!c->stream)
        answer_error(c, PW_UNAVAILABLE, 503);
}

static void run_route(struct call *c)
{
    enum pw_err e = run(c);
    struct http_res *r = &c->r;
    if (e == PW_OK || (e == PW_INVALID && r->body.n)) {
        if (!r->status)
            r->status = err_http_status(e);
        if (r->bad || !buf_ok(&r->body) || c->arena.oom) {
            answer_error(c, PW_INTERNAL, 0);
            return;
        }
        if (e == PW_OK && r->sse_topic.n)
            open_stream(c);
        return;
    }
    answer_error(c, e, 0);
}

static void pack(struct call *c)
{
    struct http_res *r = &c->r;
    /* Not for requests that another site made: the length of a packed page must tell it nothing. */
    if (r->body.n < GZIP_MIN || r->file.n || c->stream || !gzip_type(r->type) ||
        !gzip_accepted(header(c, "Accept-Encoding")) || sv_eq(header(c, "Sec-Fetch-Site"), SV("cross-site")))
        return;
    for (size_t i = 0; i < r->n_headers; i++)
        if (sv_ieq(r->headers[i].name, SV("Content-Encoding")))
            return;
    if (r->n_headers + 2 > HTTP_HEADERS_MAX)
        return;
    struct buf small;
    buf_init(&small, ANSWER_MAX);
    if (!gzip_pack(buf_sv(&r->body), 5, &small)) {
        buf_finish(&small);
        return;
    }
    buf_finish(&r->body);
    r->body = small;
    http_set_header(r, SV("Content-Encoding"), SV("gzip"));
    http_set_header(r, SV("Vary"), SV("Accept-Encoding"));
}

static void finish_answer(struct call *c)
{
    struct http_res *r = &c->r;
    if (!r->type.n)
        r->type = c->q.json ? SV("application/json") : SV("text/html; charset=utf-8");
    pack(c);
    c->sent = c->fixed.n ? c->fixed.n : r->body.n;
}

static void finish(struct call *c)
{
    admit(c);
    if (c->fail == PW_OK && c->q.route)
        read_input(c);
    if (c->fail != PW_OK)
        answer_fail(c);
    else if (c->q.route)
        run_route(c);
    else
        answer_error(c, PW_NOT_FOUND, 0);
}

void call_end(struct call *c)
{
    c->whole = true;
    c->queued_mono_ms = clock_mono_ms();
    c->phase = CALL_WORK;
    if (c->fail == PW_OK && !c->q.route && call_answer_static(c)) {
        finish_answer(c);
        c->phase = CALL_ANSWERED;
    }
}

void call_work(struct call *c)
{
    if (!c->whole) {
        admit(c);
        if (c->fail == PW_OK) {
            c->phase = CALL_ADMITTED;
            return;
        }
        c->close = true;
        answer_fail(c);
    } else if (clock_mono_ms() - c->queued_mono_ms > QUEUE_MS) {
        call_refuse(c); /* nobody waits any more: what can be saved is the next ones */
        return;
    } else {
        finish(c);
    }
    finish_answer(c);
    c->phase = CALL_ANSWERED;
}

void call_refuse(struct call *c)
{
    plain(c, 503);
    http_set_header(&c->r, SV("Retry-After"), SV("2"));
    c->close = true;
    finish_answer(c);
    c->phase = CALL_ANSWERED;
}

/* One line a request: the pattern, never the path, which may name a person. */
void call_log(const struct call *c)
{
    static const char *const names[] = {[HTTP_GET] = "GET", "POST", "PUT", "DELETE"};
    char id[ID_TEXT + 1];
    id_text(c->q.id, id);
    log_line(LOG_INFO, "request", "id=%s method=%s route=%s status=%d ms=%" PRId64 " bytes=%zu", id,
             c->head ? "HEAD" : names[c->q.method], c->q.route ? c->q.route->path : "-", c->r.status,
             clock_mono_ms() - c->began_mono_ms, c->sent);
}

void call_headers(struct call *c, header_fn add, void *arg)
{
    static const char *const fixed[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; font-src "
         "'self'; manifest-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri "
         "'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(self), geolocation=(), payment=(), usb=()"},
        {"Cache-Control", "no-store"},
    };
    struct http_res *r = &c->r;
    add(arg, "Content-Type", arena_z(&c->arena, r->type));
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        bool own = false;
        for (size_t k = 0; k < r->n_headers; k++)
            own |= sv_ieq(r->headers[k].name, sv_of(fixed[i][0]));
        if (!own)
            add(arg, fixed[i][0], fixed[i][1]);
    }
    if (c->q.secure)
        add(arg, "Strict-Transport-Security", "max-age=31536000");
    for (size_t k = 0; k < r->n_headers; k++)
        add(arg, arena_z(&c->arena, r->headers[k].name), arena_z(&c->arena, r->headers[k].value));
}
