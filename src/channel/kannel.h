/* SPDX-License-Identifier: EUPL-1.2 */
/* kannel: what the files of the Kannel driver share (channels.md §7.6). Kannel is a gateway of our own, on this machine
 * or network; it signs nothing, so it repeats our secret in the address of each call. */
#ifndef PW_KANNEL_H
#define PW_KANNEL_H

#include "channel/channel.h"

enum pw_err kannel_verify(const struct channel *ch, const struct chan_request *rq);
enum pw_err kannel_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret);
void kannel_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                 struct send_result *ret, struct sv *ret_new_chat);
/* Turns the answer to a send into a class; pure. */
void kannel_classify(int status, struct sv body, struct arena *a, struct send_result *ret);

struct sv kannel_url(const struct channel *ch);                      /* of sendsms */
struct sv kannel_hook(const struct channel *ch, struct arena *a);    /* how Kannel reaches us, without a query */
struct sv kannel_get_url(const struct channel *ch, struct arena *a); /* the get-url line of its sms-service */

#endif
