/* SPDX-License-Identifier: EUPL-1.2 */
/* notify: short notices to a person inside the product: "your request was accepted". A notice is a message id with
 * arguments, so that it is shown in the reader's language of the day. Outgoing copies over channels are the channel
 * room's business: it subscribes to the event notice.made. Owns table notice. */
#ifndef PW_NOTIFY_H
#define PW_NOTIFY_H

#include "core/ctx.h"

/* Arguments are sealed for the reader. Names of people are not among them: a notice holds who it is about, and the name
 * is filled in when it is read, so that it goes with the person (CNS-8). */
struct notice {
    int64_t id, person_id, about, at_ms, read_ms;
    struct sv msgid, arg0, arg1, path; /* the name of `about` in its place, empty once erased; path: where it leads */
};
/* ret_id may be NULL. Event notice.made: {"person":…}. */
PW_MUST_CHECK enum pw_err notify(struct ctx *c, int64_t person_id, const char *msgid, struct sv arg0, struct sv arg1,
                                 struct sv path, int64_t *ret_id);
/* A sentence that names somebody: {0} is their name, or {1} when `arg` is the first. */
PW_MUST_CHECK enum pw_err notify_about(struct ctx *c, int64_t person_id, int64_t about, const char *msgid,
                                       struct sv arg, struct sv path);
/* Newest first, those before `before_id` (0 = all). */
PW_MUST_CHECK enum pw_err notice_list(struct ctx *c, int64_t person_id, int64_t before_id, int64_t limit,
                                      struct notice **ret, size_t *ret_n);
PW_MUST_CHECK enum pw_err notice_unread(struct ctx *c, int64_t person_id, int64_t *ret_n); /* counted up to 100 */
PW_MUST_CHECK enum pw_err notice_read(struct ctx *c, int64_t person_id, int64_t up_to_id);

#endif
