/* SPDX-License-Identifier: EUPL-1.2 */
/* hours_words: opening hours as people say them: "Monday to Friday, 09:00–17:00" (SLA-1). */
#ifndef PW_HOURS_WORDS_H
#define PW_HOURS_WORDS_H

#include "base/hours.h"
#include "ui/page.h"

/* Days with the same hours in a row are named together. Empty when nothing is ever open. */
struct sv hours_words(const struct page *pg, const struct hours *h);

#endif
