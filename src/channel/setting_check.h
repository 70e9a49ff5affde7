/* SPDX-License-Identifier: EUPL-1.2 */
/* setting_check: what drivers ask of the settings an operator gives, and how they compare secrets. Pure. */
#ifndef PW_SETTING_CHECK_H
#define PW_SETTING_CHECK_H

#include "base/sv.h"

bool setting_is_word(struct sv s); /* letters, digits, '_' and '-' only; also empty */
/* An address of a service: https, or plain http on this very machine, since secrets travel there. Empty is fine. */
bool setting_is_base(struct sv base);
/* Constant in time, also in the lengths. An empty secret is like nothing. */
bool secret_same(struct sv want, struct sv got);

#endif
