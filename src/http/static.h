/* SPDX-License-Identifier: EUPL-1.2 */
/* static: the files of one folder, read once at start and kept, texts also packed. Only what the list holds can be
 * asked for: no path of a request ever reaches the file system. Names: [a-z0-9._-], a known ending, at most one folder
 * deep, no symbolic links. */
#ifndef PW_HTTP_STATIC_H
#define PW_HTTP_STATIC_H

#include "base/buf.h"
#include "base/err.h"

enum { STATIC_FILES_MAX = 400, STATIC_FILE_MAX = 4 * 1024 * 1024, STATIC_ALL_MAX = 24 * 1024 * 1024 };

struct static_file {
    char name[128]; /* "app.css", "fonts/x.woff2" */
    char etag[24];  /* with its quotes */
    const char *type;
    struct sv bytes, gz; /* gz empty: not worth it */
    char *own_bytes;
    struct buf own_gz;
};
struct static_set;

/* PW_NOT_FOUND: no such folder; PW_INVALID: too much in it; PW_UNAVAILABLE: cannot be read. */
PW_MUST_CHECK enum pw_err static_load(struct sv dir, struct static_set **ret);
void static_free(struct static_set *set);
const struct static_file *static_find(const struct static_set *set, struct sv name); /* NULL-safe */
uint64_t static_hash(const struct static_set *set);                                  /* of all names and bytes */

#endif
