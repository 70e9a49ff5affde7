/* SPDX-License-Identifier: EUPL-1.2 */
/* work_priv: what the files of this room share. Not for others. */
#ifndef PW_WORK_PRIV_H
#define PW_WORK_PRIV_H

#include <pthread.h>

#include "work/work.h"

enum { HANDLERS_MAX = 128, SENDERS_MAX = 64, OWNER_TEXT = 128, JOB_ARENA_MAX = 32 * 1024 * 1024 };
/* not_before_ms of a row that waits for somebody else (SEND_WAITS): ahead of any clock, the year 9999. */
#define OUT_WAITS_MS INT64_C(253402300799999)
#define OUT_WAITS "not_before_ms = 253402300799999"
#define BACKOFF_MAX_MS INT64_C(900000)

struct rate { /* of a channel, as this process knows it */
    int64_t channel_id;
    double per_s, burst;
    int busy; /* sends under way here */
};
struct on_timer {
    const char *kind;
    timer_fn fn;
    void *self;
};
struct on_event {
    const char *subscriber, *prefix;
    event_fn fn;
    void *self;
};
struct work {
    struct store *store;
    int senders;
    bool threaded; /* between work_start and work_stop */
    int64_t tick_ms, lease_ms;
    char owner[OWNER_TEXT];
    struct on_timer timers[HANDLERS_MAX];
    struct on_event subscribers[HANDLERS_MAX];
    size_t n_timers, n_subscribers;
    work_send_fn send;
    work_sent_fn sent;
    void *send_self;
    work_ready_fn ready;

    pthread_mutex_t lock; /* all below */
    pthread_cond_t send_wake, look_wake;
    uint64_t send_wakes, look_wakes; /* so that a wake between looking and sleeping is not lost */
    bool stopping;
    struct rate *rates;
    size_t n_rates;
    int64_t in_flight[SENDERS_MAX + 1]; /* rows whose sending goes on here; 0 = free place */
    uint64_t turn;                      /* equal channels take turns */
    int64_t renewed_ms;
    pthread_t threads[SENDERS_MAX + 1];
    int n_threads;
};

/* ---- lease.c: who works, and whether they still live ---- */

/* Names this engine: machine boot, process namespace, process, its start, and a number of our own. */
void owner_name(char out[OWNER_TEXT]);
/* Is the engine of that name certainly gone? `alone`: nobody on another machine can use the database, so whoever
 * cannot be seen here is gone. */
bool owner_is_dead(struct sv owner, bool alone);
PW_MUST_CHECK enum pw_err lease_take(struct work *w, struct sv name, int64_t ms, int64_t now_ms, bool *ret_mine);
void lease_drop_all(struct work *w);

/* ---- pace.c: token bucket and pause of a channel ---- */

struct pace {
    double tokens;
    int64_t filled_ms, paused_until_ms;
};
struct rate pace_rate(struct work *w, int64_t channel_id);
/* Tokens as of now; a clock that went back gives none. */
void pace_fill(struct pace *p, const struct rate *r, int64_t now_ms);
/* 0 = one of this lane may leave */
int64_t pace_wait_ms(const struct pace *p, const struct rate *r, enum out_lane lane, int64_t now_ms);
PW_MUST_CHECK enum pw_err pace_read(struct db *db, struct arena *a, const struct rate *r, int64_t now_ms,
                                    struct pace *ret);
PW_MUST_CHECK enum pw_err pace_lock(struct db *db, struct arena *a, const struct rate *r, int64_t now_ms,
                                    struct pace *ret);
PW_MUST_CHECK enum pw_err pace_save(struct db *db, int64_t channel_id, const struct pace *p);
PW_MUST_CHECK enum pw_err pace_pause(struct db *db, int64_t channel_id, int64_t until_ms, int64_t now_ms);

/* ---- outbox.c ---- */

#define OUT_COLUMNS                                                                                                    \
    "id, channel_id, created_ms, changed_ms, not_before_ms, subject_id, lane, state, attempts, payload, subject, "     \
    "provider_id, error_code, more_ids"
struct out_row out_row_of(const struct db_rows *r, size_t i);

/* ---- sending.c ---- */

int64_t backoff_ms(int64_t first_ms, int64_t attempt, int64_t salt);
/* Sends one row that is due: claim, send, record. *ret_sent false when none is; then *ret_wait_ms is the longest sleep
 * that makes sense. `now_ms` 0 reads the clock. */
PW_MUST_CHECK enum pw_err sending_step(struct work *w, struct arena *a, bool bulk_too, int64_t now_ms, bool *ret_sent,
                                       int64_t *ret_wait_ms);
/* Sending rows of dead or silent engines become in doubt; leases of our own are renewed. */
PW_MUST_CHECK enum pw_err sending_sweep(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done);
PW_MUST_CHECK enum pw_err sending_renew(struct work *w, int64_t now_ms);
PW_MUST_CHECK enum pw_err sending_unhold(struct work *w, int64_t now_ms, size_t *io_done);

/* ---- timer.c, event.c ---- */

PW_MUST_CHECK enum pw_err timers_run(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done);
PW_MUST_CHECK enum pw_err events_run(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done);

/* ---- work.c ---- */

bool flight_begin(struct work *w, int64_t id, int64_t channel_id);
void flight_end(struct work *w, int64_t id, int64_t channel_id);
bool flight_has(struct work *w, int64_t id);
int flight_busy(struct work *w, int64_t channel_id);
void wake_lookers(struct work *w);

#endif
