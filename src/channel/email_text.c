/* SPDX-License-Identifier: EUPL-1.2 */
/* What a person wrote in a mail, out of everything that mail programs put around it. */
#include <glib.h>
#include <string.h>

#include "base/unicode.h"
#include "channel/email.h"

/* ---- charsets ---- */

static struct sv repaired(struct arena *a, struct sv bytes)
{
    char *z = g_utf8_make_valid(bytes.p ? bytes.p : "", (gssize)bytes.n);
    struct sv out = arena_sv(a, sv_of(z));
    g_free(z);
    return out;
}

static bool convert(struct arena *a, struct sv bytes, const char *charset, struct sv *ret)
{
    gsize n = 0;
    char *z = g_convert_with_fallback(bytes.p, (gssize)bytes.n, "UTF-8", charset, "\xEF\xBF\xBD", NULL, &n, NULL);
    if (!z)
        return false;
    *ret = repaired(a, (struct sv){z, n});
    g_free(z);
    return true;
}

struct sv email_utf8(struct arena *a, struct sv bytes, const char *charset)
{
    struct sv out;
    if (!bytes.n)
        return bytes;
    bool utf8 = !charset || !*charset || g_ascii_strcasecmp(charset, "utf-8") == 0 ||
                g_ascii_strcasecmp(charset, "us-ascii") == 0 || g_ascii_strcasecmp(charset, "unknown-8bit") == 0;
    if (utf8 && g_utf8_validate(bytes.p, (gssize)bytes.n, NULL))
        return bytes;
    /* Programs that say Latin-1 mean Windows' larger set: its quotes and the euro. */
    if (!utf8 && g_ascii_strcasecmp(charset, "iso-8859-1") == 0)
        charset = "windows-1252";
    if (!utf8 && convert(a, bytes, charset, &out))
        return out;
    if (g_utf8_validate(bytes.p, (gssize)bytes.n, NULL))
        return bytes;
    return convert(a, bytes, "windows-1252", &out) ? out : repaired(a, bytes);
}

/* ---- pages as text ---- */

struct tags {
    struct buf out;
    int quote; /* depth of blockquotes */
    int skip;  /* inside something that is not shown */
    bool space, at_start;
    struct sv href;
    size_t link_from;
};

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

static void line_end(struct tags *t)
{
    while (t->out.n && t->out.p[t->out.n - 1] == ' ')
        t->out.n--;
    if (t->out.n)
        buf_c(&t->out, '\n');
    t->at_start = true;
    t->space = false;
}

static void block(struct tags *t)
{
    if (!t->at_start)
        line_end(t);
}

static void put_char(struct tags *t, const char *p, size_t n)
{
    if (t->skip)
        return;
    if (n == 1 && is_space(*p)) {
        t->space = true;
        return;
    }
    if (t->at_start) {
        for (int i = 0; i < t->quote && i < 8; i++)
            buf_z(&t->out, "> ");
    } else if (t->space) {
        buf_c(&t->out, ' ');
    }
    t->space = t->at_start = false;
    buf_add(&t->out, (struct sv){p, n});
}

static void entity(struct tags *t, struct sv *io)
{
    static const struct {
        const char *name, *text;
    } named[] = {{"amp", "&"},           {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},
                 {"nbsp", "\xC2\xA0"},   {"eacute", "é"}, {"egrave", "è"}, {"agrave", "à"}, {"ccedil", "ç"},
                 {"ecirc", "ê"},         {"ocirc", "ô"},  {"icirc", "î"},  {"ucirc", "û"},  {"acirc", "â"},
                 {"ugrave", "ù"},        {"euml", "ë"},   {"iuml", "ï"},   {"oelig", "œ"},  {"Eacute", "É"},
                 {"Agrave", "À"},        {"laquo", "«"},  {"raquo", "»"},  {"rsquo", "’"},  {"lsquo", "‘"},
                 {"ldquo", "“"},         {"rdquo", "”"},  {"hellip", "…"}, {"ndash", "–"},  {"mdash", "—"},
                 {"euro", "€"},          {"bull", "•"},   {"middot", "·"}, {"copy", "©"},   {"zwnj", "\xE2\x80\x8C"},
                 {"zwj", "\xE2\x80\x8D"}};
    const char *end = memchr(io->p, ';', io->n < 12 ? io->n : 12);
    struct sv name = end ? (struct sv){io->p + 1, (size_t)(end - io->p) - 1} : (struct sv){0};
    if (name.n > 1 && name.p[0] == '#') {
        bool hex = name.p[1] == 'x' || name.p[1] == 'X';
        gunichar v = 0;
        bool ok = name.n > (hex ? 2U : 1U);
        for (size_t i = hex ? 2 : 1; i < name.n && ok; i++) {
            int d = hex ? g_ascii_xdigit_value(name.p[i]) : g_ascii_digit_value(name.p[i]);
            ok = d >= 0;
            v = ok ? v * (hex ? 16 : 10) + (gunichar)d : v;
        }
        char text[8];
        if (ok && v >= 32 && g_unichar_validate(v)) {
            put_char(t, text, (size_t)g_unichar_to_utf8(v, text));
            *io = sv_sub(*io, name.n + 2, io->n);
            return;
        }
    }
    for (size_t i = 0; name.n && i < sizeof named / sizeof *named; i++)
        if (sv_eq_z(name, named[i].name)) {
            put_char(t, named[i].text, strlen(named[i].text));
            *io = sv_sub(*io, name.n + 2, io->n);
            return;
        }
    put_char(t, "&", 1);
    *io = sv_sub(*io, 1, io->n);
}

static struct sv attribute(struct sv tag, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i + n + 2 < tag.n; i++) {
        if (!is_space(tag.p[i]) || !sv_ieq(sv_sub(tag, i + 1, n), sv_of(name)))
            continue;
        struct sv rest = sv_trim(sv_sub(tag, i + 1 + n, tag.n));
        if (!rest.n || rest.p[0] != '=')
            continue;
        rest = sv_trim(sv_sub(rest, 1, rest.n));
        char quote = rest.n ? rest.p[0] : 0;
        if (quote != '"' && quote != '\'')
            return (struct sv){0};
        const char *end = memchr(rest.p + 1, quote, rest.n - 1);
        return end ? (struct sv){rest.p + 1, (size_t)(end - rest.p) - 1} : (struct sv){0};
    }
    return (struct sv){0};
}

static bool one_of(struct sv name, const char *const *v)
{
    for (; *v; v++)
        if (sv_ieq(name, sv_of(*v)))
            return true;
    return false;
}

static void element(struct tags *t, struct sv tag)
{
    static const char *const hidden[] = {"script", "style", "head", "title", "template", NULL};
    static const char *const blocks[] = {"p",  "div", "tr", "table",   "ul",      "ol",  "h1",     "h2",     "h3",
                                         "h4", "h5",  "h6", "section", "article", "pre", "header", "footer", NULL};
    bool closing = tag.n && tag.p[0] == '/';
    size_t from = closing ? 1 : 0, n = from;
    while (n < tag.n && (g_ascii_isalnum(tag.p[n])))
        n++;
    struct sv name = sv_sub(tag, from, n - from);
    if (one_of(name, hidden)) {
        if (!closing && !sv_ends(tag, SV("/")))
            t->skip++;
        else if (closing && t->skip > 0)
            t->skip--;
        return;
    }
    if (sv_ieq(name, SV("body")) && !closing) /* a head that was never closed must not hide everything */
        t->skip = 0;
    if (t->skip)
        return;
    if (sv_ieq(name, SV("br"))) {
        line_end(t);
    } else if (sv_ieq(name, SV("blockquote"))) {
        block(t);
        t->quote = closing ? (t->quote > 0 ? t->quote - 1 : 0) : t->quote + 1;
    } else if (sv_ieq(name, SV("li"))) {
        block(t);
        if (!closing) {
            put_char(t, "-", 1);
            t->space = true;
        }
    } else if (sv_ieq(name, SV("td")) || sv_ieq(name, SV("th"))) {
        t->space = true;
    } else if (sv_ieq(name, SV("a"))) {
        if (!closing) {
            t->href = attribute(tag, "href");
            t->link_from = t->out.n;
        } else if (sv_starts(t->href, SV("http")) && t->href.n < 500) {
            struct sv shown = sv_trim(sv_sub(buf_sv(&t->out), t->link_from, t->out.n));
            if (sv_find(shown, t->href) < 0 && sv_find(t->href, shown) < 0 && !t->at_start) {
                buf_z(&t->out, " (");
                buf_add(&t->out, t->href);
                buf_z(&t->out, ")");
            }
            t->href = (struct sv){0};
        }
    } else if (one_of(name, blocks)) {
        block(t);
        if (closing && sv_ieq(name, SV("p")))
            line_end(t);
    }
}

struct sv email_text_of_html(struct arena *a, struct sv html)
{
    struct tags t = {.at_start = true};
    buf_init(&t.out, EMAIL_RAW_MAX);
    while (html.n) {
        if (sv_starts(html, SV("<!--"))) {
            ptrdiff_t end = sv_find(html, SV("-->"));
            html = end < 0 ? (struct sv){0} : sv_sub(html, (size_t)end + 3, html.n);
        } else if (html.p[0] == '<' && html.n > 1 && (g_ascii_isalpha(html.p[1]) || strchr("/!?", html.p[1]))) {
            const char *end = memchr(html.p, '>', html.n);
            size_t n = end ? (size_t)(end - html.p) : html.n;
            element(&t, sv_sub(html, 1, n - 1));
            html = sv_sub(html, n + 1, html.n);
        } else if (html.p[0] == '&') {
            entity(&t, &html);
        } else {
            size_t n = 1; /* a whole character */
            while (n < html.n && ((unsigned char)html.p[n] & 0xC0) == 0x80)
                n++;
            put_char(&t, html.p, n);
            html = sv_sub(html, n, html.n);
        }
    }
    struct sv out = arena_sv(a, buf_sv(&t.out));
    buf_finish(&t.out);
    return out;
}

/* ---- quotes and signatures ---- */

enum { LINES_MAX = 20000, HEAD_LINES = 4, ADVERT_LINES = 6 };

struct lines {
    struct sv *v;
    size_t n;
};

static struct lines lines_of(struct arena *a, struct sv text)
{
    struct lines l = {0};
    size_t n = 1;
    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    if (n > LINES_MAX)
        return l;
    l.v = arena_array(a, struct sv, n);
    struct sv rest = text, one;
    while (l.v && l.n < n && sv_cut(&rest, '\n', &one))
        l.v[l.n++] = one;
    return l;
}

/* Trimmed, also of no-break spaces, marks of direction and emphasis that programs put around their words. */
static struct sv bare(struct sv s)
{
    static const char *const noise[] = {
        "\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x8F", "\xE2\x80\x8E", "\xE2\x80\xAB", "\xE2\x80\xAC", "*", "_"};
    for (bool more = true; more;) {
        s = sv_trim(s);
        more = false;
        for (size_t i = 0; i < sizeof noise / sizeof *noise; i++) {
            struct sv x = sv_of(noise[i]);
            if (sv_starts(s, x)) {
                s = sv_sub(s, x.n, s.n);
                more = true;
            } else if (sv_ends(s, x)) {
                s.n -= x.n;
                more = true;
            }
        }
    }
    return s;
}

static bool blank(struct sv line)
{
    return bare(line).n == 0;
}

static bool quoted(struct sv line)
{
    line = sv_trim(line);
    return line.n && line.p[0] == '>';
}

static bool starts_one(struct sv s, const char *const *v)
{
    for (; *v; v++)
        if (sv_ieq(sv_sub(s, 0, strlen(*v)), sv_of(*v)))
            return true;
    return false;
}

static bool ends_one(struct sv s, const char *const *v)
{
    for (; *v; v++) {
        size_t n = strlen(*v);
        if (s.n >= n && sv_ieq(sv_sub(s, s.n - n, n), sv_of(*v)))
            return true;
    }
    return false;
}

/* "Le 3 mars 2026 à 10:12, X a écrit :", on up to three lines. Returns how many, 0 = none. */
static size_t attribution(const struct lines *l, size_t at)
{
    static const char *const begins[] = {"Le ", "On ", "في ", "بتاريخ ", "يوم ", "El ", "Am ", "Il ", "Em ", NULL};
    static const char *const ends[] = {"a écrit :",
                                       "a écrit:",
                                       "écrit :",
                                       "a \xC3\xA9"
                                       "crit\xC2\xA0:",
                                       "wrote:",
                                       "كتب:",
                                       "كتب :",
                                       "كتبت:",
                                       "كتبت :",
                                       "escribió:",
                                       "schrieb:",
                                       "ha scritto:",
                                       "escreveu:",
                                       NULL};
    static const char *const arabic[] = {"كتب ", "كتبت ", "تمت كتابة ما يلي بواسطة", NULL};
    bool said = false; /* "في 3 مارس 2026، كتب فلان:": the verb stands before the name */
    if (!starts_one(bare(l->v[at]), begins))
        return 0;
    for (size_t k = 0; k < 3 && at + k < l->n; k++) {
        struct sv line = bare(l->v[at + k]);
        if (blank(line) && k)
            return 0;
        for (const char *const *w = arabic; *w; w++)
            said |= sv_find(line, sv_of(*w)) >= 0;
        if (ends_one(line, ends) || (said && sv_ends(line, SV(":"))))
            return k + 1;
    }
    return 0;
}

static bool original_mark(struct sv line)
{
    static const char *const marks[] = {"-----Original Message-----",          "----- Original Message -----",
                                        "-----Message d'origine-----",         "-----Message d’origine-----",
                                        "----- Message d'origine -----",       "-------- Message d'origine --------",
                                        "-------- Message d’origine --------", "-------- Original message --------",
                                        "-----الرسالة الأصلية-----",           "----- الرسالة الأصلية -----",
                                        "-------- الرسالة الأصلية --------",   NULL};
    return starts_one(bare(line), marks);
}

/* The head that Outlook copies: From, then Sent and To close below. */
static bool copied_head(const struct lines *l, size_t at)
{
    static const char *const from[] = {"De :", "De:", "De\xC2\xA0:", "From:", "من:", "من :", NULL};
    static const char *const sent[] = {
        "Envoyé :",      "Envoyé:",        "Envoyé\xC2\xA0:", "Sent:",       "Date:", "Date :",
        "Date\xC2\xA0:", "تاريخ الإرسال:", "التاريخ:",        "تم الإرسال:", NULL};
    static const char *const to[] = {"À :", "À:", "À\xC2\xA0:", "A :", "To:", "إلى:", "إلى :", NULL};
    if (!starts_one(bare(l->v[at]), from))
        return false;
    bool has_sent = false, has_to = false;
    for (size_t k = 1; k <= HEAD_LINES && at + k < l->n; k++) {
        has_sent |= starts_one(bare(l->v[at + k]), sent);
        has_to |= starts_one(bare(l->v[at + k]), to);
    }
    return has_sent && has_to;
}

static bool advert(struct sv line)
{
    static const char *const begins[] = {"Sent from my ",
                                         "Sent from Mail for ",
                                         "Get Outlook for ",
                                         "Sent from Yahoo",
                                         "Sent from Outlook",
                                         "Sent with Proton",
                                         "Envoyé de mon ",
                                         "Envoyé depuis ",
                                         "Envoyé à partir de ",
                                         "Télécharger Outlook",
                                         "Obtenir Outlook",
                                         "Provenance : Courrier",
                                         "Envoyé avec ",
                                         "أُرسلت من ",
                                         "أرسلت من ",
                                         "أُرسل من ",
                                         "أرسل من ",
                                         "مُرسل من ",
                                         "مرسل من ",
                                         "تم الإرسال من ",
                                         "الحصول على Outlook",
                                         NULL};
    return starts_one(bare(line), begins);
}

/* Where the history below begins. */
static size_t cut_history(const struct lines *l)
{
    for (size_t i = 0; i < l->n; i++) {
        if (original_mark(l->v[i]) || copied_head(l, i)) {
            while (i > 0 && (blank(l->v[i - 1]) || sv_starts(sv_trim(l->v[i - 1]), SV("____"))))
                i--;
            return i;
        }
        size_t k = attribution(l, i);
        if (!k)
            continue;
        size_t after = i + k, last;
        while (after < l->n && blank(l->v[after]))
            after++;
        if (after < l->n && !quoted(l->v[after])) /* some programs do not mark the quoted lines */
            return i;
        for (last = after; last < l->n && (quoted(l->v[last]) || blank(l->v[last])); last++)
            ;
        if (last == l->n)
            return i;
    }
    size_t end = l->n; /* quoted lines without a word before them */
    while (end > 0 && (blank(l->v[end - 1]) || quoted(l->v[end - 1])))
        end--;
    return end;
}

/* Words below the quote: the quote at the top goes. */
static size_t skip_leading_quote(const struct lines *l, size_t end)
{
    size_t i = 0;
    while (i < end && blank(l->v[i]))
        i++;
    size_t k = i < end ? attribution(l, i) : 0, from = i + k;
    while (from < end && (blank(l->v[from]) || quoted(l->v[from])))
        from++;
    bool has_quote = false;
    for (size_t q = i + k; q < from; q++)
        has_quote |= quoted(l->v[q]);
    return has_quote && from < end ? from : 0;
}

static size_t cut_signature(const struct lines *l, size_t from, size_t end)
{
    for (size_t i = from; i < end; i++) {
        struct sv line = l->v[i];
        if (sv_ends(line, SV("\r")))
            line.n--;
        if (i > from && (sv_eq_z(line, "-- ") || sv_eq_z(line, "--") || sv_eq_z(line, "--\xC2\xA0")))
            return i;
    }
    for (size_t i = end, k = 0; i > from && k < ADVERT_LINES; i--, k++)
        if (advert(l->v[i - 1]))
            return i - 1;
    return end;
}

struct sv email_own_words(struct arena *a, struct sv text)
{
    struct lines l = lines_of(a, text);
    if (!l.n)
        return sv_trim(text);
    size_t end = cut_history(&l), from = skip_leading_quote(&l, end);
    end = cut_signature(&l, from, end);
    struct sv out = {0};
    if (from < end)
        out = sv_trim((struct sv){l.v[from].p, (size_t)(l.v[end - 1].p + l.v[end - 1].n - l.v[from].p)});
    return out.n ? out : sv_trim(text);
}

/* ---- language ---- */

struct sv email_lang_of(struct sv text)
{
    static const char *const fr[] = {"le",    "la",  "les",  "je", "est", "une",     "pour", "vous", "bonjour",
                                     "merci", "des", "dans", "et", "que", "comment", "où",   NULL};
    static const char *const en[] = {"the", "is",    "and", "you",    "to",  "how",  "hello", "thank", "thanks",
                                     "my",  "where", "can", "please", "for", "what", "i",     NULL};
    size_t arabic = 0, latin = 0, n_fr = 0, n_en = 0;
    text = text_prefix(text, 4000);
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        arabic += c >= 0xD8 && c <= 0xDB;
        latin += g_ascii_isalpha((char)c);
    }
    if (arabic > latin)
        return SV("ar");
    for (size_t i = 0; i < text.n;) {
        size_t n = 0;
        while (i + n < text.n && (g_ascii_isalpha(text.p[i + n]) || (text.p[i + n] & 0x80)))
            n++;
        n_fr += n && one_of(sv_sub(text, i, n), fr);
        n_en += n && one_of(sv_sub(text, i, n), en);
        i += n ? n : 1;
    }
    return n_fr > n_en ? SV("fr") : n_en > n_fr ? SV("en") : (struct sv){0};
}

/* ---- uuencode ---- */

static bool uu_line(struct buf *out, struct sv line)
{
    size_t want = (size_t)((line.p[0] - 32) & 63), have = 0;
    for (size_t i = 1; i + 3 < line.n + 3 && have < want; i += 4) {
        unsigned v = 0;
        for (size_t k = 0; k < 4; k++) {
            char c = i + k < line.n ? line.p[i + k] : '`';
            if (c < 32 || c > 96)
                return false;
            v = v << 6 | (unsigned)((c - 32) & 63);
        }
        for (int k = 2; k >= 0 && have < want; k--, have++)
            buf_c(out, (char)(v >> (8 * k) & 255));
    }
    return have == want;
}

bool email_cut_uuencoded(struct arena *a, struct sv *io_text, struct email_file *ret)
{
    struct sv rest = *io_text, line;
    while (rest.n) {
        const char *begin = rest.p;
        if (!sv_cut(&rest, '\n', &line))
            return false;
        struct sv words = line, word, mode;
        if (!sv_starts(line, SV("begin ")) || !sv_cut(&words, ' ', &word) || !sv_cut(&words, ' ', &mode) ||
            mode.n < 3 || mode.n > 4 || !words.n)
            continue;
        struct sv after = rest, name = sv_trim(words);
        struct buf out;
        buf_init(&out, EMAIL_FILES_BYTES);
        bool good = true, ended = false;
        while (good && !ended && sv_cut(&after, '\n', &line)) {
            if (sv_ends(line, SV("\r")))
                line.n--;
            ended = sv_eq_z(line, "end");
            if (!ended && line.n)
                good = uu_line(&out, line);
        }
        bool cut = good && ended && out.n && buf_ok(&out);
        if (cut) {
            ret->name = arena_sv(a, name);
            ret->type = SV("application/octet-stream");
            ret->bytes = arena_sv(a, buf_sv(&out));
            struct sv before = {io_text->p, (size_t)(begin - io_text->p)};
            *io_text = arena_join(a, before, after);
        }
        buf_finish(&out);
        if (cut)
            return true;
    }
    return false;
}
