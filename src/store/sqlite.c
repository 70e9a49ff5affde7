/* SPDX-License-Identifier: EUPL-1.2 */
/* The SQLite store: one writer whose callers share commits, a pool of readers opened when they are needed.
 *
 * Durability: write-ahead log, synchronous=FULL, and PW_OK only after COMMIT returned. The first I/O error or full disk
 * on the writer stops all writing until the store is opened again: a second fsync after a failed one would succeed
 * although the pages never reached the disk. For the same reason our own checkpoint watches its result, and a stopped
 * store neither checkpoints nor removes the log when it closes. Opening starts with a checkpoint, which puts what the
 * log holds safely into the file before anything is added behind it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/sqlite.h"
#include "store/sqlite_checkpoint.h"

/* 32 MB of log: pages that many messages share are then written once. At 2000 pages the checkpoints of busy hours cost
 * a third of the throughput. */
/* The keeper brings the log into the file beside the writer. When it cannot keep up (long readers, a slow disk) the
 * writer does it itself, waiting. */
enum { CHECKPOINT_PAGES = 8000, INLINE_PAGES = 5 * CHECKPOINT_PAGES, CAREFUL_GROUPS = 32 };

struct sqlite_store {
    struct store store; /* first */
    char *path;
    struct sqlite_conn writer; /* only the leader of the group touches it */
    struct group group;
    int careful; /* groups still to be run with savepoints, because one of late needed them */
    atomic_bool stopped;
    int log_pages, checkpoint_at, inline_at; /* of the log after the last commit; when to try next */
    struct sqlite_keeper keeper;

    pthread_mutex_t mutex; /* readers */
    pthread_cond_t freed;
    struct sqlite_conn *free; /* last used first, so that idle ones stay idle */
    struct sqlite_conn *reader;
    int opened;
};

/* ---- writing ---- */

static void stop(struct sqlite_store *s)
{
    if (!atomic_exchange(&s->stopped, true))
        store_say(&s->store, s->writer.db.words[0] ? s->writer.db.words : "the disk failed: writing stopped");
}

static void finish_round(struct sqlite_store *s, sqlite3 *h)
{
    if (checkpoint_round(h) != SQLITE_IOERR)
        return;
    db_say(&s->writer.db, NULL, sqlite3_errmsg(h));
    stop(s);
}

/* Called after each commit. Replaces SQLite's own, which hides a failed checkpoint. */
static int after_commit(void *arg, sqlite3 *h, const char *name, int pages)
{
    struct sqlite_store *s = arg;
    (void)name;
    if (pages < s->log_pages || s->checkpoint_at == 0) { /* the log began anew */
        s->checkpoint_at = CHECKPOINT_PAGES;
        s->inline_at = INLINE_PAGES;
    }
    s->log_pages = pages;
    if (atomic_load(&s->keeper.failed))
        stop(s);
    else if (keeper_took(&s->keeper))
        finish_round(s, h); /* only what was written meanwhile: then the log can begin anew */
    if (pages < s->checkpoint_at)
        return SQLITE_OK;
    s->checkpoint_at = pages + CHECKPOINT_PAGES; /* a long reader may hold it up: not again at each commit */
    if (pages < s->inline_at && keeper_want(&s->keeper))
        return SQLITE_OK;
    s->inline_at = pages + INLINE_PAGES;
    finish_round(s, h);
    return SQLITE_OK; /* the commit itself is durable in the log */
}

/* What a failure of the whole transaction means for its members. */
static enum pw_err group_failure(struct sqlite_store *s, int rc)
{
    enum pw_err e = sqlite_err(&s->writer, rc);
    if (s->writer.disk_failed) {
        stop(s);
        return PW_UNAVAILABLE;
    }
    return e;
}

/* True when the work succeeded and its changes stand in the open transaction. */
static bool run_work(struct sqlite_store *s, struct group_item *it)
{
    struct sqlite_conn *c = &s->writer;
    db_start_work(&c->db);
    enum pw_err e = it->fn(&c->db, it->arg);
    if (c->active != 0) {
        sqlite_conn_reset_all(c);
        e = PW_INTERNAL;
    }
    e = db_end_work(&s->store, &c->db, e);
    int dangling = 0, high;
    if (e == PW_OK && sqlite3_db_status(c->h, SQLITE_DBSTATUS_DEFERRED_FKS, &dangling, &high, 0) == SQLITE_OK &&
        dangling) {
        db_say(&c->db, NULL, "a deferred foreign key is not satisfied");
        e = PW_CONFLICT; /* found here, at its own end, so that it does not fail the commit of all */
    }
    if (e == PW_OK && (sqlite3_get_autocommit(c->h) || c->disk_failed))
        e = c->disk_failed ? PW_UNAVAILABLE : PW_INTERNAL;
    it->result = e;
    return e == PW_OK;
}

struct outcome {
    int good;                  /* works standing in the open transaction */
    struct group_item *guilty; /* of the failure that ended it: keeps its own result; may be NULL */
    bool doubt;                /* a savepoint would have been needed: undo all and run the members again with them */
};

static struct group_item *next_member(struct group *g, struct group_item **io_again)
{
    struct group_item *it = *io_again;
    if (!it)
        return group_next(g);
    *io_again = it->next;
    return it;
}

/* Runs works, first those of `again`, until the group is full or nobody waits. Returns SQLITE_OK, or what ended the
 * transaction.
 *
 * A savepoint before each work copies every page that the work changes, and nearly no work fails behind another one. So
 * the first attempt trusts: no savepoints, and when one would have been needed, `doubt`. */
static int run_members(struct sqlite_store *s, struct group *g, struct group_item *again, bool trusting,
                       struct outcome *ret)
{
    struct sqlite_conn *c = &s->writer;
    struct group_item *it;
    int rc;
    *ret = (struct outcome){0};
    while ((it = next_member(g, &again)) != NULL) {
        /* The first good one needs no savepoint: there is nothing before it to keep. */
        bool alone = ret->good == 0, saved = !alone && !trusting;
        if (saved && (rc = sqlite_conn_step(c, STEP_SAVEPOINT)) != SQLITE_OK)
            return rc;
        bool good = run_work(s, it);
        if (c->disk_failed)
            return SQLITE_IOERR;
        if (sqlite3_get_autocommit(c->h)) { /* SQLite undid the whole transaction (out of memory, …) */
            ret->guilty = it;
            return SQLITE_BUSY;
        }
        if (trusting && !good && !alone) {
            ret->doubt = true;
            return SQLITE_OK;
        }
        if (!good) {
            rc = sqlite_conn_step(c, alone ? STEP_ROLLBACK : STEP_UNDO);
            if (rc == SQLITE_OK)
                rc = sqlite_conn_step(c, alone ? STEP_BEGIN_WRITE : STEP_RELEASE);
        } else {
            rc = saved ? sqlite_conn_step(c, STEP_RELEASE) : SQLITE_OK;
            ret->good++;
        }
        if (rc != SQLITE_OK)
            return rc;
    }
    return SQLITE_OK;
}

static void settle_waiting(struct group *g, enum pw_err e)
{
    while (group_next(g)) {
    }
    group_settle_all(g, e, NULL);
}

static void run_group(void *owner, struct group *g)
{
    struct sqlite_store *s = owner;
    struct sqlite_conn *c = &s->writer;
    if (atomic_load(&s->stopped)) {
        settle_waiting(g, PW_UNAVAILABLE);
        return;
    }
    int rc = sqlite_conn_step(c, STEP_BEGIN_WRITE);
    if (rc != SQLITE_OK) {
        settle_waiting(g, group_failure(s, rc));
        return;
    }
    struct outcome out;
    bool trusting = s->careful == 0;
    s->careful -= !trusting;
    rc = run_members(s, g, NULL, trusting, &out);
    if (rc == SQLITE_OK && out.doubt) {
        s->careful = CAREFUL_GROUPS;
        rc = sqlite_conn_step(c, STEP_ROLLBACK);
        if (rc == SQLITE_OK)
            rc = sqlite_conn_step(c, STEP_BEGIN_WRITE);
        if (rc == SQLITE_OK)
            rc = run_members(s, g, g->members, false, &out);
    }
    if (rc == SQLITE_OK)
        rc = sqlite_conn_step(c, out.good ? STEP_COMMIT : STEP_ROLLBACK);
    if (rc == SQLITE_OK)
        return;
    /* Also those that failed by themselves get this answer: they may have failed on what a neighbour had written and
     * what is now undone. */
    group_settle_all(g, group_failure(s, rc), out.guilty);
    if (!sqlite3_get_autocommit(c->h))
        (void)sqlite_conn_step(c, STEP_ROLLBACK);
}

static enum pw_err sqlite_transact(struct store *store, db_work fn, void *arg)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    return group_submit(&s->group, fn, arg);
}

/* ---- reading ---- */

static struct sqlite_conn *take_reader(struct sqlite_store *s)
{
    int64_t end_ms = clock_mono_ms() + s->store.busy_ms + 1000;
    pthread_mutex_lock(&s->mutex);
    struct sqlite_conn *c = NULL;
    while (!s->free && s->opened == s->store.readers && clock_mono_ms() < end_ms)
        store_wait(&s->freed, &s->mutex, end_ms);
    if (s->free) {
        c = s->free;
        s->free = c->next_free;
    } else if (s->opened < s->store.readers) {
        c = &s->reader[s->opened++]; /* without a handle yet */
    }
    pthread_mutex_unlock(&s->mutex);
    return c;
}

static void give_reader(struct sqlite_store *s, struct sqlite_conn *c)
{
    pthread_mutex_lock(&s->mutex);
    c->next_free = s->free;
    s->free = c;
    pthread_cond_signal(&s->freed);
    pthread_mutex_unlock(&s->mutex);
}

static enum pw_err open_reader(struct sqlite_store *s, struct sqlite_conn *c)
{
    struct arena a;
    struct sv why = {0};
    arena_init(&a, 64 * 1024);
    enum pw_err e = sqlite_conn_open(c, s->path, true, &s->store, &a, &why);
    if (e != PW_OK)
        store_say(&s->store, arena_z(&a, why));
    arena_finish(&a);
    return e;
}

static enum pw_err sqlite_read(struct store *store, db_work fn, void *arg)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct sqlite_conn *c = take_reader(s);
    if (!c) {
        store_say(store, "all read connections stayed busy");
        return PW_UNAVAILABLE;
    }
    enum pw_err e = c->h ? PW_OK : open_reader(s, c);
    if (e == PW_OK) {
        db_start_work(&c->db);
        e = sqlite_err(c, sqlite_conn_step(c, STEP_BEGIN));
        if (e == PW_OK)
            e = db_end_work(store, &c->db, fn(&c->db, arg));
        if (c->active != 0)
            sqlite_conn_reset_all(c);
        if (c->disk_failed || (!sqlite3_get_autocommit(c->h) && sqlite_conn_step(c, STEP_ROLLBACK) != SQLITE_OK))
            sqlite_conn_close(c); /* opened again by the next reader */
    }
    give_reader(s, c);
    return e;
}

/* ---- opening and closing ---- */

static void sqlite_close(struct store *store)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    bool stopped = atomic_load(&s->stopped) || atomic_load(&s->keeper.failed);
    keeper_finish(&s->keeper, stopped);
    for (int i = 0; i < s->opened; i++)
        sqlite_conn_close(&s->reader[i]);
    if (s->writer.h) {
        (void)sqlite3_db_config(s->writer.h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, stopped ? 1 : 0, NULL);
        sqlite_conn_close(&s->writer);
    }
    group_finish(&s->group);
    pthread_cond_destroy(&s->freed);
    pthread_mutex_destroy(&s->mutex);
    store_end(&s->store);
    free(s->reader);
    free(s->path);
    free(s);
}

static enum pw_err sqlite_store_backup(struct store *store, struct sv path)
{
    return sqlite_backup(((struct sqlite_store *)store)->path, path);
}

static void configure_once(void)
{
    (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); /* one lock less for each allocation of each thread */
    (void)sqlite3_initialize();
}

static enum pw_err fsync_folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = !slash ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    free(folder);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return ok ? PW_OK : PW_UNAVAILABLE;
}

/* The file is made here, for its owner alone; the log and its index inherit that. */
static enum pw_err make_file(const char *path, bool create, struct arena *a, struct sv *ret_why)
{
    struct stat st;
    if (stat(path, &st) == 0) {
        if (S_ISREG(st.st_mode))
            return PW_OK;
        *ret_why = arena_fmt(a, "%s is not a file.", path);
        return PW_INVALID;
    }
    if (!create) {
        *ret_why = arena_fmt(a, "The database file %s does not exist.", path);
        return PW_NOT_FOUND;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        *ret_why = arena_fmt(a, "The database file %s cannot be made: %s.", path, strerror(errno));
        return PW_UNAVAILABLE;
    }
    (void)close(fd);
    return fsync_folder_of(path);
}

static enum pw_err open_writer(struct sqlite_store *s, struct arena *a, struct sv *ret_why)
{
    PW_TRY(sqlite_conn_open(&s->writer, s->path, false, &s->store, a, ret_why));
    sqlite3 *h = s->writer.h;
    int rc = sqlite3_wal_checkpoint_v2(h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_BUSY) { /* busy: another process uses the file, and is well */
        *ret_why = arena_fmt(a, "The write-ahead log cannot be brought into the file: %s.", sqlite3_errmsg(h));
        (void)sqlite3_db_config(h, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return PW_UNAVAILABLE;
    }
    (void)sqlite3_wal_hook(h, after_commit, s);
    return PW_OK;
}

enum pw_err sqlite_open(const struct store_config *cf, struct arena *a, struct store **ret, struct sv *ret_why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT; /* settings of the library, one per process */
    static const struct store_ops ops = {sqlite_transact, sqlite_read, sqlite_store_backup, sqlite_close};
    pthread_once(&once, configure_once);
    struct sv path = sv_sub(cf->url, 5, cf->url.n);
    if (sv_starts(path, SV("///")))
        path = sv_sub(path, 2, path.n);
    if (path.n == 0 || path.p[0] == ':' || memchr(path.p, '\0', path.n)) {
        *ret_why = SV("The database must be given as file:/path/name.db.");
        return PW_INVALID;
    }
    struct sqlite_store *s = calloc(1, sizeof *s);
    if (!s)
        return PW_UNAVAILABLE;
    store_begin(&s->store, &ops, DB_SQLITE, cf);
    pthread_mutex_init(&s->mutex, NULL);
    clock_cond_init(&s->freed);
    group_init(&s->group, run_group, s);
    s->path = strndup(path.p, path.n);
    keeper_init(&s->keeper, s->path, &s->store);
    s->reader = calloc((size_t)cf->readers, sizeof *s->reader);
    enum pw_err e = s->path && s->reader ? make_file(s->path, cf->create, a, ret_why) : PW_UNAVAILABLE;
    if (e == PW_OK)
        e = open_writer(s, a, ret_why);
    if (e != PW_OK) {
        sqlite_close(&s->store);
        return e;
    }
    *ret = &s->store;
    return PW_OK;
}
