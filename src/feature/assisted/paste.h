/* SPDX-License-Identifier: EUPL-1.2 */
/* paste: a conversation copied out of an app, read into messages. Pure: no clock, no database.
 *
 * Understood: exports and copies of WhatsApp ("[2026-03-04, 22:15:03] Name: words", "04/03/2026, 22:15 - Name: words",
 * "[22:15, 04/03/2026] Name: words", Arabic digits and marks too), of Telegram ("Name, [04.03.2026 22:15]" above the
 * words), and, when nothing has a date, plain lines "Name: words". Lines without a head belong to the message before.
 */
#ifndef PW_PASTE_H
#define PW_PASTE_H

#include "base/arena.h"

enum { PASTE_MAX = 200, PASTE_NAME_MAX = 80 }; /* messages; characters of a name */
struct paste_line {
    struct sv author, text; /* point into the pasted text, or into the arena */
    bool dated;
    int64_t local_ms; /* as the wall clock showed it (base/civil.h); 0 without a date */
};
struct paste {
    struct paste_line v[PASTE_MAX];
    size_t n;
    size_t notices; /* heads without a name: what the app itself says ("… joined") */
    bool more;      /* there were more than PASTE_MAX */
    bool month_first;
};
/* "3/4/26" is read day first unless that gives a date after now_local_ms or there is no such day, or the hours say AM
 * and PM in Latin letters. False when no message was found. */
bool paste_parse(struct arena *a, struct sv text, int64_t now_local_ms, struct paste *ret);

#endif
