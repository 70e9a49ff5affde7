/* SPDX-License-Identifier: EUPL-1.2 */
/* hub_parts: what the files of the hub share. */
#ifndef PW_HUB_PARTS_H
#define PW_HUB_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "channel/hub.h"

enum { HUB_CHANNELS_MAX = 256, HUB_ARENA_MAX = 32 * 1024 * 1024 };

struct channel_set {
    struct hub *hub;
    int refs; /* under hub->lock */
    int64_t generation;
    size_t n;
    struct channel v[HUB_CHANNELS_MAX];
    int64_t generations[HUB_CHANNELS_MAX];
    struct arena arena;
};
struct hub_poller {
    struct hub *hub;
    pthread_t thread;
    int64_t channel_id; /* 0: free */
    atomic_bool done;
};
struct hub_session {    /* an open connection of a channel (channel.h, rule 9); under hub->lock */
    int64_t channel_id; /* 0: free */
    int64_t generation, leased_mono_ms;
    const struct chan_driver *driver;
    void *session;
    int users; /* sends under way over it */
    bool closing;
};
struct hub_announced { /* what a provider was last told */
    int64_t channel_id, generation, retry_mono_ms;
};
struct hub {
    struct hub_config cf;
    struct work *work;
    int64_t owner; /* of leases */
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct channel_set *set;
    int64_t checked_mono_ms;
    bool reloading;
    atomic_bool stopping;
    bool running;
    pthread_t manager, fetcher;
    struct hub_poller pollers[HUB_CHANNELS_MAX];
    struct hub_announced announced[HUB_CHANNELS_MAX];
    pthread_cond_t session_idle;
    struct hub_session sessions[HUB_CHANNELS_MAX];
    int64_t forgot_mono_ms;
};

/* A context of the system itself. */
void hub_ctx(struct hub *h, struct ctx *c, struct arena *a, struct problems *ps, int64_t now_ms);
/* Runs fn with a context inside one transaction, or one read. */
typedef enum pw_err (*hub_fn)(struct ctx *c, void *arg);
enum pw_err hub_write(struct hub *h, struct arena *a, int64_t now_ms, hub_fn fn, void *arg);
enum pw_err hub_read(struct hub *h, struct arena *a, int64_t now_ms, hub_fn fn, void *arg);
void hub_look_again(struct hub *h); /* the next hub_hold() looks for changes at once */
/* The set as it is, without looking whether it changed: for use inside a transaction. */
struct channel_set *hub_hold_as_is(struct hub *h);
enum pw_err hub_receive(struct hub *h, const struct channel *ch, const struct chan_events *events, struct arena *a,
                        int64_t now_ms, int64_t request_id);
void hub_note_error(struct hub *h, int64_t channel_id, struct sv code);
bool hub_is_polling(const struct channel *ch);
struct sv hub_hook_url(const struct hub *h, const struct channel *ch, struct arena *a); /* empty: no public address */
void hub_release_leases(struct hub *h);
/* As hub_poll_once(); *ret_code is a fixed word when the driver says why it failed, else NULL. */
enum pw_err hub_poll_saying(struct hub *h, int64_t channel_id, int wait_s, size_t *ret_events, const char **ret_code);

/* ---- sessions (hub_session.c): only the thread that polls a channel opens and closes its session ---- */

/* The session of these settings: the open one, or a new one. */
enum pw_err hub_session_ready(struct hub *h, const struct channel *ch, int64_t generation, struct sv cursor, void **ret,
                              const char **ret_code);
void hub_session_close(struct hub *h, int64_t channel_id); /* waits for the sends over it; none open: nothing */
void hub_sessions_close(struct hub *h);
/* When the lease could not be looked at for as long as it lasts another process may have it by now. */
void hub_session_leased(struct hub *h, int64_t channel_id, bool leased, int64_t lease_ms);
void *hub_session_use(struct hub *h, int64_t channel_id); /* NULL: none here; else leave it after the send */
void hub_session_leave(struct hub *h, int64_t channel_id);
bool hub_send_ready(void *self, int64_t channel_id);

enum pw_err hub_fetch_one(struct hub *h, int64_t now_ms); /* PW_NOT_FOUND: nothing due */

void hub_send(void *self, struct arena *a, const struct out_row *row, struct send_result *ret);
enum pw_err hub_sent(void *self, struct db *db, struct arena *a, const struct out_row *row,
                     const struct send_result *res, int64_t now_ms);

#endif
