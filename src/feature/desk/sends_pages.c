/* SPDX-License-Identifier: EUPL-1.2 */
/* Sends whose arrival nobody can know (in doubt), waiting for a person's decision; and the last ones of each channel.
 */
#include "base/id.h"
#include "channel/registry.h"
#include "feature/community/community.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum { SENDS_SHOWN = 100, STEPS_MAX = 5 };

struct channels {
    int64_t *ids;
    size_t n;
};

/* Sends belong to who works in a community that uses the channel; others do not see them. */
static enum pw_err own_channels(struct ctx *c, struct channels *ret)
{
    enum { CHANNELS_MAX = 1024 };
    struct community *coms;
    size_t n_coms;
    struct channels own = {arena_array(c->arena, int64_t, CHANNELS_MAX), 0};
    if (!own.ids)
        return PW_INTERNAL;
    PW_TRY(community_mine(c, &coms, &n_coms));
    for (size_t i = 0; i < n_coms; i++) {
        struct community_channel *v;
        size_t n;
        PW_TRY(community_channels(c, coms[i].id, &v, &n));
        for (size_t k = 0; k < n && own.n < CHANNELS_MAX; k++)
            own.ids[own.n++] = v[k].channel_id;
    }
    *ret = own;
    return PW_OK;
}

static bool is_own(const struct channels *own, int64_t channel_id)
{
    for (size_t i = 0; i < own->n; i++)
        if (own->ids[i] == channel_id)
            return true;
    return false;
}

enum pw_err sends_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct sends_view v = {.doubtful_only = !http_int(q, "all")};
    struct channel_info *channels;
    struct channels own;
    size_t n_channels, n_rows = SENDS_SHOWN;
    int64_t before = http_int(q, "before");
    PW_TRY(own_channels(c, &own));
    PW_TRY(channel_list(c, &channels, &n_channels));
    struct sends_row *shown = arena_array(c->arena, struct sends_row, SENDS_SHOWN);
    if (!shown)
        return PW_INTERNAL;
    /* Others' sends lie between one's own: a few steps further, then the next page goes on from there. */
    for (int step = 0; step < STEPS_MAX && n_rows == SENDS_SHOWN && v.n < SENDS_SHOWN; step++) {
        struct out_row *rows;
        PW_TRY(outbox_page(c->db, c->arena, v.doubtful_only, before, SENDS_SHOWN, &rows, &n_rows));
        for (size_t i = 0; i < n_rows && v.n < SENDS_SHOWN; i++) {
            before = rows[i].id;
            if (!is_own(&own, rows[i].channel_id))
                continue;
            struct sends_row *one = &shown[v.n++];
            one->row = rows[i];
            for (size_t k = 0; k < n_channels; k++)
                if (channels[k].id == rows[i].channel_id)
                    one->channel = channels[k].name;
        }
    }
    if (n_rows == SENDS_SHOWN || v.n == SENDS_SHOWN) {
        char id[ID_TEXT + 1];
        v.next = arena_fmt(c->arena, "/sends?%sbefore=%s", v.doubtful_only ? "" : "all=1&", id_text(before, id).p);
    }
    v.rows = shown;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Sends"));
    view_sends(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err sends_resolve_post(struct http_req *q, struct http_res *r)
{
    bool arrived = sv_eq_z(http_text(q, "decision"), "arrived");
    struct out_row row;
    struct channels own;
    PW_TRY(own_channels(q->ctx, &own));
    PW_TRY(outbox_get(q->ctx->db, q->arena, q->arg[0], &row));
    if (!is_own(&own, row.channel_id))
        return PW_NOT_FOUND;
    enum pw_err e = outbox_resolve(q->ctx->db, q->arg[0], arrived, q->now_ms);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/sends"), N_("This send was decided already."));
    PW_TRY(e);
    PW_TRY(audit(q->ctx, "send.resolve", "outbox", q->arg[0], arrived ? SV("arrived") : SV("again")));
    return page_done(q, r, SV("/sends"), arrived ? N_("Noted: it arrived.") : N_("It will be sent again."));
}
