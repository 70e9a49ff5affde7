/* SPDX-License-Identifier: EUPL-1.2 */
/* vault_parts: what the files of the vault share, and what people.c uses to open many names with one query. Not for
 * other rooms. The vault is one guarded block of memory; keys leave it only as copies on a stack that wipes them. */
#ifndef PW_VAULT_PARTS_H
#define PW_VAULT_PARTS_H

#include <pthread.h>
#include <sodium.h>

#include "core/vault.h"

enum { VAULT_KEY = 32, VAULT_BLIND = 16, VAULT_MAC = 32, VAULT_SETS = 512, VAULT_WAYS = 8 };
enum { SEAL_VERSION = 1, SEAL_HEAD = 1 + 8, SEAL_NONCE = 24, SEAL_TAG = 16 };
enum { SEAL_OVERHEAD = SEAL_HEAD + SEAL_NONCE + SEAL_TAG };

struct vault_slot {
    int64_t person_id; /* 0 = free */
    int64_t key_id;
    uint64_t used; /* tick of the last use, for eviction */
    unsigned char key[VAULT_KEY];
};
struct vault {
    int64_t key_id; /* of the installation's key */
    unsigned char wrap[VAULT_KEY], own[VAULT_KEY], blind[VAULT_KEY], mac[VAULT_KEY];
    pthread_mutex_t lock; /* guards all below */
    uint64_t tick;
    int64_t epoch;      /* vault_state.epoch that the slots belong to */
    int64_t checked_ms; /* monotonic: when the epoch was last read; 0 = never */
    int64_t recheck_ms;
    struct vault_slot slots[VAULT_SETS][VAULT_WAYS];
};

struct vault_key {
    int64_t id;
    unsigned char key[VAULT_KEY];
};
/* One row of person_key as read in the caller's snapshot, with the epoch of the same snapshot. */
struct vault_key_row {
    int64_t key_id, person_id, destroyed_ms, epoch;
    struct sv wrapped;
};
/* Opens it and remembers it for later. PW_NOT_FOUND when destroyed, PW_INTERNAL when it does not open. */
PW_MUST_CHECK enum pw_err vault_key_from_row(struct vault *v, const struct vault_key_row *row, struct vault_key *ret);
/* Opens with a key at hand. ret_plain in a. */
PW_MUST_CHECK enum pw_err vault_unseal_with(const struct vault_key *key, struct arena *a, struct seal_place at,
                                            struct sv sealed, struct sv *ret_plain);
PW_MUST_CHECK enum pw_err vault_seal_with(const struct vault_key *key, struct arena *a, struct seal_place at,
                                          struct sv plain, struct sv *ret_sealed);
int64_t vault_sealed_key(struct sv sealed); /* key id a sealed value names; 0 when it is none */

#endif
