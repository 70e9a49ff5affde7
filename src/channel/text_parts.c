/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/text_parts.h"

#include <time.h>

enum { PART_TRIES = 3, PATIENCE_MS = 10000 }; /* between parts: longer waits are called in doubt */

/* Length in bytes of the character at p, by its first byte; broken UTF-8 counts byte by byte. */
static size_t char_bytes(const char *p, size_t left)
{
    unsigned char c = (unsigned char)*p;
    size_t n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    if (n > left)
        return 1;
    for (size_t i = 1; i < n; i++)
        if (((unsigned char)p[i] & 0xC0) != 0x80)
            return 1;
    return n;
}

size_t parts_units(struct sv text)
{
    size_t units = 0;
    for (size_t i = 0; i < text.n;) {
        size_t n = char_bytes(text.p + i, text.n - i);
        units += n == 4 ? 2 : 1; /* beyond the BMP: a surrogate pair */
        i += n;
    }
    return units;
}

static bool fits(struct sv text, size_t max_units)
{
    return text.n <= max_units || parts_units(sv_sub(text, 0, 4 * max_units + 4)) <= max_units;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* A mark, joiner or variation selector must not be torn from what stands before it. */
static bool clings(const char *p, size_t n)
{
    const unsigned char *u = (const unsigned char *)p;
    if (n == 2) {
        unsigned c = ((u[0] & 0x1Fu) << 6) | (u[1] & 0x3Fu);
        return (c >= 0x300 && c <= 0x36F) || (c >= 0x64B && c <= 0x65F) || c == 0x670;
    }
    if (n == 3) {
        unsigned c = ((u[0] & 0x0Fu) << 12) | ((u[1] & 0x3Fu) << 6) | (u[2] & 0x3Fu);
        return c == 0x200D || c == 0x200C || (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0x20D0 && c <= 0x20FF);
    }
    if (n == 4) { /* skin tones */
        unsigned c = ((u[0] & 0x07u) << 18) | ((u[1] & 0x3Fu) << 12) | ((u[2] & 0x3Fu) << 6) | (u[3] & 0x3Fu);
        return c >= 0x1F3FB && c <= 0x1F3FF;
    }
    return false;
}

struct sv parts_cut(struct sv *rest, size_t max_units)
{
    struct sv s = sv_trim(*rest);
    if (fits(s, max_units)) {
        *rest = (struct sv){0};
        return s;
    }
    size_t units = 0, i = 0, character = 0, word = 0, line = 0, paragraph = 0;
    bool after_joiner = false;
    while (i < s.n) {
        size_t n = char_bytes(s.p + i, s.n - i), u = n == 4 ? 2 : 1;
        if (i && !after_joiner && !clings(s.p + i, n))
            character = i;
        if (i && is_space(s.p[i])) {
            word = i;
            if (s.p[i] == '\n') {
                line = i;
                if (i + 1 < s.n && s.p[i + 1] == '\n')
                    paragraph = i;
            }
        }
        if (units + u > max_units)
            break;
        after_joiner = n == 3 && (unsigned char)s.p[i] == 0xE2 && (unsigned char)s.p[i + 1] == 0x80 &&
                       (unsigned char)s.p[i + 2] == 0x8D;
        units += u;
        i += n;
    }
    if (i == 0) /* one character wider than the limit: out it goes all the same, or there would be no end */
        i = char_bytes(s.p, s.n);
    size_t half = i / 2;
    size_t at = paragraph > half ? paragraph : line > half ? line : word > half ? word : character;
    if (at == 0 || at < half) /* one endless cluster: cut between characters all the same */
        at = character > half ? character : i;
    *rest = sv_trim(sv_sub(s, at, s.n));
    return sv_trim(sv_sub(s, 0, at));
}

static void pause_ms(int64_t ms)
{
    struct timespec t = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (ms % 1000) * 1000000};
    nanosleep(&t, NULL);
}

struct sv parts_add_id(struct arena *a, struct sv more_ids, struct sv id)
{
    return more_ids.n && id.n ? arena_fmt(a, "%.*s %.*s", SV_ARG(more_ids), SV_ARG(id)) : id.n ? id : more_ids;
}

void parts_send(struct arena *a, struct sv text, size_t max_units, bool said, struct sv said_id, part_fn fn, void *self,
                struct send_result *ret)
{
    struct sv parts[PARTS_MAX], rest = text, more_ids = {0};
    size_t n = 0;
    while (rest.n && n < PARTS_MAX)
        parts[n++] = parts_cut(&rest, max_units);
    if (rest.n || n == 0 || parts[0].n == 0) {
        *ret = (struct send_result){.cls = SEND_FAILED, .code = rest.n ? SV("too-long") : SV("empty")};
        return;
    }
    for (size_t i = 0; i < n; i++) {
        struct send_result r = {0};
        for (int try = 0; try < PART_TRIES; try++) {
            fn(self, parts[i], i == 0, i + 1 == n, &r);
            int64_t wait = r.retry_after_ms ? r.retry_after_ms : 1000;
            if (r.cls != SEND_RETRY || !said || wait > PATIENCE_MS)
                break;
            pause_ms(wait);
        }
        if (r.cls != SEND_OK) {
            *ret = r;
            if (said && r.cls != SEND_BLOCKED) {
                ret->cls = SEND_IN_DOUBT;
                ret->code = arena_fmt(a, "partial-%zu-of-%zu", i, n);
                ret->provider_id = said_id;
                ret->more_ids = more_ids;
            }
            return;
        }
        if (said)
            more_ids = parts_add_id(a, more_ids, r.provider_id);
        else
            said_id = r.provider_id;
        said = true;
    }
    *ret = (struct send_result){.cls = SEND_OK, .provider_id = said_id, .more_ids = more_ids};
}
