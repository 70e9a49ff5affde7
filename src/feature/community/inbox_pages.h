/* SPDX-License-Identifier: EUPL-1.2 */
/* inbox_pages: the page of one question beside the list, shown again by the acts on it when something is to be
 * corrected. */
#ifndef PW_INBOX_PAGES_H
#define PW_INBOX_PAGES_H

#include "http/http.h"

/* Needs a transaction: the look is audited and noted for the collision warning. */
PW_MUST_CHECK enum pw_err inbox_show_question(struct http_req *q, struct http_res *r);

#endif
