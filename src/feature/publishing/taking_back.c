/* SPDX-License-Identifier: EUPL-1.2 */
/* A post that was taken down is taken back where it arrived, too, and one that was corrected says so: the same few at a
 * time for each channel as on its way out (broadcast.c), so that answers go first and a channel that waits holds up no
 * other. The cursor of a lane moves in the transaction that queues a batch; each copy is asked for once
 * (channel/take_back.h). */
#include "base/unicode.h"
#include "feature/publishing/publishing_room.h"

enum { BATCH = 100, AHEAD = 200, AGAIN_MS = 250, LEAVING_MS = 1000, TITLE_CHARS = 80 };

enum pw_err post_take_back(struct ctx *c, const struct post *p)
{
    struct lane *v;
    size_t n;
    PW_TRY(lane_rows(c, p->id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        v[i].back = BACK_GOING;
        PW_TRY(lane_save(c, &v[i]));
    }
    PW_TRY(outbox_cancel_bulk(c->db, MARK, p->message_id, c->now_ms, NULL));
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

/* ---- corrections (KB-6) ---- */

/* "Corrected, see: …" and where, for a reader of that language. */
static enum pw_err corrected_words(void *self, struct ctx *c, struct sv lang, struct sv *ret)
{
    struct post p = *(const struct post *)self;
    struct community com;
    struct ctx reader = *c;
    reader.lang = lang;
    PW_TRY(community_get(c, p.community_id, &com));
    PW_TRY(post_words_of(&reader, &p));
    const struct sv args[] = {p.title.n ? p.title : text_cut(c->arena, p.body, TITLE_CHARS)};
    *ret = arena_fmt(c->arena, "%.*s\n%.*s%.*s", SV_ARG(say(c, lang, N_("Corrected, see: {0}"), args, 1)),
                     SV_ARG(c->public_url), SV_ARG(post_path(c, &com, p.id)));
    return PW_OK;
}

enum pw_err post_mark_corrected(struct ctx *c, const struct post *correction)
{
    int64_t *ids;
    size_t n, n_lanes;
    struct post self = *correction, p;
    struct lane *v;
    PW_TRY(correction_rows(c, correction->id, &ids, &n));
    for (size_t i = 0; i < n; i++) {
        PW_TRY(message_mark(c, ids[i], corrected_words, &self, self.id));
        enum pw_err e = post_by_message(c, ids[i], &p);
        if (e == PW_NOT_FOUND || (e == PW_OK && p.state == POST_CANCELLED))
            continue; /* no post, or taken back */
        PW_TRY(e);
        PW_TRY(lane_rows(c, p.id, &v, &n_lanes));
        for (size_t k = 0; k < n_lanes; k++) {
            v[k].mark_post = self.id;
            v[k].mark_at = (struct take_back){0};
            PW_TRY(lane_save(c, &v[k]));
        }
        PW_TRY(timer_set(c->db, TIMER_MARK, p.id, c->now_ms));
    }
    return PW_OK;
}

static enum pw_err mark_batch(struct ctx *c, const struct post *p, struct lane *l)
{
    struct post correction;
    struct out_row *v;
    size_t n = 0;
    bool asked;
    const struct chan_driver *d = chan_driver_of(l->kind);
    enum pw_err e = post_row(c, l->mark_post, &correction);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (e == PW_OK && post_is_shown(correction.state) && d && d->caps & CAP_MARK)
        PW_TRY(outbox_left_page(c->db, c->arena, SV("message"), p->message_id, l->channel_id, 0, l->mark_at.state,
                                l->mark_at.id, BATCH, &v, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(take_back_mark(c, d, &v[i], corrected_words, &correction, correction.id, &asked));
    if (n)
        l->mark_at = (struct take_back){.state = v[n - 1].state, .id = v[n - 1].id};
    if (n < BATCH && p->state != POST_PUBLISHING) /* else more may arrive */
        l->mark_post = 0;
    return lane_save(c, l);
}

enum pw_err post_mark_run(struct ctx *c, int64_t id)
{
    struct post p;
    struct lane *v;
    size_t n;
    int64_t asked, again = 0;
    enum pw_err e = post_row(c, id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && (!p.message_id || p.state == POST_CANCELLED)))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(lane_rows(c, id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (!v[i].mark_post)
            continue;
        PW_TRY(outbox_waiting_bulk(c->db, MARK, p.message_id, v[i].channel_id, &asked));
        again = again ? again : c->now_ms + AGAIN_MS;
        if (asked >= AHEAD)
            continue;
        PW_TRY(mark_batch(c, &p, &v[i]));
        again = v[i].mark_post && p.state == POST_PUBLISHING ? again : c->now_ms;
    }
    return again ? timer_set(c->db, TIMER_MARK, id, again) : PW_OK;
}
