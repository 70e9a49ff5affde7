/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file: writing, readiness, opening (MSG-4, A-29); settings and partners' administrators. */
#include <string.h>

#include "base/civil.h"
#include "base/id.h"
#include "core/audit.h"
#include "core/org.h"
#include "core/people.h"
#include "feature/planning/planning_store.h"

enum { VALUE_CHARS = 8000, WHAT_CHARS = 160, NOTE_CHARS = 500, REASON_CHARS = 1000, REASON_LEAST = 10 };

struct sv staff_path(struct ctx *c, int64_t community_id, const char *rest)
{
    char id[ID_TEXT + 1];
    return arena_fmt(c->arena, "/communities/%s%s", id_text(community_id, id).p, rest);
}

enum pw_err plan_load(struct ctx *c, int64_t community_id, struct plan_file *ret)
{
    struct plan_file f = {0};
    PW_TRY(plan_row(c, community_id, &f.plan));
    PW_TRY(entry_rows(c, community_id, false, &f.entries, &f.n_entries));
    PW_TRY(line_rows(c, community_id, &f.lines, &f.n_lines));
    PW_TRY(override_rows(c, community_id, &f.overrides, &f.n_overrides));
    *ret = f;
    return PW_OK;
}

enum pw_err plan_open(struct ctx *c, int64_t community_id, struct community *ret_com, struct plan_file *ret)
{
    PW_TRY(community_get(c, community_id, ret_com));
    if (!works_in(c, ret_com))
        return PW_NOT_FOUND;
    return plan_load(c, community_id, ret);
}

const struct plan_entry *plan_entry_of(const struct plan_file *f, struct sv field)
{
    for (size_t i = 0; i < f->n_entries; i++)
        if (sv_eq(f->entries[i].field, field))
            return &f->entries[i];
    return NULL;
}

struct sv plan_value(const struct plan_file *f, const char *field)
{
    const struct plan_entry *e = plan_entry_of(f, sv_of(field));
    return e ? e->value : (struct sv){0};
}

enum pw_err plan_history(struct ctx *c, int64_t community_id, struct sv section, struct plan_entry **ret, size_t *ret_n)
{
    struct community com;
    struct plan_entry *v;
    size_t n, k = 0;
    PW_TRY(community_get(c, community_id, &com));
    if (!works_in(c, &com))
        return PW_NOT_FOUND;
    PW_TRY(entry_rows(c, community_id, true, &v, &n));
    for (size_t i = 0; i < n; i++) {
        const struct plan_field *f = plan_field_of(v[i].field);
        if (f && sv_eq_z(section, f->section))
            v[k++] = v[i];
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

/* ---- writing ---- */

static bool tick_known(struct sv code)
{
    for (size_t i = 0; i < sizeof plan_ticks / sizeof *plan_ticks; i++)
        if (sv_eq_z(code, plan_ticks[i].code))
            return true;
    return false;
}

static enum pw_err check_value(struct ctx *c, const struct plan_field *f, struct sv *io)
{
    int64_t n;
    PW_TRY(take_text(c, f->code, false, VALUE_CHARS, io));
    if (!io->n)
        return PW_OK;
    switch (f->kind) {
    case PLAN_TEXT:
        return PW_OK;
    case PLAN_NUMBER:
        return sv_int(*io, &n) && n >= 0 ? PW_OK : problem_add(c->problems, f->code, N_("Write a whole number."));
    case PLAN_DATE:
        return civil_parse_date(*io, &n) ? PW_OK
                                         : problem_add(c->problems, f->code, N_("Give a day, like 2026-09-01."));
    case PLAN_YNU:
        for (size_t i = 0; i < sizeof plan_answers / sizeof *plan_answers; i++)
            if (sv_eq_z(*io, plan_answers[i].code))
                return PW_OK;
        return problem_add(c->problems, f->code, N_("Choose one of the list."));
    case PLAN_TICKS: {
        struct sv rest = *io, head;
        while (sv_cut(&rest, ' ', &head))
            if (!tick_known(head))
                return problem_add(c->problems, f->code, N_("Choose one of the list."));
        return PW_OK;
    }
    }
    return PW_OK;
}

static const struct plan_typed *typed_of(const struct plan_typed *v, size_t n, const char *field)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq_z(v[i].field, field))
            return &v[i];
    return NULL;
}

/* A purpose is only precise when it says for what: T-1 asks for at least one tick. */
static enum pw_err check_purpose(struct ctx *c, const struct plan_file *f, const struct plan_typed *v, size_t n)
{
    const struct plan_typed *line = typed_of(v, n, "purpose"), *ticks = typed_of(v, n, "purpose-ticks");
    struct sv has = ticks ? ticks->value : plan_value(f, "purpose-ticks");
    if (line && sv_eq_z(line->value, "yes") && !has.n)
        return problem_add(c->problems, "purpose-ticks",
                           N_("Tick at least one: a precise purpose says what it is for."));
    return PW_OK;
}

static const char *field_name(struct ctx *c, const struct plan_typed *t)
{
    const struct plan_field *f = plan_field_of(t->field);
    return f ? f->code : arena_z(c->arena, t->field);
}

enum pw_err plan_begin(struct ctx *c, struct plan *p)
{
    if (p->started_ms)
        return PW_OK;
    p->started_ms = c->now_ms;
    return plan_save(c, p);
}

enum pw_err plan_write(struct ctx *c, int64_t community_id, const struct plan_typed *in, size_t n, int64_t seen)
{
    struct community com;
    struct plan_file f;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(plan_load(c, community_id, &f));
    struct plan_typed *v = arena_array(c->arena, struct plan_typed, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    size_t before = c->problems->n, changed = 0;
    for (size_t i = 0; i < n; i++) {
        const struct plan_field *pf = plan_field_of(in[i].field);
        v[i] = in[i];
        if (pf)
            NOTED(check_value(c, pf, &v[i].value));
        else
            NOTED(take_text(c, field_name(c, &v[i]), false, VALUE_CHARS, &v[i].value));
    }
    NOTED(check_purpose(c, &f, v, n));
    for (size_t i = 0; i < n; i++) {
        const struct plan_entry *have = plan_entry_of(&f, v[i].field);
        bool differs = !sv_eq(have ? have->value : (struct sv){0}, v[i].value);
        if (differs && have && have->id > seen && have->written_by != c->actor->person_id)
            (void)problem_add_arg(c->problems, field_name(c, &v[i]),
                                  N_("Somebody wrote here meanwhile: “{0}”. Take over what you need, then save again."),
                                  have->value);
        changed += differs;
    }
    if (c->problems->n > before)
        return PW_INVALID;
    if (!changed)
        return PW_OK;
    PW_TRY(plan_begin(c, &f.plan));
    for (size_t i = 0; i < n; i++) {
        const struct plan_entry *have = plan_entry_of(&f, v[i].field);
        if (!sv_eq(have ? have->value : (struct sv){0}, v[i].value))
            PW_TRY(entry_add(c, community_id, v[i].field, v[i].value));
    }
    return note_fact(c, "planning.changed", "community", community_id, community_id,
                     arena_fmt(c->arena, "fields=%zu", changed));
}

static bool list_known(struct sv list)
{
    return plan_list_of(list) || sv_eq_z(list, "factor");
}

enum pw_err plan_line_write(struct ctx *c, int64_t community_id, struct sv list, struct sv what, int64_t number,
                            struct sv note)
{
    struct community com;
    struct plan_file f;
    struct plan_line l = {.list = list, .what = what, .number = number, .note = note};
    size_t before = c->problems->n, in_list = 0;
    PW_TRY(need_admin(c, community_id, &com));
    if (!list_known(list))
        return problem_add(c->problems, "list", N_("Choose one of the list."));
    NOTED(take_line(c, "what", true, WHAT_CHARS, &l.what));
    NOTED(take_line(c, "note", false, NOTE_CHARS, &l.note));
    if (number < 0 || (sv_eq_z(list, "people") && number > 100))
        (void)problem_add(c->problems, "number",
                          sv_eq_z(list, "people") ? N_("A share from 0 to 100.") : N_("Write a whole number."));
    if (c->problems->n > before)
        return PW_INVALID;
    PW_TRY(plan_load(c, community_id, &f));
    for (size_t i = 0; i < f.n_lines; i++) {
        in_list += sv_eq(f.lines[i].list, list);
        if (sv_eq(f.lines[i].list, list) && sv_eq(f.lines[i].what, l.what))
            l.id = f.lines[i].id;
    }
    if (!l.id && in_list >= 60)
        return problem_add(c->problems, "what", N_("At most 60 lines: remove one first."));
    PW_TRY(plan_begin(c, &f.plan));
    PW_TRY(line_save(c, community_id, &l));
    return audit(c, "planning.line", "community", community_id, list);
}

enum pw_err plan_line_remove(struct ctx *c, int64_t community_id, int64_t line_id)
{
    struct community com;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(line_end(c, community_id, line_id));
    return audit(c, "planning.line", "community", community_id, SV("removed"));
}

/* ---- readiness and opening ---- */

static void add_line(struct readiness *r, const char *code, const char *label, struct sv arg, enum ready state)
{
    if (r->n == sizeof r->v / sizeof *r->v)
        return;
    r->v[r->n++] = (struct ready_line){code, label, arg, state};
    r->open += state != READY_YES;
}

enum pw_err plan_readiness(struct ctx *c, const struct community *com, const struct plan_file *f, struct readiness *ret)
{
    *ret = (struct readiness){0};
    if (!f->plan.started_ms)
        return PW_OK;
    for (size_t i = 0; i < plan_fields_n; i++)
        if (plan_fields[i].kind == PLAN_YNU)
            add_line(ret, plan_fields[i].code, plan_fields[i].label, (struct sv){0},
                     ready_of(plan_value(f, plan_fields[i].code)));
    if (!f->plan.partner_admins)
        return PW_OK;
    struct partner_seat *seats;
    size_t n;
    PW_TRY(partner_seats(c, com, &seats, &n));
    for (size_t i = 0; i < n; i++)
        add_line(ret, "partner-admin", N_("{0} has an administrator here."), seats[i].org,
                 seats[i].names.n ? READY_YES : READY_NO);
    return PW_OK;
}

static struct sv open_codes(struct ctx *c, const struct readiness *r)
{
    struct sv out = {0};
    for (size_t i = 0; i < r->n; i++)
        if (r->v[i].state != READY_YES && sv_find(out, sv_of(r->v[i].code)) < 0)
            out = out.n ? arena_join(c->arena, arena_join(c->arena, out, SV(" ")), sv_of(r->v[i].code))
                        : sv_of(r->v[i].code);
    return out;
}

/* On every path: who opens a community with an open line must have said why, for just these lines. */
enum pw_err plan_gate(void *self, struct ctx *c, const struct community *com, enum community_status to)
{
    (void)self;
    if (to != COM_LIVE || com->status > COM_READY)
        return PW_OK;
    struct plan_file f;
    struct readiness r;
    PW_TRY(plan_load(c, com->id, &f));
    PW_TRY(plan_readiness(c, com, &f, &r));
    if (!r.open || (f.n_overrides && sv_eq(f.overrides[0].lines, open_codes(c, &r))))
        return PW_OK;
    return problem_add(
        c->problems, "status",
        N_("A line of the planning file is not “yes”. Open it from the page “Planning file”, with a reason."));
}

enum pw_err plan_launch(struct ctx *c, int64_t community_id, struct sv reason)
{
    struct community com;
    struct plan_file f;
    struct readiness r;
    PW_TRY(need_admin(c, community_id, &com));
    if (com.status > COM_READY)
        return PW_CONFLICT;
    PW_TRY(plan_load(c, community_id, &f));
    PW_TRY(plan_readiness(c, &com, &f, &r));
    PW_TRY(take_text(c, "reason", false, REASON_CHARS, &reason));
    if (r.open) {
        if (reason.n < REASON_LEAST)
            return problem_add(c->problems, "reason",
                               N_("Say in a sentence why it opens all the same: it stays in the planning file."));
        PW_TRY(override_add(c, community_id, open_codes(c, &r), reason));
        PW_TRY(audit(c, "planning.override", "community", community_id, open_codes(c, &r)));
    }
    return community_set_status(c, community_id, SV("live"), (struct sv){0});
}

/* ---- settings, partners' administrators ---- */

enum pw_err plan_set(struct ctx *c, int64_t community_id, const struct plan_settings *s)
{
    struct community com;
    struct plan p;
    PW_TRY(need_admin(c, community_id, &com));
    if (s->per_moderator < 1 || s->per_moderator > 100000)
        return problem_add(c->problems, "per_moderator", N_("A number from 1 to 100,000."));
    PW_TRY(plan_row(c, community_id, &p));
    p.needs_file = s->needs_file;
    p.partner_admins = s->partner_admins;
    p.per_moderator = s->per_moderator;
    PW_TRY(plan_save(c, &p));
    PW_TRY(note_fact(c, "planning.changed", "community", community_id, community_id,
                     arena_fmt(c->arena, "needs-file=%d partner-admins=%d per-moderator=%lld", p.needs_file,
                               p.partner_admins, (long long)p.per_moderator)));
    return workload_look(c, community_id);
}

enum pw_err partner_admin_name(struct ctx *c, int64_t community_id, int64_t org_id, int64_t person_id)
{
    struct community com;
    int64_t *orgs, grant;
    size_t n;
    bool partner = false;
    PW_TRY(need_admin(c, community_id, &com));
    PW_TRY(community_partners(c, community_id, &orgs, &n));
    for (size_t i = 0; i < n; i++)
        partner |= orgs[i] == org_id;
    if (!partner)
        return problem_add(c->problems, "org", N_("This organisation is not a partner of the community."));
    PW_TRY(community_grant(c, community_id, person_id, ROLE_TECH_ADMIN, 0, &grant));
    PW_TRY(partner_admin_save(c, community_id, org_id, person_id));
    return audit(c, "planning.partner-admin", "community", community_id,
                 arena_fmt(c->arena, "org=%lld person=%lld", (long long)org_id, (long long)person_id));
}

/* A name counts while the person still administers here. */
static bool administers(const struct grant *g, size_t n, int64_t person_id)
{
    for (size_t i = 0; i < n; i++)
        if (g[i].person_id == person_id && g[i].role == ROLE_TECH_ADMIN)
            return true;
    return false;
}

enum pw_err partner_seats(struct ctx *c, const struct community *com, struct partner_seat **ret, size_t *ret_n)
{
    int64_t *orgs;
    struct grant *g;
    struct db_rows r;
    size_t n, n_g;
    PW_TRY(community_partners(c, com->id, &orgs, &n));
    PW_TRY(grant_list(c, SCOPE_COMMUNITY, com->id, &g, &n_g));
    PW_TRY(partner_admin_rows(c, com->id, &r));
    struct partner_seat *v = arena_array(c->arena, struct partner_seat, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        struct org o;
        PW_TRY(org_get(c, orgs[i], &o));
        v[i] = (struct partner_seat){.org_id = orgs[i], .org = o.name};
        for (size_t k = 0; k < r.n; k++) {
            struct person p;
            if (db_int(&r, k, 0) != orgs[i] || !administers(g, n_g, db_int(&r, k, 1)))
                continue;
            PW_TRY(person_get(c, db_int(&r, k, 1), &p));
            v[i].names = v[i].names.n ? arena_join(c->arena, arena_join(c->arena, v[i].names, SV(", ")), p.display_name)
                                      : p.display_name;
        }
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}
