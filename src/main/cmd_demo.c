/* SPDX-License-Identifier: EUPL-1.2 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main/app.h"
#include "main/commands.h"
#include "main/demo.h"

static int run_load(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_CREATE);
    if (rc)
        return rc;
    rc = demo_ensure(&app, cli);
    if (rc == 0)
        demo_say_accounts(stdout);
    app_close(&app);
    return rc;
}

/* Only what the product makes in a data folder; the folder is at most a few levels deep. */
static int remove_tree(struct arena *a, struct sv dir, int depth)
{
    DIR *d = opendir(arena_z(a, dir));
    if (!d)
        return errno == ENOENT ? 0 : cli_fail("cannot read %.*s: %s", SV_ARG(dir), strerror(errno));
    int rc = 0;
    struct dirent *e;
    while (rc == 0 && (e = readdir(d))) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        struct sv path = arena_fmt(a, "%.*s/%s", SV_ARG(dir), e->d_name);
        struct stat st;
        if (lstat(arena_z(a, path), &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode))
            rc = depth > 0 ? remove_tree(a, path, depth - 1) : cli_fail("%.*s is deeper than expected", SV_ARG(path));
        else if (unlink(arena_z(a, path)) != 0)
            rc = cli_fail("cannot remove %.*s: %s", SV_ARG(path), strerror(errno));
    }
    closedir(d);
    if (rc == 0 && rmdir(arena_z(a, dir)) != 0)
        rc = cli_fail("cannot remove %.*s: %s", SV_ARG(dir), strerror(errno));
    return rc;
}

static int run_remove(struct cli *cli)
{
    struct app app;
    int rc = app_open(&app, cli, APP_EXISTING);
    if (rc)
        return rc;
    bool demo = app.demo, file = store_engine(app.store) == DB_SQLITE;
    struct sv dir = arena_sv(cli->arena, app.data_dir);
    app_close(&app);
    if (!demo)
        return cli_fail("%.*s is not a demonstration: nothing was removed", SV_ARG(dir));
    if (!file)
        return cli_fail("the demonstration lies in a PostgreSQL database: drop that database, then remove %.*s",
                        SV_ARG(dir));
    rc = remove_tree(cli->arena, dir, 5);
    if (rc == 0)
        printf("The demonstration in %.*s is gone. Start a real installation with `passerelle init`.\n", SV_ARG(dir));
    return rc;
}

static const struct cli_option plain[] = {APP_OPTIONS, {0}};
const struct cli_command cmd_demo_load = {
    "demo load",
    "Makes the demonstration network in a new data folder.",
    "passerelle demo load [--data DIR]",
    "Three communities with people and questions in all states, clearly marked. Never in a real installation.\n"
    "Example: passerelle demo load --data /tmp/demo",
    plain,
    run_load};
const struct cli_command cmd_demo_remove = {
    "demo remove",
    "Removes the demonstration with all its data.",
    "passerelle demo remove [--data DIR]",
    "Works only on a folder that holds the demonstration. Stop the server first.\n"
    "Example: passerelle demo remove --data /tmp/demo",
    plain,
    run_remove};
