/* SPDX-License-Identifier: EUPL-1.2 */
/* join_talk: asking to join from inside an app or by text, in a private chat: guidelines shown and accepted (by a
 * button, or by "yes" where there are none), then the screening questions one by one, then the request like any other
 * (MSG-6, EQ-1). Owns table join_talk. */
#ifndef PW_JOIN_TALK_H
#define PW_JOIN_TALK_H

#include "feature/community/community.h"

/* Starts, or starts again: shows the guidelines and asks to accept them. invitation: the code that was shown, or empty.
 */
PW_MUST_CHECK enum pw_err join_talk_begin(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                          const struct community *com, int64_t person_id, struct sv lang,
                                          struct sv invitation);
/* The language as the app tells it; nobody told us: Arabic letters do, where the community speaks it (com may be NULL).
 */
struct sv talk_lang(const struct chan_event *e, const struct community *com);
/* A word or a button in a private chat of someone who is asking to join. ret_used false: no talk is going on. */
PW_MUST_CHECK enum pw_err join_talk_hear(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                         int64_t person_id, bool *ret_used);

/* Two machines that answer each other must come to an end: the same is said once a day. what: names it. */
PW_MUST_CHECK enum pw_err talk_once_a_day(struct ctx *c, const struct channel *ch, const struct chan_event *e,
                                          int64_t person_id, const char *what, struct sv text);
bool says_yes(struct ctx *c, struct sv text); /* "yes", "oui", "نعم" … and nothing else */
/* Nothing more is asked of this person here. */
PW_MUST_CHECK enum pw_err join_talk_end(struct ctx *c, int64_t channel_id, int64_t person_id);

#endif
