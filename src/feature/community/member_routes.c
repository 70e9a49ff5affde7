/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/community/member_pages.h"

enum { UPLOAD_MAX = 10 * 1024 * 1024 };

static const struct field join_query[] = {
    {"invitation", FIELD_TEXT, 0, 0, 40, NULL, "Code of an invitation."},
    {"from", FIELD_TEXT, 0, 0, 40, NULL, "Code of the place where the link was found: poster, card, friend."},
    {0}};
static const struct field accept_fields[] = {
    {"version", FIELD_INT, FIELD_REQUIRED, 1, 1000000, NULL, "Version that was read."}, {0}};
static const char *const sure_codes[] = {"publish", "private", NULL};
static const struct field join_fields[] = {
    {"invitation", FIELD_TEXT, 0, 0, 40, NULL, "Code of an invitation."},
    {"from", FIELD_TEXT, 0, 0, 40, NULL, "Code of the place where the link was found."},
    {"name", FIELD_TEXT, 0, 0, 60, NULL, "How the person wants to be called."},
    {"accept", FIELD_BOOL, 0, 0, 0, NULL, "The guidelines shown are accepted."},
    {"version", FIELD_INT, 0, 0, 1000000, NULL, "Version of the guidelines that was shown."},
    {"a1", FIELD_LINES, 0, 0, 500, NULL, "Answer to the first screening question."},
    {"a2", FIELD_LINES, 0, 0, 500, NULL, "Answer to the second screening question."},
    {"a3", FIELD_LINES, 0, 0, 500, NULL, "Answer to the third screening question."},
    {"a4", FIELD_LINES, 0, 0, 500, NULL, "Answer to the fourth screening question."},
    {"a5", FIELD_LINES, 0, 0, 500, NULL, "Answer to the fifth screening question."},
    {"a6", FIELD_LINES, 0, 0, 500, NULL, "Answer to the sixth screening question."},
    {"a7", FIELD_LINES, 0, 0, 500, NULL, "Answer to the seventh screening question."},
    {"a8", FIELD_LINES, 0, 0, 500, NULL, "Answer to the eighth screening question."},
    {"choice", FIELD_TEXT, 0, 0, 40, NULL,
     "Choice of the question that a program adds: how one would like to take part."},
    {0}};
static const char *const exit_codes[] = {"found", "too-many", "not-useful", "not-welcome", NULL};
static const struct field left_fields[] = {{"reason", FIELD_CHOICE, 0, 0, 0, exit_codes, "Why the person leaves."},
                                           {"words", FIELD_LINES, 0, 0, 500, NULL, "Own words."},
                                           {0}};
static const struct field back_fields[] = {{"code", FIELD_TEXT, FIELD_REQUIRED, 8, 100, NULL, "Code or link."}, {0}};
static const struct field ask_query[] = {{"text", FIELD_LINES, 0, 0, 4000, NULL, "Words to start with."},
                                         {"private", FIELD_BOOL, 0, 0, 0, NULL, "For the moderators only."},
                                         {"topic", FIELD_TEXT, 0, 0, 40, NULL, "Code of a topic to start with."},
                                         {0}};
static const struct field ask_fields[] = {
    {"text", FIELD_LINES, 0, 0, 4000, NULL, "The question."},
    {"private", FIELD_BOOL, 0, 0, 0, NULL, "For the moderators only."},
    {"topic", FIELD_TEXT, 0, 0, 40, NULL, "Code of a topic of the community."},
    {"sure", FIELD_CHOICE, 0, 0, 0, sure_codes, "Chosen after the warning that it looks personal."},
    {"voice", FIELD_FILE, 0, 0, UPLOAD_MAX, NULL, "Voice note, picture, video or PDF."},
    {0}};
static const struct field say_fields[] = {
    {"topic", FIELD_TEXT, 0, 0, 40, NULL, "Code of a topic of the community."},
    {"text", FIELD_LINES, 0, 0, 4000, NULL, "The message."},
    {"sure", FIELD_CHOICE, 0, 0, 0, sure_codes, "Chosen after the warning that it looks personal."},
    {"voice", FIELD_FILE, 0, 0, UPLOAD_MAX, NULL, "Voice note, picture, video or PDF."},
    {0}};
static const struct field reply_fields[] = {
    {"text", FIELD_LINES, FIELD_REQUIRED, 1, 4000, NULL, "The message."},
    {"sure", FIELD_CHOICE, 0, 0, 0, sure_codes, "Chosen after the warning that it looks personal."},
    {0}};
static const struct field answers_query[] = {{"q", FIELD_TEXT, 0, 0, 200, NULL, "Words to look for."},
                                             {"after", FIELD_ID, 0, 0, 0, NULL, "Saved answers after this one."},
                                             {"before", FIELD_INT, 0, 0, 0, NULL, "Answers before this time."},
                                             {0}};
static const struct field stream_query[] = {{"topic", FIELD_TEXT, 0, 0, 40, NULL, "Only this topic."},
                                            {"before", FIELD_INT, 0, 0, 0, NULL, "Messages before this time."},
                                            {"before_id", FIELD_INT, 0, 0, 0, NULL, "And before this message."},
                                            {"text", FIELD_LINES, 0, 0, 4000, NULL, "Words to start with."},
                                            {0}};

static const char *const stop_codes[] = {"leave", "posts", NULL};
static const struct field stop_fields[] = {
    {"how", FIELD_CHOICE, 0, 0, 0, stop_codes, "What ends: everything (also when nothing is said), or only posts."},
    {"List-Unsubscribe", FIELD_TEXT, 0, 0, 40, NULL, "\"One-Click\", when a mail program asks (RFC 8058)."},
    {0}};

const struct route member_routes[] = {
    {HTTP_GET, "/", RIGHT_ANYONE, home_get, NULL, "Communities that anyone may find, and one's own."},
    {HTTP_GET, "/back", RIGHT_ANYONE, back_get, NULL, "Form to come back with a code."},
    {HTTP_GET, "/back/{s}", RIGHT_ANYONE, back_link_get, NULL,
     "Personal return link: shows a button, opens nothing yet."},
    {HTTP_POST, "/back", RIGHT_ANYONE, back_post, back_fields, "Comes back with a link or code."},
    {HTTP_GET, "/c/{s}", RIGHT_ANYONE, place_get, NULL, "A community: what it is for and what it promises."},
    {HTTP_GET, "/c/{s}/guidelines", RIGHT_ANYONE, guidelines_get, NULL, "Its guidelines."},
    {HTTP_POST, "/c/{s}/guidelines", RIGHT_PERSON, guidelines_accept_post, accept_fields,
     "Accepts the guidelines as they are now."},
    {HTTP_GET, "/i/{s}", RIGHT_ANYONE, invitation_get, NULL, "An invitation: leads to the form to ask to join."},
    {HTTP_GET, "/c/{s}/join", RIGHT_ANYONE, join_form_get, join_query, "Form to ask to join."},
    {HTTP_POST, "/c/{s}/join", RIGHT_ANYONE, join_form_post, join_fields, "Sends a join request."},
    {HTTP_POST, "/c/{s}/join/withdraw", RIGHT_PERSON, join_withdraw_post, NULL, "Takes one's join request back."},
    {HTTP_POST, "/c/{s}/link", RIGHT_PERSON, link_post, NULL, "Makes a new return link and code."},
    {HTTP_GET, "/c/{s}/leave", RIGHT_PERSON, leave_get, NULL, "Asks before leaving."},
    {HTTP_POST, "/c/{s}/leave", RIGHT_PERSON, leave_post, NULL, "Leaves the community."},
    {HTTP_GET, "/c/{s}/left", RIGHT_PERSON, left_get, NULL, "Asks why somebody left."},
    {HTTP_POST, "/c/{s}/left", RIGHT_PERSON, left_post, left_fields, "Says why."},
    {HTTP_GET, "/c/{s}/ask", RIGHT_ANYONE, ask_get, ask_query, "Form to ask a question."},
    {HTTP_POST, "/c/{s}/ask", RIGHT_PERSON, ask_post, ask_fields, "Asks a question."},
    {HTTP_GET, "/c/{s}/questions/{i}", RIGHT_PERSON, member_question_get, NULL, "A question and its answers."},
    {HTTP_POST, "/c/{s}/questions/{i}", RIGHT_PERSON, member_question_post, reply_fields,
     "Adds to a question, or answers it."},
    {HTTP_GET, "/questions/{i}", RIGHT_PERSON, question_go_get, NULL, "Leads to a question, for notices."},
    {HTTP_GET, "/c/{s}/answers", RIGHT_ANYONE, answers_get, answers_query, "Saved and recent answers, with search."},
    {HTTP_GET, "/c/{s}/talk", RIGHT_ANYONE, stream_get, stream_query, "The community's conversation."},
    {HTTP_POST, "/c/{s}/talk", RIGHT_PERSON, stream_post, say_fields, "Writes to the community."},
    {HTTP_GET, "/c/{s}/private", RIGHT_PERSON, thread_get, NULL, "One's own thread with the moderators."},
    {HTTP_POST, "/c/{s}/private", RIGHT_PERSON, thread_post, say_fields, "Writes to the moderators only."},
    {HTTP_GET, "/u/{s}", RIGHT_ANYONE, stop_get, NULL, "Asks before the messages to an address end."},
    /* No session: a mail program presses this button for its reader. The token is the proof. */
    {HTTP_POST, "/u/{s}", RIGHT_ANYONE, stop_post, stop_fields, "Ends the messages to an address.", ROUTE_NO_CSRF},
    {HTTP_GET, "/messages/{i}/whole", RIGHT_MODERATE, message_whole_get, NULL,
     "A mail with the lines that were cut off. Reading is noted.", ROUTE_TRACED},
    {HTTP_GET, "/messages/{i}/file", RIGHT_PERSON, message_file_get, NULL, "The voice note or file of a message.",
     ROUTE_TRACED},
    {0},
};
