/* SPDX-License-Identifier: EUPL-1.2 */
/* hours: opening hours of a week, several periods a day, in minutes of the local day. Each period is [open, close):
 * 17:00:00 is outside 9-17. Periods of a day stay sorted; overlapping and touching ones are merged. */
#ifndef PW_HOURS_H
#define PW_HOURS_H

#include "buf.h"
#include "err.h"

enum { HOURS_PERIODS_MAX = 8, HOURS_TEXT_MAX = 1000 };

struct hours_period {
    int16_t open, close; /* minutes, 0..1439 and 1..1440 */
};
struct hours_day {
    int n;
    struct hours_period v[HOURS_PERIODS_MAX];
};
struct hours {
    struct hours_day day[7]; /* from Monday */
};

enum hours_fault { HOURS_OK, HOURS_BAD_DAYS, HOURS_BAD_OPEN, HOURS_BAD_CLOSE, HOURS_TOO_MANY };
/* days: "mon-fri", "sat", "mon,wed,fri", "sat-mon" (goes over the end of the week); open "09:00", close "17:00" or
 * "24:00", later than open. Nothing changes on a fault. */
enum hours_fault hours_add(struct hours *h, struct sv days, struct sv open, struct sv close);
const char *hours_fault_message(enum hours_fault fault); /* message id; says what is accepted */

/* One line of text, as configuration files and forms have it: "mon-fri 09:00-12:00 13:00-17:00; sat 10:00-14:00".
 * "" is valid: never open. PW_INVALID adds a problem for `field`. */
PW_MUST_CHECK enum pw_err hours_parse(struct sv text, const char *field, struct hours *ret_hours, struct problems *ps);
void hours_text(const struct hours *h, struct buf *out); /* the shortest text that reads back the same */

bool hours_any(const struct hours *h);

#endif
