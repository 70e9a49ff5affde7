/* SPDX-License-Identifier: EUPL-1.2 */
#include <locale.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "main/commands.h"

static int run_compute(struct cli *cli)
{
    if (cli->n_words == 1 && sv_eq_z(cli->words[0], "due"))
        return cmd_compute_due(stdin, stdout);
    if (cli->n_words == 1 && sv_eq_z(cli->words[0], "table-check"))
        return cmd_compute_table(stdin, stdout);
    fprintf(stderr, "Usage: %s\n", cli->command->usage);
    return 2;
}

static const struct cli_option no_options[] = {{0}};
const struct cli_command cmd_compute = {
    "compute",
    "Computes with the rules the product uses, JSON out.",
    "passerelle compute due < lines.json, or passerelle compute table-check < table.csv",
    "due: when a promise starts and runs out. Each line in:\n"
    "  {\"received\":\"2026-02-13T16:59:00-07:00\",\"zone\":\"America/Edmonton\",\"calendar\":\"CA-AB\",\n"
    "   "
    "\"hours\":[{\"days\":\"mon-fri\",\"open\":\"09:00\",\"close\":\"17:00\"}],\"standard_hours\":24,\"mode\":"
    "\"deferred\"}\n"
    "Each line out: {\"start\":\"...\",\"due\":\"...\"} or {\"error\":{\"field\":\"...\",\"message\":\"...\"}}.\n"
    "mode: deferred, wall or working-hours; calendar: CA-AB ... or none.\n"
    "table-check: does a table with printed totals add up? CSV or XLSX in; names in the first row and column, totals "
    "in\n"
    "the last row and column, called Total. One line out: rows, columns and grand_total that differ (printed, cells,\n"
    "difference), and in suggestion the one cell whose change would put all right, or null.\n"
    "Example: passerelle compute due < lines.json",
    no_options,
    run_compute,
};

static const struct cli_command *const commands[] = {
    &cmd_serve,         &cmd_init,           &cmd_demo_load,        &cmd_demo_remove,
    &cmd_user_add,      &cmd_user_list,      &cmd_user_disable,     &cmd_user_reset,
    &cmd_token_add,     &cmd_channel_add,    &cmd_channel_list,     &cmd_mail_deliver,
    &cmd_community_add, &cmd_community_list, &cmd_community_export, &cmd_community_import,
    &cmd_preset_list,   &cmd_migrate,        &cmd_backup,           &cmd_restore,
    &cmd_audit_verify,  &cmd_doctor,         &cmd_compute,
};

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "C.UTF-8");
    signal(SIGPIPE, SIG_IGN);
    /* Memory holds people's words and keys: it never reaches a core file or another process of this user. */
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
#ifndef __SANITIZE_ADDRESS__ /* the leak checker looks from outside */
    prctl(PR_SET_DUMPABLE, 0);
#endif
    if (sodium_init() < 0) {
        fputs("passerelle: the system's random generator does not work\n", stderr);
        return 1;
    }
    struct arena arena;
    arena_init(&arena, 1024 * 1024);
    int rc = cli_main(argc, argv, commands, sizeof commands / sizeof *commands, &arena);
    arena_finish(&arena);
    return rc;
}
