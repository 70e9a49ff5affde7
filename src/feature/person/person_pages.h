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
PERSON_HANDLER(record_disclosure_post);
PERSON_HANDLER(record_erasure_post);
PERSON_HANDLER(retention_page_get);
PERSON_HANDLER(retention_page_post);
PERSON_HANDLER(retention_json_get);
PERSON_HANDLER(retention_json_post);
PERSON_HANDLER(twins_get);
PERSON_HANDLER(twin_get);
PERSON_HANDLER(twin_merge_post);
PERSON_HANDLER(twin_part_post);
PERSON_HANDLER(requests_get);
PERSON_HANDLER(request_get);
PERSON_HANDLER(request_erase_post);
PERSON_HANDLER(request_decline_post);
PERSON_HANDLER(own_get);
PERSON_HANDLER(own_language_post);
PERSON_HANDLER(own_preferred_post);
PERSON_HANDLER(own_limited_post);
PERSON_HANDLER(own_consent_post);
PERSON_HANDLER(own_file_post);
PERSON_HANDLER(own_erasure_get);
PERSON_HANDLER(own_erasure_post);
PERSON_HANDLER(own_erasure_back_post);

/* The forms that staff and the person themself send; `base` is where they return to. */
PW_MUST_CHECK enum pw_err language_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base);
PW_MUST_CHECK enum pw_err preferred_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base);
PW_MUST_CHECK enum pw_err limited_form(struct http_req *q, struct http_res *r, int64_t person_id, struct sv base);

#endif
