/* SPDX-License-Identifier: EUPL-1.2 */
/* interpreting_words: the languages that can be interpreted here, signed ones too, with their names as message ids. */
#ifndef PW_INTERPRETING_WORDS_H
#define PW_INTERPRETING_WORDS_H

#include "base/sv.h"

struct interp_lang {
    const char *code, *label;
};
extern const struct interp_lang interp_langs[];
extern const size_t interp_langs_n;
bool interp_lang_known(struct sv code);
/* Message id of its name; NULL when it is none of the list. "fr-CA" is "fr". */
const char *interp_lang_label(struct sv code);
struct sv interp_lang_base(struct sv code); /* "fr-CA" as "fr" */

#endif
