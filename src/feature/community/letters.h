/* SPDX-License-Identifier: EUPL-1.2 */
/* letters: what is particular to channels where one address serves several communities and anybody may write in
 * anybody's name (e-mail): which community is meant, the question that comes before its writer is a member, the whole
 * of a mail that was cut, ending by the link at the foot. Owns tables first_words, message_whole. */
#ifndef PW_LETTERS_H
#define PW_LETTERS_H

#include "channel/channel.h"
#include "feature/community/community.h"

bool is_letters(const struct channel *ch);
/* By the message that it answers, else by the name that was written to. PW_NOT_FOUND: it names none. */
PW_MUST_CHECK enum pw_err letters_community(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                            int64_t *ret_community);
/* A mail mostly begins with the question. It waits, sealed, until its writer is a member, and is then asked. */
PW_MUST_CHECK enum pw_err first_words_keep(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                           int64_t person_id);
PW_MUST_CHECK enum pw_err first_words_ask(struct ctx *c, const struct community *com, const struct membership *m);
PW_MUST_CHECK enum pw_err whole_keep(struct ctx *c, int64_t message_id, int64_t person_id, struct sv text);

#endif
