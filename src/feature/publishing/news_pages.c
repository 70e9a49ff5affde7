/* SPDX-License-Identifier: EUPL-1.2 */
/* What members read: news with the archive of newsletters, one post, and the resource page (KB-5, KB-6). */
#include "feature/publishing/publishing_pages.h"
#include "feature/publishing/publishing_view.h"
#include "ui/web.h"
#include "views_publishing.h"

enum { NEWS_PAGE = 20 };

static enum pw_err place(struct http_req *q, struct news_view *v)
{
    PW_TRY(community_by_slug(q->ctx, q->arg_text[0], &v->com));
    enum pw_err e = need_member_or_staff(q->ctx, &v->com);
    v->inside = e == PW_OK;
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err end(struct http_req *q, struct http_res *r, const struct news_view *v, const char *title,
                       void (*view)(struct page *pg, const struct news_view *v))
{
    struct page pg;
    page_begin(&pg, q, r, FACE_MEMBER, title);
    pg.zone = v->com.zone;
    view(&pg, v);
    return page_end(&pg, r);
}

/* Not for visitors here: they are led to the door, as from every page for members. A post that is not there is not
 * found where visitors may read the others. */
static enum pw_err or_join(struct http_req *q, struct http_res *r, const struct news_view *v, enum pw_err e)
{
    struct post *rows;
    size_t n;
    if (e != PW_NOT_FOUND || v->inside ||
        post_shown_list(q->ctx, &v->com, (struct sv){0}, 0, 0, 1, &rows, &n) != PW_NOT_FOUND)
        return e;
    return http_redirect(r, arena_fmt(q->arena, "/c/%.*s/join", SV_ARG(v->com.slug)));
}

enum pw_err news_get(struct http_req *q, struct http_res *r)
{
    struct news_view v = {.type = http_text(q, "type")};
    struct post *rows;
    PW_TRY(place(q, &v));
    if (!post_type_known(v.type))
        v.type = (struct sv){0};
    enum pw_err e = post_shown_list(q->ctx, &v.com, v.type, http_int(q, "before"), http_int(q, "before_id"), NEWS_PAGE,
                                    &rows, &v.n);
    if (e != PW_OK)
        return or_join(q, r, &v, e);
    v.rows = rows;
    if (v.n == NEWS_PAGE) {
        v.older_ms = rows[v.n - 1].published_ms;
        v.older_id = rows[v.n - 1].id;
    }
    return end(q, r, &v, N_("News"), view_news);
}

enum pw_err news_one_get(struct http_req *q, struct http_res *r)
{
    struct news_view v = {0};
    struct post p;
    struct newsletter_part *parts;
    struct message *corrects = NULL;
    PW_TRY(place(q, &v));
    enum pw_err e = post_shown(q->ctx, &v.com, q->arg[1], &p);
    if (e != PW_OK)
        return or_join(q, r, &v, e);
    PW_TRY(newsletter_parts(q->ctx, &v.com, &p, &parts, &v.n_parts));
    if (v.inside)
        PW_TRY(post_corrects(q->ctx, p.id, &corrects, &v.n_corrects));
    v.post = &p;
    v.parts = parts;
    v.corrects = corrects;
    return end(q, r, &v, post_kind_label(p.type), view_news_one);
}

enum pw_err resources_get(struct http_req *q, struct http_res *r)
{
    struct news_view v = {0};
    PW_TRY(place(q, &v));
    enum pw_err e = resources_of(q->ctx, &v.com, &v.res);
    return e == PW_OK ? end(q, r, &v, N_("Resources"), view_resources) : or_join(q, r, &v, e);
}
