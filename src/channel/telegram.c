/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/telegram.h"

#include "channel/setting_check.h"

enum { SECRET_MAX = 256, TOKEN_MIN = 20, TOKEN_MAX = 100, CALL_S = 15, POLL_AT_ONCE = 50 };
enum { BODY_MAX = 4096 };

/* ---- settings ---- */

static bool token_ok(struct sv token)
{
    struct sv rest = token, id = {0};
    int64_t n;
    return token.n <= TOKEN_MAX && sv_cut(&rest, ':', &id) && sv_int(id, &n) && n > 0 && rest.n >= TOKEN_MIN &&
           setting_is_word(rest);
}

static enum pw_err telegram_check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv secret = json_member_sv(config, "secret"), mode = json_member_sv(config, "mode");
    bool polling = sv_eq_z(mode, "polling");
    if (!token_ok(json_member_sv(config, "token")))
        e = problem_add(ps, "token", N_("Give the token that BotFather showed, like 123456:ABC-DEF…"));
    if (mode.n && !polling && !sv_eq_z(mode, "webhook"))
        e = problem_add(ps, "mode", N_("Choose webhook or polling."));
    if (!polling && !secret.n)
        e = problem_add(ps, "secret", N_("A channel without a secret cannot be switched on."));
    else if (secret.n > SECRET_MAX || !setting_is_word(secret))
        e = problem_add(ps, "secret", N_("Use 1 to 256 letters, digits, underscores and hyphens."));
    if (!setting_is_base(json_member_sv(config, "api_base")))
        e = problem_add(ps, "api_base", N_("Give an https address; plain http only on this machine."));
    return e;
}

static enum pw_err telegram_allow(const struct channel *ch, struct net *net)
{
    static const char *const urls[] = {TG_API};
    return provider_allow(ch, net, urls, 1);
}

/* ---- authenticity ---- */

static enum pw_err telegram_verify(const struct channel *ch, const struct chan_request *rq)
{
    struct sv want = json_member_sv(ch->config, "secret");
    struct sv got = rq->header(rq->self, "X-Telegram-Bot-Api-Secret-Token");
    return secret_same(want, got) ? PW_OK : PW_DENIED;
}

/* ---- telling Telegram where we are ---- */

static void write_allowed(struct json_w *w)
{
    /* chat_member and message_reaction are not sent unless they are named. */
    static const char *const kinds[] = {"message",     "edited_message",    "callback_query",  "my_chat_member",
                                        "chat_member", "chat_join_request", "message_reaction"};
    json_w_key(w, "allowed_updates");
    json_w_array(w);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        json_w_z(w, kinds[i]);
    json_w_end(w);
}

static struct sv webhook_body(const struct channel *ch, struct arena *a, struct sv url)
{
    struct json_body x;
    body_begin(&x);
    json_w_kv_sv(&x.w, "url", url);
    json_w_kv_sv(&x.w, "secret_token", json_member_sv(ch->config, "secret"));
    json_w_kv_int(&x.w, "max_connections", 40);
    write_allowed(&x.w);
    return body_end(&x, a);
}

static enum pw_err why_not(const struct telegram_reply *r, struct sv *ret_why)
{
    if (r->status == 401 || r->status == 404) {
        *ret_why = SV(N_("Telegram does not know this token."));
        return PW_DENIED;
    }
    if (r->res.cls == SEND_FAILED) {
        *ret_why = SV(N_("Telegram refused the address of this installation. It must be public and use https."));
        return PW_INVALID;
    }
    *ret_why = SV(N_("Telegram cannot be reached now."));
    return PW_UNAVAILABLE;
}

static enum pw_err telegram_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                                   struct sv *ret_why)
{
    struct telegram_reply r;
    bool polling = sv_eq_z(json_member_sv(ch->config, "mode"), "polling");
    if (!polling && !webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first, or choose polling."));
        return PW_INVALID;
    }
    telegram_call(ch, net, a, "getMe", SV("{}"), TG_REPEATABLE, CALL_S, &r);
    if (r.res.cls != SEND_OK)
        return why_not(&r, ret_why);
    if (polling)
        telegram_call(ch, net, a, "deleteWebhook", SV("{\"drop_pending_updates\":false}"), TG_REPEATABLE, CALL_S, &r);
    else
        telegram_call(ch, net, a, "setWebhook", webhook_body(ch, a, webhook_url), TG_REPEATABLE, CALL_S, &r);
    return r.res.cls == SEND_OK ? PW_OK : why_not(&r, ret_why);
}

/* ---- asking for news ---- */

static struct sv poll_body(struct arena *a, struct sv cursor, int wait_s)
{
    int64_t offset = 0;
    struct json_body x;
    body_begin(&x);
    if (sv_int(cursor, &offset) && offset > 0)
        json_w_kv_int(&x.w, "offset", offset);
    json_w_kv_int(&x.w, "limit", POLL_AT_ONCE);
    json_w_kv_int(&x.w, "timeout", wait_s);
    write_allowed(&x.w);
    return body_end(&x, a);
}

/* The spinner on a pressed button ends only when the press is answered; no harm when this fails. */
static void answer_press(const struct channel *ch, struct net *net, struct arena *a, const json_t *update)
{
    struct sv id = json_member_sv(json_object_get(update, "callback_query"), "id");
    struct telegram_reply r;
    struct json_body x;
    if (!id.n)
        return;
    body_begin(&x);
    json_w_kv_sv(&x.w, "callback_query_id", id);
    telegram_call(ch, net, a, "answerCallbackQuery", body_end(&x, a), TG_REPEATABLE, CALL_S, &r);
}

static enum pw_err telegram_poll(const struct channel *ch, struct net *net, struct arena *a, int wait_s,
                                 struct sv *io_cursor, struct chan_events *ret)
{
    struct telegram_reply r;
    telegram_call(ch, net, a, "getUpdates", poll_body(a, *io_cursor, wait_s), TG_REPEATABLE, wait_s + CALL_S, &r);
    if (r.res.cls != SEND_OK || !json_is_array(r.result))
        return r.status == 401 || r.status == 404 ? PW_DENIED : PW_UNAVAILABLE;
    int64_t next = 0;
    size_t i;
    json_t *u;
    ret->n = 0;
    json_array_foreach(r.result, i, u)
    {
        int64_t id = json_member_int(u, "update_id", -1);
        if (id >= next)
            next = id + 1;
        if (i >= 2 * POLL_AT_ONCE)
            break;
        enum pw_err e = telegram_decode_update(u, a, ret);
        if (e == PW_UNAVAILABLE)
            return e;
        if (e == PW_OK) /* one that cannot be read is passed over: refusing it would stop all that come after */
            answer_press(ch, net, a, u);
    }
    ret->reply = (struct chan_reply){0};
    if (next > 0)
        *io_cursor = arena_fmt(a, "%lld", (long long)next);
    return PW_OK;
}

/* ---- files ---- */

static bool path_ok(struct sv path)
{
    if (!path.n || path.n > 300 || path.p[0] == '/' || sv_find(path, SV("..")) >= 0)
        return false;
    for (size_t i = 0; i < path.n; i++)
        if (path.p[i] <= ' ' || path.p[i] > '~' || path.p[i] == '?' || path.p[i] == '#' || path.p[i] == '\\')
            return false;
    return true;
}

static struct sv file_url(const struct channel *ch, struct arena *a, struct sv path)
{
    struct buf b;
    buf_init(&b, BODY_MAX);
    buf_fmt(&b, "%.*s/file/bot%.*s", SV_ARG(telegram_base(ch)), SV_ARG(json_member_sv(ch->config, "token")));
    struct sv rest = path, piece;
    while (sv_cut(&rest, '/', &piece)) {
        buf_c(&b, '/');
        buf_url(&b, piece);
    }
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

static enum pw_err telegram_fetch(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id,
                                  struct sv path)
{
    struct json_body x;
    struct telegram_reply r;
    body_begin(&x);
    json_w_kv_sv(&x.w, "file_id", file_id);
    telegram_call(ch, net, a, "getFile", body_end(&x, a), TG_REPEATABLE, CALL_S, &r);
    if (r.res.cls != SEND_OK)
        return r.res.cls != SEND_FAILED                     ? PW_UNAVAILABLE
               : sv_find(r.description, SV("too big")) >= 0 ? PW_INVALID
                                                            : PW_NOT_FOUND;
    struct sv at = json_member_sv(r.result, "file_path");
    if (!path_ok(at) || json_member_int(r.result, "file_size", 0) > TG_FILE_MAX)
        return PW_INVALID;
    return provider_download(net, a, &(struct net_request){.url = file_url(ch, a, at)}, TG_FILE_MAX, path);
}

/* ---- the driver ---- */

#define BOT_API "core.telegram.org/bots/api 10.1"
static const struct chan_limit limits[] = {
    {"text-utf16-units", TG_TEXT_UNITS, "2026-06-11", BOT_API},
    {"caption-utf16-units", TG_CAPTION_UNITS, "2026-06-11", BOT_API},
    {"download-bytes", TG_FILE_MAX, "2026-06-11", BOT_API},
    {"upload-photo-bytes", 10 * 1024 * 1024, "2026-06-11", BOT_API},
    {"upload-bytes", 50 * 1024 * 1024, "2026-06-11", BOT_API},
    {"applicant-chat-seconds", 300, "2026-06-11", BOT_API},
    {"join-query-seconds", 10, "2026-06-11", BOT_API},
    {"join-request-hours", 24, "2026-06-11", BOT_API},
    {"delete-hours", 48, "2026-06-11", BOT_API},
    {"group-sends-a-minute", 20, "2026-06-11", "core.telegram.org/bots/faq"},
    {"bulk-sends-a-second", 30, "2026-06-11", "core.telegram.org/bots/faq"},
    {"group-members", 200000, "2026-06-11", "telegram.org/faq"},
    {0},
};

static const struct chan_choice modes[] = {
    {"webhook", N_("The service calls this server (needs a public https address)")},
    {"polling", N_("This server asks the service (works without a public address)")},
    {0},
};
static const struct chan_setting settings[] = {
    {"token", N_("Token of the bot"), N_("BotFather shows it, like 123456:ABC-DEF…"), SET_REQUIRED | SET_SECRET, NULL},
    {"secret", N_("Secret"), N_("Repeated with every call, so that nobody else can call. Needed unless polling."),
     SET_SECRET, NULL},
    {"mode", N_("How messages come in"), NULL, 0, modes},
    {"api_base", N_("Another address of the service"), N_("Only for a local Bot API server or for tests."), 0, NULL},
    {0},
};

const struct chan_driver telegram_driver = {
    .kind = "telegram",
    .label = "Telegram",
    .cls = 'A',
    .caps = CAP_GROUPS | CAP_JOIN_REQUESTS | CAP_DELETE | CAP_RESTRICT | CAP_BAN | CAP_REPLY | CAP_FILES | CAP_VOICE |
            CAP_OGG_VOICE | CAP_BUTTONS | CAP_TAKE_BACK | CAP_MARK,
    .rate_per_s = 25, /* "about 30": a little below, so that 429 stays the exception */
    .limits = limits,
    .settings = settings,
    .sees = N_("Telegram sees your Telegram name and everything written in the group. Other members see your Telegram "
               "name and picture; hide your number in Telegram's own settings first."),
    .check_config = telegram_check_config,
    .allow = telegram_allow,
    .verify = telegram_verify,
    .decode = telegram_decode,
    .send = telegram_send,
    .enable = telegram_enable,
    .poll = telegram_poll,
    .fetch = telegram_fetch,
};
