/* SPDX-License-Identifier: EUPL-1.2 */
/* twilio: what the files of the driver for Twilio-style SMS services share (channels.md §7.5). */
#ifndef PW_TWILIO_H
#define PW_TWILIO_H

#include "channel/channel.h"

/* The signature over the address and, for forms, the fields: sorted by name, then value, each pair once; base64 of
 * HMAC-SHA1. PW_INVALID for a body that is no form. Pure. */
enum pw_err twilio_signature(struct arena *a, struct sv token, struct sv url, struct sv form_body, struct sv *ret);
/* The address as the service may have seen it: as it is, without its port, with the usual port. At most 3. */
size_t twilio_addresses(struct arena *a, struct sv url, struct sv ret[3]);

enum pw_err twilio_verify(const struct channel *ch, const struct chan_request *rq);
enum pw_err twilio_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret);
void twilio_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat);
/* Turns the answer to a send into a class; pure. */
void twilio_classify(int status, struct sv body, struct arena *a, struct send_result *ret);
struct sv twilio_url(const struct channel *ch, struct arena *a, const char *rest); /* below the account */

#endif
