/* SPDX-License-Identifier: EUPL-1.2 */
/* signature: keyed hashes that providers put beside a call. All comparisons take the same time whatever differs. */
#ifndef PW_SIGNATURE_H
#define PW_SIGNATURE_H

#include "base/sv.h"

enum { SIGNATURE_HEX = 64 };

/* Is `hex` the HMAC-SHA256 of the pieces, one behind the other, in small hexadecimal digits? An empty key: never. */
bool hmac_sha256_is(struct sv key, const struct sv *pieces, size_t n, struct sv hex);
/* Within `skew_ms` of now, both ways; seconds as text. */
bool stamp_is_fresh(struct sv seconds, int64_t now_ms, int64_t skew_ms);

#endif
