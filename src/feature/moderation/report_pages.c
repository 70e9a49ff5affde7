/* SPDX-License-Identifier: EUPL-1.2 */
/* What members do: report a message, the urgent path, decisions about oneself, offers, guarded names (SAFE-1, SAFE-3,
 * MOD-6, MOD-8, A-34). Works without scripts. */
#include "base/id.h"
#include "feature/moderation/moderation_pages.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/moderation_view.h"
#include "ui/web.h"
#include "views_moderation.h"

static void begin(struct page *pg, struct http_req *q, struct http_res *r, const struct community *com)
{
    page_begin(pg, q, r, FACE_MEMBER, NULL);
    pg->zone = com->zone;
}

static struct sv place_path_of(struct http_req *q, const struct community *com, const char *rest)
{
    return community_path(q->ctx, com, rest);
}

/* ---- reporting ---- */

static enum pw_err show_report(struct http_req *q, struct http_res *r)
{
    struct report_form_view v = {.category = http_kept(q, "category"), .words = http_kept(q, "words")};
    struct mod_settings set;
    PW_TRY(message_get(q->ctx, q->arg[0], &v.message));
    PW_TRY(community_get(q->ctx, v.message.community_id, &v.com));
    PW_TRY(moderation_settings(q->ctx, v.com.id, &set));
    v.excluded = set.excluded;
    struct page pg;
    begin(&pg, q, r, &v.com);
    view_report_form(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err report_form_get(struct http_req *q, struct http_res *r)
{
    return show_report(q, r);
}

enum pw_err report_form_post(struct http_req *q, struct http_res *r)
{
    struct message m;
    struct community com;
    int64_t item = 0;
    PW_TRY(message_get(q->ctx, q->arg[0], &m));
    PW_TRY(community_get(q->ctx, m.community_id, &com));
    enum pw_err e = q->problems.n
                        ? PW_INVALID
                        : report_send(q->ctx, com.id, m.id, http_text(q, "category"), http_text(q, "words"), &item);
    if (e == PW_INVALID && q->problems.n)
        return show_report(q, r);
    PW_TRY(e);
    return page_done(q, r, place_path_of(q, &com, "/talk"),
                     N_("Thank you. Your report reached the moderators; you will be told what came of it."));
}

/* ---- the urgent path ---- */

static enum pw_err show_urgent(struct http_req *q, struct http_res *r)
{
    struct urgent_view v = {.words = http_kept(q, "words")};
    struct emergency_number *numbers;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &v.com));
    PW_TRY(emergency_numbers(q->ctx, v.com.id, q->ctx->lang, &numbers, &v.n));
    v.numbers = numbers;
    v.member = need_member_or_staff(q->ctx, &v.com) == PW_OK;
    struct page pg;
    begin(&pg, q, r, &v.com);
    view_urgent(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err urgent_get(struct http_req *q, struct http_res *r)
{
    return show_urgent(q, r);
}

enum pw_err urgent_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &com));
    enum pw_err e = q->problems.n ? PW_INVALID : urgent_alert(q->ctx, com.id, http_text(q, "words"));
    if (e == PW_INVALID && q->problems.n)
        return show_urgent(q, r);
    PW_TRY(e);
    return page_done(q, r, place_path_of(q, &com, "/urgent"),
                     N_("The person on call was alerted. If somebody is in danger, call now."));
}

/* ---- decisions about oneself ---- */

/* Also for people who were removed and see the community no longer: their own decisions stay theirs. */
static enum pw_err own_community(struct http_req *q, struct community *ret)
{
    struct ctx c = as_community(q->ctx);
    struct community com;
    struct membership me;
    if (!q->ctx->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(community_by_slug(&c, q->arg_text[0], &com));
    PW_TRY(membership_of(&c, com.id, q->ctx->actor->person_id, &me));
    *ret = com;
    return PW_OK;
}

static enum pw_err show_decisions(struct http_req *q, struct http_res *r, int64_t open_form)
{
    struct ctx *c = q->ctx;
    struct decisions_view v = {.words = http_kept(q, "words"), .open_form = open_form};
    struct mod_action *rows;
    struct membership me;
    PW_TRY(own_community(q, &v.com));
    PW_TRY(moderation_mine(c, v.com.id, &rows, &v.n));
    v.rows = rows;
    PW_TRY(membership_of(c, v.com.id, c->actor->person_id, &me));
    v.removed = me.state == MEMBER_REMOVED;
    PW_TRY(readmission_open(c, v.com.id, &v.may_return));
    struct page pg;
    begin(&pg, q, r, &v.com);
    view_decisions(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err decisions_get(struct http_req *q, struct http_res *r)
{
    return show_decisions(q, r, 0);
}

enum pw_err appeal_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    int64_t item = 0;
    PW_TRY(own_community(q, &com));
    enum pw_err e = q->problems.n ? PW_INVALID : appeal_send(q->ctx, com.id, q->arg[1], http_text(q, "words"), &item);
    if (e == PW_INVALID && q->problems.n)
        return show_decisions(q, r, q->arg[1]);
    if (e == PW_CONFLICT)
        return page_done(q, r, decisions_path(q->ctx, &com), N_("This decision cannot be appealed any more."));
    PW_TRY(e);
    return page_done(q, r, decisions_path(q->ctx, &com),
                     N_("Your appeal has arrived. Somebody else decides and tells you why."));
}

enum pw_err return_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    int64_t item = 0;
    PW_TRY(own_community(q, &com));
    enum pw_err e = q->problems.n ? PW_INVALID : readmission_send(q->ctx, com.id, http_text(q, "words"), &item);
    if (e == PW_INVALID && q->problems.n)
        return show_decisions(q, r, 0);
    if (e == PW_CONFLICT || e == PW_DENIED)
        return page_done(q, r, decisions_path(q->ctx, &com), N_("You cannot ask this now."));
    PW_TRY(e);
    return page_done(q, r, decisions_path(q->ctx, &com),
                     N_("Your request has arrived. Somebody else decides and tells you why."));
}

/* ---- offers ---- */

static enum pw_err show_opportunity(struct http_req *q, struct http_res *r)
{
    struct opportunity_view v = {.words = http_kept(q, "words")};
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &v.com));
    PW_TRY(need_member_or_staff(q->ctx, &v.com));
    struct page pg;
    begin(&pg, q, r, &v.com);
    view_opportunity(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err opportunity_get(struct http_req *q, struct http_res *r)
{
    return show_opportunity(q, r);
}

enum pw_err opportunity_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    int64_t item = 0;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &com));
    enum pw_err e = q->problems.n ? PW_INVALID : opportunity_send(q->ctx, com.id, http_text(q, "words"), &item);
    if (e == PW_INVALID && q->problems.n)
        return show_opportunity(q, r);
    PW_TRY(e);
    return page_done(q, r, place_path_of(q, &com, ""), N_("Thank you. The moderators look at it and tell you."));
}

/* ---- guarded names ---- */

static enum pw_err show_names(struct http_req *q, struct http_res *r)
{
    struct names_view v = {.name = http_kept(q, "name")};
    struct guarded_name *rows;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &v.com));
    PW_TRY(need_member_or_staff(q->ctx, &v.com));
    PW_TRY(guarded_names(q->ctx, &rows, &v.n));
    v.rows = rows;
    struct page pg;
    begin(&pg, q, r, &v.com);
    view_names(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err names_get(struct http_req *q, struct http_res *r)
{
    return show_names(q, r);
}

enum pw_err names_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &com));
    PW_TRY(need_member_or_staff(q->ctx, &com));
    enum pw_err e = q->problems.n ? PW_INVALID : guarded_names_add(q->ctx, http_text(q, "name"));
    if (e == PW_INVALID && q->problems.n)
        return show_names(q, r);
    PW_TRY(e);
    return page_done(q, r, place_path_of(q, &com, "/names"), N_("The names are on your list."));
}

enum pw_err name_drop_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &com));
    PW_TRY(guarded_name_drop(q->ctx, q->arg[1]));
    return page_done(q, r, place_path_of(q, &com, "/names"), N_("The name is off your list."));
}
