/* SPDX-License-Identifier: EUPL-1.2 */
/* planning: the planning file, platform choice, promotion kit, platform move, winding down, presets.
 * The only header of this room that other rooms include. Owns the tables of schema.sql. */
#ifndef PW_PLANNING_H
#define PW_PLANNING_H

#include "feature/community/community_kit.h"
#include "http/http.h"

extern const struct route planning_routes[]; /* ends with path NULL */
extern const struct migration planning_migrations[];
extern const size_t planning_migrations_n;
void planning_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

#endif
