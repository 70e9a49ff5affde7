/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing_room: what the files of this room share with each other and with nobody else. */
#ifndef PW_PUBLISHING_ROOM_H
#define PW_PUBLISHING_ROOM_H

#include "feature/publishing/publishing_store.h"

#define TIMER_BEGIN SV("publishing.begin")   /* post: its time has come */
#define TIMER_RUN SV("publishing.run")       /* post on its way: the next batch */
#define TIMER_BACK SV("publishing.back")     /* post that was taken down: the next batch is taken back */
#define TIMER_MARK SV("publishing.mark")     /* post that was corrected: the next batch of its copies says so */
#define TIMER_EXPIRE SV("publishing.expire") /* post: to be taken down */
#define TIMER_DAY SV("publishing.day")       /* community: once a day, in the morning there */

/* A moment as typed, in the community's zone ("2026-02-13T14:20") or RFC 3339; empty = 0. Problem named `field`. */
PW_MUST_CHECK enum pw_err take_moment(struct ctx *c, const struct community *com, const char *field, struct sv text,
                                      int64_t *ret_ms);
/* The same for a day: its end there. */
PW_MUST_CHECK enum pw_err take_day_end(struct ctx *c, const struct community *com, const char *field, struct sv text,
                                       int64_t *ret_ms);
/* What a reader of this language gets on that kind of channel; kind "web" = the group or a long way: everything. */
PW_MUST_CHECK enum pw_err post_text(struct ctx *c, const struct community *com, const struct post *p, struct sv lang,
                                    struct sv kind, struct sv *ret);
struct sv post_path(struct ctx *c, const struct community *com, int64_t post_id); /* "/c/<slug>/posts/<id>" */
struct sv post_staff_path(struct ctx *c, int64_t post_id);                        /* "/posts/<id>" */
/* Does one of these places have a group on that channel? */
bool has_group_on(const struct community_channel *v, size_t n, int64_t channel_id);

/* ---- what happens later, as the system ---- */

PW_MUST_CHECK enum pw_err post_begin(struct ctx *c, int64_t id);
/* A post of one language that begins to leave in this transaction; its message (community_publisher). */
PW_MUST_CHECK enum pw_err post_at_once(struct ctx *c, const struct community *com, const struct message_new *n,
                                       int64_t *ret_message);
PW_MUST_CHECK enum pw_err post_run(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err post_expire(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err post_taken_away(struct ctx *c, int64_t message_id); /* hidden or deleted in the stream */
/* Kind, words, source and date of a draft as an original has them; whom it reaches and when is the copy's own. */
PW_MUST_CHECK enum pw_err post_reword(struct ctx *c, int64_t id, const struct post_edit *e);
/* What left is taken back wherever the app lets us: begins, goes on. */
PW_MUST_CHECK enum pw_err post_take_back(struct ctx *c, const struct post *p);
PW_MUST_CHECK enum pw_err post_back_run(struct ctx *c, int64_t id);
/* What a correction corrects says so where it arrived (KB-6): begins, goes on. */
PW_MUST_CHECK enum pw_err post_mark_corrected(struct ctx *c, const struct post *correction);
PW_MUST_CHECK enum pw_err post_mark_run(struct ctx *c, int64_t id);
PW_MUST_CHECK enum pw_err community_day(struct ctx *c, int64_t community_id);
PW_MUST_CHECK enum pw_err day_timer(struct ctx *c, const struct community *com);
/* An original changed: who has a copy of it is told. */
PW_MUST_CHECK enum pw_err original_changed(struct ctx *c, enum item_kind kind, int64_t item_id);
/* Until when a post that is not urgent waits: 0 = it may leave now. */
PW_MUST_CHECK enum pw_err quiet_until_ms(struct ctx *c, const struct community *com, const struct post *p,
                                         int64_t *ret_ms);

extern const struct community_guest publishing_guest;

#endif
