/* SPDX-License-Identifier: EUPL-1.2 */
/* watch: agents with an open inbox. Opens one event stream per session, then sends questions to the webhook one after
 * another and measures when each agent hears of each: from the moment the webhook was called, and from its 200.
 *
 * bench_watch PORT SESSIONS-FILE HOOK-PATH SECRET CHAT STREAMS QUESTIONS EVERY-MS FIRST
 * Prints one line of JSON: streams, questions, heard, missed, and milliseconds of both delays. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { STREAMS_MAX = 2000, QUESTIONS_MAX = 2000, IN_MAX = 8192 };

struct stream {
    int fd, heard;
    size_t n;
    char in[IN_MAX + 1];
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

static int dial(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof at) != 0)
        fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void open_stream(struct stream *s, int port, const char *session)
{
    char out[512];
    s->fd = dial(port);
    int n = snprintf(
        out, sizeof out,
        "GET /live/inbox HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: pw=%s\r\nAccept: text/event-stream\r\n\r\n", session);
    if (write(s->fd, out, (size_t)n) != n)
        fail("write");
    ssize_t got = read(s->fd, s->in, IN_MAX);
    if (got < 12 || strncmp(s->in + 9, "200", 3) != 0) {
        fprintf(stderr, "a stream was refused: %.*s\n", got > 0 ? (int)got : 0, s->in);
        exit(1);
    }
    s->in[got] = 0;
    fcntl(s->fd, F_SETFL, O_NONBLOCK);
}

static void ask(int fd, const char *path, const char *secret, const char *chat, long long id)
{
    char body[1024], out[2048], in[4096];
    int n = snprintf(body, sizeof body,
                     "{\"update_id\":%lld,\"message\":{\"message_id\":%lld,\"from\":{\"id\":%lld,\"is_bot\":false,"
                     "\"first_name\":\"Amal\",\"language_code\":\"fr\"},\"chat\":{\"id\":%s,\"title\":\"Accueil\","
                     "\"type\":\"supergroup\"},\"date\":%lld,\"text\":\"Comment faire ? (%lld) ?\"}}",
                     id, id, 5000000 + id % 50, chat, (long long)time(NULL), id);
    int m = snprintf(out, sizeof out,
                     "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Telegram-Bot-Api-Secret-Token: %s\r\n"
                     "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                     path, secret, n, body);
    if (write(fd, out, (size_t)m) != m)
        fail("write");
    ssize_t got = read(fd, in, sizeof in);
    if (got < 12 || strncmp(in + 9, "200", 3) != 0) {
        fprintf(stderr, "the webhook was refused: %.*s\n", got > 0 ? (int)got : 0, in);
        exit(1);
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

static void say(const char *name, double *v, size_t n, const char *end)
{
    qsort(v, n, sizeof *v, by_size);
#define P(q) (n ? v[(size_t)((double)(n - 1) * (q))] : -1)
    printf("\"%s\":{\"p50\":%.1f,\"p95\":%.1f,\"p99\":%.1f,\"max\":%.1f}%s", name, P(0.5), P(0.95), P(0.99), P(1.0),
           end);
}

struct watch {
    double called[QUESTIONS_MAX], accepted[QUESTIONS_MAX], *since_call, *since_accept;
    size_t n;
    int asked;
};

/* Each question is one event named question.asked; a stream hears them in the order of the questions. */
static void hear(struct watch *w, struct stream *s)
{
    static const char mark[] = "data: question.asked\n";
    ssize_t got;
    while ((got = read(s->fd, s->in + s->n, IN_MAX - s->n)) > 0) {
        double now = now_ms();
        char *at = s->in, *found;
        s->n += (size_t)got;
        s->in[s->n] = 0;
        while ((found = strstr(at, mark)) != NULL) {
            at = found + sizeof mark - 1;
            if (s->heard < w->asked) {
                w->since_call[w->n] = now - w->called[s->heard];
                w->since_accept[w->n++] = now - w->accepted[s->heard];
            }
            s->heard++;
        }
        size_t rest = s->n - (size_t)(at - s->in), keep = rest < sizeof mark ? rest : sizeof mark;
        memmove(s->in, s->in + s->n - keep, keep);
        s->n = keep;
    }
    if (got == 0) {
        fprintf(stderr, "a stream ended\n");
        exit(1);
    }
}

static void listen_until(struct watch *w, int ep, double until)
{
    for (double left; (left = until - now_ms()) > 0;) {
        struct epoll_event e[256];
        int n = epoll_wait(ep, e, 256, left < 1 ? 1 : (int)left);
        for (int i = 0; i < n; i++)
            hear(w, e[i].data.ptr);
    }
}

int main(int argc, char **argv)
{
    if (argc != 10)
        return 2;
    int port = atoi(argv[1]), streams = atoi(argv[6]), questions = atoi(argv[7]), every = atoi(argv[8]);
    long long first = atoll(argv[9]);
    if (streams > STREAMS_MAX || questions > QUESTIONS_MAX)
        return 2;
    struct watch *w = calloc(1, sizeof *w);
    struct stream *s = calloc((size_t)streams, sizeof *s);
    w->since_call = calloc((size_t)streams * (size_t)questions, sizeof(double));
    w->since_accept = calloc((size_t)streams * (size_t)questions, sizeof(double));
    FILE *f = fopen(argv[2], "r");
    char session[100];
    int ep = epoll_create1(0);
    if (!f)
        fail(argv[2]);
    for (int i = 0; i < streams; i++) {
        if (!fgets(session, sizeof session, f)) {
            rewind(f);
            if (!fgets(session, sizeof session, f))
                return 2;
        }
        session[strcspn(session, "\n")] = 0;
        open_stream(&s[i], port, session);
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = &s[i]};
        epoll_ctl(ep, EPOLL_CTL_ADD, s[i].fd, &e);
    }
    fclose(f);
    listen_until(w, ep, now_ms() + 1000); /* the server begins to look when somebody listens */
    int hook = dial(port);
    for (int i = 0; i < questions; i++) {
        double began = now_ms();
        w->called[i] = began;
        w->asked = i + 1;
        ask(hook, argv[3], argv[4], argv[5], first + i);
        w->accepted[i] = now_ms();
        listen_until(w, ep, began + every);
    }
    listen_until(w, ep, now_ms() + 2000);
    long long heard = 0;
    for (int i = 0; i < streams; i++)
        heard += s[i].heard;
    printf("{\"streams\":%d,\"questions\":%d,\"heard\":%lld,\"missed\":%lld,", streams, questions, heard,
           (long long)streams * questions - heard);
    say("from_call_ms", w->since_call, w->n, ",");
    say("from_accept_ms", w->since_accept, w->n, "}\n");
    return 0;
}
