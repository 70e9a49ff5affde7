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

/* What a cell says: spaces that are copied along from pages say nothing. */
static struct sv words_at(const struct csv_table *g, size_t row, size_t column)
{
    static const char *const blanks[] = {"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x8B", "\xEF\xBB\xBF"};
    struct sv s = row < g->n && column < g->v[row].n ? sv_trim(g->v[row].v[column]) : (struct sv){0};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++) {
        struct sv b = sv_of(blanks[i]);
        while (sv_starts(s, b))
            s = sv_trim(sv_sub(s, b.n, s.n));
        while (sv_ends(s, b))
            s = sv_trim(sv_sub(s, 0, s.n - b.n));
    }
    return s;
}

struct reading {
    struct arena *a;
    const struct csv_table *g;
    size_t *row, *column; /* places in the grid that belong to the table, the names first */
    size_t rows, columns;
    size_t total_row, total_column; /* 0 = none */
    struct count_table *t;
    struct sv where;
    const char *msgid;
};

static struct sv cell_at(const struct reading *r, size_t row, size_t column)
{
    return words_at(r->g, r->row[row], r->column[column]);
}

static bool wrong(struct reading *r, struct sv where, const char *msgid)
{
    r->where = where;
    r->msgid = msgid;
    return false;
}

static struct sv number_of(struct reading *r, size_t n)
{
    return arena_fmt(r->a, "%zu", n);
}

/* ---- where the table is: titles above it, notes below it, empty rows and columns are no part of it ---- */

static size_t count_words(const struct csv_table *g, size_t row, size_t *ret_first)
{
    size_t n = 0;
    for (size_t k = g->v[row].n; k-- > 0;)
        if (words_at(g, row, k).n) {
            *ret_first = k;
            n++;
        }
    return n;
}

static void use_columns(struct reading *r, size_t from, size_t to)
{
    size_t widest = 0;
    for (size_t i = from; i < to; i++)
        widest = r->g->v[i].n > widest ? r->g->v[i].n : widest;
    r->column = arena_array(r->a, size_t, widest + 1);
    r->columns = 0;
    for (size_t k = 0; r->column && k < widest; k++)
        for (size_t i = from; i < to; i++)
            if (words_at(r->g, i, k).n) {
                r->column[r->columns++] = k;
                break;
            }
}

/* A line of one cell above the names of the columns. */
static bool is_title(const struct reading *r, size_t row)
{
    size_t first = 0, n = count_words(r->g, row, &first);
    return n == 0 || (n == 1 && first == r->column[0]);
}

/* A line of one text below the table: a source, a remark. */
static bool is_note(const struct reading *r, size_t row)
{
    size_t first = 0, n = count_words(r->g, row, &first);
    double v;
    return n == 0 || (n == 1 && !sheet_number(words_at(r->g, row, first), &v));
}

static bool find_table(struct reading *r)
{
    size_t from = 0, to = r->g->n, first;
    while (to > 0 && is_note(r, to - 1))
        to--;
    use_columns(r, 0, to);
    while (r->column && from < to && is_title(r, from))
        use_columns(r, ++from, to);
    r->row = arena_array(r->a, size_t, to + 1);
    if (!r->row || !r->column)
        return false;
    for (size_t i = from; i < to; i++)
        if (count_words(r->g, i, &first))
            r->row[r->rows++] = i;
    if (r->rows < 2 || r->columns < 2)
        return wrong(r, (struct sv){0},
                     N_("A table needs a row of names, a column of names, and at least one number."));
    if (r->rows > TABLE_ROWS_MAX + 2)
        return wrong(r, (struct sv){0}, N_("This table has too many rows: at most 500."));
    if (r->columns > TABLE_COLUMNS_MAX + 2)
        return wrong(r, (struct sv){0}, N_("This table has too many columns: at most 200."));
    return true;
}

/* First or last; sums of parts in between would be counted twice. */
static bool find_total(struct reading *r, bool row, size_t n, size_t *ret)
{
    for (size_t i = 1; n > 2 && i < n; i++) {
        struct sv name = row ? cell_at(r, i, 0) : cell_at(r, 0, i);
        if (!table_total_name(r->a, name))
            continue;
        if (*ret || (i != 1 && i != n - 1))
            return wrong(
                r, name,
                row ? N_("A row of totals stands among the others. Put one row of totals last, and leave out "
                         "sums of parts.")
                    : N_("A column of totals stands among the others. Put one column of totals last, and leave "
                         "out sums of parts."));
        *ret = i;
    }
    return true;
}

/* ---- numbers ---- */

/* Empty: *ret_given false. */
static bool number_at(struct reading *r, size_t row, size_t column, int64_t *ret, bool *ret_given)
{
    struct sv s = cell_at(r, row, column), name = cell_at(r, row, 0), head = cell_at(r, 0, column);
    *ret_given = s.n > 0;
    *ret = 0;
    if (!s.n || (sheet_whole(s, ret) && *ret <= TABLE_CELL_MAX && *ret >= -TABLE_CELL_MAX))
        return true;
    if (!name.n)
        name = number_of(r, r->g->v[r->row[row]].line);
    if (!head.n)
        head = number_of(r, r->column[column] + 1);
    return wrong(r, arena_fmt(r->a, "%.*s, %.*s (%.*s)", SV_ARG(name), SV_ARG(head), SV_ARG(s)),
                 N_("Write a whole number below a million millions, or leave the cell empty."));
}

static bool make_room(struct reading *r)
{
    struct count_table *t = r->t;
    t->rows = r->rows - 1 - (r->total_row > 0);
    t->columns = r->columns - 1 - (r->total_column > 0);
    t->corner = cell_at(r, 0, 0);
    t->row_names = arena_array(r->a, struct sv, t->rows);
    t->column_names = arena_array(r->a, struct sv, t->columns);
    t->cells = arena_array(r->a, int64_t, t->rows * t->columns);
    t->row_totals = arena_array(r->a, int64_t, t->rows);
    t->column_totals = arena_array(r->a, int64_t, t->columns);
    t->has_row_total = arena_array(r->a, bool, t->rows);
    t->has_column_total = arena_array(r->a, bool, t->columns);
    if (r->total_row)
        t->total_row_name = cell_at(r, r->total_row, 0);
    if (r->total_column)
        t->total_column_name = cell_at(r, 0, r->total_column);
    return !r->a->oom;
}

static bool read_heads(struct reading *r)
{
    struct count_table *t = r->t;
    for (size_t k = 1, n = 0; k < r->columns; k++) {
        if (k == r->total_column)
            continue;
        t->column_names[n] = cell_at(r, 0, k);
        if (!t->column_names[n].n)
            return wrong(r, number_of(r, r->column[k] + 1), N_("This column has no name in the first row."));
        if (r->total_row && !number_at(r, r->total_row, k, &t->column_totals[n], &t->has_column_total[n]))
            return false;
        n++;
    }
    return true;
}

static bool read_row(struct reading *r, size_t row, size_t to)
{
    struct count_table *t = r->t;
    bool given;
    t->row_names[to] = cell_at(r, row, 0);
    if (!t->row_names[to].n)
        return wrong(r, number_of(r, r->g->v[r->row[row]].line), N_("This row has no name in the first column."));
    for (size_t k = 1, n = 0; k < r->columns; k++)
        if (k != r->total_column && !number_at(r, row, k, &t->cells[to * t->columns + n++], &given))
            return false;
    return !r->total_column || number_at(r, row, r->total_column, &t->row_totals[to], &t->has_row_total[to]);
}

static bool read_all(struct reading *r)
{
    struct count_table *t = r->t;
    if (!find_table(r))
        return false;
    if (!find_total(r, true, r->rows, &r->total_row) || !find_total(r, false, r->columns, &r->total_column) ||
        !make_room(r) || !read_heads(r))
        return false;
    for (size_t i = 1, n = 0; i < r->rows; i++)
        if (i != r->total_row && !read_row(r, i, n++))
            return false;
    return !r->total_row || !r->total_column ||
           number_at(r, r->total_row, r->total_column, &t->grand_total, &t->has_grand_total);
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
