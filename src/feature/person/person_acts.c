/* SPDX-License-Identifier: EUPL-1.2 */
/* What this room writes into the access log, in words. */
#include "feature/person/person.h"

const struct audit_word person_acts[] = {
    {"person.disclosure", N_("Something passed on outside the service noted")},
    {"person.erasure-asked", N_("Request to delete sent")},
    {"person.erasure-declined", N_("Request to delete declined")},
    {"person.erasure-read", N_("Request to delete opened")},
    {"person.erasure-withdrawn", N_("Request to delete taken back")},
    {"person.file", N_("Own data downloaded")},
    {"person.language", N_("Language of a person noted")},
    {"person.level", N_("Language level noted")},
    {"person.level-withdrawn", N_("Language level withdrawn")},
    {"person.prefers", N_("Preferred language changed")},
    {"person.read", N_("Record of a person opened")},
    {"person.twin-read", N_("Two records compared")},
    {"person.twins", N_("Records of the same person looked for")},
    {"retention.run", N_("Old records emptied")},
    {"retention.set", N_("Rules of retention changed")},
    {0},
};
