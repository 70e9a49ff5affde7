/* SPDX-License-Identifier: EUPL-1.2 */
/* What a person's page says of appointments with interpreters: to staff with who interprets, to the person with time
 * and way. */
#include "base/id.h"
#include "core/audit.h"
#include "feature/interpreting/interpreting_room.h"

enum { LINES_SHOWN = 10 };

static struct sv one_line(struct ctx *c, const struct booking *b, struct sv zone, bool name)
{
    struct sv when = say_moment(c, c->lang, zone, b->start_ms);
    struct sv mode = say(c, c->lang, interp_mode_label(b->mode), NULL, 0);
    if (name && b->interpreter_name.n) /* isolated: a name may run the other way */
        return arena_fmt(c->arena, "%.*s · %.*s · \xE2\x81\xA8%.*s\xE2\x81\xA9", SV_ARG(when), SV_ARG(mode),
                         SV_ARG(b->interpreter_name));
    return arena_fmt(c->arena, "%.*s · %.*s", SV_ARG(when), SV_ARG(mode));
}

enum pw_err interpreting_panel(void *self, struct ctx *c, const struct person *p, enum person_side side,
                               struct person_panel *ret)
{
    bool staff = side == PERSON_STAFF;
    struct booking *b;
    size_t n;
    char id[ID_TEXT + 1];
    (void)self;
    PW_TRY(booking_rows_of_person(c, p->id, LINES_SHOWN, &b, &n));
    if (!staff && !n)
        return PW_OK;
    PW_TRY(booking_names(c, b, n));
    struct person_line *lines = arena_array(c->arena, struct person_line, n + 1);
    if (!lines)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        lines[i] = (struct person_line){.text = one_line(c, &b[i], !staff && p->zone.n ? p->zone : b[i].zone, staff),
                                        .note = say(c, c->lang, booking_state_label(b[i].state), NULL, 0),
                                        .path = staff ? booking_path(c, b[i].id) : (struct sv){0}};
    *ret =
        (struct person_panel){.title = say(c, c->lang, N_("Appointments with an interpreter"), NULL, 0),
                              .empty = say(c, c->lang, N_("No interpreter was booked for this person yet."), NULL, 0),
                              .lines = lines,
                              .n = n};
    if (!staff)
        return PW_OK;
    ret->link = say(c, c->lang, N_("Book an interpreter"), NULL, 0);
    ret->path = arena_fmt(c->arena, "/interpreting/new?person=%s", id_text(p->id, id).p);
    return n ? audit(c, "booking.list", "person", p->id, (struct sv){0}) : PW_OK;
}
