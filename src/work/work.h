/* SPDX-License-Identifier: EUPL-1.2 */
/* work: what happens later, durably. Everything here is a row: outgoing sends, timers, events and their delivery.
 * Owns tables outbox, send_pace, timer, event, event_cursor, job_lease. Knows nothing of channels or features: they
 * register.
 *
 * Outgoing (design.md §4): queued → sending → sent → delivered/read | failed | in_doubt | held | cancelled | by_hand.
 * `sending` is committed before the network call; a crash or a timeout after that makes it in_doubt, which a person or
 * a provider's status resolves: never a blind resend. Statuses arrive out of order and never move backwards. Each
 * channel has two lanes: interactive always goes before bulk; the provider's rate limit is a token bucket per channel;
 * 429 pauses the lane until Retry-After and is not a failure. */
#ifndef PW_WORK_H
#define PW_WORK_H

#include "base/arena.h"
#include "base/err.h"
#include "store/db.h"

extern const struct migration work_migrations[];
extern const size_t work_migrations_n;

/* ---- outbox ---- */

enum out_state {
    OUT_QUEUED,
    OUT_SENDING,
    OUT_SENT,
    OUT_DELIVERED,
    OUT_READ,
    OUT_FAILED,
    OUT_IN_DOUBT,
    OUT_HELD,
    OUT_CANCELLED,
    OUT_BY_HAND, /* a person carries it out in the app and says what came of it */
    OUT__MAX
};
enum out_lane { LANE_INTERACTIVE, LANE_BULK };
const char *out_state_name(enum out_state s); /* "queued", …, "in-doubt" */

struct out_new {
    int64_t channel_id;
    enum out_lane lane;
    /* Sends with the same key keep their order (a chat); empty = none. The next waits while an earlier one is queued,
     * being sent or waiting for another try; one that is held, failed or in doubt does not hold up the others. An
     * interactive one does not wait for queued bulk ones. */
    struct sv order_key;
    struct sv payload;     /* JSON of the channel room; sealed by it where it holds a person's words */
    int64_t not_before_ms; /* 0 = now; later than now = held until then: held replies wait for opening time (SLA-5) */
    struct sv subject;     /* "message", "notice", … and its id: who wants to know the result */
    int64_t subject_id;
    struct sv idem_key; /* optional: a second row with this key is not added (PW_OK, ret_id = the first) */
};
PW_MUST_CHECK enum pw_err outbox_add(struct db *db, const struct out_new *o, int64_t now_ms, int64_t *ret_id);
PW_MUST_CHECK enum pw_err outbox_cancel(struct db *db, int64_t id, int64_t now_ms); /* PW_CONFLICT once sending */
/* Whether a row with that idem_key was ever added. */
PW_MUST_CHECK enum pw_err outbox_has(struct db *db, struct sv idem_key, bool *ret);
/* One more id under which a send stands at the provider's (more_ids). */
PW_MUST_CHECK enum pw_err outbox_add_part(struct db *db, int64_t id, struct sv part_id);
/* In doubt, decided by a person: it arrived (→ sent), or send again (→ queued). PW_CONFLICT in another state. */
PW_MUST_CHECK enum pw_err outbox_resolve(struct db *db, int64_t id, bool arrived, int64_t now_ms);
/* A provider's word about a send, by its message id: OUT_SENT, OUT_FAILED, OUT_DELIVERED or OUT_READ. The furthest in
 * this order stays, whatever order they arrive in; unknown ids are PW_NOT_FOUND. Also resolves what is in doubt. It
 * does not call work_sent_fn: the caller tells the subject (outbox_by_provider). */
PW_MUST_CHECK enum pw_err outbox_status(struct db *db, int64_t channel_id, struct sv provider_id, enum out_state to,
                                        struct sv code, int64_t now_ms);
/* Nothing more goes to this order_key, and `payload` stands for what went: its reader is erased (CNS-8). */
PW_MUST_CHECK enum pw_err outbox_forget(struct db *db, int64_t channel_id, struct sv order_key, struct sv payload,
                                        int64_t now_ms);
/* Sends that wait for somebody else (SEND_WAITS): all of one order_key go on; one that was sent but did not arrive
 * waits, too (PW_CONFLICT when it is neither sending, sent nor in doubt); how many wait. */
PW_MUST_CHECK enum pw_err outbox_release(struct db *db, int64_t channel_id, struct sv order_key, int64_t now_ms);
PW_MUST_CHECK enum pw_err outbox_wait(struct db *db, int64_t id, struct sv code, int64_t now_ms);
PW_MUST_CHECK enum pw_err outbox_waiting(struct db *db, struct arena *a, int64_t channel_id, struct sv order_key,
                                         int64_t *ret_n);
/* What a channel could not do before its settings changed it may do now: its pause ends, and what waits for another try
 * goes at once. */
PW_MUST_CHECK enum pw_err outbox_try_now(struct db *db, int64_t channel_id, int64_t now_ms);
/* By hand: done (→ sent, with this id for what stands there now), or it could not be done (→ failed, with a code). It
 * does not call work_sent_fn: the caller tells the subject. PW_CONFLICT in another state. */
PW_MUST_CHECK enum pw_err outbox_done(struct db *db, int64_t id, bool done, struct sv provider_id, struct sv code,
                                      int64_t now_ms);
/* A person spoke too soon: back to by hand. PW_CONFLICT unless a person had said it was done or could not be done. */
PW_MUST_CHECK enum pw_err outbox_not_done(struct db *db, int64_t id, int64_t now_ms);
struct out_row {
    int64_t id, channel_id, created_ms, changed_ms, not_before_ms, subject_id;
    enum out_lane lane;
    enum out_state state;
    int64_t attempts;
    struct sv payload, subject, provider_id, error_code;
    struct sv more_ids; /* of later parts, with spaces between */
};
PW_MUST_CHECK enum pw_err outbox_get(struct db *db, struct arena *a, int64_t id, struct out_row *ret);
/* The newest send that got this id from the provider. */
PW_MUST_CHECK enum pw_err outbox_by_provider(struct db *db, struct arena *a, int64_t channel_id, struct sv provider_id,
                                             struct out_row *ret);
/* Those of one order key that wait to be sent and were added after the id after_id. */
PW_MUST_CHECK enum pw_err outbox_since(struct db *db, struct arena *a, int64_t channel_id, struct sv order_key,
                                       int64_t after_id, int64_t **ret, size_t *ret_n);
/* Newest first, those before an id (0 = from the newest): all, or those in doubt. */
PW_MUST_CHECK enum pw_err outbox_page(struct db *db, struct arena *a, bool in_doubt, int64_t before_id, int64_t limit,
                                      struct out_row **ret, size_t *ret_n);
/* Newest first; channel_id 0 = every channel, state < 0 = all. */
PW_MUST_CHECK enum pw_err outbox_list(struct db *db, struct arena *a, int64_t channel_id, int state, int64_t limit,
                                      struct out_row **ret, size_t *ret_n);

/* The bulk sends of one subject, all together (a post to many). What is being sent ends by itself. Callers keep few
 * waiting at a time: each of these is one statement. ret_n may be NULL. */
PW_MUST_CHECK enum pw_err outbox_hold_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t until_ms,
                                           int64_t now_ms, int64_t *ret_n); /* until_ms INT64_MAX: until resumed */
PW_MUST_CHECK enum pw_err outbox_resume_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t now_ms,
                                             int64_t *ret_n);
PW_MUST_CHECK enum pw_err outbox_cancel_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t now_ms,
                                             int64_t *ret_n);
/* Queued, held or being sent on that channel; not those that wait for somebody else (SEND_WAITS). */
PW_MUST_CHECK enum pw_err outbox_waiting_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t channel_id,
                                              int64_t *ret_n);
struct out_count {
    int64_t channel_id, n;
    enum out_state state;
};
PW_MUST_CHECK enum pw_err outbox_count_bulk(struct db *db, struct arena *a, struct sv subject, int64_t subject_id,
                                            struct out_count **ret, size_t *ret_n); /* by channel, then state */
/* Those among the held ones that wait for somebody else: by channel. */
PW_MUST_CHECK enum pw_err outbox_waits_bulk(struct db *db, struct arena *a, struct sv subject, int64_t subject_id,
                                            struct out_count **ret, size_t *ret_n);
/* Those that left through that channel since then, or may have, under an id of the provider's and to a chat that is
 * still known: how many. */
PW_MUST_CHECK enum pw_err outbox_left_bulk(struct db *db, struct sv subject, int64_t subject_id, int64_t channel_id,
                                           int64_t since_ms, int64_t *ret_n);
/* The same as rows, at most `limit` behind a place (state and id of the last one seen; 0, 0 = from the beginning). A
 * row that goes on to a later state meanwhile may come twice. */
PW_MUST_CHECK enum pw_err outbox_left_page(struct db *db, struct arena *a, struct sv subject, int64_t subject_id,
                                           int64_t channel_id, int64_t since_ms, int64_t after_state, int64_t after_id,
                                           int64_t limit, struct out_row **ret, size_t *ret_n);

/* What a sender reports. */
enum send_class {
    SEND_OK,
    SEND_RETRY,
    SEND_FAILED,
    SEND_IN_DOUBT,
    SEND_BLOCKED, /* the person stopped us: end contact */
    SEND_WAITS,   /* nothing left: held until outbox_release() of its order_key; not a try */
    SEND_BY_HAND, /* no machine can: a person has to (class C) */
};
struct send_result {
    enum send_class cls;
    struct sv provider_id;  /* when SEND_OK; also kept when SEND_IN_DOUBT, so that a later status can resolve it */
    struct sv more_ids;     /* those of later parts, with spaces between, when it went out in parts */
    struct sv code;         /* provider's error code, no text of persons */
    int64_t retry_after_ms; /* SEND_RETRY: 0 = exponential backoff, at most 15 minutes, failed after 12 tries */
    bool pause_lane;        /* 429: the whole channel waits (retry_after_ms, else 30 s); not counted as a try */
};
/* Called outside any transaction. Must honour its own network timeouts. */
typedef void (*work_send_fn)(void *self, struct arena *a, const struct out_row *row, struct send_result *ret);
/* Called in the transaction that records the result, so that the subject can follow; also with SEND_IN_DOUBT when a
 * crash is found (code "interrupted"). row->state is the new state: SEND_RETRY that leads to another try leaves
 * OUT_QUEUED. A failure of it is logged and does not undo the record: the send did happen. May be run again. */
typedef enum pw_err (*work_sent_fn)(void *self, struct db *db, struct arena *a, const struct out_row *row,
                                    const struct send_result *res, int64_t now_ms);

/* ---- timers ---- */

/* A thing to do at a time: (kind, subject) is unique; setting it again moves it. */
PW_MUST_CHECK enum pw_err timer_set(struct db *db, struct sv kind, int64_t subject_id, int64_t due_ms);
PW_MUST_CHECK enum pw_err timer_clear(struct db *db, struct sv kind, int64_t subject_id);
/* Runs in one transaction with the removal of the timer. Must be idempotent. May set it again. When it fails the timer
 * stays and is tried again later (5 s, doubling to 15 minutes). */
typedef enum pw_err (*timer_fn)(void *self, struct db *db, struct arena *a, int64_t subject_id, int64_t now_ms);

/* ---- events ---- */

/* One fact, in the writer's transaction: "question.answered". data is a small JSON object of ids and codes, no words of
 * persons. Delivered to each subscriber in order, at least once. */
PW_MUST_CHECK enum pw_err event_append(struct db *db, struct sv name, int64_t subject_id, struct sv data,
                                       int64_t now_ms);
struct event_row {
    int64_t id, subject_id, at_ms;
    struct sv name, data;
};
/* Runs in the transaction that moves the subscriber's cursor. A new subscriber begins with the oldest event kept. One
 * that fails is called again with the same event (1 s, doubling to 15 minutes) while others go on. */
typedef enum pw_err (*event_fn)(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms);

/* Events after *io_seq in the order of delivery, at most 500, and moves it; *io_seq < 0 only sets it to the end. For
 * pages that follow what happens; whoever must miss nothing subscribes. */
PW_MUST_CHECK enum pw_err event_tail(struct db *db, struct arena *a, int64_t *io_seq, struct event_row **ret,
                                     size_t *ret_n);

/* ---- the engine ---- */

struct work;
/* Several engines, of one process or of many, may work on one database. Sending threads: a quarter of them takes
 * interactive sends only, no channel may keep all of them busy, and its bulk sends one less. */
struct work_config {
    struct store *store;
    int senders;      /* sending threads, 0 = 16, at most 64 */
    int64_t tick_ms;  /* longest sleep between looks, 0 = 1000; work_wake() shortens it */
    int64_t lease_ms; /* a `sending` row older than this with no living owner is in doubt, 0 = 60000 */
};
PW_MUST_CHECK enum pw_err work_open(const struct work_config *cf, struct work **ret);
/* Registration, before work_start. Names are static texts. */
void work_on_timer(struct work *w, const char *kind, timer_fn fn, void *self);
void work_on_event(struct work *w, const char *subscriber, const char *name_prefix, event_fn fn, void *self);
void work_on_send(struct work *w, work_send_fn send, work_sent_fn sent, void *self);
/* Whether sends of a channel can leave from this process now (self is that of work_on_send); when not, its rows are
 * left to another process or to later: work_wake() when that changes. Cheap, any thread. Not set: always. */
typedef bool (*work_ready_fn)(void *self, int64_t channel_id);
void work_on_ready(struct work *w, work_ready_fn ready);
/* Rate of a channel, sends a second (0 = 30) and burst (0 = one second's). May change while running. The bucket itself
 * is a row: all processes together keep the rate. */
void work_set_rate(struct work *w, int64_t channel_id, double per_s, double burst);
PW_MUST_CHECK enum pw_err work_start(struct work *w);
void work_wake(struct work *w);  /* something was queued: any thread, cheap */
void work_stop(struct work *w);  /* finishes running sends and timers; may be started again; NULL-safe */
void work_close(struct work *w); /* stops, and gives everything back; NULL-safe */
/* One round of everything that is due, on the calling thread: for tests and `passerelle` commands. */
PW_MUST_CHECK enum pw_err work_run_once(struct work *w, int64_t now_ms, size_t *ret_done);

#endif
