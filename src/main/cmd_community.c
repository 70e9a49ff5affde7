/* SPDX-License-Identifier: EUPL-1.2 */
/* Communities from the command line. The text form is one setting a line, `key = value`; several lines are written as
 * indented lines below the key. It can be read, compared and given to another organisation. */
#include <stdio.h>
#include <string.h>

#include "feature/community/community.h"
#include "feature/community/community_text.h"
#include "feature/planning/planning.h"
#include "main/app.h"
#include "main/commands.h"
#include "main/feature_table.h"
#include "main/words.h"
#include "work/work.h"

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
    struct work_config wc = {.store = app.store};
    struct work *work = NULL;
    community_start(&host);
    if (work_open(&wc, &work) != PW_OK) {
        app_close(&app);
        return cli_fail("cannot prepare what features add");
    }
    features_start(work); /* their parts of a design, their gates */
    rc = (look ? app_look(&app, fn, j) : app_act(&app, fn, j)) == PW_OK ? 0 : 1;
    work_close(work);
    app_close(&app);
    return rc;
}

static enum pw_err add(struct ctx *c, void *arg)
{
    struct com_job *j = arg;
    if (cli_given(j->cli, "--preset")) {
        struct community made;
        PW_TRY(
            preset_use(c, cli_value(j->cli, "--preset"), j->cli->n_words ? j->cli->words[0] : (struct sv){0}, &j->id));
        PW_TRY(community_get(c, j->id, &made));
        j->slug = arena_sv(j->cli->arena, made.slug);
        return PW_OK;
    }
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
    bool preset = cli_given(cli, "--preset");
    if (preset ? cli->n_words > 1 : cli->n_words != 1 || !cli_given(cli, "--name")) {
        fprintf(stderr, "Usage: %s\n", cli->command->usage);
        return 2;
    }
    static const char *const not_with_preset[] = {"--name", "--lang", "--promise", "--hours", "--zone", "--calendar"};
    for (size_t i = 0; preset && i < sizeof not_with_preset / sizeof *not_with_preset; i++)
        if (cli_given(cli, not_with_preset[i])) {
            fprintf(stderr, "The preset sets %s already. Leave it out, and change it on the community's page.\n",
                    not_with_preset[i]);
            return 2;
        }
    struct com_job j = {.slug = cli->words[0]};
    int rc = run_with(cli, add, false, &j);
    if (rc == 0)
        printf(
            preset
                ? "The community %.*s is a draft made from the preset. Look at it on its page and open it there.\n"
                : "The community %.*s is a draft. Write its guidelines and open it on its page, or import a design.\n",
            SV_ARG(j.slug));
    return rc;
}

static enum pw_err list_presets(struct ctx *c, void *arg)
{
    struct com_job *j = arg;
    struct preset *v;
    size_t n;
    c->lang = j->text; /* the language of the descriptions */
    PW_TRY(preset_list(c, &v, &n));
    for (size_t i = 0; i < n; i++) {
        printf("%-24.*s %.*s%s\n", SV_ARG(v[i].code), SV_ARG(v[i].name), v[i].program ? " (program)" : "");
        for (size_t k = 0; cli_given(j->cli, "--what") && k < v[i].n_sets; k++)
            printf("    %.*s\n", SV_ARG(v[i].sets[k]));
    }
    return PW_OK;
}

static int run_presets(struct cli *cli)
{
    struct sv lang = cli_value(cli, "--lang");
    struct com_job j = {.text = lang.n ? lang : SV("en")};
    return run_with(cli, list_presets, true, &j);
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
    {"--preset", "CODE", "everything from a shipped design: see `passerelle preset list`", 0},
    {"--name", "NAME", "name in its main language (needed without --preset)", 0},
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
    "passerelle community add SHORT-NAME --name NAME [--promise 48 ...], or: add [SHORT-NAME] --preset CODE",
    "With --preset it gets words, guidelines, welcome, questions, topics, clock, ladders and partners of a shipped "
    "design.\n"
    "Example: passerelle community add --preset pifi\n"
    "Example: passerelle community add vanier-fr --name \"Entraide de Vanier\" --lang \"fr en ar\" --promise 48",
    add_options,
    run_add};
static const struct cli_option preset_options[] = {
    APP_OPTIONS,
    {"--what", NULL, "also what each one sets up", CLI_FLAG},
    {"--lang", "CODE", "language of the descriptions (default en)", 0},
    {0},
};
const struct cli_command cmd_preset_list = {"preset list",
                                            "Lists the designs that are shipped.",
                                            "passerelle preset list [--what] [--lang fr]",
                                            "One is made into a draft by `passerelle community add --preset CODE`.\n"
                                            "Example: passerelle preset list --what",
                                            preset_options,
                                            run_presets};
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
