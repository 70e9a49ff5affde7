/* SPDX-License-Identifier: EUPL-1.2 */
/* stop_link: the link at the foot of a letter that ends such letters, without signing in (EQ-1, RFC 8058). Nothing is
 * stored: the link names the identity (and the community) and a MAC of the installation's key, so it works after years,
 * and nobody can make one up or learn from it who is known here. */
#ifndef PW_STOP_LINK_H
#define PW_STOP_LINK_H

#include "core/ctx.h"

/* "<public_url>/u/<token>"; empty without a public address. */
struct sv stop_link_url(struct ctx *c, int64_t identity_id, int64_t list_id);
bool stop_link_read(struct ctx *c, struct sv token, int64_t *ret_identity, int64_t *ret_list);

#endif
