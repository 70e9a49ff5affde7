/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/assisted/assisted.h"

const struct audit_word assisted_acts[] = {
    {"call.enter", N_("Call or visit entered")},
    {"hand.act", N_("Task by hand done")},
    {"hand.list", N_("Tasks by hand opened")},
    {"hand.paste", N_("Conversation pasted in")},
    {"intake.enter", N_("Join request entered by hand")},
    {0},
};
