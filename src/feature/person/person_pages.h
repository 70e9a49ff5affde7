/* SPDX-License-Identifier: EUPL-1.2 */
/* person_pages: the handlers behind the routes of this room. */
#ifndef PW_PERSON_PAGES_H
#define PW_PERSON_PAGES_H

#include "feature/person/person_view.h"

#define PERSON_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
PERSON_HANDLER(record_get);
PERSON_HANDLER(record_language_post);
PERSON_HANDLER(record_preferred_post);
PERSON_HANDLER(record_limited_post);
PERSON_HANDLER(record_level_post);
PERSON_HANDLER(record_level_withdraw_post);

/* The forms that staff and the person themself send; `base` is where they return to. */
PW_MUST_CHECK enum pw_err language_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base);
PW_MUST_CHECK enum pw_err preferred_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base);
PW_MUST_CHECK enum pw_err limited_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base);

#endif
