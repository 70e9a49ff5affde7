/* SPDX-License-Identifier: EUPL-1.2 */
/* route: from method and path to a row of the route tables. The index is made once at start, from rows that live for
 * the whole process, and is only read afterwards. Segments are compared after percent-decoding; an encoded slash never
 * reaches this room (path.h). */
#ifndef PW_HTTP_ROUTE_H
#define PW_HTTP_ROUTE_H

#include "http/http.h"

enum { ROUTE_SEGMENTS_MAX = 12, ROUTE_ARGS_MAX = 4, ROUTE_NAME_MAX = 200 };

struct route_index;
struct route_hit {
    const struct route *route; /* NULL: no row with this method */
    unsigned methods;          /* bits 1 << enum http_method of the rows that match the path */
    struct sv arg_text[ROUTE_ARGS_MAX];
    int64_t arg[ROUTE_ARGS_MAX];
};

/* PW_INVALID: a row is malformed, or two rows match the same path and neither is the more exact; ret_why (optional,
 * written then) is one line naming them. The caller frees the index with route_index_free(). */
PW_MUST_CHECK enum pw_err route_index_new(const struct route *const *tables, size_t n_tables, struct route_index **ret,
                                          struct buf *ret_why);
void route_index_free(struct route_index *ix);
void route_find(const struct route_index *ix, enum http_method method, struct sv path, struct route_hit *ret);

#endif
