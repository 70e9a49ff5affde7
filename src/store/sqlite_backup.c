/* SPDX-License-Identifier: EUPL-1.2 */
/* A copy of the whole database while writers go on: one step on a connection of its own. A stepped copy starts again at
 * each foreign commit and may never end. The copy is written beside its place, made durable, then moved there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/sqlite.h"

static enum pw_err copy_pages(const char *from, const char *to)
{
    sqlite3 *source = NULL, *target = NULL;
    int rc = sqlite3_open_v2(from, &source, SQLITE_OPEN_READONLY | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_busy_timeout(source, 5000);
    if (rc == SQLITE_OK)
        rc = sqlite3_open_v2(to, &target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_exec(target, "PRAGMA synchronous=FULL", NULL, NULL, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_backup *b = sqlite3_backup_init(target, "main", source, "main");
        if (b) {
            (void)sqlite3_backup_step(b, -1);
            rc = sqlite3_backup_finish(b);
        } else {
            rc = sqlite3_errcode(target);
        }
    }
    (void)sqlite3_close(source);
    int closed = sqlite3_close(target);
    return rc == SQLITE_OK && closed == SQLITE_OK ? PW_OK : PW_UNAVAILABLE;
}

static bool fsync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        (void)close(fd);
    return ok;
}

enum pw_err sqlite_backup(const char *from, struct sv to)
{
    char *path = strndup(to.p ? to.p : "", to.n), *part = NULL, *folder = NULL;
    enum pw_err e = PW_UNAVAILABLE;
    int fd = -1;
    if (!path || asprintf(&part, "%s.part", path) < 0) {
        part = NULL;
        goto out;
    }
    const char *slash = strrchr(path, '/');
    folder = !slash ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
    if (!folder)
        goto out;
    if (access(path, F_OK) == 0) {
        e = PW_CONFLICT;
        goto out;
    }
    (void)unlink(part); /* left by a copy that was cut short */
    fd = open(part, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        e = errno == EEXIST ? PW_CONFLICT : PW_UNAVAILABLE;
        goto out;
    }
    (void)close(fd);
    e = copy_pages(from, part);
    if (e == PW_OK && !fsync_path(part, O_RDONLY))
        e = PW_UNAVAILABLE;
    if (e == PW_OK && renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) != 0 &&
        (errno != EINVAL || link(part, path) != 0 || unlink(part) != 0)) /* EINVAL: an old file system */
        e = errno == EEXIST ? PW_CONFLICT : PW_UNAVAILABLE;
    if (e == PW_OK && !fsync_path(folder, O_RDONLY | O_DIRECTORY))
        e = PW_UNAVAILABLE;
    if (e != PW_OK)
        (void)unlink(part);
out:
    free(folder);
    free(part);
    free(path);
    return e;
}
