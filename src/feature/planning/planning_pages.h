/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_pages: the handlers of this room. */
#ifndef PW_PLANNING_PAGES_H
#define PW_PLANNING_PAGES_H

#include "feature/planning/planning_view.h"
#include "ui/web.h"

#define PLANNING_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
PLANNING_HANDLER(planning_get);
PLANNING_HANDLER(planning_launch_post);
PLANNING_HANDLER(planning_settings_post);
PLANNING_HANDLER(planning_seat_post);
PLANNING_HANDLER(planning_section_get);
PLANNING_HANDLER(planning_section_post);
PLANNING_HANDLER(planning_line_post);
PLANNING_HANDLER(planning_line_remove_post);
PLANNING_HANDLER(planning_print_get);
PLANNING_HANDLER(planning_pdf_get);
PLANNING_HANDLER(platforms_get);
PLANNING_HANDLER(platforms_post);
PLANNING_HANDLER(platforms_own_post);
PLANNING_HANDLER(platforms_own_remove_post);
PLANNING_HANDLER(promotion_get);
PLANNING_HANDLER(promotion_messages_post);
PLANNING_HANDLER(promotion_place_post);
PLANNING_HANDLER(promotion_place_remove_post);
PLANNING_HANDLER(promotion_csv_get);
PLANNING_HANDLER(poster_get);
PLANNING_HANDLER(move_get);
PLANNING_HANDLER(move_post);
PLANNING_HANDLER(move_remind_post);
PLANNING_HANDLER(move_close_post);
PLANNING_HANDLER(move_mark_post);
PLANNING_HANDLER(move_csv_get);
PLANNING_HANDLER(move_link_get);
PLANNING_HANDLER(move_link_post);
PLANNING_HANDLER(ending_get);
PLANNING_HANDLER(ending_post);
PLANNING_HANDLER(ending_step_post);
PLANNING_HANDLER(ending_undo_post);
PLANNING_HANDLER(files_get);
PLANNING_HANDLER(files_post);
PLANNING_HANDLER(files_withdraw_post);
PLANNING_HANDLER(write_get);
PLANNING_HANDLER(write_post);
PLANNING_HANDLER(consent_post);
PLANNING_HANDLER(consent_print_get);
PLANNING_HANDLER(preset_page_get);
PLANNING_HANDLER(preset_page_post);
PLANNING_HANDLER(design_get);

/* The page with what is wrong, or back to `rest` of the community with a sentence. */
PW_MUST_CHECK enum pw_err planning_ended(struct http_req *q, struct http_res *r, enum pw_err e, http_handler show,
                                         const char *rest, const char *msgid);

#endif
