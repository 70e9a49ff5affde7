/* SPDX-License-Identifier: EUPL-1.2 */
/* personal: does a text hold what should not stand in public: a phone number, a file or document number, an address, an
 * e-mail address, words about one's health (CNS-6)? Pure. Meant to be right when it speaks: public lines (211, 911,
 * 1-800 …), dates, times, prices and bus numbers are none of these; a street or a health word counts only beside words
 * that say "my", "I live", "my son". Numbers count in any script's digits. */
#ifndef PW_PERSONAL_H
#define PW_PERSONAL_H

#include "base/arena.h"
#include "base/err.h"

enum personal_kind {
    PERSONAL_PHONE = 1,
    PERSONAL_DOCUMENT = 2, /* IUC/UCI, application, SIN, health card, passport, file number */
    PERSONAL_ADDRESS = 4,
    PERSONAL_EMAIL = 8,
    PERSONAL_HEALTH = 16,
    PERSONAL_NAME = 32, /* a guarded name: found by guard_actions.c, never here */
    PERSONAL__ALL = 63
};
unsigned personal_in_folded(struct sv folded);    /* text_fold() of the text */
const char *personal_label(enum personal_kind k); /* message id: "a phone number" */

#endif
