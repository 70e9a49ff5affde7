/* SPDX-License-Identifier: EUPL-1.2 */
/* openapi: the description of the JSON API (OpenAPI 3.1), written from the route tables themselves: what is not a row
 * does not exist, and what is a row is described. */
#ifndef PW_OPENAPI_H
#define PW_OPENAPI_H

#include "http/api.h"
#include "http/http.h"

extern const struct api_schema main_api_schemas[]; /* what every route may answer: a problem */

/* Tables end with path NULL, schemas with name NULL. PW_INTERNAL when a schema text is not JSON. */
PW_MUST_CHECK enum pw_err openapi_write(const struct route *const *tables, size_t n_tables,
                                        const struct api_schema *const *schemas, size_t n_schemas, struct arena *a,
                                        struct buf *out);

#endif
