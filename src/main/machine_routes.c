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

/* Nothing is parsed before the driver has verified the raw bytes; the answer leaves after the commit. */
static enum pw_err webhook(struct http_req *q, struct http_res *r)
{
    struct chan_request rq = {.body = q->body, .header = header_of, .self = q, .query = q->raw_query};
    struct sv reply = {0};
    enum pw_err e = hub_webhook(wire_app(q)->hub, q->arg_text[0], &rq, q->arena, q->id, &reply);
    r->type = SV("application/json");
    switch (e) {
    case PW_OK:
        buf_add(&r->body, reply.n ? reply : SV("{}"));
        r->status = 200;
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
    {HTTP_POST, "/hooks/telegram/{s}", RIGHT_ANYONE, webhook, NULL, "Receives what Telegram sends.",
     ROUTE_RAW | ROUTE_NO_TX},
    {HTTP_GET, "/healthz", RIGHT_ANYONE, health, NULL, "Says ok while the server answers.", ROUTE_RAW},
    {HTTP_GET, "/api/v1/openapi.json", RIGHT_ANYONE, description, NULL, "This description.", ROUTE_RAW},
    {0},
};
