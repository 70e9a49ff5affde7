/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting_ics: appointments as a calendar file (RFC 5545). Times are written in UTC, so that no calendar program
 * needs to know our zones. Nothing about the person goes in: a title, the time, whether it is sure, and the address of
 * the page, which asks who is there. Pure. */
#ifndef PW_INTERPRETING_ICS_H
#define PW_INTERPRETING_ICS_H

#include "base/buf.h"
#include "feature/interpreting/interpreting_rules.h"

struct ics_event {
    int64_t id, start_ms, changed_ms, minutes;
    int64_t turn; /* counts changes: a program that knows an older one replaces it */
    enum booking_state state;
    struct sv title, text, url; /* already in the reader's language; title and text name nobody */
};
#define ICS_TYPE SV("text/calendar; charset=utf-8; method=PUBLISH")
/* host: of the installation, for ids that are unique in the world. Failures stay in `out`. */
void ics_write(struct buf *out, const struct ics_event *v, size_t n, struct sv host, struct sv lang, int64_t now_ms);

#endif
