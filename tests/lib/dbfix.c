/* SPDX-License-Identifier: EUPL-1.2 */
#include "lib/dbfix.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libpq-fe.h>

enum { SKIPPED = 77 };

static void fail(const char *what, const char *words)
{
    (void)fprintf(stderr, "dbfix: %s: %s\n", what, words);
    abort();
}

static const char *server(void)
{
    const char *url = getenv("PW_TEST_PG");
    return url && *url ? url : NULL;
}

enum db_engine dbfix_engine(void)
{
    const char *name = getenv("PW_TEST_ENGINE");
    if (!name || strcmp(name, "sqlite") == 0)
        return DB_SQLITE;
    if (strcmp(name, "postgres") != 0)
        fail("PW_TEST_ENGINE", name);
    if (!server()) {
        (void)fprintf(stderr, "skipped: PW_TEST_PG is not set (tools/pgtest run -- …)\n");
        exit(SKIPPED);
    }
    return DB_POSTGRES;
}

static void on_server(const char *sql)
{
    PGconn *h = PQconnectdb(server());
    PGresult *res = PQexec(h, sql);
    if (PQresultStatus(res) != PGRES_COMMAND_OK)
        fail(sql, PQerrorMessage(h));
    PQclear(res);
    PQfinish(h);
}

static void open_store(struct dbfix *f, struct store_config cf)
{
    struct sv why = {0};
    cf.url = sv_of(f->url);
    cf.create = true;
    if (store_open(&cf, &f->a, &f->s, &why) != PW_OK)
        fail("store_open", arena_z(&f->a, why));
}

void dbfix_open_with(struct dbfix *f, enum db_engine engine, struct store_config cf)
{
    *f = (struct dbfix){.engine = engine};
    arena_init(&f->a, 16u << 20);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/pwtest.XXXXXX");
    if (!mkdtemp(f->folder))
        fail("mkdtemp", f->folder);
    if (engine == DB_SQLITE) {
        (void)snprintf(f->url, sizeof f->url, "file:%s/test.db", f->folder);
    } else {
        char sql[128];
        if (!server())
            fail("PW_TEST_PG", "not set");
        (void)snprintf(f->schema, sizeof f->schema, "t_%s_%d", f->folder + strlen("/tmp/pwtest."), (int)getpid());
        (void)snprintf(sql, sizeof sql, "CREATE SCHEMA \"%s\"", f->schema);
        on_server(sql);
        /* The path is quoted as a name: mkdtemp gives capitals too. */
        int n = snprintf(f->url, sizeof f->url, "%s%capplication_name=%s&options=-csearch_path%%3D%%22%s%%22", server(),
                         strchr(server(), '?') ? '&' : '?', f->schema, f->schema);
        if (n < 0 || (size_t)n >= sizeof f->url)
            fail("PW_TEST_PG", "too long");
    }
    open_store(f, cf);
}

void dbfix_open(struct dbfix *f, enum db_engine engine)
{
    dbfix_open_with(f, engine, (struct store_config){0});
}

void dbfix_reopen(struct dbfix *f)
{
    store_close(f->s);
    f->s = NULL;
    open_store(f, (struct store_config){0});
}

void dbfix_migrate(struct dbfix *f, const struct migration *m, size_t n)
{
    struct sv why = {0};
    if (store_migrate(f->s, m, n, &why, &f->a) != PW_OK)
        fail("store_migrate", arena_z(&f->a, why));
}

void dbfix_schema(struct dbfix *f, const char *sql)
{
    const struct migration m = {"test/1", sql};
    dbfix_migrate(f, &m, 1);
}

static void empty_folder(int fd)
{
    DIR *d = fdopendir(fd);
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (unlinkat(dirfd(d), e->d_name, 0) == 0)
            continue;
        int sub = openat(dirfd(d), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (sub >= 0)
            empty_folder(sub);
        (void)unlinkat(dirfd(d), e->d_name, AT_REMOVEDIR);
    }
    (void)closedir(d);
}

void dbfix_close(struct dbfix *f)
{
    store_close(f->s);
    if (f->engine == DB_POSTGRES) {
        char sql[128];
        (void)snprintf(sql, sizeof sql, "SET client_min_messages = error; DROP SCHEMA \"%s\" CASCADE", f->schema);
        on_server(sql);
    }
    int fd = open(f->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        empty_folder(fd);
    (void)rmdir(f->folder);
    arena_finish(&f->a);
    *f = (struct dbfix){0};
}
