/* SPDX-License-Identifier: EUPL-1.2 */
/* message_store: the SQL of messages, their copies on platforms, and private threads. Bodies are sealed on the way in
 * and opened on the way out: private ones with the key of the thread's person, public ones with the installation's.
 * No right is checked here. */
#ifndef PW_MESSAGE_STORE_H
#define PW_MESSAGE_STORE_H

#include "feature/community/community.h"

/* m->id is minted here when 0. thread_person: the person of the private thread, 0 = public. */
PW_MUST_CHECK enum pw_err message_insert(struct ctx *c, struct message *m, int64_t channel_id, int64_t thread_person);
PW_MUST_CHECK enum pw_err message_row(struct ctx *c, int64_t id, struct message *ret);
PW_MUST_CHECK enum pw_err message_rows_public(struct ctx *c, int64_t community_id, struct sv topic, int64_t before_ms,
                                              int64_t before_id, int64_t limit, bool only_shown, struct message **ret,
                                              size_t *ret_n);
PW_MUST_CHECK enum pw_err message_rows_thread(struct ctx *c, int64_t thread_id, int64_t limit, struct message **ret,
                                              size_t *ret_n);
PW_MUST_CHECK enum pw_err message_rows_question(struct ctx *c, int64_t question_id, struct message **ret,
                                                size_t *ret_n);
/* What stands in the group, oldest first, after (after_ms, after_id): until there are none. */
PW_MUST_CHECK enum pw_err message_rows_question_public(struct ctx *c, int64_t question_id, int64_t after_ms,
                                                       int64_t after_id, struct message **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err message_save_state(struct ctx *c, int64_t id, enum message_state from,
                                             enum message_state to); /* PW_CONFLICT */
PW_MUST_CHECK enum pw_err message_save_question(struct ctx *c, int64_t id, int64_t question_id,
                                                enum message_purpose purpose);
/* From the group into a thread: sealed again with the person's key. */
PW_MUST_CHECK enum pw_err message_save_private(struct ctx *c, const struct message *m, int64_t thread_id,
                                               int64_t person_id);
PW_MUST_CHECK enum pw_err message_save_shown(struct ctx *c, int64_t id, int64_t shown_ms); /* held → shown */
/* Names of the authors, many at once. */
PW_MUST_CHECK enum pw_err message_fill_names(struct ctx *c, struct message *v, size_t n);

struct message_copy {
    int64_t message_id, channel_id, outbox_id, deleted_ms;
    struct sv chat, provider_message;
};
PW_MUST_CHECK enum pw_err copy_insert(struct ctx *c, int64_t message_id, int64_t channel_id, struct sv chat,
                                      struct sv provider_message, int64_t outbox_id);
PW_MUST_CHECK enum pw_err copy_rows(struct ctx *c, int64_t message_id, struct message_copy **ret, size_t *ret_n);
/* The provider's id of our message in that chat; empty when it is not there. */
PW_MUST_CHECK enum pw_err copy_there(struct ctx *c, int64_t message_id, int64_t channel_id, struct sv chat,
                                     struct sv *ret);
PW_MUST_CHECK enum pw_err copy_find(struct ctx *c, int64_t channel_id, struct sv chat, struct sv provider_message,
                                    int64_t *ret_message);
/* *ret_deleted: it was to be taken away while it was being sent. */
PW_MUST_CHECK enum pw_err copy_set_sent(struct ctx *c, int64_t outbox_id, struct sv provider_message,
                                        bool *ret_deleted);
PW_MUST_CHECK enum pw_err copy_set_deleted(struct ctx *c, int64_t message_id, int64_t channel_id, struct sv chat);

PW_MUST_CHECK enum pw_err thread_row(struct ctx *c, int64_t id, struct thread *ret);
PW_MUST_CHECK enum pw_err thread_row_of(struct ctx *c, int64_t community_id, int64_t person_id, struct thread *ret);
PW_MUST_CHECK enum pw_err thread_ensure(struct ctx *c, int64_t community_id, int64_t person_id, int64_t *ret_id);
PW_MUST_CHECK enum pw_err thread_touch(struct ctx *c, int64_t id, bool waiting_staff);
/* Nobody waits any more, unless another question of the thread is open. */
PW_MUST_CHECK enum pw_err thread_settle(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err thread_set_read(struct ctx *c, int64_t id, int64_t read_ms);
PW_MUST_CHECK enum pw_err thread_rows(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id,
                                      int64_t limit, struct thread **ret, size_t *ret_n);

/* What a person said in public, and what was said in their private threads by either side: the newest `limit`, newest
 * first. */
PW_MUST_CHECK enum pw_err message_rows_said(struct ctx *c, int64_t person_id, int64_t limit, struct message **ret,
                                            size_t *ret_n);
PW_MUST_CHECK enum pw_err message_rows_private(struct ctx *c, int64_t person_id, int64_t limit, struct message **ret,
                                               size_t *ret_n);

#endif
