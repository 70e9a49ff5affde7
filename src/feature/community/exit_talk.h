/* SPDX-License-Identifier: EUPL-1.2 */
/* exit_talk: "why are you leaving?", asked once with the farewell where the community wishes it (MSG-17): by buttons,
 * by number or in own words. */
#ifndef PW_EXIT_TALK_H
#define PW_EXIT_TALK_H

#include "feature/community/community.h"

/* After the farewell. Nothing when the community does not ask. */
PW_MUST_CHECK enum pw_err exit_ask(struct ctx *c, const struct community *com, const struct membership *m);
/* A private word or button of somebody who was asked within the last days. numbers_only: a member elsewhere on this
 * channel; own words are then for that community. */
PW_MUST_CHECK enum pw_err exit_hear(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                    int64_t person_id, bool numbers_only, bool *ret_used);

#endif
