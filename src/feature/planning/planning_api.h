/* SPDX-License-Identifier: EUPL-1.2 */
/* planning_api: the handlers behind planning_api_routes. A change answers with the whole resource as it is now. */
#ifndef PW_PLANNING_API_H
#define PW_PLANNING_API_H

#include "feature/planning/planning_input.h"
#include "http/api.h"

#define PLAN_API(name) enum pw_err name(struct http_req *q, struct http_res *r)
PLAN_API(api_plan);
PLAN_API(api_plan_write);
PLAN_API(api_plan_history);
PLAN_API(api_plan_line);
PLAN_API(api_plan_line_remove);
PLAN_API(api_plan_launch);
PLAN_API(api_plan_settings);
PLAN_API(api_plan_seat);
PLAN_API(api_presets);
PLAN_API(api_preset);
PLAN_API(api_preset_use);
PLAN_API(api_design);
PLAN_API(api_platforms);
PLAN_API(api_platforms_write);
PLAN_API(api_platforms_own);
PLAN_API(api_platforms_own_remove);
PLAN_API(api_promotion);
PLAN_API(api_promotion_write);
PLAN_API(api_promotion_place);
PLAN_API(api_promotion_place_remove);
PLAN_API(api_move);
PLAN_API(api_move_begin);
PLAN_API(api_move_remind);
PLAN_API(api_move_close);
PLAN_API(api_move_mark);
PLAN_API(api_ending);
PLAN_API(api_ending_begin);
PLAN_API(api_ending_step);
PLAN_API(api_ending_undo);
PLAN_API(api_files);
PLAN_API(api_files_record);
PLAN_API(api_files_withdraw);
PLAN_API(api_consent);
PLAN_API(api_consent_write);
PLAN_API(api_private_word);

#endif
