/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_input: what the pages and the API of this room read from a request in the same way. */
#ifndef PW_PLANNING_INPUT_H
#define PW_PLANNING_INPUT_H

#include "feature/planning/planning_room.h"

extern const char *const plan_factor_names[F__MAX];                         /* form names: "f-audience", … */
struct sv plan_typed_value(struct http_req *q, const struct plan_field *f); /* ticks: codes with spaces */
struct sv plan_codes(struct http_req *q, const char *name);                 /* of FIELD_CHOICES: with spaces */
int64_t plan_level(struct sv code);                                         /* "not", "somewhat", "very" */
/* What is given of the factors and the choice; how many. */
size_t plan_typed_platform(struct http_req *q, struct plan_typed v[F__MAX + 3]);
struct move_new move_typed(struct http_req *q); /* problem "to" */
struct promo_place_new promo_typed(struct http_req *q);

#endif
