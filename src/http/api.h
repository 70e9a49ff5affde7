/* SPDX-License-Identifier: EUPL-1.2 */
/* api: what rooms share to speak JSON: the frame of a list with its cursor, and what a room adds to the description of
 * the API: the schemas of its replies, by the names that its route rows give in `reply`, made of its
 * <room>_replies.json by tools/replies2c.py. A test checks every recorded reply against its schema. */
#ifndef PW_API_H
#define PW_API_H

#include "http/http.h"
#include "json/json.h"

struct api_schema {
    const char *name; /* "Question" */
    const char *json; /* JSON Schema 2020-12, an object text; refers to others as #/components/schemas/X */
};

/* ---- lists, page by page: "next" of an answer is the "cursor" of the next call ---- */

enum { API_PAGE = 50, API_PAGE_MAX = 200, API_CURSOR_PARTS = 3 };
int64_t api_page_size(const struct http_req *q); /* field "limit", within bounds */
/* Field "cursor": up to three numbers of the last row, opaque to callers; zeros at the beginning. PW_INVALID with a
 * problem. */
PW_MUST_CHECK enum pw_err api_cursor(struct http_req *q, int64_t ret[API_CURSOR_PARTS]);
/* {"<name>":[ … the caller's rows … ],"next": … }. Between api_rows_end() and api_end() more members may be written. A
 * list that is never long ends with api_list_whole() and has no "next". */
void api_list_begin(struct json_w *w, struct http_res *r, const char *name);
void api_rows_end(struct json_w *w);
PW_MUST_CHECK enum pw_err api_end(struct json_w *w, struct arena *a, bool more, int64_t x, int64_t y, int64_t z);
/* Both. */
PW_MUST_CHECK enum pw_err api_list_end(struct json_w *w, struct arena *a, bool more, int64_t x, int64_t y, int64_t z);
PW_MUST_CHECK enum pw_err api_list_whole(struct json_w *w);
PW_MUST_CHECK enum pw_err api_done(const struct json_w *w); /* one whole value was written */

#define API_PAGE_FIELDS                                                                                                \
    {"cursor", FIELD_TEXT, 0, 0, 80, NULL, "Value of next from the page before."},                                     \
    {                                                                                                                  \
        "limit", FIELD_INT, 0, 0, API_PAGE_MAX, NULL, "Rows a page; 0 = 50."                                           \
    }

#endif
