/* SPDX-License-Identifier: EUPL-1.2 */
/* setup_store: the SQL of what a community sets up for its moderation: settings, ladders, texts, on-call persons. No
 * right is checked here. */
#ifndef PW_SETUP_STORE_H
#define PW_SETUP_STORE_H

#include "feature/moderation/moderation.h"

PW_MUST_CHECK enum pw_err setting_row(struct ctx *c, int64_t community_id, struct mod_settings *ret); /* or defaults */
PW_MUST_CHECK enum pw_err setting_save(struct ctx *c, int64_t community_id, const struct mod_settings *s);
/* PW_NOT_FOUND: nothing set. */
PW_MUST_CHECK enum pw_err ladder_row(struct ctx *c, int64_t community_id, struct sv category, struct sv *ret_name,
                                     struct sv *ret_steps);
PW_MUST_CHECK enum pw_err ladder_save(struct ctx *c, int64_t community_id, struct sv category, struct sv name,
                                      struct sv steps);
/* The text in that language, else in the first one there is; empty when nothing was written. */
PW_MUST_CHECK enum pw_err text_row(struct ctx *c, int64_t community_id, const char *kind, struct sv lang,
                                   bool only_lang, struct sv *ret_body);
PW_MUST_CHECK enum pw_err text_save(struct ctx *c, int64_t community_id, const char *kind, struct sv lang,
                                    struct sv body);

struct oncall {
    int64_t person_id, since_ms;
    struct sv hours, name;
};
PW_MUST_CHECK enum pw_err oncall_rows(struct ctx *c, int64_t community_id, struct oncall **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err oncall_save(struct ctx *c, int64_t community_id, int64_t person_id, struct sv hours);
PW_MUST_CHECK enum pw_err oncall_drop(struct ctx *c, int64_t community_id, int64_t person_id);

#endif
