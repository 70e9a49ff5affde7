/* SPDX-License-Identifier: EUPL-1.2 */
#include "channel/registry.h"

enum { PROVIDER_ID_MAX = 200 };
static const int64_t keep_ms = INT64_C(30) * 24 * 3600 * 1000;

DB_STMT(inbound_insert, "INSERT INTO channel_inbound (channel_id, provider_id, received_ms) VALUES ($1, $2, $3) "
                        "ON CONFLICT (channel_id, provider_id) DO NOTHING");
DB_STMT(inbound_old, "SELECT received_ms FROM channel_inbound WHERE received_ms < $1 ORDER BY received_ms "
                     "LIMIT 1 OFFSET $2");
DB_STMT(inbound_forget, "DELETE FROM channel_inbound WHERE received_ms < $1");

/* What became of a send of ours. Unknown: it may not be recorded yet. */
static enum pw_err follow_send(struct ctx *c, const struct channel *ch, const struct chan_receiver *r,
                               const struct chan_event *e)
{
    struct out_row row;
    PW_TRY(outbox_status(c->db, ch->id, e->message_id, e->status, e->status_code, c->now_ms));
    PW_TRY(outbox_by_provider(c->db, c->arena, ch->id, e->message_id, &row));
    struct send_result res = {
        .cls = e->status == OUT_FAILED ? SEND_FAILED : SEND_OK, .provider_id = e->message_id, .code = e->status_code};
    return r->sent ? r->sent(r->self, c, ch, &row, &res) : PW_OK;
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
        PW_TRY(e.kind == CHAN_STATUS ? follow_send(c, ch, r, &e) : r->receive(r->self, c, ch, &e));
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
