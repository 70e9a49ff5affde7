/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/sms.h"

#include "json/json.h"

enum { MESSAGES_MAX = 10, PRICE_MAX = 12 };

const struct chan_choice sms_marks[] = {
    {"plain", N_("Plain ones where that saves parts: ’ becomes ', « becomes \"")},
    {"keep", N_("As they were written")},
    {0},
};

bool sms_number_ok(struct sv number)
{
    struct sv digits = number.n && number.p[0] == '+' ? sv_sub(number, 1, number.n) : number;
    if (digits.n < 2 || digits.n > SMS_NUMBER_MAX)
        return false;
    for (size_t i = 0; i < digits.n; i++)
        if (digits.p[i] < '0' || digits.p[i] > '9')
            return false;
    return true;
}

bool sms_plain_marks(const struct channel *ch)
{
    return !sv_eq_z(json_member_sv(ch->config, "marks"), "keep");
}

/* ---- price ---- */

/* "0.0079" → 7900 millionths; false when it is not such a number. */
static bool price_of(struct sv text, int64_t *ret_micro)
{
    struct sv fraction = text, whole = {0};
    int64_t units = 0, parts = 0;
    if (!text.n || text.n > PRICE_MAX || !sv_cut(&fraction, '.', &whole) || !sv_int(whole, &units) || units < 0)
        return false;
    if (fraction.p && (fraction.n == 0 || fraction.n > 6 || !sv_int(fraction, &parts) || parts < 0))
        return false;
    for (size_t i = fraction.n; i < 6; i++)
        parts *= 10;
    *ret_micro = units * 1000000 + parts;
    return true;
}

static bool currency_ok(struct sv s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < 'A' || s.p[i] > 'Z')
            return false;
    return s.n == 0 || s.n == 3;
}

enum pw_err sms_check_settings(const json_t *config, struct problems *ps)
{
    struct sv price = json_member_sv(config, "price"), marks = json_member_sv(config, "marks");
    int64_t micro;
    enum pw_err e = PW_OK;
    if (!sms_country_ok(json_member_sv(config, "country")))
        e = problem_add(ps, "country", N_("Give the calling code, one to three digits: 1 for Canada, 33 for France."));
    if (price.n && !price_of(price, &micro))
        e = problem_add(ps, "price", N_("Write a number such as 0.0079."));
    if (!currency_ok(json_member_sv(config, "currency")))
        e = problem_add(ps, "currency", N_("Write three capital letters, such as CAD."));
    if (marks.n && !sv_eq_z(marks, "plain") && !sv_eq_z(marks, "keep"))
        e = problem_add(ps, "marks", N_("Choose one of the list."));
    return e;
}

void sms_measure(const struct channel *ch, struct arena *a, struct sv text, struct chan_measure *ret)
{
    int64_t micro = 0;
    struct sv rest = text;
    *ret = (struct chan_measure){.alphabet = N_("short alphabet (GSM-7)")};
    while (rest.n) {
        struct sms_text t;
        sms_prepare(a, sms_cut(a, &rest, sms_plain_marks(ch), SMS_MESSAGE_PARTS), sms_plain_marks(ch), &t);
        ret->parts += t.parts;
        if (t.alphabet == SMS_UCS2)
            ret->alphabet = N_("long alphabet (Unicode)");
    }
    if (price_of(json_member_sv(ch->config, "price"), &micro)) {
        ret->cost_micro = micro * ret->parts;
        ret->currency = json_member_sv(ch->config, "currency");
    }
}

/* ---- sending ---- */

void sms_send(struct sms_job *j, const struct chan_send *s, sms_one one, struct send_result *ret)
{
    bool plain = sms_plain_marks(j->ch);
    struct sv rest = sv_trim(s->text), first = {0};
    size_t n = 0;
    if (s->op == OP_DELETE) { /* what stands on a telephone stays there */
        send_refuse(ret, SV("cannot-take-back"));
        return;
    }
    if (s->op != OP_TEXT && s->op != OP_FILE) {
        send_refuse(ret, SV("unknown-op"));
        return;
    }
    if (!sms_number(j->ch, j->a, j->to, &j->to)) {
        send_refuse(ret, SV("bad-number"));
        return;
    }
    if (!rest.n) {
        send_refuse(ret, s->op == OP_FILE ? SV("no-files-here") : SV("empty"));
        return;
    }
    for (; rest.n; n++) {
        struct sms_text t;
        if (n == MESSAGES_MAX) {
            *ret = (struct send_result){.cls = SEND_IN_DOUBT, .code = SV("too-long")};
            return;
        }
        sms_prepare(j->a, sms_cut(j->a, &rest, plain, SMS_MESSAGE_PARTS), plain, &t);
        struct send_result r = {0};
        j->report = n == 0; /* the outbox knows one id */
        one(j, &t, &r);
        if (r.cls != SEND_OK && n > 0 && r.cls != SEND_BLOCKED) {
            *ret = (struct send_result){
                .cls = SEND_IN_DOUBT, .provider_id = first, .code = arena_fmt(j->a, "partial-%zu", n)};
            return;
        }
        if (r.cls != SEND_OK) {
            *ret = r;
            return;
        }
        if (!n)
            first = r.provider_id;
    }
    *ret = (struct send_result){.cls = SEND_OK, .provider_id = first};
}

struct chan_reply sms_silence(void)
{
    return (struct chan_reply){.status = 200, .type = SV("text/plain; charset=utf-8")};
}
