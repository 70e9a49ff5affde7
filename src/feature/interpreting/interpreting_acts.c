/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/interpreting/interpreting.h"

const struct audit_word interpreting_acts[] = {
    {"booking.asked", N_("Interpreter booked")},
    {"booking.list", N_("Appointments with interpreters of a person shown")},
    {"booking.moved", N_("Appointment with an interpreter changed")},
    {"booking.read", N_("Appointment with an interpreter opened")},
    {"booking.state", N_("Appointment with an interpreter confirmed, ended or its outcome noted")},
    {"interpreted.mark", N_("Words marked as passed on by somebody else")},
    {"interpreted.unmark", N_("Mark of words passed on taken away")},
    {"interpreter.active", N_("Interpreter offered, or not any more")},
    {"interpreter.add", N_("Interpreter put on the list")},
    {"interpreter.change", N_("Interpreter changed")},
    {"interpreter.read", N_("Interpreter opened, with how to reach them")},
    {"undertaking.end", N_("Confidentiality undertaking ended")},
    {"undertaking.record", N_("Confidentiality undertaking recorded")},
    {0},
};
