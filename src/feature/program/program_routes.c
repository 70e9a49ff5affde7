/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/program/program_pages.h"

static const char *const state_acts[] = {"open", "closed", NULL};
static const char *const show_codes[] = {"now", "ended", "unmet", NULL};
static const char *const kind_codes[] = {"xlsx", "csv", NULL};
static const char *const what_codes[] = {"enrolments", "preferences", "results", NULL};

#define SETTINGS                                                                                                       \
    {"modes", FIELD_CHOICES, 0, 0, 0, mode_codes, "Modes offered, at least one."},                                     \
        {"languages", FIELD_TEXT, 0, 0, 60, NULL, "Language codes with spaces; the first is the source."},             \
        {"territory", FIELD_TEXT, 0, 0, 120, NULL, "Where it works, in words."},                                       \
        {"starts_on", FIELD_TEXT, 0, 0, 10, NULL, "First day."}, {"ends_on", FIELD_TEXT, 0, 0, 10, NULL, "Last day."}, \
        {"owner_org", FIELD_ID, 0, 0, 0, NULL, "The organisation that runs it; none: that of the message space."},     \
    {                                                                                                                  \
        "community", FIELD_ID, 0, 0, 0, NULL, "Its message space."                                                     \
    }
#define WORDS                                                                                                          \
    {"name", FIELD_TEXT, 0, 0, 120, NULL, "Its name."},                                                                \
    {                                                                                                                  \
        "purpose", FIELD_LINES, 0, 0, 2000, NULL, "What it is for."                                                    \
    }
#define PREFERS                                                                                                        \
    {                                                                                                                  \
        "prefers", FIELD_CHOICE, 0, 0, 0, wish_codes, "The mode a person prefers, offered or not."                     \
    }
#define USES                                                                                                           \
    {                                                                                                                  \
        "uses", FIELD_CHOICE, 0, 0, 0, use_codes, "The mode in use."                                                   \
    }

static const struct field settings_fields[] = {SETTINGS, {0}};
static const struct field new_fields[] = {SETTINGS, WORDS, {0}};
static const struct field new_query[] = {{"community", FIELD_ID, 0, 0, 0, NULL, "For this message space."}, {0}};
static const struct field words_fields[] = {
    {"lang_of", FIELD_TEXT, 0, 0, 8, NULL, "Language of the words, such as fr."}, WORDS, {0}};
static const struct field state_fields[] = {
    {"state", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, state_acts, "Open or closed."}, {0}};
static const struct field people_query[] = {
    {"show", FIELD_CHOICE, 0, 0, 0, show_codes, "Enrolled now, ended, or with an unmet preference."},
    {"after", FIELD_ID, 0, 0, 0, NULL, "The last one of the page before."},
    {0}};
static const struct field enrol_query[] = {{"after", FIELD_TEXT, 0, 0, 40, NULL, "Where the page begins."}, {0}};
static const struct field enrol_fields[] = {{"persons", FIELD_CHOICES, 0, 0, 500, NULL, "Who is enrolled."},
                                            {"since", FIELD_TEXT, 0, 0, 10, NULL, "First day; none = today."},
                                            PREFERS,
                                            USES,
                                            {0}};
static const struct field person_fields[] = {{"program", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "The program."},
                                             {"since", FIELD_TEXT, 0, 0, 10, NULL, "First day; none = today."},
                                             PREFERS,
                                             USES,
                                             {0}};
static const struct field modes_fields[] = {PREFERS, USES, {0}};
static const struct field end_fields[] = {{"on", FIELD_TEXT, 0, 0, 10, NULL, "Last day; none = today."},
                                          {"reason", FIELD_CHOICE, 0, 0, 0, end_reason_codes, "Why it ends."},
                                          {0}};
static const struct field report_query[] = {{"from", FIELD_TEXT, 0, 0, 10, NULL, "First month, as 2026-01."},
                                            {"to", FIELD_TEXT, 0, 0, 10, NULL, "Last month."},
                                            {0}};
static const struct field export_query[] = {{"from", FIELD_TEXT, 0, 0, 10, NULL, "First month, as 2026-01."},
                                            {"to", FIELD_TEXT, 0, 0, 10, NULL, "Last month."},
                                            {"kind", FIELD_CHOICE, 0, 0, 0, kind_codes, "XLSX or CSV."},
                                            {"what", FIELD_CHOICE, 0, 0, 0, what_codes, "CSV: which of the tables."},
                                            {0}};
static const struct field own_fields[] = {PREFERS, {0}};

const struct route program_routes[] = {
    {HTTP_GET, "/programs", RIGHT_STAFF, programs_get, NULL, "Programs of which one may see something."},
    {HTTP_GET, "/programs/new", RIGHT_STAFF, program_new_get, new_query, "Form for a new program."},
    {HTTP_POST, "/programs/new", RIGHT_STAFF, program_new_post, new_fields, "Makes a program as a draft."},
    {HTTP_GET, "/programs/{i}", RIGHT_STAFF, program_one_get, NULL, "One program: modes, words, figures."},
    {HTTP_GET, "/programs/{i}/edit", RIGHT_STAFF, program_edit_get, NULL, "Settings of a program."},
    {HTTP_POST, "/programs/{i}/edit", RIGHT_STAFF, program_edit_post, settings_fields, "Saves the settings."},
    {HTTP_POST, "/programs/{i}/words", RIGHT_STAFF, program_words_post, words_fields,
     "Saves name and purpose in one language."},
    {HTTP_GET, "/programs/{i}/close", RIGHT_STAFF, program_close_get, NULL, "Says who is concerned, and asks."},
    {HTTP_POST, "/programs/{i}/state", RIGHT_STAFF, program_state_post, state_fields, "Opens or closes it."},
    {HTTP_GET, "/programs/{i}/people", RIGHT_STAFF, program_people_get, people_query, "Who is enrolled."},
    {HTTP_GET, "/programs/{i}/enrol", RIGHT_STAFF, program_enrol_get, enrol_query,
     "Members of the message space who are not enrolled."},
    {HTTP_POST, "/programs/{i}/enrol", RIGHT_STAFF, program_enrol_post, enrol_fields, "Enrols one or several people."},
    {HTTP_GET, "/persons/{i}/enrol", RIGHT_STAFF, person_enrol_get, NULL, "Form to enrol this person in a program."},
    {HTTP_POST, "/persons/{i}/enrol", RIGHT_STAFF, person_enrol_post, person_fields, "Enrols this person."},
    {HTTP_GET, "/enrolments/{i}", RIGHT_STAFF, enrolment_one_get, NULL, "One enrolment with its history."},
    {HTTP_POST, "/enrolments/{i}/modes", RIGHT_STAFF, enrolment_modes_post, modes_fields,
     "Records the preferred mode and the mode in use."},
    {HTTP_POST, "/enrolments/{i}/end", RIGHT_STAFF, enrolment_end_post, end_fields, "Ends an enrolment."},
    {HTTP_POST, "/enrolments/{i}/take-back", RIGHT_STAFF, enrolment_back_post, NULL, "Takes an end back."},
    {HTTP_GET, "/programs/{i}/report", RIGHT_STAFF, program_report_get, report_query, "Results by mode of a period."},
    {HTTP_GET, "/programs/{i}/report/export", RIGHT_STAFF, program_export_get, export_query,
     "The same as a spreadsheet file."},
    {0},
};

const struct route program_member_routes[] = {
    {HTTP_GET, "/c/{s}/program", RIGHT_PERSON, own_program_get, NULL, "The program, and which mode one prefers."},
    {HTTP_POST, "/c/{s}/program", RIGHT_PERSON, own_program_post, own_fields, "Says which mode one prefers."},
    {0},
};
