/* SPDX-License-Identifier: EUPL-1.2 */
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_chunk {
    struct arena_chunk *next;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};
struct arena_undo {
    struct arena_undo *next;
    void (*fn)(void *);
    void *arg;
};

enum { CHUNK_MIN = 8 * 1024 - (int)sizeof(struct arena_chunk) - 16 };

void arena_init(struct arena *a, size_t cap)
{
    *a = (struct arena){.cap = cap};
}

static void run_undo(struct arena *a)
{
    while (a->undo) {
        struct arena_undo *u = a->undo;
        a->undo = u->next;
        u->fn(u->arg);
    }
}

void arena_reset(struct arena *a)
{
    run_undo(a);
    while (a->head && (a->head->next || a->head->size > (size_t)CHUNK_MIN)) {
        struct arena_chunk *c = a->head;
        a->head = c->next;
        free(c);
    }
    if (a->head)
        a->head->used = 0;
    a->used = 0;
    a->oom = false;
}

void arena_finish(struct arena *a)
{
    run_undo(a);
    while (a->head) {
        struct arena_chunk *c = a->head;
        a->head = c->next;
        free(c);
    }
    *a = (struct arena){.cap = a->cap};
}

static void *take(struct arena_chunk *c, size_t n, size_t align)
{
    size_t at = (c->used + align - 1) & ~(align - 1);
    if (at > c->size || c->size - at < n)
        return NULL;
    c->used = at + n;
    return memset(c->bytes + at, 0, n);
}

void *arena_alloc(struct arena *a, size_t n, size_t align)
{
    if (n == 0)
        n = 1;
    if (n > a->cap || a->used > a->cap - n) {
        a->oom = true;
        return NULL;
    }
    if (a->head) {
        void *p = take(a->head, n, align);
        if (p) {
            a->used += n;
            return p;
        }
    }
    if (a->oom)
        return NULL;
    size_t size = a->head ? a->head->size * 2 : (size_t)CHUNK_MIN;
    if (size > 1024 * 1024)
        size = 1024 * 1024;
    if (size < n)
        size = n;
    struct arena_chunk *c = malloc(sizeof *c + size);
    if (!c) {
        a->oom = true;
        return NULL;
    }
    *c = (struct arena_chunk){.next = a->head, .size = size};
    a->head = c;
    a->used += n;
    return take(c, n, align);
}

void *arena_alloc_n(struct arena *a, size_t size, size_t n, size_t align)
{
    size_t total;
    if (__builtin_mul_overflow(size, n, &total)) {
        a->oom = true;
        return NULL;
    }
    return arena_alloc(a, total, align);
}

bool arena_defer(struct arena *a, void (*fn)(void *), void *arg)
{
    struct arena_undo *u = arena_new(a, struct arena_undo);
    if (!u) {
        fn(arg);
        return false;
    }
    *u = (struct arena_undo){a->undo, fn, arg};
    a->undo = u;
    return true;
}

struct sv arena_join(struct arena *a, struct sv x, struct sv y)
{
    size_t n;
    if (__builtin_add_overflow(x.n, y.n, &n) || n == SIZE_MAX)
        return (struct sv){0};
    char *p = arena_alloc(a, n + 1, 1);
    if (!p)
        return (struct sv){0};
    if (x.n)
        memcpy(p, x.p, x.n);
    if (y.n)
        memcpy(p + x.n, y.p, y.n);
    return (struct sv){p, n};
}

struct sv arena_sv(struct arena *a, struct sv s)
{
    return arena_join(a, s, (struct sv){0});
}

char *arena_z(struct arena *a, struct sv s)
{
    static char none[1] = ""; /* Declared cache: the empty text; never written */
    struct sv copy = arena_sv(a, s);
    return copy.p ? (char *)(uintptr_t)copy.p : none;
}

struct sv arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    struct sv out = {0};
    if (n >= 0) {
        char *p = arena_alloc(a, (size_t)n + 1, 1);
        if (p && vsnprintf(p, (size_t)n + 1, fmt, again) == n)
            out = (struct sv){p, (size_t)n};
    }
    va_end(again);
    return out;
}

struct sv arena_fmt(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct sv out = arena_vfmt(a, fmt, ap);
    va_end(ap);
    return out;
}
