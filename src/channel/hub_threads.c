/* SPDX-License-Identifier: EUPL-1.2 */
/* The threads of a hub: a manager that tells providers where we are and starts a poller for each polling channel, the
 * pollers, and a fetcher of files. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "channel/hub_parts.h"

enum { TICK_MS = 1000, POLL_WAIT_S = 3, ELSEWHERE_MS = 5000, TROUBLE_MS = 10000, ANNOUNCE_AGAIN_MS = 60000 };
enum { REOPEN_MS = 1000, REOPEN_MAX_MS = 30000 };
enum { JOB_ARENA_MAX = 4 * 1024 * 1024 };

/* Sleeps, or returns at once when the hub stops. */
static void rest(struct hub *h, int64_t ms)
{
    struct timespec until = clock_cond_until(ms);
    pthread_mutex_lock(&h->lock);
    while (!atomic_load(&h->stopping) && pthread_cond_timedwait(&h->wake, &h->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&h->lock);
}

/* ---- pollers ---- */

/* The settings' generation of a channel that is to be polled, else -1. */
static int64_t wanted_generation(struct hub *h, int64_t channel_id, bool *ret_session)
{
    struct channel_set *set;
    if (atomic_load(&h->stopping) || hub_hold(h, &set) != PW_OK)
        return -1;
    const struct channel *ch = set_by_id(set, channel_id);
    bool wanted = ch && ch->enabled && hub_is_polling(ch);
    int64_t generation = wanted ? set->generations[ch - set->v] : -1;
    if (wanted && ret_session)
        *ret_session = ch->driver->open != NULL;
    hub_release(set);
    return generation;
}

/* A connection is tried again soon, then less and less often; at once when somebody changed the settings. */
static void rest_before_reopening(struct hub *h, int64_t channel_id, int64_t generation, int64_t *io_pause_ms)
{
    for (int64_t left = *io_pause_ms; left > 0; left -= TICK_MS) {
        rest(h, left < TICK_MS ? left : TICK_MS);
        if (wanted_generation(h, channel_id, NULL) != generation)
            return;
    }
    *io_pause_ms = *io_pause_ms * 2 < REOPEN_MAX_MS ? *io_pause_ms * 2 : REOPEN_MAX_MS;
}

static void *poller_main(void *arg)
{
    struct hub_poller *p = arg;
    bool troubled = true;    /* what an earlier run noted is looked at again */
    const char *said = NULL; /* the trouble that was noted */
    bool session = false;
    int64_t generation, pause_ms = REOPEN_MS;
    while ((generation = wanted_generation(p->hub, p->channel_id, &session)) >= 0) {
        size_t n = 0;
        const char *code;
        enum pw_err e = hub_poll_saying(p->hub, p->channel_id, POLL_WAIT_S, &n, &code);
        if (e == PW_OK) {
            if (troubled && !session) /* a session's is over when it opens: what its first events say stays */
                hub_note_error(p->hub, p->channel_id, (struct sv){0});
            troubled = false;
            said = NULL;
            pause_ms = REOPEN_MS;
        } else if (e == PW_CONFLICT) {
            rest(p->hub, ELSEWHERE_MS);
        } else {
            code = code ? code : "poll-failed";
            if ((!said || strcmp(said, code) != 0) && !atomic_load(&p->hub->stopping)) {
                log_line(LOG_WARN, "poll-failed", "channel=%lld error=%s why=%s", (long long)p->channel_id, err_name(e),
                         code);
                hub_note_error(p->hub, p->channel_id, sv_of(code));
            }
            troubled = true;
            said = code;
            if (session)
                rest_before_reopening(p->hub, p->channel_id, generation, &pause_ms);
            else
                rest(p->hub, TROUBLE_MS);
        }
    }
    if (session) { /* what came in already is stored before the connection ends */
        size_t n;
        const char *code;
        (void)hub_poll_saying(p->hub, p->channel_id, 0, &n, &code);
        hub_session_close(p->hub, p->channel_id);
    }
    atomic_store(&p->done, true);
    return NULL;
}

static void join_finished(struct hub *h, bool all)
{
    for (size_t i = 0; i < HUB_CHANNELS_MAX; i++) {
        struct hub_poller *p = &h->pollers[i];
        if (p->channel_id && (all || atomic_load(&p->done))) {
            pthread_join(p->thread, NULL);
            p->channel_id = 0;
        }
    }
}

static void ensure_poller(struct hub *h, int64_t channel_id)
{
    struct hub_poller *free_one = NULL;
    for (size_t i = 0; i < HUB_CHANNELS_MAX; i++) {
        if (h->pollers[i].channel_id == channel_id)
            return;
        if (!h->pollers[i].channel_id && !free_one)
            free_one = &h->pollers[i];
    }
    if (!free_one)
        return;
    free_one->hub = h;
    free_one->channel_id = channel_id;
    atomic_store(&free_one->done, false);
    if (pthread_create(&free_one->thread, NULL, poller_main, free_one) != 0)
        free_one->channel_id = 0; /* tried again at the next tick */
}

/* ---- manager ---- */

static struct hub_announced *announced_of(struct hub *h, int64_t channel_id)
{
    struct hub_announced *free_one = NULL;
    for (size_t i = 0; i < HUB_CHANNELS_MAX; i++) {
        if (h->announced[i].channel_id == channel_id)
            return &h->announced[i];
        if (!h->announced[i].channel_id && !free_one)
            free_one = &h->announced[i];
    }
    if (free_one)
        *free_one = (struct hub_announced){.channel_id = channel_id};
    return free_one;
}

/* Somebody set it right, perhaps just what the channel waits for, such as a password. */
static enum pw_err changed_in(struct ctx *c, void *arg)
{
    const int64_t *id = arg;
    return outbox_try_now(c->db, *id, c->now_ms);
}

static void after_change(struct hub *h, int64_t id)
{
    struct arena a;
    arena_init(&a, JOB_ARENA_MAX);
    (void)hub_write(h, &a, clock_now_ms(), changed_in, &id); /* else what waits goes when its time comes */
    arena_finish(&a);
    if (h->work)
        work_wake(h->work);
}

/* Tells the provider once for each change of the channel, and again after a while when that failed. */
static bool announce(struct hub *h, const struct channel *ch, int64_t generation)
{
    struct hub_announced *was = announced_of(h, ch->id);
    int64_t mono = clock_mono_ms();
    if (!was || was->generation == generation)
        return was != NULL;
    if (mono < was->retry_mono_ms)
        return false;
    struct arena a;
    struct sv why = {0};
    arena_init(&a, JOB_ARENA_MAX);
    enum pw_err e = ch->driver->enable(ch, h->cf.net, &a, hub_hook_url(h, ch, &a), &why);
    arena_finish(&a);
    if (h->work)
        work_set_rate(h->work, ch->id, ch->driver->rate_per_s, 0);
    if (e == PW_OK) {
        hub_note_error(h, ch->id, (struct sv){0});
        if (was->generation) /* a mere start leaves a provider's pause alone */
            after_change(h, ch->id);
        *was = (struct hub_announced){.channel_id = ch->id, .generation = generation};
        return true;
    }
    if (!was->retry_mono_ms) {
        log_line(LOG_WARN, "channel-not-announced", "channel=%lld error=%s", (long long)ch->id, err_name(e));
        hub_note_error(h, ch->id, SV("not-announced"));
    }
    was->retry_mono_ms = mono + ANNOUNCE_AGAIN_MS;
    return false;
}

static void *manager_main(void *arg)
{
    struct hub *h = arg;
    while (!atomic_load(&h->stopping)) {
        struct channel_set *set;
        if (hub_hold(h, &set) == PW_OK) {
            for (size_t i = 0; i < set->n && !atomic_load(&h->stopping); i++)
                if (set->v[i].enabled && announce(h, &set->v[i], set->generations[i]) && hub_is_polling(&set->v[i]))
                    ensure_poller(h, set->v[i].id);
            hub_release(set);
        }
        join_finished(h, false);
        rest(h, TICK_MS);
    }
    join_finished(h, true);
    return NULL;
}

static void *fetcher_main(void *arg)
{
    struct hub *h = arg;
    while (!atomic_load(&h->stopping)) {
        size_t done = 0;
        /* Failures are kept in the rows; what they stop is tried again after a rest. */
        if (hub_run_once(h, clock_now_ms(), &done) != PW_OK || done == 0)
            rest(h, TICK_MS);
    }
    return NULL;
}

enum pw_err hub_start(struct hub *h)
{
    if (h->running)
        return PW_CONFLICT;
    atomic_store(&h->stopping, false);
    if (pthread_create(&h->manager, NULL, manager_main, h) != 0)
        return PW_UNAVAILABLE;
    if (pthread_create(&h->fetcher, NULL, fetcher_main, h) != 0) {
        atomic_store(&h->stopping, true);
        pthread_join(h->manager, NULL);
        return PW_UNAVAILABLE;
    }
    h->running = true;
    return PW_OK;
}

void hub_stop(struct hub *h)
{
    if (!h || !h->running)
        return;
    pthread_mutex_lock(&h->lock);
    atomic_store(&h->stopping, true);
    pthread_cond_broadcast(&h->wake);
    pthread_mutex_unlock(&h->lock);
    pthread_join(h->manager, NULL);
    pthread_join(h->fetcher, NULL);
    h->running = false;
    hub_release_leases(h);
}
