/* SPDX-License-Identifier: EUPL-1.2 */
/* core_test: what each test program of core starts with. */
#ifndef PW_CORE_TEST_H
#define PW_CORE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/id.h"
#include "lib/ctxfix.h"
#include "lib/stmtcheck.h"

static inline int core_set_up(void **state)
{
    struct ctxfix *f = calloc(1, sizeof *f);
    ctxfix_open(f);
    *state = f;
    return 0;
}

static inline int core_tear_down(void **state)
{
    ctxfix_close(*state);
    free(*state);
    return 0;
}

#define CORE_TEST(fn) cmocka_unit_test_setup_teardown(fn, core_set_up, core_tear_down)

/* Every statement of the parts that the program links: prepared on this engine, and never an unwanted scan. */
static inline void every_statement_is_well(void **state)
{
    struct ctxfix *f = *state;
    assert_int_equal(0, stmtcheck_all(&f->db));
}

static inline void assert_sv(struct sv got, const char *want)
{
    if (!sv_eq_z(got, want))
        fail_msg("\"%.*s\" is not \"%s\"", SV_ARG(got), want);
}

/* Runs SQL of the test itself, behind the back of the code under test. The text lives as long as the program. */
static inline enum pw_err raw_exec(struct ctx *c, const char *sql, const struct db_val *args, size_t n)
{
    struct db_stmt *st = arena_new(c->arena, struct db_stmt);
    char *copy = arena_z(c->arena, sv_of(sql));
    *st = (struct db_stmt){copy, copy, DB_SCAN_OK, "test"};
    return db_exec(c->db, st, args, n, NULL);
}

static inline int64_t raw_int(struct ctx *c, const char *sql, const struct db_val *args, size_t n)
{
    struct db_stmt *st = arena_new(c->arena, struct db_stmt);
    char *copy = arena_z(c->arena, sv_of(sql));
    struct db_rows r;
    *st = (struct db_stmt){copy, copy, DB_SCAN_OK, "test"};
    if (db_one(c->db, c->arena, st, args, n, &r) != PW_OK)
        return -1;
    return db_int(&r, 0, 0);
}

#endif
