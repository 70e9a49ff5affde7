/* SPDX-License-Identifier: EUPL-1.2 */
/* review_store: the SQL of the review queue. No right is checked here, but a list never holds what is hidden from the
 * person it is read for (MOD-11). */
#ifndef PW_REVIEW_STORE_H
#define PW_REVIEW_STORE_H

#include "feature/moderation/moderation.h"

/* Seals words and copy. PW_CONFLICT is left to the caller to avoid: look with item_open_of first. */
PW_MUST_CHECK enum pw_err item_insert(struct ctx *c, const struct mod_item *it);
PW_MUST_CHECK enum pw_err item_row(struct ctx *c, int64_t id, struct mod_item *ret); /* opened */
/* The open item of this kind from this person about this message. */
PW_MUST_CHECK enum pw_err item_open_of(struct ctx *c, enum mod_item_kind kind, int64_t from_person, int64_t message_id,
                                       int64_t *ret_id);
/* The item of this kind about this sanction, whatever its state. */
PW_MUST_CHECK enum pw_err item_of_action(struct ctx *c, enum mod_item_kind kind, int64_t action_id, int64_t *ret_id);
PW_MUST_CHECK enum pw_err item_rows(struct ctx *c, int64_t community_id, bool done, int64_t viewer, int64_t limit,
                                    struct mod_item **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err item_rows_from(struct ctx *c, int64_t from_person, int64_t limit, struct mod_item **ret,
                                         size_t *ret_n);
/* Open → decided, with the reason sealed. PW_CONFLICT: somebody was first. */
PW_MUST_CHECK enum pw_err item_decide(struct ctx *c, const struct mod_item *it, enum mod_item_state to,
                                      struct sv reason);
PW_MUST_CHECK enum pw_err item_save_note(struct ctx *c, const struct mod_item *it, struct sv note);

#endif
