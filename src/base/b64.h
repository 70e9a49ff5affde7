/* SPDX-License-Identifier: EUPL-1.2 */
/* b64: base64, base64url and base32 of RFC 4648, and a comparison that does not tell where two secrets differ.
 * Decoding is strict: canonical padding bits, no white space; false writes nothing that counts. */
#ifndef PW_B64_H
#define PW_B64_H

#include "arena.h"
#include "buf.h"

void b64_encode(struct buf *out, struct sv bytes);                   /* with padding */
void b64url_encode(struct buf *out, struct sv bytes);                /* without padding */
void b32_encode(struct buf *out, struct sv bytes);                   /* upper case, with padding */
bool b64_decode(struct arena *a, struct sv text, struct sv *ret);    /* padding required */
bool b64url_decode(struct arena *a, struct sv text, struct sv *ret); /* padding optional */
bool b32_decode(struct arena *a, struct sv text, struct sv *ret);    /* any case, padding optional */
bool ct_eq(struct sv a, struct sv b);                                /* time depends on the lengths only */

#endif
