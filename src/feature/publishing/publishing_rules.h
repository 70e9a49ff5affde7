/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing_rules: the pure decisions of this room: what may follow what in a post's life, whom it reaches and how,
 * when it may leave, what differs between two texts. No SQL, no HTTP, no clock: time comes in as an argument. */
#ifndef PW_PUBLISHING_RULES_H
#define PW_PUBLISHING_RULES_H

#include "base/arena.h"
#include "base/err.h"

enum post_state {
    POST_DRAFT,
    POST_SCHEDULED,
    POST_PUBLISHING, /* on its way */
    POST_PUBLISHED,  /* everything left */
    POST_EXPIRED,
    POST_CANCELLED,
    POST_STATE__MAX
};
enum item_kind { ITEM_POST, ITEM_ENTRY };

const char *post_state_code(enum post_state s); /* "draft" */
const char *post_state_label(enum post_state s);
bool post_state_parse(struct sv text, enum post_state *ret);

enum post_act {
    POST_EDIT,
    POST_SCHEDULE,
    POST_UNDO,
    POST_BEGIN,
    POST_FINISH,
    POST_CANCEL,
    POST_EXPIRE,
    POST_TRANSLATE
};
/* PW_CONFLICT when the state does not allow it. Words change before publication only; after it a missing language may
 * be added, and what was wrong gets a correction. */
PW_MUST_CHECK enum pw_err post_next(enum post_state from, enum post_act act, enum post_state *ret);
bool post_is_shown(enum post_state s);

/* Ten seconds to take it back before anything leaves. */
#define POST_UNDO_MS INT64_C(10000)

enum reach { REACH_NOT, REACH_PAGE, REACH_GROUP, REACH_ALONE };
/* How a member gets a post: by the page when they are on our pages, once in the group where the group's language is
 * among those wanted, else alone. */
enum reach reach_of(bool on_web, bool has_group, struct sv member_lang, struct sv group_lang, struct sv only_lang);

/* Quiet hours in minutes of the local day, over midnight when from > until; equal = none. When a post may leave that
 * could leave now: 0 = now, else minutes from now. */
int quiet_wait(int from, int until, int minute);

/* Has nobody spoken for that long? 0 days = never asks. */
bool is_silent(int64_t last_ms, int64_t since_ms, int64_t days, int64_t now_ms);

/* Sentence by sentence: what an old and a new text have in common, in order. At most DIFF_MAX pieces of each are
 * compared; more are one piece. */
enum diff_what { DIFF_SAME, DIFF_GONE, DIFF_NEW };
struct diff_piece {
    enum diff_what what;
    struct sv text;
};
enum { DIFF_MAX = 200 };
PW_MUST_CHECK enum pw_err text_diff(struct arena *a, struct sv before, struct sv after, struct diff_piece **ret,
                                    size_t *ret_n);

#endif
