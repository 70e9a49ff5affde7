/* SPDX-License-Identifier: EUPL-1.2 */
/* consent: what a person agreed to, per purpose and recipient, with the exact text version and language (CNS-1, CNS-2).
 * Withdrawal works at once. Owns table consent. */
#ifndef PW_CONSENT_H
#define PW_CONSENT_H

#include "core/ctx.h"

enum consent_purpose {
    CONSENT_SERVICE,
    CONSENT_SHARE_ORG,
    CONSENT_RESEARCH,
    CONSENT_QUOTE,
    CONSENT_PLATFORM,
    CONSENT__MAX
};
enum consent_method { METHOD_SIGNATURE, METHOD_RECORDED_VOICE, METHOD_WITNESSED, METHOD_ONLINE, METHOD__MAX };
struct consent {
    int64_t id, person_id, doc_id, doc_version, recipient_org /* 0 = none */, given_ms, expires_ms, withdrawn_ms,
        staff_person;
    enum consent_purpose purpose;
    enum consent_method method;
    struct sv lang;
};
PW_MUST_CHECK enum pw_err consent_give(struct ctx *c, const struct consent *n, int64_t *ret_id);
PW_MUST_CHECK enum pw_err consent_withdraw(struct ctx *c, int64_t id);
/* PW_OK and the consent's id when one is in force now; PW_DENIED otherwise. Every use cites that id. */
PW_MUST_CHECK enum pw_err consent_check(struct ctx *c, int64_t person_id, enum consent_purpose p, int64_t recipient_org,
                                        int64_t *ret_id);
PW_MUST_CHECK enum pw_err consent_list(struct ctx *c, int64_t person_id, struct consent **ret, size_t *ret_n);

#endif
