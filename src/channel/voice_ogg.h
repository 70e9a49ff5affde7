/* SPDX-License-Identifier: EUPL-1.2 */
/* voice_ogg: browsers record voice notes as Opus in WebM; messaging apps play them as voice notes only as Opus in Ogg.
 * The same packets in other wrapping: no sound is coded anew. Pure; the WebM comes from strangers. */
#ifndef PW_VOICE_OGG_H
#define PW_VOICE_OGG_H

#include "base/buf.h"
#include "base/err.h"

/* Writes the recording's one Opus track as Ogg (RFC 7845) behind what out holds. A recording that breaks off in the
 * middle of a packet is written up to it. PW_INVALID: no WebM with one Opus track in it; PW_UNAVAILABLE: out is full.
 */
PW_MUST_CHECK enum pw_err voice_ogg_of_webm(struct sv webm, struct buf *out);

#endif
