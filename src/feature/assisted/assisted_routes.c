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
static const struct field call_query[] = {{"community", FIELD_ID, 0, 0, 0, NULL, "Community that was called."},
                                          {"person", FIELD_ID, 0, 0, 0, NULL, "The member who called."},
                                          {0}};
#define THROUGH                                                                                                        \
    {                                                                                                                  \
        "through", FIELD_TEXT, 0, 0, 40, NULL, "Who passed the words on: booking:ID, interpreter:ID, family; none."    \
    }
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
    THROUGH,
    {0}};
#define ANSWER(i)                                                                                                      \
    {                                                                                                                  \
        "a" #i, FIELD_LINES, 0, 0, 500, NULL, "Answer to a question of the community, in its order."                   \
    }
static const struct field intake_query[] = {{"community", FIELD_ID, 0, 0, 0, NULL, "Community to join."}, {0}};
static const struct field intake_fields[] = {
    {"community", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Community to join."},
    {"name", FIELD_TEXT, 0, 0, 80, NULL, "Name to use."},
    {"phone", FIELD_TEXT, 0, 0, 40, NULL, "Number to call back."},
    {"lang", FIELD_TEXT, 0, 0, 12, NULL, "Language of the person."},
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, call_kinds, "Call or visit."},
    {"accepted", FIELD_BOOL, 0, 0, 0, NULL, "The person accepts the guidelines."},
    {"choice", FIELD_TEXT, 0, 0, 40, NULL,
     "Choice of the question that a program adds: how one would like to take part."},
    THROUGH,
    ANSWER(1),
    ANSWER(2),
    ANSWER(3),
    ANSWER(4),
    ANSWER(5),
    ANSWER(6),
    ANSWER(7),
    ANSWER(8),
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
    {HTTP_GET, "/joins/new", RIGHT_MODERATE, intake_get, intake_query, "Form for somebody who wants to join."},
    {HTTP_POST, "/joins/new", RIGHT_MODERATE, intake_post, intake_fields, "Enters a join request by hand."},
    {0},
};
