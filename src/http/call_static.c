/* SPDX-License-Identifier: EUPL-1.2 */
/* A call for a static file: which one, how long it may be kept, and whether the browser has it already. */
#include "http/call.h"
#include "http/gzip.h"

static bool etag_listed(struct sv header_value, struct sv etag)
{
    struct sv rest = header_value, item;
    while (header_value.n && sv_cut(&rest, ',', &item)) {
        item = sv_trim(item);
        if (sv_starts(item, SV("W/")))
            item = sv_sub(item, 2, item.n);
        if (sv_eq(item, etag) || sv_eq(item, SV("*")))
            return true;
    }
    return false;
}

const struct static_file *call_static_file(const struct call *c, bool *ret_lasting)
{
    const struct server *s = c->server;
    struct sv path = c->q.path, version;
    *ret_lasting = false;
    if (sv_eq(path, SV("/favicon.ico")) || sv_eq(path, SV("/robots.txt")))
        return static_find(s->files, sv_sub(path, 1, path.n));
    if (!sv_starts(path, SV("/static/")))
        return NULL;
    struct sv name = sv_sub(path, 8, path.n);
    const struct static_file *f = static_find(s->files, name);
    if (f)
        return f;
    sv_cut(&name, '/', &version);
    f = static_find(s->files, name);
    *ret_lasting = s->cf.static_version.n && sv_eq(version, s->cf.static_version);
    return f;
}

bool call_answer_static(struct call *c)
{
    bool lasting;
    const struct static_file *f = c->q.method == HTTP_GET ? call_static_file(c, &lasting) : NULL;
    if (!f)
        return false;
    c->r.cacheable = true;
    c->r.type = sv_of(f->type);
    http_set_header(&c->r, SV("ETag"), sv_of(f->etag));
    http_set_header(&c->r, SV("Cache-Control"),
                    lasting ? SV("public, max-age=31536000, immutable") : SV("public, max-age=0, must-revalidate"));
    if (f->gz.n)
        http_set_header(&c->r, SV("Vary"), SV("Accept-Encoding"));
    if (etag_listed(c->header(c->conn, "If-None-Match"), sv_of(f->etag))) {
        c->r.status = 304;
        return true;
    }
    c->r.status = 200;
    c->fixed = f->bytes;
    if (f->gz.n && gzip_accepted(c->header(c->conn, "Accept-Encoding"))) {
        c->fixed = f->gz;
        http_set_header(&c->r, SV("Content-Encoding"), SV("gzip"));
    }
    return true;
}
