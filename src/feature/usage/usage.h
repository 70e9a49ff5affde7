/* SPDX-License-Identifier: EUPL-1.2 */
/* usage: honest monthly numbers computed from activity.
 * The only header of this room that other rooms include. Owns the tables of schema.sql. */
#ifndef PW_USAGE_H
#define PW_USAGE_H

#include "feature/community/community_kit.h"
#include "feature/usage/table_rules.h"
#include "http/http.h"

extern const struct route usage_routes[]; /* ends with path NULL */
extern const struct migration usage_migrations[];
extern const size_t usage_migrations_n;
void usage_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

#endif
