/* SPDX-License-Identifier: EUPL-1.2 */
/* One way to write a telephone number: E.164, "+" and 8 to 15 digits (ITU-T E.164 §6). Gateways and providers give the
 * same number with and without "+", in the form of the country or of international calls; without this each form would
 * be a person of its own. Decision 0019 says why no larger library. */
#include "channel/sms.h"

#include "json/json.h"

enum { DIGITS_MIN = 8, DIGITS_MAX = 15, SHORT_CODE_MAX = 6, CODE_MAX = 3, NATIONAL_NANP = 10, NATIONAL_MIN = 7 };

/* The calling code of the channel's country. */
static struct sv country_of(const struct channel *ch)
{
    struct sv code = json_member_sv(ch->config, "country");
    return code.n ? code : SV("1");
}

bool sms_country_ok(struct sv code)
{
    for (size_t i = 0; i < code.n; i++)
        if (code.p[i] < '0' || code.p[i] > '9')
            return false;
    return code.n <= CODE_MAX && !sv_starts(code, SV("0"));
}

/* The digits of a number; spaces, dots, hyphens, slashes and brackets are how people write it. */
static bool digits_of(struct sv given, char out[SMS_NUMBER_MAX], struct sv *ret, bool *ret_plus)
{
    size_t n = 0;
    given = sv_trim(given);
    *ret_plus = sv_starts(given, SV("+"));
    for (size_t i = *ret_plus; i < given.n; i++) {
        char c = given.p[i];
        if (c == ' ' || c == '.' || c == '-' || c == '/' || c == '(' || c == ')')
            continue;
        if (c < '0' || c > '9' || n == SMS_NUMBER_MAX)
            return false;
        out[n++] = c;
    }
    *ret = (struct sv){out, n};
    return n >= 2;
}

/* Digits without "+" as an international number; empty when they do not tell. */
static struct sv international(struct arena *a, struct sv d, struct sv country)
{
    bool nanp = sv_eq_z(country, "1");
    struct sv abroad = nanp ? SV("011") : SV("00");
    if (sv_starts(d, abroad))
        return sv_sub(d, abroad.n, d.n);
    if (nanp)
        return d.n == NATIONAL_NANP && d.p[0] >= '2' ? arena_join(a, country, d)
               : d.n > NATIONAL_NANP                 ? d
                                                     : (struct sv){0};
    if (d.p[0] == '0') /* the trunk prefix; Italy dials it from abroad, too */
        return d.n > NATIONAL_MIN ? arena_join(a, country, sv_sub(d, sv_eq_z(country, "39") ? 0 : 1, d.n))
                                  : (struct sv){0};
    if (sv_starts(d, country) && d.n >= country.n + DIGITS_MIN)
        return d;
    if (d.n > NATIONAL_NANP)
        return d;
    return d.n >= NATIONAL_MIN ? arena_join(a, country, d) : (struct sv){0};
}

bool sms_number(const struct channel *ch, struct arena *a, struct sv given, struct sv *ret)
{
    char kept[SMS_NUMBER_MAX];
    struct sv digits;
    bool plus;
    if (!digits_of(given, kept, &digits, &plus))
        return false; /* a name: no person, nobody to answer */
    struct sv whole = plus                         ? digits
                      : digits.n <= SHORT_CODE_MAX ? (struct sv){0}
                                                   : international(a, digits, country_of(ch));
    if (whole.n > DIGITS_MAX || digits.n > DIGITS_MAX + 3)
        return false;
    bool known = whole.n >= DIGITS_MIN && whole.p[0] != '0';
    *ret = known  ? arena_fmt(a, "+%.*s", SV_ARG(whole))
           : plus ? arena_fmt(a, "+%.*s", SV_ARG(digits))
                  : arena_sv(a, digits);
    return true;
}
