/* SPDX-License-Identifier: EUPL-1.2 */
/* crew: the threads that run handlers. Those that carry bytes never run one, so a handler may block (a group commit, a
 * password hash, a slow query) without holding up anybody else's connection, and as many handlers wait side by side as
 * there are threads. Jobs are done in the order in which they came. */
#ifndef PW_HTTP_CREW_H
#define PW_HTTP_CREW_H

#include <stdbool.h>
#include <stddef.h>

struct crew;
struct crew_job { /* part of the caller's own struct */
    struct crew_job *next;
    void (*run)(struct crew_job *job); /* may free the job */
};

struct crew *crew_new(int threads, size_t stack);    /* NULL when threads cannot be had */
bool crew_add(struct crew *c, struct crew_job *job); /* false once the crew is stopping: nothing was queued */
void crew_stop(struct crew *c);                      /* finishes what is queued; no more is accepted */
void crew_free(struct crew *c);                      /* after crew_stop(); NULL-safe */

#endif
