/* SPDX-License-Identifier: EUPL-1.2 */
/* What happens by itself: the reminder on the business day before, and what is left when somebody's record is erased.
 */
#include "core/people.h"
#include "feature/interpreting/interpreting_room.h"

static enum pw_err on_remind(void *self, struct db *db, struct arena *a, int64_t booking_id, int64_t now_ms)
{
    struct ctx c;
    struct problems ps = {0};
    struct booking_row r;
    (void)self;
    system_ctx(&c, db, a, &ps, now_ms);
    enum pw_err e = booking_row_get(&c, booking_id, &r);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    if (!booking_is_open(r.b.state) || r.b.start_ms <= now_ms)
        return PW_OK;
    return booking_tell_staff(&c, &r.b, ACT_REMINDER);
}

/* Appointments to come of a person whose record is gone do not take place; an erased interpreter is not offered. */
static enum pw_err on_erased(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    enum { ALL = 1000 };
    struct ctx c;
    struct problems ps = {0};
    struct booking *v;
    struct interpreter i;
    size_t n;
    (void)self;
    system_ctx(&c, db, a, &ps, now_ms);
    PW_TRY(booking_rows_of_person(&c, e->subject_id, ALL, &v, &n));
    for (size_t k = 0; k < n; k++)
        PW_TRY(booking_call_off(&c, v[k].id));
    enum pw_err x = interpreter_row_of_person(&c, e->subject_id, &i);
    if (x == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(x);
    return interpreter_set_active(&c, i.id, false);
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

static const struct through_teller teller = {interpreted_offers, interpreted_mark, interpreted_words};

void interpreting_register(struct work *w)
{
    work_on_timer(w, "interpreting.remind", on_remind, NULL);
    work_on_event(w, "interpreting.erased", "person.erased", on_erased, NULL);
    through_set(&teller);
    community_signer_add(signs, NULL);
    person_panel_add(interpreting_panel, NULL);
}
