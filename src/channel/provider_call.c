/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/provider_call.h"

#include <string.h>

#include "channel/file_stream.h"

enum { BODY_MAX = 256 * 1024, ANSWER_MAX = 4 * 1024 * 1024, CONNECT_MS = 5000, TOTAL_MS = 30000 };
enum { DOWNLOAD_MS = 60000 };

/* ---- settings ---- */

static bool printable(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return true;
}

struct sv setting_base(const struct channel *ch, const char *otherwise)
{
    struct sv base = json_member_sv(ch->config, "api_base");
    if (!base.n)
        return sv_of(otherwise);
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    return base;
}

bool setting_word_ok(struct sv s, size_t max)
{
    return s.n > 0 && s.n <= max && setting_is_word(s);
}

bool setting_token_ok(struct sv s)
{
    return s.n >= 8 && s.n <= 500 && printable(s);
}

enum pw_err provider_allow(const struct channel *ch, struct net *net, const char *const *urls, size_t n)
{
    /* Only an address the operator gave may lie on this machine or network. */
    if (json_member_sv(ch->config, "api_base").n)
        return net_allow(net, ch->id, setting_base(ch, ""), NET_LOCAL);
    for (size_t i = 0; i < n; i++)
        PW_TRY(net_allow(net, ch->id, sv_of(urls[i]), 0));
    return PW_OK;
}

/* ---- bodies ---- */

void body_begin(struct json_body *x)
{
    buf_init(&x->b, BODY_MAX);
    json_w_init(&x->w, &x->b);
    json_w_object(&x->w);
}

struct sv body_end(struct json_body *x, struct arena *a)
{
    json_w_end(&x->w);
    struct sv out = json_w_ok(&x->w) ? arena_sv(a, buf_sv(&x->b)) : (struct sv){0};
    buf_finish(&x->b);
    return out;
}

/* ---- calls ---- */

static void by_status(struct call_answer *r, struct arena *a)
{
    struct send_result *res = &r->res;
    if (r->status >= 200 && r->status < 300) {
        res->cls = r->json ? SEND_OK : SEND_IN_DOUBT; /* taken, but we cannot read what became of it */
        res->code = r->json ? (struct sv){0} : SV("unreadable");
        return;
    }
    res->code = arena_fmt(a, "%d", r->status);
    res->pause_lane = r->status == 429;
    bool later = r->status == 429 || r->status < 400 || r->status == 408 || r->status == 409 || r->status >= 500;
    res->cls = later ? SEND_RETRY : SEND_FAILED;
}

void provider_call(struct net *net, struct arena *a, const struct net_request *rq, struct call_answer *ret)
{
    struct net_request full = *rq;
    struct net_result r = {0};
    *ret = (struct call_answer){0};
    if (!full.max_response)
        full.max_response = ANSWER_MAX;
    if (!full.connect_ms)
        full.connect_ms = CONNECT_MS;
    if (!full.total_ms)
        full.total_ms = TOTAL_MS;
    if (!full.idle_ms)
        full.idle_ms = full.total_ms;
    net_fetch(net, a, &full, &r);
    if (r.status != 0) {
        json_t *doc = NULL;
        ret->status = r.status;
        if (r.phase == NET_DONE)
            ret->body = r.body;
        if (json_read(ret->body, a, &doc, NULL) == PW_OK)
            ret->json = doc;
        by_status(ret, a);
        ret->res.retry_after_ms = r.retry_after_ms;
    } else {
        ret->res = (struct send_result){.cls = r.phase == NET_NOT_SENT ? SEND_RETRY : SEND_IN_DOUBT,
                                        .code = arena_fmt(a, "net-%s", r.code)};
    }
    if (full.idempotent && ret->res.cls == SEND_IN_DOUBT)
        ret->res.cls = SEND_RETRY; /* doing it again is harmless: nothing to doubt */
}

const struct net_header *bearer(struct arena *a, struct sv token)
{
    struct net_header *h = arena_new(a, struct net_header);
    static const struct net_header none = {{"Authorization", 13}, {"", 0}};
    if (!h)
        return &none;
    *h = (struct net_header){SV("Authorization"), arena_fmt(a, "Bearer %.*s", SV_ARG(token))};
    return h;
}

enum pw_err provider_download(struct net *net, struct arena *a, const struct net_request *rq, size_t max,
                              struct sv path)
{
    struct net_request full = *rq;
    struct net_result got = {0};
    full.method = "GET";
    full.max_response = max;
    full.total_ms = DOWNLOAD_MS;
    full.idempotent = true;
    net_fetch(net, a, &full, &got);
    if (got.phase != NET_DONE || got.status / 100 == 5 || got.status == 429)
        return strcmp(got.code, "too-large") == 0 ? PW_INVALID : PW_UNAVAILABLE;
    if (got.status != 200)
        return PW_NOT_FOUND;
    return file_put_plain(a, path, got.body);
}

/* ---- what comes in ---- */

struct sv query_raw(struct sv query, const char *name)
{
    struct sv rest = query, pair, key;
    while (sv_cut(&rest, '&', &pair))
        if (sv_cut(&pair, '=', &key) && sv_eq_z(key, name))
            return pair;
    return (struct sv){0};
}

struct sv clip_text(struct sv s, size_t n)
{
    if (s.n <= n)
        return s;
    while (n && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return sv_sub(s, 0, n);
}

enum pw_err events_add(struct chan_events *ev, const struct chan_event *e)
{
    if (ev->n == CHAN_EVENTS_MAX)
        return PW_INVALID;
    ev->v[ev->n++] = *e;
    return PW_OK;
}
