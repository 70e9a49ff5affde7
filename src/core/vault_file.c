/* SPDX-License-Identifier: EUPL-1.2 */
/* vault_file: the key file. Three lines: "passerelle-key 1", "id <decimal>", "key <64 hex>". It is complete or absent:
 * written beside its place, synced, then linked into it, so that of two first starts one wins and the other reads it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/id.h"
#include "core/vault_parts.h"

enum { KEY_FILE_MAX = 256 };

static enum pw_err why(struct arena *a, struct sv *ret_why, enum pw_err e, const char *text, struct sv path)
{
    if (ret_why)
        *ret_why = arena_fmt(a, "%s: %.*s", text, SV_ARG(path));
    return e;
}

static bool parse_key(struct sv text, int64_t *ret_id, unsigned char master[VAULT_KEY])
{
    struct sv line, hex;
    if (!sv_cut(&text, '\n', &line) || !sv_eq_z(line, "passerelle-key 1"))
        return false;
    if (!sv_cut(&text, '\n', &line) || !sv_starts(line, SV("id ")) || !sv_int(sv_sub(line, 3, line.n), ret_id) ||
        *ret_id <= 0)
        return false;
    if (!sv_cut(&text, '\n', &line) || !sv_starts(line, SV("key ")) || text.n > 0)
        return false;
    hex = sv_sub(line, 4, line.n);
    size_t n = 0;
    return hex.n == 2 * VAULT_KEY && sodium_hex2bin(master, VAULT_KEY, hex.p, hex.n, NULL, &n, NULL) == 0 &&
           n == VAULT_KEY;
}

static enum pw_err read_key(struct sv path, const char *path_z, struct arena *a, int64_t *ret_id,
                            unsigned char master[VAULT_KEY], struct sv *ret_why)
{
    int fd = open(path_z, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? why(a, ret_why, PW_NOT_FOUND, "There is no key file", path)
                               : why(a, ret_why, PW_UNAVAILABLE, "The key file cannot be read", path);
    struct stat st;
    char text[KEY_FILE_MAX];
    enum pw_err e = PW_OK;
    size_t have = 0;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        e = why(a, ret_why, PW_INVALID, "This is not a key file", path);
    } else if (st.st_mode & 077) {
        e = why(a, ret_why, PW_DENIED, "Other users of this machine may read the key file; set its mode to 0400", path);
    } else {
        ssize_t n = 1;
        while (have < sizeof text && (n = read(fd, text + have, sizeof text - have)) != 0) {
            if (n < 0 && errno != EINTR)
                break;
            if (n > 0)
                have += (size_t)n;
        }
        if (n < 0)
            e = why(a, ret_why, PW_UNAVAILABLE, "The key file cannot be read", path);
        else if (have == sizeof text || !parse_key((struct sv){text, have}, ret_id, master))
            e = why(a, ret_why, PW_INVALID, "This is not a key file", path);
    }
    sodium_memzero(text, sizeof text);
    close(fd);
    return e;
}

static void sync_folder(const char *folder_z)
{
    int fd = open(folder_z, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)fsync(fd);
    close(fd);
}

static enum pw_err make_key(struct sv path, const char *path_z, struct arena *a, struct sv *ret_why)
{
    struct sv folder = path;
    while (folder.n > 0 && folder.p[folder.n - 1] != '/')
        folder.n--;
    const char *folder_z = folder.n ? arena_z(a, folder) : ".";
    if (mkdir(folder_z, 0700) != 0 && errno != EEXIST)
        return why(a, ret_why, PW_UNAVAILABLE, "The folder of the key file cannot be made", path);

    unsigned char master[VAULT_KEY];
    char hex[2 * VAULT_KEY + 1], text[KEY_FILE_MAX], tail[9];
    randombytes_buf(master, sizeof master);
    sodium_bin2hex(hex, sizeof hex, master, sizeof master);
    int n = snprintf(text, sizeof text, "passerelle-key 1\nid %lld\nkey %s\n", (long long)id_new(), hex);
    id_random_text(tail, 8);
    struct sv fresh = arena_fmt(a, "%.*s.new-%s", SV_ARG(path), tail);

    enum pw_err e = PW_OK;
    int fd = a->oom ? -1 : open(fresh.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0400);
    bool ok = fd >= 0 && fd_write_all(fd, text, (size_t)n) && fsync(fd) == 0;
    if (fd >= 0 && close(fd) != 0)
        ok = false;
    if (!ok)
        e = why(a, ret_why, PW_UNAVAILABLE, "The key file cannot be written", path);
    else if (link(fresh.p, path_z) != 0)
        e = errno == EEXIST ? PW_CONFLICT : why(a, ret_why, PW_UNAVAILABLE, "The key file cannot be written", path);
    if (fd >= 0)
        unlink(fresh.p);
    if (e == PW_OK)
        sync_folder(folder_z);
    sodium_memzero(master, sizeof master);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(text, sizeof text);
    return e;
}

static bool derive(struct vault *v, const unsigned char master[VAULT_KEY])
{
    /* numbers of purposes never change: values sealed years ago depend on them */
    static const char purpose[crypto_kdf_CONTEXTBYTES + 1] = "pw-vault";
    _Static_assert(VAULT_KEY == crypto_kdf_KEYBYTES, "the installation's key is a kdf key");
    return crypto_kdf_derive_from_key(v->wrap, VAULT_KEY, 1, purpose, master) == 0 &&
           crypto_kdf_derive_from_key(v->own, VAULT_KEY, 2, purpose, master) == 0 &&
           crypto_kdf_derive_from_key(v->blind, VAULT_KEY, 3, purpose, master) == 0 &&
           crypto_kdf_derive_from_key(v->mac, VAULT_KEY, 4, purpose, master) == 0;
}

enum pw_err vault_open(struct sv key_file, bool create, struct arena *a, struct vault **ret, bool *ret_made,
                       struct sv *ret_why)
{
    if (sodium_init() < 0)
        return why(a, ret_why, PW_INTERNAL, "The cryptographic library does not start", key_file);
    const char *path_z = arena_z(a, key_file);
    if (a->oom || memchr(key_file.p ? key_file.p : "", 0, key_file.n) || !key_file.n)
        return why(a, ret_why, PW_INVALID, "This is not a path", key_file);

    unsigned char master[VAULT_KEY];
    int64_t key_id = 0;
    bool made = false;
    enum pw_err e = read_key(key_file, path_z, a, &key_id, master, ret_why);
    if (e == PW_NOT_FOUND && create) {
        e = make_key(key_file, path_z, a, ret_why);
        made = e == PW_OK;
        if (e == PW_OK || e == PW_CONFLICT)
            e = read_key(key_file, path_z, a, &key_id, master, ret_why);
    }
    struct vault *v = NULL;
    if (e == PW_OK) {
        v = sodium_malloc(sizeof *v);
        if (!v)
            e = why(a, ret_why, PW_UNAVAILABLE, "Not enough memory for the vault", key_file);
    }
    if (e == PW_OK) {
        memset(v, 0, sizeof *v);
        v->key_id = key_id;
        v->recheck_ms = 1000;
        if (!derive(v, master) || pthread_mutex_init(&v->lock, NULL) != 0) {
            sodium_free(v);
            e = PW_INTERNAL;
        }
    }
    sodium_memzero(master, sizeof master);
    if (e != PW_OK)
        return e;
    *ret = v;
    if (ret_made)
        *ret_made = made;
    return PW_OK;
}

void vault_close(struct vault *v)
{
    if (!v)
        return;
    pthread_mutex_destroy(&v->lock);
    sodium_free(v); /* wipes first */
}
