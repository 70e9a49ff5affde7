/* SPDX-License-Identifier: EUPL-1.2 */
/* Appointments: the list, one, a new one, another time, what came of it. */
#include "base/id.h"
#include "feature/interpreting/interpreting_ics.h"
#include "feature/interpreting/interpreting_pages.h"
#include "ui/web.h"
#include "views_interpreting.h"
#include "views_ui.h"

enum { ICS_EVENTS = 200, DEFAULT_MINUTES = 60 };

/* ---- lists ---- */

static enum pw_err load_open(struct ctx *c, struct bookings_view *v)
{
    enum { DAYS = 30 };
    struct booking_filter f = {.past = true};
    struct booking *all;
    size_t n;
    PW_TRY(booking_list(c, &f, &all, &n));
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (booking_is_open(all[i].state) && all[i].may_change && all[i].start_ms > c->now_ms - DAYS * CIVIL_DAY_MS)
            all[k++] = all[i];
    v->open = all;
    v->n_open = k;
    return PW_OK;
}

enum pw_err bookings_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct bookings_view v = {.past = http_int(q, "past") != 0,
                              .may_book = interpreting_may_book(c),
                              .may_manage = interpreting_may_manage(c)};
    struct booking_filter f = {.past = v.past};
    struct booking *rows;
    struct interpreter own;
    enum interp_sight see;
    enum pw_err e = interpreter_own(c, &own);
    if (e == PW_OK)
        v.own = own.id;
    else if (e != PW_NOT_FOUND)
        return e;
    v.sees_report = interpreting_see(c, &see) == PW_OK;
    PW_TRY(booking_list(c, &f, &rows, &v.n));
    v.v = rows;
    if (!v.past)
        PW_TRY(load_open(c, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Interpreters"));
    view_bookings(&pg, &v);
    return page_end(&pg, r);
}

/* ---- one ---- */

static enum pw_err load_booking(struct ctx *c, int64_t id, struct booking_view *v)
{
    enum promise_cover cover;
    int64_t first, last;
    char com[ID_TEXT + 1], person[ID_TEXT + 1];
    PW_TRY(booking_read(c, id, &v->b));
    v->started = v->b.start_ms <= c->now_ms;
    booking_days(&v->b, &first, &last);
    PW_TRY(undertaking_cover(c, v->b.interpreter_id, first, last, &cover));
    v->covered = cover == PROMISE_HOLDS;
    struct community place;
    if (v->b.may_change && v->b.community_id && community_get(c, v->b.community_id, &place) == PW_OK &&
        community_may_moderate(c, &place))
        v->calls_path = arena_fmt(c->arena, "/calls/new?community=%s&person=%s", id_text(place.id, com).p,
                                  id_text(v->b.person_id, person).p);
    return PW_OK;
}

static enum pw_err show_booking(struct http_req *q, struct http_res *r,
                                void (*view)(struct page *, const struct booking_view *))
{
    struct booking_view v = {0};
    PW_TRY(load_booking(q->ctx, q->arg[0], &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Appointment with an interpreter"));
    pg.zone = v.b.zone;
    view(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err booking_one_get(struct http_req *q, struct http_res *r)
{
    return show_booking(q, r, view_booking);
}

enum pw_err booking_print_get(struct http_req *q, struct http_res *r)
{
    return show_booking(q, r, view_booking_print);
}

/* ---- calendar files ---- */

static enum pw_err send_ics(struct http_req *q, struct http_res *r, const struct booking *b, size_t n)
{
    struct ctx *c = q->ctx;
    struct ics_event *v = arena_array(c->arena, struct ics_event, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        v[i] = (struct ics_event){.id = b[i].id,
                                  .start_ms = b[i].start_ms,
                                  .changed_ms = b[i].changed_ms,
                                  .minutes = b[i].minutes,
                                  .turn = b[i].turn,
                                  .state = b[i].state,
                                  .title = say(c, c->lang, N_("Appointment with an interpreter"), NULL, 0),
                                  .text = say(c, c->lang, interp_mode_label(b[i].mode), NULL, 0),
                                  .url = arena_join(c->arena, c->public_url, booking_path(c, b[i].id))};
    struct sv host = c->public_url;
    ptrdiff_t at = sv_find(host, SV("://"));
    if (at >= 0)
        host = sv_sub(host, (size_t)at + 3, host.n);
    ics_write(&r->body, v, n, host.n ? host : SV("passerelle"), c->lang, c->now_ms);
    r->type = ICS_TYPE;
    http_set_download(q, r, SV("interpreting.ics"));
    return buf_ok(&r->body) ? PW_OK : PW_INTERNAL;
}

enum pw_err booking_ics_get(struct http_req *q, struct http_res *r)
{
    struct booking b;
    PW_TRY(booking_read(q->ctx, q->arg[0], &b));
    return send_ics(q, r, &b, 1);
}

enum pw_err interpreter_ics_get(struct http_req *q, struct http_res *r)
{
    struct interpreter own;
    struct booking_filter f = {.interpreter_id = q->arg[0], .limit = ICS_EVENTS};
    struct booking *v;
    size_t n;
    /* only what the reader sees on the pages is in it: an interpreter all of the own ones */
    if (!interpreting_may_book(q->ctx)) {
        PW_TRY(interpreter_own(q->ctx, &own));
        if (own.id != q->arg[0])
            return PW_NOT_FOUND;
    }
    PW_TRY(booking_list(q->ctx, &f, &v, &n));
    return send_ics(q, r, v, n);
}

/* ---- the form ---- */

static struct booking_edit typed(const struct http_req *q)
{
    return (struct booking_edit){.person_id = http_int(q, "person"),
                                 .interpreter_id = http_int(q, "interpreter"),
                                 .purpose = http_text(q, "purpose"),
                                 .purpose_words = http_text(q, "purpose_words"),
                                 .lang = http_text(q, "lang"),
                                 .with_lang = http_text(q, "with_lang"),
                                 .mode = http_text(q, "mode"),
                                 .place = http_text(q, "place"),
                                 .notes = http_text(q, "notes"),
                                 .start = http_text(q, "start"),
                                 .zone = http_text(q, "zone"),
                                 .minutes = http_int(q, "minutes")};
}

static enum pw_err show_form(struct http_req *q, struct http_res *r, struct booking_form *v)
{
    struct interp_candidate *who;
    PW_TRY(person_need(q->ctx, v->e.person_id, &v->person));
    v->looked = v->e.start.n > 0;
    PW_TRY(booking_candidates(q->ctx, &v->e, v->moving, &who, &v->n));
    v->v = who;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, v->moving ? N_("Change the appointment") : N_("Book an interpreter"));
    view_booking_form(&pg, v);
    return page_end(&pg, r);
}

/* What the form begins with: the person's language, and the other one as far as it is clear. */
static enum pw_err begin_form(struct ctx *c, const struct page_info *page, struct booking_form *v)
{
    struct community com;
    int64_t id;
    struct person p;
    PW_TRY(person_need(c, v->e.person_id, &p));
    PW_TRY(booking_find_community(c, p.id, &id));
    v->e.lang = interp_lang(p.lang);
    v->e.with_lang = sv_eq(v->e.lang, interp_lang(c->lang)) ? (struct sv){0} : interp_lang(c->lang);
    v->e.zone = page->zone;
    v->e.purpose = sv_of(booking_purpose_code(BOOKED_MEETING));
    v->e.mode = sv_of(interp_mode_code(INTERP_IN_PERSON));
    v->e.minutes = DEFAULT_MINUTES;
    if (id && community_get(c, id, &com) == PW_OK)
        v->e.zone = com.zone;
    return PW_OK;
}

enum pw_err booking_new_get(struct http_req *q, struct http_res *r)
{
    struct booking_form v = {.e = {.person_id = http_int(q, "person")}};
    if (!v.e.person_id) {
        struct page pg;
        page_begin(&pg, q, r, FACE_STAFF, N_("Book an interpreter"));
        view_booking_for_whom(&pg);
        return page_end(&pg, r);
    }
    PW_TRY(begin_form(q->ctx, q->page, &v));
    return show_form(q, r, &v);
}

/* "Show who is free" comes with the same form: nothing is booked, all that was typed stays, and what is not yet filled
 * in is not held against anybody. */
static bool only_looks(struct http_req *q)
{
    if (http_int(q, "look"))
        q->problems.n = 0;
    return http_int(q, "look") != 0;
}

enum pw_err booking_new_post(struct http_req *q, struct http_res *r)
{
    struct booking_form v = {.e = typed(q)};
    int64_t id = 0;
    if (only_looks(q))
        return show_form(q, r, &v);
    enum pw_err e = q->problems.n ? PW_INVALID : booking_ask(q->ctx, &v.e, &id);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, booking_path(q->ctx, id),
                     N_("Asked. The interpreter is told; when it is confirmed, the person is told, too."));
}

enum pw_err booking_move_get(struct http_req *q, struct http_res *r)
{
    struct booking b;
    PW_TRY(booking_read(q->ctx, q->arg[0], &b));
    if (!b.may_change || !booking_may_move(b.state, b.start_ms <= q->ctx->now_ms))
        return PW_NOT_FOUND;
    struct civil t = civil_of(b.start_local);
    struct booking_form v = {.moving = b.id,
                             .e = {.person_id = b.person_id,
                                   .interpreter_id = b.interpreter_id,
                                   .purpose = sv_of(booking_purpose_code(b.purpose)),
                                   .purpose_words = b.purpose_words,
                                   .lang = b.lang,
                                   .with_lang = b.with_lang,
                                   .mode = sv_of(interp_mode_code(b.mode)),
                                   .place = b.place,
                                   .notes = b.notes,
                                   .zone = b.zone,
                                   .start = arena_fmt(q->arena, "%04lld-%02d-%02dT%02d:%02d", (long long)t.year,
                                                      t.month, t.day, t.hour, t.minute),
                                   .minutes = b.minutes}};
    return show_form(q, r, &v);
}

enum pw_err booking_move_post(struct http_req *q, struct http_res *r)
{
    struct booking b;
    struct booking_form v = {.e = typed(q), .moving = q->arg[0]};
    PW_TRY(booking_read(q->ctx, q->arg[0], &b));
    v.e.person_id = b.person_id;
    if (only_looks(q))
        return show_form(q, r, &v);
    enum pw_err e = q->problems.n ? PW_INVALID : booking_move(q->ctx, b.id, &v.e);
    if (e == PW_INVALID)
        return show_form(q, r, &v);
    if (e == PW_CONFLICT)
        return page_done(q, r, booking_path(q->ctx, b.id), N_("Somebody else was quicker."));
    PW_TRY(e);
    return page_done(q, r, booking_path(q->ctx, b.id),
                     N_("Changed. Who is concerned is told; the interpreter confirms again."));
}

/* ---- what comes of it ---- */

/* Before others are told that it does not take place: who, and how many. */
enum pw_err booking_end_get(struct http_req *q, struct http_res *r)
{
    struct booking b;
    bool declines = sv_eq_z(http_text(q, "to"), "declined");
    PW_TRY(booking_read(q->ctx, q->arg[0], &b));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, declines ? N_("Decline the appointment") : N_("Cancel the appointment"));
    pg.zone = b.zone;
    struct sv args[] = {format_day(pg.cat, pg.arena, b.start_ms, b.zone), booking_time(&pg, &b)};
    const char *says =
        b.told_ms
            ? N_("{0}, {1}. It does not take place. The interpreter, who booked it and the person are told.")
            : N_("{0}, {1}. It does not take place. The interpreter and who booked it are told; the person was told "
                 "of nothing yet.");
    struct ui_hidden to = {"to", declines ? SV("declined") : SV("cancelled")};
    view_confirm(&pg,
                 &(struct ui_confirm){.title = declines ? N_("Decline the appointment") : N_("Cancel the appointment"),
                                      .consequence = text_t(pg.cat, pg.arena, says, args, 2),
                                      .action = arena_join(pg.arena, booking_path(q->ctx, b.id), SV("/state")),
                                      .button = declines ? N_("Decline it") : N_("Cancel it"),
                                      .danger = true,
                                      .hidden = &to,
                                      .n_hidden = 1,
                                      .cancel = booking_path(q->ctx, b.id)});
    return page_end(&pg, r);
}

enum pw_err booking_state_post(struct http_req *q, struct http_res *r)
{
    static const char *const done[BOOKING_STATE__MAX] = {
        [BOOKING_CONFIRMED] = N_("Confirmed. The person is told in their language."),
        [BOOKING_DECLINED] = N_("Declined. Who booked it is told."),
        [BOOKING_CANCELLED] = N_("Cancelled. Who is concerned is told."),
        [BOOKING_DONE] = N_("Noted: it took place."),
        [BOOKING_NO_INTERPRETER] = N_("Noted: it did not take place."),
        [BOOKING_NO_PERSON] = N_("Noted: it did not take place."),
    };
    enum booking_state to = BOOKING_ASKED;
    if (q->problems.n || !booking_state_parse(http_text(q, "to"), &to))
        return show_booking(q, r, view_booking);
    enum pw_err e = booking_set_state(q->ctx, q->arg[0], to);
    if (e == PW_INVALID)
        return show_booking(q, r, view_booking);
    if (e == PW_CONFLICT)
        return page_done(q, r, booking_path(q->ctx, q->arg[0]), N_("This does not fit its state any more."));
    PW_TRY(e);
    return page_done(q, r, booking_path(q->ctx, q->arg[0]), done[to]);
}
