/* SPDX-License-Identifier: EUPL-1.2 */
/* navigation: which places the desk's bar offers to whom. */
#ifndef PW_NAVIGATION_H
#define PW_NAVIGATION_H

#include "core/access.h"
#include "ui/web.h"

void navigation(const struct actor *actor, const struct http_req *q, struct page_info *info);

#endif
