/* SPDX-License-Identifier: EUPL-1.2 */
/* What handlers say in an answer. Nothing a person or a peer typed can end a header line or lead away from us. */
#include <inttypes.h>
#include <string.h>

#include "http/http.h"

static bool token_ok(struct sv s)
{
    static const char extra[] = "!#$%&'*+-.^_`|~";
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && (!c || !strchr(extra, c)))
            return false;
    }
    return s.n > 0 && s.n <= 100;
}

static bool value_ok(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return false;
    return s.n <= 4096;
}

void http_res_clear(struct http_res *r)
{
    struct buf body = r->body;
    buf_clear(&body);
    *r = (struct http_res){.body = body};
}

void http_set_header(struct http_res *r, struct sv name, struct sv value)
{
    size_t at = r->n_headers;
    if (!token_ok(name) || !value_ok(value)) {
        r->bad = true;
        return;
    }
    if (!sv_ieq(name, SV("Set-Cookie")))
        for (size_t i = 0; i < r->n_headers; i++)
            if (sv_ieq(r->headers[i].name, name))
                at = i;
    if (at == HTTP_HEADERS_MAX) {
        r->bad = true;
        return;
    }
    r->headers[at] = (struct http_header_row){name, value};
    r->n_headers += at == r->n_headers;
}

enum pw_err http_redirect(struct http_res *r, struct sv path)
{
    bool ok = path.n && path.p[0] == '/' && !(path.n > 1 && path.p[1] == '/') && path.n <= 2048;
    for (size_t i = 0; ok && i < path.n; i++)
        ok = (unsigned char)path.p[i] > ' ' && (unsigned char)path.p[i] < 0x7f && path.p[i] != '\\';
    if (!ok) {
        r->bad = true;
        return PW_INVALID;
    }
    buf_clear(&r->body);
    r->status = 303;
    http_set_header(r, SV("Location"), path);
    return PW_OK;
}

void http_set_download(const struct http_req *q, struct http_res *r, struct sv name)
{
    struct buf b;
    buf_init(&b, 2048);
    buf_z(&b, "attachment; filename=\"");
    for (size_t i = 0; i < name.n && i < 200; i++) { /* for readers that know ASCII only */
        unsigned char c = (unsigned char)name.p[i];
        buf_c(&b, c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '/' && c != '%' ? (char)c : '_');
    }
    buf_z(&b, "\"; filename*=UTF-8''");
    buf_url(&b, sv_sub(name, 0, 400));
    struct sv value = arena_sv(q->arena, buf_sv(&b));
    buf_finish(&b);
    http_set_header(r, SV("Content-Disposition"), value);
}

void http_set_cookie(const struct http_req *q, struct http_res *r, const char *name, struct sv value, int64_t max_age_s)
{
    bool ok = token_ok(sv_of(name)) && value.n <= 3000;
    for (size_t i = 0; ok && i < value.n; i++) {
        char c = value.p[i];
        ok = c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
    }
    if (!ok) {
        r->bad = true;
        return;
    }
    struct sv age = {0};
    if (max_age_s)
        age = arena_fmt(q->arena, "; Max-Age=%" PRId64, max_age_s < 0 ? 0 : max_age_s);
    struct sv row = arena_fmt(q->arena, "%s%s=%.*s; Path=/; HttpOnly; SameSite=Lax%s%.*s", q->secure ? "__Host-" : "",
                              name, SV_ARG(value), q->secure ? "; Secure" : "", SV_ARG(age));
    http_set_header(r, SV("Set-Cookie"), row);
}
