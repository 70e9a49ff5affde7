/* SPDX-License-Identifier: EUPL-1.2 */
/* What handlers ask of a request. */
#include <assert.h>
#include <string.h>

#include "http/call.h"
#include "http/form.h"
#include "http/http.h"

struct sv http_header(const struct http_req *q, const char *name)
{
    const struct call *c = q->impl;
    return c && c->header ? c->header(c->conn, name) : (struct sv){0};
}

struct sv http_cookie(const struct http_req *q, const char *name)
{
    char full[128] = "__Host-";
    size_t n = strlen(name);
    if (n > sizeof full - 8)
        return (struct sv){0};
    memcpy(full + 7, name, n + 1);
    return cookie_find(http_header(q, "Cookie"), sv_of(q->secure ? full : name));
}

static const struct http_value *declared(const struct http_req *q, const char *name)
{
    if (q->route && q->route->fields && q->values)
        for (size_t i = 0; q->route->fields[i].name; i++)
            if (strcmp(q->route->fields[i].name, name) == 0)
                return &q->values[i];
    return NULL;
}

struct sv http_kept(const struct http_req *q, const char *name)
{
    const struct http_value *v = declared(q, name);
    return v ? v->text : (struct sv){0};
}

const struct http_value *http_value(const struct http_req *q, const char *name)
{
    static const struct http_value none;
    const struct http_value *v = declared(q, name);
    if (v)
        return v;
    assert(false && "a field that the route does not declare");
    return &none;
}

struct sv http_text(const struct http_req *q, const char *name)
{
    return http_value(q, name)->text;
}

int64_t http_int(const struct http_req *q, const char *name)
{
    return http_value(q, name)->i;
}

bool http_given(const struct http_req *q, const char *name)
{
    return http_value(q, name)->given;
}
