/* SPDX-License-Identifier: EUPL-1.2 */
/* registry_parts: what the files behind registry.h share. */
#ifndef PW_REGISTRY_PARTS_H
#define PW_REGISTRY_PARTS_H

#include "channel/registry.h"

/* ---- auto_answer.c ---- */

/* Of what was queued for the sender of e after the id since_id, in this transaction, keeps the automatic answers that
 * are allowed today and cancels the others. */
enum pw_err auto_answer_limit(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t since_id);
enum pw_err auto_answer_forget(struct ctx *c);

#endif
