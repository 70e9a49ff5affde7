/* SPDX-License-Identifier: EUPL-1.2 */
#include "b64.h"

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* Groups of `bits` bits, filled up to whole groups of `group` characters when padded. */
static void encode(struct buf *out, struct sv bytes, const char *alphabet, int bits, size_t group, bool pad)
{
    uint32_t have = 0;
    int n = 0;
    size_t written = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        have = (have << 8 | (unsigned char)bytes.p[i]) & 0xFFFFFF;
        for (n += 8; n >= bits; written++) {
            n -= bits;
            buf_c(out, alphabet[(have >> n) & ((1u << bits) - 1)]);
        }
    }
    if (n > 0) {
        buf_c(out, alphabet[(have << (bits - n)) & ((1u << bits) - 1)]);
        written++;
    }
    while (pad && written++ % group != 0)
        buf_c(out, '=');
}

static int value_of(const char *alphabet, int bits, char c, bool any_case)
{
    if (any_case && c >= 'a' && c <= 'z')
        c = (char)(c - 32);
    for (int i = 0; i < 1 << bits; i++)
        if (alphabet[i] == c)
            return i;
    return -1;
}

enum padding { PAD_REQUIRED, PAD_OPTIONAL };

static bool decode(struct arena *a, struct sv text, const char *alphabet, int bits, size_t group, enum padding padding,
                   bool any_case, struct sv *ret)
{
    size_t whole = text.n, n = 0;
    while (text.n && text.p[text.n - 1] == '=')
        text.n--;
    size_t pad = whole - text.n, loose = text.n * (size_t)bits % 8;
    if ((pad || padding == PAD_REQUIRED) && (whole % group != 0 || pad >= group))
        return false;
    if (loose >= (size_t)bits) /* a last character that adds no byte */
        return false;
    char *p = arena_alloc(a, text.n * (size_t)bits / 8 + 1, 1);
    if (!p)
        return false;
    uint32_t have = 0;
    int held = 0;
    for (size_t i = 0; i < text.n; i++) {
        int v = value_of(alphabet, bits, text.p[i], any_case);
        if (v < 0)
            return false;
        have = (have << bits | (uint32_t)v) & 0xFFFFFF;
        held += bits;
        if (held >= 8) {
            held -= 8;
            p[n++] = (char)(unsigned char)(have >> held & 0xFF);
        }
    }
    if (have & ((1u << held) - 1)) /* bits that no encoder sets: one text for one value */
        return false;
    *ret = (struct sv){p, n};
    return true;
}

void b64_encode(struct buf *out, struct sv bytes)
{
    encode(out, bytes, base64, 6, 4, true);
}

void b64url_encode(struct buf *out, struct sv bytes)
{
    encode(out, bytes, base64url, 6, 4, false);
}

void b32_encode(struct buf *out, struct sv bytes)
{
    encode(out, bytes, base32, 5, 8, true);
}

bool b64_decode(struct arena *a, struct sv text, struct sv *ret)
{
    return decode(a, text, base64, 6, 4, PAD_REQUIRED, false, ret);
}

bool b64url_decode(struct arena *a, struct sv text, struct sv *ret)
{
    return decode(a, text, base64url, 6, 4, PAD_OPTIONAL, false, ret);
}

bool b32_decode(struct arena *a, struct sv text, struct sv *ret)
{
    return decode(a, text, base32, 5, 8, PAD_OPTIONAL, true, ret);
}

bool ct_eq(struct sv a, struct sv b)
{
    if (a.n != b.n)
        return false;
    volatile unsigned char differs = 0;
    for (size_t i = 0; i < a.n; i++)
        differs = (unsigned char)(differs | ((unsigned char)a.p[i] ^ (unsigned char)b.p[i]));
    return differs == 0;
}
