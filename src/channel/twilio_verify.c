/* SPDX-License-Identifier: EUPL-1.2 */
/* Who really calls: X-Twilio-Signature over the public address and what was posted. */
#include <sodium.h>
#include <stdlib.h>

#include "base/b64.h"
#include "base/buf.h"
#include "base/sha1.h"
#include "channel/setting_check.h"
#include "channel/twilio.h"
#include "http/form.h"
#include "json/json.h"

enum { SIGNED_MAX = 1024 * 1024, SCRATCH = 4 * 1024 * 1024, HASH_HEX = 64 };

static int by_name_and_value(const void *x, const void *y)
{
    const struct form_pair *a = x, *b = y;
    int order = sv_cmp(a->name, b->name);
    return order ? order : sv_cmp(a->value, b->value);
}

enum pw_err twilio_signature(struct arena *a, struct sv token, struct sv url, struct sv form_body, struct sv *ret)
{
    struct form f;
    struct buf all, text;
    unsigned char mac[SHA1_BYTES];
    PW_TRY(form_urlencoded(a, form_body, &f));
    if (f.n)
        qsort(f.v, f.n, sizeof *f.v, by_name_and_value);
    buf_init(&all, SIGNED_MAX);
    buf_init(&text, SHA1_BYTES * 2);
    buf_add(&all, url);
    for (size_t i = 0; i < f.n; i++) {
        if (i && by_name_and_value(&f.v[i], &f.v[i - 1]) == 0)
            continue;
        buf_add(&all, f.v[i].name);
        buf_add(&all, f.v[i].value);
    }
    hmac_sha1(token, buf_sv(&all), mac);
    b64_encode(&text, (struct sv){(const char *)mac, sizeof mac});
    bool ok = buf_ok(&all) && buf_ok(&text);
    if (ok)
        *ret = arena_sv(a, buf_sv(&text));
    buf_finish(&all);
    buf_finish(&text);
    return ok ? PW_OK : PW_INVALID;
}

size_t twilio_addresses(struct arena *a, struct sv url, struct sv ret[3])
{
    struct sv scheme = sv_starts(url, SV("https://"))  ? SV("https://")
                       : sv_starts(url, SV("http://")) ? SV("http://")
                                                       : (struct sv){0};
    ret[0] = url;
    if (!scheme.n)
        return 1;
    size_t host = scheme.n, end = host, colon = 0;
    bool inside = false; /* of [an IPv6 address] */
    for (; end < url.n && url.p[end] != '/' && url.p[end] != '?'; end++) {
        inside = url.p[end] == '[' || (inside && url.p[end] != ']');
        if (url.p[end] == ':' && !inside)
            colon = end;
    }
    struct sv before = sv_sub(url, 0, colon ? colon : end), after = sv_sub(url, end, url.n);
    ret[1] = arena_join(a, before, after);
    ret[2] = arena_fmt(a, "%.*s%s%.*s", SV_ARG(before), scheme.n == 8 ? ":443" : ":80", SV_ARG(after));
    return 3;
}

static struct sv body_hash_of(struct sv query)
{
    struct sv rest = query, piece;
    while (sv_cut(&rest, '&', &piece))
        if (sv_starts(piece, SV("bodySHA256=")))
            return sv_sub(piece, 11, piece.n);
    return (struct sv){0};
}

static bool hash_fits(struct sv body, struct sv want)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char hex[HASH_HEX + 1];
    crypto_hash_sha256(hash, (const unsigned char *)(body.p ? body.p : ""), body.n);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return secret_same((struct sv){hex, HASH_HEX}, want);
}

enum pw_err twilio_verify(const struct channel *ch, const struct chan_request *rq)
{
    struct sv token = json_member_sv(ch->config, "token"), got = rq->header(rq->self, "X-Twilio-Signature");
    struct sv hash = body_hash_of(rq->query), urls[3], want;
    if (!token.n || !got.n)
        return PW_DENIED;
    if (hash.n && !hash_fits(rq->body, hash))
        return PW_DENIED;
    struct arena a;
    arena_init(&a, SCRATCH);
    bool same = false;
    size_t n = twilio_addresses(&a, rq->url, urls);
    for (size_t i = 0; i < n; i++) /* all of them: the time says nothing about which one fits */
        if (twilio_signature(&a, token, urls[i], hash.n ? (struct sv){0} : rq->body, &want) == PW_OK)
            same |= secret_same(want, got);
    arena_finish(&a);
    return same ? PW_OK : PW_DENIED;
}
