/* SPDX-License-Identifier: EUPL-1.2 */
/* no_webhook: what a driver that nobody calls answers: every call is refused, nothing is decoded, and switching it on
 * tells nobody anything. */
#ifndef PW_NO_WEBHOOK_H
#define PW_NO_WEBHOOK_H

#include "channel/channel.h"

enum pw_err no_webhook_verify(const struct channel *ch, const struct chan_request *rq); /* PW_DENIED */
enum pw_err no_webhook_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                              struct chan_events *ret); /* PW_INVALID, no events */
enum pw_err no_webhook_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                              struct sv *ret_why); /* PW_OK */

#endif
