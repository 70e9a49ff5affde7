/* SPDX-License-Identifier: EUPL-1.2 */
#include <inttypes.h>
#include <stdio.h>

#include "core/audit.h"
#include "main/app.h"
#include "main/commands.h"

struct verify_job {
    struct sv heads;
    int64_t rows, lanes, noted;
    size_t findings;
};

static enum pw_err verify(struct ctx *c, void *arg)
{
    struct verify_job *j = arg;
    struct audit_report r;
    PW_TRY(audit_verify(c, j->heads, &r));
    for (size_t i = 0; i < r.n; i++)
        printf("%s: chain %" PRId64 ", row %" PRId64 "\n", r.v[i].kind, r.v[i].lane, r.v[i].seq);
    *j = (struct verify_job){j->heads, r.rows, r.lanes, r.noted, r.n};
    return PW_OK;
}

static int run(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct verify_job j = {.heads = cli_value(cli, "--heads")};
    if (!j.heads.n)
        j.heads = arena_join(&app.arena, app.data_dir, SV("/audit.heads"));
    rc = app_look(&app, verify, &j) == PW_OK ? 0 : 1;
    if (rc == 0 && j.findings == 0)
        printf("The access log is whole: %" PRId64 " rows in %" PRId64 " chains, compared with %" PRId64
               " heads noted earlier.\n",
               j.rows, j.lanes, j.noted);
    if (j.findings) {
        printf("%zu findings in %" PRId64 " rows. Keep the database as it is and compare with a backup.\n", j.findings,
               j.rows);
        rc = 1;
    }
    app_close(&app);
    return rc;
}

static const struct cli_option options[] = {
    APP_OPTIONS, {"--heads", "FILE", "heads written earlier (default audit.heads in the data folder)", 0}, {0}};
const struct cli_command cmd_audit_verify = {
    "audit verify",
    "Checks that nobody rewrote the access log.",
    "passerelle audit verify [--heads FILE]",
    "Recomputes every chain, compares its end with the signed head and with the heads kept in FILE, and names what was "
    "edited,\n"
    "removed, inserted, moved or cut off. Exit code 1 when something was found.\n"
    "Keep a copy of audit.heads on another machine: only a head kept elsewhere proves that the end was not rolled "
    "back.\n"
    "Example: passerelle audit verify --heads /mnt/witness/audit.heads",
    options,
    run};
