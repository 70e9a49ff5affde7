/* SPDX-License-Identifier: EUPL-1.2 */
/* arena: memory of one lifetime (a request, a job, a row). Freed all at once; request code never calls free.
 * Not thread-safe: one owner at a time. Past its cap allocation returns NULL and `oom` stays set, so a chain of
 * calls is checked once at its end. */
#ifndef PW_ARENA_H
#define PW_ARENA_H

#include <stdalign.h>
#include <stdarg.h>

#include "sv.h"

struct arena_chunk;
struct arena_undo;
struct arena {
    struct arena_chunk *head;
    struct arena_undo *undo;
    size_t used, cap;
    bool oom;
};

void arena_init(struct arena *a, size_t cap);
void arena_reset(struct arena *a);  /* runs the undo list newest first, frees all but one chunk; cap stays */
void arena_finish(struct arena *a); /* as reset, and gives everything back */

void *arena_alloc(struct arena *a, size_t n, size_t align); /* zeroed */
void *arena_alloc_n(struct arena *a, size_t size, size_t n, size_t align);
#define arena_new(a, T) ((T *)arena_alloc((a), sizeof(T), alignof(T)))
#define arena_array(a, T, n) ((T *)arena_alloc_n((a), sizeof(T), (n), alignof(T)))

/* Runs fn(arg) at reset or finish: for handles of foreign libraries. False (and fn run at once) when out of memory. */
bool arena_defer(struct arena *a, void (*fn)(void *), void *arg);

struct sv arena_sv(struct arena *a, struct sv s); /* a copy; also NUL-terminated behind its end */
char *arena_z(struct arena *a, struct sv s);      /* a NUL-terminated copy; "" when out of memory, never NULL */
struct sv arena_fmt(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct sv arena_vfmt(struct arena *a, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
struct sv arena_join(struct arena *a, struct sv x, struct sv y);

#endif
