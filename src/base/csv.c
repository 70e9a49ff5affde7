/* SPDX-License-Identifier: EUPL-1.2 */
#include "csv.h"

#include <string.h>

#include "unicode.h"

void csv_init(struct csv *c, struct buf *out, char sep, bool bom)
{
    *c = (struct csv){.out = out, .sep = sep == ';' ? ';' : ','};
    if (bom)
        buf_add(out, SV("\xEF\xBB\xBF"));
}

static void next_cell(struct csv *c)
{
    if (c->in_row)
        buf_c(c->out, c->sep);
    c->in_row = true;
}

/* Would a spreadsheet take this cell for more than text? Apostrophes in front are looked through, so that putting one
 * more there can be undone. */
static bool runs(struct sv cell)
{
    static const char *const wide[] = {"\xEF\xBC\x9D", "\xEF\xBC\x8B", "\xEF\xBC\x8D", "\xEF\xBC\xA0"}; /* = + - @ */
    while (sv_starts(cell, SV("'")))
        cell = sv_sub(cell, 1, SIZE_MAX);
    if (cell.n && memchr("=+-@%|\t\r\n", cell.p[0], 9))
        return true;
    for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
        if (sv_starts(cell, sv_of(wide[i])))
            return true;
    return false;
}

static bool needs_quotes(struct sv cell)
{
    for (size_t i = 0; i < cell.n; i++)
        if (memchr("\",;\t\r\n", cell.p[i], 6))
            return true;
    return cell.n && (cell.p[0] == ' ' || cell.p[cell.n - 1] == ' ');
}

void csv_text(struct csv *c, struct sv cell)
{
    bool neutral = runs(cell), quotes = needs_quotes(cell);
    next_cell(c);
    if (quotes)
        buf_c(c->out, '"');
    if (neutral)
        buf_c(c->out, '\'');
    if (!quotes) {
        buf_add(c->out, cell);
        return;
    }
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            buf_c(c->out, '"');
        buf_c(c->out, cell.p[i]);
    }
    buf_c(c->out, '"');
}

void csv_z(struct csv *c, const char *cell)
{
    csv_text(c, sv_of(cell));
}

void csv_int(struct csv *c, int64_t v)
{
    next_cell(c);
    buf_int(c->out, v);
}

void csv_real(struct csv *c, double v)
{
    next_cell(c);
    buf_fmt(c->out, "%.15g", v);
}

void csv_empty(struct csv *c)
{
    next_cell(c);
}

void csv_end_row(struct csv *c)
{
    buf_add(c->out, SV("\r\n"));
    c->in_row = false;
}

/* ---- reading ---- */

struct reader {
    struct arena *a;
    struct sv text;
    size_t at, line;
    char sep;
    size_t cell_bytes;
    const char *msgid;
};

/* What stands in the way of the end of a cell: -1 the end of the text. */
static int peek(const struct reader *r)
{
    return r->at < r->text.n ? (unsigned char)r->text.p[r->at] : -1;
}

static bool at_row_end(const struct reader *r)
{
    int c = peek(r);
    return c == -1 || c == '\n' || (c == '\r' && r->at + 1 < r->text.n && r->text.p[r->at + 1] == '\n');
}

static void skip_row_end(struct reader *r)
{
    if (peek(r) == '\r')
        r->at++;
    if (peek(r) == '\n')
        r->at++;
    r->line++;
}

static bool wrong(struct reader *r, const char *msgid)
{
    r->msgid = msgid;
    return false;
}

/* The cells of the file are copied at most once: a quoted cell into its own memory, an open one stays where it is. */
static bool quoted_cell(struct reader *r, struct sv *ret)
{
    size_t from = ++r->at, n = 0, doubled = 0;
    for (;; r->at++) {
        int c = peek(r);
        if (c == -1)
            return wrong(r, N_("A quotation mark is never closed."));
        if (c == '\n')
            r->line++;
        if (c != '"')
            continue;
        if (r->at + 1 < r->text.n && r->text.p[r->at + 1] == '"') {
            doubled++;
            r->at++;
            continue;
        }
        break;
    }
    struct sv raw = sv_sub(r->text, from, r->at - from);
    r->at++;
    if (!at_row_end(r) && peek(r) != r->sep)
        return wrong(r, N_("There is text behind a closing quotation mark."));
    if (doubled == 0) {
        *ret = raw;
        return true;
    }
    char *p = arena_alloc(r->a, raw.n - doubled + 1, 1);
    if (!p)
        return wrong(r, N_("This file is too large."));
    for (size_t i = 0; i < raw.n; i++) {
        p[n++] = raw.p[i];
        if (raw.p[i] == '"')
            i++;
    }
    *ret = (struct sv){p, n};
    return true;
}

static bool open_cell(struct reader *r, struct sv *ret)
{
    size_t from = r->at;
    while (!at_row_end(r) && peek(r) != r->sep) {
        if (peek(r) == '"')
            return wrong(r, N_("A quotation mark stands inside a cell that is not quoted."));
        if (peek(r) == '\r')
            return wrong(r, N_("A line end is neither LF nor CR LF."));
        r->at++;
    }
    *ret = sv_sub(r->text, from, r->at - from);
    return true;
}

static bool read_row(struct reader *r, size_t columns, bool neutralised, struct sv *cells, size_t *ret_n)
{
    size_t n = 0;
    for (;;) {
        struct sv cell;
        if (n == columns)
            return wrong(r, N_("This row has too many columns."));
        if (!(peek(r) == '"' ? quoted_cell(r, &cell) : open_cell(r, &cell)))
            return false;
        if (cell.n > r->cell_bytes)
            return wrong(r, N_("A cell is too long."));
        if (neutralised && sv_starts(cell, SV("'")) && runs(cell))
            cell = sv_sub(cell, 1, SIZE_MAX);
        cells[n++] = cell;
        if (at_row_end(r))
            break;
        r->at++; /* the separator */
    }
    *ret_n = n;
    return true;
}

/* An upper bound: line ends inside quotes count as well. */
static size_t lines_of(struct sv text)
{
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    return n;
}

enum pw_err csv_read(struct arena *a, struct sv bytes, char sep, bool neutralised, const struct csv_limits *limits,
                     struct csv_table *ret_table, struct csv_fault *ret_fault)
{
    struct reader r = {.a = a, .line = 1, .sep = sep, .cell_bytes = limits->cell_bytes};
    struct csv_table t = {0};
    *ret_fault = (struct csv_fault){0};
    if (sv_starts(bytes, SV("\xEF\xBB\xBF")))
        bytes = sv_sub(bytes, 3, SIZE_MAX);
    r.text = arena_sv(a, bytes);
    if (bytes.n && !text_valid(bytes)) {
        r.msgid = bytes.n > TEXT_MAX ? N_("This file is too large.") : N_("This file is not UTF-8 text.");
        goto invalid;
    }
    size_t room = lines_of(bytes);
    room = room < limits->rows ? room : limits->rows;
    t.v = arena_array(a, struct csv_row, room ? room : 1);
    struct sv *cells = arena_array(a, struct sv, limits->columns ? limits->columns : 1);
    if (!t.v || !cells || a->oom)
        return PW_UNAVAILABLE;
    while (r.at < r.text.n) {
        size_t line = r.line, n = 0;
        if (t.n == room) {
            r.msgid = N_("This file has too many rows.");
            goto invalid;
        }
        if (!read_row(&r, limits->columns, neutralised, cells, &n))
            goto invalid;
        struct sv *own = arena_array(a, struct sv, n);
        if (!own)
            return PW_UNAVAILABLE;
        memcpy(own, cells, n * sizeof *own);
        t.v[t.n++] = (struct csv_row){n, line, own};
        skip_row_end(&r);
    }
    *ret_table = t;
    return PW_OK;
invalid:
    *ret_fault = (struct csv_fault){r.line, r.msgid};
    return PW_INVALID;
}
