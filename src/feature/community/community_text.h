/* SPDX-License-Identifier: EUPL-1.2 */
/* community_text: a community's design as one readable text (CONF-2): `key = value` lines, or `key =` and indented
 * lines. Holds settings, words, documents, screening questions, topics and partners in all languages, and what other
 * features add (community_kit.h, design_part); never a member, a message or a secret. */
#ifndef PW_COMMUNITY_TEXT_H
#define PW_COMMUNITY_TEXT_H

#include "feature/community/community.h"

PW_MUST_CHECK enum pw_err community_text_write(struct ctx *c, int64_t community_id, struct buf *out);
/* Makes a draft from a text. slug empty = the text's own. PW_INVALID with problems that name the line. */
PW_MUST_CHECK enum pw_err community_text_read(struct ctx *c, struct sv text, struct sv slug, int64_t *ret_id);

#endif
