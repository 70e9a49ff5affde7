/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/page.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/id.h"
#include "ui/format_cache.h"

#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"

enum escape { ESCAPE_ALL, ESCAPE_TEXT, ESCAPE_NONE }; /* ESCAPE_TEXT: between tags, quotes stay as they are */

/* ICU's macro narrows ints on purpose. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
static UChar32 next_char(const char *text, int32_t *i, int32_t n)
{
    const uint8_t *p = (const uint8_t *)text;
    int32_t at = *i;
    UChar32 c;
    U8_NEXT(p, at, n, c);
    *i = at;
    return c;
}
#pragma GCC diagnostic pop

static struct sv entity(char c, enum escape how)
{
    if (how == ESCAPE_NONE)
        return (struct sv){0};
    switch (c) {
    case '&':
        return SV("&amp;");
    case '<':
        return SV("&lt;");
    case '>':
        return SV("&gt;");
    case '"':
        return how == ESCAPE_ALL ? SV("&quot;") : (struct sv){0};
    case '\'':
        return how == ESCAPE_ALL ? SV("&#39;") : (struct sv){0};
    default:
        return (struct sv){0};
    }
}

/* What is left out or replaced in people's words: broken bytes, control characters, embeddings and overrides, and an
 * isolate end that nothing opened. `deep` counts open isolates. */
static bool unfit(UChar32 c, size_t *deep)
{
    if (c < 0)
        return true;
    if ((c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) || (c >= 0x202a && c <= 0x202e))
        return true;
    if (c >= 0x2066 && c <= 0x2068)
        ++*deep;
    if (c == 0x2069 && *deep)
        --*deep;
    else if (c == 0x2069)
        return true;
    return false;
}

static void write_words(struct buf *out, struct sv s, enum escape how)
{
    size_t deep = 0;
    int32_t i = 0, from = 0, n = s.n > INT32_MAX / 2 ? 0 : (int32_t)s.n;
    while (i < n) {
        int32_t at = i;
        UChar32 c = next_char(s.p, &i, n);
        struct sv as = c > 0 && c < 0x80 ? entity((char)c, how) : (struct sv){0};
        bool drop = !as.n && unfit(c, &deep);
        if (!as.n && !drop)
            continue;
        buf_add(out, (struct sv){s.p + from, (size_t)(at - from)});
        buf_add(out, c < 0 ? SV("\xef\xbf\xbd") : as);
        from = i;
    }
    if (n > from)
        buf_add(out, (struct sv){s.p + from, (size_t)(n - from)});
    while (deep--)
        buf_add(out, SV(PDI));
}

/* Text of the product, from the catalogue: only what HTML needs is changed. */
static void write_own(struct buf *out, struct sv s, enum escape how)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        struct sv as = entity(s.p[i], how);
        if (!as.n)
            continue;
        buf_add(out, sv_sub(s, from, i - from));
        buf_add(out, as);
        from = i + 1;
    }
    buf_add(out, sv_sub(s, from, s.n));
}

void html_text(struct page *pg, struct sv s)
{
    write_words(pg->out, s, ESCAPE_ALL);
}

void html_raw(struct page *pg, struct sv literal)
{
    buf_add(pg->out, literal);
}

void html_int(struct page *pg, int64_t v)
{
    format_cache_int(catalog_formats(pg->cat), pg->out, v);
}

void html_dec(struct page *pg, int64_t v)
{
    buf_int(pg->out, v);
}

void html_id(struct page *pg, int64_t id)
{
    char text[ID_TEXT + 1];
    buf_add(pg->out, id_text(id, text));
}

void html_url(struct page *pg, struct sv s)
{
    buf_url(pg->out, s);
}

bool href_ok(struct sv url)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:"};
    for (size_t i = 0; i < url.n; i++) /* browsers drop tabs and line ends inside URLs: "/\t/x" would be "//x" */
        if ((unsigned char)url.p[i] <= 0x20 || url.p[i] == 0x7f || url.p[i] == '\\')
            return false;
    if (url.n && url.p[0] == '/')
        return url.n == 1 || url.p[1] != '/';
    if (url.n && (url.p[0] == '#' || url.p[0] == '?'))
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        struct sv scheme = sv_of(schemes[i]);
        if (url.n > scheme.n && sv_ieq(sv_sub(url, 0, scheme.n), scheme))
            return true;
    }
    return false;
}

void html_href(struct page *pg, struct sv url)
{
    write_words(pg->out, href_ok(url) ? url : SV("#"), ESCAPE_ALL);
}

void html_html(struct page *pg, struct html h)
{
    buf_add(pg->out, h.s);
}

/* ---- translated sentences ---- */

/* Must an argument be isolated so that it keeps its own order inside a sentence of this direction? An address stays
 * bare: an app that makes a link of it would take the invisible character in. */
bool text_needs_isolate(struct sv s, bool rtl)
{
    if (sv_starts(s, SV("https://")) || sv_starts(s, SV("http://")))
        return false;
    bool has_rtl = false, has_other = false;
    for (int32_t i = 0, n = (int32_t)(s.n > 100000 ? 100000 : s.n); i < n;) {
        UChar32 c = next_char(s.p, &i, n);
        UCharDirection d = c < 0 ? U_OTHER_NEUTRAL : u_charDirection(c);
        if (d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC)
            has_rtl = true;
        else if (d == U_LEFT_TO_RIGHT || d == U_EUROPEAN_NUMBER)
            has_other = true;
    }
    return rtl ? has_other || !has_rtl : has_rtl;
}

static void write_arg(struct buf *out, struct sv arg, bool rtl, bool flat, enum escape how)
{
    if (flat) {
        bool isolate = arg.n && text_needs_isolate(arg, rtl);
        buf_add(out, isolate ? SV(FSI) : SV(""));
        write_words(out, arg, how);
        buf_add(out, isolate ? SV(PDI) : SV(""));
        return;
    }
    buf_add(out, SV("<bdi>"));
    write_words(out, arg, ESCAPE_ALL);
    buf_add(out, SV("</bdi>"));
}

static void write_sentence(struct buf *out, struct sv text, const struct sv *args, size_t n, bool rtl, bool flat,
                           enum escape how)
{
    size_t from = 0;
    for (size_t i = 0; i + 2 < text.n; i++) {
        if (text.p[i] != '{' || text.p[i + 2] != '}' || text.p[i + 1] < '0' || text.p[i + 1] > '3')
            continue;
        size_t at = (size_t)(text.p[i + 1] - '0');
        write_own(out, sv_sub(text, from, i - from), how);
        if (at < n)
            write_arg(out, args[at], rtl, flat, how);
        i += 2;
        from = i + 1;
    }
    write_own(out, sv_sub(text, from, text.n), how);
}

/* A count is the product's own text: no markup around it. */
static void write_count(struct buf *out, const struct catalog *cat, const char *msgid, int64_t count, enum escape how)
{
    struct sv text = catalog_plural(cat, msgid, count);
    ptrdiff_t at = sv_find(text, SV("{0}"));
    if (at < 0) {
        write_own(out, text, how);
        return;
    }
    write_own(out, sv_sub(text, 0, (size_t)at), how);
    format_cache_int(catalog_formats(cat), out, count);
    write_own(out, sv_sub(text, (size_t)at + 3, text.n), how);
}

void html_t(struct page *pg, const char *msgid, const struct sv *args, size_t n)
{
    write_sentence(pg->out, catalog_get(pg->cat, msgid), args, n, catalog_rtl(pg->cat), false, ESCAPE_TEXT);
}

void html_t_flat(struct page *pg, const char *msgid, const struct sv *args, size_t n)
{
    write_sentence(pg->out, catalog_get(pg->cat, msgid), args, n, catalog_rtl(pg->cat), true, ESCAPE_ALL);
}

void html_n(struct page *pg, const char *msgid, int64_t count)
{
    write_count(pg->out, pg->cat, msgid, count, ESCAPE_TEXT);
}

void html_n_flat(struct page *pg, const char *msgid, int64_t count)
{
    write_count(pg->out, pg->cat, msgid, count, ESCAPE_ALL);
}

enum { SENTENCE_MAX = 1024 * 1024 };

struct sv text_t(const struct catalog *cat, struct arena *a, const char *msgid, const struct sv *args, size_t n)
{
    struct buf out;
    buf_init(&out, SENTENCE_MAX);
    write_sentence(&out, catalog_get(cat, msgid), args, n, catalog_rtl(cat), true, ESCAPE_NONE);
    struct sv s = arena_sv(a, buf_sv(&out));
    buf_finish(&out);
    return s;
}

struct sv page_say(const struct page *pg, const char *msgid)
{
    return text_t(pg->cat, pg->arena, msgid, NULL, 0);
}

struct sv text_n(const struct catalog *cat, struct arena *a, const char *msgid, int64_t count)
{
    struct buf out;
    buf_init(&out, SENTENCE_MAX);
    write_count(&out, cat, msgid, count, ESCAPE_NONE);
    struct sv s = arena_sv(a, buf_sv(&out));
    buf_finish(&out);
    return s;
}
