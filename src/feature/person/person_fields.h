/* SPDX-License-Identifier: EUPL-1.2 */
/* person_fields: what pages and the API of this room take in the same way. */
#ifndef PW_PERSON_FIELDS_H
#define PW_PERSON_FIELDS_H

#include "http/http.h"

/* The lists end with NULL, the fields with {0}. */
extern const char *const person_known_codes[];
extern const char *const person_scale_codes[];
extern const char *const person_skill_codes[];
extern const struct field person_preferred_fields[], person_limited_fields[], person_why_fields[],
    person_disclosure_fields[], person_erasure_fields[], person_ask_for_fields[], person_retention_fields[],
    person_decline_fields[], person_erase_fields[];

#endif
