/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/community/staff_pages.h"

static const char *const media_codes[] = {"image", "voice", "file", "video", NULL};
static const char *const mode_codes[] = {"interactive", "one-way", NULL};
static const char *const visibility_codes[] = {"listed", "link", "invitation", NULL};
static const char *const moderation_codes[] = {"full", "light", NULL};
static const char *const clock_codes[] = {"deferred", "wall", "working-hours", NULL};
static const char *const role_codes[] = {"moderator", "specialist", "tech-admin", "evaluator", NULL};
static const char *const reason_codes[] = {"purpose-reached", "moved", "no-capacity", "other", NULL};
static const char *const state_codes[] = {"new",      "assigned", "researching", "answered",
                                          "verified", "referred", "closed",      NULL};
static const char *const verify_codes[] = {"confirmed", "completed", "corrected", NULL};
static const char *const kb_states[] = {"published", "draft", "retired", NULL};
static const char *const entry_states[] = {"published", "retired", NULL};
static const char *const close_codes[] = {"solved-elsewhere", "duplicate", "out-of-scope",
                                          "no-reply",         "withdrawn", NULL};
static const char *const refuse_codes[] = {"not-audience", "no-answer", "incomplete", "other", NULL};
static const char *const status_codes[] = {"draft", "ready", "live", "winding-down", "read-only", "archived", NULL};

#define LANG_OF(needed)                                                                                                \
    {                                                                                                                  \
        "lang_of", FIELD_TEXT, needed, 0, 8, NULL, "Language of the text, such as fr."                                 \
    }
#define SOURCE                                                                                                         \
    {                                                                                                                  \
        "source", FIELD_TEXT, 0, 0, 300, NULL, "Where this was checked."                                               \
    }
#define CHECKED_ON                                                                                                     \
    {                                                                                                                  \
        "checked_on", FIELD_DATE, 0, 0, 0, NULL, "Day on which it was checked."                                        \
    }
#define COMMUNITY                                                                                                      \
    {                                                                                                                  \
        "community", FIELD_ID, 0, 0, 0, NULL, "Only this community."                                                   \
    }

static const struct field inbox_query[] = {
    COMMUNITY,
    {"state", FIELD_CHOICE, 0, 0, 0, state_codes, "Only this state; none = open ones by urgency."},
    LANG_OF(0),
    {"mine", FIELD_BOOL, 0, 0, 0, NULL, "Only those assigned to me."},
    {"overdue", FIELD_BOOL, 0, 0, 0, NULL, "Only overdue ones."},
    {"unassigned", FIELD_BOOL, 0, 0, 0, NULL, "Only those nobody has."},
    {"unchecked", FIELD_BOOL, 0, 0, 0, NULL, "Only those with members' answers to check."},
    {"r", FIELD_INT, 0, 0, 0, NULL, "Next page: rank of the last row."},
    {"s", FIELD_INT, 0, 0, 0, NULL, "Next page: sort value of the last row."},
    {"i", FIELD_INT, 0, 0, 0, NULL, "Next page: id of the last row."},
    {0}};
/* A question's acts show its page again when something is wrong, so each also knows the answer's fields. */
#define INBOX_KEEP                                                                                                     \
    COMMUNITY, {"state", FIELD_CHOICE, 0, 0, 0, state_codes, "Filter kept."}, LANG_OF(0),                              \
        {"mine", FIELD_BOOL, 0, 0, 0, NULL, "Filter kept."}, {"overdue", FIELD_BOOL, 0, 0, 0, NULL, "Filter kept."},   \
        {"unassigned", FIELD_BOOL, 0, 0, 0, NULL, "Filter kept."},                                                     \
        {"unchecked", FIELD_BOOL, 0, 0, 0, NULL, "Filter kept."}, {"r", FIELD_INT, 0, 0, 0, NULL, "Filter kept."},     \
        {"s", FIELD_INT, 0, 0, 0, NULL, "Filter kept."}, {"i", FIELD_INT, 0, 0, 0, NULL, "Filter kept."},              \
        {"text", FIELD_LINES, 0, 0, 8000, NULL, "The answer."}, SOURCE, CHECKED_ON
static const struct field question_fields[] = {INBOX_KEEP, {0}};
static const struct field answer_fields[] = {INBOX_KEEP,
                                             {"entry", FIELD_ID, 0, 0, 0, NULL, "Saved answer it was taken from."},
                                             {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Send now, also outside hours."},
                                             {0}};
#define LINE_ONLY                                                                                                      \
    {                                                                                                                  \
        "line_only", FIELD_BOOL, 0, 0, 0, NULL, "Answer JSON with the line alone."                                     \
    }
static const struct field measure_fields[] = {INBOX_KEEP,
                                              {"entry", FIELD_ID, 0, 0, 0, NULL, "Saved answer it was taken from."},
                                              {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Kept."},
                                              LINE_ONLY,
                                              {0}};
static const struct field assign_fields[] = {INBOX_KEEP,
                                             {"person", FIELD_ID, 0, 0, 0, NULL, "Who takes it; none = nobody."},
                                             {"me", FIELD_BOOL, 0, 0, 0, NULL, "I take it."},
                                             {0}};
static const struct field interim_fields[] = {
    INBOX_KEEP, {"interim", FIELD_LINES, 0, 0, 1000, NULL, "Own words; none = the standard sentence."}, {0}};
static const struct field refer_fields[] = {INBOX_KEEP,
                                            {"org", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Partner organisation."},
                                            {"person", FIELD_ID, 0, 0, 0, NULL, "Its specialist."},
                                            {0}};
static const struct field close_fields[] = {
    INBOX_KEEP, {"reason", FIELD_CHOICE, 0, 0, 0, close_codes, "Why, while it is open."}, {0}};
static const struct field urgent_fields[] = {INBOX_KEEP, {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Urgent or not."}, {0}};
static const struct field topic_fields[] = {INBOX_KEEP, {"topic", FIELD_TEXT, 0, 0, 60, NULL, "Topic."}, {0}};
static const struct field verify_fields[] = {
    INBOX_KEEP,
    {"to", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, verify_codes, "Confirm, complete or correct."},
    {"note", FIELD_LINES, 0, 0, 4000, NULL, "What is missing, or what is right."},
    {0}};
static const struct field draft_fields[] = {{"text", FIELD_LINES, 0, 0, 8000, NULL, "Unfinished answer."}, {0}};
static const struct field refuse_fields[] = {{"reason", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, refuse_codes, "Why."}, {0}};
#define SETTINGS                                                                                                       \
    {"slug", FIELD_TEXT, FIELD_REQUIRED, 2, 40, NULL, "Short name in addresses."},                                     \
        {"territory", FIELD_TEXT, 0, 0, 120, NULL, "City or region."},                                                 \
        {"languages", FIELD_TEXT, FIELD_REQUIRED, 2, 60, NULL, "Languages, the main one first: ar fr en."},            \
        {"zone", FIELD_TEXT, FIELD_REQUIRED, 3, 64, NULL, "Time zone, such as America/Toronto."},                      \
        {"hours", FIELD_TEXT, 0, 0, 500, NULL, "Opening hours: mon-fri 09:00-17:00."},                                 \
        {"calendar", FIELD_TEXT, FIELD_REQUIRED, 2, 10, NULL, "Holidays: CA-ON … or none."},                           \
        {"calendar_edits", FIELD_LINES, 0, 0, 4000, NULL, "Days added or removed, one a line."},                       \
        {"media", FIELD_CHOICES, 0, 0, 0, media_codes, "What members may send besides text."},                         \
        {"mode", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, mode_codes, "Interactive or one-way."},                           \
        {"visibility", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, visibility_codes, "Who may find it."},                      \
        {"moderation", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, moderation_codes, "Full or light."},                        \
        {"clock_mode", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, clock_codes, "How the clock runs."},                        \
        {"owner_org", FIELD_ID, 0, 0, 0, NULL, "Owner."},                                                              \
        {"standard_hours", FIELD_INT, 0, 0, 8760, NULL, "Promise in hours; 0 = none."},                                \
        {"member_limit", FIELD_INT, 0, 0, 1000000, NULL, "Most members; 0 = no limit."},                               \
    {                                                                                                                  \
        "stand_in", FIELD_ID, 0, 0, 0, NULL, "Stand-in when a moderator is absent."                                    \
    }
#define WORDS                                                                                                          \
    LANG_OF(FIELD_REQUIRED), {"name", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Name."},                              \
        {"purpose", FIELD_LINES, 0, 0, 1000, NULL, "What it is for."},                                                 \
        {"audience", FIELD_LINES, 0, 0, 500, NULL, "For whom."},                                                       \
        {"topics_in", FIELD_LINES, 0, 0, 2000, NULL, "Topics that belong here, one a line."},                          \
    {                                                                                                                  \
        "topics_out", FIELD_LINES, 0, 0, 2000, NULL, "Topics that do not, one a line."                                 \
    }
static const struct field settings_fields[] = {SETTINGS, {0}};
static const struct field new_fields[] = {SETTINGS, WORDS, {0}};
static const struct field words_fields[] = {WORDS, {0}};
static const struct field status_fields[] = {{"status", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, status_codes, "New state."},
                                             {"reason", FIELD_CHOICE, 0, 0, 0, reason_codes, "Why."},
                                             {0}};
static const struct field screening_fields[] = {
    {"id", FIELD_ID, 0, 0, 0, NULL, "Question to change; none = a new one."},
    {"position", FIELD_INT, 0, 0, 100, NULL, "Place in the order."},
    {"required", FIELD_BOOL, 0, 0, 0, NULL, "Must be answered."},
    LANG_OF(FIELD_REQUIRED),
    {"question", FIELD_TEXT, FIELD_REQUIRED, 1, 300, NULL, "The question."},
    {0}};
static const struct field partner_fields[] = {{"org", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Organisation."}, {0}};
static const struct field grant_fields[] = {
    {"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Who."},
    {"role", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, role_codes, "Role."},
    {"days", FIELD_INT, 0, 0, 3650, NULL, "Ends after so many days; 0 = no end."},
    {0}};
static const struct field channel_fields[] = {
    {"channel", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Channel of the installation."},
    {"chat", FIELD_TEXT, 0, 0, 100, NULL, "The group's id there."},
    {"limit", FIELD_INT, 0, 0, 1000000, NULL, "Most members there; 0 = no limit."},
    {"limit_source", FIELD_TEXT, 0, 0, 300, NULL, "Where this limit is written, with its date."},
    {0}};
static const struct field place_topic_fields[] = {
    {"topic", FIELD_TEXT, 0, 0, 40, NULL, "Topic of the questions asked there; empty = none."}, {0}};
static const struct field keywords_fields[] = {
    {"keyword_fr", FIELD_TEXT, 0, 0, 40, NULL, "Word that asks to join, in French."},
    {"keyword_en", FIELD_TEXT, 0, 0, 40, NULL, "In English."},
    {"keyword_ar", FIELD_TEXT, 0, 0, 40, NULL, "In Arabic."},
    {"ask_exit", FIELD_BOOL, 0, 0, 0, NULL, "Ask those who leave why."},
    {0}};
static const struct field data_fields[] = {{"limited", FIELD_BOOL, 0, 0, 0, NULL, "Text only."}, {0}};
static const struct field limit_fields[] = {
    {"limit", FIELD_INT, 0, 0, 1000000, NULL, "Most members there; 0 = no limit."},
    {"limit_source", FIELD_TEXT, 0, 0, 300, NULL, "Where this limit is written, with its date."},
    {0}};
static const struct field text_query[] = {LANG_OF(0), {0}};
static const struct field text_fields[] = {LANG_OF(FIELD_REQUIRED),
                                           {"title", FIELD_TEXT, FIELD_REQUIRED, 1, 200, NULL, "Title."},
                                           {"body", FIELD_LINES, FIELD_REQUIRED, 1, 20000, NULL, "Text in Markdown."},
                                           {"is_source", FIELD_BOOL, 0, 0, 0, NULL, "This language is the source."},
                                           {0}};
static const struct field members_query[] = {
    {"state", FIELD_TEXT, 0, 0, 20, NULL, "Which members."},
    {"older", FIELD_BOOL, 0, 0, 0, NULL, "Only who accepted older guidelines."},
    {"after", FIELD_INT, 0, 0, 0, NULL, "Next page."},
    {"after_id", FIELD_INT, 0, 0, 0, NULL, "Next page."},
    {0}};
static const struct field invitation_fields[] = {
    {"label", FIELD_TEXT, 0, 0, 160, NULL, "For whom: a person, a sponsor group."},
    {"uses", FIELD_INT, 0, 0, 10000, NULL, "How many requests it is good for; 0 = any number."},
    {"last_day", FIELD_DATE, 0, 0, 0, NULL, "Its last day; none = no end."},
    {0}};
static const char *const remove_reasons[] = {"guidelines", "not-audience", "twice", "other", NULL};
static const struct field remove_fields[] = {{"reason", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, remove_reasons, "Why."},
                                             {0}};
static const struct field say_fields[] = {{"text", FIELD_LINES, FIELD_REQUIRED, 1, 8000, NULL, "The message."},
                                          {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Send now, also outside hours."},
                                          {0}};
static const struct field threads_query[] = {
    {"before", FIELD_INT, 0, 0, 0, NULL, "Next page."}, {"before_id", FIELD_INT, 0, 0, 0, NULL, "Next page."}, {0}};
static const struct field thread_query[] = {{"text", FIELD_LINES, 0, 0, 8000, NULL, "Words to start with."}, {0}};
static const struct field knowledge_query[] = {COMMUNITY,
                                               {"q", FIELD_TEXT, 0, 0, 200, NULL, "Words to look for."},
                                               {"topic", FIELD_TEXT, 0, 0, 60, NULL, "Only this topic."},
                                               {"state", FIELD_CHOICE, 0, 0, 0, kb_states, "Which entries."},
                                               {"after", FIELD_ID, 0, 0, 0, NULL, "Next page."},
                                               {0}};
static const struct field entry_query[] = {LANG_OF(0), {0}};
static const struct field entry_new_query[] = {COMMUNITY,
                                               {"answer", FIELD_ID, 0, 0, 0, NULL, "Made from this answer."},
                                               {"from", FIELD_ID, 0, 0, 0, NULL, "The question of that answer."},
                                               {0}};
#define ENTRY                                                                                                          \
    {"topic", FIELD_TEXT, 0, 0, 60, NULL, "Topic."}, LANG_OF(FIELD_REQUIRED),                                          \
        {"question", FIELD_LINES, FIELD_REQUIRED, 1, 1000, NULL, "The question."},                                     \
        {"answer", FIELD_LINES, FIELD_REQUIRED, 1, 8000, NULL, "The answer."}, SOURCE, CHECKED_ON,                     \
        {"review_on", FIELD_DATE, 0, 0, 0, NULL, "Day by which it has to be checked again; none = in half a year."},   \
        {"is_source", FIELD_BOOL, 0, 0, 0, NULL, "This language is the source."},                                      \
    {                                                                                                                  \
        "publish", FIELD_BOOL, 0, 0, 0, NULL, "Shown to members."                                                      \
    }
static const struct field entry_fields[] = {ENTRY, {0}};
static const struct field entry_new_fields[] = {
    ENTRY, COMMUNITY, {"from_answer", FIELD_ID, 0, 0, 0, NULL, "Made from this answer."}, {0}};
static const struct field review_fields[] = {SOURCE,
                                             CHECKED_ON,
                                             {"review_on", FIELD_DATE, 0, 0, 0, NULL, "Next review."},
                                             {"topic", FIELD_TEXT, 0, 0, 60, NULL, "Topic."},
                                             LANG_OF(0),
                                             {"question", FIELD_LINES, 0, 0, 1000, NULL, "Not changed by a review."},
                                             {"answer", FIELD_LINES, 0, 0, 8000, NULL, "Not changed by a review."},
                                             {"is_source", FIELD_BOOL, 0, 0, 0, NULL, "Not changed by a review."},
                                             {"publish", FIELD_BOOL, 0, 0, 0, NULL, "Not changed by a review."},
                                             {0}};
static const struct field entry_state_fields[] = {
    {"to", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, entry_states, "Shown or not."}, {0}};

static const struct field absence_fields[] = {{"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Who is away."},
                                              {"from", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "First day."},
                                              {"until", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "Last day."},
                                              {0}};

#define MOD RIGHT_MODERATE
static const struct field offer_fields[] = {
    {"code", FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, "Short name of the topic: housing."},
    {"label", FIELD_TEXT, FIELD_REQUIRED, 1, 80, NULL, "Its words in this language."},
    LANG_OF(FIELD_REQUIRED),
    {"position", FIELD_INT, 0, 0, 1000, NULL, "Order of showing."},
    {0}};

const struct route staff_routes[] = {
    {HTTP_GET, "/inbox", MOD, inbox_get, inbox_query, "Questions by urgency."},
    {HTTP_GET, "/inbox/{i}", MOD, inbox_question_get, inbox_query, "A question beside the list.", ROUTE_TRACED},
    {HTTP_POST, "/inbox/{i}/assign", MOD, question_assign_post, assign_fields, "Gives a question to someone."},
    {HTTP_POST, "/inbox/{i}/interim", MOD, question_interim_post, interim_fields, "Says that someone is looking."},
    {HTTP_POST, "/inbox/{i}/answer", MOD, question_answer_post, answer_fields, "Answers a question."},
    {HTTP_POST, "/inbox/{i}/private", MOD, question_private_post, question_fields, "Goes on in private."},
    {HTTP_POST, "/inbox/{i}/refer", MOD, question_refer_post, refer_fields, "Refers to a partner."},
    {HTTP_POST, "/inbox/{i}/close", MOD, question_close_post, close_fields, "Closes a question."},
    {HTTP_POST, "/inbox/{i}/reopen", MOD, question_reopen_post, question_fields, "Opens a question again."},
    {HTTP_POST, "/inbox/{i}/urgent", MOD, question_urgent_post, urgent_fields, "Marks a question as urgent."},
    {HTTP_POST, "/inbox/{i}/topic", MOD, question_topic_post, topic_fields, "Sets the topic."},
    {HTTP_POST, "/inbox/{i}/not-a-question", MOD, question_not_post, question_fields, "Takes it out of the queue."},
    {HTTP_POST, "/inbox/{i}/measure", MOD, question_measure_post, measure_fields,
     "What the answer takes by SMS; shows the form again."},
    {HTTP_POST, "/inbox/{i}/draft", MOD, question_draft_post, draft_fields, "Keeps an unfinished answer."},
    {HTTP_POST, "/inbox/{i}/leave", MOD, question_leave_post, NULL, "No longer looking at it."},
    {HTTP_POST, "/inbox/{i}/answers/{i}/verify", MOD, answer_verify_post, verify_fields, "Checks a member's answer."},
    {HTTP_POST, "/inbox/{i}/messages/{i}/hide", MOD, message_hide_post, question_fields, "Hides a message."},
    {HTTP_POST, "/inbox/{i}/messages/{i}/show", MOD, message_show_post, question_fields, "Shows a message again."},
    {HTTP_POST, "/inbox/{i}/messages/{i}/take-back", MOD, held_cancel_post, question_fields,
     "Takes a waiting reply back."},
    {HTTP_POST, "/messages/{i}/question", MOD, message_question_post, NULL, "This message is a question."},
    {HTTP_GET, "/joins", RIGHT_COORDINATE, joins_get, NULL, "Pending join requests."},
    {HTTP_GET, "/joins/{i}", RIGHT_COORDINATE, join_get_page, NULL, "A join request with its answers.", ROUTE_TRACED},
    {HTTP_POST, "/joins/{i}/accept", RIGHT_COORDINATE, join_accept_post, NULL, "Admits a person."},
    {HTTP_POST, "/joins/{i}/refuse", RIGHT_COORDINATE, join_refuse_post, refuse_fields, "Refuses a request."},
    {HTTP_GET, "/communities", RIGHT_STAFF, communities_get, NULL, "Communities one works in."},
    {HTTP_GET, "/communities/new", RIGHT_STAFF, community_new_get, NULL, "Form for a new community."},
    {HTTP_POST, "/communities/new", RIGHT_STAFF, community_new_post, new_fields, "Makes a community."},
    {HTTP_GET, "/communities/{i}", RIGHT_STAFF, manage_get, NULL, "Settings of a community."},
    {HTTP_POST, "/communities/{i}", RIGHT_STAFF, manage_post, settings_fields, "Saves the settings."},
    {HTTP_POST, "/communities/{i}/status", RIGHT_STAFF, manage_status_post, status_fields,
     "Opens, winds down, archives."},
    {HTTP_POST, "/communities/{i}/words", RIGHT_STAFF, manage_words_post, words_fields,
     "Name and purpose in one language."},
    {HTTP_POST, "/communities/{i}/screening", RIGHT_STAFF, manage_screening_post, screening_fields,
     "Writes a screening question."},
    {HTTP_POST, "/communities/{i}/screening/{i}/retire", RIGHT_STAFF, manage_screening_retire_post, NULL,
     "Stops asking it."},
    {HTTP_POST, "/communities/{i}/topics", RIGHT_COORDINATE, manage_topic_post, offer_fields,
     "Adds a topic, or its words in one language."},
    {HTTP_POST, "/communities/{i}/topics/{s}/retire", RIGHT_COORDINATE, manage_topic_retire_post, NULL,
     "A topic is no longer offered."},
    {HTTP_POST, "/communities/{i}/partners", RIGHT_STAFF, manage_partner_post, partner_fields, "Adds a partner."},
    {HTTP_POST, "/communities/{i}/partners/{i}/remove", RIGHT_STAFF, manage_partner_remove_post, NULL,
     "Removes a partner."},
    {HTTP_POST, "/communities/{i}/roles", RIGHT_STAFF, manage_grant_post, grant_fields, "Gives a role here."},
    {HTTP_POST, "/communities/{i}/roles/{i}/withdraw", RIGHT_STAFF, manage_withdraw_post, NULL, "Takes a role back."},
    {HTTP_GET, "/communities/{i}/invitations", RIGHT_STAFF, invitations_get, NULL,
     "Invitations and what came of them."},
    {HTTP_POST, "/communities/{i}/invitations", RIGHT_STAFF, invitation_post, invitation_fields,
     "Makes an invitation."},
    {HTTP_POST, "/communities/{i}/invitations/{i}/withdraw", RIGHT_STAFF, invitation_withdraw_post, NULL,
     "Takes an invitation back."},
    {HTTP_GET, "/communities/{i}/absences", RIGHT_STAFF, absences_get, NULL, "Who is away."},
    {HTTP_POST, "/communities/{i}/absences", RIGHT_STAFF, absence_post, absence_fields, "Notes an absence."},
    {HTTP_POST, "/communities/{i}/absences/{i}/clear", RIGHT_STAFF, absence_clear_post, NULL, "Takes one back."},
    {HTTP_POST, "/communities/{i}/channels", RIGHT_STAFF, manage_channel_post, channel_fields, "Connects a channel."},
    {HTTP_POST, "/communities/{i}/channels/{i}/topic", RIGHT_STAFF, manage_channel_topic_post, place_topic_fields,
     "Sets the topic of questions asked there."},
    {HTTP_POST, "/communities/{i}/channels/{i}/limit", RIGHT_STAFF, manage_channel_limit_post, limit_fields,
     "Says how many members fit there."},
    {HTTP_POST, "/communities/{i}/channels/{i}/remove", RIGHT_STAFF, manage_channel_remove_post, NULL,
     "Disconnects a channel."},
    {HTTP_GET, "/communities/{i}/texts/{s}", RIGHT_STAFF, text_get, text_query, "Guidelines, welcome or description."},
    {HTTP_POST, "/communities/{i}/texts/{s}", RIGHT_STAFF, text_post, text_fields, "Publishes a text."},
    {HTTP_GET, "/communities/{i}/members", RIGHT_STAFF, members_get, members_query, "Members."},
    {HTTP_POST, "/communities/{i}/members/ask-again", RIGHT_STAFF, members_again_post, NULL,
     "Asks members who accepted older guidelines to accept the newest."},
    {HTTP_POST, "/communities/{i}/keywords", RIGHT_STAFF, manage_keywords_post, keywords_fields,
     "Words that ask to join by text, and the question to those who leave."},
    {HTTP_POST, "/communities/{i}/members/{i}/leave", RIGHT_STAFF, member_leave_post, NULL,
     "Takes a member off at their own request."},
    {HTTP_POST, "/communities/{i}/members/{i}/data", RIGHT_STAFF, member_data_post, data_fields,
     "Text only for a person with limited data."},
    {HTTP_POST, "/communities/{i}/members/{i}/remove", RIGHT_STAFF, member_remove_post, remove_fields,
     "Removes a member."},
    {HTTP_GET, "/communities/{i}/threads", MOD, threads_get, threads_query, "Private threads."},
    {HTTP_GET, "/threads/{i}", MOD, thread_staff_get, thread_query, "One private thread.", ROUTE_TRACED},
    {HTTP_POST, "/threads/{i}", MOD, thread_staff_post, say_fields, "Writes to the member."},
    {HTTP_POST, "/threads/{i}/messages/{i}/take-back", MOD, thread_take_back_post, NULL,
     "Takes a waiting message back."},
    {HTTP_GET, "/answers", MOD, knowledge_get, knowledge_query, "Saved answers, with search."},
    {HTTP_GET, "/answers/new", MOD, entry_new_get, entry_new_query, "Form for a saved answer."},
    {HTTP_POST, "/answers/new", MOD, entry_new_post, entry_new_fields, "Saves an answer."},
    {HTTP_GET, "/answers/{i}", MOD, entry_get, entry_query, "A saved answer."},
    {HTTP_POST, "/answers/{i}", MOD, entry_post, entry_fields, "Changes a saved answer."},
    {HTTP_POST, "/answers/{i}/review", MOD, entry_review_post, review_fields, "Notes a review."},
    {HTTP_POST, "/answers/{i}/state", MOD, entry_state_post, entry_state_fields, "Shows or retires it."},
    {0},
};
