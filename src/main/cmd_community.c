/* SPDX-License-Identifier: EUPL-1.2 */
/* Communities from the command line. The text form is one setting a line, `key = value`; several lines are written as
 * indented lines below the key. It can be read, compared and given to another organisation. */
#include <stdio.h>
#include <string.h>

#include "feature/community/community.h"
#include "feature/community/community_text.h"
#include "feature/moderation/moderation.h"
#include "main/app.h"
#include "main/commands.h"
#include "main/words.h"

enum { FILE_MAX = 1024 * 1024 };

struct com_job {
    const struct cli *cli;
    struct sv text;
    struct buf out;
    int64_t id;
    struct sv slug;
};

static int run_with(struct cli *cli, app_act_fn fn, bool look, struct com_job *j)
{
    struct app app;
    j->cli = cli;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct community_host host = words_host(&app);
    community_start(&host);
    moderation_listen(); /* its part of a design */
    rc = (look ? app_look(&app, fn, j) : app_act(&app, fn, j)) == PW_OK ? 0 : 1;
    app_close(&app);
    return rc;
}

static enum pw_err add(struct ctx *c, void *arg)
{
    struct com_job *j = arg;
    struct sv lang = cli_value(j->cli, "--lang"), zone = cli_value(j->cli, "--zone"),
              hours = cli_value(j->cli, "--hours"), calendar = cli_value(j->cli, "--calendar");
    struct community_edit e = {.slug = j->cli->words[0],
                               .languages = lang.n ? lang : SV("fr en ar"),
                               .zone = zone.n ? zone : SV("America/Toronto"),
                               .hours = hours.n ? hours : SV("mon-fri 09:00-17:00"),
                               .calendar = calendar.n ? calendar : SV("CA-ON"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .media = SV("image voice file video"),
                               .moderation = SV("full"),
                               .clock_mode = SV("deferred"),
                               .standard_hours = cli_int(j->cli, "--promise", 24)};
    struct community_words w = {.lang = lang_main(e.languages), .name = cli_value(j->cli, "--name")};
    return community_create(c, &e, &w, &j->id);
}

static int run_add(struct cli *cli)
{
    if (cli->n_words != 1) {
        fprintf(stderr, "Usage: %s\n", cli->command->usage);
        return 2;
    }
    struct com_job j = {0};
    int rc = run_with(cli, add, false, &j);
    if (rc == 0)
        printf("The community %.*s is a draft. Write its guidelines and open it on its page, or import a design.\n",
               SV_ARG(cli->words[0]));
    return rc;
}

static enum pw_err list(struct ctx *c, void *arg)
{
    (void)arg;
    struct community *v;
    size_t n;
    PW_TRY(community_mine(c, &v, &n));
    printf("%-20s %-13s %-9s %-9s %s\n", "short name", "state", "promise", "members", "name");
    for (size_t i = 0; i < n; i++)
        printf("%-20.*s %-13s %6lld h  %-9lld %.*s\n", SV_ARG(v[i].slug), community_status_code(v[i].status),
               (long long)v[i].standard_hours, (long long)v[i].active_members, SV_ARG(v[i].words.name));
    return PW_OK;
}

static int run_list(struct cli *cli)
{
    struct com_job j = {0};
    return run_with(cli, list, true, &j);
}

static enum pw_err export_one(struct ctx *c, void *arg)
{
    struct com_job *j = arg;
    struct community com;
    enum pw_err e = community_by_slug(c, j->cli->words[0], &com);
    if (e == PW_NOT_FOUND)
        return problem_add_arg(c->problems, "NAME",
                               N_("There is no community with this short name. See `passerelle community list`."),
                               j->cli->words[0]);
    PW_TRY(e);
    return community_text_write(c, com.id, &j->out);
}

static int run_export(struct cli *cli)
{
    if (cli->n_words != 1) {
        fprintf(stderr, "Usage: %s\n", cli->command->usage);
        return 2;
    }
    struct com_job j = {0};
    buf_init(&j.out, FILE_MAX);
    int rc = run_with(cli, export_one, true, &j);
    if (rc == 0 && fwrite(j.out.p, 1, j.out.n, stdout) != j.out.n)
        rc = cli_fail("writing failed");
    buf_finish(&j.out);
    return rc;
}

static enum pw_err import_one(struct ctx *c, void *arg)
{
    struct com_job *j = arg;
    return community_text_read(c, j->text, cli_value(j->cli, "--as"), &j->id);
}

static int run_import(struct cli *cli)
{
    struct com_job j = {0};
    struct buf in;
    buf_init(&in, FILE_MAX);
    FILE *f =
        cli->n_words == 1 && !sv_eq_z(cli->words[0], "-") ? fopen(arena_z(cli->arena, cli->words[0]), "r") : stdin;
    if (!f)
        return cli_fail("cannot read %.*s: %s", SV_ARG(cli->words[0]), "no such file");
    char part[8192];
    size_t n;
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&in, (struct sv){part, n});
    if (f != stdin)
        fclose(f);
    int rc = buf_ok(&in) ? 0 : cli_fail("a design has at most 1 MB");
    j.text = buf_sv(&in);
    if (rc == 0)
        rc = run_with(cli, import_one, false, &j);
    if (rc == 0)
        puts("The community is a draft now. Look at it on its page and open it there.");
    buf_finish(&in);
    return rc;
}

static const struct cli_option add_options[] = {
    APP_OPTIONS,
    {"--name", "NAME", "name in its main language", CLI_REQUIRED},
    {"--lang", "CODES", "languages, the main one first (default \"fr en ar\")", 0},
    {"--promise", "HOURS", "answer within so many hours; 0 = no promise (default 24)", 0},
    {"--hours", "TEXT", "opening hours (default \"mon-fri 09:00-17:00\")", 0},
    {"--zone", "NAME", "time zone (default America/Toronto)", 0},
    {"--calendar", "CODE", "holidays: CA-ON ... or none (default CA-ON)", 0},
    {0},
};
const struct cli_command cmd_community_add = {
    "community add",
    "Makes a community as a draft.",
    "passerelle community add SHORT-NAME --name NAME [--promise 48 ...]",
    "Example: passerelle community add vanier-fr --name \"Entraide de Vanier\" --lang \"fr en ar\" --promise 48",
    add_options,
    run_add};
static const struct cli_option plain[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_community_list = {"community list",
                                               "Lists the communities.",
                                               "passerelle community list",
                                               "One line a community.\n"
                                               "Example: passerelle community list --data /var/lib/passerelle",
                                               plain,
                                               run_list};
const struct cli_command cmd_community_export = {
    "community export",
    "Writes a community's design as one readable text.",
    "passerelle community export SHORT-NAME > FILE",
    "Settings, words, guidelines, welcome and screening questions in all languages; no member, no message.\n"
    "Example: passerelle community export ottawa-ar > ottawa-ar.txt",
    plain,
    run_export};
static const struct cli_option import_options[] = {
    APP_OPTIONS, {"--as", "SHORT-NAME", "short name of the new community (default: the one in the file)", 0}, {0}};
const struct cli_command cmd_community_import = {
    "community import",
    "Makes a community from a design.",
    "passerelle community import FILE [--as SHORT-NAME]",
    "Reads what `community export` wrote and makes a draft. FILE may be - for standard input.\n"
    "Example: passerelle community import ottawa-ar.txt --as gatineau-ar",
    import_options,
    run_import};
