/* SPDX-License-Identifier: EUPL-1.2 */
#include <sodium.h>
#include <string.h>

#include "base/b64.h"
#include "base/id.h"
#include "channel/email.h"
#include "json/json.h"

enum { MAC_BYTES = 8, MAC_TEXT = EMAIL_TOKEN - ID_TEXT };

struct sv email_setting(const struct channel *ch, const char *name)
{
    return json_member_sv(ch->config, name);
}

static bool split(struct sv address, struct sv *ret_local, struct sv *ret_domain)
{
    for (size_t i = address.n; i > 0; i--)
        if (address.p[i - 1] == '@') {
            *ret_local = sv_sub(address, 0, i - 1);
            *ret_domain = sv_sub(address, i, address.n);
            return true;
        }
    return false;
}

void email_own(const struct channel *ch, struct sv *ret_local, struct sv *ret_domain)
{
    *ret_local = *ret_domain = (struct sv){0};
    (void)split(email_setting(ch, "from_address"), ret_local, ret_domain);
}

/* 64 bits: guessing means sending a mail for each guess. */
static void mac_of(const struct channel *ch, struct sv id, char ret[MAC_TEXT + 1])
{
    unsigned char key[crypto_generichash_KEYBYTES], mac[crypto_generichash_BYTES];
    struct sv secret = email_setting(ch, "secret");
    struct buf b;
    crypto_generichash(key, sizeof key, (const unsigned char *)secret.p, secret.n, (const unsigned char *)"mail token",
                       10);
    crypto_generichash(mac, sizeof mac, (const unsigned char *)id.p, id.n, key, sizeof key);
    buf_init(&b, 64);
    b32_encode(&b, (struct sv){(const char *)mac, MAC_BYTES});
    for (size_t i = 0; i < MAC_TEXT; i++) {
        char c = i < b.n ? b.p[i] : 'a';
        ret[i] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    ret[MAC_TEXT] = 0;
    buf_finish(&b);
    sodium_memzero(key, sizeof key);
}

void email_token_make(const struct channel *ch, int64_t out_id, char ret[EMAIL_TOKEN + 1])
{
    struct sv id = id_text(out_id, ret);
    mac_of(ch, id, ret + ID_TEXT);
}

bool email_token_read(const struct channel *ch, struct sv text, int64_t *ret_out_id)
{
    char want[EMAIL_TOKEN + 1], low[EMAIL_TOKEN];
    int64_t id;
    if (text.n != EMAIL_TOKEN || !email_setting(ch, "secret").n || !id_parse(sv_sub(text, 0, ID_TEXT), &id))
        return false;
    for (size_t i = 0; i < EMAIL_TOKEN; i++) /* some mail programs write addresses in capitals */
        low[i] = text.p[i] >= 'A' && text.p[i] <= 'Z' ? (char)(text.p[i] + 32) : text.p[i];
    email_token_make(ch, id, want);
    if (!ct_eq((struct sv){low, EMAIL_TOKEN}, (struct sv){want, EMAIL_TOKEN}))
        return false;
    *ret_out_id = id;
    return true;
}

bool email_token_of_id(const struct channel *ch, struct sv message_id, int64_t *ret_out_id)
{
    struct sv local, domain, own, own_domain;
    message_id = sv_trim(message_id);
    if (message_id.n > 2 && message_id.p[0] == '<' && sv_ends(message_id, SV(">")))
        message_id = sv_sub(message_id, 1, message_id.n - 2);
    email_own(ch, &own, &own_domain);
    return split(message_id, &local, &domain) && sv_ieq(domain, own_domain) && email_token_read(ch, local, ret_out_id);
}

/* "aide+rest@our.domain" → "rest", "other@our.domain" → "other" */
static struct sv named_part(const struct channel *ch, struct sv address, bool *ret_plus)
{
    struct sv local, domain, own, own_domain;
    *ret_plus = false;
    email_own(ch, &own, &own_domain);
    if (!split(address, &local, &domain) || !sv_ieq(domain, own_domain))
        return (struct sv){0};
    if (local.n > own.n && sv_ieq(sv_sub(local, 0, own.n), own) && (local.p[own.n] == '+' || local.p[own.n] == '-')) {
        *ret_plus = true;
        return sv_sub(local, own.n + 1, local.n);
    }
    return sv_ieq(local, own) ? (struct sv){0} : local;
}

bool email_token_of_address(const struct channel *ch, struct sv address, int64_t *ret_out_id)
{
    bool plus;
    struct sv part = named_part(ch, address, &plus);
    return plus && email_token_read(ch, part, ret_out_id);
}

struct sv email_place_of(const struct channel *ch, struct sv address)
{
    bool plus;
    struct sv part = named_part(ch, address, &plus), other, local;
    if (!plus && split(address, &local, &other)) /* "anything+ottawa@": an alias of ours */
        for (size_t i = 0; i < part.n; i++)
            if (part.p[i] == '+') {
                part = sv_sub(part, i + 1, part.n);
                break;
            }
    return part.n <= 60 ? part : (struct sv){0};
}
