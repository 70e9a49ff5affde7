/* SPDX-License-Identifier: EUPL-1.2 */
/* Choice of platform (MSG-5) and the promotion kit (MSG-19). */
#include "base/civil.h"
#include "base/csv.h"
#include "base/tz.h"
#include "feature/planning/planning_input.h"
#include "feature/planning/planning_pages.h"
#include "views_planning.h"

static enum pw_err show_platforms(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct platforms_view v = {.p = arena_new(q->arena, struct platform_view)};
    if (!v.p)
        return PW_INTERNAL;
    PW_TRY(plan_open(c, q->arg[0], &v.com, &v.file));
    PW_TRY(platform_load(c, &v.file, v.p));
    v.may_admin = community_may_admin(c, &v.com);
    bool typed = q->problems.n && q->route->fn == platforms_post;
    for (int f = F_AUDIENCE + 1; f < F__MAX; f++)
        v.levels[f] =
            typed
                ? http_kept(q, plan_factor_names[f])
                : plan_value(&v.file, arena_z(q->arena, arena_fmt(q->arena, "factor.%s", factor_code((enum factor)f))));
    v.at_once = typed ? http_kept(q, "at_once") : plan_value(&v.file, "at-once-number");
    v.why = typed ? http_kept(q, "why") : v.p->why;
    if (typed)
        v.p->chosen = http_kept(q, "platform");
    v.what = http_kept(q, "what");
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Choice of platform"));
    pg.zone = v.com.zone;
    view_platforms(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err platforms_get(struct http_req *q, struct http_res *r)
{
    return show_platforms(q, r);
}

enum pw_err platforms_post(struct http_req *q, struct http_res *r)
{
    struct plan_typed v[F__MAX + 3];
    size_t n = plan_typed_platform(q, v);
    int64_t seen = 0;
    (void)!sv_int(http_text(q, "seen"), &seen);
    enum pw_err e = q->problems.n ? PW_INVALID : platform_write(q->ctx, q->arg[0], v, n, seen);
    return planning_ended(q, r, e, show_platforms, "/platforms", N_("The choice is saved in the planning file."));
}

enum pw_err platforms_own_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : plan_line_write(q->ctx, q->arg[0], SV("factor"), http_text(q, "what"),
                                                    plan_level(http_text(q, "level")), plan_codes(q, "does"));
    return planning_ended(q, r, e, show_platforms, "/platforms", N_("The factor is saved."));
}

enum pw_err platforms_own_remove_post(struct http_req *q, struct http_res *r)
{
    return planning_ended(q, r, plan_line_remove(q->ctx, q->arg[0], q->arg[1]), show_platforms, "/platforms",
                          N_("The line is removed."));
}

/* ---- promotion kit ---- */

/* Today where the community is, as YYYY-MM-DD. */
static struct sv today(struct http_req *q, const struct community *com)
{
    char day[CIVIL_DATE_TEXT];
    return arena_sv(q->arena, civil_date_text(today_of(q->ctx, com), day));
}

static enum pw_err show_promotion(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct promo_view v = {.lang = http_kept(q, "lang_of"),
                           .place = http_kept(q, "place"),
                           .item = http_kept(q, "item"),
                           .placed_on = http_kept(q, "placed_on"),
                           .uses = http_kept(q, "uses"),
                           .last_day = http_kept(q, "last_day")};
    struct promo_place *places;
    struct join_source *sources;
    PW_TRY(plan_open(c, q->arg[0], &v.com, &v.file));
    if (!lang_in(v.com.languages, v.lang))
        v.lang = lang_in(v.com.languages, c->lang) ? c->lang : lang_main(v.com.languages);
    PW_TRY(promo_places(c, &v.com, &places, &v.n_places));
    PW_TRY(join_sources(c, v.com.id, &sources, &v.n_sources));
    v.places = places;
    v.sources = sources;
    v.may_admin = community_may_admin(c, &v.com);
    bool typed = q->problems.n && q->route->fn == promotion_messages_post;
    for (int i = 0; i < 3; i++)
        v.messages[i] = typed ? http_kept(q, promo_lengths[i]) : promo_message(c, &v.file, i, v.lang);
    if (!v.placed_on.n)
        v.placed_on = today(q, &v.com);
    if (!v.uses.n)
        v.uses = SV("0");
    PW_TRY(promo_link(c, &v.com, (struct sv){0}, &v.link));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Promotion kit"));
    pg.zone = v.com.zone;
    view_promotion(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err promotion_get(struct http_req *q, struct http_res *r)
{
    return show_promotion(q, r);
}

enum pw_err promotion_messages_post(struct http_req *q, struct http_res *r)
{
    struct sv words[3], lang = http_text(q, "lang_of");
    int64_t seen = 0;
    for (int i = 0; i < 3; i++)
        words[i] = http_text(q, promo_lengths[i]);
    (void)!sv_int(http_text(q, "seen"), &seen);
    enum pw_err e = q->problems.n ? PW_INVALID : promo_messages_write(q->ctx, q->arg[0], lang, words, seen);
    return planning_ended(q, r, e, show_promotion,
                          arena_z(q->arena, arena_fmt(q->arena, "/promotion?lang_of=%.*s", SV_ARG(lang))),
                          N_("The key messages are saved."));
}

enum pw_err promotion_place_post(struct http_req *q, struct http_res *r)
{
    struct promo_place_new p = promo_typed(q);
    struct sv code;
    enum pw_err e = q->problems.n ? PW_INVALID : promo_place_add(q->ctx, q->arg[0], &p, &code);
    return planning_ended(q, r, e, show_promotion, "/promotion",
                          N_("The place is noted: print its poster or cards, so that they are counted."));
}

enum pw_err promotion_place_remove_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    return planning_ended(
        q, r, promo_place_remove(q->ctx, q->arg[0], q->arg[1]), show_promotion, "/promotion",
        com.visibility == COM_INVITATION
            ? N_("The place is off the list. Its join requests stay counted; its invitation can be withdrawn under "
                 "Invitations.")
            : N_("The place is off the list. Its join requests stay counted."));
}

enum pw_err promotion_csv_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    struct promo_place *v;
    size_t n;
    struct csv w;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    PW_TRY(promo_places(q->ctx, &com, &v, &n));
    csv_init(&w, &r->body, ',', true);
    static const char *const head[] = {"code", "place", "item", "language", "placed_on", "join_requests", "accepted"};
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        csv_z(&w, head[i]);
    csv_end_row(&w);
    for (size_t i = 0; i < n; i++) {
        const struct sv cells[] = {v[i].code, v[i].place, v[i].item, v[i].lang, v[i].placed_on};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            csv_text(&w, cells[k]);
        csv_int(&w, v[i].requests);
        csv_int(&w, v[i].accepted);
        csv_end_row(&w);
    }
    r->type = SV("text/csv; charset=utf-8");
    http_set_download(q, r, arena_fmt(q->arena, "%.*s-promotion.csv", SV_ARG(com.slug)));
    return buf_ok(&r->body) ? PW_OK : PW_INTERNAL;
}

enum pw_err poster_get(struct http_req *q, struct http_res *r)
{
    struct community com;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    if (!works_in(q->ctx, &com))
        return PW_NOT_FOUND;
    struct sv lang = http_text(q, "lang_of").n ? http_text(q, "lang_of") : q->ctx->lang;
    bool is_cards = sv_eq_z(http_text(q, "sheet"), "cards"), letter = sv_eq_z(http_text(q, "size"), "letter");
    PW_TRY(promo_print(q->ctx, &com, is_cards ? SHEET_CARDS : SHEET_POSTER, letter, lang, http_text(q, "place"),
                       &r->body));
    r->type = SV("application/pdf");
    http_set_download(
        q, r, arena_fmt(q->arena, "%.*s-%s-%.*s.pdf", SV_ARG(com.slug), is_cards ? "cards" : "poster", SV_ARG(lang)));
    return PW_OK;
}
