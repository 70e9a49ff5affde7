/* SPDX-License-Identifier: EUPL-1.2 */
/* keptword: is a word still kept anywhere? Reads every table of the database; what is sealed is opened with every key
 * that still opens it. For tests of erasing (CNS-8): a plain look into the file would find nothing in any case. */
#ifndef PW_TEST_KEPTWORD_H
#define PW_TEST_KEPTWORD_H

#include "lib/ctxfix.h"

/* "notice.arg0": the first place found, in the fixture's arena; empty when it is nowhere. */
struct sv keptword_place(struct ctxfix *f, const char *word);

#endif
