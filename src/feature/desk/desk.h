/* SPDX-License-Identifier: EUPL-1.2 */
/* desk: what staff need around their work: signing in and out, their own account and sessions, the people and roles of
 * the network, settings, sends in doubt, the access log, and the first start. Owns no table: it shows and calls core/,
 * work/ and channel/. */
#ifndef PW_DESK_H
#define PW_DESK_H

#include "http/http.h"

extern const struct route desk_routes[]; /* ends with path NULL */

#endif
