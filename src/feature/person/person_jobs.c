/* SPDX-License-Identifier: EUPL-1.2 */
/* The rules of retention are applied every night. */
#include "feature/person/person_room.h"
#include "work/work.h"

static enum pw_err every_night(struct ctx *c, int64_t id)
{
    (void)id;
    return retention_run(c);
}

void person_register(struct work *w)
{
    static const struct later later[] = {{.timer = "person.retention", .do_it = every_night}, {0}};
    later_add(w, later);
}
