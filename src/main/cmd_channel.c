/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "channel/hub.h"
#include "channel/registry.h"
#include "main/app.h"
#include "main/commands.h"

struct channel_job {
    const struct cli *cli;
    const struct chan_driver *driver;
    json_t *config;
    int64_t id;
};

static enum pw_err add(struct ctx *c, void *arg)
{
    struct channel_job *j = arg;
    PW_TRY(channel_add(c, cli_value(j->cli, "--name"), sv_of(j->driver->kind), j->config, &j->id));
    return channel_set_enabled(c, j->id, true);
}

/* "--api-base" of the setting "api_base" */
static struct sv option_of(struct arena *a, const struct chan_setting *s)
{
    struct sv name = arena_fmt(a, "--%s", s->name);
    char *p = (char *)(uintptr_t)name.p;
    for (size_t i = 2; i < name.n; i++)
        if (p[i] == '_')
            p[i] = '-';
    return name;
}

static const struct chan_setting *setting_named(struct arena *a, const struct chan_driver *d, struct sv option)
{
    for (const struct chan_setting *s = d->settings; s->name; s++)
        if (sv_eq(option, option_of(a, s)))
            return s;
    return NULL;
}

enum { HELP_COLUMN = 27, HELP_WIDTH = 116 };

/* Behind what stands in the columns before; goes on below, word by word. */
static void say_wrapped(struct sv text)
{
    size_t column = HELP_COLUMN;
    struct sv word;
    while (sv_cut(&text, ' ', &word)) {
        if (column > HELP_COLUMN && column + word.n >= HELP_WIDTH) {
            printf("\n%*s", HELP_COLUMN - 1, "");
            column = HELP_COLUMN;
        }
        printf(" %.*s", SV_ARG(word));
        column += word.n + 1;
    }
    putchar('\n');
}

static void explain(const struct cli *cli)
{
    size_t n;
    const struct chan_driver *const *all = chan_drivers(&n);
    for (size_t i = 0; i < n; i++) {
        if (!all[i]->settings->name || (cli->n_words && !sv_eq_z(cli->words[0], all[i]->kind)))
            continue;
        printf("\nSettings of %s (%s):\n", all[i]->kind, all[i]->label);
        for (const struct chan_setting *s = all[i]->settings; s->name; s++) {
            struct sv name = option_of(cli->arena, s);
            printf("  %-24.*s", SV_ARG(name));
            say_wrapped(arena_fmt(cli->arena, "%s%s%s%s", s->label, s->flags & SET_REQUIRED ? " (needed)" : "",
                                  s->hint ? ". " : "", s->hint ? s->hint : ""));
            for (const struct chan_choice *ch = s->choices; ch && ch->code; ch++)
                printf("  %-24s   %s: %s\n", "", ch->code, ch->label);
        }
    }
}

static int read_settings(const struct cli *cli, struct channel_job *j)
{
    for (size_t i = 0; i < cli->n_extra; i++) {
        const struct cli_extra *x = &cli->extra[i];
        const struct chan_setting *s = setting_named(cli->arena, j->driver, x->name);
        if (!s)
            return cli_fail("a channel of the kind %s has no option %.*s; see passerelle channel add %s --help",
                            j->driver->kind, SV_ARG(x->name), j->driver->kind);
        json_object_set_new(j->config, s->name, json_stringn(x->value.p, x->value.n));
    }
    return 0;
}

/* What is left to do on the other side. */
static enum pw_err say_next(struct ctx *c, void *arg)
{
    const struct channel_job *j = arg;
    struct channel ch;
    PW_TRY(channel_get(c, j->id, &ch));
    struct sv path = arena_fmt(c->arena, "/hooks/%s/%.*s", ch.driver->kind, SV_ARG(ch.name));
    ch.hook_url = c->public_url.n ? arena_join(c->arena, c->public_url, path) : path;
    struct sv next = ch.driver->other_side ? ch.driver->other_side(&ch, c->arena) : (struct sv){0};
    if (next.n)
        printf("%.*s", SV_ARG(next));
    else
        printf("POST %.*s\n", SV_ARG(path));
    return PW_OK;
}

static int run_add(struct cli *cli)
{
    const struct chan_driver *driver = cli->n_words == 1 ? chan_driver_of(cli->words[0]) : NULL;
    if (!driver || !driver->settings->name) {
        fprintf(stderr, "Usage: %s\nThe kinds of channel (the web is always there):\n", cli->command->usage);
        size_t n;
        const struct chan_driver *const *all = chan_drivers(&n);
        for (size_t i = 0; i < n; i++)
            if (all[i]->settings->name)
                fprintf(stderr, "  %-12s %s\n", all[i]->kind, all[i]->label);
        return 2;
    }
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct channel_job j = {.cli = cli, .driver = driver, .config = json_object()};
    rc = read_settings(cli, &j);
    if (rc == 0)
        rc = app_act(&app, add, &j) == PW_OK ? 0 : 1;
    json_decref(j.config);
    if (rc == 0)
        rc = app_look(&app, say_next, &j) == PW_OK ? 0 : 1;
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
    {"--public-url", "URL", "address of this installation, else the one that init asked for", 0},
    {0},
};
const struct cli_command cmd_channel_add = {
    "channel add",
    "Connects an app.",
    "passerelle channel add KIND --name N [the settings of that kind]",
    "Keeps the settings sealed, turns the channel on and prints the path that the provider calls. A running server\n"
    "notices within seconds. Without a secret a webhook channel cannot be enabled.\n"
    "`passerelle channel add KIND --help` explains the settings of one kind.\n"
    "Example: passerelle channel add telegram --name ottawa --token 123:ABC --secret \"$(openssl rand -hex 24)\"",
    add_options,
    run_add,
    explain,
};
static const struct cli_option plain[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_channel_list = {"channel list",
                                             "Lists the connected apps.",
                                             "passerelle channel list",
                                             "One line a channel; never its secrets.\n"
                                             "Example: passerelle channel list --data /var/lib/passerelle",
                                             plain,
                                             run_list};
