/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/usage/month_names.h"

#include "base/unicode.h"

enum { NUMBERS_MAX = 3, LATIN_LEAST = 3 };

/* English and French may be cut ("sept", "févr"); Arabic as in the East, the Maghreb and by the Latin calendar. */
static const char *const latin[][12] = {
    {"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
     "december"},
    {"janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
     "decembre"},
};
static const char *const arabic[][12] = {
    {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
    {"كانون الثاني", "شباط", "آذار", "نيسان", "أيار", "حزيران", "تموز", "آب", "أيلول", "تشرين الأول", "تشرين الثاني",
     "كانون الأول"},
    {"جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
};

static int named(struct arena *a, struct sv word)
{
    int found = 0;
    struct sv folded;
    for (size_t l = 0; word.n >= LATIN_LEAST && l < sizeof latin / sizeof *latin; l++)
        for (int m = 0; m < 12; m++) {
            if (!sv_starts(sv_of(latin[l][m]), word))
                continue;
            if (found && found != m + 1)
                return 0; /* "jui" */
            found = m + 1;
        }
    for (size_t l = 0; !found && l < sizeof arabic / sizeof *arabic; l++)
        for (int m = 0; m < 12; m++)
            if (text_fold(a, sv_of(arabic[l][m]), &folded) == PW_OK && sv_eq(folded, word))
                found = m + 1;
    return found;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool between(char c)
{
    return c == ' ' || c == '-' || c == '/' || c == '.' || c == ',' || c == '\'' || c == '_';
}

/* The numbers of a head, and the word that is left. */
struct parts {
    int64_t year, v[NUMBERS_MAX]; /* v: those that are no year */
    size_t n;
    struct sv word;
};

static bool part(struct arena *a, struct parts *p, struct sv s)
{
    int64_t v;
    if (!digit(s.p[0])) {
        p->word = p->word.n ? arena_fmt(a, "%.*s %.*s", SV_ARG(p->word), SV_ARG(s)) : s;
        return true;
    }
    if (!sv_int(s, &v))
        return false;
    if (s.n == 4 && !p->year) {
        p->year = v;
        return v >= 2000 && v < 2200;
    }
    if (s.n > 2 || p->n == NUMBERS_MAX)
        return false;
    p->v[p->n++] = v;
    return true;
}

static bool split(struct arena *a, struct sv s, struct parts *p)
{
    *p = (struct parts){0};
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        if (between(s.p[i])) {
            i++;
            continue;
        }
        while (i < s.n && !between(s.p[i]) && digit(s.p[i]) == digit(s.p[from]))
            i++;
        if (!part(a, p, sv_sub(s, from, i - from)))
            return false;
    }
    return true;
}

bool month_named(struct arena *a, struct sv head, struct month_named *ret)
{
    struct sv folded;
    struct parts p;
    if (!head.n || text_fold(a, head, &folded) != PW_OK || !split(a, folded, &p))
        return false;
    if (p.word.n) {
        ret->month = named(a, p.word);
        ret->year = p.year ? p.year : p.n == 1 && p.v[0] > 12 ? 2000 + p.v[0] : 0;
        return ret->month && (p.n == 0 || (p.n == 1 && !p.year && p.v[0] > 12));
    }
    if (!p.year || p.n < 1 || p.n > 2 || (p.n == 2 && p.v[0] != 1 && p.v[1] != 1))
        return false; /* two numbers: the first day of a month */
    ret->year = p.year;
    ret->month = (int)(p.n == 2 && p.v[0] == 1 ? p.v[1] : p.v[0]);
    return ret->month >= 1 && ret->month <= 12;
}
