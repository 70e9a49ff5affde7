/* SPDX-License-Identifier: EUPL-1.2 */
/* core_text: checks of typed fields that several parts of core share. Not for other rooms. Each adds a problem to
 * c->problems and returns PW_INVALID when the text is not acceptable; results live in c->arena. */
#ifndef PW_CORE_TEXT_H
#define PW_CORE_TEXT_H

#include "core/ctx.h"

/* One line of at most max characters, cleaned (base/unicode.h). */
PW_MUST_CHECK enum pw_err field_line(struct ctx *c, const char *field, struct sv text, size_t max, bool required,
                                     struct sv *ret);
/* Many lines of at most max bytes. */
PW_MUST_CHECK enum pw_err field_text(struct ctx *c, const char *field, struct sv text, size_t max, bool required,
                                     struct sv *ret);
/* A language code as in BCP 47: letters, digits and "-", 2 to 16; empty is fine unless required. */
PW_MUST_CHECK enum pw_err field_lang(struct ctx *c, const char *field, struct sv text, bool required);
/* Letters, digits and "_+-/" as in names of time zones; at most 48. */
PW_MUST_CHECK enum pw_err field_zone(struct ctx *c, const char *field, struct sv text);
bool is_http_url(struct sv text); /* http:// or https:// and no space, quote or control character */

#endif
