/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/person/person_fields.h"

const char *const person_known_codes[] = {"assessed", "self", NULL};
const char *const person_scale_codes[] = {"clb", "nclc", NULL};
const char *const person_skill_codes[] = {"listening", "speaking", "reading", "writing", NULL};
static const char *const why_codes[] = {"typing", "other-person", "doubtful", NULL};
static const char *const basis_codes[] = {"consent", "asked", "implied", "emergency", "law", NULL};

const struct field person_preferred_fields[] = {
    {"preferred", FIELD_TEXT, FIELD_REQUIRED, 1, 12, NULL, "Code of the language that messages use."}, {0}};
const struct field person_limited_fields[] = {
    {"limited", FIELD_BOOL, 0, 0, 0, NULL, "Text only, files as links; or all as it is."}, {0}};
const struct field person_why_fields[] = {
    {"why", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, why_codes, "What was wrong with it."}, {0}};
const struct field person_disclosure_fields[] = {
    {"what", FIELD_LINES, FIELD_REQUIRED, 1, 500, NULL, "What was passed on."},
    {"recipient", FIELD_TEXT, FIELD_REQUIRED, 1, 200, NULL, "To whom."},
    {"basis", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, basis_codes, "On what ground."},
    {"reason", FIELD_LINES, 0, 0, 1000, NULL, "Written reason; needed without the person's own yes."},
    {"on_day", FIELD_DATE, 0, 0, 0, NULL, "Day; none = today."},
    {0}};
const struct field person_erasure_fields[] = {{"words", FIELD_LINES, 0, 0, 1000, NULL, "What the person says."}, {0}};
const struct field person_ask_for_fields[] = {
    {"words", FIELD_LINES, FIELD_REQUIRED, 1, 1000, NULL, "How the person asked for it."}, {0}};
const struct field person_retention_fields[] = {
    {"joins", FIELD_INT, 0, 0, 0, NULL, "Days for refused and withdrawn join requests; 0 = kept."},
    {"exits", FIELD_INT, 0, 0, 0, NULL, "Days for why people left, in their own words; 0 = kept."},
    {"threads", FIELD_INT, 0, 0, 0, NULL, "Days for private threads in which nobody writes; 0 = kept."},
    {"requests", FIELD_INT, 0, 0, 0, NULL, "Days for decided requests to delete; 0 = kept."},
    {"sure", FIELD_BOOL, 0, 0, 0, NULL, "What is due now may go."},
    {0}};
const struct field person_decline_fields[] = {
    {"reason", FIELD_LINES, FIELD_REQUIRED, 1, 1000, NULL, "Why; the person reads it."}, {0}};
const struct field person_erase_fields[] = {
    {"sure", FIELD_BOOL, 0, 0, 0, NULL, "true: the request comes from the person."}, {0}};
