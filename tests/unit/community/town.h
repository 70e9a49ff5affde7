/* SPDX-License-Identifier: EUPL-1.2 */
/* town: one community with its people, for the tests of the community room: an owner organisation, an administrator,
 * two moderators, three members, Monday to Friday 9-17 in Calgary, 24 h deferred, French and Arabic. The engine of
 * later is there too, so that timers run when the test says so. */
#ifndef PW_TEST_TOWN_H
#define PW_TEST_TOWN_H

#include "feature/community/community.h"
#include "lib/ctxfix.h"
#include "work/work.h"

struct town {
    struct ctxfix f;
    struct community_host host;
    struct work *work;
    int64_t org, com;
    int64_t admin, mod, mod2, amal, badi, noor; /* persons */
    const struct actor *as_admin, *as_mod, *as_mod2, *as_amal, *as_badi, *as_noor;
    int64_t guidelines; /* version in force */
};
struct town_plan { /* what differs from the usual town; empty = usual */
    struct sv zone, hours, calendar, languages, mode, visibility, moderation, clock_mode;
    int64_t standard, limit;
    bool no_promise;
    void (*tables)(struct ctxfix *f); /* of features whose parts are called from the beginning */
};
void town_open(struct town *t, const struct town_plan *plan);
void town_close(struct town *t);

int64_t at(const char *rfc3339);                /* "2026-02-12T14:20-07:00" */
void town_time(struct town *t, const char *at); /* moves the clock and runs the timers that are due */
void town_as(struct town *t, const struct actor *a);
int64_t town_ask(struct town *t, const struct actor *who, const char *words); /* public, with the ask form */
struct question town_question(struct town *t, int64_t id);
struct message_made town_say(struct town *t, const struct actor *who, const char *words, int64_t reply_to);
int64_t town_answers(struct town *t, int64_t question, struct answer **ret);
bool town_notice(struct town *t, int64_t person, const char *msgid); /* newest notice of that person? */
int64_t town_notices(struct town *t, int64_t person, const char *msgid);
/* Joins and is accepted. */
enum membership_state town_join(struct town *t, const struct actor *who, int64_t person);
extern const struct answer_new town_plain, town_sourced; /* "Au centre." without and with a source */
struct answer_made town_answer(struct town *t, const struct actor *who, int64_t question, struct answer_new n);
/* How many messages with these words the conversation shows this person. */
int64_t town_shown(struct town *t, const struct actor *who, const char *part);
/* A Telegram group that belongs to the community; its channel's id. */
int64_t town_telegram(struct town *t, const char *chat);
/* What waits to be sent, oldest first, opened. */
size_t town_outbox(struct town *t, struct chan_send *v, size_t max);
bool sv_has(struct sv s, const char *part);

int town_set_up(void **state);         /* the usual town */
int town_set_up_members(void **state); /* with Amal and Badi as members */
int town_tear_down(void **state);

#endif
