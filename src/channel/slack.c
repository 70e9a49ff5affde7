/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/slack.h"

#include <string.h>

#include "channel/signature.h"

enum { WHO_MS = 1500, TOKEN_REFUSED_MS = 5 * 60 * 1000 };
#define SKEW_MS (5 * 60 * 1000)

/* ---- settings ---- */

static enum pw_err check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv admin = json_member_sv(config, "admin_token");
    if (!setting_token_ok(json_member_sv(config, "token")))
        e = problem_add(ps, "token", N_("Give the bot token, which begins with xoxb-."));
    if (!setting_word_ok(json_member_sv(config, "signing_secret"), 200))
        e = problem_add(ps, "signing_secret", N_("A channel without a secret cannot be switched on."));
    if (admin.n && !setting_token_ok(admin))
        e = problem_add(ps, "admin_token", N_("Give a user token, which begins with xoxp-, or leave it empty."));
    if (!setting_is_base(json_member_sv(config, "api_base")))
        e = problem_add(ps, "api_base", N_("Give an https address; plain http only on this machine."));
    return e;
}

static enum pw_err allow(const struct channel *ch, struct net *net)
{
    static const char *const urls[] = {SLACK_API, "https://files.slack.com"};
    return provider_allow(ch, net, urls, 2);
}

/* ---- authenticity ---- */

static enum pw_err verify(const struct channel *ch, const struct chan_request *rq)
{
    struct sv stamp = rq->header(rq->self, "X-Slack-Request-Timestamp");
    struct sv given = rq->header(rq->self, "X-Slack-Signature");
    if (strcmp(rq->method, "POST") != 0 || !sv_starts(given, SV("v0=")) || !stamp_is_fresh(stamp, rq->now_ms, SKEW_MS))
        return PW_DENIED;
    const struct sv pieces[] = {SV("v0:"), stamp, SV(":"), rq->body};
    bool ok = hmac_sha256_is(json_member_sv(ch->config, "signing_secret"), pieces, 4, sv_sub(given, 3, given.n));
    return ok ? PW_OK : PW_DENIED;
}

/* ---- calls ---- */

/* Slack's words that mean more than "no" (docs of chat.postMessage, chat.delete, conversations.open; 2026-11). */
static const struct {
    const char *word;
    enum send_class cls;
    bool token; /* the token is no longer good: nothing of the queue may be lost for that */
} known[] = {
    {"ratelimited", SEND_RETRY, false},         {"rate_limited", SEND_RETRY, false},
    {"internal_error", SEND_RETRY, false},      {"fatal_error", SEND_RETRY, false},
    {"service_unavailable", SEND_RETRY, false}, {"request_timeout", SEND_RETRY, false},
    {"team_added_to_org", SEND_RETRY, false},   {"invalid_auth", SEND_RETRY, true},
    {"not_authed", SEND_RETRY, true},           {"account_inactive", SEND_RETRY, true},
    {"token_revoked", SEND_RETRY, true},        {"token_expired", SEND_RETRY, true},
    {"missing_scope", SEND_RETRY, true},        {"user_disabled", SEND_BLOCKED, false},
    {"message_not_found", SEND_OK, false}, /* of a deletion: it is gone */
};

void slack_classify(int status, const json_t *json, struct arena *a, struct slack_reply *io)
{
    io->json = NULL;
    io->error = json_member_sv(json, "error");
    if (status < 200 || status > 299 || !json)
        return; /* by the status alone */
    if (json_member_bool(json, "ok")) {
        io->json = json;
        io->res = (struct send_result){.cls = SEND_OK};
        return;
    }
    io->res = (struct send_result){.cls = SEND_FAILED, .code = arena_sv(a, sv_sub(io->error, 0, 40))};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (sv_eq_z(io->error, known[i].word)) {
            io->res.cls = known[i].cls;
            if (known[i].token) {
                io->res.code = SV("401");
                io->res.pause_lane = true;
                io->res.retry_after_ms = TOKEN_REFUSED_MS;
            }
        }
    if (!io->error.n) { /* neither yes nor no */
        io->res.cls = SEND_IN_DOUBT;
        io->res.code = SV("unreadable");
    }
}

void slack_call(const struct channel *ch, struct net *net, struct arena *a, const char *method, const struct sv *pairs,
                size_t n_pairs, bool get, bool repeatable, bool admin, struct slack_reply *ret)
{
    struct sv form = net_form(a, pairs, n_pairs);
    struct sv url = arena_fmt(a, "%.*s/%s%s%.*s", SV_ARG(setting_base(ch, SLACK_API)), method, get && form.n ? "?" : "",
                              get ? (int)form.n : 0, form.p ? form.p : "");
    struct call_answer r;
    provider_call(
        net, a,
        &(struct net_request){.method = get ? "GET" : "POST",
                              .url = url,
                              .headers = bearer(a, json_member_sv(ch->config, admin ? "admin_token" : "token")),
                              .n_headers = 1,
                              .body = get ? (struct sv){0} : form,
                              .content_type = get ? NULL : "application/x-www-form-urlencoded",
                              .idempotent = repeatable},
        &r);
    *ret = (struct slack_reply){.res = r.res};
    slack_classify(r.status, r.json, a, ret);
    if (repeatable && ret->res.cls == SEND_IN_DOUBT)
        ret->res.cls = SEND_RETRY;
}

static enum pw_err enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                          struct sv *ret_why)
{
    struct slack_reply r;
    if (!webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first."));
        return PW_INVALID;
    }
    slack_call(ch, net, a, "auth.test", NULL, 0, true, true, false, &r);
    if (r.res.cls == SEND_OK)
        return PW_OK;
    bool refused = sv_eq_z(r.res.code, "401");
    *ret_why = refused ? SV(N_("Slack does not accept this token.")) : SV(N_("Slack cannot be reached now."));
    return refused ? PW_DENIED : PW_UNAVAILABLE;
}

/* Events name people by their ids only. */
static void who(const struct channel *ch, struct net *net, struct arena *a, struct chan_event *io)
{
    struct slack_reply r;
    const struct sv pairs[] = {SV("user"), io->user, SV("include_locale"), SV("true")};
    slack_call(ch, net, a, "users.info", pairs, 2, true, true, false, &r);
    const json_t *user = json_object_get(r.json, "user");
    struct sv name = json_member_sv(json_object_get(user, "profile"), "display_name");
    if (!name.n)
        name = json_member_sv(user, "real_name");
    io->user_name = clip_text(name, 256);
    io->user_lang = clip_text(json_member_sv(user, "locale"), 35);
}

/* ---- files ---- */

static enum pw_err fetch(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id, struct sv path)
{
    struct slack_reply r;
    const struct sv pairs[] = {SV("file"), file_id};
    if (!setting_word_ok(file_id, 40))
        return PW_INVALID;
    slack_call(ch, net, a, "files.info", pairs, 1, true, true, false, &r);
    if (r.res.cls != SEND_OK)
        return r.res.cls == SEND_FAILED ? PW_NOT_FOUND : PW_UNAVAILABLE;
    const json_t *f = json_object_get(r.json, "file");
    struct sv url = json_member_sv(f, "url_private_download");
    return provider_download(net, a,
                             &(struct net_request){.url = url.n ? url : json_member_sv(f, "url_private"),
                                                   .headers = bearer(a, json_member_sv(ch->config, "token")),
                                                   .n_headers = 1},
                             SLACK_FILE_MAX, path);
}

/* ---- the driver ---- */

#define SLACK_DOCS "docs.slack.dev: "
static const struct chan_limit limits[] = {
    {"text-characters", SLACK_TEXT_MAX, "2026-11-01", SLACK_DOCS "chat.postMessage"},
    {"text-characters-cut", 40000, "2026-11-01", SLACK_DOCS "chat.postMessage"},
    {"posts-a-second-a-channel", 1, "2026-11-01", SLACK_DOCS "rate limits"},
    {"events-an-hour-a-workspace", 30000, "2026-11-01", SLACK_DOCS "Events API"},
    {"answer-seconds", 3, "2026-11-01", SLACK_DOCS "Events API"},
    {0},
};
static const struct chan_setting settings[] = {
    {"token", N_("Bot token"), N_("OAuth & Permissions of your Slack app; begins with xoxb-."),
     SET_REQUIRED | SET_SECRET, NULL},
    {"signing_secret", N_("Signing secret"), N_("Basic Information of your Slack app. Signs every call to us."),
     SET_REQUIRED | SET_SECRET, NULL},
    {"admin_token", N_("Token of an administrator"),
     N_("Only when moderators here may take away other people’s messages in Slack; begins with xoxp-."), SET_SECRET,
     NULL},
    {"api_base", N_("Another address of the service"), N_("Only for tests."), 0, NULL},
    {0},
};

const struct chan_driver slack_driver = {
    .kind = "slack",
    .label = "Slack",
    .cls = 'A',
    .caps = CAP_GROUPS | CAP_DELETE | CAP_REPLY | CAP_FILES | CAP_VOICE | CAP_BUTTONS | CAP_TAKE_BACK | CAP_MARK,
    .rate_per_s = 1, /* one a second in one channel; short bursts are borne */
    .limits = limits,
    .settings = settings,
    .sees =
        N_("Slack, the company, and the owners of the workspace can read everything written there, also in private. "
           "Other members see your name in the workspace."),
    .check_config = check_config,
    .allow = allow,
    .verify = verify,
    .decode = slack_decode,
    .send = slack_send,
    .enable = enable,
    .who = who,
    .fetch = fetch,
};
