/* SPDX-License-Identifier: EUPL-1.2 */
/* cli: commands of the binary and their options, declared in tables so that --help teaches and nothing undeclared
 * passes. */
#ifndef PW_CLI_H
#define PW_CLI_H

#include "base/arena.h"

enum { CLI_FLAG = 1, CLI_REQUIRED = 2 };
struct cli_option {
    const char *name;  /* "--data" */
    const char *value; /* "DIR"; NULL for a flag */
    const char *help;
    unsigned flags;
};
enum { CLI_OPTIONS_MAX = 24, CLI_WORDS_MAX = 8 };
struct cli {
    const struct cli_command *command;
    struct arena *arena;
    struct sv words[CLI_WORDS_MAX]; /* what stands behind the command, not starting with "--" */
    size_t n_words;
    struct sv values[CLI_OPTIONS_MAX]; /* parallel to command->options */
    bool given[CLI_OPTIONS_MAX];
    struct cli_extra { /* options that the command reads itself */
        struct sv name, value;
    } extra[CLI_OPTIONS_MAX];
    size_t n_extra;
};
struct cli_command {
    const char *name;                 /* "user add" */
    const char *summary;              /* one line */
    const char *usage;                /* "passerelle user add LOGIN --name NAME [--role ROLE]" */
    const char *teach;                /* a paragraph and an example */
    const struct cli_option *options; /* ends with name NULL */
    int (*run)(struct cli *cli);
    /* Optional: the command takes options that depend on its words, and explains them. They go to cli.extra. */
    void (*more_help)(const struct cli *cli);
};

struct sv cli_value(const struct cli *cli, const char *option); /* {0} when not given */
bool cli_given(const struct cli *cli, const char *option);
int64_t cli_int(const struct cli *cli, const char *option, int64_t otherwise);

/* Finds the command, reads its options and runs it. Exit codes: 0 done, 1 failed (said why), 2 wrong use. */
int cli_main(int argc, char **argv, const struct cli_command *const *commands, size_t n, struct arena *arena);
/* Says why on standard error and returns 1. */
int cli_fail(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
