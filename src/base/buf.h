/* SPDX-License-Identifier: EUPL-1.2 */
/* buf: growing bytes with a maximum from birth. A failed append sets `failed` for good and later ones do nothing, so a
 * chain is checked once with buf_ok(). Owns its memory: buf_finish() gives it back (NULL-safe, repeatable). */
#ifndef PW_BUF_H
#define PW_BUF_H

#include "sv.h"

struct buf {
    char *p;
    size_t n, size, max;
    bool failed;
};

void buf_init(struct buf *b, size_t max);
void buf_finish(struct buf *b);
void buf_clear(struct buf *b); /* empties and forgives; memory and max stay */
bool buf_ok(const struct buf *b);

void buf_add(struct buf *b, struct sv s);
void buf_z(struct buf *b, const char *z);
void buf_c(struct buf *b, char c);
void buf_int(struct buf *b, int64_t v);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_hex(struct buf *b, struct sv bytes); /* lower case */
void buf_url(struct buf *b, struct sv text);  /* percent-encodes all but unreserved characters */
struct sv buf_sv(const struct buf *b);        /* valid until the next change */

#endif
