/* SPDX-License-Identifier: EUPL-1.2 */
/* gzip: text made smaller for slow connections. Small windows: about 100 KiB while it runs. */
#ifndef PW_HTTP_GZIP_H
#define PW_HTTP_GZIP_H

#include "base/buf.h"

/* Appends the packed bytes. False when that failed or did not make it smaller: send it as it is. */
bool gzip_pack(struct sv in, int level, struct buf *out);
/* Does an Accept-Encoding header allow gzip? */
bool gzip_accepted(struct sv accept_encoding);
/* Is it worth packing? Texts only: images and sounds are packed already. */
bool gzip_type(struct sv content_type);

#endif
