/* SPDX-License-Identifier: EUPL-1.2 */
/* `passerelle compute table-check`: a table with printed totals in (CSV, or a workbook), what does not add up out as
 * one line of JSON (EVAL-3, A-54), by the very rules the product uses on import. */
#include <jansson.h>
#include <stdio.h>

#include "base/buf.h"
#include "feature/usage/usage.h"
#include "main/commands.h"
#include "sheet/sheet.h"

enum { BYTES_MAX = 4 << 20, ARENA_MAX = 64 << 20 };

static json_t *name_json(struct sv s)
{
    return json_stringn_nocheck(s.p ? s.p : "", s.n);
}

static json_t *line_json(const struct table_line *l)
{
    return json_pack("{s:I,s:I,s:I}", "printed", (json_int_t)l->printed, "cells", (json_int_t)l->cells, "difference",
                     (json_int_t)l->difference);
}

static json_t *lines_json(const struct table_line *v, size_t n, const struct sv *names)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++) {
        json_t *one = json_pack("{s:o}", "name", name_json(names[v[i].at])), *numbers = line_json(&v[i]);
        json_object_update(one, numbers);
        json_decref(numbers);
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *error_json(struct sv field, const char *message)
{
    return json_pack("{s:{s:o,s:s}}", "error", "field", name_json(field.n ? field : SV("$")), "message", message);
}

static json_t *answer(struct arena *a, struct sv bytes)
{
    const struct sheet_limits limits = {
        .rows = TABLE_ROWS_MAX + 2, .columns = TABLE_COLUMNS_MAX + 2, .cell_bytes = 1000};
    struct sheet_read in;
    struct csv_fault fault;
    struct count_table t;
    struct table_findings f;
    struct sv where = {0};
    const char *why = "There is no memory for this table.";
    enum pw_err e = sheet_read(a, bytes, &limits, &in, &fault);
    if (e == PW_INVALID)
        return error_json(fault.line ? arena_fmt(a, "row %zu", fault.line) : (struct sv){0}, fault.msgid);
    if (e == PW_OK)
        e = table_of_grid(a, &in.table, &t, &where, &why);
    if (e == PW_OK)
        e = table_check(a, &t, &f);
    if (e != PW_OK)
        return error_json(where, why);
    if (!t.total_row_name.n && !t.total_column_name.n)
        return error_json((struct sv){0}, "This table prints no totals: call its last row or its last column Total.");
    json_t *suggestion = f.candidates != 1 ? json_null()
                                           : json_pack("{s:o,s:o,s:I,s:I}", "row", name_json(t.row_names[f.row]),
                                                       "column", name_json(t.column_names[f.column]), "from",
                                                       (json_int_t)f.from, "to", (json_int_t)f.to);
    return json_pack("{s:o,s:o,s:o,s:o}", "rows", lines_json(f.rows, f.n_rows, t.row_names), "columns",
                     lines_json(f.columns, f.n_columns, t.column_names), "grand_total",
                     f.grand_wrong ? line_json(&f.grand) : json_null(), "suggestion", suggestion);
}

static bool read_all(FILE *in, struct buf *out)
{
    char piece[16 * 1024];
    size_t n;
    while (buf_ok(out) && (n = fread(piece, 1, sizeof piece, in)) > 0)
        buf_add(out, (struct sv){piece, n});
    return !ferror(in);
}

int cmd_compute_table(FILE *in, FILE *out)
{
    struct buf bytes;
    struct arena a;
    buf_init(&bytes, BYTES_MAX);
    arena_init(&a, ARENA_MAX);
    bool read = read_all(in, &bytes);
    json_t *v = buf_ok(&bytes) ? answer(&a, buf_sv(&bytes))
                               : error_json((struct sv){0}, "This file is too large: at most 4 MiB.");
    if (v && read) {
        json_dumpf(v, out, JSON_COMPACT);
        fputc('\n', out);
    }
    bool bad = !v || !read;
    json_decref(v);
    arena_finish(&a);
    buf_finish(&bytes);
    return bad || fflush(out) != 0;
}
