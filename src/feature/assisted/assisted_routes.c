/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/assisted/assisted_pages.h"

static const char *const reason_codes[] = {"no-right", "not-there", "not-reached", "other", NULL};
static const char *const call_kinds[] = {"phone", "visit", NULL};

static const struct field could_not_fields[] = {
    {"reason", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, reason_codes, "Why it could not be done."}, {0}};
static const struct field log_query[] = {{"before", FIELD_INT, 0, 0, 0, NULL, "Acts before this time, ms."},
                                         {"before_id", FIELD_ID, 0, 0, 0, NULL, "… and this one."},
                                         {0}};
static const struct field paste_query[] = {{"place", FIELD_ID, 0, 0, 0, NULL, "Group by hand."}, {0}};
#define PASTED                                                                                                         \
    {"place", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Group by hand."},                                                 \
    {                                                                                                                  \
        "text", FIELD_LINES, FIELD_REQUIRED, 1, 60000, NULL, "The copied conversation."                                \
    }
static const struct field paste_fields[] = {PASTED, {0}};
static const struct field paste_take_fields[] = {
    PASTED, {"ours", FIELD_CHOICES, 0, 0, 200, NULL, "Names in the group that are ours."}, {0}};
static const struct field call_query[] = {{"community", FIELD_ID, 0, 0, 0, NULL, "Community that was called."}, {0}};
static const struct field call_fields[] = {
    {"community", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Community that was called."},
    {"person", FIELD_ID, 0, 0, 0, NULL, "A member; none = a new person."},
    {"name", FIELD_TEXT, 0, 0, 80, NULL, "Name of a new person."},
    {"phone", FIELD_TEXT, 0, 0, 40, NULL, "Number to call back."},
    {"lang", FIELD_TEXT, 0, 0, 12, NULL, "Language of the person."},
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, call_kinds, "Call or visit."},
    {"at", FIELD_TIME, 0, 0, 0, NULL, "When it was, by the community's clock; none = now."},
    {"text", FIELD_LINES, FIELD_REQUIRED, 1, 4000, NULL, "What the person asks."},
    {"accepted", FIELD_BOOL, 0, 0, 0, NULL, "The person accepts the guidelines."},
    {"public", FIELD_BOOL, 0, 0, 0, NULL, "The community may see it."},
    {0}};

const struct route assisted_routes[] = {
    {HTTP_GET, "/by-hand", RIGHT_MODERATE, hand_get, NULL, "What has to be done by hand.", ROUTE_TRACED},
    {HTTP_POST, "/by-hand/{i}/done", RIGHT_MODERATE, hand_done_post, NULL, "It is done in the app."},
    {HTTP_POST, "/by-hand/{i}/could-not", RIGHT_MODERATE, hand_could_not_post, could_not_fields,
     "It could not be done."},
    {HTTP_POST, "/by-hand/{i}/back", RIGHT_MODERATE, hand_back_post, NULL, "Said too soon: back on the list."},
    {HTTP_GET, "/communities/{i}/by-hand", RIGHT_MODERATE, hand_log_get, log_query, "Who did what by hand."},
    {HTTP_GET, "/by-hand/paste", RIGHT_MODERATE, paste_get, paste_query, "Box for a copied conversation."},
    {HTTP_POST, "/by-hand/paste", RIGHT_MODERATE, paste_post, paste_fields, "Shows what was read in it."},
    {HTTP_POST, "/by-hand/paste/take", RIGHT_MODERATE, paste_take_post, paste_take_fields, "Takes it in."},
    {HTTP_GET, "/calls/new", RIGHT_MODERATE, call_get, call_query, "Form for a call or a visit."},
    {HTTP_POST, "/calls/new", RIGHT_MODERATE, call_post, call_fields, "Enters a call or a visit."},
    {0},
};
