/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/window.h"
#include "core/people.h"

enum { PROVIDER_ID_MAX = 200 };
static const int64_t keep_ms = INT64_C(30) * 24 * 3600 * 1000;

DB_STMT(inbound_insert, "INSERT INTO channel_inbound (channel_id, provider_id, received_ms) VALUES ($1, $2, $3) "
                        "ON CONFLICT (channel_id, provider_id) DO NOTHING");
DB_STMT(inbound_old, "SELECT received_ms FROM channel_inbound WHERE received_ms < $1 ORDER BY received_ms "
                     "LIMIT 1 OFFSET $2");
DB_STMT(inbound_forget, "DELETE FROM channel_inbound WHERE received_ms < $1");

/* The person's words open the window to them, under each id that the provider gives them. */
static enum pw_err open_window(struct ctx *c, const struct channel *ch, const struct chan_event *e)
{
    if (e->kind != CHAN_MESSAGE && e->kind != CHAN_BUTTON)
        return PW_OK;
    PW_TRY(window_heard(c, ch, e->chat, e->at_ms));
    if (e->private_chat && !sv_eq(e->user, e->chat))
        PW_TRY(window_heard(c, ch, e->user, e->at_ms));
    return PW_OK;
}

static enum pw_err take(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                        const struct chan_event *e)
{
    if (e->kind == CHAN_STATUS)
        return status_heard(c, ch, r, e);
    if (e->kind == CHAN_TROUBLE)
        PW_TRY(channel_set_error(c, ch->id, e->status_code));
    PW_TRY(open_window(c, ch, e));
    return r->receive(r->self, c, ch, e);
}

static enum pw_err settle_privacy(struct ctx *c, const struct channel *ch, struct chan_event *e)
{
    struct identity who;
    enum pw_err s = identity_find(c, ch->id, e->user, &who);
    if (s == PW_OK)
        e->private_chat = sv_eq(who.private_chat, e->chat);
    return s == PW_NOT_FOUND ? PW_OK : s;
}

static enum pw_err enter(struct ctx *c, const struct channel *ch, const struct chan_event *e)
{
    struct chan_send s = {.op = OP_ENTER, .chat = e->chat};
    int64_t out = 0;
    return channel_queue(c, ch->id, LANE_INTERACTIVE, &s, SV("enter"), 0, 0, (struct sv){0}, &out);
}

enum pw_err channel_receive(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                            const struct chan_events *events)
{
    for (size_t i = 0; i < events->n; i++) {
        struct chan_event e = events->v[i];
        if (e.provider_id.n == 0 || e.provider_id.n > PROVIDER_ID_MAX)
            return PW_INVALID;
        int64_t added = 0;
        PW_TRY(db_exec(c->db, &inbound_insert, DB_ARGS(DB_I(ch->id), DB_T(e.provider_id), DB_I(c->now_ms)), &added));
        if (added == 0)
            continue; /* told before */
        if (e.at_ms == 0)
            e.at_ms = c->now_ms;
        if (e.chat_of_two && !e.private_chat)
            PW_TRY(settle_privacy(c, ch, &e));
        if (e.kind == CHAN_INVITED && !e.self)
            PW_TRY(enter(c, ch, &e));
        PW_TRY(take(c, ch, r, &e));
    }
    return PW_OK;
}

enum pw_err channel_forget_inbound(struct ctx *c, int64_t limit, int64_t *ret_forgotten)
{
    int64_t before = c->now_ms - keep_ms;
    struct db_rows r;
    enum pw_err e = db_one(c->db, c->arena, &inbound_old, DB_ARGS(DB_I(before), DB_I(limit)), &r);
    if (e == PW_OK)
        before = db_int(&r, 0, 0); /* more than the limit: up to the age of the first one beyond it */
    else if (e != PW_NOT_FOUND)
        return e;
    return db_exec(c->db, &inbound_forget, DB_ARGS(DB_I(before)), ret_forgotten);
}
