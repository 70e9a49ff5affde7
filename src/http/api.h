/* SPDX-License-Identifier: EUPL-1.2 */
/* api: what a room adds to the description of the JSON API: the schemas of its replies, by the names that its route
 * rows give in `reply`. A test checks every recorded reply against its schema. */
#ifndef PW_API_H
#define PW_API_H

struct api_schema {
    const char *name; /* "Question" */
    const char *json; /* JSON Schema 2020-12, an object text; refers to others as #/components/schemas/X */
};

#endif
