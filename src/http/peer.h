/* SPDX-License-Identifier: EUPL-1.2 */
/* peer: the open connections and how long each may still take. The library in use has an idle limit only: one byte
 * every few seconds would hold a connection for ever. A peer is added and dropped by the carrier; between the two its
 * socket is open. All functions may be called from any thread. */
#ifndef PW_HTTP_PEER_H
#define PW_HTTP_PEER_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "base/sv.h"

struct peer {
    struct peer *prev, *next;
    int fd;
    atomic_llong deadline_ms; /* monotonic; 0 = none */
    char address[INET6_ADDRSTRLEN];
};
struct peers {
    pthread_mutex_t lock;
    struct peer *first;
};

void peers_init(struct peers *ps);
void peers_finish(struct peers *ps);
struct peer *peer_add(struct peers *ps, int fd, const struct sockaddr *from, int64_t in_ms); /* NULL: out of memory */
void peer_drop(struct peers *ps, struct peer *p);                                            /* NULL-safe */
void peer_deadline(struct peer *p, int64_t in_ms);                                           /* 0 = none; NULL-safe */
void peers_hang_up_late(struct peers *ps, int64_t mono_ms);

#endif
