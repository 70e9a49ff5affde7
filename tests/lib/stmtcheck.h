/* SPDX-License-Identifier: EUPL-1.2 */
/* stmtcheck: looks at every registered statement of the program. On both engines it must be preparable against the
 * schema; on SQLite its plan must not read a whole table unless the statement says DB_SCAN_OK and why. */
#ifndef PW_TEST_STMTCHECK_H
#define PW_TEST_STMTCHECK_H

#include "lib/dbfix.h"

/* Call after all migrations. Writes what is wrong to standard error and returns how many statements are. */
size_t stmtcheck_all(struct dbfix *f);
/* One statement; true when it is well. */
bool stmtcheck_one(struct dbfix *f, const struct db_stmt *st);

#endif
