/* SPDX-License-Identifier: EUPL-1.2 */
/* catalog: the words of the product in each language, read from locale/<room>.<lang>.po at start: a new language needs
 * no rebuild (LANG-1). Message ids are the English sentences. "{0}"…"{3}" are arguments. Plural messages have the id
 * "one form|other form" in the source and msgid / msgid_plural in the .po file; the header X-Plural-Keywords names the
 * CLDR keyword of each msgstr[i]. A missing translation falls back to English and is counted. Immutable after loading:
 * any thread may read. */
#ifndef PW_CATALOG_H
#define PW_CATALOG_H

#include "base/arena.h"
#include "base/err.h"

struct catalog;
struct catalogs;

/* Reads every *.po in dir. ret_why names file and line of what is wrong. */
PW_MUST_CHECK enum pw_err catalogs_load(struct sv dir, struct catalogs **ret, struct sv *ret_why, struct arena *a);
void catalogs_free(struct catalogs *cs);
/* The catalogue for a language ("fr", "fr-CA", "ar"); the default (French) when there is none. */
const struct catalog *catalog_of(const struct catalogs *cs, struct sv lang);
bool catalog_has(const struct catalogs *cs, struct sv lang);
/* All languages with the name each gives itself ("Français"), in catalogue order fr, en, ar, others. */
size_t catalog_list(const struct catalogs *cs, struct sv *codes, struct sv *names, size_t max);
/* Picks from an Accept-Language header; {0} when nothing fits. */
struct sv catalog_negotiate(const struct catalogs *cs, struct sv accept_language);

struct sv catalog_lang(const struct catalog *c);
const char *catalog_locale(const struct catalog *c);            /* for ICU: "fr_CA", header X-Locale */
const struct catalogs *catalog_family(const struct catalog *c); /* the set it came from */
struct format_cache *catalog_formats(const struct catalog *c);  /* format.c: formatters opened so far */
size_t catalog_missing(const struct catalog *c);                /* look-ups that fell back to English */
bool catalog_rtl(const struct catalog *c);
struct sv catalog_get(const struct catalog *c, const char *msgid);
struct sv catalog_plural(const struct catalog *c, const char *msgid, int64_t count);

#endif
