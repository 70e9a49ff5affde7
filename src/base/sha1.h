/* SPDX-License-Identifier: EUPL-1.2 */
/* sha1: HMAC-SHA1 (RFC 2104, FIPS 180-4), only because some providers sign their calls with it. Nothing of our own is
 * protected by it: libsodium, which does all else, leaves it out for good reasons. */
#ifndef PW_SHA1_H
#define PW_SHA1_H

#include "sv.h"

enum { SHA1_BYTES = 20 };
void sha1(struct sv data, unsigned char ret[SHA1_BYTES]);
void hmac_sha1(struct sv key, struct sv data, unsigned char ret[SHA1_BYTES]);

#endif
