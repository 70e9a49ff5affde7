/* SPDX-License-Identifier: EUPL-1.2 */
/* What happens by itself: the reminder on the business day before, and what is left when somebody's record is erased.
 */
#include "base/id.h"
#include "core/people.h"
#include "feature/interpreting/interpreting_room.h"

static enum pw_err remind(struct ctx *c, int64_t booking_id)
{
    struct booking_row r;
    enum pw_err e = booking_row_get(c, booking_id, &r);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    if (!booking_is_open(r.b.state) || r.b.start_ms <= c->now_ms)
        return PW_OK;
    return booking_tell_staff(c, &r.b, ACT_REMINDER);
}

/* Appointments to come of a person whose record is gone do not take place. An erased interpreter is not offered, and
 * who booked them looks for somebody else. */
static enum pw_err forget(struct ctx *c, int64_t person_id)
{
    enum { ALL = 1000 };
    struct booking *v;
    struct interpreter i;
    size_t n;
    PW_TRY(booking_rows_of_person(c, person_id, ALL, &v, &n));
    for (size_t k = 0; k < n; k++)
        PW_TRY(booking_call_off(c, v[k].id, BOOKING_CANCELLED));
    enum pw_err e = interpreter_row_of_person(c, person_id, &i);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(interpreter_set_active(c, i.id, false));
    PW_TRY(booking_rows_of_interpreter(c, i.id, c->now_ms, ALL, &v, &n));
    for (size_t k = 0; k < n; k++)
        PW_TRY(booking_call_off(c, v[k].id, BOOKING_DECLINED));
    return PW_OK;
}

/* At the head of a community's settings: the way to the interpreters. */
static enum pw_err signs(void *self, struct ctx *c, const struct community *com, struct community_signs *io)
{
    (void)self;
    (void)com;
    if (interpreting_may_book(c))
        sign_add(io, (struct community_sign){.msgid = N_("Interpreters"), .path = SV("/interpreting")});
    return PW_OK;
}

static struct sv words_path(struct ctx *c, const char *object, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(c->arena, "/%ss/%s/through", object, id_text(id, text).p);
}

static const struct through_teller teller = {interpreted_offers, interpreted_mark, interpreted_words, words_path};

static const struct later later[] = {{.timer = "interpreting.remind", .do_it = remind},
                                     {.subscriber = "interpreting.erased", .event = "person.erased", .do_it = forget},
                                     {0}};

void interpreting_register(struct work *w)
{
    later_add(w, later);
    through_set(&teller);
    community_signer_add(signs, NULL);
    person_panel_add(interpreting_panel, NULL);
}
