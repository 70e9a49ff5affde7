/* SPDX-License-Identifier: EUPL-1.2 */
/* A synthetic-IV cipher from the vault's keyed MAC: the tag of the text is its nonce, and a stream made from that nonce
 * covers the text. Whoever has no key learns only that two values are equal. Opening makes the tag again. */
#include <sodium.h>

#include "core/vault.h"

enum { SAME_MAX = 200, TAG = 16, BLOCK = 32 };

static struct sv tag_of(struct ctx *c, const char *column, struct sv plain)
{
    struct sv text = arena_fmt(c->arena, "%s|%.*s", column, SV_ARG(plain));
    return sv_sub(vault_mac(c->vault, c->arena, "same tag", text), 0, TAG);
}

static bool cover(struct ctx *c, struct sv tag, char *io, size_t n)
{
    for (size_t i = 0; i < n; i += BLOCK) {
        struct sv at = arena_fmt(c->arena, "%zu|", i);
        struct sv key = vault_mac(c->vault, c->arena, "same stream", arena_join(c->arena, at, tag));
        if (key.n != BLOCK)
            return false;
        for (size_t k = 0; k < BLOCK && i + k < n; k++)
            io[i + k] = (char)(io[i + k] ^ key.p[k]);
    }
    return true;
}

enum pw_err seal_same(struct ctx *c, const char *column, struct sv plain, struct sv *ret_text)
{
    if (!plain.n) {
        *ret_text = (struct sv){0};
        return PW_OK;
    }
    if (plain.n > SAME_MAX)
        return PW_INVALID;
    struct sv tag = tag_of(c, column, plain);
    char *covered = arena_z(c->arena, plain), *hex = arena_alloc(c->arena, 2 * (TAG + plain.n) + 1, 1);
    if (tag.n != TAG || !hex || !cover(c, tag, covered, plain.n))
        return PW_INTERNAL;
    sodium_bin2hex(hex, 2 * TAG + 1, (const unsigned char *)tag.p, TAG);
    sodium_bin2hex(hex + 2 * TAG, 2 * plain.n + 1, (const unsigned char *)covered, plain.n);
    *ret_text = (struct sv){hex, 2 * (TAG + plain.n)};
    return PW_OK;
}

enum pw_err unseal_same(struct ctx *c, const char *column, struct sv text, struct sv *ret_plain)
{
    unsigned char bytes[TAG + SAME_MAX];
    size_t n = 0;
    if (!text.n) {
        *ret_plain = (struct sv){0};
        return PW_OK;
    }
    if (sodium_hex2bin(bytes, sizeof bytes, text.p, text.n, NULL, &n, NULL) != 0 || n <= TAG || 2 * n != text.n)
        return PW_INTERNAL;
    struct sv tag = {(const char *)bytes, TAG};
    if (!cover(c, tag, (char *)bytes + TAG, n - TAG))
        return PW_INTERNAL;
    struct sv plain = arena_sv(c->arena, (struct sv){(const char *)bytes + TAG, n - TAG});
    struct sv again = tag_of(c, column, plain);
    if (again.n != TAG || sodium_memcmp(again.p, tag.p, TAG) != 0)
        return PW_INTERNAL;
    *ret_plain = plain;
    return PW_OK;
}
