/* SPDX-License-Identifier: EUPL-1.2 */
/* postgres: one connection to a server as a struct db. Only for the postgres*.c files, the only ones that see
 * libpq-fe.h. A connection belongs to one thread at a time. */
#ifndef PW_STORE_POSTGRES_H
#define PW_STORE_POSTGRES_H

#include <libpq-fe.h>

#include "store/engine.h"

struct postgres_conn {
    struct db db;                 /* first: a struct db is its connection */
    PGconn *h;                    /* NULL until the first use */
    const struct db_stmt **known; /* statements prepared here: open addressing by address; named by it on the server */
    size_t known_size, known_n;
    unsigned cursors; /* open ones, for their names */
    bool worn;        /* to be opened again before the next use */
    struct postgres_conn *next_free;
};

/* Connects and checks that the server keeps its promises. On failure ret_why is a sentence in a (may both be NULL). */
enum pw_err postgres_conn_open(struct postgres_conn *c, const char *url, const struct store *s, struct arena *a,
                               struct sv *ret_why);
void postgres_conn_close(struct postgres_conn *c); /* lane and place stay */
void postgres_conn_init(struct postgres_conn *c, int number);
/* Plain SQL without parameters; the words of a failure are kept. ret_tag: the command's name, may be NULL. */
enum pw_err postgres_conn_plain(struct postgres_conn *c, const char *sql, char ret_tag[16]);
bool postgres_conn_lost(const struct postgres_conn *c);

#endif
