/* SPDX-License-Identifier: EUPL-1.2 */
/* Programs: who sees what of them, making, changing, opening and closing. */
#include "base/civil.h"
#include "base/id.h"
#include "base/tz.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/program/program_store.h"
#include "work/work.h"

enum { NAME_CHARS = 120, PURPOSE_CHARS = 2000, TERRITORY_CHARS = 120, LANGS_MAX = 8 };

/* ---- rights ---- */

static enum pw_err space_of(struct ctx *c, const struct program *p, struct community *ret)
{
    struct ctx any = *c; /* whose message space it is does not depend on who looks */
    any.actor = &actor_system;
    return community_get(&any, p->community_id, ret);
}

static bool coordinates(const struct ctx *c, int64_t org)
{
    return is_system(c) || actor_has_role(c->actor, ROLE_COORDINATOR, SCOPE_ORG, org) ||
           actor_has_role(c->actor, ROLE_NETWORK_ADMIN, SCOPE_NETWORK, 0);
}

static bool sees_results(const struct actor *a, const struct program *p)
{
    static const enum role roles[] = {ROLE_EVALUATOR, ROLE_SUPERVISOR};
    for (size_t i = 0; i < 2; i++)
        if (actor_has_role(a, roles[i], SCOPE_ORG, p->owner_org) ||
            (p->community_id && actor_has_role(a, roles[i], SCOPE_COMMUNITY, p->community_id)))
            return true;
    return false;
}

static enum pw_err find_sight(struct ctx *c, struct program *p)
{
    struct community com;
    enum pw_err e = p->community_id ? space_of(c, p, &com) : PW_NOT_FOUND;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    bool space = e == PW_OK;
    p->sight = coordinates(c, p->owner_org) || (space && community_may_admin(c, &com)) ? SIGHT_WRITE
               : space && community_may_moderate(c, &com)                              ? SIGHT_PEOPLE
               : sees_results(c->actor, p)                                             ? SIGHT_RESULTS
                                                                                       : SIGHT_NONE;
    return PW_OK;
}

static enum pw_err read_words(struct ctx *c, struct program *p)
{
    struct doc_text t;
    p->lang = lang_main(p->languages);
    if (!p->words_doc)
        return PW_OK;
    PW_TRY(doc_read(c, p->words_doc, c->lang, 0, &t));
    p->name = t.title;
    p->purpose = t.body;
    p->lang = t.lang;
    p->words_old = t.out_of_date;
    return PW_OK;
}

enum pw_err need_program(struct ctx *c, int64_t id, enum program_sight least, struct program *ret)
{
    struct program p;
    PW_TRY(program_row(c, id, &p));
    PW_TRY(find_sight(c, &p));
    if (p.sight < least)
        return p.sight == SIGHT_NONE ? PW_NOT_FOUND : PW_DENIED;
    PW_TRY(read_words(c, &p));
    *ret = p;
    return PW_OK;
}

enum pw_err program_get(struct ctx *c, int64_t id, struct program *ret)
{
    return need_program(c, id, SIGHT_RESULTS, ret);
}

enum pw_err program_of_space(struct ctx *c, int64_t community_id, struct program *ret)
{
    struct program p;
    PW_TRY(program_row_of_space(c, community_id, &p));
    PW_TRY(find_sight(c, &p));
    PW_TRY(read_words(c, &p));
    *ret = p;
    return PW_OK;
}

enum pw_err program_list(struct ctx *c, struct program **ret, size_t *ret_n)
{
    struct program *v;
    size_t n, k = 0;
    PW_TRY(program_rows(c, &v, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(find_sight(c, &v[i]));
        if (v[i].sight == SIGHT_NONE)
            continue;
        PW_TRY(read_words(c, &v[i]));
        v[k++] = v[i];
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

enum pw_err program_named(struct ctx *c, int64_t id, struct program *ret)
{
    struct program p;
    PW_TRY(program_row(c, id, &p));
    PW_TRY(read_words(c, &p));
    *ret = p;
    return PW_OK;
}

enum pw_err program_writable(struct ctx *c, struct program **ret, size_t *ret_n)
{
    size_t n, k = 0;
    PW_TRY(program_list(c, ret, &n));
    for (size_t i = 0; i < n; i++)
        if ((*ret)[i].sight == SIGHT_WRITE && (*ret)[i].state == PROGRAM_OPEN)
            (*ret)[k++] = (*ret)[i];
    *ret_n = k;
    return PW_OK;
}

enum pw_err program_owners(struct ctx *c, struct org **ret, size_t *ret_n)
{
    struct org *v;
    size_t n, k = 0;
    PW_TRY(org_list(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (coordinates(c, v[i].id))
            v[k++] = v[i];
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

enum pw_err program_spaces(struct ctx *c, struct community **ret, size_t *ret_n)
{
    struct community *v;
    struct program other;
    size_t n, k = 0;
    PW_TRY(community_mine(c, &v, &n));
    for (size_t i = 0; i < n; i++) {
        enum pw_err e = program_row_of_space(c, v[i].id, &other);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        if (e == PW_NOT_FOUND && community_may_admin(c, &v[i]) && v[i].status != COM_ARCHIVED)
            v[k++] = v[i];
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

/* ---- facts ---- */

int64_t program_today(struct ctx *c, const struct program *p)
{
    const struct tz *tz;
    return civil_day_of(tz_find(p->zone, &tz) == PW_OK ? tz_local_ms(tz, c->now_ms) : c->now_ms);
}

enum pw_err program_fact(struct ctx *c, const char *name, const char *object, int64_t object_id, int64_t program_id,
                         struct sv detail)
{
    char id[ID_TEXT + 1];
    PW_TRY(audit(c, name, object, object_id, detail));
    struct sv data = arena_fmt(c->arena, "{\"program\":\"%s\"}", id_text(program_id, id).p);
    return event_append(c->db, sv_of(name), object_id, data, c->now_ms);
}

/* ---- settings ---- */

static enum pw_err take_languages(struct ctx *c, struct sv text, struct sv *ret)
{
    struct sv rest = text, lang, out = {0};
    size_t n = 0;
    while (sv_cut(&rest, ' ', &lang)) {
        if (!lang.n || lang_in(out, lang))
            continue;
        if (!lang_code_ok(lang) || ++n > LANGS_MAX)
            return problem_add(c->problems, "languages", N_("Write language codes with spaces, such as: fr en ar."));
        out = out.n ? arena_join(c->arena, arena_join(c->arena, out, SV(" ")), lang) : lang;
    }
    if (!out.n)
        return problem_add(c->problems, "languages", N_("Write language codes with spaces, such as: fr en ar."));
    *ret = out;
    return PW_OK;
}

static enum pw_err take_days(struct ctx *c, const struct program_edit *e, struct program *p)
{
    int64_t first = INT64_MIN, last = INT64_MAX;
    if (e->starts_on.n && !civil_parse_date(e->starts_on, &first))
        NOTED(problem_add(c->problems, "starts_on", N_("Write the day as 2026-02-13.")));
    if (e->ends_on.n && !civil_parse_date(e->ends_on, &last))
        NOTED(problem_add(c->problems, "ends_on", N_("Write the day as 2026-02-13.")));
    else if (last < first)
        NOTED(problem_add(c->problems, "ends_on", N_("The end comes before the start.")));
    p->starts_on = e->starts_on;
    p->ends_on = e->ends_on;
    return PW_OK;
}

/* Nobody's mode may be taken away under them. */
static enum pw_err take_modes(struct ctx *c, struct sv codes, struct program *p)
{
    unsigned modes = 0;
    struct enrolment_counts n = {0};
    if (!modes_parse(codes, &modes))
        return problem_add(c->problems, "modes", N_("Choose at least one mode: remote, hybrid or in person."));
    if (p->id)
        PW_TRY(enrolment_tally(c, p, &n));
    for (int i = 0; i < MODES; i++)
        if (n.uses[i] && !mode_offered(modes, i))
            return problem_add(c->problems, "modes",
                               N_("People use a mode that you leave out. Change their mode first."));
    p->modes = modes;
    return PW_OK;
}

/* The message space, of which a program has at most one and which belongs to at most one. */
static enum pw_err take_space(struct ctx *c, int64_t community_id, struct program *p, struct community *ret_com)
{
    struct program other;
    if (community_id && community_id != p->community_id) {
        enum pw_err e = need_admin(c, community_id, ret_com);
        if (e == PW_NOT_FOUND || e == PW_DENIED)
            return problem_add(c->problems, "community", N_("Choose a community that you administer."));
        PW_TRY(e);
        e = program_row_of_space(c, community_id, &other);
        if (e == PW_OK)
            return problem_add(c->problems, "community", N_("This community belongs to another program."));
        if (e != PW_NOT_FOUND)
            return e;
    }
    p->community_id = community_id;
    return PW_OK;
}

static enum pw_err take_owner(struct ctx *c, int64_t owner_org, const struct community *space, struct program *p)
{
    struct org o;
    if (owner_org && owner_org == p->owner_org)
        return PW_OK;
    if (!owner_org && p->owner_org)
        return PW_OK;
    if (!owner_org && space->id) { /* whoever administers it, perhaps alone (PPL-7) */
        p->owner_org = space->owner_org;
        return PW_OK;
    }
    if (!owner_org || !coordinates(c, owner_org) || org_get(c, owner_org, &o) != PW_OK)
        return problem_add(c->problems, "owner_org", N_("Choose an organisation that you coordinate."));
    p->owner_org = owner_org;
    return PW_OK;
}

static enum pw_err take_edit(struct ctx *c, const struct program_edit *e, struct program *p)
{
    size_t before = c->problems->n;
    struct community space = {0};
    struct sv territory = e->territory;
    NOTED(take_modes(c, e->modes, p));
    NOTED(take_languages(c, e->languages, &p->languages));
    NOTED(take_days(c, e, p));
    NOTED(take_line(c, "territory", false, TERRITORY_CHARS, &territory));
    NOTED(take_space(c, e->community_id, p, &space));
    NOTED(take_owner(c, e->owner_org, &space, p));
    p->territory = territory;
    if (space.id)
        p->zone = space.zone;
    return c->problems->n > before ? PW_INVALID : PW_OK;
}

static enum pw_err take_words(struct ctx *c, const struct program *p, struct program_words *io)
{
    size_t before = c->problems->n;
    if (!lang_in(p->languages, io->lang))
        NOTED(problem_add(c->problems, "lang_of", N_("The program does not use this language.")));
    NOTED(take_line(c, "name", true, NAME_CHARS, &io->name));
    NOTED(take_text(c, "purpose", true, PURPOSE_CHARS, &io->purpose));
    return c->problems->n > before ? PW_INVALID : PW_OK;
}

/* Without a message space "today" is the maker's. */
static enum pw_err makers_zone(struct ctx *c, struct program *p)
{
    struct person me = {0};
    if (p->zone.n)
        return PW_OK;
    if (c->actor->person_id)
        PW_TRY(person_get(c, c->actor->person_id, &me));
    p->zone = me.zone.n ? me.zone : SV("America/Toronto");
    return PW_OK;
}

enum pw_err program_create(struct ctx *c, const struct program_edit *e, const struct program_words *words,
                           int64_t *ret_id)
{
    struct program p = {.state = PROGRAM_DRAFT, .languages = e->languages};
    struct program_words w = *words;
    int64_t version;
    if (!is_system(c) && c->actor->kind != ACTOR_STAFF && !(c->actor->kind == ACTOR_TOKEN && c->actor->write))
        return PW_DENIED;
    NOTED(take_edit(c, e, &p));
    w.lang = lang_main(p.languages);
    NOTED(take_words(c, &p, &w));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(makers_zone(c, &p));
    p.id = id_new();
    PW_TRY(doc_create(c, DOC_DESCRIPTION, SV("program"), p.id, true, &p.words_doc));
    PW_TRY(program_insert(c, &p));
    PW_TRY(doc_write(c, p.words_doc, w.lang, w.name, w.purpose, true, &version));
    PW_TRY(program_fact(c, "program.created", "program", p.id, p.id, arena_fmt(c->arena, "modes=%u", p.modes)));
    *ret_id = p.id;
    return PW_OK;
}

enum pw_err program_update(struct ctx *c, int64_t id, const struct program_edit *e)
{
    struct program p;
    PW_TRY(need_program(c, id, SIGHT_WRITE, &p));
    struct sv source = lang_main(p.languages);
    PW_TRY(take_edit(c, e, &p));
    if (!sv_eq(source, lang_main(p.languages)))
        return problem_add(c->problems, "languages",
                           N_("The first language stays: the others are translated from it."));
    PW_TRY(program_save(c, &p));
    return program_fact(c, "program.changed", "program", id, id, arena_fmt(c->arena, "modes=%u", p.modes));
}

enum pw_err program_write_words(struct ctx *c, int64_t id, const struct program_words *words)
{
    struct program p;
    struct program_words w = *words;
    int64_t version;
    PW_TRY(need_program(c, id, SIGHT_WRITE, &p));
    PW_TRY(take_words(c, &p, &w));
    PW_TRY(doc_write(c, p.words_doc, w.lang, w.name, w.purpose, sv_eq(w.lang, lang_main(p.languages)), &version));
    return program_fact(c, "program.words", "program", id, id, arena_fmt(c->arena, "lang=%.*s", SV_ARG(w.lang)));
}

enum pw_err program_words_list(struct ctx *c, const struct program *p, struct program_words **ret, size_t *ret_n)
{
    struct program_words *v = arena_array(c->arena, struct program_words, LANGS_MAX + 1);
    struct sv rest = p->languages, lang;
    struct doc_text t;
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    while (n < LANGS_MAX && sv_cut(&rest, ' ', &lang)) {
        v[n].lang = lang;
        PW_TRY(doc_read(c, p->words_doc, lang, 0, &t));
        if (sv_eq(t.lang, lang))
            v[n] = (struct program_words){lang, t.title, t.body, t.out_of_date};
        n++;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err program_set_state(struct ctx *c, int64_t id, enum program_state to)
{
    struct program p;
    PW_TRY(need_program(c, id, SIGHT_WRITE, &p));
    if (!program_state_may(p.state, to))
        return PW_CONFLICT;
    enum program_state from = p.state;
    p.state = to;
    PW_TRY(program_save(c, &p));
    if (to == PROGRAM_CLOSED)
        PW_TRY(enrolments_close(c, &p));
    return program_fact(c, "program.state", "program", id, id,
                        arena_fmt(c->arena, "from=%s to=%s", program_state_code(from), program_state_code(to)));
}
