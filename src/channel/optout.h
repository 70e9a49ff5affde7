/* SPDX-License-Identifier: EUPL-1.2 */
/* optout: the words by which anybody stops what a number sends, and who did (channels.md §1 rule 9). On channels that
 * cost by the part (CAP_METERED) STOP, ARRÊT, HELP, AIDE, INFO and their like count whatever the programme is and
 * whoever writes them, and are answered in the language of the word. Owns table channel_optout: addresses lie sealed.
 */
#ifndef PW_OPTOUT_H
#define PW_OPTOUT_H

#include "core/ctx.h"

enum optout_act { OPTOUT_NONE, OPTOUT_STOP, OPTOUT_START, OPTOUT_HELP };
struct optout_word {
    enum optout_act means;
    struct sv word; /* "stop", "arret", … */
    struct sv lang; /* "fr", "en", "ar"; empty for INFO, which is said in several */
};
/* The whole text is such a word: trimmed, without case, accents and marks around it. Pure. */
struct optout_word optout_word_of(struct arena *a, struct sv text);

/* Notes that the address wants nothing more; a second time keeps the first note. */
PW_MUST_CHECK enum pw_err optout_note(struct ctx *c, int64_t channel_id, struct sv address,
                                      const struct optout_word *word);
PW_MUST_CHECK enum pw_err optout_end(struct ctx *c, int64_t channel_id, struct sv address); /* START; none is PW_OK */
PW_MUST_CHECK enum pw_err optout_has(struct ctx *c, int64_t channel_id, struct sv address, bool *ret);

#endif
