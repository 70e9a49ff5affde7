/* SPDX-License-Identifier: EUPL-1.2 */
/* member_actions: admission and end of membership, for the other actions of this room. */
#ifndef PW_MEMBER_ACTIONS_H
#define PW_MEMBER_ACTIONS_H

#include "feature/community/community.h"
#include "feature/community/membership_store.h"

/* Makes or changes the membership that a decision gives: active and welcomed, or waiting when the limit is reached. */
PW_MUST_CHECK enum pw_err admit(struct ctx *c, const struct community *com, const struct membership *m,
                                enum membership_state *ret_state);
/* What was chosen at the door reaches the feature that asked, once its chooser is a member (EQ-5). */
PW_MUST_CHECK enum pw_err join_choice_tell(struct ctx *c, const struct community *com, const struct join_row *j);
/* As many of the waiting as the limit allows, in the order in which they were accepted. */
PW_MUST_CHECK enum pw_err admit_waiting(struct ctx *c, const struct community *com, int64_t *ret_admitted);
/* The person is already gone from the platform (left there, or blocked us): no word, no kick. */
PW_MUST_CHECK enum pw_err membership_gone(struct ctx *c, const struct community *com, int64_t person_id);

/* membership_leave() for a caller who has both rows. farewell: "you are welcome back", and the question why. */
PW_MUST_CHECK enum pw_err membership_leave_in(struct ctx *c, const struct community *com, const struct membership *m,
                                              bool farewell);

/* Without a word, for a reason that is a code. Nothing happens to who is neither a member nor waits. */
PW_MUST_CHECK enum pw_err membership_end_silently(struct ctx *c, const struct community *com,
                                                  const struct membership *m, struct sv reason);

#endif
