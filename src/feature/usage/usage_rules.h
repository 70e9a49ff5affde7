/* SPDX-License-Identifier: EUPL-1.2 */
/* usage_rules: when months close, the names of lines, categories, tables from before, and what is silently gone. Pure:
 * time comes in as an argument.
 */
#ifndef PW_USAGE_RULES_H
#define PW_USAGE_RULES_H

#include "base/month.h"
#include "feature/community/community_kit.h"
#include "feature/usage/table_rules.h"

enum { USAGE_DEFINITION = 1, USAGE_CLOSE_DAYS = 3 /* after the end: late entries of staff still count */ };

int64_t month_closes_ms(const struct tz *tz, int64_t month); /* months: base/month.h */

/* ---- lines (T-6) ---- */

/* In the order of the template; the four behind it are ours. */
extern const enum activity_line usage_order[DID__MAX];
const char *usage_line_code(enum activity_line line);  /* "members", "new", …: API, tables, stored figures */
const char *usage_line_label(enum activity_line line); /* message id */
bool usage_line_parse(struct sv code, enum activity_line *ret);

/* ---- silently gone (A-55) ---- */

/* end = previous end + new - left - removed - silently gone. What is missing from the entered end; below 0 = there are
 * more people than we know of. */
int64_t usage_missing(int64_t previous_end, int64_t joined, int64_t left, int64_t removed, int64_t gone,
                      int64_t entered_end);

/* ---- a table from before ---- */

/* Its columns are months one behind the other, from the first; NULL when nothing speaks against it, else why, with the
 * column that does. Heads that say no month are taken as they stand. */
const char *usage_months_wrong(struct arena *a, const struct count_table *t, int64_t first, size_t *ret_column);
bool usage_rows_are_months(struct arena *a, const struct count_table *t); /* it stands the other way round */
/* The month that the first column says in full; 0 = it does not. */
int64_t usage_month_said(struct arena *a, const struct count_table *t);

/* ---- activity categories (T-5, Q-19) ---- */

enum { CATEGORIES_MAX = 20, CATEGORY_CODE_MAX = 24 };
struct usage_category {
    struct sv code, name; /* name empty: usage_shipped_label() */
    struct sv source;     /* a line code, "post:<type>", or empty: imported figures only */
    size_t at;            /* row of the form it was typed into, for its problems */
};
extern const struct usage_category usage_shipped[4];
const char *usage_shipped_label(struct sv code); /* message id, NULL = not a shipped one */
bool category_source_ok(struct sv source);

#endif
