/* SPDX-License-Identifier: EUPL-1.2 */
/* optout_talk: what STOP, HELP and START mean to communities: answered in the language of the word, to anybody
 * (channels.md §1 rule 9). STOP leaves every community reached by that number (EQ-1). */
#ifndef PW_OPTOUT_TALK_H
#define PW_OPTOUT_TALK_H

#include "channel/optout.h"
#include "feature/community/community.h"

PW_MUST_CHECK enum pw_err optout_heard(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                       int64_t person_id, const struct optout_word *word);
/* Somebody who wrote STOP comes back: by START, or by asking to join. */
PW_MUST_CHECK enum pw_err optout_reopen(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                        int64_t person_id);

#endif
