/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing: posts, schedules, broadcasts, newsletters, corrections, copies between communities.
 * The only header of this room that other rooms include. Owns the tables of schema.sql. */
#ifndef PW_PUBLISHING_H
#define PW_PUBLISHING_H

#include "feature/community/community_kit.h"
#include "http/http.h"

extern const struct route publishing_routes[]; /* ends with path NULL */
extern const struct migration publishing_migrations[];
extern const size_t publishing_migrations_n;
void publishing_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

#endif
