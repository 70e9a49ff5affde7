/* SPDX-License-Identifier: EUPL-1.2 */
/* migrate, backup, restore. A backup is a folder: the database and the sealed files. The key file is never in it: it
 * must be kept apart, or a stolen backup could be read. A restore goes into an empty place only. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main/app.h"
#include "main/commands.h"

static bool is_empty_or_missing(const char *dir)
{
    DIR *d = opendir(dir);
    if (!d)
        return errno == ENOENT;
    int n = 0;
    while (readdir(d))
        n++;
    closedir(d);
    return n <= 2;
}

static int copy_file(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return cli_fail("cannot read %s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int rc = out < 0 ? cli_fail("cannot write %s: %s", to, strerror(errno)) : 0;
    while (rc == 0) {
        ssize_t n = sendfile(out, in, NULL, 1 << 20);
        if (n == 0)
            break;
        if (n < 0)
            rc = cli_fail("copying to %s failed: %s", to, strerror(errno));
    }
    if (rc == 0 && fsync(out) != 0)
        rc = cli_fail("writing %s failed: %s", to, strerror(errno));
    if (out >= 0)
        close(out);
    close(in);
    return rc;
}

/* Copies a folder of files and folders; depth is bounded because files lie two levels deep. */
static int copy_tree(struct arena *a, struct sv from, struct sv to, int depth)
{
    DIR *d = opendir(arena_z(a, from));
    if (!d)
        return errno == ENOENT ? 0 : cli_fail("cannot read %.*s: %s", SV_ARG(from), strerror(errno));
    int rc = mkdir(arena_z(a, to), 0700) == 0 || errno == EEXIST ? 0 : cli_fail("cannot make %.*s", SV_ARG(to));
    struct dirent *e;
    while (rc == 0 && (e = readdir(d))) {
        if (e->d_name[0] == '.')
            continue;
        struct sv src = arena_fmt(a, "%.*s/%s", SV_ARG(from), e->d_name);
        struct sv dst = arena_fmt(a, "%.*s/%s", SV_ARG(to), e->d_name);
        struct stat st;
        if (lstat(arena_z(a, src), &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth > 0)
            rc = copy_tree(a, src, dst, depth - 1);
        else if (S_ISREG(st.st_mode))
            rc = copy_file(arena_z(a, src), arena_z(a, dst));
    }
    closedir(d);
    return rc;
}

static int run_migrate(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_OLD);
    if (rc)
        return rc;
    size_t n, pending = 0;
    struct sv why = {0};
    const struct migration *all = app_migrations(&app.arena, &n);
    if (store_pending(app.store, all, n, &pending) != PW_OK ||
        store_migrate(app.store, all, n, &why, &app.arena) != PW_OK)
        rc = cli_fail("the change failed and was undone: %.*s", SV_ARG(why));
    else
        printf("%zu changes made; the database fits this release.\n", pending);
    app_close(&app);
    return rc;
}

static int run_backup(struct cli *cli)
{
    struct app app;
    if (cli->n_words != 1) {
        fprintf(stderr, "Usage: %s\n", cli->command->usage);
        return 2;
    }
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    struct arena *a = &app.arena;
    struct sv to = cli->words[0];
    if (!is_empty_or_missing(arena_z(a, to)))
        rc = cli_fail("%.*s is not empty; a backup needs a new folder", SV_ARG(to));
    else if (store_engine(app.store) == DB_POSTGRES)
        rc = cli_fail(
            "this installation uses PostgreSQL: back up the database with pg_dump or WAL archiving, and the folder "
            "%.*s/files beside it",
            SV_ARG(app.data_dir));
    else if (mkdir(arena_z(a, to), 0700) != 0 && errno != EEXIST)
        rc = cli_fail("cannot make %.*s: %s", SV_ARG(to), strerror(errno));
    else if (store_backup(app.store, arena_join(a, to, SV("/passerelle.db"))) != PW_OK)
        rc = cli_fail("the copy of the database failed");
    if (rc == 0)
        rc = copy_tree(a, arena_join(a, app.data_dir, SV("/files")), arena_join(a, to, SV("/files")), 3);
    if (rc == 0)
        printf(
            "Backup written to %.*s.\nIt cannot be read without %.*s/keys/installation.key: keep a copy of that file "
            "apart.\n",
            SV_ARG(to), SV_ARG(app.data_dir));
    app_close(&app);
    return rc;
}

static int run_restore(struct cli *cli)
{
    struct arena *a = cli->arena;
    struct sv key = cli_value(cli, "--key"), data = cli_value(cli, "--data");
    if (cli->n_words != 1 || !key.n || !data.n) {
        fprintf(stderr, "Usage: %s\n", cli->command->usage);
        return 2;
    }
    struct sv from = cli->words[0];
    if (!is_empty_or_missing(arena_z(a, data)))
        return cli_fail("%.*s is not empty. A restore never touches an existing installation.", SV_ARG(data));
    if (mkdir(arena_z(a, data), 0700) != 0 && errno != EEXIST)
        return cli_fail("cannot make %.*s: %s", SV_ARG(data), strerror(errno));
    struct sv keys = arena_join(a, data, SV("/keys"));
    if (mkdir(arena_z(a, keys), 0700) != 0)
        return cli_fail("cannot make %.*s: %s", SV_ARG(keys), strerror(errno));
    const char *key_to = arena_z(a, arena_join(a, keys, SV("/installation.key")));
    int rc = copy_file(arena_z(a, key), key_to);
    if (rc == 0 && chmod(key_to, 0400) != 0)
        rc = cli_fail("cannot protect %s", key_to);
    if (rc == 0)
        rc = copy_file(arena_z(a, arena_join(a, from, SV("/passerelle.db"))),
                       arena_z(a, arena_join(a, data, SV("/passerelle.db"))));
    if (rc == 0)
        rc = copy_tree(a, arena_join(a, from, SV("/files")), arena_join(a, data, SV("/files")), 3);
    struct app app;
    if (rc == 0)
        rc = app_open(&app, cli, APP_OLD);
    if (rc == 0) {
        size_t n, pending = 0;
        const struct migration *all = app_migrations(&app.arena, &n);
        rc = store_pending(app.store, all, n, &pending) == PW_OK && pending == 0 ? app_claim(&app) : 0;
        if (rc)
            app_close(&app);
    }
    if (rc == 0) {
        printf("Restored into %.*s. Check it with `passerelle audit verify --data %.*s`, then `passerelle serve`.\n",
               SV_ARG(data), SV_ARG(data));
        app_close(&app);
    }
    return rc;
}

static const struct cli_option plain[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_migrate = {
    "migrate",
    "Brings the database to this release.",
    "passerelle migrate",
    "Runs the changes that are missing, all or none. Make a backup first. Running it twice does nothing.\n"
    "Example: passerelle migrate --data /var/lib/passerelle",
    plain,
    run_migrate};
const struct cli_command cmd_backup = {"backup",
                                       "Writes a whole copy while the server runs.",
                                       "passerelle backup FOLDER",
                                       "FOLDER must be new or empty. The copy is consistent; people can go on writing. "
                                       "The key file is not in it: keep it apart.\n"
                                       "Example: passerelle backup /backups/2026-11-20",
                                       plain,
                                       run_backup};

static const struct cli_option restore_options[] = {
    APP_OPTIONS, {"--key", "FILE", "the key file of that installation", CLI_REQUIRED}, {0}};
const struct cli_command cmd_restore = {
    "restore",
    "Brings a backup back, into an empty place only.",
    "passerelle restore FOLDER --key FILE --data NEWFOLDER",
    "Never touches an existing installation: give a new data folder, look at the result, then point the service at "
    "it.\n"
    "Example: passerelle restore /backups/2026-11-20 --key /safe/installation.key --data /var/lib/passerelle-new",
    restore_options,
    run_restore};
