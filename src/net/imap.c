/* SPDX-License-Identifier: EUPL-1.2 */
#include "net/imap.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "net/net_priv.h"

enum {
    CONNECT_MS = 10000,
    SIGN_IN_MS = 30000,
    REPLY_MS = 60000,
    SLICE_MS = 500,
    LINE_MAX_BYTES = 256 * 1024,
    IDLE_AGAIN_MS = 9 * 60 * 1000, /* servers end it after half an hour at the earliest */
    NOOP_EVERY_MS = 30000,
    RECEIVE = 16 * 1024,
};

struct imap {
    struct call call; /* first: curl's callbacks get it as their own */
    CURL *h;
    curl_socket_t socket;
    int tags;
    uint32_t validity, next, exists;
    bool can_idle, can_move, idling, news, closing;
    int64_t idle_since_ms, noop_ms;
    char *what;      /* server, user and folder */
    struct buf line; /* one response, literals left out */
    char *in;        /* received, not yet read */
    size_t in_at, in_n;
};

/* ---- servers ---- */

bool imap_server_parse(struct sv url, struct imap_server *io)
{
    struct mail_server m = {0};
    bool tls = sv_starts(url, SV("imaps://"));
    if (!tls && !sv_starts(url, SV("imap://")))
        return false;
    /* The same form as a server that sends: only the usual ports differ. */
    char text[300];
    struct sv rest = sv_sub(url, tls ? 8 : 7, url.n);
    bool port = false;
    for (size_t i = 0; i < rest.n; i++)
        port |= rest.p[i] == ':';
    if (rest.n > 260 || (port && sv_ends(rest, SV(":"))))
        return false;
    if (sv_ends(rest, SV("/")))
        rest.n--;
    int n = snprintf(text, sizeof text, "%s%.*s%s", tls ? "smtps://" : "smtp://", SV_ARG(rest),
                     port  ? ""
                     : tls ? ":993"
                           : ":143");
    if (!mail_server_parse((struct sv){text, (size_t)n}, &m))
        return false;
    io->host = sv_sub(rest, 0, m.host.n);
    io->port = m.port;
    io->tls = m.tls;
    return true;
}

static const char *scheme_of(const struct imap_server *s)
{
    return s->tls == MAIL_TLS ? "imaps" : "imap";
}

enum pw_err net_allow_imap(struct net *n, int64_t owner, const struct imap_server *s, unsigned flags)
{
    char host[256] = {0};
    if (!s->host.n || s->host.n > 253 || s->port < 1 || s->port > 65535 ||
        (s->tls == MAIL_PLAIN && !(flags & NET_LOCAL)))
        return PW_INVALID;
    memcpy(host, s->host.p, s->host.n);
    return origin_add(n, owner, scheme_of(s), host, s->port, "/", flags & NET_LOCAL);
}

/* ---- bytes ---- */

static bool stopping(const struct imap *m)
{
    return !m->closing && atomic_load(&m->call.net->stopping);
}

/* More bytes into `in`. PW_NOT_FOUND: none came in time; PW_UNAVAILABLE: the line is dead. */
static enum pw_err receive(struct imap *m, int64_t until_ms)
{
    for (;;) {
        size_t got = 0;
        CURLcode rc = curl_easy_recv(m->h, m->in, RECEIVE, &got);
        if (rc == CURLE_OK && got > 0) {
            m->in_at = 0;
            m->in_n = got;
            return PW_OK;
        }
        if (rc != CURLE_AGAIN || stopping(m))
            return PW_UNAVAILABLE;
        int64_t left = until_ms - clock_mono_ms();
        if (left <= 0)
            return PW_NOT_FOUND;
        struct pollfd p = {.fd = m->socket, .events = POLLIN};
        (void)poll(&p, 1, left < SLICE_MS ? (int)left : SLICE_MS);
    }
}

static enum pw_err send_all(struct imap *m, struct sv text)
{
    int64_t until = clock_mono_ms() + REPLY_MS;
    while (text.n) {
        size_t sent = 0;
        CURLcode rc = curl_easy_send(m->h, text.p, text.n, &sent);
        if (rc == CURLE_AGAIN && clock_mono_ms() < until && !stopping(m)) {
            struct pollfd p = {.fd = m->socket, .events = POLLOUT};
            (void)poll(&p, 1, SLICE_MS);
            continue;
        }
        if (rc != CURLE_OK)
            return PW_UNAVAILABLE;
        text = sv_sub(text, sent, text.n);
    }
    return PW_OK;
}

/* "… {123}": that many bytes follow which are no part of the line. */
static bool literal_of(struct sv line, int64_t *ret)
{
    if (!sv_ends(line, SV("}")))
        return false;
    size_t i = line.n - 1;
    while (i > 0 && line.p[i] != '{')
        i--;
    return line.p[i] == '{' && sv_int(sv_sub(line, i + 1, line.n - i - 2), ret) && *ret >= 0;
}

/* One whole response into m->line. A literal goes to `literal` (NULL: nowhere). */
static enum pw_err response(struct imap *m, int64_t until_ms, struct buf *literal)
{
    int64_t skip = 0;
    buf_clear(&m->line);
    for (;;) {
        if (m->in_at == m->in_n)
            PW_TRY(receive(m, until_ms));
        struct sv have = {m->in + m->in_at, m->in_n - m->in_at};
        if (skip > 0) {
            struct sv part = sv_sub(have, 0, (size_t)skip);
            if (literal)
                buf_add(literal, part);
            skip -= (int64_t)part.n;
            m->in_at += part.n;
            continue;
        }
        const char *end = memchr(have.p, '\n', have.n);
        struct sv part = sv_sub(have, 0, end ? (size_t)(end - have.p) + 1 : have.n);
        buf_add(&m->line, part);
        m->in_at += part.n;
        if (!buf_ok(&m->line))
            return PW_UNAVAILABLE;
        if (!end)
            continue;
        while (m->line.n && (m->line.p[m->line.n - 1] == '\n' || m->line.p[m->line.n - 1] == '\r'))
            m->line.n--;
        if (!literal_of(buf_sv(&m->line), &skip))
            return PW_OK;
    }
}

/* ---- commands ---- */

/* "* 12 EXISTS" → 12 */
static bool numbered(struct sv line, const char *word, uint32_t *ret)
{
    struct sv rest = line, star, number;
    int64_t v;
    if (!sv_cut(&rest, ' ', &star) || !sv_eq_z(star, "*") || !sv_cut(&rest, ' ', &number) || !sv_int(number, &v) ||
        v < 0 || v > UINT32_MAX || !sv_ieq(sv_sub(rest, 0, strlen(word)), sv_of(word)))
        return false;
    *ret = (uint32_t)v;
    return true;
}

static bool bracketed(struct sv line, struct sv word, uint32_t *ret)
{
    ptrdiff_t at = sv_find(line, word);
    int64_t v;
    if (at < 0)
        return false;
    struct sv rest = sv_sub(line, (size_t)at + word.n, line.n), number;
    if (!sv_cut(&rest, ']', &number) || !sv_int(number, &v) || v < 0 || v > UINT32_MAX)
        return false;
    *ret = (uint32_t)v;
    return true;
}

static bool has_word(struct sv line, const char *word)
{
    struct sv rest = line, one;
    while (sv_cut(&rest, ' ', &one))
        if (sv_ieq(one, sv_of(word)))
            return true;
    return false;
}

static void note(struct imap *m)
{
    struct sv line = buf_sv(&m->line);
    uint32_t n;
    if (numbered(line, "EXISTS", &n)) {
        m->news |= n > m->exists;
        m->exists = n;
    } else if (numbered(line, "EXPUNGE", &n) && m->exists > 0) {
        m->exists--;
    } else if (sv_starts(line, SV("* OK [UIDVALIDITY "))) {
        (void)bracketed(line, SV("[UIDVALIDITY "), &m->validity);
    } else if (sv_starts(line, SV("* OK [UIDNEXT "))) {
        (void)bracketed(line, SV("[UIDNEXT "), &m->next);
    } else if (sv_starts(line, SV("* CAPABILITY "))) {
        m->can_idle = has_word(line, "IDLE");
        m->can_move = has_word(line, "MOVE");
    }
}

/* Reads until the answer with this tag. PW_CONFLICT: NO or BAD. */
static enum pw_err answer_to(struct imap *m, const char *tag, struct buf *literal, struct buf *found)
{
    int64_t until = clock_mono_ms() + REPLY_MS;
    for (;;) {
        enum pw_err e = response(m, until, literal);
        if (e != PW_OK)
            return PW_UNAVAILABLE;
        struct sv line = buf_sv(&m->line);
        if (sv_starts(line, SV("* "))) {
            note(m);
            if (found && sv_starts(line, SV("* SEARCH"))) {
                buf_add(found, sv_sub(line, 8, line.n));
            }
        } else if (sv_starts(line, sv_of(tag)) && line.n > strlen(tag) && line.p[strlen(tag)] == ' ') {
            struct sv word = sv_sub(line, strlen(tag) + 1, 2);
            return sv_ieq(word, SV("OK")) ? PW_OK : PW_CONFLICT;
        }
    }
}

static enum pw_err end_idle(struct imap *m)
{
    if (!m->idling)
        return PW_OK;
    char tag[16];
    snprintf(tag, sizeof tag, "P%d", m->tags);
    m->idling = false;
    PW_TRY(send_all(m, SV("DONE\r\n")));
    return answer_to(m, tag, NULL, NULL);
}

static enum pw_err command(struct imap *m, struct sv text, struct buf *literal, struct buf *found)
{
    char tag[16], head[24];
    PW_TRY(end_idle(m));
    snprintf(tag, sizeof tag, "P%d", ++m->tags);
    snprintf(head, sizeof head, "%s ", tag);
    PW_TRY(send_all(m, sv_of(head)));
    PW_TRY(send_all(m, text));
    PW_TRY(send_all(m, SV("\r\n")));
    return answer_to(m, tag, literal, found);
}

static void add_quoted(struct buf *b, struct sv name)
{
    buf_c(b, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"' || name.p[i] == '\\')
            buf_c(b, '\\');
        buf_c(b, name.p[i]);
    }
    buf_c(b, '"');
}

/* ---- opening ---- */

static enum pw_err connect_to(struct imap *m, const struct imap_server *s)
{
    struct arena a;
    arena_init(&a, 16 * 1024);
    CURLU *u = curl_url();
    const char *url = arena_z(&a, arena_fmt(&a, "%s://%.*s:%d/", scheme_of(s), SV_ARG(s->host), s->port));
    bool ok = u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK && origin_find(m->call.net, u, &m->call.rule);
    m->call.rule.plain = s->tls == MAIL_PLAIN;
    ok = ok && net_guard(&m->call, m->h, "imap,imaps", CONNECT_MS, SIGN_IN_MS, 0);
#define SET(option, value) ok = ok && curl_easy_setopt(m->h, option, value) == CURLE_OK
    SET(CURLOPT_URL, url);
    SET(CURLOPT_USE_SSL, (long)(s->tls == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    SET(CURLOPT_CONNECT_ONLY, 1L);
    SET(CURLOPT_USERNAME, arena_z(&a, s->user));
    SET(CURLOPT_PASSWORD, arena_z(&a, s->password));
#undef SET
    ok = ok && !a.oom;
    CURLcode rc = ok ? curl_easy_perform(m->h) : CURLE_FAILED_INIT;
    if (rc == CURLE_OK)
        rc = curl_easy_getinfo(m->h, CURLINFO_ACTIVESOCKET, &m->socket);
    curl_url_cleanup(u);
    arena_finish(&a);
    return rc == CURLE_OK ? PW_OK : rc == CURLE_LOGIN_DENIED ? PW_DENIED : PW_UNAVAILABLE;
}

static enum pw_err select_folder(struct imap *m, struct sv folder)
{
    struct buf b;
    buf_init(&b, 1024);
    buf_z(&b, "SELECT ");
    add_quoted(&b, folder);
    enum pw_err e = buf_ok(&b) ? command(m, SV("CAPABILITY"), NULL, NULL) : PW_INVALID;
    if (e == PW_OK)
        e = command(m, buf_sv(&b), NULL, NULL);
    buf_finish(&b);
    m->news = false;
    if (e == PW_OK && !m->validity)
        e = PW_UNAVAILABLE;
    return e == PW_CONFLICT ? PW_NOT_FOUND : e;
}

static char *what_of(const struct imap_server *s, struct sv folder)
{
    char *out = NULL;
    return asprintf(&out, "%.*s:%d %.*s %.*s", SV_ARG(s->host), s->port, SV_ARG(s->user), SV_ARG(folder)) < 0 ? NULL
                                                                                                              : out;
}

enum pw_err imap_open(struct net *n, const struct imap_server *s, struct sv folder, struct imap **ret)
{
    struct imap *m = calloc(1, sizeof *m);
    if (!m)
        return PW_UNAVAILABLE;
    m->call = (struct call){.net = n, .idempotent = true};
    buf_init(&m->line, LINE_MAX_BYTES);
    m->in = malloc(RECEIVE);
    m->what = what_of(s, folder);
    m->h = atomic_load(&n->stopping) ? NULL : curl_easy_init();
    enum pw_err e = m->h && m->in && m->what ? connect_to(m, s) : PW_UNAVAILABLE;
    if (e == PW_OK)
        e = select_folder(m, folder);
    if (e != PW_OK) {
        imap_close(m);
        return e;
    }
    *ret = m;
    return PW_OK;
}

void imap_close(struct imap *m)
{
    if (!m)
        return;
    m->closing = true;
    if (m->h)
        curl_easy_cleanup(m->h);
    buf_finish(&m->line);
    free(m->in);
    free(m->what);
    free(m);
}

static struct imap *take_kept(struct net *n, int64_t owner)
{
    struct imap *m = NULL;
    pthread_mutex_lock(&n->lock);
    for (size_t i = 0; i < MAILBOXES_MAX && !m; i++)
        if (n->mailboxes[i].m && n->mailboxes[i].owner == owner) {
            m = n->mailboxes[i].m;
            n->mailboxes[i].m = NULL;
        }
    pthread_mutex_unlock(&n->lock);
    return m;
}

struct imap *imap_take(struct net *n, int64_t owner, const struct imap_server *s, struct sv folder)
{
    struct imap *m = take_kept(n, owner);
    char *what = what_of(s, folder);
    if (m && (!what || strcmp(m->what, what) != 0)) { /* the settings changed meanwhile */
        imap_close(m);
        m = NULL;
    }
    free(what);
    return m;
}

void imap_keep(struct net *n, int64_t owner, struct imap *m)
{
    pthread_mutex_lock(&n->lock);
    for (size_t i = 0; i < MAILBOXES_MAX && m; i++)
        if (!n->mailboxes[i].m) {
            n->mailboxes[i].owner = owner;
            n->mailboxes[i].m = m;
            m = NULL;
        }
    pthread_mutex_unlock(&n->lock);
    imap_close(m);
}

void imap_forget(struct net *n, int64_t owner)
{
    struct imap *m;
    while ((m = take_kept(n, owner)))
        imap_close(m);
}

void imap_close_all(struct net *n)
{
    for (size_t i = 0; i < MAILBOXES_MAX; i++)
        imap_close(n->mailboxes[i].m);
}

uint32_t imap_validity(const struct imap *m)
{
    return m->validity;
}

uint32_t imap_next(const struct imap *m)
{
    return m->next;
}

/* ---- waiting ---- */

static enum pw_err begin_idle(struct imap *m)
{
    char text[32];
    snprintf(text, sizeof text, "P%d IDLE\r\n", ++m->tags);
    PW_TRY(send_all(m, sv_of(text)));
    int64_t until = clock_mono_ms() + REPLY_MS;
    for (;;) { /* "+ idling"; what comes before it may be news already */
        if (response(m, until, NULL) != PW_OK)
            return PW_UNAVAILABLE;
        struct sv line = buf_sv(&m->line);
        if (sv_starts(line, SV("+")))
            break;
        if (!sv_starts(line, SV("* ")))
            return PW_UNAVAILABLE;
        note(m);
    }
    m->idling = true;
    m->idle_since_ms = clock_mono_ms();
    return PW_OK;
}

static enum pw_err pause_and_ask(struct imap *m, int64_t until)
{
    while (clock_mono_ms() < until) {
        if (stopping(m))
            return PW_UNAVAILABLE;
        (void)poll(NULL, 0, SLICE_MS);
    }
    if (clock_mono_ms() - m->noop_ms < NOOP_EVERY_MS)
        return PW_OK;
    m->noop_ms = clock_mono_ms();
    return command(m, SV("NOOP"), NULL, NULL);
}

enum pw_err imap_wait(struct imap *m, int wait_s, bool *ret_news)
{
    int64_t until = clock_mono_ms() + (int64_t)wait_s * 1000;
    enum pw_err e = PW_OK;
    if (!m->can_idle) {
        e = pause_and_ask(m, until);
    } else {
        if (m->idling && clock_mono_ms() - m->idle_since_ms > IDLE_AGAIN_MS)
            PW_TRY(end_idle(m));
        if (!m->idling)
            PW_TRY(begin_idle(m));
        while (e == PW_OK && !m->news) {
            e = response(m, until, NULL);
            if (e == PW_OK)
                note(m);
            if (e == PW_OK && sv_starts(buf_sv(&m->line), SV("* BYE")))
                e = PW_UNAVAILABLE;
        }
        if (e == PW_NOT_FOUND)
            e = m->line.n ? PW_UNAVAILABLE : PW_OK; /* half a line is no pause */
    }
    if (e == PW_OK) {
        *ret_news = m->news;
        m->news = false;
    }
    return e;
}

/* ---- reading ---- */

static int by_number(const void *x, const void *y)
{
    uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
    return a < b ? -1 : a > b;
}

enum pw_err imap_search(struct imap *m, struct arena *a, const char *criteria, uint32_t **ret, size_t *ret_n)
{
    struct buf found;
    buf_init(&found, LINE_MAX_BYTES);
    enum pw_err e = command(m, arena_fmt(a, "UID SEARCH %s", criteria), NULL, &found);
    struct sv rest = arena_sv(a, buf_sv(&found)), one;
    buf_finish(&found);
    PW_TRY(e);
    uint32_t *v = arena_array(a, uint32_t, rest.n / 2 + 1);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    while (sv_cut(&rest, ' ', &one)) {
        int64_t uid;
        if (sv_int(one, &uid) && uid > 0 && uid <= UINT32_MAX)
            v[n++] = (uint32_t)uid;
    }
    qsort(v, n, sizeof *v, by_number);
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err imap_read(struct imap *m, uint32_t uid, size_t max, struct buf *ret)
{
    char text[80];
    snprintf(text, sizeof text, "UID FETCH %u BODY.PEEK[]<0.%zu>", (unsigned)uid, max);
    PW_TRY(command(m, sv_of(text), ret, NULL));
    if (!buf_ok(ret))
        return PW_UNAVAILABLE;
    return ret->n ? PW_OK : PW_NOT_FOUND;
}

enum pw_err imap_mark(struct imap *m, uint32_t from, uint32_t to, struct sv folder)
{
    char text[80];
    snprintf(text, sizeof text, "UID STORE %u:%u +FLAGS.SILENT (\\Seen)", (unsigned)from, (unsigned)to);
    PW_TRY(command(m, sv_of(text), NULL, NULL));
    if (!folder.n || !m->can_move)
        return PW_OK;
    struct buf b;
    buf_init(&b, 1024);
    buf_fmt(&b, "UID MOVE %u:%u ", (unsigned)from, (unsigned)to);
    add_quoted(&b, folder);
    enum pw_err e = buf_ok(&b) ? command(m, buf_sv(&b), NULL, NULL) : PW_INVALID;
    buf_finish(&b);
    return e == PW_CONFLICT ? PW_OK : e; /* no such folder: read and in its place is well enough */
}
