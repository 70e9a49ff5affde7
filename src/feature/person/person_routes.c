/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/person/person_pages.h"

static const char *const how_codes[] = {"speaks", "reads", NULL};
static const char *const known_codes[] = {"assessed", "self", NULL};
static const char *const scale_codes[] = {"clb", "nclc", NULL};
static const char *const skill_codes[] = {"listening", "speaking", "reading", "writing", NULL};
static const char *const why_codes[] = {"typing", "other-person", "doubtful", NULL};

static const struct field language_fields[] = {
    {"lang", FIELD_TEXT, FIELD_REQUIRED, 1, 12, NULL, "Code of the language."},
    {"how", FIELD_CHOICES, 0, 0, 2, how_codes, "Speaks it, reads it; neither takes it off the list."},
    {0}};
static const struct field preferred_fields[] = {
    {"preferred", FIELD_TEXT, FIELD_REQUIRED, 1, 12, NULL, "Code of the language that messages use."}, {0}};
static const struct field limited_fields[] = {
    {"limited", FIELD_BOOL, 0, 0, 0, NULL, "Text only, files as links; or all as it is."}, {0}};
static const struct field level_fields[] = {
    {"scale", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, scale_codes, "English (CLB) or French (NCLC)."},
    {"skill", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, skill_codes, "The skill."},
    {"level", FIELD_TEXT, FIELD_REQUIRED, 1, 3, NULL, "1 to 12."},
    {"known", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, known_codes, "Assessed, or the person says so."},
    {"assessor", FIELD_TEXT, 0, 0, 120, NULL, "Who assessed it."},
    {"on_day", FIELD_DATE, 0, 0, 0, NULL, "Day of the assessment; none = today."},
    {0}};
static const struct field why_fields[] = {
    {"why", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, why_codes, "What was wrong with it."}, {0}};

const struct route person_routes[] = {
    {HTTP_GET, "/persons/{i}", RIGHT_MODERATE, record_get, NULL, "What is recorded once about a person.", ROUTE_TRACED},
    {HTTP_POST, "/persons/{i}/languages", RIGHT_MODERATE, record_language_post, language_fields,
     "Notes, changes or takes off a language."},
    {HTTP_POST, "/persons/{i}/preferred", RIGHT_MODERATE, record_preferred_post, preferred_fields,
     "Chooses the language of messages."},
    {HTTP_POST, "/persons/{i}/limited-data", RIGHT_MODERATE, record_limited_post, limited_fields,
     "Text only, or files as they are."},
    {HTTP_POST, "/persons/{i}/levels", RIGHT_MODERATE, record_level_post, level_fields,
     "Notes a level of English or French."},
    {HTTP_POST, "/persons/{i}/levels/{i}/withdraw", RIGHT_MODERATE, record_level_withdraw_post, why_fields,
     "Withdraws a wrong finding; it stays visible."},
    {0},
};
