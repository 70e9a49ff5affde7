/* SPDX-License-Identifier: EUPL-1.2 */
/* program_store: the SQL of this room, and what its files share. No right is asked here. */
#ifndef PW_PROGRAM_STORE_H
#define PW_PROGRAM_STORE_H

#include "base/month.h"
#include "feature/program/program.h"

/* ---- programs: without words and sight ---- */

PW_MUST_CHECK enum pw_err program_insert(struct ctx *c, const struct program *p);
PW_MUST_CHECK enum pw_err program_save(struct ctx *c, const struct program *p);
PW_MUST_CHECK enum pw_err program_row(struct ctx *c, int64_t id, struct program *ret);
PW_MUST_CHECK enum pw_err program_row_of_space(struct ctx *c, int64_t community_id, struct program *ret);
PW_MUST_CHECK enum pw_err program_rows(struct ctx *c, struct program **ret, size_t *ret_n);

/* ---- enrolments: without names ---- */

PW_MUST_CHECK enum pw_err enrolment_insert(struct ctx *c, const struct enrolment *e); /* PW_CONFLICT: is enrolled */
PW_MUST_CHECK enum pw_err enrolment_save(struct ctx *c, const struct enrolment *e);
PW_MUST_CHECK enum pw_err enrolment_row(struct ctx *c, int64_t id, struct enrolment *ret);
/* Under any id that the person is known by. PW_NOT_FOUND. */
PW_MUST_CHECK enum pw_err enrolment_open_of(struct ctx *c, int64_t program_id, int64_t person_id,
                                            struct enrolment *ret);
PW_MUST_CHECK enum pw_err enrolment_rows(struct ctx *c, int64_t program_id, unsigned modes,
                                         const struct enrolment_filter *f, int64_t limit, struct enrolment **ret,
                                         size_t *ret_n);
PW_MUST_CHECK enum pw_err enrolment_rows_of_person(struct ctx *c, int64_t person_id, struct enrolment **ret,
                                                   size_t *ret_n);
PW_MUST_CHECK enum pw_err enrolment_tally(struct ctx *c, const struct program *p, struct enrolment_counts *ret);
PW_MUST_CHECK enum pw_err enrolment_step_put(struct ctx *c, const struct enrolment *e, const char *what,
                                             int64_t on_day);
PW_MUST_CHECK enum pw_err enrolment_step_rows(struct ctx *c, int64_t enrolment_id, struct enrolment_step **ret,
                                              size_t *ret_n);

PW_MUST_CHECK enum pw_err wish_put(struct ctx *c, int64_t program_id, int64_t person_id, enum wish w);
PW_MUST_CHECK enum pw_err wish_row(struct ctx *c, int64_t program_id, int64_t person_id, enum wish *ret);
PW_MUST_CHECK enum pw_err wish_drop(struct ctx *c, int64_t program_id, int64_t person_id);

/* ---- for a report ---- */

struct person_span {
    int64_t id, person_id, since_day;
    struct enrolment_span s;
};
/* Those that touch the days [from, to), with both states; what the persons did is left empty. */
PW_MUST_CHECK enum pw_err span_rows(struct ctx *c, int64_t program_id, int64_t from_day, int64_t to_day,
                                    struct person_span **ret, size_t *ret_n);

/* ---- what actions share ---- */

/* The row with words and sight; PW_NOT_FOUND below `least`, PW_DENIED when it is seen but `least` is more. */
PW_MUST_CHECK enum pw_err need_program(struct ctx *c, int64_t id, enum program_sight least, struct program *ret);
PW_MUST_CHECK enum pw_err program_named(struct ctx *c, int64_t id, struct program *ret); /* no right is asked */
int64_t program_today(struct ctx *c, const struct program *p);                           /* civil day there */
/* Audit row and event of the same name, {"program":"<id>"}. */
PW_MUST_CHECK enum pw_err program_fact(struct ctx *c, const char *name, const char *object, int64_t object_id,
                                       int64_t program_id, struct sv detail);
PW_MUST_CHECK enum pw_err person_names(struct ctx *c, const int64_t *ids, size_t n, struct sv *ret);
PW_MUST_CHECK enum pw_err enrolments_close(struct ctx *c, const struct program *p);
PW_MUST_CHECK enum pw_err enrolments_forget(struct ctx *c, int64_t person_id); /* of an erased person; no right asked */

/* ---- the design as text (CONF-2) ---- */

extern const struct community_text_part program_text;

#endif
