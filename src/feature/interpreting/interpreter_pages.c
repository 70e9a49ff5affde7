/* SPDX-License-Identifier: EUPL-1.2 */
/* The list of interpreters, one of them, and the undertaking. */
#include "base/id.h"
#include "core/account.h"
#include "feature/interpreting/interpreting_pages.h"
#include "ui/markdown.h"
#include "ui/web.h"
#include "views_interpreting.h"

enum { BOOKINGS_SHOWN = 20 };

enum pw_err interpreters_get(struct http_req *q, struct http_res *r)
{
    struct interpreters_view v = {.lang = http_text(q, "lang_of"), .may_manage = interpreting_may_manage(q->ctx)};
    struct interpreter *rows;
    PW_TRY(interpreter_list(q->ctx, v.lang, &rows, &v.n));
    v.v = rows;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Interpreters"));
    view_interpreters(&pg, &v);
    return page_end(&pg, r);
}

/* ---- one ---- */

static enum pw_err show_interpreter(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct interpreter_view v = {.may_manage = interpreting_may_manage(c)};
    struct booking_filter f = {.interpreter_id = q->arg[0], .limit = BOOKINGS_SHOWN};
    struct undertaking *u;
    struct booking *b;
    struct doc_text text, *langs;
    PW_TRY(interpreter_read(c, q->arg[0], &v.i));
    PW_TRY(undertaking_list(c, q->arg[0], &u, &v.n_u));
    PW_TRY(booking_list(c, &f, &b, &v.n_bookings));
    PW_TRY(undertaking_text(c, c->lang, &text));
    PW_TRY(undertaking_langs(c, &langs, &v.n_langs));
    v.u = u;
    v.bookings = b;
    v.version = text.version;
    v.langs = langs;
    v.typed = (struct undertaking_new){.signed_on = http_kept(q, "signed_on"),
                                       .until_on = http_kept(q, "until_on"),
                                       .method = http_kept(q, "method"),
                                       .lang = http_kept(q, "lang_of")};
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Interpreter"));
    view_interpreter(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err interpreter_one_get(struct http_req *q, struct http_res *r)
{
    return show_interpreter(q, r);
}

static enum pw_err back(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_INVALID)
        return show_interpreter(q, r);
    PW_TRY(e);
    return page_done(q, r, interpreter_path(q->ctx, q->arg[0]), msgid);
}

enum pw_err interpreter_active_post(struct http_req *q, struct http_res *r)
{
    bool on = http_int(q, "active") != 0;
    return back(q, r, interpreter_set_active(q->ctx, q->arg[0], on),
                on ? N_("This interpreter is offered again.") : N_("This interpreter is not offered any more."));
}

enum pw_err undertaking_record_post(struct http_req *q, struct http_res *r)
{
    struct undertaking_new n = {.signed_on = http_text(q, "signed_on"),
                                .until_on = http_text(q, "until_on"),
                                .method = http_text(q, "method"),
                                .lang = http_text(q, "lang_of")};
    return back(q, r, q->problems.n ? PW_INVALID : undertaking_record(q->ctx, q->arg[0], &n),
                N_("The undertaking is recorded: this interpreter can be booked."));
}

enum pw_err undertaking_end_post(struct http_req *q, struct http_res *r)
{
    return back(q, r, undertaking_end(q->ctx, q->arg[0], q->arg[1]),
                N_("The undertaking has ended: nobody is booked with it from today on."));
}

/* ---- the form ---- */

static enum pw_err load_people(struct ctx *c, struct interpreter_form *v)
{
    struct account *a;
    struct interpreter *there;
    struct person *p;
    size_t n, n_there;
    PW_TRY(account_list(c, &a, &n));
    PW_TRY(interpreter_list(c, (struct sv){0}, &there, &n_there));
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct option_person *o = arena_array(c->arena, struct option_person, n + 1);
    p = arena_array(c->arena, struct person, n + 1);
    if (!ids || !o || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = a[i].person_id;
    PW_TRY(person_get_many(c, ids, n, p));
    for (size_t i = 0; i < n; i++) {
        bool listed = a[i].disabled_ms != 0 || !p[i].display_name.n;
        for (size_t k = 0; k < n_there; k++)
            listed |= there[k].person_id == ids[i];
        if (!listed)
            o[v->n_people++] = (struct option_person){ids[i], p[i].display_name};
    }
    v->people = o;
    return PW_OK;
}

static enum pw_err show_form(struct http_req *q, struct http_res *r, struct interpreter_form *v)
{
    if (!interpreting_may_manage(q->ctx))
        return PW_NOT_FOUND;
    if (!v->id)
        PW_TRY(load_people(q->ctx, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, v->id ? N_("Change the interpreter") : N_("New interpreter"));
    view_interpreter_form(&pg, v);
    return page_end(&pg, r);
}

struct interpreter_edit interpreter_typed(const struct http_req *q)
{
    const struct http_value *langs = http_value(q, "langs"), *modes = http_value(q, "modes");
    return (struct interpreter_edit){.person_id = http_int(q, "person"),
                                     .name = http_text(q, "name"),
                                     .service = http_text(q, "service"),
                                     .availability = http_text(q, "availability"),
                                     .reached = http_text(q, "reached"),
                                     .kind = http_text(q, "kind"),
                                     .langs = langs->many,
                                     .n_langs = langs->n_many,
                                     .modes = modes->many,
                                     .n_modes = modes->n_many};
}

enum pw_err interpreter_new_get(struct http_req *q, struct http_res *r)
{
    static const struct sv langs[] = {{"fr", 2}};
    struct interpreter_form v = {.e = {.kind = SV("volunteer"), .langs = langs, .n_langs = 1}};
    return show_form(q, r, &v);
}

enum pw_err interpreter_new_post(struct http_req *q, struct http_res *r)
{
    struct interpreter_form v = {.e = interpreter_typed(q)};
    int64_t id = 0;
    enum pw_err e = q->problems.n ? PW_INVALID : interpreter_add(q->ctx, &v.e, &id);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, interpreter_path(q->ctx, id),
                     N_("On the list. Record the confidentiality undertaking, then they can be booked."));
}

enum pw_err interpreter_edit_get(struct http_req *q, struct http_res *r)
{
    struct interpreter i;
    struct sv *modes = arena_array(q->arena, struct sv, INTERP_MODE__MAX);
    struct interpreter_form v = {.id = q->arg[0]};
    if (!modes)
        return PW_UNAVAILABLE;
    PW_TRY(interpreter_read(q->ctx, q->arg[0], &i));
    v.e = (struct interpreter_edit){.name = i.name,
                                    .service = i.service,
                                    .availability = i.availability,
                                    .reached = i.reached,
                                    .kind = sv_of(interpreter_kind_code(i.kind)),
                                    .langs = i.langs,
                                    .n_langs = i.n_langs,
                                    .modes = modes};
    for (int m = 0; m < INTERP_MODE__MAX; m++)
        if (interpreter_does(&i, (enum interp_mode)m))
            modes[v.e.n_modes++] = sv_of(interp_mode_code((enum interp_mode)m));
    return show_form(q, r, &v);
}

enum pw_err interpreter_edit_post(struct http_req *q, struct http_res *r)
{
    struct interpreter_form v = {.id = q->arg[0], .e = interpreter_typed(q)};
    enum pw_err e = q->problems.n ? PW_INVALID : interpreter_change(q->ctx, v.id, &v.e);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, interpreter_path(q->ctx, v.id), N_("Saved."));
}

/* ---- the text of the undertaking ---- */

static enum pw_err load_text(struct http_req *q, struct undertaking_view *v)
{
    struct ctx *c = q->ctx;
    struct doc_text *langs;
    struct sv lang = http_kept(q, "lang_of");
    PW_TRY(undertaking_text(c, lang.n ? lang : c->lang, &v->text));
    PW_TRY(undertaking_langs(c, &langs, &v->n_langs));
    v->langs = langs;
    v->may_manage = interpreting_may_manage(c);
    return markdown_html(c->arena, v->text.body, &v->html);
}

static enum pw_err show_text(struct http_req *q, struct http_res *r)
{
    struct undertaking_view v = {0};
    struct sv lang = http_kept(q, "lang_of");
    PW_TRY(load_text(q, &v));
    bool same = !lang.n || sv_eq(lang, v.text.lang), again = q->problems.n > 0;
    v.lang = lang.n ? lang : v.text.lang;
    v.title = again ? http_kept(q, "title") : same ? v.text.title : (struct sv){0};
    v.body = again ? http_kept(q, "body") : same ? v.text.body : (struct sv){0};
    v.is_source = sv_eq(v.lang, v.text.source_lang);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Confidentiality undertaking"));
    view_undertaking(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err undertaking_text_get(struct http_req *q, struct http_res *r)
{
    return show_text(q, r);
}

enum pw_err undertaking_text_post(struct http_req *q, struct http_res *r)
{
    struct doc_text now;
    struct sv lang = http_text(q, "lang_of");
    PW_TRY(undertaking_text(q->ctx, lang, &now));
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : undertaking_write(q->ctx, lang, http_text(q, "title"), http_text(q, "body"),
                                                      sv_eq(lang, now.source_lang));
    if (e == PW_INVALID)
        return show_text(q, r);
    PW_TRY(e);
    return page_done(q, r, SV("/interpreting/undertaking"),
                     N_("Saved as a new version. Undertakings given before stay with the version that was signed."));
}

enum pw_err undertaking_print_get(struct http_req *q, struct http_res *r)
{
    struct undertaking_view v = {0};
    PW_TRY(interpreter_read(q->ctx, q->arg[0], &v.who));
    PW_TRY(load_text(q, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_BARE, N_("Confidentiality undertaking"));
    view_undertaking_print(&pg, &v);
    return page_end(&pg, r);
}
