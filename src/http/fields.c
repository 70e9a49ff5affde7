/* SPDX-License-Identifier: EUPL-1.2 */
#include "http/fields.h"

#include <inttypes.h>
#include <string.h>

#include "base/id.h"
#include "base/unicode.h"

enum { TEXT_CHARS = 200, LINES_CHARS = 4000, ENTRIES = 100 };

struct check {
    struct arena *a;
    const struct field *f;
    struct problems *ps;
    size_t upload_max;
    bool full; /* the arena is */
};

static void wrong(struct check *c, const char *msgid)
{
    problem_add(c->ps, c->f->name, msgid);
}

static void wrong_arg(struct check *c, const char *msgid, struct sv arg)
{
    problem_add_arg(c->ps, c->f->name, msgid, arg);
}

static void wrong_choice(struct check *c)
{
    struct sv list = {0};
    for (const char *const *z = c->f->choices; *z; z++)
        list = arena_fmt(c->a, "%.*s%s%s", SV_ARG(list), list.n ? ", " : "", *z);
    wrong_arg(c, N_("Please choose one of these: {0}."), list);
}

/* ---- texts ---- */

static bool has_control(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
            return true;
    return false;
}

/* Into the form of http.h. False, and a problem, when it is no text. */
static bool clean(struct check *c, struct sv raw, struct sv *ret)
{
    enum pw_err e;
    if (c->f->kind == FIELD_LINES) {
        e = text_clean(c->a, raw, ret);
        if (e == PW_OK && !(c->f->flags & FIELD_AS_TYPED)) {
            *ret = sv_trim(*ret);
            for (size_t i = 0; i < ret->n; i++)
                if (ret->p[i] == '\t') {
                    char *copy = arena_z(c->a, *ret);
                    for (size_t k = i; k < ret->n && *copy; k++)
                        if (copy[k] == '\t')
                            copy[k] = ' ';
                    ret->p = copy;
                    break;
                }
        }
    } else if (c->f->kind == FIELD_SECRET) {
        e = text_nfc(c->a, raw, ret);
        if (e == PW_OK && has_control(*ret))
            e = PW_INVALID;
    } else {
        e = text_clean_line(c->a, raw, ret);
    }
    if (e == PW_OK)
        return true;
    if (c->a->oom)
        c->full = true;
    else
        wrong(c, N_("This cannot be read as text. Please type it again, in letters of any language (UTF-8)."));
    return false;
}

static void check_length(struct check *c, struct sv text)
{
    int64_t max = c->f->max > 0 ? c->f->max : c->f->kind == FIELD_LINES ? LINES_CHARS : TEXT_CHARS;
    int64_t n = (int64_t)text_count(text);
    if (n > max)
        wrong_arg(c, N_("Please write at most {0} characters."), arena_fmt(c->a, "%" PRId64, max));
    else if (n && n < c->f->min)
        wrong_arg(c, N_("Please write at least {0} characters."), arena_fmt(c->a, "%" PRId64, c->f->min));
}

static void take_text(struct check *c, struct sv raw, struct http_value *v)
{
    v->given = true;
    if (clean(c, raw, &v->text))
        check_length(c, v->text);
    else
        v->text = (struct sv){0};
}

/* ---- numbers, ids, times ---- */

/* Digits as people type them in Arabic, Persian or Urdu become ASCII digits. */
static struct sv ascii_digits(struct check *c, struct sv s)
{
    char *out = arena_alloc(c->a, s.n + 1, 1);
    size_t n = 0;
    if (!out)
        return s;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char b = (unsigned char)s.p[i];
        unsigned char next = i + 1 < s.n ? (unsigned char)s.p[i + 1] : 0;
        if (b == 0xd9 && next >= 0xa0 && next <= 0xa9) { /* U+0660 to U+0669 */
            out[n++] = (char)('0' + (next - 0xa0));
            i++;
        } else if (b == 0xdb && next >= 0xb0 && next <= 0xb9) { /* U+06F0 to U+06F9 */
            out[n++] = (char)('0' + (next - 0xb0));
            i++;
        } else {
            out[n++] = s.p[i];
        }
    }
    return (struct sv){out, n};
}

static void take_int(struct check *c, struct sv raw, struct http_value *v)
{
    const struct field *f = c->f;
    bool any = f->min == 0 && f->max == 0;
    if (!clean(c, raw, &v->text) || !v->text.n)
        return;
    v->given = true;
    if (!sv_int(ascii_digits(c, v->text), &v->i)) {
        v->i = 0;
        if (any)
            wrong(c, N_("Please give a whole number."));
        else
            wrong_arg(c, N_("Please give a whole number in this range: {0}."),
                      arena_fmt(c->a, "%" PRId64 " – %" PRId64, f->min, f->max));
    } else if (!any && (v->i < f->min || v->i > f->max)) {
        wrong_arg(c, N_("Please give a whole number in this range: {0}."),
                  arena_fmt(c->a, "%" PRId64 " – %" PRId64, f->min, f->max));
    }
}

static void take_id(struct check *c, struct sv raw, struct http_value *v)
{
    if (!clean(c, raw, &v->text) || !v->text.n)
        return;
    v->given = true;
    if (!id_parse(v->text, &v->i)) {
        v->i = 0;
        wrong(c, N_("Please choose an entry of the list (an identifier of 13 characters)."));
    }
}

static void take_bool(struct check *c, struct sv raw, struct http_value *v)
{
    static const char *const no[] = {"", "0", "false", "no", "off"}, *const yes[] = {"1", "true", "yes", "on"};
    v->given = true;
    v->text = SV("0");
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (sv_eq_z(raw, no[i]))
            return;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (sv_eq_z(raw, yes[i]))
            v->i = 1;
    if (v->i)
        v->text = SV("1");
    else
        wrong(c, N_("Please answer with yes or no."));
}

/* Reads n digits at *io_at. */
static bool digits(struct sv s, size_t *io_at, size_t n, int *ret)
{
    int v = 0;
    for (size_t i = 0; i < n; i++, ++*io_at) {
        if (*io_at >= s.n || s.p[*io_at] < '0' || s.p[*io_at] > '9')
            return false;
        v = v * 10 + (s.p[*io_at] - '0');
    }
    *ret = v;
    return true;
}

static bool mark(struct sv s, size_t *io_at, char c)
{
    if (*io_at >= s.n || s.p[*io_at] != c)
        return false;
    ++*io_at;
    return true;
}

static bool read_date(struct sv s, size_t *io_at)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y, m, d;
    if (!digits(s, io_at, 4, &y) || !mark(s, io_at, '-') || !digits(s, io_at, 2, &m) || !mark(s, io_at, '-') ||
        !digits(s, io_at, 2, &d) || y < 1 || m < 1 || m > 12 || d < 1)
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    return d <= days[m - 1] + (m == 2 && leap);
}

/* "2026-02-13T16:59", seconds and their fraction optional, then nothing, Z or an offset. */
static bool is_time(struct sv s)
{
    size_t at = 0;
    int h, m, x;
    if (!read_date(s, &at) || !(mark(s, &at, 'T') || mark(s, &at, ' ')) || !digits(s, &at, 2, &h) ||
        !mark(s, &at, ':') || !digits(s, &at, 2, &m) || h > 23 || m > 59)
        return false;
    if (mark(s, &at, ':')) {
        if (!digits(s, &at, 2, &x) || x > 59)
            return false;
        if (mark(s, &at, '.')) {
            size_t from = at;
            while (at < s.n && at - from < 9 && digits(s, &at, 1, &x))
                continue;
            if (at == from)
                return false;
        }
    }
    if (at == s.n)
        return true;
    if (mark(s, &at, 'Z') || mark(s, &at, 'z'))
        return at == s.n;
    return (mark(s, &at, '+') || mark(s, &at, '-')) && digits(s, &at, 2, &h) && mark(s, &at, ':') &&
           digits(s, &at, 2, &m) && h <= 23 && m <= 59 && at == s.n;
}

static void take_time(struct check *c, struct sv raw, struct http_value *v)
{
    if (!clean(c, raw, &v->text) || !v->text.n)
        return;
    v->given = true;
    size_t at = 0;
    if (c->f->kind == FIELD_TIME && !is_time(v->text))
        wrong(c, N_("Please give a date and a time, like 2026-02-13T16:59."));
    if (c->f->kind == FIELD_DATE && !(read_date(v->text, &at) && at == v->text.n))
        wrong(c, N_("Please give a date, like 2026-02-13."));
}

/* ---- choices and files ---- */

static bool chosen(const struct field *f, struct sv text)
{
    for (const char *const *z = f->choices; *z; z++)
        if (sv_eq_z(text, *z))
            return true;
    return false;
}

static void take_choice(struct check *c, struct sv raw, struct http_value *v)
{
    if (!clean(c, raw, &v->text) || !v->text.n)
        return;
    v->given = true;
    if (!chosen(c->f, v->text)) {
        v->text = (struct sv){0}; /* never shown again: it is not something a person typed */
        wrong_choice(c);
    }
}

static void take_choices(struct check *c, const struct form *form, struct http_value *v)
{
    size_t n = 0;
    struct sv *many = arena_array(c->a, struct sv, form->n ? form->n : 1);
    int64_t max = c->f->max > 0 ? c->f->max : ENTRIES;
    if (!many) {
        c->full = true;
        return;
    }
    for (size_t i = 0; i < form->n; i++) {
        struct sv text;
        if (form->v[i].kind == FORM_FILE || !sv_eq_z(form->v[i].name, c->f->name))
            continue;
        v->given = true;
        if (form->v[i].kind == FORM_EMPTY_LIST)
            continue;
        if (!clean(c, form->v[i].value, &text))
            return;
        if (!text.n)
            continue;
        if (c->f->choices && !chosen(c->f, text)) {
            wrong_choice(c);
            return;
        }
        if (!c->f->choices && text_count(text) > TEXT_CHARS) {
            wrong_arg(c, N_("Please write at most {0} characters."), arena_fmt(c->a, "%d", TEXT_CHARS));
            return;
        }
        bool again = false;
        for (size_t k = 0; k < n; k++)
            again |= sv_eq(many[k], text);
        if (again)
            continue;
        if ((int64_t)n == max) {
            wrong_arg(c, N_("Please choose at most {0}."), arena_fmt(c->a, "%" PRId64, max));
            return;
        }
        many[n++] = text;
    }
    v->many = many;
    v->n_many = n;
    if (n)
        v->text = many[0];
    if ((int64_t)n < c->f->min && (n || (c->f->flags & FIELD_REQUIRED)))
        wrong_arg(c, N_("Please choose at least {0}."), arena_fmt(c->a, "%" PRId64, c->f->min));
}

static struct sv size_text(struct arena *a, int64_t bytes)
{
    if (bytes >= 1024 * 1024)
        return arena_fmt(a, "%" PRId64 " MB", bytes / (1024 * 1024));
    if (bytes >= 1024)
        return arena_fmt(a, "%" PRId64 " kB", bytes / 1024);
    return arena_fmt(a, "%" PRId64 " B", bytes);
}

static void take_file(struct check *c, const struct form_pair *p, struct http_value *v)
{
    int64_t max = c->f->max > 0 ? c->f->max : (int64_t)c->upload_max;
    if (p->kind != FORM_FILE) {
        if (p->value.n)
            wrong(c, N_("Please attach a file."));
        return;
    }
    if (!p->file_name.n && !p->value.n)
        return; /* an empty file input */
    v->given = true;
    struct sv name;
    if (text_clean_line(c->a, p->file_name, &name) != PW_OK)
        name = SV("file");
    for (size_t i = name.n; i > 0; i--) /* old browsers and attackers send a path */
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\') {
            name = sv_sub(name, i, name.n);
            break;
        }
    v->file = (struct http_file){text_cut(c->a, name, TEXT_CHARS), p->type, p->value};
    if (!text_valid(p->type) || has_control(p->type) || p->type.n > TEXT_CHARS)
        v->file.type = (struct sv){0};
    if ((int64_t)p->value.n > max)
        wrong_arg(c, N_("Please attach a file of at most {0}."), size_text(c->a, max));
    else if ((int64_t)p->value.n < c->f->min || !p->value.n)
        wrong(c, N_("This file is empty or too small. Please attach another one."));
}

/* ---- all ---- */

static const struct form_pair *first(const struct form *form, const char *name)
{
    for (size_t i = 0; i < form->n; i++)
        if (sv_eq_z(form->v[i].name, name))
            return &form->v[i];
    return NULL;
}

static void take(struct check *c, const struct form *form, struct http_value *v)
{
    const struct form_pair *p = first(form, c->f->name);
    if (c->f->kind == FIELD_CHOICES) {
        take_choices(c, form, v);
        return;
    }
    if (!p || p->kind == FORM_EMPTY_LIST)
        return;
    if (c->f->kind == FIELD_FILE) {
        take_file(c, p, v);
        return;
    }
    if (p->kind == FORM_FILE) {
        wrong(c, N_("Please write text here instead of attaching a file."));
        return;
    }
    switch (c->f->kind) {
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_SECRET:
        take_text(c, p->value, v);
        return;
    case FIELD_INT:
        take_int(c, p->value, v);
        return;
    case FIELD_ID:
        take_id(c, p->value, v);
        return;
    case FIELD_BOOL:
        take_bool(c, p->value, v);
        return;
    case FIELD_CHOICE:
        take_choice(c, p->value, v);
        return;
    case FIELD_TIME:
    case FIELD_DATE:
        take_time(c, p->value, v);
        return;
    case FIELD_CHOICES:
    case FIELD_FILE:
        return;
    }
}

static bool missing(const struct field *f, const struct http_value *v)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_LINES:
    case FIELD_SECRET:
        return !v->text.n;
    case FIELD_CHOICES:
        return !v->n_many;
    default:
        return !v->given;
    }
}

static const char *missing_msgid(enum field_kind kind)
{
    switch (kind) {
    case FIELD_CHOICE:
    case FIELD_CHOICES:
    case FIELD_ID:
        return N_("Please choose an entry.");
    case FIELD_BOOL:
        return N_("Please tick this box, or answer with yes or no.");
    case FIELD_FILE:
        return N_("Please attach a file.");
    case FIELD_TIME:
        return N_("Please give a date and a time, like 2026-02-13T16:59.");
    case FIELD_DATE:
        return N_("Please give a date, like 2026-02-13.");
    case FIELD_INT:
        return N_("Please give a whole number.");
    default:
        return N_("Please fill this in.");
    }
}

enum pw_err fields_check(struct arena *a, const struct field *fields, const struct form *form, size_t upload_max,
                         struct problems *problems, struct http_value **ret)
{
    size_t n = 0;
    while (fields && fields[n].name)
        n++;
    struct http_value *values = arena_array(a, struct http_value, n ? n : 1);
    if (!values)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        struct check c = {a, &fields[i], problems, upload_max, false};
        values[i].field = &fields[i];
        take(&c, form, &values[i]);
        if (c.full || a->oom)
            return PW_UNAVAILABLE;
        if ((fields[i].flags & FIELD_REQUIRED) && missing(&fields[i], &values[i]) &&
            !problem_of(problems, fields[i].name))
            wrong(&c, missing_msgid(fields[i].kind));
    }
    *ret = values;
    return PW_OK;
}
