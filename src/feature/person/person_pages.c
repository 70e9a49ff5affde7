/* SPDX-License-Identifier: EUPL-1.2 */
/* The page of a person for staff, and the forms on it. A form that is not right is shown alone: the record itself is
 * only shown where that leaves a trace. */
#include "feature/person/person_pages.h"

#include "core/access.h"
#include "ui/web.h"
#include "views_person.h"

static enum page_face face_of(const struct sv base)
{
    return sv_eq_z(base, "/my-data") ? FACE_MEMBER : FACE_STAFF;
}

static enum pw_err show_form(struct http_req *q, struct http_res *r, const struct record_form_view *v)
{
    struct page pg;
    page_begin(&pg, q, r, face_of(v->action), NULL);
    view_record_form(&pg, v);
    return page_end(&pg, r);
}

enum pw_err record_get(struct http_req *q, struct http_res *r)
{
    struct record_view v = {0};
    PW_TRY(record_read(q->ctx, q->arg[0], &v.r));
    v.action = person_page_path(q->ctx, v.r.p.id);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Person"));
    view_record(&pg, &v);
    return page_end(&pg, r);
}

/* ---- languages and data ---- */

static bool asked(const struct http_req *q, const char *how)
{
    const struct http_value *v = http_value(q, "how");
    for (size_t i = 0; i < v->n_many; i++)
        if (sv_eq_z(v->many[i], how))
            return true;
    return false;
}

enum pw_err language_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base)
{
    struct record_form_view v = {.action = base, .form = FORM_LANGUAGE, .lang = http_text(q, "lang")};
    enum pw_err e =
        q->problems.n ? PW_INVALID : lang_note(q->ctx, person_id, v.lang, asked(q, "speaks"), asked(q, "reads"));
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, base, N_("The languages are saved."));
}

enum pw_err preferred_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base)
{
    struct record_form_view v = {.action = base, .form = FORM_PREFERRED, .lang = http_text(q, "preferred")};
    enum pw_err e = q->problems.n ? PW_INVALID : lang_prefer(q->ctx, person_id, v.lang);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, base, N_("Messages use this language from now on."));
}

enum pw_err limited_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base)
{
    bool limited = http_int(q, "limited") != 0;
    PW_TRY(limited_set(q->ctx, person_id, limited));
    return page_done(q, r, base,
                     limited ? N_("From now on: text only, files as links.") : N_("Files are sent as they are."));
}

enum pw_err record_language_post(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_need(q->ctx, q->arg[0], &p));
    return language_form(q, r, p.id, person_page_path(q->ctx, p.id));
}

enum pw_err record_preferred_post(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_need(q->ctx, q->arg[0], &p));
    return preferred_form(q, r, p.id, person_page_path(q->ctx, p.id));
}

enum pw_err record_limited_post(struct http_req *q, struct http_res *r)
{
    struct person p;
    PW_TRY(person_need(q->ctx, q->arg[0], &p));
    return limited_form(q, r, p.id, person_page_path(q->ctx, p.id));
}

/* ---- levels ---- */

enum pw_err record_level_post(struct http_req *q, struct http_res *r)
{
    struct record_form_view v = {.form = FORM_LEVEL,
                                 .level = {.scale = http_text(q, "scale"),
                                           .skill = http_text(q, "skill"),
                                           .self = sv_eq_z(http_text(q, "known"), "self"),
                                           .assessor = http_text(q, "assessor"),
                                           .on_day = http_text(q, "on_day")},
                                 .level_text = http_text(q, "level")};
    int64_t id;
    PW_TRY(person_need(q->ctx, q->arg[0], &v.p));
    v.action = person_page_path(q->ctx, v.p.id);
    if (!sv_int(v.level_text, &v.level.level))
        v.level.level = 0;
    enum pw_err e = q->problems.n ? PW_INVALID : level_note(q->ctx, v.p.id, &v.level, &id);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, v.action, N_("The level is noted."));
}

enum pw_err record_level_withdraw_post(struct http_req *q, struct http_res *r)
{
    struct sv path = person_page_path(q->ctx, q->arg[0]);
    enum pw_err e = level_withdraw(q->ctx, q->arg[0], q->arg[1], http_text(q, "why"));
    if (e == PW_CONFLICT)
        return page_done(q, r, path, N_("Somebody else was quicker."));
    PW_TRY(e);
    return page_done(q, r, path, N_("It counts no more, and stays visible as withdrawn."));
}

/* ---- what was passed on ---- */

enum pw_err record_disclosure_post(struct http_req *q, struct http_res *r)
{
    struct record_form_view v = {.form = FORM_DISCLOSURE,
                                 .disclosure = {.what = http_text(q, "what"),
                                                .recipient = http_text(q, "recipient"),
                                                .basis = http_text(q, "basis"),
                                                .reason = http_text(q, "reason"),
                                                .on_day = http_text(q, "on_day")}};
    int64_t id;
    PW_TRY(person_need(q->ctx, q->arg[0], &v.p));
    v.action = person_page_path(q->ctx, v.p.id);
    enum pw_err e = q->problems.n ? PW_INVALID : disclosure_note(q->ctx, v.p.id, &v.disclosure, &id);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, v.action, N_("It is noted, and the person can see it."));
}

/* ---- asked by telephone or at the counter ---- */

enum pw_err record_erasure_post(struct http_req *q, struct http_res *r)
{
    struct record_form_view v = {.form = FORM_ERASURE, .words = http_text(q, "words")};
    int64_t id;
    PW_TRY(person_need(q->ctx, q->arg[0], &v.p));
    v.action = person_page_path(q->ctx, v.p.id);
    enum pw_err e = q->problems.n ? PW_INVALID : erasure_ask_for(q->ctx, v.p.id, v.words, &id);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    if (e == PW_CONFLICT)
        return page_done(q, r, v.action, N_("A request of this person waits already."));
    PW_TRY(e);
    return page_done(q, r, v.action, N_("The request was sent to the privacy officer."));
}
