/* SPDX-License-Identifier: EUPL-1.2 */
#include "core/access.h"
#include "feature/planning/planning_api.h"
#include "feature/planning/planning_pages.h"

static const char *const level_codes[] = {"not", "somewhat", "very", NULL};
static const char *const reason_codes[] = {"purpose-reached", "moved", "no-capacity", "other", NULL};
static const char *const method_codes[] = {"signature", "recorded-voice", "witnessed", NULL};
static const char *const answer_codes[] = {"moved", "declined", NULL};
static const char *const sheet_codes[] = {"poster", "cards", NULL};
static const char *const size_codes[] = {"a4", "letter", NULL};

#define SEEN                                                                                                           \
    {                                                                                                                  \
        "seen", FIELD_TEXT, 0, 0, 20, NULL, "Newest entry that the writer saw."                                        \
    }
#define LANG_OF                                                                                                        \
    {                                                                                                                  \
        "lang_of", FIELD_TEXT, 0, 0, 8, NULL, "Language of the text, such as fr."                                      \
    }
#define PLAN_INPUT(section, code, kind, label, hint)                                                                   \
    {code,                                                                                                             \
     (kind) == PLAN_TICKS  ? FIELD_CHOICES                                                                             \
     : (kind) == PLAN_TEXT ? FIELD_LINES                                                                               \
                           : FIELD_TEXT,                                                                               \
     0,                                                                                                                \
     0,                                                                                                                \
     (kind) == PLAN_TEXT    ? 8000                                                                                     \
     : (kind) == PLAN_TICKS ? 10                                                                                       \
                            : 40,                                                                                      \
     NULL,                                                                                                             \
     label},

static const struct field section_fields[] = {PLAN_FIELDS(PLAN_INPUT) SEEN, {0}};
static const struct field line_fields[] = {{"list", FIELD_TEXT, FIELD_REQUIRED, 1, 20, NULL, "Code of the list."},
                                           {"what", FIELD_TEXT, FIELD_REQUIRED, 1, 160, NULL, "The thing or role."},
                                           {"number", FIELD_INT, FIELD_REQUIRED, 0, 1000000000, NULL, "Its number."},
                                           {"note", FIELD_TEXT, 0, 0, 500, NULL, "Details."},
                                           {0}};
static const struct field launch_fields[] = {
    {"reason", FIELD_LINES, 0, 0, 1000, NULL, "Why it opens although a line is not yes."}, {0}};
static const struct field settings_fields[] = {
    {"per_moderator", FIELD_INT, FIELD_REQUIRED, 1, 100000, NULL, "Members one active moderator can look after."},
    {"needs_file", FIELD_BOOL, 0, 0, 0, NULL, "A private thread needs a file number and a signed consent."},
    {"partner_admins", FIELD_BOOL, 0, 0, 0, NULL, "Each partner needs an administrator before opening."},
    {0}};
static const struct field seat_fields[] = {{"org", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "The partner."},
                                           {"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Who administers for it."},
                                           {0}};
#define FACTOR(name)                                                                                                   \
    {                                                                                                                  \
        name, FIELD_CHOICE, 0, 0, 0, level_codes, "How important this factor is."                                      \
    }
#define PLATFORM_INPUT                                                                                                 \
    FACTOR("f-confidential"), FACTOR("f-correct"), FACTOR("f-moderate"), FACTOR("f-at-once"), FACTOR("f-private"),     \
        FACTOR("f-any-phone"), FACTOR("f-low-data"), FACTOR("f-video"), FACTOR("f-languages"), FACTOR("f-guide"),      \
        FACTOR("f-remove"), FACTOR("f-usage"), FACTOR("f-storage"),                                                    \
        {"at_once", FIELD_TEXT, 0, 0, 9, NULL, "People at once that are needed."},                                     \
        {"platform", FIELD_TEXT, 0, 0, 40, NULL, "Code of the platform chosen."},                                      \
    {                                                                                                                  \
        "why", FIELD_LINES, 0, 0, 2000, NULL, "Why it was chosen."                                                     \
    }
static const struct field platform_fields[] = {FACTOR("f-audience"), PLATFORM_INPUT, SEEN, {0}};
static const struct field own_fields[] = {{"what", FIELD_TEXT, FIELD_REQUIRED, 1, 160, NULL, "The factor."},
                                          {"level", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, level_codes, "Its importance."},
                                          {"does", FIELD_CHOICES, 0, 0, 40, NULL, "Codes of platforms that offer it."},
                                          {0}};
static const struct field lang_query[] = {LANG_OF, {0}};
#define MESSAGE_INPUT                                                                                                  \
    {"short", FIELD_LINES, 0, 0, 300, NULL, "One sentence."},                                                          \
        {"medium", FIELD_LINES, 0, 0, 1000, NULL, "One paragraph."},                                                   \
    {                                                                                                                  \
        "long", FIELD_LINES, 0, 0, 4000, NULL, "Half a page."                                                          \
    }
static const struct field message_fields[] = {LANG_OF, MESSAGE_INPUT, SEEN, {0}};
static const struct field place_fields[] = {
    LANG_OF,
    {"place", FIELD_TEXT, FIELD_REQUIRED, 1, 160, NULL, "Where."},
    {"item", FIELD_TEXT, FIELD_REQUIRED, 1, 20, NULL, "What was placed."},
    {"placed_on", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "When."},
    {"uses", FIELD_INT, 0, 0, 10000, NULL,
     "Where people are invited: how many may use its invitation; 0 = any number."},
    {"last_day", FIELD_DATE, 0, 0, 0, NULL, "Last day of its invitation; none = no end."},
    {0}};
static const struct field poster_query[] = {LANG_OF,
                                            {"sheet", FIELD_CHOICE, 0, 0, 0, sheet_codes, "Poster or cards."},
                                            {"size", FIELD_CHOICE, 0, 0, 0, size_codes, "Size of the paper."},
                                            {"place", FIELD_TEXT, 0, 0, 40, NULL, "Code of the place it is for."},
                                            {0}};
static const struct field move_fields[] = {
    {"from", FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, "Kind of channel that is left."},
    {"to", FIELD_TEXT, FIELD_REQUIRED, 1, 40, NULL, "web, or the id of a channel."},
    {"address", FIELD_TEXT, 0, 0, 300, NULL, "Invitation link of the new place."},
    {0}};
static const struct field mark_fields[] = {
    {"state", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, answer_codes, "Moved or declined."}, {0}};
static const struct field answer_fields[] = {
    {"answer", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, answer_codes, "Moved or declined."}, {0}};
static const struct field ending_fields[] = {
    {"reason", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, reason_codes, "Why it ends."},
    {"words", FIELD_LINES, FIELD_REQUIRED, 1, 2000, NULL, "In the team's words."},
    {"read_only_on", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "Writing ends."},
    {"archive_on", FIELD_DATE, FIELD_REQUIRED, 0, 0, NULL, "It is archived."},
    {0}};
static const struct field file_fields[] = {
    {"person", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "A member."},
    {"file_number", FIELD_TEXT, FIELD_REQUIRED, 1, 60, NULL, "Number of the case file."},
    {"consent", FIELD_BOOL, 0, 0, 0, NULL, "The consent is signed."},
    {"method", FIELD_CHOICE, 0, 0, 0, method_codes, "How it was given."},
    {0}};
static const struct field write_fields[] = {{"text", FIELD_LINES, FIELD_REQUIRED, 1, 4000, NULL, "The message."}, {0}};
static const struct field consent_fields[] = {
    LANG_OF,
    {"title", FIELD_TEXT, FIELD_REQUIRED, 1, 120, NULL, "Title of the consent."},
    {"body", FIELD_LINES, FIELD_REQUIRED, 1, 20000, NULL, "Its text (Markdown)."},
    {"is_source", FIELD_BOOL, 0, 0, 0, NULL, "This is the original."},
    {0}};

#define COM "/communities/{i}"
#define STAFF RIGHT_STAFF
const struct route planning_routes[] = {
    {HTTP_GET, COM "/planning", STAFF, planning_get, NULL, "The planning file: sections, readiness, settings."},
    {HTTP_POST, COM "/planning/launch", STAFF, planning_launch_post, launch_fields,
     "Opens a community, with a reason where a line is open."},
    {HTTP_POST, COM "/planning/settings", STAFF, planning_settings_post, settings_fields, "Workload limit and rules."},
    {HTTP_POST, COM "/planning/seats", STAFF, planning_seat_post, seat_fields, "Names a partner's administrator."},
    {HTTP_GET, COM "/planning/print", STAFF, planning_print_get, NULL, "The planning file as one document."},
    {HTTP_GET, COM "/planning.pdf", STAFF, planning_pdf_get, NULL, "The planning file as PDF."},
    {HTTP_GET, COM "/planning/{s}", STAFF, planning_section_get, NULL, "One section of the planning file."},
    {HTTP_POST, COM "/planning/{s}", STAFF, planning_section_post, section_fields, "Saves one section."},
    {HTTP_POST, COM "/planning/{s}/lines", STAFF, planning_line_post, line_fields,
     "Adds a line to a list, or changes its number."},
    {HTTP_POST, COM "/planning/{s}/lines/{i}/remove", STAFF, planning_line_remove_post, NULL,
     "Takes a line off a list."},
    {HTTP_GET, COM "/platforms", STAFF, platforms_get, NULL, "Platforms in the order that suits this community."},
    {HTTP_POST, COM "/platforms", STAFF, platforms_post, platform_fields,
     "Saves the importance of factors and the choice."},
    {HTTP_POST, COM "/platforms/own", STAFF, platforms_own_post, own_fields, "Adds an own factor."},
    {HTTP_POST, COM "/platforms/own/{i}/remove", STAFF, platforms_own_remove_post, NULL, "Removes an own factor."},
    {HTTP_GET, COM "/promotion", STAFF, promotion_get, lang_query, "Key messages, posters, places."},
    {HTTP_POST, COM "/promotion", STAFF, promotion_messages_post, message_fields,
     "Saves the key messages of a language."},
    {HTTP_POST, COM "/promotion/places", STAFF, promotion_place_post, place_fields, "Notes a place."},
    {HTTP_POST, COM "/promotion/places/{i}/remove", STAFF, promotion_place_remove_post, NULL, "It is no longer there."},
    {HTTP_GET, COM "/promotion.csv", STAFF, promotion_csv_get, NULL, "Places and their join requests as a table."},
    {HTTP_GET, COM "/poster.pdf", STAFF, poster_get, poster_query, "Poster or cards with the code of a place."},
    {HTTP_GET, COM "/move", STAFF, move_get, NULL, "The platform move: progress and people."},
    {HTTP_POST, COM "/move", STAFF, move_post, move_fields, "Invites the members of one channel to another."},
    {HTTP_POST, COM "/move/remind", STAFF, move_remind_post, NULL, "Reminds those who have not answered."},
    {HTTP_POST, COM "/move/close", STAFF, move_close_post, NULL, "Closes the move: who has not answered is lost."},
    {HTTP_POST, COM "/move/people/{i}", STAFF, move_mark_post, mark_fields, "Notes a member's answer."},
    {HTTP_GET, COM "/move.csv", STAFF, move_csv_get, NULL, "The move's people as a table."},
    {HTTP_GET, "/move/{s}", RIGHT_ANYONE, move_link_get, NULL, "A personal link of a move: a choice, nothing more."},
    {HTTP_POST, "/move/{s}", RIGHT_ANYONE, move_link_post, answer_fields, "Answers a personal link."},
    {HTTP_GET, COM "/ending", STAFF, ending_get, NULL, "Winding down: steps and dates."},
    {HTTP_POST, COM "/ending", STAFF, ending_post, ending_fields, "Announces the end and tells the members."},
    {HTTP_POST, COM "/ending/step", STAFF, ending_step_post, NULL, "Takes the next step now."},
    {HTTP_POST, COM "/ending/undo", STAFF, ending_undo_post, NULL, "The community goes on."},
    {HTTP_GET, COM "/files", RIGHT_MODERATE, files_get, lang_query, "File numbers and consents.", ROUTE_TRACED},
    {HTTP_POST, COM "/files", RIGHT_MODERATE, files_post, file_fields, "Records a file number and a consent."},
    {HTTP_POST, COM "/files/{i}/withdraw", RIGHT_MODERATE, files_withdraw_post, NULL, "Withdraws a consent."},
    {HTTP_GET, COM "/members/{i}/write", RIGHT_MODERATE, write_get, NULL, "Form for a private word to a member."},
    {HTTP_POST, COM "/members/{i}/write", RIGHT_MODERATE, write_post, write_fields, "Writes privately to a member."},
    {HTTP_POST, COM "/consent", STAFF, consent_post, consent_fields, "Writes the text of the consent."},
    {HTTP_GET, COM "/consent/print", STAFF, consent_print_get, lang_query, "The consent to print and sign."},
    {HTTP_GET, COM "/design.txt", STAFF, design_get, NULL, "The design as one text."},
    {HTTP_GET, "/presets/{s}", STAFF, preset_page_get, NULL, "What a preset sets."},
    {HTTP_POST, "/presets/{s}", STAFF, preset_page_post, NULL, "Makes a draft from a preset."},
    {0},
};

/* ---- the same for machines ---- */

#define SEEN_ID                                                                                                        \
    {                                                                                                                  \
        "seen", FIELD_ID, 0, 0, 0, NULL, "Newest entry that the writer has read."                                      \
    }
static const struct field api_section_fields[] = {PLAN_FIELDS(PLAN_INPUT) SEEN_ID, {0}};
static const struct field api_platform_fields[] = {PLATFORM_INPUT, SEEN_ID, {0}};
static const struct field api_message_fields[] = {LANG_OF, MESSAGE_INPUT, SEEN_ID, {0}};
static const struct field api_preset_fields[] = {
    {"slug", FIELD_TEXT, 0, 0, 40, NULL, "Short name in addresses; none = the preset's own."}, {0}};

#define READ RIGHT_API_READ
#define WRITE RIGHT_API_WRITE
const struct route planning_api_routes[] = {
    {HTTP_GET, "/api/v1/communities/{i}/planning", READ, api_plan, NULL,
     "The planning file: entries, lines, readiness, reasons for opening, partners.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_POST, "/api/v1/communities/{i}/planning", WRITE, api_plan_write, api_section_fields,
     "Saves the fields that are given.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_GET, "/api/v1/communities/{i}/planning/history/{s}", READ, api_plan_history, NULL,
     "Everything that was saved in a section.", ROUTE_API, NULL, "PlanningHistory"},
    {HTTP_POST, "/api/v1/communities/{i}/planning/lines", WRITE, api_plan_line, line_fields,
     "Adds a line to a list, or changes its number.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_POST, "/api/v1/communities/{i}/planning/lines/{i}/remove", WRITE, api_plan_line_remove, NULL,
     "Takes a line off a list.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_POST, "/api/v1/communities/{i}/planning/launch", WRITE, api_plan_launch, launch_fields,
     "Opens a community, with a reason where a line is open.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_POST, "/api/v1/communities/{i}/planning/settings", WRITE, api_plan_settings, settings_fields,
     "Workload limit and rules.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_POST, "/api/v1/communities/{i}/planning/partners", WRITE, api_plan_seat, seat_fields,
     "Names a partner's administrator.", ROUTE_API, NULL, "PlanningFile"},
    {HTTP_GET, "/api/v1/presets", READ, api_presets, NULL, "Presets, with what each sets up.", ROUTE_API, NULL,
     "Presets"},
    {HTTP_GET, "/api/v1/presets/{s}", READ, api_preset, NULL, "What a preset sets, and its text.", ROUTE_API, NULL,
     "Preset"},
    {HTTP_POST, "/api/v1/presets/{s}", WRITE, api_preset_use, api_preset_fields, "Makes a draft from a preset.",
     ROUTE_API, NULL, "Design"},
    {HTTP_GET, "/api/v1/communities/{i}/design", READ, api_design, NULL, "The design as one text.", ROUTE_API, NULL,
     "Design"},
    {HTTP_GET, "/api/v1/communities/{i}/platforms", READ, api_platforms, NULL,
     "Platforms in the order that suits this community.", ROUTE_API, NULL, "Platforms"},
    {HTTP_POST, "/api/v1/communities/{i}/platforms", WRITE, api_platforms_write, api_platform_fields,
     "Saves the importance of factors and the choice, as far as given.", ROUTE_API, NULL, "Platforms"},
    {HTTP_POST, "/api/v1/communities/{i}/platforms/own", WRITE, api_platforms_own, own_fields, "Adds an own factor.",
     ROUTE_API, NULL, "Platforms"},
    {HTTP_POST, "/api/v1/communities/{i}/platforms/own/{i}/remove", WRITE, api_platforms_own_remove, NULL,
     "Removes an own factor.", ROUTE_API, NULL, "Platforms"},
    {HTTP_GET, "/api/v1/communities/{i}/promotion", READ, api_promotion, NULL,
     "Key messages, places, where requests came from.", ROUTE_API, NULL, "Promotion"},
    {HTTP_POST, "/api/v1/communities/{i}/promotion", WRITE, api_promotion_write, api_message_fields,
     "Saves the key messages of a language.", ROUTE_API, NULL, "Promotion"},
    {HTTP_POST, "/api/v1/communities/{i}/promotion/places", WRITE, api_promotion_place, place_fields, "Notes a place.",
     ROUTE_API, NULL, "Promotion"},
    {HTTP_POST, "/api/v1/communities/{i}/promotion/places/{i}/remove", WRITE, api_promotion_place_remove, NULL,
     "It is no longer there.", ROUTE_API, NULL, "Promotion"},
    {HTTP_GET, "/api/v1/communities/{i}/move", READ, api_move, NULL, "The platform move: progress and people.",
     ROUTE_API, NULL, "Move"},
    {HTTP_POST, "/api/v1/communities/{i}/move", WRITE, api_move_begin, move_fields,
     "Invites the members of one channel to another.", ROUTE_API, NULL, "Move"},
    {HTTP_POST, "/api/v1/communities/{i}/move/remind", WRITE, api_move_remind, NULL,
     "Reminds those who have not answered.", ROUTE_API, NULL, "Move"},
    {HTTP_POST, "/api/v1/communities/{i}/move/close", WRITE, api_move_close, NULL,
     "Closes the move: who has not answered is lost.", ROUTE_API, NULL, "Move"},
    {HTTP_POST, "/api/v1/communities/{i}/move/people/{i}", WRITE, api_move_mark, mark_fields,
     "Notes a member's answer.", ROUTE_API, NULL, "Move"},
    {HTTP_GET, "/api/v1/communities/{i}/ending", READ, api_ending, NULL, "Winding down: steps and dates.", ROUTE_API,
     NULL, "Ending"},
    {HTTP_POST, "/api/v1/communities/{i}/ending", WRITE, api_ending_begin, ending_fields,
     "Announces the end and tells the members.", ROUTE_API, NULL, "Ending"},
    {HTTP_POST, "/api/v1/communities/{i}/ending/step", WRITE, api_ending_step, NULL, "Takes the next step now.",
     ROUTE_API, NULL, "Ending"},
    {HTTP_POST, "/api/v1/communities/{i}/ending/undo", WRITE, api_ending_undo, NULL, "The community goes on.",
     ROUTE_API, NULL, "Ending"},
    {HTTP_GET, "/api/v1/communities/{i}/files", READ, api_files, NULL, "File numbers and consents.",
     ROUTE_API | ROUTE_TRACED, NULL, "CaseFiles"},
    {HTTP_POST, "/api/v1/communities/{i}/files", WRITE, api_files_record, file_fields,
     "Records a file number and a consent.", ROUTE_API, NULL, "CaseFiles"},
    {HTTP_POST, "/api/v1/communities/{i}/files/{i}/withdraw", WRITE, api_files_withdraw, NULL, "Withdraws a consent.",
     ROUTE_API, NULL, "CaseFiles"},
    {HTTP_GET, "/api/v1/communities/{i}/consent", READ, api_consent, NULL, "The text of the consent in each language.",
     ROUTE_API, NULL, "ConsentTexts"},
    {HTTP_POST, "/api/v1/communities/{i}/consent", WRITE, api_consent_write, consent_fields,
     "Writes the text of the consent.", ROUTE_API, NULL, "ConsentTexts"},
    {HTTP_POST, "/api/v1/communities/{i}/members/{i}/messages", WRITE, api_private_word, write_fields,
     "Writes privately to a member.", ROUTE_API, NULL, "PrivateWord"},
    {0},
};
