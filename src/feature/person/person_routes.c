/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/person/person_fields.h"
#include "feature/person/person_pages.h"

static const char *const how_codes[] = {"speaks", "reads", NULL};

static const struct field language_fields[] = {
    {"lang", FIELD_TEXT, FIELD_REQUIRED, 1, 12, NULL, "Code of the language."},
    {"how", FIELD_CHOICES, 0, 0, 2, how_codes, "Speaks it, reads it; neither takes it off the list."},
    {0}};
static const struct field level_fields[] = {
    {"scale", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, person_scale_codes, "English (CLB) or French (NCLC)."},
    {"skill", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, person_skill_codes, "The skill."},
    {"level", FIELD_TEXT, FIELD_REQUIRED, 1, 3, NULL, "1 to 12."},
    {"known", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, person_known_codes, "Assessed, or the person says so."},
    {"assessor", FIELD_TEXT, 0, 0, 120, NULL, "Who assessed it."},
    {"on_day", FIELD_DATE, 0, 0, 0, NULL, "Day of the assessment; none = today."},
    {0}};

const struct route person_routes[] = {
    {HTTP_GET, "/persons/{i}", RIGHT_MODERATE, record_get, NULL, "What is recorded once about a person.", ROUTE_TRACED},
    {HTTP_POST, "/persons/{i}/languages", RIGHT_MODERATE, record_language_post, language_fields,
     "Notes, changes or takes off a language."},
    {HTTP_POST, "/persons/{i}/preferred", RIGHT_MODERATE, record_preferred_post, person_preferred_fields,
     "Chooses the language of messages."},
    {HTTP_POST, "/persons/{i}/limited-data", RIGHT_MODERATE, record_limited_post, person_limited_fields,
     "Text only, or files as they are."},
    {HTTP_POST, "/persons/{i}/levels", RIGHT_MODERATE, record_level_post, level_fields,
     "Notes a level of English or French."},
    {HTTP_POST, "/persons/{i}/levels/{i}/withdraw", RIGHT_MODERATE, record_level_withdraw_post, person_why_fields,
     "Withdraws a wrong finding; it stays visible."},
    {HTTP_POST, "/persons/{i}/disclosures", RIGHT_MODERATE, record_disclosure_post, person_disclosure_fields,
     "Notes what was passed on outside the service."},
    {HTTP_POST, "/persons/{i}/erasure", RIGHT_MODERATE, record_erasure_post, person_ask_for_fields,
     "Writes down that the person asks to have everything deleted."},
    {HTTP_GET, "/persons/{i}/twins", RIGHT_MODERATE, twins_get, NULL, "Records that may be of the same person.",
     ROUTE_TRACED},
    {HTTP_GET, "/persons/{i}/twins/{i}", RIGHT_MODERATE, twin_get, NULL, "Two records side by side.", ROUTE_TRACED},
    {HTTP_POST, "/persons/{i}/twins/{i}", RIGHT_MODERATE, twin_merge_post, NULL,
     "Puts the second record into the first."},
    {HTTP_POST, "/persons/{i}/part", RIGHT_MODERATE, twin_part_post, NULL, "Takes the newest merge back."},
    {HTTP_GET, "/retention", RIGHT_STAFF, retention_page_get, NULL, "How long what is over is kept, and what went."},
    {HTTP_POST, "/retention", RIGHT_ADMIN, retention_page_post, person_retention_fields,
     "Changes how long it is kept."},
    {HTTP_GET, "/privacy-requests", RIGHT_STAFF, requests_get, NULL, "Requests to delete what is kept."},
    {HTTP_GET, "/privacy-requests/{i}", RIGHT_STAFF, request_get, NULL, "One request, and what would be lost.",
     ROUTE_TRACED},
    {HTTP_POST, "/privacy-requests/{i}/erase", RIGHT_STAFF, request_erase_post, person_erase_fields,
     "Erases the person."},
    {HTTP_POST, "/privacy-requests/{i}/decline", RIGHT_STAFF, request_decline_post, person_decline_fields,
     "Declines with a reason."},
    {0},
};

const struct route person_own_routes[] = {
    {HTTP_GET, "/my-data", RIGHT_PERSON, own_get, NULL, "What is recorded about the person who asks.", ROUTE_TRACED},
    {HTTP_POST, "/my-data/languages", RIGHT_PERSON, own_language_post, language_fields,
     "Notes, changes or takes off a language."},
    {HTTP_POST, "/my-data/preferred", RIGHT_PERSON, own_preferred_post, person_preferred_fields,
     "Chooses the language of messages."},
    {HTTP_POST, "/my-data/limited-data", RIGHT_PERSON, own_limited_post, person_limited_fields,
     "Text only, or files as they are."},
    {HTTP_POST, "/my-data/consents/{i}/withdraw", RIGHT_PERSON, own_consent_post, NULL, "Withdraws a consent."},
    {HTTP_POST, "/my-data/file", RIGHT_PERSON, own_file_post, NULL, "All of it as one file."},
    {HTTP_GET, "/my-data/erasure", RIGHT_PERSON, own_erasure_get, NULL, "What deleting would mean."},
    {HTTP_POST, "/my-data/erasure", RIGHT_PERSON, own_erasure_post, person_erasure_fields, "Asks to have it deleted."},
    {HTTP_POST, "/my-data/erasure/take-back", RIGHT_PERSON, own_erasure_back_post, NULL, "Takes the request back."},
    {0},
};
