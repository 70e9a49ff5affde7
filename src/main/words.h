/* SPDX-License-Identifier: EUPL-1.2 */
/* words: lends the catalogues and formats of ui/ to rooms that write to people outside of pages. */
#ifndef PW_WORDS_H
#define PW_WORDS_H

#include "feature/community/community.h"
#include "main/app.h"

struct community_host words_host(struct app *app);

#endif
