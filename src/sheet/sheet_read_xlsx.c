/* SPDX-License-Identifier: EUPL-1.2 */
/* A workbook's first visible sheet as texts. The file is foreign: it is unpacked in pieces with a limit on what comes
 * out, a document type (entities) ends the reading, nothing outside the file is ever looked at. Spreadsheet programs
 * write empty cells with a colour to the end of the sheet: only cells with words in them are a row or a column. */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/civil.h"
#include "base/unicode.h"
#include "sheet_parts.h"

enum {
    PART_BYTES = 32 << 20,
    SCRATCH_BYTES = 64 << 20,
    ENTRIES_MAX = 2000,
    PIECE = 16 * 1024,
    STYLES_MAX = 4096,
    FORMATS_MAX = 512
};

struct rel {
    struct sv id, target;
    bool strings, styles;
    struct rel *next;
};
struct format {
    int64_t id;
    bool date;
};
struct texts { /* a growing list of texts */
    struct sv *v;
    size_t n, size;
};
struct reading {
    struct arena *a;
    zip_t *zip;
    const struct sheet_limits *limits;
    struct sheet_read *out;
    const char *msgid; /* the first thing wrong */
    size_t line;       /* … and the row it is in */
    bool memory;       /* … or the arena is full */
    xmlParserCtxtPtr parser;
    /* workbook.xml */
    struct rel *rels;
    struct sv sheet_rel;
    bool date1904;
    /* styles.xml */
    struct format formats[FORMATS_MAX];
    size_t n_formats;
    bool date_style[STYLES_MAX];
    size_t n_styles;
    bool in_cell_xfs;
    /* sharedStrings.xml */
    struct texts strings;
    /* the text being read */
    struct buf text;
    bool take, phonetic;
    /* the sheet */
    struct texts cells; /* of the row that is open */
    size_t row, column; /* from 1; 0 = none yet */
    char type;          /* of the cell: s, i(nline), t(ext), n, b, e */
    int64_t style;
    bool in_value, formula;
    struct csv_row *rows;
    size_t rows_size;
};

static void fail(struct reading *r, const char *msgid)
{
    if (!r->msgid && !r->memory) {
        r->msgid = msgid;
        r->line = r->row;
    }
    if (r->parser)
        xmlStopParser(r->parser);
}

static void no_memory(struct reading *r)
{
    r->memory = true;
    if (r->parser)
        xmlStopParser(r->parser);
}

static bool ended(const struct reading *r)
{
    return r->msgid || r->memory;
}

/* ---- small things of SAX ---- */

static struct sv attribute(int n, const xmlChar **v, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp((const char *)v[i * 5], name) == 0)
            return (struct sv){(const char *)v[i * 5 + 3], (size_t)(v[i * 5 + 4] - v[i * 5 + 3])};
    return (struct sv){0};
}

static bool is(const xmlChar *name, const char *what)
{
    return strcmp((const char *)name, what) == 0;
}

static bool truth(struct sv s)
{
    return sv_eq_z(s, "1") || sv_eq_z(s, "true");
}

static void push_text(struct reading *r, struct texts *t, struct sv s, size_t max)
{
    if (t->n == t->size) {
        size_t size = t->size ? t->size * 2 : 64;
        struct sv *v = t->n < max ? arena_array(r->a, struct sv, size) : NULL;
        if (!v) {
            no_memory(r);
            return;
        }
        if (t->n)
            memcpy(v, t->v, t->n * sizeof *v);
        t->v = v;
        t->size = size;
    }
    t->v[t->n++] = s;
}

/* ---- parts of the file ---- */

static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id, const xmlChar *system_id)
{
    (void)name, (void)public_id, (void)system_id;
    fail(self, N_("This workbook is not one that can be read."));
}

static void on_characters(void *self, const xmlChar *text, int n)
{
    struct reading *r = self;
    if (!r->take || r->phonetic)
        return;
    buf_add(&r->text, (struct sv){(const char *)text, (size_t)n});
    if (!buf_ok(&r->text))
        fail(r, N_("A cell is too long."));
}

typedef void (*start_fn)(void *, const xmlChar *, const xmlChar *, const xmlChar *, int, const xmlChar **, int, int,
                         const xmlChar **);
typedef void (*end_fn)(void *, const xmlChar *, const xmlChar *, const xmlChar *);

/* False when the part is missing. */
static bool read_part(struct reading *r, struct sv name, start_fn start, end_fn end)
{
    zip_stat_t st;
    const char *z = arena_z(r->a, name);
    size_t most = r->limits->part_bytes ? r->limits->part_bytes : PART_BYTES, total = 0;
    zip_file_t *f = zip_stat(r->zip, z, 0, &st) == 0 ? zip_fopen(r->zip, z, 0) : NULL;
    if (!f)
        return false;
    xmlSAXHandler sax = {.initialized = XML_SAX2_MAGIC,
                         .startElementNs = start,
                         .endElementNs = end,
                         .characters = on_characters,
                         .ignorableWhitespace = on_characters,
                         .cdataBlock = on_characters,
                         .internalSubset = on_doctype};
    r->parser = xmlCreatePushParserCtxt(&sax, r, NULL, 0, NULL);
    if (!r->parser) {
        no_memory(r);
    } else {
        xmlCtxtUseOptions(r->parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        char piece[PIECE];
        zip_int64_t n = 0;
        bool sound = true;
        while (!ended(r) && sound && (n = zip_fread(f, piece, sizeof piece)) > 0) {
            total += (size_t)n;
            if (total > most)
                fail(r, N_("This file is too large."));
            else
                sound = xmlParseChunk(r->parser, piece, (int)n, 0) == 0;
        }
        if (!ended(r) && sound && n == 0)
            sound = xmlParseChunk(r->parser, NULL, 0, 1) == 0;
        if (!ended(r) && (!sound || n < 0))
            fail(r, N_("This workbook is damaged."));
        xmlParserCtxtPtr p = r->parser;
        r->parser = NULL;
        if (p->myDoc)
            xmlFreeDoc(p->myDoc);
        xmlFreeParserCtxt(p);
    }
    (void)zip_fclose(f);
    return true;
}

/* ---- workbook.xml and its relations ---- */

static void book_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                       const xmlChar **ns, int n, int n_default, const xmlChar **v)
{
    struct reading *r = self;
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    if (is(name, "workbookPr"))
        r->date1904 = truth(attribute(n, v, "date1904"));
    if (!is(name, "sheet"))
        return;
    struct sv state = attribute(n, v, "state"), id = attribute(n, v, "id");
    if (state.n && !sv_eq_z(state, "visible"))
        r->out->hidden_sheets++;
    else if (r->sheet_rel.n)
        r->out->other_sheets++;
    else
        r->sheet_rel = arena_sv(r->a, id);
}

/* "worksheets/sheet1.xml" beside xl/workbook.xml, or "/xl/worksheets/sheet1.xml". */
static struct sv part_name(struct arena *a, struct sv target)
{
    if (sv_starts(target, SV("/")))
        return arena_sv(a, sv_sub(target, 1, SIZE_MAX));
    return arena_fmt(a, "xl/%.*s", SV_ARG(target));
}

static void rels_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                       const xmlChar **ns, int n, int n_default, const xmlChar **v)
{
    struct reading *r = self;
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    if (!is(name, "Relationship"))
        return;
    struct rel *x = arena_new(r->a, struct rel);
    if (!x) {
        no_memory(r);
        return;
    }
    struct sv type = attribute(n, v, "Type");
    *x = (struct rel){.id = arena_sv(r->a, attribute(n, v, "Id")),
                      .target = part_name(r->a, attribute(n, v, "Target")),
                      .strings = sv_ends(type, SV("/sharedStrings")),
                      .styles = sv_ends(type, SV("/styles")),
                      .next = r->rels};
    r->rels = x;
}

/* ---- styles.xml: which cells are days ---- */

static bool is_date_code(struct sv code)
{
    bool quoted = false, bracket = false;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        if (c == '"')
            quoted = !quoted;
        else if (c == '[')
            bracket = true;
        else if (c == ']')
            bracket = false;
        else if (c == '\\')
            i++;
        else if (!quoted && !bracket && memchr("yYdD", c, 4))
            return true;
        else if (!quoted && !bracket && (c == 'm' || c == 'M') && !memchr(code.p, '0', code.n) &&
                 !memchr(code.p, '#', code.n))
            return true;
    }
    return false;
}

static void styles_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                         const xmlChar **ns, int n, int n_default, const xmlChar **v)
{
    struct reading *r = self;
    int64_t id = -1;
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    if (is(name, "cellXfs"))
        r->in_cell_xfs = true;
    (void)sv_int(attribute(n, v, "numFmtId"), &id);
    if (is(name, "numFmt") && r->n_formats < FORMATS_MAX)
        r->formats[r->n_formats++] = (struct format){id, is_date_code(attribute(n, v, "formatCode"))};
    if (!is(name, "xf") || !r->in_cell_xfs || r->n_styles == STYLES_MAX)
        return;
    bool date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    for (size_t i = 0; i < r->n_formats; i++)
        if (r->formats[i].id == id)
            date = r->formats[i].date;
    r->date_style[r->n_styles++] = date;
}

static void styles_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *r = self;
    (void)prefix, (void)uri;
    if (is(name, "cellXfs"))
        r->in_cell_xfs = false;
}

/* ---- texts ---- */

/* Without the escapes of the format. */
static struct sv taken(struct reading *r)
{
    struct sv s = buf_sv(&r->text);
    char *out = arena_alloc(r->a, s.n + 1, 1);
    size_t n = 0;
    if (!out) {
        no_memory(r);
        return (struct sv){0};
    }
    for (size_t i = 0; i < s.n;) {
        int32_t c = sheet_escape_at(s, i);
        if (c >= 0) {
            n += sheet_utf8((uint32_t)c, out + n); /* at most three bytes for seven */
            i += 7;
        } else {
            out[n++] = s.p[i++];
        }
    }
    return (struct sv){out, n};
}

static void begin_text(struct reading *r)
{
    buf_clear(&r->text);
    r->phonetic = false;
}

static void strings_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                          const xmlChar **ns, int n, int n_default, const xmlChar **v)
{
    struct reading *r = self;
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n, (void)n_default, (void)v;
    if (is(name, "si"))
        begin_text(r);
    else if (is(name, "rPh"))
        r->phonetic = true;
    else if (is(name, "t"))
        r->take = true;
}

static void strings_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *r = self;
    (void)prefix, (void)uri;
    if (is(name, "t"))
        r->take = false;
    else if (is(name, "rPh"))
        r->phonetic = false;
    else if (is(name, "si"))
        push_text(r, &r->strings, taken(r), r->limits->rows * r->limits->columns + 1);
}

/* ---- the sheet ---- */

/* "BC12": column 55, row 12. */
static bool read_place(struct sv s, size_t *ret_row, size_t *ret_column)
{
    size_t i = 0, column = 0;
    int64_t row;
    for (; i < s.n && s.p[i] >= 'A' && s.p[i] <= 'Z' && i < 3; i++)
        column = column * 26 + (size_t)(s.p[i] - 'A' + 1);
    if (!i || !sv_int(sv_sub(s, i, SIZE_MAX), &row) || row < 1)
        return false;
    *ret_row = (size_t)row;
    *ret_column = column;
    return true;
}

static void close_row(struct reading *r)
{
    if (!r->row || ended(r) || !r->cells.n)
        return;
    while (r->out->table.n < r->row) {
        if (r->out->table.n == r->rows_size) {
            size_t size = r->rows_size ? r->rows_size * 2 : 64;
            struct csv_row *v = arena_array(r->a, struct csv_row, size);
            if (!v) {
                no_memory(r);
                return;
            }
            if (r->rows_size)
                memcpy(v, r->rows, r->rows_size * sizeof *v);
            r->rows = v;
            r->rows_size = size;
        }
        size_t at = r->out->table.n++;
        r->rows[at] = (struct csv_row){.line = at + 1};
    }
    struct sv *own = arena_array(r->a, struct sv, r->cells.n);
    if (!own) {
        no_memory(r);
        return;
    }
    memcpy(own, r->cells.v, r->cells.n * sizeof *own);
    r->rows[r->row - 1] = (struct csv_row){r->cells.n, r->row, own};
    r->cells.n = 0;
}

static void open_row(struct reading *r, size_t row)
{
    if (row <= r->row) {
        fail(r, N_("This workbook is damaged."));
        return;
    }
    r->row = row;
    r->column = 0;
    r->cells.n = 0;
}

static void open_cell(struct reading *r, int n, const xmlChar **v)
{
    struct sv type = attribute(n, v, "t"), place = attribute(n, v, "r");
    size_t row = r->row, column = r->column + 1;
    if (!r->row || (place.n && (!read_place(place, &row, &column) || row != r->row || column <= r->column))) {
        fail(r, N_("This workbook is damaged."));
        return;
    }
    r->column = column;
    r->type = sv_eq_z(type, "s")           ? 's'
              : sv_eq_z(type, "inlineStr") ? 'i'
              : sv_eq_z(type, "str")       ? 't'
              : sv_eq_z(type, "b")         ? 'b'
              : sv_eq_z(type, "e")         ? 'e'
              : sv_eq_z(type, "d")         ? 't'
                                           : 'n';
    r->style = -1;
    (void)sv_int(attribute(n, v, "s"), &r->style);
    r->formula = false;
    begin_text(r);
}

/* A day counted from 1899-12-30 (or 1904-01-01) as YYYY-MM-DD; other numbers as they stand. */
static struct sv number_words(struct reading *r, struct sv s)
{
    double v;
    bool day = r->style >= 0 && (size_t)r->style < r->n_styles && r->date_style[r->style];
    if (!day || !sheet_number(s, &v) || v < 61 || v > 2958465)
        return s;
    char out[CIVIL_DATE_TEXT];
    int64_t from = r->date1904 ? civil_day(1904, 1, 1) : civil_day(1899, 12, 30);
    return arena_sv(r->a, civil_date_text(from + (int64_t)floor(v), out));
}

static void close_cell(struct reading *r)
{
    struct sv s = taken(r);
    int64_t at;
    if (ended(r))
        return;
    switch (r->type) {
    case 's':
        s = sv_trim(s);
        if (s.n && (!sv_int(s, &at) || at < 0 || (uint64_t)at >= r->strings.n)) {
            fail(r, N_("This workbook is damaged."));
            return;
        }
        s = s.n ? r->strings.v[at] : (struct sv){0};
        break;
    case 'n':
        s = number_words(r, sv_trim(s));
        break;
    case 'b':
        s = truth(sv_trim(s)) ? SV("TRUE") : SV("FALSE");
        break;
    default:
        break;
    }
    if (!s.n && r->formula && r->type == 'n')
        fail(r,
             N_("A formula has no value yet. Open the file in a spreadsheet program, save it there, and try again."));
    else if (s.n > r->limits->cell_bytes)
        fail(r, N_("A cell is too long."));
    else if (s.n && r->row > r->limits->rows)
        fail(r, N_("This file has too many rows."));
    else if (s.n && r->column > r->limits->columns)
        fail(r, N_("This row has too many columns."));
    if (!s.n || ended(r))
        return;
    while (!ended(r) && r->cells.n + 1 < r->column)
        push_text(r, &r->cells, (struct sv){0}, r->limits->columns + 1);
    if (!ended(r))
        push_text(r, &r->cells, s, r->limits->columns + 1);
    r->out->formulas += r->formula;
}

static void sheet_start(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int n_ns,
                        const xmlChar **ns, int n, int n_default, const xmlChar **v)
{
    struct reading *r = self;
    int64_t row;
    (void)prefix, (void)uri, (void)n_ns, (void)ns, (void)n_default;
    if (is(name, "row")) {
        bool given = sv_int(attribute(n, v, "r"), &row) && row > 0;
        open_row(r, given ? (size_t)row : r->row + 1);
    } else if (is(name, "c")) {
        open_cell(r, n, v);
    } else if (is(name, "v")) {
        r->take = r->type != 'i';
    } else if (is(name, "t")) {
        r->take = r->type == 'i';
    } else if (is(name, "rPh")) {
        r->phonetic = true;
    } else if (is(name, "f")) {
        r->formula = true;
    }
}

static void sheet_end(void *self, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct reading *r = self;
    (void)prefix, (void)uri;
    if (is(name, "row"))
        close_row(r);
    else if (is(name, "c"))
        close_cell(r);
    else if (is(name, "v") || is(name, "t"))
        r->take = false;
    else if (is(name, "rPh"))
        r->phonetic = false;
}

/* ---- all of it ---- */

static void read_book(struct reading *r)
{
    if (zip_get_num_entries(r->zip, 0) > ENTRIES_MAX) {
        fail(r, N_("This workbook is not one that can be read."));
        return;
    }
    bool found = read_part(r, SV("xl/workbook.xml"), book_start, NULL) &&
                 read_part(r, SV("xl/_rels/workbook.xml.rels"), rels_start, NULL) && r->sheet_rel.n;
    struct sv part = {0};
    for (struct rel *x = r->rels; found && !ended(r) && x; x = x->next) {
        if (x->strings)
            (void)read_part(r, x->target, strings_start, strings_end);
        else if (x->styles)
            (void)read_part(r, x->target, styles_start, styles_end);
        else if (sv_eq(x->id, r->sheet_rel))
            part = x->target;
    }
    if (!ended(r) && (!part.n || !read_part(r, part, sheet_start, sheet_end)))
        fail(r, N_("There is no table in this workbook."));
}

/* The rows as they stay, in the caller's arena. */
static bool keep_rows(struct arena *a, const struct reading *r, struct csv_table *ret)
{
    struct csv_table t = {r->out->table.n, arena_array(a, struct csv_row, r->out->table.n + 1)};
    for (size_t i = 0; t.v && !a->oom && i < t.n; i++) {
        const struct csv_row *from = &r->rows[i];
        t.v[i] = (struct csv_row){from->n, from->line, arena_array(a, struct sv, from->n + 1)};
        for (size_t k = 0; t.v[i].v && k < from->n; k++)
            t.v[i].v[k] = arena_sv(a, from->v[k]);
    }
    *ret = t;
    return !a->oom;
}

static enum pw_err read_file(struct arena *a, struct reading *r, struct sv bytes, struct sheet_read *ret)
{
    zip_error_t ze;
    zip_source_t *source = zip_source_buffer_create(bytes.p, bytes.n, 0, &ze);
    r->zip = source ? zip_open_from_source(source, ZIP_RDONLY, &ze) : NULL;
    if (r->zip) {
        read_book(r);
        zip_discard(r->zip);
    } else {
        if (source)
            zip_source_free(source);
        fail(r, N_("This workbook is damaged."));
    }
    if (r->memory || r->a->oom) /* the scratch memory is a limit, too: what does not go into it is no table of ours */
        r->msgid = N_("This file is too large.");
    if (r->msgid)
        return PW_INVALID;
    *ret = *r->out;
    return keep_rows(a, r, &ret->table) ? PW_OK : PW_UNAVAILABLE;
}

enum pw_err sheet_read_xlsx(struct arena *a, struct sv bytes, const struct sheet_limits *limits, struct sheet_read *ret,
                            struct csv_fault *ret_fault)
{
    struct arena scratch;
    struct sheet_read out = {.xlsx = true};
    arena_init(&scratch, SCRATCH_BYTES);
    struct reading *r = arena_new(&scratch, struct reading);
    enum pw_err e = PW_UNAVAILABLE;
    if (r) {
        *r = (struct reading){.a = &scratch, .limits = limits, .out = &out};
        buf_init(&r->text, limits->cell_bytes * 7 + 64);
        e = read_file(a, r, bytes, ret);
        if (e == PW_INVALID)
            *ret_fault = (struct csv_fault){r->line, r->msgid};
        buf_finish(&r->text);
    }
    arena_finish(&scratch);
    return e;
}
