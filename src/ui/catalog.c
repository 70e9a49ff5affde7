/* SPDX-License-Identifier: EUPL-1.2 */
#include "ui/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unicode/uchar.h>
#include <unicode/uloc.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>
#include <unistd.h>

#include "ui/format_cache.h"
#include "ui/po.h"

enum { LANGS_MAX = 32, FILES_MAX = 512, MEMORY_MAX = 256 * 1024 * 1024 };
enum keyword { KW_ZERO, KW_ONE, KW_TWO, KW_FEW, KW_MANY, KW_OTHER, KW__MAX };
static const char *const keywords[KW__MAX] = {"zero", "one", "two", "few", "many", "other"};

struct message {
    struct sv id; /* {NULL,0} = free slot */
    bool plural;
    struct sv form[KW__MAX]; /* plain messages: form[KW_OTHER] */
};
struct catalog {
    struct catalogs *family;
    struct sv code, name, locale_tag;
    char locale[ULOC_FULLNAME_CAPACITY];
    bool rtl, source; /* source: English, whose ids are its sentences */
    struct message *slots;
    size_t size, n; /* size is a power of two */
    UPluralRules *rules;
    struct format_cache *formats;
    atomic_size_t missing;
};
struct catalogs {
    struct arena arena;
    struct catalog *v[LANGS_MAX];
    size_t n;
};

static uint64_t hash(struct sv s)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 1099511628211u;
    return h;
}

/* The slot of id: its message, or the free one where it would stand. size > n always. */
static struct message *slot_of(const struct catalog *c, struct sv id)
{
    size_t at = (size_t)hash(id) & (c->size - 1);
    while (c->slots[at].id.p && !sv_eq(c->slots[at].id, id))
        at = (at + 1) & (c->size - 1);
    return &c->slots[at];
}

static bool grow(struct catalog *c)
{
    struct message *old = c->slots;
    size_t old_size = c->size, size = c->size ? c->size * 2 : 1024;
    struct message *slots = arena_array(&c->family->arena, struct message, size);
    if (!slots)
        return false;
    c->slots = slots;
    c->size = size;
    for (size_t i = 0; i < old_size; i++)
        if (old[i].id.p)
            *slot_of(c, old[i].id) = old[i];
    return true;
}

/* ---- loading ---- */

static struct catalog *catalog_add(struct catalogs *cs, struct sv code)
{
    for (size_t i = 0; i < cs->n; i++)
        if (sv_eq(cs->v[i]->code, code))
            return cs->v[i];
    struct catalog *c = cs->n < LANGS_MAX ? arena_new(&cs->arena, struct catalog) : NULL;
    if (!c)
        return NULL;
    c->family = cs;
    c->code = arena_sv(&cs->arena, code);
    c->source = sv_eq(code, SV("en"));
    c->locale_tag = c->source ? SV("en-CA") : c->code;
    if (!grow(c))
        return NULL;
    cs->v[cs->n++] = c;
    return c;
}

static bool map_forms(const struct po_file *f, size_t at[PO_FORMS], size_t *ret_n)
{
    struct sv rest = po_header(f, "X-Plural-Keywords"), word;
    size_t n = 0;
    while (rest.n && sv_cut(&rest, ',', &word)) {
        word = sv_trim(word);
        size_t k = 0;
        while (k < KW__MAX && !sv_eq_z(word, keywords[k]))
            k++;
        if (k == KW__MAX || n == PO_FORMS)
            return false;
        at[n++] = k;
    }
    *ret_n = n;
    return true;
}

static enum pw_err merge(struct catalog *c, const struct po_file *f, int64_t *ret_line, const char **ret_why)
{
    size_t at[PO_FORMS], n_at = 0;
    *ret_line = 1;
    *ret_why = "X-Plural-Keywords: zero, one, two, few, many, other";
    if (!map_forms(f, at, &n_at))
        return PW_INVALID;
    struct sv tag = po_header(f, "X-Locale");
    if (tag.n)
        c->locale_tag = tag;
    for (size_t i = 0; i < f->n; i++) {
        const struct po_entry *e = &f->v[i];
        *ret_line = e->line;
        struct sv id = e->id;
        if (e->plural.n) {
            id = arena_fmt(&c->family->arena, "%.*s|%.*s", SV_ARG(e->id), SV_ARG(e->plural));
            if (e->n_form != n_at) {
                *ret_why = "as many msgstr[n] as X-Plural-Keywords names";
                return PW_INVALID;
            }
        }
        if (c->n * 2 >= c->size && !grow(c))
            return PW_INTERNAL;
        struct message *m = slot_of(c, id);
        if (m->id.p) /* the same sentence in another room: the first one stands, l10ncheck compares them */
            continue;
        *m = (struct message){.id = id, .plural = e->plural.n > 0};
        if (!m->plural)
            m->form[KW_OTHER] = e->form[0];
        for (size_t k = 0; m->plural && k < n_at; k++)
            m->form[at[k]] = e->form[k];
        c->n++;
    }
    return PW_OK;
}

static enum pw_err read_file(struct arena *a, const char *path, struct sv *ret)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return PW_UNAVAILABLE;
    enum pw_err e = PW_UNAVAILABLE;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= PO_FILE_MAX) {
        size_t want = (size_t)st.st_size, have = 0;
        char *p = arena_alloc(a, want + 1, 1);
        ssize_t got = 1;
        while (p && have < want && (got = read(fd, p + have, want - have)) > 0)
            have += (size_t)got;
        if (p && have == want) {
            *ret = (struct sv){p, have};
            e = PW_OK;
        }
    }
    close(fd);
    return e;
}

/* "community.fr.po" → "fr"; {0} for other names. */
static struct sv lang_of_file(struct sv name)
{
    if (!sv_ends(name, SV(".po")))
        return (struct sv){0};
    struct sv stem = sv_sub(name, 0, name.n - 3);
    for (size_t i = stem.n; i-- > 1;)
        if (stem.p[i] == '.')
            return sv_sub(stem, i + 1, stem.n);
    return (struct sv){0};
}

static int by_name(const void *x, const void *y)
{
    const char *const *a = x, *const *b = y;
    return strcmp(*a, *b);
}

static enum pw_err list_dir(struct arena *a, struct sv dir, const char **names, size_t *ret_n)
{
    DIR *d = opendir(arena_z(a, dir));
    if (!d)
        return PW_UNAVAILABLE;
    size_t n = 0;
    for (struct dirent *e = readdir(d); e && n < FILES_MAX; e = readdir(d))
        if (lang_of_file(sv_of(e->d_name)).n)
            names[n++] = arena_z(a, sv_of(e->d_name));
    closedir(d);
    qsort(names, n, sizeof *names, by_name);
    *ret_n = n;
    return PW_OK;
}

static enum pw_err finish_catalog(struct catalog *c)
{
    UErrorCode status = U_ZERO_ERROR;
    char *tag = arena_z(&c->family->arena, c->locale_tag);
    uloc_forLanguageTag(tag, c->locale, sizeof c->locale, NULL, &status);
    c->rules = U_SUCCESS(status) ? uplrules_open(c->locale, &status) : NULL;
    c->rtl = uloc_isRightToLeft(c->locale);
    c->formats = format_cache_new(c->locale);
    UChar own[128], title[160];
    char utf8[512];
    int32_t n = 0;
    char *code = arena_z(&c->family->arena, c->code);
    int32_t len = uloc_getDisplayName(code, code, own, 128, &status);
    len = u_strToTitle(title, 160, own, len, NULL, code, &status);
    u_strToUTF8(utf8, sizeof utf8, &n, title, len, &status);
    if (U_FAILURE(status) || !c->formats)
        return PW_INTERNAL;
    c->name = arena_sv(&c->family->arena, (struct sv){utf8, (size_t)n});
    return PW_OK;
}

static size_t rank(struct sv code)
{
    static const char *const first[] = {"fr", "en", "ar"};
    for (size_t i = 0; i < 3; i++)
        if (sv_eq_z(code, first[i]))
            return i;
    return 3;
}

static int by_rank(const void *x, const void *y)
{
    const struct catalog *const *a = x, *const *b = y;
    size_t ra = rank((*a)->code), rb = rank((*b)->code);
    return ra != rb ? (ra > rb) - (ra < rb) : sv_cmp((*a)->code, (*b)->code);
}

static enum pw_err load_files(struct catalogs *cs, struct sv dir, struct sv *ret_why, struct arena *a)
{
    const char **names = arena_array(&cs->arena, const char *, FILES_MAX);
    size_t n = 0;
    enum pw_err e = names ? list_dir(&cs->arena, dir, names, &n) : PW_INTERNAL;
    if (e != PW_OK)
        *ret_why = arena_fmt(a, "%.*s: cannot be read", SV_ARG(dir));
    for (size_t i = 0; e == PW_OK && i < n; i++) {
        const char *path = arena_fmt(&cs->arena, "%.*s/%s", SV_ARG(dir), names[i]).p, *why = "cannot be read";
        struct sv bytes = {0};
        struct po_file file = {0};
        int64_t line = 0;
        struct catalog *c = catalog_add(cs, lang_of_file(sv_of(names[i])));
        e = c && path ? read_file(&cs->arena, path, &bytes) : PW_INTERNAL;
        if (e == PW_OK)
            e = po_read(&cs->arena, bytes, &file, &line, &why);
        if (e == PW_OK)
            e = merge(c, &file, &line, &why);
        if (e != PW_OK)
            *ret_why = arena_fmt(a, "%s:%lld: %s", names[i], (long long)line, why);
    }
    return e;
}

enum pw_err catalogs_load(struct sv dir, struct catalogs **ret, struct sv *ret_why, struct arena *a)
{
    struct catalogs *cs = calloc(1, sizeof *cs);
    if (!cs)
        return PW_INTERNAL;
    arena_init(&cs->arena, MEMORY_MAX);
    enum pw_err e = load_files(cs, dir, ret_why, a);
    if (e == PW_OK && !catalog_add(cs, SV("en")))
        e = PW_INTERNAL;
    for (size_t i = 0; e == PW_OK && i < cs->n; i++) {
        e = finish_catalog(cs->v[i]);
        if (e != PW_OK)
            *ret_why = arena_fmt(a, "%.*s: ICU has no such language", SV_ARG(cs->v[i]->code));
    }
    if (e != PW_OK) {
        catalogs_free(cs);
        return e;
    }
    qsort(cs->v, cs->n, sizeof cs->v[0], by_rank);
    *ret = cs;
    return PW_OK;
}

void catalogs_free(struct catalogs *cs)
{
    if (!cs)
        return;
    for (size_t i = 0; i < cs->n; i++) {
        if (cs->v[i]->rules)
            uplrules_close(cs->v[i]->rules);
        format_cache_free(cs->v[i]->formats);
    }
    arena_finish(&cs->arena);
    free(cs);
}

/* ---- choosing ---- */

/* By the code as it is, then by its first part: fr-CA → fr. */
static const struct catalog *find(const struct catalogs *cs, struct sv lang)
{
    for (size_t i = 0; i < cs->n; i++)
        if (sv_ieq(cs->v[i]->code, lang))
            return cs->v[i];
    for (size_t i = lang.n; i-- > 1;)
        if (lang.p[i] == '-' || lang.p[i] == '_')
            return find(cs, sv_sub(lang, 0, i));
    return NULL;
}

const struct catalog *catalog_of(const struct catalogs *cs, struct sv lang)
{
    const struct catalog *c = lang.n ? find(cs, lang) : NULL;
    return c ? c : cs->v[0]; /* French when it is there: by_rank */
}

bool catalog_has(const struct catalogs *cs, struct sv lang)
{
    return lang.n && find(cs, lang);
}

size_t catalog_list(const struct catalogs *cs, struct sv *codes, struct sv *names, size_t max)
{
    size_t n = cs->n < max ? cs->n : max;
    for (size_t i = 0; i < n; i++) {
        codes[i] = cs->v[i]->code;
        names[i] = cs->v[i]->name;
    }
    return n;
}

/* "0.8" → 800; what is not a quality counts as 0. */
static int64_t quality(struct sv s)
{
    int64_t whole = 0, q = 0, unit = 100;
    struct sv head, rest = sv_trim(s);
    if (!sv_cut(&rest, '.', &head) || !sv_int(head, &whole) || whole < 0 || whole > 1)
        return 0;
    for (size_t i = 0; i < rest.n && i < 3; i++, unit /= 10) {
        if (rest.p[i] < '0' || rest.p[i] > '9')
            return 0;
        q += (rest.p[i] - '0') * unit;
    }
    return whole == 1 ? 1000 : q;
}

struct sv catalog_negotiate(const struct catalogs *cs, struct sv accept_language)
{
    struct sv rest = sv_sub(accept_language, 0, 1000), piece, best = {0};
    int64_t best_q = 0;
    while (sv_cut(&rest, ',', &piece)) {
        struct sv tag, param;
        int64_t q = 1000;
        if (!sv_cut(&piece, ';', &tag))
            continue;
        while (sv_cut(&piece, ';', &param)) {
            param = sv_trim(param);
            if (param.n > 2 && (param.p[0] == 'q' || param.p[0] == 'Q') && param.p[1] == '=')
                q = quality(sv_sub(param, 2, param.n));
        }
        tag = sv_trim(tag);
        const struct catalog *c = tag.n && tag.n < 40 ? find(cs, tag) : NULL;
        if (c && q > best_q) {
            best = c->code;
            best_q = q;
        }
    }
    return best;
}

/* ---- reading ---- */

struct sv catalog_lang(const struct catalog *c)
{
    return c->code;
}

const char *catalog_locale(const struct catalog *c)
{
    return c->locale;
}

bool catalog_rtl(const struct catalog *c)
{
    return c->rtl;
}

const struct catalogs *catalog_family(const struct catalog *c)
{
    return c->family;
}

struct format_cache *catalog_formats(const struct catalog *c)
{
    return c->formats;
}

size_t catalog_missing(const struct catalog *c)
{
    return atomic_load(&c->missing);
}

static const struct message *look_up(const struct catalog *c, struct sv id)
{
    const struct message *m = slot_of(c, id);
    if (m->id.p)
        return m;
    if (!c->source) /* the counter alone changes after loading */
        atomic_fetch_add(&((struct catalog *)(uintptr_t)c)->missing, 1);
    return NULL;
}

struct sv catalog_get(const struct catalog *c, const char *msgid)
{
    struct sv id = sv_of(msgid);
    const struct message *m = id.n ? look_up(c, id) : NULL;
    return m && m->form[KW_OTHER].n ? m->form[KW_OTHER] : id;
}

static enum keyword keyword_of(const struct catalog *c, int64_t count)
{
    UChar word[16];
    char ascii[16] = "";
    UErrorCode status = U_ZERO_ERROR;
    int32_t n = uplrules_select(c->rules, (double)count, word, 16, &status);
    for (int32_t i = 0; U_SUCCESS(status) && i < n && i < 15; i++)
        ascii[i] = (char)word[i];
    for (size_t k = 0; k < KW__MAX; k++)
        if (strcmp(ascii, keywords[k]) == 0)
            return (enum keyword)k;
    return KW_OTHER;
}

struct sv catalog_plural(const struct catalog *c, const char *msgid, int64_t count)
{
    struct sv id = sv_of(msgid), one, rest = id;
    const struct message *m = look_up(c, id);
    if (m) {
        struct sv form = m->form[keyword_of(c, count)];
        if (form.n == 0)
            form = m->form[KW_OTHER];
        if (form.n)
            return form;
    }
    if (!sv_cut(&rest, '|', &one) || rest.n == 0)
        return id;
    return count == 1 || count == -1 ? one : rest;
}
