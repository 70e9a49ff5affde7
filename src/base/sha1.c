/* SPDX-License-Identifier: EUPL-1.2 */
#include "sha1.h"

#include <string.h>

enum { BLOCK = 64 };
struct sha1 {
    uint32_t h[5];
    uint64_t bytes;
    unsigned char rest[BLOCK];
};

static uint32_t turn(uint32_t x, unsigned n)
{
    return x << n | x >> (32 - n);
}

static void take_block(struct sha1 *s, const unsigned char *p)
{
    uint32_t w[80], a = s->h[0], b = s->h[1], c = s->h[2], d = s->h[3], e = s->h[4];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (size_t i = 16; i < 80; i++)
        w[i] = turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
    for (size_t i = 0; i < 80; i++) {
        uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5a827999u
                     : i < 40 ? (b ^ c ^ d) + 0x6ed9eba1u
                     : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdcu
                              : (b ^ c ^ d) + 0xca62c1d6u;
        uint32_t next = turn(a, 5) + f + e + w[i];
        e = d;
        d = c;
        c = turn(b, 30);
        b = a;
        a = next;
    }
    s->h[0] += a;
    s->h[1] += b;
    s->h[2] += c;
    s->h[3] += d;
    s->h[4] += e;
}

static void begin(struct sha1 *s)
{
    *s = (struct sha1){.h = {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u}};
}

static void add(struct sha1 *s, const void *data, size_t n)
{
    const unsigned char *p = data;
    size_t have = (size_t)(s->bytes % BLOCK);
    s->bytes += n;
    while (n) {
        size_t k = BLOCK - have < n ? BLOCK - have : n;
        memcpy(s->rest + have, p, k);
        have += k;
        p += k;
        n -= k;
        if (have == BLOCK) {
            take_block(s, s->rest);
            have = 0;
        }
    }
}

static void end(struct sha1 *s, unsigned char ret[SHA1_BYTES])
{
    static const unsigned char pad[BLOCK] = {0x80};
    uint64_t bits = s->bytes * 8;
    size_t have = (size_t)(s->bytes % BLOCK);
    unsigned char length[8];
    add(s, pad, have < 56 ? 56 - have : 56 + BLOCK - have);
    for (size_t i = 0; i < 8; i++)
        length[i] = (unsigned char)(bits >> (56 - 8 * i));
    add(s, length, sizeof length);
    for (size_t i = 0; i < SHA1_BYTES; i++)
        ret[i] = (unsigned char)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

static void add_sv(struct sha1 *s, struct sv data)
{
    if (data.n)
        add(s, data.p, data.n);
}

void sha1(struct sv data, unsigned char ret[SHA1_BYTES])
{
    struct sha1 s;
    begin(&s);
    add_sv(&s, data);
    end(&s, ret);
}

void hmac_sha1(struct sv key, struct sv data, unsigned char ret[SHA1_BYTES])
{
    unsigned char block[BLOCK] = {0}, inner[BLOCK], outer[BLOCK], hash[SHA1_BYTES];
    struct sha1 s;
    if (key.n > BLOCK)
        sha1(key, block);
    else if (key.n)
        memcpy(block, key.p, key.n);
    for (size_t i = 0; i < BLOCK; i++) {
        inner[i] = block[i] ^ 0x36;
        outer[i] = block[i] ^ 0x5c;
    }
    begin(&s);
    add(&s, inner, sizeof inner);
    add_sv(&s, data);
    end(&s, hash);
    begin(&s);
    add(&s, outer, sizeof outer);
    add(&s, hash, sizeof hash);
    end(&s, ret);
}
