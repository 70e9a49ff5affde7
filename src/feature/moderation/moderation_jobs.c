/* SPDX-License-Identifier: EUPL-1.2 */
/* Penalties end by their date and strikes by theirs: nothing has to run for them. */
#include "base/id.h"
#include "feature/moderation/moderation_room.h"

/* Indexes of names lead nowhere once the key is gone; they go too. */
static enum pw_err on_erased(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    (void)self;
    (void)a;
    (void)now_ms;
    return guarded_forget(db, e->subject_id);
}

/* Somebody asks to join, or came in: {"community":"<id>"}. */
static enum pw_err on_joins(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    struct problems ps = {0};
    struct ctx c;
    int64_t id;
    (void)self;
    ptrdiff_t at = sv_find(e->data, SV("\"community\":\""));
    if (at < 0 || !id_parse(sv_sub(e->data, (size_t)at + 13, ID_TEXT), &id))
        return PW_OK;
    system_ctx(&c, db, a, &ps, now_ms);
    return automatic_look_at_joins(&c, id);
}

static enum pw_err on_suggested(void *self, struct db *db, struct arena *a, const struct event_row *e, int64_t now_ms)
{
    struct problems ps = {0};
    struct ctx c;
    (void)self;
    system_ctx(&c, db, a, &ps, now_ms);
    return opportunity_taken_up(&c, e->subject_id);
}

void moderation_register(struct work *w)
{
    work_on_event(w, "moderation.suggested", "post.suggested", on_suggested, NULL);
    work_on_event(w, "moderation.joins", "join.requested", on_joins, NULL);
    work_on_event(w, "moderation.came", "member.joined", on_joins, NULL);
    work_on_event(w, "moderation.erased", "person.erased", on_erased, NULL);
    moderation_listen();
}
