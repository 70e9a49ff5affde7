/* SPDX-License-Identifier: EUPL-1.2 */
/* moderation_pages: the handlers of this room's pages; their table is moderation_routes.c. */
#ifndef PW_MODERATION_PAGES_H
#define PW_MODERATION_PAGES_H

#include "feature/moderation/moderation.h"

#define MOD_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
MOD_HANDLER(review_get);
MOD_HANDLER(review_item_get);
MOD_HANDLER(review_close_post);
MOD_HANDLER(review_decide_post);
MOD_HANDLER(review_personal_post);
MOD_HANDLER(review_decline_post);
MOD_HANDLER(review_note_post);
MOD_HANDLER(act_get);
MOD_HANDLER(act_post);
MOD_HANDLER(sanction_get);
MOD_HANDLER(sanction_undo_post);
MOD_HANDLER(log_get);
MOD_HANDLER(log_csv_get);
MOD_HANDLER(ladders_get);
MOD_HANDLER(ladders_post);
MOD_HANDLER(mod_settings_post);
MOD_HANDLER(mod_texts_post);
MOD_HANDLER(oncall_post);
MOD_HANDLER(oncall_remove_post);
MOD_HANDLER(report_form_get);
MOD_HANDLER(report_form_post);
MOD_HANDLER(urgent_get);
MOD_HANDLER(urgent_post);
MOD_HANDLER(decisions_get);
MOD_HANDLER(appeal_post);
MOD_HANDLER(return_post);
MOD_HANDLER(opportunity_get);
MOD_HANDLER(opportunity_post);
MOD_HANDLER(names_get);
MOD_HANDLER(names_post);
MOD_HANDLER(name_drop_post);
MOD_HANDLER(automatic_get);
MOD_HANDLER(automatic_post);
MOD_HANDLER(review_automatic_post);

/* Pages and API read automatic rules in the same way. */
extern const struct field automatic_fields[], automatic_decide_fields[];
struct auto_set automatic_typed(const struct http_req *q);

#endif
