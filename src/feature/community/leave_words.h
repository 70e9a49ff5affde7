/* SPDX-License-Identifier: EUPL-1.2 */
/* leave_words: does somebody ask to be taken off (MSG-17)? Pure; French, English and Arabic. */
#ifndef PW_LEAVE_WORDS_H
#define PW_LEAVE_WORDS_H

#include "base/arena.h"

/* The whole text asks for nothing else: "please take me off", "retirez-moi du groupe, merci". Acted upon in private. */
bool text_leaves(struct arena *a, struct sv text);
/* Somewhere it may ask for it: shown to a moderator, never acted upon. folded: text_fold() of the text. */
bool folded_may_leave(struct arena *a, struct sv folded);

#endif
