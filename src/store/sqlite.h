/* SPDX-License-Identifier: EUPL-1.2 */
/* sqlite: one SQLite connection as a struct db, and the pieces the store is made of. Only for the sqlite*.c files, the
 * only ones that see sqlite3.h. A connection belongs to one thread at a time; who hands it over synchronizes. */
#ifndef PW_STORE_SQLITE_H
#define PW_STORE_SQLITE_H

#include <sqlite3.h>

#include "store/engine.h"
#include "store/groupcommit.h"

enum sqlite_step {
    STEP_BEGIN,
    STEP_BEGIN_WRITE,
    STEP_COMMIT,
    STEP_ROLLBACK,
    STEP_SAVEPOINT,
    STEP_RELEASE,
    STEP_UNDO,
    STEP__MAX
};

struct sqlite_conn {
    struct db db; /* first: a struct db is its connection */
    sqlite3 *h;
    sqlite3_stmt *step[STEP__MAX];
    struct sqlite_cached *cache; /* open addressing by the statement's address */
    size_t cache_size, cache_n, cache_most;
    uint64_t clock;      /* counts uses, for the cache */
    int active;          /* statements being stepped */
    int statement_ms;    /* 0 = no limit */
    int64_t deadline_ms; /* of the statement that runs */
    bool own_step;       /* our own transaction control runs: the authorizer lets it through */
    bool disk_failed;    /* an I/O error, a full disk or a broken file was seen */
    struct sqlite_conn *next_free;
};

/* path is NUL-terminated. On failure ret_why is a sentence in a. */
enum pw_err sqlite_conn_open(struct sqlite_conn *c, const char *path, bool read_only, const struct store *s,
                             struct arena *a, struct sv *ret_why);
void sqlite_conn_close(struct sqlite_conn *c);
int sqlite_conn_step(struct sqlite_conn *c, enum sqlite_step what); /* SQLITE_OK or the extended code */
void sqlite_conn_reset_all(struct sqlite_conn *c);                  /* statements a work left open */
enum pw_err sqlite_err(struct sqlite_conn *c, int rc);              /* maps a result code; notes a failed disk */

enum pw_err sqlite_backup(const char *from, struct sv to);

#endif
