/* SPDX-License-Identifier: EUPL-1.2 */
#include "app.h"

#include "main/feature_table.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/org.h"
#include "feature/planning/planning.h"
#include "ui/page.h"

enum { APP_ARENA_MAX = 16 * 1024 * 1024, ACT_ARENA_MAX = 64 * 1024 * 1024 };

const struct migration *app_migrations(struct arena *a, size_t *ret_n)
{
    size_t n = 0;
    for (size_t i = 0; i < features_n; i++)
        n += features[i].n_migrations ? *features[i].n_migrations : 0;
    struct migration *all = arena_array(a, struct migration, n + 1);
    *ret_n = 0;
    for (size_t i = 0; all && i < features_n; i++)
        for (size_t k = 0; features[i].n_migrations && k < *features[i].n_migrations; k++)
            all[(*ret_n)++] = features[i].migrations[k];
    return all;
}

/* Where locale/ stands: in a source tree, or where the package puts it. */
static struct sv find_share(struct arena *a)
{
    const char *env = getenv("PASSERELLE_SHARE");
    if (env)
        return arena_sv(a, sv_of(env));
    char exe[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
    struct sv dir = {exe, n > 0 ? (size_t)n : 0};
    while (dir.n > 1) {
        while (dir.n && dir.p[dir.n - 1] != '/')
            dir.n--;
        if (dir.n)
            dir.n--;
        struct sv marks[] = {SV("/locale"), SV("/share/passerelle/locale")};
        for (size_t i = 0; i < 2; i++) {
            struct stat st;
            struct sv path = arena_join(a, dir, marks[i]);
            if (stat(arena_z(a, path), &st) == 0 && S_ISDIR(st.st_mode))
                return sv_sub(path, 0, path.n - strlen("/locale"));
        }
    }
    return SV("/usr/share/passerelle");
}

/* In a source tree the static files stand in their room. */
static struct sv find_static(struct arena *a, struct sv share)
{
    struct stat st;
    struct sv in_tree = arena_join(a, share, SV("/src/ui/static"));
    return stat(arena_z(a, in_tree), &st) == 0 ? in_tree : arena_join(a, share, SV("/static"));
}

static struct sv absolute(struct arena *a, struct sv path)
{
    if (sv_starts(path, SV("/")))
        return arena_sv(a, path);
    char cwd[PATH_MAX];
    if (!getcwd(cwd, sizeof cwd))
        return arena_sv(a, path);
    return arena_fmt(a, "%s/%.*s", cwd, SV_ARG(path));
}

static int make_dir(struct arena *a, struct sv path)
{
    if (mkdir(arena_z(a, path), 0700) != 0 && errno != EEXIST)
        return cli_fail("cannot make the folder %.*s: %s", SV_ARG(path), strerror(errno));
    return 0;
}

static enum pw_err read_demo(struct ctx *c, void *arg)
{
    struct app *app = arg;
    struct sv v;
    PW_TRY(setting_get(c, "demo", &v));
    app->demo = sv_eq_z(v, "1");
    PW_TRY(setting_get(c, "public_url", &v));
    if (v.n && !app->public_url.n)
        app->public_url = arena_sv(&app->arena, v);
    return PW_OK;
}

static int open_database(struct app *app, enum app_need need)
{
    struct sv why = {0};
    struct store_config cf = {.url = app->database, .create = need == APP_CREATE};
    if (store_open(&cf, &app->arena, &app->store, &why) != PW_OK)
        return cli_fail("cannot open the database: %.*s%s", SV_ARG(why),
                        need == APP_CREATE ? "" : "\nIs this a new installation? Start with `passerelle init --help`.");
    size_t n, pending = 0;
    const struct migration *all = app_migrations(&app->arena, &n);
    if (need == APP_CREATE && store_migrate(app->store, all, n, &why, &app->arena) != PW_OK)
        return cli_fail("cannot prepare the database: %.*s", SV_ARG(why));
    if (need == APP_EXISTING) {
        if (store_pending(app->store, all, n, &pending) != PW_OK)
            return cli_fail("cannot read the database's version");
        if (pending)
            return cli_fail(
                "the database needs %zu changes of this release. Make a backup, then run `passerelle migrate`.",
                pending);
    }
    return 0;
}

static enum pw_err claim(struct ctx *c, void *arg)
{
    (void)arg;
    enum pw_err e = vault_claim(c);
    if (e == PW_CONFLICT)
        return problem_add(c->problems, NULL,
                           N_("This database was sealed with another key file. Put the right one in place."));
    return e;
}

int app_claim(struct app *app)
{
    return app_act(app, claim, NULL) == PW_OK ? 0 : 1;
}

int app_open(struct app *app, const struct cli *cli, enum app_need need)
{
    *app = (struct app){0};
    arena_init(&app->arena, APP_ARENA_MAX);
    struct arena *a = &app->arena;
    struct sv data = cli_value(cli, "--data");
    if (!data.n)
        data = sv_of(getenv("PASSERELLE_DATA"));
    app->data_dir = absolute(a, data.n ? data : SV("data"));
    app->database = arena_sv(a, cli_value(cli, "--database"));
    if (!app->database.n)
        app->database = sv_of(getenv("PASSERELLE_DATABASE"));
    if (!app->database.n)
        app->database = arena_fmt(a, "file:%.*s/passerelle.db", SV_ARG(app->data_dir));
    app->public_url = arena_sv(a, cli_value(cli, "--public-url"));
    app->share_dir = find_share(a);
    app->static_dir = find_static(a, app->share_dir);
    planning_presets_in(arena_join(a, app->share_dir, SV("/presets")));

    int rc = need == APP_CREATE ? make_dir(a, app->data_dir) : 0;
    struct sv why = {0};
    if (rc == 0 && catalogs_load(arena_join(a, app->share_dir, SV("/locale")), &app->catalogs, &why, a) != PW_OK)
        rc = cli_fail("cannot read the words of the product: %.*s", SV_ARG(why));
    if (rc == 0)
        rc = open_database(app, need);
    if (rc == 0 && vault_open(arena_join(a, app->data_dir, SV("/keys/installation.key")), need == APP_CREATE, a,
                              &app->vault, &app->key_made, &why) != PW_OK)
        rc = cli_fail("cannot open the key file: %.*s", SV_ARG(why));
    if (rc == 0 && need != APP_OLD && (app_act(app, claim, NULL) != PW_OK || app_look(app, read_demo, app) != PW_OK))
        rc = 1;
    if (rc != 0)
        app_close(app);
    return rc;
}

void app_close(struct app *app)
{
    if (!app)
        return;
    store_close(app->store);
    vault_close(app->vault);
    catalogs_free(app->catalogs);
    arena_finish(&app->arena);
    *app = (struct app){0};
}

void app_ctx(struct app *app, struct ctx *c, struct arena *arena, struct problems *problems)
{
    *c = (struct ctx){
        .arena = arena,
        .store = app->store,
        .vault = app->vault,
        .actor = &actor_system,
        .problems = problems,
        .now_ms = clock_now_ms(),
        .lang = SV("fr"),
        .data_dir = app->data_dir,
        .public_url = app->public_url,
    };
}

/* ---- one act of the system ---- */

struct act {
    struct ctx *c;
    app_act_fn fn;
    void *arg;
};

static enum pw_err act_once(struct db *db, void *arg)
{
    struct act *t = arg;
    t->c->db = db;
    t->c->problems->n = 0;
    return t->fn(t->c, t->arg);
}

static void say_problem(const struct app *app, struct ctx *c, enum pw_err e)
{
    const struct catalog *words = catalog_of(app->catalogs, SV("en"));
    for (size_t i = 0; i < c->problems->n; i++) {
        const struct problem *p = &c->problems->v[i];
        struct sv s = text_t(words, c->arena, p->msgid, &p->arg, 1);
        bool said = !p->arg.n || sv_find(s, p->arg) >= 0;
        fprintf(stderr, "passerelle: %s%s%.*s%s%.*s\n", p->field ? p->field : "", p->field ? ": " : "", SV_ARG(s),
                said ? "" : " — ", said ? 0 : (int)p->arg.n, p->arg.p ? p->arg.p : "");
    }
    if (!c->problems->n) {
        struct sv s = catalog_get(words, err_message(e));
        fprintf(stderr, "passerelle: %.*s\n", SV_ARG(s));
    }
}

static enum pw_err act(struct app *app, app_act_fn fn, void *arg, enum pw_err (*run)(struct store *, db_work, void *))
{
    struct arena arena;
    arena_init(&arena, ACT_ARENA_MAX);
    struct problems problems = {0};
    struct ctx c;
    app_ctx(app, &c, &arena, &problems);
    struct act t = {&c, fn, arg};
    enum pw_err e = run(app->store, act_once, &t);
    if (e != PW_OK)
        say_problem(app, &c, e);
    arena_finish(&arena);
    return e;
}

enum pw_err app_act(struct app *app, app_act_fn fn, void *arg)
{
    return act(app, fn, arg, db_transact);
}

enum pw_err app_look(struct app *app, app_act_fn fn, void *arg)
{
    return act(app, fn, arg, db_read);
}
