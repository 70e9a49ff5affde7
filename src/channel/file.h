/* SPDX-License-Identifier: EUPL-1.2 */
/* file: voice notes, pictures and files of people, sealed on disk under <data>/files/<xx>/<id> (crypto_secretstream,
 * one random key a file; that key is sealed with the person's key, so erasing the person erases the file). Owns table
 * file_blob. What arrives through a channel is wanted first and fetched later by the hub. */
#ifndef PW_FILE_H
#define PW_FILE_H

#include <stdio.h>

#include "channel/channel.h"

enum file_state { FILE_WANTED, FILE_STORED, FILE_FAILED, FILE_REMOVED };
struct file_info {
    int64_t id, person_id, channel_id, size, duration_s, created_ms, attempts;
    enum file_state state;
    enum chan_file_kind kind;
    struct sv name, type; /* untrusted */
    struct sv error_code;
};
enum { FILE_MAX_BYTES = 20 * 1024 * 1024 };

/* Notes the file of a received message, or stores it when it came along; person_id 0 seals with the installation's key.
 */
PW_MUST_CHECK enum pw_err file_want(struct ctx *c, int64_t channel_id, int64_t person_id, const struct chan_event *e,
                                    int64_t *ret_id);
/* Stores bytes written here (a moderator's voice answer, a poster). PW_INVALID past FILE_MAX_BYTES. */
PW_MUST_CHECK enum pw_err file_put(struct ctx *c, int64_t person_id, enum chan_file_kind kind, struct sv name,
                                   struct sv type, int64_t duration_s, struct sv bytes, int64_t *ret_id);
PW_MUST_CHECK enum pw_err file_get(struct ctx *c, int64_t id, struct file_info *ret);
/* Removes key and content; the row stays. */
PW_MUST_CHECK enum pw_err file_remove(struct ctx *c, int64_t id);

/* Reading a stored file piece by piece. PW_NOT_FOUND: not stored, removed, or its person was erased. PW_INTERNAL:
 * damaged on disk. A piece lives until the next call; an empty one is the end, and only then is the file known to be
 * whole. */
struct file_reader;
PW_MUST_CHECK enum pw_err channel_file_open(struct ctx *c, int64_t id, struct file_reader **ret);
PW_MUST_CHECK enum pw_err file_reader_next(struct file_reader *r, struct sv *ret_piece);
void file_reader_close(struct file_reader *r); /* NULL-safe */
/* The whole file into the arena. */
PW_MUST_CHECK enum pw_err file_read_all(struct ctx *c, int64_t id, struct sv *ret);

#endif
