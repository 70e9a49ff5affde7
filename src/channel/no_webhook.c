/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/no_webhook.h"

enum pw_err no_webhook_verify(const struct channel *ch, const struct chan_request *rq)
{
    (void)ch;
    (void)rq;
    return PW_DENIED;
}

enum pw_err no_webhook_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                              struct chan_events *ret)
{
    (void)ch;
    (void)rq;
    (void)a;
    ret->n = 0;
    return PW_INVALID;
}

enum pw_err no_webhook_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                              struct sv *ret_why)
{
    (void)ch;
    (void)net;
    (void)a;
    (void)webhook_url;
    *ret_why = (struct sv){0};
    return PW_OK;
}
