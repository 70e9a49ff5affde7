/* SPDX-License-Identifier: EUPL-1.2 */
/* take_back: what we sent is taken away again, or says that it was corrected, where the app lets us. Only sends of
 * ours, found in the outbox by the provider's own ids and the sealed chat that are kept there; each is asked for once,
 * whoever asks. The request is a send like any other, in the lane of what it takes back: answers go before the
 * deletions of a post to thousands. It owns no table; the cursor is the caller's. Results of the requests are counted
 * as the bulk sends of TAKE_BACK. */
#ifndef PW_TAKE_BACK_H
#define PW_TAKE_BACK_H

#include "channel/registry.h"

#define TAKE_BACK SV("delete") /* subject of these sends; the subject's id is that of what is taken back */

/* From when on what went out through this app can be taken back now; INT64_MAX: never. */
int64_t take_back_since(const struct chan_driver *d, int64_t now_ms);

/* One send. *ret_asked false: the app has no such thing, it never left, or nobody knows where it stands. */
PW_MUST_CHECK enum pw_err take_back_send(struct ctx *c, const struct out_row *row, bool *ret_asked);

/* What a copy says about itself, in its reader's language. */
typedef enum pw_err (*take_back_words)(void *self, struct ctx *c, struct sv lang, struct sv *ret);
/* One send says this above its own words from now on, asked for once under each key; a message in parts on the first
 * one. *ret_asked false: the app has no such thing, it never left, or there is no room for more words. */
PW_MUST_CHECK enum pw_err take_back_mark(struct ctx *c, const struct chan_driver *d, const struct out_row *row,
                                         take_back_words words, void *self, int64_t key, bool *ret_asked);
#define MARK SV("mark") /* subject of these sends */
/* Such a send went out. Where it is a message of its own (Matrix) that holds the old words too, it goes with them when
 * they are taken back: at once, when they are already. */
PW_MUST_CHECK enum pw_err take_back_marked(struct ctx *c, const struct out_row *mark);

/* The next of the bulk sends of a subject on one channel. Begins with {0}; done: all were looked at. */
struct take_back {
    int64_t state, id; /* the last one seen */
    bool done;
};
PW_MUST_CHECK enum pw_err take_back_next(struct ctx *c, const struct chan_driver *d, struct sv subject,
                                         int64_t subject_id, int64_t channel_id, int64_t limit, struct take_back *io);

#endif
