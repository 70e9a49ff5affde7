/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/signature.h"

#include <sodium.h>

#include "base/b64.h"

bool hmac_sha256_is(struct sv key, const struct sv *pieces, size_t n, struct sv hex)
{
    crypto_auth_hmacsha256_state st;
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    char want[SIGNATURE_HEX + 1];
    if (!key.n || hex.n != SIGNATURE_HEX)
        return false;
    crypto_auth_hmacsha256_init(&st, (const unsigned char *)key.p, key.n);
    for (size_t i = 0; i < n; i++)
        if (pieces[i].n)
            crypto_auth_hmacsha256_update(&st, (const unsigned char *)pieces[i].p, pieces[i].n);
    crypto_auth_hmacsha256_final(&st, mac);
    sodium_bin2hex(want, sizeof want, mac, sizeof mac);
    return ct_eq((struct sv){want, SIGNATURE_HEX}, hex);
}

bool stamp_is_fresh(struct sv seconds, int64_t now_ms, int64_t skew_ms)
{
    int64_t s;
    if (!sv_int(seconds, &s) || s < 0 || s > INT64_C(100000000000))
        return false;
    int64_t apart = now_ms - s * 1000;
    return apart <= skew_ms && apart >= -skew_ms;
}
