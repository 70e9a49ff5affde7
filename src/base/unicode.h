/* SPDX-License-Identifier: EUPL-1.2 */
/* unicode: what is done to people's text before it is stored, searched or shown. Input is any bytes; what is not valid
 * UTF-8, or longer than TEXT_MAX, is PW_INVALID and nothing is written. Results live in the caller's arena. */
#ifndef PW_UNICODE_H
#define PW_UNICODE_H

#include "arena.h"
#include "err.h"

enum { TEXT_MAX = 4 * 1024 * 1024 };

bool text_valid(struct sv s);   /* UTF-8 without surrogates, over-long forms or NUL */
size_t text_count(struct sv s); /* code points; bytes that are not UTF-8 count one each */
/* s itself when it is in that form already. */
PW_MUST_CHECK enum pw_err text_nfc(struct arena *a, struct sv s, struct sv *ret);

/* The form both sides of a search are turned into (LANG-6, A-67): no case, accents, Arabic vowel marks or tatweel; one
 * letter for the forms of alef, ya, kaf, ha and ta marbuta (Persian and Urdu forms too); ASCII digits; single spaces;
 * no format characters. Folding a folded text changes nothing. For comparing only, never for showing. */
PW_MUST_CHECK enum pw_err text_fold(struct arena *a, struct sv s, struct sv *ret);

/* For storing what a person typed: NFC, control characters out (line feed and tab stay, CR LF becomes LF), bidi
 * embeddings, overrides and isolates out so that a text cannot reorder the page around it. ZWJ and ZWNJ stay. */
PW_MUST_CHECK enum pw_err text_clean(struct arena *a, struct sv s, struct sv *ret);
/* The same for one-line fields: line ends and tabs become a space, ends trimmed. */
PW_MUST_CHECK enum pw_err text_clean_line(struct arena *a, struct sv s, struct sv *ret);
/* Only bidi controls out: U+202A-202E, U+2066-2069, U+200E, U+200F, U+061C. */
PW_MUST_CHECK enum pw_err text_no_bidi(struct arena *a, struct sv s, struct sv *ret);

/* At most max code points, the last of them "…" when something was cut; never splits a code point, and cuts before the
 * marks of a letter rather than between. Returns s itself when it fits. */
struct sv text_cut(struct arena *a, struct sv s, size_t max);
/* The longest prefix of at most max bytes that ends at a code point. */
struct sv text_prefix(struct sv s, size_t max_bytes);

#endif
