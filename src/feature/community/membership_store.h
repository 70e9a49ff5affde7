/* SPDX-License-Identifier: EUPL-1.2 */
/* membership_store: the SQL of join requests and memberships. No right is checked here. */
#ifndef PW_MEMBERSHIP_STORE_H
#define PW_MEMBERSHIP_STORE_H

#include "feature/community/community.h"

struct join_row { /* with what only this room needs to know */
    struct join_request r;
    int64_t guidelines_doc, channel_id;
    struct sv answers; /* sealed */
    struct sv chat, user_chat, provider_user;
};
PW_MUST_CHECK enum pw_err join_insert(struct ctx *c, const struct join_row *j);
PW_MUST_CHECK enum pw_err join_row(struct ctx *c, int64_t id, struct join_row *ret);
PW_MUST_CHECK enum pw_err join_rows_pending(struct ctx *c, int64_t community_id, int64_t after_ms, int64_t after_id,
                                            int64_t limit, struct join_request **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err join_pending_of(struct ctx *c, int64_t community_id, int64_t person_id, int64_t *ret_id);
PW_MUST_CHECK enum pw_err join_last_of(struct ctx *c, int64_t community_id, int64_t person_id, struct join_row *ret);
PW_MUST_CHECK enum pw_err join_count_pending(struct ctx *c, int64_t community_id, int64_t *ret);
/* PW_CONFLICT if someone else decided first. */
PW_MUST_CHECK enum pw_err join_decide(struct ctx *c, int64_t id, enum join_state to, struct sv reason);

/* PW_NOT_FOUND when the person never was one. */
PW_MUST_CHECK enum pw_err membership_row(struct ctx *c, int64_t community_id, int64_t person_id,
                                         struct membership *ret);
PW_MUST_CHECK enum pw_err membership_rows(struct ctx *c, int64_t community_id, enum membership_state state,
                                          int64_t after_ms, int64_t after_id, int64_t limit, struct membership **ret,
                                          size_t *ret_n);
PW_MUST_CHECK enum pw_err membership_rows_of(struct ctx *c, int64_t person_id, struct membership **ret, size_t *ret_n);
/* In every state, the last one first. */
PW_MUST_CHECK enum pw_err membership_rows_ever(struct ctx *c, int64_t person_id, struct membership **ret,
                                               size_t *ret_n);
/* All requests of a person, newest first. */
PW_MUST_CHECK enum pw_err join_rows_of(struct ctx *c, int64_t person_id, struct join_request **ret, size_t *ret_n);
/* Active members who are at a channel, in the order of their ids, after one. */
PW_MUST_CHECK enum pw_err membership_people_of_channel(struct ctx *c, int64_t community_id, int64_t channel_id,
                                                       int64_t after_person, int64_t limit, int64_t **ret,
                                                       size_t *ret_n);
/* Makes the row, or takes the old one of a person who comes back. */
PW_MUST_CHECK enum pw_err membership_put(struct ctx *c, const struct membership *m);
/* Changes only from the state it was read in; PW_CONFLICT otherwise. */
PW_MUST_CHECK enum pw_err membership_admit_row(struct ctx *c, int64_t id, int64_t joined_ms);
PW_MUST_CHECK enum pw_err membership_end_row(struct ctx *c, int64_t id, enum membership_state from,
                                             enum membership_state to, struct sv reason);
PW_MUST_CHECK enum pw_err membership_stop_posts(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err membership_wants_posts(struct ctx *c, int64_t id, bool *ret);
PW_MUST_CHECK enum pw_err membership_set_welcome(struct ctx *c, int64_t id, int64_t message_id, int64_t version);
/* True once per closed spell (SLA-5): the spell is named by the moment at which it ends. */
PW_MUST_CHECK enum pw_err membership_take_hours_notice(struct ctx *c, int64_t id, int64_t opens_ms, bool *ret_first);

#endif
