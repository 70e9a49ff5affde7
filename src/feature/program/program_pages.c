/* SPDX-License-Identifier: EUPL-1.2 */
/* Programs: the list, one program, its settings and words. */
#include "feature/program/program_pages.h"

#include "base/id.h"
#include "views_program.h"

struct sv program_path(struct arena *a, int64_t id, const char *rest)
{
    char text[ID_TEXT + 1];
    return arena_fmt(a, "/programs/%s%s", id_text(id, text).p, rest);
}

struct sv codes_of(struct http_req *q, const char *name)
{
    const struct http_value *v = http_value(q, name);
    struct sv out = {0};
    for (size_t i = 0; v && i < v->n_many; i++)
        out = arena_fmt(q->arena, "%.*s%s%.*s", SV_ARG(out), out.n ? " " : "", SV_ARG(v->many[i]));
    return out;
}

static enum pw_err owner_name(struct ctx *c, int64_t org, struct sv *ret)
{
    struct org o = {0};
    enum pw_err e = org_get(c, org, &o);
    *ret = o.name;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

enum pw_err programs_get(struct http_req *q, struct http_res *r)
{
    struct programs_view v = {0};
    struct program *rows;
    struct org *orgs;
    struct community *spaces;
    size_t n_orgs, n_spaces;
    PW_TRY(program_list(q->ctx, &rows, &v.n));
    struct sv *owners = arena_array(q->arena, struct sv, v.n + 1);
    if (!owners)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v.n; i++)
        PW_TRY(owner_name(q->ctx, rows[i].owner_org, &owners[i]));
    PW_TRY(program_owners(q->ctx, &orgs, &n_orgs));
    PW_TRY(program_spaces(q->ctx, &spaces, &n_spaces));
    v.v = rows;
    v.owners = owners;
    v.may_create = n_orgs || n_spaces;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Programs"));
    view_programs(&pg, &v);
    return page_end(&pg, r);
}

/* ---- one ---- */

static enum pw_err space_load(struct ctx *c, const struct program *p, struct community *ret)
{
    struct ctx any = *c;
    any.actor = &actor_system;
    *ret = (struct community){0};
    return p->community_id ? community_get(&any, p->community_id, ret) : PW_OK;
}

static enum pw_err show_one(struct http_req *q, struct http_res *r)
{
    struct program_view v = {0};
    struct program_words *words;
    PW_TRY(program_get(q->ctx, q->arg[0], &v.p));
    if (q->method == HTTP_POST && v.p.sight < SIGHT_WRITE)
        return PW_DENIED; /* the form is not theirs, whatever was wrong in it */
    PW_TRY(owner_name(q->ctx, v.p.owner_org, &v.owner));
    PW_TRY(space_load(q->ctx, &v.p, &v.space));
    PW_TRY(program_words_list(q->ctx, &v.p, &words, &v.n_words));
    v.words = words;
    if (v.p.sight >= SIGHT_PEOPLE)
        PW_TRY(enrolment_count(q->ctx, &v.p, &v.counts));
    v.lang_of = http_kept(q, "lang_of");
    v.name = http_kept(q, "name");
    v.purpose = http_kept(q, "purpose");
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Program"));
    pg.zone = v.p.zone;
    view_program(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err program_one_get(struct http_req *q, struct http_res *r)
{
    return show_one(q, r);
}

/* After an act on a program: its page, or the same page with what was wrong. */
static enum pw_err ended(struct http_req *q, struct http_res *r, enum pw_err e, http_handler show, int64_t id,
                         const char *msgid)
{
    if (e == PW_CONFLICT && !q->problems.n)
        e = problem_add(&q->problems, NULL, N_("The present state does not allow this, or it was done already."));
    if (e == PW_INVALID && q->problems.n)
        return show(q, r);
    PW_TRY(e);
    return page_done(q, r, program_path(q->arena, id, ""), msgid);
}

enum pw_err program_words_post(struct http_req *q, struct http_res *r)
{
    struct program_words w = {http_text(q, "lang_of"), http_text(q, "name"), http_text(q, "purpose"), false};
    enum pw_err e = q->problems.n ? PW_INVALID : program_write_words(q->ctx, q->arg[0], &w);
    return ended(q, r, e, show_one, q->arg[0], N_("The words are saved."));
}

enum pw_err program_state_post(struct http_req *q, struct http_res *r)
{
    enum program_state to = PROGRAM_OPEN;
    if (!q->problems.n && !program_state_parse(http_text(q, "state"), &to))
        return PW_INTERNAL;
    enum pw_err e = q->problems.n ? PW_INVALID : program_set_state(q->ctx, q->arg[0], to);
    return ended(q, r, e, show_one, q->arg[0],
                 to == PROGRAM_OPEN ? N_("The program is open.") : N_("The program is closed."));
}

enum pw_err program_close_get(struct http_req *q, struct http_res *r)
{
    struct program p;
    struct enrolment_counts n;
    PW_TRY(program_get(q->ctx, q->arg[0], &p));
    if (p.sight < SIGHT_WRITE)
        return PW_DENIED;
    PW_TRY(enrolment_count(q->ctx, &p, &n));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Close the program?"));
    const struct ui_hidden closed = {.name = "state", .value = SV("closed")};
    struct ui_confirm confirm = {
        .title = N_("Close the program?"),
        .consequence =
            n.now ? text_n(pg.cat, q->arena,
                           N_("The enrolment of one person ends today. The report stays, and the program can "
                              "be opened again.|The enrolments of {0} people end today. The report stays, and "
                              "the program can be opened again."),
                           n.now)
                  : text_t(pg.cat, q->arena,
                           N_("Nobody is enrolled. The report stays, and the program can be opened again."), NULL, 0),
        .action = program_path(q->arena, p.id, "/state"),
        .button = N_("Close the program"),
        .danger = true,
        .hidden = &closed,
        .n_hidden = 1,
        .cancel = program_path(q->arena, p.id, "")};
    view_confirm(&pg, &confirm);
    return page_end(&pg, r);
}

/* ---- settings ---- */

static enum pw_err load_choices(struct http_req *q, struct program_form_view *v)
{
    struct org *owners;
    struct community *spaces, own;
    PW_TRY(program_owners(q->ctx, &owners, &v->n_owners));
    PW_TRY(program_spaces(q->ctx, &spaces, &v->n_spaces));
    struct community *all = arena_array(q->arena, struct community, v->n_spaces + 1);
    if (!all)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < v->n_spaces; i++)
        all[i] = spaces[i];
    PW_TRY(space_load(q->ctx, &v->p, &own));
    if (own.id)
        all[v->n_spaces++] = own;
    v->owners = owners;
    v->spaces = all;
    return PW_OK;
}

static void take_typed(struct http_req *q, struct program_form_view *v)
{
    v->modes = codes_of(q, "modes");
    v->languages = http_kept(q, "languages");
    v->territory = http_kept(q, "territory");
    v->starts_on = http_kept(q, "starts_on");
    v->ends_on = http_kept(q, "ends_on");
    v->owner_org = http_int(q, "owner_org");
    v->community_id = http_int(q, "community");
}

static enum pw_err show_form(struct http_req *q, struct http_res *r, struct program_form_view *v)
{
    PW_TRY(load_choices(q, v));
    if (!v->p.id && !v->n_owners && !v->n_spaces)
        return PW_NOT_FOUND;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, v->p.id ? N_("Settings of the program") : N_("New program"));
    view_program_form(&pg, v);
    return page_end(&pg, r);
}

enum pw_err program_new_get(struct http_req *q, struct http_res *r)
{
    struct program_form_view v = {.languages = q->ctx->lang, .community_id = http_int(q, "community")};
    return show_form(q, r, &v);
}

static struct program_edit edit_of(struct http_req *q)
{
    return (struct program_edit){.owner_org = http_int(q, "owner_org"),
                                 .community_id = http_int(q, "community"),
                                 .modes = codes_of(q, "modes"),
                                 .languages = http_text(q, "languages"),
                                 .territory = http_text(q, "territory"),
                                 .starts_on = http_text(q, "starts_on"),
                                 .ends_on = http_text(q, "ends_on")};
}

static enum pw_err new_again(struct http_req *q, struct http_res *r)
{
    struct program_form_view v = {.name = http_kept(q, "name"), .purpose = http_kept(q, "purpose")};
    take_typed(q, &v);
    return show_form(q, r, &v);
}

enum pw_err program_new_post(struct http_req *q, struct http_res *r)
{
    struct program_edit e = edit_of(q);
    struct program_words w = {.name = http_text(q, "name"), .purpose = http_text(q, "purpose")};
    int64_t id = 0;
    enum pw_err err = q->problems.n ? PW_INVALID : program_create(q->ctx, &e, &w, &id);
    return ended(q, r, err, new_again, id, N_("The program is a draft. Open it when people can be enrolled."));
}

static enum pw_err show_edit(struct http_req *q, struct http_res *r)
{
    struct program_form_view v = {0};
    PW_TRY(program_get(q->ctx, q->arg[0], &v.p));
    if (v.p.sight < SIGHT_WRITE)
        return PW_DENIED;
    if (q->method == HTTP_POST) {
        take_typed(q, &v);
        return show_form(q, r, &v);
    }
    for (int i = 0; i < MODES; i++)
        if (mode_offered(v.p.modes, i))
            v.modes = arena_fmt(q->arena, "%.*s %s", SV_ARG(v.modes), delivery_code((enum delivery)i));
    v.languages = v.p.languages;
    v.territory = v.p.territory;
    v.starts_on = v.p.starts_on;
    v.ends_on = v.p.ends_on;
    v.owner_org = v.p.owner_org;
    v.community_id = v.p.community_id;
    return show_form(q, r, &v);
}

enum pw_err program_edit_get(struct http_req *q, struct http_res *r)
{
    return show_edit(q, r);
}

enum pw_err program_edit_post(struct http_req *q, struct http_res *r)
{
    struct program_edit e = edit_of(q);
    enum pw_err err = q->problems.n ? PW_INVALID : program_update(q->ctx, q->arg[0], &e);
    return ended(q, r, err, show_edit, q->arg[0], N_("The settings are saved."));
}
