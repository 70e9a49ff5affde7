/* SPDX-License-Identifier: EUPL-1.2 */
/* One HTTP request and what came of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "net/net_priv.h"

enum { HEADERS_MAX = 100, HEADER_BYTES_MAX = 64 * 1024 };
#define RESPONSE_MAX ((size_t)1024 * 1024)
#define DOWNLOAD_MAX ((size_t)20 * 1024 * 1024)
#define DAY_MS INT64_C(86400000)

struct fetch {
    struct call call; /* first: curl's callbacks get it as their own */
    struct arena *a;
    const struct net_request *rq;
    CURL *h;
    struct buf body;
    struct net_header *headers;
    size_t n_headers, header_bytes, max, bytes;
    char *part_path; /* of a download, until it is whole */
    int fd;          /* -1 = none */
    bool too_large, file_failed, out_of_memory;
};

/* ---- what comes in ---- */

static size_t take_header(char *p, size_t size, size_t n, void *self)
{
    struct fetch *f = self;
    struct sv line = {p, size * n}, name, value = line;
    if (sv_starts(line, SV("HTTP/"))) { /* a new answer begins (after 100 Continue) */
        f->n_headers = 0;
        return line.n;
    }
    f->header_bytes += line.n;
    if (f->n_headers == HEADERS_MAX || f->header_bytes > HEADER_BYTES_MAX) {
        f->too_large = true;
        return 0;
    }
    if (sv_find(line, SV(":")) > 0 && sv_cut(&value, ':', &name)) {
        f->headers[f->n_headers].name = arena_sv(f->a, sv_trim(name));
        f->headers[f->n_headers++].value = arena_sv(f->a, sv_trim(value));
    }
    return line.n;
}

static bool is_success(CURL *h)
{
    long status = 0;
    return curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status >= 200 && status < 300;
}

static bool open_download(struct fetch *f)
{
    if (f->fd >= 0)
        return true;
    if (f->file_failed)
        return false;
    struct sv path = arena_fmt(f->a, "%.*s.part", SV_ARG(f->rq->download_path));
    char *z = arena_z(f->a, path);
    if (unlink(z) != 0 && errno != ENOENT)
        f->file_failed = true;
    else
        f->fd = open(z, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (f->fd < 0)
        f->file_failed = true;
    else
        f->part_path = z;
    return f->fd >= 0;
}

static size_t take_body(char *p, size_t size, size_t n, void *self)
{
    struct fetch *f = self;
    struct sv piece = {p, size * n};
    if (piece.n > f->max - f->bytes) {
        f->too_large = true;
        return 0;
    }
    f->bytes += piece.n;
    if (f->rq->download_path.n && is_success(f->h)) {
        if (!open_download(f) || !fd_write_all(f->fd, piece.p, piece.n)) {
            f->file_failed = true;
            return 0;
        }
        return piece.n;
    }
    buf_add(&f->body, piece);
    if (!buf_ok(&f->body)) {
        f->out_of_memory = f->bytes <= RESPONSE_MAX;
        f->too_large = !f->out_of_memory;
        return 0;
    }
    return piece.n;
}

/* The file is whole: named as asked. */
static bool keep_download(struct fetch *f)
{
    if (!open_download(f))
        return false;
    bool ok = fsync(f->fd) == 0;
    ok = close(f->fd) == 0 && ok;
    f->fd = -1;
    return ok && rename(f->part_path, arena_z(f->a, f->rq->download_path)) == 0;
}

static void drop_download(struct fetch *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->part_path)
        unlink(f->part_path);
}

/* ---- what goes out ---- */

static bool is_token(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
              (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-' || s.p[i] == '_'))
            return false;
    return s.n > 0 && s.n <= 100;
}

static bool is_line(struct sv s) /* nothing that could begin another header */
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return false;
    return true;
}

static bool append(struct curl_slist **list, const char *z)
{
    struct curl_slist *more = curl_slist_append(*list, z);
    if (more)
        *list = more;
    return more != NULL;
}

static bool set_headers(struct fetch *f, struct curl_slist **list)
{
    const struct net_request *rq = f->rq;
    bool ok = append(list, "Expect:"); /* no waiting for 100 Continue */
    if (ok && rq->content_type && rq->n_parts == 0) {
        if (!is_line(sv_of(rq->content_type)))
            return false;
        ok = append(list, arena_z(f->a, arena_fmt(f->a, "Content-Type: %s", rq->content_type)));
    }
    for (size_t i = 0; ok && i < rq->n_headers; i++) {
        struct sv name = rq->headers[i].name, value = rq->headers[i].value;
        if (!is_token(name) || !is_line(value))
            return false;
        struct buf line;
        buf_init(&line, HEADER_BYTES_MAX);
        buf_add(&line, name);
        buf_z(&line, value.n ? ": " : ";"); /* curl's way to say an empty value */
        buf_add(&line, value);
        ok = buf_ok(&line) && append(list, line.p);
        buf_finish(&line);
    }
    return ok && curl_easy_setopt(f->h, CURLOPT_HTTPHEADER, *list) == CURLE_OK;
}

static bool set_parts(struct fetch *f, curl_mime *mime)
{
    for (size_t i = 0; i < f->rq->n_parts; i++) {
        const struct net_part *p = &f->rq->parts[i];
        curl_mimepart *part = curl_mime_addpart(mime);
        if (!part || curl_mime_name(part, p->name) != CURLE_OK)
            return false;
        CURLcode rc =
            p->path ? curl_mime_filedata(part, p->path) : curl_mime_data(part, p->data.n ? p->data.p : "", p->data.n);
        if (rc == CURLE_OK && p->path)
            rc = curl_mime_filename(part, p->filename ? p->filename : "file"); /* never the name on our disk */
        else if (rc == CURLE_OK && p->filename)
            rc = curl_mime_filename(part, p->filename);
        if (rc == CURLE_OK && p->type)
            rc = curl_mime_type(part, p->type);
        if (rc != CURLE_OK)
            return false;
    }
    return curl_easy_setopt(f->h, CURLOPT_MIMEPOST, mime) == CURLE_OK;
}

static bool set_method(struct fetch *f)
{
    const struct net_request *rq = f->rq;
    bool has_body = rq->body.n || rq->content_type;
    const char *method = rq->method ? rq->method : has_body || rq->n_parts ? "POST" : "GET";
    CURLcode rc = CURLE_OK;
    if (!is_token(sv_of(method)))
        return false;
    if (strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0)
        f->call.idempotent = true;
    if (strcmp(method, "HEAD") == 0)
        return curl_easy_setopt(f->h, CURLOPT_NOBODY, 1L) == CURLE_OK;
    if (strcmp(method, "GET") == 0 && !has_body && !rq->n_parts)
        return curl_easy_setopt(f->h, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    if (rq->n_parts == 0 && (has_body || strcmp(method, "POST") == 0)) {
        rc = curl_easy_setopt(f->h, CURLOPT_POST, 1L);
        if (rc == CURLE_OK)
            rc = curl_easy_setopt(f->h, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)rq->body.n);
        if (rc == CURLE_OK)
            rc = curl_easy_setopt(f->h, CURLOPT_POSTFIELDS, rq->body.n ? rq->body.p : "");
    }
    if (rc == CURLE_OK && strcmp(method, "POST") != 0)
        rc = curl_easy_setopt(f->h, CURLOPT_CUSTOMREQUEST, method);
    return rc == CURLE_OK;
}

static bool set_credentials(struct fetch *f)
{
    const struct net_request *rq = f->rq;
    if (rq->user.n == 0)
        return true;
    if (memchr(rq->user.p, 0, rq->user.n) || (rq->password.n && memchr(rq->password.p, 0, rq->password.n)))
        return false;
    return curl_easy_setopt(f->h, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK &&
           curl_easy_setopt(f->h, CURLOPT_USERNAME, arena_z(f->a, rq->user)) == CURLE_OK &&
           curl_easy_setopt(f->h, CURLOPT_PASSWORD, arena_z(f->a, rq->password)) == CURLE_OK;
}

static bool set_answer(struct fetch *f)
{
    return curl_easy_setopt(f->h, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(f->h, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(f->h, CURLOPT_HEADERDATA, f) == CURLE_OK &&
           curl_easy_setopt(f->h, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(f->h, CURLOPT_WRITEDATA, f) == CURLE_OK;
}

/* ---- one request ---- */

static void conclude(struct fetch *f, CURLcode rc, struct net_result *r)
{
    long status = 0;
    curl_easy_getinfo(f->h, CURLINFO_RESPONSE_CODE, &status);
    r->status = (int)status;
    r->phase = rc == CURLE_OK ? NET_DONE : f->call.sent ? NET_SENT : NET_NOT_SENT;
    r->code = f->too_large       ? "too-large"
              : f->file_failed   ? "file"
              : f->out_of_memory ? "memory"
                                 : net_code(&f->call, rc);
    if (rc == CURLE_OK && f->rq->download_path.n && status >= 200 && status < 300 && !keep_download(f))
        r->code = "file";
    if (rc == CURLE_OK && status >= 300 && status < 400)
        r->code = "redirect-refused";
    r->headers = f->headers;
    r->n_headers = f->n_headers;
    r->body = arena_sv(f->a, buf_sv(&f->body));
    r->body_bytes = (int64_t)f->bytes;
    r->retry_after_ms = net_retry_after(net_header_of(r, "Retry-After"), clock_now_ms());
    if (f->a->oom && r->phase == NET_DONE) {
        r->phase = NET_SENT; /* the answer is not whole */
        r->code = "memory";
    }
}

static void run(struct fetch *f, struct net_result *r)
{
    const struct net_request *rq = f->rq;
    struct curl_slist *list = NULL;
    curl_mime *mime = rq->n_parts ? curl_mime_init(f->h) : NULL;
    CURLU *u = curl_url();
    bool whole = rq->url.n && !memchr(rq->url.p, 0, rq->url.n);

    if (!u || (rq->n_parts && !mime))
        r->code = "memory";
    else if (!whole || curl_url_set(u, CURLUPART_URL, arena_z(f->a, rq->url), CURLU_DISALLOW_USER) != CURLUE_OK ||
             !origin_find(f->call.net, u, &f->call.rule))
        r->code = "origin-refused";
    else if (!set_headers(f, &list) || !set_method(f) || (mime && !set_parts(f, mime)) || !set_credentials(f) ||
             !set_answer(f) || !net_guard(&f->call, f->h, "http,https", rq->connect_ms, rq->total_ms, rq->idle_ms) ||
             curl_easy_setopt(f->h, CURLOPT_CURLU, u) != CURLE_OK || f->a->oom)
        r->code = f->a->oom ? "memory" : "request-refused";
    else
        conclude(f, curl_easy_perform(f->h), r);

    curl_easy_setopt(f->h, CURLOPT_CURLU, NULL);
    curl_slist_free_all(list);
    curl_mime_free(mime);
    curl_url_cleanup(u);
}

void net_fetch(struct net *n, struct arena *a, const struct net_request *rq, struct net_result *ret)
{
    size_t max = rq->max_response ? rq->max_response : rq->download_path.n ? DOWNLOAD_MAX : RESPONSE_MAX;
    struct fetch f = {.call = {.net = n, .idempotent = rq->idempotent}, .a = a, .rq = rq, .max = max, .fd = -1};

    *ret = (struct net_result){.phase = NET_NOT_SENT, .code = "memory"};
    f.headers = arena_array(a, struct net_header, HEADERS_MAX);
    f.h = f.headers ? net_take(n) : NULL;
    if (!f.h) {
        if (atomic_load(&n->stopping))
            ret->code = "stopped";
        return;
    }
    buf_init(&f.body, rq->download_path.n && max > RESPONSE_MAX ? RESPONSE_MAX : max);
    run(&f, ret);
    drop_download(&f);
    buf_finish(&f.body);
    net_give(n, f.h);
}

/* ---- small helpers ---- */

struct sv net_header_of(const struct net_result *r, const char *name)
{
    for (size_t i = r->n_headers; i > 0; i--)
        if (sv_ieq(r->headers[i - 1].name, sv_of(name)))
            return r->headers[i - 1].value;
    return (struct sv){0};
}

struct sv net_form(struct arena *a, const struct sv *pairs, size_t n_pairs)
{
    struct buf b;
    buf_init(&b, RESPONSE_MAX);
    for (size_t i = 0; i < n_pairs; i++) {
        if (i)
            buf_c(&b, '&');
        buf_url(&b, pairs[2 * i]);
        buf_c(&b, '=');
        buf_url(&b, pairs[2 * i + 1]);
    }
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

int64_t net_retry_after(struct sv value, int64_t now_ms)
{
    int64_t s, wait = 0;
    char z[64];
    if (sv_int(value, &s)) {
        wait = s > DAY_MS / 1000 ? DAY_MS : s * 1000;
    } else if (value.n > 0 && value.n < sizeof z) {
        memcpy(z, value.p, value.n);
        z[value.n] = 0;
        time_t at = curl_getdate(z, NULL);
        if (at > 0)
            wait = (int64_t)at * 1000 - now_ms;
    }
    return wait < 0 ? 0 : wait > DAY_MS ? DAY_MS : wait;
}
