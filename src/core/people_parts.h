/* SPDX-License-Identifier: EUPL-1.2 */
/* people_parts: what people.c, identity.c and person_merge.c share. Not for other rooms. */
#ifndef PW_PEOPLE_PARTS_H
#define PW_PEOPLE_PARTS_H

#include "core/people.h"

enum { NAME_MAX_CHARS = 120 };

/* The record that stands for this id today: itself, or the one it was merged into. PW_NOT_FOUND. */
PW_MUST_CHECK enum pw_err person_now(struct ctx *c, int64_t id, int64_t *ret_now);
/* Calls identity rows of a person `sealed for whom they belong to` again: needed when a merge is taken back. */
PW_MUST_CHECK enum pw_err identity_reseal(struct ctx *c, int64_t identity_id, int64_t from_person, int64_t to_person);
/* Blanks all identities of a person; the rows stay so that other rooms' references hold. */
PW_MUST_CHECK enum pw_err identity_blank(struct ctx *c, int64_t person_id);

#endif
