/* SPDX-License-Identifier: EUPL-1.2 */
/* Acting on a message, one sanction, the moderation log and its table (MOD-3 to MOD-7, MOD-12). */
#include "base/civil.h"
#include "base/csv.h"
#include "base/id.h"
#include "feature/moderation/moderation_pages.h"
#include "feature/moderation/moderation_room.h"
#include "feature/moderation/moderation_view.h"
#include "feature/moderation/sanction_store.h"
#include "ui/web.h"
#include "views_moderation.h"

enum { LOG_PAGE = 100 };

static struct sv sanction_path(struct arena *a, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(a, "/sanctions/%s", id_text(id, text).p);
}

/* ---- acting ---- */

static enum pw_err show_act(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct act_view *v = arena_new(q->arena, struct act_view);
    struct mod_settings set;
    enum mod_category cat;
    if (!v)
        return PW_INTERNAL;
    v->category = http_text(q, "category");
    v->reason = http_kept(q, "reason");
    v->item_id = http_int(q, "item");
    if (q->method == HTTP_POST) {
        v->step = http_int(q, "step");
        v->clause = http_int(q, "clause");
    }
    PW_TRY(message_get(c, q->arg[0], &v->message));
    PW_TRY(need_keeper_of(c, v->message.community_id, &v->com));
    PW_TRY(moderation_settings(c, v->com.id, &set));
    PW_TRY(action_standing(c, v->message.id, &v->standing));
    v->excluded = set.excluded;
    v->chosen = mod_category_parse(v->category, &cat) && mod_category_breach(cat);
    if (v->chosen)
        PW_TRY(moderation_propose(c, q->arg[0], v->category, &v->p));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Act on this message"));
    pg.zone = v->com.zone;
    view_act(&pg, v);
    return page_end(&pg, r);
}

/* A private message may be read here: that leaves a trace. */
enum pw_err act_get(struct http_req *q, struct http_res *r)
{
    return show_act(q, r);
}

enum pw_err act_post(struct http_req *q, struct http_res *r)
{
    struct mod_act_new n = {.message_id = q->arg[0],
                            .item_id = http_int(q, "item"),
                            .category = http_text(q, "category"),
                            .reason = http_text(q, "reason"),
                            .step = http_int(q, "step"),
                            .clause = http_int(q, "clause")};
    int64_t id = 0;
    enum pw_err e = q->problems.n ? PW_INVALID : moderation_act(q->ctx, &n, &id);
    if (e == PW_INVALID && q->problems.n)
        return show_act(q, r);
    if (e == PW_CONFLICT)
        return page_done(q, r, SV("/review"), N_("Somebody else decided this first."));
    PW_TRY(e);
    struct sv page = sanction_path(q->arena, id);
    return page_done_undo(q, r, page, N_("Done. You can take it back here."), arena_join(q->arena, page, SV("/undo")));
}

/* ---- one sanction ---- */

enum pw_err sanction_get(struct http_req *q, struct http_res *r)
{
    struct action_view v;
    PW_TRY(moderation_action(q->ctx, q->arg[0], &v.a));
    PW_TRY(community_get(q->ctx, v.a.community_id, &v.com));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Sanction"));
    pg.zone = v.com.zone;
    view_sanction(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err sanction_undo_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = moderation_undo(q->ctx, q->arg[0]);
    if (e != PW_CONFLICT)
        PW_TRY(e);
    return page_done(q, r, sanction_path(q->arena, q->arg[0]), N_("The decision is taken back."));
}

/* ---- the log ---- */

enum pw_err log_get(struct http_req *q, struct http_res *r)
{
    struct log_view v = {0};
    struct mod_action *rows;
    PW_TRY(moderation_log(q->ctx, q->arg[0], 0, http_int(q, "before"), LOG_PAGE, &rows, &v.n));
    PW_TRY(community_get(q->ctx, q->arg[0], &v.com));
    v.rows = rows;
    v.older = v.n == LOG_PAGE ? rows[v.n - 1].id : 0;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Moderation log"));
    pg.zone = v.com.zone;
    view_log(&pg, &v);
    return page_end(&pg, r);
}

/* Codes, ids and days: for statistics, without names or words. */
enum pw_err log_csv_get(struct http_req *q, struct http_res *r)
{
    static const char *const head[] = {"id",   "day",        "category", "ladder",    "step",
                                       "acts", "guidelines", "by",       "taken_back"};
    struct csv csv;
    int64_t before = 0;
    csv_init(&csv, &r->body, ',', true);
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        csv_z(&csv, head[i]);
    csv_end_row(&csv);
    for (;;) {
        struct mod_action *v;
        size_t n;
        PW_TRY(moderation_log(q->ctx, q->arg[0], 0, before, LOG_PAGE, &v, &n));
        for (size_t i = 0; i < n; i++) {
            char id[ID_TEXT + 1], by[ID_TEXT + 1], day[CIVIL_DATE_TEXT];
            csv_text(&csv, id_text(v[i].id, id));
            csv_text(&csv, civil_date_text(civil_day_of(v[i].at_ms), day));
            csv_text(&csv, v[i].category);
            csv_text(&csv, v[i].ladder);
            csv_int(&csv, v[i].step);
            csv_text(&csv, v[i].acts);
            csv_int(&csv, v[i].guidelines_version);
            csv_text(&csv, id_text(v[i].by_person, by));
            csv_int(&csv, v[i].undone_ms != 0);
            csv_end_row(&csv);
        }
        if (n < LOG_PAGE)
            break;
        before = v[n - 1].id;
    }
    r->type = SV("text/csv; charset=utf-8");
    http_set_download(q, r, SV("moderation.csv"));
    return buf_ok(&r->body) ? PW_OK : PW_INTERNAL;
}
