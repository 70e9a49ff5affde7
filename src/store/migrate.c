/* SPDX-License-Identifier: EUPL-1.2 */
/* migrate: brings a database to the schema of the program. Owns table schema_migration. Each step is one transaction
 * that first keeps other processes out, so several may start at once: whoever comes second finds the step done. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/clock.h"
#include "store/engine.h"
#include "store/script.h"

enum { SCRIPT_MOST = 4 * 1024 * 1024, CHECKSUM = 16, PATIENCE_MS = 120000 };

static const char table_text[] = "CREATE TABLE IF NOT EXISTS schema_migration (\n"
                                 "    name TEXT PRIMARY KEY NOT NULL, -- room and number, like work/1\n"
                                 "    applied_ms INTEGER NOT NULL,    -- when, ms UTC\n"
                                 "    checksum TEXT NOT NULL          -- of its words, without comments and spaces\n"
                                 ") STRICT";

DB_STMT(migration_find, "SELECT checksum FROM schema_migration WHERE name = $1");
DB_STMT(migration_add, "INSERT INTO schema_migration (name, applied_ms, checksum) VALUES ($1, $2, $3)");

struct step {
    const struct migration *m;
    struct arena *a;
    struct sv why;
};

static enum pw_err checksum_of(const char *sql, char out[2 * CHECKSUM + 1])
{
    unsigned char hash[CHECKSUM];
    struct buf words;
    buf_init(&words, SCRIPT_MOST);
    script_words(sv_of(sql), &words);
    bool ok = buf_ok(&words);
    if (ok) {
        (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)buf_sv(&words).p, words.n, NULL, 0);
        (void)sodium_bin2hex(out, 2 * CHECKSUM + 1, hash, sizeof hash);
    }
    buf_finish(&words);
    return ok ? PW_OK : PW_INTERNAL;
}

static enum pw_err run_statement(struct db *db, struct sv statement)
{
    struct buf text;
    buf_init(&text, SCRIPT_MOST);
    if (db_engine_of(db) == DB_POSTGRES)
        script_to_postgres(statement, &text);
    else
        buf_add(&text, statement);
    buf_c(&text, '\0');
    enum pw_err e = buf_ok(&text) ? db->ops->script(db, buf_sv(&text).p) : PW_INTERNAL;
    buf_finish(&text);
    return e;
}

static enum pw_err run_script(struct db *db, const char *sql)
{
    struct sv rest = sv_of(sql), statement;
    while (script_next(&rest, &statement)) {
        if (script_for(statement, db_engine_of(db)))
            PW_TRY(run_statement(db, statement));
    }
    return PW_OK;
}

static enum pw_err apply(struct db *db, void *arg)
{
    struct step *step = arg;
    char sum[2 * CHECKSUM + 1];
    struct db_rows rows;
    step->why = (struct sv){0};
    PW_TRY(checksum_of(step->m->sql, sum));
    PW_TRY(db->ops->lock_schema(db));
    PW_TRY(run_script(db, table_text));
    struct sv name = sv_of(step->m->name);
    enum pw_err e = db_one(db, step->a, &migration_find, DB_ARGS(DB_T(name)), &rows);
    if (e == PW_OK) {
        if (sv_eq_z(db_text(&rows, 0, 0), sum))
            return PW_OK;
        step->why =
            arena_fmt(step->a,
                      "Schema step %s of this program differs from the one this database was made with. Use the "
                      "program that fits the database, or restore a backup.",
                      step->m->name);
        return PW_CONFLICT;
    }
    if (e != PW_NOT_FOUND)
        return e;
    e = run_script(db, step->m->sql);
    if (e != PW_OK) {
        step->why = arena_fmt(step->a, "Schema step %s failed: %s.", step->m->name, db_last_error(db));
        return e;
    }
    return db_exec(db, &migration_add,
                   DB_ARGS(DB_T(name), DB_I(clock_now_ms()), DB_T(((struct sv){sum, sizeof sum - 1}))), NULL);
}

enum pw_err store_migrate(struct store *s, const struct migration *m, size_t n, struct sv *ret_why, struct arena *a)
{
    for (size_t i = 0; i < n; i++) {
        struct step step = {.m = &m[i], .a = a};
        int64_t end = clock_mono_ms() + PATIENCE_MS;
        enum pw_err e;
        do {
            e = db_transact(s, apply, &step);
        } while (e == PW_RETRY && clock_mono_ms() < end);
        if (e != PW_OK) {
            if (!step.why.n) {
                char words[DB_WORDS];
                store_last_error(s, words, sizeof words);
                step.why = arena_fmt(a, "Schema step %s was not made: %s %s", m[i].name, err_name(e), words);
            }
            if (ret_why)
                *ret_why = step.why;
            return e;
        }
    }
    return PW_OK;
}

/* ---- what is still to do ---- */

struct count {
    const struct migration *m;
    size_t n, pending;
};

static enum pw_err count_pending(struct db *db, void *arg)
{
    struct count *c = arg;
    bool exists = false;
    PW_TRY(db->ops->has_table(db, "schema_migration", &exists));
    c->pending = exists ? 0 : c->n;
    struct arena a;
    arena_init(&a, 64 * 1024);
    enum pw_err e = PW_OK;
    for (size_t i = 0; exists && i < c->n && (e == PW_OK || e == PW_NOT_FOUND); i++) {
        struct db_rows rows;
        e = db_one(db, &a, &migration_find, DB_ARGS(DB_T(sv_of(c->m[i].name))), &rows);
        c->pending += e == PW_NOT_FOUND;
        arena_reset(&a);
    }
    arena_finish(&a);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err store_pending(struct store *s, const struct migration *m, size_t n, size_t *ret_pending)
{
    struct count c = {.m = m, .n = n};
    PW_TRY(db_read(s, count_pending, &c));
    *ret_pending = c.pending;
    return PW_OK;
}
