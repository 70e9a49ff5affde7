/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/hub.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/id.h"
#include "channel/hub_parts.h"
#include "core/access.h"
#include "core/people.h"
#include "net/net.h"
#include "json/json.h"

enum { RECHECK_MS = 1000, ACT_ARENA_MAX = 16 * 1024 * 1024 };

DB_STMT_SCAN(channel_newest, "SELECT COALESCE(MAX(generation), 0) FROM channel",
             "an installation has a handful of channels");
DB_STMT_SCAN(channel_generations, "SELECT id, generation FROM channel ORDER BY id",
             "an installation has a handful of channels");

/* ---- contexts ---- */

void hub_ctx(struct hub *h, struct ctx *c, struct arena *a, struct problems *ps, int64_t now_ms)
{
    *c = (struct ctx){.arena = a,
                      .store = h->cf.store,
                      .vault = h->cf.vault,
                      .actor = &actor_system,
                      .problems = ps,
                      .now_ms = now_ms,
                      .lang = SV("fr"),
                      .data_dir = h->cf.data_dir,
                      .public_url = h->cf.public_url};
}

struct hub_act {
    struct ctx ctx;
    struct problems problems;
    hub_fn fn;
    void *arg;
};

static enum pw_err act_in(struct db *db, void *arg)
{
    struct hub_act *t = arg;
    t->ctx.db = db;
    t->problems.n = 0;
    return t->fn(&t->ctx, t->arg);
}

enum pw_err hub_write(struct hub *h, struct arena *a, int64_t now_ms, hub_fn fn, void *arg)
{
    struct hub_act t = {.fn = fn, .arg = arg};
    hub_ctx(h, &t.ctx, a, &t.problems, now_ms);
    return db_transact(h->cf.store, act_in, &t);
}

enum pw_err hub_read(struct hub *h, struct arena *a, int64_t now_ms, hub_fn fn, void *arg)
{
    struct hub_act t = {.fn = fn, .arg = arg};
    hub_ctx(h, &t.ctx, a, &t.problems, now_ms);
    return db_read(h->cf.store, act_in, &t);
}

/* ---- the set of opened channels ---- */

static void drop_locked(struct channel_set *set)
{
    if (!set || --set->refs > 0)
        return;
    arena_finish(&set->arena);
    free(set);
}

void hub_release(struct channel_set *set)
{
    if (!set)
        return;
    struct hub *h = set->hub;
    pthread_mutex_lock(&h->lock);
    drop_locked(set);
    pthread_mutex_unlock(&h->lock);
}

struct load {
    struct channel_set *set;
    int64_t have; /* generation loaded already */
};

static enum pw_err load_set(struct ctx *c, void *arg)
{
    struct load *l = arg;
    struct db_rows r;
    arena_reset(&l->set->arena);
    PW_TRY(db_one(c->db, c->arena, &channel_newest, DB_NOARGS, &r));
    l->set->generation = db_int(&r, 0, 0);
    if (l->set->generation == l->have)
        return PW_OK;
    PW_TRY(db_query(c->db, c->arena, &channel_generations, DB_NOARGS, &r));
    size_t n = 0;
    for (size_t i = 0; i < r.n && n < HUB_CHANNELS_MAX; i++) {
        enum pw_err e = channel_get(c, db_int(&r, i, 0), &l->set->v[n]);
        if (e == PW_RETRY)
            return e;
        if (e != PW_OK)
            continue; /* a kind of a newer release, or a row that does not open: the others go on */
        l->set->v[n].hook_url = hub_hook_url(l->set->hub, &l->set->v[n], c->arena);
        l->set->generations[n++] = db_int(&r, i, 1);
    }
    l->set->n = n;
    return PW_OK;
}

static int64_t generation_of(const struct channel_set *set, int64_t id)
{
    for (size_t i = 0; set && i < set->n; i++)
        if (set->v[i].id == id)
            return set->generations[i];
    return 0;
}

/* The way out follows the settings: new ones are allowed, those that are gone are not any more. */
static void allow_ways(struct hub *h, const struct channel_set *old, const struct channel_set *now)
{
    if (!h->cf.net)
        return;
    for (size_t i = 0; old && i < old->n; i++)
        if (generation_of(now, old->v[i].id) != old->generations[i])
            net_forget(h->cf.net, old->v[i].id);
    for (size_t i = 0; i < now->n; i++)
        if (generation_of(old, now->v[i].id) != now->generations[i] && now->v[i].driver->allow)
            (void)now->v[i].driver->allow(&now->v[i], h->cf.net); /* refused: each send says "origin-refused" */
}

/* Loads a new set when something changed. */
static enum pw_err reload(struct hub *h, int64_t have)
{
    struct load l = {.set = calloc(1, sizeof(struct channel_set)), .have = have};
    if (!l.set)
        return PW_UNAVAILABLE;
    l.set->hub = h;
    l.set->refs = 1;
    arena_init(&l.set->arena, HUB_ARENA_MAX);
    enum pw_err e = hub_read(h, &l.set->arena, clock_now_ms(), load_set, &l);
    pthread_mutex_lock(&h->lock);
    if (e == PW_OK && l.set->generation != have) {
        struct channel_set *old = h->set;
        allow_ways(h, old, l.set);
        h->set = l.set;
        l.set = old;
    }
    drop_locked(l.set);
    pthread_mutex_unlock(&h->lock);
    return e;
}

enum pw_err hub_hold(struct hub *h, struct channel_set **ret)
{
    pthread_mutex_lock(&h->lock);
    int64_t now = clock_mono_ms();
    bool mine = !h->reloading && now - h->checked_mono_ms >= RECHECK_MS;
    int64_t have = h->set->generation;
    if (mine) {
        h->reloading = true;
        h->checked_mono_ms = now;
        pthread_mutex_unlock(&h->lock);
        (void)reload(h, have); /* a database that is away for a moment: the known channels go on */
        pthread_mutex_lock(&h->lock);
        h->reloading = false;
    }
    h->set->refs++;
    *ret = h->set;
    pthread_mutex_unlock(&h->lock);
    return PW_OK;
}

void hub_look_again(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->checked_mono_ms = 0;
    pthread_mutex_unlock(&h->lock);
}

struct channel_set *hub_hold_as_is(struct hub *h)
{
    pthread_mutex_lock(&h->lock);
    h->set->refs++;
    struct channel_set *set = h->set;
    pthread_mutex_unlock(&h->lock);
    return set;
}

const struct channel *set_by_name(const struct channel_set *set, struct sv name)
{
    for (size_t i = 0; i < set->n; i++)
        if (sv_eq(set->v[i].name, name))
            return &set->v[i];
    return NULL;
}

const struct channel *set_by_id(const struct channel_set *set, int64_t id)
{
    for (size_t i = 0; i < set->n; i++)
        if (set->v[i].id == id)
            return &set->v[i];
    return NULL;
}

/* ---- opening ---- */

enum pw_err hub_open(const struct hub_config *cf, struct hub **ret)
{
    struct hub *h = calloc(1, sizeof *h);
    if (!h)
        return PW_UNAVAILABLE;
    h->cf = *cf;
    h->owner = id_new();
    pthread_mutex_init(&h->lock, NULL);
    clock_cond_init(&h->wake);
    pthread_cond_init(&h->session_idle, NULL);
    enum pw_err e = reload(h, -1);
    if (e != PW_OK) {
        hub_close(h);
        return e;
    }
    h->checked_mono_ms = clock_mono_ms();
    *ret = h;
    return PW_OK;
}

void hub_close(struct hub *h)
{
    if (!h)
        return;
    hub_stop(h);
    hub_sessions_close(h);
    pthread_mutex_lock(&h->lock);
    drop_locked(h->set);
    pthread_mutex_unlock(&h->lock);
    pthread_cond_destroy(&h->session_idle);
    pthread_cond_destroy(&h->wake);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

void hub_register(struct hub *h, struct work *w)
{
    h->work = w;
    work_on_send(w, hub_send, hub_sent, h);
    work_on_ready(w, hub_send_ready);
    for (size_t i = 0; i < h->set->n; i++)
        work_set_rate(w, h->set->v[i].id, h->set->v[i].driver->rate_per_s, 0);
}

/* ---- coming in ---- */

struct receive {
    const struct hub *hub;
    const struct channel *ch;
    const struct chan_events *events;
    int64_t request_id;
};

static enum pw_err receive_in(struct ctx *c, void *arg)
{
    const struct receive *t = arg;
    c->request_id = t->request_id;
    return channel_receive(c, t->ch, &t->hub->cf.receiver, t->events);
}

enum pw_err hub_receive(struct hub *h, const struct channel *ch, const struct chan_events *events, struct arena *a,
                        int64_t now_ms, int64_t request_id)
{
    struct receive t = {h, ch, events, request_id};
    PW_TRY(hub_write(h, a, now_ms, receive_in, &t));
    if (h->work)
        work_wake(h->work);
    return PW_OK;
}

/* Some apps name people by their ids only: whoever is new here is looked up, before the transaction. Without a name the
 * words count all the same. */
struct stranger {
    int64_t channel_id;
    struct sv user;
};

static enum pw_err known_already(struct ctx *c, void *arg)
{
    const struct stranger *t = arg;
    struct identity id;
    return identity_find(c, t->channel_id, t->user, &id);
}

static void name_strangers(struct hub *h, const struct channel *ch, struct arena *a, struct chan_events *ev)
{
    enum { LOOKUPS_MAX = 3 };
    int left = ch->driver->who && h->cf.net ? LOOKUPS_MAX : 0;
    for (size_t i = 0; i < ev->n && left; i++) {
        struct chan_event *e = &ev->v[i];
        bool person = e->kind == CHAN_MESSAGE || e->kind == CHAN_JOINED || e->kind == CHAN_BUTTON;
        struct stranger t = {ch->id, e->user};
        if (!person || !e->user.n || e->user_name.n ||
            hub_read(h, a, clock_now_ms(), known_already, &t) != PW_NOT_FOUND)
            continue;
        ch->driver->who(ch, h->cf.net, a, e);
        left--;
    }
}

static enum pw_err take_in(struct hub *h, struct sv kind, struct sv name, const struct chan_request *rq, bool proven,
                           struct arena *a, int64_t request_id, struct chan_reply *ret_reply)
{
    struct channel_set *set;
    PW_TRY(hub_hold(h, &set));
    const struct channel *ch = set_by_name(set, name);
    bool known = ch && ch->enabled && sv_eq_z(kind, ch->driver->kind);
    enum pw_err e = !known ? PW_NOT_FOUND : proven || ch->driver->verify(ch, rq) == PW_OK ? PW_OK : PW_DENIED;
    /* Room for the largest body, nearly all of it unused: not from the arena, which would clear it. */
    struct chan_events *events = e == PW_OK ? malloc(sizeof *events) : NULL;
    if (e == PW_OK && !events)
        e = PW_UNAVAILABLE;
    if (events) {
        events->n = 0;
        events->reply = (struct chan_reply){0};
    }
    if (e == PW_OK)
        e = ch->driver->decode(ch, rq, a, events);
    if (e == PW_OK)
        name_strangers(h, ch, a, events);
    if (e == PW_OK && events->n)
        e = hub_receive(h, ch, events, a, clock_now_ms(), request_id);
    hub_release(set);
    if (e == PW_OK)
        *ret_reply = events->reply;
    free(events);
    return e;
}

enum pw_err hub_webhook(struct hub *h, struct sv kind, struct sv name, const struct chan_request *rq, struct arena *a,
                        int64_t request_id, struct chan_reply *ret_reply)
{
    return take_in(h, kind, name, rq, false, a, request_id, ret_reply);
}

enum pw_err hub_deliver(struct hub *h, struct sv kind, struct sv name, const struct chan_request *rq, struct arena *a)
{
    struct chan_reply none;
    return take_in(h, kind, name, rq, true, a, 0, &none);
}

/* ---- telling the provider ---- */

bool hub_is_polling(const struct channel *ch)
{
    struct sv mode = json_member_sv(ch->config, "mode");
    return ch->driver->open || (ch->driver->poll && (sv_eq_z(mode, "polling") || sv_eq_z(mode, "imap")));
}

struct sv hub_hook_url(const struct hub *h, const struct channel *ch, struct arena *a)
{
    if (!h->cf.public_url.n)
        return (struct sv){0};
    return arena_fmt(a, "%.*s/hooks/%s/%.*s", SV_ARG(h->cf.public_url), ch->driver->kind, SV_ARG(ch->name));
}

struct note {
    int64_t id;
    struct sv code;
};

static enum pw_err note_in(struct ctx *c, void *arg)
{
    const struct note *t = arg;
    return channel_set_error(c, t->id, t->code);
}

void hub_note_error(struct hub *h, int64_t channel_id, struct sv code)
{
    struct arena a;
    arena_init(&a, ACT_ARENA_MAX);
    struct note t = {channel_id, code};
    (void)hub_write(h, &a, clock_now_ms(), note_in, &t); /* a note: without it the work goes on */
    arena_finish(&a);
}

struct enabling {
    int64_t id;
    struct channel ch;
    struct problems *ps;
};

static enum pw_err enable_look(struct ctx *c, void *arg)
{
    struct enabling *t = arg;
    return channel_get(c, t->id, &t->ch);
}

static enum pw_err enable_in(struct ctx *c, void *arg)
{
    const struct enabling *t = arg;
    PW_TRY(channel_set_error(c, t->id, (struct sv){0}));
    return channel_set_enabled(c, t->id, true);
}

enum pw_err hub_enable(struct hub *h, int64_t channel_id, struct arena *a, struct problems *ps, struct sv *ret_why)
{
    struct enabling t = {.id = channel_id, .ps = ps};
    *ret_why = (struct sv){0};
    PW_TRY(hub_read(h, a, clock_now_ms(), enable_look, &t));
    t.ch.hook_url = hub_hook_url(h, &t.ch, a);
    PW_TRY(t.ch.driver->check_config(t.ch.config, ps));
    if (t.ch.driver->allow && h->cf.net)
        PW_TRY(t.ch.driver->allow(&t.ch, h->cf.net));
    PW_TRY(t.ch.driver->enable(&t.ch, h->cf.net, a, t.ch.hook_url, ret_why));
    PW_TRY(hub_write(h, a, clock_now_ms(), enable_in, &t));
    hub_look_again(h);
    return PW_OK;
}
