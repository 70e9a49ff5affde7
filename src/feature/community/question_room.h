/* SPDX-License-Identifier: EUPL-1.2 */
/* question_room: what the actions on messages, questions and answers share. */
#ifndef PW_QUESTION_ROOM_H
#define PW_QUESTION_ROOM_H

#include "feature/community/community.h"

/* Timers of this room. */
#define TIMER_WARN SV("community.q75")
#define TIMER_DUE SV("community.due")
#define TIMER_RELEASE SV("community.release")
#define TIMER_KB_REVIEW SV("community.kb-review")

/* Makes the question of a message: clock, timers, history, event, notices. m is already stored. */
PW_MUST_CHECK enum pw_err question_begin(struct ctx *c, const struct community *com, const struct message *m,
                                         int64_t *ret_id);
/* Loads a question and its community for someone who may work on it: a moderator, or the specialist who has it. */
PW_MUST_CHECK enum pw_err need_question(struct ctx *c, int64_t id, struct question *ret, struct community *ret_com);
/* State change by the table of rules, saved, with its step, audit row and event. */
PW_MUST_CHECK enum pw_err question_move(struct ctx *c, struct question *q, enum question_act act, const char *step,
                                        int64_t other);
/* An answer that ends the wait at `at_ms`: state, time, timers. */
PW_MUST_CHECK enum pw_err question_counted(struct ctx *c, struct question *q, bool verified, int64_t at_ms,
                                           const char *step, int64_t other);
PW_MUST_CHECK enum pw_err question_timers_off(struct ctx *c, int64_t id);

/* After the community's clock changed: new times, ranks and timers for what is open. */
PW_MUST_CHECK enum pw_err questions_clock_again(struct ctx *c, const struct community *com);
/* Gives the open questions of an absent moderator that are past 75 % to the stand-in (SLA-8). */
PW_MUST_CHECK enum pw_err questions_to_stand_in(struct ctx *c, const struct community *com, int64_t absent_person);
/* At 75 %: mark, and reassign when whoever has it, or everybody, is away. */
PW_MUST_CHECK enum pw_err question_warn(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err question_overdue(struct ctx *c, int64_t id);

/* A member's answer stands unverified until a moderator looks (MOD-9). m is already stored. */
PW_MUST_CHECK enum pw_err answer_by_member(struct ctx *c, const struct community *com, struct question *q,
                                           const struct message *m);
/* Where a message was written, when not on our pages. */
struct origin {
    int64_t channel_id; /* 0 = web */
    struct sv kind, chat, provider_message;
};
/* A moderator's or specialist's answer, checked and stored; held until opening when it must be. One that was already
 * said on a platform is never held. */
PW_MUST_CHECK enum pw_err answer_by_staff(struct ctx *c, const struct community *com, struct question *q,
                                          const struct answer_new *n, const struct origin *from,
                                          struct answer_made *ret);
/* The asker reads it in the product, too. */
PW_MUST_CHECK enum pw_err question_looked_into(struct ctx *c, const struct community *com, const struct question *q);
/* A reply whose opening time has come goes out; the answer counts from then (SLA-5). */
PW_MUST_CHECK enum pw_err held_release(struct ctx *c, int64_t message_id);
/* Sends a stored message to where its reader is: the group, or the one person of its thread. */
PW_MUST_CHECK enum pw_err message_send(struct ctx *c, const struct community *com, const struct message *m,
                                       int64_t thread_person, int64_t except_channel, struct sv except_chat);
/* One word a closed spell that the clock starts later (SLA-5). */
PW_MUST_CHECK enum pw_err hours_notice(struct ctx *c, const struct community *com, int64_t person_id,
                                       const struct question *q);

#endif
