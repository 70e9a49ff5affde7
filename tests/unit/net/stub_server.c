/* SPDX-License-Identifier: EUPL-1.2 */
#include "stub_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct job {
    struct stub *s;
    int slot;
};

static void *serve_one(void *arg)
{
    struct job job = *(struct job *)arg;
    free(arg);
    job.s->serve(job.s, job.s->fds[job.slot]);
    shutdown(job.s->fds[job.slot], SHUT_RDWR);
    return NULL;
}

static void *accept_all(void *arg)
{
    struct stub *s = arg;
    for (;;) {
        int fd = accept(s->listener, NULL, NULL);
        if (fd < 0 || atomic_load(&s->stopping) || s->n == STUB_CONNECTIONS) {
            if (fd >= 0)
                close(fd);
            return NULL;
        }
        struct job *job = malloc(sizeof *job);
        if (!job)
            abort();
        *job = (struct job){s, s->n};
        s->fds[s->n] = fd;
        atomic_fetch_add(&s->connections, 1);
        if (pthread_create(&s->workers[s->n], NULL, serve_one, job) != 0)
            abort();
        s->n++;
    }
}

static int listen_on_loopback(int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&at, &n) != 0)
        abort();
    *ret_port = ntohs(at.sin_port);
    return fd;
}

void stub_start(struct stub *s, stub_fn serve)
{
    memset(s, 0, sizeof *s);
    pthread_mutex_init(&s->lock, NULL);
    s->serve = serve;
    s->listener = listen_on_loopback(&s->port);
    if (pthread_create(&s->acceptor, NULL, accept_all, s) != 0)
        abort();
}

void stub_stop(struct stub *s)
{
    atomic_store(&s->stopping, true);
    shutdown(s->listener, SHUT_RDWR);
    pthread_join(s->acceptor, NULL);
    close(s->listener);
    for (int i = 0; i < s->n; i++) {
        shutdown(s->fds[i], SHUT_RDWR);
        pthread_join(s->workers[i], NULL);
        close(s->fds[i]);
    }
    pthread_mutex_destroy(&s->lock);
}

void stub_keep(struct stub *s, const char *p, size_t n)
{
    pthread_mutex_lock(&s->lock);
    s->last_n = n < STUB_KEPT - 1 ? n : STUB_KEPT - 1;
    memcpy(s->last, p, s->last_n);
    s->last[s->last_n] = 0;
    pthread_mutex_unlock(&s->lock);
}

void stub_say(int fd, const char *text)
{
    size_t n = strlen(text);
    while (n > 0) {
        ssize_t w = send(fd, text, n, MSG_NOSIGNAL);
        if (w <= 0)
            return;
        text += w;
        n -= (size_t)w;
    }
}

int stub_free_port(void)
{
    int port;
    close(listen_on_loopback(&port));
    return port;
}
