/* SPDX-License-Identifier: EUPL-1.2 */
/* dbfix: an empty database for a test, on the engine the test was started for: a SQLite file in a folder of its own, or
 * a schema of its own in the PostgreSQL database at $PW_TEST_PG. dbfix_close() removes it. Anything that fails here
 * fails the test at once. How a room registers its tests twice: tests/lib/README.md. */
#ifndef PW_TEST_DBFIX_H
#define PW_TEST_DBFIX_H

#include "store/db.h"

struct dbfix {
    struct store *s;
    struct arena a; /* for the test's own use; 16 MB */
    enum db_engine engine;
    char folder[64]; /* a temporary folder, on both engines */
    char url[512];   /* to open the same database again, or from another process */
    char schema[64]; /* PostgreSQL */
};

/* The engine of $PW_TEST_ENGINE (sqlite when unset). Ends the program with 77 (skipped) when that is postgres and
 * $PW_TEST_PG is not set: call it first in main(). */
enum db_engine dbfix_engine(void);

void dbfix_open(struct dbfix *f, enum db_engine engine);
/* The same with some settings of the store; url and create are filled in. */
void dbfix_open_with(struct dbfix *f, enum db_engine engine, struct store_config cf);
void dbfix_reopen(struct dbfix *f); /* closes the store and opens the same database again */
void dbfix_migrate(struct dbfix *f, const struct migration *m, size_t n);
/* One migration from plain text: tables of the test itself. */
void dbfix_schema(struct dbfix *f, const char *sql);
void dbfix_close(struct dbfix *f);

#endif
