/* SPDX-License-Identifier: EUPL-1.2 */
/* The planning file on the web: its sections, readiness and opening, settings, partners' administrators, presets. */
#include "feature/planning/planning_pages.h"

#include "feature/planning/planning_input.h"

#include "base/id.h"
#include "core/account.h"
#include "core/people.h"
#include "views_planning.h"

enum pw_err planning_ended(struct http_req *q, struct http_res *r, enum pw_err e, http_handler show, const char *rest,
                           const char *msgid)
{
    if (e == PW_CONFLICT && !q->problems.n)
        problem_add(&q->problems, NULL, N_("The present state does not allow this, or it was done already."));
    if ((e == PW_INVALID || e == PW_CONFLICT) && q->problems.n)
        return show(q, r);
    PW_TRY(e);
    return page_done(q, r, staff_path(q->ctx, q->arg[0], rest), msgid);
}

/* ---- the overview ---- */

static enum pw_err load_people(struct ctx *c, struct plan_view *v)
{
    struct account *accounts;
    size_t n, have = 0;
    PW_TRY(account_list(c, &accounts, &n));
    struct plan_person *rows = arena_array(c->arena, struct plan_person, n + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++) {
        struct person p;
        if (accounts[i].disabled_ms)
            continue;
        PW_TRY(person_get(c, accounts[i].person_id, &p));
        rows[have++] = (struct plan_person){p.id, p.display_name};
    }
    v->people = rows;
    v->n_people = have;
    return PW_OK;
}

static enum pw_err load_sections(struct ctx *c, struct plan_view *v)
{
    struct plan_section_row *rows = arena_array(c->arena, struct plan_section_row, plan_sections_n);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < plan_sections_n; i++) {
        rows[i].section = &plan_sections[i];
        for (size_t k = 0; k < plan_fields_n; k++) {
            if (!sv_eq_z(sv_of(plan_fields[k].section), plan_sections[i].code))
                continue;
            rows[i].of++;
            rows[i].written += plan_value(&v->file, plan_fields[k].code).n != 0;
        }
    }
    v->sections = rows;
    return PW_OK;
}

static enum pw_err show_plan(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct plan_view v = {.reason = http_kept(q, "reason")};
    struct partner_seat *seats;
    PW_TRY(plan_open(c, q->arg[0], &v.com, &v.file));
    v.may_admin = community_may_admin(c, &v.com);
    v.needs_file = v.file.plan.needs_file;
    v.partner_admins = v.file.plan.partner_admins;
    v.per_moderator = http_kept(q, "per_moderator");
    if (!v.per_moderator.n)
        v.per_moderator = arena_fmt(c->arena, "%lld", (long long)v.file.plan.per_moderator);
    PW_TRY(plan_readiness(c, &v.com, &v.file, &v.ready));
    PW_TRY(workload_of(c, &v.com, &v.work));
    PW_TRY(partner_seats(c, &v.com, &seats, &v.n_seats));
    v.seats = seats;
    PW_TRY(load_people(c, &v));
    PW_TRY(load_sections(c, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Planning file"));
    pg.zone = v.com.zone;
    view_plan(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err planning_get(struct http_req *q, struct http_res *r)
{
    return show_plan(q, r);
}

enum pw_err planning_launch_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : plan_launch(q->ctx, q->arg[0], http_text(q, "reason"));
    return planning_ended(q, r, e, show_plan, "/planning", N_("The community is open."));
}

enum pw_err planning_settings_post(struct http_req *q, struct http_res *r)
{
    struct plan_settings s = {http_int(q, "needs_file") != 0, http_int(q, "partner_admins") != 0,
                              http_int(q, "per_moderator")};
    return planning_ended(q, r, q->problems.n ? PW_INVALID : plan_set(q->ctx, q->arg[0], &s), show_plan, "/planning",
                          N_("The settings are saved."));
}

enum pw_err planning_seat_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e =
        q->problems.n ? PW_INVALID : partner_admin_name(q->ctx, q->arg[0], http_int(q, "org"), http_int(q, "person"));
    return planning_ended(q, r, e, show_plan, "/planning", N_("The administrator is named."));
}

/* ---- one section ---- */

static bool of_section(const struct plan_field *f, const struct plan_section *s)
{
    return sv_eq_z(sv_of(f->section), s->code);
}

static enum pw_err show_section(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct plan_section_view v = {.section = plan_section_of(q->arg_text[1])};
    struct plan_entry *history;
    if (!v.section)
        return PW_NOT_FOUND;
    PW_TRY(plan_open(c, q->arg[0], &v.com, &v.file));
    PW_TRY(plan_history(c, q->arg[0], q->arg_text[1], &history, &v.n_history));
    v.history = history;
    v.may_admin = community_may_admin(c, &v.com);
    struct sv *values = arena_array(c->arena, struct sv, plan_fields_n);
    if (!values)
        return PW_INTERNAL;
    bool typed = q->problems.n && q->route->fn == planning_section_post;
    for (size_t i = 0; i < plan_fields_n; i++)
        values[i] = typed ? plan_typed_value(q, &plan_fields[i]) : plan_value(&v.file, plan_fields[i].code);
    for (size_t i = 0; i < v.file.n_entries; i++)
        v.seen = v.file.entries[i].id > v.seen ? v.file.entries[i].id : v.seen;
    v.values = values;
    if (q->route->fn == planning_line_post) {
        v.list = http_kept(q, "list");
        v.what = http_kept(q, "what");
        v.number = http_kept(q, "number");
        v.note = http_kept(q, "note");
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, v.section->label);
    pg.zone = v.com.zone;
    view_plan_section(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err planning_section_get(struct http_req *q, struct http_res *r)
{
    return show_section(q, r);
}

static const char *section_rest(struct http_req *q)
{
    return arena_z(q->arena, arena_fmt(q->arena, "/planning/%.*s", SV_ARG(q->arg_text[1])));
}

enum pw_err planning_section_post(struct http_req *q, struct http_res *r)
{
    const struct plan_section *s = plan_section_of(q->arg_text[1]);
    struct plan_typed *v = arena_array(q->arena, struct plan_typed, plan_fields_n);
    size_t n = 0;
    int64_t seen = 0;
    if (!s)
        return PW_NOT_FOUND;
    if (!v)
        return PW_INTERNAL;
    for (size_t i = 0; i < plan_fields_n; i++)
        if (of_section(&plan_fields[i], s))
            v[n++] = (struct plan_typed){sv_of(plan_fields[i].code), plan_typed_value(q, &plan_fields[i])};
    (void)!sv_int(http_text(q, "seen"), &seen);
    enum pw_err e = q->problems.n ? PW_INVALID : plan_write(q->ctx, q->arg[0], v, n, seen);
    return planning_ended(q, r, e, show_section, section_rest(q), N_("The section is saved."));
}

enum pw_err planning_line_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : plan_line_write(q->ctx, q->arg[0], http_text(q, "list"), http_text(q, "what"),
                                                    http_int(q, "number"), http_text(q, "note"));
    return planning_ended(q, r, e, show_section, section_rest(q), N_("The line is saved."));
}

enum pw_err planning_line_remove_post(struct http_req *q, struct http_res *r)
{
    return planning_ended(q, r, plan_line_remove(q->ctx, q->arg[0], q->arg[2]), show_section, section_rest(q),
                          N_("The line is removed."));
}

/* ---- presets and the design ---- */

enum pw_err preset_page_get(struct http_req *q, struct http_res *r)
{
    struct preset_view v = {0};
    PW_TRY(preset_get(q->ctx, q->arg_text[0], &v.p));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Preset"));
    view_preset(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err preset_page_post(struct http_req *q, struct http_res *r)
{
    int64_t id;
    struct preset p;
    PW_TRY(preset_get(q->ctx, q->arg_text[0], &p));
    enum pw_err e = preset_use(q->ctx, p.code, (struct sv){0}, &id);
    if (e == PW_INVALID && q->problems.n)
        return preset_page_get(q, r);
    PW_TRY(e);
    return page_done(q, r, staff_path(q->ctx, id, ""),
                     N_("The draft is made. Change what you want; members see it when you open it."));
}

enum pw_err design_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    if (!community_may_admin(q->ctx, &com))
        return PW_NOT_FOUND;
    PW_TRY(community_text_write(q->ctx, com.id, &r->body));
    r->type = SV("text/plain; charset=utf-8");
    http_set_download(q, r, arena_fmt(q->arena, "%.*s.txt", SV_ARG(com.slug)));
    return PW_OK;
}
