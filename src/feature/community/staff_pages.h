/* SPDX-License-Identifier: EUPL-1.2 */
/* staff_pages: the moderators' side of communities: handlers and the table of their routes. */
#ifndef PW_STAFF_PAGES_H
#define PW_STAFF_PAGES_H

#include "feature/community/community_kit.h"
#include "http/http.h"

#define STAFF_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
STAFF_HANDLER(inbox_get);
STAFF_HANDLER(inbox_question_get);
STAFF_HANDLER(question_assign_post);
STAFF_HANDLER(question_interim_post);
STAFF_HANDLER(question_answer_post);
STAFF_HANDLER(question_private_post);
STAFF_HANDLER(question_refer_post);
STAFF_HANDLER(question_close_post);
STAFF_HANDLER(question_reopen_post);
STAFF_HANDLER(question_urgent_post);
STAFF_HANDLER(question_topic_post);
STAFF_HANDLER(question_not_post);
STAFF_HANDLER(question_draft_post);
STAFF_HANDLER(question_leave_post);
STAFF_HANDLER(question_measure_post);
STAFF_HANDLER(answer_verify_post);
STAFF_HANDLER(message_hide_post);
STAFF_HANDLER(message_show_post);
STAFF_HANDLER(message_question_post);
STAFF_HANDLER(held_cancel_post);
STAFF_HANDLER(joins_get);
STAFF_HANDLER(join_get_page);
STAFF_HANDLER(join_accept_post);
STAFF_HANDLER(join_refuse_post);
STAFF_HANDLER(communities_get);
STAFF_HANDLER(community_new_get);
STAFF_HANDLER(community_new_post);
STAFF_HANDLER(manage_get);
STAFF_HANDLER(manage_post);
STAFF_HANDLER(manage_status_post);
STAFF_HANDLER(manage_words_post);
STAFF_HANDLER(manage_screening_post);
STAFF_HANDLER(manage_screening_retire_post);
STAFF_HANDLER(manage_topic_post);
STAFF_HANDLER(manage_topic_retire_post);
STAFF_HANDLER(manage_partner_post);
STAFF_HANDLER(manage_partner_remove_post);
STAFF_HANDLER(manage_grant_post);
STAFF_HANDLER(manage_withdraw_post);
STAFF_HANDLER(members_again_post);
STAFF_HANDLER(invitations_get);
STAFF_HANDLER(invitation_post);
STAFF_HANDLER(invitation_withdraw_post);
STAFF_HANDLER(absences_get);
STAFF_HANDLER(absence_post);
STAFF_HANDLER(absence_clear_post);
STAFF_HANDLER(manage_channel_post);
STAFF_HANDLER(manage_channel_topic_post);
STAFF_HANDLER(manage_keywords_post);
STAFF_HANDLER(manage_channel_remove_post);
STAFF_HANDLER(manage_channel_limit_post);
STAFF_HANDLER(text_get);
STAFF_HANDLER(text_post);
STAFF_HANDLER(members_get);
STAFF_HANDLER(member_remove_post);
STAFF_HANDLER(member_leave_post);
STAFF_HANDLER(member_data_post);
STAFF_HANDLER(threads_get);
STAFF_HANDLER(thread_staff_get);
STAFF_HANDLER(thread_staff_post);
STAFF_HANDLER(thread_take_back_post);
STAFF_HANDLER(knowledge_get);
STAFF_HANDLER(entry_get);
STAFF_HANDLER(entry_new_get);
STAFF_HANDLER(entry_post);
STAFF_HANDLER(entry_new_post);
STAFF_HANDLER(entry_review_post);
STAFF_HANDLER(entry_state_post);

/* Today in a zone, YYYY-MM-DD. */
struct sv staff_today(struct ctx *c, struct sv zone);

extern const struct route staff_routes[]; /* ends with path NULL */

#endif
