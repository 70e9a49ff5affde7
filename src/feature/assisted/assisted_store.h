/* SPDX-License-Identifier: EUPL-1.2 */
/* assisted_store: the SQL of this room. */
#ifndef PW_ASSISTED_STORE_H
#define PW_ASSISTED_STORE_H

#include "feature/assisted/assisted.h"

struct hand_act_row {
    int64_t community_id, channel_id, outbox_id, subject_id;
    struct sv op, subject, result, reason;
};
PW_MUST_CHECK enum pw_err hand_act_insert(struct ctx *c, const struct hand_act_row *r);
PW_MUST_CHECK enum pw_err hand_act_rows(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id,
                                        int64_t limit, struct hand_act **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err own_name_add(struct ctx *c, int64_t place_id, struct sv name);
PW_MUST_CHECK enum pw_err own_name_is(struct ctx *c, int64_t place_id, struct sv name, bool *ret);

#endif
