/* SPDX-License-Identifier: EUPL-1.2 */
/* The product's own community pages as a channel. Pages read the database, so there is nothing to carry anywhere: every
 * send is done the moment it is recorded, and nothing ever comes in by webhook. */
#include "channel/no_webhook.h"

static enum pw_err web_check_config(const json_t *config, struct problems *ps)
{
    (void)ps;
    return json_is_object(config) ? PW_OK : PW_INVALID;
}

static void web_send(const struct channel *ch, struct net *net, struct arena *a, const struct chan_send *s,
                     struct send_result *ret, struct sv *ret_new_chat)
{
    (void)ch;
    (void)net;
    (void)a;
    (void)s;
    *ret = (struct send_result){.cls = SEND_OK};
    *ret_new_chat = (struct sv){0};
}

static const struct chan_limit limits[] = {{0}};
static const struct chan_setting settings[] = {{0}};

const struct chan_driver web_driver = {
    .kind = "web",
    .label = "Web",
    .cls = 'A',
    .caps = CAP_GROUPS | CAP_JOIN_REQUESTS | CAP_DELETE | CAP_RESTRICT | CAP_BAN | CAP_REPLY | CAP_FILES | CAP_VOICE |
            CAP_IDEMPOTENT,
    .rate_per_s = 1000,
    .limits = limits,
    .settings = settings,
    .check_config = web_check_config,
    .verify = no_webhook_verify,
    .decode = no_webhook_decode,
    .send = web_send,
    .enable = no_webhook_enable,
};
