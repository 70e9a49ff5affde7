/* SPDX-License-Identifier: EUPL-1.2 */
/* app: one opened installation: data folder, database, vault, words. Every command opens one; `serve` adds the way in
 * (http), the way out (net) and the engine of later (work). */
#ifndef PW_APP_H
#define PW_APP_H

#include "core/access.h"
#include "core/vault.h"
#include "main/cli.h"
#include "store/db.h"
#include "ui/catalog.h"

struct work;
struct net;
struct httpd;
struct hub;

struct app {
    struct arena arena;   /* as long as the process */
    struct sv data_dir;   /* absolute */
    struct sv database;   /* URL */
    struct sv public_url; /* no slash at the end */
    struct sv share_dir;  /* locale/ and static/: beside the source tree or installed */
    struct sv static_dir;
    struct store *store;
    struct vault *vault;
    struct catalogs *catalogs;
    struct net *net;
    struct work *work;
    struct httpd *http;
    struct hub *hub;
    struct sv static_base; /* "/static/<version>" */
    bool demo;             /* the demonstration network is loaded */
    bool key_made;         /* the key file was made just now */
};

/* Options that every command which opens an installation shares. */
#define APP_OPTIONS                                                                                                    \
    {"--data", "DIR", "data folder (default $PASSERELLE_DATA, else ./data)", 0},                                       \
    {                                                                                                                  \
        "--database", "URL", "file:PATH or postgresql://... (default: passerelle.db in the data folder)", 0            \
    }

enum app_need {
    APP_EXISTING, /* the installation must be there and up to date */
    APP_CREATE,   /* make folder, key and database when missing; apply migrations */
    APP_OLD,      /* as existing, but pending migrations are allowed (migrate, doctor) */
};
/* Opens or says why on standard error. 0 or an exit code. */
int app_open(struct app *app, const struct cli *cli, enum app_need need);
/* Is the key file the one this database was sealed with? Says why not. 0 or an exit code. */
int app_claim(struct app *app);
void app_close(struct app *app); /* NULL-safe, repeatable */

/* Fills a context of the system itself, for commands and jobs. problems may be NULL only for reads. */
void app_ctx(struct app *app, struct ctx *c, struct arena *arena, struct problems *problems);

typedef enum pw_err (*app_act_fn)(struct ctx *c, void *arg);
/* Runs fn as the system in one transaction (or one read) with its own arena, and says what went wrong. */
enum pw_err app_act(struct app *app, app_act_fn fn, void *arg);
enum pw_err app_look(struct app *app, app_act_fn fn, void *arg);
/* All migrations of all rooms, in order. */
const struct migration *app_migrations(struct arena *a, size_t *ret_n);

#endif
