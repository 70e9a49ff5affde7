/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/assisted/paste.h"

#include <string.h>

#include "base/civil.h"

/* ---- a line as ASCII wherever a date may stand ---- */

/* The same line with the digits, commas and spaces of all scripts as ASCII and without direction marks; at[i] is where
 * the i-th byte came from. */
struct plain {
    char *p;
    size_t *at;
    size_t n;
};

static int ascii_of(uint32_t c)
{
    if (c >= 0x660 && c <= 0x669)
        return (int)('0' + (c - 0x660));
    if (c >= 0x6F0 && c <= 0x6F9)
        return (int)('0' + (c - 0x6F0));
    if (c == 0xA0 || c == 0x202F || c == 0x2009)
        return ' ';
    if (c == 0x60C)
        return ',';
    if (c == 0x200E || c == 0x200F || c == 0x61C || c == 0xFEFF || (c >= 0x202A && c <= 0x202E) ||
        (c >= 0x2066 && c <= 0x2069))
        return 0; /* dropped */
    return -1;    /* stays */
}

/* Length of the character at p (valid UTF-8) and its code. */
static size_t code_at(struct sv s, size_t i, uint32_t *ret)
{
    unsigned char c = (unsigned char)s.p[i];
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (i + n > s.n)
        n = 1;
    uint32_t code = n == 1 ? c : c & (0x7Fu >> n);
    for (size_t k = 1; k < n; k++)
        code = code << 6 | ((unsigned char)s.p[i + k] & 0x3Fu);
    *ret = code;
    return n;
}

static bool plain_of(struct arena *a, struct sv line, struct plain *ret)
{
    *ret = (struct plain){arena_array(a, char, line.n + 1), arena_array(a, size_t, line.n + 1), 0};
    if (!ret->p || !ret->at)
        return false;
    for (size_t i = 0; i < line.n;) {
        uint32_t code;
        size_t n = code_at(line, i, &code);
        int ascii = ascii_of(code);
        if (ascii > 0) {
            ret->at[ret->n] = i;
            ret->p[ret->n++] = (char)ascii;
        } else if (ascii < 0) {
            for (size_t k = 0; k < n; k++) {
                ret->at[ret->n] = i + k;
                ret->p[ret->n++] = line.p[i + k];
            }
        }
        i += n;
    }
    ret->at[ret->n] = line.n;
    return true;
}

static struct sv view(const struct plain *x, size_t from, size_t to)
{
    return (struct sv){x->p + from, to - from};
}

/* ---- dates and times ---- */

struct stamp {
    int date[3]; /* as written, in order */
    int time[3];
    bool year_first, has_date, has_time, latin_half, afternoon, morning;
};

static bool number_at(struct sv s, size_t *io, int *ret, size_t *ret_digits)
{
    size_t i = *io;
    int v = 0;
    while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9' && i - *io < 4)
        v = v * 10 + (s.p[i++] - '0');
    *ret_digits = i - *io;
    if (i == *io || (i < s.n && s.p[i] >= '0' && s.p[i] <= '9'))
        return false;
    *io = i;
    *ret = v;
    return true;
}

static bool read_date(struct sv s, size_t *io, struct stamp *st)
{
    size_t i = *io, digits[3] = {0};
    char sep = 0;
    for (int k = 0; k < 3; k++) {
        if (k) {
            if (i >= s.n || (s.p[i] != '/' && s.p[i] != '.' && s.p[i] != '-') || (sep && s.p[i] != sep))
                return false;
            sep = s.p[i++];
        }
        if (!number_at(s, &i, &st->date[k], &digits[k]))
            return false;
    }
    st->year_first = digits[0] == 4;
    if (digits[st->year_first ? 1 : 0] > 2 || digits[1] > 2 || (!st->year_first && digits[2] != 4 && digits[2] != 2))
        return false;
    st->has_date = true;
    *io = i;
    return true;
}

static void read_half(struct sv s, size_t *io, struct stamp *st)
{
    static const struct {
        const char *text;
        bool afternoon, latin;
    } halves[] = {{"a.m.", false, true}, {"p.m.", true, true},       {"am", false, true},
                  {"pm", true, true},    {"\xD8\xB5", false, false}, {"\xD9\x85", true, false}}; /* sad, mim */
    size_t i = *io;
    while (i < s.n && s.p[i] == ' ')
        i++;
    for (size_t k = 0; k < sizeof halves / sizeof *halves; k++) {
        struct sv want = sv_of(halves[k].text);
        struct sv next = sv_sub(s, i + want.n, 1);
        if (!sv_ieq(sv_sub(s, i, want.n), want) || (next.n && strchr(" ,]-:", next.p[0]) == NULL))
            continue;
        st->afternoon = halves[k].afternoon;
        st->morning = !halves[k].afternoon;
        st->latin_half = halves[k].latin;
        *io = i + want.n;
        return;
    }
}

static bool read_time(struct sv s, size_t *io, struct stamp *st)
{
    size_t i = *io, digits;
    if (!number_at(s, &i, &st->time[0], &digits) || digits > 2 || i >= s.n || (s.p[i] != ':' && s.p[i] != 'h'))
        return false;
    i++;
    if (!number_at(s, &i, &st->time[1], &digits) || digits != 2)
        return false;
    st->time[2] = 0;
    if (i < s.n && s.p[i] == ':') {
        i++;
        if (!number_at(s, &i, &st->time[2], &digits) || digits != 2)
            return false;
    }
    read_half(s, &i, st);
    st->has_time = st->time[0] < 25 && st->time[1] < 60 && st->time[2] < 60;
    *io = i;
    return st->has_time;
}

static void skip_between(struct sv s, size_t *io)
{
    while (*io < s.n && (s.p[*io] == ' ' || s.p[*io] == ','))
        (*io)++;
}

/* Date and time in either order. */
static bool read_stamp(struct sv s, size_t *io, struct stamp *st)
{
    size_t i = *io;
    *st = (struct stamp){0};
    if (read_date(s, &i, st)) {
        skip_between(s, &i);
        if (!read_time(s, &i, st))
            return false;
    } else {
        i = *io;
        if (!read_time(s, &i, st))
            return false;
        skip_between(s, &i);
        if (!read_date(s, &i, st))
            return false;
    }
    *io = i;
    return true;
}

static bool local_of(const struct stamp *st, bool month_first, int64_t *ret)
{
    int year = st->year_first ? st->date[0] : st->date[2];
    int month = st->year_first ? st->date[1] : month_first ? st->date[0] : st->date[1];
    int day = st->year_first ? st->date[2] : month_first ? st->date[1] : st->date[0];
    int hour = st->time[0];
    if (year < 100)
        year += 2000;
    if (st->afternoon && hour < 12)
        hour += 12;
    if (st->morning && hour == 12)
        hour = 0;
    if (!civil_date_valid(year, month, day) || hour > 23)
        return false;
    *ret = civil_day(year, month, day) * CIVIL_DAY_MS + ((hour * INT64_C(60) + st->time[1]) * 60 + st->time[2]) * 1000;
    return true;
}

/* ---- heads of messages ---- */

enum style { STYLE_NONE, STYLE_DATED, STYLE_NOTICE, STYLE_ABOVE, STYLE_PLAIN };
struct head {
    enum style style;
    struct stamp stamp;
    size_t author_from, author_to; /* in the plain line */
    size_t text_from;
};

/* "Name: " from `from`: a name has 1 to PASTE_NAME_MAX bytes times four and no colon. */
static bool named(const struct plain *x, size_t from, struct head *h)
{
    while (from < x->n && (x->p[from] == ' ' || x->p[from] == '~')) /* "~ Name": not in one's contacts */
        from++;
    struct sv rest = view(x, from, x->n);
    const char *colon = memchr(rest.p, ':', rest.n);
    size_t n = colon ? (size_t)(colon - rest.p) : 0;
    if (!colon || n == 0 || n > 4 * PASTE_NAME_MAX || (n + 1 < rest.n && rest.p[n + 1] != ' '))
        return false;
    h->author_from = from;
    h->author_to = from + n;
    h->text_from = from + n + 1;
    return true;
}

static struct head head_of(const struct plain *x)
{
    struct head h = {0};
    struct sv s = {x->p, x->n};
    size_t i = 0, start;
    while (i < s.n && s.p[i] == ' ')
        i++;
    start = i;
    bool bracket = i < s.n && s.p[i] == '[';
    i += bracket;
    if (read_stamp(s, &i, &h.stamp)) {
        bool closed = bracket ? i < s.n && s.p[i] == ']' : i + 2 < s.n && memcmp(s.p + i, " - ", 3) == 0;
        if (closed) {
            i += bracket ? 1 : 3;
            while (i < s.n && s.p[i] == ' ')
                i++;
            h.style = named(x, i, &h) ? STYLE_DATED : STYLE_NOTICE;
            return h;
        }
    }
    /* Telegram: "Name, [04.03.2026 22:15]" */
    ptrdiff_t open = sv_find(s, SV(", ["));
    if (open > 0) {
        i = (size_t)open + 3;
        if (read_stamp(s, &i, &h.stamp) && i + 1 == s.n && s.p[i] == ']') {
            h.style = STYLE_ABOVE;
            h.author_from = start;
            h.author_to = (size_t)open;
            h.text_from = s.n;
            return h;
        }
    }
    struct sv web = sv_sub(s, start, 8);
    if (!sv_starts(web, SV("http:")) && !sv_starts(web, SV("https:")) && named(x, start, &h))
        h.style = STYLE_PLAIN;
    return h;
}

/* ---- the whole ---- */

struct reading {
    struct arena *a;
    struct paste *ret;
    bool dated; /* some head has a date: heads without one are words */
    bool month_first;
};

static bool is_head(const struct reading *r, const struct head *h)
{
    return r->dated ? h->style == STYLE_DATED || h->style == STYLE_NOTICE || h->style == STYLE_ABOVE
                    : h->style == STYLE_PLAIN;
}

/* One pass over the lines to learn whether there are dates, and which way round. */
static bool look(struct reading *r, struct sv text, int64_t now_local_ms)
{
    struct sv rest = text, line;
    bool not_day_first = false, not_month_first = false, future = false;
    while (sv_cut(&rest, '\n', &line)) {
        struct plain x;
        if (!plain_of(r->a, line, &x))
            return false;
        struct head h = head_of(&x);
        if (h.style != STYLE_DATED && h.style != STYLE_ABOVE && h.style != STYLE_NOTICE)
            continue;
        r->dated = true;
        int64_t at;
        if (h.stamp.latin_half)
            not_day_first = true; /* AM and PM: the American way round */
        if (!local_of(&h.stamp, false, &at))
            not_day_first = true;
        else if (at > now_local_ms + CIVIL_DAY_MS)
            future = true;
        if (!local_of(&h.stamp, true, &at))
            not_month_first = true;
    }
    r->month_first = (not_day_first || future) && !not_month_first;
    return true;
}

bool paste_parse(struct arena *a, struct sv text, int64_t now_local_ms, struct paste *ret)
{
    struct reading r = {.a = a, .ret = ret};
    struct paste_line *last = NULL;
    ret->n = ret->notices = 0;
    ret->more = false;
    if (!look(&r, text, now_local_ms))
        return false;
    ret->month_first = r.month_first;
    struct sv rest = text, line;
    while (sv_cut(&rest, '\n', &line)) {
        struct plain x;
        if (!plain_of(a, line, &x))
            return false;
        struct head h = head_of(&x);
        int64_t at = 0;
        bool head = is_head(&r, &h) && (!r.dated || local_of(&h.stamp, r.month_first, &at));
        if (!head) {
            if (last)
                last->text.n = (size_t)(line.p + line.n - last->text.p); /* the lines lie one behind the other */
            continue;
        }
        last = NULL;
        if (h.style == STYLE_NOTICE) {
            ret->notices++;
            continue;
        }
        if (ret->n == PASTE_MAX) {
            ret->more = true;
            break;
        }
        last = &ret->v[ret->n++];
        *last = (struct paste_line){
            .author = sv_trim(sv_sub(line, x.at[h.author_from], x.at[h.author_to] - x.at[h.author_from])),
            .text = {line.p + x.at[h.text_from], line.n - x.at[h.text_from]},
            .dated = r.dated,
            .local_ms = at};
    }
    size_t kept = 0; /* a head without any words says nothing */
    for (size_t i = 0; i < ret->n; i++) {
        ret->v[i].text = sv_trim(ret->v[i].text);
        if (ret->v[i].text.n)
            ret->v[kept++] = ret->v[i];
    }
    ret->n = kept;
    return kept > 0;
}
