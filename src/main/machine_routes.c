/* SPDX-License-Identifier: EUPL-1.2 */
#include "machine_routes.h"

#include "channel/hub.h"
#include "core/access.h"
#include "main/openapi.h"
#include "main/serve.h"
#include "main/version.h"
#include "main/wire.h"

static struct sv header_of(const void *self, const char *name)
{
    return http_header(self, name);
}

/* The address that the provider was given: from the configuration, never from what the caller claims. */
static struct sv own_url(struct http_req *q)
{
    return arena_fmt(q->arena, "%.*s%.*s%s%.*s", SV_ARG(q->host), SV_ARG(q->path), q->raw_query.n ? "?" : "",
                     SV_ARG(q->raw_query));
}

static struct sv rest_of(const struct http_req *q)
{
    struct sv rest = q->path, piece;
    for (int i = 0; i < 4; i++) /* "", "hooks", kind, name */
        if (!sv_cut(&rest, '/', &piece))
            return (struct sv){0};
    return rest;
}

/* Nothing is parsed before the driver has verified the raw bytes; the answer leaves after the commit. */
static enum pw_err webhook(struct http_req *q, struct http_res *r)
{
    static const char *const methods[] = {[HTTP_GET] = "GET", "POST", "PUT", "DELETE"};
    struct sv kind = q->arg_text[0], name = q->arg_text[1];
    struct chan_request rq = {.method = methods[q->method],
                              .url = own_url(q),
                              .rest = rest_of(q),
                              .query = q->raw_query,
                              .body = q->body,
                              .now_ms = q->now_ms,
                              .header = header_of,
                              .self = q};
    struct chan_reply reply = {0};
    enum pw_err e = hub_webhook(wire_app(q)->hub, kind, name, &rq, q->arena, q->id, &reply);
    r->type = SV("application/json");
    switch (e) {
    case PW_OK:
        buf_add(&r->body, reply.body.n || reply.type.n ? reply.body : SV("{}"));
        r->status = reply.status ? reply.status : 200;
        if (reply.type.n)
            r->type = reply.type;
        break;
    case PW_DENIED:
    case PW_NOT_FOUND: /* an unknown name looks like a wrong secret */
        r->status = 401;
        buf_z(&r->body, "{}");
        break;
    case PW_INVALID:
        r->status = 400;
        buf_z(&r->body, "{}");
        break;
    default:
        r->status = 503;
        buf_z(&r->body, "{}");
    }
    return PW_OK;
}

/* The Matrix specification wants 403 and an error code where others get 401. */
static enum pw_err matrix_hook(struct http_req *q, struct http_res *r)
{
    PW_TRY(webhook(q, r));
    if (r->status == 401) {
        r->status = 403;
        buf_clear(&r->body);
        buf_z(&r->body, "{\"errcode\":\"M_FORBIDDEN\",\"error\":\"Wrong token\"}");
    }
    return PW_OK;
}

static enum pw_err health(struct http_req *q, struct http_res *r)
{
    (void)q;
    r->type = SV("text/plain; charset=utf-8");
    buf_z(&r->body, "ok\n");
    return PW_OK;
}

static enum pw_err description(struct http_req *q, struct http_res *r)
{
    size_t n_tables, n_schemas;
    const struct route *const *tables = serve_routes(&n_tables);
    const struct api_schema *const *schemas = serve_schemas(&n_schemas);
    r->type = SV("application/json");
    return openapi_write(tables, n_tables, schemas, n_schemas, q->arena, &r->body);
}

const struct route machine_routes[] = {
    /* Raw: the provider has no session; the driver authenticates the call itself. */
    {HTTP_POST, "/hooks/{s}/{s}", RIGHT_ANYONE, webhook, NULL, "Receives what a provider sends.",
     ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_GET, "/hooks/{s}/{s}", RIGHT_ANYONE, webhook, NULL, "Answers a provider that checks the address.",
     ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_PUT, "/hooks/{s}/{s}/_matrix/app/v1/transactions/{s}", RIGHT_ANYONE, matrix_hook, NULL,
     "Receives the events of a Matrix homeserver.", ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_POST, "/hooks/{s}/{s}/_matrix/app/v1/ping", RIGHT_ANYONE, matrix_hook, NULL,
     "Answers a Matrix homeserver that tries the connection.", ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_GET, "/hooks/{s}/{s}/_matrix/app/v1/users/{s}", RIGHT_ANYONE, matrix_hook, NULL,
     "Tells a Matrix homeserver that we know no other users.", ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_GET, "/hooks/{s}/{s}/_matrix/app/v1/rooms/{s}", RIGHT_ANYONE, matrix_hook, NULL,
     "Tells a Matrix homeserver that we know no other rooms.", ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_GET, "/healthz", RIGHT_ANYONE, health, NULL, "Says ok while the server answers.", ROUTE_RAW},
    {HTTP_GET, "/api/v1/openapi.json", RIGHT_ANYONE, description, NULL, "This description.", ROUTE_RAW},
    {0},
};
