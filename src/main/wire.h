/* SPDX-License-Identifier: EUPL-1.2 */
/* wire: what main/ hands to http: who asks (session cookie or API token), in which language, with which form token; and
 * how a handler runs: a read for GET, one transaction for everything else, repeated safely; API writes with an
 * Idempotency-Key answer a second call with the first one's result (owns table idempotency). */
#ifndef PW_WIRE_H
#define PW_WIRE_H

#include "http/http.h"
#include "main/app.h"

#define SESSION_COOKIE "pw"

struct http_host wire_host(struct app *app);
struct app *wire_app(const struct http_req *q); /* the installation this request came to */
/* Removes idempotency results older than a day. */
PW_MUST_CHECK enum pw_err wire_forget_old(struct ctx *c);

#endif
