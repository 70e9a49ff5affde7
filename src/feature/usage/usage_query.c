/* SPDX-License-Identifier: EUPL-1.2 */
/* Months as they are shown: closed ones as they were kept, others as of now; with what was accepted as silently gone,
 * and with small numbers protected for those who only see results. */
#include <string.h>

#include "feature/usage/usage_store.h"

static bool sees_results(const struct actor *a, const struct community *com)
{
    static const enum role roles[] = {ROLE_EVALUATOR, ROLE_SUPERVISOR};
    for (size_t i = 0; i < 2; i++)
        if (actor_has_role(a, roles[i], SCOPE_COMMUNITY, com->id) ||
            actor_has_role(a, roles[i], SCOPE_ORG, com->owner_org))
            return true;
    return false;
}

static bool keeps(const struct ctx *c, const struct community *com)
{
    return community_may_moderate(c, com) || community_may_admin(c, com);
}

enum pw_err usage_see(struct ctx *c, int64_t community_id, struct community *ret, enum usage_sight *ret_sight)
{
    struct community com;
    struct ctx any = *c;
    any.actor = &actor_system;
    PW_TRY(community_get(&any, community_id, &com));
    if (!keeps(c, &com) && !sees_results(c->actor, &com))
        return PW_NOT_FOUND;
    *ret = com;
    *ret_sight = keeps(c, &com) ? USAGE_ALL : USAGE_PROTECTED;
    return PW_OK;
}

enum pw_err usage_keep(struct ctx *c, int64_t community_id, struct community *ret)
{
    struct community com;
    enum usage_sight sight;
    PW_TRY(usage_see(c, community_id, &com, &sight));
    if (sight != USAGE_ALL)
        return PW_DENIED;
    *ret = com;
    return PW_OK;
}

enum pw_err usage_seen(struct ctx *c, struct community **ret, size_t *ret_n)
{
    struct ctx any = *c;
    struct community *v;
    size_t n, k = 0;
    any.actor = &actor_system;
    PW_TRY(community_mine(&any, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (keeps(c, &v[i]) || sees_results(c->actor, &v[i]))
            v[k++] = v[i];
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

static const struct tz *zone_of(const struct community *com)
{
    const struct tz *tz;
    return tz_find(com->zone, &tz) == PW_OK ? tz : NULL;
}

int64_t usage_current_month(struct ctx *c, const struct community *com)
{
    return month_of_ms(zone_of(com), c->now_ms);
}

int64_t usage_first_month(const struct community *com)
{
    return month_of_ms(zone_of(com), com->created_ms);
}

/* ---- protection ---- */

static enum pw_err protect(struct ctx *c, const struct activity *a, const struct activity_codes *codes,
                           const int64_t parts[ACTIVITY_CODES][DID__MAX], enum small_show (**ret)[DID__MAX])
{
    enum small_show(*show)[DID__MAX] = arena_alloc_n(c->arena, sizeof *show, codes->n ? codes->n : 1, alignof(int));
    int64_t row[ACTIVITY_CODES];
    enum small_show row_show[ACTIVITY_CODES];
    if (!show)
        return PW_UNAVAILABLE;
    for (size_t line = 0; line < DID__MAX; line++) {
        for (size_t i = 0; i < codes->n; i++)
            row[i] = parts[i][line];
        small_protect(row, codes->n, a->all[line], SMALL_LIMIT, row_show);
        /* members at the end of two months and the comings and goings between them would give each other away */
        for (size_t i = 0; i < codes->n; i++)
            show[i][line] = line == DID_MEMBERS ? SMALL_HIDDEN : row_show[i];
    }
    *ret = show;
    return PW_OK;
}

static enum pw_err protect_month(struct ctx *c, struct usage_month *m, struct activity *a)
{
    for (size_t i = 0; i < ACTIVITY_HOURS; i++)
        if (a->hours[i] < SMALL_LIMIT)
            a->hours[i] = 0;
    PW_TRY(protect(c, a, &a->langs, (const int64_t(*)[DID__MAX])a->by_lang, &m->lang_show));
    return protect(c, a, &a->kinds, (const int64_t(*)[DID__MAX])a->by_kind, &m->kind_show);
}

/* ---- months ---- */

static void take_ends(struct usage_month *v, size_t n, struct activity *const *a, int64_t first,
                      const struct usage_end_row *ends, size_t n_ends)
{
    int64_t so_far = 0;
    size_t k = 0;
    for (; k < n_ends && ends[k].month < first; k++)
        so_far += ends[k].gone;
    for (size_t i = 0; i < n; i++) {
        if (k < n_ends && ends[k].month == v[i].month) {
            v[i].has_end = true;
            v[i].entered = ends[k].entered;
            v[i].gone = ends[k].gone;
            v[i].note = ends[k].note;
            so_far += ends[k++].gone;
        }
        v[i].gone_so_far = so_far;
        a[i]->all[DID_VANISH] += v[i].gone;
        a[i]->all[DID_MEMBERS] -= so_far;
    }
}

enum pw_err usage_months(struct ctx *c, const struct community *com, enum usage_sight sight, int64_t first,
                         int64_t last, struct usage_month **ret, size_t *ret_n)
{
    const struct tz *tz = zone_of(com);
    int64_t now = month_of_ms(tz, c->now_ms), born = usage_first_month(com);
    struct usage_end_row *ends;
    size_t n_ends;
    first = first > born ? first : born;
    last = last < now ? last : now;
    if (first > last) {
        *ret = NULL;
        *ret_n = 0;
        return PW_OK;
    }
    if (last - first >= USAGE_MONTHS_MAX)
        return problem_add(c->problems, "from", N_("Choose at most 60 months."));
    size_t n = (size_t)(last - first + 1);
    struct usage_month *v = arena_array(c->arena, struct usage_month, n);
    struct activity **a = arena_array(c->arena, struct activity *, n);
    bool *closed = arena_array(c->arena, bool, n);
    if (!v || !a || !closed)
        return PW_UNAVAILABLE;
    PW_TRY(usage_load_months(c, com->id, first, last, a, closed));
    for (size_t i = 0; i < n; i++) {
        int64_t month = first + (int64_t)i, from, to;
        v[i] = (struct usage_month){.month = month, .closed = closed[i], .running = month == now};
        if (closed[i])
            continue;
        a[i] = arena_new(c->arena, struct activity);
        if (!a[i])
            return PW_UNAVAILABLE;
        month_bounds(tz, month, &from, &to);
        PW_TRY(activity_count(c, com, from, to, a[i]));
    }
    PW_TRY(usage_end_rows(c, com->id, last, &ends, &n_ends));
    take_ends(v, n, a, first, ends, n_ends);
    for (size_t i = 0; i < n; i++) {
        v[i].a = a[i];
        if (sight == USAGE_PROTECTED)
            PW_TRY(protect_month(c, &v[i], a[i]));
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err usage_notes(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                        struct usage_note **ret, size_t *ret_n)
{
    return usage_note_rows(c, com->id, first, last, ret, ret_n);
}

/* ---- categories and the activity table (T-5) ---- */

enum pw_err usage_categories(struct ctx *c, int64_t community_id, struct usage_category **ret, size_t *ret_n)
{
    struct usage_category *v = arena_array(c->arena, struct usage_category, CATEGORIES_MAX);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(usage_category_rows(c, community_id, v, &n));
    if (!n) {
        n = sizeof usage_shipped / sizeof *usage_shipped;
        memcpy(v, usage_shipped, sizeof usage_shipped);
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static int64_t count_source(const struct activity *a, struct sv source)
{
    enum activity_line line;
    if (usage_line_parse(source, &line))
        return a->all[line];
    if (sv_starts(source, SV("post:")))
        for (size_t i = 0; i < a->types.n; i++)
            if (sv_eq(a->types.v[i], sv_sub(source, 5, SIZE_MAX)))
                return a->posts[i];
    return 0;
}

static void fill_computed(struct usage_table *t, const struct usage_month *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(v[i].month - t->first);
        t->known[at] = true;
        for (size_t k = 0; k < t->n; k++)
            t->cells[k * t->months + at] = count_source(v[i].a, t->categories[k].source);
    }
}

/* A month is of one origin: what an older table, or counting, said of it is no part of it. */
static void fill_imported(struct usage_table *t, const struct usage_imported_row *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(v[i].month - t->first);
        if (!i || v[i].month != v[i - 1].month || v[i].import_id != v[i - 1].import_id)
            for (size_t k = 0; k < t->n; k++)
                t->cells[k * t->months + at] = 0;
        t->imported[at] = t->known[at] = true;
        for (size_t k = 0; k < t->n; k++)
            if (sv_eq(t->categories[k].code, v[i].category))
                t->cells[k * t->months + at] = v[i].n;
    }
}

enum pw_err usage_import_meets(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                               struct usage_meets *ret)
{
    struct usage_imported_row *v;
    struct usage_meets m = {0};
    size_t n;
    int64_t born = usage_first_month(com);
    PW_TRY(usage_imported_rows(c, com->id, first, last, &v, &n));
    for (size_t i = 0; i < n; i++)
        m.imported += !i || v[i].month != v[i - 1].month;
    m.counted = last < born ? 0 : last - (first > born ? first : born) + 1;
    *ret = m;
    return PW_OK;
}

enum pw_err usage_activity(struct ctx *c, const struct community *com, int64_t first, int64_t last,
                           const struct usage_month *months, size_t n, struct usage_table *ret)
{
    struct usage_table t = {0};
    struct usage_imported_row *rows;
    struct usage_category *categories;
    size_t n_rows;
    int64_t imported = -1, from = usage_first_month(com), now = usage_current_month(c, com);
    PW_TRY(usage_imported_range(c, com->id, &imported));
    if (imported >= 0 && imported < from)
        from = imported;
    first = first > from ? first : from;
    last = last < now ? last : now;
    if (last - first >= USAGE_MONTHS_MAX)
        return problem_add(c->problems, "from", N_("Choose at most 60 months."));
    PW_TRY(usage_categories(c, com->id, &categories, &t.n));
    t.categories = categories;
    t.first = first;
    t.months = last >= first ? (size_t)(last - first + 1) : 0;
    t.cells = arena_array(c->arena, int64_t, t.n * t.months + 1);
    t.imported = arena_array(c->arena, bool, t.months + 1);
    t.known = arena_array(c->arena, bool, t.months + 1);
    if (!t.cells || !t.imported || !t.known)
        return PW_UNAVAILABLE;
    if (t.months) {
        fill_computed(&t, months, n);
        PW_TRY(usage_imported_rows(c, com->id, first, last, &rows, &n_rows));
        fill_imported(&t, rows, n_rows);
    }
    *ret = t;
    return PW_OK;
}

enum pw_err usage_imports(struct ctx *c, const struct community *com, struct usage_import **ret, size_t *ret_n)
{
    return usage_import_rows(c, com->id, ret, ret_n);
}

/* ---- for members ---- */

enum pw_err usage_summary_draft(struct ctx *c, const struct community *com, int64_t month, struct usage_summary *ret)
{
    struct usage_month *v;
    struct promise_row *p;
    size_t n, n_p;
    int64_t from, to;
    struct ctx any = *c;
    any.actor = &actor_system;
    PW_TRY(usage_months(c, com, USAGE_ALL, month, month, &v, &n));
    if (!n)
        return PW_NOT_FOUND;
    const int64_t *all = v[0].a->all;
    struct usage_summary s = {.month = month,
                              .members = all[DID_MEMBERS],
                              .joined = all[DID_JOIN],
                              .asked = all[DID_ASK],
                              .answered = all[DID_ANSWER],
                              .posts = all[DID_POST],
                              .median_ms = -1};
    month_bounds(zone_of(com), month, &from, &to);
    PW_TRY(promise_report(&any, com->id, from, to, false, &p, &n_p));
    if (n_p) {
        s.in_time = p[0].in_time;
        s.promised = p[0].promised;
        s.median_ms = p[0].median_ms;
    }
    *ret = s;
    return PW_OK;
}

enum pw_err usage_summaries(struct ctx *c, const struct community *com, int64_t month, struct usage_summary **ret,
                            size_t *ret_n)
{
    PW_TRY(usage_summary_rows(c, com->id, month, ret, ret_n));
    for (size_t i = 0; i < *ret_n; i++) {
        struct usage_summary *s = &(*ret)[i];
        PW_TRY(usage_summary_words(c, com->id, s->month, c->lang, &s->words));
        if (!s->words.n)
            PW_TRY(usage_summary_words(c, com->id, s->month, lang_main(com->languages), &s->words));
    }
    return PW_OK;
}
