/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/file.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "channel/file_stream.h"
#include "core/vault.h"

enum { FETCH_LEASE_MS = 180000, FETCH_TRIES = 10, BACKOFF_MS = 10000, BACKOFF_MAX_MS = 3600000, TYPE_MAX = 100 };

#define FILE_COLS                                                                                                      \
    "id, person_id, channel_id, size, duration_s, created_ms, attempts, state, kind, sealed_name, "                    \
    "media_type, error_code, sealed_key"
DB_STMT(file_insert, "INSERT INTO file_blob (id, person_id, channel_id, provider_file, state, kind, sealed_name, "
                     "media_type, size, duration_s, sealed_key, created_ms, next_try_ms, error_code) "
                     "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)");
DB_STMT(file_one, "SELECT " FILE_COLS " FROM file_blob WHERE id = $1");
DB_STMT(file_due, "SELECT id, channel_id, person_id, attempts, provider_file, next_try_ms FROM file_blob "
                  "WHERE next_try_ms IS NOT NULL AND next_try_ms <= $1 ORDER BY next_try_ms LIMIT 1");
DB_STMT(file_take, "UPDATE file_blob SET next_try_ms = $3, attempts = attempts + 1 WHERE id = $1 AND next_try_ms = $2");
DB_STMT(file_stored, "UPDATE file_blob SET state = 1, sealed_key = $2, size = $3, provider_file = '', "
                     "next_try_ms = NULL, error_code = '' WHERE id = $1 AND state = 0");
DB_STMT(file_later, "UPDATE file_blob SET state = $2, next_try_ms = $3, error_code = $4 WHERE id = $1 AND state = 0");
DB_STMT(file_gone, "UPDATE file_blob SET state = 3, sealed_key = NULL, provider_file = '', next_try_ms = NULL "
                   "WHERE id = $1 AND state <> 3");

static struct seal_place key_place(int64_t id)
{
    return (struct seal_place){"file_blob", "sealed_key", id};
}

static struct seal_place name_place(int64_t id)
{
    return (struct seal_place){"file_blob", "sealed_name", id};
}

/* Media types go into headers: printable ASCII, short, or none at all. */
static struct sv clean_type(struct sv type)
{
    if (type.n > TYPE_MAX)
        return (struct sv){0};
    for (size_t i = 0; i < type.n; i++)
        if (type.p[i] <= ' ' || type.p[i] > '~' || type.p[i] == '"')
            return (struct sv){0};
    return type;
}

enum pw_err file_want(struct ctx *c, int64_t channel_id, int64_t person_id, const struct chan_event *e, int64_t *ret_id)
{
    if (e->file_kind != FILE_NONE && e->file_bytes.n)
        return file_put(c, person_id, e->file_kind, e->file_name, e->file_type, e->duration_s, e->file_bytes, ret_id);
    if (e->file_kind == FILE_NONE || !e->file_id.n)
        return PW_INVALID;
    int64_t id = id_new();
    bool too_big = e->file_size > FILE_MAX_BYTES;
    struct sv name;
    PW_TRY(seal(c, person_id, name_place(id), e->file_name, &name));
    PW_TRY(db_exec(c->db, &file_insert,
                   DB_ARGS(DB_I(id), DB_I(person_id), DB_I(channel_id), DB_T(too_big ? (struct sv){0} : e->file_id),
                           DB_I(too_big ? FILE_FAILED : FILE_WANTED), DB_I(e->file_kind), DB_B(name),
                           DB_T(clean_type(e->file_type)), DB_I(e->file_size), DB_I(e->duration_s), DB_N,
                           DB_I(c->now_ms), too_big ? DB_N : DB_I(c->now_ms), DB_T(too_big ? SV("too-big") : SV(""))),
                   NULL));
    *ret_id = id;
    return PW_OK;
}

enum pw_err file_put(struct ctx *c, int64_t person_id, enum chan_file_kind kind, struct sv name, struct sv type,
                     int64_t duration_s, struct sv bytes, int64_t *ret_id)
{
    if (bytes.n == 0 || bytes.n > FILE_MAX_BYTES)
        return PW_INVALID;
    int64_t id = id_new(), size = 0;
    unsigned char key[FILE_KEY_BYTES];
    struct sv sealed_key, sealed_name, memory;
    int fd = file_memory(c->arena, &memory);
    if (fd < 0)
        return PW_UNAVAILABLE;
    enum pw_err e = write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n ? PW_OK : PW_UNAVAILABLE;
    if (e == PW_OK)
        e = file_stream_write(file_path_of(c->arena, c->data_dir, id, true), c->arena, fd, key, &size);
    close(fd);
    PW_TRY(e);
    e = seal(c, person_id, key_place(id), (struct sv){(const char *)key, sizeof key}, &sealed_key);
    sodium_memzero(key, sizeof key);
    PW_TRY(e);
    PW_TRY(seal(c, person_id, name_place(id), name, &sealed_name));
    PW_TRY(db_exec(c->db, &file_insert,
                   DB_ARGS(DB_I(id), DB_I(person_id), DB_I(0), DB_T(SV("")), DB_I(FILE_STORED), DB_I(kind),
                           DB_B(sealed_name), DB_T(clean_type(type)), DB_I(size), DB_I(duration_s), DB_B(sealed_key),
                           DB_I(c->now_ms), DB_N, DB_T(SV(""))),
                   NULL));
    *ret_id = id;
    return PW_OK;
}

enum pw_err file_get(struct ctx *c, int64_t id, struct file_info *ret)
{
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &file_one, DB_ARGS(DB_I(id)), &r));
    struct file_info f = {.id = db_int(&r, 0, 0),
                          .person_id = db_int(&r, 0, 1),
                          .channel_id = db_int(&r, 0, 2),
                          .size = db_int(&r, 0, 3),
                          .duration_s = db_int(&r, 0, 4),
                          .created_ms = db_int(&r, 0, 5),
                          .attempts = db_int(&r, 0, 6),
                          .state = (enum file_state)db_int(&r, 0, 7),
                          .kind = (enum chan_file_kind)db_int(&r, 0, 8),
                          .type = db_text(&r, 0, 10),
                          .error_code = db_text(&r, 0, 11)};
    if (unseal(c, f.person_id, name_place(id), db_text(&r, 0, 9), &f.name) != PW_OK)
        f.name = (struct sv){0}; /* the person was erased: the row has no name any more */
    *ret = f;
    return PW_OK;
}

enum pw_err file_remove(struct ctx *c, int64_t id)
{
    int64_t changed = 0;
    PW_TRY(db_exec(c->db, &file_gone, DB_ARGS(DB_I(id)), &changed));
    if (changed == 0)
        return PW_NOT_FOUND;
    /* Without its key the content is noise; should the transaction fail after this, the file is lost, not exposed. */
    struct sv path = file_path_of(c->arena, c->data_dir, id, false);
    (void)unlink(arena_z(c->arena, path));
    return PW_OK;
}

enum pw_err channel_file_open(struct ctx *c, int64_t id, struct file_reader **ret)
{
    struct db_rows r;
    struct sv key;
    PW_TRY(db_one(c->db, c->arena, &file_one, DB_ARGS(DB_I(id)), &r));
    if (db_int(&r, 0, 7) != FILE_STORED || db_is_null(&r, 0, 12) ||
        unseal(c, db_int(&r, 0, 1), key_place(id), db_text(&r, 0, 12), &key) != PW_OK || key.n != FILE_KEY_BYTES)
        return PW_NOT_FOUND;
    return file_stream_open(file_path_of(c->arena, c->data_dir, id, false), c->arena, (const unsigned char *)key.p,
                            ret);
}

enum pw_err file_read_all(struct ctx *c, int64_t id, struct sv *ret)
{
    struct file_reader *r;
    PW_TRY(channel_file_open(c, id, &r));
    struct buf b;
    buf_init(&b, FILE_MAX_BYTES);
    struct sv piece;
    enum pw_err e;
    while ((e = file_reader_next(r, &piece)) == PW_OK && piece.n)
        buf_add(&b, piece);
    file_reader_close(r);
    struct sv all = e == PW_OK ? arena_sv(c->arena, buf_sv(&b)) : (struct sv){0};
    if (e == PW_OK && (!buf_ok(&b) || c->arena->oom))
        e = PW_UNAVAILABLE;
    buf_finish(&b);
    if (e == PW_OK)
        *ret = all;
    return e;
}

/* ---- fetching ---- */

enum pw_err file_claim_next(struct ctx *c, struct file_claim *ret)
{
    struct db_rows r;
    int64_t changed = 0;
    PW_TRY(db_one(c->db, c->arena, &file_due, DB_ARGS(DB_I(c->now_ms)), &r));
    PW_TRY(db_exec(c->db, &file_take,
                   DB_ARGS(DB_I(db_int(&r, 0, 0)), DB_I(db_int(&r, 0, 5)), DB_I(c->now_ms + FETCH_LEASE_MS)),
                   &changed));
    if (changed == 0)
        return PW_NOT_FOUND; /* another process was first */
    *ret = (struct file_claim){.id = db_int(&r, 0, 0),
                               .channel_id = db_int(&r, 0, 1),
                               .person_id = db_int(&r, 0, 2),
                               .attempts = db_int(&r, 0, 3) + 1,
                               .provider_file = db_text(&r, 0, 4)};
    return PW_OK;
}

enum pw_err file_claim_stored(struct ctx *c, const struct file_claim *f, const unsigned char key[FILE_KEY_BYTES],
                              int64_t size)
{
    struct sv sealed;
    PW_TRY(seal(c, f->person_id, key_place(f->id), (struct sv){(const char *)key, FILE_KEY_BYTES}, &sealed));
    return db_exec(c->db, &file_stored, DB_ARGS(DB_I(f->id), DB_B(sealed), DB_I(size)), NULL);
}

enum pw_err file_claim_failed(struct ctx *c, const struct file_claim *f, struct sv code, bool final)
{
    if (f->attempts >= FETCH_TRIES)
        final = true;
    int64_t wait = BACKOFF_MS << (f->attempts < 9 ? f->attempts : 9);
    if (wait > BACKOFF_MAX_MS)
        wait = BACKOFF_MAX_MS;
    return db_exec(c->db, &file_later,
                   DB_ARGS(DB_I(f->id), DB_I(final ? FILE_FAILED : FILE_WANTED), final ? DB_N : DB_I(c->now_ms + wait),
                           DB_T(code)),
                   NULL);
}
