/* SPDX-License-Identifier: EUPL-1.2 */
/* sqlite_checkpoint: brings the write-ahead log into the file beside the writer, on a thread and a connection of its
 * own, so that commits do not wait for 32 MB of pages. The thread is made at the first need; small stores never have
 * one. Only for the sqlite*.c files. */
#ifndef PW_STORE_SQLITE_CHECKPOINT_H
#define PW_STORE_SQLITE_CHECKPOINT_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/sqlite.h"

struct sqlite_keeper {
    const char *path;
    const struct store *store;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool made, wanted, quit; /* under lock */
    atomic_bool done;        /* a round ended since the last look */
    atomic_bool failed;      /* the disk failed: nothing may be written any more */
    struct sqlite_conn conn; /* of the thread */
};
void keeper_init(struct sqlite_keeper *k, const char *path, const struct store *s);
bool keeper_want(struct sqlite_keeper *k); /* starts a round; false: there is no thread, the caller has to do it */
bool keeper_took(struct sqlite_keeper *k); /* has a round ended since the last call? */
/* Waits for the round that runs. keep_log: the log stays as it is (the disk failed). */
void keeper_finish(struct sqlite_keeper *k, bool keep_log);

/* One round on a connection: SQLITE_OK, SQLITE_BUSY (somebody else is at it), or that the disk failed. */
int checkpoint_round(sqlite3 *h);

#endif
