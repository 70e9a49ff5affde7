/* SPDX-License-Identifier: EUPL-1.2 */
/* script: reads the text of a migration statement by statement, and writes a statement in PostgreSQL's words.
 * Strings, quoted names and comments are never touched. */
#ifndef PW_STORE_SCRIPT_H
#define PW_STORE_SCRIPT_H

#include "base/buf.h"
#include "store/db.h"

/* Cuts the next statement (without its semicolon, with the comments before it) off *rest. False at the end: nothing
 * but spaces and comments is left. */
bool script_next(struct sv *rest, struct sv *ret_statement);

/* Which engines a statement is for: a comment line before it may say `--@sqlite` or `--@postgres`. */
bool script_for(struct sv statement, enum db_engine engine);

/* INTEGER → BIGINT, BLOB → BYTEA, REAL → DOUBLE PRECISION; STRICT and WITHOUT ROWID behind a table are dropped. */
void script_to_postgres(struct sv statement, struct buf *out);

/* The words alone, one space apart: the same for texts that differ in comments and spaces only. */
void script_words(struct sv text, struct buf *out);

#endif
