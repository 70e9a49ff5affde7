/* SPDX-License-Identifier: EUPL-1.2 */
/* What an organisation offers to all communities, and their copies, which show when the original changed (KB-7). */
#include "base/id.h"
#include "core/document.h"
#include "core/org.h"
#include "feature/publishing/publishing_room.h"

struct original { /* as its own community has it, whoever looks */
    int64_t changed_ms, community_id, org_id;
    bool shown;
    struct sv title, topic, source, checked_on, source_lang;
};

static struct ctx as_system(const struct ctx *c, struct sv lang)
{
    struct ctx s = *c;
    s.actor = &actor_system;
    s.lang = lang;
    return s;
}

static enum pw_err load(struct ctx *c, enum item_kind kind, int64_t id, struct original *ret)
{
    struct ctx s = as_system(c, c->lang);
    struct original o = {0};
    struct community com;
    if (kind == ITEM_POST) {
        struct post p;
        struct doc_text *langs;
        size_t n;
        PW_TRY(post_row(&s, id, &p));
        PW_TRY(doc_langs(&s, p.doc_id, &langs, &n));
        o = (struct original){p.changed_ms,
                              p.community_id,
                              0,
                              post_is_shown(p.state),
                              p.title.n ? p.title : p.body,
                              p.type,
                              p.source,
                              p.checked_on,
                              n ? langs[0].source_lang : (struct sv){0}};
    } else {
        struct kb_entry k;
        PW_TRY(kb_get(&s, id, &k));
        o = (struct original){k.changed_ms, k.community_id, 0, k.state == KB_PUBLISHED, k.question, k.topic, k.source,
                              k.checked_on, k.source_lang};
    }
    PW_TRY(community_get(&s, o.community_id, &com));
    o.org_id = com.owner_org;
    *ret = o;
    return PW_OK;
}

/* The words of one language; *ret_have false: it is not written in that language. */
static enum pw_err words_in(struct ctx *c, enum item_kind kind, int64_t id, struct sv lang, struct sv *ret_title,
                            struct sv *ret_body, bool *ret_have)
{
    struct ctx s = as_system(c, lang);
    if (kind == ITEM_POST) {
        struct post p;
        PW_TRY(post_row(&s, id, &p));
        *ret_have = sv_eq(p.lang, lang);
        *ret_title = p.title;
        *ret_body = p.body;
    } else {
        struct kb_entry k;
        PW_TRY(kb_get(&s, id, &k));
        *ret_have = sv_eq(k.lang, lang);
        *ret_title = k.question;
        *ret_body = k.answer;
    }
    return PW_OK;
}

/* ---- offering ---- */

enum pw_err share_item(struct ctx *c, enum item_kind kind, int64_t item_id, bool shared)
{
    struct original o;
    struct community com;
    PW_TRY(load(c, kind, item_id, &o));
    PW_TRY(need_moderate(c, o.community_id, &com));
    const char *object = kind == ITEM_POST ? "post" : "kb_entry";
    if (!shared) {
        PW_TRY(shared_drop(c, kind, item_id));
        return note_fact(c, "item.withdrawn", object, item_id, com.id, (struct sv){0});
    }
    if (!o.shown)
        return PW_CONFLICT; /* only what is published is offered */
    struct shared_item s = {
        .kind = kind, .item_id = item_id, .community_id = com.id, .org_id = com.owner_org, .since_ms = c->now_ms};
    PW_TRY(shared_put(c, &s));
    return note_fact(c, "item.shared", object, item_id, com.id, (struct sv){0});
}

enum pw_err is_shared(struct ctx *c, enum item_kind kind, int64_t item_id, bool *ret)
{
    struct shared_item s;
    enum pw_err e = shared_row(c, kind, item_id, &s);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    *ret = e == PW_OK;
    return PW_OK;
}

static enum pw_err fill(struct ctx *c, int64_t community_id, struct shared_item *s)
{
    struct original o;
    struct org org;
    struct adoption a;
    PW_TRY(load(c, s->kind, s->item_id, &o));
    s->changed_ms = o.changed_ms;
    s->title = o.title;
    s->topic = o.topic;
    s->gone = !o.shown;
    if (org_get(c, s->org_id, &org) == PW_OK)
        s->org = org.name;
    enum pw_err e = adoption_of(c, community_id, s->kind, s->item_id, &a);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    s->adoption = a.id;
    s->copy_id = a.copy_id;
    s->detached = a.detached_ms != 0;
    s->changed = !s->detached && o.changed_ms > a.seen_ms;
    return PW_OK;
}

enum pw_err shared_list(struct ctx *c, int64_t community_id, struct shared_item **ret, size_t *ret_n)
{
    struct community com;
    struct shared_item *v;
    size_t n, k = 0;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(shared_rows(c, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (v[i].community_id == com.id)
            continue; /* one's own */
        PW_TRY(fill(c, com.id, &v[i]));
        if (!v[i].gone || v[i].adoption)
            v[k++] = v[i];
    }
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

/* ---- copies ---- */

static enum pw_err copy_entry(struct ctx *c, const struct community *com, const struct original *o, int64_t original_id,
                              int64_t *io_copy)
{
    for (int pass = 0; pass < 2; pass++) { /* the original's language first, if the community has it; else any */
        struct sv rest = com->languages, lang;
        while (sv_cut(&rest, ' ', &lang)) {
            struct sv title, body;
            bool have = false, first = sv_eq(lang, o->source_lang);
            if (!lang.n || (lang_in(com->languages, o->source_lang) && first != (pass == 0)))
                continue;
            PW_TRY(words_in(c, ITEM_ENTRY, original_id, lang, &title, &body, &have));
            if (!have)
                continue;
            struct kb_edit e = {.topic = o->topic,
                                .lang = lang,
                                .question = title,
                                .answer = body,
                                .source = o->source,
                                .checked_on = o->checked_on,
                                .is_source = first || !*io_copy,
                                .publish = true};
            PW_TRY(*io_copy ? kb_write(c, *io_copy, &e) : kb_create(c, com->id, &e, io_copy));
        }
        if (!lang_in(com->languages, o->source_lang))
            break;
    }
    return *io_copy ? PW_OK : problem_add(c->problems, NULL, N_("The original is in none of your languages yet."));
}

static enum pw_err post_edit_of(struct ctx *c, const struct community *com, const struct original *o,
                                int64_t original_id, struct post_words v[POST_LANGS_MAX], struct post_edit *ret)
{
    struct sv rest = com->languages, lang;
    size_t n = 0;
    while (n < POST_LANGS_MAX && sv_cut(&rest, ' ', &lang)) {
        bool have = false;
        if (!lang.n)
            continue;
        v[n] = (struct post_words){.lang = lang, .is_source = sv_eq(lang, o->source_lang)};
        PW_TRY(words_in(c, ITEM_POST, original_id, lang, &v[n].title, &v[n].body, &have));
        n += have;
    }
    *ret = (struct post_edit){
        .type = o->topic, .source = o->source, .checked_on = o->checked_on, .words = v, .n_words = n};
    return n ? PW_OK : problem_add(c->problems, NULL, N_("The original is in none of your languages yet."));
}

enum pw_err shared_adopt(struct ctx *c, int64_t community_id, enum item_kind kind, int64_t item_id, int64_t *ret_copy)
{
    struct community com;
    struct shared_item s;
    struct original o;
    struct adoption a;
    PW_TRY(need_moderate(c, community_id, &com));
    PW_TRY(shared_row(c, kind, item_id, &s));
    PW_TRY(load(c, kind, item_id, &o));
    if (s.community_id == com.id || adoption_of(c, com.id, kind, item_id, &a) == PW_OK)
        return PW_CONFLICT;
    int64_t copy = 0;
    if (kind == ITEM_ENTRY) {
        PW_TRY(copy_entry(c, &com, &o, item_id, &copy));
    } else { /* a draft: it is the local moderators who publish */
        struct post_words v[POST_LANGS_MAX];
        struct post_edit e;
        PW_TRY(post_edit_of(c, &com, &o, item_id, v, &e));
        PW_TRY(post_create(c, com.id, &e, &copy));
    }
    a = (struct adoption){.id = id_new(),
                          .community_id = com.id,
                          .kind = kind,
                          .original_id = item_id,
                          .copy_id = copy,
                          .seen_ms = o.changed_ms};
    PW_TRY(adoption_insert(c, &a));
    PW_TRY(note_fact(c, "item.adopted", "adoption", a.id, com.id, (struct sv){0}));
    *ret_copy = copy;
    return PW_OK;
}

static enum pw_err need_adoption(struct ctx *c, int64_t id, struct adoption *ret, struct community *ret_com)
{
    PW_TRY(adoption_row(c, id, ret));
    return need_moderate(c, ret->community_id, ret_com);
}

enum pw_err adoption_view(struct ctx *c, int64_t adoption_id, struct copy_view *ret)
{
    struct adoption a;
    struct community com;
    struct original o, mine;
    PW_TRY(need_adoption(c, adoption_id, &a, &com));
    struct copy_view v = {.community_id = com.id, .item = {.kind = a.kind, .item_id = a.original_id}};
    PW_TRY(load(c, a.kind, a.original_id, &o));
    PW_TRY(load(c, a.kind, a.copy_id, &mine));
    v.item.org_id = o.org_id;
    PW_TRY(fill(c, com.id, &v.item));
    v.source_before = mine.source;
    v.source_after = o.source;
    v.checked_before = mine.checked_on;
    v.checked_after = o.checked_on;
    v.langs = arena_array(c->arena, struct copy_lang, POST_LANGS_MAX);
    if (!v.langs)
        return PW_UNAVAILABLE;
    struct sv rest = com.languages, lang;
    while (v.n_langs < POST_LANGS_MAX && sv_cut(&rest, ' ', &lang)) {
        struct sv title[2] = {{0}}, body[2] = {{0}};
        bool have[2] = {false, false};
        if (!lang.n)
            continue;
        PW_TRY(words_in(c, a.kind, a.copy_id, lang, &title[0], &body[0], &have[0]));
        PW_TRY(words_in(c, a.kind, a.original_id, lang, &title[1], &body[1], &have[1]));
        if (!have[1])
            continue;
        struct copy_lang *l = &v.langs[v.n_langs++];
        *l = (struct copy_lang){.lang = lang, .title = title[1]};
        struct sv before =
            have[0] ? arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(title[0]), SV_ARG(body[0])) : (struct sv){0};
        PW_TRY(text_diff(c->arena, before, arena_fmt(c->arena, "%.*s\n%.*s", SV_ARG(title[1]), SV_ARG(body[1])), &l->v,
                         &l->n));
    }
    *ret = v;
    return PW_OK;
}

/* A copy that people have read keeps its words; languages it does not have yet are added. */
static enum pw_err take_post(struct ctx *c, const struct community *com, const struct adoption *a,
                             const struct original *o)
{
    struct post_words v[POST_LANGS_MAX];
    struct post_edit e;
    struct post copy;
    PW_TRY(post_edit_of(c, com, o, a->original_id, v, &e));
    PW_TRY(post_get(c, a->copy_id, &copy));
    if (copy.state == POST_DRAFT)
        return post_reword(c, copy.id, &e);
    for (size_t i = 0; i < e.n_words; i++) {
        enum pw_err err = post_translate(c, copy.id, v[i].lang, v[i].title, v[i].body);
        if (err != PW_OK && err != PW_CONFLICT)
            return err;
    }
    return PW_OK;
}

enum pw_err adoption_take(struct ctx *c, int64_t adoption_id)
{
    struct adoption a;
    struct community com;
    struct original o;
    PW_TRY(need_adoption(c, adoption_id, &a, &com));
    if (a.detached_ms)
        return PW_CONFLICT;
    PW_TRY(load(c, a.kind, a.original_id, &o));
    PW_TRY(a.kind == ITEM_ENTRY ? copy_entry(c, &com, &o, a.original_id, &a.copy_id) : take_post(c, &com, &a, &o));
    a.seen_ms = o.changed_ms;
    PW_TRY(adoption_save(c, &a));
    return note_fact(c, "item.taken-over", "adoption", a.id, com.id, (struct sv){0});
}

enum pw_err adoption_detach(struct ctx *c, int64_t adoption_id)
{
    struct adoption a;
    struct community com;
    PW_TRY(need_adoption(c, adoption_id, &a, &com));
    if (a.detached_ms)
        return PW_CONFLICT;
    a.detached_ms = c->now_ms;
    PW_TRY(adoption_save(c, &a));
    return note_fact(c, "item.detached", "adoption", a.id, com.id, (struct sv){0});
}

enum pw_err original_changed(struct ctx *c, enum item_kind kind, int64_t item_id)
{
    struct adoption *v;
    size_t n;
    struct original o;
    struct ctx s = as_system(c, c->lang);
    PW_TRY(adoption_rows_of(c, kind, item_id, &v, &n));
    if (!n)
        return PW_OK;
    PW_TRY(load(&s, kind, item_id, &o));
    for (size_t i = 0; i < n; i++) {
        struct community com;
        char id[ID_TEXT + 1];
        if (v[i].detached_ms || o.changed_ms <= v[i].seen_ms)
            continue;
        PW_TRY(community_get(&s, v[i].community_id, &com));
        PW_TRY(tell_moderators(&s, &com, N_("The original of something you copied has changed: {0}"), o.title,
                               arena_fmt(c->arena, "/copies/%s", id_text(v[i].id, id).p)));
    }
    return PW_OK;
}
