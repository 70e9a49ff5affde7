/* SPDX-License-Identifier: EUPL-1.2 */
/* usage_pages: the handlers behind usage_routes. */
#ifndef PW_USAGE_PAGES_H
#define PW_USAGE_PAGES_H

#include "feature/usage/usage_view.h"
#include "ui/web.h"

enum { USAGE_WORDS_FIELDS = 8 }; /* languages of a community that a form asks for */
#define USAGE_HANDLER(name) enum pw_err name(struct http_req *q, struct http_res *r)
USAGE_HANDLER(statistics_list_get);
USAGE_HANDLER(month_get);
USAGE_HANDLER(trend_get);
USAGE_HANDLER(period_get);
USAGE_HANDLER(report_moved_get);
USAGE_HANDLER(note_post);
USAGE_HANDLER(note_remove_post);
USAGE_HANDLER(end_post);
USAGE_HANDLER(categories_get);
USAGE_HANDLER(categories_post);
USAGE_HANDLER(summary_get);
USAGE_HANDLER(summary_post);
USAGE_HANDLER(summary_withdraw_post);
USAGE_HANDLER(results_get);
USAGE_HANDLER(import_get);
USAGE_HANDLER(import_check_post);
USAGE_HANDLER(import_post);
USAGE_HANDLER(import_remove_post);
USAGE_HANDLER(export_get);

/* Pages that a form shows again with what was typed. */
PW_MUST_CHECK enum pw_err month_show(struct http_req *q, struct http_res *r);
PW_MUST_CHECK enum pw_err trend_show(struct http_req *q, struct http_res *r);
/* A month of a field; `otherwise` when the field is empty. PW_INVALID with a problem of that name. */
PW_MUST_CHECK enum pw_err usage_month_field(struct http_req *q, const char *name, int64_t otherwise, int64_t *ret);
/* The range of the fields "from" and "to"; empty: the last twelve months. */
PW_MUST_CHECK enum pw_err usage_range(struct http_req *q, const struct community *com, int64_t *ret_first,
                                      int64_t *ret_last);

#endif
