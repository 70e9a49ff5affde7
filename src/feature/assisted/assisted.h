/* SPDX-License-Identifier: EUPL-1.2 */
/* assisted: groups in apps without a usable interface: a person acts there, we give the script, the clock and the
 * record. The only header of this room that other rooms include. Owns the tables of schema.sql. */
#ifndef PW_ASSISTED_H
#define PW_ASSISTED_H

#include "feature/community/community_kit.h"
#include "http/http.h"

extern const struct route assisted_routes[]; /* ends with path NULL */
extern const struct migration assisted_migrations[];
extern const size_t assisted_migrations_n;
void assisted_register(struct work *w); /* timers, event subscribers and what it listens to; before work_start() */

#endif
