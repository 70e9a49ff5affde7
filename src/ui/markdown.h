/* SPDX-License-Identifier: EUPL-1.2 */
/* markdown: people's documents (guidelines, welcome texts, entries) to HTML that is safe by construction. Raw HTML is
 * shown as text, images become their description, links are kept for http, https, mailto and paths of ours and get
 * rel="noreferrer noopener". Headings start below the page's own: # becomes h2. PW_INVALID when the text is too long.
 */
#ifndef PW_MARKDOWN_H
#define PW_MARKDOWN_H

#include "ui/page.h"

enum { MARKDOWN_MAX = 256 * 1024 };
PW_MUST_CHECK enum pw_err markdown_html(struct arena *a, struct sv text, struct html *ret);
/* The same without any marks: for channels that show plain text, and for search. */
PW_MUST_CHECK enum pw_err markdown_plain(struct arena *a, struct sv text, struct sv *ret);

#endif
