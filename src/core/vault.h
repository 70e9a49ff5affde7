/* SPDX-License-Identifier: EUPL-1.2 */
/* vault: sealed fields. XChaCha20-Poly1305 with one key per person; person keys are wrapped by the installation's key,
 * which lies in a file outside the database (0400, made on first start). AAD binds table, column, row and key id, so
 * that a value moved elsewhere does not open. Erasing a person's key erases what it sealed, in old backups too. Blind
 * index: keyed BLAKE2b of the normalised value, per column; equality only, never on low-entropy fields. Owns table
 * person_key. */
#ifndef PW_VAULT_H
#define PW_VAULT_H

#include "core/ctx.h"

struct vault;
/* Reads or (create) makes the key file. ret_made: it was made now: tell the operator to back it up apart. */
PW_MUST_CHECK enum pw_err vault_open(struct sv key_file, bool create, struct arena *a, struct vault **ret,
                                     bool *ret_made, struct sv *ret_why);
void vault_close(struct vault *v); /* wipes; NULL-safe */

struct seal_place {
    const char *table, *column;
    int64_t row;
};
/* person_id 0 seals with the installation's own key (channel secrets, TOTP secrets). */
PW_MUST_CHECK enum pw_err seal(struct ctx *c, int64_t person_id, struct seal_place at, struct sv plain,
                               struct sv *ret_sealed);
PW_MUST_CHECK enum pw_err unseal(struct ctx *c, int64_t person_id, struct seal_place at, struct sv sealed,
                                 struct sv *ret_plain);
PW_MUST_CHECK enum pw_err vault_person_key_make(struct ctx *c, int64_t person_id);
PW_MUST_CHECK enum pw_err vault_person_key_destroy(struct ctx *c, int64_t person_id);
/* 16 bytes for a BLOB column with an index. */
struct sv blind_index(const struct vault *v, struct arena *a, const char *column, struct sv normalised);
/* MAC with the installation's key, purpose-separated (reply tokens, audit heads, CSRF). 32 bytes. */
struct sv vault_mac(const struct vault *v, struct arena *a, const char *purpose, struct sv data);

#endif
