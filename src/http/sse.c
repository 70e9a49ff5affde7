/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/sse.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 256, EVENT_MAX = 16 * 1024 };

struct topic_row { /* one stream's interest in one topic */
    struct topic_row *prev, *next;
    struct sse_stream *stream;
    struct sv topic; /* view of the stream's own copy */
    size_t bucket;
};
struct sse_stream {
    struct sse_hub *hub;
    struct sse_stream *prev, *next;
    void *connection;
    struct buf queue;
    size_t at;   /* of the queue, taken so far */
    char last;   /* byte taken */
    bool inside; /* the last taken byte stands within an event */
    bool asleep, ended;
    int64_t fed_ms;
    struct topic_row rows[SSE_TOPICS_MAX];
    size_t n_rows;
    char *names, *owner;
};
struct sse_hub {
    pthread_mutex_t lock;
    struct sse_calls calls;
    struct topic_row *bucket[BUCKETS];
    struct sse_stream *streams;
    size_t n;
    bool closed;
};

static size_t bucket_of(struct sv topic)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < topic.n; i++)
        h = (h ^ (unsigned char)topic.p[i]) * 1099511628211u;
    return (size_t)(h % BUCKETS);
}

struct sse_hub *sse_hub_new(const struct sse_calls *calls)
{
    struct sse_hub *hub = calloc(1, sizeof *hub);
    if (!hub)
        return NULL;
    hub->calls = *calls;
    if (pthread_mutex_init(&hub->lock, NULL) != 0) {
        free(hub);
        return NULL;
    }
    return hub;
}

void sse_hub_free(struct sse_hub *hub)
{
    if (!hub)
        return;
    while (hub->streams)
        sse_leave(hub->streams);
    pthread_mutex_destroy(&hub->lock);
    free(hub);
}

static void wake(struct sse_stream *s)
{
    if (!s->asleep)
        return;
    s->asleep = false;
    s->hub->calls.wake(s->connection);
}

static void free_stream(struct sse_stream *s)
{
    buf_finish(&s->queue);
    free(s->names);
    free(s->owner);
    free(s);
}

static char *copy_of(struct sv s)
{
    char *p = malloc(s.n + 1);
    if (!p)
        return NULL;
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = 0;
    return p;
}

struct sse_stream *sse_open(struct sse_hub *hub, struct sv topics, struct sv owner, void *connection, int64_t mono_ms)
{
    struct sse_stream *s = topics.n ? calloc(1, sizeof *s) : NULL;
    if (!s)
        return NULL;
    *s = (struct sse_stream){.hub = hub, .connection = connection, .fed_ms = mono_ms};
    buf_init(&s->queue, SSE_QUEUE_MAX + EVENT_MAX);
    s->names = copy_of(topics);
    s->owner = copy_of(owner);
    bool ok = s->names && s->owner;
    struct sv rest = {s->names, topics.n}, topic;
    while (ok && sv_cut(&rest, ' ', &topic)) {
        ok = topic.n > 0 && topic.n <= SSE_TOPIC_MAX && s->n_rows < SSE_TOPICS_MAX;
        if (ok)
            s->rows[s->n_rows++] = (struct topic_row){.stream = s, .topic = topic, .bucket = bucket_of(topic)};
    }
    /* Opens the answer at once, and spreads the reconnecting of many pages after a restart. */
    buf_fmt(&s->queue, "retry: %d\n\n", 2000 + (int)((uintptr_t)s / 64 % 3000));
    if (!ok || !buf_ok(&s->queue)) {
        free_stream(s);
        return NULL;
    }
    pthread_mutex_lock(&hub->lock);
    ok = !hub->closed && hub->n < SSE_STREAMS_MAX;
    if (ok) {
        hub->n++;
        s->next = hub->streams;
        if (s->next)
            s->next->prev = s;
        hub->streams = s;
        for (size_t i = 0; i < s->n_rows; i++) {
            struct topic_row *t = &s->rows[i];
            t->next = hub->bucket[t->bucket];
            if (t->next)
                t->next->prev = t;
            hub->bucket[t->bucket] = t;
        }
    }
    pthread_mutex_unlock(&hub->lock);
    if (ok)
        return s;
    free_stream(s);
    return NULL;
}

void sse_leave(struct sse_stream *s)
{
    if (!s)
        return;
    struct sse_hub *hub = s->hub;
    pthread_mutex_lock(&hub->lock);
    hub->n--;
    if (s->prev)
        s->prev->next = s->next;
    else
        hub->streams = s->next;
    if (s->next)
        s->next->prev = s->prev;
    for (size_t i = 0; i < s->n_rows; i++) {
        struct topic_row *t = &s->rows[i];
        if (t->prev)
            t->prev->next = t->next;
        else
            hub->bucket[t->bucket] = t->next;
        if (t->next)
            t->next->prev = t->prev;
    }
    pthread_mutex_unlock(&hub->lock);
    free_stream(s);
}

ptrdiff_t sse_take(struct sse_stream *s, char *out, size_t max)
{
    struct sse_hub *hub = s->hub;
    ptrdiff_t ret;
    pthread_mutex_lock(&hub->lock);
    size_t n = s->queue.n - s->at;
    if (n && max) {
        if (n > max)
            n = max;
        memcpy(out, s->queue.p + s->at, n);
        bool boundary = out[n - 1] == '\n' && (n > 1 ? out[n - 2] : s->last) == '\n';
        s->inside = !boundary;
        s->last = out[n - 1];
        s->at += n;
        if (s->at == s->queue.n) {
            buf_finish(&s->queue); /* idle streams hold no buffer */
            s->at = 0;
        }
        ret = (ptrdiff_t)n;
    } else if (s->ended) {
        ret = -1;
    } else {
        s->asleep = true;
        hub->calls.sleep(s->connection);
        ret = 0;
    }
    pthread_mutex_unlock(&hub->lock);
    return ret;
}

/* Keeps only the rest of an event that is partly sent, so that what follows begins on a line of its own. */
static void drop_waiting(struct sse_stream *s)
{
    size_t end = s->at;
    if (s->inside) {
        char *p = s->queue.p;
        if (s->last == '\n' && p[end] == '\n')
            end++;
        else {
            char *mark = memmem(p + end, s->queue.n - end, "\n\n", 2);
            end = mark ? (size_t)(mark - p) + 2 : s->queue.n;
        }
    }
    s->queue.n = end;
}

static void feed(struct sse_stream *s, struct sv event, int64_t mono_ms)
{
    if (s->ended)
        return;
    if (s->at) {
        memmove(s->queue.p, s->queue.p + s->at, s->queue.n - s->at);
        s->queue.n -= s->at;
        s->at = 0;
    }
    if (s->queue.n + event.n > SSE_QUEUE_MAX && s->queue.n) {
        drop_waiting(s);
        buf_z(&s->queue, "event: resync\ndata:\n\n");
    } else {
        buf_add(&s->queue, event);
    }
    s->fed_ms = mono_ms;
    wake(s);
}

static void add_lines(struct buf *b, const char *label, struct sv text)
{
    struct sv rest = text, line;
    if (!text.n) {
        buf_fmt(b, "%s:\n", label);
        return;
    }
    while (sv_cut(&rest, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        buf_fmt(b, "%s: ", label);
        for (size_t i = 0; i < line.n; i++) /* a lone CR would end the line, too */
            buf_c(b, line.p[i] == '\r' || line.p[i] == 0 ? ' ' : line.p[i]);
        buf_c(b, '\n');
    }
}

void sse_publish(struct sse_hub *hub, struct sv topic, struct sv name, struct sv data, int64_t mono_ms)
{
    struct buf b;
    buf_init(&b, EVENT_MAX);
    if (name.n && !memchr(name.p, '\n', name.n))
        add_lines(&b, "event", name);
    add_lines(&b, "data", data);
    buf_c(&b, '\n');
    struct sv event = buf_ok(&b) ? buf_sv(&b) : SV("event: resync\ndata:\n\n"); /* too big to carry: look again */
    pthread_mutex_lock(&hub->lock);
    for (struct topic_row *t = hub->bucket[bucket_of(topic)]; t; t = t->next)
        if (sv_eq(t->topic, topic))
            feed(t->stream, event, mono_ms);
    pthread_mutex_unlock(&hub->lock);
    buf_finish(&b);
}

static void end(struct sse_stream *s)
{
    s->ended = true;
    drop_waiting(s);
    wake(s);
}

void sse_close_topic(struct sse_hub *hub, struct sv topic)
{
    pthread_mutex_lock(&hub->lock);
    for (struct topic_row *t = hub->bucket[bucket_of(topic)]; t; t = t->next)
        if (sv_eq(t->topic, topic))
            end(t->stream);
    pthread_mutex_unlock(&hub->lock);
}

void sse_close_owner(struct sse_hub *hub, struct sv owner)
{
    pthread_mutex_lock(&hub->lock);
    for (struct sse_stream *s = owner.n ? hub->streams : NULL; s; s = s->next)
        if (sv_eq_z(owner, s->owner))
            end(s);
    pthread_mutex_unlock(&hub->lock);
}

void sse_close_all(struct sse_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    hub->closed = true;
    for (struct sse_stream *s = hub->streams; s; s = s->next)
        end(s);
    pthread_mutex_unlock(&hub->lock);
}

void sse_ping(struct sse_hub *hub, int64_t mono_ms)
{
    pthread_mutex_lock(&hub->lock);
    for (struct sse_stream *s = hub->streams; s; s = s->next)
        if (s->asleep && mono_ms - s->fed_ms >= SSE_PING_MS)
            feed(s, SV(": ping\n\n"), mono_ms);
    pthread_mutex_unlock(&hub->lock);
}

size_t sse_count(struct sse_hub *hub)
{
    pthread_mutex_lock(&hub->lock);
    size_t n = hub->n;
    pthread_mutex_unlock(&hub->lock);
    return n;
}
