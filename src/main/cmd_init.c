/* SPDX-License-Identifier: EUPL-1.2 */
/* init: a new, real installation. Asks the few questions a new organisation must answer, or takes them as options. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "core/account.h"
#include "core/org.h"
#include "core/people.h"
#include "main/app.h"
#include "main/commands.h"

enum { PASSWORD_CHARS = 16, ANSWER_MAX = 200 };

struct answers {
    struct sv network, org, name, login, url, lang;
    bool solo;
    char password[PASSWORD_CHARS + 1];
};

/* The option's value; else asked at the terminal; else the default. */
static struct sv ask(const struct cli *cli, const char *option, const char *question, struct sv otherwise)
{
    struct sv given = cli_value(cli, option);
    if (given.n || cli_given(cli, "--yes") || !isatty(STDIN_FILENO))
        return given.n ? given : otherwise;
    char line[ANSWER_MAX + 2];
    printf("%s", question);
    if (otherwise.n)
        printf(" [%.*s]", SV_ARG(otherwise));
    printf(": ");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin))
        return otherwise;
    struct sv typed = sv_trim(sv_of(line));
    return typed.n ? arena_sv(cli->arena, typed) : otherwise;
}

static enum pw_err found(struct ctx *c, void *arg)
{
    struct answers *t = arg;
    struct account *accounts;
    size_t n;
    PW_TRY(account_list(c, &accounts, &n));
    if (n)
        return problem_add(c->problems, NULL, N_("This place already holds an installation. Nothing was changed."));
    struct org o = {.kind = t->solo ? ORG_SOLO : ORG_AGENCY, .name = t->org, .lang = t->lang};
    struct person_new pn = {.display_name = t->name, .lang = t->lang, .zone = SV("America/Toronto")};
    int64_t org, person, account, grant;
    PW_TRY(setting_set(c, "network.name", t->network));
    PW_TRY(setting_set(c, "network.lang", t->lang));
    PW_TRY(setting_set(c, "public_url", t->url));
    PW_TRY(org_create(c, &o, &org));
    PW_TRY(person_create(c, &pn, &person));
    PW_TRY(account_create(c, t->login, person, (struct sv){t->password, PASSWORD_CHARS}, &account));
    static const enum role roles[] = {ROLE_NETWORK_ADMIN, ROLE_PRIVACY_OFFICER};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        struct grant g = {.person_id = person, .role = roles[i], .scope = SCOPE_NETWORK};
        PW_TRY(grant_give(c, &g, &grant));
    }
    return PW_OK;
}

static int run(struct cli *cli)
{
    struct answers t = {0};
    t.lang = ask(cli, "--lang", "Main language (fr, en, ar)", SV("fr"));
    t.network = ask(cli, "--network", "Name of the network", SV("Passerelle"));
    t.org = ask(cli, "--org", "Name of your organisation (or your own, if you are one volunteer)", SV("Passerelle"));
    t.solo = cli_given(cli, "--solo");
    t.name = ask(cli, "--name", "Your name, as others will see it", SV("Administrator"));
    t.login = ask(cli, "--login", "Name to sign in with", SV("admin"));
    t.url =
        ask(cli, "--public-url", "Public address, such as https://accueil.example.org (may be empty)", (struct sv){0});
    id_random_text(t.password, PASSWORD_CHARS);

    struct app app;
    int rc = app_open(&app, cli, APP_CREATE);
    if (rc)
        return rc;
    rc = app_act(&app, found, &t) == PW_OK ? 0 : 1;
    if (rc == 0) {
        printf("\nThe installation is ready in %.*s.\n", SV_ARG(app.data_dir));
        printf("  Sign in as %.*s with the password %s (shown once; change it).\n", SV_ARG(t.login), t.password);
        printf("  Keep a copy of %.*s/keys/installation.key apart from the backups: without it nothing can be read.\n",
               SV_ARG(app.data_dir));
        printf("  Next: passerelle serve --data %.*s, then passerelle doctor --data %.*s\n", SV_ARG(app.data_dir),
               SV_ARG(app.data_dir));
    }
    app_close(&app);
    return rc;
}

static const struct cli_option options[] = {
    APP_OPTIONS,
    {"--lang", "CODE", "main language: fr, en or ar", 0},
    {"--network", "NAME", "name of the network", 0},
    {"--org", "NAME", "name of the first organisation", 0},
    {"--solo", NULL, "the organiser is one volunteer without an organisation", 0},
    {"--name", "NAME", "display name of the administrator", 0},
    {"--login", "NAME", "name to sign in with", 0},
    {"--public-url", "URL", "public address, https://...", 0},
    {"--yes", NULL, "ask nothing, take the defaults for what is not given", 0},
    {0},
};
const struct cli_command cmd_init = {
    "init",
    "Makes a new installation.",
    "passerelle init [--data DIR] [--org NAME ...]",
    "Makes the data folder, the key file and the database, asks a few questions and makes the first administrator.\n"
    "Never touches a place that already holds an installation. The same questions are asked by the web page /setup.\n"
    "Example: passerelle init --data /var/lib/passerelle --org \"Centre d'accueil\" --lang fr",
    options,
    run,
};
