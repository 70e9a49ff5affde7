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

bool secret_is(struct sv want, struct sv got)
{
    if (!want.n || !got.n)
        return false;
    /* Hashes are of one length, so the comparison says nothing about the secret's length either. */
    unsigned char a[crypto_generichash_BYTES], b[crypto_generichash_BYTES];
    crypto_generichash(a, sizeof a, (const unsigned char *)want.p, want.n, NULL, 0);
    crypto_generichash(b, sizeof b, (const unsigned char *)got.p, got.n, NULL, 0);
    return sodium_memcmp(a, b, sizeof a) == 0;
}

bool stamp_is_fresh(struct sv seconds, int64_t now_ms, int64_t skew_ms)
{
    int64_t s;
    if (!sv_int(seconds, &s) || s < 0 || s > INT64_C(100000000000))
        return false;
    int64_t apart = now_ms - s * 1000;
    return apart <= skew_ms && apart >= -skew_ms;
}
