/* SPDX-License-Identifier: EUPL-1.2 */
/* question_store: the SQL of questions, answers, their history, drafts and who looks at what. No right is checked. */
#ifndef PW_QUESTION_STORE_H
#define PW_QUESTION_STORE_H

#include "feature/community/community.h"

PW_MUST_CHECK enum pw_err question_insert(struct ctx *c, const struct question *q);
PW_MUST_CHECK enum pw_err question_row(struct ctx *c, int64_t id, struct question *ret);
/* Held until the end of the transaction: of two who act on it at once the second sees what the first did. */
PW_MUST_CHECK enum pw_err question_row_held(struct ctx *c, int64_t id, struct question *ret);
PW_MUST_CHECK enum pw_err question_row_of_message(struct ctx *c, int64_t message_id, struct question *ret);
PW_MUST_CHECK enum pw_err question_last_of_thread(struct ctx *c, int64_t thread_id, struct question *ret);
/* Writes all changing fields, if the row is still in `from`: PW_CONFLICT when someone else moved it. open and sort are
 * derived here from the state. */
PW_MUST_CHECK enum pw_err question_save(struct ctx *c, struct question *q, enum question_state from);
PW_MUST_CHECK enum pw_err question_save_rank(struct ctx *c, int64_t id, enum question_rank rank);
PW_MUST_CHECK enum pw_err question_save_pending(struct ctx *c, int64_t id, int64_t pending_delta,
                                                int64_t answers_delta);

struct question_page {    /* one community's part of an inbox page */
    int64_t community_id; /* with `mine` 0 = all */
    int64_t mine;         /* person */
    int64_t after_rank, after_sort, after_id, limit;
    struct sv lang, topic;
    bool unassigned, overdue;
    bool any_state; /* else only `state` */
    enum question_state state;
};
PW_MUST_CHECK enum pw_err question_rows_open(struct ctx *c, const struct question_page *p, struct question **ret,
                                             size_t *ret_n);
PW_MUST_CHECK enum pw_err question_rows_state(struct ctx *c, const struct question_page *p, enum question_state s,
                                              struct question **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err question_rows_unchecked(struct ctx *c, const struct question_page *p, struct question **ret,
                                                  size_t *ret_n);
PW_MUST_CHECK enum pw_err question_rows_author(struct ctx *c, int64_t community_id, int64_t person_id, int64_t limit,
                                               struct question **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err question_rows_answered_public(struct ctx *c, int64_t community_id, int64_t before_ms,
                                                        int64_t limit, struct question **ret, size_t *ret_n);
/* Open ones whose due time a changed clock moves. */
PW_MUST_CHECK enum pw_err question_rows_all_open(struct ctx *c, int64_t community_id, struct question **ret,
                                                 size_t *ret_n);
PW_MUST_CHECK enum pw_err question_save_times(struct ctx *c, const struct question *q);
/* Adds to what is in *io. */
PW_MUST_CHECK enum pw_err question_counts(struct ctx *c, int64_t community_id, int64_t person_id,
                                          struct inbox_counts *io);
PW_MUST_CHECK enum pw_err question_counts_given(struct ctx *c, int64_t community_id, int64_t person_id,
                                                struct inbox_counts *io); /* only what this person was given */
/* Words and names for a list. */
PW_MUST_CHECK enum pw_err question_fill(struct ctx *c, struct question *v, size_t n);

PW_MUST_CHECK enum pw_err step_add(struct ctx *c, int64_t question_id, const char *what, enum question_state from,
                                   enum question_state to, int64_t other);
PW_MUST_CHECK enum pw_err step_rows(struct ctx *c, int64_t question_id, struct question_step **ret, size_t *ret_n);

PW_MUST_CHECK enum pw_err answer_insert(struct ctx *c, const struct answer *a);
PW_MUST_CHECK enum pw_err answer_row(struct ctx *c, int64_t id, struct answer *ret);
PW_MUST_CHECK enum pw_err answer_row_of_message(struct ctx *c, int64_t message_id, struct answer *ret);
PW_MUST_CHECK enum pw_err answer_delete(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err answer_rows(struct ctx *c, int64_t question_id, struct answer **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err answer_save(struct ctx *c, const struct answer *a, enum verification from); /* PW_CONFLICT */

PW_MUST_CHECK enum pw_err draft_put(struct ctx *c, int64_t person_id, int64_t question_id, struct sv text);
PW_MUST_CHECK enum pw_err draft_drop(struct ctx *c, int64_t person_id, int64_t question_id);
PW_MUST_CHECK enum pw_err draft_get(struct ctx *c, int64_t person_id, int64_t question_id, struct sv *ret);
PW_MUST_CHECK enum pw_err viewing_put(struct ctx *c, int64_t question_id, int64_t person_id, int64_t until_ms);
PW_MUST_CHECK enum pw_err viewing_drop(struct ctx *c, int64_t question_id, int64_t person_id);
PW_MUST_CHECK enum pw_err viewing_names(struct ctx *c, int64_t question_id, int64_t but_person, struct sv **ret,
                                        size_t *ret_n);

#endif
