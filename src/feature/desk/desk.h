/* SPDX-License-Identifier: EUPL-1.2 */
/* desk: what staff need around their work: signing in and out, their own account and sessions, the people and roles of
 * the network, settings, sends in doubt, the access log, and the first start. Owns no table: it shows and calls core/,
 * work/ and channel/. */
#ifndef PW_DESK_H
#define PW_DESK_H

#include "core/audit.h"
#include "core/ctx.h"
#include "http/http.h"

extern const struct audit_word desk_acts[]; /* what it writes into the access log, in words */
extern const struct route desk_routes[];    /* ends with path NULL */

/* Does nobody have an account yet? Then /setup is open, to whoever knows the code that the server printed at its start.
 */
PW_MUST_CHECK enum pw_err desk_first_start(struct ctx *c, bool *ret_first);
struct sv desk_setup_code(struct ctx *c);

#endif
