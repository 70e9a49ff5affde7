/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/stop_link.h"

#include <string.h>

#include "base/b64.h"
#include "core/vault.h"

enum { IDS = 16, MAC = 16 };

static struct sv mac_of(struct ctx *c, const char ids[IDS])
{
    return sv_sub(vault_mac(c->vault, c->arena, "stop link", (struct sv){ids, IDS}), 0, MAC);
}

static void put(char *to, int64_t v)
{
    for (int i = 0; i < 8; i++)
        to[i] = (char)((uint64_t)v >> (56 - 8 * i));
}

static int64_t take(const char *from)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | (unsigned char)from[i];
    return (int64_t)v;
}

struct sv stop_link_url(struct ctx *c, int64_t identity_id, int64_t list_id)
{
    char bytes[IDS + MAC];
    struct buf b;
    put(bytes, identity_id);
    put(bytes + 8, list_id);
    struct sv mac = mac_of(c, bytes);
    if (mac.n != MAC || !c->public_url.n)
        return (struct sv){0};
    memcpy(bytes + IDS, mac.p, MAC);
    buf_init(&b, 1000);
    buf_add(&b, c->public_url);
    buf_z(&b, "/u/");
    b64url_encode(&b, (struct sv){bytes, sizeof bytes});
    struct sv out = buf_ok(&b) ? arena_sv(c->arena, buf_sv(&b)) : (struct sv){0};
    buf_finish(&b);
    return out;
}

bool stop_link_read(struct ctx *c, struct sv token, int64_t *ret_identity, int64_t *ret_list)
{
    struct sv bytes;
    if (token.n > 100 || !b64url_decode(c->arena, token, &bytes) || bytes.n != IDS + MAC)
        return false;
    struct sv mac = mac_of(c, bytes.p);
    if (mac.n != MAC || !ct_eq(mac, sv_sub(bytes, IDS, MAC)))
        return false;
    *ret_identity = take(bytes.p);
    *ret_list = take(bytes.p + 8);
    return true;
}
