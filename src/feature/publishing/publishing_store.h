/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing_store: the SQL of posts, lanes, newsletters, settings and copies. No right is checked here. */
#ifndef PW_PUBLISHING_STORE_H
#define PW_PUBLISHING_STORE_H

#include "channel/take_back.h"
#include "feature/publishing/publishing.h"

PW_MUST_CHECK enum pw_err post_insert(struct ctx *c, const struct post *p);
PW_MUST_CHECK enum pw_err post_save(struct ctx *c, const struct post *p, enum post_state from); /* PW_CONFLICT */
PW_MUST_CHECK enum pw_err post_row(struct ctx *c, int64_t id, struct post *ret); /* with words in c->lang */
PW_MUST_CHECK enum pw_err post_by_message(struct ctx *c, int64_t message_id, struct post *ret);
PW_MUST_CHECK enum pw_err post_rows(struct ctx *c, const struct post_filter *f, struct post **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err post_rows_shown(struct ctx *c, int64_t community_id, struct sv type, int64_t before_ms,
                                          int64_t before_id, int64_t limit, struct post **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err post_rows_to_come(struct ctx *c, int64_t community_id, int64_t limit, struct post **ret,
                                            size_t *ret_n); /* scheduled, or with an end after now */
PW_MUST_CHECK enum pw_err post_count_rows(struct ctx *c, int64_t community_id, struct post_count **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err post_words_of(struct ctx *c, struct post *io); /* title and body in c->lang */

enum lane_back { BACK_NOT, BACK_GOING, BACK_ASKED /* of everybody */ };
struct lane {
    int64_t post_id, channel_id, cursor, alone, in_group, skipped;
    bool groups_done, done;
    struct sv kind;
    enum lane_back back;
    struct take_back back_at, mark_at;
    int64_t mark_post;
};
PW_MUST_CHECK enum pw_err lane_insert(struct ctx *c, const struct lane *l);
PW_MUST_CHECK enum pw_err lane_save(struct ctx *c, const struct lane *l);
PW_MUST_CHECK enum pw_err lane_rows(struct ctx *c, int64_t post_id, struct lane **ret, size_t *ret_n);

PW_MUST_CHECK enum pw_err correction_insert(struct ctx *c, int64_t post_id, int64_t message_id);
PW_MUST_CHECK enum pw_err correction_rows(struct ctx *c, int64_t post_id, int64_t **ret, size_t *ret_n);
/* The newest correction of a message that is shown: PW_NOT_FOUND when none. */
PW_MUST_CHECK enum pw_err correction_of(struct ctx *c, int64_t message_id, struct post *ret);

struct item_row {
    enum item_kind kind;
    int64_t item_id, position;
};
PW_MUST_CHECK enum pw_err part_put(struct ctx *c, int64_t post_id, const struct item_row *i);
PW_MUST_CHECK enum pw_err part_drop(struct ctx *c, int64_t post_id, enum item_kind kind, int64_t item_id);
PW_MUST_CHECK enum pw_err part_rows(struct ctx *c, int64_t post_id, struct item_row **ret, size_t *ret_n);

PW_MUST_CHECK enum pw_err press_setting_row(struct ctx *c, int64_t community_id, struct publishing_setting *ret);
PW_MUST_CHECK enum pw_err press_setting_put(struct ctx *c, const struct publishing_setting *s);

PW_MUST_CHECK enum pw_err shared_put(struct ctx *c, const struct shared_item *s);
PW_MUST_CHECK enum pw_err shared_drop(struct ctx *c, enum item_kind kind, int64_t item_id);
PW_MUST_CHECK enum pw_err shared_row(struct ctx *c, enum item_kind kind, int64_t item_id, struct shared_item *ret);
PW_MUST_CHECK enum pw_err shared_rows(struct ctx *c, struct shared_item **ret, size_t *ret_n); /* newest first */
struct adoption {
    int64_t id, community_id, original_id, copy_id, seen_ms, detached_ms;
    enum item_kind kind;
};
PW_MUST_CHECK enum pw_err adoption_insert(struct ctx *c, const struct adoption *a);
PW_MUST_CHECK enum pw_err adoption_save(struct ctx *c, const struct adoption *a);
PW_MUST_CHECK enum pw_err adoption_row(struct ctx *c, int64_t id, struct adoption *ret);
PW_MUST_CHECK enum pw_err adoption_of(struct ctx *c, int64_t community_id, enum item_kind kind, int64_t original_id,
                                      struct adoption *ret);
PW_MUST_CHECK enum pw_err adoption_rows_of(struct ctx *c, enum item_kind kind, int64_t original_id,
                                           struct adoption **ret, size_t *ret_n);

#endif
