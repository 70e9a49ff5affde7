/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/whatsapp.h"

enum { NUMBER_ID_MAX = 40, TEMPLATES_MAX = 2000, TEMPLATE_MAX = 512 };

static bool digits(struct sv s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0 && s.n <= max;
}

bool whatsapp_is_phone(struct sv id)
{
    return digits(id, 20);
}

bool whatsapp_is_bsuid(struct sv id)
{
    if (id.n < 4 || id.n > 136 || id.p[2] != '.')
        return false;
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!letter && (i < 2 || ((c < '0' || c > '9') && c != '.')))
            return false;
    }
    return true;
}

/* ---- settings ---- */

static bool templates_ok(struct sv text)
{
    struct sv rest = text, pair, lang;
    if (text.n > TEMPLATES_MAX)
        return false;
    while (sv_cut(&rest, ' ', &pair)) {
        if (!pair.n)
            continue;
        struct sv code = pair, name;
        if (!sv_cut(&code, '=', &lang) || lang.n < 2 || !setting_word_ok(lang, 8) || !sv_cut(&code, ':', &name) ||
            !setting_word_ok(name, TEMPLATE_MAX) || (code.n && !setting_word_ok(code, 15)))
            return false;
    }
    return true;
}

static enum pw_err check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = meta_check_config(config, ps);
    if (!digits(json_member_sv(config, "number_id"), NUMBER_ID_MAX))
        e = problem_add(ps, "number_id", N_("Give the phone number ID, digits only: not the telephone number."));
    if (!templates_ok(json_member_sv(config, "templates")))
        e = problem_add(
            ps, "templates",
            N_("Write language=name, separated by blanks: fr=reponse_prete en=answer_waits:en_US ar=jawab."));
    return e;
}

static enum pw_err allow(const struct channel *ch, struct net *net)
{
    static const char *const urls[] = {GRAPH_API, "https://lookaside.fbsbx.com"};
    return provider_allow(ch, net, urls, 2);
}

/* The address of the webhook is typed at Meta; what can be asked here is whether the token may use this number. */
static enum pw_err enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                          struct sv *ret_why)
{
    struct call_answer r;
    if (!webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first."));
        return PW_INVALID;
    }
    struct sv id = json_member_sv(ch->config, "number_id");
    graph_call(ch, net, a, graph_url(ch, a, "%.*s", SV_ARG(id)), (struct sv){0}, true, &r);
    return r.res.cls == SEND_OK ? PW_OK : graph_why_not(&r, ret_why);
}

/* ---- files ---- */

static enum pw_err fetch(const struct channel *ch, struct net *net, struct arena *a, struct sv file_id, struct sv path)
{
    struct call_answer r;
    if (!digits(file_id, 60))
        return PW_INVALID;
    graph_call(ch, net, a, graph_url(ch, a, "%.*s", SV_ARG(file_id)), (struct sv){0}, true, &r);
    if (r.res.cls != SEND_OK)
        return r.res.cls == SEND_FAILED ? PW_NOT_FOUND : PW_UNAVAILABLE;
    /* A short-lived address, which wants the token, too. The way out knows where Meta keeps files. */
    return provider_download(net, a,
                             &(struct net_request){.url = json_member_sv(r.json, "url"),
                                                   .headers = bearer(a, json_member_sv(ch->config, "token")),
                                                   .n_headers = 1},
                             WA_FILE_MAX, path);
}

/* ---- the driver ---- */

#define CLOUD_API "developers.facebook.com: WhatsApp Cloud API"
static const struct chan_limit limits[] = {
    {"text-characters", WA_TEXT_MAX, "2025-11-21", CLOUD_API ", OpenAPI v23.0"},
    {"caption-characters", WA_SHORT_MAX, "2025-11-21", CLOUD_API ", OpenAPI v23.0"},
    {"buttons", WA_BUTTONS_MAX, "2025-11-21", CLOUD_API ", OpenAPI v23.0"},
    {"button-characters", WA_BUTTON_CHARS, "2025-11-21", CLOUD_API ", OpenAPI v23.0"},
    {"window-hours", 24, "2026-11-01", CLOUD_API ", customer service window"},
    {"pair-seconds", 6, "2026-11-01", CLOUD_API ", error 131056"},
    {"sends-a-second", 80, "2026-11-01", CLOUD_API ", throughput"},
    {"webhook-bytes", 3 * 1024 * 1024, "2026-11-01", CLOUD_API ", webhooks"},
    {"group-members", 8, "2025-11-21", CLOUD_API ", groups"},
    {0},
};
static const struct chan_setting settings[] = {
    {"number_id", N_("Phone number ID"), N_("WhatsApp, API setup at Meta: the long number under the telephone number."),
     SET_REQUIRED, NULL},
    META_SETTINGS,
    {"templates", N_("Templates that ask for a reply"),
     N_("One for each language, category utility, without variables: fr=reponse_prete en=answer_waits:en_US. Behind "
        "the "
        "colon: the template’s language at Meta, when it has another code. When a person wrote more than 24 hours ago, "
        "the template goes out and the answer follows their reply."),
     0, NULL},
    META_SETTINGS_END,
    {0},
};

const struct chan_driver whatsapp_driver = {
    .kind = "whatsapp",
    .label = "WhatsApp",
    .cls = 'B',
    .caps = CAP_REPLY | CAP_FILES | CAP_VOICE | CAP_OGG_VOICE | CAP_STATUS | CAP_TEMPLATE | CAP_BUTTONS,
    .rate_per_s = 60, /* "80 a second": a little below, so that throttling stays the exception */
    .limits = limits,
    .settings = settings,
    .sees = N_("WhatsApp (Meta) sees your telephone number, when you write and to whom; the service that carries "
               "organisations' messages can read them. Other members do not see your number."),
    .window_ms = INT64_C(24) * 3600 * 1000,
    .check_config = check_config,
    .allow = allow,
    .verify = meta_verify,
    .decode = whatsapp_decode,
    .send = whatsapp_send,
    .enable = enable,
    .fetch = fetch,
};
