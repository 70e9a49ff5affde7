/* SPDX-License-Identifier: EUPL-1.2 */
/* registry: the channels of this installation, what came in through them and what goes out.
 * Owns tables channel, channel_poll, channel_inbound. Settings are sealed; opened ones live in the caller's arena (the
 * json_t goes with it) and are wiped by nobody else: never log them. All functions run in the caller's transaction.
 * channel_receive() is the only door for events: it keeps what a provider sends twice from counting twice. */
#ifndef PW_REGISTRY_H
#define PW_REGISTRY_H

#include "channel/channel.h"

/* Makes a channel, not yet enabled. PW_INVALID with problems "name", "kind" or what the driver's check_config says;
 * PW_CONFLICT (problem "name") when the name is taken. */
PW_MUST_CHECK enum pw_err channel_add(struct ctx *c, struct sv name, struct sv kind, const json_t *config,
                                      int64_t *ret_id);
PW_MUST_CHECK enum pw_err channel_get(struct ctx *c, int64_t id, struct channel *ret);
PW_MUST_CHECK enum pw_err channel_by_name(struct ctx *c, struct sv name, struct channel *ret);
struct channel_info { /* without secrets, for lists */
    int64_t id, created_ms, last_error_ms;
    struct sv name, kind, last_error;
    const struct chan_driver *driver; /* NULL when this binary does not know the kind */
    bool enabled;
};
PW_MUST_CHECK enum pw_err channel_list(struct ctx *c, struct channel_info **ret, size_t *ret_n);
/* Enabling checks the settings again: no secret, no channel (PW_INVALID with problems). */
PW_MUST_CHECK enum pw_err channel_set_enabled(struct ctx *c, int64_t id, bool enabled);
PW_MUST_CHECK enum pw_err channel_set_config(struct ctx *c, int64_t id, const json_t *config);
/* The last trouble of a channel: a code, no words of persons. */
PW_MUST_CHECK enum pw_err channel_set_error(struct ctx *c, int64_t id, struct sv code);

/* Stores each event's dedup key and hands the event to the receiver; a known key is skipped and is PW_OK. News of a
 * send move the outbox row; PW_NOT_FOUND when no send has that id (yet). */
PW_MUST_CHECK enum pw_err channel_receive(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                                          const struct chan_events *events);
/* Forgets dedup keys older than 30 days, at most `limit` at a time. */
PW_MUST_CHECK enum pw_err channel_forget_inbound(struct ctx *c, int64_t limit, int64_t *ret_forgotten);

/* What went to this private chat is no longer readable, what waits does not go, and its window is gone: the person is
 * erased (CNS-8). That they asked us to stop stays known, so that nobody writes to them again. */
PW_MUST_CHECK enum pw_err channel_forget_chat(struct ctx *c, int64_t channel_id, struct sv chat);

/* Queues a send. What it says and to whom is sealed with the installation's key; sends to one chat keep their order.
 * file_path may be a path on this machine or "file:<id>" of a stored file (channel/file.h). subject and subject_id come
 * back in chan_receiver.sent. A second call with the same idem_key returns the first id. */
PW_MUST_CHECK enum pw_err channel_queue(struct ctx *c, int64_t channel_id, enum out_lane lane,
                                        const struct chan_send *s, struct sv subject, int64_t subject_id,
                                        int64_t not_before_ms, struct sv idem_key, int64_t *ret_id);
/* What the outbox calls a chat: the order_key of its sends. */
struct sv channel_order_key(struct ctx *c, int64_t channel_id, struct sv chat);
/* Opens what channel_queue() sealed. Results live in c->arena. */
PW_MUST_CHECK enum pw_err channel_unqueue(struct ctx *c, int64_t channel_id, struct sv payload, struct chan_send *ret);

#endif
