/* SPDX-License-Identifier: EUPL-1.2 */
/* invitation: what the files of this room share about invitations; what pages and other rooms use is in community.h. */
#ifndef PW_INVITATION_H
#define PW_INVITATION_H

#include "feature/community/community.h"

/* A code within a text, in small letters: "ab3de-9xk2m". False when there is none. */
bool invitation_code_in(struct arena *a, struct sv text, struct sv *ret);
/* Counts one use. PW_INVALID: problem "invitation", it does not work (any more) for this community. */
PW_MUST_CHECK enum pw_err invitation_take(struct ctx *c, const struct community *com, struct sv code,
                                          struct sv *ret_source);

/* ---- said on a channel (invitation_talk.c) ---- */

/* A text with a code begins the talk about joining its community; or says that it does not work any more. */
PW_MUST_CHECK enum pw_err invitation_heard(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                           int64_t person_id, bool *ret_used);
/* Must this person show an invitation before anything is said about the community? Not who left on their own. */
PW_MUST_CHECK enum pw_err invitation_needed(struct ctx *c, const struct community *com, int64_t person_id, bool *ret);
/* "Send the code of your invitation", once a day, without a word about the community. */
PW_MUST_CHECK enum pw_err invitation_ask_code(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                              int64_t person_id, struct sv lang);

#endif
