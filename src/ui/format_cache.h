/* SPDX-License-Identifier: EUPL-1.2 */
/* format_cache: the ICU formatters of one catalogue. Made and freed by catalog.c, used by format.c only. */
#ifndef PW_FORMAT_CACHE_H
#define PW_FORMAT_CACHE_H

#include "base/buf.h"

struct format_cache;
struct format_cache *format_cache_new(const char *locale); /* NULL: out of memory or ICU without data */
void format_cache_free(struct format_cache *fc);           /* NULL-safe */

/* A whole number in the digits and grouping of the locale. */
void format_cache_int(struct format_cache *fc, struct buf *out, int64_t v);

#endif
