/* SPDX-License-Identifier: EUPL-1.2 */
/* person_kit: the languages that people choose from, for rooms that stand on this one. */
#ifndef PW_PERSON_KIT_H
#define PW_PERSON_KIT_H

#include "ui/component.h"
#include "ui/page.h"

extern const char *const languages_offered[]; /* codes as in BCP 47 */
extern const size_t languages_offered_n;
bool language_offered(struct sv code);
/* A language named in the reader's language; sign languages too. */
struct sv person_lang_name(const struct page *pg, struct sv code);
/* All that can be chosen, by name. */
struct ui_option *person_lang_options(struct page *pg, struct sv chosen, size_t *ret_n);

#endif
