/* SPDX-License-Identifier: EUPL-1.2 */
/* Who may see which appointment, and who could interpret at one. */
#include <stdlib.h>

#include "base/id.h"
#include "core/audit.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/interpreting/interpreting_room.h"

enum { LIST_MAX = 200, LOOKED_AT = 1000, OFFER_DAYS = 14 };
static const int64_t minute_ms = 60000;

enum pw_err booking_names(struct ctx *c, struct booking *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, 3 * n + 1);
    struct person *p = arena_array(c->arena, struct person, 3 * n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        ids[3 * i] = v[i].person_id;
        ids[3 * i + 1] = v[i].interpreter_person;
        ids[3 * i + 2] = v[i].asked_by;
    }
    PW_TRY(person_get_many(c, ids, 3 * n, p));
    for (size_t i = 0; i < n; i++) {
        v[i].person_name = p[3 * i].display_name;
        v[i].interpreter_name = p[3 * i + 1].display_name;
        v[i].asked_name = p[3 * i + 2].display_name;
    }
    return PW_OK;
}

/* False: this actor may not know that it exists. */
static enum pw_err visible(struct ctx *c, struct booking *b, bool *ret)
{
    b->as_interpreter = c->actor->person_id && b->interpreter_person == c->actor->person_id;
    if (interpreting_may_book(c))
        PW_TRY(person_may(c, b->person_id, &b->may_change));
    *ret = b->may_change || b->as_interpreter;
    return PW_OK;
}

static enum pw_err open_words(struct ctx *c, struct booking_row *r)
{
    struct booking *b = &r->b;
    enum pw_err e = unseal(c, b->person_id, (struct seal_place){"booking", "place", b->id}, r->place, &b->place);
    if (e == PW_OK)
        e = unseal(c, b->person_id, (struct seal_place){"booking", "purpose_words", b->id}, r->purpose_words,
                   &b->purpose_words);
    if (e == PW_OK && b->may_change)
        e = unseal(c, b->person_id, (struct seal_place){"booking", "notes", b->id}, r->notes, &b->notes);
    return e == PW_NOT_FOUND ? PW_OK : e; /* erased: the words are gone, the hour stays in the numbers */
}

enum pw_err booking_read(struct ctx *c, int64_t id, struct booking *ret)
{
    struct booking_row r;
    bool seen = false;
    PW_TRY(booking_row_get(c, id, &r));
    PW_TRY(visible(c, &r.b, &seen));
    if (!seen)
        return PW_NOT_FOUND;
    PW_TRY(open_words(c, &r));
    PW_TRY(booking_names(c, &r.b, 1));
    if (!db_is_read_only(c->db))
        PW_TRY(audit(c, "booking.read", "booking", id, r.b.may_change ? SV("staff") : SV("interpreter")));
    *ret = r.b;
    return PW_OK;
}

static enum pw_err rows_of(struct ctx *c, const struct booking_filter *f, struct booking **ret, size_t *ret_n)
{
    /* what began before may still last */
    int64_t from = c->now_ms - BOOKING_MINUTES_MAX * minute_ms;
    if (f->person_id)
        return booking_rows_of_person(c, f->person_id, LOOKED_AT, ret, ret_n);
    if (f->interpreter_id)
        return booking_rows_of_interpreter(c, f->interpreter_id, f->past ? 0 : from, LOOKED_AT, ret, ret_n);
    if (f->past)
        return booking_rows_before(c, c->now_ms, LOOKED_AT, ret, ret_n);
    return booking_rows_from(c, from, LOOKED_AT, ret, ret_n);
}

static int soonest(const void *x, const void *y)
{
    const struct booking *a = x, *b = y;
    return a->start_ms != b->start_ms ? (a->start_ms < b->start_ms ? -1 : 1) : (a->id > b->id) - (a->id < b->id);
}

static int latest(const void *x, const void *y)
{
    return -soonest(x, y);
}

enum pw_err booking_list(struct ctx *c, const struct booking_filter *f, struct booking **ret, size_t *ret_n)
{
    struct booking *v;
    size_t all, n = 0, limit = f->limit > 0 && f->limit < LIST_MAX ? (size_t)f->limit : LIST_MAX;
    PW_TRY(rows_of(c, f, &v, &all));
    qsort(v, all, sizeof *v, f->past ? latest : soonest);
    for (size_t i = 0; i < all && n < limit; i++) {
        bool over = v[i].start_ms + v[i].minutes * minute_ms <= c->now_ms, seen = false;
        if (over != f->past)
            continue;
        PW_TRY(visible(c, &v[i], &seen));
        if (seen)
            v[n++] = v[i];
    }
    PW_TRY(booking_names(c, v, n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* ---- who could ---- */

static int better(const void *x, const void *y)
{
    const struct interp_candidate *a = x, *b = y;
    return interp_fit_order(&a->fit, &b->fit);
}

static int64_t count_of(const struct interp_count *v, size_t n, int64_t id)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].interpreter_id == id)
            return v[i].n;
    return 0;
}

/* The clock of the form as far as it can be read; false: whenever. */
static bool wanted_time(const struct booking_edit *e, struct booking *ret)
{
    const struct tz *tz;
    int64_t day;
    int minutes;
    if (tz_find(e->zone.n ? e->zone : INTERP_HOME_ZONE, &tz) != PW_OK || e->start.n < 16 ||
        !civil_parse_date(sv_sub(e->start, 0, 10), &day) || !civil_parse_minutes(sv_sub(e->start, 11, 5), &minutes))
        return false;
    ret->start_local = day * CIVIL_DAY_MS + minutes * minute_ms;
    ret->minutes = e->minutes >= BOOKING_MINUTES_MIN && e->minutes <= BOOKING_MINUTES_MAX ? e->minutes : 60;
    return booking_instant(tz, ret->start_local, &ret->start_ms);
}

static enum pw_err look_at(struct ctx *c, const struct booking_edit *e, const struct booking *when, int64_t moving,
                           struct interp_candidate *x)
{
    enum interp_mode mode;
    struct taken *taken;
    size_t n;
    int64_t first = interpreting_today(c), last = first;
    x->fit.speaks = (!e->lang.n || interpreter_speaks(&x->who, e->lang)) &&
                    (!e->with_lang.n || interpreter_speaks(&x->who, e->with_lang));
    x->fit.does_mode = !interp_mode_parse(e->mode, &mode) || interpreter_does(&x->who, mode);
    x->fit.free = true;
    x->fit.name = x->who.name;
    if (when)
        booking_days(when, &first, &last);
    PW_TRY(undertaking_cover(c, x->who.id, first, last, &x->who.cover));
    x->fit.promised = x->who.cover == PROMISE_HOLDS;
    if (!when)
        return PW_OK;
    int64_t end = when->start_ms + when->minutes * minute_ms;
    PW_TRY(booking_taken(c, x->who.id, when->start_ms, end + OFFER_DAYS * CIVIL_DAY_MS, &taken, &n));
    x->fit.free = !booking_clash(taken, n, when->start_ms, end, moving);
    x->next_free_ms = x->fit.free ? 0 : booking_next_free(taken, n, when->start_ms, end, moving);
    return PW_OK;
}

enum pw_err booking_candidates(struct ctx *c, const struct booking_edit *e, int64_t moving,
                               struct interp_candidate **ret, size_t *ret_n)
{
    struct interpreter *all;
    struct interp_count *met;
    struct booking when;
    size_t n_all, n_met, n = 0;
    bool timed = wanted_time(e, &when);
    PW_TRY(interpreter_list(c, (struct sv){0}, &all, &n_all));
    PW_TRY(booking_counts(c, e->person_id ? e->person_id : -1, &met, &n_met));
    struct interp_candidate *v = arena_array(c->arena, struct interp_candidate, n_all + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n_all; i++) {
        if (!all[i].active)
            continue;
        v[n].who = all[i];
        v[n].fit.met = count_of(met, n_met, all[i].id);
        v[n].fit.upcoming = all[i].upcoming;
        PW_TRY(look_at(c, e, timed ? &when : NULL, moving, &v[n]));
        n++;
    }
    qsort(v, n, sizeof *v, better);
    *ret = v;
    *ret_n = n;
    return PW_OK;
}
