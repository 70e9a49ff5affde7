/* SPDX-License-Identifier: EUPL-1.2 */
#include "smallcount.h"

static void all(enum small_show *v, size_t n, enum small_show to)
{
    for (size_t i = 0; i < n; i++)
        v[i] = to;
}

/* The smallest part that is still shown and not small; n when there is none. */
static size_t smallest_shown(const int64_t *parts, size_t n, int64_t limit, const enum small_show *v)
{
    size_t at = n;
    for (size_t i = 0; i < n; i++)
        if (v[i] == SMALL_SHOWN && parts[i] >= limit && (at == n || parts[i] < parts[at]))
            at = i;
    return at;
}

void small_protect(const int64_t *parts, size_t n, int64_t total, int64_t limit, enum small_show *ret)
{
    int64_t unknown = 0, small = 0, hidden = 0; /* sum of what is not shown; how many of each kind */
    all(ret, n, SMALL_SHOWN);
    for (size_t i = 0; i < n; i++)
        if (parts[i] > 0 && parts[i] < limit) {
            ret[i] = SMALL_FEWER;
            unknown += parts[i];
            small++;
        }
    if (!small)
        return;
    if (total < limit) {
        all(ret, n, SMALL_HIDDEN);
        return;
    }
    for (;;) {
        /* the least and the most that one small part can be, the others being what they may be */
        int64_t most = unknown - (small - 1) - hidden * limit;
        int64_t least = hidden ? 1 : unknown - (small - 1) * (limit - 1);
        if (most >= limit - 1 && least <= 1)
            return;
        size_t at = smallest_shown(parts, n, limit, ret);
        if (at == n)
            break;
        ret[at] = SMALL_HIDDEN;
        unknown += parts[at];
        hidden++;
    }
    all(ret, n, SMALL_HIDDEN);
}
