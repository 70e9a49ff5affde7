/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/wechat.h"

#include <string.h>

#include "channel/file_stream.h"
#include "channel/signature.h"

enum { WORD_MAX = 32 };
#define SKEW_MS (5 * 60 * 1000)

static enum pw_err check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv key = json_member_sv(config, "encoding_key");
    if (!setting_word_ok(json_member_sv(config, "app_id"), 64))
        e = problem_add(ps, "app_id", N_("Give the AppID, which begins with wx."));
    if (!setting_word_ok(json_member_sv(config, "app_secret"), 64))
        e = problem_add(ps, "app_secret", N_("Give the AppSecret."));
    if (!setting_word_ok(json_member_sv(config, "token"), WORD_MAX))
        e = problem_add(ps, "token", N_("A channel without a secret cannot be switched on."));
    if (key.n && (key.n != WECHAT_KEY_CHARS || !setting_is_word(key)))
        e = problem_add(ps, "encoding_key",
                        N_("The EncodingAESKey has 43 letters and digits; empty means plain mode."));
    if (!setting_is_base(json_member_sv(config, "api_base")))
        e = problem_add(ps, "api_base", N_("Give an https address; plain http only on this machine."));
    return e;
}

static enum pw_err allow(const struct channel *ch, struct net *net)
{
    static const char *const urls[] = {WECHAT_API};
    return provider_allow(ch, net, urls, 1);
}

static enum pw_err verify(const struct channel *ch, const struct chan_request *rq)
{
    struct sv stamp = query_raw(rq->query, "timestamp");
    const struct sv pieces[] = {json_member_sv(ch->config, "token"), stamp, query_raw(rq->query, "nonce")};
    bool method = strcmp(rq->method, "GET") == 0 || strcmp(rq->method, "POST") == 0;
    bool ok = method && stamp_is_fresh(stamp, rq->now_ms, SKEW_MS) &&
              wechat_signature_is(pieces, 3, query_raw(rq->query, "signature"));
    return ok ? PW_OK : PW_DENIED;
}

/* The address is typed at WeChat; what can be asked here is whether the account gives us a token. */
static enum pw_err enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                          struct sv *ret_why)
{
    struct sv token;
    struct send_result why = {0};
    if (!webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first."));
        return PW_INVALID;
    }
    if (wechat_token(ch, net, a, (struct sv){0}, &token, &why) == PW_OK)
        return PW_OK;
    bool refused = sv_eq_z(why.code, "401");
    *ret_why = refused
                   ? SV(N_("WeChat does not accept this AppID and AppSecret, or this server’s address is not on the "
                           "account’s IP list."))
                   : SV(N_("WeChat cannot be reached now."));
    return refused ? PW_DENIED : PW_UNAVAILABLE;
}

/* The answer is the file, or JSON that says why not (a token that ended: the next try has a new one). */
static enum pw_err fetch(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id, struct sv path)
{
    struct sv token;
    struct send_result why;
    struct net_result got = {0};
    if (!setting_word_ok(file_id, 200))
        return PW_INVALID;
    if (wechat_token(ch, net, a, (struct sv){0}, &token, &why) != PW_OK)
        return PW_UNAVAILABLE;
    net_fetch(
        net, a,
        &(struct net_request){.method = "GET",
                              .url = arena_fmt(a, "%.*s/cgi-bin/media/get?access_token=%.*s&media_id=%.*s",
                                               SV_ARG(setting_base(ch, WECHAT_API)), SV_ARG(token), SV_ARG(file_id)),
                              .max_response = WECHAT_FILE_MAX,
                              .total_ms = 60000,
                              .idempotent = true},
        &got);
    if (got.phase != NET_DONE || got.status != 200)
        return strcmp(got.code, "too-large") == 0 ? PW_INVALID : PW_UNAVAILABLE;
    json_t *doc = NULL;
    if (sv_starts(got.body, SV("{")) && json_read(got.body, a, &doc, NULL) == PW_OK) {
        int64_t code = json_member_int(doc, "errcode", 0);
        struct send_result res;
        wechat_classify(code, a, &res);
        if (sv_eq_z(res.code, "401"))
            (void)wechat_token(ch, net, a, token, &token, &why);
        return res.cls == SEND_RETRY ? PW_UNAVAILABLE : PW_NOT_FOUND;
    }
    return file_put_plain(a, path, got.body);
}

#define WEIXIN "developers.weixin.qq.com: "
static const struct chan_limit limits[] = {
    {"text-bytes", 2048, "2026-11-01", WEIXIN "customer service messages"},
    {"window-hours", 48, "2026-11-01", WEIXIN "customer service messages"},
    {"sends-without-a-reply", 20, "2026-11-01", WEIXIN "customer service messages (5 for mini programs)"},
    {"same-number-minutes", 10, "2026-11-01", WEIXIN "client_msg_id"},
    {"answer-seconds", 5, "2026-11-01", WEIXIN "receiving messages"},
    {0},
};
static const struct chan_setting settings[] = {
    {"app_id", N_("AppID"), N_("Basic configuration of the official account."), SET_REQUIRED, NULL},
    {"app_secret", N_("AppSecret"), N_("Shown once when it is made; put this server’s address on the IP list there."),
     SET_REQUIRED | SET_SECRET, NULL},
    {"token", N_("Token"), N_("A word of your own, 3 to 32 letters and digits; type the same one at WeChat."),
     SET_REQUIRED | SET_SECRET, NULL},
    {"encoding_key", N_("EncodingAESKey"),
     N_("For the safe mode, which is better: in plain mode a call’s words are not signed. Empty: plain mode."),
     SET_SECRET, NULL},
    {"api_base", N_("Another address of the service"), N_("Only for tests."), 0, NULL},
    {0},
};

const struct chan_driver wechat_driver = {
    .kind = "wechat",
    .label = "WeChat",
    .cls = 'B',
    .caps = CAP_FILES | CAP_VOICE | CAP_IDEMPOTENT | CAP_BUTTONS,
    .rate_per_s = 10,
    .limits = limits,
    .settings = settings,
    .sees =
        N_("WeChat (Tencent) sees your account, when you write and every word, and keeps them on its servers. Other "
           "members do not see you there."),
    .window_ms = INT64_C(48) * 3600 * 1000,
    .check_config = check_config,
    .allow = allow,
    .verify = verify,
    .decode = wechat_decode,
    .send = wechat_send,
    .enable = enable,
    .fetch = fetch,
};
