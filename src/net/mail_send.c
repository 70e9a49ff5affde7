/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "net/mail.h"
#include "net/net_priv.h"

#define MESSAGE_MAX ((size_t)2 * 1024 * 1024)

struct sending {
    struct call call; /* first: curl's callbacks get it as their own */
    struct sv rest;
    bool whole; /* the last byte was handed over: the final dot may have left */
};

static const char *scheme_of(const struct mail_server *s)
{
    return s->tls == MAIL_TLS ? "smtps" : "smtp";
}

static bool host_ok(struct sv host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
            return false;
    }
    return host.n > 0 && host.n <= 253;
}

enum pw_err net_allow_mail(struct net *n, int64_t owner, const struct mail_server *s, unsigned flags)
{
    char host[256] = {0};
    if (!host_ok(s->host) || s->port < 1 || s->port > 65535 || (s->tls == MAIL_PLAIN && !(flags & NET_LOCAL)))
        return PW_INVALID;
    memcpy(host, s->host.p, s->host.n);
    return origin_add(n, owner, scheme_of(s), host, s->port, "/", flags & NET_LOCAL);
}

static size_t give_body(char *to, size_t size, size_t n, void *self)
{
    struct sending *s = self;
    struct sv piece = sv_sub(s->rest, 0, size * n);
    if (piece.n == 0) {
        s->whole = true;
        return 0;
    }
    memcpy(to, piece.p, piece.n);
    s->rest = sv_sub(s->rest, piece.n, s->rest.n);
    return piece.n;
}

static bool set_options(struct sending *x, struct arena *a, CURL *h, CURLU *u, const struct mail_server *s,
                        struct curl_slist *to)
{
    bool ok = net_guard(&x->call, h, "smtp,smtps", 0, 60000, 30000);
#define SET(option, value) ok = ok && curl_easy_setopt(h, option, value) == CURLE_OK
    SET(CURLOPT_CURLU, u);
    SET(CURLOPT_USE_SSL, (long)(s->tls == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    SET(CURLOPT_MAIL_FROM, arena_z(a, arena_fmt(a, "<%.*s>", SV_ARG(s->from))));
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, give_body);
    SET(CURLOPT_READDATA, x);
    if (s->user.n) {
        SET(CURLOPT_USERNAME, arena_z(a, s->user));
        SET(CURLOPT_PASSWORD, arena_z(a, s->password));
    }
#undef SET
    return ok && !a->oom;
}

static void perform(struct sending *x, CURL *h, struct net_result *r)
{
    long status = 0;
    CURLcode rc = curl_easy_perform(h);
    curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
    /* Below 400 the last word was "go on": it refuses nothing. */
    r->status = rc == CURLE_OK ? 250 : status >= 400 ? (int)status : 0;
    if (rc == CURLE_OK || (x->whole && r->status))
        r->phase = NET_DONE;
    else
        r->phase = x->whole ? NET_SENT : NET_NOT_SENT;
    r->code = rc == CURLE_OK ? "" : r->status ? "refused" : net_code(&x->call, rc);
}

void mail_send(struct net *n, struct arena *a, const struct mail_server *s, const struct mail *m,
               struct net_result *ret)
{
    struct sending x = {.call = {.net = n}};
    struct buf text;
    CURLU *u = curl_url();
    CURL *h = net_take(n);
    struct curl_slist *to = curl_slist_append(NULL, arena_z(a, arena_fmt(a, "<%.*s>", SV_ARG(m->to))));

    *ret = (struct net_result){.phase = NET_NOT_SENT, .code = "memory"};
    buf_init(&text, MESSAGE_MAX);
    if (!h && atomic_load(&n->stopping)) {
        ret->code = "stopped";
    } else if (!u || !h || !to || a->oom) {
        ret->code = "memory";
    } else if (!host_ok(s->host) || mail_build(s, m, &text) != PW_OK ||
               curl_url_set(u, CURLUPART_URL,
                            arena_z(a, arena_fmt(a, "%s://%.*s:%d/", scheme_of(s), SV_ARG(s->host), s->port)),
                            0) != CURLUE_OK) {
        ret->code = "request-refused";
    } else if (!origin_find(n, u, &x.call.rule)) {
        ret->code = "origin-refused";
    } else {
        x.call.rule.plain = s->tls == MAIL_PLAIN;
        x.rest = buf_sv(&text);
        if (set_options(&x, a, h, u, s, to))
            perform(&x, h, ret);
    }
    if (h) {
        curl_easy_setopt(h, CURLOPT_CURLU, NULL);
        net_give(n, h);
    }
    curl_slist_free_all(to);
    curl_url_cleanup(u);
    buf_finish(&text);
}
