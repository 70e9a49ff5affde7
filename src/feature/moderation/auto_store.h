/* SPDX-License-Identifier: EUPL-1.2 */
/* auto_store: the SQL of automatic rules: waves of join requests, what waits for a person already. No right is checked
 * here. */
#ifndef PW_AUTO_STORE_H
#define PW_AUTO_STORE_H

#include "feature/moderation/moderation.h"

struct wave {
    int64_t item_id, began_ms, until_ms;
    bool simulated;
};
/* The last one; PW_NOT_FOUND: there was none. It is in force while until_ms is to come. */
PW_MUST_CHECK enum pw_err wave_last(struct ctx *c, int64_t community_id, struct wave *ret);
PW_MUST_CHECK enum pw_err wave_insert(struct ctx *c, int64_t community_id, const struct wave *w);
PW_MUST_CHECK enum pw_err wave_end(struct ctx *c, int64_t item_id); /* now */
/* Does an item of this rule about this person wait already? */
PW_MUST_CHECK enum pw_err automatic_waits(struct ctx *c, int64_t community_id, int64_t about, struct sv category,
                                          bool *ret);

#endif
