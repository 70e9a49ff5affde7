/* SPDX-License-Identifier: EUPL-1.2 */
#include "sheet_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/unicode.h"

enum { WHOLE_MAX_BITS = 53, WIDTH = 14 };

static bool fits_number(int64_t i)
{
    return i <= (INT64_C(1) << WHOLE_MAX_BITS) && i >= -(INT64_C(1) << WHOLE_MAX_BITS);
}

/* ---- CSV ---- */

void sheet_csv(const struct sheet *s, char sep, struct buf *out)
{
    struct csv c;
    csv_init(&c, out, sep, true);
    for (size_t i = 0; i < s->n_columns; i++)
        csv_text(&c, s->columns[i].title);
    csv_end_row(&c);
    for (size_t r = 0; r < s->n_rows; r++) {
        for (size_t i = 0; i < s->n_columns; i++) {
            const struct sheet_cell *x = &s->cells[r * s->n_columns + i];
            switch (x->kind) {
            case SHEET_EMPTY:
                csv_empty(&c);
                break;
            case SHEET_TEXT:
                csv_text(&c, x->text);
                break;
            case SHEET_INT:
                csv_int(&c, x->i);
                break;
            case SHEET_REAL:
                csv_real(&c, x->r);
                break;
            }
        }
        csv_end_row(&c);
    }
}

/* ---- XLSX ---- */

int32_t sheet_escape_at(struct sv s, size_t at)
{
    int32_t c = 0;
    if (at + 7 > s.n || s.p[at] != '_' || s.p[at + 1] != 'x' || s.p[at + 6] != '_')
        return -1;
    for (size_t i = at + 2; i < at + 6; i++) {
        char d = s.p[i];
        int v = d >= '0' && d <= '9'   ? d - '0'
                : d >= 'A' && d <= 'F' ? d - 'A' + 10
                : d >= 'a' && d <= 'f' ? d - 'a' + 10
                                       : -1;
        if (v < 0)
            return -1;
        c = c * 16 + v;
    }
    return c;
}

/* What XML cannot hold, and what would be read as an escape, in the words of the format: _x000D_, _x005F_x0041_. */
static const char *cell_text(struct arena *a, struct sv s)
{
    struct buf out;
    buf_init(&out, s.n * 7 + 1);
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        bool not_char = c == 0xEF && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0xBF &&
                        ((unsigned char)s.p[i + 2] & 0xFE) == 0xBE; /* U+FFFE, U+FFFF */
        if (c == '_' && sheet_escape_at(s, i) >= 0) {
            buf_z(&out, "_x005F_");
        } else if (c < 0x20 && c != '\t' && c != '\n') {
            buf_fmt(&out, "_x%04X_", c);
        } else if (not_char) {
            buf_fmt(&out, "_xFFF%c_", (unsigned char)s.p[i + 2] == 0xBE ? 'E' : 'F');
            i += 2;
        } else {
            buf_c(&out, (char)c);
        }
    }
    const char *z = buf_ok(&out) ? arena_z(a, buf_sv(&out)) : NULL;
    buf_finish(&out);
    return z;
}

/* A tab's name: at most 31 characters, none of []:*?/\ and no apostrophe at its ends; names are unique. */
static const char *tab_name(struct arena *a, struct sv name, size_t at)
{
    enum { TAB_MAX = 24 };
    char *z = arena_z(a, text_cut(a, name, TAB_MAX));
    for (char *p = z; *p; p++) {
        if (strchr("[]:*?/\\'", *p) || (unsigned char)*p < 0x20)
            *p = ' ';
        if (memcmp(p, "\xEF\xBF\xBE", strnlen(p, 3)) == 0 || memcmp(p, "\xEF\xBF\xBF", strnlen(p, 3)) == 0)
            memset(p, ' ', strnlen(p, 3));
    }
    struct sv trimmed = sv_trim(sv_of(z));
    return arena_z(a, at ? arena_fmt(a, "%.*s %zu", SV_ARG(trimmed), at + 1) : trimmed.n ? trimmed : SV("1"));
}

static enum pw_err write_text(struct arena *a, lxw_worksheet *w, size_t row, size_t col, struct sv s, lxw_format *f)
{
    if (s.n && (!text_valid(s) || text_count(s) > SHEET_CELL_CHARS))
        return PW_INVALID;
    const char *z = cell_text(a, s);
    if (!z)
        return PW_UNAVAILABLE;
    lxw_error e = worksheet_write_string(w, (lxw_row_t)row, (lxw_col_t)col, z, f);
    return e == LXW_NO_ERROR ? PW_OK : e == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED ? PW_INVALID : PW_UNAVAILABLE;
}

static enum pw_err write_cell(struct arena *a, lxw_worksheet *w, size_t row, size_t col, const struct sheet_cell *x)
{
    char digits[24];
    switch (x->kind) {
    case SHEET_EMPTY:
        return PW_OK;
    case SHEET_TEXT:
        return write_text(a, w, row, col, x->text, NULL);
    case SHEET_INT:
        if (!fits_number(x->i)) {
            (void)snprintf(digits, sizeof digits, "%lld", (long long)x->i);
            return write_text(a, w, row, col, sv_of(digits), NULL);
        }
        return worksheet_write_number(w, (lxw_row_t)row, (lxw_col_t)col, (double)x->i, NULL) == LXW_NO_ERROR
                   ? PW_OK
                   : PW_UNAVAILABLE;
    case SHEET_REAL:
        return worksheet_write_number(w, (lxw_row_t)row, (lxw_col_t)col, x->r, NULL) == LXW_NO_ERROR ? PW_OK
                                                                                                     : PW_UNAVAILABLE;
    }
    return PW_INTERNAL;
}

static enum pw_err write_sheet(struct arena *a, lxw_workbook *book, const struct sheet *s, size_t at, lxw_format *head)
{
    if (!s->n_columns || s->n_columns > SHEET_COLUMNS_MAX || s->n_rows > SHEET_ROWS_MAX)
        return PW_INVALID;
    lxw_worksheet *w = workbook_add_worksheet(book, tab_name(a, s->name, at));
    if (!w)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < s->n_columns; i++) {
        double width = s->columns[i].width > 0 ? s->columns[i].width : WIDTH;
        worksheet_set_column(w, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
        PW_TRY(write_text(a, w, 0, i, s->columns[i].title, head));
    }
    for (size_t r = 0; r < s->n_rows; r++)
        for (size_t i = 0; i < s->n_columns; i++)
            PW_TRY(write_cell(a, w, r + 1, i, &s->cells[r * s->n_columns + i]));
    worksheet_freeze_panes(w, 1, 0);
    worksheet_set_landscape(w);
    worksheet_set_paper(w, 1); /* letter */
    worksheet_fit_to_pages(w, 1, 0);
    if (s->rtl)
        worksheet_right_to_left(w);
    return PW_OK;
}

static enum pw_err read_back(int fd, struct buf *out)
{
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > SHEET_OUT_MAX)
        return PW_UNAVAILABLE;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        return PW_UNAVAILABLE;
    buf_add(out, (struct sv){p, (size_t)st.st_size});
    (void)munmap(p, (size_t)st.st_size);
    return buf_ok(out) ? PW_OK : PW_UNAVAILABLE;
}

/* The library writes to a name; this one is memory, and so are its parts where the system has a folder of memory: what
 * is exported does not lie on the disk. */
enum pw_err sheet_xlsx(struct arena *a, const struct sheet *v, size_t n, int64_t made_ms, struct buf *out)
{
    char memory[] = "/dev/shm";
    int fd = memfd_create("sheet", MFD_CLOEXEC);
    if (fd < 0)
        return PW_UNAVAILABLE;
    char name[32];
    (void)snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    lxw_workbook_options options = {.tmpdir = access(memory, W_OK) == 0 ? memory : NULL};
    lxw_workbook *book = workbook_new_opt(name, &options);
    enum pw_err e = book ? PW_OK : PW_UNAVAILABLE;
    if (e == PW_OK) {
        lxw_format *head = workbook_add_format(book);
        format_set_bold(head);
        format_set_text_wrap(head);
        lxw_doc_properties about = {.created = (time_t)(made_ms / 1000)};
        workbook_set_properties(book, &about); /* no author, no company */
        for (size_t i = 0; e == PW_OK && i < n; i++)
            e = write_sheet(a, book, &v[i], i, head);
        lxw_error closed = workbook_close(book); /* frees it, too */
        if (e == PW_OK && closed != LXW_NO_ERROR)
            e = PW_UNAVAILABLE;
    }
    if (e == PW_OK)
        e = read_back(fd, out);
    (void)close(fd);
    return e;
}
