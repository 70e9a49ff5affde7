/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/sms_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/unicode.h"

enum { PLAIN_MAX = 64 * 1024 };

/* The character at text[*io], which moves behind it; bytes that are not UTF-8 count one each and fit no alphabet. */
static uint32_t next_char(struct sv s, size_t *io)
{
    const unsigned char *p = (const unsigned char *)s.p + *io;
    size_t left = s.n - *io, n = p[0] < 0x80 ? 1 : p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : p[0] >= 0xc0 ? 2 : 1;
    uint32_t c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if (i >= left || (p[i] & 0xc0) != 0x80) {
            (*io)++;
            return 0xfffd;
        }
        c = c << 6 | (p[i] & 0x3fu);
    }
    *io += n;
    return n == 1 && p[0] >= 0x80 ? 0xfffd : c;
}

/* Septets of a character: 1, 2 (by the extension table), 0 when GSM-7 has no such character. */
static int64_t septets(uint32_t c)
{
    static const uint32_t more[] = {0xa3,  0xa5,  0xe8,  0xe9,  0xf9,  0xec,  0xf2,  0xc7,  0xd8,  0xf8,
                                    0xc5,  0xe5,  0x394, 0x3a6, 0x393, 0x39b, 0x3a9, 0x3a0, 0x3a8, 0x3a3,
                                    0x398, 0x39e, 0xc6,  0xe6,  0xdf,  0xc9,  0xa4,  0xa1,  0xc4,  0xd6,
                                    0xd1,  0xdc,  0xa7,  0xbf,  0xe4,  0xf6,  0xf1,  0xfc,  0xe0};
    if (c == '\n' || c == '\r')
        return 1;
    if (c == '\f' || c == 0x20ac || (c < 0x80 && c && strchr("^{}\\[~]|", (int)c)))
        return 2;
    if (c >= ' ' && c < 0x7f)
        return c == '`' ? 0 : 1;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (more[i] == c)
            return 1;
    return 0;
}

static bool is_gsm7(struct sv s)
{
    for (size_t i = 0; i < s.n;)
        if (!septets(next_char(s, &i)))
            return false;
    return true;
}

/* No character is torn between two parts. */
static void count(struct sv s, struct sms_text *t)
{
    bool gsm = t->alphabet == SMS_GSM7;
    int64_t one = gsm ? SMS_GSM7_ONE : SMS_UCS2_ONE, more = gsm ? SMS_GSM7_MORE : SMS_UCS2_MORE, in_part = 0;
    t->units = 0;
    t->parts = s.n ? 1 : 0;
    for (size_t i = 0; i < s.n;) {
        uint32_t c = next_char(s, &i);
        int64_t w = gsm ? septets(c) : c > 0xffff ? 2 : 1;
        t->units += w;
        if (in_part + w > more) {
            t->parts++;
            in_part = 0;
        }
        in_part += w;
    }
    if (s.n && t->units <= one)
        t->parts = 1;
}

static const char *plain_form(uint32_t c)
{
    switch (c) {
    case 0x2018: /* single quotation marks, apostrophes */
    case 0x2019:
    case 0x201a:
    case 0x201b:
    case 0x2bc:
        return "'";
    case 0x201c: /* double quotation marks */
    case 0x201d:
    case 0x201e:
    case 0x201f:
    case 0xab:
    case 0xbb:
        return "\"";
    case 0x2010: /* hyphens and dashes */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
    case 0x2015:
        return "-";
    case 0x2026:
        return "...";
    case 0xa0: /* no-break and thin spaces, tab */
    case 0x2007:
    case 0x2009:
    case 0x202f:
    case '\t':
        return " ";
    case 0x2022:
        return "-";
    default:
        return NULL;
    }
}

static bool is_thin_space(uint32_t c)
{
    return c == 0xa0 || c == 0x202f || c == 0x2009 || c == 0x2007;
}

static struct sv plain_marks_of(struct arena *a, struct sv s)
{
    struct buf b;
    buf_init(&b, PLAIN_MAX);
    uint32_t before = 0;
    for (size_t i = 0; i < s.n;) {
        size_t from = i, after = i;
        uint32_t c = next_char(s, &i);
        after = i;
        uint32_t then = after < s.n ? next_char(s, &after) : 0;
        const char *plain = plain_form(c);
        /* The space inside « » belongs to the mark and goes with it. */
        bool inside = is_thin_space(c) && (before == 0xab || then == 0xbb);
        if (!inside && plain)
            buf_z(&b, plain);
        else if (!inside)
            buf_add(&b, sv_sub(s, from, i - from));
        before = c;
    }
    struct sv out = buf_ok(&b) ? arena_sv(a, buf_sv(&b)) : s;
    buf_finish(&b);
    return out;
}

void sms_prepare(struct arena *a, struct sv written, bool plain_marks, struct sms_text *ret)
{
    struct sv text;
    /* Isolates around names are for screens: on a telephone each costs a character, and is a box on old ones. */
    if (text_no_bidi(a, written, &text) != PW_OK)
        text = written;
    struct sms_text t = {.alphabet = SMS_GSM7, .text = text};
    if (!is_gsm7(text)) {
        struct sv plain = plain_marks ? plain_marks_of(a, text) : text;
        if (is_gsm7(plain))
            t.text = plain;
        else
            t.alphabet = SMS_UCS2;
    }
    count(t.text, &t);
    *ret = t;
}

static struct sv with_tail(struct arena *a, struct sv head, struct sv tail)
{
    return tail.n ? arena_join(a, arena_join(a, head, SV("\n")), tail) : head;
}

static bool fits(struct arena *a, struct sv head, struct sv tail, bool plain_marks, int64_t max_parts)
{
    struct sms_text t;
    sms_prepare(a, with_tail(a, head, tail), plain_marks, &t);
    return t.parts <= max_parts;
}

/* The head of at most n bytes that ends before a space, else at a character. */
static struct sv word_head(struct sv s, size_t n)
{
    size_t at = n;
    while (at && s.p[at] != ' ' && s.p[at] != '\n')
        at--;
    if (!at)
        for (at = n; at && ((unsigned char)s.p[at] & 0xc0) == 0x80;)
            at--;
    return sv_trim(sv_sub(s, 0, at));
}

/* Longer heads never need fewer parts: halving finds the longest that fits. `more` stands behind a cut head. */
static struct sv longest_head(struct arena *a, struct sv s, struct sv more, struct sv tail, bool plain_marks,
                              int64_t max_parts)
{
    size_t low = 0, high = s.n;
    struct sv best = {0};
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        struct sv head = word_head(s, middle);
        if (head.n && !fits(a, arena_join(a, head, more), tail, plain_marks, max_parts)) {
            high = middle;
            continue;
        }
        if (head.n)
            best = head;
        low = middle;
    }
    return best;
}

struct sv sms_fit(struct arena *a, struct sv text, struct sv tail, bool plain_marks, int64_t max_parts)
{
    static const struct sv more = {"...", 3};
    struct sv s = sv_trim(text);
    if (fits(a, s, tail, plain_marks, max_parts))
        return with_tail(a, s, tail);
    struct sv head = longest_head(a, s, more, tail, plain_marks, max_parts);
    return head.n ? with_tail(a, arena_join(a, head, more), tail) : tail;
}

struct sv sms_cut(struct arena *a, struct sv *rest, bool plain_marks, int64_t max_parts)
{
    struct sv s = sv_trim(*rest);
    if (fits(a, s, (struct sv){0}, plain_marks, max_parts)) {
        *rest = (struct sv){0};
        return s;
    }
    struct sv head = longest_head(a, s, (struct sv){0}, (struct sv){0}, plain_marks, max_parts);
    if (!head.n) /* nothing fits, not even a character: out it goes all the same, or there would be no end */
        head = s;
    *rest = sv_trim(sv_sub(s, head.n, s.n));
    return head;
}
