/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/twilio.h"

#include "channel/setting_check.h"
#include "channel/sms.h"
#include "net/net.h"
#include "json/json.h"

enum { SID_CHARS = 34, TOKEN_MAX = 100, CALL_MS = 15000 };

/* ---- settings ---- */

static bool sid_ok(struct sv sid, struct sv prefix)
{
    return sid.n == SID_CHARS && sv_starts(sid, prefix) && setting_is_word(sid);
}

static enum pw_err twilio_check_config(const json_t *config, struct problems *ps)
{
    struct sv token = json_member_sv(config, "token"), sender = json_member_sv(config, "sender");
    enum pw_err e = sms_check_settings(config, ps);
    if (!sid_ok(json_member_sv(config, "account"), SV("AC")))
        e = problem_add(ps, "account", N_("Give the Account SID: AC and 32 characters."));
    if (!token.n)
        e = problem_add(ps, "token", N_("A channel without a secret cannot be switched on."));
    else if (token.n > TOKEN_MAX || !setting_is_word(token))
        e = problem_add(ps, "token", N_("Give the Auth Token of the account."));
    if (!sid_ok(sender, SV("MG")) && !sms_number_ok(sender))
        e = problem_add(ps, "sender", N_("Give a number such as +16135550100 or a Messaging Service SID (MG…)."));
    if (!setting_is_base(json_member_sv(config, "api_base")))
        e = problem_add(ps, "api_base", N_("Give an https address; plain http only on this machine."));
    return e;
}

static struct sv base_of(const struct channel *ch)
{
    struct sv base = json_member_sv(ch->config, "api_base");
    if (!base.n)
        return SV("https://api.twilio.com");
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    return base;
}

struct sv twilio_url(const struct channel *ch, struct arena *a, const char *rest)
{
    return arena_fmt(a, "%.*s/2010-04-01/Accounts/%.*s%s", SV_ARG(base_of(ch)),
                     SV_ARG(json_member_sv(ch->config, "account")), rest);
}

static enum pw_err twilio_allow(const struct channel *ch, struct net *net)
{
    return net_allow(net, ch->id, base_of(ch), json_member_sv(ch->config, "api_base").n ? NET_LOCAL : 0);
}

static enum pw_err twilio_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                                 struct sv *ret_why)
{
    struct net_result r = {0};
    if (!webhook_url.n) {
        *ret_why = SV(N_("This installation has no public address yet: set it first."));
        return PW_INVALID;
    }
    net_fetch(net, a,
              &(struct net_request){.method = "GET",
                                    .url = twilio_url(ch, a, ".json"),
                                    .user = json_member_sv(ch->config, "account"),
                                    .password = json_member_sv(ch->config, "token"),
                                    .total_ms = CALL_MS},
              &r);
    if (r.phase == NET_DONE && r.status == 200)
        return PW_OK;
    if (r.phase == NET_DONE && (r.status == 401 || r.status == 403 || r.status == 404)) {
        *ret_why = SV(N_("The service does not know this account and token."));
        return PW_DENIED;
    }
    *ret_why = SV(N_("The service cannot be reached now."));
    return PW_UNAVAILABLE;
}

static struct sv twilio_other_side(const struct channel *ch, struct arena *a)
{
    return arena_fmt(a,
                     "POST /hooks/sms-twilio/%.*s\n\n"
                     "At the service, for the number (or the Messaging Service):\n"
                     "A message comes in: webhook, HTTP POST, %.*s\n"
                     "Answers of the service to STOP, HELP and START: off (Passerelle answers, in three languages)\n",
                     SV_ARG(ch->name), SV_ARG(ch->hook_url));
}

/* ---- the driver ---- */

#define OAI "twilio-oai api_v2010"
static const struct chan_limit limits[] = {
    {"body-characters", 1600, "2026-04-14", OAI},
    {"gsm7-characters", SMS_GSM7_ONE, "2026-11-25", "3GPP TS 23.038, 23.040"},
    {"ucs2-characters", SMS_UCS2_ONE, "2026-11-25", "3GPP TS 23.038, 23.040"},
    {0},
};

static const struct chan_setting settings[] = {
    {"account", N_("Account SID"), N_("AC and 32 characters"), SET_REQUIRED, NULL},
    {"token", N_("Auth Token"), N_("Also checks the signature of each call."), SET_REQUIRED | SET_SECRET, NULL},
    {"sender", N_("Number"), N_("A number such as +16135550100, or a Messaging Service SID (MG…)."), SET_REQUIRED,
     NULL},
    {"api_base", N_("Another address of the service"), N_("Only for tests or for a service that works alike."), 0,
     NULL},
    SMS_SETTINGS,
    {0},
};

const struct chan_driver twilio_driver = {
    .kind = "sms-twilio",
    .label = "SMS (Twilio)",
    .cls = 'B',
    .caps = CAP_STATUS | CAP_METERED,
    .rate_per_s = 1, /* of a long number in Canada; a short code or a service may do more */
    .limits = limits,
    .settings = settings,
    .sees =
        N_("The telephone company and the SMS service see your number and every text. Texts stay on your telephone: "
           "delete them if somebody else reads it."),
    .check_config = twilio_check_config,
    .allow = twilio_allow,
    .verify = twilio_verify,
    .decode = twilio_decode,
    .send = twilio_send,
    .enable = twilio_enable,
    .other_side = twilio_other_side,
    .measure = sms_measure,
};
