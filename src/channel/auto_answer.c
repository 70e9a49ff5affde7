/* SPDX-License-Identifier: EUPL-1.2 */
/* How often we answer by ourselves. Anybody may write in anybody's name where CAP_LETTERS applies: an answer to such a
 * message may go to a stranger, and two robots may answer each other for ever. So an address gets one automatic answer
 * a day, and some more only when it is proved that the message came from there (reliability.md §2). */
#include "channel/registry_parts.h"
#include "core/vault.h"

enum { UNPROVEN_A_DAY = 1, PROVEN_A_DAY = 20 };
static const int64_t day_ms = INT64_C(24) * 3600 * 1000;

DB_STMT(auto_answer_one, "SELECT since_ms, n FROM auto_answer WHERE channel_id = $1 AND chat_blind = $2");
DB_STMT(auto_answer_put, "INSERT INTO auto_answer (channel_id, chat_blind, since_ms, n) VALUES ($1, $2, $3, $4) "
                         "ON CONFLICT (channel_id, chat_blind) DO UPDATE SET since_ms = excluded.since_ms, "
                         "n = excluded.n");
DB_STMT(auto_answer_old, "DELETE FROM auto_answer WHERE since_ms < $1");

enum pw_err auto_answer_limit(struct ctx *c, const struct channel *ch, const struct chan_event *e, int64_t since_id)
{
    int64_t *ids, n = 0, since = c->now_ms;
    size_t n_ids;
    PW_TRY(outbox_since(c->db, c->arena, ch->id, channel_order_key(c, ch->id, e->chat), since_id, &ids, &n_ids));
    if (!n_ids)
        return PW_OK;
    struct db_rows r;
    struct sv blind = blind_index(c->vault, c->arena, "auto_answer.chat", e->chat);
    if (!blind.n)
        return PW_UNAVAILABLE;
    enum pw_err err = db_one(c->db, c->arena, &auto_answer_one, DB_ARGS(DB_I(ch->id), DB_B(blind)), &r);
    if (err == PW_OK && db_int(&r, 0, 0) > c->now_ms - day_ms) {
        since = db_int(&r, 0, 0);
        n = db_int(&r, 0, 1);
    } else if (err != PW_OK && err != PW_NOT_FOUND) {
        return err;
    }
    int64_t limit = e->unproven ? UNPROVEN_A_DAY : PROVEN_A_DAY, before = n;
    for (size_t i = 0; i < n_ids; i++) {
        struct out_row row;
        struct chan_send s;
        PW_TRY(outbox_get(c->db, c->arena, ids[i], &row));
        PW_TRY(channel_unqueue(c, ch->id, row.payload, &s));
        if (!s.automatic) /* a person's words, written at the same moment */
            continue;
        if (n < limit)
            n++;
        else
            PW_TRY(outbox_cancel(c->db, ids[i], c->now_ms));
    }
    if (n == before)
        return PW_OK;
    return db_exec(c->db, &auto_answer_put, DB_ARGS(DB_I(ch->id), DB_B(blind), DB_I(since), DB_I(n)), NULL);
}

enum pw_err auto_answer_forget(struct ctx *c)
{
    return db_exec(c->db, &auto_answer_old, DB_ARGS(DB_I(c->now_ms - 2 * day_ms)), NULL);
}
