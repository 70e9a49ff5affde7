/* SPDX-License-Identifier: EUPL-1.2 */
#include "table_rules.h"

#include "base/unicode.h"
#include "sheet/sheet.h"

bool table_total_name(struct arena *a, struct sv name)
{
    static const char *const names[] = {"total",    "totals", "totaux",       "total general", "grand total",
                                        "somme",    "sum",    "ensemble",     "المجموع",       "مجموع",
                                        "الإجمالي", "إجمالي", "المجموع الكلي"};
    struct sv folded, known;
    if (!name.n || text_fold(a, sv_trim(name), &folded) != PW_OK)
        return false;
    if (sv_ends(folded, SV(":")))
        folded = sv_trim(sv_sub(folded, 0, folded.n - 1));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (text_fold(a, sv_of(names[i]), &known) == PW_OK && sv_eq(folded, known))
            return true;
    return false;
}

static struct sv grid_at(const struct csv_table *g, size_t row, size_t column)
{
    return row < g->n && column < g->v[row].n ? sv_trim(g->v[row].v[column]) : (struct sv){0};
}

struct reading {
    struct arena *a;
    const struct csv_table *g;
    struct count_table *t;
    struct sv where;
    const char *msgid;
};

static bool wrong(struct reading *r, struct sv where, const char *msgid)
{
    r->where = where;
    r->msgid = msgid;
    return false;
}

/* Empty: *ret_given false. */
static bool number_at(struct reading *r, size_t row, size_t column, int64_t *ret, bool *ret_given)
{
    struct sv s = grid_at(r->g, row, column), name = grid_at(r->g, row, 0), head = grid_at(r->g, 0, column);
    *ret_given = s.n > 0;
    *ret = 0;
    if (!s.n || (sheet_whole(s, ret) && *ret <= TABLE_CELL_MAX && *ret >= -TABLE_CELL_MAX))
        return true;
    if (!name.n)
        name = arena_fmt(r->a, "%zu", row + 1);
    if (!head.n)
        head = arena_fmt(r->a, "%zu", column + 1);
    return wrong(r, arena_fmt(r->a, "%.*s, %.*s", SV_ARG(name), SV_ARG(head)),
                 N_("Write a whole number below a million millions, or leave the cell empty."));
}

static bool measure(struct reading *r, size_t *ret_rows, size_t *ret_columns)
{
    size_t columns = 0, rows = r->g->n;
    for (size_t i = 0; i < rows; i++)
        for (size_t k = r->g->v[i].n; k > columns; k--)
            if (grid_at(r->g, i, k - 1).n) {
                columns = k;
                break;
            }
    if (rows < 2 || columns < 2)
        return wrong(r, (struct sv){0},
                     N_("A table needs a row of names, a column of names, and at least one number."));
    if (rows > TABLE_ROWS_MAX + 2)
        return wrong(r, (struct sv){0}, N_("This table has too many rows: at most 500."));
    if (columns > TABLE_COLUMNS_MAX + 2)
        return wrong(r, (struct sv){0}, N_("This table has too many columns: at most 200."));
    *ret_rows = rows;
    *ret_columns = columns;
    return true;
}

static bool read_all(struct reading *r)
{
    size_t rows, columns;
    struct count_table *t = r->t;
    bool given;
    if (!measure(r, &rows, &columns))
        return false;
    bool total_row = rows > 2 && table_total_name(r->a, grid_at(r->g, rows - 1, 0));
    bool total_column = columns > 2 && table_total_name(r->a, grid_at(r->g, 0, columns - 1));
    t->rows = rows - 1 - total_row;
    t->columns = columns - 1 - total_column;
    t->corner = grid_at(r->g, 0, 0);
    t->row_names = arena_array(r->a, struct sv, t->rows);
    t->column_names = arena_array(r->a, struct sv, t->columns);
    t->cells = arena_array(r->a, int64_t, t->rows * t->columns);
    t->row_totals = arena_array(r->a, int64_t, t->rows);
    t->column_totals = arena_array(r->a, int64_t, t->columns);
    t->has_row_total = arena_array(r->a, bool, t->rows);
    t->has_column_total = arena_array(r->a, bool, t->columns);
    if (r->a->oom)
        return false;
    if (total_row)
        t->total_row_name = grid_at(r->g, rows - 1, 0);
    if (total_column)
        t->total_column_name = grid_at(r->g, 0, columns - 1);
    for (size_t k = 0; k < t->columns; k++) {
        t->column_names[k] = grid_at(r->g, 0, k + 1);
        if (!t->column_names[k].n)
            return wrong(r, arena_fmt(r->a, "%zu", k + 2), N_("This column has no name in the first row."));
        if (total_row && !number_at(r, rows - 1, k + 1, &t->column_totals[k], &t->has_column_total[k]))
            return false;
    }
    for (size_t i = 0; i < t->rows; i++) {
        t->row_names[i] = grid_at(r->g, i + 1, 0);
        if (!t->row_names[i].n)
            return wrong(r, arena_fmt(r->a, "%zu", i + 2), N_("This row has no name in the first column."));
        for (size_t k = 0; k < t->columns; k++)
            if (!number_at(r, i + 1, k + 1, &t->cells[i * t->columns + k], &given))
                return false;
        if (total_column && !number_at(r, i + 1, columns - 1, &t->row_totals[i], &t->has_row_total[i]))
            return false;
    }
    return !total_row || !total_column || number_at(r, rows - 1, columns - 1, &t->grand_total, &t->has_grand_total);
}

enum pw_err table_of_grid(struct arena *a, const struct csv_table *grid, struct count_table *ret, struct sv *ret_where,
                          const char **ret_msgid)
{
    struct count_table t = {0};
    struct reading r = {.a = a, .g = grid, .t = &t};
    bool ok = read_all(&r);
    if (a->oom)
        return PW_UNAVAILABLE;
    *ret_where = r.where;
    *ret_msgid = r.msgid;
    if (!ok)
        return PW_INVALID;
    *ret = t;
    return PW_OK;
}

/* ---- the check ---- */

static int64_t row_sum(const struct count_table *t, size_t row)
{
    int64_t n = 0;
    for (size_t k = 0; k < t->columns; k++)
        n += t->cells[row * t->columns + k];
    return n;
}

static int64_t column_sum(const struct count_table *t, size_t column)
{
    int64_t n = 0;
    for (size_t i = 0; i < t->rows; i++)
        n += t->cells[i * t->columns + column];
    return n;
}

static struct table_line line_of(size_t at, int64_t printed, int64_t cells)
{
    return (struct table_line){at, printed, cells, cells - printed};
}

/* Would changing this one cell by -d put every printed total right? d is 0 when nothing printed asks for a change. */
static bool explains(const struct count_table *t, const struct table_findings *f, size_t row, size_t column,
                     int64_t *ret_d)
{
    const bool bound[] = {t->has_row_total[row], t->has_column_total[column], t->has_grand_total};
    const int64_t by[] = {f->n_rows ? f->rows[0].difference : 0, f->n_columns ? f->columns[0].difference : 0,
                          f->grand_wrong ? f->grand.difference : 0};
    int64_t d = 0;
    if (f->n_rows > 1 || f->n_columns > 1 || (f->n_rows && f->rows[0].at != row) ||
        (f->n_columns && f->columns[0].at != column))
        return false;
    for (size_t i = 0; i < 3; i++)
        if (bound[i])
            d = by[i];
    for (size_t i = 0; i < 3; i++)
        if (bound[i] && by[i] != d)
            return false;
    *ret_d = d;
    return d != 0;
}

enum pw_err table_check(struct arena *a, const struct count_table *t, struct table_findings *ret)
{
    struct table_findings f = {0};
    int64_t all = 0;
    f.rows = arena_array(a, struct table_line, t->rows ? t->rows : 1);
    f.columns = arena_array(a, struct table_line, t->columns ? t->columns : 1);
    if (!f.rows || !f.columns)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < t->rows; i++) {
        int64_t sum = row_sum(t, i);
        all += sum;
        if (t->has_row_total[i] && sum != t->row_totals[i])
            f.rows[f.n_rows++] = line_of(i, t->row_totals[i], sum);
    }
    for (size_t k = 0; k < t->columns; k++) {
        int64_t sum = column_sum(t, k);
        if (t->has_column_total[k] && sum != t->column_totals[k])
            f.columns[f.n_columns++] = line_of(k, t->column_totals[k], sum);
    }
    f.grand_wrong = t->has_grand_total && all != t->grand_total;
    f.grand = line_of(0, t->grand_total, all);
    for (size_t i = 0; i < t->rows; i++)
        for (size_t k = 0; k < t->columns; k++) {
            int64_t d = 0, from = t->cells[i * t->columns + k];
            if (!explains(t, &f, i, k, &d) || from - d < 0) /* counts are never negative */
                continue;
            f.candidates++;
            f.row = i;
            f.column = k;
            f.from = from;
            f.to = from - d;
        }
    f.only_a_total = !f.candidates && f.n_rows + f.n_columns + f.grand_wrong == 1;
    *ret = f;
    return PW_OK;
}

bool table_right(const struct table_findings *f)
{
    return !f->n_rows && !f->n_columns && !f->grand_wrong;
}
