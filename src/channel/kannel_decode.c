/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/unicode.h"
#include "channel/kannel.h"
#include "channel/setting_check.h"
#include "channel/sms.h"
#include "http/form.h"
#include "json/json.h"

enum { ID_MAX = 100, TEXT_BYTES_MAX = 8192 };

enum pw_err kannel_verify(const struct channel *ch, const struct chan_request *rq)
{
    struct sv rest = rq->query, piece, got = {0};
    while (sv_cut(&rest, '&', &piece))
        if (sv_starts(piece, SV("secret=")))
            got = sv_sub(piece, 7, piece.n);
    return secret_same(json_member_sv(ch->config, "secret"), got) ? PW_OK : PW_DENIED;
}

/* ---- texts ---- */

static size_t put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

static bool of_utf16be(struct arena *a, struct sv s, struct sv *ret)
{
    const unsigned char *p = (const unsigned char *)s.p;
    char *out = arena_alloc(a, 2 * s.n + 4, 1);
    size_t n = 0;
    if (!out || s.n % 2)
        return false;
    for (size_t i = 0; i < s.n; i += 2) {
        uint32_t c = (uint32_t)p[i] << 8 | p[i + 1];
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.n && (p[i + 2] & 0xfc) == 0xdc) {
            c = 0x10000 + ((c & 0x3ff) << 10) + (((uint32_t)p[i + 2] << 8 | p[i + 3]) & 0x3ff);
            i += 2;
        } else if (c >= 0xd800 && c < 0xe000) {
            c = 0xfffd; /* half a character */
        }
        n += put_utf8(out + n, c ? c : ' ');
    }
    *ret = (struct sv){out, n};
    return true;
}

static bool of_latin1(struct arena *a, struct sv s, struct sv *ret)
{
    char *out = arena_alloc(a, 2 * s.n + 1, 1);
    size_t n = 0;
    if (!out)
        return false;
    for (size_t i = 0; i < s.n; i++)
        n += put_utf8(out + n, (unsigned char)s.p[i] ? (unsigned char)s.p[i] : ' ');
    *ret = (struct sv){out, n};
    return true;
}

/* Kannel gives short-alphabet texts in UTF-8 and long-alphabet ones in UTF-16BE, and says which. */
static bool text_of(struct arena *a, const struct form *f, struct sv *ret)
{
    struct sv text = form_text(f, "text"), charset = form_text(f, "charset");
    if (text.n > TEXT_BYTES_MAX)
        return false;
    if (sv_ieq(charset, SV("UTF-16BE")) || (!charset.n && sv_eq_z(form_text(f, "coding"), "2")))
        return of_utf16be(a, text, ret);
    if (sv_ieq(charset, SV("ISO-8859-1")) || sv_ieq(charset, SV("WINDOWS-1252")) || !text_valid(text))
        return of_latin1(a, text, ret);
    *ret = text;
    return true;
}

/* ---- events ---- */

/* 1 delivered, 2 failed, 8 taken by the operator, 16 refused by it; 4 (still trying) tells nothing new. Of a text in
 * several parts only the first is reported. */
static enum pw_err report(const struct form *f, struct arena *a, struct chan_events *ret)
{
    struct sv out = form_text(f, "out"), dlr = form_text(f, "dlr");
    int64_t n = 0;
    if (out.n > ID_MAX || !setting_is_word(out) || !sv_int(dlr, &n))
        return PW_INVALID;
    if (n != 1 && n != 2 && n != 8 && n != 16)
        return PW_OK;
    ret->v[ret->n++] = (struct chan_event){.kind = CHAN_STATUS,
                                           .provider_id = arena_fmt(a, "dlr:%.*s:%lld", SV_ARG(out), (long long)n),
                                           .message_id = out,
                                           .status = n == 1   ? OUT_DELIVERED
                                                     : n == 8 ? OUT_SENT
                                                              : OUT_FAILED,
                                           .status_code = n == 2    ? SV("not-delivered")
                                                          : n == 16 ? SV("refused")
                                                                    : (struct sv){0}};
    return PW_OK;
}

enum pw_err kannel_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                          struct chan_events *ret)
{
    struct form f;
    ret->n = 0;
    PW_TRY(form_urlencoded(a, rq->query, &f));
    ret->reply = sms_silence(); /* whatever we said here would go back as a text */
    if (form_text(&f, "out").n)
        return report(&f, a, ret);
    struct chan_event e = {.kind = CHAN_MESSAGE, .private_chat = true, .user = form_text(&f, "from")};
    struct sv id = form_text(&f, "id");
    if (!id.n || id.n > ID_MAX || !text_valid(id))
        return PW_INVALID;
    if (!sms_number(ch, a, e.user, &e.user))
        return a->oom ? PW_UNAVAILABLE : PW_OK;
    if (!text_of(a, &f, &e.text))
        return a->oom ? PW_UNAVAILABLE : PW_INVALID;
    e.provider_id = arena_fmt(a, "sms:%.*s", SV_ARG(id));
    e.message_id = id;
    e.chat = e.user;
    ret->v[ret->n++] = e;
    return a->oom ? PW_UNAVAILABLE : PW_OK;
}
