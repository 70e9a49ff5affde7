/* SPDX-License-Identifier: EUPL-1.2 */
/* doctor: looks at what a server depends on and says in plain words how to mend what is wrong. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "base/tz.h"
#include "channel/registry.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/org.h"
#include "main/app.h"
#include "main/commands.h"

struct visit {
    int good, bad;
    struct sv heads;
};

static void good(struct visit *v, const char *what)
{
    v->good++;
    printf("  ok    %s\n", what);
}

static void bad(struct visit *v, const char *what, const char *mend)
{
    v->bad++;
    printf("  MEND  %s\n        %s\n", what, mend);
}

static void look_clock(struct visit *v)
{
    struct tz_stale stale[TZ_STALE_MAX];
    char release[TZ_RELEASE_MAX + 1];
    struct sv have = tz_release(tz_dir(), release);
    size_t n = tz_check_known(tz_dir(), stale);
    char line[300];
    if (n == 0) {
        snprintf(line, sizeof line, "time-zone data %.*s knows the rules of this release", SV_ARG(have));
        good(v, line);
        return;
    }
    snprintf(line, sizeof line, "time-zone data %.*s is too old: %zu zones are wrong, among them %s (%+d minutes)",
             SV_ARG(have), n, stale[0].zone, (stale[0].have_s - stale[0].should_be_s) / 60);
    bad(v, line, "apt-get update && apt-get install tzdata, then restart Passerelle; due times are computed again.");
}

static void look_disk(struct visit *v, struct app *app)
{
    struct statvfs fs;
    char line[200];
    const char *dir = arena_z(&app->arena, app->data_dir);
    if (statvfs(dir, &fs) != 0) {
        bad(v, "the data folder cannot be read", "Check the path and its rights.");
        return;
    }
    uint64_t free_mb = (uint64_t)fs.f_bavail * fs.f_frsize / (1024 * 1024);
    snprintf(line, sizeof line, "%" PRIu64 " MB free in the data folder", free_mb);
    if (free_mb >= 500)
        good(v, line);
    else
        bad(v, line, "Make room: below 500 MB writes may soon fail.");
    struct stat st;
    if (stat(dir, &st) == 0 && (st.st_mode & 077) != 0)
        bad(v, "others on this machine may enter the data folder", "chmod 700 the data folder.");
    else
        good(v, "only the service's user may enter the data folder");
    if (stat(arena_z(&app->arena, arena_join(&app->arena, app->data_dir, SV("/keys/installation.key"))), &st) == 0 &&
        (st.st_mode & 0377) == 0)
        good(v, "the key file is readable by the service's user only. Is a copy kept apart from the backups?");
    else
        bad(v, "the key file is readable by others or missing",
            "chmod 400 keys/installation.key; restore it from your copy.");
}

static enum pw_err look_inside(struct ctx *c, void *arg)
{
    struct visit *v = arg;
    struct account *accounts;
    struct channel_info *channels;
    struct audit_report report;
    struct sv url;
    size_t n, second = 0;
    PW_TRY(account_list(c, &accounts, &n));
    for (size_t i = 0; i < n; i++)
        second += accounts[i].totp_on;
    char line[200];
    snprintf(line, sizeof line, "%zu accounts, %zu with a second factor", n, second);
    if (n && second < n)
        bad(v, line, "Ask each member of staff to turn the second factor on: My account.");
    else
        good(v, line);
    PW_TRY(setting_get(c, "public_url", &url));
    if (sv_starts(url, SV("https://")))
        good(v, "the public address uses https");
    else
        bad(v, "no public https address is set",
            "Put nginx with TLS in front (packaging/nginx.conf) and set it in Settings.");
    PW_TRY(channel_list(c, &channels, &n));
    for (size_t i = 0; i < n; i++) {
        snprintf(line, sizeof line, "channel %.*s (%.*s) is %s%s%.*s", SV_ARG(channels[i].name),
                 SV_ARG(channels[i].kind), channels[i].enabled ? "on" : "off",
                 channels[i].last_error.n ? ", last trouble: " : "", SV_ARG(channels[i].last_error));
        if (channels[i].last_error.n)
            bad(v, line, "See Settings; check token, secret and the provider's page.");
        else
            good(v, line);
    }
    PW_TRY(audit_verify(c, v->heads, &report));
    snprintf(line, sizeof line, "the access log is whole (%" PRId64 " rows)", report.rows);
    if (report.n == 0)
        good(v, line);
    else
        bad(v, "the access log was changed", "Run `passerelle audit verify` and compare with a backup.");
    return PW_OK;
}

static int run(struct cli *cli)
{
    struct app app;
    struct visit v = {0};
    puts("Looking at this machine and installation:");
    look_clock(&v);
    int rc = app_open(&app, cli, APP_OLD);
    if (rc)
        return rc;
    size_t n, pending = 0;
    const struct migration *all = app_migrations(&app.arena, &n);
    if (store_pending(app.store, all, n, &pending) == PW_OK && pending == 0)
        good(&v, store_engine(app.store) == DB_SQLITE ? "the database opens and fits this release (SQLite)"
                                                      : "the database opens and fits this release (PostgreSQL)");
    else
        bad(&v, "the database is of an older release", "Make a backup, then run `passerelle migrate`.");
    look_disk(&v, &app);
    v.heads = arena_join(&app.arena, app.data_dir, SV("/audit.heads"));
    if (pending == 0 && app_look(&app, look_inside, &v) != PW_OK)
        bad(&v, "the database could not be read", "Restore the last backup into a new folder and compare.");
    app_close(&app);
    printf("%d good, %d to mend.\n", v.good, v.bad);
    return v.bad ? 1 : 0;
}

static const struct cli_option plain[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_doctor = {
    "doctor",
    "Checks the machine and says how to mend it.",
    "passerelle doctor [--data DIR]",
    "Looks at time-zone data, database, disk, keys, accounts, public address, channels and the access log. Changes "
    "nothing.\n"
    "Exit code 1 when something should be mended.\n"
    "Example: passerelle doctor --data /var/lib/passerelle",
    plain,
    run,
};
