/* SPDX-License-Identifier: EUPL-1.2 */
/* From a community's settings to the clock of its promise (SLA-1..SLA-3, SLA-5, SLA-6): base/worktime.h does the
 * arithmetic, this file reads the settings. */
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"

/* "+2026-12-24 Christmas Eve" closes a day, "-2026-08-03" opens one; "2026-12-24 closed Christmas Eve" and "2026-08-03
 * open" say the same in words. */
static bool read_edit(struct sv text, struct cal_edit *e)
{
    struct sv rest = text, day, word;
    bool sign = rest.p[0] == '+' || rest.p[0] == '-';
    if (sign) {
        e->removed = rest.p[0] == '-';
        rest = sv_sub(rest, 1, rest.n);
    }
    if (!sv_cut(&rest, ' ', &day) || !civil_parse_date(day, &e->day))
        return false;
    if (!sign) {
        if (!sv_cut(&rest, ' ', &word) || (!sv_eq_z(word, "closed") && !sv_eq_z(word, "open")))
            return false;
        e->removed = sv_eq_z(word, "open");
    }
    e->name = sv_trim(rest);
    return true;
}

/* One a line or between semicolons. */
static enum pw_err read_edits(struct ctx *c, struct sv text, struct calendar *cal)
{
    enum { EDITS_MAX = 400 };
    if (!text.n) /* nearly always: no room for 400 of them then */
        return PW_OK;
    struct cal_edit *v = arena_array(c->arena, struct cal_edit, EDITS_MAX);
    if (!v)
        return PW_UNAVAILABLE;
    size_t n = 0;
    struct sv lines = text, line, part;
    while (sv_cut(&lines, '\n', &line))
        while (sv_cut(&line, ';', &part)) {
            struct sv one = sv_trim(part);
            if (!one.n)
                continue;
            if (n == EDITS_MAX || !read_edit(one, &v[n]))
                return problem_add(c->problems, "calendar_edits",
                                   N_("Write one day a line: “+2026-12-24 Christmas Eve” closes a day, “-2026-08-03” "
                                      "opens one."));
            n++;
        }
    cal->edits = v;
    cal->edits_n = n;
    return PW_OK;
}

enum pw_err clock_of(struct ctx *c, const struct community *com, struct worktime *ret)
{
    struct worktime w = {.standard_h = (int32_t)com->standard_hours, .mode = com->clock_mode};
    if (tz_find(com->zone, &w.tz) != PW_OK)
        return problem_add(c->problems, "zone", N_("Not a known time zone, like America/Toronto."));
    struct calendar *cal = arena_new(c->arena, struct calendar);
    if (!cal)
        return PW_UNAVAILABLE;
    if (com->calendar.n && !cal_place_parse(com->calendar, &cal->place))
        return problem_add(c->problems, "calendar", N_("Not a known calendar, like CA-ON."));
    PW_TRY(read_edits(c, com->calendar_edits, cal));
    w.cal = cal;
    PW_TRY(hours_parse(com->hours, "hours", &w.hours, c->problems));
    *ret = w;
    return PW_OK;
}

enum pw_err community_workdays(struct ctx *c, int64_t id, struct worktime *ret, bool *ret_any)
{
    struct community com;
    PW_TRY(community_row(c, id, &com));
    PW_TRY(clock_of(c, &com, ret));
    *ret_any = hours_any(&ret->hours);
    return PW_OK;
}

enum pw_err times_of(struct ctx *c, const struct community *com, int64_t received_ms, struct question_times *ret)
{
    struct question_times t = {.start_ms = received_ms};
    if (!com->standard_hours) {
        *ret = t;
        return PW_OK;
    }
    struct worktime w;
    PW_TRY(clock_of(c, com, &w));
    PW_TRY(work_due(&w, received_ms, &t.start_ms, &t.due_ms));
    t.warn_ms = work_at_permille(&w, t.start_ms, t.due_ms, 750);
    t.promised = true;
    *ret = t;
    return PW_OK;
}

enum pw_err hold_until(struct ctx *c, const struct community *com, bool urgent, int64_t *ret_ms)
{
    struct worktime w;
    PW_TRY(clock_of(c, com, &w));
    bool has = hours_any(&w.hours);
    if (!reply_is_held(has, has && work_is_open(&w, c->now_ms), urgent)) {
        *ret_ms = 0;
        return PW_OK;
    }
    return work_next_open(&w, c->now_ms, ret_ms);
}

int64_t today_of(struct ctx *c, const struct community *com)
{
    const struct tz *tz;
    return civil_day_of(tz_find(com->zone, &tz) == PW_OK ? tz_local_ms(tz, c->now_ms) : c->now_ms);
}

enum pw_err community_clock_now(struct ctx *c, const struct community *com, struct community_clock *ret)
{
    struct worktime w;
    PW_TRY(clock_of(c, com, &w));
    struct community_clock k = {.has_hours = hours_any(&w.hours), .has_promise = com->standard_hours > 0};
    if (k.has_hours) {
        k.open_now = work_is_open(&w, c->now_ms);
        PW_TRY(work_next_open(&w, c->now_ms, &k.next_open_ms));
    }
    struct question_times t;
    PW_TRY(times_of(c, com, c->now_ms, &t));
    k.start_ms = t.start_ms;
    k.due_ms = t.due_ms;
    *ret = k;
    return PW_OK;
}
