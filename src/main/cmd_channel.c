/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "channel/hub.h"
#include "channel/registry.h"
#include "main/app.h"
#include "main/commands.h"

struct channel_job {
    const struct cli *cli;
    json_t *config;
    int64_t id;
};

static enum pw_err add(struct ctx *c, void *arg)
{
    struct channel_job *j = arg;
    PW_TRY(channel_add(c, cli_value(j->cli, "--name"), SV("telegram"), j->config, &j->id));
    return channel_set_enabled(c, j->id, true);
}

static int run_add(struct cli *cli)
{
    if (cli->n_words != 1 || !sv_eq_z(cli->words[0], "telegram")) {
        fprintf(stderr, "Usage: %s\nThe kinds of channel in this release: telegram (the web is always there).\n",
                cli->command->usage);
        return 2;
    }
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct channel_job j = {.cli = cli, .config = json_object()};
    static const char *const pairs[][2] = {
        {"token", "--token"}, {"secret", "--secret"}, {"api_base", "--api-base"}, {"mode", "--mode"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct sv v = cli_value(cli, pairs[i][1]);
        if (v.n)
            json_object_set_new(j.config, pairs[i][0], json_stringn(v.p, v.n));
    }
    rc = app_act(&app, add, &j) == PW_OK ? 0 : 1;
    json_decref(j.config);
    if (rc == 0)
        printf("POST /hooks/telegram/%.*s\n", SV_ARG(cli_value(cli, "--name")));
    app_close(&app);
    return rc;
}

static enum pw_err list(struct ctx *c, void *arg)
{
    (void)arg;
    struct channel_info *v;
    size_t n;
    PW_TRY(channel_list(c, &v, &n));
    printf("%-20s %-10s %-6s %s\n", "name", "kind", "state", "last trouble");
    for (size_t i = 0; i < n; i++)
        printf("%-20.*s %-10.*s %-6s %.*s\n", SV_ARG(v[i].name), SV_ARG(v[i].kind), v[i].enabled ? "on" : "off",
               SV_ARG(v[i].last_error));
    return PW_OK;
}

static int run_list(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    rc = app_look(&app, list, NULL) == PW_OK ? 0 : 1;
    app_close(&app);
    return rc;
}

static const struct cli_option add_options[] = {
    APP_OPTIONS,
    {"--name", "N", "short name: a-z, 0-9 and -; part of the webhook's path", CLI_REQUIRED},
    {"--token", "T", "token of the bot, from @BotFather", CLI_REQUIRED},
    {"--secret", "S", "secret that Telegram repeats with each call (needed for webhooks)", 0},
    {"--mode", "webhook|polling", "webhook needs a public https address; polling does not", 0},
    {"--api-base", "URL", "another address of the Bot API: a local Bot API server or a stand-in", 0},
    {0},
};
const struct cli_command cmd_channel_add = {
    "channel add",
    "Connects an app.",
    "passerelle channel add telegram --name N --token T --secret S [--mode webhook|polling] [--api-base URL]",
    "Keeps the settings sealed, turns the channel on and prints the path that Telegram calls. A running server notices "
    "within\n"
    "seconds. Without a secret a webhook channel cannot be enabled.\n"
    "Example: passerelle channel add telegram --name ottawa --token 123:ABC --secret \"$(openssl rand -hex 24)\"",
    add_options,
    run_add,
};
static const struct cli_option plain[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_channel_list = {"channel list",
                                             "Lists the connected apps.",
                                             "passerelle channel list",
                                             "One line a channel; never its secrets.\n"
                                             "Example: passerelle channel list --data /var/lib/passerelle",
                                             plain,
                                             run_list};
