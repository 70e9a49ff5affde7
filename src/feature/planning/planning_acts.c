/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/planning/planning.h"

const struct audit_word planning_acts[] = {
    {"case.file", N_("File number written")},
    {"case.list", N_("List of files opened")},
    {"planning.changed", N_("Planning file changed")},
    {"planning.ending", N_("Winding down begun")},
    {"planning.ending-undone", N_("Winding down taken back")},
    {"planning.line", N_("Line of the planning file changed")},
    {"planning.move", N_("Platform move begun")},
    {"planning.move-answer", N_("Choice about a move noted")},
    {"planning.move-closed", N_("Platform move closed")},
    {"planning.move-remind", N_("Reminder of a move sent")},
    {"planning.override", N_("Opened despite an open line")},
    {"planning.partner-admin", N_("Administrator of a partner named")},
    {"planning.place", N_("Place of a poster changed")},
    {"planning.preset", N_("Preset used")},
    {0},
};
