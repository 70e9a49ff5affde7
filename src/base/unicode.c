/* SPDX-License-Identifier: EUPL-1.2 */
#include "unicode.h"

#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

/* ICU's macros, kept in three places because they convert between signed and unsigned freely. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
/* The code point at s.p[*i], or a negative value when it is not UTF-8; *i moves behind it. */
static UChar32 next_utf8(struct sv s, int32_t *i)
{
    int32_t at = *i, n = (int32_t)s.n;
    UChar32 c;
    U8_NEXT(s.p, at, n, c);
    *i = at;
    return c;
}

static int32_t put_utf8(char *p, int32_t at, UChar32 c)
{
    U8_APPEND_UNSAFE(p, at, c);
    return at;
}

static UChar32 next_utf16(const UChar *p, int32_t n, int32_t *i)
{
    int32_t at = *i;
    UChar32 c;
    U16_NEXT(p, at, n, c);
    *i = at;
    return c;
}

static int32_t put_utf16(UChar *p, int32_t at, UChar32 c)
{
    U16_APPEND_UNSAFE(p, at, c);
    return at;
}
#pragma GCC diagnostic pop

/* The size of the code point at s.p[i] and the code point; a byte that is not UTF-8 is one and negative. */
static size_t code_point(struct sv s, size_t i, UChar32 *ret)
{
    int32_t at = 0;
    *ret = next_utf8(sv_sub(s, i, 4), &at);
    return *ret < 0 ? 1 : (size_t)at;
}

static bool is_ascii(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x80)
            return false;
    return true;
}

bool text_valid(struct sv s)
{
    if (s.n > TEXT_MAX)
        return false;
    int32_t i = 0, n = (int32_t)s.n;
    while (i < n) {
        UChar32 c = next_utf8(s, &i);
        if (c <= 0) /* negative: no UTF-8; zero: a NUL would end the text at every library border */
            return false;
    }
    return true;
}

size_t text_count(struct sv s)
{
    size_t count = 0;
    UChar32 c;
    for (size_t i = 0; i < s.n; count++)
        i += code_point(s, i, &c);
    return count;
}

/* ---- between UTF-8 and ICU's UTF-16, in the arena ---- */

struct wide {
    UChar *p;
    int32_t n, size;
};

static enum pw_err to_wide(struct arena *a, struct sv s, struct wide *ret)
{
    UErrorCode e = U_ZERO_ERROR;
    struct wide w = {arena_array(a, UChar, s.n + 1), 0, (int32_t)s.n + 1}; /* never more units than bytes */
    if (!w.p)
        return PW_UNAVAILABLE;
    u_strFromUTF8(w.p, w.size, &w.n, s.p ? s.p : "", (int32_t)s.n, &e);
    if (U_FAILURE(e))
        return PW_INVALID;
    *ret = w;
    return PW_OK;
}

static enum pw_err to_utf8(struct arena *a, struct wide w, struct sv *ret)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0, size = w.n * 3 + 1; /* a unit is at most three bytes */
    char *p = arena_alloc(a, (size_t)size, 1);
    if (!p)
        return PW_UNAVAILABLE;
    u_strToUTF8(p, size, &n, w.p, w.n, &e);
    if (U_FAILURE(e))
        return PW_INTERNAL;
    *ret = (struct sv){p, (size_t)n};
    return PW_OK;
}

static enum pw_err normalized(struct arena *a, const UNormalizer2 *form, struct wide in, struct wide *ret)
{
    /* measured first: a compatibility form can be eighteen times as long */
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = unorm2_normalize(form, in.p, in.n, NULL, 0, &e);
    if (U_FAILURE(e) && e != U_BUFFER_OVERFLOW_ERROR)
        return PW_INTERNAL;
    if (n > TEXT_MAX)
        return PW_INVALID;
    struct wide w = {arena_array(a, UChar, (size_t)n + 1), n, n + 1};
    if (!w.p)
        return PW_UNAVAILABLE;
    e = U_ZERO_ERROR;
    unorm2_normalize(form, in.p, in.n, w.p, w.size, &e);
    if (U_FAILURE(e))
        return PW_INTERNAL;
    *ret = w;
    return PW_OK;
}

enum pw_err text_nfc(struct arena *a, struct sv s, struct sv *ret)
{
    if (!text_valid(s))
        return PW_INVALID;
    if (is_ascii(s)) {
        *ret = s;
        return PW_OK;
    }
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&e);
    struct wide w;
    if (U_FAILURE(e))
        return PW_INTERNAL;
    PW_TRY(to_wide(a, s, &w));
    if (unorm2_isNormalized(nfc, w.p, w.n, &e) && U_SUCCESS(e)) {
        *ret = s;
        return PW_OK;
    }
    PW_TRY(normalized(a, nfc, w, &w));
    return to_utf8(a, w, ret);
}

/* ---- search form ---- */

static bool blank(UChar32 c)
{
    return u_isUWhiteSpace(c);
}

/* Vowel marks and accents of scripts that are written without them as well. The marks of Devanagari, Thai and others
 * are letters to their readers and stay. */
static bool mark_to_drop(UChar32 c)
{
    int8_t type = u_charType(c);
    if (type != U_NON_SPACING_MARK && type != U_ENCLOSING_MARK)
        return false;
    UErrorCode e = U_ZERO_ERROR;
    switch (uscript_getScript(c, &e)) {
    case USCRIPT_INHERITED:
    case USCRIPT_COMMON:
    case USCRIPT_ARABIC:
    case USCRIPT_HEBREW:
    case USCRIPT_SYRIAC:
    case USCRIPT_LATIN:
    case USCRIPT_GREEK:
    case USCRIPT_CYRILLIC:
        return true;
    default:
        return false;
    }
}

/* One letter for its forms. Hamza on its carrier was split off by the decomposition and dropped as a mark. */
static UChar32 same_letter(UChar32 c)
{
    switch (c) {
    case 0x0671: /* alef wasla */
    case 0x0672:
    case 0x0673:
    case 0x0675:
        return 0x0627;
    case 0x0649: /* alef maksura */
    case 0x06CC: /* Farsi ya */
    case 0x06CD:
    case 0x06D0:
    case 0x06D2: /* Urdu bari ya */
        return 0x064A;
    case 0x0629: /* ta marbuta */
    case 0x06C1: /* Urdu he goal */
    case 0x06C3:
    case 0x06BE: /* he doachashmee */
    case 0x06D5:
        return 0x0647;
    case 0x06A9: /* keheh */
    case 0x06AA:
        return 0x0643;
    case 0x06BA: /* noon ghunna */
        return 0x0646;
    case 0x00F8: /* ø */
        return 'o';
    case 0x0111: /* đ */
        return 'd';
    case 0x0142: /* ł */
        return 'l';
    case 0x0131: /* dotless i */
        return 'i';
    case 0x2018: /* apostrophes */
    case 0x2019:
    case 0x02BC:
    case 0x00B4:
    case 0x0060:
        return '\'';
    case 0x2010: /* hyphens and dashes */
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014:
        return '-';
    default:
        break;
    }
    if (c >= 0x80) {
        int32_t digit = u_charDigitValue(c);
        if (digit >= 0 && digit <= 9)
            return '0' + digit;
    }
    return c;
}

static const char *two_letters(UChar32 c)
{
    switch (c) {
    case 0x0153: /* œ */
        return "oe";
    case 0x00E6: /* æ */
        return "ae";
    case 0x00FE: /* þ */
        return "th";
    default:
        return NULL;
    }
}

/* Drops, maps and squeezes spaces; `out` has room for twice the units of `in`. */
static void fold_letters(struct wide in, struct wide *out)
{
    bool space = false;
    for (int32_t i = 0; i < in.n;) {
        UChar32 c = next_utf16(in.p, in.n, &i);
        if (blank(c)) {
            space = out->n > 0;
            continue;
        }
        int8_t type = u_charType(c);
        if (c == 0x0640 || type == U_FORMAT_CHAR || type == U_CONTROL_CHAR || mark_to_drop(c))
            continue;
        if (space)
            out->p[out->n++] = ' ';
        space = false;
        const char *two = two_letters(c);
        if (two) {
            out->p[out->n++] = (UChar)two[0];
            out->p[out->n++] = (UChar)two[1];
        } else {
            c = same_letter(c);
            out->n = put_utf16(out->p, out->n, c);
        }
    }
}

static enum pw_err fold_once(struct arena *a, struct wide in, struct wide *ret)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfkd = unorm2_getNFKDInstance(&e), *nfc = unorm2_getNFCInstance(&e);
    const UNormalizer2 *casefold = unorm2_getNFKCCasefoldInstance(&e);
    if (U_FAILURE(e))
        return PW_INTERNAL;
    struct wide w;
    PW_TRY(normalized(a, casefold, in, &w));
    PW_TRY(normalized(a, nfkd, w, &w));
    struct wide out = {arena_array(a, UChar, (size_t)w.n * 2 + 2), 0, w.n * 2 + 2};
    if (!out.p)
        return PW_UNAVAILABLE;
    fold_letters(w, &out);
    return normalized(a, nfc, out, ret);
}

static struct sv fold_ascii(struct arena *a, struct sv s)
{
    char *p = arena_alloc(a, s.n + 1, 1);
    size_t n = 0;
    bool space = false;
    if (!p)
        return (struct sv){0};
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            space = n > 0;
            continue;
        }
        if (c < ' ' || c == 0x7f)
            continue;
        if (space)
            p[n++] = ' ';
        space = false;
        p[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c == '`' ? '\'' : c;
    }
    return (struct sv){p, n};
}

enum pw_err text_fold(struct arena *a, struct sv s, struct sv *ret)
{
    if (!text_valid(s))
        return PW_INVALID;
    if (is_ascii(s)) {
        struct sv out = fold_ascii(a, s);
        if (!out.p)
            return PW_UNAVAILABLE;
        *ret = out;
        return PW_OK;
    }
    struct wide in, w;
    PW_TRY(to_wide(a, s, &in));
    /* Folding a letter can uncover another one to fold (a mark dropped between two that then join), so it is repeated
     * until nothing changes. */
    for (int round = 0; round < 4; round++) {
        PW_TRY(fold_once(a, in, &w));
        if (w.n == in.n && memcmp(w.p, in.p, (size_t)w.n * sizeof *w.p) == 0)
            break;
        in = w;
    }
    return to_utf8(a, w, ret);
}

/* ---- text to store and to show ---- */

static bool bidi_control(UChar32 c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F || c == 0x061C;
}

enum clean { CLEAN_BIDI, CLEAN_TEXT, CLEAN_LINE };

/* What takes the place of a character: itself, another one, or -1 for nothing. */
static UChar32 cleaned(UChar32 c, enum clean how)
{
    if (bidi_control(c))
        return -1;
    if (how == CLEAN_BIDI)
        return c;
    bool line_end = c == '\n' || c == 0x0085 || c == 0x2028 || c == 0x2029 || c == 0x0B || c == 0x0C || c == '\r';
    if (line_end)
        return how == CLEAN_LINE ? ' ' : '\n';
    if (c == '\t')
        return how == CLEAN_LINE ? ' ' : '\t';
    if (u_charType(c) == U_CONTROL_CHAR || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE || (c >= 0xFDD0 && c <= 0xFDEF))
        return -1;
    return c;
}

static enum pw_err filter(struct arena *a, struct sv s, enum clean how, struct sv *ret)
{
    if (!text_valid(s))
        return PW_INVALID;
    char *p = arena_alloc(a, s.n + 1, 1); /* no replacement is longer than what it replaces */
    if (!p)
        return PW_UNAVAILABLE;
    int32_t i = 0, n = (int32_t)s.n, at = 0;
    while (i < n) {
        UChar32 c = next_utf8(s, &i);
        if (c == '\r' && i < n && s.p[i] == '\n' && how != CLEAN_BIDI)
            continue;
        c = cleaned(c, how);
        if (c >= 0)
            at = put_utf8(p, at, c);
    }
    *ret = (struct sv){p, (size_t)at};
    return PW_OK;
}

enum pw_err text_no_bidi(struct arena *a, struct sv s, struct sv *ret)
{
    return filter(a, s, CLEAN_BIDI, ret);
}

enum pw_err text_clean(struct arena *a, struct sv s, struct sv *ret)
{
    struct sv out;
    PW_TRY(filter(a, s, CLEAN_TEXT, &out));
    return text_nfc(a, out, ret);
}

enum pw_err text_clean_line(struct arena *a, struct sv s, struct sv *ret)
{
    struct sv out;
    PW_TRY(filter(a, s, CLEAN_LINE, &out));
    PW_TRY(text_nfc(a, out, &out));
    *ret = sv_trim(out);
    return PW_OK;
}

struct sv text_prefix(struct sv s, size_t max_bytes)
{
    if (s.n <= max_bytes)
        return s;
    size_t n = max_bytes;
    while (n > 0 && max_bytes - n < 4 && ((unsigned char)s.p[n] & 0xC0) == 0x80)
        n--;
    return (struct sv){s.p, n};
}

struct sv text_cut(struct arena *a, struct sv s, size_t max)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    size_t i = 0, count = 0, keep = 0;
    if (s.n <= max)
        return s;
    while (i < s.n) {
        UChar32 c;
        size_t size = code_point(s, i, &c);
        /* a place to cut: before a character that does not belong to the one in front of it */
        if (count < max && (c < 0 || !(U_GET_GC_MASK(c) & U_GC_M_MASK)))
            keep = i;
        i += size;
        if (++count > max)
            break;
    }
    if (count <= max)
        return s;
    if (max == 0)
        return (struct sv){s.p, 0};
    return arena_join(a, (struct sv){s.p, keep}, (struct sv){ellipsis, 3});
}
