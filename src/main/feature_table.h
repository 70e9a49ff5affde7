/* SPDX-License-Identifier: EUPL-1.2 */
/* feature_table: the rooms of this binary in one table: their tables, their routes, what they register. Adding a
 * feature is one row here, one line in tools/layers.txt and one in meson.build. */
#ifndef PW_FEATURE_TABLE_H
#define PW_FEATURE_TABLE_H

#include "http/api.h"
#include "store/db.h"

struct work;
enum { FEATURE_TABLES_MAX = 4 };
struct feature {
    const struct migration *migrations;
    const size_t *n_migrations;
    const struct route *routes[FEATURE_TABLES_MAX]; /* ends with NULL unless full */
    const struct audit_word *acts;                  /* NULL: writes nothing into the access log */
    const struct api_schema *schemas;               /* NULL: no API */
    void (*start)(struct work *w);                  /* registers timers, subscribers, ears; NULL: nothing */
};
extern const struct feature features[];
extern const size_t features_n;

/* What they add to each other and to what runs later; before work_start(). */
void features_start(struct work *w);

#endif
