/* SPDX-License-Identifier: EUPL-1.2 */
/* sheet: the one writer of spreadsheets (CSV, XLSX) and their reader. Out: an explicit list of columns and the cells of
 * each row, nothing else; texts are texts and never formulas, whatever they begin with; no hidden sheet, row or column;
 * no names in the properties of the file; the same table gives the same bytes. In: a grid of texts, from XLSX, CSV,
 * tab-separated text (what is pasted from a spreadsheet), in UTF-8, UTF-16 or Windows-1252.
 *
 * What was written and read again is the same grid; only an empty text comes back as an empty cell. */
#ifndef PW_SHEET_H
#define PW_SHEET_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/csv.h"
#include "base/err.h"

/* ---- out ---- */

enum sheet_kind { SHEET_EMPTY, SHEET_TEXT, SHEET_INT, SHEET_REAL };
struct sheet_cell {
    enum sheet_kind kind;
    struct sv text;
    int64_t i; /* beyond 2^53 it is written as text: a spreadsheet would round it */
    double r;
};
#define SHEET_T(s) ((struct sheet_cell){.kind = SHEET_TEXT, .text = (s)})
#define SHEET_I(n) ((struct sheet_cell){.kind = SHEET_INT, .i = (n)})
struct sheet_column {
    struct sv title;
    int width; /* characters; 0 = 14 */
};
struct sheet {
    struct sv name;                     /* of the tab: cut to what a tab may be called */
    const struct sheet_column *columns; /* the header row */
    size_t n_columns;                   /* 1 … SHEET_COLUMNS_MAX */
    const struct sheet_cell *cells;     /* row by row, n_columns each */
    size_t n_rows;                      /* up to SHEET_ROWS_MAX */
    bool rtl;                           /* the first column stands on the right */
};
enum { SHEET_COLUMNS_MAX = 1000, SHEET_ROWS_MAX = 1000000, SHEET_CELL_CHARS = 32767, SHEET_OUT_MAX = 64 << 20 };

/* One CSV file: UTF-8 with a byte order mark, so that spreadsheet programs read it. Failures stay in `out`. */
void sheet_csv(const struct sheet *s, char sep, struct buf *out);
/* One workbook. made_ms is its date of creation. PW_INVALID: a text that is not UTF-8 or too long for a cell;
 * PW_UNAVAILABLE: no memory. */
PW_MUST_CHECK enum pw_err sheet_xlsx(struct arena *a, const struct sheet *v, size_t n, int64_t made_ms,
                                     struct buf *out);
#define SHEET_XLSX_TYPE SV("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
#define SHEET_CSV_TYPE SV("text/csv; charset=utf-8")

/* ---- in ---- */

struct sheet_limits {
    size_t rows, columns, cell_bytes;
    size_t part_bytes; /* of one part of an XLSX file, unpacked; 0 = 32 MiB */
};
struct sheet_read {
    struct csv_table table;
    bool xlsx;
    size_t formulas;      /* cells whose last computed value was taken */
    size_t hidden_sheets; /* passed over */
    size_t other_sheets;  /* visible ones behind the first: passed over, too */
};
/* Looks at the bytes, not at a name. The first visible sheet of a workbook. Rows may differ in length; empty rows at
 * the end are left out. PW_INVALID tells the row (from 1; 0 = the whole file) and the reason. */
PW_MUST_CHECK enum pw_err sheet_read(struct arena *a, struct sv bytes, const struct sheet_limits *limits,
                                     struct sheet_read *ret, struct csv_fault *ret_fault);

/* A number as people write it: digits of any script, groups by spaces (also no-break ones), apostrophes, comma or
 * point, decimals behind comma or point. One mark with three digits behind it is a group ("1,234"), unless the number
 * begins with 0. False for all else. */
bool sheet_number(struct sv text, double *ret);
bool sheet_whole(struct sv text, int64_t *ret); /* the same, when it is whole and below 2^53 */

#endif
