/* SPDX-License-Identifier: EUPL-1.2 */
/* hub: the channels at work in one process: webhooks in, sends out, pollers, files to fetch. Built once by main/, safe
 * from any thread. Keeps opened channels in a set that is reloaded within a second when another process changed one.
 *
 *   hub_open(&cf, &hub); hub_register(hub, work) before work_start(); hub_start(hub); … hub_stop(hub); work_stop(work);
 *   hub_close(hub) */
#ifndef PW_HUB_H
#define PW_HUB_H

#include "channel/registry.h"

struct hub_config {
    struct store *store;
    struct vault *vault;
    struct net *net;
    struct chan_receiver receiver; /* copied */
    struct sv data_dir;            /* borrowed, as long as the hub */
    struct sv public_url;
    /* Words of the product in a person's language, for letters (CAP_LETTERS); NULL gives the English sentence. */
    void *words;
    struct sv (*translate)(void *words, struct arena *a, struct sv lang, const char *msgid, const struct sv *args,
                           size_t n);
};
struct hub;
PW_MUST_CHECK enum pw_err hub_open(const struct hub_config *cf, struct hub **ret);
void hub_close(struct hub *h); /* NULL-safe; hub_stop() first */

/* Sends through the channels of this hub (work_on_send) and sets their rates. */
void hub_register(struct hub *h, struct work *w);
/* Pollers, files to fetch and forgetting, on threads of their own. */
PW_MUST_CHECK enum pw_err hub_start(struct hub *h);
void hub_stop(struct hub *h); /* waits for what runs, a few seconds at most; NULL-safe, repeatable */

/* The channels as loaded now. Hold a set as long as its channels are used. */
struct channel_set;
PW_MUST_CHECK enum pw_err hub_hold(struct hub *h, struct channel_set **ret);
void hub_release(struct channel_set *set);                                        /* NULL-safe */
const struct channel *set_by_name(const struct channel_set *set, struct sv name); /* NULL: none */
const struct channel *set_by_id(const struct channel_set *set, int64_t id);       /* NULL: none */

/* One webhook call: verify, decode, receive in one durable transaction. PW_OK: answer ret_reply. PW_NOT_FOUND (no such
 * enabled channel) and PW_DENIED (not authentic): answer 404 and 403, nothing was stored. Anything else: answer its
 * status, the provider calls again. Results live in a. */
PW_MUST_CHECK enum pw_err hub_webhook(struct hub *h, struct sv kind, struct sv name, const struct chan_request *rq,
                                      struct arena *a, int64_t request_id, struct chan_reply *ret_reply);
/* What a program on this machine hands over for a channel, without a webhook's proof: the caller could read the
 * database anyway. rq->header gives what else it knows. As hub_webhook otherwise. */
PW_MUST_CHECK enum pw_err hub_deliver(struct hub *h, struct sv kind, struct sv name, const struct chan_request *rq,
                                      struct arena *a);
/* Checks the settings, tells the provider where to call us (<public_url>/hooks/<kind>/<name>), then enables the
 * channel. Not in a transaction. PW_INVALID: problems say what; PW_UNAVAILABLE, PW_DENIED: ret_why is a sentence for
 * the operator. */
PW_MUST_CHECK enum pw_err hub_enable(struct hub *h, int64_t channel_id, struct arena *a, struct problems *ps,
                                     struct sv *ret_why);
/* One round of fetching and forgetting on the calling thread: for tests and commands. */
PW_MUST_CHECK enum pw_err hub_run_once(struct hub *h, int64_t now_ms, size_t *ret_done);
/* Asks a polling channel once and receives what came, if nobody else polls it (PW_CONFLICT). */
PW_MUST_CHECK enum pw_err hub_poll_once(struct hub *h, int64_t channel_id, int wait_s, size_t *ret_events);

#endif
