/* SPDX-License-Identifier: EUPL-1.2 */
#include <string.h>

#include "net/mail.h"
#include "net/net_priv.h"

#define MESSAGE_MAX ((size_t)2 * MAIL_FILE_MAX)
enum { TOTAL_MS = 180000, IDLE_MS = 60000, STATUS_MAX = 12 };

struct sending {
    struct call call; /* first: curl's callbacks get it as their own */
    struct sv rest;
    bool utf8_needed; /* the address is outside ASCII */
    bool utf8_offered, utf8_refused;
    int greetings, greetings_due; /* 220: the server's, and one more once the line is encrypted */
    bool whole;                   /* the last byte was handed over: the final dot may have left */
    char status[STATUS_MAX];      /* enhanced status of the last answer */
};

static const char *scheme_of(const struct mail_server *s)
{
    return s->tls == MAIL_TLS ? "smtps" : "smtp";
}

static bool host_ok(struct sv host)
{
    for (size_t i = 0; i < host.n; i++) {
        char c = host.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'))
            return false;
    }
    return host.n > 0 && host.n <= 253;
}

bool mail_server_parse(struct sv url, struct mail_server *io)
{
    struct sv rest, host, port = {0};
    bool tls = sv_starts(url, SV("smtps://"));
    if (!tls && !sv_starts(url, SV("smtp://")))
        return false;
    rest = sv_sub(url, tls ? 8 : 7, url.n);
    if (sv_ends(rest, SV("/")))
        rest.n--;
    host = rest;
    for (size_t i = 0; i < rest.n; i++)
        if (rest.p[i] == ':') {
            host = sv_sub(rest, 0, i);
            port = sv_sub(rest, i + 1, rest.n);
            break;
        }
    bool here = sv_ieq(host, SV("localhost")) || sv_eq_z(host, "127.0.0.1");
    int64_t number = tls ? 465 : here ? 25 : 587;
    if (!host_ok(host) || (host.n < rest.n && !sv_int(port, &number)) || number < 1 || number > 65535)
        return false;
    io->host = host;
    io->port = (int)number;
    io->tls = tls ? MAIL_TLS : here ? MAIL_PLAIN : MAIL_STARTTLS;
    return true;
}

enum pw_err net_allow_mail(struct net *n, int64_t owner, const struct mail_server *s, unsigned flags)
{
    char host[256] = {0};
    if (!host_ok(s->host) || s->port < 1 || s->port > 65535 || (s->tls == MAIL_PLAIN && !(flags & NET_LOCAL)))
        return PW_INVALID;
    memcpy(host, s->host.p, s->host.n);
    return origin_add(n, owner, scheme_of(s), host, s->port, "/", flags & NET_LOCAL);
}

static size_t give_body(char *to, size_t size, size_t n, void *self)
{
    struct sending *s = self;
    struct sv piece = sv_sub(s->rest, 0, size * n);
    if (piece.n == 0) {
        s->whole = true;
        return 0;
    }
    memcpy(to, piece.p, piece.n);
    s->rest = sv_sub(s->rest, piece.n, s->rest.n);
    return piece.n;
}

/* RFC 6531: an address of another script may be given only to a server that says it takes them. What it offers stands
 * in the answer to EHLO, behind the last greeting; its last line has a space after the number. False: it does not. */
static bool may_go_on(struct sending *s, struct sv line)
{
    if (!s->utf8_needed || s->utf8_offered || s->greetings > s->greetings_due)
        return true;
    if (sv_starts(line, SV("220"))) {
        s->greetings += line.n < 4 || line.p[3] != '-';
        return true;
    }
    if (s->greetings < s->greetings_due || !sv_starts(line, SV("250")))
        return true;
    s->utf8_offered = sv_ieq(sv_trim(sv_sub(line, 4, line.n)), SV("SMTPUTF8"));
    if (s->utf8_offered || sv_starts(line, SV("250-")))
        return true;
    s->utf8_refused = true;
    return false;
}

/* "550 5.1.1 no such mailbox" → "5.1.1": the words stay out, they may hold an address. */
static size_t hear(char *line, size_t size, size_t n, void *self)
{
    struct sending *s = self;
    size_t len = size * n, k = 0, dots = 0;
    if (!may_go_on(s, (struct sv){line, len}))
        return 0;
    if (len < 4 || (line[0] != '4' && line[0] != '5')) /* the goodbye after a refusal says nothing new */
        return len;
    s->status[0] = 0;
    if (len < 9 || (line[3] != ' ' && line[3] != '-') || (line[4] != '2' && line[4] != '4' && line[4] != '5'))
        return len;
    for (size_t i = 4; i < len && k + 1 < STATUS_MAX; i++) {
        char c = line[i];
        dots += c == '.';
        if (c != '.' && (c < '0' || c > '9'))
            break;
        s->status[k++] = c;
    }
    s->status[dots == 2 && line[5] == '.' ? k : 0] = 0;
    return len;
}

static bool set_options(struct sending *x, struct arena *a, CURL *h, CURLU *u, const struct mail_server *s,
                        const struct mail *m, struct curl_slist *to)
{
    bool ok = net_guard(&x->call, h, "smtp,smtps", 0, TOTAL_MS, IDLE_MS);
#define SET(option, value) ok = ok && curl_easy_setopt(h, option, value) == CURLE_OK
    SET(CURLOPT_CURLU, u);
    SET(CURLOPT_FRESH_CONNECT, (long)x->utf8_needed); /* a kept line does not say again what is offered */
    SET(CURLOPT_USE_SSL, (long)(s->tls == MAIL_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    SET(CURLOPT_MAIL_FROM, arena_z(a, arena_fmt(a, "<%.*s>", SV_ARG(m->return_path.n ? m->return_path : s->from))));
    SET(CURLOPT_HEADERFUNCTION, hear);
    SET(CURLOPT_HEADERDATA, x);
    SET(CURLOPT_MAIL_RCPT, to);
    SET(CURLOPT_UPLOAD, 1L);
    SET(CURLOPT_READFUNCTION, give_body);
    SET(CURLOPT_READDATA, x);
    if (s->user.n) {
        SET(CURLOPT_USERNAME, arena_z(a, s->user));
        SET(CURLOPT_PASSWORD, arena_z(a, s->password));
    }
#undef SET
    return ok && !a->oom;
}

static void perform(struct sending *x, struct arena *a, CURL *h, struct net_result *r)
{
    long status = 0;
    CURLcode rc = curl_easy_perform(h);
    curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
    /* Below 400 the last word was "go on": it refuses nothing. */
    r->status = rc == CURLE_OK ? 250 : status >= 400 ? (int)status : 0;
    if (rc == CURLE_OK || (x->whole && r->status))
        r->phase = NET_DONE;
    else
        r->phase = x->whole ? NET_SENT : NET_NOT_SENT;
    r->code = x->utf8_refused ? "no-smtputf8" : rc == CURLE_OK ? "" : r->status ? "refused" : net_code(&x->call, rc);
    if (r->status >= 400)
        r->body = arena_sv(a, sv_of(x->status));
}

void mail_send(struct net *n, struct arena *a, const struct mail_server *s, const struct mail *m,
               struct net_result *ret)
{
    struct sending x = {.call = {.net = n}};
    struct buf text;
    CURLU *u = curl_url();
    CURL *h = net_take(n);
    struct curl_slist *to = curl_slist_append(NULL, arena_z(a, arena_fmt(a, "<%.*s>", SV_ARG(m->to))));

    *ret = (struct net_result){.phase = NET_NOT_SENT, .code = "memory"};
    buf_init(&text, MESSAGE_MAX);
    if (!h && atomic_load(&n->stopping)) {
        ret->code = "stopped";
    } else if (!u || !h || !to || a->oom) {
        ret->code = "memory";
    } else if (!host_ok(s->host) || mail_build(s, m, &text) != PW_OK ||
               curl_url_set(u, CURLUPART_URL,
                            arena_z(a, arena_fmt(a, "%s://%.*s:%d/", scheme_of(s), SV_ARG(s->host), s->port)),
                            0) != CURLUE_OK) {
        ret->code = "request-refused";
    } else if (!origin_find(n, u, &x.call.rule)) {
        ret->code = "origin-refused";
    } else {
        x.call.rule.plain = s->tls == MAIL_PLAIN;
        x.rest = buf_sv(&text);
        x.utf8_needed = !mail_address_ok(m->to);
        x.greetings_due = s->tls == MAIL_STARTTLS ? 2 : 1;
        if (set_options(&x, a, h, u, s, m, to))
            perform(&x, a, h, ret);
    }
    if (h) {
        curl_easy_setopt(h, CURLOPT_CURLU, NULL);
        net_give(n, h);
    }
    curl_slist_free_all(to);
    curl_url_cleanup(u);
    buf_finish(&text);
}
