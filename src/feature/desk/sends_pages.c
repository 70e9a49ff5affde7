/* SPDX-License-Identifier: EUPL-1.2 */
/* Sends whose arrival nobody can know (in doubt), waiting for a person's decision; and the last ones of each channel.
 */
#include "channel/registry.h"
#include "feature/desk/desk_pages.h"
#include "feature/desk/desk_view.h"
#include "ui/web.h"
#include "views_desk.h"

enum { SENDS_SHOWN = 100 };

enum pw_err sends_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct sends_view v = {.doubtful_only = !http_int(q, "all")};
    struct channel_info *channels;
    struct out_row *rows;
    size_t n_channels;
    PW_TRY(channel_list(c, &channels, &n_channels));
    PW_TRY(outbox_list(c->db, c->arena, 0, v.doubtful_only ? OUT_IN_DOUBT : -1, SENDS_SHOWN, &rows, &v.n));
    struct sends_row *shown = arena_array(c->arena, struct sends_row, v.n + 1);
    if (!shown)
        return PW_INTERNAL;
    for (size_t i = 0; i < v.n; i++) {
        shown[i].row = rows[i];
        for (size_t k = 0; k < n_channels; k++)
            if (channels[k].id == rows[i].channel_id)
                shown[i].channel = channels[k].name;
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
    enum pw_err e = outbox_resolve(q->ctx->db, q->arg[0], arrived, q->now_ms);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/sends"), N_("This send was decided already."));
    PW_TRY(e);
    PW_TRY(audit(q->ctx, "send.resolve", "outbox", q->arg[0], arrived ? SV("arrived") : SV("again")));
    return page_done(q, r, SV("/sends"), arrived ? N_("Noted: it arrived.") : N_("It will be sent again."));
}
