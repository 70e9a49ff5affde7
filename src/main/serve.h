/* SPDX-License-Identifier: EUPL-1.2 */
/* serve: the whole product at work: what it answers (route tables) and what runs beside. */
#ifndef PW_SERVE_H
#define PW_SERVE_H

#include "http/api.h"
#include "http/http.h"

const struct route *const *serve_routes(size_t *ret_n);
const struct api_schema *const *serve_schemas(size_t *ret_n);

#endif
