/* SPDX-License-Identifier: EUPL-1.2 */
/* component: what the parts of pages are given. The parts themselves are templates (view/X.html), declared in
 * views_ui.h: {{> ui_field_text(pg, &(struct ui_text){.f = {.name = "title", .label = N_("Title")}, .value = v->title})
 * }}
 *
 * Labels and hints are message ids (mark them with N_ so that they are collected) or, in the *_text members, sentences
 * already translated with text_t(). Values are people's words: escaped, never trusted. A field finds its own error in
 * pg->problems by its name. Nothing here is kept after the call. */
#ifndef PW_COMPONENT_H
#define PW_COMPONENT_H

#include "ui/page.h"

/* An id as text, for the values of options and hidden fields. */
struct sv ui_id(const struct page *pg, int64_t id);

/* ---- forms ---- */

struct ui_field {
    const char *name;     /* form name; its element has the id "f-" + name */
    const char *label;    /* message id */
    struct sv label_text; /* instead of label, already translated */
    const char *hint;     /* message id, optional */
    struct sv hint_text;  /* instead of hint */
    bool optional;        /* says "(optional)"; all others are required */
};
struct ui_text {
    struct ui_field f;
    struct sv value;
    const char *type;         /* "text" when NULL; email, tel, password, search, number, date, datetime-local, url */
    const char *autocomplete; /* "name", "username", "one-time-code", …; NULL = off */
    const char *inputmode;    /* "numeric", … or NULL */
    int64_t max;              /* characters; 0 = 200 */
    int64_t width;            /* expected characters: 0 = full, 4, 8, 16 or 24 */
};
struct ui_area {
    struct ui_field f;
    struct sv value;
    int64_t rows;                   /* 0 = 5 */
    int64_t max;                    /* characters; 0 = 4000 */
    struct sv draft_key, draft_url; /* optional: the typed text is kept under the key, and sent to the URL */
    /* Optional: while typing, answers that resemble the text are offered below, under the label, from this URL; with
     * `use` (message id of a button) one can be taken over into the text and the fields source and checked_on. */
    struct sv suggest_url;
    const char *suggest_label, *suggest_use;
};
struct ui_option {
    const char *value; /* code */
    const char *label; /* message id */
    struct sv label_text, value_text;
    const char *hint;
    bool chosen;
};
struct ui_choice { /* one of several: radios, or a select for long lists */
    struct ui_field f;
    const struct ui_option *v;
    size_t n;
    bool as_select;
    const char *none; /* select: message id of an empty first choice */
};
struct ui_checks { /* several of several; also a single yes/no with n = 1 */
    struct ui_field f;
    const struct ui_option *v;
    size_t n;
};
struct ui_file {
    struct ui_field f;
    const char *accept; /* ".csv,text/csv" */
    bool many;
};
enum ui_button_kind { BUTTON_MAIN, BUTTON_PLAIN, BUTTON_DANGER, BUTTON_LINK };
struct ui_button {
    const char *label;
    struct sv label_text;
    enum ui_button_kind kind;
    const char *name, *value; /* optional */
};

/* ---- states, lists, numbers ---- */

enum ui_tone { TONE_PLAIN, TONE_GOOD, TONE_NEWS, TONE_WAIT, TONE_LATE }; /* circle, tick, dot, half, triangle */
struct ui_badge {
    enum ui_tone tone;
    const char *label; /* message id */
    struct sv text;    /* instead of label */
};
struct ui_empty { /* an empty state says what to do next */
    const char *title, *body;
    struct sv href;
    const char *action;
};
struct ui_pager {
    struct sv path;                 /* "?after=" and the like are ready in the URLs: first part of both */
    struct sv newer_url, older_url; /* empty = none */
};
enum ui_align { ALIGN_START, ALIGN_NUMBER };
struct ui_column {
    const char *label;
    struct sv text; /* instead of label */
    enum ui_align align;
};
struct ui_cell {
    struct sv text, href;
    int64_t number;
    bool is_number; /* localized; text is ignored */
    bool hidden;    /* small number: shows <5 */
};
struct ui_table {
    const char *caption;
    struct sv caption_text;
    bool caption_hidden; /* for those who listen only */
    const struct ui_column *columns;
    size_t n_columns;
    const struct ui_cell *cells; /* row by row; the first cell of a row is its header */
    size_t n_rows;
};
struct ui_stat {
    const char *label;
    struct sv label_text;
    int64_t number;
    struct sv text; /* instead of number: "2 h 10 min" */
    struct sv href, note;
    enum ui_tone tone;
    bool hidden;
};

/* ---- charts: an SVG of ours with its table one key away ---- */

struct ui_point {
    struct sv label;
    double value, low, high; /* low = high = 0: no uncertainty known */
    int64_t n;               /* how many it stands on; 0 = not shown */
    bool hidden;             /* small number: "<5", not drawn */
};
struct ui_chart {
    const char *title;
    struct sv title_text;
    const char *value_label; /* head of the number column, and of the axis */
    const char *label_label; /* head of the label column */
    const struct ui_point *v;
    size_t n;
    int digits; /* decimals of the values */
    bool percent;
};

/* ---- whole pages ---- */

struct ui_hidden {
    const char *name;
    struct sv value;
};
struct ui_confirm { /* says exactly what will happen and to how many; the consequence is already translated */
    const char *title;
    struct sv consequence;
    struct sv action; /* path it is posted to */
    const char *button;
    bool danger;
    const char *reason_label; /* asks for a reason in the field "reason"; NULL = no */
    const struct ui_hidden *hidden;
    size_t n_hidden;
    struct sv cancel; /* path back */
};
struct ui_undo {
    struct sv text;        /* "The question was archived.", already translated */
    struct sv action;      /* path it is posted to … */
    struct sv name, value; /* … with this field; empty = none */
    int64_t until_ms;      /* gone by then; 0 = stays until the next page */
};
struct ui_error {
    int status;
    const char *msgid;  /* err_message() */
    int64_t request_id; /* 0 = not shown */
};
struct ui_help {
    const char *title, *body;
};

/* ---- pure helpers of the templates ---- */

struct sv ui_label(struct page *pg, const char *msgid, struct sv text); /* text, or the translated id; flat */
/* The problem p is that of field f: the summary names it so. */
void ui_wrong(struct page *pg, const struct ui_field *f, const struct problem *p);
/* Moves what was written since `from`, the summary, to the place layout_begin() kept for it. */
void ui_summary_up(struct page *pg, size_t from);
/* A language named in itself, as in the language switch; unknown codes stay codes. */
struct sv ui_lang_name(const struct page *pg, struct sv code);
struct sv ui_lang_url(struct page *pg, struct sv code); /* this page in another language */
/* Cuts people's words at telephone-like numbers, which Arabic text around them would turn round: text before one, and
 * the number (empty at the end). False when nothing is left. */
bool ui_cut_number(struct sv *rest, struct sv *ret_before, struct sv *ret_number);
bool ui_nav_open(const struct page *pg, const struct page_nav *n); /* here, or the path begins with it */
size_t ui_nav_aside(const struct page *pg);                        /* where those under "More" begin */
bool ui_nav_open_aside(const struct page *pg, size_t from);        /* one of them is open */
struct sv ui_value(struct page *pg, const struct ui_chart *c, double v);
/* Geometry of charts in SVG units, mirrored for right-to-left by the caller's x(). */
double ui_chart_top(const struct ui_chart *c);          /* a round number at or above every value, high ends too */
int64_t ui_scale(double v, double top, int64_t length); /* 0 … length */
struct sv ui_line_points(struct page *pg, const struct ui_chart *c, int64_t width, int64_t height); /* "x,y x,y …" */
struct sv ui_band_points(struct page *pg, const struct ui_chart *c, int64_t width, int64_t height); /* low to high */
int64_t ui_line_x(const struct page *pg, const struct ui_chart *c, size_t i, int64_t width);

#endif
