/* SPDX-License-Identifier: EUPL-1.2 */
#include "lib/stmtcheck.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>
#include <sqlite3.h>

static bool wrong(const struct db_stmt *st, const char *what, const char *words)
{
    (void)fprintf(stderr, "statement %s: %s%s%s\n", st->name, what, words ? ": " : "", words ? words : "");
    return false;
}

/* What one engine would let pass. */
static bool portable(const struct db_stmt *st)
{
    static const struct {
        const char *text, *why;
    } traps[] = {
        {"::", "write CAST(x AS type): x::type is one parameter name to SQLite"},
        {"AS INTEGER)", "write AS BIGINT: INTEGER has 32 bits on PostgreSQL"},
        {"AS REAL)", "write AS DOUBLE PRECISION: REAL has 32 bits on PostgreSQL"},
        {"AS BLOB)", "PostgreSQL has no BLOB"},
        {"IFNULL", "write COALESCE"},
        {"INSERT OR", "write ON CONFLICT"},
        {" GLOB ", "PostgreSQL has no GLOB"},
        {"datetime(", "times are int64 milliseconds"},
    };
    static const char *const starts[] = {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "VALUES"};
    bool ok = true, known = false;
    for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) {
        if (strcasestr(st->sql, traps[i].text))
            ok = wrong(st, traps[i].why, NULL);
    }
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
        known = known || strncmp(st->sql, starts[i], strlen(starts[i])) == 0;
    if (!known)
        ok = wrong(st, "must start with SELECT, INSERT, UPDATE, DELETE, WITH or VALUES", NULL);
    if ((st->flags & DB_SCAN_OK) && (!st->why || strlen(st->why) < 8))
        ok = wrong(st, "must say why it may scan", NULL);
    return ok;
}

/* ---- SQLite ---- */

enum { PLAN_LINES = 64, NAME = 64 };
struct plan {
    char line[PLAN_LINES][256];
    size_t n;
};

static bool read_plan(sqlite3 *h, const struct db_stmt *st, struct plan *p)
{
    char *sql = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", st->sql);
    sqlite3_stmt *q = NULL;
    bool ok = sql && sqlite3_prepare_v2(h, sql, -1, &q, NULL) == SQLITE_OK;
    p->n = 0;
    while (ok && sqlite3_step(q) == SQLITE_ROW && p->n < PLAN_LINES)
        (void)snprintf(p->line[p->n++], sizeof p->line[0], "%s", (const char *)sqlite3_column_text(q, 3));
    (void)sqlite3_finalize(q);
    sqlite3_free(sql);
    return ok;
}

/* Does the text say `name AS alias` or `name alias`? */
static bool is_alias(const char *sql, const char *name, const char *alias)
{
    char said[2][2 * NAME + 8];
    (void)snprintf(said[0], sizeof said[0], "%s AS %s", name, alias);
    (void)snprintf(said[1], sizeof said[1], "%s %s", name, alias);
    return strstr(sql, said[0]) || strstr(sql, said[1]);
}

/* Does another line of the plan build what this name stands for (WITH x AS …, a subquery)? */
static bool is_built(const struct plan *p, const char *name, const char *sql)
{
    for (size_t i = 0; i < p->n; i++) {
        char built[NAME];
        if (sscanf(p->line[i], "CO-ROUTINE %63s", built) != 1 && sscanf(p->line[i], "MATERIALIZE %63s", built) != 1)
            continue;
        if (strcmp(built, name) == 0 || is_alias(sql, built, name))
            return true;
    }
    return name[0] == '(';
}

/* A walk along an index that a LIMIT ends is no scan; nor is one of a constant, a virtual table or a subquery. */
static bool is_scan(const struct plan *p, const char *line, const char *sql)
{
    char name[NAME];
    if (sscanf(line, "SCAN %63s", name) != 1 || strcmp(name, "CONSTANT") == 0 || strstr(line, "VALUES CLAUSE") ||
        strstr(line, "VIRTUAL TABLE"))
        return false;
    if (strstr(line, " USING ") && strstr(sql, "LIMIT"))
        return false;
    return !is_built(p, name, sql);
}

static bool check_sqlite(sqlite3 *h, const struct db_stmt *st)
{
    sqlite3_stmt *q = NULL;
    bool ok = true;
    if (sqlite3_prepare_v2(h, st->sql, -1, &q, NULL) != SQLITE_OK)
        return wrong(st, "SQLite", sqlite3_errmsg(h));
    for (int i = 1; i <= sqlite3_bind_parameter_count(q) && ok; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "$%d", i);
        if (sqlite3_bind_parameter_index(q, name) == 0)
            ok = wrong(st, "parameters must be $1 to $n without a gap; missing", name);
    }
    (void)sqlite3_finalize(q);
    struct plan p;
    if (!read_plan(h, st, &p))
        return wrong(st, "no plan", sqlite3_errmsg(h));
    for (size_t i = 0; i < p.n && !(st->flags & DB_SCAN_OK); i++) {
        if (is_scan(&p, p.line[i], st->sql))
            ok = wrong(st, "reads a whole table without saying why", p.line[i]);
    }
    return ok;
}

/* ---- PostgreSQL ---- */

static bool check_postgres(PGconn *h, const struct db_stmt *st)
{
    PGresult *res = PQprepare(h, "", st->sql, 0, NULL);
    bool ok = PQresultStatus(res) == PGRES_COMMAND_OK || wrong(st, "PostgreSQL", PQresultErrorMessage(res));
    PQclear(res);
    return ok;
}

/* ---- all ---- */

struct checker {
    sqlite3 *lite;
    PGconn *server;
};

static void checker_open(struct checker *c, const struct dbfix *f)
{
    *c = (struct checker){0};
    bool ok;
    if (f->engine == DB_SQLITE) {
        ok = sqlite3_open_v2(f->url + 5, &c->lite, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;
        (void)sqlite3_db_config(c->lite, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        (void)sqlite3_db_config(c->lite, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL); /* plans as the product makes them */
    } else {
        c->server = PQconnectdb(f->url);
        ok = PQstatus(c->server) == CONNECTION_OK;
    }
    if (!ok)
        abort();
}

static void checker_close(struct checker *c)
{
    (void)sqlite3_close(c->lite);
    if (c->server)
        PQfinish(c->server);
}

static bool check(const struct checker *c, const struct db_stmt *st)
{
    bool ok = portable(st);
    return (c->lite ? check_sqlite(c->lite, st) : check_postgres(c->server, st)) && ok;
}

bool stmtcheck_one(struct dbfix *f, const struct db_stmt *st)
{
    struct checker c;
    checker_open(&c, f);
    bool ok = check(&c, st);
    checker_close(&c);
    return ok;
}

static int by_name(const void *x, const void *y)
{
    return strcmp((*(const struct db_stmt *const *)x)->name, (*(const struct db_stmt *const *)y)->name);
}

size_t stmtcheck_all(struct dbfix *f)
{
    size_t n, bad = 0;
    const struct db_stmt *const *all = db_statements(&n);
    struct checker c;
    checker_open(&c, f);
    for (size_t i = 0; i < n; i++)
        bad += !check(&c, all[i]);
    checker_close(&c);
    const struct db_stmt **sorted = calloc(n + 1, sizeof *sorted);
    for (size_t i = 0; sorted && i < n; i++)
        sorted[i] = all[i];
    if (sorted)
        qsort(sorted, n, sizeof *sorted, by_name);
    for (size_t i = 1; sorted && i < n; i++) {
        if (strcmp(sorted[i]->name, sorted[i - 1]->name) == 0)
            bad += !wrong(sorted[i], "the name is taken twice", NULL);
    }
    free(sorted);
    (void)fprintf(stderr, "%zu statements looked at, %zu wrong\n", n, bad);
    return bad;
}
