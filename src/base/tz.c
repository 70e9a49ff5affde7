/* SPDX-License-Identifier: EUPL-1.2 */
#include "tz.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tz_rule.h"

enum { FILE_MAX = 256 * 1024, HEADER = 44, TYPES_MAX = 256, OFFSET_MAX = 26 * 3600 };

/* Instants are clamped to this (years -999 to 9999), so that no sum below can overflow. */
#define LIMIT_S INT64_C(253402300799)

struct tz {
    struct tz_rule rule;
    struct tz_at *types;
    int64_t *at_s; /* transitions, rising */
    uint8_t *type; /* what holds from at_s[i] on */
    size_t n, types_n;
    uint8_t first; /* what holds before the first transition */
};

static int64_t clamp(int64_t v, int64_t limit)
{
    return v > limit ? limit : v < -limit ? -limit : v;
}

static bool name_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-';
}

bool tz_name_ok(struct sv name)
{
    struct sv part;
    if (name.n == 0 || name.n > TZ_NAME_MAX || sv_starts(name, SV("right/")) || sv_starts(name, SV("posix/")))
        return false;
    for (struct sv rest = name; sv_cut(&rest, '/', &part);) {
        if (part.n == 0 || part.p[0] == '-')
            return false;
        for (size_t i = 0; i < part.n; i++) {
            if (!name_char(part.p[i]) && part.p[i] != '_')
                return false;
        }
    }
    return true;
}

/* ---- reading TZif (RFC 8536) ---- */

static int64_t big_endian(const char *p, int n)
{
    uint64_t v = (uint64_t)(((unsigned char)p[0] & 0x80) ? -1 : 0);
    for (int i = 0; i < n; i++)
        v = v << 8 | (unsigned char)p[i];
    return (int64_t)v;
}

struct counts {
    size_t utc, std, leap, time, type, chars;
};

static bool read_header(struct sv s, struct counts *c, char *ret_version)
{
    if (s.n < HEADER || memcmp(s.p, "TZif", 4) != 0)
        return false;
    size_t *const into[] = {&c->utc, &c->std, &c->leap, &c->time, &c->type, &c->chars};
    for (int i = 0; i < 6; i++) {
        int64_t v = big_endian(s.p + 20 + 4 * i, 4);
        if (v < 0 || v > FILE_MAX)
            return false;
        *into[i] = (size_t)v;
    }
    *ret_version = s.p[4];
    return (s.p[4] == 0 || (s.p[4] >= '2' && s.p[4] <= '9'));
}

static size_t body_size(const struct counts *c, size_t time_size)
{
    return c->time * time_size + c->time + c->type * 6 + c->chars + c->leap * (time_size + 4) + c->std + c->utc;
}

static bool read_types(struct tz *tz, const struct counts *c, const char *p, const char *names)
{
    for (size_t i = 0; i < c->type; i++, p += 6) {
        int64_t off = big_endian(p, 4);
        size_t name = (unsigned char)p[5];
        if (off < -OFFSET_MAX || off > OFFSET_MAX || (unsigned char)p[4] > 1 || name >= c->chars)
            return false;
        size_t n = strnlen(names + name, c->chars - name);
        if (n == c->chars - name || n > TZ_ABBREV_MAX)
            return false;
        tz->types[i] = (struct tz_at){.offset_s = (int32_t)off, .dst = p[4] == 1};
        for (size_t k = 0; k < n; k++)
            if (!name_char(names[name + k]))
                return false;
        memcpy(tz->types[i].abbrev, names + name, n);
    }
    return true;
}

static bool read_body(struct tz *tz, const struct counts *c, const char *p, int time_size)
{
    const char *types = p + c->time * (size_t)time_size;
    int64_t last_s = 0;
    for (size_t i = 0; i < c->time; i++) {
        int64_t at_s = big_endian(p + i * (size_t)time_size, time_size);
        tz->type[i] = (uint8_t)types[i];
        if (tz->type[i] >= c->type || (i && at_s <= last_s))
            return false;
        last_s = at_s;
        tz->at_s[i] = clamp(at_s, LIMIT_S); /* some writers start at the Big Bang */
    }
    types += c->time;
    return read_types(tz, c, types, types + c->type * 6);
}

enum pw_err tz_parse(struct sv bytes, struct tz **ret_tz)
{
    struct counts c;
    char version;
    size_t time_size = 4;
    if (bytes.n > FILE_MAX || !read_header(bytes, &c, &version))
        return PW_INVALID;
    struct sv rest = sv_sub(bytes, HEADER, SIZE_MAX);
    if (version) { /* the first block is for readers of 32-bit times only */
        size_t size = body_size(&c, 4);
        char again;
        if (rest.n < size)
            return PW_INVALID;
        rest = sv_sub(rest, size, SIZE_MAX);
        if (!read_header(rest, &c, &again) || again != version)
            return PW_INVALID;
        rest = sv_sub(rest, HEADER, SIZE_MAX);
        time_size = 8;
    }
    size_t size = body_size(&c, time_size);
    /* Leap seconds would shift every time: a "right" tree is refused. */
    if (rest.n < size || c.leap || c.type == 0 || c.type > TYPES_MAX || c.chars == 0)
        return PW_INVALID;

    struct sv footer = {0};
    if (version) {
        struct sv tail = sv_sub(rest, size, SIZE_MAX);
        if (tail.n < 2 || tail.p[0] != '\n')
            return PW_INVALID;
        tail = sv_sub(tail, 1, SIZE_MAX);
        const char *end = memchr(tail.p, '\n', tail.n);
        if (!end)
            return PW_INVALID;
        footer = (struct sv){tail.p, (size_t)(end - tail.p)};
    }
    struct tz *tz = calloc(1, sizeof *tz + c.type * sizeof(struct tz_at) + c.time * (sizeof(int64_t) + 1));
    if (!tz)
        return PW_UNAVAILABLE;
    tz->n = c.time;
    tz->types_n = c.type;
    tz->at_s = (int64_t *)(tz + 1);
    tz->types = (struct tz_at *)(tz->at_s + c.time);
    tz->type = (uint8_t *)(tz->types + c.type);
    if (!read_body(tz, &c, rest.p, (int)time_size) || !tz_rule_parse(footer, &tz->rule)) {
        tz_free(tz);
        return PW_INVALID;
    }
    *ret_tz = tz;
    return PW_OK;
}

void tz_free(struct tz *tz)
{
    free(tz);
}

/* Reads at most max bytes; the rest of a larger file is left out when `cut`, else the file is refused. */
static enum pw_err read_file(struct sv dir, struct sv name, size_t max, bool cut, struct sv *ret)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof path, "%.*s/%.*s", SV_ARG(dir), SV_ARG(name));
    if (n < 0 || n >= (int)sizeof path)
        return PW_INVALID;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? PW_NOT_FOUND : PW_UNAVAILABLE;
    struct stat st;
    enum pw_err e = PW_UNAVAILABLE;
    char *bytes = NULL;
    if (fstat(fd, &st) != 0)
        goto out;
    if (!S_ISREG(st.st_mode)) { /* "America" is a folder */
        e = PW_NOT_FOUND;
        goto out;
    }
    bytes = malloc(max + 1);
    if (!bytes)
        goto out;
    size_t have = 0;
    while (have < max + 1) {
        ssize_t got = read(fd, bytes + have, max + 1 - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            goto out;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    if (have > max && !cut) {
        e = PW_INVALID;
        goto out;
    }
    *ret = (struct sv){bytes, have > max ? max : have};
    bytes = NULL;
    e = PW_OK;
out:
    free(bytes);
    close(fd);
    return e;
}

enum pw_err tz_load(struct sv dir, struct sv name, struct tz **ret_tz)
{
    struct sv bytes;
    if (!tz_name_ok(name))
        return PW_INVALID;
    PW_TRY(read_file(dir, name, FILE_MAX, false, &bytes));
    enum pw_err e = tz_parse(bytes, ret_tz);
    free((char *)(uintptr_t)bytes.p);
    return e;
}

/* ---- what holds when ---- */

static int64_t floor_second(int64_t ms)
{
    return clamp(ms / 1000 - (ms % 1000 < 0), LIMIT_S);
}

/* What holds at an instant and until when; false: for ever. */
static bool segment(const struct tz *tz, int64_t utc_s, struct tz_at *ret_at, int64_t *ret_next_s)
{
    size_t lo = 0, hi = tz->n; /* the number of transitions at or before utc_s */
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (tz->at_s[mid] <= utc_s)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (lo == tz->n && tz->rule.any)
        return tz_rule_at(&tz->rule, utc_s, ret_at, ret_next_s);
    *ret_at = tz->types[lo ? tz->type[lo - 1] : tz->first];
    if (lo == tz->n)
        return false;
    *ret_next_s = tz->at_s[lo];
    return true;
}

void tz_at(const struct tz *tz, int64_t utc_ms, struct tz_at *ret_at)
{
    int64_t next;
    (void)segment(tz, floor_second(utc_ms), ret_at, &next);
}

int32_t tz_offset_s(const struct tz *tz, int64_t utc_ms)
{
    struct tz_at at;
    tz_at(tz, utc_ms, &at);
    return at.offset_s;
}

int64_t tz_local_ms(const struct tz *tz, int64_t utc_ms)
{
    return clamp(utc_ms, LIMIT_S * 1000) + tz_offset_s(tz, utc_ms) * INT64_C(1000);
}

bool tz_next_change(const struct tz *tz, int64_t utc_ms, int64_t *ret_utc_ms)
{
    struct tz_at now, then;
    int64_t at = floor_second(utc_ms), next;
    if (!segment(tz, at, &now, &next))
        return false;
    /* a file may hold transitions that change nothing; a few dozen in a row at most */
    for (size_t i = 0; i <= tz->n + 8; i++) {
        bool more = segment(tz, next, &then, &at);
        if (then.offset_s != now.offset_s || then.dst != now.dst || strcmp(then.abbrev, now.abbrev) != 0) {
            *ret_utc_ms = next * 1000;
            return true;
        }
        if (!more)
            return false;
        next = at;
    }
    return false;
}

/* Walks the stretches of equal offset around the reading (offsets never exceed 26 hours): each holds the reading at
 * most once, so the first hit is the earlier instant and the last the later one. Without a hit the reading falls into a
 * gap, and the stretch that begins after it begins at the first valid instant. */
int64_t tz_utc_ms(const struct tz *tz, int64_t local_ms, enum tz_pick pick, enum tz_kind *ret_kind)
{
    local_ms = clamp(local_ms, LIMIT_S * 1000);
    int64_t begin = floor_second(local_ms - OFFSET_MAX * INT64_C(1000));
    int64_t stop = begin + 2 * OFFSET_MAX + 2, at = begin, next = 0, found = 0, gap_end = 0;
    int hits = 0;
    bool gap = false;
    struct tz_at now;
    while (at < stop) {
        bool more = segment(tz, at, &now, &next);
        int64_t utc = local_ms - now.offset_s * INT64_C(1000);
        bool after = at == begin || utc >= at * 1000, before = !more || utc < next * 1000;
        if (!after && !gap && !hits) { /* this stretch starts with a later reading than the one asked for */
            gap = true;
            gap_end = at * 1000;
        }
        if (after && before) {
            if (hits++ == 0 || pick == TZ_LATER)
                found = utc;
        }
        if (!more || next <= at)
            break;
        at = next;
    }
    if (ret_kind)
        *ret_kind = hits > 1 ? TZ_FOLD : hits == 1 ? TZ_UNIQUE : TZ_GAP;
    if (hits)
        return found;
    return gap ? gap_end : local_ms - now.offset_s * INT64_C(1000);
}

struct sv tz_release(struct sv dir, char out[TZ_RELEASE_MAX + 1])
{
    struct sv text, line = {0}, found = {0};
    out[0] = 0;
    if (read_file(dir, SV("tzdata.zi"), 256, true, &text) == PW_OK) {
        struct sv rest = text;
        if (sv_cut(&rest, '\n', &line) && sv_starts(line, SV("# version ")))
            found = sv_trim(sv_sub(line, 10, SIZE_MAX));
    } else if (read_file(dir, SV("+VERSION"), 256, true, &text) == PW_OK) {
        struct sv rest = text;
        if (sv_cut(&rest, '\n', &line))
            found = sv_trim(line);
    } else {
        return (struct sv){out, 0};
    }
    if (found.n && found.n <= TZ_RELEASE_MAX) {
        memcpy(out, found.p, found.n);
        out[found.n] = 0;
    }
    free((char *)(uintptr_t)text.p);
    return sv_of(out);
}
