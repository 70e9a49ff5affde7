/* SPDX-License-Identifier: EUPL-1.2 */
#include "api.h"

#include <inttypes.h>
#include <stdio.h>

int64_t api_page_size(const struct http_req *q)
{
    int64_t n = http_int(q, "limit");
    return n < 1 ? API_PAGE : n > API_PAGE_MAX ? API_PAGE_MAX : n;
}

enum pw_err api_cursor(struct http_req *q, int64_t ret[API_CURSOR_PARTS])
{
    struct sv rest = http_text(q, "cursor"), part;
    int64_t v[API_CURSOR_PARTS] = {0};
    bool good = true;
    for (int i = 0; i < API_CURSOR_PARTS && rest.n; i++)
        good &= sv_cut(&rest, '.', &part) && sv_int(part, &v[i]);
    if (!good || rest.n)
        return problem_add(&q->problems, "cursor", N_("Use the value of \"next\" from the page before, as it is."));
    for (int i = 0; i < API_CURSOR_PARTS; i++)
        ret[i] = v[i];
    return PW_OK;
}

void api_list_begin(struct json_w *w, struct http_res *r, const char *name)
{
    json_w_init(w, &r->body);
    json_w_object(w);
    json_w_key(w, name);
    json_w_array(w);
}

void api_rows_end(struct json_w *w)
{
    json_w_end(w);
}

enum pw_err api_end(struct json_w *w, struct arena *a, bool more, int64_t x, int64_t y, int64_t z)
{
    json_w_key(w, "next");
    if (more)
        json_w_sv(w, arena_fmt(a, "%" PRId64 ".%" PRId64 ".%" PRId64, x, y, z));
    else
        json_w_null(w);
    json_w_end(w);
    return api_done(w);
}

enum pw_err api_list_end(struct json_w *w, struct arena *a, bool more, int64_t x, int64_t y, int64_t z)
{
    api_rows_end(w);
    return api_end(w, a, more, x, y, z);
}

enum pw_err api_list_whole(struct json_w *w)
{
    api_rows_end(w);
    json_w_end(w);
    return api_done(w);
}

enum pw_err api_done(const struct json_w *w)
{
    return json_w_ok(w) ? PW_OK : PW_INTERNAL;
}
