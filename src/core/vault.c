/* SPDX-License-Identifier: EUPL-1.2 */
/* vault: sealing, opening, blind indexes and MACs, and the copies of persons' keys held in memory.
 *
 * A copy is trusted only while vault_state.epoch stands where it stood when the copy was made. The epoch is read again
 * at most `recheck_ms` after the last look, so a page with 200 names costs one small query more, and a key destroyed by
 * another process is refused here a second later. A key row is read together with the epoch of its snapshot: a reader
 * with an old snapshot can never put back what a newer one threw out. A writer may see an epoch that is rolled back
 * later, so only readers move the slots to a newer one; a writer that meets one works without them. */
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "core/vault_parts.h"

DB_STMT(vault_epoch, "SELECT epoch, key_id FROM vault_state WHERE id = 1");
DB_STMT(vault_epoch_step, "UPDATE vault_state SET epoch = epoch + 1 WHERE id = 1");
DB_STMT(vault_claim_key, "UPDATE vault_state SET key_id = $1 WHERE id = 1 AND key_id IS NULL");
DB_STMT(person_key_of_person,
        "SELECT k.id, k.person_id, k.destroyed_ms, e.epoch, k.wrapped FROM person_key k JOIN vault_state e ON e.id = 1 "
        "WHERE k.person_id = $1");
/* the key of a person who was merged into $2 */
DB_STMT(person_key_of_merged,
        "SELECT k.id, k.person_id, k.destroyed_ms, e.epoch, k.wrapped FROM person_key k JOIN vault_state e ON e.id = 1 "
        "JOIN person p ON p.id = k.person_id WHERE k.id = $1 AND p.merged_into = $2");
DB_STMT(person_key_insert,
        "INSERT INTO person_key (id, person_id, wrapped, made_ms, destroyed_ms) VALUES ($1, $2, $3, $4, NULL)");
DB_STMT(person_key_destroy,
        "UPDATE person_key SET wrapped = $2, destroyed_ms = $3 WHERE person_id = $1 AND destroyed_ms IS NULL");

/* ---- bytes ---- */

static void put64(unsigned char *p, int64_t v)
{
    for (int i = 0; i < 8; i++)
        p[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
}

static int64_t get64(const unsigned char *p)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

int64_t vault_sealed_key(struct sv sealed)
{
    if (sealed.n < SEAL_OVERHEAD || sealed.p[0] != SEAL_VERSION)
        return 0;
    return get64((const unsigned char *)sealed.p + 1);
}

/* AAD: version, key id, row, then table and column each with its length, so that no two places read the same. */
enum { AAD_MAX = 1 + 8 + 8 + 2 * (1 + 64) };
static size_t aad_of(unsigned char out[AAD_MAX], struct seal_place at, int64_t key_id)
{
    size_t table = strlen(at.table), column = strlen(at.column), n = 0;
    if (table > 64 || column > 64)
        return 0;
    out[n++] = SEAL_VERSION;
    put64(out + n, key_id);
    n += 8;
    put64(out + n, at.row);
    n += 8;
    out[n++] = (unsigned char)table;
    memcpy(out + n, at.table, table);
    n += table;
    out[n++] = (unsigned char)column;
    memcpy(out + n, at.column, column);
    return n + column;
}

enum pw_err vault_seal_with(const struct vault_key *key, struct arena *a, struct seal_place at, struct sv plain,
                            struct sv *ret_sealed)
{
    unsigned char aad[AAD_MAX];
    size_t aad_n = aad_of(aad, at, key->id);
    if (!aad_n || plain.n > SIZE_MAX - SEAL_OVERHEAD)
        return PW_INTERNAL;
    unsigned char *out = arena_alloc(a, plain.n + SEAL_OVERHEAD, 1);
    if (!out)
        return PW_INTERNAL;
    out[0] = SEAL_VERSION;
    put64(out + 1, key->id);
    randombytes_buf(out + SEAL_HEAD, SEAL_NONCE);
    unsigned long long n = 0;
    const unsigned char *in = (const unsigned char *)(plain.p ? plain.p : "");
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(out + SEAL_HEAD + SEAL_NONCE, &n, in, plain.n, aad, aad_n, NULL,
                                                   out + SEAL_HEAD, key->key) != 0)
        return PW_INTERNAL;
    *ret_sealed = (struct sv){(char *)out, plain.n + SEAL_OVERHEAD};
    return PW_OK;
}

enum pw_err vault_unseal_with(const struct vault_key *key, struct arena *a, struct seal_place at, struct sv sealed,
                              struct sv *ret_plain)
{
    unsigned char aad[AAD_MAX];
    size_t aad_n = aad_of(aad, at, key->id);
    if (!aad_n || !vault_sealed_key(sealed) || vault_sealed_key(sealed) != key->id)
        return PW_INTERNAL;
    size_t plain_n = sealed.n - SEAL_OVERHEAD;
    char *out = arena_alloc(a, plain_n + 1, 1);
    if (!out)
        return PW_INTERNAL;
    const unsigned char *in = (const unsigned char *)sealed.p;
    unsigned long long n = 0;
    if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out, &n, NULL, in + SEAL_HEAD + SEAL_NONCE,
                                                   sealed.n - SEAL_HEAD - SEAL_NONCE, aad, aad_n, in + SEAL_HEAD,
                                                   key->key) != 0)
        return PW_INTERNAL;
    *ret_plain = (struct sv){out, plain_n};
    return PW_OK;
}

/* ---- copies of persons' keys ---- */

static struct vault_slot *set_of(struct vault *v, int64_t person_id)
{
    uint64_t h = (uint64_t)person_id * UINT64_C(0x9E3779B97F4A7C15);
    return v->slots[h >> 55]; /* 9 bits: VAULT_SETS */
}
_Static_assert(VAULT_SETS == 1 << 9, "set_of takes nine bits");

static void forget_all(struct vault *v)
{
    sodium_memzero(v->slots, sizeof v->slots);
}

static void forget(struct vault *v, int64_t person_id)
{
    struct vault_slot *set = set_of(v, person_id);
    for (int i = 0; i < VAULT_WAYS; i++)
        if (set[i].person_id == person_id)
            sodium_memzero(&set[i], sizeof set[i]);
}

static bool recall(struct vault *v, int64_t person_id, struct vault_key *ret)
{
    struct vault_slot *set = set_of(v, person_id);
    for (int i = 0; i < VAULT_WAYS; i++)
        if (set[i].person_id == person_id) {
            set[i].used = ++v->tick;
            ret->id = set[i].key_id;
            memcpy(ret->key, set[i].key, VAULT_KEY);
            return true;
        }
    return false;
}

/* An epoch was read just now. False: the slots may not be used with it. */
static bool meet_epoch(struct vault *v, int64_t epoch, bool committed)
{
    if (epoch > v->epoch) {
        forget_all(v);
        if (committed)
            v->epoch = epoch;
    }
    return epoch == v->epoch;
}

static void remember(struct vault *v, int64_t person_id, const struct vault_key *key)
{
    struct vault_slot *set = set_of(v, person_id), *oldest = set;
    for (int i = 0; i < VAULT_WAYS; i++) {
        if (set[i].person_id == person_id || !set[i].person_id) {
            oldest = &set[i];
            break;
        }
        if (set[i].used < oldest->used)
            oldest = &set[i];
    }
    *oldest = (struct vault_slot){person_id, key->id, ++v->tick, {0}};
    memcpy(oldest->key, key->key, VAULT_KEY);
}

static const char WRAP_TABLE[] = "person_key";

enum pw_err vault_key_from_row(struct vault *v, const struct vault_key_row *row, struct vault_key *ret)
{
    if (!row->key_id || row->destroyed_ms)
        return PW_NOT_FOUND;
    pthread_mutex_lock(&v->lock);
    bool have = row->epoch == v->epoch && recall(v, row->person_id, ret) && ret->id == row->key_id;
    pthread_mutex_unlock(&v->lock);
    if (have)
        return PW_OK;
    struct vault_key wrap = {.id = v->key_id};
    memcpy(wrap.key, v->wrap, VAULT_KEY);
    struct arena small;
    arena_init(&small, 4096);
    struct sv opened = {0};
    enum pw_err e = vault_unseal_with(&wrap, &small, (struct seal_place){WRAP_TABLE, "wrapped", row->key_id},
                                      row->wrapped, &opened);
    if (e == PW_OK && opened.n != VAULT_KEY)
        e = PW_INTERNAL;
    if (e == PW_OK) {
        ret->id = row->key_id;
        memcpy(ret->key, opened.p, VAULT_KEY);
        pthread_mutex_lock(&v->lock);
        if (row->epoch == v->epoch)
            remember(v, row->person_id, ret);
        pthread_mutex_unlock(&v->lock);
        sodium_memzero((char *)(uintptr_t)opened.p, opened.n);
    }
    sodium_memzero(&wrap, sizeof wrap);
    arena_finish(&small);
    return e;
}

static enum pw_err key_row_to_key(struct vault *v, const struct db_rows *r, struct vault_key *ret)
{
    struct vault_key_row row = {.key_id = db_int(r, 0, 0),
                                .person_id = db_int(r, 0, 1),
                                .destroyed_ms = db_int(r, 0, 2),
                                .epoch = db_int(r, 0, 3),
                                .wrapped = db_text(r, 0, 4)};
    return vault_key_from_row(v, &row, ret);
}

/* Reads the epoch when the last look is too long ago. */
static enum pw_err look_again(struct ctx *c)
{
    struct vault *v = c->vault;
    int64_t now = clock_mono_ms();
    pthread_mutex_lock(&v->lock);
    bool fresh = v->checked_ms && now - v->checked_ms < v->recheck_ms;
    pthread_mutex_unlock(&v->lock);
    if (fresh)
        return PW_OK;
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &vault_epoch, DB_NOARGS, &r));
    pthread_mutex_lock(&v->lock);
    if (meet_epoch(v, db_int(&r, 0, 0), db_is_read_only(c->db)))
        v->checked_ms = now;
    pthread_mutex_unlock(&v->lock);
    return PW_OK;
}

static enum pw_err key_of_person(struct ctx *c, int64_t person_id, struct vault_key *ret)
{
    struct vault *v = c->vault;
    PW_TRY(look_again(c));
    pthread_mutex_lock(&v->lock);
    bool have = recall(v, person_id, ret);
    pthread_mutex_unlock(&v->lock);
    if (have)
        return PW_OK;
    struct db_rows r;
    PW_TRY(db_one(c->db, c->arena, &person_key_of_person, DB_ARGS(DB_I(person_id)), &r));
    return key_row_to_key(v, &r, ret);
}

static enum pw_err key_of_merged(struct ctx *c, int64_t key_id, int64_t person_id, struct vault_key *ret)
{
    struct db_rows r;
    enum pw_err e = db_one(c->db, c->arena, &person_key_of_merged, DB_ARGS(DB_I(key_id), DB_I(person_id)), &r);
    if (e != PW_OK)
        return e == PW_NOT_FOUND ? PW_INTERNAL : e; /* a value of somebody else: a defect or a forgery */
    return key_row_to_key(c->vault, &r, ret);
}

static void own_key(const struct vault *v, struct vault_key *ret)
{
    ret->id = v->key_id;
    memcpy(ret->key, v->own, VAULT_KEY);
}

/* ---- the public functions ---- */

enum pw_err seal(struct ctx *c, int64_t person_id, struct seal_place at, struct sv plain, struct sv *ret_sealed)
{
    struct vault_key key;
    if (person_id)
        PW_TRY(key_of_person(c, person_id, &key));
    else
        own_key(c->vault, &key);
    enum pw_err e = vault_seal_with(&key, c->arena, at, plain, ret_sealed);
    sodium_memzero(&key, sizeof key);
    return e;
}

enum pw_err unseal(struct ctx *c, int64_t person_id, struct seal_place at, struct sv sealed, struct sv *ret_plain)
{
    if (!sealed.n) {
        *ret_plain = (struct sv){0};
        return PW_OK;
    }
    struct vault_key key;
    if (person_id) {
        enum pw_err e = key_of_person(c, person_id, &key);
        if (e == PW_OK && vault_sealed_key(sealed) != key.id)
            e = key_of_merged(c, vault_sealed_key(sealed), person_id, &key);
        if (e != PW_OK) {
            sodium_memzero(&key, sizeof key);
            return e;
        }
    } else {
        own_key(c->vault, &key);
    }
    enum pw_err e = vault_unseal_with(&key, c->arena, at, sealed, ret_plain);
    sodium_memzero(&key, sizeof key);
    return e;
}

enum pw_err vault_person_key_make(struct ctx *c, int64_t person_id)
{
    struct vault_key wrap = {.id = c->vault->key_id};
    memcpy(wrap.key, c->vault->wrap, VAULT_KEY);
    unsigned char fresh[VAULT_KEY];
    randombytes_buf(fresh, sizeof fresh);
    int64_t id = id_new();
    struct sv wrapped;
    enum pw_err e = vault_seal_with(&wrap, c->arena, (struct seal_place){WRAP_TABLE, "wrapped", id},
                                    (struct sv){(const char *)fresh, sizeof fresh}, &wrapped);
    sodium_memzero(&wrap, sizeof wrap);
    sodium_memzero(fresh, sizeof fresh);
    PW_TRY(e);
    return db_exec(c->db, &person_key_insert, DB_ARGS(DB_I(id), DB_I(person_id), DB_B(wrapped), DB_I(c->now_ms)), NULL);
}

enum pw_err vault_person_key_destroy(struct ctx *c, int64_t person_id)
{
    int64_t changed = 0;
    PW_TRY(
        db_exec(c->db, &person_key_destroy, DB_ARGS(DB_I(person_id), DB_B((struct sv){0}), DB_I(c->now_ms)), &changed));
    if (changed)
        PW_TRY(db_exec(c->db, &vault_epoch_step, DB_NOARGS, NULL));
    pthread_mutex_lock(&c->vault->lock);
    forget(c->vault, person_id);
    c->vault->checked_ms = 0; /* others of this process look again at once */
    pthread_mutex_unlock(&c->vault->lock);
    return changed ? PW_OK : PW_NOT_FOUND;
}

enum pw_err vault_claim(struct ctx *c)
{
    struct db_rows r;
    PW_TRY(db_exec(c->db, &vault_claim_key, DB_ARGS(DB_I(c->vault->key_id)), NULL));
    PW_TRY(db_one(c->db, c->arena, &vault_epoch, DB_NOARGS, &r));
    if (db_int(&r, 0, 1) != c->vault->key_id)
        return PW_CONFLICT;
    pthread_mutex_lock(&c->vault->lock);
    meet_epoch(c->vault, db_int(&r, 0, 0), true); /* at start nothing destroys: what is seen is committed */
    pthread_mutex_unlock(&c->vault->lock);
    return PW_OK;
}

void vault_set_recheck(struct vault *v, int64_t ms)
{
    pthread_mutex_lock(&v->lock);
    v->recheck_ms = ms;
    v->checked_ms = 0;
    pthread_mutex_unlock(&v->lock);
}

/* Keyed BLAKE2b over the purpose with its length, then the data. */
static struct sv keyed(const unsigned char key[VAULT_KEY], struct arena *a, const char *purpose, struct sv data,
                       size_t n)
{
    unsigned char *out = arena_alloc(a, n, 1);
    size_t purpose_n = strlen(purpose);
    if (!out || purpose_n > 255)
        return (struct sv){0};
    unsigned char length = (unsigned char)purpose_n;
    crypto_generichash_state st;
    crypto_generichash_init(&st, key, VAULT_KEY, n);
    crypto_generichash_update(&st, &length, 1);
    crypto_generichash_update(&st, (const unsigned char *)purpose, purpose_n);
    crypto_generichash_update(&st, (const unsigned char *)(data.p ? data.p : ""), data.n);
    crypto_generichash_final(&st, out, n);
    sodium_memzero(&st, sizeof st);
    return (struct sv){(char *)out, n};
}

struct sv blind_index(const struct vault *v, struct arena *a, const char *column, struct sv normalised)
{
    return keyed(v->blind, a, column, normalised, VAULT_BLIND);
}

struct sv vault_mac(const struct vault *v, struct arena *a, const char *purpose, struct sv data)
{
    return keyed(v->mac, a, purpose, data, VAULT_MAC);
}
