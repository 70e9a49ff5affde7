/* SPDX-License-Identifier: EUPL-1.2 */
/* httpd: libmicrohttpd carries the bytes, call.c decides, the crew runs what may block. The library's two threads hold
 * the connections and never call the host; a connection sleeps (is suspended) while the crew works on its call. One
 * more thread, the keeper, pings streams and hangs up on connections that take too long. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "http/call.h"
#include "http/listen.h"
#include "http/peer.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { STACK_FACTOR = 8 };
#else
enum { STACK_FACTOR = 1 };
#endif

enum {
    THREADS = 8,  /* of the crew */
    CARRIERS = 2, /* of the library */
    CARRIER_STACK = 256 * 1024,
    CONNECTIONS = 4000,
    CONNECTION_MEMORY = 16 * 1024, /* request head and buffers of one connection */
    STACK = 512 * 1024,
    IDLE_S = 30,
    HEAD_MS = 45 * 1000, /* from the last answer to the end of the next head */
    BODY_MS = 60 * 1000, /* and a second more for each BODY_RATE bytes announced */
    BODY_RATE = 16 * 1024,
    ANSWER_MS = 600 * 1000, /* for the slowest reader of the largest file */
    STOP_MS = 20 * 1000,    /* for clients that still send or read */
    KEEPER_MS = 1000,
    STREAM_BLOCK = 2048,
    STREAM_SOCKET = 64 * 1024
};

struct httpd {
    struct server server;
    struct MHD_Daemon *daemon;
    int listen_fd, port;
    struct crew *crew;
    struct peers peers;
    pthread_mutex_t lock; /* of stop */
    pthread_cond_t wake;
    pthread_t keeper;
    bool keeper_runs, stop;
};

/* ---- connections ---- */

static void on_connection(void *cls, struct MHD_Connection *conn, void **socket_context,
                          enum MHD_ConnectionNotificationCode code)
{
    struct httpd *h = cls;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *fd = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);
        const union MHD_ConnectionInfo *from = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
        *socket_context = peer_add(&h->peers, fd ? fd->connect_fd : -1, from ? from->client_addr : NULL, HEAD_MS);
    } else {
        peer_drop(&h->peers, *socket_context);
        *socket_context = NULL;
    }
}

static struct peer *peer_of(struct MHD_Connection *conn)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : NULL;
}

static void set_deadline(struct MHD_Connection *conn, int64_t in_ms)
{
    peer_deadline(peer_of(conn), in_ms);
}

/* ---- reading the head ---- */

static struct sv header_of(void *conn, const char *name)
{
    const char *value = NULL;
    size_t n = 0;
    if (MHD_lookup_connection_value_n(conn, MHD_HEADER_KIND, name, strlen(name), &value, &n) != MHD_YES || !value)
        return (struct sv){0};
    return (struct sv){value, n};
}

struct framing {
    size_t lengths, encodings;
    struct sv length, encoding;
};

static enum MHD_Result see_header(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
    struct framing *f = cls;
    (void)kind;
    if (strcasecmp(key, "Content-Length") == 0) {
        f->lengths++;
        f->length = sv_of(value);
    } else if (strcasecmp(key, "Transfer-Encoding") == 0) {
        f->encodings++;
        f->encoding = sv_of(value);
    }
    return MHD_YES;
}

/* Where does the body end? Anything that two programs could read differently is refused. */
static void read_framing(struct MHD_Connection *conn, struct call_head *h)
{
    struct framing f = {0};
    MHD_get_connection_values(conn, MHD_HEADER_KIND, see_header, &f);
    if (f.lengths > 1 || f.encodings > 1 || (f.lengths && f.encodings) ||
        (f.encodings && !sv_ieq(f.encoding, SV("chunked")))) {
        h->framing_bad = true;
    } else if (f.encodings) {
        h->length = -1;
    } else if (f.lengths) {
        if (!sv_int(f.length, &h->length) || h->length < 0 || f.length.p[0] == '-')
            h->framing_bad = true;
    }
}

/* ---- answering ---- */

struct adding {
    struct MHD_Response *response;
    bool failed;
};

static void add_header(void *arg, const char *name, const char *value)
{
    struct adding *a = arg;
    if (*value && MHD_add_response_header(a->response, name, value) != MHD_YES)
        a->failed = true;
}

static ssize_t stream_read(void *cls, uint64_t pos, char *out, size_t max)
{
    struct call *c = cls;
    (void)pos;
    ptrdiff_t n = sse_take(c->stream, out, max);
    return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : n;
}

static void stream_sleep(void *conn)
{
    MHD_suspend_connection(conn);
}

static void stream_wake(void *conn)
{
    MHD_resume_connection(conn);
}

/* One range of a file, for players of sound and film: "bytes=a-b", "bytes=a-", "bytes=-n". False: send all of it. */
static bool read_range(struct sv range, int64_t size, int64_t *ret_from, int64_t *ret_n)
{
    struct sv first;
    int64_t from, to;
    if (!sv_starts(range, SV("bytes=")))
        return false;
    range = sv_sub(range, 6, range.n);
    if (sv_find(range, SV(",")) >= 0 || sv_find(range, SV("-")) < 0)
        return false;
    sv_cut(&range, '-', &first);
    if (!first.n) {
        if (!sv_int(range, &to) || to <= 0)
            return false;
        from = to > size ? 0 : size - to;
        to = size - 1;
    } else {
        if (!sv_int(first, &from) || from < 0)
            return false;
        to = size - 1;
        if (range.n && (!sv_int(range, &to) || to < from))
            return false;
        if (to >= size)
            to = size - 1;
    }
    if (from >= size)
        return false;
    *ret_from = from;
    *ret_n = to - from + 1;
    return true;
}

static struct MHD_Response *file_response(struct call *c)
{
    struct stat st;
    int64_t from = 0, n;
    int fd = open(arena_z(&c->arena, c->r.file), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return NULL;
    }
    n = st.st_size;
    http_set_header(&c->r, SV("Accept-Ranges"), SV("bytes"));
    if (c->r.status == 200 && read_range(header_of(c->conn, "Range"), st.st_size, &from, &n)) {
        c->r.status = 206;
        http_set_header(
            &c->r, SV("Content-Range"),
            arena_fmt(&c->arena, "bytes %" PRId64 "-%" PRId64 "/%" PRId64, from, from + n - 1, (int64_t)st.st_size));
    }
    struct MHD_Response *r = MHD_create_response_from_fd_at_offset64((uint64_t)n, fd, (uint64_t)from);
    if (!r)
        close(fd);
    c->sent = (size_t)n;
    return r;
}

static struct MHD_Response *response_of(struct call *c)
{
    struct buf *body = &c->r.body;
    if (c->stream)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, stream_read, c, NULL);
    if (c->fixed.n)
        return MHD_create_response_from_buffer(c->fixed.n, (void *)(uintptr_t)c->fixed.p, MHD_RESPMEM_PERSISTENT);
    if (c->r.file.n && c->r.status < 400)
        return file_response(c);
    if (!body->n)
        return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
    struct MHD_Response *r = MHD_create_response_from_buffer(body->n, body->p, MHD_RESPMEM_MUST_FREE);
    if (r)
        buf_init(body, 0); /* its memory is the library's now */
    return r;
}

static enum MHD_Result send_answer(struct call *c, struct MHD_Connection *conn)
{
    struct adding a = {response_of(c), false};
    if (!a.response && c->r.file.n) { /* the file is gone */
        http_res_clear(&c->r);
        c->r.status = 404;
        c->r.type = SV("text/plain; charset=utf-8");
        a.response = response_of(c);
    }
    if (!a.response)
        return MHD_NO;
    call_headers(c, add_header, &a);
    if (c->close || atomic_load(&c->server->stopping))
        add_header(&a, "Connection", "close");
    enum MHD_Result ok = MHD_NO;
    if (!a.failed) {
        if (c->stream) {
            int size = STREAM_SOCKET; /* a reader that sleeps must not hold megabytes of ours */
            struct peer *p = peer_of(conn);
            if (p)
                (void)setsockopt(p->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
            set_deadline(conn, 0);
        } else {
            set_deadline(conn, ANSWER_MS);
        }
        ok = MHD_queue_response(conn, (unsigned)c->r.status, a.response);
    }
    MHD_destroy_response(a.response);
    return ok;
}

/* ---- the library's calls ---- */

static void *on_target(void *cls, const char *uri, struct MHD_Connection *conn)
{
    struct httpd *h = cls;
    (void)conn;
    return call_new(&h->server, uri);
}

static size_t keep_encoded(void *cls, struct MHD_Connection *conn, char *s)
{
    (void)cls;
    (void)conn;
    return strlen(s);
}

static void run_call(struct crew_job *job)
{
    struct call *c = (struct call *)((char *)job - offsetof(struct call, job));
    call_work(c);
    MHD_resume_connection(c->conn);
}

/* Hands the call to the crew; the library calls on_request() again when it is done. */
static enum MHD_Result give_to_crew(struct httpd *h, struct call *c, struct MHD_Connection *conn)
{
    set_deadline(conn, 0); /* the handler's time is its own */
    c->job.run = run_call;
    MHD_suspend_connection(conn);
    if (!crew_add(h->crew, &c->job)) {
        call_refuse(c);
        MHD_resume_connection(conn);
    }
    return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn, const char *url, const char *method,
                                  const char *version, const char *data, size_t *data_size, void **con_cls)
{
    struct httpd *h = cls;
    struct call *c = *con_cls;
    (void)url;
    (void)version;
    if (!c)
        return MHD_NO;
    if (c->phase == CALL_NEW) {
        struct peer *p = peer_of(conn);
        struct call_head head = {.method = method, .peer = sv_of(p ? p->address : "")};
        read_framing(conn, &head);
        c->body_ms = BODY_MS + (head.length > 0 ? head.length / BODY_RATE * 1000 : 0);
        call_begin(c, &head, conn, header_of);
        set_deadline(conn, c->body_ms);
        return c->phase == CALL_WORK ? give_to_crew(h, c, conn) : MHD_YES;
    }
    if (c->phase == CALL_ADMITTED) { /* back from the crew, before the body */
        c->phase = CALL_READ;
        set_deadline(conn, c->body_ms);
        return MHD_YES;
    }
    if (c->phase == CALL_READ && *data_size) {
        bool ok = call_data(c, (struct sv){data, *data_size});
        *data_size = 0;
        return ok ? MHD_YES : MHD_NO;
    }
    if (c->phase == CALL_READ) {
        call_end(c);
        if (c->phase == CALL_WORK)
            return give_to_crew(h, c, conn);
    }
    return send_answer(c, conn);
}

static void on_completed(void *cls, struct MHD_Connection *conn, void **con_cls, enum MHD_RequestTerminationCode code)
{
    struct call *c = *con_cls;
    (void)cls;
    (void)code;
    *con_cls = NULL;
    set_deadline(conn, HEAD_MS);
    if (!c)
        return;
    if (c->phase != CALL_NEW) {
        call_log(c);
        sse_leave(c->stream);
        c->stream = NULL;
        atomic_fetch_sub(&c->server->running, 1);
    }
    call_free(c);
}

/* The library's own words may quote the request: only that something happened is kept. */
static void on_library_log(void *cls, const char *fmt, va_list ap)
{
    (void)cls;
    (void)fmt;
    (void)ap;
    log_line(LOG_DEBUG, "httpd", "library message");
}

/* ---- the keeper ---- */

static void *keep(void *arg)
{
    struct httpd *h = arg;
    pthread_mutex_lock(&h->lock);
    while (!h->stop) {
        struct timespec t = clock_cond_until(KEEPER_MS);
        pthread_cond_timedwait(&h->wake, &h->lock, &t);
        int64_t now = clock_mono_ms();
        pthread_mutex_unlock(&h->lock);
        peers_hang_up_late(&h->peers, now);
        sse_ping(h->server.hub, now);
        pthread_mutex_lock(&h->lock);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

/* ---- starting and stopping ---- */

static void copy_config(struct server *s, const struct http_config *cf)
{
    s->cf = *cf;
    if (!s->cf.threads)
        s->cf.threads = THREADS;
    if (!s->cf.body_max)
        s->cf.body_max = 1024 * 1024;
    if (!s->cf.upload_max)
        s->cf.upload_max = 20 * 1024 * 1024;
    if (!s->cf.connections)
        s->cf.connections = CONNECTIONS;
    if (!s->cf.stack)
        s->cf.stack = STACK;
    s->cf.address = arena_sv(&s->arena, cf->address);
    s->cf.public_url = arena_sv(&s->arena, cf->public_url);
    s->cf.trusted_proxy = arena_sv(&s->arena, cf->trusted_proxy);
    s->cf.static_dir = arena_sv(&s->arena, cf->static_dir);
    s->cf.static_version = arena_sv(&s->arena, cf->static_version);
}

static enum pw_err prepare_server(struct httpd *h, const struct http_config *cf, const struct route *const *tables,
                                  size_t n_tables, const struct http_host *host)
{
    static const struct sse_calls calls = {stream_sleep, stream_wake};
    struct server *s = &h->server;
    struct buf why;
    arena_init(&s->arena, 64 * 1024);
    copy_config(s, cf);
    s->host_copy = *host;
    s->host = &s->host_copy;
    if (s->cf.threads < 1 || s->cf.threads > 1024 || s->cf.connections < s->cf.threads)
        return PW_INVALID;
    buf_init(&why, 1024);
    enum pw_err e = route_index_new(tables, n_tables, &s->routes, &why);
    if (e == PW_INVALID)
        log_line(LOG_ERROR, "routes", "%.*s", SV_ARG(buf_sv(&why)));
    buf_finish(&why);
    if (e == PW_OK && s->cf.static_dir.n)
        e = static_load(s->cf.static_dir, &s->files);
    if (e == PW_OK && !(s->hub = sse_hub_new(&calls)))
        e = PW_UNAVAILABLE;
    return e;
}

static bool start_threads(struct httpd *h)
{
    const struct http_config *cf = &h->server.cf;
    pthread_attr_t small;
    clock_cond_init(&h->wake);
    h->crew = crew_new(cf->threads, cf->stack * STACK_FACTOR);
    if (!h->crew)
        return false;
    raise_descriptors(cf->connections);
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO;
    h->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_library_log, h,
                                 MHD_OPTION_LISTEN_SOCKET, h->listen_fd, MHD_OPTION_THREAD_POOL_SIZE,
                                 (unsigned)CARRIERS, MHD_OPTION_THREAD_STACK_SIZE, (size_t)CARRIER_STACK * STACK_FACTOR,
                                 MHD_OPTION_CONNECTION_LIMIT, (unsigned)cf->connections, MHD_OPTION_CONNECTION_TIMEOUT,
                                 (unsigned)IDLE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
                                 MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, on_target, h,
                                 MHD_OPTION_UNESCAPE_CALLBACK, keep_encoded, NULL, MHD_OPTION_NOTIFY_COMPLETED,
                                 on_completed, h, MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
    if (!h->daemon)
        return false;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 * 1024 * STACK_FACTOR);
    h->keeper_runs = pthread_create(&h->keeper, &small, keep, h) == 0;
    pthread_attr_destroy(&small);
    return h->keeper_runs;
}

enum pw_err http_start(const struct http_config *cf, const struct route *const *tables, size_t n_tables,
                       const struct http_host *host, struct httpd **ret)
{
    struct httpd *h = calloc(1, sizeof *h);
    if (!h)
        return PW_UNAVAILABLE;
    h->listen_fd = -1;
    peers_init(&h->peers);
    pthread_mutex_init(&h->lock, NULL);
    enum pw_err e = prepare_server(h, cf, tables, n_tables, host);
    if (e == PW_OK)
        e = listen_on(h->server.cf.address, h->server.cf.port, &h->listen_fd, &h->port);
    if (e == PW_OK && !start_threads(h))
        e = PW_UNAVAILABLE;
    if (e != PW_OK) {
        http_stop(h);
        return e;
    }
    *ret = h;
    return PW_OK;
}

int http_port(const struct httpd *h)
{
    return h->port;
}

static void stop_daemon(struct httpd *h)
{
    struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
    int64_t until = clock_mono_ms() + STOP_MS;
    atomic_store(&h->server.stopping, true);
    MHD_quiesce_daemon(h->daemon);
    sse_close_all(h->server.hub);
    /* Bodies on their way are read, handlers finished. A handler is always waited for: its connection must not be
     * asleep when the library stops. */
    while (atomic_load(&h->server.running) && clock_mono_ms() < until)
        nanosleep(&pause, NULL);
    crew_stop(h->crew);
    for (int i = 0; i < 200 && atomic_load(&h->server.running); i++)
        nanosleep(&pause, NULL);
    MHD_stop_daemon(h->daemon);
}

void http_stop(struct httpd *h)
{
    if (!h)
        return;
    if (h->daemon)
        stop_daemon(h);
    else if (h->crew)
        crew_stop(h->crew);
    crew_free(h->crew);
    if (h->listen_fd >= 0)
        close(h->listen_fd);
    if (h->keeper_runs) {
        pthread_mutex_lock(&h->lock);
        h->stop = true;
        pthread_cond_signal(&h->wake);
        pthread_mutex_unlock(&h->lock);
        pthread_join(h->keeper, NULL);
        pthread_cond_destroy(&h->wake);
    }
    peers_finish(&h->peers);
    sse_hub_free(h->server.hub);
    static_free(h->server.files);
    route_index_free(h->server.routes);
    arena_finish(&h->server.arena);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

/* ---- live updates ---- */

void http_publish(struct httpd *h, struct sv topic, struct sv name, struct sv data)
{
    if (h)
        sse_publish(h->server.hub, topic, name, data, clock_mono_ms());
}

size_t http_streams(struct httpd *h)
{
    return h ? sse_count(h->server.hub) : 0;
}

void http_close_topic(struct httpd *h, struct sv topic)
{
    if (h)
        sse_close_topic(h->server.hub, topic);
}

void http_close_owner(struct httpd *h, struct sv owner)
{
    if (h)
        sse_close_owner(h->server.hub, owner);
}
