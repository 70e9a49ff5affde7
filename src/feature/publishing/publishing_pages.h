/* SPDX-License-Identifier: EUPL-1.2 */
/* publishing_pages: the handlers of this room's pages, for the tables of routes. */
#ifndef PW_PUBLISHING_PAGES_H
#define PW_PUBLISHING_PAGES_H

#include "feature/publishing/publishing.h"

#define PUBLISHING_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
PUBLISHING_HANDLER(posts_get);
PUBLISHING_HANDLER(post_calendar_get);
PUBLISHING_HANDLER(post_new_get);
PUBLISHING_HANDLER(post_new_post);
PUBLISHING_HANDLER(post_suggested_post);
PUBLISHING_HANDLER(post_one_get);
PUBLISHING_HANDLER(post_one_post);
PUBLISHING_HANDLER(post_confirm_get);
PUBLISHING_HANDLER(post_publish_post);
PUBLISHING_HANDLER(post_undo_post);
PUBLISHING_HANDLER(post_pause_post);
PUBLISHING_HANDLER(post_cancel_get);
PUBLISHING_HANDLER(post_cancel_post);
PUBLISHING_HANDLER(post_translate_post);
PUBLISHING_HANDLER(post_part_post);
PUBLISHING_HANDLER(post_share_post);
PUBLISHING_HANDLER(entry_share_post);
PUBLISHING_HANDLER(prompts_get);
PUBLISHING_HANDLER(publishing_settings_get);
PUBLISHING_HANDLER(publishing_settings_post);
PUBLISHING_HANDLER(newsletter_new_post);
PUBLISHING_HANDLER(central_get);
PUBLISHING_HANDLER(central_adopt_post);
PUBLISHING_HANDLER(copy_get);
PUBLISHING_HANDLER(copy_take_post);
PUBLISHING_HANDLER(copy_detach_post);
PUBLISHING_HANDLER(news_get);
PUBLISHING_HANDLER(news_one_get);
PUBLISHING_HANDLER(resources_get);

/* What a page's form and the API take alike; the texts are the caller's. */
struct post_edit post_edit_of(const struct http_req *q, const struct post_words *words, size_t n);

/* The community asked for in "community", else the first one the actor moderates; PW_OK with id 0 when there is none.
 */
PW_MUST_CHECK enum pw_err choose_community(struct http_req *q, const struct community **ret_all, size_t *ret_n,
                                           struct community *ret);

#endif
