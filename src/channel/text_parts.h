/* SPDX-License-Identifier: EUPL-1.2 */
/* text_parts: long texts in the parts that an app takes. */
#ifndef PW_TEXT_PARTS_H
#define PW_TEXT_PARTS_H

#include "channel/channel.h"

enum { PARTS_MAX = 16 }; /* a text of more parts is refused */

/* UTF-16 units of valid UTF-8. */
size_t parts_units(struct sv text);
/* Cuts the longest head of at most max_units: at a paragraph's end if one lies in the second half, else at a line's,
 * a word's or a character's end. White space at the cut belongs to no part. Empty when nothing is left. */
struct sv parts_cut(struct sv *rest, size_t max_units);

/* Adds the id of a later part to those of a send (send_result.more_ids). */
struct sv parts_add_id(struct arena *a, struct sv more_ids, struct sv id);

/* Says one part; fills ret, with the provider's id when it went out. */
typedef void (*part_fn)(void *self, struct sv part, bool first, bool last, struct send_result *ret);
/* Says all parts of a text. ret->provider_id is the first part's, or said_id when something (a file) is out already;
 * ret->more_ids are those of all other parts.
 * When some part is out and the next will not go, trying the whole again would say the first ones twice: that is in
 * doubt ("partial-k-of-n"), and a person decides. */
void parts_send(struct arena *a, struct sv text, size_t max_units, bool said, struct sv said_id, part_fn fn, void *self,
                struct send_result *ret);

#endif
