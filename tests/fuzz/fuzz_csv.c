/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/csv.h"
#include "fuzz/fuzz.h"

/* What was read, written and read again is the same table. */
static void round_trip(struct arena *a, const struct csv_table *t, char sep, const struct csv_limits *limits)
{
    struct buf b;
    struct csv c;
    struct csv_table again;
    struct csv_fault fault;
    buf_init(&b, 1 << 24);
    csv_init(&c, &b, sep, true);
    for (size_t i = 0; i < t->n; i++) {
        for (size_t k = 0; k < t->v[i].n; k++)
            csv_text(&c, t->v[i].v[k]);
        csv_end_row(&c);
    }
    FUZZ_HOLDS(buf_ok(&b));
    FUZZ_HOLDS(csv_read(a, buf_sv(&b), sep, true, limits, &again, &fault) == PW_OK);
    FUZZ_HOLDS(again.n == t->n);
    for (size_t i = 0; i < t->n; i++) {
        FUZZ_HOLDS(again.v[i].n == t->v[i].n);
        for (size_t k = 0; k < t->v[i].n; k++)
            FUZZ_HOLDS(sv_eq(again.v[i].v[k], t->v[i].v[k]));
    }
    buf_finish(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct csv_limits limits = {10000, 100, 1 << 20};
    if (size > 1 << 18)
        return 0;
    for (int sep = 0; sep < 2; sep++) {
        struct arena a;
        struct csv_table t;
        struct csv_fault fault;
        arena_init(&a, 64 << 20);
        enum pw_err e =
            csv_read(&a, (struct sv){(const char *)data, size}, sep ? ';' : ',', size % 2, &limits, &t, &fault);
        if (e == PW_OK)
            round_trip(&a, &t, sep ? ';' : ',', &limits);
        else
            FUZZ_HOLDS(e == PW_INVALID && fault.line > 0 && fault.msgid);
        arena_finish(&a);
    }
    return 0;
}
