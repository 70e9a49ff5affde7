/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/crew.h"

#include <pthread.h>
#include <stdlib.h>

struct crew {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct crew_job *first, *last;
    pthread_t *threads;
    int n, idle;
    bool stopping;
};

static void *work(void *arg)
{
    struct crew *c = arg;
    pthread_mutex_lock(&c->lock);
    for (;;) {
        while (!c->first && !c->stopping) {
            c->idle++;
            pthread_cond_wait(&c->wake, &c->lock);
            c->idle--;
        }
        struct crew_job *job = c->first;
        if (!job)
            break;
        c->first = job->next;
        if (!c->first)
            c->last = NULL;
        pthread_mutex_unlock(&c->lock);
        job->run(job);
        pthread_mutex_lock(&c->lock);
    }
    pthread_mutex_unlock(&c->lock);
    return NULL;
}

struct crew *crew_new(int threads, size_t stack)
{
    struct crew *c = calloc(1, sizeof *c);
    pthread_attr_t attr;
    if (!c)
        return NULL;
    pthread_mutex_init(&c->lock, NULL);
    pthread_cond_init(&c->wake, NULL);
    c->threads = calloc((size_t)threads, sizeof *c->threads);
    pthread_attr_init(&attr);
    bool ok = c->threads && pthread_attr_setstacksize(&attr, stack) == 0;
    while (ok && c->n < threads) {
        ok = pthread_create(&c->threads[c->n], &attr, work, c) == 0;
        c->n += ok;
    }
    pthread_attr_destroy(&attr);
    if (ok)
        return c;
    crew_stop(c);
    crew_free(c);
    return NULL;
}

bool crew_add(struct crew *c, struct crew_job *job)
{
    pthread_mutex_lock(&c->lock);
    bool ok = !c->stopping;
    bool wake = ok && c->idle > 0;
    if (ok) {
        job->next = NULL;
        if (c->last)
            c->last->next = job;
        else
            c->first = job;
        c->last = job;
    }
    pthread_mutex_unlock(&c->lock);
    if (wake)
        pthread_cond_signal(&c->wake);
    return ok;
}

void crew_stop(struct crew *c)
{
    pthread_mutex_lock(&c->lock);
    c->stopping = true;
    pthread_cond_broadcast(&c->wake);
    pthread_mutex_unlock(&c->lock);
    for (int i = 0; i < c->n; i++)
        pthread_join(c->threads[i], NULL);
    c->n = 0;
}

void crew_free(struct crew *c)
{
    if (!c)
        return;
    pthread_cond_destroy(&c->wake);
    pthread_mutex_destroy(&c->lock);
    free(c->threads);
    free(c);
}
