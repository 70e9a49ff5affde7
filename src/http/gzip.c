/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/gzip.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

bool gzip_pack(struct sv in, int level, struct buf *out)
{
    z_stream z = {0};
    unsigned char piece[16 * 1024];
    size_t start = out->n;
    int rc;
    if (in.n > UINT_MAX || deflateInit2(&z, level, Z_DEFLATED, 13 + 16, 7, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    z.next_in = (unsigned char *)(uintptr_t)in.p;
    z.avail_in = (unsigned)in.n;
    do {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        rc = deflate(&z, Z_FINISH);
        buf_add(out, (struct sv){(const char *)piece, sizeof piece - z.avail_out});
    } while (rc == Z_OK && buf_ok(out));
    deflateEnd(&z);
    return rc == Z_STREAM_END && buf_ok(out) && out->n - start < in.n;
}

bool gzip_accepted(struct sv accept_encoding)
{
    struct sv rest = accept_encoding, item;
    if (!rest.n)
        return false;
    while (sv_cut(&rest, ',', &item)) {
        struct sv name;
        sv_cut(&item, ';', &name);
        if (!sv_ieq(sv_trim(name), SV("gzip")))
            continue;
        struct sv q = sv_trim(item);
        if (!sv_starts(q, SV("q=0")))
            return true;
        for (size_t i = 3; i < q.n; i++)
            if (q.p[i] >= '1' && q.p[i] <= '9')
                return true;
        return false;
    }
    return false;
}

bool gzip_type(struct sv t)
{
    return sv_starts(t, SV("text/")) || sv_starts(t, SV("application/json")) ||
           sv_starts(t, SV("application/problem+json")) || sv_starts(t, SV("image/svg+xml")) ||
           sv_starts(t, SV("application/manifest+json"));
}
