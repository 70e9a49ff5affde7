/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/peer.h"

#include <netdb.h>
#include <stdlib.h>

#include "base/clock.h"

void peers_init(struct peers *ps)
{
    ps->first = NULL;
    pthread_mutex_init(&ps->lock, NULL);
}

void peers_finish(struct peers *ps)
{
    while (ps->first)
        peer_drop(ps, ps->first);
    pthread_mutex_destroy(&ps->lock);
}

struct peer *peer_add(struct peers *ps, int fd, const struct sockaddr *from, int64_t in_ms)
{
    struct peer *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->fd = fd;
    atomic_store(&p->deadline_ms, clock_mono_ms() + in_ms);
    if (from) {
        socklen_t n = from->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
        if (getnameinfo(from, n, p->address, sizeof p->address, NULL, 0, NI_NUMERICHOST) != 0)
            p->address[0] = 0;
    }
    pthread_mutex_lock(&ps->lock);
    p->next = ps->first;
    if (p->next)
        p->next->prev = p;
    ps->first = p;
    pthread_mutex_unlock(&ps->lock);
    return p;
}

void peer_drop(struct peers *ps, struct peer *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&ps->lock);
    if (p->prev)
        p->prev->next = p->next;
    else
        ps->first = p->next;
    if (p->next)
        p->next->prev = p->prev;
    pthread_mutex_unlock(&ps->lock);
    free(p);
}

void peer_deadline(struct peer *p, int64_t in_ms)
{
    if (p)
        atomic_store(&p->deadline_ms, in_ms ? clock_mono_ms() + in_ms : 0);
}

void peers_hang_up_late(struct peers *ps, int64_t mono_ms)
{
    pthread_mutex_lock(&ps->lock);
    for (struct peer *p = ps->first; p; p = p->next) {
        int64_t at = atomic_load(&p->deadline_ms);
        if (at && mono_ms > at && p->fd >= 0) {
            shutdown(p->fd, SHUT_RDWR);
            atomic_store(&p->deadline_ms, 0);
        }
    }
    pthread_mutex_unlock(&ps->lock);
}
