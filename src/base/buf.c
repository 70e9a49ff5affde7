/* SPDX-License-Identifier: EUPL-1.2 */
#include "buf.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

void buf_finish(struct buf *b)
{
    if (!b)
        return;
    free(b->p);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    b->failed = false;
}

bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

static char *grow(struct buf *b, size_t n)
{
    if (b->failed || n > b->max || b->n > b->max - n) {
        b->failed = true;
        return NULL;
    }
    if (b->size - b->n < n + 1) {
        size_t size = b->size ? b->size * 2 : 256;
        while (size < b->n + n + 1)
            size *= 2;
        char *p = realloc(b->p, size);
        if (!p) {
            b->failed = true;
            return NULL;
        }
        b->p = p;
        b->size = size;
    }
    return b->p + b->n;
}

void buf_add(struct buf *b, struct sv s)
{
    char *at = s.n ? grow(b, s.n) : NULL;
    if (!at)
        return;
    memcpy(at, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = 0;
}

void buf_z(struct buf *b, const char *z)
{
    buf_add(b, sv_of(z));
}

void buf_c(struct buf *b, char c)
{
    buf_add(b, (struct sv){&c, 1});
}

void buf_int(struct buf *b, int64_t v)
{
    buf_fmt(b, "%" PRId64, v);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    char *at = n > 0 ? grow(b, (size_t)n) : NULL;
    if (n < 0)
        b->failed = true;
    if (at && vsnprintf(at, (size_t)n + 1, fmt, again) == n)
        b->n += (size_t)n;
    va_end(again);
    va_end(ap);
}

void buf_hex(struct buf *b, struct sv bytes)
{
    static const char digit[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        buf_add(b, (struct sv){(char[]){digit[c >> 4], digit[c & 15]}, 2});
    }
}

void buf_url(struct buf *b, struct sv text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                     c == '_' || c == '.' || c == '~';
        if (plain)
            buf_c(b, (char)c);
        else
            buf_fmt(b, "%%%02X", c);
    }
}

struct sv buf_sv(const struct buf *b)
{
    return (struct sv){b->p ? b->p : "", b->n};
}
