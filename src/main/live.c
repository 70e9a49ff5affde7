/* SPDX-License-Identifier: EUPL-1.2 */
#include "live.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/id.h"
#include "core/access.h"
#include "work/work.h"
#include "json/json.h"

enum { LOOK_MS = 100, BATCH_ARENA = 4 * 1024 * 1024 };

struct live {
    struct app *app;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop_now;
    bool stop;
    int64_t after; /* last event seen, -1 = start from the end */
};

struct look {
    struct live *l;
    struct arena *a;
    struct event_row *rows;
    size_t n;
};

static enum pw_err read_tail(struct db *db, void *arg)
{
    struct look *k = arg;
    return event_tail(db, k->a, &k->l->after, &k->rows, &k->n);
}

/* What makes an open inbox worth another look; all else only changes what is there. */
static bool is_news(struct sv name)
{
    return sv_eq_z(name, "question.asked") || sv_eq_z(name, "join.requested");
}

static void publish(struct live *l, struct arena *a, const struct event_row *e)
{
    json_t *data;
    char id[ID_TEXT + 1];
    if (json_read(e->data, a, &data, NULL) != PW_OK)
        return;
    if (sv_eq_z(e->name, "notice.made")) {
        int64_t person = json_member_int(data, "person", 0);
        http_publish(l->app->http, arena_fmt(a, "p-%s", id_text(person, id).p), SV("new"), e->name);
        return;
    }
    struct sv community = json_member_sv(data, "community");
    if (!community.n)
        return;
    if (sv_starts(e->name, SV("review."))) {
        http_publish(l->app->http, SV("review"), sv_eq_z(e->name, "review.opened") ? SV("new") : SV("changed"),
                     e->name);
        return;
    }
    struct sv kind = is_news(e->name) ? SV("new") : SV("changed");
    http_publish(l->app->http, SV("inbox"), kind, e->name);
    http_publish(l->app->http, arena_fmt(a, "c-%.*s", SV_ARG(community)), kind, e->name);
}

static bool wait_a_little(struct live *l)
{
    struct timespec until = clock_cond_until(LOOK_MS);
    pthread_mutex_lock(&l->lock);
    if (!l->stop)
        pthread_cond_timedwait(&l->stop_now, &l->lock, &until);
    bool go_on = !l->stop;
    pthread_mutex_unlock(&l->lock);
    return go_on;
}

static void *follow(void *arg)
{
    struct live *l = arg;
    struct arena a;
    arena_init(&a, BATCH_ARENA);
    while (wait_a_little(l)) {
        struct look k = {.l = l, .a = &a};
        if (http_streams(l->app->http) == 0) {
            l->after = -1; /* nobody listens: start from the end when somebody does */
            continue;
        }
        do { /* all there is: a tick's worth may be more than one batch */
            k.n = 0;
            if (db_read(l->app->store, read_tail, &k) != PW_OK)
                break;
            for (size_t i = 0; i < k.n; i++)
                publish(l, &a, &k.rows[i]);
            arena_reset(&a);
        } while (k.n > 0);
        arena_reset(&a);
    }
    arena_finish(&a);
    return NULL;
}

enum pw_err live_start(struct app *app, struct live **ret)
{
    struct live *l = calloc(1, sizeof *l);
    if (!l)
        return PW_INTERNAL;
    l->app = app;
    l->after = -1;
    pthread_mutex_init(&l->lock, NULL);
    clock_cond_init(&l->stop_now);
    if (pthread_create(&l->thread, NULL, follow, l) != 0) {
        free(l);
        return PW_INTERNAL;
    }
    *ret = l;
    return PW_OK;
}

void live_stop(struct live *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->lock);
    l->stop = true;
    pthread_cond_signal(&l->stop_now);
    pthread_mutex_unlock(&l->lock);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->stop_now);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

/* ---- the streams ---- */

static struct sv owner_of(const struct http_req *q)
{
    char id[ID_TEXT + 1];
    return arena_fmt(q->arena, "s-%s", id_text(q->ctx->actor->session_id, id).p);
}

static enum pw_err inbox_stream(struct http_req *q, struct http_res *r)
{
    r->sse_topic = SV("inbox");
    r->sse_owner = owner_of(q);
    return PW_OK;
}

static enum pw_err review_stream(struct http_req *q, struct http_res *r)
{
    r->sse_topic = SV("review");
    r->sse_owner = owner_of(q);
    return PW_OK;
}

static enum pw_err person_stream(struct http_req *q, struct http_res *r)
{
    char id[ID_TEXT + 1];
    r->sse_topic = arena_fmt(q->arena, "p-%s", id_text(q->ctx->actor->person_id, id).p);
    r->sse_owner = owner_of(q);
    return PW_OK;
}

const struct route live_routes[] = {
    {HTTP_GET, "/live/inbox", RIGHT_MODERATE, inbox_stream, NULL, "Tells an open inbox to look again.", ROUTE_STREAM},
    {HTTP_GET, "/live/review", RIGHT_STAFF, review_stream, NULL, "Tells an open review queue to look again.",
     ROUTE_STREAM},
    {HTTP_GET, "/live/me", RIGHT_PERSON, person_stream, NULL, "Tells a person's open page to look again.",
     ROUTE_STREAM},
    {0},
};
