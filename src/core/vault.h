/* SPDX-License-Identifier: EUPL-1.2 */
/* vault: sealed fields. XChaCha20-Poly1305 with one key per person; person keys are wrapped by the installation's key,
 * which lies in a file outside the database (0400, made on first start). AAD binds table, column, row and key id, so
 * that a value moved elsewhere does not open. Erasing a person's key erases what it sealed, in old backups too. Blind
 * index: keyed BLAKE2b of the normalised value, per column; equality only, never on low-entropy fields. Thread-safe.
 * Owns tables person_key, vault_state. */
#ifndef PW_VAULT_H
#define PW_VAULT_H

#include "core/ctx.h"

struct vault;
/* Reads or (create) makes the key file. ret_made: it was made now: tell the operator to back it up apart. ret_why is a
 * sentence for the operator, in a. PW_NOT_FOUND: no key file; PW_DENIED: others may read it; PW_INVALID: not a key. */
PW_MUST_CHECK enum pw_err vault_open(struct sv key_file, bool create, struct arena *a, struct vault **ret,
                                     bool *ret_made, struct sv *ret_why);
void vault_close(struct vault *v); /* wipes; NULL-safe */
/* Does this key belong to this database? Call once after opening, in a transaction: the first call ties them together.
 * PW_CONFLICT: the database was sealed with another key file. */
PW_MUST_CHECK enum pw_err vault_claim(struct ctx *c);
/* How long, in ms of the monotonic clock, a destroyed key may still open after the commit, in any process. Default
 * 1000. 0 asks the database at each use (tests). */
void vault_set_recheck(struct vault *v, int64_t ms);

struct seal_place {
    const char *table, *column;
    int64_t row;
};
/* person_id 0 seals with the installation's own key (channel secrets, TOTP secrets). PW_NOT_FOUND: the person has no
 * key or it was destroyed. */
PW_MUST_CHECK enum pw_err seal(struct ctx *c, int64_t person_id, struct seal_place at, struct sv plain,
                               struct sv *ret_sealed);
/* An empty `sealed` (blanked, never written) opens as the empty text. After a merge, values sealed for the dropped
 * person open for the kept one. PW_NOT_FOUND: key destroyed; PW_INTERNAL: moved, changed or of another key. */
PW_MUST_CHECK enum pw_err unseal(struct ctx *c, int64_t person_id, struct seal_place at, struct sv sealed,
                                 struct sv *ret_plain);
PW_MUST_CHECK enum pw_err vault_person_key_make(struct ctx *c, int64_t person_id);
PW_MUST_CHECK enum pw_err vault_person_key_destroy(struct ctx *c, int64_t person_id);
/* Sealed so that equality shows: in one column the same plain text always gives the same text (hex), so that it can be
 * looked up and still be opened. For providers' ids of chats and people; never for words. With the installation's key.
 * Empty stays empty. At most 200 bytes (PW_INVALID). Opening: PW_INTERNAL when it was changed. */
PW_MUST_CHECK enum pw_err seal_same(struct ctx *c, const char *column, struct sv plain, struct sv *ret_text);
PW_MUST_CHECK enum pw_err unseal_same(struct ctx *c, const char *column, struct sv text, struct sv *ret_plain);
/* 16 bytes for a BLOB column with an index; empty when the arena is out of memory. */
struct sv blind_index(const struct vault *v, struct arena *a, const char *column, struct sv normalised);
/* MAC with the installation's key, purpose-separated (reply tokens, audit heads, CSRF). 32 bytes, empty when
 * the arena is out of memory. */
struct sv vault_mac(const struct vault *v, struct arena *a, const char *purpose, struct sv data);

#endif
