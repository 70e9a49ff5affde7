/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/moderation/moderation_rules.h"

#include "base/civil.h"

/* ---- categories ---- */

static const struct {
    const char *code, *label;
    bool urgent;
} categories[CAT__MAX] = {
    [CAT_OFF_TOPIC] = {"off-topic", N_("Off-topic"), false},
    [CAT_OFFENSIVE] = {"offensive", N_("Offensive content"), false},
    [CAT_ADVERTISING] = {"advertising", N_("Advertising"), false},
    [CAT_PRIVACY] = {"privacy", N_("Personal information"), false},
    [CAT_FALSE_INFO] = {"false-information", N_("False information"), false},
    [CAT_DISRESPECT] = {"disrespect", N_("Lack of respect"), false},
    [CAT_ILLEGAL] = {"illegal", N_("Something illegal"), true},
    [CAT_HARASSMENT] = {"harassment", N_("Harassment or hate"), true},
    [CAT_VIOLENCE] = {"violence", N_("Threats or violence"), true},
    [CAT_SELF_HARM] = {"self-harm", N_("Somebody may hurt themselves"), true},
    [CAT_SAFETY] = {"safety", N_("Somebody needs help now"), true},
};

const char *mod_category_code(enum mod_category c)
{
    return c < CAT__MAX ? categories[c].code : "";
}

const char *mod_category_label(enum mod_category c)
{
    return c < CAT__MAX ? categories[c].label : "";
}

bool mod_category_parse(struct sv code, enum mod_category *ret)
{
    for (int i = 0; i < CAT__MAX; i++)
        if (sv_eq_z(code, categories[i].code)) {
            *ret = (enum mod_category)i;
            return true;
        }
    return false;
}

bool mod_category_urgent(enum mod_category c)
{
    return c < CAT__MAX && categories[c].urgent;
}

bool mod_category_breach(enum mod_category c)
{
    return c < CAT_SELF_HARM;
}

/* ---- ladders ---- */

static const struct {
    enum mod_act act;
    const char *word, *label;
} acts[] = {
    {ACT_DELETE, "delete", N_("The message is taken out of view, here and on the connected channels.")},
    {ACT_REPOST, "repost", N_("The description of the community is posted again.")},
    {ACT_WARN, "warn", N_("The person gets a private warning that quotes the guidelines.")},
    {ACT_SUGGEST, "suggest", N_("The person gets a private message that names better-suited groups.")},
    {ACT_RESTRICT, "restrict", N_("The person can read but not write for some days.")},
    {ACT_REMOVE, "remove", N_("The person is told, then removed from the community.")},
    {ACT_BLOCK, "block", N_("The person cannot ask to come back.")},
    {ACT_NOTICE, "notice", N_("The group is told that somebody was removed.")},
};
enum { ACTS = sizeof acts / sizeof *acts, DAYS_USUAL = 7 };

const char *mod_act_label(enum mod_act a)
{
    for (size_t i = 0; i < ACTS; i++)
        if (acts[i].act == a)
            return acts[i].label;
    return "";
}

/* "restrict=7": the word and its number; without a number `usual`. */
static bool word_number(struct sv word, struct sv key, int usual, int max, int *ret)
{
    if (!sv_starts(word, key))
        return false;
    struct sv rest = sv_sub(word, key.n, word.n);
    int64_t v = usual;
    if (rest.n && (rest.p[0] != '=' || !sv_int(sv_sub(rest, 1, rest.n), &v) || v < 1 || v > max))
        return false;
    *ret = (int)v;
    return true;
}

static bool step_word(struct sv word, struct ladder_step *s)
{
    if (word_number(word, SV("restrict"), DAYS_USUAL, RESTRICT_DAYS_MAX, &s->days)) {
        s->acts |= ACT_RESTRICT;
        return true;
    }
    if (word_number(word, SV("weight"), 1, WEIGHT_MAX, &s->weight))
        return true;
    for (size_t i = 0; i < ACTS; i++)
        if (sv_eq_z(word, acts[i].word)) {
            s->acts |= acts[i].act;
            return true;
        }
    return false;
}

enum pw_err ladder_parse(struct sv text, const char *field, struct ladder *ret, struct problems *ps)
{
    struct ladder l = {0};
    struct sv rest = text, line, word;
    while (sv_cut(&rest, '\n', &line)) {
        line = sv_trim(line);
        if (!line.n)
            continue;
        if (l.n == LADDER_STEPS_MAX)
            return problem_add(ps, field, N_("A ladder has at most eight steps."));
        struct ladder_step s = {.weight = 1};
        while (sv_cut(&line, ' ', &word))
            if (word.n && !step_word(word, &s))
                return problem_add_arg(ps, field,
                                       N_("\"{0}\" is not known here. Words of a step: warn, delete, repost, suggest, "
                                          "restrict=7, remove, block, notice, weight=2."),
                                       word);
        if (!s.acts)
            return problem_add(ps, field, N_("Each step needs at least one action."));
        if ((s.acts & ACT_NOTICE) && !(s.acts & (ACT_REMOVE | ACT_BLOCK)))
            return problem_add(ps, field, N_("The group is told about a removal only: write remove notice."));
        l.v[l.n++] = s;
    }
    if (!l.n)
        return problem_add(ps, field, N_("A ladder needs at least one step."));
    *ret = l;
    return PW_OK;
}

struct sv ladder_step_text(struct arena *a, const struct ladder_step *s)
{
    struct sv out = {0};
    for (size_t i = 0; i < ACTS; i++) {
        if (!(s->acts & acts[i].act))
            continue;
        struct sv word = acts[i].act == ACT_RESTRICT ? arena_fmt(a, "restrict=%d", s->days) : sv_of(acts[i].word);
        out = out.n ? arena_join(a, arena_join(a, out, SV(" ")), word) : word;
    }
    return s->weight > 1 ? arena_join(a, out, arena_fmt(a, " weight=%d", s->weight)) : out;
}

static const struct {
    const char *name, *steps, *label;
} shipped[] = {
    {"toolkit", "warn\nwarn\nremove", N_("Two private warnings, then removal")},
    {"r613-offtopic", "delete repost suggest\ndelete remove notice",
     N_("Description again and better-suited groups, then removal with a notice")},
    {"r613-offensive", "delete remove", N_("Removal at once")},
    {"repost-description", "repost\nwarn\nrestrict=14\nremove",
     N_("Description again, a private word, a limit, then removal")},
    {"admin-delete", "delete", N_("The message is taken out of view")},
};
enum { SHIPPED = sizeof shipped / sizeof *shipped };

struct sv ladder_shipped(struct sv name)
{
    for (size_t i = 0; i < SHIPPED; i++)
        if (sv_eq_z(name, shipped[i].name))
            return sv_of(shipped[i].steps);
    return (struct sv){0};
}

const char *const *ladder_shipped_names(void)
{
    static const char *const names[SHIPPED + 1] = {
        "toolkit", "r613-offtopic", "r613-offensive", "repost-description", "admin-delete", NULL};
    return names;
}

const char *ladder_label(struct sv name)
{
    for (size_t i = 0; i < SHIPPED; i++)
        if (sv_eq_z(name, shipped[i].name))
            return shipped[i].label;
    return sv_eq_z(name, "automatic") ? N_("Automatic rule") : N_("Own steps");
}

size_t ladder_next(const struct ladder *l, int64_t weight)
{
    if (!l->n || weight <= 0)
        return 0;
    return (size_t)weight < l->n ? (size_t)weight : l->n - 1;
}

bool ladder_offers(const struct ladder *l, int64_t weight, size_t step)
{
    return l->n && step <= ladder_next(l, weight);
}

/* ---- strikes ---- */

bool strike_counts(int64_t expires_ms, int64_t undone_ms, int64_t now_ms)
{
    return !undone_ms && expires_ms > now_ms;
}

bool appeal_open(int64_t at_ms, int64_t appeal_days, int64_t undone_ms, int64_t now_ms)
{
    return !undone_ms && now_ms < at_ms + appeal_days * CIVIL_DAY_MS;
}

bool may_decide(int64_t actor, int64_t hidden_from, int64_t about, int64_t from_person)
{
    return !actor || (actor != hidden_from && actor != about && actor != from_person);
}

/* ---- settings ---- */

static const char *const notices[MOD_NOTICE__MAX] = {"nameless", "named", "never"};
static const char *const personals[MOD_PERSONAL__MAX] = {"show", "hold", "off"};

const char *mod_notice_code(enum mod_notice n)
{
    return n < MOD_NOTICE__MAX ? notices[n] : "";
}

const char *mod_personal_code(enum mod_personal p)
{
    return p < MOD_PERSONAL__MAX ? personals[p] : "";
}

static bool index_of(struct sv code, const char *const *v, int n, int *ret)
{
    for (int i = 0; i < n; i++)
        if (sv_eq_z(code, v[i])) {
            *ret = i;
            return true;
        }
    return false;
}

bool mod_notice_parse(struct sv code, enum mod_notice *ret)
{
    int i = 0;
    if (!index_of(code, notices, MOD_NOTICE__MAX, &i))
        return false;
    *ret = (enum mod_notice)i;
    return true;
}

bool mod_personal_parse(struct sv code, enum mod_personal *ret)
{
    int i = 0;
    if (!index_of(code, personals, MOD_PERSONAL__MAX, &i))
        return false;
    *ret = (enum mod_personal)i;
    return true;
}

static const struct {
    const char *code, *label;
} excluded[] = {{"political", N_("Politics")},
                {"religious", N_("Religion")},
                {"personal", N_("Personal matters")},
                {"commercial", N_("Business and advertising")}};
enum { EXCLUDED = sizeof excluded / sizeof *excluded };

const char *const *excluded_codes(void)
{
    static const char *const codes[EXCLUDED + 1] = {"political", "religious", "personal", "commercial", NULL};
    return codes;
}

const char *excluded_label(struct sv code)
{
    for (size_t i = 0; i < EXCLUDED; i++)
        if (sv_eq_z(code, excluded[i].code))
            return excluded[i].label;
    return "";
}

bool excluded_ok(struct sv list)
{
    struct sv rest = list, code;
    while (sv_cut(&rest, ' ', &code))
        if (code.n && !*excluded_label(code))
            return false;
    return true;
}

/* ---- items ---- */

static const struct {
    const char *code, *label;
} kinds[MOD_ITEM__MAX] = {
    [ITEM_REPORT] = {"report", N_("Report")},
    [ITEM_APPEAL] = {"appeal", N_("Appeal")},
    [ITEM_READMISSION] = {"readmission", N_("Asks to come back")},
    [ITEM_PERSONAL] = {"personal", N_("Personal information in public")},
    [ITEM_OPPORTUNITY] = {"opportunity", N_("Opportunity to publish")},
    [ITEM_AUTOMATIC] = {"automatic", N_("Automatic rule")},
};

const char *mod_item_kind_code(enum mod_item_kind k)
{
    return k < MOD_ITEM__MAX ? kinds[k].code : "";
}

const char *mod_item_kind_label(enum mod_item_kind k)
{
    return k < MOD_ITEM__MAX ? kinds[k].label : "";
}

bool mod_item_kind_parse(struct sv code, enum mod_item_kind *ret)
{
    for (int i = 0; i < MOD_ITEM__MAX; i++)
        if (sv_eq_z(code, kinds[i].code)) {
            *ret = (enum mod_item_kind)i;
            return true;
        }
    return false;
}

/* Latin words stand alone; Arabic ones carry articles and endings. */
static bool says_word(struct sv s, struct sv word)
{
    bool latin = (unsigned char)word.p[0] < 0x80;
    for (size_t at = 0; at + word.n <= s.n; at++) {
        if (!sv_eq(sv_sub(s, at, word.n), word))
            continue;
        unsigned char before = at ? (unsigned char)s.p[at - 1] : ' ';
        unsigned char after = at + word.n < s.n ? (unsigned char)s.p[at + word.n] : ' ';
        bool inside = (before >= 'a' && before <= 'z') || (before >= '0' && before <= '9') ||
                      (after >= 'a' && after <= 'z') || (after >= '0' && after <= '9');
        if (!latin || !inside)
            return true;
    }
    return false;
}

enum urgency urgency_of(struct sv folded, struct sv *ret_lang)
{
    static const struct {
        const char *word, *lang; /* NULL: the same in all languages */
    } words[] = {
        {"urgence", "fr"}, {"urgences", "fr"}, {"/urgence", "fr"},   {"au secours", "fr"}, {"emergency", "en"},
        {"help me", "en"}, {"طواري", "ar"},    {"طارئ", "ar"},       {"طاري", "ar"},       {"نجده", "ar"},
        {"انتحار", "ar"},  {"اسعاف", "ar"},    {"/emergency", "en"}, {"/urgent", NULL},    {"urgent", NULL},
        {"911", NULL},     {"sos", NULL},      {"suicide", NULL},    {"ambulance", NULL},
    };
    struct sv s = sv_trim(folded);
    enum urgency how = URGENT_NOT;
    while (s.n && (s.p[s.n - 1] == '!' || s.p[s.n - 1] == '.' || s.p[s.n - 1] == ' '))
        s.n--;
    *ret_lang = (struct sv){0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        bool alone = sv_eq_z(s, words[i].word);
        if (!alone && !says_word(s, sv_of(words[i].word)))
            continue;
        how = alone ? URGENT_ALONE : how == URGENT_NOT ? URGENT_WITHIN : how;
        if (words[i].lang && !ret_lang->n)
            *ret_lang = sv_of(words[i].lang);
    }
    return how;
}
