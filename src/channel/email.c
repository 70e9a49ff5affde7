/* SPDX-License-Identifier: EUPL-1.2 */
/* The e-mail channel: settings, what it can do, and what an MTA hands over. One-to-one only (class B). */
#include "channel/email.h"
#include "channel/no_webhook.h"

#include "net/imap.h"
#include "net/net.h"
#include "json/json.h"

enum { SECRET_MIN = 16, SECRET_MAX = 200, NAME_MAX_BYTES = 100, LOCAL_MAX = 64 - 1 - EMAIL_TOKEN };

static bool printable(struct sv s, size_t max)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < ' ' || s.p[i] > '~')
            return false;
    return s.n <= max;
}

static bool one_line(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7F)
            return false;
    return s.n <= NAME_MAX_BYTES;
}

static bool polls(const json_t *config)
{
    return sv_eq_z(json_member_sv(config, "mode"), "imap");
}

static enum pw_err check_mailbox(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct imap_server s;
    if (!imap_server_parse(json_member_sv(config, "imap_url"), &s))
        e = problem_add(ps, "imap_url", N_("Give an address like imaps://mail.example.org."));
    if (!json_member_sv(config, "imap_user").n)
        e = problem_add(ps, "imap_user", N_("Give the name that opens the mailbox."));
    if (!printable(json_member_sv(config, "imap_folder"), 100))
        e = problem_add(ps, "imap_folder", N_("Use plain letters without accents."));
    if (!printable(json_member_sv(config, "imap_done"), 100))
        e = problem_add(ps, "imap_done", N_("Use plain letters without accents."));
    return e;
}

static enum pw_err email_check_config(const json_t *config, struct problems *ps)
{
    enum pw_err e = PW_OK;
    struct mail_server s;
    struct channel as = {.config = (json_t *)(uintptr_t)config};
    struct sv from = json_member_sv(config, "from_address"), secret = json_member_sv(config, "secret"), local, domain;
    struct sv mode = json_member_sv(config, "mode"), plus = json_member_sv(config, "plus");
    email_own(&as, &local, &domain);
    if (!mail_server_parse(json_member_sv(config, "smtp_url"), &s))
        e = problem_add(ps, "smtp_url",
                        N_("Give an address like smtps://mail.example.org or smtp://mail.example.org:587; without "
                           "encryption only smtp://localhost."));
    if (!mail_address_ok(from) || local.n > LOCAL_MAX)
        e = problem_add(ps, "from_address",
                        N_("Give one address like aide@example.org, with at most 37 characters before the @."));
    if (!one_line(json_member_sv(config, "from_name")))
        e = problem_add(ps, "from_name", N_("Use at most 100 characters on one line."));
    if (secret.n < SECRET_MIN || !printable(secret, SECRET_MAX))
        e = problem_add(ps, "secret",
                        N_("Use 16 to 200 letters, digits and signs. Without it the channel cannot be "
                           "switched on."));
    if (mode.n && !polls(config) && !sv_eq_z(mode, "local"))
        e = problem_add(ps, "mode", N_("Choose local or imap."));
    if (plus.n && !sv_eq_z(plus, "yes") && !sv_eq_z(plus, "no"))
        e = problem_add(ps, "plus", N_("Choose yes or no."));
    if (!printable(json_member_sv(config, "auth_host"), 253))
        e = problem_add(ps, "auth_host",
                        N_("Give the name that your own mail server writes into "
                           "Authentication-Results."));
    enum pw_err box = polls(config) ? check_mailbox(config, ps) : PW_OK;
    return e == PW_OK ? box : e;
}

static enum pw_err email_allow(const struct channel *ch, struct net *net)
{
    struct mail_server out;
    struct imap_server in;
    if (!email_smtp(ch, &out))
        return PW_INVALID;
    /* The operator names the server: it may stand on this machine or network. */
    PW_TRY(net_allow_mail(net, ch->id, &out, NET_LOCAL));
    if (!polls(ch->config))
        return PW_OK;
    in = (struct imap_server){0};
    return imap_server_parse(email_setting(ch, "imap_url"), &in) ? net_allow_imap(net, ch->id, &in, NET_LOCAL)
                                                                 : PW_INVALID;
}

static enum pw_err email_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                                struct chan_events *ret)
{
    struct email_in m;
    ret->n = 0;
    ret->reply = (struct chan_reply){0};
    if (rq->body.n > EMAIL_RAW_MAX)
        return PW_INVALID;
    struct sv sender = rq->header ? rq->header(rq->self, "Envelope-From") : (struct sv){0};
    struct sv recipient = rq->header ? rq->header(rq->self, "Envelope-To") : (struct sv){0};
    PW_TRY(email_parse(ch, a, rq->body, sender, recipient, rq->now_ms, &m));
    if (m.kind == EMAIL_NOBODY) /* the mail server tells whoever it is that we cannot answer such an address */
        return PW_INVALID;
    return email_events(a, &m, ret);
}

static enum pw_err email_enable(const struct channel *ch, struct net *net, struct arena *a, struct sv webhook_url,
                                struct sv *ret_why)
{
    (void)a;
    (void)webhook_url;
    if (!polls(ch->config) || !net)
        return PW_OK;
    enum pw_err e = email_mailbox_try(ch, net);
    if (e == PW_DENIED)
        *ret_why = SV(N_("The mailbox does not take this name and password."));
    else if (e == PW_NOT_FOUND)
        *ret_why = SV(N_("The mailbox has no such folder."));
    else if (e != PW_OK)
        *ret_why = SV(N_("The mailbox cannot be reached now."));
    return e == PW_NOT_FOUND ? PW_INVALID : e;
}

static const struct chan_limit limits[] = {
    {"recipients-of-a-message", 1, "2021-09-20", "UK Ministry of Defence: 265 addresses in one To line"},
    {"text-characters-in", EMAIL_TEXT_CHARS, "2026-11-25", "ours: longer mails are kept whole beside the message"},
    {"message-bytes-in", EMAIL_RAW_MAX, "2026-11-25", "ours; set the mail server's own limit no higher"},
    {"attachments-in", EMAIL_FILES_MAX, "2026-11-25", "ours"},
    {"attachment-bytes", MAIL_FILE_MAX, "2026-11-25", "ours: most providers refuse messages beyond 20 to 25 MB"},
    {"automatic-answers-a-day", 1, "2026-11-25", "ours, after the reflected mails at help desks in 2025 (RFC 3834)"},
    {0},
};

static const struct chan_choice modes[] = {
    {"local", N_("The mail server of this machine hands messages over (passerelle mail deliver)")},
    {"imap", N_("This server reads a mailbox (IMAP)")},
    {0},
};
static const struct chan_choice yes_no[] = {
    {"yes", N_("Yes: aide+something@example.org arrives too")},
    {"no", N_("No")},
    {0},
};
static const struct chan_setting settings[] = {
    {"from_address", N_("Address"), N_("Where people write to, like aide@example.org."), SET_REQUIRED, NULL},
    {"from_name", N_("Name of the sender"), N_("Neutral: it stands in lists of messages that others may see."), 0,
     NULL},
    {"smtp_url", N_("Server for outgoing mail"), N_("smtps://mail.example.org, or smtp://mail.example.org:587."),
     SET_REQUIRED, NULL},
    {"smtp_user", N_("Its user name"), N_("Empty when it asks for none."), 0, NULL},
    {"smtp_password", N_("Its password"), NULL, SET_SECRET, NULL},
    {"secret", N_("Secret"), N_("Signs the reply addresses. 16 characters or more."), SET_REQUIRED | SET_SECRET, NULL},
    {"mode", N_("How messages come in"), NULL, 0, modes},
    {"plus", N_("Reply addresses with a plus"), N_("Answers and bounces find their message by them."), 0, yes_no},
    {"imap_url", N_("Mailbox"), N_("imaps://mail.example.org"), 0, NULL},
    {"imap_user", N_("User name of the mailbox"), NULL, 0, NULL},
    {"imap_password", N_("Password of the mailbox"), NULL, SET_SECRET, NULL},
    {"imap_folder", N_("Folder to read"), N_("Empty: INBOX."), 0, NULL},
    {"imap_done", N_("Folder for what was read"), N_("Empty: it stays and is marked as read. Nothing is deleted."), 0,
     NULL},
    {"auth_host", N_("Name of your mail server in Authentication-Results"),
     N_("Only what it says about a sender is believed."), 0, NULL},
    {0},
};

const struct chan_driver email_driver = {
    .kind = "email",
    .label = "E-mail",
    .cls = 'B',
    .caps = CAP_REPLY | CAP_FILES | CAP_VOICE | CAP_STATUS | CAP_LETTERS,
    .rate_per_s = 10,
    .limits = limits,
    .settings = settings,
    .sees = N_("Your mail provider and ours can read what you write and what we answer."),
    .check_config = email_check_config,
    .allow = email_allow,
    /* `passerelle mail deliver` runs on this machine, with the right to read its key. */
    .verify = no_webhook_verify,
    .decode = email_decode,
    .send = email_send,
    .enable = email_enable,
    .poll = email_poll,
};
