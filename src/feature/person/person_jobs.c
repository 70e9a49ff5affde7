/* SPDX-License-Identifier: EUPL-1.2 */
/* The rules of retention are applied every night. */
#include "feature/person/person_room.h"
#include "work/work.h"

static enum pw_err on_night(void *self, struct db *db, struct arena *a, int64_t id, int64_t now_ms)
{
    struct ctx c;
    struct problems ps = {0};
    (void)self;
    (void)id;
    system_ctx(&c, db, a, &ps, now_ms);
    return retention_run(&c);
}

void person_register(struct work *w)
{
    work_on_timer(w, "person.retention", on_night, NULL);
}
