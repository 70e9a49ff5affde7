/* SPDX-License-Identifier: EUPL-1.2 */
/* Penalties end by their date and strikes by theirs: nothing has to run for them. */
#include "feature/moderation/moderation_room.h"

/* Indexes of names lead nowhere once the key is gone; they go too. */
static enum pw_err on_erased(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    (void)self;
    (void)a;
    (void)now_ms;
    return guarded_forget(db, e->subject_id);
}

static const struct later later[] = {
    {.subscriber = "moderation.suggested", .event = "post.suggested", .do_it = opportunity_taken_up},
    {.subscriber = "moderation.joins",
     .event = "join.requested",
     .do_it = automatic_look_at_joins,
     .of_community = true},
    {.subscriber = "moderation.came", .event = "member.joined", .do_it = automatic_look_at_joins, .of_community = true},
    {0}};

void moderation_register(struct work *w)
{
    later_add(w, later);
    work_on_event(w, "moderation.erased", "person.erased", on_erased, NULL);
    moderation_listen();
}
