/* SPDX-License-Identifier: EUPL-1.2 */
/* multipart/form-data (RFC 7578, RFC 2046 5.1), stricter than browsers need: CRLF line ends, a name in every part, no
 * transfer encodings, no parts inside parts. What is not exactly that is refused rather than guessed at, so that a
 * proxy or scanner in front and this parser can never read the same bytes differently. */
#include <string.h>

#include "http/form.h"

enum { BOUNDARY_MAX = 70, PART_HEAD_MAX = 8 * 1024, PART_HEADERS_MAX = 16, FILE_NAME_MAX = 1000 };

/* A parameter of a header value: ;name=token or ;name="quoted". Only \" and \\ are unescaped: old browsers send paths.
 * Returns false when the value is malformed or the parameter is there twice; *ret stays empty when it is absent. */
static bool parameter(struct arena *a, struct sv value, const char *name, bool *ret_given, struct sv *ret)
{
    const char *p = value.p, *end = value.p + value.n;
    struct sv out = {0};
    bool given = false;
    p = value.n ? memchr(p, ';', value.n) : NULL;
    while (p) {
        p++;
        while (p < end && (*p == ' ' || *p == '\t'))
            p++;
        if (p == end)
            break;
        const char *eq = memchr(p, '=', (size_t)(end - p));
        if (!eq)
            return false;
        struct sv key = sv_trim((struct sv){p, (size_t)(eq - p)});
        struct sv text;
        p = eq + 1;
        if (p < end && *p == '"') {
            char *q = arena_alloc(a, (size_t)(end - p), 1);
            size_t n = 0;
            if (!q)
                return false;
            for (p++; p < end && *p != '"'; p++) {
                if (*p == '\\' && end - p > 1 && (p[1] == '"' || p[1] == '\\'))
                    p++;
                q[n++] = *p;
            }
            if (p == end)
                return false;
            p++;
            text = (struct sv){q, n};
            while (p < end && (*p == ' ' || *p == '\t'))
                p++;
            if (p < end && *p != ';')
                return false;
        } else {
            const char *stop = memchr(p, ';', (size_t)(end - p));
            text = sv_trim((struct sv){p, (size_t)((stop ? stop : end) - p)});
            p = stop ? stop : end;
        }
        if (sv_ieq(key, sv_of(name))) {
            if (given)
                return false;
            given = true;
            out = text;
        }
        if (p == end)
            break;
    }
    *ret_given = given;
    *ret = out;
    return true;
}

static struct sv before_parameters(struct sv value)
{
    const char *semi = value.n ? memchr(value.p, ';', value.n) : NULL;
    return sv_trim(semi ? (struct sv){value.p, (size_t)(semi - value.p)} : value);
}

struct sv form_boundary(struct arena *a, struct sv content_type)
{
    static const char extra[] = "'()+_,-./:=? ";
    bool given;
    struct sv b;
    if (!sv_ieq(before_parameters(content_type), SV("multipart/form-data")) ||
        !parameter(a, content_type, "boundary", &given, &b) || !b.n || b.n > BOUNDARY_MAX || b.p[b.n - 1] == ' ')
        return (struct sv){0};
    for (size_t i = 0; i < b.n; i++) {
        char c = b.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && (!c || !strchr(extra, c)))
            return (struct sv){0};
    }
    return b;
}

/* The head of one part, without its blank line. */
static enum pw_err part_head(struct arena *a, struct sv head, struct form_pair *ret)
{
    struct form_pair part = {0};
    bool named = false, is_file = false;
    size_t lines = 0;
    while (head.n) {
        ptrdiff_t at = sv_find(head, SV("\r\n"));
        struct sv line = at < 0 ? head : sv_sub(head, 0, (size_t)at);
        head = at < 0 ? (struct sv){0} : sv_sub(head, (size_t)at + 2, head.n);
        const char *colon = line.n ? memchr(line.p, ':', line.n) : NULL;
        if (!colon || colon == line.p || ++lines > PART_HEADERS_MAX || memchr(line.p, '\n', line.n) ||
            memchr(line.p, '\r', line.n) || memchr(line.p, 0, line.n))
            return PW_INVALID;
        struct sv key = {line.p, (size_t)(colon - line.p)};
        struct sv value = sv_trim(sv_sub(line, key.n + 1, line.n));
        if (sv_ieq(key, SV("Content-Disposition"))) {
            if (named || !sv_ieq(before_parameters(value), SV("form-data")) ||
                !parameter(a, value, "name", &named, &part.name) || !named ||
                !parameter(a, value, "filename", &is_file, &part.file_name))
                return PW_INVALID;
        } else if (sv_ieq(key, SV("Content-Type"))) {
            if (part.type.n || sv_starts(value, SV("multipart/")))
                return PW_INVALID;
            part.type = value;
        } else if (sv_ieq(key, SV("Content-Transfer-Encoding"))) {
            if (!sv_ieq(value, SV("8bit")) && !sv_ieq(value, SV("7bit")) && !sv_ieq(value, SV("binary")))
                return PW_INVALID;
        }
    }
    if (!named || !part.name.n || part.name.n > FORM_NAME_MAX || part.file_name.n > FILE_NAME_MAX)
        return PW_INVALID;
    part.kind = is_file ? FORM_FILE : FORM_VALUE;
    *ret = part;
    return PW_OK;
}

/* Moves *io_rest behind the next delimiter line and gives what stood before it. */
static enum pw_err next_delimiter(struct sv *io_rest, struct sv mark, struct sv *ret_before, bool *ret_last)
{
    struct sv rest = *io_rest;
    size_t from = 0;
    for (;;) {
        if (from > rest.n)
            return PW_INVALID;
        const char *p = rest.n > from ? memmem(rest.p + from, rest.n - from, mark.p, mark.n) : NULL;
        if (!p)
            return PW_INVALID;
        size_t at = (size_t)(p - rest.p), after = at + mark.n;
        struct sv tail = sv_sub(rest, after, rest.n);
        bool last = sv_starts(tail, SV("--"));
        if (!last)
            while (tail.n && (tail.p[0] == ' ' || tail.p[0] == '\t'))
                tail = sv_sub(tail, 1, tail.n);
        if (last || sv_starts(tail, SV("\r\n"))) {
            *ret_before = sv_sub(rest, 0, at);
            *io_rest = sv_sub(tail, 2, tail.n);
            *ret_last = last;
            return PW_OK;
        }
        from = after; /* a longer line that only begins like the boundary: data */
    }
}

enum pw_err form_multipart(struct arena *a, struct sv body, struct sv boundary, struct form *ret)
{
    struct form f = {0};
    struct sv before, rest = body;
    bool last = false;
    struct sv mark = arena_join(a, SV("\r\n--"), boundary);
    if (!boundary.n)
        return PW_INVALID;
    if (!mark.p)
        return PW_UNAVAILABLE;
    /* The first delimiter may open the body; a preamble before it is for people and ignored. */
    if (sv_starts(rest, sv_sub(mark, 2, mark.n))) {
        struct sv tail = sv_sub(rest, mark.n - 2, rest.n);
        while (tail.n && (tail.p[0] == ' ' || tail.p[0] == '\t'))
            tail = sv_sub(tail, 1, tail.n);
        if (sv_starts(tail, SV("--")))
            last = true;
        else if (!sv_starts(tail, SV("\r\n")))
            return PW_INVALID;
        rest = sv_sub(tail, 2, tail.n);
    } else {
        PW_TRY(next_delimiter(&rest, mark, &before, &last));
    }
    while (!last) {
        struct form_pair part;
        /* rest stands behind the delimiter's CRLF: the head, a blank line, the data. */
        ptrdiff_t blank = sv_find(sv_sub(rest, 0, PART_HEAD_MAX), SV("\r\n\r\n"));
        if (blank <= 0)
            return PW_INVALID;
        PW_TRY(part_head(a, sv_sub(rest, 0, (size_t)blank), &part));
        /* The last CRLF of the blank line may already begin the delimiter of an empty part. */
        rest = sv_sub(rest, (size_t)blank + 2, rest.n);
        PW_TRY(next_delimiter(&rest, mark, &before, &last));
        part.value = sv_sub(before, 2, before.n);
        PW_TRY(form_add(a, &f, part));
    }
    *ret = f;
    return PW_OK;
}
