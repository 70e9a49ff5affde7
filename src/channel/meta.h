/* SPDX-License-Identifier: EUPL-1.2 */
/* meta: what WhatsApp and Messenger share: the check of the address, the signature of calls, the Graph API's address
 * and its errors. Settings: app_secret, verify_token, token, api_base, api_version. */
#ifndef PW_META_H
#define PW_META_H

#include "channel/provider_call.h"

#define GRAPH_API "https://graph.facebook.com"
#define GRAPH_VERSION "v23.0"

/* What both need: problems named as the settings. */
enum pw_err meta_check_config(const json_t *config, struct problems *ps);
/* GET: hub.verify_token. POST: X-Hub-Signature-256 over the raw bytes. */
enum pw_err meta_verify(const struct channel *ch, const struct chan_request *rq);
/* Answers a GET with its challenge. True when it was one. */
bool meta_challenge(const struct chan_request *rq, struct chan_events *ret);
/* A body that names this object ("page", …); its entries. PW_INVALID when it is not JSON. NULL: none of ours. */
enum pw_err meta_entries(const struct chan_request *rq, struct arena *a, const char *object, const json_t **ret);
/* Seconds or milliseconds since 1970, a number or a text; 0 when it is neither. */
int64_t meta_time_ms(const json_t *v, struct arena *a);

/* "https://graph.facebook.com/v23.0/<path>" */
struct sv graph_url(const struct channel *ch, struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* A call with the channel's token. json empty: GET. */
void graph_call(const struct channel *ch, struct net *net, struct arena *a, struct sv url, struct sv json,
                bool repeatable, struct call_answer *ret);
void graph_upload(const struct channel *ch, struct net *net, struct arena *a, struct sv url,
                  const struct net_part *parts, size_t n, bool repeatable, struct call_answer *ret);
struct graph_error {
    int64_t code, subcode; /* 0: none told */
};
struct graph_error graph_error_of(const json_t *answer);
/* What an error code of Graph, WhatsApp or Messenger means for a send. True when it is known; pure. */
bool graph_classify(struct graph_error err, struct arena *a, struct send_result *ret);
/* For enable(): a sentence for the operator. */
enum pw_err graph_why_not(const struct call_answer *r, struct sv *ret_why);

#define META_SETTINGS                                                                                                  \
    {"app_secret", N_("App secret"), N_("In the app's settings at Meta, under Basic. Signs every call to us."),        \
     SET_REQUIRED | SET_SECRET, NULL},                                                                                 \
        {"verify_token", N_("Verify token"),                                                                           \
         N_("A word of your own; type the same one at Meta when you give the webhook's address."),                     \
         SET_REQUIRED | SET_SECRET, NULL},                                                                             \
    {                                                                                                                  \
        "token", N_("Access token"), N_("Of a system user, so that it does not end."), SET_REQUIRED | SET_SECRET, NULL \
    }
#define META_SETTINGS_END                                                                                              \
    {"api_version", N_("Version of the Graph API"), N_("Empty: v23.0"), 0, NULL},                                      \
    {                                                                                                                  \
        "api_base", N_("Another address of the service"), N_("Only for tests."), 0, NULL                               \
    }

#endif
