/* SPDX-License-Identifier: EUPL-1.2 */
/* tz_rule: the POSIX TZ text in the footer of a TZif file ("EST5EDT,M3.2.0,M11.1.0"), which says what holds after the
 * last transition of the file. Inside part of base/tz. Pure; seconds UTC. */
#ifndef PW_TZ_RULE_H
#define PW_TZ_RULE_H

#include "tz.h"

enum tz_day_kind { TZ_DAY_JULIAN, TZ_DAY_ZERO, TZ_DAY_MONTH }; /* Jn (no leap day), n, Mm.w.d */
struct tz_rule_day {
    enum tz_day_kind kind;
    int n, month, week, weekday; /* weekday from Sunday, as POSIX counts */
    int32_t time_s;
};
struct tz_rule {
    bool any, has_dst;
    struct tz_at std, dst;
    struct tz_rule_day start, end;
};

bool tz_rule_parse(struct sv text, struct tz_rule *ret_rule); /* the empty text is "no rule" */
/* What holds at an instant and, when ret_next_s is not NULL, until when (false: for ever). */
bool tz_rule_at(const struct tz_rule *rule, int64_t utc_s, struct tz_at *ret_at, int64_t *ret_next_s);

#endif
