/* SPDX-License-Identifier: EUPL-1.2 */
/* later: from a timer or an event to an action of the system on one record. */
#include "base/id.h"
#include "feature/community/community_kit.h"
#include "work/work.h"

static enum pw_err as_system(const struct later *l, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    struct ctx c;
    struct problems ps = {0};
    system_ctx(&c, db, a, &ps, now_ms);
    return l->do_it(&c, id);
}

static enum pw_err on_timer(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    return as_system(self, db, a, id, now_ms);
}

static enum pw_err on_event(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    return as_system(self, db, a, e->subject_id, now_ms);
}

static enum pw_err on_community(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    static const char member[] = "\"community\":\"";
    int64_t id;
    ptrdiff_t at = sv_find(e->data, sv_of(member));
    if (at < 0 || !id_parse(sv_sub(e->data, (size_t)at + sizeof member - 1, ID_TEXT), &id))
        return PW_OK;
    return as_system(self, db, a, id, now_ms);
}

void later_add(struct work *w, const struct later *rows)
{
    for (const struct later *l = rows; l->do_it; l++) {
        void *self = (void *)(uintptr_t)l;
        if (l->timer)
            work_on_timer(w, l->timer, on_timer, self);
        else
            work_on_event(w, l->subscriber, l->event, l->of_community ? on_community : on_event, self);
    }
}
