/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/static.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http/gzip.h"
#include "http/http.h"

struct static_set {
    struct static_file *v;
    size_t n, bytes;
    uint64_t hash;
};

static const struct {
    const char *end, *type;
} types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".txt", "text/plain; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".gif", "image/gif"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".woff", "font/woff"},
    {".mp3", "audio/mpeg"},
    {".ogg", "audio/ogg"},
    {".m4a", "audio/mp4"},
    {".mp4", "video/mp4"},
    {".webm", "video/webm"},
    {".vtt", "text/vtt; charset=utf-8"},
    {".pdf", "application/pdf"},
};

static bool name_ok(struct sv name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'))
            return false;
    }
    return name.n > 0 && name.n < 60 && name.p[0] != '.';
}

static const char *type_of(struct sv name)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (sv_ends(name, sv_of(types[i].end)))
            return types[i].type;
    return NULL;
}

static uint64_t hash_more(uint64_t h, struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return (h ^ s.n) * 1099511628211u;
}

static enum pw_err read_all(int fd, size_t n, char *into)
{
    for (size_t at = 0; at < n;) {
        ssize_t got = read(fd, into + at, n - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return PW_UNAVAILABLE;
        at += (size_t)got;
    }
    return PW_OK;
}

static enum pw_err add(struct static_set *set, int dir, const char *folder, const char *name, const char *type)
{
    struct stat st;
    enum pw_err e = PW_OK;
    int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        goto out;
    size_t n = (size_t)st.st_size;
    if (set->n == STATIC_FILES_MAX || n > STATIC_FILE_MAX || set->bytes + n > STATIC_ALL_MAX) {
        e = PW_INVALID;
        goto out;
    }
    struct static_file *f = &set->v[set->n];
    *f = (struct static_file){.type = type, .own_bytes = malloc(n ? n : 1)};
    e = f->own_bytes ? read_all(fd, n, f->own_bytes) : PW_UNAVAILABLE;
    if (e != PW_OK) {
        free(f->own_bytes);
        goto out;
    }
    snprintf(f->name, sizeof f->name, "%.60s%s%.60s", folder, *folder ? "/" : "", name); /* name_ok: both are shorter */
    f->bytes = (struct sv){f->own_bytes, n};
    uint64_t h = hash_more(1469598103934665603u, f->bytes);
    snprintf(f->etag, sizeof f->etag, "\"%016" PRIx64 "\"", h);
    buf_init(&f->own_gz, STATIC_FILE_MAX);
    if (gzip_type(sv_of(type)) && n > 512 && gzip_pack(f->bytes, 9, &f->own_gz))
        f->gz = buf_sv(&f->own_gz);
    else
        buf_finish(&f->own_gz);
    set->n++;
    set->bytes += n;
out:
    if (fd >= 0)
        close(fd);
    return e;
}

static enum pw_err scan(struct static_set *set, int fd, const char *folder)
{
    enum pw_err e = PW_OK;
    DIR *d = fdopendir(fd);
    if (!d) {
        close(fd);
        return PW_UNAVAILABLE;
    }
    for (struct dirent *row = readdir(d); row && e == PW_OK; row = readdir(d)) {
        struct sv name = sv_of(row->d_name);
        if (!name_ok(name))
            continue;
        const char *type = type_of(name);
        if (type) {
            e = add(set, dirfd(d), folder, row->d_name, type);
        } else if (!*folder && !memchr(name.p, '.', name.n)) {
            int sub = openat(dirfd(d), row->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (sub >= 0)
                e = scan(set, sub, row->d_name);
        }
    }
    closedir(d);
    return e;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct static_file *)a)->name, ((const struct static_file *)b)->name);
}

enum pw_err static_load(struct sv dir, struct static_set **ret)
{
    char path[4096];
    if (!dir.n || dir.n >= sizeof path)
        return PW_NOT_FOUND;
    snprintf(path, sizeof path, "%.*s", SV_ARG(dir));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return PW_NOT_FOUND;
    struct static_set *set = calloc(1, sizeof *set);
    if (set)
        set->v = calloc(STATIC_FILES_MAX, sizeof *set->v);
    if (!set || !set->v) {
        free(set);
        close(fd);
        return PW_UNAVAILABLE;
    }
    enum pw_err e = scan(set, fd, "");
    if (e != PW_OK) {
        static_free(set);
        return e;
    }
    qsort(set->v, set->n, sizeof *set->v, by_name);
    set->hash = 1469598103934665603u;
    for (size_t i = 0; i < set->n; i++) {
        set->hash = hash_more(set->hash, sv_of(set->v[i].name));
        set->hash = hash_more(set->hash, set->v[i].bytes);
    }
    *ret = set;
    return PW_OK;
}

void static_free(struct static_set *set)
{
    if (!set)
        return;
    for (size_t i = 0; i < set->n; i++) {
        free(set->v[i].own_bytes);
        buf_finish(&set->v[i].own_gz);
    }
    free(set->v);
    free(set);
}

const struct static_file *static_find(const struct static_set *set, struct sv name)
{
    size_t from = 0, to = set ? set->n : 0;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        int c = sv_cmp(name, sv_of(set->v[mid].name));
        if (c == 0)
            return &set->v[mid];
        if (c < 0)
            to = mid;
        else
            from = mid + 1;
    }
    return NULL;
}

uint64_t static_hash(const struct static_set *set)
{
    return set->hash;
}

enum pw_err http_static_version(struct sv dir, char ret[HTTP_VERSION_TEXT + 1])
{
    struct static_set *set;
    PW_TRY(static_load(dir, &set));
    snprintf(ret, HTTP_VERSION_TEXT + 1, "%012" PRIx64, set->hash & 0xffffffffffff);
    static_free(set);
    return PW_OK;
}
