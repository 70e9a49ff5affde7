/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/kannel.h"

#include "channel/setting_check.h"
#include "channel/sms.h"
#include "net/net.h"
#include "json/json.h"

enum { SECRET_MIN = 16, SECRET_MAX = 256, WORD_MAX = 60, SENDER_MAX = 15 };

/* ---- settings ---- */

static bool printable(struct sv s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    return s.n <= max;
}

static enum pw_err kannel_check_config(const json_t *config, struct problems *ps)
{
    struct sv secret = json_member_sv(config, "secret"), sender = json_member_sv(config, "sender");
    struct sv user = json_member_sv(config, "username"), password = json_member_sv(config, "password");
    enum pw_err e = sms_check_settings(config, ps);
    if (!secret.n)
        e = problem_add(ps, "secret", N_("A channel without a secret cannot be switched on."));
    else if (secret.n < SECRET_MIN || secret.n > SECRET_MAX || !setting_is_word(secret))
        e = problem_add(ps, "secret", N_("Use 16 to 256 letters, digits, underscores and hyphens."));
    if (!user.n || !printable(user, WORD_MAX))
        e = problem_add(ps, "username", N_("Give the name of a sendsms-user of Kannel."));
    if (!password.n || !printable(password, WORD_MAX))
        e = problem_add(ps, "password", N_("Give the password of that sendsms-user."));
    if (!sender.n || !printable(sender, SENDER_MAX))
        e = problem_add(ps, "sender", N_("Give the number people write to, such as +16135550100 or 55123."));
    if (!setting_is_base(json_member_sv(config, "sendsms")))
        e = problem_add(ps, "sendsms", N_("Give an https address; plain http only on this machine."));
    if (!setting_is_base(json_member_sv(config, "callback")))
        e = problem_add(ps, "callback", N_("Give an https address; plain http only on this machine."));
    if (!printable(json_member_sv(config, "smsc"), WORD_MAX))
        e = problem_add(ps, "smsc", N_("Give the smsc-id of kannel.conf, without spaces."));
    return e;
}

struct sv kannel_url(const struct channel *ch)
{
    struct sv url = json_member_sv(ch->config, "sendsms");
    return url.n ? url : SV("http://127.0.0.1:13013/cgi-bin/sendsms");
}

struct sv kannel_hook(const struct channel *ch, struct arena *a)
{
    struct sv base = json_member_sv(ch->config, "callback");
    if (!base.n)
        return ch->hook_url;
    while (base.n && base.p[base.n - 1] == '/')
        base.n--;
    return arena_fmt(a, "%.*s/hooks/sms-kannel/%.*s", SV_ARG(base), SV_ARG(ch->name));
}

struct sv kannel_get_url(const struct channel *ch, struct arena *a)
{
    return arena_fmt(a, "%.*s?secret=%.*s&id=%%I&from=%%p&to=%%P&text=%%b&charset=%%C&coding=%%c",
                     SV_ARG(kannel_hook(ch, a)), SV_ARG(json_member_sv(ch->config, "secret")));
}

static enum pw_err kannel_allow(const struct channel *ch, struct net *net)
{
    return net_allow(net, ch->id, kannel_url(ch), NET_LOCAL);
}

static enum pw_err kannel_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                                 struct sv *ret_why)
{
    (void)net;
    (void)a;
    if (webhook_url.n || json_member_sv(ch->config, "callback").n)
        return PW_OK; /* kannel.conf says where we are: nothing can be told to Kannel itself */
    *ret_why = SV(N_("This installation has no address yet: give the callback address that Kannel can reach."));
    return PW_INVALID;
}

static struct sv kannel_other_side(const struct channel *ch, struct arena *a)
{
    struct sv sender = json_member_sv(ch->config, "sender"), user = json_member_sv(ch->config, "username");
    return arena_fmt(a,
                     "GET /hooks/sms-kannel/%.*s\n\n"
                     "In kannel.conf (docs/operator.md explains each line):\n\n"
                     "group = smsbox\n"
                     "http-request-retry = 20\n"
                     "http-queue-delay = 10\n\n"
                     "group = sms-service\n"
                     "keyword = default\n"
                     "catch-all = true\n"
                     "max-messages = 0\n"
                     "omit-empty = true\n"
                     "get-url = \"%.*s\"\n\n"
                     "group = sendsms-user\n"
                     "username = %.*s\n"
                     "password = (the one given here)\n"
                     "default-sender = %.*s\n"
                     "concatenation = true\n"
                     "max-messages = %d\n"
                     "user-deny-ip = \"*.*.*.*\"\n"
                     "user-allow-ip = \"127.0.0.1\"\n",
                     SV_ARG(ch->name), SV_ARG(kannel_get_url(ch, a)), SV_ARG(user), SV_ARG(sender), SMS_MESSAGE_PARTS);
}

/* ---- the driver ---- */

#define TS_23_038 "3GPP TS 23.038, 23.040"
static const struct chan_limit limits[] = {
    {"gsm7-characters", SMS_GSM7_ONE, "2026-11-25", TS_23_038},
    {"gsm7-characters-of-a-joined-part", SMS_GSM7_MORE, "2026-11-25", TS_23_038},
    {"ucs2-characters", SMS_UCS2_ONE, "2026-11-25", TS_23_038},
    {"ucs2-characters-of-a-joined-part", SMS_UCS2_MORE, "2026-11-25", TS_23_038},
    {"parts-of-a-message", SMS_MESSAGE_PARTS, "2026-11-25", "max-messages of kannel.conf"},
    {0},
};

static const struct chan_setting settings[] = {
    {"secret", N_("Secret"), N_("Repeated with every call, so that nobody else can call."), SET_REQUIRED | SET_SECRET,
     NULL},
    {"username", N_("User of Kannel"), N_("username of a sendsms-user in kannel.conf"), SET_REQUIRED, NULL},
    {"password", N_("Password of Kannel"), N_("password of that sendsms-user"), SET_REQUIRED | SET_SECRET, NULL},
    {"sender", N_("Number"), N_("The number people write to, such as +16135550100 or 55123."), SET_REQUIRED, NULL},
    {"sendsms", N_("Address of sendsms"), N_("Empty: http://127.0.0.1:13013/cgi-bin/sendsms"), 0, NULL},
    {"callback", N_("Address of this server for Kannel"),
     N_("Such as http://127.0.0.1:8080. Empty: the public address."), 0, NULL},
    {"smsc", N_("smsc-id"), N_("Only when Kannel has several connections."), 0, NULL},
    SMS_SETTINGS,
    {0},
};

const struct chan_driver kannel_driver = {
    .kind = "sms-kannel",
    .label = "SMS (Kannel)",
    .cls = 'B',
    .caps = CAP_STATUS | CAP_METERED,
    .rate_per_s = 10, /* most connections to operators take 10 and more */
    .limits = limits,
    .settings = settings,
    .sees = N_("The telephone company sees your number and every text. Texts stay on your telephone: delete them if "
               "somebody else reads it."),
    .check_config = kannel_check_config,
    .allow = kannel_allow,
    .verify = kannel_verify,
    .decode = kannel_decode,
    .send = kannel_send,
    .enable = kannel_enable,
    .other_side = kannel_other_side,
    .measure = sms_measure,
};
