/* SPDX-License-Identifier: EUPL-1.2 */
/* The word index of saved answers (KB-2, LANG-6): text is folded (no case, accents, Arabic marks or letter variants),
 * cut into words and stemmed; a query goes the same way in each language of the community. Plain rows, so that both
 * engines search alike. */
#include <libstemmer.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/unicode.h"
#include "feature/community/kb_store.h"

enum { WORD_BYTES_MAX = 60, QUERY_WORDS_MAX = 12, QUERY_BITS = 64, WEIGHT_MAX = 9, HITS_MAX = 2000 };

/* Folded already. Words so common that they find everything. */
static const char *const stop_fr[] = {"a",    "au",  "aux", "avec", "ce",   "ces", "dans", "de",     "des",  "du",
                                      "elle", "en",  "est", "et",   "il",   "je",  "la",   "le",     "les",  "leur",
                                      "ma",   "mes", "mon", "ne",   "nous", "ou",  "par",  "pas",    "pour", "que",
                                      "qui",  "sa",  "se",  "ses",  "son",  "sur", "un",   "une",    "vous", "y",
                                      "j",    "l",   "d",   "c",    "n",    "s",   "qu",   "est-ce", NULL};
static const char *const stop_en[] = {"a",    "an",   "and",   "are", "as",   "at",   "be",   "by",   "can", "do",
                                      "does", "for",  "from",  "how", "i",    "in",   "is",   "it",   "me",  "my",
                                      "of",   "on",   "or",    "our", "so",   "that", "the",  "this", "to",  "was",
                                      "we",   "what", "where", "who", "with", "you",  "your", NULL};
static const char *const stop_ar[] = {"في",  "من", "علي", "الي", "عن", "هل", "ما",  "هذا", "هذه",
                                      "انا", "و",  "ان",  "او",  "مع", "لا", "كيف", "اين", NULL};

static const char *const *stops_of(struct sv lang)
{
    return sv_starts(lang, SV("fr")) ? stop_fr : sv_starts(lang, SV("ar")) ? stop_ar : stop_en;
}

static bool is_stop(struct sv word, struct sv lang)
{
    for (const char *const *s = stops_of(lang); *s; s++)
        if (sv_eq_z(word, *s))
            return true;
    return false;
}

static void drop_stemmer(void *s)
{
    sb_stemmer_delete(s);
}

/* NULL for a language without one: words stay whole. */
static struct sb_stemmer *stemmer_of(struct ctx *c, struct sv lang)
{
    char code[3] = {lang.n > 0 ? lang.p[0] : 0, lang.n > 1 ? lang.p[1] : 0, 0};
    struct sb_stemmer *s = sb_stemmer_new(code, "UTF_8");
    return s && arena_defer(c->arena, drop_stemmer, s) ? s : NULL;
}

static bool next_word(struct sv text, size_t *io_at, struct sv *ret)
{
    const uint8_t *p = (const uint8_t *)text.p;
    int32_t at = (int32_t)*io_at, n = (int32_t)text.n, from = -1;
    while (at < n) {
        int32_t before = at;
        UChar32 u;
        U8_NEXT(p, at, n, u);
        bool letter = u >= 0 && (u_isalnum(u) || u_charType(u) == U_NON_SPACING_MARK);
        if (letter && from < 0)
            from = before;
        if (!letter && from >= 0) {
            *ret = sv_sub(text, (size_t)from, (size_t)(before - from));
            *io_at = (size_t)at;
            return true;
        }
    }
    *io_at = text.n;
    if (from < 0)
        return false;
    *ret = sv_sub(text, (size_t)from, text.n - (size_t)from);
    return true;
}

static void add_term(struct kb_term *v, size_t max, size_t *n, struct sv stem, int64_t weight)
{
    for (size_t i = 0; i < *n; i++)
        if (sv_eq(v[i].stem, stem)) {
            v[i].weight = v[i].weight + weight < WEIGHT_MAX ? v[i].weight + weight : WEIGHT_MAX;
            return;
        }
    if (*n < max)
        v[(*n)++] = (struct kb_term){stem, weight};
}

static struct sv stem_of(struct ctx *c, struct sb_stemmer *s, struct sv word)
{
    if (!s)
        return word;
    const sb_symbol *p = sb_stemmer_stem(s, (const sb_symbol *)word.p, (int)word.n);
    struct sv stem = {(const char *)p, p ? (size_t)sb_stemmer_length(s) : 0};
    return stem.n && text_valid(stem) ? arena_sv(c->arena, stem) : word;
}

enum pw_err kb_terms(struct ctx *c, struct sv text, struct sv lang, int64_t weight, struct kb_term *v, size_t max,
                     size_t *io_n)
{
    struct sv folded, word;
    PW_TRY(text_fold(c->arena, text, &folded));
    struct sb_stemmer *s = stemmer_of(c, lang);
    size_t at = 0;
    while (next_word(folded, &at, &word))
        if (word.n <= WORD_BYTES_MAX && !is_stop(word, lang))
            add_term(v, max, io_n, stem_of(c, s, word), weight);
    return c->arena->oom ? PW_UNAVAILABLE : PW_OK;
}

DB_STMT(kb_term_drop, "DELETE FROM kb_term WHERE entry_id = $1 AND lang = $2");
DB_STMT(kb_term_add, "INSERT INTO kb_term (community_id, term, entry_id, lang, weight) VALUES ($1, $2, $3, $4, $5)");
DB_STMT(kb_term_find, "SELECT entry_id, weight FROM kb_term WHERE community_id = $1 AND term = $2 LIMIT 2000");

enum pw_err kb_index(struct ctx *c, const struct kb_entry *e)
{
    struct kb_term *v = arena_array(c->arena, struct kb_term, KB_TERMS_MAX);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(kb_terms(c, e->question, e->lang, 3, v, KB_TERMS_MAX, &n));
    PW_TRY(kb_terms(c, e->answer, e->lang, 1, v, KB_TERMS_MAX, &n));
    PW_TRY(db_exec(c->db, &kb_term_drop, DB_ARGS(DB_I(e->id), DB_T(e->lang)), NULL));
    for (size_t i = 0; i < n; i++)
        PW_TRY(db_exec(c->db, &kb_term_add,
                       DB_ARGS(DB_I(e->community_id), DB_T(v[i].stem), DB_I(e->id), DB_T(e->lang), DB_I(v[i].weight)),
                       NULL));
    return PW_OK;
}

struct tally {
    struct kb_hit *v;
    uint64_t *seen; /* bit of each query word that this entry holds */
    size_t n;
};

static void count_hit(struct tally *t, int64_t entry, size_t word, int64_t weight)
{
    size_t i = 0;
    while (i < t->n && t->v[i].entry_id != entry)
        i++;
    if (i == t->n) {
        if (t->n == HITS_MAX)
            return;
        t->v[t->n++] = (struct kb_hit){.entry_id = entry};
    }
    t->v[i].score += weight;
    if (!(t->seen[i] & (UINT64_C(1) << word))) {
        t->seen[i] |= UINT64_C(1) << word;
        t->v[i].words++;
    }
}

static int better(const void *x, const void *y)
{
    const struct kb_hit *a = x, *b = y;
    if (a->words != b->words)
        return a->words > b->words ? -1 : 1;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->entry_id < b->entry_id ? -1 : a->entry_id > b->entry_id;
}

enum pw_err kb_lookup(struct ctx *c, int64_t community_id, struct sv words, struct sv languages, struct kb_hit **ret,
                      size_t *ret_n, size_t *ret_asked)
{
    struct tally t = {arena_array(c->arena, struct kb_hit, HITS_MAX), arena_array(c->arena, uint64_t, HITS_MAX), 0};
    struct sv folded, word, rest, lang;
    size_t at = 0, asked = 0, bit = 0;
    if (!t.v || !t.seen)
        return PW_UNAVAILABLE;
    PW_TRY(text_fold(c->arena, words, &folded));
    while (asked < QUERY_WORDS_MAX && bit < QUERY_BITS && next_word(folded, &at, &word)) {
        bool counts = false, common = false; /* a common word of one language is looked for, but not asked for */
        struct sv tried[13];
        size_t n_tried = 0;
        rest = languages;
        while (word.n <= WORD_BYTES_MAX && n_tried < 13 && sv_cut(&rest, ' ', &lang)) {
            if (!lang.n)
                continue;
            if (is_stop(word, lang)) {
                common = true;
                continue;
            }
            struct sv stem = stem_of(c, stemmer_of(c, lang), word);
            bool again = false;
            for (size_t i = 0; i < n_tried; i++)
                again |= sv_eq(tried[i], stem);
            if (again)
                continue;
            tried[n_tried++] = stem;
            counts = true;
            struct db_rows r;
            PW_TRY(db_query(c->db, c->arena, &kb_term_find, DB_ARGS(DB_I(community_id), DB_T(stem)), &r));
            for (size_t i = 0; i < r.n; i++)
                count_hit(&t, db_int(&r, i, 0), bit, db_int(&r, i, 1));
        }
        bit += counts;
        asked += counts && !common;
    }
    qsort(t.v, t.n, sizeof *t.v, better);
    *ret = t.v;
    *ret_n = t.n;
    *ret_asked = asked;
    return PW_OK;
}
