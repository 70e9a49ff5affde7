/* SPDX-License-Identifier: EUPL-1.2 */
/* commands: the commands of the binary, one file a noun. */
#ifndef PW_COMMANDS_H
#define PW_COMMANDS_H

#include <stdio.h>

#include "main/cli.h"

extern const struct cli_command cmd_serve;
extern const struct cli_command cmd_init, cmd_migrate, cmd_backup, cmd_restore;
extern const struct cli_command cmd_demo_load, cmd_demo_remove;
extern const struct cli_command cmd_user_add, cmd_user_list, cmd_user_disable, cmd_user_reset, cmd_token_add;
extern const struct cli_command cmd_channel_add, cmd_channel_list, cmd_mail_deliver;
extern const struct cli_command cmd_community_add, cmd_community_list, cmd_community_export, cmd_community_import;
extern const struct cli_command cmd_preset_list, cmd_audit_verify, cmd_doctor, cmd_compute;

/* cmd_compute.c: JSON lines in, JSON lines out, from the rules the product uses. */
int cmd_compute_due(FILE *in, FILE *out);
int cmd_compute_table(FILE *in, FILE *out); /* cmd_table.c: one table in, one line out */

#endif
