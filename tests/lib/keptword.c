/* SPDX-License-Identifier: EUPL-1.2 */
#include "lib/keptword.h"

#include <stdlib.h>

#include "core/vault.h"

/* Connections keep what they prepared under the address of the statement: an address is used once. */
enum { STATEMENTS_MAX = 4000, COLUMNS_MAX = 40 };
static struct db_stmt statements[STATEMENTS_MAX];
static size_t n_statements;

struct look {
    struct ctx *c;
    struct sv word, place;
    int64_t *persons; /* 0, the installation's own key, is among them */
    size_t n_persons;
};

static enum pw_err ask(struct ctx *c, struct sv sql, struct db_rows *ret)
{
    if (n_statements == STATEMENTS_MAX)
        abort();
    struct db_stmt *s = &statements[n_statements++];
    *s = (struct db_stmt){.name = arena_fmt(c->arena, "keptword_%zu", n_statements).p, .sql = arena_z(c->arena, sql)};
    return db_query(c->db, c->arena, s, DB_NOARGS, ret);
}

static bool opens(const struct look *l, struct seal_place at, struct sv sealed)
{
    struct sv plain;
    for (size_t i = 0; i < l->n_persons; i++)
        if (unseal(l->c, l->persons[i], at, sealed, &plain) == PW_OK)
            return sv_find(plain, l->word) >= 0;
    return false;
}

/* Which number of its row a cell was sealed under is not written anywhere: all are tried. */
static bool holds(const struct look *l, const struct db_rows *r, size_t row, size_t col, const char *table,
                  const char *column)
{
    struct sv cell = db_text(r, row, col);
    if (sv_find(cell, l->word) >= 0)
        return true;
    for (size_t k = 0; k < r->cols && r->v[row * r->cols + col].kind == DB_BLOB && cell.n; k++)
        if (r->v[row * r->cols + k].kind == DB_INT &&
            opens(l, (struct seal_place){table, column, db_int(r, row, k)}, cell))
            return true;
    return false;
}

static enum pw_err look_into(struct look *l, const char *table, const char *const *columns, size_t n)
{
    struct db_rows r;
    struct sv sql = SV("SELECT ");
    for (size_t i = 0; i < n; i++)
        sql = arena_fmt(l->c->arena, "%.*s%s%s", SV_ARG(sql), i ? ", " : "", columns[i]);
    PW_TRY(ask(l->c, arena_fmt(l->c->arena, "%.*s FROM %s", SV_ARG(sql), table), &r));
    for (size_t i = 0; i < r.n; i++)
        for (size_t k = 0; k < r.cols; k++) {
            enum db_kind kind = r.v[i * r.cols + k].kind;
            if ((kind == DB_TEXT || kind == DB_BLOB) && !l->place.n && holds(l, &r, i, k, table, columns[k]))
                l->place = arena_fmt(l->c->arena, "%s.%s", table, columns[k]);
        }
    return PW_OK;
}

/* The names at the beginnings of the lines of "CREATE TABLE x (\n    name TYPE …": as our schemas are written. */
static size_t columns_of(struct arena *a, struct sv sql, const char **v)
{
    struct sv line, name;
    size_t n = 0;
    while (n < COLUMNS_MAX && sv_cut(&sql, '\n', &line)) {
        line = sv_trim(line);
        bool column = sv_find(line, SV(" INTEGER")) > 0 || sv_find(line, SV(" TEXT")) > 0 ||
                      sv_find(line, SV(" BLOB")) > 0 || sv_find(line, SV(" REAL")) > 0;
        if (column && !sv_starts(line, SV("CREATE")) && !sv_starts(line, SV("--")) && sv_cut(&line, ' ', &name))
            v[n++] = arena_z(a, name);
    }
    return n;
}

static enum pw_err tables_of_sqlite(struct look *l)
{
    struct db_rows r;
    PW_TRY(ask(l->c, SV("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT'"), &r));
    for (size_t i = 0; i < r.n; i++) {
        const char *columns[COLUMNS_MAX];
        size_t n = columns_of(l->c->arena, db_text(&r, i, 1), columns);
        if (n)
            PW_TRY(look_into(l, arena_z(l->c->arena, db_text(&r, i, 0)), columns, n));
    }
    return PW_OK;
}

static enum pw_err tables_of_postgres(struct look *l)
{
    struct db_rows r;
    PW_TRY(ask(l->c,
               SV("SELECT CAST(table_name AS TEXT), CAST(column_name AS TEXT) FROM information_schema.columns "
                  "WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position"),
               &r));
    for (size_t i = 0, next; i < r.n; i = next) {
        const char *columns[COLUMNS_MAX];
        for (next = i; next < r.n && next - i < COLUMNS_MAX && sv_eq(db_text(&r, next, 0), db_text(&r, i, 0)); next++)
            columns[next - i] = arena_z(l->c->arena, db_text(&r, next, 1));
        PW_TRY(look_into(l, arena_z(l->c->arena, db_text(&r, i, 0)), columns, next - i));
    }
    return PW_OK;
}

static enum pw_err look_everywhere(struct look *l)
{
    struct db_rows r;
    PW_TRY(ask(l->c, SV("SELECT 0 UNION SELECT person_id FROM person_key"), &r));
    l->persons = arena_array(l->c->arena, int64_t, r.n + 1);
    for (size_t i = 0; i < r.n; i++)
        l->persons[l->n_persons++] = db_int(&r, i, 0);
    return db_engine_of(l->c->db) == DB_SQLITE ? tables_of_sqlite(l) : tables_of_postgres(l);
}

struct sv keptword_place(struct ctxfix *f, const char *word)
{
    struct look l = {.word = sv_of(word)};
    if (CTX_LOOK(f, (l.c = c, look_everywhere(&l))) != PW_OK)
        abort();
    return l.place;
}
