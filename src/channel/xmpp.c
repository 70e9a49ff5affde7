/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/xmpp.h"
#include "channel/no_webhook.h"

#include "json/json.h"

enum { SECRET_MIN = 8, SECRET_MAX = 200, NICK_MAX = 60, HOST_MAX = 200, PORT_MAX = 65535 };

static bool printable(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            return false;
    return true;
}

static bool rooms_ok(struct sv list)
{
    struct sv rest = list, one;
    size_t n = 0;
    while (sv_cut(&rest, ' ', &one)) {
        one = sv_trim(one);
        if (one.n && (++n > XM_ROOMS_MAX || !xmpp_bare_ok(one, true)))
            return false;
    }
    return n > 0;
}

static enum pw_err xmpp_check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct sv secret = json_member_sv(config, "secret"), nick = json_member_sv(config, "nick");
    struct sv port = json_member_sv(config, "port"), host = json_member_sv(config, "host");
    int64_t n = 0;
    if (!xmpp_bare_ok(json_member_sv(config, "address"), true))
        e = problem_add(ps, "address", N_("Give an address below the component, like accueil@passerelle.example.org."));
    if (!secret.n)
        e = problem_add(ps, "secret", N_("A channel without a secret cannot be switched on."));
    else if (secret.n < SECRET_MIN || secret.n > SECRET_MAX || !printable(secret))
        e = problem_add(ps, "secret", N_("Use 8 to 200 characters, the same as in the server's settings."));
    if (!rooms_ok(json_member_sv(config, "rooms")))
        e = problem_add(ps, "rooms", N_("Give 1 to 32 rooms, separated by spaces, like entraide@rooms.example.org."));
    if (nick.n > NICK_MAX || !printable(nick))
        e = problem_add(ps, "nick", N_("Use at most 60 characters."));
    if (host.n > HOST_MAX || sv_find(host, SV(" ")) >= 0 || !printable(host))
        e = problem_add(ps, "host", N_("Give the name or address of the XMPP server."));
    if (port.n && (!sv_int(port, &n) || n < 1 || n > PORT_MAX))
        e = problem_add(ps, "port", N_("Give a number from 1 to 65535."));
    return e;
}

static struct sv xmpp_other_side(const struct channel *ch, struct arena *a)
{
    struct sv address = json_member_sv(ch->config, "address");
    ptrdiff_t at = sv_find(address, SV("@"));
    struct sv domain = sv_sub(address, (size_t)(at + 1), address.n);
    return arena_fmt(a,
                     "-- For the configuration of Prosody; other servers have the same under other names.\n"
                     "Component \"%.*s\"\n"
                     "    component_secret = \"…\"\n"
                     "-- In each room make %.*s an administrator or owner. A room that does not exist yet is made.\n",
                     SV_ARG(domain), SV_ARG(address));
}

/* ---- the driver ---- */

static const struct chan_limit limits[] = {
    {"text-utf16-units", XM_TEXT_UNITS, "2026-11-25", "own choice; Prosody takes stanzas of 256 kB"},
    {"body-bytes-kept", XM_BODY_MAX, "2026-11-25", "own choice"},
    {"rooms", XM_ROOMS_MAX, "2026-11-25", "own choice"},
    {"history-messages", 100, "2026-11-25", "XEP-0045 1.35.5; asked of rooms we make, Prosody 0.12 keeps 20 otherwise"},
    {0},
};
static const struct chan_setting settings[] = {
    {"address", N_("Address from which we write"), N_("Below the component, like accueil@passerelle.example.org."),
     SET_REQUIRED, NULL},
    {"secret", N_("Secret of the component"), N_("The same as in the server's settings."), SET_REQUIRED | SET_SECRET,
     NULL},
    {"rooms", N_("Rooms"), N_("Separated by spaces, like entraide@rooms.example.org. Ones that do not exist are made."),
     SET_REQUIRED, NULL},
    {"nick", N_("Name in the rooms"), N_("Passerelle, if you give none."), 0, NULL},
    {"host", N_("XMPP server"), N_("On this machine or this network; the connection is not encrypted."), 0, NULL},
    {"port", N_("Port for components"), N_("5347, if you give none."), SET_NUMBER, NULL},
    {0},
};

const struct chan_driver xmpp_driver = {
    .kind = "xmpp",
    .label = "XMPP",
    .cls = 'A',
    /* No CAP_DELETE: rooms that offer moderated retraction are rare; where one does, it is used. */
    .caps = CAP_GROUPS | CAP_JOIN_REQUESTS | CAP_RESTRICT | CAP_BAN | CAP_REPLY | CAP_STATUS | CAP_INVITE,
    .rate_per_s = 10,
    .limits = limits,
    .settings = settings,
    .sees = N_("Your XMPP server and that of the community keep your address and what is written. In most rooms other "
               "members see only the name you choose, moderators also your address."),
    .check_config = xmpp_check_config,
    /* A component may be connected once only: whether it works is found out where its session lives, and told as the
     * channel's trouble. */
    .verify = no_webhook_verify,
    .decode = no_webhook_decode,
    .send = xmpp_send_over,
    .enable = no_webhook_enable,
    .poll = xmpp_poll,
    .open = xmpp_open,
    .close = xmpp_close,
    .other_side = xmpp_other_side,
};
