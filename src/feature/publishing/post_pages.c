/* SPDX-License-Identifier: EUPL-1.2 */
/* Posts as moderators see them: the list, composing side by side, confirming with a number, progress. */
#include "base/id.h"
#include "channel/file.h"
#include "feature/publishing/publishing_pages.h"
#include "feature/publishing/publishing_view.h"
#include "ui/web.h"
#include "views_publishing.h"
#include "views_ui.h"

enum { POSTS_PAGE = 40, PREVIEWS_MAX = 12 };

enum pw_err choose_community(struct http_req *q, const struct community **ret_all, size_t *ret_n, struct community *ret)
{
    struct community *all;
    size_t n, k = 0;
    PW_TRY(community_mine(q->ctx, &all, &n));
    for (size_t i = 0; i < n; i++)
        if (community_may_moderate(q->ctx, &all[i]) && all[i].status != COM_ARCHIVED)
            all[k++] = all[i];
    *ret = (struct community){0};
    for (size_t i = 0; i < k; i++)
        if (all[i].id == http_int(q, "community"))
            *ret = all[i];
    if (!ret->id && k && !http_int(q, "community"))
        *ret = all[0];
    if (!ret->id && http_int(q, "community"))
        return PW_NOT_FOUND;
    *ret_all = all;
    *ret_n = k;
    return PW_OK;
}

static struct sv path_of(struct arena *a, int64_t id, const char *rest)
{
    char text[ID_TEXT + 1];
    return arena_fmt(a, "/posts/%s%s", id_text(id, text).p, rest);
}

static struct sv today_text(struct ctx *c, const struct community *com)
{
    char day[CIVIL_DATE_TEXT];
    return arena_sv(c->arena, civil_date_text(today_of(c, com), day));
}

/* ---- the list ---- */

enum pw_err posts_get(struct http_req *q, struct http_res *r)
{
    struct posts_view v = {.type = http_text(q, "type"), .state = http_text(q, "state")};
    q->problems.n = 0; /* an old address with a strange filter shows all */
    PW_TRY(choose_community(q, &v.coms, &v.n_coms, &v.com));
    struct post_filter f = {.community_id = v.com.id,
                            .type = post_type_known(v.type) ? v.type : (struct sv){0},
                            .state = -1,
                            .before_ms = http_int(q, "before"),
                            .before_id = http_int(q, "before_id"),
                            .limit = POSTS_PAGE};
    enum post_state s;
    if (post_state_parse(v.state, &s))
        f.state = (int)s;
    struct post *rows = NULL;
    struct post_count *counts = NULL;
    if (v.com.id) {
        v.may_admin = community_may_admin(q->ctx, &v.com);
        PW_TRY(post_list(q->ctx, &f, &rows, &v.n));
        PW_TRY(post_counts(q->ctx, v.com.id, &counts, &v.n_counts));
    }
    v.rows = rows;
    v.counts = counts;
    char id[ID_TEXT + 1];
    if (v.n == POSTS_PAGE)
        v.next = arena_fmt(q->arena, "/posts?community=%s&type=%.*s&state=%.*s&before=%lld&before_id=%lld",
                           id_text(v.com.id, id).p, SV_ARG(f.type), SV_ARG(v.state),
                           (long long)rows[v.n - 1].created_ms, (long long)rows[v.n - 1].id);
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Posts"));
    pg.zone = v.com.zone;
    view_posts(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err post_calendar_get(struct http_req *q, struct http_res *r)
{
    struct calendar_view v = {0};
    struct post_date *rows = NULL;
    PW_TRY(choose_community(q, &v.coms, &v.n_coms, &v.com));
    if (!v.com.id)
        return http_redirect(r, SV("/posts"));
    PW_TRY(post_calendar(q->ctx, v.com.id, &rows, &v.n));
    v.rows = rows;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Posts by day"));
    pg.zone = v.com.zone;
    view_post_calendar(&pg, &v);
    return page_end(&pg, r);
}

/* ---- composing ---- */

static const char *const title_names[] = {"title0", "title1", "title2", "title3",
                                          "title4", "title5", "title6", "title7"};
static const char *const body_names[] = {"body0", "body1", "body2", "body3", "body4", "body5", "body6", "body7"};
static const char *const fits_names[] = {"fits0", "fits1", "fits2", "fits3", "fits4", "fits5", "fits6", "fits7"};

/* The languages of the community in order, each with what was typed in its place. */
static void typed_words(struct http_req *q, struct post_edit_view *v)
{
    struct sv rest = v->com.languages, lang;
    v->n_words = 0;
    while (v->n_words < POST_LANGS_MAX && sv_cut(&rest, ' ', &lang)) {
        size_t i = v->n_words;
        if (!lang.n)
            continue;
        v->words[i] = (struct post_words){.lang = lang,
                                          .title = http_text(q, title_names[i]),
                                          .body = http_text(q, body_names[i]),
                                          .out_of_date = http_int(q, fits_names[i]) == 0};
        v->n_words++;
    }
}

struct post_edit post_edit_of(const struct http_req *q, const struct post_words *words, size_t n)
{
    return (struct post_edit){.type = http_text(q, "type"),
                              .source = http_text(q, "source"),
                              .checked_on = http_text(q, "checked_on"),
                              .only_lang = http_text(q, "only_lang"),
                              .only_channel = http_text(q, "only_channel"),
                              .starts = http_text(q, "starts"),
                              .expires = http_text(q, "expires"),
                              .pinned = http_text(q, "pinned"),
                              .urgent = http_int(q, "urgent") != 0,
                              .delete_there = http_int(q, "delete_there") != 0,
                              .words = words,
                              .n_words = n};
}

static struct post_edit typed(const struct http_req *q, const struct post_edit_view *v)
{
    struct post_edit e = post_edit_of(q, v->words, v->n_words);
    e.no_file = http_int(q, "no_file") != 0;
    return e;
}

/* A post is everybody's: no person's key seals its file. */
static enum pw_err take_file(struct http_req *q, struct post_edit *e)
{
    const struct http_value *v = http_value(q, "file");
    enum chan_file_kind kind;
    struct sv type;
    if (!v || !v->given || !v->file.bytes.n)
        return PW_OK;
    if (!upload_sniff(v->file.bytes, &kind, &type))
        return problem_add(&q->problems, "file", N_("Send a voice note, a picture, a video or a PDF."));
    e->file_kind = kind == FILE_IMAGE   ? MSG_IMAGE
                   : kind == FILE_VIDEO ? MSG_VIDEO
                   : kind == FILE_OTHER ? MSG_FILE
                                        : MSG_VOICE;
    return file_put(q->ctx, 0, kind, v->file.name, type, 0, v->file.bytes, &e->file_id);
}

static enum pw_err previews(struct http_req *q, struct post_edit_view *v)
{
    struct post_preview_row *rows = arena_array(q->arena, struct post_preview_row, PREVIEWS_MAX);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < v->n_words; i++)
        for (size_t k = 0; v->words[i].written && k < v->audience.n && v->n_previews < PREVIEWS_MAX; k++) {
            const struct audience_line *l = &v->audience.v[k];
            struct post_preview_row *row = &rows[v->n_previews];
            *row = (struct post_preview_row){.lang = v->words[i].lang, .kind = l->kind};
            PW_TRY(post_preview(q->ctx, &v->com, &v->post, row->lang, row->kind, &row->text));
            if (sv_eq_z(row->kind, "sms"))
                PW_TRY(text_cost_all(q->ctx, v->com.id, row->text, &row->cost));
            v->n_previews++;
        }
    v->previews = rows;
    return PW_OK;
}

static enum pw_err show_edit(struct http_req *q, struct http_res *r, struct post_edit_view *v)
{
    struct message *corrects = NULL;
    struct newsletter_part *parts = NULL;
    v->today = today_text(q->ctx, &v->com);
    if (v->post.id) {
        PW_TRY(post_corrects(q->ctx, v->post.id, &corrects, &v->n_corrects));
        PW_TRY(newsletter_parts(q->ctx, &v->com, &v->post, &parts, &v->n_parts));
        v->corrects = corrects;
        v->parts = parts;
    } else if (http_int(q, "corrects")) {
        corrects = arena_new(q->arena, struct message);
        if (!corrects)
            return PW_INTERNAL;
        PW_TRY(message_get(q->ctx, http_int(q, "corrects"), corrects));
        v->corrects = corrects;
        v->n_corrects = 1;
    }
    struct post wanted = v->post;
    wanted.only_lang = v->edit.only_lang;
    wanted.only_channel = v->edit.only_channel;
    PW_TRY(post_audience(q->ctx, &v->com, &wanted, &v->audience));
    if (v->post.id && !q->problems.n)
        PW_TRY(previews(q, v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, v->post.id ? N_("Post") : N_("New post"));
    pg.zone = v->com.zone;
    view_post_edit(&pg, v);
    return page_end(&pg, r);
}

enum pw_err post_new_get(struct http_req *q, struct http_res *r)
{
    struct post_edit_view *v = arena_new(q->arena, struct post_edit_view);
    const struct community *coms;
    size_t n;
    if (!v)
        return PW_INTERNAL;
    PW_TRY(choose_community(q, &coms, &n, &v->com));
    if (!v->com.id)
        return PW_NOT_FOUND;
    typed_words(q, v);
    v->edit = typed(q, v);
    if (!v->edit.type.n)
        v->edit.type = http_int(q, "corrects") ? SV("correction") : SV("information");
    return show_edit(q, r, v);
}

enum pw_err post_new_post(struct http_req *q, struct http_res *r)
{
    struct post_edit_view *v = arena_new(q->arena, struct post_edit_view);
    const struct community *coms;
    size_t n;
    int64_t id, corrects = http_int(q, "corrects");
    if (!v)
        return PW_INTERNAL;
    PW_TRY(choose_community(q, &coms, &n, &v->com));
    if (!v->com.id)
        return PW_NOT_FOUND;
    typed_words(q, v);
    v->edit = typed(q, v);
    v->edit.corrects = &corrects;
    v->edit.n_corrects = corrects ? 1 : 0;
    enum pw_err e = q->problems.n ? PW_INVALID : take_file(q, &v->edit);
    if (e == PW_OK)
        e = post_create(q->ctx, v->com.id, &v->edit, &id);
    if (e == PW_INVALID && q->problems.n)
        return show_edit(q, r, v);
    PW_TRY(e);
    return page_done(q, r, path_of(q->arena, id, ""), N_("The draft is saved. Nothing was sent yet."));
}

/* MOD-8: what a member suggested in private becomes a draft, in its language. */
enum pw_err post_suggested_post(struct http_req *q, struct http_res *r)
{
    struct message m;
    struct community com;
    int64_t id;
    PW_TRY(message_get(q->ctx, q->arg[0], &m));
    PW_TRY(community_get(q->ctx, m.community_id, &com));
    struct post_words w = {.lang = lang_in(com.languages, m.lang) ? m.lang : lang_main(com.languages), .body = m.body};
    struct post_edit e = {.type = SV("other"), .words = &w, .n_words = 1, .from_message = m.id};
    PW_TRY(post_create(q->ctx, com.id, &e, &id));
    return page_done(q, r, path_of(q->arena, id, ""), N_("The draft is saved. Nothing was sent yet."));
}

static struct sv moment_or_none(struct http_req *q, const struct community *com, int64_t ms)
{
    return ms ? format_input(q->arena, ms, com->zone) : (struct sv){0};
}

static enum pw_err load_edit(struct http_req *q, struct post_edit_view *v)
{
    PW_TRY(post_get(q->ctx, q->arg[0], &v->post));
    return community_get(q->ctx, v->post.community_id, &v->com);
}

static enum pw_err show_state(struct http_req *q, struct http_res *r, struct post_state_view *v)
{
    struct post_words *words;
    struct message *corrects;
    struct newsletter_part *parts;
    PW_TRY(community_get(q->ctx, v->post.community_id, &v->com));
    PW_TRY(post_languages(q->ctx, &v->post, &words, &v->n_words));
    PW_TRY(post_corrects(q->ctx, v->post.id, &corrects, &v->n_corrects));
    PW_TRY(newsletter_parts(q->ctx, &v->com, &v->post, &parts, &v->n_parts));
    PW_TRY(post_audience(q->ctx, &v->com, &v->post, &v->audience));
    if (v->post.message_id)
        PW_TRY(post_progress(q->ctx, &v->com, &v->post, &v->progress));
    PW_TRY(is_shared(q->ctx, ITEM_POST, v->post.id, &v->shared));
    v->words = words;
    v->corrects = corrects;
    v->parts = parts;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Post"));
    pg.zone = v->com.zone;
    view_post_state(&pg, v);
    return page_end(&pg, r);
}

enum pw_err post_one_get(struct http_req *q, struct http_res *r)
{
    struct post_edit_view *v = arena_new(q->arena, struct post_edit_view);
    struct post_words *words;
    if (!v)
        return PW_INTERNAL;
    PW_TRY(load_edit(q, v));
    if (v->post.state != POST_DRAFT) {
        struct post_state_view s = {.post = v->post};
        return show_state(q, r, &s);
    }
    PW_TRY(post_languages(q->ctx, &v->post, &words, &v->n_words));
    for (size_t i = 0; i < v->n_words; i++)
        v->words[i] = words[i];
    const struct post *p = &v->post;
    v->edit = (struct post_edit){.type = p->type,
                                 .source = p->source,
                                 .checked_on = p->checked_on,
                                 .only_lang = p->only_lang,
                                 .only_channel = p->only_channel,
                                 .starts = moment_or_none(q, &v->com, p->starts_ms),
                                 .expires = moment_or_none(q, &v->com, p->expires_ms),
                                 .pinned = p->pinned_until_ms
                                               ? sv_sub(moment_or_none(q, &v->com, p->pinned_until_ms - 1), 0, 10)
                                               : (struct sv){0},
                                 .urgent = p->urgent,
                                 .delete_there = p->delete_there};
    return show_edit(q, r, v);
}

enum pw_err post_one_post(struct http_req *q, struct http_res *r)
{
    struct post_edit_view *v = arena_new(q->arena, struct post_edit_view);
    if (!v)
        return PW_INTERNAL;
    PW_TRY(load_edit(q, v));
    typed_words(q, v);
    v->edit = typed(q, v);
    enum pw_err e = q->problems.n ? PW_INVALID : take_file(q, &v->edit);
    if (e == PW_OK)
        e = post_write(q->ctx, v->post.id, &v->edit);
    if (e == PW_INVALID && q->problems.n)
        return show_edit(q, r, v);
    PW_TRY(e);
    return page_done(q, r, path_of(q->arena, v->post.id, ""), N_("The draft is saved. Nothing was sent yet."));
}

/* ---- leaving ---- */

/* Says to how many people and when; the number comes back with the button. */
static enum pw_err show_confirm(struct http_req *q, struct http_res *r)
{
    struct post p;
    struct community com;
    struct audience a;
    PW_TRY(post_get(q->ctx, q->arg[0], &p));
    PW_TRY(community_get(q->ctx, p.community_id, &com));
    PW_TRY(post_audience(q->ctx, &com, &p, &a));
    if (p.state != POST_DRAFT)
        return http_redirect(r, path_of(q->arena, p.id, ""));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Publish this post?"));
    pg.zone = com.zone;
    struct sv when = p.starts_ms > q->now_ms + POST_UNDO_MS
                         ? text_t(pg.cat, q->arena, N_("It leaves {0}."),
                                  (struct sv[]){format_stamp(pg.cat, q->arena, p.starts_ms, com.zone)}, 1)
                         : page_say(&pg, N_("It leaves in ten seconds; until then you can take it back."));
    struct sv who =
        text_n(pg.cat, q->arena,
               "One person will receive it or find it on the page.|{0} people will receive it or find it on the page.",
               a.people);
    struct ui_hidden people = {"people", arena_fmt(q->arena, "%lld", (long long)a.people)};
    struct ui_confirm confirm = {.title = N_("Publish this post?"),
                                 .consequence = arena_fmt(q->arena, "%.*s %.*s", SV_ARG(who), SV_ARG(when)),
                                 .action = path_of(q->arena, p.id, "/publish"),
                                 .button = N_("Publish it"),
                                 .hidden = &people,
                                 .n_hidden = 1,
                                 .cancel = path_of(q->arena, p.id, "")};
    view_confirm(&pg, &confirm);
    return page_end(&pg, r);
}

enum pw_err post_confirm_get(struct http_req *q, struct http_res *r)
{
    return show_confirm(q, r);
}

enum pw_err post_publish_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : post_publish(q->ctx, q->arg[0], http_int(q, "people"));
    if (e == PW_INVALID && q->problems.n)
        return post_one_get(q, r); /* the form, with what is missing beside its field */
    PW_TRY(e);
    return page_done(q, r, path_of(q->arena, q->arg[0], ""), N_("The post is ready to leave."));
}

enum pw_err post_undo_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_undo(q->ctx, q->arg[0]));
    return page_done(q, r, path_of(q->arena, q->arg[0], ""), N_("Taken back: it is a draft again. Nothing was sent."));
}

enum pw_err post_pause_post(struct http_req *q, struct http_res *r)
{
    bool pause = http_int(q, "pause") != 0;
    PW_TRY(post_pause(q->ctx, q->arg[0], pause));
    return page_done(q, r, path_of(q->arena, q->arg[0], ""),
                     pause ? N_("Paused. What was already handed over still arrives.") : N_("It goes on."));
}

/* What becomes of what has left already. */
static struct sv left_words(const struct page *pg, const struct progress *g)
{
    struct arena *a = pg->arena;
    struct sv out = {0};
    if (g->can)
        out = arena_fmt(
            a, " %.*s",
            SV_ARG(text_n(pg->cat, a, "One copy is taken back there.|{0} copies are taken back there.", g->can)));
    if (g->stays)
        out =
            arena_fmt(a, "%.*s %.*s %.*s", SV_ARG(out),
                      SV_ARG(text_n(pg->cat, a, "One copy stays where it arrived.|{0} copies stay where they arrived.",
                                    g->stays)),
                      SV_ARG(stays_words(pg, g)));
    return out;
}

enum pw_err post_cancel_get(struct http_req *q, struct http_res *r)
{
    struct post p;
    struct community com;
    struct progress g = {0};
    PW_TRY(post_get(q->ctx, q->arg[0], &p));
    PW_TRY(community_get(q->ctx, p.community_id, &com));
    if (p.message_id) {
        PW_TRY(post_progress(q->ctx, &com, &p, &g));
        PW_TRY(post_can_take_back(q->ctx, &com, &p, &g));
    }
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Stop this post?"));
    struct sv what = text_t(
        pg.cat, q->arena,
        p.message_id ? N_("Nothing more leaves; the post is taken off the pages, and out of the apps that allow it.")
                     : N_("Nothing was sent. The draft stays in the list as cancelled."),
        NULL, 0);
    struct ui_confirm confirm = {.title = N_("Stop this post?"),
                                 .consequence = arena_join(q->arena, what, left_words(&pg, &g)),
                                 .action = path_of(q->arena, p.id, "/cancel"),
                                 .button = N_("Stop it"),
                                 .danger = true,
                                 .cancel = path_of(q->arena, p.id, "")};
    view_confirm(&pg, &confirm);
    return page_end(&pg, r);
}

enum pw_err post_cancel_post(struct http_req *q, struct http_res *r)
{
    PW_TRY(post_cancel(q->ctx, q->arg[0]));
    return page_done(q, r, path_of(q->arena, q->arg[0], ""), N_("Stopped. Nothing more leaves."));
}

enum pw_err post_translate_post(struct http_req *q, struct http_res *r)
{
    struct post_state_view v = {.typed_lang = http_text(q, "lang_of"),
                                .typed_title = http_text(q, "title"),
                                .typed_body = http_text(q, "body")};
    enum pw_err e =
        q->problems.n ? PW_INVALID : post_translate(q->ctx, q->arg[0], v.typed_lang, v.typed_title, v.typed_body);
    if (e == PW_INVALID && q->problems.n) {
        PW_TRY(post_get(q->ctx, q->arg[0], &v.post));
        return show_state(q, r, &v);
    }
    PW_TRY(e);
    return page_done(q, r, path_of(q->arena, q->arg[0], ""), N_("The translation is added."));
}

/* ---- parts of a newsletter ---- */

enum pw_err post_part_post(struct http_req *q, struct http_res *r)
{
    struct sv act = http_text(q, "act");
    enum item_kind kind = sv_eq_z(http_text(q, "kind"), "entry") ? ITEM_ENTRY : ITEM_POST;
    int64_t item = http_int(q, "item");
    if (sv_eq_z(act, "remove"))
        PW_TRY(newsletter_remove(q->ctx, q->arg[0], kind, item));
    else
        PW_TRY(newsletter_move(q->ctx, q->arg[0], kind, item, sv_eq_z(act, "up") ? -1 : 1));
    return page_done(q, r, path_of(q->arena, q->arg[0], ""), N_("The newsletter is changed."));
}

enum pw_err newsletter_new_post(struct http_req *q, struct http_res *r)
{
    struct community com;
    int64_t from, to, id;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    int64_t today = today_of(q->ctx, &com), days = http_int(q, "days");
    const struct tz *tz;
    if (tz_find(com.zone, &tz) != PW_OK)
        return PW_INTERNAL;
    to = tz_utc_ms(tz, (today + 1) * CIVIL_DAY_MS, TZ_EARLIER, NULL);
    from = tz_utc_ms(tz, (today + 1 - (days ? days : 31)) * CIVIL_DAY_MS, TZ_EARLIER, NULL);
    PW_TRY(newsletter_draft(q->ctx, com.id, from, to, &id));
    return page_done(q, r, path_of(q->arena, id, ""), N_("The newsletter is ready as a draft."));
}
