/* SPDX-License-Identifier: EUPL-1.2 */
/* Newsletters: posts and saved answers of a time, put together by the program, ordered and introduced by people (KB-5).
 */
#include "base/id.h"
#include "core/document.h"
#include "feature/publishing/publishing_room.h"

enum { PARTS_MAX = 60, STEP = 10 };

static enum pw_err add_part(struct ctx *c, int64_t post_id, enum item_kind kind, int64_t item_id, int64_t *io_at)
{
    struct item_row row = {kind, item_id, *io_at * STEP};
    ++*io_at;
    return part_put(c, post_id, &row);
}

static enum pw_err collect(struct ctx *c, const struct post *p)
{
    struct post *posts;
    struct kb_entry *entries;
    size_t n;
    int64_t at = 1;
    PW_TRY(post_rows_shown(c, p->community_id, (struct sv){0}, p->period_to_ms, 0, PARTS_MAX, &posts, &n));
    for (size_t i = 0; i < n; i++)
        if (posts[i].published_ms >= p->period_from_ms && post_needs_source(posts[i].type) && at <= PARTS_MAX)
            PW_TRY(add_part(c, p->id, ITEM_POST, posts[i].id, &at));
    PW_TRY(kb_list(c, p->community_id, (struct sv){0}, 0, 200, &entries, &n));
    for (size_t i = 0; i < n; i++)
        if (entries[i].changed_ms >= p->period_from_ms && entries[i].changed_ms < p->period_to_ms &&
            entries[i].verified && at <= PARTS_MAX)
            PW_TRY(add_part(c, p->id, ITEM_ENTRY, entries[i].id, &at));
    return PW_OK;
}

/* Title and greeting in each language of the community: a beginning that people change. */
static enum pw_err greet(struct ctx *c, const struct community *com, const struct post *p)
{
    struct sv rest = com->languages, lang, main = lang_main(com->languages);
    int64_t version;
    bool first = true;
    while (sv_cut(&rest, ' ', &lang)) {
        if (!lang.n)
            continue;
        struct community own = *com;
        PW_TRY(in_words_of(c, lang, &own));
        const struct sv args[] = {own.words.name};
        struct sv title = say(c, lang, N_("News of {0}"), args, 1);
        struct sv body =
            say(c, lang, N_("Here is what was published lately, and the answers that were checked."), NULL, 0);
        PW_TRY(doc_write(c, p->doc_id, lang, title, body, first && sv_eq(lang, main), &version));
        first = false;
    }
    return PW_OK;
}

enum pw_err newsletter_draft(struct ctx *c, int64_t community_id, int64_t from_ms, int64_t to_ms, int64_t *ret_id)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    if (from_ms >= to_ms)
        return problem_add(c->problems, "to", N_("The end must lie after the beginning."));
    struct post p = {.id = id_new(),
                     .community_id = com.id,
                     .type = SV("newsletter"),
                     .state = POST_DRAFT,
                     .author = c->actor->person_id,
                     .period_from_ms = from_ms,
                     .period_to_ms = to_ms,
                     .created_ms = c->now_ms,
                     .changed_ms = c->now_ms};
    PW_TRY(doc_create(c, DOC_OTHER, SV("post"), p.id, false, &p.doc_id));
    PW_TRY(greet(c, &com, &p));
    PW_TRY(post_insert(c, &p));
    PW_TRY(collect(c, &p));
    PW_TRY(note_fact(c, "newsletter.drafted", "post", p.id, com.id, (struct sv){0}));
    *ret_id = p.id;
    return PW_OK;
}

enum pw_err newsletter_parts(struct ctx *c, const struct community *com, const struct post *p,
                             struct newsletter_part **ret, size_t *ret_n)
{
    struct item_row *rows;
    size_t n, k = 0;
    PW_TRY(part_rows(c, p->id, &rows, &n));
    struct newsletter_part *v = arena_array(c->arena, struct newsletter_part, n + 1);
    struct ctx system = *c; /* whoever may read the newsletter may read its parts */
    system.actor = &actor_system;
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        struct post post;
        struct kb_entry entry;
        char id[ID_TEXT + 1];
        enum pw_err e = rows[i].kind == ITEM_POST ? post_row(&system, rows[i].item_id, &post)
                                                  : kb_get(&system, rows[i].item_id, &entry);
        if (e == PW_NOT_FOUND)
            continue;
        PW_TRY(e);
        if (rows[i].kind == ITEM_POST && post_is_shown(post.state))
            v[k++] = (struct newsletter_part){ITEM_POST,
                                              post.id,
                                              post.type,
                                              post.title.n ? post.title : post.body,
                                              post.title.n ? post.body : (struct sv){0},
                                              post.source,
                                              post.checked_on,
                                              post_path(c, com, post.id)};
        if (rows[i].kind == ITEM_ENTRY && entry.state == KB_PUBLISHED)
            v[k++] = (struct newsletter_part){
                ITEM_ENTRY,
                entry.id,
                entry.topic,
                entry.question,
                entry.answer,
                entry.source,
                entry.checked_on,
                arena_fmt(c->arena, "/c/%.*s/resources#e-%s", SV_ARG(com->slug), id_text(entry.id, id).p)};
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

static enum pw_err need_draft(struct ctx *c, int64_t id, struct post *ret)
{
    enum post_state to;
    PW_TRY(post_get(c, id, ret));
    return post_next(ret->state, POST_EDIT, &to);
}

enum pw_err newsletter_move(struct ctx *c, int64_t id, enum item_kind kind, int64_t item_id, int by)
{
    struct post p;
    struct item_row *v;
    size_t n, at = 0;
    PW_TRY(need_draft(c, id, &p));
    PW_TRY(part_rows(c, id, &v, &n));
    while (at < n && (v[at].kind != kind || v[at].item_id != item_id))
        at++;
    if (at == n)
        return PW_NOT_FOUND;
    if ((by < 0 && at == 0) || (by > 0 && at + 1 == n))
        return PW_OK;
    size_t other = by < 0 ? at - 1 : at + 1;
    struct item_row moved = v[at];
    v[at] = v[other];
    v[other] = moved;
    for (size_t i = 0; i < n; i++) {
        v[i].position = (int64_t)(i + 1) * STEP;
        PW_TRY(part_put(c, id, &v[i]));
    }
    return PW_OK;
}

enum pw_err newsletter_remove(struct ctx *c, int64_t id, enum item_kind kind, int64_t item_id)
{
    struct post p;
    PW_TRY(need_draft(c, id, &p));
    return part_drop(c, id, kind, item_id);
}
