/* SPDX-License-Identifier: EUPL-1.2 */
#include "feature/interpreting/interpreting_rules.h"

#include "base/id.h"

/* ---- codes ---- */

struct code_row {
    const char *code, *label;
};
static const struct code_row modes[INTERP_MODE__MAX] = {
    [INTERP_IN_PERSON] = {"in-person", N_("In person")},
    [INTERP_TELEPHONE] = {"telephone", N_("By telephone")},
    [INTERP_VIDEO] = {"video", N_("By video")},
};
static const struct code_row kinds[INTERPRETER_KIND__MAX] = {
    [INTERPRETER_STAFF] = {"staff", N_("Staff")},
    [INTERPRETER_VOLUNTEER] = {"volunteer", N_("Volunteer")},
    [INTERPRETER_OUTSIDE] = {"outside", N_("Outside service")},
};
static const struct code_row purposes[BOOKING_PURPOSE__MAX] = {
    [BOOKED_MEETING] = {"meeting", N_("Meeting")},
    [BOOKED_INTAKE] = {"intake", N_("Intake")},
    [BOOKED_SURVEY] = {"survey", N_("Survey")},
    [BOOKED_OTHER] = {"other", N_("Something else")},
};
static const struct code_row states[BOOKING_STATE__MAX] = {
    [BOOKING_ASKED] = {"asked", N_("Asked, not yet confirmed")},
    [BOOKING_CONFIRMED] = {"confirmed", N_("Confirmed by the interpreter")},
    [BOOKING_DECLINED] = {"declined", N_("Declined by the interpreter")},
    [BOOKING_CANCELLED] = {"cancelled", N_("Appointment cancelled")},
    [BOOKING_DONE] = {"done", N_("Took place")},
    [BOOKING_NO_INTERPRETER] = {"no-interpreter", N_("The interpreter did not come")},
    [BOOKING_NO_PERSON] = {"no-person", N_("The person did not come")},
};
static const struct code_row hows[THROUGH_HOW__MAX] = {
    [THROUGH_BOOKING] = {"booking", N_("Booked interpreter")},
    [THROUGH_INTERPRETER] = {"interpreter", N_("Interpreter, not booked here")},
    [THROUGH_FAMILY] = {"family", N_("Family or friend")},
};

static bool find_code(const struct code_row *v, int n, struct sv code, int *ret)
{
    for (int i = 0; i < n; i++)
        if (sv_eq_z(code, v[i].code)) {
            *ret = i;
            return true;
        }
    return false;
}

#define CODES(name, type, table)                                                                                       \
    const char *name##_code(enum type x)                                                                               \
    {                                                                                                                  \
        return table[x].code;                                                                                          \
    }                                                                                                                  \
    const char *name##_label(enum type x)                                                                              \
    {                                                                                                                  \
        return table[x].label;                                                                                         \
    }
#define PARSE(name, type, table, max)                                                                                  \
    bool name##_parse(struct sv code, enum type *ret)                                                                  \
    {                                                                                                                  \
        int i;                                                                                                         \
        if (!find_code(table, max, code, &i))                                                                          \
            return false;                                                                                              \
        *ret = (enum type)i;                                                                                           \
        return true;                                                                                                   \
    }
CODES(interp_mode, interp_mode, modes)
PARSE(interp_mode, interp_mode, modes, INTERP_MODE__MAX)
CODES(interpreter_kind, interpreter_kind, kinds)
PARSE(interpreter_kind, interpreter_kind, kinds, INTERPRETER_KIND__MAX)
CODES(booking_purpose, booking_purpose, purposes)
PARSE(booking_purpose, booking_purpose, purposes, BOOKING_PURPOSE__MAX)
CODES(booking_state, booking_state, states)
PARSE(booking_state, booking_state, states, BOOKING_STATE__MAX)
CODES(through_how, through_how, hows)

bool through_parse(struct sv text, struct through_choice *ret)
{
    struct sv rest = text, head;
    int how;
    int64_t id = 0;
    if (!sv_cut(&rest, ':', &head) || !find_code(hows, THROUGH_HOW__MAX, head, &how))
        return false;
    if (how == THROUGH_FAMILY ? head.n != text.n : !id_parse(rest, &id))
        return false;
    *ret = (struct through_choice){(enum through_how)how, id};
    return true;
}

/* ---- states ---- */

bool booking_is_open(enum booking_state s)
{
    return s == BOOKING_ASKED || s == BOOKING_CONFIRMED;
}

static bool is_outcome(enum booking_state s)
{
    return s == BOOKING_DONE || s == BOOKING_NO_INTERPRETER || s == BOOKING_NO_PERSON;
}

bool booking_may_become(enum booking_state from, enum booking_state to, bool started)
{
    if (from == to)
        return false;
    if (is_outcome(to))
        return started && (booking_is_open(from) || is_outcome(from));
    if (started)
        return booking_is_open(from) && to == BOOKING_CANCELLED;
    if (to == BOOKING_CONFIRMED)
        return from == BOOKING_ASKED;
    return booking_is_open(from) && (to == BOOKING_DECLINED || to == BOOKING_CANCELLED);
}

bool booking_may_move(enum booking_state s, bool started)
{
    return booking_is_open(s) && !started;
}

enum booking_news booking_news(enum booking_state s, int64_t told_ms, int64_t start_ms)
{
    if (s == BOOKING_CANCELLED || s == BOOKING_DECLINED)
        return told_ms ? NEWS_OFF : NEWS_NONE;
    if (!booking_is_open(s))
        return NEWS_NONE;
    if (!told_ms) /* nobody waits for an appointment that may not be */
        return s == BOOKING_CONFIRMED ? NEWS_BOOKED : NEWS_NONE;
    return told_ms != start_ms ? NEWS_MOVED : NEWS_NONE;
}

/* ---- time ---- */

const struct taken *booking_clash(const struct taken *v, size_t n, int64_t start_ms, int64_t end_ms, int64_t except)
{
    const struct taken *first = NULL;
    for (size_t i = 0; i < n; i++) {
        bool overlaps = v[i].start_ms < end_ms && start_ms < v[i].end_ms;
        if (overlaps && v[i].id != except && (!first || v[i].start_ms < first->start_ms))
            first = &v[i];
    }
    return first;
}

int64_t booking_next_free(const struct taken *v, size_t n, int64_t start_ms, int64_t end_ms, int64_t except)
{
    const struct taken *t;
    int64_t at = start_ms;
    /* each turn passes the end of one appointment for good, so there are at most n */
    while ((t = booking_clash(v, n, at, at + (end_ms - start_ms), except)))
        at = t->end_ms;
    return at;
}

bool booking_instant(const struct tz *tz, int64_t local_ms, int64_t *ret_ms)
{
    enum tz_kind kind;
    *ret_ms = tz_utc_ms(tz, local_ms, TZ_EARLIER, &kind);
    return kind != TZ_GAP;
}

int64_t booking_reminder_ms(const struct tz *tz, const struct worktime *work, int64_t start_ms)
{
    enum { LOOK_BACK = 30, AT_HOUR = 9 };
    int64_t before = civil_day_of(tz_local_ms(tz, start_ms)) - 1, day = before;
    for (int i = 0; i < LOOK_BACK; i++, day--)
        if (work ? work_business_day(work, day) : civil_weekday(day) < CIVIL_SATURDAY)
            break;
    if (day <= before - LOOK_BACK) /* hours that never open: the day before is better than none */
        day = before;
    return tz_utc_ms(tz, day * CIVIL_DAY_MS + AT_HOUR * INT64_C(3600000), TZ_EARLIER, NULL);
}

/* ---- undertakings ---- */

enum promise_cover promise_covers(const struct promise_span *v, size_t n, int64_t first_day, int64_t last_day)
{
    bool ended = false;
    for (size_t i = 0; i < n; i++) {
        if (v[i].from_day <= first_day && (!v[i].until_day || v[i].until_day >= last_day))
            return PROMISE_HOLDS;
        ended |= v[i].from_day <= first_day;
    }
    return !n ? PROMISE_NONE : ended ? PROMISE_ENDED : PROMISE_LATER;
}

/* ---- who to offer first ---- */

bool interp_can(const struct interp_fit *f)
{
    return f->speaks && f->does_mode && f->promised && f->free;
}

static int missing(const struct interp_fit *f)
{
    return !f->speaks * 8 + !f->promised * 4 + !f->does_mode * 2 + !f->free;
}

int interp_fit_order(const struct interp_fit *x, const struct interp_fit *y)
{
    if (missing(x) != missing(y))
        return missing(x) < missing(y) ? -1 : 1;
    if ((x->met > 0) != (y->met > 0))
        return x->met > 0 ? -1 : 1;
    if (x->upcoming != y->upcoming)
        return x->upcoming < y->upcoming ? -1 : 1;
    return sv_cmp(x->name, y->name);
}
