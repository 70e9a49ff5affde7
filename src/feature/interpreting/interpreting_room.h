/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting_room: what the files of this room share with each other and with nobody else. */
#ifndef PW_INTERPRETING_ROOM_H
#define PW_INTERPRETING_ROOM_H

#include "feature/interpreting/interpreting_store.h"
#include "feature/person/person.h"

#define INTERP_REMIND SV("interpreting.remind")
#define INTERP_HOME_ZONE SV("America/Toronto") /* pages without a community show times of this zone, too */

/* The civil day now, for what has no zone of its own. */
int64_t interpreting_today(const struct ctx *c);
struct sv booking_path(struct ctx *c, int64_t id);
struct sv interpreter_path(struct ctx *c, int64_t id);
/* Fills the names of interpreters (person.id) or of all three people of appointments. */
PW_MUST_CHECK enum pw_err interpreter_names(struct ctx *c, struct interpreter *v, size_t n);
PW_MUST_CHECK enum pw_err booking_names(struct ctx *c, struct booking *v, size_t n);
struct sv interp_lang(struct sv code); /* as interpreters are listed by it: "fr-CA" is "fr" */
bool interpreter_speaks(const struct interpreter *i, struct sv lang);
bool interpreter_does(const struct interpreter *i, enum interp_mode m);
/* Do their undertakings hold on these days? */
PW_MUST_CHECK enum pw_err undertaking_cover(struct ctx *c, int64_t interpreter_id, int64_t first_day, int64_t last_day,
                                            enum promise_cover *ret);
/* The system cancels or declines one that has not begun. No right is checked. */
PW_MUST_CHECK enum pw_err booking_call_off(struct ctx *c, int64_t id, enum booking_state to);
/* First and last civil day of an appointment by its own clock. */
void booking_days(const struct booking *b, int64_t *ret_first, int64_t *ret_last);

/* What stands on a person's page (person_panel_add). */
PW_MUST_CHECK enum pw_err interpreting_panel(void *self, struct ctx *c, const struct person *p, enum person_side side,
                                             struct person_panel *ret);

/* ---- who is told (booking_tell.c) ---- */

/* Through which community the person is reached; 0 = none of the actor's. */
PW_MUST_CHECK enum pw_err booking_find_community(struct ctx *c, int64_t person_id, int64_t *ret_id);
/* The person, when there is news: moves told_ms, which the caller saves. */
PW_MUST_CHECK enum pw_err booking_tell_person(struct ctx *c, struct booking *io);
enum booking_act { ACT_ASKED, ACT_MOVED, ACT_CONFIRMED, ACT_DECLINED, ACT_CANCELLED, ACT_REMINDER };
/* Interpreter and who asked, except who did it. */
PW_MUST_CHECK enum pw_err booking_tell_staff(struct ctx *c, const struct booking *b, enum booking_act act);
/* Sets or clears the timer of the reminder. */
PW_MUST_CHECK enum pw_err booking_plan_reminder(struct ctx *c, const struct booking *b);

#endif
