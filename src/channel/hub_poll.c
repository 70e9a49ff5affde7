/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking a provider for news, one poller a channel in the whole installation, and fetching the files that came. */
#include <sodium.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "channel/file_stream.h"
#include "channel/hub_parts.h"
#include "channel/window.h"

enum { LEASE_MS = 30000, RENEW_MS = 15000, POLL_ARENA_MAX = 96 * 1024 * 1024, FORGET_AT_ONCE = 20000 };

DB_STMT(poll_get, "SELECT cursor, owner, until_ms FROM channel_poll WHERE channel_id = $1");
DB_STMT(poll_take, "UPDATE channel_poll SET owner = $2, until_ms = $3 "
                   "WHERE channel_id = $1 AND (owner = $2 OR until_ms < $4)");
DB_STMT(poll_move, "UPDATE channel_poll SET cursor = $3 WHERE channel_id = $1 AND owner = $2");
DB_STMT_SCAN(poll_leave, "UPDATE channel_poll SET until_ms = 0 WHERE owner = $1",
             "an installation has a handful of channels");

struct polling {
    struct hub *hub;
    const struct channel *ch;
    struct sv cursor;
    bool renew;
    const struct chan_events *events;
};

static enum pw_err look_lease(struct ctx *c, void *arg)
{
    struct polling *t = arg;
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &poll_get, DB_ARGS(DB_I(t->ch->id)), &r));
    bool mine = db_int(&r, 0, 1) == t->hub->owner;
    int64_t left = db_int(&r, 0, 2) - c->now_ms;
    if (!mine && left >= 0)
        return PW_CONFLICT;
    t->cursor = db_text(&r, 0, 0);
    t->renew = !mine || left < RENEW_MS;
    return PW_OK;
}

static enum pw_err take_lease(struct ctx *c, void *arg)
{
    const struct polling *t = arg;
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &poll_take,
                   DB_ARGS(DB_I(t->ch->id), DB_I(t->hub->owner), DB_I(c->now_ms + LEASE_MS), DB_I(c->now_ms)),
                   &changed));
    return changed == 1 ? PW_OK : PW_CONFLICT;
}

static enum pw_err leave_leases(struct ctx *c, void *arg)
{
    const struct hub *h = arg;
    return db_exec(c->db, &poll_leave, DB_ARGS(DB_I(h->owner)), NULL);
}

void hub_release_leases(struct hub *h)
{
    struct arena a;
    arena_init(&a, POLL_ARENA_MAX);
    (void)hub_write(h, &a, clock_now_ms(), leave_leases, h); /* else they end by themselves */
    arena_finish(&a);
}

static enum pw_err store_all(struct ctx *c, void *arg)
{
    const struct polling *t = arg;
    int64_t changed = 0;
    PW_TRY(channel_receive(c, t->ch, &t->hub->cf.receiver, t->events));
    PW_TRY(db_exec(c->db, &poll_move, DB_ARGS(DB_I(t->ch->id), DB_I(t->hub->owner), DB_T(t->cursor)), &changed));
    return changed == 1 ? PW_OK : PW_CONFLICT; /* the lease went to another process meanwhile */
}

static bool passing(enum pw_err e)
{
    return e == PW_RETRY || e == PW_UNAVAILABLE;
}

/* One event of a batch cannot be stored. The others must not wait for it: each goes alone, the bad one is noted. */
static enum pw_err store_one_by_one(struct polling *t, struct arena *a)
{
    const struct chan_events *all = t->events;
    struct chan_events *one = arena_new(a, struct chan_events);
    if (!one)
        return PW_UNAVAILABLE;
    one->n = 1;
    for (size_t i = 0; i < all->n; i++) {
        one->v[0] = all->v[i];
        enum pw_err e = hub_receive(t->hub, t->ch, one, a, clock_now_ms(), 0);
        if (passing(e))
            return e;
        if (e != PW_OK) {
            log_line(LOG_ERROR, "event-refused", "channel=%lld error=%s", (long long)t->ch->id, err_name(e));
            hub_note_error(t->hub, t->ch->id, SV("event-refused"));
        }
    }
    one->n = 0;
    t->events = one; /* now only the cursor moves */
    return hub_write(t->hub, a, clock_now_ms(), store_all, t);
}

/* Asks the driver, over its session when it keeps one. */
static enum pw_err ask(struct polling *t, int64_t generation, struct arena *a, int wait_s, struct chan_events *events,
                       const char **ret_code)
{
    struct channel ch = *t->ch;
    if (ch.driver->open)
        PW_TRY(hub_session_ready(t->hub, t->ch, generation, t->cursor, &ch.session, ret_code));
    enum pw_err e = ch.driver->poll(&ch, t->hub->cf.net, a, wait_s, &t->cursor, events);
    if (e != PW_OK && ch.driver->open) {
        *ret_code = "connection-lost";
        hub_session_close(t->hub, ch.id);
    }
    return e;
}

static enum pw_err hold_lease(struct polling *t, struct arena *a)
{
    enum pw_err e = hub_read(t->hub, a, clock_now_ms(), look_lease, t);
    if (e == PW_OK && t->renew)
        e = hub_write(t->hub, a, clock_now_ms(), take_lease, t);
    if (t->ch->driver->open && e == PW_CONFLICT)
        hub_session_close(t->hub, t->ch->id);
    else if (t->ch->driver->open)
        hub_session_leased(t->hub, t->ch->id, e == PW_OK, LEASE_MS);
    return e;
}

static enum pw_err poll_channel(struct hub *h, const struct channel *ch, int64_t generation, struct arena *a,
                                int wait_s, size_t *ret_events, const char **ret_code)
{
    struct polling t = {.hub = h, .ch = ch};
    PW_TRY(hold_lease(&t, a));
    struct chan_events *events = arena_new(a, struct chan_events);
    if (!events)
        return PW_UNAVAILABLE;
    struct sv before = t.cursor;
    PW_TRY(ask(&t, generation, a, wait_s, events, ret_code));
    t.events = events;
    if (events->n || !sv_eq(before, t.cursor)) {
        enum pw_err e = hub_write(h, a, clock_now_ms(), store_all, &t);
        if (e != PW_OK && !passing(e) && e != PW_CONFLICT)
            e = store_one_by_one(&t, a);
        PW_TRY(e);
        if (h->work)
            work_wake(h->work);
    }
    *ret_events = events->n;
    return PW_OK;
}

enum pw_err hub_poll_once(struct hub *h, int64_t channel_id, int wait_s, size_t *ret_events)
{
    const char *code = NULL;
    return hub_poll_saying(h, channel_id, wait_s, ret_events, &code);
}

enum pw_err hub_poll_saying(struct hub *h, int64_t channel_id, int wait_s, size_t *ret_events, const char **ret_code)
{
    struct channel_set *set;
    *ret_code = NULL;
    PW_TRY(hub_hold(h, &set));
    const struct channel *ch = set_by_id(set, channel_id);
    enum pw_err e = PW_NOT_FOUND;
    if (ch && ch->enabled && ch->driver->poll) {
        struct arena a;
        arena_init(&a, POLL_ARENA_MAX);
        e = poll_channel(h, ch, set->generations[ch - set->v], &a, wait_s, ret_events, ret_code);
        arena_finish(&a);
    }
    hub_release(set);
    return e;
}

/* ---- files ---- */

struct fetching {
    struct file_claim claim;
    unsigned char key[FILE_KEY_BYTES];
    int64_t size;
    struct sv code;
    bool final;
};

static enum pw_err claim_in(struct ctx *c, void *arg)
{
    struct fetching *t = arg;
    return file_claim_next(c, &t->claim);
}

static enum pw_err stored_in(struct ctx *c, void *arg)
{
    const struct fetching *t = arg;
    return file_claim_stored(c, &t->claim, t->key, t->size);
}

static enum pw_err failed_in(struct ctx *c, void *arg)
{
    const struct fetching *t = arg;
    return file_claim_failed(c, &t->claim, t->code, t->final);
}

static enum pw_err fetch_claimed(struct hub *h, struct arena *a, struct fetching *t)
{
    struct channel_set *set;
    PW_TRY(hub_hold(h, &set));
    const struct channel *ch = set_by_id(set, t->claim.channel_id);
    struct sv memory;
    int fd = file_memory(a, &memory);
    enum pw_err e = fd < 0                      ? PW_UNAVAILABLE
                    : !ch                       ? PW_NOT_FOUND
                    : !ch->enabled              ? PW_UNAVAILABLE
                    : ch->driver->fetch == NULL ? PW_NOT_FOUND
                                                : ch->driver->fetch(ch, h->cf.net, a, t->claim.provider_file, memory);
    hub_release(set);
    if (e == PW_OK)
        e = file_stream_write(file_path_of(a, h->cf.data_dir, t->claim.id, true), a, fd, t->key, &t->size);
    if (fd >= 0)
        close(fd);
    return e;
}

enum pw_err hub_fetch_one(struct hub *h, int64_t now_ms)
{
    struct arena a;
    struct fetching t = {0};
    arena_init(&a, POLL_ARENA_MAX);
    enum pw_err e = hub_write(h, &a, now_ms, claim_in, &t);
    if (e == PW_OK) {
        enum pw_err fetched = fetch_claimed(h, &a, &t);
        t.code = sv_of(err_name(fetched));
        t.final = fetched == PW_NOT_FOUND || fetched == PW_INVALID || fetched == PW_DENIED;
        e = hub_write(h, &a, now_ms, fetched == PW_OK ? stored_in : failed_in, &t);
        sodium_memzero(t.key, sizeof t.key);
    }
    arena_finish(&a);
    return e;
}

static enum pw_err forget_in(struct ctx *c, void *arg)
{
    PW_TRY(window_forget(c));
    return channel_forget_inbound(c, FORGET_AT_ONCE, arg);
}

enum pw_err hub_run_once(struct hub *h, int64_t now_ms, size_t *ret_done)
{
    size_t done = 0;
    enum pw_err e;
    while (!atomic_load(&h->stopping) && (e = hub_fetch_one(h, now_ms)) == PW_OK)
        done++;
    int64_t forgotten = 0, mono = clock_mono_ms();
    if (h->forgot_mono_ms == 0 || mono - h->forgot_mono_ms > 3600000) {
        struct arena a;
        arena_init(&a, POLL_ARENA_MAX);
        e = hub_write(h, &a, now_ms, forget_in, &forgotten);
        arena_finish(&a);
        PW_TRY(e);
        if (forgotten < FORGET_AT_ONCE)
            h->forgot_mono_ms = mono;
    }
    *ret_done = done + (size_t)forgotten;
    return PW_OK;
}
