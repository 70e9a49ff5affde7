/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/component.h"

#include <math.h>
#include <string.h>

#include "base/id.h"
#include "ui/format.h"

struct sv ui_label(struct page *pg, const char *msgid, struct sv text)
{
    if (text.n || !msgid)
        return text;
    return page_say(pg, msgid);
}

void ui_wrong(struct page *pg, const struct ui_field *f, const struct problem *p)
{
    size_t i = (size_t)(p - pg->problems->v);
    struct sv label = ui_label(pg, f->label, f->label_text);
    if (!label.n || pg->wrong[i].n)
        return;
    pg->wrong[i] = label;
    pg->wrong_at[pg->n_wrong++] = i;
}

void ui_summary_up(struct page *pg, size_t from)
{
    struct buf *b = pg->out;
    if (!buf_ok(b) || from >= b->n)
        return;
    struct sv summary = arena_sv(pg->arena, sv_sub(buf_sv(b), from, b->n));
    if (!summary.n) /* no memory: it stays below */
        return;
    char *at = b->p + pg->summary_at;
    memmove(at + summary.n, at, from - pg->summary_at);
    memcpy(at, summary.p, summary.n);
}

struct sv ui_lang_name(const struct page *pg, struct sv code)
{
    struct sv codes[12], names[12];
    size_t n = catalog_list(catalog_family(pg->cat), codes, names, 12);
    for (size_t i = 0; i < n; i++)
        if (sv_eq(codes[i], code))
            return names[i];
    return code;
}

struct sv ui_lang_url(struct page *pg, struct sv code)
{
    bool more = pg->path.n && memchr(pg->path.p, '?', pg->path.n);
    struct buf out;
    buf_init(&out, 4096);
    buf_add(&out, pg->path.n ? pg->path : SV("/"));
    buf_add(&out, more ? SV("&lang=") : SV("?lang="));
    buf_url(&out, code);
    struct sv url = arena_sv(pg->arena, buf_ok(&out) ? buf_sv(&out) : SV("/"));
    buf_finish(&out);
    return url;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of a number with separators at the start of s: "+1 819-555-0142", "(819) 555-0142", "2026-04-17"; 0 when
 * it is none, or has fewer than five digits, or no separator that could be turned round. */
static size_t number_length(struct sv s)
{
    size_t digits = 0, end = 0, separators = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (is_digit(c)) {
            digits++;
            end = i + 1;
        } else if (memchr("-. /()+:", c, 8) && (c != '+' || i == 0)) {
            if (i > end + 1 && end > 0) /* two separators, as in ") ", at most */
                break;
            separators++;
        } else {
            break;
        }
    }
    return digits >= 5 && separators && end ? end : 0;
}

bool ui_cut_number(struct sv *rest, struct sv *ret_before, struct sv *ret_number)
{
    if (rest->n == 0)
        return false;
    size_t at = 0, n = 0;
    for (; at < rest->n && !n; at++) {
        char c = rest->p[at];
        bool starts = is_digit(c) || ((c == '+' || c == '(') && at + 1 < rest->n && is_digit(rest->p[at + 1]));
        if (!starts)
            continue;
        n = number_length(sv_sub(*rest, at, 40));
        if (n)
            break;
        while (at + 1 < rest->n && is_digit(rest->p[at + 1])) /* its other digits do not start a number, either */
            at++;
    }
    *ret_before = sv_sub(*rest, 0, n ? at : rest->n);
    *ret_number = n ? sv_sub(*rest, at, n) : (struct sv){0};
    *rest = n ? sv_sub(*rest, at + n, rest->n) : (struct sv){0};
    return true;
}

bool ui_nav_open(const struct page *pg, const struct page_nav *n)
{
    struct sv path = sv_of(n->path);
    if (n->here || sv_eq(path, pg->path))
        return true;
    return path.n > 1 && pg->path.n > path.n && sv_starts(pg->path, path) && pg->path.p[path.n] == '/';
}

size_t ui_nav_aside(const struct page *pg)
{
    size_t n = 0;
    while (n < pg->n_nav && !pg->nav[n].aside)
        n++;
    return n;
}

bool ui_nav_open_aside(const struct page *pg, size_t from)
{
    for (size_t i = from; i < pg->n_nav; i++)
        if (ui_nav_open(pg, &pg->nav[i]))
            return true;
    return false;
}

struct sv ui_value(struct page *pg, const struct ui_chart *c, double v)
{
    return c->percent ? format_percent(pg->cat, pg->arena, v, c->digits)
                      : format_decimal(pg->cat, pg->arena, v, c->digits);
}

double ui_chart_top(const struct ui_chart *c)
{
    double most = 0;
    for (size_t i = 0; i < c->n; i++) {
        const struct ui_point *p = &c->v[i];
        double v = p->low < p->high && p->high > p->value ? p->high : p->value;
        if (!p->hidden && isfinite(v) && v > most)
            most = v;
    }
    if (most <= 0)
        return 1;
    double unit = pow(10, floor(log10(most)));
    static const double steps[] = {1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i] * unit >= most * (1 - 1e-9))
            return steps[i] * unit;
    return 10 * unit;
}

int64_t ui_scale(double v, double top, int64_t length)
{
    if (!isfinite(v) || v <= 0 || top <= 0)
        return 0;
    return v >= top ? length : (int64_t)llround(v / top * (double)length);
}

int64_t ui_line_x(const struct page *pg, const struct ui_chart *c, size_t i, int64_t width)
{
    int64_t x = c->n > 1 ? (int64_t)i * width / (int64_t)(c->n - 1) : width / 2;
    return sv_eq(pg->dir, SV("rtl")) ? width - x : x;
}

enum { POINTS_MAX = 64 * 1024 };

struct sv ui_line_points(struct page *pg, const struct ui_chart *c, int64_t width, int64_t height)
{
    double top = ui_chart_top(c);
    struct buf out;
    buf_init(&out, POINTS_MAX);
    for (size_t i = 0; i < c->n; i++)
        if (!c->v[i].hidden)
            buf_fmt(&out, "%s%lld,%lld", out.n ? " " : "", (long long)ui_line_x(pg, c, i, width),
                    (long long)(height - ui_scale(c->v[i].value, top, height)));
    struct sv s = arena_sv(pg->arena, buf_sv(&out));
    buf_finish(&out);
    return s;
}

static void band_point(struct buf *out, struct page *pg, const struct ui_chart *c, size_t i, double v, int64_t width,
                       int64_t height)
{
    const struct ui_point *p = &c->v[i];
    if (!p->hidden && p->low < p->high)
        buf_fmt(out, "%s%lld,%lld", out->n ? " " : "", (long long)ui_line_x(pg, c, i, width),
                (long long)(height - ui_scale(v, ui_chart_top(c), height)));
}

struct sv ui_band_points(struct page *pg, const struct ui_chart *c, int64_t width, int64_t height)
{
    struct buf out;
    buf_init(&out, POINTS_MAX);
    for (size_t i = 0; i < c->n; i++)
        band_point(&out, pg, c, i, c->v[i].high, width, height);
    for (size_t i = c->n; i-- > 0;)
        band_point(&out, pg, c, i, c->v[i].low, width, height);
    struct sv s = arena_sv(pg->arena, buf_sv(&out));
    buf_finish(&out);
    return s;
}

struct sv ui_id(const struct page *pg, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_sv(pg->arena, id_text(id, text));
}
