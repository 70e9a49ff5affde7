/* SPDX-License-Identifier: EUPL-1.2 */
/* window: apps that let us write freely to a person only for some time after the person's last words. The window is
 * kept here, by channel and chat, from what came in; the hub asks it before each send. What may not leave waits in the
 * outbox as a pending answer: an approved template asks the person to reply, or the moderators learn that it waits.
 * Owns tables channel_window, channel_status (a provider's word about a send that was not recorded yet). */
#ifndef PW_WINDOW_H
#define PW_WINDOW_H

#include "channel/registry.h"

struct chan_window {
    bool applies;      /* false: this channel has no window, all else is empty */
    bool open, late;   /* late: open only because a person writes (human_window_ms) */
    bool template;     /* a template for this language will ask the person to reply */
    int64_t closes_ms; /* when it closes or closed; 0 = the person never wrote */
    int64_t waiting;   /* pending answers to this chat */
};
/* Needs a read only. lang: of the words to send. */
PW_MUST_CHECK enum pw_err window_look(struct ctx *c, const struct channel *ch, struct sv chat, bool by_person,
                                      struct sv lang, struct chan_window *ret);
/* The same for pages, which know a channel's id only. A channel that is gone has no window. */
PW_MUST_CHECK enum pw_err window_of_chat(struct ctx *c, int64_t channel_id, struct sv chat, struct sv lang,
                                         struct chan_window *ret);
/* The person wrote: opens the window and lets pending answers go. */
PW_MUST_CHECK enum pw_err window_heard(struct ctx *c, const struct channel *ch, struct sv chat, int64_t at_ms);
/* A send waits for its window: SEND_WAITS with code "window" (we saw it shut) or "window-shut" (the provider said so).
 * Asks with a template, once in a day, when there is one for words that a person wrote. The receiver hears SEND_WAITS
 * with "window-asked" or "window-waits". Lets it go when the window opened meanwhile. */
PW_MUST_CHECK enum pw_err window_wait(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                                      const struct out_row *row, struct sv code);
/* The template itself did not go out: the receiver learns that its words wait. */
PW_MUST_CHECK enum pw_err window_not_asked(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                                           const struct out_row *template);
/* What the provider says of a send. The receiver learns of failures. Not recorded yet: kept until it is. */
PW_MUST_CHECK enum pw_err status_heard(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                                       const struct chan_event *e);
/* A send was recorded: the word that came too early counts now. */
PW_MUST_CHECK enum pw_err status_recorded(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                                          struct sv provider_id);
/* Forgets windows and early words older than 30 days. */
PW_MUST_CHECK enum pw_err window_forget(struct ctx *c);

#define WINDOW_SUBJECT SV("window") /* of a template's row; subject_id: the row that waits */

#endif
