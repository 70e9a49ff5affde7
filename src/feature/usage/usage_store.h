/* SPDX-License-Identifier: EUPL-1.2 */
/* usage_store: the SQL of this room. No right is checked here. */
#ifndef PW_USAGE_STORE_H
#define PW_USAGE_STORE_H

#include "feature/usage/usage.h"

/* Closed months: their figures as they were counted. */
PW_MUST_CHECK enum pw_err usage_save_month(struct ctx *c, int64_t community_id, int64_t month,
                                           const struct activity *v);
/* Fills out[month - first] and closed[month - first] of those that are stored. */
PW_MUST_CHECK enum pw_err usage_load_months(struct ctx *c, int64_t community_id, int64_t first, int64_t last,
                                            struct activity **out, bool *closed);
PW_MUST_CHECK enum pw_err usage_last_closed(struct ctx *c, int64_t community_id, int64_t *ret); /* -1 = none */

PW_MUST_CHECK enum pw_err usage_end_put(struct ctx *c, int64_t community_id, int64_t month, int64_t entered,
                                        int64_t gone, struct sv note);
struct usage_end_row {
    int64_t month, entered, gone, at_ms;
    struct sv note;
};
/* All up to and with `last`, oldest first. */
PW_MUST_CHECK enum pw_err usage_end_rows(struct ctx *c, int64_t community_id, int64_t last, struct usage_end_row **ret,
                                         size_t *ret_n);

PW_MUST_CHECK enum pw_err usage_note_put(struct ctx *c, int64_t community_id, int64_t month, struct sv text,
                                         int64_t *ret_id);
PW_MUST_CHECK enum pw_err usage_note_drop(struct ctx *c, int64_t community_id, int64_t id, int64_t *ret_month);
PW_MUST_CHECK enum pw_err usage_note_rows(struct ctx *c, int64_t community_id, int64_t first, int64_t last,
                                          struct usage_note **ret, size_t *ret_n);

/* n = 0 when the community has none of its own. */
PW_MUST_CHECK enum pw_err usage_category_rows(struct ctx *c, int64_t community_id, struct usage_category *out,
                                              size_t *ret_n);
PW_MUST_CHECK enum pw_err usage_category_write(struct ctx *c, int64_t community_id, const struct usage_category *v,
                                               size_t n);

PW_MUST_CHECK enum pw_err usage_import_put(struct ctx *c, int64_t community_id, struct sv reason, struct sv corrected,
                                           int64_t remarks, int64_t *ret_id);
PW_MUST_CHECK enum pw_err usage_imported_put(struct ctx *c, int64_t community_id, int64_t month, struct sv category,
                                             int64_t n, int64_t import_id);
struct usage_imported_row {
    int64_t month, n, import_id;
    struct sv category;
};
/* By month, in each the newest table last. */
PW_MUST_CHECK enum pw_err usage_imported_rows(struct ctx *c, int64_t community_id, int64_t first, int64_t last,
                                              struct usage_imported_row **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err usage_import_drop(struct ctx *c, int64_t community_id, int64_t import_id);
PW_MUST_CHECK enum pw_err usage_imported_range(struct ctx *c, int64_t community_id, int64_t *ret_first); /* -1 = none */
PW_MUST_CHECK enum pw_err usage_import_rows(struct ctx *c, int64_t community_id, struct usage_import **ret,
                                            size_t *ret_n);

PW_MUST_CHECK enum pw_err usage_summary_put(struct ctx *c, int64_t community_id, const struct usage_summary *s);
PW_MUST_CHECK enum pw_err usage_summary_drop(struct ctx *c, int64_t community_id, int64_t month, int64_t *ret_changed);
PW_MUST_CHECK enum pw_err usage_summary_say(struct ctx *c, int64_t community_id, int64_t month, struct sv lang,
                                            struct sv words);
/* Newest first; month 0 = all (at most 36). */
PW_MUST_CHECK enum pw_err usage_summary_rows(struct ctx *c, int64_t community_id, int64_t month,
                                             struct usage_summary **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err usage_summary_words(struct ctx *c, int64_t community_id, int64_t month, struct sv lang,
                                              struct sv *ret);

#endif
