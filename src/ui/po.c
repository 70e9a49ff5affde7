/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/po.h"

#include <string.h>

#include "base/buf.h"
#include "base/unicode.h"

enum part { PART_NONE, PART_ID, PART_PLURAL, PART_STR };

struct reader {
    struct arena *a;
    struct po_file *out;
    size_t room; /* entries allocated */
    int64_t line;
    const char *why;
    struct po_entry now;
    struct buf text; /* of the open string */
    enum part part;
    size_t form;
    bool fuzzy, seen_str;
};

static bool refuse(struct reader *r, const char *why)
{
    r->why = why;
    return false;
}

/* Puts the collected text where it belongs. */
static void end_string(struct reader *r)
{
    struct sv s = arena_sv(r->a, buf_sv(&r->text));
    buf_clear(&r->text);
    if (r->part == PART_ID)
        r->now.id = s;
    else if (r->part == PART_PLURAL)
        r->now.plural = s;
    else if (r->part == PART_STR)
        r->now.form[r->form] = s;
    r->part = PART_NONE;
}

static bool add_entry(struct reader *r)
{
    struct po_file *f = r->out;
    if (f->n == r->room) {
        size_t room = r->room ? r->room * 2 : 128;
        struct po_entry *v = arena_array(r->a, struct po_entry, room);
        if (!v)
            return refuse(r, "too large");
        if (f->n)
            memcpy(v, f->v, f->n * sizeof *v);
        f->v = v;
        r->room = room;
    }
    f->v[f->n++] = r->now;
    return true;
}

static bool end_entry(struct reader *r)
{
    end_string(r);
    bool any = r->seen_str, ok = true;
    if (r->now.line && !any)
        return refuse(r, "msgid without msgstr");
    if (any && r->now.id.n == 0)
        r->out->header = r->now.form[0];
    else if (any && !r->fuzzy)
        ok = add_entry(r);
    r->now = (struct po_entry){0};
    r->fuzzy = r->seen_str = false;
    return ok;
}

/* "…" at the start of s, up to its end: the text is added to the open string. */
static bool read_quoted(struct reader *r, struct sv s)
{
    s = sv_trim(s);
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
        return refuse(r, "expected a quoted text");
    for (size_t i = 1; i + 1 < s.n; i++) {
        char c = s.p[i];
        if (c == '"')
            return refuse(r, "a quote inside the text is written \\\"");
        if (c == '\\') {
            char e = s.p[++i];
            if (i + 1 >= s.n || !strchr("nt\"\\", e) || !e)
                return refuse(r, "unknown escape");
            c = e == 'n' ? '\n' : e == 't' ? '\t' : e;
        }
        buf_c(&r->text, c);
    }
    return buf_ok(&r->text) ? true : refuse(r, "text too long");
}

static bool read_form(struct reader *r, struct sv s)
{
    size_t form = 0;
    if (s.n > 2 && s.p[0] == '[' && s.p[1] >= '0' && s.p[1] < '0' + PO_FORMS && s.p[2] == ']') {
        form = (size_t)(s.p[1] - '0');
        s = sv_sub(s, 3, s.n);
        if (r->now.plural.n == 0 && r->part != PART_PLURAL)
            return refuse(r, "msgstr[n] without msgid_plural");
    } else if (r->now.plural.n || r->part == PART_PLURAL) {
        return refuse(r, "a plural message needs msgstr[0], msgstr[1] …");
    }
    if (!r->now.line)
        return refuse(r, "msgstr without msgid");
    end_string(r);
    if (form != r->now.n_form)
        return refuse(r, "msgstr out of order");
    r->part = PART_STR;
    r->form = form;
    r->now.n_form = form + 1;
    r->seen_str = true;
    return read_quoted(r, s);
}

static bool read_line(struct reader *r, struct sv line)
{
    line = sv_trim(line);
    if (line.n == 0)
        return end_entry(r);
    if (line.p[0] == '#') {
        if (r->seen_str && !end_entry(r))
            return false;
        if (sv_starts(line, SV("#,")) && sv_find(line, SV("fuzzy")) >= 0)
            r->fuzzy = true;
        return true;
    }
    if (line.p[0] == '"')
        return r->part == PART_NONE ? refuse(r, "text that belongs to nothing") : read_quoted(r, line);
    if (sv_starts(line, SV("msgid_plural"))) {
        if (r->part != PART_ID)
            return refuse(r, "msgid_plural stands after msgid");
        end_string(r);
        r->part = PART_PLURAL;
        return read_quoted(r, sv_sub(line, 12, line.n));
    }
    if (sv_starts(line, SV("msgid"))) {
        bool fuzzy = r->fuzzy && !r->seen_str;
        if (r->now.line && !end_entry(r))
            return false;
        r->fuzzy = fuzzy;
        r->now.line = r->line;
        r->part = PART_ID;
        return read_quoted(r, sv_sub(line, 5, line.n));
    }
    if (sv_starts(line, SV("msgstr")))
        return read_form(r, sv_sub(line, 6, line.n));
    return refuse(r, "this line is not understood");
}

enum pw_err po_read(struct arena *a, struct sv bytes, struct po_file *ret, int64_t *ret_line, const char **ret_why)
{
    struct po_file file = {0};
    struct reader r = {.a = a, .out = &file};
    buf_init(&r.text, 64 * 1024);
    bool ok = true;
    struct sv rest = bytes, line;
    if (bytes.n > PO_FILE_MAX)
        ok = refuse(&r, "file too large");
    else if (!text_valid(bytes))
        ok = refuse(&r, "not valid UTF-8");
    while (ok && sv_cut(&rest, '\n', &line)) {
        r.line++;
        ok = read_line(&r, line);
    }
    ok = ok && end_entry(&r);
    buf_finish(&r.text);
    if (ok && a->oom)
        ok = refuse(&r, "too large");
    if (!ok) {
        *ret_line = r.line;
        *ret_why = r.why;
        return PW_INVALID;
    }
    *ret = file;
    return PW_OK;
}

struct sv po_header(const struct po_file *f, const char *name)
{
    struct sv rest = f->header, line, want = sv_of(name);
    while (sv_cut(&rest, '\n', &line))
        if (line.n > want.n && line.p[want.n] == ':' && sv_ieq(sv_sub(line, 0, want.n), want))
            return sv_trim(sv_sub(line, want.n + 1, line.n));
    return (struct sv){0};
}
