/* SPDX-License-Identifier: EUPL-1.2 */
/* Tables from outside: workbooks, comma-separated, pasted, in several encodings. What was read is UTF-8 within the
 * limits, and written as a workbook and read again it is the same grid. */
#include "base/unicode.h"
#include "fuzz/fuzz.h"
#include "sheet/sheet.h"

static const struct sheet_limits LIMITS = {.rows = 200, .columns = 50, .cell_bytes = 2000, .part_bytes = 1 << 20};

static void round_trip(struct arena *a, const struct csv_table *t)
{
    size_t columns = 1;
    for (size_t i = 0; i < t->n; i++)
        columns = t->v[i].n > columns ? t->v[i].n : columns;
    struct sheet_column *c = arena_array(a, struct sheet_column, columns);
    struct sheet_cell *v = arena_array(a, struct sheet_cell, t->n * columns + 1);
    struct buf out;
    struct sheet_read again;
    struct csv_fault fault;
    const struct sheet_limits more = {.rows = 201, .columns = 50, .cell_bytes = 2000};
    if (!c || !v)
        return;
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->v[i].n; k++)
            v[i * columns + k] = SHEET_T(t->v[i].v[k]);
    struct sheet s = {.name = SV("x"), .columns = c, .n_columns = columns, .cells = v, .n_rows = t->n};
    c[0].title = SV("head");
    buf_init(&out, 8 << 20);
    FUZZ_HOLDS(sheet_xlsx(a, &s, 1, 0, &out) == PW_OK);
    FUZZ_HOLDS(sheet_read(a, buf_sv(&out), &more, &again, &fault) == PW_OK);
    for (size_t i = 0; i < t->n; i++)
        for (size_t k = 0; k < t->v[i].n; k++) {
            struct sv have =
                i + 1 < again.table.n && k < again.table.v[i + 1].n ? again.table.v[i + 1].v[k] : (struct sv){0};
            FUZZ_HOLDS(sv_eq(t->v[i].v[k], have));
        }
    buf_finish(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct sheet_read r;
    struct csv_fault fault;
    if (size > 1 << 16)
        return 0;
    arena_init(&a, 32 << 20);
    enum pw_err e = sheet_read(&a, (struct sv){(const char *)data, size}, &LIMITS, &r, &fault);
    FUZZ_HOLDS(e == PW_OK || e == PW_UNAVAILABLE || (e == PW_INVALID && fault.msgid));
    for (size_t i = 0; e == PW_OK && i < r.table.n; i++) {
        FUZZ_HOLDS(r.table.n <= LIMITS.rows && r.table.v[i].n <= LIMITS.columns);
        for (size_t k = 0; k < r.table.v[i].n; k++) {
            struct sv s = r.table.v[i].v[k];
            double v;
            FUZZ_HOLDS(s.n <= LIMITS.cell_bytes && (!s.n || text_valid(s)));
            (void)sheet_number(s, &v);
        }
    }
    if (e == PW_OK && size % 16 == 0)
        round_trip(&a, &r.table);
    arena_finish(&a);
    return 0;
}
