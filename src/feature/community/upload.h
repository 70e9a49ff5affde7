/* SPDX-License-Identifier: EUPL-1.2 */
/* upload: what kind of file a person sent, by its first bytes; the name and type that the sender claims are not
 * believed. */
#ifndef PW_UPLOAD_H
#define PW_UPLOAD_H

#include "channel/channel.h"

/* False for anything that is not a voice note or sound, a picture, a video or a PDF. */
bool upload_sniff(struct sv bytes, enum chan_file_kind *ret_kind, struct sv *ret_type);

#endif
