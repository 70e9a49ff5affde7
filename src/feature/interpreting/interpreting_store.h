/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting_store: the SQL of this room. No right is checked here. Words stay sealed until somebody may read them:
 * rows carry them as they lie in the table. */
#ifndef PW_INTERPRETING_STORE_H
#define PW_INTERPRETING_STORE_H

#include "feature/interpreting/interpreting.h"

/* ---- interpreters ---- */

PW_MUST_CHECK enum pw_err interpreter_row(struct ctx *c, int64_t id, struct interpreter *ret);
PW_MUST_CHECK enum pw_err interpreter_row_of_person(struct ctx *c, int64_t person_id, struct interpreter *ret);
PW_MUST_CHECK enum pw_err interpreter_rows(struct ctx *c, struct interpreter **ret, size_t *ret_n);
/* availability and reached are sealed in `i`. */
PW_MUST_CHECK enum pw_err interpreter_insert(struct ctx *c, const struct interpreter *i);
PW_MUST_CHECK enum pw_err interpreter_update(struct ctx *c, const struct interpreter *i);
PW_MUST_CHECK enum pw_err interpreter_save_active(struct ctx *c, int64_t id, bool active);
PW_MUST_CHECK enum pw_err interpreter_save_langs(struct ctx *c, int64_t id, const struct sv *langs, size_t n);
/* Taken before the appointments are looked at: two at once for one interpreter come one after the other. PW_NOT_FOUND:
 * no such active interpreter. */
PW_MUST_CHECK enum pw_err interpreter_take_turn(struct ctx *c, int64_t id);

/* ---- undertakings ---- */

PW_MUST_CHECK enum pw_err undertaking_insert(struct ctx *c, const struct undertaking *u, int64_t doc_id);
PW_MUST_CHECK enum pw_err undertaking_rows(struct ctx *c, int64_t interpreter_id, struct undertaking **ret,
                                           size_t *ret_n);
PW_MUST_CHECK enum pw_err undertaking_save_until(struct ctx *c, int64_t interpreter_id, int64_t id, int64_t until_day);

/* ---- appointments ---- */

struct booking_row { /* what a booking keeps sealed is sealed here */
    struct booking b;
    struct sv purpose_words, place, notes;
};
PW_MUST_CHECK enum pw_err booking_row_get(struct ctx *c, int64_t id, struct booking_row *ret);
PW_MUST_CHECK enum pw_err booking_insert(struct ctx *c, const struct booking_row *r);
/* All but who asked and for whom. PW_CONFLICT: somebody changed it since it was read. */
PW_MUST_CHECK enum pw_err booking_update(struct ctx *c, const struct booking_row *r);
/* From `from` on, by start; or before it, the latest first. 0 = of anybody. */
PW_MUST_CHECK enum pw_err booking_rows_from(struct ctx *c, int64_t from_ms, int64_t limit, struct booking **ret,
                                            size_t *ret_n);
PW_MUST_CHECK enum pw_err booking_rows_before(struct ctx *c, int64_t before_ms, int64_t limit, struct booking **ret,
                                              size_t *ret_n);
PW_MUST_CHECK enum pw_err booking_rows_of_person(struct ctx *c, int64_t person_id, int64_t limit, struct booking **ret,
                                                 size_t *ret_n); /* latest first; merged records too */
PW_MUST_CHECK enum pw_err booking_rows_of_interpreter(struct ctx *c, int64_t interpreter_id, int64_t from_ms,
                                                      int64_t limit, struct booking **ret, size_t *ret_n);
/* Open ones that may touch [from, to): of an interpreter, or of a person. */
PW_MUST_CHECK enum pw_err booking_taken(struct ctx *c, int64_t interpreter_id, int64_t from_ms, int64_t to_ms,
                                        struct taken **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err booking_taken_person(struct ctx *c, int64_t person_id, int64_t from_ms, int64_t to_ms,
                                               struct taken **ret, size_t *ret_n);
/* Counts by interpreter: open ones to come (person 0), or those kept with a person. */
struct interp_count {
    int64_t interpreter_id, n;
};
PW_MUST_CHECK enum pw_err booking_counts(struct ctx *c, int64_t person_id, struct interp_count **ret, size_t *ret_n);

/* ---- marks ---- */

struct interpreted_row {
    int64_t object_id, person_id, community_id, booking_id, interpreter_id, said_ms, marked_by, marked_ms;
    enum through_how how;
};
/* When the words were said stays as it was first noted: months that were counted keep their words. */
PW_MUST_CHECK enum pw_err interpreted_put(struct ctx *c, const char *object, const struct interpreted_row *r);
PW_MUST_CHECK enum pw_err interpreted_remove(struct ctx *c, const char *object, int64_t object_id,
                                             int64_t *ret_changed);
/* Those of the objects that have a mark, in any order. */
PW_MUST_CHECK enum pw_err interpreted_rows(struct ctx *c, const char *object, const int64_t *ids, size_t n,
                                           struct interpreted_row **ret, size_t *ret_n);

/* ---- numbers ---- */

struct booking_fact {
    int64_t start_local, minutes;
    enum booking_state state;
    enum booking_purpose purpose;
    enum interp_mode mode;
    struct sv lang;
};
PW_MUST_CHECK enum pw_err booking_facts(struct ctx *c, int64_t from_local, int64_t to_local, struct booking_fact **ret,
                                        size_t *ret_n);
struct mark_fact {
    int64_t said_ms;
    enum through_how how;
};
PW_MUST_CHECK enum pw_err interpreted_facts(struct ctx *c, int64_t from_ms, int64_t to_ms, struct mark_fact **ret,
                                            size_t *ret_n);

#endif
