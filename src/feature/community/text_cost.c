/* SPDX-License-Identifier: EUPL-1.2 */
/* What a text costs before it is sent, where it goes by SMS (channels.md §1 rule 8). */
#include "channel/registry.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"

DB_STMT(members_at_channel,
        "SELECT count(*) FROM membership WHERE community_id = $1 AND channel_id = $2 AND state = 2");

/* Adds `people` of one channel who receive the text. Nothing where parts cost nothing. */
static enum pw_err add(struct ctx *c, int64_t channel_id, int64_t people, struct sv text, struct text_cost *io)
{
    struct channel ch;
    struct chan_measure m;
    enum pw_err e = channel_get(c, channel_id, &ch);
    if (e == PW_NOT_FOUND || e == PW_UNAVAILABLE || (e == PW_OK && !ch.driver->measure))
        return PW_OK;
    PW_TRY(e);
    ch.driver->measure(&ch, c->arena, text, &m);
    io->people += people;
    io->cost_micro += people * m.cost_micro;
    if (m.parts >= io->parts) {
        io->parts = m.parts;
        io->alphabet = m.alphabet;
    }
    if (m.currency.n)
        io->currency = m.currency;
    return PW_OK;
}

enum pw_err text_cost_person(struct ctx *c, int64_t community_id, int64_t person_id, struct sv text,
                             struct text_cost *ret)
{
    struct community com;
    struct membership m;
    struct text_cost cost = {0};
    PW_TRY(community_row(c, community_id, &com));
    if (!community_may_moderate(c, &com) && !may_specialist(c, &com))
        return PW_NOT_FOUND;
    enum pw_err e = membership_row(c, com.id, person_id, &m);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    if (e == PW_OK && m.channel_id)
        PW_TRY(add(c, m.channel_id, 1, text, &cost));
    *ret = cost;
    return PW_OK;
}

enum pw_err text_cost_all(struct ctx *c, int64_t community_id, struct sv text, struct text_cost *ret)
{
    struct community com;
    struct community_channel *v;
    size_t n;
    struct text_cost cost = {0};
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(place_rows(c, com.id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        const struct chan_driver *d = chan_driver_of(v[i].kind);
        struct db_rows r;
        if (!d || !d->measure)
            continue;
        PW_TRY(db_one(c->db, c->arena, &members_at_channel, DB_ARGS(DB_I(com.id), DB_I(v[i].channel_id)), &r));
        if (db_int(&r, 0, 0))
            PW_TRY(add(c, v[i].channel_id, db_int(&r, 0, 0), text, &cost));
    }
    *ret = cost;
    return PW_OK;
}
