/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/program/program.h"

const struct audit_word program_acts[] = {
    {"enrolment.changed", N_("Preferred mode or mode in use changed")},
    {"enrolment.created", N_("Person enrolled in a program")},
    {"enrolment.ended", N_("Enrolment in a program ended")},
    {"enrolment.taken-back", N_("End of an enrolment taken back")},
    {"program.changed", N_("Settings of a program changed")},
    {"program.created", N_("Program made")},
    {"program.state", N_("Program opened or closed")},
    {"program.wish", N_("Preferred mode said before enrolment")},
    {"program.words", N_("Name and purpose of a program written")},
    {0},
};
