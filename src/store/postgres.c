/* SPDX-License-Identifier: EUPL-1.2 */
/* The PostgreSQL store: a pool of connections, each opened when it is first needed.
 *
 * Writes run READ COMMITTED, reads REPEATABLE READ READ ONLY under statement_timeout. A connection that dies before
 * COMMIT was sent is a clash: nothing happened, the work is run again on a fresh one. Once COMMIT was sent and no
 * answer came, nobody here knows the outcome: the caller gets PW_UNAVAILABLE and nothing is run again by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "store/postgres.h"

struct postgres_store {
    struct store store; /* first */
    char *url;
    char begin_read[128];
    pthread_mutex_t mutex;
    pthread_cond_t freed;
    struct postgres_conn *free; /* last used first */
    struct postgres_conn *conn;
    int opened;
};

static struct postgres_conn *take(struct postgres_store *s)
{
    int64_t end_ms = clock_mono_ms() + s->store.busy_ms + 1000;
    pthread_mutex_lock(&s->mutex);
    struct postgres_conn *c = NULL;
    while (!s->free && s->opened == s->store.readers && clock_mono_ms() < end_ms)
        store_wait(&s->freed, &s->mutex, end_ms);
    if (s->free) {
        c = s->free;
        s->free = c->next_free;
    } else if (s->opened < s->store.readers) {
        c = &s->conn[s->opened++]; /* not connected yet */
    }
    pthread_mutex_unlock(&s->mutex);
    if (!c)
        store_say(&s->store, "all connections stayed busy");
    return c;
}

static void give(struct postgres_store *s, struct postgres_conn *c)
{
    pthread_mutex_lock(&s->mutex);
    c->next_free = s->free;
    s->free = c;
    pthread_cond_signal(&s->freed);
    pthread_mutex_unlock(&s->mutex);
}

/* Begins on a live connection. One that died while it lay in the pool is replaced: nothing was asked of it yet. */
static enum pw_err begin(struct postgres_store *s, struct postgres_conn *c, const char *sql)
{
    if (!c->worn && !postgres_conn_lost(c)) {
        enum pw_err e = postgres_conn_plain(c, sql, NULL);
        if (e == PW_OK || !postgres_conn_lost(c))
            return e;
    }
    PW_TRY(postgres_conn_open(c, s->url, &s->store, NULL, NULL));
    return postgres_conn_plain(c, sql, NULL);
}

static void undo(struct postgres_conn *c)
{
    if (postgres_conn_lost(c) || postgres_conn_plain(c, "ROLLBACK", NULL) != PW_OK)
        c->worn = true;
}

static enum pw_err commit(struct postgres_store *s, struct postgres_conn *c)
{
    if (PQtransactionStatus(c->h) != PQTRANS_INTRANS) {
        store_say(&s->store, "a work ended its own transaction");
        c->worn = true;
        return PW_INTERNAL;
    }
    char tag[16];
    enum pw_err e = postgres_conn_plain(c, "COMMIT", tag);
    if (e == PW_OK)
        return strcmp(tag, "COMMIT") == 0 ? PW_OK : PW_INTERNAL; /* "ROLLBACK": the server had given it up */
    if (postgres_conn_lost(c)) {
        c->worn = true;
        store_say(&s->store, "the connection was lost during COMMIT: the outcome is in doubt");
        return PW_UNAVAILABLE;
    }
    if (PQtransactionStatus(c->h) != PQTRANS_IDLE)
        c->worn = true;
    store_say(&s->store, c->db.words);
    return e;
}

static enum pw_err postgres_transact(struct store *store, db_work fn, void *arg)
{
    struct postgres_store *s = (struct postgres_store *)store;
    struct postgres_conn *c = take(s);
    if (!c)
        return PW_UNAVAILABLE;
    c->db.read_only = false;
    db_start_work(&c->db);
    enum pw_err e = begin(s, c, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    if (e == PW_OK) {
        e = db_end_work(store, &c->db, fn(&c->db, arg));
        if (e == PW_OK) {
            e = commit(s, c);
        } else {
            if (e == PW_UNAVAILABLE && postgres_conn_lost(c))
                e = PW_RETRY;
            undo(c);
        }
    } else {
        store_say(store, c->db.words);
    }
    give(s, c);
    return e;
}

static enum pw_err postgres_read(struct store *store, db_work fn, void *arg)
{
    struct postgres_store *s = (struct postgres_store *)store;
    struct postgres_conn *c = take(s);
    if (!c)
        return PW_UNAVAILABLE;
    c->db.read_only = true;
    db_start_work(&c->db);
    enum pw_err e = begin(s, c, s->begin_read);
    if (e == PW_OK) {
        e = db_end_work(store, &c->db, fn(&c->db, arg));
        undo(c);
    } else {
        store_say(store, c->db.words);
    }
    give(s, c);
    return e;
}

static enum pw_err postgres_backup(struct store *s, struct sv path)
{
    (void)path;
    store_say(s, "a PostgreSQL database is backed up with pg_dump or pg_basebackup");
    return PW_UNAVAILABLE;
}

static void postgres_close(struct store *store)
{
    struct postgres_store *s = (struct postgres_store *)store;
    for (int i = 0; i < s->opened; i++)
        postgres_conn_close(&s->conn[i]);
    pthread_cond_destroy(&s->freed);
    pthread_mutex_destroy(&s->mutex);
    store_end(&s->store);
    free(s->conn);
    if (s->url)
        explicit_bzero(s->url, strlen(s->url)); /* may hold a password */
    free(s->url);
    free(s);
}

enum pw_err postgres_open(const struct store_config *cf, struct arena *a, struct store **ret, struct sv *ret_why)
{
    static const struct store_ops ops = {postgres_transact, postgres_read, postgres_backup, postgres_close};
    struct postgres_store *s = calloc(1, sizeof *s);
    if (!s)
        return PW_UNAVAILABLE;
    store_begin(&s->store, &ops, DB_POSTGRES, cf);
    pthread_mutex_init(&s->mutex, NULL);
    clock_cond_init(&s->freed);
    (void)snprintf(s->begin_read, sizeof s->begin_read,
                   "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = %d",
                   cf->statement_ms);
    s->url = strndup(cf->url.p, cf->url.n);
    s->conn = calloc((size_t)cf->readers, sizeof *s->conn);
    enum pw_err e = PW_UNAVAILABLE;
    if (s->url && s->conn) {
        for (int i = 0; i < cf->readers; i++)
            postgres_conn_init(&s->conn[i], i);
        struct postgres_conn *first = &s->conn[s->opened++];
        s->free = first;
        *ret_why = (struct sv){0};
        e = postgres_conn_open(first, s->url, &s->store, a, ret_why);
    }
    if (e != PW_OK) {
        postgres_close(&s->store);
        return e;
    }
    *ret = &s->store;
    return PW_OK;
}
