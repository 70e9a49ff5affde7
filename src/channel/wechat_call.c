/* SPDX-License-Identifier: EUPL-1.2 */
/* Calls with an access token that lives two hours, is one for the whole account and is fetched by one thread while the
 * others wait. */
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "channel/wechat.h"

enum { TOKENS_MAX = 16, TOKEN_BYTES = 600, EARLY_MS = 5 * 60 * 1000, REFUSED_MS = 5 * 60 * 1000, UPLOAD_MS = 120000 };

/* Declared cache: the tokens of this process. WeChat's "stable" tokens are the same for every process that asks. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct {
        unsigned char account[crypto_generichash_BYTES]; /* of address, id and secret: new settings, new token */
        char text[TOKEN_BYTES];
        size_t n;
        int64_t until_mono_ms;
        bool fetching, used;
    } v[TOKENS_MAX];
    size_t next;
} tokens = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void account_of(const struct channel *ch, struct arena *a, unsigned char ret[crypto_generichash_BYTES])
{
    struct sv all =
        arena_fmt(a, "%.*s\n%.*s\n%.*s", SV_ARG(setting_base(ch, WECHAT_API)),
                  SV_ARG(json_member_sv(ch->config, "app_id")), SV_ARG(json_member_sv(ch->config, "app_secret")));
    crypto_generichash(ret, crypto_generichash_BYTES, (const unsigned char *)all.p, all.n, NULL, 0);
}

/* The place of an account; a full table gives up its oldest place that nobody is filling. */
static size_t place_locked(const unsigned char account[crypto_generichash_BYTES])
{
    for (size_t i = 0; i < TOKENS_MAX; i++)
        if (tokens.v[i].used && memcmp(tokens.v[i].account, account, crypto_generichash_BYTES) == 0)
            return i;
    size_t at = tokens.next;
    for (size_t i = 0; i < TOKENS_MAX && tokens.v[at].fetching; i++)
        at = (at + 1) % TOKENS_MAX;
    tokens.next = (at + 1) % TOKENS_MAX;
    memset(&tokens.v[at], 0, sizeof tokens.v[at]);
    memcpy(tokens.v[at].account, account, crypto_generichash_BYTES);
    tokens.v[at].used = true;
    return at;
}

static struct sv fetch_token(const struct channel *ch, struct net *net, struct arena *a, bool force,
                             int64_t *ret_lives_ms, struct send_result *ret_why)
{
    struct json_body b;
    struct call_answer r;
    body_begin(&b);
    json_w_kv_z(&b.w, "grant_type", "client_credential");
    json_w_kv_sv(&b.w, "appid", json_member_sv(ch->config, "app_id"));
    json_w_kv_sv(&b.w, "secret", json_member_sv(ch->config, "app_secret"));
    json_w_kv_bool(&b.w, "force_refresh", force);
    provider_call(
        net, a,
        &(struct net_request){.method = "POST",
                              .url = arena_fmt(a, "%.*s/cgi-bin/stable_token", SV_ARG(setting_base(ch, WECHAT_API))),
                              .body = body_end(&b, a),
                              .content_type = "application/json",
                              .total_ms = 10000,
                              .idempotent = true},
        &r);
    struct sv token = json_member_sv(r.json, "access_token");
    int64_t s = json_member_int(r.json, "expires_in", 0), code = json_member_int(r.json, "errcode", 0);
    *ret_lives_ms = s > 0 && s < 100000 ? s * 1000 : 0;
    *ret_why = r.res;
    if (r.res.cls == SEND_OK && token.n && token.n < TOKEN_BYTES)
        return token;
    if (code)
        wechat_classify(code, a, ret_why);
    if (ret_why->cls == SEND_OK || ret_why->cls == SEND_FAILED) /* nothing of the queue is lost for that */
        *ret_why = (struct send_result){
            .cls = SEND_RETRY, .code = SV("401"), .pause_lane = true, .retry_after_ms = REFUSED_MS};
    return (struct sv){0};
}

enum pw_err wechat_token(const struct channel *ch, struct net *net, struct arena *a, struct sv refused,
                         struct sv *ret_token, struct send_result *ret_why)
{
    unsigned char account[crypto_generichash_BYTES];
    account_of(ch, a, account);
    pthread_mutex_lock(&tokens.lock);
    size_t i = place_locked(account);
    while (tokens.v[i].fetching) { /* one flight */
        pthread_cond_wait(&tokens.changed, &tokens.lock);
        i = place_locked(account);
    }
    struct sv have = arena_sv(a, (struct sv){tokens.v[i].text, tokens.v[i].n});
    bool good = have.n && clock_mono_ms() < tokens.v[i].until_mono_ms && !sv_eq(have, refused);
    tokens.v[i].fetching = !good;
    pthread_mutex_unlock(&tokens.lock);
    if (good) {
        *ret_token = have;
        return PW_OK;
    }
    int64_t lives = 0;
    struct sv fresh = fetch_token(ch, net, a, refused.n > 0, &lives, ret_why);
    pthread_mutex_lock(&tokens.lock);
    tokens.v[i].fetching = false;
    tokens.v[i].n = fresh.n;
    if (fresh.n)
        memcpy(tokens.v[i].text, fresh.p, fresh.n);
    tokens.v[i].until_mono_ms = clock_mono_ms() + (lives > 2 * EARLY_MS ? lives - EARLY_MS : lives / 2);
    pthread_cond_broadcast(&tokens.changed);
    pthread_mutex_unlock(&tokens.lock);
    *ret_token = fresh;
    return fresh.n ? PW_OK : PW_UNAVAILABLE;
}

/* ---- errors ---- */

/* developers.weixin.qq.com, "Return codes"; seen 2026-11. */
void wechat_classify(int64_t errcode, struct arena *a, struct send_result *ret)
{
    struct send_result r = {.cls = SEND_FAILED, .code = arena_fmt(a, "%lld", (long long)errcode)};
    switch (errcode) {
    case 0:
        r = (struct send_result){.cls = SEND_OK};
        break;
    case -1:    /* busy */
    case 45011: /* too often, a minute */
        r.cls = SEND_RETRY;
        break;
    case 45009: /* the day's share is used up */
        r.cls = SEND_RETRY;
        r.pause_lane = true;
        r.retry_after_ms = 15 * 60 * 1000;
        break;
    case 45015: /* 48 hours are over */
    case 45047: /* too many in a row: the person must write first */
        r.cls = SEND_WAITS;
        r.code = SV("window-shut");
        break;
    case 43004: /* does not follow us any more */
        r.cls = SEND_BLOCKED;
        break;
    case 40001:
    case 40013:
    case 40014:
    case 40125:
    case 40164: /* our address is not on the account's list */
    case 41002:
    case 41004:
    case 42001:
    case 48001:
    case 50001:
        r.cls = SEND_RETRY;
        r.code = SV("401");
        r.pause_lane = true;
        r.retry_after_ms = REFUSED_MS;
        break;
    default:
        break;
    }
    *ret = r;
}

static bool token_gone(int64_t errcode)
{
    return errcode == 40001 || errcode == 40014 || errcode == 42001;
}

static void one_call(const struct channel *ch, struct net *net, struct arena *a, const char *path, struct sv token,
                     struct sv json, const struct net_part *part, bool repeatable, struct wechat_reply *ret)
{
    struct call_answer r;
    char sep = strchr(path, '?') ? '&' : '?';
    provider_call(
        net, a,
        &(struct net_request){.method = json.n || part ? "POST" : "GET",
                              .url = arena_fmt(a, "%.*s%s%caccess_token=%.*s", SV_ARG(setting_base(ch, WECHAT_API)),
                                               path, sep, SV_ARG(token)),
                              .body = json,
                              .content_type = json.n ? "application/json" : NULL,
                              .parts = part,
                              .n_parts = part ? 1 : 0,
                              .total_ms = part ? UPLOAD_MS : 0,
                              .idempotent = repeatable},
        &r);
    *ret = (struct wechat_reply){.res = r.res, .json = r.json, .errcode = json_member_int(r.json, "errcode", 0)};
    if (r.res.cls == SEND_OK && ret->errcode)
        wechat_classify(ret->errcode, a, &ret->res);
}

void wechat_call(const struct channel *ch, struct net *net, struct arena *a, const char *path, struct sv json,
                 const struct net_part *part, bool repeatable, struct wechat_reply *ret)
{
    struct sv token, refused = {0};
    for (int try = 0; try < 2; try++) {
        *ret = (struct wechat_reply){0};
        if (wechat_token(ch, net, a, refused, &token, &ret->res) != PW_OK)
            return;
        one_call(ch, net, a, path, token, json, part, repeatable, ret);
        if (!token_gone(ret->errcode))
            return;
        refused = token;
    }
}
