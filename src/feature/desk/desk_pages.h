/* SPDX-License-Identifier: EUPL-1.2 */
/* desk_pages: the handlers behind desk_routes. */
#ifndef PW_DESK_PAGES_H
#define PW_DESK_PAGES_H

#include "core/ctx.h"
#include "http/http.h"

#define DESK_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
DESK_HANDLER(sign_in_get);
DESK_HANDLER(sign_in_post);
DESK_HANDLER(sign_out_post);
DESK_HANDLER(exit_now);
DESK_HANDLER(me_get);
DESK_HANDLER(me_password_get);
DESK_HANDLER(me_password_post);
DESK_HANDLER(me_totp_post);
DESK_HANDLER(me_totp_confirm_post);
DESK_HANDLER(me_totp_off_post);
DESK_HANDLER(me_session_end_post);
DESK_HANDLER(people_get);
DESK_HANDLER(people_post);
DESK_HANDLER(person_get_page);
DESK_HANDLER(person_disable_post);
DESK_HANDLER(person_reset_post);
DESK_HANDLER(person_grant_post);
DESK_HANDLER(person_withdraw_post);
DESK_HANDLER(settings_get);
DESK_HANDLER(settings_post);
DESK_HANDLER(org_post);
DESK_HANDLER(channel_kinds_get);
DESK_HANDLER(channel_new_get);
DESK_HANDLER(channel_new_post);
DESK_HANDLER(channel_get_page);
DESK_HANDLER(channel_config_post);
DESK_HANDLER(channel_switch_post);
DESK_HANDLER(sends_get);
DESK_HANDLER(sends_resolve_post);
DESK_HANDLER(audit_get);
DESK_HANDLER(notices_get);
DESK_HANDLER(notices_read_post);
DESK_HANDLER(privacy_get);
DESK_HANDLER(setup_get);
DESK_HANDLER(setup_post);

#endif
