/* SPDX-License-Identifier: EUPL-1.2 */
/* Groups in apps without a usable interface (class C): WhatsApp communities, Facebook and WeChat groups. A person acts
 * there. Every send becomes an act by hand (work.h) that feature/assisted explains and records; what is said there
 * comes in when a person pastes it. Nothing is called and nobody calls, so there is no secret. */
#include "channel/no_webhook.h"
#include "json/json.h"

enum { LINK_MAX = 300 };

static const struct chan_choice apps[] = {
    {"whatsapp", N_("WhatsApp group or community")}, {"facebook", N_("Facebook group")}, {"wechat", N_("WeChat group")},
    {"phone", N_("Telephone and visits")},           {"other", N_("Another app")},       {0},
};

static bool is_app(struct sv code)
{
    for (const struct chan_choice *c = apps; c->code; c++)
        if (sv_eq_z(code, c->code))
            return true;
    return false;
}

static enum pw_err assisted_check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv link = json_member_sv(config, "link");
    if (!is_app(json_member_sv(config, "app")))
        e = problem_add(ps, "app", N_("Choose the app: whatsapp, facebook, wechat, phone or other."));
    if (link.n && (link.n > LINK_MAX || !sv_starts(link, SV("https://"))))
        e = problem_add(ps, "link",
                        N_("The address of the group starts with https:// and has at most 300 characters."));
    return e;
}

static void assisted_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                          struct send_result *ret, struct sv *ret_new_chat)
{
    (void)ch;
    (void)net;
    (void)a;
    (void)s;
    *ret = (struct send_result){.cls = SEND_BY_HAND};
    *ret_new_chat = (struct sv){0};
}

static const struct chan_setting settings[] = {
    {"app", N_("App"), NULL, SET_REQUIRED, apps},
    {"link", N_("Address of the group"), N_("Opened by the moderators; members never see it here."), 0, NULL},
    {0},
};
static const struct chan_limit limits[] = {
    {"whatsapp-group-members", 1024, "2024-11-01", "faq.whatsapp.com (1024 a group); 256 when the toolkit was written"},
    {0},
};

const struct chan_driver assisted_driver = {
    .kind = "assisted",
    .label = N_("Group by hand"),
    .cls = 'C',
    .caps = CAP_GROUPS | CAP_JOIN_REQUESTS | CAP_DELETE | CAP_RESTRICT | CAP_BAN | CAP_REPLY | CAP_FILES | CAP_VOICE |
            CAP_IDEMPOTENT,
    .rate_per_s = 1000,
    .limits = limits,
    .settings = settings,
    .sees = N_("The company behind the app sees your number or account there, who is in the group and, unless the app "
               "hides it, what is written. Other members may see your number."),
    .check_config = assisted_check_config,
    .verify = no_webhook_verify,
    .decode = no_webhook_decode,
    .send = assisted_send,
    .enable = no_webhook_enable,
};
