/* SPDX-License-Identifier: EUPL-1.2 */
/* machine_routes: what other machines call: providers' webhooks, health, the description of the API. */
#ifndef PW_MACHINE_ROUTES_H
#define PW_MACHINE_ROUTES_H

#include "http/http.h"

extern const struct route machine_routes[];

#endif
