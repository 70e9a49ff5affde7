/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/sqlite_checkpoint.h"

int checkpoint_round(sqlite3 *h)
{
    int rc = sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    int kind = rc & 0xff;
    return kind == SQLITE_IOERR || kind == SQLITE_CORRUPT || kind == SQLITE_FULL ? SQLITE_IOERR : kind;
}

static bool open_own(struct sqlite_keeper *k)
{
    struct arena a;
    struct sv why = {0};
    arena_init(&a, 64 * 1024);
    bool ok = k->conn.h || sqlite_conn_open(&k->conn, k->path, false, k->store, &a, &why) == PW_OK;
    arena_finish(&a);
    return ok;
}

static void *keep(void *arg)
{
    struct sqlite_keeper *k = arg;
    pthread_mutex_lock(&k->lock);
    for (;;) {
        while (!k->wanted && !k->quit)
            pthread_cond_wait(&k->wake, &k->lock);
        if (k->quit)
            break;
        pthread_mutex_unlock(&k->lock);
        if (open_own(k) && checkpoint_round(k->conn.h) == SQLITE_IOERR)
            atomic_store(&k->failed, true);
        atomic_store(&k->done, true);
        pthread_mutex_lock(&k->lock);
        k->wanted = false;
    }
    pthread_mutex_unlock(&k->lock);
    return NULL;
}

void keeper_init(struct sqlite_keeper *k, const char *path, const struct store *s)
{
    k->path = path;
    k->store = s;
    pthread_mutex_init(&k->lock, NULL);
    pthread_cond_init(&k->wake, NULL);
}

bool keeper_want(struct sqlite_keeper *k)
{
    pthread_mutex_lock(&k->lock);
    if (!k->made)
        k->made = pthread_create(&k->thread, NULL, keep, k) == 0;
    k->wanted = k->made;
    pthread_cond_signal(&k->wake);
    bool made = k->made;
    pthread_mutex_unlock(&k->lock);
    return made;
}

bool keeper_took(struct sqlite_keeper *k)
{
    return atomic_load(&k->done) && atomic_exchange(&k->done, false);
}

void keeper_finish(struct sqlite_keeper *k, bool keep_log)
{
    pthread_mutex_lock(&k->lock);
    bool made = k->made;
    k->quit = true;
    pthread_cond_signal(&k->wake);
    pthread_mutex_unlock(&k->lock);
    if (made)
        pthread_join(k->thread, NULL);
    if (k->conn.h) {
        (void)sqlite3_db_config(k->conn.h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keep_log ? 1 : 0, NULL);
        sqlite_conn_close(&k->conn);
    }
    pthread_cond_destroy(&k->wake);
    pthread_mutex_destroy(&k->lock);
}
