/* SPDX-License-Identifier: EUPL-1.2 */
/* What WeChat asks for and libsodium leaves out for good reasons: SHA-1 and AES-256-CBC (docs/decisions/0017). Nothing
 * of our own is protected by them. */
#include <nettle/aes.h>
#include <nettle/cbc.h>
#include <sodium.h>
#include <string.h>

#include "base/b64.h"
#include "base/sha1.h"
#include "channel/wechat.h"

enum { PIECES_MAX = 4, HEAD = 16 + 4, BLOCK = 32 /* of their padding */, JOINED_MAX = 1024 * 1024 };

bool wechat_signature_is(const struct sv *pieces, size_t n, struct sv hex)
{
    struct sv v[PIECES_MAX];
    struct buf b;
    unsigned char mac[SHA1_BYTES];
    char want[2 * SHA1_BYTES + 1];
    if (n == 0 || n > PIECES_MAX || hex.n != 2 * SHA1_BYTES)
        return false;
    for (size_t i = 0; i < n; i++) {
        size_t at = i;
        if (!pieces[i].n)
            return false;
        for (; at > 0 && sv_cmp(pieces[i], v[at - 1]) < 0; at--)
            v[at] = v[at - 1];
        v[at] = pieces[i];
    }
    buf_init(&b, JOINED_MAX);
    for (size_t i = 0; i < n; i++)
        buf_add(&b, v[i]);
    bool ok = buf_ok(&b);
    if (ok) {
        sha1(buf_sv(&b), mac);
        sodium_bin2hex(want, sizeof want, mac, sizeof mac);
        ok = ct_eq((struct sv){want, 2 * SHA1_BYTES}, hex);
    }
    buf_finish(&b);
    return ok;
}

static enum pw_err open_bytes(const unsigned char key[AES256_KEY_SIZE], struct sv app_id, struct sv cipher,
                              struct arena *a, struct sv *ret)
{
    struct CBC_CTX(struct aes256_ctx, AES_BLOCK_SIZE) cbc;
    unsigned char *plain = arena_alloc(a, cipher.n, 1);
    if (!plain)
        return PW_UNAVAILABLE;
    aes256_set_decrypt_key(&cbc.ctx, key);
    CBC_SET_IV(&cbc, key); /* the first 16 bytes of the key */
    CBC_DECRYPT(&cbc, aes256_decrypt, cipher.n, plain, (const unsigned char *)cipher.p);
    sodium_memzero(&cbc, sizeof cbc);
    size_t pad = plain[cipher.n - 1], n = cipher.n;
    if (pad < 1 || pad > BLOCK || pad + HEAD > n)
        return PW_DENIED;
    n -= pad;
    size_t len = (size_t)plain[16] << 24 | (size_t)plain[17] << 16 | (size_t)plain[18] << 8 | plain[19];
    if (len > n - HEAD || !ct_eq((struct sv){(const char *)plain + HEAD + len, n - HEAD - len}, app_id))
        return PW_DENIED;
    *ret = (struct sv){(const char *)plain + HEAD, len};
    return PW_OK;
}

/* 43 characters hold two bits more than a key: what they are does not matter. */
static bool key_of(struct sv text, struct arena *a, struct sv *ret)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sv copy = arena_sv(a, text);
    const char *last = copy.n == WECHAT_KEY_CHARS ? memchr(alphabet, copy.p[copy.n - 1], 64) : NULL;
    if (!last)
        return false;
    char canonical = alphabet[(last - alphabet) & ~3];
    struct sv whole = arena_fmt(a, "%.*s%c=", (int)copy.n - 1, copy.p, canonical);
    return b64_decode(a, whole, ret) && ret->n == AES256_KEY_SIZE;
}

enum pw_err wechat_open(struct sv encoding_key, struct sv app_id, struct sv encrypted, struct arena *a, struct sv *ret)
{
    struct sv key, cipher;
    if (!key_of(encoding_key, a, &key) || !b64_decode(a, encrypted, &cipher) || cipher.n < AES_BLOCK_SIZE ||
        cipher.n % AES_BLOCK_SIZE)
        return PW_DENIED;
    return open_bytes((const unsigned char *)key.p, app_id, cipher, a, ret);
}
