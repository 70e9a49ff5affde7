/* SPDX-License-Identifier: EUPL-1.2 */
/* smallcount: which parts of a published total may be shown. Pure: every output that splits a count for
 * people who only see results asks here, so that table, chart, file and API hide the same cells.
 *
 * Parts of 1 … limit-1 are shown as "fewer than limit". So that nobody can take the others from the total and get
 * them, the smallest larger parts are hidden too, until each small part may still be anything from 1 to limit-1, even
 * for somebody who knows this rule. Where that cannot be reached, or the total itself is small, all parts are hidden.
 * It protects one row of parts with its total; whoever publishes several must not let one be computed from others. */
#ifndef PW_SMALLCOUNT_H
#define PW_SMALLCOUNT_H

#include <stddef.h>
#include <stdint.h>

enum small_show { SMALL_SHOWN, SMALL_FEWER, SMALL_HIDDEN };
enum { SMALL_LIMIT = 5 };
/* parts[i] >= 0; total is their sum or, where one person may be in several parts, at most that. */
void small_protect(const int64_t *parts, size_t n, int64_t total, int64_t limit, enum small_show *ret);

#endif
