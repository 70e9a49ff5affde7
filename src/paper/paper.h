/* SPDX-License-Identifier: EUPL-1.2 */
/* paper: printable documents as PDF: pages that fill from the top, with Arabic shaping and reading direction, QR codes,
 * tables, and fixed boxes for cards. paper.c is the only file that sees cairo, pango and libqrencode. Knows nothing of
 * the database or of pages. Any thread; one paper belongs to one thread. Lengths are in mm, letters in points.
 *
 * Failures are kept and told by paper_finish(). Needs fonts on the machine: fonts-noto-core covers the languages. */
#ifndef PW_PAPER_H
#define PW_PAPER_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

struct paper;
enum paper_size { PAPER_A4, PAPER_LETTER };
enum paper_align { PAPER_START, PAPER_CENTER, PAPER_END }; /* start: where reading begins */
enum paper_ink { INK_TEXT, INK_ACCENT, INK_SOFT };
struct paper_style {
    double pt;       /* 0 = 11 */
    double least_pt; /* letters become smaller, down to this, until all of it fits above keep_mm; 0 = they stay */
    double after_mm; /* space below */
    double keep_mm;  /* so much of what follows stands on the same page: for headings */
    enum paper_align align;
    enum paper_ink ink;
    bool bold;
};
struct paper_config {
    enum paper_size size;
    bool rtl;
    struct sv lang, title; /* of the document, also for screen readers */
    struct sv footer;      /* on every page, with its number; empty = no footer */
    double margin_mm;      /* 0 = 18 */
};
/* Freed with the arena. PW_UNAVAILABLE: memory. */
PW_MUST_CHECK enum pw_err paper_open(struct arena *a, const struct paper_config *cf, struct paper **ret);

/* A paragraph, or several separated by line feeds; each reads in its own direction. Goes on on the next page. */
void paper_text(struct paper *p, const struct paper_style *st, struct sv text);
void paper_space(struct paper *p, double mm);
void paper_rule(struct paper *p);
/* A square with its quiet zone. `text` is a link or a code, at most 500 bytes. */
void paper_qr(struct paper *p, double mm, enum paper_align align, struct sv text);
/* Row by row; share: width of each column as part of the sum; the first row is the head, repeated on each page. */
void paper_table(struct paper *p, const double *share, size_t columns, const struct sv *cells, size_t rows);
void paper_page(struct paper *p);       /* the next page begins */
int paper_pages(const struct paper *p); /* begun so far */

/* What follows goes into a fixed box with a thin dashed frame, x from where reading begins; what does not fit is cut.
 * Inside, paper_part() begins a part of it, measured from its inner corner. */
void paper_box_begin(struct paper *p, double x_mm, double y_mm, double w_mm, double h_mm);
void paper_part(struct paper *p, double x_mm, double y_mm, double w_mm, double h_mm);
void paper_box_end(struct paper *p);
double paper_width_mm(const struct paper *p);
double paper_height_mm(const struct paper *p);

/* Ends the document and appends its bytes. Nothing may be written afterwards. */
PW_MUST_CHECK enum pw_err paper_finish(struct paper *p, struct buf *out);

#endif
