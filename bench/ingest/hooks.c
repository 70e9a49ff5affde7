/* SPDX-License-Identifier: EUPL-1.2 */
/* hooks: calls a Telegram webhook as the provider does: keep-alive connections, one request at a time on each, unique
 * update ids, group messages of many people. With --rate the calls are due at fixed times and the time is counted from
 * when a call was due, so that a server that falls behind is not spared; without it each connection sends again at
 * once.
 *
 * bench_hooks PORT PATH SECRET --connections N --count N --seconds S --users N --first N --rate N --questions PERCENT
 * --acks FILE   (FILE: the updates that were answered with 200, one a line, written as they come)
 * Prints one line of JSON: sent, ok, bad, seconds, rate, and microseconds p50, p95, p99, max. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { OUT_MAX = 2048, IN_MAX = 4096, CONNECTIONS_MAX = 2000 };

struct conn {
    int fd;
    size_t in_n, want; /* want: bytes of the whole answer, 0 = head not read yet */
    int status;
    int64_t due_ns, update;
    char in[IN_MAX + 1];
};

struct load {
    int port, connections, questions;
    int64_t count, users, first, rate;
    double seconds;
    const char *path, *secret;
    FILE *acks;
    int64_t sent, answered, ok, bad;
    uint32_t *took_us;
    struct conn *idle[CONNECTIONS_MAX];
    int n_idle;
};

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static size_t body_of(const struct load *l, int64_t i, char *out, size_t size)
{
    static const char *const talk[] = {
        "Merci beaucoup, cela m'aide vraiment.",
        "Le bus 12 passe toutes les quinze minutes devant la biblioth\xc3\xa8que.",
        "Hello everyone, I arrived last week with my family.",
        "\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7 \xd8\xa8\xd9\x83\xd9\x85 \xd8\xac\xd9\x85\xd9\x8a\xd8\xb9\xd8\xa7",
    };
    static const char *const asks[] = {
        "Comment inscrire mon fils \xc3\xa0 l'\xc3\xa9"
        "cole ?",
        "Where can I find a family doctor?",
        "\xd9\x83\xd9\x8a\xd9\x81 \xd8\xa3\xd8\xb3\xd8\xac\xd9\x84 \xd8\xa7\xd8\xa8\xd9\x86\xd9\x8a\xd8\x9f",
    };
    int64_t id = l->first + i, user = 1000000 + (i * 7919) % l->users;
    const char *text = i % 100 < l->questions ? asks[i % 3] : talk[i % 4];
    int n =
        snprintf(out, size,
                 "{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"from\":{\"id\":%lld,\"is_bot\":false,"
                 "\"first_name\":\"Membre\",\"last_name\":\"%lld\",\"username\":\"m%lld\",\"language_code\":\"fr\"},"
                 "\"chat\":{\"id\":-1002000000001,\"title\":\"Accueil Ottawa\",\"type\":\"supergroup\"},"
                 "\"date\":%lld,\"text\":\"[%lld] %s\"}}",
                 (long long)id, (long long)id, (long long)user, (long long)user, (long long)user, (long long)time(NULL),
                 (long long)id, text);
    return (size_t)n;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static void send_one(struct load *l, struct conn *c, int64_t due_ns)
{
    char body[OUT_MAX / 2], out[OUT_MAX];
    size_t n = body_of(l, l->sent, body, sizeof body);
    int m = snprintf(out, sizeof out,
                     "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                     "X-Telegram-Bot-Api-Secret-Token: %s\r\nContent-Length: %zu\r\n\r\n%s",
                     l->path, l->secret, n, body);
    c->due_ns = due_ns;
    c->update = l->first + l->sent;
    c->in_n = c->want = 0;
    l->sent++;
    if (write(c->fd, out, (size_t)m) != m)
        fail("write");
}

/* True when the whole answer is there. */
static int read_answer(struct conn *c)
{
    ssize_t n = read(c->fd, c->in + c->in_n, IN_MAX - c->in_n);
    if (n <= 0) {
        if (n < 0 && errno == EAGAIN)
            return 0;
        fprintf(stderr, "the server hung up\n");
        exit(3); /* what was written for --acks is kept: exit() flushes it */
    }
    c->in_n += (size_t)n;
    c->in[c->in_n] = 0;
    if (!c->want) {
        char *end = strstr(c->in, "\r\n\r\n"), *length = strcasestr(c->in, "\r\nContent-Length:");
        if (!end)
            return 0;
        c->status = atoi(c->in + 9);
        c->want = (size_t)(end - c->in) + 4 + (length ? strtoul(length + 17, NULL, 10) : 0);
    }
    return c->in_n >= c->want;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void connect_all(struct load *l, int ep, struct conn *v)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < l->connections; i++) {
        v[i].fd = socket(AF_INET, SOCK_STREAM, 0);
        if (v[i].fd < 0 || connect(v[i].fd, (struct sockaddr *)&at, sizeof at) != 0)
            fail("connect");
        int one = 1;
        setsockopt(v[i].fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        fcntl(v[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &v[i]};
        epoll_ctl(ep, EPOLL_CTL_ADD, v[i].fd, &e);
        l->idle[l->n_idle++] = &v[i];
    }
}

int main(int argc, char **argv)
{
    struct load l = {.connections = 64, .users = 1000, .first = 1, .seconds = 1e9, .count = INT64_MAX, .questions = 20};
    if (argc < 4)
        return 2;
    l.port = atoi(argv[1]);
    l.path = argv[2];
    l.secret = argv[3];
    for (int i = 4; i + 1 < argc; i += 2) {
        double v = atof(argv[i + 1]);
        if (!strcmp(argv[i], "--connections"))
            l.connections = (int)v;
        else if (!strcmp(argv[i], "--count"))
            l.count = (int64_t)v;
        else if (!strcmp(argv[i], "--seconds"))
            l.seconds = v;
        else if (!strcmp(argv[i], "--users"))
            l.users = (int64_t)v;
        else if (!strcmp(argv[i], "--first"))
            l.first = (int64_t)v;
        else if (!strcmp(argv[i], "--acks"))
            l.acks = fopen(argv[i + 1], "w");
        else if (!strcmp(argv[i], "--rate"))
            l.rate = (int64_t)v;
        else if (!strcmp(argv[i], "--questions"))
            l.questions = (int)v;
        else
            return 2;
    }
    if (l.connections > CONNECTIONS_MAX)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    size_t most = l.count < 5000000 ? (size_t)l.count : 5000000;
    l.took_us = calloc(most, sizeof *l.took_us);
    struct conn *v = calloc((size_t)l.connections, sizeof *v);
    int ep = epoll_create1(0);
    connect_all(&l, ep, v);
    int64_t began = now_ns(), end = began + (int64_t)(l.seconds * 1e9), now = began, last = began;
    for (;;) {
        int more = l.sent < l.count && now < end;
        while (more && l.n_idle) {
            int64_t due = l.rate ? began + l.sent * 1000000000 / l.rate : now_ns();
            if (due > now_ns())
                break;
            send_one(&l, l.idle[--l.n_idle], due);
            more = l.sent < l.count;
        }
        if (!more && l.answered == l.sent)
            break;
        struct epoll_event e[128];
        int64_t wait = 1000000000;
        if (l.rate && more && l.n_idle)
            wait = began + l.sent * 1000000000 / l.rate - now_ns();
        struct timespec until = {.tv_sec = wait > 0 ? wait / 1000000000 : 0,
                                 .tv_nsec = wait > 0 ? wait % 1000000000 : 0};
        int n = epoll_pwait2(ep, e, 128, &until, NULL);
        now = now_ns();
        for (int i = 0; i < n; i++) {
            struct conn *c = e[i].data.ptr;
            if (!read_answer(c))
                continue;
            if (l.answered < (int64_t)most)
                l.took_us[l.answered] = (uint32_t)((now - c->due_ns) / 1000);
            l.answered++;
            *(c->status == 200 ? &l.ok : &l.bad) += 1;
            if (l.acks && c->status == 200)
                fprintf(l.acks, "%lld\n", (long long)c->update);
            l.idle[l.n_idle++] = c;
            last = now;
        }
        if (!n && !l.rate && now - last > INT64_C(20000000000)) {
            fprintf(stderr, "no answer for 20 s\n");
            return 3;
        }
    }
    double s = (double)(last - began) / 1e9;
    size_t n = (size_t)l.answered < most ? (size_t)l.answered : most;
    qsort(l.took_us, n, sizeof *l.took_us, by_size);
#define P(q) (n ? l.took_us[(size_t)((double)(n - 1) * (q))] : 0)
    printf("{\"sent\":%lld,\"ok\":%lld,\"bad\":%lld,\"seconds\":%.3f,\"rate\":%.0f,\"p50\":%u,\"p95\":%u,\"p99\":%u,"
           "\"max\":%u}\n",
           (long long)l.sent, (long long)l.ok, (long long)l.bad, s, (double)l.answered / s, P(0.5), P(0.95), P(0.99),
           P(1.0));
    return 0;
}
