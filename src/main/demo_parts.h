/* SPDX-License-Identifier: EUPL-1.2 */
/* demo_parts: what each feature shows in the demonstration network, each in a file of its own. `system` acts for the
 * system, `moderator` for a moderator of the community. */
#ifndef PW_DEMO_PARTS_H
#define PW_DEMO_PARTS_H

#include "core/ctx.h"

/* Twelve months before now, so that statistics have a trend. The community must be that old. */
PW_MUST_CHECK enum pw_err demo_months(struct ctx *moderator, int64_t community, int64_t now_ms);
/* A program with people enrolled in every mode, from the members of its message space. */
PW_MUST_CHECK enum pw_err demo_program(struct ctx *admin, int64_t community);
PW_MUST_CHECK enum pw_err demo_hand(struct ctx *system, struct ctx *moderator, int64_t community);

#endif
