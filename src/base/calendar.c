/* SPDX-License-Identifier: EUPL-1.2 */
#include "calendar.h"

/* How a holiday finds its date. */
enum rule {
    FIXED,            /* month, a = day of the month */
    FIXED_OR_MONDAY,  /* as FIXED; on a Sunday the law itself moves it to Monday */
    FIXED_AND_MONDAY, /* as FIXED; on a Sunday the Monday after is a holiday as well */
    NTH_MONDAY,       /* month, a = 1..4 */
    BEFORE_25_MAY,    /* the Monday before 25 May */
    EASTER_FRIDAY,
    EASTER_MONDAY,
    RULE__MAX
};

struct name {
    const char *key, *en, *fr;
};
static const struct name new_year = {"new-year", "New Year's Day", "jour de l'An"};
static const struct name family = {"family", "Family Day", "jour de la Famille"};
static const struct name family_ab = {"family", "Alberta Family Day", "jour de la Famille"};
static const struct name louis_riel = {"louis-riel", "Louis Riel Day", "jour de Louis Riel"};
static const struct name heritage_ns = {"heritage-ns", "Heritage Day", "fête du Patrimoine"};
static const struct name islander = {"islander", "Islander Day", "fête des Insulaires"};
static const struct name good_friday = {"good-friday", "Good Friday", "Vendredi saint"};
static const struct name easter_monday = {"easter-monday", "Easter Monday", "lundi de Pâques"};
static const struct name victoria = {"victoria", "Victoria Day", "fête de la Reine"};
static const struct name patriotes = {"patriotes", "National Patriots' Day", "Journée nationale des patriotes"};
static const struct name indigenous = {"indigenous", "National Indigenous Peoples Day",
                                       "Journée nationale des peuples autochtones"};
static const struct name fete_nationale = {"fete-nationale", "Quebec National Day", "fête nationale du Québec"};
static const struct name canada = {"canada", "Canada Day", "fête du Canada"};
static const struct name memorial_nl = {"memorial-nl", "Memorial Day", "jour commémoratif"};
static const struct name nunavut = {"nunavut", "Nunavut Day", "jour du Nunavut"};
static const struct name civic = {"civic", "Civic Holiday", "congé civique"};
static const struct name bc_day = {"bc-day", "British Columbia Day", "jour de la Colombie-Britannique"};
static const struct name nb_day = {"nb-day", "New Brunswick Day", "fête du Nouveau-Brunswick"};
static const struct name sk_day = {"sk-day", "Saskatchewan Day", "jour de la Saskatchewan"};
static const struct name discovery_yt = {"discovery-yt", "Discovery Day", "jour de la Découverte"};
static const struct name labour = {"labour", "Labour Day", "fête du Travail"};
static const struct name reconciliation = {"reconciliation", "National Day for Truth and Reconciliation",
                                           "Journée nationale de la vérité et de la réconciliation"};
static const struct name orange_shirt = {"reconciliation",
                                         "Orange Shirt Day and National Day for Truth and Reconciliation",
                                         "Journée du chandail orange et Journée nationale de la vérité et de la "
                                         "réconciliation"};
static const struct name thanksgiving = {"thanksgiving", "Thanksgiving Day", "Action de grâce"};
static const struct name remembrance = {"remembrance", "Remembrance Day", "jour du Souvenir"};
static const struct name christmas = {"christmas", "Christmas Day", "jour de Noël"};
static const struct name boxing = {"boxing", "Boxing Day", "lendemain de Noël"};
static const struct name mourning_2022 = {"queen-2022", "National Day of Mourning for Queen Elizabeth II",
                                          "jour de deuil national pour la reine Elizabeth II"};

#define IN(place) (1u << (place))
enum {
    ALL = (1 << CAL_PLACE__MAX) - 2, /* every place but CAL_NONE */
    MOVED_1_JULY = 1 << CAL_FED | 1 << CAL_QC | 1 << CAL_SK
};

/* One line a rule: who keeps it, from which year to which (0: no bound). In order of the year where dates are fixed. */
static const struct rule_row {
    const struct name *name;
    unsigned places;
    enum rule rule;
    int month, a;
    int from, to;
} rules[] = {
    {&new_year, ALL, FIXED, 1, 1, 0, 0},
    {&family_ab, IN(CAL_AB), NTH_MONDAY, 2, 3, 1990, 0},
    {&family, IN(CAL_BC), NTH_MONDAY, 2, 2, 2013, 2018},
    {&family, IN(CAL_BC), NTH_MONDAY, 2, 3, 2019, 0},
    {&family, IN(CAL_NB), NTH_MONDAY, 2, 3, 2018, 0},
    {&family, IN(CAL_ON), NTH_MONDAY, 2, 3, 2008, 0},
    {&family, IN(CAL_SK), NTH_MONDAY, 2, 3, 2007, 0},
    {&louis_riel, IN(CAL_MB), NTH_MONDAY, 2, 3, 2008, 0},
    {&heritage_ns, IN(CAL_NS), NTH_MONDAY, 2, 3, 2015, 0},
    {&islander, IN(CAL_PE), NTH_MONDAY, 2, 2, 2009, 2009},
    {&islander, IN(CAL_PE), NTH_MONDAY, 2, 3, 2010, 0},
    {&good_friday, ALL, EASTER_FRIDAY, 0, 0, 0, 0},
    {&easter_monday, IN(CAL_QC), EASTER_MONDAY, 0, 0, 0, 0}, /* see kept(): an employer's choice */
    {&victoria,
     IN(CAL_AB) | IN(CAL_BC) | IN(CAL_MB) | IN(CAL_NT) | IN(CAL_NU) | IN(CAL_ON) | IN(CAL_SK) | IN(CAL_YT) |
         IN(CAL_FED),
     BEFORE_25_MAY, 0, 0, 0, 0},
    {&patriotes, IN(CAL_QC), BEFORE_25_MAY, 0, 0, 0, 0},
    {&indigenous, IN(CAL_NT), FIXED, 6, 21, 2001, 0},
    {&indigenous, IN(CAL_YT), FIXED, 6, 21, 2017, 0},
    {&fete_nationale, IN(CAL_QC), FIXED_AND_MONDAY, 6, 24, 0, 0},
    {&canada, MOVED_1_JULY, FIXED_OR_MONDAY, 7, 1, 0, 0},
    {&canada, ALL & ~(unsigned)MOVED_1_JULY & ~IN(CAL_NL), FIXED, 7, 1, 0, 0},
    {&memorial_nl, IN(CAL_NL), FIXED, 7, 1, 0, 0},
    {&nunavut, IN(CAL_NU), FIXED, 7, 9, 2020, 0},
    {&civic, IN(CAL_NT) | IN(CAL_NU), NTH_MONDAY, 8, 1, 0, 0},
    {&bc_day, IN(CAL_BC), NTH_MONDAY, 8, 1, 0, 0},
    {&nb_day, IN(CAL_NB), NTH_MONDAY, 8, 1, 0, 0},
    {&sk_day, IN(CAL_SK), NTH_MONDAY, 8, 1, 0, 0},
    {&discovery_yt, IN(CAL_YT), NTH_MONDAY, 8, 3, 0, 0},
    {&labour, ALL, NTH_MONDAY, 9, 1, 0, 0},
    {&reconciliation, IN(CAL_FED), FIXED, 9, 30, 2021, 0},
    {&reconciliation, IN(CAL_NT) | IN(CAL_PE) | IN(CAL_NU), FIXED, 9, 30, 2022, 0},
    {&reconciliation, IN(CAL_BC) | IN(CAL_YT), FIXED, 9, 30, 2023, 0},
    {&orange_shirt, IN(CAL_MB), FIXED, 9, 30, 2024, 0},
    {&thanksgiving,
     IN(CAL_AB) | IN(CAL_BC) | IN(CAL_MB) | IN(CAL_NT) | IN(CAL_NU) | IN(CAL_ON) | IN(CAL_QC) | IN(CAL_SK) |
         IN(CAL_YT) | IN(CAL_FED),
     NTH_MONDAY, 10, 2, 0, 0},
    {&remembrance,
     IN(CAL_AB) | IN(CAL_BC) | IN(CAL_NB) | IN(CAL_NL) | IN(CAL_NT) | IN(CAL_NU) | IN(CAL_PE) | IN(CAL_SK) |
         IN(CAL_YT) | IN(CAL_FED),
     FIXED, 11, 11, 0, 0},
    {&christmas, ALL, FIXED, 12, 25, 0, 0},
    {&boxing, IN(CAL_ON) | IN(CAL_FED), FIXED, 12, 26, 0, 0},
    /* single days */
    {&mourning_2022, IN(CAL_BC) | IN(CAL_NB) | IN(CAL_NL) | IN(CAL_NS) | IN(CAL_PE) | IN(CAL_YT) | IN(CAL_FED), FIXED,
     9, 19, 2022, 2022},
};

static const struct {
    const char *code, *en, *fr;
} places[CAL_PLACE__MAX] = {
    [CAL_NONE] = {"none", "No calendar", "Aucun calendrier"},
    [CAL_FED] = {"CA-FED", "Canada (federally regulated employers)", "Canada (employeurs de compétence fédérale)"},
    [CAL_AB] = {"CA-AB", "Alberta", "Alberta"},
    [CAL_BC] = {"CA-BC", "British Columbia", "Colombie-Britannique"},
    [CAL_MB] = {"CA-MB", "Manitoba", "Manitoba"},
    [CAL_NB] = {"CA-NB", "New Brunswick", "Nouveau-Brunswick"},
    [CAL_NL] = {"CA-NL", "Newfoundland and Labrador", "Terre-Neuve-et-Labrador"},
    [CAL_NS] = {"CA-NS", "Nova Scotia", "Nouvelle-Écosse"},
    [CAL_NT] = {"CA-NT", "Northwest Territories", "Territoires du Nord-Ouest"},
    [CAL_NU] = {"CA-NU", "Nunavut", "Nunavut"},
    [CAL_ON] = {"CA-ON", "Ontario", "Ontario"},
    [CAL_PE] = {"CA-PE", "Prince Edward Island", "Île-du-Prince-Édouard"},
    [CAL_QC] = {"CA-QC", "Quebec", "Québec"},
    [CAL_SK] = {"CA-SK", "Saskatchewan", "Saskatchewan"},
    [CAL_YT] = {"CA-YT", "Yukon", "Yukon"},
};

bool cal_place_parse(struct sv text, enum cal_place *ret_place)
{
    if (sv_eq(text, SV("CA"))) {
        *ret_place = CAL_FED;
        return true;
    }
    for (int i = 0; i < CAL_PLACE__MAX; i++) {
        if (sv_eq_z(text, places[i].code)) {
            *ret_place = (enum cal_place)i;
            return true;
        }
    }
    return false;
}

const char *cal_place_code(enum cal_place place)
{
    return places[place].code;
}

const char *cal_place_name(enum cal_place place, bool french)
{
    return french ? places[place].fr : places[place].en;
}

static const char *const shifts[CAL_SHIFT__MAX] = {"none", "next", "previous"};

bool cal_shift_parse(struct sv text, enum cal_shift *ret_shift)
{
    for (int i = 0; i < CAL_SHIFT__MAX; i++) {
        if (sv_eq_z(text, shifts[i])) {
            *ret_shift = (enum cal_shift)i;
            return true;
        }
    }
    return false;
}

const char *cal_shift_code(enum cal_shift shift)
{
    return shifts[shift];
}

/* ---- the days of one year ---- */

struct list {
    struct cal_day v[CAL_YEAR_MAX * 2];
    size_t n;
};

static struct cal_day *holiday_on(struct list *l, int64_t day)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].day == day)
            return &l->v[i];
    return NULL;
}

/* In order of date; a day that is there already keeps its first name. */
static void put(struct list *l, struct cal_day d)
{
    if (l->n == sizeof l->v / sizeof l->v[0] || holiday_on(l, d.day))
        return;
    size_t at = l->n++;
    while (at > 0 && l->v[at - 1].day > d.day) {
        l->v[at] = l->v[at - 1];
        at--;
    }
    l->v[at] = d;
}

static void drop(struct list *l, int64_t day)
{
    struct cal_day *d = holiday_on(l, day);
    if (!d)
        return;
    for (size_t i = (size_t)(d - l->v); i + 1 < l->n; i++)
        l->v[i] = l->v[i + 1];
    l->n--;
}

static struct cal_day named(const struct name *n, int64_t day, bool observed)
{
    return (struct cal_day){day, n->key, sv_of(n->en), sv_of(n->fr), observed};
}

/* Does this place keep the rule in this year? In Quebec Good Friday or Easter Monday is the employer's choice. */
static bool kept(const struct calendar *cal, const struct rule_row *r, int64_t year)
{
    if (!(r->places & IN(cal->place)) || (r->from && year < r->from) || (r->to && year > r->to))
        return false;
    if (cal->place == CAL_QC && r->rule == EASTER_FRIDAY)
        return cal->easter != CAL_EASTER_MONDAY;
    if (cal->place == CAL_QC && r->rule == EASTER_MONDAY)
        return cal->easter != CAL_GOOD_FRIDAY;
    return true;
}

static int64_t date_of(const struct rule_row *r, int64_t year)
{
    switch (r->rule) {
    case FIXED:
    case FIXED_OR_MONDAY:
    case FIXED_AND_MONDAY:
        return civil_day(year, r->month, r->a);
    case NTH_MONDAY:
        return civil_nth_weekday(year, r->month, CIVIL_MONDAY, r->a);
    case BEFORE_25_MAY:
        return civil_day(year, 5, 24) - civil_weekday(civil_day(year, 5, 24));
    case EASTER_FRIDAY:
        return civil_easter(year) - 2;
    case EASTER_MONDAY:
        return civil_easter(year) + 1;
    case RULE__MAX:
        break;
    }
    return INT64_MIN;
}

static void base_days(const struct calendar *cal, int64_t year, struct list *l)
{
    if (cal->place <= CAL_NONE || cal->place >= CAL_PLACE__MAX)
        return;
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const struct rule_row *r = &rules[i];
        if (!kept(cal, r, year))
            continue;
        int64_t day = date_of(r, year);
        bool sunday = civil_weekday(day) == CIVIL_SUNDAY;
        if (sunday && r->rule == FIXED_OR_MONDAY) {
            put(l, named(r->name, day + 1, true));
            continue;
        }
        put(l, named(r->name, day, false));
        if (sunday && r->rule == FIXED_AND_MONDAY)
            put(l, named(r->name, day + 1, true));
    }
}

/* Has the law of the place given this weekend day its substitute already? */
static bool has_substitute(const struct list *l, const struct cal_day *d)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].observed && l->v[i].key == d->key && l->v[i].day > d->day && l->v[i].day - d->day < 7)
            return true;
    return false;
}

/* Substitutes are searched in order of date, each on a weekday that is still free: Christmas on a Saturday makes Monday
 * and, for Boxing Day on the Sunday, Tuesday. */
static void shift_weekends(enum cal_shift shift, struct list *l)
{
    struct list base = *l;
    int64_t step = shift == CAL_SHIFT_NEXT ? 1 : -1;
    for (size_t i = 0; i < base.n; i++) {
        struct cal_day d = base.v[i];
        if (d.observed || civil_weekday(d.day) < CIVIL_SATURDAY || has_substitute(&base, &d))
            continue;
        do
            d.day += step;
        while (civil_weekday(d.day) >= CIVIL_SATURDAY || holiday_on(l, d.day));
        d.observed = true;
        put(l, d);
    }
}

static const struct cal_edit *edit_of(const struct calendar *cal, int64_t day)
{
    for (size_t i = cal->edits_n; i > 0; i--)
        if (cal->edits[i - 1].day == day)
            return &cal->edits[i - 1];
    return NULL;
}

/* Statutory days and substitutes that may touch the year, not yet edited. A substitute can cross New Year. */
static void days_around(const struct calendar *cal, int64_t first_year, int64_t last_year, struct list *l)
{
    l->n = 0;
    for (int64_t y = first_year; y <= last_year; y++)
        base_days(cal, y, l);
    if (cal->shift != CAL_SHIFT_NONE)
        shift_weekends(cal->shift, l);
}

static struct cal_day added(const struct cal_edit *e)
{
    return (struct cal_day){e->day, "added", e->name, e->name, false};
}

bool cal_is_holiday(const struct calendar *cal, int64_t day, struct cal_day *ret_day)
{
    const struct cal_edit *e = edit_of(cal, day);
    struct cal_day hit;
    if (e) {
        if (e->removed)
            return false;
        hit = added(e);
    } else {
        struct list l;
        int64_t year = civil_of(day * CIVIL_DAY_MS).year;
        bool edge = cal->shift != CAL_SHIFT_NONE;
        days_around(cal, year - edge, year + edge, &l);
        const struct cal_day *found = holiday_on(&l, day);
        if (!found)
            return false;
        hit = *found;
    }
    if (ret_day)
        *ret_day = hit;
    return true;
}

size_t cal_year(const struct calendar *cal, int64_t year, struct cal_day *out, size_t max)
{
    struct list l;
    int64_t first = civil_day(year, 1, 1), last = civil_day(year, 12, 31);
    days_around(cal, year - 1, year + 1, &l);
    for (size_t i = l.n; i > 0; i--)
        if (l.v[i - 1].day < first || l.v[i - 1].day > last)
            drop(&l, l.v[i - 1].day);
    for (size_t i = 0; i < cal->edits_n; i++) {
        const struct cal_edit *e = &cal->edits[i];
        if (e->day < first || e->day > last || edit_of(cal, e->day) != e)
            continue;
        drop(&l, e->day);
        if (!e->removed)
            put(&l, added(e));
    }
    size_t n = l.n < max ? l.n : max;
    for (size_t i = 0; i < n; i++)
        out[i] = l.v[i];
    return n;
}
