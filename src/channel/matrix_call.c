/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/matrix.h"

#include <string.h>

#include "channel/file_stream.h"
#include "net/net.h"
#include "json/json.h"

enum { ANSWER_MAX = 4 * 1024 * 1024, CALL_MS = 20000, CONNECT_MS = 5000, MEDIA_MS = 120000, TOKEN_WAIT_MS = 300000 };

struct sv matrix_base(const struct channel *ch)
{
    struct sv base = json_member_sv(ch->config, "homeserver");
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    return base;
}

struct sv matrix_path(struct arena *a, const char *pattern, const struct sv *args, size_t n)
{
    struct buf b;
    size_t used = 0;
    buf_init(&b, 4096);
    for (const char *p = pattern; *p; p++) {
        if (p[0] == '{' && p[1] == '}' && used < n) {
            buf_url(&b, args[used++]);
            p++;
        } else {
            buf_c(&b, *p);
        }
    }
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

/* An error code of the specification is a fixed word; anything else is only its status. */
static struct sv code_of(int status, struct sv errcode, struct arena *a)
{
    bool known = errcode.n > 2 && errcode.n <= 40 && sv_starts(errcode, SV("M_"));
    for (size_t i = 0; i < errcode.n && known; i++)
        known = (errcode.p[i] >= 'A' && errcode.p[i] <= 'Z') || errcode.p[i] == '_';
    return known ? arena_sv(a, errcode) : arena_fmt(a, "%d", status);
}

void matrix_classify(int status, struct sv body, struct arena *a, struct matrix_reply *ret)
{
    json_t *root = NULL;
    *ret = (struct matrix_reply){.status = status};
    if (body.n && json_read(body, a, &root, NULL) == PW_OK)
        ret->body = root;
    struct send_result *res = &ret->res;
    if (status >= 200 && status < 300) {
        res->cls = ret->body ? SEND_OK : SEND_RETRY; /* half an answer: the same again is harmless */
        if (!ret->body)
            res->code = SV("unreadable");
        return;
    }
    struct sv errcode = json_member_sv(ret->body, "errcode");
    res->code = code_of(status, errcode, a);
    if (status == 429 || sv_eq_z(errcode, "M_LIMIT_EXCEEDED")) {
        int64_t ms = json_member_int(ret->body, "retry_after_ms", 0); /* older servers; the header comes first */
        res->cls = SEND_RETRY;
        res->pause_lane = true;
        res->retry_after_ms = ms > 0 && ms <= 86400000 ? ms : 1000;
    } else if (status == 401) {
        /* The token is no longer good: nothing of the queue may be lost for that. */
        res->cls = SEND_RETRY;
        res->code = SV("401");
        res->pause_lane = true;
        res->retry_after_ms = TOKEN_WAIT_MS;
    } else if (status < 400 || status == 408 || status >= 500) {
        res->cls = SEND_RETRY;
    } else {
        res->cls = SEND_FAILED;
    }
}

static struct sv authorization(const struct channel *ch, struct arena *a)
{
    return arena_fmt(a, "Bearer %.*s", SV_ARG(json_member_sv(ch->config, "as_token")));
}

static void fetch(const struct channel *ch, struct net *net, struct arena *a, struct net_request *rq, struct sv path,
                  struct net_result *r)
{
    const struct net_header headers[] = {{SV("Authorization"), authorization(ch, a)}};
    rq->url = arena_join(a, matrix_base(ch), path);
    rq->headers = headers;
    rq->n_headers = 1;
    rq->connect_ms = CONNECT_MS;
    rq->idempotent = true;
    net_fetch(net, a, rq, r);
}

static void judge(const struct net_result *r, struct arena *a, struct matrix_reply *ret)
{
    if (r->status == 0) {
        *ret = (struct matrix_reply){.res = {.cls = SEND_RETRY, .code = arena_fmt(a, "net-%s", r->code)}};
        return;
    }
    matrix_classify(r->status, r->phase == NET_DONE ? r->body : (struct sv){0}, a, ret);
    if (ret->res.cls == SEND_RETRY && r->retry_after_ms > 0 && !sv_eq_z(ret->res.code, "401"))
        ret->res.retry_after_ms = r->retry_after_ms;
}

void matrix_call(const struct channel *ch, struct net *net, struct arena *a, const char *method, struct sv path,
                 struct sv body, struct matrix_reply *ret)
{
    if (!path.n) {
        *ret = (struct matrix_reply){.res = {.cls = SEND_FAILED, .code = SV("too-long")}};
        return;
    }
    struct net_result r = {0};
    fetch(ch, net, a,
          &(struct net_request){.method = method,
                                .body = body,
                                .content_type = body.n ? "application/json" : NULL,
                                .max_response = ANSWER_MAX,
                                .total_ms = CALL_MS,
                                .idle_ms = CALL_MS},
          path, &r);
    judge(&r, a, ret);
}

void matrix_upload(const struct channel *ch, struct net *net, struct arena *a, struct sv bytes, struct sv name,
                   struct sv type, struct matrix_reply *ret)
{
    struct net_result r = {0};
    const struct sv args[] = {name};
    fetch(ch, net, a,
          &(struct net_request){.method = "POST",
                                .body = bytes,
                                .content_type = type.n ? arena_z(a, type) : "application/octet-stream",
                                .max_response = ANSWER_MAX,
                                .total_ms = MEDIA_MS,
                                .idle_ms = MEDIA_MS},
          matrix_path(a, "/_matrix/media/v3/upload?filename={}", args, 1), &r);
    judge(&r, a, ret);
}

enum pw_err matrix_download(const struct channel *ch, struct net *net, struct arena *a, struct sv mxc, struct sv path)
{
    struct sv rest = sv_sub(mxc, 6, mxc.n), server = {0};
    if (!sv_starts(mxc, SV("mxc://")) || !sv_cut(&rest, '/', &server) || !server.n || !rest.n ||
        sv_find(rest, SV("/")) >= 0)
        return PW_INVALID;
    const struct sv args[] = {server, rest};
    struct net_result r = {0};
    fetch(ch, net, a, &(struct net_request){.method = "GET", .max_response = MX_FETCH_MAX, .total_ms = MEDIA_MS},
          matrix_path(a, "/_matrix/client/v1/media/download/{}/{}", args, 2), &r);
    if (strcmp(r.code, "too-large") == 0)
        return PW_INVALID;
    if (r.phase != NET_DONE || r.status / 100 == 5 || r.status == 429 || r.status == 401)
        return PW_UNAVAILABLE;
    return r.status == 200 ? file_put_plain(a, path, r.body) : PW_NOT_FOUND;
}
