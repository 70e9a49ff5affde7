/* SPDX-License-Identifier: EUPL-1.2 */
/* sanction_store: the SQL of strikes and of the penalties they cause. No right is checked here. */
#ifndef PW_SANCTION_STORE_H
#define PW_SANCTION_STORE_H

#include "feature/moderation/moderation.h"

PW_MUST_CHECK enum pw_err action_insert(struct ctx *c, const struct mod_action *a);      /* seals reason and evidence */
PW_MUST_CHECK enum pw_err action_row(struct ctx *c, int64_t id, struct mod_action *ret); /* opened */
/* Sealed parts stay empty. */
PW_MUST_CHECK enum pw_err action_rows(struct ctx *c, int64_t community_id, int64_t person_id, int64_t before_id,
                                      int64_t limit, struct mod_action **ret, size_t *ret_n);
/* Breaches that count now under this ladder: "own" ones by their category. */
PW_MUST_CHECK enum pw_err action_weight(struct ctx *c, int64_t community_id, int64_t person_id, struct sv ladder,
                                        struct sv category, int64_t *ret);
/* What a person did about this message and what stands; 0 = nothing. */
PW_MUST_CHECK enum pw_err action_standing(struct ctx *c, int64_t message_id, int64_t *ret_id);
/* PW_CONFLICT: taken back already. */
PW_MUST_CHECK enum pw_err action_save_undone(struct ctx *c, int64_t id, int64_t item_id);

struct penalty {
    int64_t id, action_id, until_ms;
    enum mod_penalty_kind kind;
};
PW_MUST_CHECK enum pw_err penalty_insert(struct ctx *c, const struct mod_action *a, enum mod_penalty_kind kind,
                                         int64_t until_ms);
/* In force now. */
PW_MUST_CHECK enum pw_err penalty_rows(struct ctx *c, int64_t community_id, int64_t person_id, struct penalty **ret,
                                       size_t *ret_n);
PW_MUST_CHECK enum pw_err penalty_lift(struct ctx *c, int64_t action_id);
bool penalty_has(const struct penalty *v, size_t n, enum mod_penalty_kind kind, int64_t but_action);

#endif
