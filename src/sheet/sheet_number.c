/* SPDX-License-Identifier: EUPL-1.2 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sheet.h"

enum { NUMBER_CHARS = 40 };

/* What stands at s.p[i]: '0'…'9', '.' or ',' (marks), ' ' (a group), '-' or 0 (something else); its bytes. */
static char sign_at(struct sv s, size_t i, size_t *ret_n)
{
    static const struct {
        const char *bytes;
        char is;
    } wide[] = {
        {"\xC2\xA0", ' '},     {"\xE2\x80\xAF", ' '}, {"\xE2\x80\x89", ' '}, {"\xE2\x80\x99", ' '}, /* no-break, thin */
        {"\xD9\xAC", ' '},     {"\xD9\xAB", 'd'},     {"\xE2\x88\x92", '-'},                        /* Arabic marks */
        {"\xE2\x80\x8E", 'x'}, {"\xE2\x80\x8F", 'x'}, {"\xD8\x9C", 'x'}, /* direction marks say nothing */
    };
    unsigned char c = (unsigned char)s.p[i];
    *ret_n = 1;
    if (c < 0x80)
        return c == '\'' ? ' ' : strchr("0123456789., -", c) && c ? (char)c : c == '+' ? 'x' : 0;
    if (i + 1 < s.n) {
        unsigned char d = (unsigned char)s.p[i + 1];
        *ret_n = 2;
        if (c == 0xD9 && d >= 0xA0 && d <= 0xA9) /* Arabic-Indic digits */
            return (char)('0' + (d - 0xA0));
        if (c == 0xDB && d >= 0xB0 && d <= 0xB9) /* … of Persian and Urdu */
            return (char)('0' + (d - 0xB0));
    }
    for (size_t k = 0; k < sizeof wide / sizeof *wide; k++) {
        struct sv w = sv_of(wide[k].bytes);
        if (sv_starts(sv_sub(s, i, SIZE_MAX), w)) {
            *ret_n = w.n;
            return wide[k].is;
        }
    }
    return 0;
}

/* Digits and marks in ASCII, "-" first; 'd' is a mark that can only be a decimal one. */
static bool plain(struct sv s, char out[NUMBER_CHARS])
{
    size_t n = 0, step;
    for (size_t i = 0; i < s.n; i += step) {
        char c = sign_at(s, i, &step);
        if (c == 0 || n + 1 >= NUMBER_CHARS || (c == '-' && n > 0) || (c == 'x' && s.p[i] == '+' && n > 0))
            return false;
        if (c != 'x')
            out[n++] = c;
    }
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = 0;
    return n > 0;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A group mark has one to three digits before the first and exactly three behind each. */
static bool groups_ok(const char *z, char mark, const char *end)
{
    size_t run = 0;
    bool first = true;
    for (const char *p = z; p < end; p++) {
        if (digit(*p)) {
            run++;
        } else if (*p == mark) {
            if (first ? run < 1 || run > 3 : run != 3)
                return false;
            first = false;
            run = 0;
        }
    }
    return first || run == 3;
}

static size_t times(const char *z, char c)
{
    size_t n = 0;
    for (; *z; z++)
        n += *z == c;
    return n;
}

/* Which mark begins the decimals: none (0), or the only possible reading. False when there is no reading. */
static bool decimal_of(const char *z, char *ret)
{
    size_t points = times(z, '.'), commas = times(z, ','), only = times(z, 'd');
    *ret = 0;
    if (only) {
        *ret = 'd';
        return only == 1;
    }
    if (points && commas) {
        *ret = strrchr(z, '.') > strrchr(z, ',') ? '.' : ',';
        return times(z, *ret) == 1;
    }
    char mark = points ? '.' : ',';
    if (points + commas != 1)
        return true;
    bool group = z[0] != '0' && !times(z, ' ') && groups_ok(z, mark, z + strlen(z));
    if (!group)
        *ret = mark;
    return true;
}

bool sheet_number(struct sv text, double *ret)
{
    char z[NUMBER_CHARS], clean[NUMBER_CHARS], mark = 0;
    size_t n = 0;
    text = sv_trim(text);
    /* as a workbook keeps it: 1.127E3 */
    if (text.n && text.n < NUMBER_CHARS && (memchr(text.p, 'E', text.n) || memchr(text.p, 'e', text.n))) {
        char *end;
        memcpy(z, text.p, text.n);
        z[text.n] = 0;
        if (strspn(z, "0123456789.eE+-") != text.n || (!digit(z[0]) && !(z[0] == '-' && digit(z[1]))))
            return false;
        double v = strtod(z, &end);
        if (*end || !isfinite(v))
            return false;
        *ret = v;
        return true;
    }
    if (!plain(text, z))
        return false;
    const char *from = z + (z[0] == '-');
    while (*from == ' ')
        from++;
    if (!decimal_of(from, &mark))
        return false;
    const char *end = mark ? strchr(from, mark) : from + strlen(from);
    static const char marks[] = {' ', ',', '.'};
    for (size_t i = 0; i < sizeof marks; i++)
        if (marks[i] != mark && !groups_ok(from, marks[i], end))
            return false;
    if (!digit(*from) || (mark && end[1] == 0))
        return false;
    if (z[0] == '-')
        clean[n++] = '-';
    for (const char *p = from; *p; p++) {
        if (digit(*p))
            clean[n++] = *p;
        else if (mark && p == end)
            clean[n++] = '.';
        else if (p > end)
            return false; /* a group inside the decimals */
    }
    clean[n] = 0;
    *ret = strtod(clean, NULL);
    return true;
}

bool sheet_whole(struct sv text, int64_t *ret)
{
    double v;
    if (!sheet_number(text, &v) || v != floor(v) || fabs(v) >= 9007199254740992.0)
        return false;
    *ret = (int64_t)v;
    return true;
}
