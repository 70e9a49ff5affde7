/* SPDX-License-Identifier: EUPL-1.2 */
/* The mark "through interpreter" on words that somebody else passed on, and its correction (LANG-5). */
#include <string.h>

#include "base/id.h"
#include "core/audit.h"
#include "core/people.h"
#include "feature/interpreting/interpreting_room.h"

enum { RECENT_DAYS = 30, BOOKINGS_OFFERED = 10 };

static struct sv value_of(struct ctx *c, enum through_how how, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(c->arena, "%s:%s", through_how_code(how), id_text(id, text).p);
}

/* ---- choosing ---- */

static struct through_offer booking_offer(struct ctx *c, const struct booking *b)
{
    const struct sv args[] = {b->interpreter_name, say_moment(c, c->lang, b->zone, b->start_ms)};
    return (struct through_offer){value_of(c, THROUGH_BOOKING, b->id),
                                  say(c, c->lang, N_("{0}, booked for {1}"), args, 2)};
}

static enum pw_err offer_bookings(struct ctx *c, int64_t person_id, struct through_offer *v, size_t *io_n)
{
    struct booking *b;
    size_t n;
    PW_TRY(booking_rows_of_person(c, person_id, 2 * BOOKINGS_OFFERED, &b, &n));
    PW_TRY(booking_names(c, b, n));
    for (size_t i = 0; i < n && *io_n < BOOKINGS_OFFERED; i++) {
        bool may_be = booking_is_open(b[i].state) || b[i].state == BOOKING_DONE;
        if (!may_be || b[i].start_ms > c->now_ms + CIVIL_DAY_MS ||
            b[i].start_ms < c->now_ms - RECENT_DAYS * CIVIL_DAY_MS)
            continue;
        v[(*io_n)++] = booking_offer(c, &b[i]);
    }
    return PW_OK;
}

enum pw_err interpreted_offers(struct ctx *c, int64_t person_id, struct through_offer **ret, size_t *ret_n)
{
    struct interpreter *all;
    size_t n_all, n = 0;
    bool known = false;
    PW_TRY(interpreter_list(c, (struct sv){0}, &all, &n_all));
    struct through_offer *v = arena_array(c->arena, struct through_offer, n_all + BOOKINGS_OFFERED + 1);
    if (!v)
        return PW_UNAVAILABLE;
    if (person_id)
        PW_TRY(person_may(c, person_id, &known));
    if (known)
        PW_TRY(offer_bookings(c, person_id, v, &n));
    for (size_t i = 0; i < n_all; i++)
        if (all[i].active && all[i].cover == PROMISE_HOLDS)
            v[n++] = (struct through_offer){value_of(c, THROUGH_INTERPRETER, all[i].id), all[i].name};
    v[n++] = (struct through_offer){sv_of(through_how_code(THROUGH_FAMILY)),
                                    say(c, c->lang, N_("Family or friend (not recommended)"), NULL, 0)};
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

static enum pw_err read_choice(struct ctx *c, int64_t person_id, struct sv choice, struct interpreted_row *io)
{
    static const char unknown[] = N_("Choose how the words were passed on from the list.");
    struct through_choice t;
    struct booking_row b;
    struct interpreter i;
    if (!through_parse(choice, &t))
        return problem_add(c->problems, "through", unknown);
    io->how = t.how;
    if (t.how == THROUGH_FAMILY)
        return PW_OK;
    if (t.how == THROUGH_BOOKING) {
        struct person of, now;
        enum pw_err e = booking_row_get(c, t.id, &b);
        if (e == PW_OK)
            e = person_get(c, b.b.person_id, &of);
        if (e == PW_OK)
            e = person_get(c, person_id, &now);
        if (e == PW_NOT_FOUND || (e == PW_OK && of.id != now.id)) /* somebody else's appointment */
            return problem_add(c->problems, "through", unknown);
        PW_TRY(e);
        io->booking_id = t.id;
        io->interpreter_id = b.b.interpreter_id;
        return PW_OK;
    }
    enum pw_err e = interpreter_row(c, t.id, &i);
    if (e == PW_NOT_FOUND)
        return problem_add(c->problems, "through", unknown);
    io->interpreter_id = t.id;
    return e;
}

static enum pw_err mark(struct ctx *c, const char *object, struct interpreted_row r, struct sv choice)
{
    int64_t changed = 0;
    if (!choice.n) {
        PW_TRY(interpreted_remove(c, object, r.object_id, &changed));
        return changed ? audit(c, "interpreted.unmark", object, r.object_id, (struct sv){0}) : PW_OK;
    }
    if (!interpreting_may_book(c))
        return PW_DENIED;
    PW_TRY(read_choice(c, r.person_id, choice, &r));
    PW_TRY(interpreted_put(c, object, &r));
    return audit(c, "interpreted.mark", object, r.object_id, sv_of(through_how_code(r.how)));
}

enum pw_err interpreted_mark(struct ctx *c, const char *object, int64_t object_id, int64_t person_id,
                             int64_t community_id, struct sv choice)
{
    const struct interpreted_row r = {
        .object_id = object_id, .person_id = person_id, .community_id = community_id, .said_ms = c->now_ms};
    return mark(c, object, r, choice);
}

/* ---- showing ---- */

/* Staff of the community see that words were interpreted; the name, whoever works with the person. */
static enum pw_err sight(struct ctx *c, const struct interpreted_row *r, bool *ret_seen, bool *ret_name)
{
    struct community com;
    *ret_seen = false;
    PW_TRY(person_may(c, r->person_id, ret_name));
    *ret_seen = *ret_name;
    if (*ret_seen || !r->community_id)
        return PW_OK;
    enum pw_err e = community_get(c, r->community_id, &com);
    *ret_seen = e == PW_OK && works_in(c, &com);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err words_of(struct ctx *c, const struct interpreted_row *r, struct sv *ret)
{
    struct interpreter i = {0};
    bool seen, name;
    PW_TRY(sight(c, r, &seen, &name));
    if (!seen)
        return PW_OK;
    if (r->how == THROUGH_FAMILY) {
        *ret = say(c, c->lang, N_("Through family or a friend"), NULL, 0);
        return PW_OK;
    }
    if (name && r->interpreter_id) {
        PW_TRY(interpreter_row(c, r->interpreter_id, &i));
        PW_TRY(interpreter_names(c, &i, 1));
    }
    *ret = i.name.n ? say(c, c->lang, N_("Through interpreter: {0}"), &i.name, 1)
                    : say(c, c->lang, N_("Through interpreter"), NULL, 0);
    return PW_OK;
}

enum pw_err interpreted_words(struct ctx *c, const char *object, const int64_t *ids, size_t n, struct sv *ret)
{
    memset(ret, 0, n * sizeof *ret);
    if (c->actor->kind != ACTOR_STAFF && c->actor->kind != ACTOR_TOKEN)
        return PW_OK;
    struct interpreted_row *v;
    size_t n_v;
    PW_TRY(interpreted_rows(c, object, ids, n, &v, &n_v));
    for (size_t i = 0; i < n_v; i++) {
        struct sv said = {0};
        PW_TRY(words_of(c, &v[i], &said));
        for (size_t k = 0; k < n; k++)
            if (ids[k] == v[i].object_id)
                ret[k] = said;
    }
    return PW_OK;
}

/* ---- correcting ---- */

/* The choice that takes a mark away; never empty, so that nothing is taken away by omission. */
#define ALONE SV("self")

static enum pw_err find_message(struct ctx *c, int64_t id, struct interpreted *ret)
{
    struct message m;
    struct community com;
    char text[ID_TEXT + 1];
    PW_TRY(message_get(c, id, &m));
    PW_TRY(community_get(c, m.community_id, &com));
    if (m.author_role != AUTHOR_MEMBER || !(community_may_moderate(c, &com) || community_may_admin(c, &com)))
        return PW_NOT_FOUND; /* a member reads messages, too, and learns nothing of marks */
    *ret = (struct interpreted){"message", id, m.author, com.id, m.written_ms, .words = m.body};
    ret->place = m.question_id ? arena_fmt(c->arena, "/inbox/%s", id_text(m.question_id, text).p)
                 : m.thread_id ? arena_fmt(c->arena, "/threads/%s", id_text(m.thread_id, text).p)
                               : community_path(c, &com, "");
    return PW_OK;
}

static enum pw_err find_join(struct ctx *c, int64_t id, struct interpreted *ret)
{
    struct join_request j;
    struct community com;
    char text[ID_TEXT + 1];
    PW_TRY(join_get(c, id, &j));
    PW_TRY(community_get(c, j.community_id, &com));
    if (!community_may_admin(c, &com)) /* the applicant reads the own answers */
        return PW_NOT_FOUND;
    *ret = (struct interpreted){"join", id, j.person_id, com.id, j.asked_ms};
    ret->place = arena_fmt(c->arena, "/joins/%s", id_text(id, text).p);
    return PW_OK;
}

static enum pw_err read_mark(struct ctx *c, struct interpreted *io)
{
    struct interpreted_row *r;
    struct person p;
    size_t n;
    io->choice = ALONE;
    PW_TRY(interpreted_rows(c, io->object, &io->id, 1, &r, &n));
    if (!n)
        return PW_OK;
    io->said_ms = r->said_ms;
    io->booking_id = r->booking_id;
    io->interpreter_id = r->interpreter_id;
    io->marked_by = r->marked_by;
    io->marked_ms = r->marked_ms;
    io->choice = r->how == THROUGH_FAMILY ? sv_of(through_how_code(THROUGH_FAMILY))
                                          : value_of(c, r->how, r->booking_id ? r->booking_id : r->interpreter_id);
    PW_TRY(words_of(c, r, &io->said));
    PW_TRY(person_get_many(c, &r->marked_by, 1, &p));
    io->marked_name = p.display_name;
    return PW_OK;
}

enum pw_err interpreted_look(struct ctx *c, struct sv object, int64_t id, struct interpreted *ret)
{
    struct interpreted x;
    struct person p;
    if (sv_eq_z(object, "message"))
        PW_TRY(find_message(c, id, &x));
    else if (sv_eq_z(object, "join"))
        PW_TRY(find_join(c, id, &x));
    else
        return PW_NOT_FOUND;
    PW_TRY(person_need(c, x.person_id, &p));
    x.person_name = p.display_name;
    PW_TRY(read_mark(c, &x));
    *ret = x;
    return PW_OK;
}

enum pw_err interpreted_correct(struct ctx *c, struct sv object, int64_t id, struct sv choice,
                                struct interpreted *ret_was)
{
    struct interpreted was;
    PW_TRY(interpreted_look(c, object, id, &was));
    struct interpreted_row r = {
        .object_id = id, .person_id = was.person_id, .community_id = was.community_id, .said_ms = was.said_ms};
    *ret_was = was;
    if (sv_eq(choice, was.choice))
        return PW_OK;
    if (!choice.n)
        choice = SV("?"); /* refused as no choice */
    return mark(c, was.object, r, sv_eq(choice, ALONE) ? (struct sv){0} : choice);
}

static enum pw_err present_offer(struct ctx *c, const struct interpreted *x, struct through_offer *ret)
{
    struct booking_row b;
    struct interpreter i;
    if (x->booking_id) {
        PW_TRY(booking_row_get(c, x->booking_id, &b));
        PW_TRY(booking_names(c, &b.b, 1));
        *ret = booking_offer(c, &b.b);
        return PW_OK;
    }
    PW_TRY(interpreter_row(c, x->interpreter_id, &i));
    PW_TRY(interpreter_names(c, &i, 1));
    *ret = (struct through_offer){x->choice, i.name};
    return PW_OK;
}

enum pw_err interpreted_offers_for(struct ctx *c, const struct interpreted *x, struct through_offer **ret,
                                   size_t *ret_n)
{
    struct through_offer *offered;
    size_t n;
    bool there = !x->booking_id && !x->interpreter_id; /* family is always offered */
    PW_TRY(interpreted_offers(c, x->person_id, &offered, &n));
    struct through_offer *v = arena_array(c->arena, struct through_offer, n + 1);
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        v[i] = offered[i];
        there |= sv_eq(offered[i].value, x->choice);
    }
    if (!there)
        PW_TRY(present_offer(c, x, &v[n++]));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}
