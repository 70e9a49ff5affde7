/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/id.h"
#include "channel/registry_parts.h"
#include "channel/window.h"
#include "core/people.h"

enum { PROVIDER_ID_MAX = 200 };
static const int64_t keep_ms = INT64_C(30) * 24 * 3600 * 1000;

DB_STMT(inbound_insert, "INSERT INTO channel_inbound (channel_id, provider_id, received_ms) VALUES ($1, $2, $3) "
                        "ON CONFLICT (channel_id, provider_id) DO NOTHING");
DB_STMT(inbound_old, "SELECT received_ms FROM channel_inbound WHERE received_ms < $1 ORDER BY received_ms "
                     "LIMIT 1 OFFSET $2");
DB_STMT(inbound_forget, "DELETE FROM channel_inbound WHERE received_ms < $1");

/* News of a send that the driver knows by our own id. Not recorded yet (the news were faster): PW_UNAVAILABLE, told
 * again, it is there. */
static enum pw_err follow_send(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                               const struct chan_event *e)
{
    struct out_row row;
    enum pw_err err = outbox_get(c->db, c->arena, e->out_id, &row);
    if (err == PW_NOT_FOUND || (err == PW_OK && row.channel_id != ch->id))
        return PW_OK;
    PW_TRY(err);
    if (!row.provider_id.n)
        return row.state == OUT_QUEUED || row.state == OUT_SENDING ? PW_UNAVAILABLE : PW_OK;
    PW_TRY(outbox_status(c->db, ch->id, row.provider_id, e->status, e->status_code, c->now_ms));
    PW_TRY(outbox_get(c->db, c->arena, row.id, &row));
    struct send_result res = {
        .cls = e->status == OUT_FAILED ? SEND_FAILED : SEND_OK, .provider_id = row.provider_id, .code = e->status_code};
    if (r->sent)
        PW_TRY(r->sent(r->self, c, ch, &row, &res));
    if (!e->gone)
        return PW_OK;
    struct chan_send s;
    PW_TRY(channel_unqueue(c, ch->id, row.payload, &s));
    struct chan_event ended = {.kind = CHAN_BLOCKED,
                               .provider_id = e->provider_id,
                               .at_ms = c->now_ms,
                               .private_chat = true,
                               .chat = s.chat,
                               .user = s.user.n ? s.user : s.chat};
    return r->receive(r->self, c, ch, &ended);
}

/* A message that answers one of ours: only who received ours can know its token. So the address is proved when ours
 * went there, and what was in doubt has arrived. */
static enum pw_err prove(struct ctx *c, const struct channel *ch, struct chan_event *e)
{
    struct out_row row;
    struct chan_send s;
    enum pw_err err = outbox_get(c->db, c->arena, e->out_id, &row);
    e->out_id = 0;
    if (err == PW_NOT_FOUND || (err == PW_OK && row.channel_id != ch->id))
        return PW_OK;
    PW_TRY(err);
    if (channel_unqueue(c, ch->id, row.payload, &s) != PW_OK || !sv_eq(s.chat, e->chat))
        return PW_OK; /* forwarded to somebody else, or written from another address */
    e->unproven = false;
    e->out_id = row.id;
    if (!e->reply_to.n)
        e->reply_to = row.provider_id;
    if (row.state != OUT_IN_DOUBT || !row.provider_id.n)
        return PW_OK;
    return outbox_status(c->db, ch->id, row.provider_id, OUT_DELIVERED, SV("answered"), c->now_ms);
}

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
        return e->out_id ? follow_send(c, ch, r, e) : status_heard(c, ch, r, e);
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
        if (e.kind == CHAN_MESSAGE && e.out_id)
            PW_TRY(prove(c, ch, &e));
        int64_t before = id_new();
        PW_TRY(take(c, ch, r, &e));
        if (ch->driver->caps & CAP_LETTERS)
            PW_TRY(auto_answer_limit(c, ch, &e, before));
    }
    return PW_OK;
}

enum pw_err channel_forget_inbound(struct ctx *c, int64_t limit, int64_t *ret_forgotten)
{
    int64_t before = c->now_ms - keep_ms;
    struct db_rows r;
    PW_TRY(auto_answer_forget(c));
    enum pw_err e = db_one(c->db, c->arena, &inbound_old, DB_ARGS(DB_I(before), DB_I(limit)), &r);
    if (e == PW_OK)
        before = db_int(&r, 0, 0); /* more than the limit: up to the age of the first one beyond it */
    else if (e != PW_NOT_FOUND)
        return e;
    return db_exec(c->db, &inbound_forget, DB_ARGS(DB_I(before)), ret_forgotten);
}
