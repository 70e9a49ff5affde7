/* SPDX-License-Identifier: EUPL-1.2 */
/* faultvfs: stands between SQLite and the file system. It can let the n-th write, truncate or sync fail, and it
 * remembers what every write since the last sync replaced, so that a power cut can be played: all of that is put back.
 */
#ifndef PW_TEST_FAULTVFS_H
#define PW_TEST_FAULTVFS_H

#include <stdbool.h>

enum fault_kind { FAULT_NONE, FAULT_SYNC, FAULT_FULL, FAULT_IO };

/* Becomes the default file system of SQLite; once per process. */
void faultvfs_install(void);
/* The n-th following call that changes a file fails (1 = the next); sync calls only for FAULT_SYNC. 0 = never.
 * name_ends: only files whose name ends so ("-wal", ".db"); NULL = all. The fault hits once. */
void faultvfs_arm(enum fault_kind kind, int n, const char *name_ends);
bool faultvfs_hit(void);        /* since arming */
int faultvfs_syncs_after(void); /* calls of sync on the file that failed, since the fault */
/* Loses what was not synced, in all files open now, and makes every later call fail until faultvfs_power_on(). */
void faultvfs_power_cut(void);
void faultvfs_power_on(void);
/* Lies: sync answers well and does nothing. The control experiment of a power cut test. */
void faultvfs_lie(bool on);
/* A file system that answers "PRAGMA synchronous" with 1, or has no shared memory for a write-ahead log. */
void faultvfs_weak_sync(bool on);
void faultvfs_no_shared_memory(bool on);

#endif
