/* SPDX-License-Identifier: EUPL-1.2 */
/* Which origins are allowed, and which addresses an origin may turn out to have. */
#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "net/net_priv.h"

/* ---- addresses ---- */

struct range4 {
    uint32_t net;
    int bits;
    enum address_kind kind;
};
/* IANA's special-purpose registry; what is not here is public. */
static const struct range4 ranges4[] = {
    {0x00000000, 8, ADDRESS_NEVER},  /* this network */
    {0x0A000000, 8, ADDRESS_LOCAL},  /* private */
    {0x64400000, 10, ADDRESS_LOCAL}, /* carrier's private */
    {0x7F000000, 8, ADDRESS_LOCAL},  /* loopback */
    {0xA9FE0000, 16, ADDRESS_NEVER}, /* link-local: also where clouds keep their keys */
    {0xAC100000, 12, ADDRESS_LOCAL}, /* private */
    {0xC0000000, 24, ADDRESS_NEVER}, /* protocol assignments */
    {0xC0000200, 24, ADDRESS_NEVER}, /* documentation */
    {0xC0586300, 24, ADDRESS_NEVER}, /* 6to4 relays */
    {0xC0A80000, 16, ADDRESS_LOCAL}, /* private */
    {0xC6120000, 15, ADDRESS_NEVER}, /* benchmarks */
    {0xC6336400, 24, ADDRESS_NEVER}, /* documentation */
    {0xCB007100, 24, ADDRESS_NEVER}, /* documentation */
    {0xE0000000, 3, ADDRESS_NEVER},  /* multicast, reserved, broadcast */
};

static enum address_kind kind4(uint32_t ip)
{
    for (size_t i = 0; i < sizeof ranges4 / sizeof ranges4[0]; i++)
        if (((ip ^ ranges4[i].net) >> (32 - ranges4[i].bits)) == 0)
            return ranges4[i].kind;
    return ADDRESS_PUBLIC;
}

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static enum address_kind kind6(const unsigned char ip[16])
{
    static const unsigned char loopback[16] = {[15] = 1}, mapped[12] = {[10] = 0xFF, [11] = 0xFF},
                               nat64[12] = {0, 0x64, 0xFF, 0x9B};
    if (memcmp(ip, loopback, 16) == 0)
        return ADDRESS_LOCAL;
    if (memcmp(ip, mapped, 12) == 0)
        return kind4(be32(ip + 12));
    /* An IPv4 address inside an IPv6 one is a way around: only public ones pass. */
    if (memcmp(ip, nat64, 12) == 0)
        return kind4(be32(ip + 12)) == ADDRESS_PUBLIC ? ADDRESS_PUBLIC : ADDRESS_NEVER;
    if (ip[0] == 0x20 && ip[1] == 0x02)
        return kind4(be32(ip + 2)) == ADDRESS_PUBLIC ? ADDRESS_PUBLIC : ADDRESS_NEVER;
    if ((ip[0] & 0xFE) == 0xFC)
        return ADDRESS_LOCAL; /* unique local */
    if (ip[0] == 0x20 && ip[1] == 0x01 && (ip[2] < 0x02 || (ip[2] == 0x0D && ip[3] == 0xB8)))
        return ADDRESS_NEVER; /* tunnels (Teredo), assignments, documentation */
    return (ip[0] & 0xE0) == 0x20 ? ADDRESS_PUBLIC : ADDRESS_NEVER;
}

enum address_kind address_kind_of(const struct sockaddr *sa)
{
    if (sa->sa_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, sa, sizeof in);
        return kind4(ntohl(in.sin_addr.s_addr));
    }
    if (sa->sa_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, sa, sizeof in6);
        return kind6(in6.sin6_addr.s6_addr);
    }
    return ADDRESS_NEVER;
}

enum address_kind address_kind_of_text(const char *ip)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, ip, &v4) == 1)
        return kind4(ntohl(v4.s_addr));
    if (inet_pton(AF_INET6, ip, &v6) == 1)
        return kind6(v6.s6_addr);
    return ADDRESS_NEVER;
}

bool rule_permits(const struct rule *r, enum address_kind kind)
{
    if (kind == ADDRESS_NEVER)
        return false;
    if (kind == ADDRESS_LOCAL)
        return r->local;
    return !r->plain; /* nothing unencrypted goes to a public address */
}

/* ---- the list ---- */

enum pw_err origin_add(struct net *n, int64_t owner, const char *scheme, const char *host, long port, const char *path,
                       unsigned flags)
{
    struct origin o = {owner, strdup(scheme),    strdup(host),          strdup(path),
                       port,  flags & NET_LOCAL, flags & NET_SUBDOMAINS};
    pthread_mutex_lock(&n->lock);
    struct origin *more = o.scheme && o.host && o.path ? realloc(n->origins, (n->n_origins + 1) * sizeof *more) : NULL;
    if (more) {
        n->origins = more;
        n->origins[n->n_origins++] = o;
    }
    pthread_mutex_unlock(&n->lock);
    if (more)
        return PW_OK;
    free(o.scheme);
    free(o.host);
    free(o.path);
    return PW_UNAVAILABLE;
}

static void origin_finish(struct origin *o)
{
    free(o->scheme);
    free(o->host);
    free(o->path);
}

void origins_free(struct net *n)
{
    for (size_t i = 0; i < n->n_origins; i++)
        origin_finish(&n->origins[i]);
    free(n->origins);
}

void net_forget(struct net *n, int64_t owner)
{
    size_t kept = 0;
    imap_forget(n, owner);
    pthread_mutex_lock(&n->lock);
    for (size_t i = 0; i < n->n_origins; i++) {
        if (n->origins[i].owner == owner)
            origin_finish(&n->origins[i]);
        else
            n->origins[kept++] = n->origins[i];
    }
    n->n_origins = kept;
    pthread_mutex_unlock(&n->lock);
}

/* The parts of a URL that decide. Strings belong to curl: parts_finish(). */
struct parts {
    char *scheme, *host, *port, *path;
};

static void parts_finish(struct parts *p)
{
    curl_free(p->scheme);
    curl_free(p->host);
    curl_free(p->port);
    curl_free(p->path);
}

/* Dots or a slash written as percent codes would let a path climb out of its prefix at the other end. */
static bool path_is_plain(const char *path)
{
    for (const char *p = path; *p; p++) {
        if (*p == '\\')
            return false;
        if (*p == '%' && (strncasecmp(p, "%2e", 3) == 0 || strncasecmp(p, "%2f", 3) == 0 ||
                          strncasecmp(p, "%5c", 3) == 0 || strncmp(p, "%00", 3) == 0))
            return false;
    }
    return true;
}

static bool parts_of(CURLU *u, struct parts *p)
{
    char *user = NULL, *password = NULL;
    *p = (struct parts){0};
    bool ok = curl_url_get(u, CURLUPART_USER, &user, 0) == CURLUE_NO_USER &&
              curl_url_get(u, CURLUPART_PASSWORD, &password, 0) == CURLUE_NO_PASSWORD &&
              curl_url_get(u, CURLUPART_SCHEME, &p->scheme, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_HOST, &p->host, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_PORT, &p->port, CURLU_DEFAULT_PORT) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_PATH, &p->path, 0) == CURLUE_OK && path_is_plain(p->path);
    curl_free(user);
    curl_free(password);
    return ok;
}

static bool path_fits(const char *path, const char *prefix)
{
    size_t n = strlen(prefix);
    if (strncmp(path, prefix, n) != 0)
        return false;
    return n == 0 || prefix[n - 1] == '/' || path[n] == '/' || path[n] == 0;
}

static bool host_fits(const struct origin *o, const char *host)
{
    size_t n = strlen(host), own = strlen(o->host);
    if (strcasecmp(o->host, host) == 0)
        return true;
    return o->below && n > own + 1 && host[n - own - 1] == '.' && strcasecmp(host + n - own, o->host) == 0;
}

bool origin_find(struct net *n, CURLU *u, struct rule *ret)
{
    struct parts p;
    bool found = false;
    if (parts_of(u, &p)) {
        long port = strtol(p.port, NULL, 10);
        pthread_mutex_lock(&n->lock);
        for (size_t i = 0; i < n->n_origins && !found; i++) {
            const struct origin *o = &n->origins[i];
            if (strcmp(o->scheme, p.scheme) == 0 && host_fits(o, p.host) && o->port == port &&
                path_fits(p.path, o->path)) {
                *ret = (struct rule){o->local, strcmp(o->scheme, "https") != 0};
                found = true;
            }
        }
        pthread_mutex_unlock(&n->lock);
    }
    parts_finish(&p);
    return found;
}

/* A URL from a text; NULL when curl does not take it or it holds a NUL. */
static CURLU *url_of(struct sv text)
{
    CURLU *u = NULL;
    char *z = text.n && !memchr(text.p, 0, text.n) ? strndup(text.p, text.n) : NULL;
    if (z)
        u = curl_url();
    if (u && curl_url_set(u, CURLUPART_URL, z, CURLU_DISALLOW_USER) != CURLUE_OK) {
        curl_url_cleanup(u);
        u = NULL;
    }
    free(z);
    return u;
}

enum pw_err net_allow(struct net *n, int64_t owner, struct sv base_url, unsigned flags)
{
    enum pw_err e = PW_INVALID;
    struct parts p = {0};
    CURLU *u = url_of(base_url);
    char *query = NULL;
    if (u && curl_url_get(u, CURLUPART_QUERY, &query, 0) == CURLUE_NO_QUERY && parts_of(u, &p)) {
        bool https = strcmp(p.scheme, "https") == 0, http = strcmp(p.scheme, "http") == 0;
        if (https || (http && (flags & NET_LOCAL) && !(flags & NET_SUBDOMAINS)))
            e = origin_add(n, owner, p.scheme, p.host, strtol(p.port, NULL, 10), p.path, flags);
    }
    curl_free(query);
    parts_finish(&p);
    curl_url_cleanup(u);
    return e;
}

struct sv net_origin_text(struct arena *a, struct sv url)
{
    struct sv out = {0};
    CURLU *u = url_of(url);
    char *scheme = NULL, *host = NULL, *port = NULL;
    if (u && curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK) {
        if (curl_url_get(u, CURLUPART_PORT, &port, 0) == CURLUE_OK)
            out = arena_fmt(a, "%s://%s:%s", scheme, host, port);
        else
            out = arena_fmt(a, "%s://%s", scheme, host);
    }
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(u);
    return out;
}

/* ---- connections that are not HTTP ---- */

enum pw_err net_local_address(struct sv host, char ret[NET_ADDRESS_TEXT])
{
    char name[256];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    if (host.n == 0 || host.n >= sizeof name)
        return PW_DENIED;
    memcpy(name, host.p, host.n);
    name[host.n] = 0;
    if (getaddrinfo(name, NULL, &hints, &found) != 0)
        return PW_UNAVAILABLE;
    enum pw_err e = PW_DENIED;
    for (const struct addrinfo *i = found; i && e != PW_OK; i = i->ai_next)
        if (address_kind_of(i->ai_addr) == ADDRESS_LOCAL &&
            getnameinfo(i->ai_addr, i->ai_addrlen, ret, NET_ADDRESS_TEXT, NULL, 0, NI_NUMERICHOST) == 0)
            e = PW_OK;
    freeaddrinfo(found);
    return e;
}
