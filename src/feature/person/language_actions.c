/* SPDX-License-Identifier: EUPL-1.2 */
/* Languages of a person, the language of messages to them (LANG-3), little data (EQ-3), and levels (LANG-7). */
#include <stdlib.h>

#include "base/civil.h"
#include "base/id.h"
#include "core/access.h"
#include "core/audit.h"
#include "feature/person/person_room.h"

enum { ASSESSOR_MAX = 120 };

enum pw_err person_own(struct ctx *c, struct person *ret)
{
    if (!c->actor->person_id || (c->actor->kind != ACTOR_MEMBER && c->actor->kind != ACTOR_STAFF))
        return PW_NOT_FOUND;
    return person_get(c, c->actor->person_id, ret);
}

/* The person themself, or who may work with them. */
static enum pw_err need_self_or_staff(struct ctx *c, int64_t person_id, struct person *ret)
{
    struct person own;
    enum pw_err e = person_own(c, &own);
    if (e == PW_OK && own.id == person_id) {
        *ret = own;
        return PW_OK;
    }
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    return person_need(c, person_id, ret);
}

/* ---- languages ---- */

enum pw_err person_langs(struct ctx *c, int64_t person_id, struct person_lang **ret, size_t *ret_n)
{
    int64_t *ids;
    size_t n;
    struct sv text;
    struct person_lang *v = arena_array(c->arena, struct person_lang, PERSON_LANGS_MAX + 1);
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(person_ids(c, person_id, &ids, &n));
    PW_TRY(speech_row(c, ids, n, &text));
    *ret_n = speech_parse(text, v);
    *ret = v;
    return PW_OK;
}

/* Where the person is a member, or asks to be one: the language that fits both. */
static enum pw_err speak_to(struct ctx *c, const struct person *p)
{
    struct person_lang *langs;
    struct person_place *places;
    size_t n_langs, n;
    if (!p->lang.n)
        return PW_OK;
    PW_TRY(person_langs(c, p->id, &langs, &n_langs));
    PW_TRY(person_places(c, p->id, &places, &n));
    for (size_t i = 0; i < n; i++) {
        struct sv lang = message_lang(places[i].com.languages, p->lang, product_speaks(p->lang), langs, n_langs);
        PW_TRY(membership_speak(c, &places[i], lang));
    }
    return PW_OK;
}

enum pw_err lang_note(struct ctx *c, int64_t person_id, struct sv code, bool speaks, bool reads)
{
    struct person p;
    struct person_lang *v;
    size_t n, i = 0;
    PW_TRY(need_self_or_staff(c, person_id, &p));
    if (!language_offered(code))
        return problem_add(c->problems, "lang", N_("Choose a language from the list."));
    PW_TRY(person_langs(c, p.id, &v, &n));
    while (i < n && !sv_eq(v[i].code, code))
        i++;
    if (i == PERSON_LANGS_MAX)
        return problem_add(c->problems, "lang", N_("No more than 40 languages can be noted."));
    v[i] = (struct person_lang){code, speaks, reads};
    PW_TRY(speech_put(c, p.id, speech_text(c->arena, v, i == n ? n + 1 : n)));
    PW_TRY(audit(c, "person.language", "person", p.id,
                 arena_fmt(c->arena, "lang=%.*s speaks=%d reads=%d", SV_ARG(code), speaks, reads)));
    return speak_to(c, &p);
}

enum pw_err lang_prefer(struct ctx *c, int64_t person_id, struct sv code)
{
    struct person p;
    PW_TRY(need_self_or_staff(c, person_id, &p));
    if (!language_offered(code))
        return problem_add(c->problems, "preferred", N_("Choose a language from the list."));
    p.lang = code;
    PW_TRY(person_set(c, p.id, &(struct person_new){p.display_name, code, p.zone}));
    PW_TRY(audit(c, "person.prefers", "person", p.id, arena_fmt(c->arena, "lang=%.*s", SV_ARG(code))));
    return speak_to(c, &p);
}

/* ---- little data ---- */

enum pw_err limited_set(struct ctx *c, int64_t person_id, bool limited)
{
    struct person p;
    PW_TRY(need_self_or_staff(c, person_id, &p));
    return person_set_limited(c, p.id, limited);
}

/* ---- levels ---- */

static int by_day(const void *x, const void *y)
{
    const struct language_level *a = x, *b = y;
    int d = sv_cmp(b->on_day, a->on_day);
    return d ? d : (b->id > a->id) - (b->id < a->id);
}

static enum pw_err level_names(struct ctx *c, struct language_level *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, 2 * n + 1);
    struct person *p = arena_array(c->arena, struct person, 2 * n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        ids[2 * i] = v[i].noted_by;
        ids[2 * i + 1] = v[i].withdrawn_by;
    }
    PW_TRY(person_get_many(c, ids, 2 * n, p));
    for (size_t i = 0; i < n; i++) {
        v[i].noted_name = p[2 * i].display_name;
        v[i].withdrawn_name = p[2 * i + 1].display_name;
    }
    return PW_OK;
}

enum pw_err person_levels(struct ctx *c, int64_t person_id, struct language_level **ret, size_t *ret_n)
{
    int64_t *ids;
    size_t n_ids, n = 0;
    PW_TRY(person_ids(c, person_id, &ids, &n_ids));
    struct language_level **parts = arena_array(c->arena, struct language_level *, n_ids);
    size_t *counts = arena_array(c->arena, size_t, n_ids);
    if (!parts || !counts)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n_ids; i++) {
        PW_TRY(level_rows(c, ids[i], &parts[i], &counts[i]));
        n += counts[i];
    }
    struct language_level *v = arena_array(c->arena, struct language_level, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    n = 0;
    for (size_t i = 0; i < n_ids; i++)
        for (size_t k = 0; k < counts[i]; k++)
            v[n++] = parts[i][k];
    qsort(v, n, sizeof *v, by_day);
    PW_TRY(level_names(c, v, n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static enum pw_err check_level(struct ctx *c, const struct level_new *n, struct language_level *l)
{
    int64_t day, today = c->now_ms / CIVIL_DAY_MS + 1; /* tomorrow somewhere is today in UTC */
    if (!level_scale_parse(n->scale, &l->scale))
        (void)!problem_add(c->problems, "scale", N_("Choose English (CLB) or French (NCLC)."));
    if (!level_skill_parse(n->skill, &l->skill))
        (void)!problem_add(c->problems, "skill", N_("Choose listening, speaking, reading or writing."));
    if (n->level < LEVEL_MIN || n->level > LEVEL_MAX)
        (void)!problem_add(c->problems, "level", N_("A level is a whole number from 1 to 12."));
    l->assessor = n->self ? (struct sv){0} : n->assessor;
    NOTED(take_line(c, "assessor", !n->self, ASSESSOR_MAX, &l->assessor));
    l->on_day = n->on_day;
    if (!l->on_day.n) {
        char text[CIVIL_DATE_TEXT];
        l->on_day = arena_sv(c->arena, civil_date_text(c->now_ms / CIVIL_DAY_MS, text));
    } else if (!civil_parse_date(l->on_day, &day) || day > today || day < civil_day(1990, 1, 1)) {
        (void)!problem_add(c->problems, "on_day",
                           N_("Give the day of the assessment: not in the future, as 2026-03-04."));
    }
    return c->problems->n ? PW_INVALID : PW_OK;
}

enum pw_err level_note(struct ctx *c, int64_t person_id, const struct level_new *n, int64_t *ret_id)
{
    struct person p;
    struct language_level l = {
        .id = id_new(), .level = n->level, .self = n->self, .noted_by = c->actor->person_id, .noted_ms = c->now_ms};
    PW_TRY(person_need(c, person_id, &p));
    PW_TRY(check_level(c, n, &l));
    PW_TRY(level_insert(c, p.id, &l));
    /* which scale and skill, never how high */
    PW_TRY(audit(c, "person.level", "person", p.id,
                 arena_fmt(c->arena, "scale=%s skill=%s known=%s", level_scale_code(l.scale), level_skill_code(l.skill),
                           l.self ? "self" : "assessed")));
    *ret_id = l.id;
    return PW_OK;
}

enum pw_err level_withdraw(struct ctx *c, int64_t person_id, int64_t level_id, struct sv why)
{
    struct person p, of;
    int64_t whose;
    PW_TRY(person_need(c, person_id, &p));
    PW_TRY(level_person(c, level_id, &whose));
    PW_TRY(person_get(c, whose, &of));
    if (of.id != p.id)
        return PW_NOT_FOUND;
    if (!level_why_label(why))
        return problem_add(c->problems, "why", N_("Choose one of the list."));
    PW_TRY(level_withdraw_row(c, level_id, why));
    return audit(c, "person.level-withdrawn", "person", p.id, arena_fmt(c->arena, "why=%.*s", SV_ARG(why)));
}
