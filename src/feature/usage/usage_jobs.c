/* SPDX-License-Identifier: EUPL-1.2 */
/* Months close by themselves: three days after its end a month is computed once and kept (domain: numbers are kept
 * monthly because rebuilding them at year end is harder). The timer of a community stands at its first month that is
 * not closed, so that nothing is left out however long the server was away. */
#include "feature/usage/usage_store.h"

#define CLOSE_TIMER "usage.close"
enum { AT_ONCE = 6 };

static enum pw_err first_open(struct ctx *c, const struct community *com, int64_t *ret)
{
    int64_t last = -1;
    PW_TRY(usage_last_closed(c, com->id, &last));
    *ret = last >= 0 ? last + 1 : usage_first_month(com);
    return PW_OK;
}

static enum pw_err close_months(struct ctx *c, int64_t community_id)
{
    struct community com;
    const struct tz *tz = NULL;
    int64_t month, from, to;
    enum pw_err e = community_get(c, community_id, &com);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    if (tz_find(com.zone, &tz) != PW_OK)
        tz = NULL;
    PW_TRY(first_open(c, &com, &month));
    for (int i = 0; i < AT_ONCE && month_closes_ms(tz, month) <= c->now_ms; i++, month++) {
        struct activity *a = arena_new(c->arena, struct activity);
        if (!a)
            return PW_UNAVAILABLE;
        month_bounds(tz, month, &from, &to);
        PW_TRY(activity_count(c, &com, from, to, a));
        PW_TRY(usage_save_month(c, com.id, month, a));
    }
    return timer_set(c->db, SV(CLOSE_TIMER), com.id, month_closes_ms(tz, month));
}

/* A community was made, opened or got another zone: its timer is set where it belongs. */
static const struct later later[] = {
    {.timer = CLOSE_TIMER, .do_it = close_months},
    {.subscriber = "usage.made", .event = "community.created", .do_it = close_months},
    {.subscriber = "usage.months", .event = "community.changed", .do_it = close_months},
    {0}};

void usage_register(struct work *w)
{
    later_add(w, later);
}
