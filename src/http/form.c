/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/form.h"

#include <string.h>

#include "base/unicode.h"

enum pw_err form_add(struct arena *a, struct form *f, struct form_pair pair)
{
    if (f->n >= FORM_PAIRS_MAX)
        return PW_INVALID;
    if (f->n == f->size) {
        size_t size = f->size ? f->size * 2 : 16;
        struct form_pair *v = arena_array(a, struct form_pair, size);
        if (!v)
            return PW_UNAVAILABLE;
        if (f->n)
            memcpy(v, f->v, f->n * sizeof *v);
        f->v = v;
        f->size = size;
    }
    f->v[f->n++] = pair;
    return PW_OK;
}

/* ---- percent-encoding ---- */

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* False when the arena is full. */
static bool decode(struct arena *a, struct sv s, bool plus, struct sv *ret)
{
    if (!s.n || (!memchr(s.p, '%', s.n) && !(plus && memchr(s.p, '+', s.n)))) {
        *ret = s;
        return true;
    }
    char *out = arena_alloc(a, s.n, 1);
    if (!out)
        return false;
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%' && s.n - i > 2 && hex(s.p[i + 1]) >= 0 && hex(s.p[i + 2]) >= 0) {
            c = (char)(hex(s.p[i + 1]) * 16 + hex(s.p[i + 2]));
            i += 2;
        } else if (c == '+' && plus) {
            c = ' ';
        }
        out[n++] = c;
    }
    *ret = (struct sv){out, n};
    return true;
}

struct sv form_text(const struct form *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (sv_eq_z(f->v[i].name, name))
            return f->v[i].value;
    return (struct sv){0};
}

enum pw_err form_urlencoded(struct arena *a, struct sv text, struct form *ret)
{
    struct form f = {0};
    struct sv rest = text, piece;
    if (!text.n) {
        *ret = f;
        return PW_OK;
    }
    while (sv_cut(&rest, '&', &piece)) {
        struct form_pair p = {0};
        if (!piece.n)
            continue;
        const char *eq = memchr(piece.p, '=', piece.n);
        size_t at = eq ? (size_t)(eq - piece.p) : piece.n;
        if (!decode(a, sv_sub(piece, 0, at), true, &p.name) ||
            !decode(a, sv_sub(piece, eq ? at + 1 : at, piece.n), true, &p.value))
            return PW_UNAVAILABLE;
        if (p.name.n > FORM_NAME_MAX)
            return PW_INVALID;
        PW_TRY(form_add(a, &f, p));
    }
    *ret = f;
    return PW_OK;
}

bool path_decode(struct arena *a, struct sv raw, struct sv *ret)
{
    struct sv path;
    if (!raw.n || raw.p[0] != '/' || raw.n > PATH_BYTES_MAX)
        return false;
    for (size_t i = 0; i < raw.n; i++) {
        if (raw.p[i] != '%')
            continue;
        if (raw.n - i < 3 || hex(raw.p[i + 1]) < 0 || hex(raw.p[i + 2]) < 0)
            return false;
        if (hex(raw.p[i + 1]) * 16 + hex(raw.p[i + 2]) == '/')
            return false;
    }
    if (!decode(a, raw, false, &path) || !text_valid(path))
        return false;
    for (size_t i = 0; i < path.n; i++) {
        unsigned char c = (unsigned char)path.p[i];
        if (c < ' ' || c == 0x7f || c == '\\')
            return false;
    }
    struct sv rest = path, seg;
    while (sv_cut(&rest, '/', &seg))
        if (sv_eq(seg, SV(".")) || sv_eq(seg, SV("..")))
            return false;
    *ret = path;
    return true;
}

/* ---- cookies ---- */

struct sv cookie_find(struct sv header, struct sv name)
{
    struct sv rest = header, piece;
    if (!header.n || !name.n)
        return (struct sv){0};
    while (sv_cut(&rest, ';', &piece)) {
        piece = sv_trim(piece);
        if (piece.n <= name.n || piece.p[name.n] != '=' || !sv_eq(sv_sub(piece, 0, name.n), name))
            continue;
        struct sv v = sv_sub(piece, name.n + 1, piece.n);
        if (v.n >= 2 && v.p[0] == '"' && v.p[v.n - 1] == '"')
            v = sv_sub(v, 1, v.n - 2);
        return v;
    }
    return (struct sv){0};
}
