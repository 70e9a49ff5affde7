/* SPDX-License-Identifier: EUPL-1.2 */
#include "web.h"

#include <string.h>

void page_begin(struct page *pg, struct http_req *q, struct http_res *r, enum page_face face, const char *title)
{
    const struct page_info *in = q->page;
    const struct catalog *cat = catalog_of(in->catalogs, in->lang);
    *pg = (struct page){
        .out = &r->body,
        .arena = q->arena,
        .cat = cat,
        .lang = catalog_lang(cat),
        .dir = catalog_rtl(cat) ? SV("rtl") : SV("ltr"),
        .zone = in->zone,
        .now_ms = q->now_ms,
        .csrf = in->csrf,
        .path = q->path,
        .static_base = in->static_base,
        .face = face,
        .who = in->who,
        .demo = in->demo,
        .problems = &q->problems,
        .nav = in->nav,
        .n_nav = in->n_nav,
        .unread = in->unread,
        .exit_url = in->exit_url,
    };
    pg->title = text_t(cat, q->arena, title ? title : N_("Welcome"), NULL, 0);
    if (in->flash.n)
        pg->flash = text_t(cat, q->arena, arena_z(q->arena, in->flash), NULL, 0);
    pg->undo = in->undo;
}

enum pw_err page_end(struct page *pg, struct http_res *r)
{
    if (pg->arena->oom || !buf_ok(pg->out))
        return PW_INTERNAL;
    if (pg->problems && pg->problems->n) {
        r->status = err_http_status(PW_INVALID);
        return PW_INVALID;
    }
    return PW_OK;
}

static void keep(const struct http_req *q, struct http_res *r, const char *name, struct sv text)
{
    struct buf safe;
    buf_init(&safe, 512);
    buf_url(&safe, text);
    struct sv value = arena_sv(q->arena, buf_sv(&safe));
    buf_finish(&safe);
    http_set_cookie(q, r, name, value, 60);
}

enum pw_err page_done(const struct http_req *q, struct http_res *r, struct sv path, const char *msgid)
{
    if (msgid)
        keep(q, r, "flash", sv_of(msgid));
    return http_redirect(r, path);
}

struct sv undo_mark(struct sv csrf)
{
    return sv_sub(csrf, 0, 12);
}

enum pw_err page_done_undo(const struct http_req *q, struct http_res *r, struct sv path, const char *msgid,
                           struct sv undo)
{
    keep(q, r, "undo", arena_fmt(q->arena, "%.*s%.*s", SV_ARG(undo_mark(q->page->csrf)), SV_ARG(undo)));
    return page_done(q, r, path, msgid);
}
