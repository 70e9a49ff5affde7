/* SPDX-License-Identifier: EUPL-1.2 */
/* table_rules: does a table with printed totals add up (EVAL-3, A-54)? Pure: no SQL, no HTTP, no clock. */
#ifndef PW_TABLE_RULES_H
#define PW_TABLE_RULES_H

#include "base/csv.h"

enum { TABLE_ROWS_MAX = 500, TABLE_COLUMNS_MAX = 200 };
#define TABLE_CELL_MAX INT64_C(1000000000000)

/* A table of whole numbers: names of rows and columns, the cells, and the totals that are printed. */
struct count_table {
    size_t rows, columns;
    struct sv *row_names, *column_names;
    int64_t *cells; /* rows * columns */
    /* Printed totals; has_… says whether one stands there. */
    int64_t *row_totals, *column_totals, grand_total;
    bool *has_row_total, *has_column_total, has_grand_total;
    struct sv corner, total_row_name, total_column_name; /* as printed */
};
/* From a grid of texts: names in the first row and the first column; the last (or first) column and row are totals when
 * they are called so (Total, Somme, المجموع …). Titles above, notes below the totals, empty rows and columns are left
 * out; empty cells are 0. PW_INVALID: ret_where is "Referrals, Sep (many)", a number, or empty (the whole table),
 * ret_msgid the reason. PW_UNAVAILABLE: no memory. */
PW_MUST_CHECK enum pw_err table_of_grid(struct arena *a, const struct csv_table *grid, struct count_table *ret,
                                        struct sv *ret_where, const char **ret_msgid);

struct table_line { /* a row or a column whose printed total is not the sum of its cells */
    size_t at;
    int64_t printed, cells, difference; /* difference = cells - printed */
};
struct table_findings {
    struct table_line *rows, *columns;
    size_t n_rows, n_columns;
    bool grand_wrong;
    struct table_line grand;
    /* Cells of which a single change would put all right. Exactly one: it is the suggestion. */
    size_t candidates;
    size_t row, column;
    int64_t from, to;
    /* A single printed total is the only thing wrong: it, and not a cell, is likely the error. */
    bool only_a_total;
};
PW_MUST_CHECK enum pw_err table_check(struct arena *a, const struct count_table *t, struct table_findings *ret);
bool table_right(const struct table_findings *f);

/* Is this the name of a column or row of totals? */
bool table_total_name(struct arena *a, struct sv name);

#endif
