/* SPDX-License-Identifier: EUPL-1.2 */
/* whatsapp: what the files of the WhatsApp Cloud API driver share (channels.md §7.2). A chat is a telephone number
 * (digits), a business-scoped user id ("CA.1349…", for people who hide their number) or a group's id. */
#ifndef PW_WHATSAPP_H
#define PW_WHATSAPP_H

#include "channel/meta.h"
#include "channel/text_parts.h"

enum {
    WA_TEXT_MAX = 4096,
    WA_SHORT_MAX = 1024, /* captions, and words above buttons */
    WA_BUTTONS_MAX = 3,
    WA_BUTTON_CHARS = 20,
    WA_BUTTON_BYTES = 256,
    WA_FILE_MAX = 20 * 1024 * 1024, /* ours; WhatsApp takes documents of 100 MB */
};

bool whatsapp_is_phone(struct sv id);
bool whatsapp_is_bsuid(struct sv id); /* two letters, a dot, up to 128 letters and digits */

enum pw_err whatsapp_decode(const struct channel *ch, const struct chan_request *rq, struct arena *a,
                            struct chan_events *ret);
void whatsapp_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                   struct send_result *ret, struct sv *ret_new_chat);

#endif
