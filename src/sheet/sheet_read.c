/* SPDX-License-Identifier: EUPL-1.2 */
/* What kind of file it is, in which encoding, and what separates its cells. */
#include <string.h>

#include "base/unicode.h"
#include "sheet_parts.h"

enum { LOOK_LINES = 30, LOOK_BYTES = 64 * 1024 };

size_t sheet_utf8(uint32_t c, char out[4])
{
    if (c == 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return 0;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | c >> 6);
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 63));
    out[2] = (char)(0x80 | (c >> 6 & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static enum pw_err wrong(struct csv_fault *f, size_t line, const char *msgid)
{
    *f = (struct csv_fault){line, msgid};
    return PW_INVALID;
}

/* ---- encodings ---- */

static uint32_t unit_at(struct sv s, size_t i, bool big)
{
    unsigned char a = (unsigned char)s.p[i], b = (unsigned char)s.p[i + 1];
    return big ? (uint32_t)(a << 8 | b) : (uint32_t)(b << 8 | a);
}

static bool from_utf16(struct arena *a, struct sv s, bool big, struct sv *ret)
{
    if (s.n % 2)
        return false;
    char *out = arena_alloc(a, s.n / 2 * 3 + 1, 1);
    size_t n = 0;
    if (!out)
        return false;
    for (size_t i = 0; i < s.n; i += 2) {
        uint32_t c = unit_at(s, i, big);
        if (c >= 0xD800 && c < 0xDC00 && i + 3 < s.n) {
            uint32_t low = unit_at(s, i + 2, big);
            if (low < 0xDC00 || low > 0xDFFF)
                return false;
            c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
            i += 2;
        }
        size_t k = sheet_utf8(c, out + n); /* four bytes for two units: there is room */
        if (!k)
            return false;
        n += k;
    }
    *ret = (struct sv){out, n};
    return true;
}

static bool from_1252(struct arena *a, struct sv s, struct sv *ret)
{
    static const uint16_t high[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                      0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                      0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                      0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
    char *out = arena_alloc(a, s.n * 3 + 1, 1);
    size_t n = 0;
    if (!out)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        size_t k = sheet_utf8(c >= 0x80 && c < 0xA0 ? high[c - 0x80] : c, out + n);
        if (!k)
            return false;
        n += k;
    }
    *ret = (struct sv){out, n};
    return true;
}

/* Without a mark: every second byte of Latin text is zero. */
static bool looks_utf16(struct sv s, bool big)
{
    size_t look = s.n < 512 ? s.n : 512, zero = 0;
    if (s.n < 4 || s.n % 2)
        return false;
    for (size_t i = big ? 0 : 1; i < look; i += 2)
        zero += s.p[i] == 0;
    return zero * 2 > look / 2;
}

static enum pw_err to_utf8(struct arena *a, struct sv bytes, struct sv *ret, struct csv_fault *f)
{
    bool ok = true;
    if (bytes.n > TEXT_MAX)
        return wrong(f, 0, N_("This file is too large."));
    if (sv_starts(bytes, SV("\xFF\xFE")) || sv_starts(bytes, SV("\xFE\xFF")))
        ok = from_utf16(a, sv_sub(bytes, 2, SIZE_MAX), bytes.p[0] == '\xFE', ret);
    else if (looks_utf16(bytes, false) || looks_utf16(bytes, true))
        ok = from_utf16(a, bytes, looks_utf16(bytes, true), ret);
    else if (!bytes.n || text_valid(bytes))
        *ret = bytes;
    else
        ok = from_1252(a, bytes, ret);
    if (a->oom)
        return PW_UNAVAILABLE;
    if (ok && sv_starts(*ret, SV("\xEF\xBB\xBF")))
        *ret = sv_sub(*ret, 3, SIZE_MAX);
    return ok ? PW_OK : wrong(f, 0, N_("This is not a table that can be read. Save it as XLSX, or as CSV in UTF-8."));
}

/* ---- separators ---- */

/* Cells of the lines at the beginning, for one separator: are all lines cut into the same number, more than one? */
static int points_of(struct sv text, char sep)
{
    size_t counts[LOOK_LINES] = {0}, lines = 0;
    bool quoted = false, any = false;
    size_t look = text.n < LOOK_BYTES ? text.n : LOOK_BYTES;
    for (size_t i = 0; i < look && lines < LOOK_LINES; i++) {
        char c = text.p[i];
        if (c == '"') {
            quoted = !quoted;
        } else if (quoted) {
            continue;
        } else if (c == sep) {
            counts[lines]++;
        } else if (c == '\n') {
            lines += any; /* empty lines say nothing */
            any = false;
            continue;
        }
        any = any || c != '\r';
    }
    if (any && lines < LOOK_LINES)
        lines++;
    size_t with = 0, same = 0;
    for (size_t i = 0; i < lines; i++) {
        with += counts[i] > 0;
        same += counts[i] == counts[0];
    }
    if (!with)
        return 0;
    return with == lines && same == lines ? 3 : with == lines ? 2 : 1;
}

static char separator_of(struct sv *io_text)
{
    static const char seps[] = {'\t', ';', ',', '|'}; /* the comma may be a decimal one: after the semicolon */
    if (sv_starts(*io_text, SV("sep=")) && io_text->n > 4) {
        char sep = io_text->p[4];
        const char *end = memchr(io_text->p, '\n', io_text->n);
        *io_text = end ? sv_sub(*io_text, (size_t)(end - io_text->p) + 1, SIZE_MAX) : (struct sv){0};
        return memchr(seps, sep, sizeof seps) ? sep : ',';
    }
    char best = ',';
    int most = 0;
    for (size_t i = 0; i < sizeof seps; i++) {
        int points = points_of(*io_text, seps[i]);
        if (points > most) {
            most = points;
            best = seps[i];
        }
    }
    return best;
}

/* Line ends of old programs: CR alone, nowhere LF. */
static struct sv with_lf(struct arena *a, struct sv s)
{
    if (!s.n || memchr(s.p, '\n', s.n) || !memchr(s.p, '\r', s.n))
        return s;
    char *z = arena_z(a, s);
    for (size_t i = 0; !a->oom && i < s.n; i++)
        if (z[i] == '\r')
            z[i] = '\n';
    return (struct sv){z, s.n};
}

static bool row_empty(const struct csv_row *r)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].n)
            return false;
    return true;
}

enum pw_err sheet_read(struct arena *a, struct sv bytes, const struct sheet_limits *limits, struct sheet_read *ret,
                       struct csv_fault *ret_fault)
{
    struct sheet_read r = {0};
    const struct csv_limits cl = {limits->rows, limits->columns, limits->cell_bytes};
    struct sv text = {0};
    *ret_fault = (struct csv_fault){0};
    if (sv_starts(bytes, SV("\xD0\xCF\x11\xE0")))
        return wrong(ret_fault, 0, N_("This is a workbook of the old kind (.xls). Save it as .xlsx or CSV."));
    if (sv_starts(bytes, SV("PK\x03\x04"))) {
        PW_TRY(sheet_read_xlsx(a, bytes, limits, &r, ret_fault));
    } else {
        PW_TRY(to_utf8(a, bytes, &text, ret_fault));
        text = with_lf(a, text);
        char sep = separator_of(&text);
        PW_TRY(csv_read(a, text, sep, true, &cl, &r.table, ret_fault));
    }
    while (r.table.n && row_empty(&r.table.v[r.table.n - 1]))
        r.table.n--;
    *ret = r;
    return PW_OK;
}
