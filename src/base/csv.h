/* SPDX-License-Identifier: EUPL-1.2 */
/* csv: the only writer and reader of comma-separated files (RFC 4180, UTF-8, CR LF line ends).
 * A spreadsheet must never run what a person typed: a text cell that starts with = + - @ % | TAB CR or LF (or the wide
 * forms of = + - @), also behind apostrophes, gets one apostrophe in front. The reader takes exactly that one off again
 * (csv_read with `neutralised`), so an export read back is the same text. Numbers go through csv_int and stay numbers.
 */
#ifndef PW_CSV_H
#define PW_CSV_H

#include "arena.h"
#include "buf.h"
#include "err.h"

struct csv {
    struct buf *out;
    char sep; /* ',' or ';' */
    bool in_row;
};

/* bom: a byte order mark first, so that spreadsheet programs read UTF-8. Failures stay in `out` (buf_ok). */
void csv_init(struct csv *c, struct buf *out, char sep, bool bom);
void csv_text(struct csv *c, struct sv cell);
void csv_z(struct csv *c, const char *cell);
void csv_int(struct csv *c, int64_t v);
void csv_real(struct csv *c, double v); /* finite; with a decimal point */
void csv_empty(struct csv *c);
void csv_end_row(struct csv *c);

struct csv_row {
    size_t n, line; /* line where the row starts, from 1 */
    struct sv *v;
};
struct csv_table {
    size_t n;
    struct csv_row *v;
};
struct csv_limits {
    size_t rows, columns, cell_bytes;
};
/* Strict: UTF-8 (a byte order mark is skipped), a quote only at the start of a cell or doubled inside a quoted one,
 * text behind a closing quote refused; LF or CR LF ends a row. PW_INVALID tells line and reason; cells live in the
 * arena. */
struct csv_fault {
    size_t line;
    const char *msgid;
};
PW_MUST_CHECK enum pw_err csv_read(struct arena *a, struct sv bytes, char sep, bool neutralised,
                                   const struct csv_limits *limits, struct csv_table *ret_table,
                                   struct csv_fault *ret_fault);

#endif
