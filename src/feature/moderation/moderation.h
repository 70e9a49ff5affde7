/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation: ladders, strikes, reports, appeals, one review queue (MOD, SAFE).
 * The only header of this room that other rooms include. Owns the tables of schema.sql. */
#ifndef PW_MODERATION_H
#define PW_MODERATION_H

#include "feature/community/community_kit.h"
#include "http/http.h"

extern const struct route moderation_routes[]; /* ends with path NULL */
extern const struct migration moderation_migrations[];
extern const size_t moderation_migrations_n;
void moderation_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

#endif
