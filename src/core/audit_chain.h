/* SPDX-License-Identifier: EUPL-1.2 */
/* audit_chain: the bytes of a chain, as audit.c writes and audit_verify.c checks them. The encoding is described in
 * README.md and never changes; another form would be another version. Not for other rooms. */
#ifndef PW_AUDIT_CHAIN_H
#define PW_AUDIT_CHAIN_H

#include "core/audit.h"
#include "core/vault.h"

enum { AUDIT_HASH = 32, AUDIT_DETAIL_MAX = 500 };

/* hash of a row that follows `before` (32 bytes) */
void audit_row_hash(const unsigned char before[AUDIT_HASH], const struct audit_row *row, int64_t actor_kind,
                    unsigned char out[AUDIT_HASH]);
/* MAC of a head; empty when the arena is out of memory. */
struct sv audit_head_mac(const struct vault *v, struct arena *a, int64_t lane, int64_t seq, struct sv hash);

#endif
