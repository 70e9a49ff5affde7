/* SPDX-License-Identifier: EUPL-1.2 */
/* org: organisations of the network, among them "solo" organisers: a volunteer without any organisation (PPL-7).
 * Also the settings of the installation, key by key. Owns tables organisation, setting. */
#ifndef PW_ORG_H
#define PW_ORG_H

#include "core/ctx.h"

enum org_kind {
    ORG_AGENCY,
    ORG_UMBRELLA,
    ORG_HUB,
    ORG_PARTNERSHIP,
    ORG_SCHOOL,
    ORG_FUNDER,
    ORG_SOLO,
    ORG_OTHER,
    ORG__MAX
};
const char *org_kind_name(enum org_kind k);  /* "agency": stable code */
const char *org_kind_label(enum org_kind k); /* message id */
struct org {
    int64_t id, created_ms;
    enum org_kind kind;
    struct sv name, url, lang;
};
PW_MUST_CHECK enum pw_err org_create(struct ctx *c, const struct org *o, int64_t *ret_id);
PW_MUST_CHECK enum pw_err org_set(struct ctx *c, int64_t id, const struct org *o);
PW_MUST_CHECK enum pw_err org_get(struct ctx *c, int64_t id, struct org *ret);
PW_MUST_CHECK enum pw_err org_list(struct ctx *c, struct org **ret, size_t *ret_n);

/* "" when unset. Keys: network.name, network.lang, demo, privacy.contact, … */
PW_MUST_CHECK enum pw_err setting_get(struct ctx *c, const char *key, struct sv *ret);
PW_MUST_CHECK enum pw_err setting_set(struct ctx *c, const char *key, struct sv value); /* audited */

#endif
