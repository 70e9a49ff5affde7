/* SPDX-License-Identifier: EUPL-1.2 */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static ptrdiff_t option_index(const struct cli_command *cmd, struct sv name)
{
    for (ptrdiff_t i = 0; cmd->options && cmd->options[i].name; i++)
        if (sv_eq_z(name, cmd->options[i].name))
            return i;
    return -1;
}

struct sv cli_value(const struct cli *cli, const char *option)
{
    ptrdiff_t i = option_index(cli->command, sv_of(option));
    return i < 0 ? (struct sv){0} : cli->values[i];
}

bool cli_given(const struct cli *cli, const char *option)
{
    ptrdiff_t i = option_index(cli->command, sv_of(option));
    return i >= 0 && cli->given[i];
}

int64_t cli_int(const struct cli *cli, const char *option, int64_t otherwise)
{
    int64_t v;
    return sv_int(cli_value(cli, option), &v) ? v : otherwise;
}

int cli_fail(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("passerelle: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    return 1;
}

static void help_all(const struct cli_command *const *commands, size_t n)
{
    puts("passerelle: one server that welcomes newcomers.\n\nCommands:");
    for (size_t i = 0; i < n; i++)
        printf("  %-18s %s\n", commands[i]->name, commands[i]->summary);
    puts("\n`passerelle COMMAND --help` explains one command with an example.");
}

static void help_one(const struct cli *cli)
{
    const struct cli_command *cmd = cli->command;
    printf("%s\n\nUsage: %s\n\n%s\n", cmd->summary, cmd->usage, cmd->teach);
    if (cmd->options && cmd->options[0].name)
        puts("\nOptions:");
    for (size_t i = 0; cmd->options && cmd->options[i].name; i++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s", cmd->options[i].name, cmd->options[i].value ? cmd->options[i].value : "");
        printf("  %-24s %s\n", left, cmd->options[i].help);
    }
    if (cmd->more_help)
        cmd->more_help(cli);
}

/* The command with the most leading words in common: "user add" before "user". */
static const struct cli_command *find(int argc, char **argv, const struct cli_command *const *commands, size_t n,
                                      int *ret_used)
{
    const struct cli_command *best = NULL;
    *ret_used = 0;
    for (size_t i = 0; i < n; i++) {
        struct sv rest = sv_of(commands[i]->name), word;
        int used = 0;
        bool same = true;
        while (same && sv_cut(&rest, ' ', &word)) {
            same = used + 1 < argc && sv_eq_z(word, argv[used + 1]);
            used++;
        }
        if (same && used > *ret_used) {
            best = commands[i];
            *ret_used = used;
        }
    }
    return best;
}

static int wrong_use(const struct cli_command *cmd, const char *what, struct sv which)
{
    fprintf(stderr, "passerelle %s: %s %.*s\nUsage: %s\nMore: passerelle %s --help\n", cmd->name, what, SV_ARG(which),
            cmd->usage, cmd->name);
    return 2;
}

/* "passerelle user --help" shows the commands that begin with "user". */
static int unknown(int argc, char **argv, const struct cli_command *const *commands, size_t n)
{
    bool asked = argc > 2 && strcmp(argv[2], "--help") == 0, any = false;
    struct sv word = sv_of(argv[1]);
    for (size_t i = 0; i < n; i++) {
        struct sv name = sv_of(commands[i]->name);
        if (!sv_starts(name, word) || name.n <= word.n || name.p[word.n] != ' ')
            continue;
        printf("  %-18s %s\n", commands[i]->name, commands[i]->summary);
        any = true;
    }
    if (any) {
        puts("\n`passerelle COMMAND --help` explains one command with an example.");
        return asked ? 0 : 2;
    }
    fprintf(stderr, "passerelle: there is no command \"%s\".\n", argv[1]);
    help_all(commands, n);
    return 2;
}

int cli_main(int argc, char **argv, const struct cli_command *const *commands, size_t n, struct arena *arena)
{
    if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help_all(commands, n);
        return argc < 2 ? 2 : 0;
    }
    int used;
    const struct cli_command *cmd = find(argc, argv, commands, n, &used);
    if (!cmd)
        return unknown(argc, argv, commands, n);
    struct cli cli = {.command = cmd, .arena = arena};
    for (int i = used + 1; i < argc; i++) {
        struct sv word = sv_of(argv[i]);
        if (sv_eq_z(word, "--help")) {
            help_one(&cli);
            return 0;
        }
        if (!sv_starts(word, SV("--"))) {
            if (cli.n_words == CLI_WORDS_MAX)
                return wrong_use(cmd, "too many words:", word);
            cli.words[cli.n_words++] = word;
            continue;
        }
        struct sv rest = word, name = {0};
        sv_cut(&rest, '=', &name);
        ptrdiff_t at = option_index(cmd, name);
        if (at < 0 && cmd->more_help && cli.n_extra < CLI_OPTIONS_MAX) {
            if (!rest.p && i + 1 >= argc)
                return wrong_use(cmd, "a value is missing behind", name);
            cli.extra[cli.n_extra++] = (struct cli_extra){name, rest.p ? rest : sv_of(argv[++i])};
            continue;
        }
        if (at < 0)
            return wrong_use(cmd, "there is no option", name);
        cli.given[at] = true;
        if (!cmd->options[at].value)
            continue;
        if (rest.p)
            cli.values[at] = rest;
        else if (i + 1 < argc)
            cli.values[at] = sv_of(argv[++i]);
        else
            return wrong_use(cmd, "a value is missing behind", name);
    }
    for (size_t i = 0; cmd->options && cmd->options[i].name; i++)
        if ((cmd->options[i].flags & CLI_REQUIRED) && !cli.given[i])
            return wrong_use(cmd, "this option is needed:", sv_of(cmd->options[i].name));
    return cmd->run(&cli);
}
