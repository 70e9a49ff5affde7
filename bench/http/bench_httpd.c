/* SPDX-License-Identifier: EUPL-1.2 */
/* A server of a trivial page, a form, a webhook and a stream, for bench/http/run. Prints its port and its memory. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

static enum pw_err page(struct http_req *q, struct http_res *r)
{
    (void)q;
    for (int i = 0; i < 20; i++)
        buf_z(&r->body, "<p>Fifty bytes of a page that says nothing.</p>\n");
    return PW_OK;
}

static enum pw_err hook(struct http_req *q, struct http_res *r)
{
    buf_int(&r->body, (int64_t)q->body.n);
    return PW_OK;
}

/* Stands for a group commit: the handler waits 3 ms. */
static enum pw_err slow_hook(struct http_req *q, struct http_res *r)
{
    struct timespec t = {.tv_nsec = 3 * 1000 * 1000};
    nanosleep(&t, NULL);
    return hook(q, r);
}

static enum pw_err live(struct http_req *q, struct http_res *r)
{
    (void)q;
    r->sse_topic = SV("all");
    return PW_OK;
}

static enum pw_err enter(void *self, struct http_req *q)
{
    (void)self;
    (void)q;
    return PW_OK;
}

static bool yes(void *self, const struct http_req *q, int right)
{
    (void)self;
    (void)q;
    return right >= 0;
}

static bool csrf_ok(void *self, const struct http_req *q, struct sv token)
{
    (void)self;
    (void)q;
    return token.n > 0;
}

static enum pw_err run(void *self, http_handler fn, struct http_req *q, struct http_res *r)
{
    (void)self;
    return fn(q, r);
}

static void error(void *self, struct http_req *q, struct http_res *r, enum pw_err e)
{
    (void)self;
    (void)q;
    buf_z(&r->body, err_name(e));
}

static const struct route routes[] = {
    {HTTP_GET, "/page", 0, page, NULL, "A page.", 0, NULL, NULL},
    {HTTP_POST, "/hook", 0, hook, NULL, "A webhook.", ROUTE_RAW, NULL, NULL},
    {HTTP_POST, "/slow", 0, slow_hook, NULL, "A webhook that waits.", ROUTE_RAW, NULL, NULL},
    {HTTP_GET, "/live", 0, live, NULL, "A stream.", ROUTE_STREAM, NULL, NULL},
    {0},
};

static void print_memory(const char *when)
{
    char line[200];
    FILE *in = fopen("/proc/self/status", "r");
    while (in && fgets(line, sizeof line, in))
        if (strncmp(line, "VmRSS:", 6) == 0)
            printf("%s %s", when, line);
    if (in)
        fclose(in);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const struct route *table = routes;
    struct http_host host = {NULL, enter, yes, csrf_ok, run, error, NULL};
    struct http_config cf = {.address = SV("127.0.0.1"),
                             .port = argc > 2 ? atoi(argv[2]) : 0,
                             .threads = argc > 1 ? atoi(argv[1]) : 64,
                             .public_url = SV("http://127.0.0.1")};
    struct httpd *h;
    sigset_t set;
    int sig;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    log_set_level(argc > 3 ? LOG_INFO : LOG_WARN);
    if (http_start(&cf, &table, 1, &host, &h) != PW_OK)
        return 1;
    printf("port %d\n", http_port(h));
    print_memory("idle");
    while (sigwait(&set, &sig) == 0 && sig == SIGUSR1) {
        print_memory("now");
        printf("streams %zu\n", http_streams(h));
        fflush(stdout);
    }
    http_stop(h);
    return 0;
}
