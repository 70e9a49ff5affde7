/* SPDX-License-Identifier: EUPL-1.2 */
#include "paper.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#ifdef __SANITIZE_ADDRESS__
/* fontconfig packs pointers as offsets, so what its caches hold looks lost to the leak finder. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
#endif

#define MM (72.0 / 25.4)
enum { QR_TEXT_MAX = 500, QUIET = 4, PDF_MAX = 16 * 1024 * 1024 };

struct box {
    double x, y, w, h;
};
struct paper {
    struct paper_config cf;
    cairo_surface_t *surface;
    cairo_t *cr;
    struct buf bytes;
    struct box page, box, area; /* area: what is being filled; box: the fixed one it is in */
    double y;                   /* next line goes here */
    int number;
    bool in_box, dirty, failed;
};

static cairo_status_t take(void *arg, const unsigned char *data, unsigned n)
{
    struct paper *p = arg;
    buf_add(&p->bytes, (struct sv){(const char *)data, n});
    return buf_ok(&p->bytes) ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void drop(void *arg)
{
    struct paper *p = arg;
    if (p->cr)
        cairo_destroy(p->cr);
    if (p->surface)
        cairo_surface_destroy(p->surface);
    buf_finish(&p->bytes);
}

static void ink(struct paper *p, enum paper_ink which)
{
    static const double colours[][3] = {{0.10, 0.12, 0.14}, {0.02, 0.36, 0.40}, {0.36, 0.39, 0.42}};
    cairo_set_source_rgb(p->cr, colours[which][0], colours[which][1], colours[which][2]);
}

static PangoLayout *layout_of(struct paper *p, const struct paper_style *st, struct sv text, double width)
{
    /* Pango turns these round in paragraphs that read against the document's direction. */
    static const PangoAlignment aligns[2][3] = {{PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT},
                                                {PANGO_ALIGN_RIGHT, PANGO_ALIGN_CENTER, PANGO_ALIGN_LEFT}};
    PangoLayout *l = pango_cairo_create_layout(p->cr);
    PangoFontDescription *f = pango_font_description_from_string("Noto Sans, Noto Sans Arabic, sans-serif");
    pango_font_description_set_absolute_size(f, (st->pt > 0 ? st->pt : 11) * PANGO_SCALE);
    pango_font_description_set_weight(f, st->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, f);
    pango_font_description_free(f);
    pango_context_set_base_dir(pango_layout_get_context(l), p->cf.rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_layout_context_changed(l);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_spacing(l, 2 * PANGO_SCALE);
    pango_layout_set_alignment(l, aligns[p->cf.rtl][st->align]);
    pango_layout_set_text(l, text.n ? text.p : "", (int)text.n);
    return l;
}

/* ---- pages ---- */

static void footer(struct paper *p)
{
    if (!p->cf.footer.n)
        return;
    char number[16];
    (void)snprintf(number, sizeof number, "%d", p->number);
    struct paper_style st = {.pt = 8.5, .ink = INK_SOFT};
    double y = p->page.y + p->page.h + 5 * MM;
    PangoLayout *l = layout_of(p, &st, p->cf.footer, p->page.w - 12 * MM);
    ink(p, INK_SOFT);
    cairo_move_to(p->cr, p->page.x + (p->cf.rtl ? 12 * MM : 0), y);
    pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
    st.align = PAPER_END;
    l = layout_of(p, &st, sv_of(number), 12 * MM);
    cairo_move_to(p->cr, p->page.x + (p->cf.rtl ? 0 : p->page.w - 12 * MM), y);
    pango_cairo_show_layout(p->cr, l);
    g_object_unref(l);
}

void paper_page(struct paper *p)
{
    footer(p);
    cairo_show_page(p->cr);
    p->number++;
    p->area = p->page;
    p->y = p->page.y;
    p->dirty = false;
}

int paper_pages(const struct paper *p)
{
    return p->number;
}

/* Room for h below; a new page when there is none. False in a box that is full. */
static bool room(struct paper *p, double h)
{
    if (p->y + h <= p->area.y + p->area.h)
        return true;
    if (p->in_box)
        return false;
    if (p->dirty)
        paper_page(p);
    return true;
}

enum pw_err paper_open(struct arena *a, const struct paper_config *cf, struct paper **ret)
{
    static const double sizes[][2] = {{210, 297}, {215.9, 279.4}};
    struct paper *p = arena_new(a, struct paper);
    if (!p)
        return PW_UNAVAILABLE;
    p->cf = *cf;
    p->number = 1;
    buf_init(&p->bytes, PDF_MAX);
    double w = sizes[cf->size][0] * MM, h = sizes[cf->size][1] * MM,
           margin = (cf->margin_mm > 0 ? cf->margin_mm : 18) * MM;
    double below = cf->footer.n ? margin + 4 * MM : margin;
    p->page = (struct box){margin, margin, w - 2 * margin, h - margin - below};
    p->area = p->page;
    p->y = p->page.y;
    p->surface = cairo_pdf_surface_create_for_stream(take, p, w, h);
    p->cr = cairo_create(p->surface);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, arena_z(a, cf->title));
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATOR, "Passerelle");
    if (!arena_defer(a, drop, p) || cairo_status(p->cr) != CAIRO_STATUS_SUCCESS)
        return PW_UNAVAILABLE;
    *ret = p;
    return PW_OK;
}

/* ---- content ---- */

static double height_of(struct paper *p, const struct paper_style *st, struct sv text)
{
    int w, h;
    PangoLayout *l = layout_of(p, st, text, p->area.w);
    pango_layout_get_size(l, &w, &h);
    g_object_unref(l);
    return (double)h / PANGO_SCALE;
}

static struct paper_style fitted(struct paper *p, const struct paper_style *st, struct sv text)
{
    struct paper_style s = *st;
    double space = p->area.y + p->area.h - p->y - st->keep_mm * MM;
    while (st->least_pt > 0 && s.pt - 0.5 >= st->least_pt && height_of(p, &s, text) > space)
        s.pt -= 0.5;
    return s;
}

void paper_text(struct paper *p, const struct paper_style *style, struct sv text)
{
    if (!text.n)
        return;
    const struct paper_style s = fitted(p, style, text), *st = &s;
    PangoLayout *l = layout_of(p, st, text, p->area.w);
    PangoLayoutIter *it = pango_layout_get_iter(l);
    int last = 0; /* where the line before ended, in the layout */
    do {
        PangoRectangle r;
        pango_layout_iter_get_line_extents(it, NULL, &r);
        double gap = (double)(r.y - last) / PANGO_SCALE, h = (double)r.height / PANGO_SCALE;
        if (!room(p, gap + h + (last || st->least_pt > 0 ? 0 : st->keep_mm * MM)))
            break;
        p->y += p->dirty ? gap : 0;
        ink(p, st->ink);
        int base = pango_layout_iter_get_baseline(it) - r.y;
        cairo_move_to(p->cr, p->area.x + (double)r.x / PANGO_SCALE, p->y + (double)base / PANGO_SCALE);
        pango_cairo_show_layout_line(p->cr, pango_layout_iter_get_line_readonly(it));
        p->y += h;
        p->dirty = true;
        last = r.y + r.height;
    } while (pango_layout_iter_next_line(it));
    pango_layout_iter_free(it);
    g_object_unref(l);
    p->y += st->after_mm * MM;
}

void paper_space(struct paper *p, double mm)
{
    p->y += mm * MM;
}

void paper_rule(struct paper *p)
{
    if (!room(p, 5 * MM))
        return;
    ink(p, INK_SOFT);
    cairo_set_line_width(p->cr, 0.6);
    cairo_move_to(p->cr, p->area.x, p->y + 1.5 * MM);
    cairo_line_to(p->cr, p->area.x + p->area.w, p->y + 1.5 * MM);
    cairo_stroke(p->cr);
    p->y += 5 * MM;
}

static double x_of(const struct paper *p, enum paper_align align, double w)
{
    bool left = align == PAPER_START ? !p->cf.rtl : p->cf.rtl;
    if (align == PAPER_CENTER)
        return p->area.x + (p->area.w - w) / 2;
    return left ? p->area.x : p->area.x + p->area.w - w;
}

void paper_qr(struct paper *p, double mm, enum paper_align align, struct sv text)
{
    char z[QR_TEXT_MAX + 1];
    double side = mm * MM;
    if (!text.n || text.n > QR_TEXT_MAX) {
        p->failed = true;
        return;
    }
    (void)snprintf(z, sizeof z, "%.*s", SV_ARG(text));
    if (!room(p, side))
        return;
    QRcode *q = QRcode_encodeString8bit(z, 0, QR_ECLEVEL_M);
    if (!q) {
        p->failed = true;
        return;
    }
    double x = x_of(p, align, side), dot = side / (q->width + 2 * QUIET);
    cairo_set_source_rgb(p->cr, 1, 1, 1);
    cairo_rectangle(p->cr, x, p->y, side, side);
    cairo_fill(p->cr);
    cairo_set_source_rgb(p->cr, 0, 0, 0);
    for (int i = 0; i < q->width * q->width; i++)
        if (q->data[i] & 1)
            cairo_rectangle(p->cr, x + (i % q->width + QUIET) * dot, p->y + (i / q->width + QUIET) * dot, dot, dot);
    cairo_fill(p->cr); /* as one shape: no hair lines between dots */
    QRcode_free(q);
    p->y += side;
    p->dirty = true;
}

/* ---- tables ---- */

enum { COLUMNS_MAX = 16 };
static const double cell_pad = 1.2 * MM;

struct grid {
    const double *share;
    double sum;
    size_t columns;
};

static double width_of(const struct paper *p, const struct grid *g, size_t column)
{
    return p->area.w * g->share[column] / g->sum;
}

/* The layouts of one row, and how high it becomes. */
static double lay_row(struct paper *p, const struct grid *g, const struct sv *cells, bool head,
                      PangoLayout *l[COLUMNS_MAX])
{
    const struct paper_style st = {.pt = 9.5, .bold = head};
    double h = 0;
    for (size_t i = 0; i < g->columns; i++) {
        int lw, lh;
        l[i] = layout_of(p, &st, cells[i], width_of(p, g, i) - 2 * cell_pad);
        pango_layout_get_size(l[i], &lw, &lh);
        h = (double)lh / PANGO_SCALE > h ? (double)lh / PANGO_SCALE : h;
    }
    return h + 2 * cell_pad;
}

static void draw_row(struct paper *p, const struct grid *g, PangoLayout *l[COLUMNS_MAX], double h, bool head)
{
    double x = 0;
    for (size_t i = 0; i < g->columns; i++) {
        double w = width_of(p, g, i);
        ink(p, head ? INK_ACCENT : INK_TEXT);
        cairo_move_to(p->cr, (p->cf.rtl ? p->area.x + p->area.w - x - w : p->area.x + x) + cell_pad, p->y + cell_pad);
        pango_cairo_show_layout(p->cr, l[i]);
        g_object_unref(l[i]);
        x += w;
    }
    p->y += h;
    p->dirty = true;
    ink(p, INK_SOFT);
    cairo_set_line_width(p->cr, head ? 0.9 : 0.3);
    cairo_move_to(p->cr, p->area.x, p->y);
    cairo_line_to(p->cr, p->area.x + p->area.w, p->y);
    cairo_stroke(p->cr);
}

void paper_table(struct paper *p, const double *share, size_t columns, const struct sv *cells, size_t rows)
{
    struct grid g = {.share = share, .columns = columns};
    if (columns == 0 || columns > COLUMNS_MAX || rows == 0)
        return;
    for (size_t i = 0; i < columns; i++)
        g.sum += share[i];
    int page = 0;
    for (size_t r = rows > 1; r < rows; r++) { /* a head alone at the foot of a page tells nothing */
        PangoLayout *head[COLUMNS_MAX], *row[COLUMNS_MAX];
        double head_h = lay_row(p, &g, cells, true, head), h = lay_row(p, &g, &cells[r * columns], r == 0, row);
        bool fits = room(p, h + (page == p->number || r == 0 ? 0 : head_h));
        bool again = r > 0 && page != p->number;
        if (fits && again)
            draw_row(p, &g, head, head_h, true);
        for (size_t i = 0; i < columns && !(fits && again); i++)
            g_object_unref(head[i]);
        if (fits)
            draw_row(p, &g, row, h, r == 0);
        for (size_t i = 0; i < columns && !fits; i++)
            g_object_unref(row[i]);
        if (!fits)
            return;
        page = p->number;
    }
    p->y += 4 * MM;
}

/* ---- boxes ---- */

void paper_box_begin(struct paper *p, double x_mm, double y_mm, double w_mm, double h_mm)
{
    double w = w_mm * MM, h = h_mm * MM, x = x_mm * MM, y = y_mm * MM, pad = 4 * MM;
    if (p->cf.rtl)
        x = paper_width_mm(p) * MM - x - w;
    cairo_save(p->cr);
    ink(p, INK_SOFT);
    cairo_set_line_width(p->cr, 0.4);
    const double dashes[] = {3, 3};
    cairo_set_dash(p->cr, dashes, 2, 0);
    cairo_rectangle(p->cr, x, y, w, h);
    cairo_stroke(p->cr);
    cairo_set_dash(p->cr, NULL, 0, 0);
    cairo_rectangle(p->cr, x, y, w, h);
    cairo_clip(p->cr);
    p->box = p->area = (struct box){x + pad, y + pad, w - 2 * pad, h - 2 * pad};
    p->y = p->area.y;
    p->in_box = true;
    p->dirty = true;
}

void paper_part(struct paper *p, double x_mm, double y_mm, double w_mm, double h_mm)
{
    double w = w_mm * MM, x = p->cf.rtl ? p->box.w - x_mm * MM - w : x_mm * MM;
    p->area = (struct box){p->box.x + x, p->box.y + y_mm * MM, w, h_mm * MM};
    p->y = p->area.y;
}

void paper_box_end(struct paper *p)
{
    cairo_restore(p->cr);
    p->in_box = false;
    p->area = p->page;
    p->y = p->page.y;
}

double paper_width_mm(const struct paper *p)
{
    return p->page.x * 2 / MM + p->page.w / MM;
}

double paper_height_mm(const struct paper *p)
{
    return p->cf.size == PAPER_A4 ? 297 : 279.4;
}

enum pw_err paper_finish(struct paper *p, struct buf *out)
{
    footer(p);
    cairo_show_page(p->cr);
    cairo_surface_finish(p->surface);
    bool good = !p->failed && cairo_status(p->cr) == CAIRO_STATUS_SUCCESS &&
                cairo_surface_status(p->surface) == CAIRO_STATUS_SUCCESS && buf_ok(&p->bytes);
    if (!good)
        return PW_INTERNAL;
    buf_add(out, buf_sv(&p->bytes));
    return buf_ok(out) ? PW_OK : PW_UNAVAILABLE;
}
