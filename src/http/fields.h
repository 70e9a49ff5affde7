/* SPDX-License-Identifier: EUPL-1.2 */
/* fields: pairs against what a route declares. Every declared field gets its value, checked; what was wrong goes into
 * `problems` with a reason that names what is accepted, and the text stays as typed so that a form can show it again.
 * Pairs that the route does not declare are not looked at here. */
#ifndef PW_HTTP_FIELDS_H
#define PW_HTTP_FIELDS_H

#include "http/form.h"
#include "http/http.h"

/* Values parallel to `fields`, in the arena. PW_UNAVAILABLE only when the arena is full; wrong input is PW_OK with
 * problems. upload_max is the limit of files without one. */
PW_MUST_CHECK enum pw_err fields_check(struct arena *a, const struct field *fields, const struct form *form,
                                       size_t upload_max, struct problems *problems, struct http_value **ret);

/* A JSON body as pairs for fields_check(): members must be declared and of the field's JSON type, else a problem.
 * PW_OK with problems, PW_UNAVAILABLE. */
PW_MUST_CHECK enum pw_err fields_of_json(struct arena *a, const struct field *fields, struct sv body,
                                         struct problems *problems, struct form *ret);

#endif
