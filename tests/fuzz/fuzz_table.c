/* SPDX-License-Identifier: EUPL-1.2 */
/* Any grid: read as a table of counts or refused with a reason; the change that is suggested puts all right. */
#include "feature/usage/usage.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct csv_limits limits = {100, 50, 200};
    struct arena a;
    struct csv_table grid;
    struct csv_fault fault;
    struct count_table t;
    struct table_findings f, after;
    struct sv where;
    const char *msgid = NULL;
    if (size > 1 << 14)
        return 0;
    arena_init(&a, 16 << 20);
    enum pw_err e = csv_read(&a, (struct sv){(const char *)data, size}, ',', false, &limits, &grid, &fault);
    if (e == PW_OK) {
        e = table_of_grid(&a, &grid, &t, &where, &msgid);
        FUZZ_HOLDS(e == PW_OK || (e == PW_INVALID && msgid));
    }
    if (e == PW_OK) {
        FUZZ_HOLDS(table_check(&a, &t, &f) == PW_OK);
        FUZZ_HOLDS(!table_right(&f) || !f.candidates);
        if (f.candidates) {
            t.cells[f.row * t.columns + f.column] = f.to;
            FUZZ_HOLDS(table_check(&a, &t, &after) == PW_OK && table_right(&after));
        }
    }
    arena_finish(&a);
    return 0;
}
