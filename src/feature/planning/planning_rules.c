/* SPDX-License-Identifier: EUPL-1.2 */
#include "planning_rules.h"

bool workload_on(int64_t members, int64_t moderators, int64_t per_moderator)
{
    return members > moderators * per_moderator;
}

enum ready ready_of(struct sv answer)
{
    return sv_eq_z(answer, "yes") ? READY_YES : sv_eq_z(answer, "no") ? READY_NO : READY_UNSURE;
}

static const struct {
    const char *code, *label;
} states[MOVE__MAX] = {{"invited", N_("Invited, no answer yet")},
                       {"moved", N_("Moved")},
                       {"declined", N_("Does not want to move")},
                       {"lost", N_("Lost: no answer")}};

const char *move_state_code(enum move_state s)
{
    return states[s].code;
}

const char *move_state_label(enum move_state s)
{
    return states[s].label;
}

bool move_may(enum move_state from, enum move_state to, bool ended)
{
    if (to == MOVE_LOST)
        return ended && from == MOVE_INVITED;
    return to != MOVE_INVITED && from != to;
}
