/* SPDX-License-Identifier: EUPL-1.2 */
/* messenger: what the files of the Messenger driver share (channels.md §7.3). A chat is the page-scoped id of a person.
 */
#ifndef PW_MESSENGER_H
#define PW_MESSENGER_H

#include "channel/meta.h"
#include "channel/text_parts.h"

enum {
    MSGR_TEXT_MAX = 2000,
    MSGR_CHOICES_MAX = 13,
    MSGR_CHOICE_CHARS = 20,
    MSGR_CHOICE_BYTES = 1000,
    MSGR_FILE_MAX = 20 * 1024 * 1024, /* ours; Messenger takes 25 MB */
};

enum pw_err messenger_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                             struct chan_events *ret);
void messenger_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                    struct send_result *ret, struct sv *ret_new_chat);

#endif
