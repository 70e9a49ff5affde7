/* SPDX-License-Identifier: EUPL-1.2 */
/* press: the town of the community tests with the tables and timers of publishing, people on one-to-one channels, and a
 * provider that notes what it is given. */
#ifndef PW_TEST_PRESS_H
#define PW_TEST_PRESS_H

#include "feature/publishing/publishing_room.h"
#include "unit/community/town.h"

enum { SMS = 4712, APP = 4711, SENT_KEPT = 2000 };
struct press {
    struct town t; /* first: town_* take it */
    /* the provider */
    int64_t sent[SENT_KEPT]; /* outbox rows in the order they left */
    size_t n_sent;
    int64_t refuses; /* channel that answers 429; 0 = none */
    int shut;        /* so many sends meet a shut window: they wait for the reader's next word */
    void (*during)(struct press *p,
                   struct send_result *ret); /* once, while a send is under way; may change its answer */
};
int press_set_up(void **state);
int press_tear_down(void **state);
/* A member on a one-to-one channel, with a private chat of that name. */
int64_t press_member(struct press *p, int64_t channel, const char *kind, const char *chat, const char *lang);
/* A draft in French; `type` information has its source. */
int64_t press_draft(struct press *p, const char *type, const char *title, const char *body);
struct post press_post(struct press *p, int64_t id);
void press_publish(struct press *p, int64_t id);  /* by the moderator, to as many as it says */
void press_go(struct press *p, const char *when); /* the clock, and everything due, until nothing changes */
/* What left through a channel, opened, oldest first. */
size_t press_sent(struct press *p, int64_t channel, struct chan_send *v, size_t max);

#endif
