/* SPDX-License-Identifier: EUPL-1.2 */
/* member_pages: the members' side of communities: handlers and the table of their routes. */
#ifndef PW_MEMBER_PAGES_H
#define PW_MEMBER_PAGES_H

#include "feature/community/community.h"
#include "http/http.h"

struct place;
/* The community by its slug with everything each page's head shows. PW_NOT_FOUND also for what is not open to this
 * actor. */
PW_MUST_CHECK enum pw_err place_load_of(struct http_req *q, const struct community *com, struct place *ret);
PW_MUST_CHECK enum pw_err place_load(struct http_req *q, struct sv slug, struct place *ret);
struct sv place_path(struct arena *a, const struct community *com, const char *rest);

#define MEMBER_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
MEMBER_HANDLER(home_get);
MEMBER_HANDLER(place_get);
MEMBER_HANDLER(guidelines_get);
MEMBER_HANDLER(guidelines_accept_post);
MEMBER_HANDLER(invitation_get);
MEMBER_HANDLER(join_form_get);
MEMBER_HANDLER(join_form_post);
MEMBER_HANDLER(join_withdraw_post);
MEMBER_HANDLER(back_get);
MEMBER_HANDLER(back_link_get);
MEMBER_HANDLER(back_post);
MEMBER_HANDLER(link_post);
MEMBER_HANDLER(leave_get);
MEMBER_HANDLER(leave_post);
MEMBER_HANDLER(left_get);
MEMBER_HANDLER(left_post);
MEMBER_HANDLER(ask_get);
MEMBER_HANDLER(ask_post);
MEMBER_HANDLER(question_go_get);
MEMBER_HANDLER(member_question_get);
MEMBER_HANDLER(member_question_post);
MEMBER_HANDLER(answers_get);
MEMBER_HANDLER(stream_get);
MEMBER_HANDLER(stream_post);
MEMBER_HANDLER(thread_get);
MEMBER_HANDLER(thread_post);
MEMBER_HANDLER(message_file_get);
MEMBER_HANDLER(stop_get);
MEMBER_HANDLER(stop_post);
MEMBER_HANDLER(message_whole_get);

extern const struct route member_routes[]; /* ends with path NULL */

/* Where a person goes who has just left: to the question why, or to the community's page. */
PW_MUST_CHECK enum pw_err left_done(struct http_req *q, struct http_res *r, const struct community *com);

#endif
