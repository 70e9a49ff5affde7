/* SPDX-License-Identifier: EUPL-1.2 */
/* groupcommit: many callers, one durable commit, without a thread of its own (flat combining).
 *
 * A caller queues its work. Who finds nobody leading leads: it runs the queued works of all, commits once, and hands
 * each its own result. Works that arrive meanwhile form the next group, led by the oldest of them, so nobody waits for
 * more than the group before and its own. Nothing waits on purpose: groups grow only because commits take time. */
#ifndef PW_STORE_GROUPCOMMIT_H
#define PW_STORE_GROUPCOMMIT_H

#include <pthread.h>
#include <semaphore.h>

#include "store/db.h"

struct group_item {
    db_work fn;
    void *arg;
    enum pw_err result;
    pthread_t caller;
    bool leads; /* woken to lead the next group instead of being served */
    struct group_item *next;
    sem_t wake;
};

struct group {
    void (*run)(void *owner, struct group *g); /* takes works with group_next, sets each result */
    void *owner;
    pthread_mutex_t mutex;
    struct group_item *first, *last; /* waiting, oldest first */
    bool led;
    pthread_t leader;
    /* of the group that runs; only its leader touches them */
    struct group_item *members, *members_last;
    size_t taken;
    int64_t full_at_ms;
};

void group_init(struct group *g, void (*run)(void *owner, struct group *g), void *owner);
void group_finish(struct group *g);

/* Runs the work in some group and returns its result. PW_INTERNAL when called from inside a work of the same group. */
enum pw_err group_submit(struct group *g, db_work fn, void *arg);

/* For run(): the next work of this group, now a member of it; NULL when the group is full or nobody waits. */
struct group_item *group_next(struct group *g);
/* Sets the result of every member so far, except one (may be NULL). */
void group_settle_all(struct group *g, enum pw_err e, const struct group_item *except);

#endif
