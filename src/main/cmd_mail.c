/* SPDX-License-Identifier: EUPL-1.2 */
/* mail deliver: takes one message from a mail server's pipe. It writes to the database itself, beside a running server
 * or without one: then mail is safe while the server is down, nothing has to listen, and no secret is handed around
 * (docs/decisions/0014). Exit codes are those of sysexits.h, which mail servers know. */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "channel/hub.h"
#include "main/app.h"
#include "main/commands.h"
#include "main/receiving.h"

enum { MESSAGE_MAX_BYTES = 25 * 1024 * 1024, DELIVER_ARENA_MAX = 128 * 1024 * 1024 };

struct delivery {
    const struct cli *cli;
    struct sv channel;
    bool exists, enabled;
};

static struct sv known(const void *self, const char *name)
{
    const struct cli *cli = self;
    if (strcmp(name, "Envelope-To") == 0)
        return cli_value(cli, "--recipient");
    if (strcmp(name, "Envelope-From") == 0 && cli_given(cli, "--sender"))
        return cli_value(cli, "--sender").n ? cli_value(cli, "--sender") : SV("<>");
    return (struct sv){0};
}

/* The channel that was named, else the only one for e-mail. */
static enum pw_err find_channel(struct ctx *c, void *arg)
{
    struct delivery *d = arg;
    struct channel_info *v;
    struct sv name = cli_value(d->cli, "--channel");
    size_t n, found = 0;
    PW_TRY(channel_list(c, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (!sv_eq_z(v[i].kind, "email") || (name.n && !sv_eq(v[i].name, name)))
            continue;
        found++;
        d->channel = arena_sv(d->cli->arena, v[i].name);
        d->enabled = v[i].enabled;
    }
    d->exists = found == 1;
    return PW_OK;
}

static bool read_message(struct buf *b)
{
    char piece[64 * 1024];
    size_t n;
    while ((n = fread(piece, 1, sizeof piece, stdin)) > 0)
        buf_add(b, (struct sv){piece, n});
    return !ferror(stdin);
}

static int result_of(enum pw_err e)
{
    switch (e) {
    case PW_OK:
        return EX_OK;
    case PW_INVALID:
        fprintf(stderr, "The message is too long, or nobody is named in it who could be answered.\n");
        return EX_DATAERR;
    default: /* the mail server keeps the message and comes again */
        fprintf(stderr, "The message cannot be stored now (%s).\n", err_name(e));
        return EX_TEMPFAIL;
    }
}

static int hand_over(struct app *app, const struct delivery *d, struct sv message)
{
    struct receiving r = {0};
    struct arena a;
    if (receiving_open(app, &r) != 0)
        return EX_TEMPFAIL;
    arena_init(&a, DELIVER_ARENA_MAX);
    struct chan_request rq = {
        .method = "POST", .body = message, .now_ms = clock_now_ms(), .header = known, .self = d->cli};
    int rc = result_of(hub_deliver(app->hub, SV("email"), d->channel, &rq, &a));
    arena_finish(&a);
    receiving_close(app);
    return rc;
}

static int run(struct cli *cli)
{
    struct app app;
    struct buf message;
    struct delivery d = {.cli = cli};
    buf_init(&message, MESSAGE_MAX_BYTES);
    bool whole = read_message(&message);
    int rc = EX_TEMPFAIL;
    if (whole && !buf_ok(&message)) {
        buf_finish(&message);
        return result_of(PW_INVALID);
    }
    if (whole && app_open(&app, cli, APP_EXISTING) == 0) {
        if (app_look(&app, find_channel, &d) != PW_OK) {
            rc = EX_TEMPFAIL;
        } else if (!d.exists) {
            fprintf(stderr, cli_given(cli, "--channel") ? "There is no such e-mail channel.\n"
                                                        : "Name one of the e-mail channels with --channel.\n");
            rc = EX_NOUSER;
        } else if (!d.enabled) {
            fprintf(stderr, "This channel is switched off.\n");
        } else {
            rc = hand_over(&app, &d, buf_sv(&message));
        }
        app_close(&app);
    }
    buf_finish(&message);
    return rc;
}

static const struct cli_option options[] = {
    APP_OPTIONS,
    {"--channel", "N", "name of the e-mail channel (needed when there are several)", 0},
    {"--recipient", "ADDR", "address the message was sent to, as the mail server knows it", 0},
    {"--sender", "ADDR", "sender of the envelope; empty or <> is a bounce", 0},
    {0},
};
const struct cli_command cmd_mail_deliver = {
    "mail deliver",
    "Takes one e-mail from standard input, for a mail server's pipe.",
    "passerelle mail deliver [--channel N] [--recipient ADDR] [--sender ADDR] < message",
    "Stores the message durably before it ends with 0; a running server notices within a second. 75: not now, try "
    "again;\n"
    "67: no such channel; 65: too long, or without a sender. Nothing of the message is written anywhere else.\n"
    "In Postfix's master.cf:\n"
    "  passerelle unix - n n - 4 pipe flags=R user=passerelle argv=/usr/bin/passerelle mail deliver\n"
    "    --data /var/lib/passerelle --recipient ${recipient} --sender ${sender}\n"
    "Example: passerelle mail deliver --data /var/lib/passerelle --recipient aide@example.org < message",
    options,
    run,
};
