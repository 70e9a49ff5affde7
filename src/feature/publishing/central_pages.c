/* SPDX-License-Identifier: EUPL-1.2 */
/* Prompts for a quiet community (MSG-15), settings of publishing, and what organisations share (KB-7). */
#include "base/id.h"
#include "feature/publishing/publishing_pages.h"
#include "feature/publishing/publishing_view.h"
#include "ui/web.h"
#include "views_publishing.h"

static enum pw_err moderated(struct http_req *q, int64_t id, struct community *ret)
{
    PW_TRY(community_get(q->ctx, id, ret));
    return community_may_moderate(q->ctx, ret) ? PW_OK : PW_NOT_FOUND;
}

enum pw_err prompts_get(struct http_req *q, struct http_res *r)
{
    struct prompts_view v = {0};
    PW_TRY(moderated(q, q->arg[0], &v.com));
    PW_TRY(member_spoke_ms(q->ctx, v.com.id, &v.last_ms));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Ready prompts"));
    pg.zone = v.com.zone;
    view_prompts(&pg, &v);
    return page_end(&pg, r);
}

/* ---- settings ---- */

static enum pw_err show_settings(struct http_req *q, struct http_res *r, struct settings_view *v)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Publishing"));
    view_publishing_settings(&pg, v);
    return page_end(&pg, r);
}

static enum pw_err administered(struct http_req *q, struct settings_view *v)
{
    PW_TRY(community_get(q->ctx, q->arg[0], &v->com));
    if (!community_may_admin(q->ctx, &v->com))
        return PW_NOT_FOUND;
    return publishing_setting_get(q->ctx, v->com.id, &v->s);
}

enum pw_err publishing_settings_get(struct http_req *q, struct http_res *r)
{
    struct settings_view v = {0};
    PW_TRY(administered(q, &v));
    v.quiet_from = minutes_text(q->arena, v.s.quiet_from);
    v.quiet_until = minutes_text(q->arena, v.s.quiet_until);
    v.silence = arena_fmt(q->arena, "%lld", (long long)v.s.silence_days);
    return show_settings(q, r, &v);
}

static int64_t minutes_of(struct sv text)
{
    int m;
    return civil_parse_minutes(text, &m) ? m : -1; /* the action says what is accepted */
}

enum pw_err publishing_settings_post(struct http_req *q, struct http_res *r)
{
    struct settings_view v = {.quiet_from = http_text(q, "quiet_from"),
                              .quiet_until = http_text(q, "quiet_until"),
                              .silence = http_text(q, "silence_days")};
    PW_TRY(administered(q, &v));
    v.s.quiet_from = minutes_of(v.quiet_from);
    v.s.quiet_until = minutes_of(v.quiet_until);
    if (!sv_int(v.silence, &v.s.silence_days))
        v.s.silence_days = -1;
    v.s.monthly = http_int(q, "monthly") != 0;
    v.s.public_pages = http_int(q, "public_pages") != 0;
    enum pw_err e = q->problems.n ? PW_INVALID : publishing_setting_set(q->ctx, &v.s);
    if (e == PW_INVALID && q->problems.n)
        return show_settings(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, q->path, N_("The settings are saved."));
}

/* ---- shared by organisations ---- */

enum pw_err central_get(struct http_req *q, struct http_res *r)
{
    struct central_view v = {0};
    struct shared_item *rows = NULL;
    PW_TRY(choose_community(q, &v.coms, &v.n_coms, &v.com));
    if (v.com.id)
        PW_TRY(shared_list(q->ctx, v.com.id, &rows, &v.n));
    v.rows = rows;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Shared by organisations"));
    pg.zone = v.com.zone;
    view_central(&pg, &v);
    return page_end(&pg, r);
}

static struct sv central_path(struct arena *a, int64_t community_id)
{
    char id[ID_TEXT + 1];
    return arena_fmt(a, "/central?community=%s", id_text(community_id, id).p);
}

static enum item_kind kind_of(struct http_req *q)
{
    return sv_eq_z(http_text(q, "kind"), "entry") ? ITEM_ENTRY : ITEM_POST;
}

enum pw_err central_adopt_post(struct http_req *q, struct http_res *r)
{
    int64_t copy, community = http_int(q, "community");
    char id[ID_TEXT + 1];
    enum item_kind kind = kind_of(q);
    enum pw_err e = q->problems.n ? PW_INVALID : shared_adopt(q->ctx, community, kind, http_int(q, "item"), &copy);
    if (e == PW_INVALID && q->problems.n)
        return central_get(q, r);
    PW_TRY(e);
    if (kind == ITEM_ENTRY)
        return page_done(q, r, central_path(q->arena, community), N_("The copy is among your saved answers."));
    return page_done(q, r, arena_fmt(q->arena, "/posts/%s", id_text(copy, id).p),
                     N_("The copy is a draft: look at it, then publish it."));
}

enum pw_err copy_get(struct http_req *q, struct http_res *r)
{
    struct copy_view v;
    struct community com;
    PW_TRY(adoption_view(q->ctx, q->arg[0], &v));
    PW_TRY(community_get(q->ctx, v.community_id, &com));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Copy and original"));
    pg.zone = com.zone;
    view_copy(&pg, &v, q->arg[0], &com);
    return page_end(&pg, r);
}

enum pw_err copy_take_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = adoption_take(q->ctx, q->arg[0]);
    if (e == PW_INVALID && q->problems.n)
        return copy_get(q, r);
    PW_TRY(e);
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/copies/%s", id_text(q->arg[0], id).p),
                     N_("The copy says what the original says."));
}

enum pw_err copy_detach_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(adoption_detach(q->ctx, q->arg[0]));
    char id[ID_TEXT + 1];
    return page_done(q, r, arena_fmt(q->arena, "/copies/%s", id_text(q->arg[0], id).p),
                     N_("The copy goes its own way from now on."));
}

static enum pw_err shared(struct http_req *q, struct http_res *r, enum item_kind kind, const char *where)
{
    bool on = http_int(q, "on") != 0;
    char id[ID_TEXT + 1];
    PW_TRY(share_item(q->ctx, kind, q->arg[0], on));
    return page_done(q, r, arena_fmt(q->arena, "/%s/%s", where, id_text(q->arg[0], id).p),
                     on ? N_("Offered to all communities of the network.")
                        : N_("No longer offered. Copies stay where they are."));
}

enum pw_err post_share_post(struct http_req *q, struct http_res *r)
{
    return shared(q, r, ITEM_POST, "posts");
}

enum pw_err entry_share_post(struct http_req *q, struct http_res *r)
{
    return shared(q, r, ITEM_ENTRY, "answers");
}
