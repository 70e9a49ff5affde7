/* SPDX-License-Identifier: EUPL-1.2 */
/* A post that was taken down is taken back where it arrived, too: the same few at a time for each channel as on its
 * way out (broadcast.c), so that answers go first and a channel that waits holds up no other. The cursor of a lane
 * moves in the transaction that queues a batch; each copy is asked for once (channel/take_back.h). */
#include "feature/publishing/publishing_room.h"

enum { BATCH = 100, AHEAD = 200, AGAIN_MS = 250, LEAVING_MS = 1000 };

enum pw_err post_take_back(struct ctx *c, const struct post *p)
{
    struct lane *v;
    size_t n;
    PW_TRY(lane_rows(c, p->id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        v[i].back = BACK_GOING;
        PW_TRY(lane_save(c, &v[i]));
    }
    return n ? timer_set(c->db, TIMER_BACK, p->id, c->now_ms) : PW_OK;
}

/* The lane with the fewest requests before it, of those that have room; NULL when all are full, or still sending what
 * was on its way when the post was taken down. */
static enum pw_err next_back(struct ctx *c, int64_t message_id, struct lane *v, size_t n, struct lane **ret,
                             bool *ret_leaving, bool *ret_more)
{
    int64_t least = AHEAD, leaving, asked;
    *ret = NULL;
    *ret_leaving = *ret_more = false;
    for (size_t i = 0; i < n; i++) {
        if (v[i].back != BACK_GOING)
            continue;
        *ret_more = true;
        PW_TRY(outbox_waiting_bulk(c->db, SV("message"), message_id, v[i].channel_id, &leaving));
        PW_TRY(outbox_waiting_bulk(c->db, TAKE_BACK, message_id, v[i].channel_id, &asked));
        *ret_leaving |= leaving > 0;
        if (leaving || asked >= least)
            continue;
        least = asked;
        *ret = &v[i];
    }
    return PW_OK;
}

enum pw_err post_back_run(struct ctx *c, int64_t id)
{
    struct post p;
    struct lane *v, *next;
    size_t n;
    bool leaving, more;
    enum pw_err e = post_row(c, id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && !p.message_id))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(lane_rows(c, id, &v, &n));
    PW_TRY(next_back(c, p.message_id, v, n, &next, &leaving, &more));
    if (!more)
        return note_fact(c, "post.taken-back", "post", id, p.community_id, (struct sv){0});
    if (leaving) /* what the provider sent back for another try must not go, either */
        PW_TRY(outbox_cancel_bulk(c->db, SV("message"), p.message_id, c->now_ms, NULL));
    if (!next)
        return timer_set(c->db, TIMER_BACK, id, c->now_ms + (leaving ? LEAVING_MS : AGAIN_MS));
    PW_TRY(take_back_next(c, chan_driver_of(next->kind), SV("message"), p.message_id, next->channel_id, BATCH,
                          &next->back_at));
    if (next->back_at.done)
        next->back = BACK_ASKED;
    PW_TRY(lane_save(c, next));
    return timer_set(c->db, TIMER_BACK, id, c->now_ms);
}
