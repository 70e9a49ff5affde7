/* SPDX-License-Identifier: EUPL-1.2 */
/* One connection: how it is opened, how a statement runs on it, and what its errors mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/postgres.h"

enum { NUMBER_TEXT = 32, COLS_ON_STACK = 40, ROWS_A_FETCH = 500, SCRATCH = 4096 };
enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_OID = 26,
    OID_FLOAT4 = 700,
    OID_FLOAT8 = 701,
    OID_NUMERIC = 1700
};

/* ---- errors ---- */

bool postgres_conn_lost(const struct postgres_conn *c)
{
    return !c->h || PQstatus(c->h) != CONNECTION_OK;
}

/* Keeps the words of a failure for the log. Class 22 (wrong data) quotes the data, so only its code is kept. */
static void say(struct postgres_conn *c, const struct db_stmt *st, const PGresult *res)
{
    const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
    const char *words = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    char text[DB_WORDS];
    if (!state)
        (void)snprintf(text, sizeof text, "the connection to the server was lost");
    else
        (void)snprintf(text, sizeof text, "%s %s", state, words && strncmp(state, "22", 2) != 0 ? words : "");
    db_say(&c->db, st, text);
}

static enum pw_err err_of_state(struct postgres_conn *c, const char *state)
{
    static const struct {
        const char *prefix;
        enum pw_err e;
    } table[] = {
        {"40001", PW_RETRY},       /* serialization failure */
        {"40P01", PW_RETRY},       /* deadlock */
        {"55P03", PW_RETRY},       /* lock_timeout */
        {"23505", PW_CONFLICT},    /* unique */
        {"23503", PW_CONFLICT},    /* foreign key */
        {"23P01", PW_CONFLICT},    /* exclusion */
        {"57", PW_UNAVAILABLE},    /* cancelled by statement_timeout, shut down */
        {"53", PW_UNAVAILABLE},    /* disk full, out of memory, too many connections */
        {"58", PW_UNAVAILABLE},    /* I/O */
        {"08P01", PW_INTERNAL},    /* wrong number of parameters */
        {"08", PW_UNAVAILABLE},    /* connection */
        {"25P03", PW_UNAVAILABLE}, /* idle too long inside a transaction */
    };
    if (strcmp(state, "0A000") == 0 || strcmp(state, "26000") == 0) {
        c->worn = true; /* a plan made before the schema changed: a fresh connection knows better */
        return PW_RETRY;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (strncmp(state, table[i].prefix, strlen(table[i].prefix)) == 0)
            return table[i].e;
    }
    return PW_INTERNAL;
}

/* PW_OK when the result is one of success; else notes the words. Does not clear the result. */
static enum pw_err check(struct postgres_conn *c, const struct db_stmt *st, const PGresult *res)
{
    ExecStatusType status = PQresultStatus(res);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return PW_OK;
    const char *state = PQresultErrorField(res, PG_DIAG_SQLSTATE);
    say(c, st, res);
    return state ? err_of_state(c, state) : PW_UNAVAILABLE;
}

enum pw_err postgres_conn_plain(struct postgres_conn *c, const char *sql, char ret_tag[16])
{
    PGresult *res = PQexec(c->h, sql);
    enum pw_err e = check(c, NULL, res);
    if (e == PW_OK && ret_tag)
        (void)snprintf(ret_tag, 16, "%s", PQcmdStatus(res));
    PQclear(res);
    return e;
}

/* ---- prepared statements ---- */

static size_t slot_of(const struct postgres_conn *c, const struct db_stmt *st)
{
    uint64_t x = (uint64_t)(uintptr_t)st * 0x9e3779b97f4a7c15u;
    size_t at = (size_t)(x >> 32) & (c->known_size - 1);
    while (c->known[at] && c->known[at] != st)
        at = (at + 1) & (c->known_size - 1);
    return at;
}

static bool grow(struct postgres_conn *c)
{
    const struct db_stmt **old = c->known;
    size_t old_size = c->known_size;
    const struct db_stmt **new = calloc(old_size ? old_size * 2 : 256, sizeof *new);
    if (!new)
        return false;
    c->known = new;
    c->known_size = old_size ? old_size * 2 : 256;
    for (size_t i = 0; i < old_size; i++) {
        if (old[i])
            c->known[slot_of(c, old[i])] = old[i];
    }
    free(old);
    return true;
}

static enum pw_err prepare(struct postgres_conn *c, const struct db_stmt *st, char name[24])
{
    (void)snprintf(name, 24, "s%llx", (unsigned long long)(uintptr_t)st);
    if (c->known_n >= c->known_size / 2 && !grow(c))
        return PW_UNAVAILABLE;
    size_t at = slot_of(c, st);
    if (c->known[at])
        return PW_OK;
    PGresult *res = PQprepare(c->h, name, st->sql, 0, NULL);
    enum pw_err e = check(c, st, res);
    PQclear(res);
    if (e == PW_OK) {
        c->known[at] = st;
        c->known_n++;
    }
    return e;
}

/* ---- parameters and results ---- */

struct params {
    const char *value[DB_ARGS_MAX];
    int length[DB_ARGS_MAX], format[DB_ARGS_MAX];
    char number[DB_ARGS_MAX][NUMBER_TEXT];
    char *text; /* NUL-terminated copies: libpq wants texts so */
    char scratch[SCRATCH];
};

static bool params_fill(struct params *p, const struct db_val *args, size_t n)
{
    size_t need = 0;
    for (size_t i = 0; i < n; i++) {
        if (args[i].kind == DB_TEXT)
            need += args[i].s.n + 1;
        if ((args[i].kind == DB_TEXT || args[i].kind == DB_BLOB) && args[i].s.n > INT32_MAX / 2)
            return false;
    }
    p->text = need <= sizeof p->scratch ? p->scratch : malloc(need);
    if (!p->text)
        return false;
    char *to = p->text;
    for (size_t i = 0; i < n; i++) {
        const struct db_val *v = &args[i];
        p->length[i] = 0;
        p->format[i] = 0;
        switch (v->kind) {
        case DB_NULL:
            p->value[i] = NULL;
            break;
        case DB_INT:
            (void)snprintf(p->number[i], NUMBER_TEXT, "%lld", (long long)v->i);
            p->value[i] = p->number[i];
            break;
        case DB_REAL:
            (void)snprintf(p->number[i], NUMBER_TEXT, "%.17g", v->r);
            p->value[i] = p->number[i];
            break;
        case DB_TEXT:
            if (v->s.n)
                memcpy(to, v->s.p, v->s.n);
            to[v->s.n] = '\0';
            p->value[i] = to;
            to += v->s.n + 1;
            break;
        case DB_BLOB:
            p->value[i] = v->s.n ? v->s.p : "";
            p->length[i] = (int)v->s.n;
            p->format[i] = 1;
            break;
        }
    }
    return true;
}

static void params_finish(struct params *p)
{
    if (p->text != p->scratch)
        free(p->text);
}

static unsigned hex_digit(char c)
{
    return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a' + 10);
}

/* "\x4142" → "AB", in the result's own memory: what is written is shorter than what was read. */
static struct sv decode_bytea(char *p, size_t n)
{
    size_t out = 0;
    for (size_t i = 2; i + 1 < n; i += 2)
        p[out++] = (char)(hex_digit(p[i]) << 4 | hex_digit(p[i + 1]));
    return (struct sv){p, out};
}

static struct db_val read_cell(const PGresult *res, int row, int col)
{
    if (PQgetisnull(res, row, col))
        return DB_N;
    char *p = PQgetvalue(res, row, col);
    struct sv s = {p, (size_t)PQgetlength(res, row, col)};
    int64_t i;
    switch (PQftype(res, col)) {
    case OID_BOOL:
        return DB_I(p[0] == 't');
    case OID_INT2:
    case OID_INT4:
    case OID_INT8:
    case OID_OID:
        return sv_int(s, &i) ? DB_I(i) : DB_N;
    case OID_NUMERIC: /* sum() of integers is numeric; SQLite's stays an integer */
        return sv_int(s, &i) ? DB_I(i) : DB_R(strtod(p, NULL));
    case OID_FLOAT4:
    case OID_FLOAT8:
        return DB_R(strtod(p, NULL));
    case OID_BYTEA:
        return DB_B(decode_bytea(p, s.n));
    default:
        return DB_T(s);
    }
}

static enum pw_err give_rows(const PGresult *res, struct db_sink *sink)
{
    int rows = PQntuples(res), cols = PQnfields(res);
    struct db_val few[COLS_ON_STACK], *v = few;
    sink->cols = (size_t)cols;
    if (!sink->fn || rows == 0)
        return PW_OK;
    if (cols > COLS_ON_STACK && !(v = malloc((size_t)cols * sizeof *v)))
        return PW_UNAVAILABLE;
    enum pw_err e = PW_OK;
    for (int r = 0; r < (sink->first_only ? 1 : rows) && e == PW_OK; r++) {
        for (int i = 0; i < cols; i++)
            v[i] = read_cell(res, r, i);
        struct db_rows row = {.n = 1, .cols = (size_t)cols, .v = v};
        e = sink->stopped = sink->fn(sink->arg, &row);
    }
    if (v != few)
        free(v);
    return e;
}

/* ---- running ---- */

static enum pw_err run_prepared(struct postgres_conn *c, const struct db_stmt *st, const struct params *p, size_t n,
                                struct db_sink *sink, int64_t *ret_changed)
{
    char name[24];
    PW_TRY(prepare(c, st, name));
    PGresult *res = PQexecPrepared(c->h, name, (int)n, p->value, p->length, p->format, 0);
    enum pw_err e = check(c, st, res);
    if (e == PW_OK)
        e = give_rows(res, sink);
    if (e == PW_OK && ret_changed) {
        int64_t changed;
        bool read = strncmp(PQcmdStatus(res), "SELECT", 6) == 0;
        *ret_changed = !read && sv_int(sv_of(PQcmdTuples(res)), &changed) ? changed : 0;
    }
    PQclear(res);
    return e;
}

/* Row by row through a cursor, so that the function may run other statements on this connection meanwhile. */
static enum pw_err run_cursor(struct postgres_conn *c, const struct db_stmt *st, const struct params *p, size_t n,
                              struct db_sink *sink)
{
    char fetch[64], shut[48];
    unsigned number = ++c->cursors;
    char *declare = NULL;
    (void)snprintf(fetch, sizeof fetch, "FETCH %d FROM pw_%u", ROWS_A_FETCH, number);
    (void)snprintf(shut, sizeof shut, "CLOSE pw_%u", number);
    enum pw_err e = PW_UNAVAILABLE;
    if (asprintf(&declare, "DECLARE pw_%u NO SCROLL CURSOR FOR %s", number, st->sql) >= 0) {
        PGresult *res = PQexecParams(c->h, declare, (int)n, NULL, p->value, p->length, p->format, 0);
        e = check(c, st, res);
        PQclear(res);
        free(declare);
        bool more = e == PW_OK;
        while (more) {
            res = PQexec(c->h, fetch);
            e = check(c, st, res);
            if (e == PW_OK)
                e = give_rows(res, sink);
            more = e == PW_OK && PQntuples(res) == ROWS_A_FETCH;
            PQclear(res);
        }
        if (PQtransactionStatus(c->h) == PQTRANS_INTRANS) {
            enum pw_err closed = postgres_conn_plain(c, shut, NULL);
            if (e == PW_OK)
                e = closed;
        }
    }
    c->cursors--;
    return e;
}

static bool is_select(const char *sql)
{
    return strncmp(sql, "SELECT", 6) == 0 || strncmp(sql, "WITH", 4) == 0;
}

static enum pw_err conn_run(struct db *db, const struct db_stmt *st, const struct db_val *args, size_t n,
                            struct db_sink *sink, int64_t *ret_changed)
{
    struct postgres_conn *c = (struct postgres_conn *)db;
    struct params p;
    if (!params_fill(&p, args, n)) {
        db_say(db, st, "the parameters are too large");
        return PW_UNAVAILABLE;
    }
    bool cursor = sink->stream && is_select(st->sql) && (db->read_only || strncmp(st->sql, "SELECT", 6) == 0);
    enum pw_err e = cursor ? run_cursor(c, st, &p, n, sink) : run_prepared(c, st, &p, n, sink, ret_changed);
    params_finish(&p);
    return e;
}

static enum pw_err conn_control(struct db *db, enum db_control what)
{
    static const char *const sql[] = {
        [DB_SAVEPOINT] = "SAVEPOINT pw", [DB_RELEASE] = "RELEASE pw", [DB_ROLLBACK_TO] = "ROLLBACK TO pw"};
    return postgres_conn_plain((struct postgres_conn *)db, sql[what], NULL);
}

static enum pw_err conn_script(struct db *db, const char *statement)
{
    return postgres_conn_plain((struct postgres_conn *)db, statement, NULL);
}

static enum pw_err conn_has_table(struct db *db, const char *name, bool *ret)
{
    struct postgres_conn *c = (struct postgres_conn *)db;
    PGresult *res = PQexecParams(c->h, "SELECT to_regclass($1) IS NOT NULL", 1, NULL, &name, NULL, NULL, 0);
    enum pw_err e = check(c, NULL, res);
    if (e == PW_OK)
        *ret = PQntuples(res) == 1 && PQgetvalue(res, 0, 0)[0] == 't';
    PQclear(res);
    return e;
}

static enum pw_err conn_lock_schema(struct db *db)
{
    /* A long step of another process must be waited for, not reported as a clash. The number is ours alone. */
    return postgres_conn_plain((struct postgres_conn *)db,
                               "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(5787213827046133841)", NULL);
}

/* ---- opening ---- */

static enum pw_err ask(struct postgres_conn *c, const char *sql, char *out, size_t size)
{
    PGresult *res = PQexec(c->h, sql);
    enum pw_err e = check(c, NULL, res);
    if (e == PW_OK)
        (void)snprintf(out, size, "%s", PQntuples(res) ? PQgetvalue(res, 0, 0) : "");
    PQclear(res);
    return e;
}

static enum pw_err keeps_promises(struct postgres_conn *c, struct arena *a, struct sv *ret_why)
{
    static const struct {
        const char *ask, *wanted, *refused, *why;
    } rules[] = {
        {"SHOW synchronous_commit", NULL, "off",
         "The server acknowledges before it has written (synchronous_commit is off), so an acknowledged message could "
         "be "
         "lost. Passerelle does not start like this."},
        {"SHOW fsync", "on", NULL,
         "The server does not wait for its disk (fsync is off), so an acknowledged message could be lost. Passerelle "
         "does not start like this."},
        {"SHOW server_encoding", "UTF8", NULL, "The database must be in UTF8."},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char got[32] = "";
        PW_TRY(ask(c, rules[i].ask, got, sizeof got));
        if ((rules[i].wanted && strcmp(got, rules[i].wanted) != 0) ||
            (rules[i].refused && strcmp(got, rules[i].refused) == 0)) {
            db_say(&c->db, NULL, rules[i].why);
            if (ret_why)
                *ret_why = arena_sv(a, sv_of(rules[i].why));
            return PW_UNAVAILABLE;
        }
    }
    return PW_OK;
}

enum pw_err postgres_conn_open(struct postgres_conn *c, const char *url, const struct store *s, struct arena *a,
                               struct sv *ret_why)
{
    /* What the URL says comes later and wins. A dead peer is noticed within half a minute. */
    static const char *const keys[] = {"connect_timeout",  "keepalives_idle",  "keepalives_interval",
                                       "keepalives_count", "tcp_user_timeout", "fallback_application_name",
                                       "dbname",           "client_encoding",  NULL};
    const char *const values[] = {"10", "10", "5", "3", "30000", "passerelle", url, "UTF8", NULL};
    postgres_conn_close(c);
    c->h = PQconnectdbParams(keys, values, 1);
    enum pw_err e = PW_UNAVAILABLE;
    if (!c->h || PQstatus(c->h) != CONNECTION_OK) {
        db_say(&c->db, NULL, "no connection to the database server");
        if (ret_why)
            *ret_why =
                arena_fmt(a, "No connection to the database server: %s", c->h ? PQerrorMessage(c->h) : "out of memory");
    } else {
        char settings[256];
        (void)snprintf(settings, sizeof settings,
                       "SET lock_timeout = %d; SET timezone = 'UTC'; SET bytea_output = 'hex';"
                       "SET client_min_messages = error; SET standard_conforming_strings = on;"
                       "SET default_transaction_isolation = 'read committed'; SET cursor_tuple_fraction = 1.0",
                       s->busy_ms);
        e = postgres_conn_plain(c, settings, NULL);
        if (e == PW_OK)
            e = keeps_promises(c, a, ret_why);
        if (e != PW_OK && ret_why && !ret_why->n)
            *ret_why = arena_fmt(a, "The database server refuses a setting: %s.", c->db.words);
    }
    if (e != PW_OK)
        postgres_conn_close(c);
    return e;
}

void postgres_conn_init(struct postgres_conn *c, int number)
{
    static const struct db_ops ops = {conn_run, conn_control, conn_script, conn_has_table, conn_lock_schema};
    *c = (struct postgres_conn){.db = {.ops = &ops, .engine = DB_POSTGRES, .lane = number % 8}};
}

void postgres_conn_close(struct postgres_conn *c)
{
    PQfinish(c->h);
    free(c->known);
    c->h = NULL;
    c->known = NULL;
    c->known_size = c->known_n = 0;
    c->cursors = 0;
    c->worn = false;
}
