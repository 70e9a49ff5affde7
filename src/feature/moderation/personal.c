/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/personal.h"

#include <string.h>

enum { GROUPS_MAX = 24, NEAR = 48 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool latin(char c)
{
    return c >= 'a' && c <= 'z';
}

/* ---- words ---- */

/* Does `word` stand at s.p[i], as a word of its own? Words of other scripts take articles and endings: there a part
 * will do. */
static bool word_here(struct sv s, size_t i, const char *word)
{
    if (!sv_starts(sv_sub(s, i, s.n), sv_of(word)))
        return false;
    size_t end = i + strlen(word);
    return (!latin(word[0]) && !digit(word[0])) || ((i == 0 || (!letter(s.p[i - 1]) && !digit(s.p[i - 1]))) &&
                                                    (end == s.n || (!letter(s.p[end]) && !digit(s.p[end]))));
}

static bool any_word(struct sv s, const char *const *v)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == ' ' || (i && latin(s.p[i]) && latin(s.p[i - 1])))
            continue; /* no word begins here, so no list is read */
        for (const char *const *w = v; *w; w++)
            if (**w == s.p[i] && word_here(s, i, *w))
                return true;
    }
    return false;
}

/* All lists are folded: no accents, no case, one form of each Arabic letter. */
static const char *const phone_words[] = {"tel",      "telephone", "cell",    "cellulaire",  "phone", "mobile",
                                          "whatsapp", "appelez",   "appelle", "appelez-moi", "texto", "call",
                                          "text",     "reach me",  "numero",  "number",      "رقمي",  "رقم",
                                          "هاتف",     "جوال",      "موبايل",  "واتس",        "اتصل",  NULL};
static const char *const document_words[] = {"dossier",
                                             "iuc",
                                             "uci",
                                             "file number",
                                             "file no",
                                             "application number",
                                             "numero de demande",
                                             "sin",
                                             "nas",
                                             "passeport",
                                             "passport",
                                             "ohip",
                                             "ramq",
                                             "carte sante",
                                             "health card",
                                             "carte d'assurance maladie",
                                             "pr card",
                                             "carte rp",
                                             "work permit",
                                             "permis de travail",
                                             "study permit",
                                             "client id",
                                             "ملف",
                                             "جواز",
                                             "بطاقه صحيه",
                                             "رقم الطلب",
                                             "اقامه",
                                             NULL};
static const char *const mine_words[] = {"my",
                                         "i live",
                                         "we live",
                                         "i am",
                                         "i'm",
                                         "i have",
                                         "mon",
                                         "ma",
                                         "mes",
                                         "moi",
                                         "j'habite",
                                         "j'ai",
                                         "je suis",
                                         "nous habitons",
                                         "j\xe2\x80\x99habite",
                                         "j\xe2\x80\x99"
                                         "ai",
                                         "i\xe2\x80\x99m",
                                         "notre",
                                         "our",
                                         "عندي",
                                         "انا ",
                                         "اسكن",
                                         "نسكن",
                                         "عنواني",
                                         "بيتي",
                                         "ابني",
                                         "ابنتي",
                                         "زوجي",
                                         "زوجتي",
                                         "امي ",
                                         "والدي",
                                         "والدتي",
                                         "اعاني",
                                         NULL};
static const char *const home_words[] = {"apt", "apartment", "appartement", "app", "unit", "logement", "شقه", NULL};
static const char *const streets[] = {"rue",    "avenue",  "av",        "ave",    "boulevard", "boul", "blvd",
                                      "chemin", "impasse", "croissant", "street", "st",        "road", "rd",
                                      "drive",  "lane",    "crescent",  "cres",   "court",     "شارع", NULL};
static const char *const health_words[] = {
    "cancer",        "diabete",       "diabetique",  "diabetes",       "diabetic",
    "depression",    "depressif",     "depressed",   "enceinte",       "pregnant",
    "pregnancy",     "grossesse",     "miscarriage", "fausse couche",  "avortement",
    "abortion",      "vih",           "hiv",         "sida",           "aids",
    "hepatite",      "hepatitis",     "tuberculose", "tuberculosis",   "epilepsie",
    "epilepsy",      "autisme",       "autiste",     "autism",         "autistic",
    "schizophrenie", "schizophrenia", "bipolaire",   "bipolar",        "anxiete",
    "anxiety",       "ptsd",          "tspt",        "chimiotherapie", "chemotherapy",
    "diagnostic",    "diagnosed",     "diagnosis",   "medicaments",    "medication",
    "handicap",      "disability",    "suicidaire",  "suicidal",       "surgery",
    "chirurgie",     "asthme",        "asthma",      "سرطان",          "السكري",
    "اكتيب",         "اكتئاب",        "حامل",        "اجهاض",          "الايدز",
    "الصرع",         "التوحد",        "الربو",       "ادويتي",         "دواءي",
    "مرضي",          "عمليه جراحيه",  "اعاقه",       "نفسيه",          NULL};
static const char *const months[] = {"juin", "mars", "aout", "sept", "june", "july", "year", NULL};

/* ---- numbers ---- */

struct run { /* digits with single separators between them */
    size_t from, to;
    bool plus;
    size_t n;
    struct {
        size_t at, n;
        char before; /* separator before it, 0 at the start */
    } g[GROUPS_MAX];
};

static bool separator(char c)
{
    return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')';
}

/* The next run of digit groups from *io; false at the end. */
static bool next_run(struct sv s, size_t *io, struct run *r)
{
    size_t i = *io;
    while (i < s.n && !digit(s.p[i]))
        i++;
    if (i == s.n)
        return false;
    *r = (struct run){.from = i, .plus = i > 0 && (s.p[i - 1] == '+' || (i > 1 && s.p[i - 2] == '+'))};
    char before = 0;
    while (i < s.n && r->n < GROUPS_MAX) {
        size_t at = i;
        while (i < s.n && digit(s.p[i]))
            i++;
        r->g[r->n].at = at;
        r->g[r->n].before = before;
        r->g[r->n++].n = i - at;
        r->to = i;
        size_t k = i;
        while (k < s.n && k < i + 2 && separator(s.p[k]))
            k++;
        if (k == i || k == s.n || !digit(s.p[k]))
            break;
        before = s.p[i];
        i = k;
    }
    *io = r->to;
    return true;
}

static bool groups_are(const struct run *r, size_t from, const size_t *want, size_t n)
{
    if (from + n > r->n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (r->g[from + i].n != want[i])
            return false;
    return true;
}
#define GROUPS(r, from, ...)                                                                                           \
    groups_are(r, from, (const size_t[]){__VA_ARGS__}, sizeof((const size_t[]){__VA_ARGS__}) / sizeof(size_t))

static size_t digits_of(const struct run *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->g[i].n;
    return n;
}

static struct sv before_run(struct sv s, const struct run *r)
{
    size_t from = r->from > NEAR ? r->from - NEAR : 0;
    return sv_sub(s, from, r->from - from);
}

static struct sv group(struct sv s, const struct run *r, size_t i)
{
    return sv_sub(s, r->g[i].at, r->g[i].n);
}

static bool toll_free(struct sv area)
{
    static const char *const codes[] = {"800", "833", "844", "855", "866", "877", "888", "900"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (sv_eq_z(area, codes[i]))
            return true;
    return false;
}

/* Ten digits of North America: area and exchange begin with 2 to 9; lines for the public do not count. */
static bool north_american(struct sv area, char exchange)
{
    return area.p[0] >= '2' && exchange >= '2' && !toll_free(area);
}

static bool money(struct sv s, const struct run *r)
{
    static const char *const words[] = {"$", "cad", "dollars", "usd", "euros", "دولار", NULL};
    struct sv tail = sv_sub(s, r->to, 10);
    size_t i = r->from;
    while (i > 0 && s.p[i - 1] == ' ')
        i--;
    if (i > 0 && s.p[i - 1] == '$')
        return true;
    for (const char *const *w = words; *w; w++)
        if (sv_starts(sv_trim(tail), sv_of(*w)))
            return true;
    return false;
}

static bool phone(struct sv s, const struct run *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (GROUPS(r, i, 3, 3, 4) && north_american(group(s, r, i), s.p[r->g[i + 1].at]))
            return true;
        if (GROUPS(r, i, 10) && north_american(sv_sub(s, r->g[i].at, 3), s.p[r->g[i].at + 3]))
            return true;
        if (GROUPS(r, i, 3, 7) && north_american(group(s, r, i), s.p[r->g[i + 1].at]))
            return true;
        if (GROUPS(r, i, 11) && s.p[r->g[i].at] == '1' &&
            north_american(sv_sub(s, r->g[i].at + 1, 3), s.p[r->g[i].at + 4]))
            return true;
    }
    size_t n = digits_of(r);
    bool abroad = r->plus || (n >= 11 && sv_starts(group(s, r, 0), SV("00")));
    if (abroad && n >= 8 && n <= 15) {
        bool na = s.p[r->from] == '1';
        return !na || !(r->n > 1 ? toll_free(group(s, r, 1)) : toll_free(sv_sub(s, r->from + 1, 3)));
    }
    struct sv near = before_run(s, r);
    if (GROUPS(r, 0, 3, 4) && r->n == 2 && r->g[1].before == '-' && s.p[r->from] >= '2')
        return any_word(near, phone_words);
    bool trunk = s.p[r->from] == '0' && n >= 9 && n <= 12;
    return trunk && any_word(near, phone_words);
}

static bool luhn9(struct sv s, const struct run *r, size_t from)
{
    int sum = 0, place = 0;
    for (size_t g = from; g < from + 3; g++)
        for (size_t k = 0; k < 3; k++, place++) {
            int d = s.p[r->g[g].at + k] - '0';
            if (place % 2)
                d = d > 4 ? 2 * d - 9 : 2 * d;
            sum += d;
        }
    return sum % 10 == 0;
}

static bool document(struct sv s, const struct run *r)
{
    struct sv near = before_run(s, r);
    bool named = any_word(near, document_words);
    for (size_t i = 0; i < r->n; i++) {
        if (GROUPS(r, i, 2, 4, 4) && r->g[i + 1].before == '-' && r->g[i + 2].before == '-') /* IUC / UCI */
            return true;
        if (GROUPS(r, i, 4, 3, 3) && (named || (r->g[i + 1].before == '-' && r->g[i + 2].before == '-')))
            return true; /* Ontario's health card */
        bool round =
            GROUPS(r, i, 3, 3, 3) && (sv_eq_z(group(s, r, i + 2), "000") || sv_eq_z(group(s, r, i + 1), "000"));
        if (GROUPS(r, i, 3, 3, 3) && !round && luhn9(s, r, i) && s.p[r->g[i].at] != '0' && s.p[r->g[i].at] != '8')
            return true; /* SIN */
    }
    size_t n = digits_of(r);
    if (named && n >= 6 && n <= 14 && !(GROUPS(r, 0, 4, 2, 2) || GROUPS(r, 0, 2, 2, 4)))
        return true;
    /* Letters stuck to the digits: E000123456, N012345678, EP00012345; with its word also AB123456. */
    size_t i = r->from;
    while (i > 0 && latin(s.p[i - 1]))
        i--;
    size_t letters = r->from - i;
    bool alone = i == 0 || (!letter(s.p[i - 1]) && !digit(s.p[i - 1]) && s.p[i - 1] != '/' && s.p[i - 1] != '=');
    if (alone && (letters == 1 || letters == 2) && r->g[0].n >= 8 && r->g[0].n <= 10)
        return true;
    if (alone && letters == 2 && r->g[0].n == 6)
        return any_word(near, document_words);
    /* Quebec's health card: ABCD 1234 5678 */
    if (GROUPS(r, 0, 8) || GROUPS(r, 0, 4, 4)) {
        size_t end = r->from;
        if (end > 0 && s.p[end - 1] == ' ')
            end--;
        size_t start = end;
        while (start > 0 && latin(s.p[start - 1]))
            start--;
        struct sv four = sv_sub(s, start, end - start);
        if (four.n == 4 && (start == 0 || !letter(s.p[start - 1])) && !any_word(four, months) && r->n <= 2)
            return named || (r->n == 2 && r->g[1].before == ' ' && s.p[r->g[0].at] != '2' && s.p[r->g[0].at] != '1') ||
                   GROUPS(r, 0, 8);
    }
    return false;
}

/* ---- addresses ---- */

static bool postal_code(struct sv s)
{
    static const char first[] = "abceghjklmnprstvxy", other[] = "abceghjklmnprstvwxyz";
    for (size_t i = 0; i + 6 <= s.n; i++) {
        size_t k = i + 3;
        if (i > 0 && (letter(s.p[i - 1]) || digit(s.p[i - 1])))
            continue;
        if (!strchr(first, s.p[i]) || !digit(s.p[i + 1]) || !strchr(other, s.p[i + 2]) || !s.p[i] || !s.p[i + 2])
            continue;
        if (s.p[k] == ' ' || s.p[k] == '-')
            k++;
        if (k + 3 > s.n || !digit(s.p[k]) || !s.p[k + 1] || !strchr(other, s.p[k + 1]) || !digit(s.p[k + 2]))
            continue;
        if (k + 3 == s.n || (!letter(s.p[k + 3]) && !digit(s.p[k + 3])))
            return true;
    }
    return false;
}

/* A house number near a street's word, when the text is about somebody's own home. */
static bool street(struct sv s)
{
    if (!any_word(s, mine_words) && !any_word(s, home_words))
        return false;
    size_t at = 0;
    struct run r;
    while (next_run(s, &at, &r)) {
        if (r.g[0].n > 5 || (r.n > 1 && r.g[1].before != ' '))
            continue;
        size_t to = r.g[0].at + r.g[0].n;
        struct sv after = sv_sub(s, to, 36);
        struct sv before = sv_sub(s, r.from > 30 ? r.from - 30 : 0, r.from > 30 ? 30 : r.from);
        if (any_word(after, streets) || sv_find(before, SV("شارع")) >= 0)
            return true;
    }
    return false;
}

static bool email(struct sv s)
{
    static const char *const offices[] = {"info",     "contact",   "admin",   "support",     "hello",
                                          "accueil",  "reception", "bonjour", "secretariat", "service",
                                          "services", "aide",      "help",    "noreply"};
    for (size_t i = 1; i + 3 < s.n; i++) {
        if (s.p[i] != '@')
            continue;
        size_t from = i, to = i + 1, dot = 0;
        while (from > 0 && (latin(s.p[from - 1]) || digit(s.p[from - 1]) || strchr("._-+", s.p[from - 1])))
            from--;
        while (to < s.n && (latin(s.p[to]) || digit(s.p[to]) || s.p[to] == '.' || s.p[to] == '-')) {
            if (s.p[to] == '.' && to + 1 < s.n && latin(s.p[to + 1]))
                dot = to;
            to++;
        }
        if (from == i || !dot)
            continue;
        bool office = false;
        for (size_t k = 0; k < sizeof offices / sizeof *offices; k++)
            office |= sv_eq_z(sv_sub(s, from, i - from), offices[k]);
        if (!office)
            return true;
    }
    return false;
}

unsigned personal_in_folded(struct sv s)
{
    unsigned found = 0;
    size_t at = 0;
    struct run r;
    while (next_run(s, &at, &r)) {
        if (money(s, &r))
            continue;
        found |= phone(s, &r) ? PERSONAL_PHONE : 0;
        found |= document(s, &r) ? PERSONAL_DOCUMENT : 0;
    }
    if (postal_code(s) || street(s))
        found |= PERSONAL_ADDRESS;
    if (email(s))
        found |= PERSONAL_EMAIL;
    if (any_word(s, health_words) && any_word(s, mine_words))
        found |= PERSONAL_HEALTH;
    return found;
}

const char *personal_label(enum personal_kind k)
{
    switch (k) {
    case PERSONAL_PHONE:
        return N_("a phone number");
    case PERSONAL_DOCUMENT:
        return N_("a file or document number");
    case PERSONAL_ADDRESS:
        return N_("an address");
    case PERSONAL_EMAIL:
        return N_("an e-mail address");
    case PERSONAL_HEALTH:
        return N_("words about health");
    case PERSONAL_NAME:
        return N_("a name of your protected list");
    case PERSONAL__ALL:
        break;
    }
    return "";
}
