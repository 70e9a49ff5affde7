/* SPDX-License-Identifier: EUPL-1.2 */
/* The engine: registration, threads, and what goes on in this process. One thread looks (interrupted sends, held rows,
 * timers, events); the others send. */
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "work/work_priv.h"

enum { SEND_ARENA_MAX = 32 * 1024 * 1024, REST_MS = 10 };

enum pw_err work_open(const struct work_config *cf, struct work **ret)
{
    if (!cf->store || cf->senders < 0 || cf->senders > SENDERS_MAX || cf->tick_ms < 0 || cf->lease_ms < 0)
        return PW_INVALID;
    struct work *w = calloc(1, sizeof *w);
    if (!w)
        return PW_UNAVAILABLE;
    w->store = cf->store;
    w->senders = cf->senders ? cf->senders : 16;
    w->tick_ms = cf->tick_ms ? cf->tick_ms : 1000;
    w->lease_ms = cf->lease_ms ? cf->lease_ms : 60000;
    owner_name(w->owner);
    pthread_mutex_init(&w->lock, NULL);
    clock_cond_init(&w->send_wake);
    clock_cond_init(&w->look_wake);
    *ret = w;
    return PW_OK;
}

void work_close(struct work *w)
{
    if (!w)
        return;
    work_stop(w);
    pthread_cond_destroy(&w->send_wake);
    pthread_cond_destroy(&w->look_wake);
    pthread_mutex_destroy(&w->lock);
    free(w->rates);
    free(w);
}

/* ---- registration ---- */

void work_on_timer(struct work *w, const char *kind, timer_fn fn, void *self)
{
    if (w->n_timers == HANDLERS_MAX)
        log_line(LOG_ERROR, "work-register", "kind=%s error=too-many", kind);
    else
        w->timers[w->n_timers++] = (struct on_timer){kind, fn, self};
}

void work_on_event(struct work *w, const char *subscriber, const char *name_prefix, event_fn fn, void *self)
{
    if (w->n_subscribers == HANDLERS_MAX)
        log_line(LOG_ERROR, "work-register", "subscriber=%s error=too-many", subscriber);
    else
        w->subscribers[w->n_subscribers++] = (struct on_event){subscriber, name_prefix, fn, self};
}

void work_on_send(struct work *w, work_send_fn send, work_sent_fn sent, void *self)
{
    w->send = send;
    w->sent = sent;
    w->send_self = self;
}

void work_on_ready(struct work *w, work_ready_fn ready)
{
    w->ready = ready;
}

/* ---- channels and sends of this process (under w->lock) ---- */

static struct rate *rate_of(struct work *w, int64_t channel_id)
{
    for (size_t i = 0; i < w->n_rates; i++)
        if (w->rates[i].channel_id == channel_id)
            return &w->rates[i];
    struct rate *more = realloc(w->rates, (w->n_rates + 1) * sizeof *more);
    if (!more)
        return NULL;
    w->rates = more;
    more[w->n_rates] = (struct rate){.channel_id = channel_id};
    return &more[w->n_rates++];
}

void work_set_rate(struct work *w, int64_t channel_id, double per_s, double burst)
{
    pthread_mutex_lock(&w->lock);
    struct rate *r = rate_of(w, channel_id);
    if (r) {
        r->per_s = per_s;
        r->burst = burst;
    }
    pthread_mutex_unlock(&w->lock);
}

enum { PLACES = SENDERS_MAX + 1 };

bool flight_begin(struct work *w, int64_t id, int64_t channel_id)
{
    bool found = false;
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < PLACES && !found; i++) {
        if (w->in_flight[i] == 0) {
            w->in_flight[i] = id;
            found = true;
        }
    }
    struct rate *r = found ? rate_of(w, channel_id) : NULL;
    if (r)
        r->busy++;
    pthread_mutex_unlock(&w->lock);
    return found;
}

void flight_end(struct work *w, int64_t id, int64_t channel_id)
{
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < PLACES; i++)
        if (w->in_flight[i] == id)
            w->in_flight[i] = 0;
    struct rate *r = rate_of(w, channel_id);
    if (r && r->busy > 0)
        r->busy--;
    pthread_mutex_unlock(&w->lock);
}

bool flight_has(struct work *w, int64_t id)
{
    bool found = false;
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < PLACES; i++)
        found = found || w->in_flight[i] == id;
    pthread_mutex_unlock(&w->lock);
    return found;
}

int flight_busy(struct work *w, int64_t channel_id)
{
    int busy = 0;
    pthread_mutex_lock(&w->lock);
    for (size_t i = 0; i < w->n_rates; i++)
        if (w->rates[i].channel_id == channel_id)
            busy = w->rates[i].busy;
    pthread_mutex_unlock(&w->lock);
    return busy;
}

/* ---- sleeping and waking ---- */

static void wake(struct work *w, bool senders, bool lookers)
{
    pthread_mutex_lock(&w->lock);
    if (senders) {
        w->send_wakes++;
        pthread_cond_broadcast(&w->send_wake);
    }
    if (lookers) {
        w->look_wakes++;
        pthread_cond_broadcast(&w->look_wake);
    }
    pthread_mutex_unlock(&w->lock);
}

void work_wake(struct work *w)
{
    wake(w, true, true);
}

void wake_lookers(struct work *w)
{
    wake(w, false, true);
}

/* Sleeps until woken after *io_seen, or for ms. False when the engine stops. */
static bool sleep_until(struct work *w, pthread_cond_t *cond, const uint64_t *wakes, uint64_t *io_seen, int64_t ms)
{
    struct timespec end = clock_cond_until(ms);
    pthread_mutex_lock(&w->lock);
    while (!w->stopping && *wakes == *io_seen)
        if (pthread_cond_timedwait(cond, &w->lock, &end) == ETIMEDOUT)
            break;
    *io_seen = *wakes;
    bool go_on = !w->stopping;
    pthread_mutex_unlock(&w->lock);
    return go_on;
}

/* Thousands of wakes a second must not become thousands of looks: an idle thread looks at most each REST_MS. */
static void rest_since(int64_t looked_mono_ms)
{
    int64_t left = looked_mono_ms + REST_MS - clock_mono_ms();
    if (left > 0 && left <= REST_MS)
        nanosleep(&(struct timespec){.tv_nsec = (long)left * 1000000}, NULL);
}

/* ---- rounds ---- */

static enum pw_err look_around(struct work *w, struct arena *a, int64_t now_ms, size_t *io_done)
{
    PW_TRY(sending_renew(w, now_ms));
    PW_TRY(sending_sweep(w, a, now_ms, io_done));
    PW_TRY(sending_unhold(w, now_ms, io_done));
    PW_TRY(timers_run(w, a, now_ms, io_done));
    return events_run(w, a, now_ms, io_done);
}

/* Says a failing database once, not each second. */
static void report(enum pw_err e, const char *what, enum pw_err *io_last)
{
    if (e != PW_OK && e != *io_last)
        log_line(LOG_ERROR, what, "error=%s", err_name(e));
    *io_last = e;
}

static void *look_thread(void *arg)
{
    struct work *w = arg;
    struct arena a;
    enum pw_err last = PW_OK;
    uint64_t seen = 0;
    int64_t looked = 0;
    arena_init(&a, JOB_ARENA_MAX);
    do {
        size_t done = 0;
        rest_since(looked);
        looked = clock_mono_ms();
        enum pw_err e = look_around(w, &a, clock_now_ms(), &done);
        report(e, "work-look", &last);
        if (done > 0)
            wake(w, true, e == PW_OK); /* what it queued may leave, and what it said may be heard */
        arena_reset(&a);
    } while (sleep_until(w, &w->look_wake, &w->look_wakes, &seen, w->tick_ms));
    arena_finish(&a);
    return NULL;
}

struct sender {
    struct work *w;
    bool bulk_too;
};

static void *send_thread(void *arg)
{
    struct sender s = *(struct sender *)arg;
    struct work *w = s.w;
    struct arena a;
    enum pw_err last = PW_OK;
    uint64_t seen = 0;
    bool sent, go_on = true;
    free(arg);
    arena_init(&a, SEND_ARENA_MAX);
    while (go_on) {
        int64_t wait = w->tick_ms, looked = clock_mono_ms();
        sent = false;
        enum pw_err e = sending_step(w, &a, s.bulk_too, 0, &sent, &wait);
        report(e, "work-send", &last);
        if (sent)
            wake_lookers(w);
        if (e != PW_OK)
            wait = w->tick_ms;
        pthread_mutex_lock(&w->lock);
        go_on = !w->stopping;
        pthread_mutex_unlock(&w->lock);
        if (go_on && !sent)
            go_on = sleep_until(w, &w->send_wake, &w->send_wakes, &seen, wait < w->tick_ms ? wait : w->tick_ms);
        if (!sent)
            rest_since(looked);
    }
    arena_finish(&a);
    return NULL;
}

static bool start_thread(struct work *w, void *(*fn)(void *), void *arg)
{
    if (pthread_create(&w->threads[w->n_threads], NULL, fn, arg) != 0)
        return false;
    w->n_threads++;
    return true;
}

enum pw_err work_start(struct work *w)
{
    if (w->n_threads > 0)
        return PW_CONFLICT;
    w->stopping = false;
    w->threaded = true;
    bool ok = true;
    for (int i = 0; ok && w->send && i < w->senders; i++) {
        struct sender *s = malloc(sizeof *s);
        if (s)
            *s = (struct sender){w, w->senders == 1 || i >= (w->senders + 3) / 4};
        ok = s && start_thread(w, send_thread, s);
        if (!ok)
            free(s);
    }
    if (ok && start_thread(w, look_thread, w))
        return PW_OK;
    work_stop(w);
    return PW_UNAVAILABLE;
}

void work_stop(struct work *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stopping = true;
    pthread_cond_broadcast(&w->send_wake);
    pthread_cond_broadcast(&w->look_wake);
    pthread_mutex_unlock(&w->lock);
    for (int i = 0; i < w->n_threads; i++)
        pthread_join(w->threads[i], NULL);
    if (w->n_threads > 0)
        lease_drop_all(w);
    w->n_threads = 0;
    w->threaded = false;
}

enum pw_err work_run_once(struct work *w, int64_t now_ms, size_t *ret_done)
{
    struct arena a;
    size_t done = 0;
    bool sent = w->send != NULL;
    int64_t wait;
    arena_init(&a, SEND_ARENA_MAX);
    enum pw_err e = look_around(w, &a, now_ms, &done);
    while (e == PW_OK && sent) {
        e = sending_step(w, &a, true, now_ms, &sent, &wait);
        done += e == PW_OK && sent;
    }
    arena_finish(&a);
    if (e == PW_OK && ret_done)
        *ret_done = done;
    return e;
}
