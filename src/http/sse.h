/* SPDX-License-Identifier: EUPL-1.2 */
/* sse: event streams by topic. Each stream has a bounded queue; a reader too slow for it loses what waited and gets one
 * "resync" event instead. The hub knows nothing of sockets: httpd.c gives it two calls to put a connection to sleep and
 * to wake it, made under the hub's lock. All functions may be called from any thread. */
#ifndef PW_HTTP_SSE_H
#define PW_HTTP_SSE_H

#include "http/http.h"

enum {
    SSE_QUEUE_MAX = 32 * 1024, /* bytes a stream holds */
    SSE_STREAMS_MAX = 2000,
    SSE_PING_MS = 20 * 1000,
    SSE_TOPIC_MAX = 200
};

struct sse_hub;
struct sse_stream;
struct sse_calls {
    void (*sleep)(void *connection);
    void (*wake)(void *connection);
};

struct sse_hub *sse_hub_new(const struct sse_calls *calls); /* NULL when out of memory */
void sse_hub_free(struct sse_hub *hub);                     /* every stream must have left */

/* NULL when there are too many, the hub is closed, or the topics are malformed. Ends with sse_leave(). */
struct sse_stream *sse_open(struct sse_hub *hub, struct sv topics, struct sv owner, void *connection, int64_t mono_ms);
void sse_leave(struct sse_stream *s); /* NULL-safe */
/* Takes up to max bytes to send: > 0; 0 = nothing now, the connection was put to sleep; -1 = the stream has ended. */
ptrdiff_t sse_take(struct sse_stream *s, char *out, size_t max);

void sse_publish(struct sse_hub *hub, struct sv topic, struct sv name, struct sv data, int64_t mono_ms);
void sse_close_topic(struct sse_hub *hub, struct sv topic);
void sse_close_owner(struct sse_hub *hub, struct sv owner);
void sse_close_all(struct sse_hub *hub); /* and refuses new ones */
void sse_ping(struct sse_hub *hub, int64_t mono_ms);
size_t sse_count(struct sse_hub *hub);

#endif
