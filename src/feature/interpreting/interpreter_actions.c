/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of interpreters: who is on it, and who may see what of it. */
#include <stdlib.h>

#include "base/id.h"
#include "core/account.h"
#include "core/audit.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/interpreting/interpreting_room.h"
#include "feature/person/person_kit.h"

enum { NAME_CHARS = 100, SERVICE_CHARS = 120, HOURS_CHARS = 300, REACHED_CHARS = 300 };

/* By roles, not by enum right: a reading token may read what its account reads. */
static bool has_role(const struct ctx *c, const enum role *roles, size_t n)
{
    bool has = is_system(c);
    bool staff = c->actor->kind == ACTOR_STAFF || c->actor->kind == ACTOR_TOKEN;
    for (size_t i = 0; staff && i < c->actor->n_grants; i++)
        for (size_t k = 0; k < n; k++)
            has |= c->actor->grants[i].role == roles[k];
    return has;
}

/* A technical administrator of one community is none of them: the list belongs to the network. */
bool interpreting_may_manage(const struct ctx *c)
{
    return has_role(c, (const enum role[]){ROLE_COORDINATOR, ROLE_NETWORK_ADMIN}, 2);
}

bool interpreting_may_book(const struct ctx *c)
{
    return has_role(
        c, (const enum role[]){ROLE_MODERATOR, ROLE_SPECIALIST, ROLE_TECH_ADMIN, ROLE_COORDINATOR, ROLE_NETWORK_ADMIN},
        5);
}

int64_t interpreting_today(const struct ctx *c)
{
    const struct tz *tz;
    return civil_day_of(tz_find(INTERP_HOME_ZONE, &tz) == PW_OK ? tz_local_ms(tz, c->now_ms) : c->now_ms);
}

struct sv interpreter_path(struct ctx *c, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(c->arena, "/interpreting/people/%s", id_text(id, text).p);
}

struct sv interp_lang(struct sv code)
{
    for (size_t i = 0; i < code.n && !language_offered(code); i++)
        if (code.p[i] == '-')
            return sv_sub(code, 0, i);
    return code;
}

bool interpreter_speaks(const struct interpreter *i, struct sv lang)
{
    struct sv base = interp_lang(lang);
    for (size_t k = 0; k < i->n_langs; k++)
        if (sv_eq(i->langs[k], base))
            return true;
    return false;
}

bool interpreter_does(const struct interpreter *i, enum interp_mode m)
{
    return (i->modes >> m) & 1u;
}

enum pw_err interpreter_names(struct ctx *c, struct interpreter *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct person *p = arena_array(c->arena, struct person, n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].person_id;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t i = 0; i < n; i++)
        v[i].name = p[i].display_name;
    return PW_OK;
}

/* ---- writing ---- */

struct checked {
    enum interpreter_kind kind;
    unsigned modes;
    const struct sv *langs;
    size_t n_langs;
    struct sv service, availability, reached;
};

static enum pw_err check(struct ctx *c, const struct interpreter_edit *e, struct checked *ret)
{
    struct checked k = {.service = e->service, .availability = e->availability, .reached = e->reached};
    struct sv *langs = arena_array(c->arena, struct sv, INTERPRETER_LANGS_MAX + 1);
    if (!langs)
        return PW_UNAVAILABLE;
    if (!interpreter_kind_parse(e->kind, &k.kind))
        problem_add(c->problems, "kind", N_("Choose one of the list."));
    for (size_t i = 0; i < e->n_langs && k.n_langs < INTERPRETER_LANGS_MAX; i++)
        if (language_offered(e->langs[i]))
            langs[k.n_langs++] = e->langs[i];
    if (k.n_langs < 2)
        problem_add(c->problems, "langs", N_("Choose two languages or more: they are interpreted between each other."));
    for (size_t i = 0; i < e->n_modes; i++) {
        enum interp_mode m;
        if (interp_mode_parse(e->modes[i], &m))
            k.modes |= 1u << m;
    }
    if (!k.modes)
        problem_add(c->problems, "modes", N_("Choose at least one: in person, by telephone or by video."));
    NOTED(take_line(c, "service", k.kind == INTERPRETER_OUTSIDE, SERVICE_CHARS, &k.service));
    NOTED(take_line(c, "availability", false, HOURS_CHARS, &k.availability));
    NOTED(take_line(c, "reached", false, REACHED_CHARS, &k.reached));
    if (c->problems->n)
        return PW_INVALID;
    k.langs = langs;
    *ret = k;
    return PW_OK;
}

static enum pw_err seal_words(struct ctx *c, struct interpreter *i, const struct checked *k)
{
    PW_TRY(seal(c, i->person_id, (struct seal_place){"interpreter", "availability", i->id}, k->availability,
                &i->availability));
    return seal(c, i->person_id, (struct seal_place){"interpreter", "reached", i->id}, k->reached, &i->reached);
}

static enum pw_err has_account(struct ctx *c, int64_t person_id, bool *ret)
{
    struct account *v;
    size_t n;
    *ret = false;
    PW_TRY(account_list(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        *ret |= v[i].person_id == person_id && !v[i].disabled_ms;
    return PW_OK;
}

/* An account of the network, or somebody the actor works with. */
static enum pw_err known_person(struct ctx *c, int64_t person_id)
{
    bool known = false;
    struct interpreter there;
    PW_TRY(has_account(c, person_id, &known));
    if (!known)
        PW_TRY(person_may(c, person_id, &known));
    if (!known)
        return problem_add(c->problems, "person", N_("Choose one of the list."));
    enum pw_err e = interpreter_row_of_person(c, person_id, &there);
    if (e == PW_OK)
        return problem_add(c->problems, "person", N_("This person is on the list of interpreters already."));
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err interpreter_add(struct ctx *c, const struct interpreter_edit *e, int64_t *ret_id)
{
    struct checked k;
    struct sv name = e->name;
    if (!interpreting_may_manage(c))
        return PW_NOT_FOUND;
    if (e->person_id)
        NOTED(known_person(c, e->person_id));
    else
        NOTED(take_line(c, "name", true, NAME_CHARS, &name));
    PW_TRY(check(c, e, &k));
    struct interpreter i = {
        .id = id_new(), .person_id = e->person_id, .kind = k.kind, .modes = k.modes, .service = k.service};
    struct person_new p = {.display_name = name, .lang = c->lang};
    if (!i.person_id)
        PW_TRY(person_create(c, &p, &i.person_id));
    PW_TRY(seal_words(c, &i, &k));
    PW_TRY(interpreter_insert(c, &i));
    PW_TRY(interpreter_save_langs(c, i.id, k.langs, k.n_langs));
    *ret_id = i.id;
    return audit(c, "interpreter.add", "interpreter", i.id, sv_of(interpreter_kind_code(i.kind)));
}

/* The name of somebody without an account stands nowhere else, so it is corrected here. */
static enum pw_err correct_name(struct ctx *c, int64_t person_id, struct sv name)
{
    bool account;
    struct person p;
    PW_TRY(has_account(c, person_id, &account));
    PW_TRY(person_get(c, person_id, &p));
    if (account || !name.n || sv_eq(name, p.display_name))
        return PW_OK;
    PW_TRY(take_line(c, "name", true, NAME_CHARS, &name));
    struct person_new n = {.display_name = name, .lang = p.lang, .zone = p.zone};
    return person_set(c, person_id, &n);
}

enum pw_err interpreter_change(struct ctx *c, int64_t id, const struct interpreter_edit *e)
{
    struct checked k;
    struct interpreter i;
    if (!interpreting_may_manage(c))
        return PW_NOT_FOUND;
    PW_TRY(interpreter_row(c, id, &i));
    PW_TRY(check(c, e, &k));
    i.kind = k.kind;
    i.modes = k.modes;
    i.service = k.service;
    PW_TRY(correct_name(c, i.person_id, e->name));
    PW_TRY(seal_words(c, &i, &k));
    PW_TRY(interpreter_update(c, &i));
    PW_TRY(interpreter_save_langs(c, id, k.langs, k.n_langs));
    return audit(c, "interpreter.change", "interpreter", id, (struct sv){0});
}

enum pw_err interpreter_set_active(struct ctx *c, int64_t id, bool active)
{
    struct interpreter i;
    if (!interpreting_may_manage(c))
        return PW_NOT_FOUND;
    PW_TRY(interpreter_row(c, id, &i));
    if (i.active == active)
        return PW_OK;
    PW_TRY(interpreter_save_active(c, id, active));
    return audit(c, "interpreter.active", "interpreter", id, active ? SV("on") : SV("off"));
}

/* ---- reading ---- */

static int by_use_and_name(const void *x, const void *y)
{
    const struct interpreter *a = x, *b = y;
    return a->active != b->active ? (a->active ? -1 : 1) : sv_cmp(a->name, b->name);
}

static enum pw_err complete(struct ctx *c, struct interpreter *v, size_t n)
{
    struct interp_count *counts;
    size_t n_counts;
    int64_t today = interpreting_today(c);
    PW_TRY(interpreter_names(c, v, n));
    PW_TRY(booking_counts(c, 0, &counts, &n_counts));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(undertaking_cover(c, v[i].id, today, today, &v[i].cover));
        for (size_t k = 0; k < n_counts; k++)
            if (counts[k].interpreter_id == v[i].id)
                v[i].upcoming = counts[k].n;
        v[i].self = c->actor->person_id && v[i].person_id == c->actor->person_id;
    }
    return PW_OK;
}

enum pw_err interpreter_list(struct ctx *c, struct sv lang, struct interpreter **ret, size_t *ret_n)
{
    struct interpreter *v;
    size_t all, n = 0;
    if (!interpreting_may_book(c))
        return PW_NOT_FOUND;
    PW_TRY(interpreter_rows(c, &v, &all));
    for (size_t i = 0; i < all; i++)
        if (!lang.n || interpreter_speaks(&v[i], lang))
            v[n++] = v[i];
    PW_TRY(complete(c, v, n));
    for (size_t i = 0; i < n; i++)
        v[i].availability = v[i].reached = (struct sv){0};
    qsort(v, n, sizeof *v, by_use_and_name);
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err interpreter_read(struct ctx *c, int64_t id, struct interpreter *ret)
{
    struct interpreter i;
    PW_TRY(interpreter_row(c, id, &i));
    bool self = c->actor->person_id && i.person_id == c->actor->person_id;
    if (!self && !interpreting_may_book(c))
        return PW_NOT_FOUND;
    PW_TRY(complete(c, &i, 1));
    enum pw_err e =
        unseal(c, i.person_id, (struct seal_place){"interpreter", "availability", id}, i.availability, &i.availability);
    if (e == PW_OK)
        e = unseal(c, i.person_id, (struct seal_place){"interpreter", "reached", id}, i.reached, &i.reached);
    if (e == PW_NOT_FOUND) /* erased: what is left names nobody */
        i.availability = i.reached = (struct sv){0};
    else
        PW_TRY(e);
    if (!self && !db_is_read_only(c->db))
        PW_TRY(audit(c, "interpreter.read", "interpreter", id, (struct sv){0}));
    *ret = i;
    return PW_OK;
}

enum pw_err interpreter_own(struct ctx *c, struct interpreter *ret)
{
    struct interpreter i;
    if (!c->actor->person_id || c->actor->kind == ACTOR_MEMBER)
        return PW_NOT_FOUND;
    PW_TRY(interpreter_row_of_person(c, c->actor->person_id, &i));
    PW_TRY(complete(c, &i, 1));
    i.availability = i.reached = (struct sv){0};
    *ret = i;
    return PW_OK;
}
