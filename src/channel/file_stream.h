/* SPDX-License-Identifier: EUPL-1.2 */
/* file_stream: a sealed file on disk: a secretstream header, then pieces of 64 KiB, the last one marked as the last.
 * Written beside its final name, synced, then renamed: a file is there whole or not at all. Private to this room. */
#ifndef PW_FILE_STREAM_H
#define PW_FILE_STREAM_H

#include "channel/file.h"

enum { FILE_KEY_BYTES = 32 };
struct file_claim { /* a wanted file that this process fetches now */
    int64_t id, channel_id, person_id, attempts;
    struct sv provider_file;
};

/* Where a file lies; makes its folder when `make`. Empty when that fails. */
struct sv file_path_of(struct arena *a, struct sv data_dir, int64_t id, bool make);
/* Seals what can be read from fd (from its start) under a fresh key. PW_INVALID past FILE_MAX_BYTES or when empty. */
enum pw_err file_stream_write(struct sv path, struct arena *a, int fd, unsigned char ret_key[FILE_KEY_BYTES],
                              int64_t *ret_size);
enum pw_err file_stream_open(struct sv path, struct arena *a, const unsigned char key[FILE_KEY_BYTES],
                             struct file_reader **ret);
/* A descriptor of memory, and a path under which libraries can open it: plain content never touches the disk. */
int file_memory(struct arena *a, struct sv *ret_path);

/* Writes bytes to such a path: for drivers whose answer is already in memory. */
PW_MUST_CHECK enum pw_err file_put_plain(struct arena *a, struct sv path, struct sv bytes);

/* The next wanted file, leased for a while; PW_NOT_FOUND when none is due. */
enum pw_err file_claim_next(struct ctx *c, struct file_claim *ret);
enum pw_err file_claim_stored(struct ctx *c, const struct file_claim *f, const unsigned char key[FILE_KEY_BYTES],
                              int64_t size);
/* final: no use in trying again. */
enum pw_err file_claim_failed(struct ctx *c, const struct file_claim *f, struct sv code, bool final);

#endif
