/* SPDX-License-Identifier: EUPL-1.2 */
/* stub_server: a server on 127.0.0.1 for tests of the way out. Each connection runs `serve` on its own thread. It
 * counts connections; what was received last is kept. stub_stop() ends all of it. */
#ifndef PW_STUB_SERVER_H
#define PW_STUB_SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { STUB_CONNECTIONS = 64, STUB_KEPT = 65536 };
struct stub;
typedef void (*stub_fn)(struct stub *s, int fd);
struct stub {
    int listener, port;
    stub_fn serve;
    pthread_t acceptor, workers[STUB_CONNECTIONS];
    int fds[STUB_CONNECTIONS];
    int n;
    atomic_bool stopping;
    atomic_int connections, requests;
    pthread_mutex_t lock;
    char last[STUB_KEPT]; /* the last request as received */
    size_t last_n;
};
void stub_start(struct stub *s, stub_fn serve);
void stub_stop(struct stub *s);
void stub_keep(struct stub *s, const char *p, size_t n);
void stub_say(int fd, const char *text);
int stub_free_port(void); /* where nobody listens */

#endif
