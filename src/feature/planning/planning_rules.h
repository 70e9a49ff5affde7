/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_rules: pure decisions of this room: is a community ready, is the work too much, what may follow in a move.
 */
#ifndef PW_PLANNING_RULES_H
#define PW_PLANNING_RULES_H

#include "base/err.h"

enum { MEMBERS_PER_MODERATOR = 250 }; /* the default of the setting */
/* More members than the active moderators can look after; nobody at all is too few as soon as there is a member. */
bool workload_on(int64_t members, int64_t moderators, int64_t per_moderator);

enum ready { READY_YES, READY_UNSURE, READY_NO };
/* A line of the checklist: "yes", "no", everything else is unsure (T-1: get information). */
enum ready ready_of(struct sv answer);

enum move_state { MOVE_INVITED, MOVE_MOVED, MOVE_DECLINED, MOVE_LOST, MOVE__MAX };
const char *move_state_code(enum move_state s);
const char *move_state_label(enum move_state s); /* message id */
/* A person may think again either way, also after the end; lost is only set when a move is closed. */
bool move_may(enum move_state from, enum move_state to, bool ended);

#endif
