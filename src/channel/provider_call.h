/* SPDX-License-Identifier: EUPL-1.2 */
/* provider_call: what drivers of HTTP APIs share: one request and what came of it, JSON bodies, downloads, the address
 * of the service as a setting. Knows no provider. */
#ifndef PW_PROVIDER_CALL_H
#define PW_PROVIDER_CALL_H

#include "channel/channel.h"
#include "channel/setting_check.h"
#include "net/net.h"
#include "json/json.h"

/* ---- settings ---- */

/* The setting "api_base" without a slash at its end, or else what the provider says. */
struct sv setting_base(const struct channel *ch, const char *otherwise);
/* Only letters, digits, '_' and '-', 1 to max of them. */
bool setting_word_ok(struct sv s, size_t max);
/* 8 to 500 printable characters without a blank: tokens of providers. */
bool setting_token_ok(struct sv s);
/* Lets the channel out to the address the operator gave (which may lie on this machine), or else to `urls`. */
enum pw_err provider_allow(const struct channel *ch, struct net *net, const char *const *urls, size_t n);

/* ---- bodies ---- */

struct json_body {
    struct buf b;
    struct json_w w; /* inside an object already */
};
void body_begin(struct json_body *x);
struct sv body_end(struct json_body *x, struct arena *a); /* ends the object; empty when it did not fit */

/* ---- calls ---- */

struct call_answer {
    /* By network and status alone: 2xx with JSON is SEND_OK, 2xx that cannot be read is SEND_IN_DOUBT, 429 waits with
     * the whole channel, 408, 409 and 5xx are tried again, other refusals are SEND_FAILED. code: the status, or
     * "net-…". A driver that reads the provider's own error makes it finer. */
    struct send_result res;
    int status;         /* 0: no answer came */
    struct sv body;     /* empty unless it came whole */
    const json_t *json; /* the answer, NULL when it is not JSON */
};
/* Times that are 0 are set here. A lost answer to an idempotent request is SEND_RETRY, else SEND_IN_DOUBT. */
void provider_call(struct net *net, struct arena *a, const struct net_request *rq, struct call_answer *ret);
/* "Authorization: Bearer …" */
const struct net_header *bearer(struct arena *a, struct sv token);
/* GETs a file to `path`. PW_NOT_FOUND: gone; PW_INVALID: more than max bytes; PW_UNAVAILABLE: later. */
PW_MUST_CHECK enum pw_err provider_download(struct net *net, struct arena *a, const struct net_request *rq, size_t max,
                                            struct sv path);

/* ---- what comes in ---- */

/* The raw value of a name in a query; empty when absent. Values with percent codes stay as they are. */
struct sv query_raw(struct sv query, const char *name);
/* At most n bytes, never half a character. */
struct sv clip_text(struct sv s, size_t n);
/* Adds one; PW_INVALID when there is no room. */
enum pw_err events_add(struct chan_events *ev, const struct chan_event *e);

#endif
