/* SPDX-License-Identifier: EUPL-1.2 */
/* The connection of a component: opening, moving bytes, what came in until it is stored, and answers for whoever waits.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "channel/xmpp.h"
#include "net/net.h"
#include "json/json.h"

enum {
    CONNECT_MS = 8000,
    ROOMS_MS = 8000,
    ITEMS_MAX = 5000,
    AT_ONCE = 64,
    EVENT_ARENA_MAX = 512 * 1024,
    OUT_MAX = 4 * 1024 * 1024
};
enum { SILENT_MS = 150000, MARGIN_MS = 120000, PUMP_ROUNDS = 200 };

/* ---- going out ---- */

void xmpp_flush(struct xmpp_session *s)
{
    while (!s->lost && s->out_at < s->out.n) {
        ssize_t n = send(s->sock, s->out.p + s->out_at, s->out.n - s->out_at, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n > 0)
            s->out_at += (size_t)n;
        else if (errno == EAGAIN || errno == EINTR)
            return;
        else
            s->lost = true;
    }
    buf_clear(&s->out);
    s->out_at = 0;
}

/* Straight to the socket, for there is no TLS between: libstrophe would send at its next turn only. */
void xmpp_put(struct xmpp_session *s, xmpp_stanza_t *stanza)
{
    char *text = NULL;
    size_t n = 0;
    if (s->up && !s->lost && xmpp_stanza_to_text(stanza, &text, &n) == XMPP_EOK) {
        buf_add(&s->out, (struct sv){text, n});
        s->lost = s->lost || !buf_ok(&s->out); /* the server has stopped reading */
        xmpp_flush(s);
    }
    if (text)
        xmpp_free(s->ctx, text);
    xmpp_stanza_release(stanza);
}

/* ---- what came in ---- */

void xmpp_signal(struct xmpp_session *s)
{
    uint64_t one = 1;
    pthread_cond_broadcast(&s->news);
    ssize_t n = write(s->wake_fd, &one, sizeof one);
    (void)n; /* full: it is awake already */
}

void xmpp_add_event(struct xmpp_session *s, const struct chan_event *e, int64_t delay_ms, struct sv receipt_to,
                    struct sv receipt_id)
{
    struct xmpp_item *item = calloc(1, sizeof *item);
    if (!item) {
        s->lost = true; /* what cannot be kept is asked for again after the next connection */
        return;
    }
    arena_init(&item->a, EVENT_ARENA_MAX);
    item->event = *e;
    struct sv *const texts[] = {&item->event.provider_id, &item->event.message_id, &item->event.chat,
                                &item->event.new_chat,    &item->event.user,       &item->event.user_chat,
                                &item->event.user_name,   &item->event.text,       &item->event.reply_to,
                                &item->event.status_code};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_sv(&item->a, *texts[i]);
    item->receipt_to = arena_sv(&item->a, receipt_to);
    item->receipt_id = arena_sv(&item->a, receipt_id);
    item->due_mono_ms = delay_ms ? clock_mono_ms() + delay_ms : 0;
    item->seq = ++s->seq;
    *s->end = item;
    s->end = &item->next;
    s->n_items++;
    xmpp_signal(s);
}

static void drop_first(struct xmpp_session *s)
{
    struct xmpp_item *item = s->first;
    s->first = item->next;
    if (!s->first)
        s->end = &s->first;
    s->n_items--;
    arena_finish(&item->a);
    free(item);
}

/* Stored: now the sender may know that it arrived. */
static void acknowledge(struct xmpp_session *s, int64_t seq)
{
    while (s->first && s->first->seq <= seq) {
        if (s->first->receipt_id.n) {
            char *to = arena_z(&s->first->a, s->first->receipt_to);
            xmpp_stanza_t *m = xmpp_new(s, "message", NULL, to, NULL);
            xmpp_grow(m, "received", NS_RECEIPTS, NULL,
                      (const char *const[]){"id", arena_z(&s->first->a, s->first->receipt_id), NULL});
            xmpp_put(s, m);
        }
        drop_first(s);
    }
}

struct xmpp_room *xmpp_room_of(struct xmpp_session *s, struct sv bare)
{
    for (size_t i = 0; i < s->n_rooms; i++)
        if (sv_eq_z(bare, s->rooms[i].jid))
            return &s->rooms[i];
    return NULL;
}

/* ---- answers for whoever waits ---- */

static void copy_text(char *out, size_t size, struct sv s)
{
    size_t n = s.n < size ? s.n : size - 1;
    memcpy(out, s.n ? s.p : "", n);
    out[n] = 0;
}

static void note_error(struct xmpp_session *s, xmpp_stanza_t *x, struct sv id)
{
    xmpp_stanza_t *error = xmpp_child(x, "error", NULL);
    for (struct xmpp_wait *w = s->waits; w; w = w->next) {
        if (w->state != WAITING || !id.n || !sv_eq_z(id, w->error_id))
            continue;
        for (xmpp_stanza_t *c = error ? xmpp_stanza_get_children(error) : NULL; c; c = xmpp_stanza_get_next(c)) {
            const char *ns = xmpp_stanza_is_tag(c) ? xmpp_stanza_get_ns(c) : NULL;
            if (ns && strcmp(ns, XMPP_NS_STANZAS_IETF) == 0 && strcmp(xmpp_stanza_get_name(c), "text") != 0)
                copy_text(w->condition, sizeof w->condition, sv_of(xmpp_stanza_get_name(c)));
            w->blocked = w->blocked || (ns && strcmp(ns, "urn:xmpp:blocking:errors") == 0);
        }
        copy_text(w->type, sizeof w->type, xmpp_attr(error, "type"));
        w->state = WAIT_ERROR;
        xmpp_signal(s);
        return;
    }
}

static void note_done(struct xmpp_session *s, struct sv id, struct sv stable)
{
    for (struct xmpp_wait *w = s->waits; w; w = w->next)
        if (w->state == WAITING && id.n && sv_eq_z(id, w->id)) {
            copy_text(w->stable_id, sizeof w->stable_id, stable.n <= XM_ID_MAX ? stable : (struct sv){0});
            w->state = WAIT_DONE;
            xmpp_signal(s);
        }
}

/* News of a private word: the person's app got it, or their server could not give it. Only from whom it was sent to. */
static void note_status(struct xmpp_session *s, struct sv id, struct sv from, enum out_state to)
{
    for (size_t i = 0; i < XM_RECENT; i++) {
        const struct xmpp_recent *r = &s->recent[i];
        if (!r->to || !id.n || !sv_eq_z(id, r->id))
            continue;
        if (sv_eq(xmpp_bare(from), xmpp_bare(sv_of(r->to)))) {
            char key[96];
            snprintf(key, sizeof key, "status:%s:%d", r->id, (int)to);
            struct chan_event e = {.kind = CHAN_STATUS,
                                   .provider_id = sv_of(key),
                                   .message_id = sv_of(r->id),
                                   .at_ms = clock_now_ms(),
                                   .status = to,
                                   .status_code = to == OUT_FAILED ? SV("returned") : (struct sv){0}};
            xmpp_add_event(s, &e, 1000, (struct sv){0}, (struct sv){0}); /* after the send itself was recorded */
        }
        return;
    }
}

/* ---- stanzas of others ---- */

static void on_message(struct xmpp_session *s, xmpp_stanza_t *m)
{
    struct sv from = xmpp_attr(m, "from"), id = xmpp_attr(m, "id");
    if (sv_eq_z(xmpp_attr(m, "type"), "error")) {
        note_error(s, m, id);
        note_status(s, id, from, OUT_FAILED);
        return;
    }
    if (sv_eq_z(from, s->address)) { /* our own mark came back: the server took what went before it */
        note_done(s, id, (struct sv){0});
        return;
    }
    xmpp_stanza_t *received = xmpp_child(m, "received", NS_RECEIPTS);
    if (received)
        note_status(s, xmpp_attr(received, "id"), from, OUT_DELIVERED);
    struct xmpp_room *room = xmpp_room_of(s, xmpp_bare(from));
    struct arena a;
    struct chan_events *ev = calloc(1, sizeof *ev);
    struct sv own = {0};
    arena_init(&a, EVENT_ARENA_MAX);
    const struct xmpp_place at = {room, s->address, s->nick, s->service, clock_now_ms()};
    if (ev)
        xmpp_decode_message(m, &at, &a, ev, &own);
    else
        s->lost = true;
    if (own.n) {
        note_done(s, own, xmpp_stable_id(m, room));
    }
    bool wants = !room && xmpp_child(m, "request", NS_RECEIPTS) && id.n;
    for (size_t i = 0; ev && i < ev->n; i++) {
        bool last = wants && i + 1 == ev->n;
        xmpp_add_event(s, &ev->v[i], 0, last ? from : (struct sv){0}, last ? id : (struct sv){0});
    }
    if (room && !xmpp_resource(from).n)
        xmpp_room_affiliation(s, room, m);
    arena_finish(&a);
    free(ev);
}

static void answer_iq(struct xmpp_session *s, xmpp_stanza_t *iq, bool get)
{
    xmpp_stanza_t *r = xmpp_stanza_reply(iq);
    xmpp_stanza_set_type(r, "result");
    xmpp_stanza_t *info = xmpp_child(iq, "query", XMPP_NS_DISCO_INFO);
    if (get && info) {
        xmpp_stanza_t *q = xmpp_grow(r, "query", XMPP_NS_DISCO_INFO, NULL, NULL);
        xmpp_grow(q, "identity", NULL, NULL,
                  (const char *const[]){"category", "client", "type", "bot", "name", s->nick, NULL});
        static const char *const features[] = {XMPP_NS_DISCO_INFO, NS_RECEIPTS, NS_PING, NS_REPLY};
        for (size_t i = 0; i < sizeof features / sizeof *features; i++)
            xmpp_grow(q, "feature", NULL, NULL, (const char *const[]){"var", features[i], NULL});
    } else if (!(get && xmpp_child(iq, "ping", NS_PING))) {
        xmpp_stanza_set_type(r, "error");
        xmpp_stanza_t *e = xmpp_grow(r, "error", NULL, NULL, (const char *const[]){"type", "cancel", NULL});
        xmpp_grow(e, "service-unavailable", XMPP_NS_STANZAS_IETF, NULL, NULL);
    }
    xmpp_put(s, r);
}

static void on_iq(struct xmpp_session *s, xmpp_stanza_t *iq)
{
    struct sv type = xmpp_attr(iq, "type"), id = xmpp_attr(iq, "id");
    if (sv_eq_z(type, "get") || sv_eq_z(type, "set")) {
        answer_iq(s, iq, sv_eq_z(type, "get"));
    } else if (!xmpp_room_answer(s, iq)) {
        if (sv_eq_z(type, "error"))
            note_error(s, iq, id);
        else
            note_done(s, id, (struct sv){0});
    }
}

static void on_presence(struct xmpp_session *s, xmpp_stanza_t *p)
{
    struct sv type = xmpp_attr(p, "type");
    if (xmpp_room_presence(s, p) || !sv_eq_z(type, "subscribe"))
        return;
    /* Somebody puts us among their contacts: we are there to be written to. */
    const char *from = xmpp_stanza_get_from(p);
    if (from) {
        xmpp_put(s, xmpp_new(s, "presence", "subscribed", from, NULL));
        xmpp_put(s, xmpp_new(s, "presence", NULL, from, NULL));
    }
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *x, void *self)
{
    struct xmpp_session *s = self;
    const char *name = xmpp_stanza_get_name(x);
    (void)conn;
    s->heard_mono_ms = clock_mono_ms();
    if (strcmp(name, "message") == 0)
        on_message(s, x);
    else if (strcmp(name, "presence") == 0)
        on_presence(s, x);
    else if (strcmp(name, "iq") == 0)
        on_iq(s, x);
    return 1;
}

/* ---- the connection ---- */

static const char *code_of(const xmpp_stream_error_t *error, bool was_up)
{
    if (!error)
        return was_up ? "connection-lost" : "not-reachable";
    switch (error->type) {
    case XMPP_SE_NOT_AUTHORIZED:
        return "secret-refused";
    case XMPP_SE_HOST_UNKNOWN:
    case XMPP_SE_HOST_GONE:
        return "component-unknown";
    case XMPP_SE_CONFLICT:
        return "connected-elsewhere";
    case XMPP_SE_SYSTEM_SHUTDOWN:
        return "connection-lost";
    default:
        return "stream-error";
    }
}

static void on_connection(xmpp_conn_t *conn, xmpp_conn_event_t event, int error, xmpp_stream_error_t *stream_error,
                          void *self)
{
    struct xmpp_session *s = self;
    (void)error;
    if (event == XMPP_CONN_CONNECT) {
        s->up = true;
        s->heard_mono_ms = clock_mono_ms();
        xmpp_handler_add(conn, on_stanza, NULL, NULL, NULL, s);
        for (size_t i = 0; i < s->n_rooms; i++)
            xmpp_room_ask(s, &s->rooms[i]);
    } else {
        s->code = code_of(stream_error, s->up);
        s->lost = true;
    }
    xmpp_signal(s);
}

/* libstrophe gives this function no argument of ours; it is called by the thread that connects.
 * Declared cache: what that thread opens just now, NULL at other times. */
static _Thread_local struct xmpp_session *connecting;

/* libstrophe 0.12.2 (Debian 12) makes the state of stream management, which it then looks at for every stanza of any
 * connection, only for clients: a component that receives would read through a null pointer. So this connection begins
 * as a client that gets no socket, which makes that state, and goes on as a component. */
static int no_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    (void)sock;
    return -1;
}

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    int fd = *(int *)sock;
    if (fd >= FD_SETSIZE) /* the library waits with select(): a larger number would be written beyond its set */
        return -1;
    connecting->sock = fd;
    return xmpp_sockopt_cb_keepalive(conn, sock);
}

bool xmpp_pump(struct xmpp_session *s, int wait_ms)
{
    if (pthread_mutex_trylock(&s->pumping) != 0)
        return false;
    pthread_mutex_lock(&s->lock);
    bool full = s->n_items >= ITEMS_MAX, sending = s->out_at < s->out.n;
    pthread_mutex_unlock(&s->lock);
    /* When what came in is not stored we stop reading: the server keeps the rest. */
    struct pollfd fds[] = {{s->wake_fd, POLLIN, 0},
                           {s->sock, (short)((full ? 0 : POLLIN) | (sending ? POLLOUT : 0)), 0}};
    (void)poll(fds, 2, wait_ms);
    uint64_t count;
    if (fds[0].revents)
        while (read(s->wake_fd, &count, sizeof count) > 0)
            ;
    pthread_mutex_lock(&s->lock);
    xmpp_flush(s);
    if (!s->lost && !full)
        xmpp_run_once(s->ctx, 0);
    pthread_mutex_unlock(&s->lock);
    pthread_mutex_unlock(&s->pumping);
    return true;
}

/* ---- opening and closing ---- */

static pthread_once_t library = PTHREAD_ONCE_INIT;

static void take_rooms(struct xmpp_session *s, struct sv list)
{
    struct sv rest = list, one;
    while (sv_cut(&rest, ' ', &one)) {
        one = sv_trim(one);
        if (!xmpp_bare_ok(one, true) || s->n_rooms == XM_ROOMS_MAX || xmpp_room_of(s, one))
            continue;
        s->rooms[s->n_rooms++].jid = strndup(one.p, one.n);
        if (s->n_rooms == 1) {
            ptrdiff_t at = sv_find(one, SV("@"));
            s->service = strndup(one.p + at + 1, one.n - (size_t)at - 1);
        }
    }
}

/* "session:seq:ms" — the moment tells from when the rooms' history is wanted. */
static void read_cursor(struct sv cursor, int64_t *ret_id, int64_t *ret_seq, int64_t *ret_ms)
{
    struct sv rest = cursor, id = {0}, seq = {0};
    *ret_id = *ret_seq = *ret_ms = 0;
    if (sv_cut(&rest, ':', &id) && sv_cut(&rest, ':', &seq) && sv_int(id, ret_id) && sv_int(seq, ret_seq))
        (void)sv_int(rest, ret_ms);
}

static bool all_answered(struct xmpp_session *s)
{
    for (size_t i = 0; i < s->n_rooms; i++)
        if (!s->rooms[i].answered)
            return false;
    return true;
}

static enum pw_err connect_now(struct xmpp_session *s, const char *ip, unsigned short port)
{
    s->conn = xmpp_conn_new(s->ctx);
    if (!s->conn)
        return PW_UNAVAILABLE;
    xmpp_conn_set_jid(s->conn, s->domain);
    xmpp_conn_set_pass(s->conn, s->secret);
    xmpp_conn_set_sockopt_callback(s->conn, no_socket);
    if (xmpp_connect_client(s->conn, "127.0.0.1", 1, on_connection, s) == XMPP_EOK)
        return PW_UNAVAILABLE;
    xmpp_conn_set_sockopt_callback(s->conn, on_socket);
    connecting = s;
    int64_t end = clock_mono_ms() + CONNECT_MS;
    bool began = xmpp_connect_component(s->conn, ip, port, on_connection, s) == XMPP_EOK;
    while (began && !s->up && !s->lost && clock_mono_ms() < end)
        xmpp_run_once(s->ctx, 50);
    connecting = NULL;
    if (!s->up || s->lost || s->sock < 0)
        return s->lost && s->code && strcmp(s->code, "secret-refused") == 0 ? PW_DENIED : PW_UNAVAILABLE;
    /* Sends may begin once the rooms have let us in; one that does not answer holds up nobody for long. */
    end = clock_mono_ms() + ROOMS_MS;
    while (!s->lost && !all_answered(s) && clock_mono_ms() < end)
        xmpp_run_once(s->ctx, 50);
    return s->lost ? PW_UNAVAILABLE : PW_OK;
}

enum pw_err xmpp_open(const struct channel *ch, struct net *net, struct sv cursor, void **ret, const char **ret_code)
{
    (void)net; /* it speaks HTTP; where we may connect to it says below */
    char ip[NET_ADDRESS_TEXT];
    struct sv address = json_member_sv(ch->config, "address"), host = json_member_sv(ch->config, "host");
    struct sv secret = json_member_sv(ch->config, "secret"), nick = json_member_sv(ch->config, "nick");
    int64_t port = 5347, ignored;
    *ret_code = "not-reachable";
    if (json_member_sv(ch->config, "port").n && !sv_int(json_member_sv(ch->config, "port"), &port))
        return PW_INVALID;
    enum pw_err e = net_local_address(host.n ? host : SV("127.0.0.1"), ip);
    if (e == PW_DENIED)
        *ret_code = "address-refused";
    PW_TRY(e);
    pthread_once(&library, xmpp_initialize);
    struct xmpp_session *s = calloc(1, sizeof *s);
    if (!s)
        return PW_UNAVAILABLE;
    pthread_mutex_init(&s->lock, NULL);
    pthread_mutex_init(&s->pumping, NULL);
    clock_cond_init(&s->news);
    buf_init(&s->out, OUT_MAX);
    s->end = &s->first;
    s->sock = -1;
    s->id = id_new();
    s->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    read_cursor(cursor, &ignored, &ignored, &s->since_ms);
    s->since_ms -= s->since_ms > MARGIN_MS ? MARGIN_MS : 0;
    ptrdiff_t at = sv_find(address, SV("@"));
    s->address = strndup(address.p, address.n);
    s->domain = strndup(address.p + at + 1, address.n - (size_t)(at + 1));
    s->secret = strndup(secret.p, secret.n);
    s->nick = nick.n ? strndup(nick.p, nick.n) : strdup("Passerelle");
    take_rooms(s, json_member_sv(ch->config, "rooms"));
    s->ctx = xmpp_ctx_new(NULL, NULL); /* no logger: it would write the words of persons */
    e = s->ctx && s->wake_fd >= 0 && s->address && s->domain && s->secret && s->nick
            ? connect_now(s, ip, (unsigned short)port)
            : PW_UNAVAILABLE;
    if (e != PW_OK) {
        if (s->code)
            *ret_code = s->code;
        xmpp_close(s);
        return e;
    }
    *ret = s;
    return PW_OK;
}

void xmpp_close(void *session)
{
    struct xmpp_session *s = session;
    if (s->conn && s->up && !s->lost) {
        xmpp_disconnect(s->conn);
        for (int i = 0; i < 20 && !s->lost; i++)
            xmpp_run_once(s->ctx, 50);
    }
    while (s->first)
        drop_first(s);
    for (size_t i = 0; i < s->n_rooms; i++)
        xmpp_room_forget(&s->rooms[i]);
    for (size_t i = 0; i < XM_RECENT; i++)
        free(s->recent[i].to);
    if (s->conn)
        xmpp_conn_release(s->conn);
    if (s->ctx)
        xmpp_ctx_free(s->ctx);
    if (s->wake_fd >= 0)
        close(s->wake_fd);
    buf_finish(&s->out);
    if (s->secret)
        explicit_bzero(s->secret, strlen(s->secret));
    free(s->secret);
    free(s->address);
    free(s->domain);
    free(s->nick);
    free(s->service);
    pthread_cond_destroy(&s->news);
    pthread_mutex_destroy(&s->pumping);
    pthread_mutex_destroy(&s->lock);
    free(s);
}

/* ---- polling ---- */

/* Hands out what is due, oldest first. Nothing overtakes: a status that waits holds up what came after it, a second. */
static size_t hand_out(struct xmpp_session *s, struct chan_events *ret, int64_t *io_seq)
{
    int64_t now = clock_mono_ms();
    ret->n = 0;
    for (struct xmpp_item *i = s->first; i && ret->n < AT_ONCE && i->due_mono_ms <= now; i = i->next) {
        ret->v[ret->n++] = i->event;
        *io_seq = i->seq;
    }
    return ret->n;
}

enum pw_err xmpp_poll(const struct channel *ch, struct net *net, struct arena *a, int wait_s, struct sv *io_cursor,
                      struct chan_events *ret)
{
    (void)net;
    struct xmpp_session *s = ch->session;
    int64_t id, seq, ms, end = clock_mono_ms() + wait_s * 1000;
    read_cursor(*io_cursor, &id, &seq, &ms);
    if (id != s->id)
        seq = 0;
    ret->reply = (struct chan_reply){0};
    pthread_mutex_lock(&s->lock);
    acknowledge(s, seq);
    size_t n = hand_out(s, ret, &seq);
    while (n == 0 && !s->lost && clock_mono_ms() < end) {
        xmpp_room_watch(s, clock_mono_ms());
        int64_t left = end - clock_mono_ms();
        if (s->first && left > 200)
            left = 200; /* something waits for its time */
        pthread_mutex_unlock(&s->lock);
        if (!xmpp_pump(s, left > 0 ? (int)left : 0))
            nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000}, NULL);
        pthread_mutex_lock(&s->lock);
        if (clock_mono_ms() - s->heard_mono_ms > SILENT_MS)
            s->lost = true; /* even our own pings are not answered */
        n = hand_out(s, ret, &seq);
    }
    bool lost = s->lost && n == 0;
    pthread_mutex_unlock(&s->lock);
    if (lost)
        return PW_UNAVAILABLE;
    if (n || !io_cursor->n)
        *io_cursor = arena_fmt(a, "%lld:%lld:%lld", (long long)s->id, (long long)seq, (long long)clock_now_ms());
    return PW_OK;
}
