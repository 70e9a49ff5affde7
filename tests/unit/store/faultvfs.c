/* SPDX-License-Identifier: EUPL-1.2 */
#include "faultvfs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

/* One change that no sync has covered yet: what stood there before. */
struct change {
    struct change *before;
    sqlite3_int64 at, size_before;
    int n;
    bool truncate;
    unsigned char old[];
};

struct fault_file {
    sqlite3_file base;
    struct fault_file *next;
    char name[160];
    struct change *changes; /* newest first */
    sqlite3_file *real;
};

static struct {
    pthread_mutex_t mutex;
    sqlite3_vfs *real;
    struct fault_file *open;
    enum fault_kind kind;
    int countdown, syncs_after;
    const char *name_ends;
    char failed[160];
    bool hit, off, lie, weak_sync, no_shared_memory;
} g = {.mutex = PTHREAD_MUTEX_INITIALIZER};

void faultvfs_arm(enum fault_kind kind, int n, const char *name_ends)
{
    pthread_mutex_lock(&g.mutex);
    g.kind = n ? kind : FAULT_NONE;
    g.countdown = n;
    g.name_ends = name_ends;
    g.hit = false;
    g.syncs_after = 0;
    g.failed[0] = '\0';
    pthread_mutex_unlock(&g.mutex);
}

#define GET(type, name, field)                                                                                         \
    type name(void)                                                                                                    \
    {                                                                                                                  \
        pthread_mutex_lock(&g.mutex);                                                                                  \
        type v = g.field;                                                                                              \
        pthread_mutex_unlock(&g.mutex);                                                                                \
        return v;                                                                                                      \
    }
#define SET(name, field)                                                                                               \
    void name(bool on)                                                                                                 \
    {                                                                                                                  \
        pthread_mutex_lock(&g.mutex);                                                                                  \
        g.field = on;                                                                                                  \
        pthread_mutex_unlock(&g.mutex);                                                                                \
    }
GET(bool, faultvfs_hit, hit)
GET(int, faultvfs_syncs_after, syncs_after)
SET(faultvfs_lie, lie)
SET(faultvfs_weak_sync, weak_sync)
SET(faultvfs_no_shared_memory, no_shared_memory)

static bool ends_with(const char *name, const char *end)
{
    size_t n = strlen(name), m = strlen(end);
    return m <= n && strcmp(name + n - m, end) == 0;
}

/* Called with the mutex held: the answer of this call, or SQLITE_OK to go on. */
static int fate(struct fault_file *f, bool sync)
{
    if (g.off)
        return SQLITE_IOERR;
    if (sync && g.hit && strcmp(g.failed, f->name) == 0)
        g.syncs_after++;
    if (g.kind == FAULT_NONE || (g.kind == FAULT_SYNC) != sync || (g.name_ends && !ends_with(f->name, g.name_ends)))
        return SQLITE_OK;
    if (--g.countdown > 0)
        return SQLITE_OK;
    enum fault_kind kind = g.kind;
    g.kind = FAULT_NONE;
    g.hit = true;
    memcpy(g.failed, f->name, sizeof g.failed);
    return kind == FAULT_SYNC ? SQLITE_IOERR_FSYNC : kind == FAULT_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static void forget(struct fault_file *f)
{
    while (f->changes) {
        struct change *c = f->changes;
        f->changes = c->before;
        free(c);
    }
}

static void remember(struct fault_file *f, sqlite3_int64 at, sqlite3_int64 n, bool truncate)
{
    sqlite3_int64 size = 0;
    (void)f->real->pMethods->xFileSize(f->real, &size);
    sqlite3_int64 old = at >= size ? 0 : truncate || size - at < n ? size - at : n;
    struct change *c = calloc(1, sizeof *c + (size_t)old);
    if (!c)
        abort();
    *c = (struct change){.before = f->changes, .at = at, .size_before = size, .n = (int)old, .truncate = truncate};
    if (old)
        (void)f->real->pMethods->xRead(f->real, c->old, (int)old, at);
    f->changes = c;
}

void faultvfs_power_cut(void)
{
    pthread_mutex_lock(&g.mutex);
    for (struct fault_file *f = g.open; f; f = f->next) {
        for (struct change *c = f->changes; c; c = c->before) {
            if (c->n)
                (void)f->real->pMethods->xWrite(f->real, c->old, c->n, c->at);
            (void)f->real->pMethods->xTruncate(f->real, c->size_before);
        }
        forget(f);
    }
    g.off = true;
    pthread_mutex_unlock(&g.mutex);
}

void faultvfs_power_on(void)
{
    pthread_mutex_lock(&g.mutex);
    g.off = false;
    pthread_mutex_unlock(&g.mutex);
}

/* ---- a file ---- */

#define REAL(f) (((struct fault_file *)(f))->real)

static int file_close(sqlite3_file *file)
{
    struct fault_file *f = (struct fault_file *)file;
    pthread_mutex_lock(&g.mutex);
    for (struct fault_file **p = &g.open; *p; p = &(*p)->next) {
        if (*p == f) {
            *p = f->next;
            break;
        }
    }
    pthread_mutex_unlock(&g.mutex);
    forget(f);
    return REAL(f)->pMethods->xClose(REAL(f));
}
static int file_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return REAL(f)->pMethods->xRead(REAL(f), to, n, at);
}
static int file_write(sqlite3_file *file, const void *from, int n, sqlite3_int64 at)
{
    struct fault_file *f = (struct fault_file *)file;
    pthread_mutex_lock(&g.mutex);
    int rc = fate(f, false);
    if (rc == SQLITE_OK) {
        remember(f, at, n, false);
        rc = f->real->pMethods->xWrite(f->real, from, n, at);
    }
    pthread_mutex_unlock(&g.mutex);
    return rc;
}
static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct fault_file *f = (struct fault_file *)file;
    pthread_mutex_lock(&g.mutex);
    int rc = fate(f, false);
    if (rc == SQLITE_OK) {
        remember(f, size, 0, true);
        rc = f->real->pMethods->xTruncate(f->real, size);
    }
    pthread_mutex_unlock(&g.mutex);
    return rc;
}
static int file_sync(sqlite3_file *file, int flags)
{
    struct fault_file *f = (struct fault_file *)file;
    pthread_mutex_lock(&g.mutex);
    int rc = fate(f, true);
    if (rc == SQLITE_OK && !g.lie) {
        rc = f->real->pMethods->xSync(f->real, flags);
        forget(f);
    }
    pthread_mutex_unlock(&g.mutex);
    return rc;
}
static int file_size(sqlite3_file *f, sqlite3_int64 *ret)
{
    return REAL(f)->pMethods->xFileSize(REAL(f), ret);
}
static int file_lock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xLock(REAL(f), level);
}
static int file_unlock(sqlite3_file *f, int level)
{
    return REAL(f)->pMethods->xUnlock(REAL(f), level);
}
static int file_check_lock(sqlite3_file *f, int *ret)
{
    return REAL(f)->pMethods->xCheckReservedLock(REAL(f), ret);
}
static int file_control(sqlite3_file *f, int op, void *arg)
{
    if (op == SQLITE_FCNTL_PRAGMA && g.weak_sync) {
        char **words = arg;
        if (strcmp(words[1], "synchronous") == 0 && !words[2]) {
            words[0] = sqlite3_mprintf("1");
            return SQLITE_OK;
        }
    }
    return REAL(f)->pMethods->xFileControl(REAL(f), op, arg);
}
static int file_sector(sqlite3_file *f)
{
    return REAL(f)->pMethods->xSectorSize(REAL(f));
}
static int file_traits(sqlite3_file *f)
{
    return REAL(f)->pMethods->xDeviceCharacteristics(REAL(f));
}
static int file_map(sqlite3_file *f, int region, int size, int extend, void volatile **ret)
{
    return REAL(f)->pMethods->xShmMap(REAL(f), region, size, extend, ret);
}
static int file_shm_lock(sqlite3_file *f, int at, int n, int flags)
{
    return REAL(f)->pMethods->xShmLock(REAL(f), at, n, flags);
}
static void file_barrier(sqlite3_file *f)
{
    REAL(f)->pMethods->xShmBarrier(REAL(f));
}
static int file_unmap(sqlite3_file *f, int remove)
{
    return REAL(f)->pMethods->xShmUnmap(REAL(f), remove);
}

#define METHODS(version, map, lock, barrier, unmap)                                                                    \
    {                                                                                                                  \
        version, file_close, file_read, file_write, file_truncate, file_sync, file_size, file_lock, file_unlock,       \
            file_check_lock, file_control, file_sector, file_traits, map, lock, barrier, unmap, NULL, NULL             \
    }

static int fault_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    static const sqlite3_io_methods full = METHODS(2, file_map, file_shm_lock, file_barrier, file_unmap);
    static const sqlite3_io_methods plain = METHODS(1, NULL, NULL, NULL, NULL);
    (void)vfs;
    struct fault_file *f = (struct fault_file *)file;
    memset(f, 0, sizeof *f);
    f->real = (sqlite3_file *)(f + 1);
    int rc = g.real->xOpen(g.real, name, f->real, flags, ret_flags);
    if (rc != SQLITE_OK)
        return rc;
    (void)snprintf(f->name, sizeof f->name, "%s", name ? name : "temporary");
    f->base.pMethods = g.no_shared_memory ? &plain : &full;
    pthread_mutex_lock(&g.mutex);
    f->next = g.open;
    g.open = f;
    pthread_mutex_unlock(&g.mutex);
    return SQLITE_OK;
}

static int fault_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
    (void)vfs;
    return g.off ? SQLITE_IOERR_DELETE : g.real->xDelete(g.real, name, sync);
}

void faultvfs_install(void)
{
    static sqlite3_vfs vfs; /* SQLite keeps it for the life of the process */
    g.real = sqlite3_vfs_find(NULL);
    vfs = *g.real;
    vfs.pNext = NULL;
    vfs.zName = "fault";
    vfs.szOsFile = (int)sizeof(struct fault_file) + g.real->szOsFile;
    vfs.xOpen = fault_open;
    vfs.xDelete = fault_delete;
    if (sqlite3_vfs_register(&vfs, 1) != SQLITE_OK)
        abort();
}
