/* SPDX-License-Identifier: EUPL-1.2 */
#include "net/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "net/net_priv.h"

/* Declared cache: libcurl is made ready once a process. */
static pthread_once_t curl_ready = PTHREAD_ONCE_INIT;

static void make_curl_ready(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

enum pw_err net_open(const char *version, struct net **ret)
{
    pthread_once(&curl_ready, make_curl_ready);
    struct net *n = calloc(1, sizeof *n);
    if (!n)
        return PW_UNAVAILABLE;
    pthread_mutex_init(&n->lock, NULL);
    atomic_init(&n->stopping, false);
    snprintf(n->agent, sizeof n->agent, "Passerelle/%s", version);
    *ret = n;
    return PW_OK;
}

void net_stop(struct net *n)
{
    atomic_store(&n->stopping, true);
}

void net_close(struct net *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < n->n_idle; i++)
        curl_easy_cleanup(n->idle[i]);
    imap_close_all(n);
    origins_free(n);
    pthread_mutex_destroy(&n->lock);
    free(n);
}

CURL *net_take(struct net *n)
{
    CURL *h = NULL;
    if (atomic_load(&n->stopping))
        return NULL;
    pthread_mutex_lock(&n->lock);
    if (n->n_idle > 0)
        h = n->idle[--n->n_idle];
    pthread_mutex_unlock(&n->lock);
    return h ? h : curl_easy_init();
}

void net_give(struct net *n, CURL *h)
{
    curl_easy_reset(h); /* keeps the connections */
    pthread_mutex_lock(&n->lock);
    if (n->n_idle < IDLE_MAX) {
        n->idle[n->n_idle++] = h;
        h = NULL;
    }
    pthread_mutex_unlock(&n->lock);
    if (h)
        curl_easy_cleanup(h);
}

/* ---- guards that every request passes ---- */

static curl_socket_t open_socket(void *self, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct call *c = self;
    if (purpose != CURLSOCKTYPE_IPCXN || !rule_permits(&c->rule, address_kind_of(&to->addr))) {
        c->address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Right before a request goes out, also on a kept connection. curl quietly sends again when a kept connection turns
 * out to be dead, although the other side may have acted on the first: only harmless requests may do that. */
static int before_request(void *self, char *ip, char *local_ip, int port, int local_port)
{
    struct call *c = self;
    (void)local_ip, (void)port, (void)local_port;
    if (!rule_permits(&c->rule, address_kind_of_text(ip)))
        c->address_refused = true;
    else if (c->sent && !c->idempotent)
        c->resend_refused = true;
    else {
        c->sent = true;
        return CURL_PREREQFUNC_OK;
    }
    return CURL_PREREQFUNC_ABORT;
}

static int progress(void *self, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
    const struct call *c = self;
    (void)dt, (void)dn, (void)ut, (void)un;
    return c->idempotent && atomic_load(&c->net->stopping) ? 1 : 0;
}

bool net_guard(struct call *c, CURL *h, const char *protocols, int connect_ms, int total_ms, int idle_ms)
{
    bool ok = true;
    long total = total_ms ? total_ms : 30000, idle = idle_ms ? idle_ms : 15000;
#define SET(option, value) ok = ok && curl_easy_setopt(h, option, value) == CURLE_OK
    SET(CURLOPT_PROTOCOLS_STR, protocols);
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, ""); /* the environment does not decide where things go */
    SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_USERAGENT, c->net->agent);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)(connect_ms ? connect_ms : 5000));
    SET(CURLOPT_TIMEOUT_MS, total);
    SET(CURLOPT_LOW_SPEED_LIMIT, 1L);
    SET(CURLOPT_LOW_SPEED_TIME, (idle + 999) / 1000);
    SET(CURLOPT_MAXAGE_CONN, 30L); /* younger than most servers keep them: fewer dead ones */
    SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
    SET(CURLOPT_OPENSOCKETDATA, c);
    SET(CURLOPT_PREREQFUNCTION, before_request);
    SET(CURLOPT_PREREQDATA, c);
    SET(CURLOPT_NOPROGRESS, 0L);
    SET(CURLOPT_XFERINFOFUNCTION, progress);
    SET(CURLOPT_XFERINFODATA, c);
#undef SET
    return ok;
}

const char *net_code(const struct call *c, CURLcode rc)
{
    if (rc == CURLE_OK)
        return "";
    if (c->address_refused && !c->sent)
        return "address-refused";
    if (c->resend_refused)
        return "resend-refused";
    switch (rc) {
    case CURLE_COULDNT_RESOLVE_HOST:
        return "dns";
    case CURLE_COULDNT_CONNECT:
        return "connect";
    case CURLE_OPERATION_TIMEDOUT:
        return "timeout";
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:
        return "tls";
    case CURLE_ABORTED_BY_CALLBACK:
        return "stopped";
    case CURLE_GOT_NOTHING:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_PARTIAL_FILE:
        return "cut";
    case CURLE_READ_ERROR:
        return "file";
    case CURLE_OUT_OF_MEMORY:
        return "memory";
    default:
        return "failed";
    }
}
