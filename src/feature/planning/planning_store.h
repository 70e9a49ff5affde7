/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_store: the SQL of the planning file. Rows live in c->arena. */
#ifndef PW_PLANNING_STORE_H
#define PW_PLANNING_STORE_H

#include "feature/planning/planning_room.h"

PW_MUST_CHECK enum pw_err entry_add(struct ctx *c, int64_t community_id, struct sv field, struct sv value);
/* all: as they were saved, newest first; else the newest of each field. */
PW_MUST_CHECK enum pw_err entry_rows(struct ctx *c, int64_t community_id, bool all, struct plan_entry **ret,
                                     size_t *ret_n);
PW_MUST_CHECK enum pw_err line_rows(struct ctx *c, int64_t community_id, struct plan_line **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err line_save(struct ctx *c, int64_t community_id, const struct plan_line *l);
PW_MUST_CHECK enum pw_err line_end(struct ctx *c, int64_t community_id, int64_t id);
PW_MUST_CHECK enum pw_err override_add(struct ctx *c, int64_t community_id, struct sv lines, struct sv reason);
PW_MUST_CHECK enum pw_err override_rows(struct ctx *c, int64_t community_id, struct plan_override **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err partner_admin_save(struct ctx *c, int64_t community_id, int64_t org_id, int64_t person_id);
PW_MUST_CHECK enum pw_err partner_admin_rows(struct ctx *c, int64_t community_id,
                                             struct db_rows *ret); /* org, person */

#endif
