/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/publishing/publishing_pages.h"

#define MOD RIGHT_MODERATE
enum { FILE_MAX_BYTES = 10 * 1024 * 1024 };

static const char *const state_codes[] = {"draft",   "scheduled", "publishing", "published",
                                          "expired", "cancelled", NULL};
static const char *const kind_codes[] = {"post", "entry", NULL};
static const char *const part_acts[] = {"up", "down", "remove", NULL};

#define COMMUNITY(needed)                                                                                              \
    {                                                                                                                  \
        "community", FIELD_ID, needed, 0, 0, NULL, "The community."                                                    \
    }
#define LANGUAGE(i)                                                                                                    \
    {"title" #i, FIELD_TEXT, 0, 0, 150, NULL, "Title in the community's language number " #i "."},                     \
        {"body" #i, FIELD_LINES, 0, 0, 6000, NULL, "Text in the community's language number " #i "."},                 \
    {                                                                                                                  \
        "fits" #i, FIELD_BOOL, 0, 0, 0, NULL, "This translation still fits the original."                              \
    }
#define POST_FIELDS                                                                                                    \
    COMMUNITY(0), {"type", FIELD_TEXT, 0, 0, 40, NULL, "Kind of post."},                                               \
        {"source", FIELD_TEXT, 0, 0, 300, NULL, "Where the facts are from."},                                          \
        {"checked_on", FIELD_DATE, 0, 0, 0, NULL, "Day on which they were checked."},                                  \
        {"only_lang", FIELD_TEXT, 0, 0, 8, NULL, "Only members of this language; none = all."},                        \
        {"only_channel", FIELD_TEXT, 0, 0, 40, NULL, "Only members on this kind of channel; none = all."},             \
        {"starts", FIELD_TIME, 0, 0, 0, NULL, "When it leaves; none = at once."},                                      \
        {"expires", FIELD_TIME, 0, 0, 0, NULL, "When it is taken down; none = never."},                                \
        {"pinned", FIELD_DATE, 0, 0, 0, NULL, "Last day on top of the community's page; none = not pinned."},          \
        {"urgent", FIELD_BOOL, 0, 0, 0, NULL, "Leaves also in quiet hours."},                                          \
        {"delete_there", FIELD_BOOL, 0, 0, 0, NULL, "At its end also deleted where the app allows it."},               \
        {"no_file", FIELD_BOOL, 0, 0, 0, NULL, "Without the file that is attached."},                                  \
        {"corrects", FIELD_ID, 0, 0, 0, NULL, "Message that it corrects."}, LANGUAGE(0), LANGUAGE(1), LANGUAGE(2),     \
        LANGUAGE(3), LANGUAGE(4), LANGUAGE(5), LANGUAGE(6), LANGUAGE(7)

static const struct field posts_query[] = {COMMUNITY(0),
                                           {"type", FIELD_TEXT, 0, 0, 40, NULL, "Only this kind."},
                                           {"state", FIELD_CHOICE, 0, 0, 0, state_codes, "Only this state."},
                                           {"before", FIELD_INT, 0, 0, 0, NULL, "Next page."},
                                           {"before_id", FIELD_INT, 0, 0, 0, NULL, "Next page."},
                                           {0}};
static const struct field new_query[] = {POST_FIELDS, {0}};
static const struct field edit_fields[] = {
    POST_FIELDS, {"file", FIELD_FILE, 0, 0, FILE_MAX_BYTES, NULL, "Picture, voice note, video or PDF."}, {0}};
/* The form is shown again when something is missing, so publishing knows its fields too. */
static const struct field publish_fields[] = {
    POST_FIELDS, {"people", FIELD_INT, FIELD_REQUIRED, 0, 10000000, NULL, "How many people were announced."}, {0}};
static const struct field pause_fields[] = {{"pause", FIELD_BOOL, 0, 0, 0, NULL, "Pause, or go on."}, {0}};
static const struct field translate_fields[] = {
    {"lang_of", FIELD_TEXT, FIELD_REQUIRED, 2, 8, NULL, "Language of the text."},
    {"title", FIELD_TEXT, 0, 0, 150, NULL, "Title."},
    {"body", FIELD_LINES, FIELD_REQUIRED, 1, 6000, NULL, "Text."},
    {0}};
static const struct field part_fields[] = {
    {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, kind_codes, "Post or saved answer."},
    {"item", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "Which one."},
    {"act", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, part_acts, "What to do with it."},
    {0}};
static const struct field share_fields[] = {{"on", FIELD_BOOL, 0, 0, 0, NULL, "Offer it, or no longer."}, {0}};
static const struct field settings_fields[] = {
    {"quiet_from", FIELD_TEXT, FIELD_REQUIRED, 1, 5, NULL, "Posts wait from this time of the day."},
    {"quiet_until", FIELD_TEXT, FIELD_REQUIRED, 1, 5, NULL, "Until this time; the same = no quiet hours."},
    {"silence_days", FIELD_TEXT, FIELD_REQUIRED, 1, 4, NULL, "Days without a member's message; 0 = never."},
    {"monthly", FIELD_BOOL, 0, 0, 0, NULL, "Draft a newsletter each month."},
    {"public_pages", FIELD_BOOL, 0, 0, 0, NULL, "News and resources may be read by anyone."},
    {0}};
static const struct field newsletter_fields[] = {{"days", FIELD_INT, 0, 1, 366, NULL, "Of the last so many days."},
                                                 {0}};
static const struct field central_query[] = {COMMUNITY(0), {0}};
static const struct field adopt_fields[] = {COMMUNITY(FIELD_REQUIRED),
                                            {"kind", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, kind_codes, "What it is."},
                                            {"item", FIELD_ID, FIELD_REQUIRED, 0, 0, NULL, "The original."},
                                            {0}};
static const struct field news_query[] = {{"type", FIELD_TEXT, 0, 0, 40, NULL, "Only this kind."},
                                          {"before", FIELD_INT, 0, 0, 0, NULL, "Older than this time."},
                                          {"before_id", FIELD_INT, 0, 0, 0, NULL, "And this post."},
                                          {0}};

const struct route publishing_routes[] = {
    {HTTP_GET, "/posts", MOD, posts_get, posts_query, "Posts of a community, counted by kind."},
    {HTTP_GET, "/posts/calendar", MOD, post_calendar_get, central_query, "What leaves and what ends, by day."},
    {HTTP_GET, "/posts/new", MOD, post_new_get, new_query, "Form for a post, in all languages side by side."},
    {HTTP_POST, "/posts/new", MOD, post_new_post, edit_fields, "Saves a draft."},
    {HTTP_POST, "/messages/{i}/post", MOD, post_suggested_post, NULL,
     "Makes a draft of what a member suggested in private."},
    {HTTP_GET, "/posts/{i}", MOD, post_one_get, NULL, "A post: its form, or how far it is."},
    {HTTP_POST, "/posts/{i}", MOD, post_one_post, edit_fields, "Saves a draft again."},
    {HTTP_GET, "/posts/{i}/publish", MOD, post_confirm_get, NULL, "Says to how many people it goes, and asks."},
    {HTTP_POST, "/posts/{i}/publish", MOD, post_publish_post, publish_fields,
     "Lets it leave, in ten seconds or at its time."},
    {HTTP_POST, "/posts/{i}/undo", MOD, post_undo_post, NULL, "Takes it back before it leaves."},
    {HTTP_POST, "/posts/{i}/pause", MOD, post_pause_post, pause_fields, "Pauses sending, or goes on."},
    {HTTP_GET, "/posts/{i}/cancel", MOD, post_cancel_get, NULL, "Says what has left, and asks."},
    {HTTP_POST, "/posts/{i}/cancel", MOD, post_cancel_post, NULL,
     "Stops it, takes it down and takes back what has left, where the app allows it."},
    {HTTP_POST, "/posts/{i}/translate", MOD, post_translate_post, translate_fields, "Adds a missing language."},
    {HTTP_POST, "/posts/{i}/parts", MOD, post_part_post, part_fields, "Moves or removes a part of a newsletter."},
    {HTTP_POST, "/posts/{i}/share", MOD, post_share_post, share_fields, "Offers a post to all communities."},
    {HTTP_POST, "/answers/{i}/share", MOD, entry_share_post, share_fields, "Offers a saved answer to all communities."},
    {HTTP_GET, "/communities/{i}/prompts", MOD, prompts_get, NULL, "Questions and topics for a quiet community."},
    {HTTP_GET, "/communities/{i}/publishing", RIGHT_STAFF, publishing_settings_get, NULL,
     "Quiet hours, silence, newsletter, who reads."},
    {HTTP_POST, "/communities/{i}/publishing", RIGHT_STAFF, publishing_settings_post, settings_fields,
     "Saves these settings."},
    {HTTP_POST, "/communities/{i}/newsletter", MOD, newsletter_new_post, newsletter_fields, "Drafts a newsletter."},
    {HTTP_GET, "/central", MOD, central_get, central_query, "What organisations offer to all communities."},
    {HTTP_POST, "/central", MOD, central_adopt_post, adopt_fields, "Copies an offered post or answer."},
    {HTTP_GET, "/copies/{i}", MOD, copy_get, NULL, "What differs between a copy and its original."},
    {HTTP_POST, "/copies/{i}/take", MOD, copy_take_post, NULL, "Takes the original's words over."},
    {HTTP_POST, "/copies/{i}/detach", MOD, copy_detach_post, NULL, "Lets a copy go its own way."},
    {0},
};

const struct route publishing_member_routes[] = {
    {HTTP_GET, "/c/{s}/posts", RIGHT_ANYONE, news_get, news_query,
     "News of a community, with the archive of newsletters."},
    {HTTP_GET, "/c/{s}/posts/{i}", RIGHT_ANYONE, news_one_get, NULL, "One post or newsletter."},
    {HTTP_GET, "/c/{s}/resources", RIGHT_ANYONE, resources_get, NULL, "Current answers and posts by topic."},
    {0},
};
