/* SPDX-License-Identifier: EUPL-1.2 */
/* community_room: what the files of this room share with each other and with nobody else. What features that stand on
 * communities use too is in community_kit.h. */
#ifndef PW_COMMUNITY_ROOM_H
#define PW_COMMUNITY_ROOM_H

#include "feature/community/community_kit.h"

/* ---- words ---- */

const struct community_host *community_host(void); /* never NULL */

/* ---- the clock ---- */

struct question_times {
    bool promised;
    int64_t start_ms, warn_ms, due_ms;
};
/* The settings as worktime wants them; the calendar and its edits live in the arena. PW_INVALID with problems named
 * "zone", "hours", "calendar", "calendar_edits", "standard_hours". */
PW_MUST_CHECK enum pw_err clock_of(struct ctx *c, const struct community *com, struct worktime *ret);
PW_MUST_CHECK enum pw_err times_of(struct ctx *c, const struct community *com, int64_t received_ms,
                                   struct question_times *ret);
/* When a staff reply may go out: 0 = now, else the opening moment (SLA-5). */
PW_MUST_CHECK enum pw_err hold_until(struct ctx *c, const struct community *com, bool urgent, int64_t *ret_ms);

/* ---- windows of apps ---- */

/* What an app lets us send to this person now (channel/window.h). Nothing applies to who is reached elsewhere. */
PW_MUST_CHECK enum pw_err window_of_person(struct ctx *c, const struct community *com, int64_t person_id,
                                           struct chan_window *ret);
/* An answer waits because the app's window is shut and no template asks the person: the moderators learn it. */
PW_MUST_CHECK enum pw_err answer_waits(struct ctx *c, int64_t message_id);

/* ---- what other features registered ---- */

enum hears { HEAR_PRIVATE, HEAR_GROUP, HEAR_FIRST };
PW_MUST_CHECK enum pw_err ears_ask(enum hears hears, struct ctx *c, const struct community *com, int64_t person_id,
                                   const struct channel *ch, const struct chan_event *e, bool *ret_used);

PW_MUST_CHECK enum pw_err community_gates_ask(struct ctx *c, const struct community *com, enum community_status to);
PW_MUST_CHECK enum pw_err thread_gates_ask(struct ctx *c, const struct community *com, int64_t person_id);

/* PW_INVALID (field "topic") when the community does not offer it. */
PW_MUST_CHECK enum pw_err topic_check(struct ctx *c, int64_t community_id, struct sv code);

/* ---- checks of other features (community_check.c) ---- */

PW_MUST_CHECK enum pw_err check_before(struct ctx *c, struct words_said *w, bool *ret_hide);
PW_MUST_CHECK enum pw_err check_after(struct ctx *c, const struct words_said *w, const struct message *m);
PW_MUST_CHECK enum pw_err check_join(struct ctx *c, const struct community *com, int64_t person_id);

const struct community_text_part *const *text_parts(size_t *ret_n);

/* Who chose this at the door is a member now. */
PW_MUST_CHECK enum pw_err join_chosen(struct ctx *c, const struct community *com, int64_t person_id, struct sv code);

/* ---- messages ---- */

/* By the registered publisher, else post_put(). */
PW_MUST_CHECK enum pw_err community_publish(struct ctx *c, const struct community *com, int64_t author,
                                            const struct message_new *n, int64_t *ret_message);

/* What guests say of them, when they are public. */
PW_MUST_CHECK enum pw_err messages_dress(struct ctx *c, struct message *v, size_t n);
/* How their words were passed on, for staff (struct message.through). */
PW_MUST_CHECK enum pw_err messages_through(struct ctx *c, struct message *v, size_t n);
/* Where the mark is corrected: of words that have one or were entered by hand, for who works there; else empty. */
struct sv through_path(struct ctx *c, const struct community *com, const char *object, int64_t id, struct sv said,
                       struct sv channel_kind);
PW_MUST_CHECK enum pw_err through_words(struct ctx *c, const char *object, const int64_t *ids, size_t n,
                                        struct sv *ret);

/* message_post() for a caller who read the community in this transaction and perhaps the author's membership in it
 * (NULL: it is looked for). */
PW_MUST_CHECK enum pw_err message_post_in(struct ctx *c, const struct community *com, const struct membership *author,
                                          const struct message_new *n, struct message_made *ret);

/* ---- texts that come in ---- */

int64_t number_said(struct ctx *c, struct sv text); /* "2", "٢", "2." → 2; -1: no number alone */

struct keyword_hit {
    int64_t community_id;
    struct sv lang, rest; /* what follows the word */
};
/* The text begins with the word of a community that uses this channel; PW_NOT_FOUND otherwise. */
PW_MUST_CHECK enum pw_err keyword_match(struct ctx *c, int64_t channel_id, struct sv text, struct keyword_hit *ret);

#endif
