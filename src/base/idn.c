/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/idn.h"

#include <unicode/uidna.h>

enum { DOMAIN_BYTES = 253 };

enum pw_err idn_ascii(struct arena *a, struct sv domain, struct sv *ret)
{
    char out[DOMAIN_BYTES + 1];
    UErrorCode e = U_ZERO_ERROR;
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    if (domain.n == 0 || domain.n > DOMAIN_BYTES)
        return PW_INVALID;
    UIDNA *idna = uidna_openUTS46(
        UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_USE_STD3_RULES, &e);
    if (U_FAILURE(e))
        return PW_UNAVAILABLE;
    int32_t n = uidna_nameToASCII_UTF8(idna, domain.p, (int32_t)domain.n, out, DOMAIN_BYTES, &info, &e);
    uidna_close(idna);
    if (U_FAILURE(e) || info.errors || n <= 0)
        return PW_INVALID;
    struct sv ascii = arena_sv(a, (struct sv){out, (size_t)n});
    if (a->oom)
        return PW_UNAVAILABLE;
    *ret = ascii;
    return PW_OK;
}
