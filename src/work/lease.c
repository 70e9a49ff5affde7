/* SPDX-License-Identifier: EUPL-1.2 */
/* Who an engine is, whether it still lives, and jobs that only one engine does at a time. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "work/work_priv.h"

DB_STMT(lease_get, "SELECT owner, until_ms FROM job_lease WHERE name = $1");
DB_STMT(lease_put, "INSERT INTO job_lease (name, owner, until_ms) VALUES ($1, $2, $3) "
                   "ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until_ms = excluded.until_ms "
                   "WHERE job_lease.owner = $4");
DB_STMT_SCAN(lease_drop, "DELETE FROM job_lease WHERE owner = $1", "a handful of jobs");

/* ---- names ---- */

static size_t read_file(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd >= 0 ? read(fd, out, size - 1) : -1;
    if (fd >= 0)
        close(fd);
    out[n > 0 ? n : 0] = 0;
    return n > 0 ? (size_t)n : 0;
}

/* Ticks since boot when a process began: with its number this names one process for good. 0 = no such process. */
static uint64_t process_start(int64_t pid)
{
    char path[64], text[1024];
    uint64_t start = 0;
    char state = 0;
    snprintf(path, sizeof path, "/proc/%" PRId64 "/stat", pid);
    if (read_file(path, text, sizeof text) == 0)
        return 0;
    const char *p = strrchr(text, ')'); /* the name before it may hold anything */
    if (!p || sscanf(p + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %" SCNu64,
                     &state, &start) != 2)
        return 0;
    return state == 'Z' || state == 'X' ? 0 : start;
}

/* "<boot> <process namespace>": processes that can see each other have the same. */
static void machine_name(char out[80])
{
    char boot[64], space[64] = {0};
    size_t n = read_file("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    boot[n > 8 ? 8 : n] = 0;
    ssize_t m = readlink("/proc/self/ns/pid", space, sizeof space - 1);
    if (n < 8 || m <= 0)
        snprintf(out, 80, "? ?");
    else
        snprintf(out, 80, "%s %s", boot, space);
}

void owner_name(char out[OWNER_TEXT])
{
    char machine[80], number[ID_TEXT + 1];
    int64_t pid = getpid();
    machine_name(machine);
    id_text(id_new(), number);
    snprintf(out, OWNER_TEXT, "%s %" PRId64 " %" PRIu64 " %s", machine, pid, process_start(pid), number);
}

bool owner_is_dead(struct sv owner, bool alone)
{
    char machine[80];
    int64_t pid, start;
    struct sv rest = owner, boot, space, pid_text, start_text;
    if (!sv_cut(&rest, ' ', &boot) || !sv_cut(&rest, ' ', &space) || !sv_cut(&rest, ' ', &pid_text) ||
        !sv_cut(&rest, ' ', &start_text) || !sv_int(pid_text, &pid) || !sv_int(start_text, &start) || start == 0 ||
        sv_eq_z(boot, "?"))
        return false;
    machine_name(machine);
    struct sv theirs = {owner.p, boot.n + 1 + space.n};
    if (!sv_eq_z(theirs, machine))
        return alone;
    return process_start(pid) != (uint64_t)start;
}

/* ---- jobs ---- */

struct taking {
    struct work *w;
    struct sv name;
    int64_t ms, now_ms;
    bool mine, fresh;
};

/* Looked at first without writing: an idle engine writes nothing. */
static enum pw_err look(struct db *db, void *arg)
{
    struct taking *t = arg;
    struct arena a;
    struct db_rows r;
    arena_init(&a, 64 * 1024);
    enum pw_err e = db_one(db, &a, &lease_get, DB_ARGS(DB_T(t->name)), &r);
    t->mine = e == PW_NOT_FOUND;
    t->fresh = false;
    if (e == PW_OK) {
        bool ours = sv_eq_z(db_text(&r, 0, 0), t->w->owner);
        int64_t left = db_int(&r, 0, 1) - t->now_ms;
        t->mine = ours || left <= 0 || owner_is_dead(db_text(&r, 0, 0), db_engine_of(db) == DB_SQLITE);
        t->fresh = ours && left > t->ms / 2;
    }
    arena_finish(&a);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err take(struct db *db, void *arg)
{
    struct taking *t = arg;
    struct arena a;
    struct db_rows r;
    struct sv before = sv_of(t->w->owner);
    int64_t changed = 0;
    PW_TRY(look(db, arg));
    if (!t->mine)
        return PW_OK;
    arena_init(&a, 64 * 1024);
    enum pw_err e = db_one(db, &a, &lease_get, DB_ARGS(DB_T(t->name)), &r);
    if (e == PW_OK)
        before = db_text(&r, 0, 0);
    if (e == PW_OK || e == PW_NOT_FOUND)
        e = db_exec(db, &lease_put,
                    DB_ARGS(DB_T(t->name), DB_T(sv_of(t->w->owner)), DB_I(t->now_ms + t->ms), DB_T(before)), &changed);
    t->mine = changed == 1; /* else another was quicker */
    arena_finish(&a);
    return e;
}

enum pw_err lease_take(struct work *w, struct sv name, int64_t ms, int64_t now_ms, bool *ret_mine)
{
    struct taking t = {.w = w, .name = name, .ms = ms, .now_ms = now_ms};
    PW_TRY(db_read(w->store, look, &t));
    if (t.mine && !t.fresh)
        PW_TRY(db_transact(w->store, take, &t));
    *ret_mine = t.mine;
    return PW_OK;
}

static enum pw_err drop(struct db *db, void *arg)
{
    const struct work *w = arg;
    return db_exec(db, &lease_drop, DB_ARGS(DB_T(sv_of(w->owner))), NULL);
}

void lease_drop_all(struct work *w)
{
    if (db_transact(w->store, drop, w) != PW_OK)
        return; /* they end by themselves */
}
