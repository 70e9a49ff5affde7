/* SPDX-License-Identifier: EUPL-1.2 */
/* Asking for an interpreter, moving and ending an appointment. */
#include "base/id.h"
#include "core/audit.h"
#include "core/vault.h"
#include "feature/interpreting/interpreting_room.h"
#include "feature/person/person_kit.h"

enum { PLACE_CHARS = 300, NOTES_CHARS = 2000, PURPOSE_CHARS = 150, LOOK_AHEAD_DAYS = 14, YEARS_AHEAD = 2 };
static const int64_t minute_ms = 60000;

struct sv booking_path(struct ctx *c, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(c->arena, "/interpreting/bookings/%s", id_text(id, text).p);
}

void booking_days(const struct booking *b, int64_t *ret_first, int64_t *ret_last)
{
    *ret_first = civil_day_of(b->start_local);
    *ret_last = civil_day_of(b->start_local + b->minutes * minute_ms - 1);
}

/* ---- what was typed ---- */

static enum pw_err check_languages(struct ctx *c, const struct booking_edit *e, struct booking *b)
{
    b->lang = interp_lang(e->lang);
    b->with_lang = interp_lang(e->with_lang);
    if (!language_offered(b->lang))
        problem_add(c->problems, "lang", N_("Choose one of the list."));
    if (!language_offered(b->with_lang))
        problem_add(c->problems, "with_lang", N_("Choose one of the list."));
    else if (sv_eq(b->lang, b->with_lang))
        problem_add(c->problems, "with_lang", N_("Choose another language than the person’s."));
    if (!interp_mode_parse(e->mode, &b->mode))
        problem_add(c->problems, "mode", N_("Choose one of the list."));
    return PW_OK;
}

/* The clock that was meant, and the instant at which it shows that. */
static enum pw_err check_start(struct ctx *c, const struct booking_edit *e, struct booking *b)
{
    const struct tz *tz;
    int64_t day;
    int minutes;
    b->zone = e->zone.n ? e->zone : INTERP_HOME_ZONE;
    b->minutes = e->minutes;
    if (e->minutes < BOOKING_MINUTES_MIN || e->minutes > BOOKING_MINUTES_MAX)
        problem_add(c->problems, "minutes", N_("Between 5 minutes and 8 hours (480)."));
    if (!tz_name_ok(b->zone) || tz_find(b->zone, &tz) != PW_OK)
        return problem_add(c->problems, "zone", N_("Not a known time zone, like America/Toronto."));
    if (e->start.n < 16 || e->start.p[10] != 'T' || !civil_parse_date(sv_sub(e->start, 0, 10), &day) ||
        !civil_parse_minutes(sv_sub(e->start, 11, 5), &minutes))
        return problem_add(c->problems, "start", N_("Give day and time, such as 2026-03-04 15:30."));
    b->start_local = day * CIVIL_DAY_MS + minutes * minute_ms;
    if (!booking_instant(tz, b->start_local, &b->start_ms)) {
        struct civil next = civil_of(tz_local_ms(tz, b->start_ms));
        return problem_add_arg(c->problems, "start",
                               N_("The clocks go forward: this time does not exist that day. The next one is {0}."),
                               arena_fmt(c->arena, "%02d:%02d", next.hour, next.minute));
    }
    if (b->start_ms <= c->now_ms)
        return problem_add(c->problems, "start", N_("This time is over. Choose one to come."));
    if (b->start_ms > c->now_ms + YEARS_AHEAD * 366 * CIVIL_DAY_MS)
        return problem_add(c->problems, "start", N_("At most two years ahead."));
    return PW_OK;
}

static enum pw_err check_words(struct ctx *c, const struct booking_edit *e, struct booking *b)
{
    b->place = e->place;
    b->notes = e->notes;
    b->purpose_words = e->purpose_words;
    if (!booking_purpose_parse(e->purpose, &b->purpose))
        problem_add(c->problems, "purpose", N_("Choose one of the list."));
    NOTED(take_line(c, "purpose_words", b->purpose == BOOKED_OTHER, PURPOSE_CHARS, &b->purpose_words));
    NOTED(take_line(c, "place", false, PLACE_CHARS, &b->place));
    NOTED(take_text(c, "notes", false, NOTES_CHARS, &b->notes));
    return PW_OK;
}

/* ---- may they be booked, then ---- */

static const char *const cover_says[] = {
    [PROMISE_NONE] = N_("{0} has given no confidentiality undertaking. Record it on the interpreter’s page first."),
    [PROMISE_LATER] =
        N_("The confidentiality undertaking of {0} begins only after that day. Record one that holds on the "
           "interpreter’s page, or choose a later day."),
    [PROMISE_ENDED] = N_("The confidentiality undertaking of {0} has ended by that day. Record a new one on the "
                         "interpreter’s page first."),
};

static enum pw_err check_promise(struct ctx *c, const struct booking *b, struct sv name)
{
    enum promise_cover cover;
    int64_t first, last;
    booking_days(b, &first, &last);
    PW_TRY(undertaking_cover(c, b->interpreter_id, first, last, &cover));
    return cover == PROMISE_HOLDS ? PW_OK : problem_add_arg(c->problems, "interpreter", cover_says[cover], name);
}

static enum pw_err check_free(struct ctx *c, const struct booking *b)
{
    struct taken *v;
    size_t n;
    int64_t end = b->start_ms + b->minutes * minute_ms;
    PW_TRY(booking_taken(c, b->interpreter_id, b->start_ms, end + LOOK_AHEAD_DAYS * CIVIL_DAY_MS, &v, &n));
    if (booking_clash(v, n, b->start_ms, end, b->id)) {
        int64_t next = booking_next_free(v, n, b->start_ms, end, b->id);
        return problem_add_arg(c->problems, "interpreter",
                               N_("This interpreter is taken at that time. Free again for so long from {0}."),
                               say_moment(c, c->lang, b->zone, next));
    }
    PW_TRY(booking_taken_person(c, b->person_id, b->start_ms, end, &v, &n));
    const struct taken *own = booking_clash(v, n, b->start_ms, end, b->id);
    return !own ? PW_OK
                : problem_add_arg(c->problems, "start",
                                  N_("The person has another appointment with an interpreter then, until {0}."),
                                  say_moment(c, c->lang, b->zone, own->end_ms));
}

static enum pw_err check_interpreter(struct ctx *c, const struct booking *b)
{
    struct interpreter i;
    enum pw_err e = interpreter_row(c, b->interpreter_id, &i);
    if (e == PW_NOT_FOUND || (e == PW_OK && !i.active))
        return problem_add(c->problems, "interpreter", N_("Choose an interpreter."));
    PW_TRY(e);
    PW_TRY(interpreter_names(c, &i, 1));
    if (!interpreter_speaks(&i, b->lang) || !interpreter_speaks(&i, b->with_lang))
        return problem_add_arg(c->problems, "interpreter", N_("{0} does not interpret between these languages."),
                               i.name);
    if (!interpreter_does(&i, b->mode))
        return problem_add_arg(c->problems, "interpreter", N_("{0} does not work in this way. Choose another one."),
                               i.name);
    PW_TRY(check_promise(c, b, i.name));
    PW_TRY(interpreter_take_turn(c, i.id)); /* from here on nobody else books this interpreter until we are done */
    return check_free(c, b);
}

static enum pw_err seal_words(struct ctx *c, const struct booking *b, struct booking_row *r)
{
    PW_TRY(seal(c, b->person_id, (struct seal_place){"booking", "purpose_words", b->id}, b->purpose_words,
                &r->purpose_words));
    PW_TRY(seal(c, b->person_id, (struct seal_place){"booking", "place", b->id}, b->place, &r->place));
    return seal(c, b->person_id, (struct seal_place){"booking", "notes", b->id}, b->notes, &r->notes);
}

/* Codes only: the log and events name nobody. */
static enum pw_err note(struct ctx *c, const struct booking *b, const char *name)
{
    return note_fact(c, name, "booking", b->id, b->community_id,
                     arena_fmt(c->arena, "state=%s mode=%s", booking_state_code(b->state), interp_mode_code(b->mode)));
}

/* ---- acts ---- */

enum pw_err booking_ask(struct ctx *c, const struct booking_edit *e, int64_t *ret_id)
{
    struct person who;
    struct booking_row r = {.b = {.id = id_new(),
                                  .interpreter_id = e->interpreter_id,
                                  .state = BOOKING_ASKED,
                                  .asked_by = c->actor->person_id}};
    if (!interpreting_may_book(c))
        return PW_NOT_FOUND;
    PW_TRY(person_need(c, e->person_id, &who));
    r.b.person_id = who.id;
    PW_TRY(check_languages(c, e, &r.b));
    NOTED(check_start(c, e, &r.b));
    PW_TRY(check_words(c, e, &r.b));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(check_interpreter(c, &r.b));
    PW_TRY(booking_find_community(c, who.id, &r.b.community_id));
    PW_TRY(seal_words(c, &r.b, &r));
    PW_TRY(booking_insert(c, &r));
    PW_TRY(booking_row_get(c, r.b.id, &r));
    PW_TRY(booking_plan_reminder(c, &r.b));
    PW_TRY(booking_tell_staff(c, &r.b, ACT_ASKED));
    *ret_id = r.b.id;
    return note(c, &r.b, "booking.asked");
}

/* Whoever works with the person; PW_NOT_FOUND to others. */
static enum pw_err need_change(struct ctx *c, int64_t id, struct booking_row *ret)
{
    struct person who;
    struct booking_row r;
    if (!interpreting_may_book(c))
        return PW_NOT_FOUND;
    PW_TRY(booking_row_get(c, id, &r));
    PW_TRY(person_need(c, r.b.person_id, &who));
    *ret = r;
    return PW_OK;
}

enum pw_err booking_move(struct ctx *c, int64_t id, const struct booking_edit *e)
{
    struct booking_row r;
    struct booking was;
    PW_TRY(need_change(c, id, &r));
    if (!booking_may_move(r.b.state, r.b.start_ms <= c->now_ms))
        return PW_CONFLICT;
    was = r.b;
    struct sv purpose_words = r.purpose_words;
    struct booking_edit keeps = *e; /* what the meeting is for stays */
    keeps.purpose = sv_of(booking_purpose_code(r.b.purpose));
    keeps.purpose_words = SV("-");
    PW_TRY(check_languages(c, &keeps, &r.b));
    NOTED(check_start(c, &keeps, &r.b));
    PW_TRY(check_words(c, &keeps, &r.b));
    if (c->problems->n)
        return PW_INVALID;
    r.b.interpreter_id = e->interpreter_id;
    PW_TRY(check_interpreter(c, &r.b));
    PW_TRY(seal_words(c, &r.b, &r));
    r.purpose_words = purpose_words;
    bool other = was.interpreter_id != r.b.interpreter_id;
    r.b.state = BOOKING_ASKED;
    if (r.b.told_ms && (was.mode != r.b.mode || was.minutes != r.b.minutes) && was.start_ms == r.b.start_ms)
        r.b.told_ms = -1; /* told another way or length: news, although the time is the same */
    PW_TRY(booking_tell_person(c, &r.b));
    PW_TRY(booking_update(c, &r));
    if (other)
        PW_TRY(booking_tell_staff(c, &was, ACT_CANCELLED)); /* who does not come any more */
    PW_TRY(booking_row_get(c, id, &r));
    PW_TRY(booking_plan_reminder(c, &r.b));
    PW_TRY(booking_tell_staff(c, &r.b, other ? ACT_ASKED : ACT_MOVED));
    return note(c, &r.b, "booking.moved");
}

/* The interpreter answers; all else is for staff. */
static enum pw_err need_state(struct ctx *c, int64_t id, enum booking_state to, struct booking_row *ret)
{
    enum pw_err e = need_change(c, id, ret);
    if (e != PW_NOT_FOUND)
        return e;
    PW_TRY(booking_row_get(c, id, ret));
    if (!c->actor->person_id || ret->b.interpreter_person != c->actor->person_id)
        return PW_NOT_FOUND;
    return to == BOOKING_CONFIRMED || to == BOOKING_DECLINED ? PW_OK : PW_DENIED;
}

static enum pw_err become(struct ctx *c, struct booking_row *r, enum booking_state to)
{
    static const enum booking_act acts[BOOKING_STATE__MAX] = {
        [BOOKING_CONFIRMED] = ACT_CONFIRMED, [BOOKING_DECLINED] = ACT_DECLINED, [BOOKING_CANCELLED] = ACT_CANCELLED};
    r->b.state = to;
    if (r->b.start_ms > c->now_ms)
        PW_TRY(booking_tell_person(c, &r->b));
    PW_TRY(booking_update(c, r));
    PW_TRY(booking_plan_reminder(c, &r->b));
    if (acts[to])
        PW_TRY(booking_tell_staff(c, &r->b, acts[to]));
    return note(c, &r->b, "booking.state");
}

enum pw_err booking_set_state(struct ctx *c, int64_t id, enum booking_state to)
{
    struct booking_row r;
    PW_TRY(need_state(c, id, to, &r));
    if (!booking_may_become(r.b.state, to, r.b.start_ms <= c->now_ms))
        return PW_CONFLICT;
    if (to == BOOKING_CONFIRMED) {
        PW_TRY(booking_names(c, &r.b, 1));
        PW_TRY(check_promise(c, &r.b, r.b.interpreter_name));
    }
    return become(c, &r, to);
}

enum pw_err booking_call_off(struct ctx *c, int64_t id, enum booking_state to)
{
    struct booking_row r;
    PW_TRY(booking_row_get(c, id, &r));
    return booking_is_open(r.b.state) && r.b.start_ms > c->now_ms ? become(c, &r, to) : PW_OK;
}
