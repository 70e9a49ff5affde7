/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/file_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/id.h"

enum { PIECE = 64 * 1024, SEALED_PIECE = PIECE + crypto_secretstream_xchacha20poly1305_ABYTES };

struct file_reader {
    int fd;
    bool done;
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char sealed[SEALED_PIECE], plain[PIECE];
};

struct sv file_path_of(struct arena *a, struct sv data_dir, int64_t id, bool make)
{
    char text[ID_TEXT + 1];
    id_text(id, text);
    struct sv root = arena_fmt(a, "%.*s/files", SV_ARG(data_dir));
    struct sv dir = arena_fmt(a, "%.*s/%s", SV_ARG(root), text + ID_TEXT - 2);
    if (make && ((mkdir(arena_z(a, root), 0700) != 0 && errno != EEXIST) ||
                 (mkdir(arena_z(a, dir), 0700) != 0 && errno != EEXIST)))
        return (struct sv){0};
    return arena_fmt(a, "%.*s/%s", SV_ARG(dir), text);
}

int file_memory(struct arena *a, struct sv *ret_path)
{
    int fd = memfd_create("passerelle", MFD_CLOEXEC);
    if (fd >= 0)
        *ret_path = arena_fmt(a, "/proc/self/fd/%d", fd);
    return fd;
}

static bool read_full(int fd, unsigned char *p, size_t n, size_t *ret_n)
{
    size_t got = 0;
    while (got < n) {
        ssize_t r = read(fd, p + got, n - got);
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return false;
        if (r == 0)
            break;
        got += (size_t)r;
    }
    *ret_n = got;
    return true;
}

static bool write_pieces(int in, int out, int64_t size, const unsigned char *key)
{
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned char header[crypto_secretstream_xchacha20poly1305_HEADERBYTES], plain[PIECE], sealed[SEALED_PIECE];
    bool ok = crypto_secretstream_xchacha20poly1305_init_push(&state, header, key) == 0 &&
              fd_write_all(out, header, sizeof header) && lseek(in, 0, SEEK_SET) == 0;
    for (int64_t left = size; ok && left > 0;) {
        size_t want = left < PIECE ? (size_t)left : PIECE, got = 0;
        ok = read_full(in, plain, want, &got) && got == want;
        if (!ok)
            break;
        left -= (int64_t)got;
        unsigned char tag = left == 0 ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
        unsigned long long n = 0;
        crypto_secretstream_xchacha20poly1305_push(&state, sealed, &n, plain, got, NULL, 0, tag);
        ok = fd_write_all(out, sealed, (size_t)n);
    }
    sodium_memzero(plain, sizeof plain);
    sodium_memzero(&state, sizeof state);
    return ok;
}

static bool sync_folder(struct arena *a, struct sv path)
{
    while (path.n && path.p[path.n - 1] != '/')
        path.n--;
    int fd = open(arena_z(a, path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

enum pw_err file_stream_write(struct sv path, struct arena *a, int fd, unsigned char ret_key[FILE_KEY_BYTES],
                              int64_t *ret_size)
{
    struct stat st;
    if (!path.n || fstat(fd, &st) != 0)
        return PW_UNAVAILABLE;
    if (st.st_size <= 0 || st.st_size > FILE_MAX_BYTES)
        return PW_INVALID;
    const char *final = arena_z(a, path), *part = arena_z(a, arena_join(a, path, SV(".part")));
    int out = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (out < 0)
        return PW_UNAVAILABLE;
    unsigned char key[FILE_KEY_BYTES];
    _Static_assert(FILE_KEY_BYTES == crypto_secretstream_xchacha20poly1305_KEYBYTES, "size of a stream key");
    crypto_secretstream_xchacha20poly1305_keygen(key);
    bool ok = write_pieces(fd, out, st.st_size, key) && fsync(out) == 0;
    ok = close(out) == 0 && ok;
    ok = ok && rename(part, final) == 0 && sync_folder(a, path);
    if (ok) {
        memcpy(ret_key, key, sizeof key);
        *ret_size = st.st_size;
    } else {
        (void)unlink(part);
    }
    sodium_memzero(key, sizeof key);
    return ok ? PW_OK : PW_UNAVAILABLE;
}

/* ---- reading ---- */

static void drop_reader(void *arg)
{
    struct file_reader *r = arg;
    if (r->fd >= 0)
        close(r->fd);
    r->fd = -1;
    sodium_memzero(r->plain, sizeof r->plain);
    sodium_memzero(&r->state, sizeof r->state);
}

enum pw_err file_stream_open(struct sv path, struct arena *a, const unsigned char key[FILE_KEY_BYTES],
                             struct file_reader **ret)
{
    struct file_reader *r = arena_new(a, struct file_reader);
    if (!r)
        return PW_UNAVAILABLE;
    r->fd = open(arena_z(a, path), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (r->fd < 0)
        return errno == ENOENT ? PW_NOT_FOUND : PW_UNAVAILABLE;
    unsigned char header[crypto_secretstream_xchacha20poly1305_HEADERBYTES];
    size_t n = 0;
    bool ok = read_full(r->fd, header, sizeof header, &n) && n == sizeof header &&
              crypto_secretstream_xchacha20poly1305_init_pull(&r->state, header, key) == 0;
    if (!ok) {
        drop_reader(r);
        return PW_INTERNAL;
    }
    if (!arena_defer(a, drop_reader, r))
        return PW_UNAVAILABLE;
    *ret = r;
    return PW_OK;
}

enum pw_err file_reader_next(struct file_reader *r, struct sv *ret_piece)
{
    if (r->fd < 0)
        return PW_INTERNAL;
    if (r->done) {
        *ret_piece = (struct sv){0};
        return PW_OK;
    }
    size_t got = 0;
    unsigned long long n = 0;
    unsigned char tag = 0;
    if (!read_full(r->fd, r->sealed, sizeof r->sealed, &got))
        return PW_UNAVAILABLE;
    if (got <= crypto_secretstream_xchacha20poly1305_ABYTES ||
        crypto_secretstream_xchacha20poly1305_pull(&r->state, r->plain, &n, &tag, r->sealed, got, NULL, 0) != 0)
        return PW_INTERNAL; /* cut short or changed on disk */
    r->done = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    *ret_piece = (struct sv){(const char *)r->plain, (size_t)n};
    return PW_OK;
}

void file_reader_close(struct file_reader *r)
{
    if (r)
        drop_reader(r);
}

enum pw_err file_put_plain(struct arena *a, struct sv path, struct sv bytes)
{
    int fd = open(arena_z(a, path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return PW_UNAVAILABLE;
    size_t done = 0;
    while (done < bytes.n) {
        ssize_t n = write(fd, bytes.p + done, bytes.n - done);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    return close(fd) == 0 && done == bytes.n ? PW_OK : PW_UNAVAILABLE;
}
