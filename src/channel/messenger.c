/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/messenger.h"

static bool digits(struct sv s)
{
    int64_t n;
    return s.n > 0 && s.n <= 18 && sv_int(s, &n) && n > 0;
}

static enum pw_err check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = meta_check_config(config, ps);
    if (!digits(json_member_sv(config, "page_id")))
        e = problem_add(ps, "page_id", N_("Give the page’s ID, digits only."));
    return e;
}

static enum pw_err allow(const struct channel *ch, struct net *net)
{
    static const char *const urls[] = {GRAPH_API};
    PW_TRY(provider_allow(ch, net, urls, 1));
    if (json_member_sv(ch->config, "api_base").n)
        return PW_OK;
    /* Files come by addresses of Meta's content network, on changing hosts. */
    PW_TRY(net_allow(net, ch->id, SV("https://fbcdn.net"), NET_SUBDOMAINS));
    return net_allow(net, ch->id, SV("https://fbsbx.com"), NET_SUBDOMAINS);
}

/* The address is typed at Meta; the page must also be told to send its events to this app. */
static enum pw_err enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                          struct sv *ret_why)
{
    struct json_body b;
    struct call_answer r;
    if (!webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first."));
        return PW_INVALID;
    }
    body_begin(&b);
    json_w_kv_z(&b.w, "subscribed_fields", "messages,messaging_postbacks,message_deliveries");
    struct sv page = json_member_sv(ch->config, "page_id");
    graph_call(ch, net, a, graph_url(ch, a, "%.*s/subscribed_apps", SV_ARG(page)), body_end(&b, a), true, &r);
    return r.res.cls == SEND_OK ? PW_OK : graph_why_not(&r, ret_why);
}

/* Events name people by their page-scoped ids only. */
static void who(const struct channel *ch, struct net *net, struct arena *a, struct chan_event *io)
{
    struct call_answer r;
    if (!digits(io->user))
        return;
    graph_call(ch, net, a, graph_url(ch, a, "%.*s?fields=first_name,last_name", SV_ARG(io->user)), (struct sv){0}, true,
               &r);
    if (r.res.cls != SEND_OK)
        return;
    struct sv first = json_member_sv(r.json, "first_name"), last = json_member_sv(r.json, "last_name");
    io->user_name = clip_text(arena_fmt(a, "%.*s%s%.*s", SV_ARG(first), last.n ? " " : "", SV_ARG(last)), 256);
}

/* The id of a file is its address: short-lived, without a token. */
static enum pw_err fetch(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id, struct sv path)
{
    (void)ch;
    return provider_download(net, a, &(struct net_request){.url = file_id}, MSGR_FILE_MAX, path);
}

#define PLATFORM "developers.facebook.com: Messenger Platform"
static const struct chan_limit limits[] = {
    {"text-characters", MSGR_TEXT_MAX, "2026-11-01", PLATFORM ", Send API"},
    {"quick-replies", MSGR_CHOICES_MAX, "2026-11-01", PLATFORM ", quick replies"},
    {"quick-reply-characters", MSGR_CHOICE_CHARS, "2026-11-01", PLATFORM ", quick replies"},
    {"window-hours", 24, "2026-11-01", PLATFORM ", standard messaging window"},
    {"human-agent-days", 7, "2026-11-01", PLATFORM ", HUMAN_AGENT tag"},
    {"texts-a-second", 300, "2026-11-01", PLATFORM ", rate limits"},
    {"audio-video-a-second", 10, "2026-11-01", PLATFORM ", rate limits"},
    {0},
};
static const struct chan_choice human_agent[] = {
    {"no", N_("24 hours, as for everybody")},
    {"yes", N_("7 days for answers that a person writes (Meta has approved Human Agent)")},
    {0},
};
static const struct chan_setting settings[] = {
    {"page_id", N_("Page ID"), N_("In the page’s settings, About."), SET_REQUIRED, NULL},
    META_SETTINGS,
    {"human_agent", N_("How long answers may go out"), NULL, 0, human_agent},
    META_SETTINGS_END,
    {0},
};

const struct chan_driver messenger_driver = {
    .kind = "messenger",
    .label = "Messenger",
    .cls = 'B',
    .caps = CAP_FILES | CAP_VOICE | CAP_STATUS | CAP_BUTTONS,
    .rate_per_s = 40, /* far below the page's limit: files count much more */
    .limits = limits,
    .settings = settings,
    .sees = N_("Meta sees your Facebook name, when you write and every word to the page. Other members do not see you "
               "there."),
    .window_ms = INT64_C(24) * 3600 * 1000,
    .human_window_ms = INT64_C(7) * 24 * 3600 * 1000,
    .check_config = check_config,
    .allow = allow,
    .verify = meta_verify,
    .decode = messenger_decode,
    .send = messenger_send,
    .enable = enable,
    .who = who,
    .fetch = fetch,
};
