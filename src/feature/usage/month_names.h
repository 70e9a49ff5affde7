/* SPDX-License-Identifier: EUPL-1.2 */
/* month_names: what the head of a column says about its month: "2026-03", "2026-03-01", "03/2026", "Mar", "mars 2026",
 * "آذار". Pure. */
#ifndef PW_MONTH_NAMES_H
#define PW_MONTH_NAMES_H

#include "base/arena.h"

struct month_named {
    int64_t year; /* 0 = it says none */
    int month;    /* 1 … 12 */
};
/* False when it says no month, or says it in a way that can be read in two. */
bool month_named(struct arena *a, struct sv head, struct month_named *ret);

#endif
