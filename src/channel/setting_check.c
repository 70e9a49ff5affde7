/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/setting_check.h"

#include <sodium.h>

enum { BASE_MAX = 200, SECRET_MAX = 256 };

bool setting_is_word(struct sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-'))
            return false;
    }
    return true;
}

static bool host_is(struct sv rest, struct sv host)
{
    return sv_starts(rest, host) && (rest.n == host.n || rest.p[host.n] == ':' || rest.p[host.n] == '/');
}

bool setting_is_base(struct sv base)
{
    if (!base.n)
        return true;
    for (size_t i = 0; i < base.n; i++)
        if (base.p[i] <= ' ' || base.p[i] > '~' || base.p[i] == '@' || base.p[i] == '?' || base.p[i] == '#')
            return false;
    if (base.n > BASE_MAX)
        return false;
    if (sv_starts(base, SV("https://")))
        return base.n > 8;
    if (!sv_starts(base, SV("http://")))
        return false;
    struct sv rest = sv_sub(base, 7, base.n);
    return host_is(rest, SV("127.0.0.1")) || host_is(rest, SV("localhost")) || host_is(rest, SV("[::1]"));
}

bool secret_same(struct sv want, struct sv got)
{
    if (!want.n || !got.n || got.n > SECRET_MAX)
        return false;
    /* Hashes are of one length, so the comparison says nothing about the secret's length either. */
    unsigned char a[crypto_generichash_BYTES], b[crypto_generichash_BYTES];
    crypto_generichash(a, sizeof a, (const unsigned char *)want.p, want.n, NULL, 0);
    crypto_generichash(b, sizeof b, (const unsigned char *)got.p, got.n, NULL, 0);
    return sodium_memcmp(a, b, sizeof a) == 0;
}
