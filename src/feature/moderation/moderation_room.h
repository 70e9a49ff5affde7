/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation_room: what the files of this room share with each other and with nobody else. */
#ifndef PW_MODERATION_ROOM_H
#define PW_MODERATION_ROOM_H

#include "feature/moderation/moderation.h"

/* A community whose messages the actor may take away and whose members they may sanction: its moderators and
 * administrators (MOD-12). Errors as need_moderate(). */
PW_MUST_CHECK enum pw_err need_keeper_of(struct ctx *c, int64_t community_id, struct community *ret);
/* The same transaction in the name of the community: warnings come from it, not from one moderator. */
struct ctx as_community(const struct ctx *c);
/* The community as the system sees it: for people who may no longer see it themselves. */
PW_MUST_CHECK enum pw_err community_anyway(struct ctx *c, int64_t id, struct community *ret);
struct sv category_words(struct ctx *c, struct sv lang, struct sv code);
struct sv item_path(struct ctx *c, int64_t item_id);
struct sv decisions_path(struct ctx *c, const struct community *com);

void urgent_listen(void); /* hears calls for help on channels */

/* A private word from the community to a member, in the thread and on the person's channel. */
PW_MUST_CHECK enum pw_err private_word(struct ctx *c, const struct community *com, int64_t person_id, struct sv text);

bool holds_person(const int64_t *v, size_t n, int64_t person);

/* Puts an item into the queue: who may see it, its clock, the alerts. it->id and times are set here. */
PW_MUST_CHECK enum pw_err item_begin(struct ctx *c, const struct community *com, struct mod_item *it);
/* Loads an open item that this actor may decide. */
PW_MUST_CHECK enum pw_err need_item(struct ctx *c, int64_t id, struct mod_item *ret, struct community *ret_com);
PW_MUST_CHECK enum pw_err item_close(struct ctx *c, const struct community *com, const struct mod_item *it,
                                     enum mod_item_state to, struct sv reason);
/* All open reports about a message are answered when something was done about it. */
PW_MUST_CHECK enum pw_err reports_answered(struct ctx *c, const struct community *com, int64_t message_id);
/* The on-call persons whose hours it is, else all of them, else moderators and owners; never `but`, nor who has no role
 * there any more. */
PW_MUST_CHECK enum pw_err alert_oncall(struct ctx *c, const struct community *com, const char *msgid,
                                       struct sv category, struct sv path, int64_t but);

/* Takes back what an action caused; the right was checked. item: the appeal, 0 = none. */
PW_MUST_CHECK enum pw_err undo_action(struct ctx *c, const struct community *com, const struct mod_action *a,
                                      int64_t item_id);

/* A post was made of a member's private message: if it was an offer, it is decided. */
PW_MUST_CHECK enum pw_err opportunity_taken_up(struct ctx *c, int64_t message_id);

/* ---- automatic rules (auto_rules.h) ---- */

/* Before a message is shown: marks what a rule saw, above the marks of personal words. *io_hide when it is held. */
enum { AUTO_MARK = 16 };
PW_MUST_CHECK enum pw_err automatic_before(struct ctx *c, struct words_said *w, const struct mod_settings *set,
                                           bool *io_hide);
/* After it was kept: the sanction with its cause, the item to review, a word to the person. */
PW_MUST_CHECK enum pw_err automatic_after(struct ctx *c, const struct words_said *w, const struct message *m);
/* Refuses while the door is shut. */
PW_MUST_CHECK enum pw_err automatic_joining(struct ctx *c, const struct community *com);
/* Somebody asked to join, or came: is it a wave? */
PW_MUST_CHECK enum pw_err automatic_look_at_joins(struct ctx *c, int64_t community_id);
/* The item of an automatic act that was taken back otherwise. */
PW_MUST_CHECK enum pw_err automatic_taken_back(struct ctx *c, const struct community *com, int64_t action_id);
void automatic_text_write(struct ctx *c, const struct auto_set *s, struct buf *out);
PW_MUST_CHECK enum pw_err automatic_text_read(struct ctx *c, int64_t community_id, struct sv key, struct sv value,
                                              bool *ret_known);
void moderation_put(struct buf *out, const char *key, struct sv value); /* "key = value" of a design */

/* What of a person's guarded names stands in these folded words. */
PW_MUST_CHECK enum pw_err guarded_in(struct ctx *c, int64_t person_id, struct sv folded, bool *ret);
PW_MUST_CHECK enum pw_err guarded_forget(struct db *db, int64_t person_id); /* the person was erased */
/* "a phone number, an address", in that language. */
struct sv personal_words(struct ctx *c, struct sv lang, unsigned kinds);

#endif
