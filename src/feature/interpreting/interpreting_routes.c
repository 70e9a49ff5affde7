/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/interpreting/interpreting_pages.h"

static const char *const purposes[] = {"meeting", "intake", "survey", "other", NULL};
static const char *const modes[] = {"in-person", "telephone", "video", NULL};
static const char *const kinds[] = {"staff", "volunteer", "outside", NULL};
static const char *const methods[] = {"signature", "voice", "witnessed", NULL};
static const char *const states[] = {"confirmed", "declined", "cancelled", "done", "no-interpreter", "no-person", NULL};
static const char *const ends[] = {"declined", "cancelled", NULL};
static const char *const files[] = {"xlsx", "csv", NULL};
static const char *const tables[] = {"months", "parts", NULL};

static const struct field list_query[] = {{"past", FIELD_BOOL, 0, 0, 0, NULL, "Those that are over."}, {0}};
static const struct field new_query[] = {{"person", FIELD_ID, 0, 0, 0, NULL, "For whom."}, {0}};
#define WHEN_AND_HOW                                                                                                   \
    {"interpreter", FIELD_ID, 0, 0, 0, NULL, "Who interprets."},                                                       \
        {"purpose_words", FIELD_TEXT, 0, 0, 150, NULL, "What for, in words."},                                         \
        {"lang", FIELD_TEXT, 0, 0, 16, NULL, "The person's language."},                                                \
        {"with_lang", FIELD_TEXT, 0, 0, 16, NULL, "The other language."},                                              \
        {"mode", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, modes, "In person, by telephone or by video."},                   \
        {"start", FIELD_TIME, 0, 0, 0, NULL, "Day and time by the clock of the zone."},                                \
        {"zone", FIELD_TEXT, 0, 0, 64, NULL, "Time zone of that clock."},                                              \
        {"minutes", FIELD_INT, 0, 0, 100000, NULL, "How long, in minutes."},                                           \
        {"place", FIELD_TEXT, 0, 0, 300, NULL, "Place, number or link."},                                              \
        {"notes", FIELD_LINES, 0, 0, 2000, NULL, "For staff only."},                                                   \
    {                                                                                                                  \
        "look", FIELD_BOOL, 0, 0, 0, NULL, "Only show who is free."                                                    \
    }
static const struct field new_fields[] = {
    {"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "For whom."},
    {"purpose", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, purposes, "Meeting, intake, survey or something else."},
    WHEN_AND_HOW,
    {0}};
static const struct field move_fields[] = {{"person", FIELD_ID, 0, 0, 0, NULL, "Stays as it is."},
                                           {"purpose", FIELD_CHOICE, 0, 0, 0, purposes, "Stays as it is."},
                                           WHEN_AND_HOW,
                                           {0}};
static const struct field state_fields[] = {{"to", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, states, "What comes of it."},
                                            {0}};
static const struct field end_query[] = {{"to", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, ends, "Declined or cancelled."},
                                         {0}};
static const struct field people_query[] = {
    {"lang_of", FIELD_TEXT, 0, 0, 16, NULL, "Only who interprets this language."}, {0}};
static const struct field interpreter_fields[] = {
    {"person", FIELD_ID, 0, 0, 0, NULL, "An account's person; none = a new record."},
    {"name", FIELD_TEXT, 0, 0, 100, NULL, "Name of somebody without an account."},
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, kinds, "Staff, volunteer or outside service."},
    {"service", FIELD_TEXT, 0, 0, 120, NULL, "Organisation or service."},
    {"langs", FIELD_CHOICES, 0, 0, INTERPRETER_LANGS_MAX, NULL, "Languages interpreted between each other."},
    {"modes", FIELD_CHOICES, 0, 0, 3, modes, "In person, by telephone, by video."},
    {"availability", FIELD_TEXT, 0, 0, 300, NULL, "Usual hours, in words."},
    {"reached", FIELD_TEXT, 0, 0, 300, NULL, "How they are reached."},
    {0}};
static const struct field active_fields[] = {{"active", FIELD_BOOL, 0, 0, 0, NULL, "Offered, or not any more."}, {0}};
static const struct field record_fields[] = {
    {"signed_on", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "Day on which it was given."},
    {"until_on", FIELD_DATE, 0, 0, 0, NULL, "Last day; none = no end."},
    {"method", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, methods, "How it was given."},
    {"lang_of", FIELD_TEXT, 0, 0, 16, NULL, "Language in which it was read."},
    {0}};
static const struct field lang_query[] = {{"lang_of", FIELD_TEXT, 0, 0, 16, NULL, "Language of the text."}, {0}};
static const struct field text_fields[] = {
    {"lang_of", FIELD_TEXT, FIELD_REQUIRED, 2, 16, NULL, "Language of the text."},
    {"title", FIELD_TEXT, 0, 0, 150, NULL, "Title."},
    {"body", FIELD_LINES, 0, 0, 20000, NULL, "Text, Markdown."},
    {0}};
static const struct field report_query[] = {
    {"month", FIELD_TEXT, 0, 0, 10, NULL, "Which month; none = the running one."}, {0}};
const struct field interp_through_fields[] = {
    {"through", FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, "booking:ID, interpreter:ID, family; self: it is taken away."},
    {0}};
static const struct field export_query[] = {{"month", FIELD_TEXT, 0, 0, 10, NULL, "Which month."},
                                            {"kind", FIELD_CHOICE, 0, 0, 0, files, "XLSX or CSV."},
                                            {"what", FIELD_CHOICE, 0, 0, 0, tables, "CSV: which of the two tables."},
                                            {0}};

#define HOME "/interpreting"
#define PEOPLE HOME "/people"
const struct route interpreting_routes[] = {
    {HTTP_GET, HOME, RIGHT_STAFF, bookings_get, list_query, "Appointments with interpreters, day by day."},
    {HTTP_GET, HOME "/new", RIGHT_MODERATE, booking_new_get, new_query, "Form for an appointment."},
    {HTTP_POST, HOME "/new", RIGHT_MODERATE, booking_new_post, new_fields, "Asks for an interpreter."},
    {HTTP_GET, "/interpreting/bookings/{i}", RIGHT_STAFF, booking_one_get, NULL, "One appointment.", ROUTE_TRACED},
    {HTTP_GET, "/interpreting/bookings/{i}/print", RIGHT_STAFF, booking_print_get, NULL, "One appointment on paper.",
     ROUTE_TRACED},
    {HTTP_GET, "/interpreting/bookings/{i}/calendar.ics", RIGHT_STAFF, booking_ics_get, NULL,
     "One appointment as a calendar file."},
    {HTTP_GET, "/interpreting/bookings/{i}/move", RIGHT_MODERATE, booking_move_get, NULL,
     "Form for another time or interpreter.", ROUTE_TRACED},
    {HTTP_POST, "/interpreting/bookings/{i}/move", RIGHT_MODERATE, booking_move_post, move_fields,
     "Changes an appointment."},
    {HTTP_GET, "/interpreting/bookings/{i}/end", RIGHT_STAFF, booking_end_get, end_query,
     "Says who is told, before it is called off."},
    {HTTP_POST, "/interpreting/bookings/{i}/state", RIGHT_STAFF, booking_state_post, state_fields,
     "Confirms, ends or notes the outcome."},
    {HTTP_GET, PEOPLE, RIGHT_MODERATE, interpreters_get, people_query, "The list of interpreters."},
    {HTTP_GET, PEOPLE "/new", RIGHT_COORDINATE, interpreter_new_get, NULL, "Form for an interpreter."},
    {HTTP_POST, PEOPLE "/new", RIGHT_COORDINATE, interpreter_new_post, interpreter_fields, "Adds an interpreter."},
    {HTTP_GET, PEOPLE "/{i}", RIGHT_STAFF, interpreter_one_get, NULL, "One interpreter.", ROUTE_TRACED},
    {HTTP_GET, PEOPLE "/{i}/edit", RIGHT_COORDINATE, interpreter_edit_get, NULL, "Form to change an interpreter.",
     ROUTE_TRACED},
    {HTTP_POST, PEOPLE "/{i}/edit", RIGHT_COORDINATE, interpreter_edit_post, interpreter_fields,
     "Changes an interpreter."},
    {HTTP_POST, PEOPLE "/{i}/active", RIGHT_COORDINATE, interpreter_active_post, active_fields,
     "Offers an interpreter, or not any more."},
    {HTTP_POST, PEOPLE "/{i}/undertakings", RIGHT_COORDINATE, undertaking_record_post, record_fields,
     "Records a confidentiality undertaking."},
    {HTTP_POST, PEOPLE "/{i}/undertakings/{i}/end", RIGHT_COORDINATE, undertaking_end_post, NULL,
     "Ends a confidentiality undertaking."},
    {HTTP_GET, PEOPLE "/{i}/undertaking/print", RIGHT_STAFF, undertaking_print_get, lang_query,
     "The undertaking on paper, to sign.", ROUTE_TRACED},
    {HTTP_GET, PEOPLE "/{i}/bookings.ics", RIGHT_STAFF, interpreter_ics_get, NULL,
     "Appointments of an interpreter as a calendar file."},
    {HTTP_GET, HOME "/undertaking", RIGHT_STAFF, undertaking_text_get, lang_query, "The text of the undertaking."},
    {HTTP_POST, HOME "/undertaking", RIGHT_COORDINATE, undertaking_text_post, text_fields,
     "Writes a version of the undertaking."},
    {HTTP_GET, "/messages/{i}/through", RIGHT_MODERATE, message_through_get, NULL,
     "Who passed a message on, and the form to correct it.", ROUTE_TRACED},
    {HTTP_POST, "/messages/{i}/through", RIGHT_MODERATE, message_through_post, interp_through_fields, "Corrects it."},
    {HTTP_GET, "/joins/{i}/through", RIGHT_COORDINATE, join_through_get, NULL,
     "Who passed the answers of a join request on, and the form to correct it.", ROUTE_TRACED},
    {HTTP_POST, "/joins/{i}/through", RIGHT_COORDINATE, join_through_post, interp_through_fields, "Corrects it."},
    {HTTP_GET, HOME "/report", RIGHT_STAFF, interpreting_report_get, report_query, "Interpreting in numbers."},
    {HTTP_GET, HOME "/report/export", RIGHT_STAFF, interpreting_export_get, export_query, "The numbers as a file."},
    {0},
};
