/* SPDX-License-Identifier: EUPL-1.2 */
#include "program_rules.h"

const char *const mode_codes[] = {"remote", "hybrid", "in-person", NULL};
const char *const use_codes[] = {"remote", "hybrid", "in-person", "not-set", NULL};
const char *const wish_codes[] = {"remote", "hybrid", "in-person", "no-preference", "not-asked", NULL};
const char *const program_state_codes[] = {"draft", "open", "closed", NULL};
const char *const end_reason_codes[] = {"completed",  "moved-away",    "not-needed",     "not-eligible",
                                        "no-contact", "other-program", "program-closed", NULL};

static const char *const use_labels[] = {N_("Remote"), N_("Hybrid"), N_("In person"), N_("Not set yet")},
                         *const wish_labels[] = {N_("Remote"), N_("Hybrid"), N_("In person"), N_("No preference"),
                                                 N_("Not asked")},
                         *const state_labels[] = {N_("Draft"), N_("Taking enrolments"), N_("Program closed")},
                         *const reason_labels[] = {N_("Finished the program"),  N_("Moved away"),
                                                   N_("No longer needs it"),    N_("No longer eligible"),
                                                   N_("No contact any more"),   N_("Went to another program"),
                                                   N_("The program was closed")};

/* Its place in a list of codes that ends with NULL; -1 = none of them. */
static int place_of(struct sv code, const char *const *codes)
{
    for (int i = 0; codes[i]; i++)
        if (sv_eq_z(code, codes[i]))
            return i;
    return -1;
}

const char *delivery_code(enum delivery d)
{
    return use_codes[d];
}

const char *delivery_label(enum delivery d)
{
    return use_labels[d];
}

bool delivery_parse(struct sv code, enum delivery *ret)
{
    int i = place_of(code, use_codes);
    if (i >= 0)
        *ret = (enum delivery)i;
    return i >= 0;
}

const char *wish_code(enum wish w)
{
    return wish_codes[w];
}

const char *wish_label(enum wish w)
{
    return wish_labels[w];
}

bool wish_parse(struct sv code, enum wish *ret)
{
    int i = place_of(code, wish_codes);
    if (i >= 0)
        *ret = (enum wish)i;
    return i >= 0;
}

const char *program_state_code(enum program_state s)
{
    return program_state_codes[s];
}

const char *program_state_label(enum program_state s)
{
    return state_labels[s];
}

bool program_state_parse(struct sv code, enum program_state *ret)
{
    int i = place_of(code, program_state_codes);
    if (i >= 0)
        *ret = (enum program_state)i;
    return i >= 0;
}

/* Once people could enrol it is no draft any more. */
bool program_state_may(enum program_state from, enum program_state to)
{
    return from != to && to != PROGRAM_DRAFT && !(from == PROGRAM_DRAFT && to == PROGRAM_CLOSED);
}

bool modes_parse(struct sv codes, unsigned *ret)
{
    struct sv rest = codes, code;
    unsigned bits = 0;
    while (sv_cut(&rest, ' ', &code)) {
        enum delivery d;
        if (!code.n)
            continue;
        if (!delivery_parse(code, &d) || d == DELIVERY_UNSET)
            return false;
        bits |= 1U << d;
    }
    if (bits)
        *ret = bits;
    return bits != 0;
}

enum unmet wish_unmet(unsigned modes, enum wish prefers, enum delivery uses)
{
    if (prefers >= WISH_NONE || (int)uses == (int)prefers)
        return WISH_MET;
    if (!mode_offered(modes, (int)prefers))
        return UNMET_NOT_OFFERED;
    return uses == DELIVERY_UNSET ? WISH_MET : UNMET_OTHER; /* offered, and nothing else was chosen yet */
}

const char *end_reason_label(struct sv code)
{
    int i = place_of(code, end_reason_codes);
    return i >= 0 ? reason_labels[i] : NULL;
}

/* ---- the report ---- */

static void move(struct program_figures *f, enum delivery mode, int64_t by)
{
    f->mode[mode].moved += by;
}

/* at start + began + moved - ended = at end, in each mode and in all. */
static void add_flows(struct program_figures *f, const struct enrolment_span *s)
{
    struct mode_figures *m = &f->mode[s->uses];
    if (s->at_start) {
        f->mode[s->uses_at_start].at_start++;
        move(f, s->uses_at_start, -1);
        move(f, s->uses, 1);
    }
    m->began += !s->at_start;
    m->ended += s->ended;
    m->at_end += !s->ended;
    f->all.at_start += s->at_start;
    f->all.began += !s->at_start;
    f->all.ended += s->ended;
    f->all.at_end += !s->ended;
}

static void add_person(struct mode_figures *m, const struct enrolment_span *s)
{
    m->people++;
    m->took_part += s->said > 0;
    m->asked += s->asked;
    m->promised += s->promised;
    m->in_time += s->in_time;
}

void figures_add(struct program_figures *f, unsigned modes, const struct enrolment_span *s)
{
    add_flows(f, s);
    if (!s->counts_person)
        return;
    enum unmet u = wish_unmet(modes, s->prefers, s->uses);
    add_person(&f->mode[s->uses], s);
    add_person(&f->all, s);
    f->wants[s->prefers][s->uses]++;
    f->wishes[s->prefers]++;
    f->not_offered += u == UNMET_NOT_OFFERED;
    f->other_mode += u == UNMET_OTHER;
}

/* One line's parts: what its protection hides is hidden in the whole mode. */
static void protect_line(struct program_figures *f, const int64_t parts[DELIVERY__MAX], int64_t total)
{
    enum small_show show[DELIVERY__MAX];
    small_protect(parts, DELIVERY__MAX, total, SMALL_LIMIT, show);
    for (size_t i = 0; i < DELIVERY__MAX; i++)
        if (show[i] != SMALL_SHOWN)
            f->mode_show[i] = SMALL_HIDDEN;
}

void figures_protect(struct program_figures *f)
{
    enum { LINES = 7 };
    int64_t parts[LINES][DELIVERY__MAX], totals[LINES] = {0};
    for (size_t i = 0; i < DELIVERY__MAX; i++) {
        const struct mode_figures *m = &f->mode[i];
        /* who took part and who did not; asked with and without a promise; in time and late: no difference is small */
        const int64_t line[LINES] = {m->people,   m->took_part, m->people - m->took_part, m->asked,
                                     m->promised, m->in_time,   m->promised - m->in_time};
        for (size_t k = 0; k < LINES; k++) {
            parts[k][i] = line[k];
            totals[k] += line[k];
        }
        f->mode_show[i] = SMALL_SHOWN;
    }
    for (size_t k = 0; k < LINES; k++)
        protect_line(f, parts[k], totals[k]);
    small_protect(f->wishes, WISH__MAX, f->all.people, SMALL_LIMIT, f->wish_show);
}
