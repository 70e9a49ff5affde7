/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/usage/usage_pages.h"

enum { FILE_MAX = 1 << 20, TABLE_CHARS = 40000 };

#define MONTH(name, help)                                                                                              \
    {                                                                                                                  \
        name, FIELD_TEXT, 0, 0, 10, NULL, help                                                                         \
    }
#define TEXT(name, max, help)                                                                                          \
    {                                                                                                                  \
        name, FIELD_TEXT, 0, 0, max, NULL, help                                                                        \
    }
#define LINES(name, max, help)                                                                                         \
    {                                                                                                                  \
        name, FIELD_LINES, 0, 0, max, NULL, help                                                                       \
    }

static const char *const backs[] = {"month", "trend", NULL};
static const char *const kinds[] = {"xlsx", "csv", NULL};
static const char *const whats[] = {"activity", "lines", NULL};
static const char *const acts[] = {"check", "accept", "correct", NULL};

static const struct field month_query[] = {
    MONTH("month", "Which month; none = the running one."), TEXT("entered", 12, "Members the platform shows."), {0}};
static const struct field trend_query[] = {MONTH("from", "First month."), MONTH("to", "Last month."), {0}};
static const struct field period_query[] = {{"from", FIELD_DATE, 0, 0, 0, NULL, "First day."},
                                            {"to", FIELD_DATE, 0, 0, 0, NULL, "Last day; none = today."},
                                            {"kind", FIELD_CHOICE, 0, 0, 0, kinds, "As a file; none = a page."},
                                            {0}};
static const struct field note_fields[] = {MONTH("month", "Of which month."),
                                           TEXT("text", 500, "The note."),
                                           {"back", FIELD_CHOICE, 0, 0, 0, backs, "The page it was written on."},
                                           {0}};
static const struct field end_fields[] = {MONTH("month", "Which month."),
                                          TEXT("entered", 12, "Members the platform shows."),
                                          LINES("note", 500, "Where the number is from."),
                                          {0}};
static const struct field export_query[] = {MONTH("from", "First month."),
                                            MONTH("to", "Last month."),
                                            {"kind", FIELD_CHOICE, 0, 0, 0, kinds, "XLSX or CSV."},
                                            {"what", FIELD_CHOICE, 0, 0, 0, whats, "CSV: which of the two tables."},
                                            {0}};
#define WORDS(i) LINES("words" #i, 2000, "The moderators' words in a language of the community.")
static const struct field summary_query[] = {MONTH("month", "Which month; none = the last one."), {0}};
static const struct field summary_fields[] = {MONTH("month", "Which month."),
                                              WORDS(0),
                                              WORDS(1),
                                              WORDS(2),
                                              WORDS(3),
                                              WORDS(4),
                                              WORDS(5),
                                              WORDS(6),
                                              WORDS(7),
                                              {0}};
#define CATEGORY(i)                                                                                                    \
    TEXT("code" #i, 40, "Code of a category, empty for a new one."), TEXT("name" #i, 80, "Its name; empty = none."),   \
        TEXT("source" #i, 48, "What counts.")
static const struct field category_fields[] = {
    CATEGORY(0),  CATEGORY(1),  CATEGORY(2),  CATEGORY(3),  CATEGORY(4),  CATEGORY(5),  CATEGORY(6),
    CATEGORY(7),  CATEGORY(8),  CATEGORY(9),  CATEGORY(10), CATEGORY(11), CATEGORY(12), CATEGORY(13),
    CATEGORY(14), CATEGORY(15), CATEGORY(16), CATEGORY(17), CATEGORY(18), CATEGORY(19), {0}};
static const struct field check_fields[] = {
    MONTH("first", "Month of the first column."),
    {"file", FIELD_FILE, 0, 0, FILE_MAX, NULL, "XLSX or CSV."},
    {"pasted", FIELD_LINES, FIELD_AS_TYPED, 0, TABLE_CHARS, NULL, "Or the table as text."},
    LINES("reason", 500, "Words kept from the last try."),
    {0}};
#define ROW(i) TEXT("category" #i, 40, "Category of a row; empty = a new one.")
static const struct field import_fields[] = {
    MONTH("first", "Month of the first column."),
    {"table", FIELD_LINES, FIELD_AS_TYPED, 0, TABLE_CHARS, NULL, "The table, perhaps corrected by hand."},
    LINES("reason", 500, "Where it is from and why it is accepted."),
    {"act", FIELD_CHOICE, FIELD_REQUIRED, 0, 0, acts, "Check again, take over, or correct the one cell first."},
    ROW(0),
    ROW(1),
    ROW(2),
    ROW(3),
    ROW(4),
    ROW(5),
    ROW(6),
    ROW(7),
    ROW(8),
    ROW(9),
    ROW(10),
    ROW(11),
    ROW(12),
    ROW(13),
    ROW(14),
    ROW(15),
    ROW(16),
    ROW(17),
    ROW(18),
    ROW(19),
    {0}};

#define AT "/communities/{i}/statistics"
const struct route usage_routes[] = {
    {HTTP_GET, "/statistics", RIGHT_STAFF, statistics_list_get, NULL, "Communities whose numbers one may see."},
    {HTTP_GET, AT, RIGHT_STAFF, month_get, month_query, "Use and promises of one month."},
    {HTTP_GET, "/communities/{i}/report", RIGHT_STAFF, report_moved_get, NULL, "Moved to the statistics."},
    {HTTP_GET, AT "/trend", RIGHT_STAFF, trend_get, trend_query, "Months beside each other."},
    {HTTP_GET, AT "/period", RIGHT_STAFF, period_get, period_query,
     "Use from one day to another, as a page or a file."},
    {HTTP_GET, AT "/export", RIGHT_STAFF, export_get, export_query, "The numbers as a spreadsheet file."},
    {HTTP_POST, AT "/notes", RIGHT_STAFF, note_post, note_fields, "Notes a cause of a rise or fall."},
    {HTTP_POST, AT "/notes/{i}/remove", RIGHT_STAFF, note_remove_post, NULL, "Removes a note."},
    {HTTP_POST, AT "/end", RIGHT_STAFF, end_post, end_fields, "Accepts who is silently gone."},
    {HTTP_GET, AT "/categories", RIGHT_STAFF, categories_get, NULL, "Activity categories."},
    {HTTP_POST, AT "/categories", RIGHT_STAFF, categories_post, category_fields, "Saves the categories."},
    {HTTP_GET, AT "/summary", RIGHT_STAFF, summary_get, summary_query, "The summary for members, before it is out."},
    {HTTP_POST, AT "/summary", RIGHT_STAFF, summary_post, summary_fields, "Publishes the summary of a month."},
    {HTTP_POST, AT "/summary/withdraw", RIGHT_STAFF, summary_withdraw_post, summary_query, "Takes a summary back."},
    {HTTP_GET, AT "/import", RIGHT_STAFF, import_get, NULL, "Form for a table from before."},
    {HTTP_POST, AT "/import/check", RIGHT_STAFF, import_check_post, check_fields, "Reads and checks a table."},
    {HTTP_POST, AT "/import", RIGHT_STAFF, import_post, import_fields, "Takes a table over."},
    {HTTP_POST, AT "/imports/{i}/remove", RIGHT_STAFF, import_remove_post, NULL, "Takes a table from before back."},
    {HTTP_GET, "/c/{s}/months", 0, results_get, NULL, "What we did, month by month, for members."},
    {0},
};
