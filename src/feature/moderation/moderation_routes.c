/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/moderation/moderation_pages.h"

static const char *const kinds[] = {"report",      "appeal",    "readmission", "personal",
                                    "opportunity", "automatic", "join",        NULL};
static const char *const categories[] = {"off-topic",         "offensive",  "advertising", "privacy",
                                         "false-information", "disrespect", "illegal",     "harassment",
                                         "violence",          "self-harm",  NULL};
static const char *const yes_no[] = {"yes", "no", NULL};
static const char *const notices[] = {"nameless", "named", "never", NULL};
static const char *const personals[] = {"show", "hold", "off", NULL};
static const char *const excluded[] = {"political", "religious", "personal", "commercial", NULL};

#define REVIEW_FILTER                                                                                                  \
    {"community", FIELD_ID, 0, 0, 0, NULL, "Only this community."},                                                    \
        {"kind", FIELD_CHOICE, 0, 0, 0, kinds, "Only this kind."},                                                     \
    {                                                                                                                  \
        "done", FIELD_BOOL, 0, 0, 0, NULL, "Those already decided."                                                    \
    }
/* The item's page is shown again when something is wrong, so each act knows the others' fields. */
#define REVIEW_KEEP                                                                                                    \
    REVIEW_FILTER, {"reason", FIELD_LINES, 0, 0, 1000, NULL, "Why; the person reads it."},                             \
    {                                                                                                                  \
        "note", FIELD_LINES, 0, 0, 4000, NULL, "Notes for those who decide."                                           \
    }
static const struct field review_query[] = {REVIEW_FILTER, {0}};
static const struct field close_fields[] = {
    REVIEW_KEEP, {"helped", FIELD_BOOL, 0, 0, 0, NULL, "Dealt with in another way."}, {0}};
static const struct field decide_fields[] = {
    REVIEW_KEEP, {"grant", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, yes_no, "Granted or not."}, {0}};
static const struct field personal_fields[] = {
    REVIEW_KEEP, {"show", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, yes_no, "May be seen or not."}, {0}};
static const struct field note_fields[] = {REVIEW_KEEP, {0}};
#define ACT                                                                                                            \
    {"category", FIELD_CHOICE, 0, 0, 0, categories, "What it is."},                                                    \
    {                                                                                                                  \
        "item", FIELD_ID, 0, 0, 0, NULL, "The report that led to it."                                                  \
    }
static const struct field act_query[] = {ACT, {"reason", FIELD_LINES, 0, 0, 1000, NULL, "Words kept."}, {0}};
static const struct field act_fields[] = {ACT,
                                          {"step", FIELD_INT, 0, 0, 8, NULL, "Step of the ladder; none = proposed."},
                                          {"clause", FIELD_INT, 0, 0, 100, NULL, "Clause of the guidelines to quote."},
                                          {"reason", FIELD_LINES, 0, 0, 1000, NULL, "Words to the person."},
                                          {0}};
static const struct field log_query[] = {{"before", FIELD_ID, 0, 0, 0, NULL, "Rows before this one."}, {0}};
static const struct field lang_query[] = {{"lang_of", FIELD_TEXT, 0, 0, 8, NULL, "Language of the texts."}, {0}};
static const struct field ladder_fields[] = {
    {"category", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, categories, "For this category."},
    {"ladder", FIELD_TEXT, 0, 0, 40, NULL, "Name of a shipped ladder; none = own steps."},
    {"steps", FIELD_LINES, 0, 0, 600, NULL, "Own steps, one a line."},
    {0}};
static const struct field setting_fields[] = {
    {"removal_notice", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, notices, "Notice to the group after a removal."},
    {"personal", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, personals, "Words from channels that look personal."},
    {"strike_days", FIELD_INT, FIELD_REQUIRED, 1, 3650, NULL, "A breach counts for so many days."},
    {"appeal_days", FIELD_INT, FIELD_REQUIRED, 1, 365, NULL, "Days to appeal."},
    {"decide_days", FIELD_INT, FIELD_REQUIRED, 1, 60, NULL, "Days to decide an appeal."},
    {"excluded", FIELD_CHOICES, 0, 0, 0, excluded, "Excluded topics."},
    {0}};
static const struct field text_fields[] = {
    {"lang_of", FIELD_TEXT, FIELD_REQUIRED, 2, 8, NULL, "Language of the texts."},
    {"groups", FIELD_LINES, 0, 0, 2000, NULL, "Better-suited groups, one a line."},
    {"numbers", FIELD_LINES, 0, 0, 2000, NULL, "Emergency numbers, one a line: number = words."},
    {0}};
static const struct field oncall_fields[] = {{"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Who is on call."},
                                             {"hours", FIELD_TEXT, 0, 0, 300, NULL, "Hours; none = at any hour."},
                                             {0}};
static const struct field report_fields[] = {
    {"category", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, categories, "What is wrong with it."},
    {"words", FIELD_LINES, 0, 0, 2000, NULL, "Anything to add."},
    {0}};
static const struct field words_fields[] = {{"words", FIELD_LINES, 0, 0, 2000, NULL, "In the person's words."}, {0}};
static const struct field name_fields[] = {{"name", FIELD_LINES, 0, 0, 8000, NULL, "Names to guard, one a line."}, {0}};

#define STAFF RIGHT_STAFF
const struct route moderation_routes[] = {
    {HTTP_GET, "/review", STAFF, review_get, review_query, "What waits for a decision, by urgency."},
    {HTTP_GET, "/review/{i}", STAFF, review_item_get, review_query, "One item beside the list.", ROUTE_TRACED},
    {HTTP_POST, "/review/{i}/close", STAFF, review_close_post, close_fields, "Closes a report without a sanction."},
    {HTTP_POST, "/review/{i}/decide", STAFF, review_decide_post, decide_fields, "Decides an appeal or a return."},
    {HTTP_POST, "/review/{i}/personal", STAFF, review_personal_post, personal_fields,
     "Decides about a message that looks personal."},
    {HTTP_POST, "/review/{i}/decline", STAFF, review_decline_post, note_fields, "Does not publish an offer."},
    {HTTP_POST, "/review/{i}/automatic", STAFF, review_automatic_post, automatic_decide_fields,
     "Keeps what an automatic rule did, or takes it back."},
    {HTTP_POST, "/review/{i}/note", STAFF, review_note_post, note_fields, "Keeps a note for those who decide."},
    {HTTP_GET, "/messages/{i}/act", STAFF, act_get, act_query, "What would happen to a message and its author.",
     ROUTE_TRACED},
    {HTTP_POST, "/messages/{i}/act", STAFF, act_post, act_fields, "Does a step of the ladder."},
    {HTTP_GET, "/sanctions/{i}", STAFF, sanction_get, NULL, "One sanction.", ROUTE_TRACED},
    {HTTP_POST, "/sanctions/{i}/undo", STAFF, sanction_undo_post, NULL, "Takes back what a sanction caused."},
    {HTTP_GET, "/communities/{i}/moderation", STAFF, log_get, log_query, "The moderation log."},
    {HTTP_GET, "/communities/{i}/moderation.csv", STAFF, log_csv_get, NULL, "The log as a table, without names."},
    {HTTP_GET, "/communities/{i}/ladders", STAFF, ladders_get, lang_query, "Ladders and settings."},
    {HTTP_POST, "/communities/{i}/ladders", STAFF, ladders_post, ladder_fields, "Sets a ladder."},
    {HTTP_POST, "/communities/{i}/moderation-settings", STAFF, mod_settings_post, setting_fields,
     "Saves the settings of the moderation."},
    {HTTP_POST, "/communities/{i}/moderation-texts", STAFF, mod_texts_post, text_fields,
     "Saves better-suited groups and emergency numbers."},
    {HTTP_GET, "/communities/{i}/automatic", STAFF, automatic_get, NULL, "Automatic rules against floods."},
    {HTTP_POST, "/communities/{i}/automatic", STAFF, automatic_post, automatic_fields, "Saves the automatic rules."},
    {HTTP_POST, "/communities/{i}/oncall", STAFF, oncall_post, oncall_fields, "Puts somebody on call."},
    {HTTP_POST, "/communities/{i}/oncall/{i}/remove", STAFF, oncall_remove_post, NULL, "Takes somebody off call."},
    {HTTP_GET, "/messages/{i}/report", RIGHT_PERSON, report_form_get, NULL, "Form to report a message.", ROUTE_TRACED},
    {HTTP_POST, "/messages/{i}/report", RIGHT_PERSON, report_form_post, report_fields, "Reports a message."},
    {HTTP_GET, "/c/{s}/urgent", RIGHT_ANYONE, urgent_get, NULL, "Emergency numbers at any hour."},
    {HTTP_POST, "/c/{s}/urgent", RIGHT_PERSON, urgent_post, words_fields, "Alerts the person on call."},
    {HTTP_GET, "/c/{s}/decisions", RIGHT_PERSON, decisions_get, NULL, "Decisions about oneself."},
    {HTTP_POST, "/c/{s}/decisions/{i}/appeal", RIGHT_PERSON, appeal_post, words_fields, "Appeals against a decision."},
    {HTTP_POST, "/c/{s}/decisions/return", RIGHT_PERSON, return_post, words_fields, "Asks to come back."},
    {HTTP_GET, "/c/{s}/opportunity", RIGHT_PERSON, opportunity_get, NULL, "Form to offer a job or an event."},
    {HTTP_POST, "/c/{s}/opportunity", RIGHT_PERSON, opportunity_post, words_fields, "Sends an offer privately."},
    {HTTP_GET, "/c/{s}/names", RIGHT_PERSON, names_get, NULL, "Names the person does not want to publish."},
    {HTTP_POST, "/c/{s}/names", RIGHT_PERSON, names_post, name_fields, "Adds names."},
    {HTTP_POST, "/c/{s}/names/{i}/drop", RIGHT_PERSON, name_drop_post, NULL, "Takes a name off the list."},
    {0},
};
