/* SPDX-License-Identifier: EUPL-1.2 */
/* guidelines_again: what the files of this room share about asking members again; see community.h for the actions. */
#ifndef PW_GUIDELINES_AGAIN_H
#define PW_GUIDELINES_AGAIN_H

#include "feature/community/community.h"

#define TIMER_AGAIN SV("community.again")
/* The next members are asked; runs until all were looked at. By the timer. */
PW_MUST_CHECK enum pw_err guidelines_again_batch(struct ctx *c, int64_t community_id);
/* A button of anybody, or "yes" of a member who was asked (member: that of the conversation, NULL for buttons). */
PW_MUST_CHECK enum pw_err guidelines_again_hear(struct ctx *c, const struct chan_event *e, int64_t person_id,
                                                const struct membership *member, bool *ret_used);

#endif
