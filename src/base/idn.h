/* SPDX-License-Identifier: EUPL-1.2 */
/* idn: domain names outside ASCII (IDNA 2008 by UTS 46): exämple.org and xn--exmple-cua.org are one domain. */
#ifndef PW_IDN_H
#define PW_IDN_H

#include "base/arena.h"
#include "base/err.h"

/* The ASCII form in lower case, in the arena. PW_INVALID: not a domain name. */
PW_MUST_CHECK enum pw_err idn_ascii(struct arena *a, struct sv domain, struct sv *ret);

#endif
