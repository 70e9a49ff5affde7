/* SPDX-License-Identifier: EUPL-1.2 */
/* Accounts and API tokens from the command line. Passwords are made here and shown once: nothing secret is ever taken
 * from an argument, where other users of the machine could read it. */
#include <stdio.h>

#include "base/id.h"
#include "core/account.h"
#include "core/org.h"
#include "core/people.h"
#include "main/app.h"
#include "main/commands.h"

enum { PASSWORD_CHARS = 16 };

struct user_job {
    const struct cli *cli;
    struct sv login;
    char password[PASSWORD_CHARS + 1];
    char token[128];
    bool write;
};

static struct sv password_of(struct user_job *j)
{
    id_random_text(j->password, PASSWORD_CHARS);
    return (struct sv){j->password, PASSWORD_CHARS};
}

static enum pw_err find(struct ctx *c, struct sv login, struct account *ret)
{
    enum pw_err e = account_by_login(c, login, ret);
    if (e == PW_NOT_FOUND)
        return problem_add_arg(c->problems, "LOGIN",
                               N_("There is no account with this name. See `passerelle user list`."), login);
    return e;
}

static enum pw_err add(struct ctx *c, void *arg)
{
    struct user_job *j = arg;
    struct sv name = cli_value(j->cli, "--name");
    struct sv role_text = cli_value(j->cli, "--role");
    struct sv lang = cli_value(j->cli, "--lang");
    enum role role = ROLE_NETWORK_ADMIN;
    if (role_text.n && (!role_parse(role_text, &role) || role == ROLE_MEMBER))
        return problem_add(c->problems, "--role",
                           N_("Use network-admin, privacy-officer, coordinator, supervisor, evaluator, tech-admin, "
                              "moderator or specialist."));
    struct account there;
    if (account_by_login(c, j->login, &there) == PW_OK)
        return problem_add_arg(c->problems, "LOGIN", N_("This name is taken."), j->login);
    struct person_new pn = {.display_name = name, .lang = lang.n ? lang : SV("fr"), .zone = SV("America/Toronto")};
    int64_t person, account, grant;
    PW_TRY(person_create(c, &pn, &person));
    PW_TRY(account_create(c, j->login, person, password_of(j), &account));
    PW_TRY(account_require_change(c, account));
    struct grant g = {.person_id = person, .role = role, .scope = SCOPE_NETWORK};
    return grant_give(c, &g, &grant);
}

static enum pw_err disable(struct ctx *c, void *arg)
{
    struct user_job *j = arg;
    struct account a;
    PW_TRY(find(c, j->login, &a));
    return account_set_disabled(c, a.id, !cli_given(j->cli, "--enable"));
}

static enum pw_err reset(struct ctx *c, void *arg)
{
    struct user_job *j = arg;
    struct account a;
    PW_TRY(find(c, j->login, &a));
    PW_TRY(account_set_password(c, a.id, password_of(j)));
    PW_TRY(account_require_change(c, a.id));
    return cli_given(j->cli, "--drop-second-factor") ? totp_off(c, a.id) : PW_OK;
}

static enum pw_err list(struct ctx *c, void *arg)
{
    (void)arg;
    struct account *v;
    size_t n;
    PW_TRY(account_list(c, &v, &n));
    printf("%-24s %-10s %s\n", "login", "state", "second factor");
    for (size_t i = 0; i < n; i++)
        printf("%-24.*s %-10s %s\n", SV_ARG(v[i].login), v[i].disabled_ms ? "disabled" : "active",
               v[i].totp_on ? "yes" : "no");
    return PW_OK;
}

static enum pw_err token(struct ctx *c, void *arg)
{
    struct user_job *j = arg;
    struct account a;
    struct sv text;
    PW_TRY(find(c, j->login, &a));
    struct sv label = cli_value(j->cli, "--label");
    PW_TRY(token_add(c, a.id, j->write, label.n ? label : SV("command line"), &text));
    snprintf(j->token, sizeof j->token, "%.*s", SV_ARG(text));
    return PW_OK;
}

static int run_user(struct cli *cli, app_act_fn fn, bool look, struct user_job *j)
{
    struct app app;
    *j = (struct user_job){
        .cli = cli, .login = cli->n_words ? cli->words[0] : cli_value(cli, "--user"), .write = j->write};
    if (!look && !j->login.n) {
        fprintf(stderr, "Usage: %s\n", cli->command->usage);
        return 2;
    }
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    rc = (look ? app_look(&app, fn, j) : app_act(&app, fn, j)) == PW_OK ? 0 : 1;
    app_close(&app);
    return rc;
}

static int run_add(struct cli *cli)
{
    struct user_job j = {0};
    int rc = run_user(cli, add, false, &j);
    if (rc == 0)
        printf("Password of %.*s: %s\nIt is shown once. It must be changed at the first sign-in.\n", SV_ARG(j.login),
               j.password);
    return rc;
}

static int run_reset(struct cli *cli)
{
    struct user_job j = {0};
    int rc = run_user(cli, reset, false, &j);
    if (rc == 0)
        printf("New password of %.*s: %s\nIt is shown once. Open sessions were ended.\n", SV_ARG(j.login), j.password);
    return rc;
}

static int run_list(struct cli *cli)
{
    struct user_job j = {0};
    return run_user(cli, list, true, &j);
}

static int run_disable(struct cli *cli)
{
    struct user_job j = {0};
    int rc = run_user(cli, disable, false, &j);
    if (rc == 0)
        puts(cli_given(cli, "--enable") ? "The account is active again."
                                        : "The account is disabled; its sessions and tokens have ended.");
    return rc;
}

static int run_token(struct cli *cli)
{
    struct sv scope = cli_value(cli, "--scope");
    struct user_job j = {.write = sv_eq_z(scope, "write")};
    if (!j.write && !sv_eq_z(scope, "read")) {
        fputs("passerelle token add: --scope takes read or write\n", stderr);
        return 2;
    }
    int rc = run_user(cli, token, false, &j);
    if (rc == 0)
        printf("%s\n", j.token);
    return rc;
}

static const struct cli_option add_options[] = {
    APP_OPTIONS,
    {"--name", "NAME", "the person's display name", CLI_REQUIRED},
    {"--role", "ROLE", "role in the whole network (default network-admin)", 0},
    {"--lang", "CODE", "language of the person: fr, en, ar (default fr)", 0},
    {0},
};
const struct cli_command cmd_user_add = {"user add",
                                         "Adds an account for a member of staff.",
                                         "passerelle user add LOGIN --name NAME [--role ROLE]",
                                         "Makes a person, an account with a random password (shown once) and a role.\n"
                                         "Example: passerelle user add amira --name \"Amira H.\" --role moderator",
                                         add_options,
                                         run_add};

static const struct cli_option plain_options[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_user_list = {"user list",
                                          "Lists the accounts.",
                                          "passerelle user list",
                                          "One line an account: name, state, second factor.\n"
                                          "Example: passerelle user list --data /var/lib/passerelle",
                                          plain_options,
                                          run_list};

static const struct cli_option disable_options[] = {
    APP_OPTIONS, {"--enable", NULL, "let the account sign in again", 0}, {0}};
const struct cli_command cmd_user_disable = {
    "user disable",
    "Stops an account at once.",
    "passerelle user disable LOGIN [--enable]",
    "Ends its sessions and API tokens now. Nothing is deleted.\nExample: passerelle user disable amira",
    disable_options,
    run_disable};

static const struct cli_option reset_options[] = {
    APP_OPTIONS, {"--drop-second-factor", NULL, "also remove the second factor (lost telephone)", 0}, {0}};
const struct cli_command cmd_user_reset = {
    "user reset",
    "Gives an account a new password.",
    "passerelle user reset LOGIN [--drop-second-factor]",
    "Makes a random password, shown once, and ends open sessions.\nExample: passerelle user reset amira",
    reset_options,
    run_reset};

static const struct cli_option token_options[] = {
    APP_OPTIONS,
    {"--user", "LOGIN", "whose rights the token has", CLI_REQUIRED},
    {"--scope", "read|write", "what it may do", CLI_REQUIRED},
    {"--label", "TEXT", "what it is for", 0},
    {0},
};
const struct cli_command cmd_token_add = {
    "token add",
    "Makes an API token.",
    "passerelle token add --user LOGIN --scope read|write",
    "Prints the token once. Use it as `Authorization: Bearer TOKEN` on /api/v1/; it has the rights of the account.\n"
    "Example: passerelle token add --user amira --scope read",
    token_options,
    run_token};
