/* SPDX-License-Identifier: EUPL-1.2 */
/* keyword_store: the SQL of words that ask to join, and of what people say when they leave. No right is checked here.
 */
#ifndef PW_KEYWORD_STORE_H
#define PW_KEYWORD_STORE_H

#include "feature/community/community.h"

PW_MUST_CHECK enum pw_err keyword_rows(struct ctx *c, int64_t community_id, struct community_keyword **ret,
                                       size_t *ret_n);
PW_MUST_CHECK enum pw_err keyword_put(struct ctx *c, const struct community_keyword *k, struct sv folded);
PW_MUST_CHECK enum pw_err keyword_drop(struct ctx *c, int64_t community_id, struct sv lang);
/* The words that mean something on a channel, each with its one community: who was there first. */
struct keyword_row {
    struct community_keyword k;
    struct sv folded;
    enum community_status status; /* of the community */
    bool invited_only;
};
PW_MUST_CHECK enum pw_err keyword_rows_of_channel(struct ctx *c, int64_t channel_id, struct keyword_row **ret,
                                                  size_t *ret_n);

PW_MUST_CHECK enum pw_err ask_exit_row(struct ctx *c, int64_t community_id, bool *ret);
PW_MUST_CHECK enum pw_err ask_exit_save(struct ctx *c, int64_t community_id, bool ask);

struct exit_row {
    int64_t membership_id, community_id, person_id;
};
/* Asks (again). */
PW_MUST_CHECK enum pw_err exit_put(struct ctx *c, const struct exit_row *x, int64_t channel_id);
/* The newest unanswered one since; community_id or channel_id 0 = any. PW_NOT_FOUND: none. */
PW_MUST_CHECK enum pw_err exit_open_row(struct ctx *c, int64_t person_id, int64_t community_id, int64_t channel_id,
                                        int64_t since_ms, struct exit_row *ret);
PW_MUST_CHECK enum pw_err exit_save(struct ctx *c, const struct exit_row *x, struct sv code, struct sv words);
/* The person comes back: the question is void. */
PW_MUST_CHECK enum pw_err exit_drop_open(struct ctx *c, int64_t person_id, int64_t community_id);
PW_MUST_CHECK enum pw_err exit_rows(struct ctx *c, int64_t community_id, int64_t limit, struct exit_answer **ret,
                                    size_t *ret_n);

#endif
