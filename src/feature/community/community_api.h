/* SPDX-License-Identifier: EUPL-1.2 */
/* community_api: the JSON resources of communities, over the same actions as the pages. */
#ifndef PW_COMMUNITY_API_H
#define PW_COMMUNITY_API_H

#include "http/api.h"
#include "http/http.h"

extern const struct route community_api_routes[];       /* ends with path NULL */
extern const struct api_schema community_api_schemas[]; /* ends with name NULL */

#endif
