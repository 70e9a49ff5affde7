/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/groupcommit.h"

#include <errno.h>

#include "base/clock.h"

/* A group closes after so many works, or when running them has taken so long: the first caller waits for the last. */
enum { GROUP_MOST = 128, GROUP_MS = 4 };

void group_init(struct group *g, void (*run)(void *owner, struct group *g), void *owner)
{
    *g = (struct group){.run = run, .owner = owner};
    pthread_mutex_init(&g->mutex, NULL);
}

void group_finish(struct group *g)
{
    pthread_mutex_destroy(&g->mutex);
}

struct group_item *group_next(struct group *g)
{
    if (g->taken == GROUP_MOST || (g->taken > 0 && clock_mono_ms() >= g->full_at_ms))
        return NULL;
    pthread_mutex_lock(&g->mutex);
    struct group_item *it = g->first;
    if (it) {
        g->first = it->next;
        if (!g->first)
            g->last = NULL;
    }
    pthread_mutex_unlock(&g->mutex);
    if (!it)
        return NULL;
    it->next = NULL;
    if (g->members_last)
        g->members_last->next = it;
    else
        g->members = it;
    g->members_last = it;
    if (g->taken++ == 0)
        g->full_at_ms = clock_mono_ms() + GROUP_MS;
    return it;
}

void group_settle_all(struct group *g, enum pw_err e, const struct group_item *except)
{
    for (struct group_item *it = g->members; it; it = it->next) {
        if (it != except)
            it->result = e;
    }
}

static void lead(struct group *g, struct group_item *self)
{
    g->members = g->members_last = NULL;
    g->taken = 0;
    g->run(g->owner, g);
    struct group_item *served = g->members;

    pthread_mutex_lock(&g->mutex);
    struct group_item *heir = g->first;
    g->led = heir != NULL;
    if (heir) {
        heir->leads = true;
        g->leader = heir->caller;
    }
    pthread_mutex_unlock(&g->mutex);

    /* The heir first: it works while this thread wakes the others. A member may be gone once woken: read next before.
     */
    if (heir)
        sem_post(&heir->wake);
    while (served) {
        struct group_item *it = served;
        served = it->next;
        if (it != self)
            sem_post(&it->wake);
    }
}

enum pw_err group_submit(struct group *g, db_work fn, void *arg)
{
    struct group_item self = {.fn = fn, .arg = arg, .caller = pthread_self(), .result = PW_INTERNAL};
    sem_init(&self.wake, 0, 0);
    pthread_mutex_lock(&g->mutex);
    if (g->led && pthread_equal(g->leader, self.caller)) {
        pthread_mutex_unlock(&g->mutex);
        sem_destroy(&self.wake);
        return PW_INTERNAL; /* a transaction inside a transaction would wait for itself */
    }
    if (g->last)
        g->last->next = &self;
    else
        g->first = &self;
    g->last = &self;
    bool leads = !g->led;
    if (leads) {
        g->led = true;
        g->leader = self.caller;
    }
    pthread_mutex_unlock(&g->mutex);

    if (!leads) {
        while (sem_wait(&self.wake) != 0 && errno == EINTR) {
        }
        leads = self.leads;
    }
    if (leads)
        lead(g, &self);
    sem_destroy(&self.wake);
    return self.result;
}
