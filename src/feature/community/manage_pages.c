/* SPDX-License-Identifier: EUPL-1.2 */
/* Settings of a community (MSG-1, SLA-1, MSG-9, MOD-1): one page with its parts, each part a form of its own. */
#include "base/id.h"
#include "channel/registry.h"
#include "core/account.h"
#include "core/document.h"
#include "feature/community/staff_pages.h"
#include "feature/community/staff_view.h"
#include "ui/web.h"
#include "views_community.h"

static const enum doc_kind doc_kinds[3] = {DOC_GUIDELINES, DOC_WELCOME, DOC_DESCRIPTION};
static const char *const doc_codes[3] = {"guidelines", "welcome", "description"};

static struct sv manage_path(struct arena *a, int64_t id)
{
    char text[ID_TEXT + 1];
    return arena_fmt(a, "/communities/%s", id_text(id, text).p);
}

enum pw_err communities_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct communities_view v = {.may_create = true};
    struct community *coms;
    PW_TRY(community_mine(c, &coms, &v.n));
    struct com_row *rows = arena_array(c->arena, struct com_row, v.n + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < v.n; i++) {
        rows[i].com = coms[i];
        PW_TRY(inbox_count(c, coms[i].id, &rows[i].counts));
    }
    v.rows = rows;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Communities"));
    view_communities(&pg, &v);
    return page_end(&pg, r);
}

/* ---- loading the parts ---- */

static enum pw_err load_people(struct ctx *c, struct manage_view *v)
{
    struct account *accounts;
    size_t n, have = 0;
    PW_TRY(account_list(c, &accounts, &n));
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct person *persons = arena_array(c->arena, struct person, n + 1);
    struct option_row *rows = arena_array(c->arena, struct option_row, n + 1);
    if (!ids || !persons || !rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++)
        if (!accounts[i].disabled_ms)
            ids[have++] = accounts[i].person_id;
    PW_TRY(person_get_many(c, ids, have, persons));
    for (size_t i = 0; i < have; i++)
        rows[i] =
            (struct option_row){.id = ids[i], .label = persons[i].display_name, .chosen = ids[i] == v->edit.stand_in};
    v->people = rows;
    v->n_people = have;
    return PW_OK;
}

static enum pw_err load_orgs(struct ctx *c, struct manage_view *v)
{
    struct org *orgs;
    int64_t *ids = NULL;
    size_t n, n_ids = 0;
    PW_TRY(org_list(c, &orgs, &n));
    if (v->com.id)
        PW_TRY(community_partners(c, v->com.id, &ids, &n_ids));
    struct option_row *rows = arena_array(c->arena, struct option_row, n + 1);
    struct option_row *partners = arena_array(c->arena, struct option_row, n + 1);
    if (!rows || !partners)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++) {
        rows[i] =
            (struct option_row){.id = orgs[i].id, .label = orgs[i].name, .chosen = orgs[i].id == v->edit.owner_org};
        for (size_t k = 0; k < n_ids; k++)
            if (ids[k] == orgs[i].id)
                partners[v->n_partners++] = rows[i];
    }
    v->orgs = rows;
    v->n_orgs = n;
    v->partners = partners;
    return PW_OK;
}

static enum pw_err load_grants(struct ctx *c, struct manage_view *v)
{
    struct grant *g;
    PW_TRY(community_grants(c, v->com.id, &g, &v->n_grants));
    struct sv *names = arena_array(c->arena, struct sv, v->n_grants + 1);
    if (!names)
        return PW_INTERNAL;
    for (size_t i = 0; i < v->n_grants; i++) {
        struct person p;
        PW_TRY(person_get(c, g[i].person_id, &p));
        names[i] = p.display_name;
    }
    v->grants = g;
    v->grant_names = names;
    return PW_OK;
}

static enum pw_err load_channels(struct ctx *c, struct manage_view *v)
{
    struct community_channel *mine;
    struct channel_info *all;
    size_t n;
    PW_TRY(community_channels(c, v->com.id, &mine, &v->n_channels));
    v->channels = mine;
    PW_TRY(channel_list(c, &all, &n));
    struct option_row *rows = arena_array(c->arena, struct option_row, n + 1);
    if (!rows)
        return PW_INTERNAL;
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct option_row){.id = all[i].id, .code = all[i].kind, .label = all[i].name};
    v->connectable = rows;
    v->n_connectable = n;
    return PW_OK;
}

static enum pw_err load_texts(struct ctx *c, struct manage_view *v)
{
    struct community_words *words;
    struct screening *screening;
    struct topic *topics;
    PW_TRY(topic_list(c, v->com.id, &topics, &v->n_topics));
    v->topics = topics;
    PW_TRY(community_words_list(c, v->com.id, &words, &v->n_words));
    PW_TRY(screening_list(c, v->com.id, &screening, &v->n_screening));
    v->words = words;
    v->screening = screening;
    const int64_t docs[3] = {v->com.guidelines_doc, v->com.welcome_doc, v->com.description_doc};
    for (size_t i = 0; i < 3; i++) {
        struct doc_text *texts = NULL;
        if (docs[i])
            PW_TRY(doc_langs(c, docs[i], &texts, &v->n_docs[i]));
        v->docs[i] = texts;
    }
    return PW_OK;
}

static const char *const keyword_langs[3] = {"fr", "en", "ar"};
static const char *const keyword_fields[3] = {"keyword_fr", "keyword_en", "keyword_ar"};

static enum pw_err load_keywords(struct http_req *q, struct manage_view *v)
{
    struct community_keyword *k;
    size_t n;
    PW_TRY(keyword_list(q->ctx, v->com.id, &k, &n));
    PW_TRY(community_asks_exit(q->ctx, v->com.id, &v->asks_exit));
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < n; j++)
            if (sv_eq_z(k[j].lang, keyword_langs[i]))
                v->keywords[i] = k[j].word;
    for (size_t i = 0; i < 3 && v->form == MANAGE_KEYWORDS; i++)
        v->keywords[i] = http_kept(q, keyword_fields[i]);
    return PW_OK;
}

static struct community_edit edit_of(const struct community *m)
{
    return (struct community_edit){.slug = m->slug,
                                   .territory = m->territory,
                                   .languages = m->languages,
                                   .zone = m->zone,
                                   .hours = m->hours,
                                   .calendar = m->calendar,
                                   .calendar_edits = m->calendar_edits,
                                   .media = m->media,
                                   .mode = sv_of(community_mode_code(m->mode)),
                                   .visibility = sv_of(community_visibility_code(m->visibility)),
                                   .moderation = sv_of(community_moderation_code(m->moderation)),
                                   .clock_mode = sv_of(work_mode_code(m->clock_mode)),
                                   .owner_org = m->owner_org,
                                   .standard_hours = m->standard_hours,
                                   .member_limit = m->member_limit,
                                   .stand_in = m->stand_in};
}

static struct sv typed_media(struct http_req *q)
{
    const struct http_value *v = http_value(q, "media");
    struct sv out = {0};
    for (size_t i = 0; i < v->n_many; i++)
        out = out.n ? arena_join(q->arena, arena_join(q->arena, out, SV(" ")), v->many[i]) : v->many[i];
    return out;
}

static struct community_edit typed_edit(struct http_req *q)
{
    return (struct community_edit){.slug = http_text(q, "slug"),
                                   .territory = http_text(q, "territory"),
                                   .languages = http_text(q, "languages"),
                                   .zone = http_text(q, "zone"),
                                   .hours = http_text(q, "hours"),
                                   .calendar = http_text(q, "calendar"),
                                   .calendar_edits = http_text(q, "calendar_edits"),
                                   .media = typed_media(q),
                                   .mode = http_text(q, "mode"),
                                   .visibility = http_text(q, "visibility"),
                                   .moderation = http_text(q, "moderation"),
                                   .clock_mode = http_text(q, "clock_mode"),
                                   .owner_org = http_int(q, "owner_org"),
                                   .standard_hours = http_int(q, "standard_hours"),
                                   .member_limit = http_int(q, "member_limit"),
                                   .stand_in = http_int(q, "stand_in")};
}

static enum manage_form form_of(const struct http_req *q)
{
    static const struct {
        http_handler fn;
        enum manage_form form;
    } forms[] = {{manage_words_post, MANAGE_WORDS},      {manage_screening_post, MANAGE_SCREENING},
                 {manage_grant_post, MANAGE_ROLE},       {manage_partner_post, MANAGE_PARTNER},
                 {manage_channel_post, MANAGE_CHANNEL},  {manage_topic_post, MANAGE_TOPIC},
                 {manage_keywords_post, MANAGE_KEYWORDS}};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (q->route->fn == forms[i].fn)
            return forms[i].form;
    return MANAGE_NONE;
}

static void keep_typed(const struct http_req *q, struct manage_view *v)
{
    v->form = form_of(q);
    v->typed = v->com.words;
    if (v->form == MANAGE_WORDS)
        v->typed = (struct community_words){.lang = http_kept(q, "lang_of"),
                                            .name = http_kept(q, "name"),
                                            .purpose = http_kept(q, "purpose"),
                                            .audience = http_kept(q, "audience"),
                                            .topics_in = http_kept(q, "topics_in"),
                                            .topics_out = http_kept(q, "topics_out")};
    v->typed_question = http_kept(q, "question");
    v->typed_code = http_kept(q, "code");
    v->typed_label = http_kept(q, "label");
    v->typed_days = http_kept(q, "days");
    v->typed_chat = http_kept(q, "chat");
    v->typed_limit = http_kept(q, "limit");
    v->typed_limit_source = http_kept(q, "limit_source");
}

static enum pw_err show(struct http_req *q, struct http_res *r, const struct community_edit *typed)
{
    struct ctx *c = q->ctx;
    struct manage_view v = {0};
    PW_TRY(community_get(c, q->arg[0], &v.com));
    v.may_admin = community_may_admin(c, &v.com);
    if (!v.may_admin && !community_may_moderate(c, &v.com))
        return PW_NOT_FOUND;
    v.edit = typed ? *typed : edit_of(&v.com);
    keep_typed(q, &v);
    struct community_signs *signs = arena_new(c->arena, struct community_signs);
    if (!signs)
        return PW_INTERNAL;
    PW_TRY(community_signs(c, &v.com, signs));
    v.signs = signs;
    PW_TRY(community_clock_now(c, &v.com, &v.clock));
    PW_TRY(load_people(c, &v));
    PW_TRY(load_orgs(c, &v));
    PW_TRY(load_grants(c, &v));
    PW_TRY(load_channels(c, &v));
    PW_TRY(load_texts(c, &v));
    PW_TRY(load_keywords(q, &v));
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Community settings"));
    pg.zone = v.com.zone;
    view_manage(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err manage_get(struct http_req *q, struct http_res *r)
{
    return show(q, r, NULL);
}

/* The page with what is wrong, or back to it with a sentence. */
static enum pw_err ended(struct http_req *q, struct http_res *r, enum pw_err e, const char *msgid)
{
    if (e == PW_CONFLICT && !q->problems.n)
        problem_add(&q->problems, NULL, N_("The present state does not allow this, or it was done already."));
    if ((e == PW_INVALID || e == PW_CONFLICT) && q->problems.n)
        return show(q, r, NULL);
    PW_TRY(e);
    return page_done(q, r, manage_path(q->arena, q->arg[0]), msgid);
}

enum pw_err manage_post(struct http_req *q, struct http_res *r)
{
    struct community_edit e = typed_edit(q);
    enum pw_err err = q->problems.n ? PW_INVALID : community_update(q->ctx, q->arg[0], &e);
    if (err == PW_CONFLICT)
        problem_add(&q->problems, "slug", N_("Another community has this short name."));
    if (err == PW_INVALID || err == PW_CONFLICT)
        return show(q, r, &e);
    return ended(q, r, err, N_("The settings are saved. Open questions have their due times computed again."));
}

/* ---- a new community ---- */

static struct community_words typed_words(struct http_req *q)
{
    return (struct community_words){.lang = http_text(q, "lang_of"),
                                    .name = http_text(q, "name"),
                                    .purpose = http_text(q, "purpose"),
                                    .audience = http_text(q, "audience"),
                                    .topics_in = http_text(q, "topics_in"),
                                    .topics_out = http_text(q, "topics_out")};
}

static enum pw_err show_new(struct http_req *q, struct http_res *r, const struct community_edit *edit,
                            const struct community_words *words)
{
    struct manage_view v = {.is_new = true, .may_admin = true, .edit = *edit, .words = words, .n_words = 1};
    struct community_start *starts;
    PW_TRY(load_orgs(q->ctx, &v));
    PW_TRY(community_starts(q->ctx, &starts, &v.n_starts));
    v.starts = starts;
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("New community"));
    view_community_new(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err community_new_get(struct http_req *q, struct http_res *r)
{
    struct community_edit e = {.languages = q->ctx->lang,
                               .zone = q->page->zone,
                               .hours = SV("mon-fri 09:00-17:00"),
                               .calendar = SV("CA-ON"),
                               .clock_mode = SV("deferred"),
                               .mode = SV("interactive"),
                               .visibility = SV("listed"),
                               .media = SV("image voice file video"),
                               .moderation = SV("full"),
                               .standard_hours = 24};
    struct community_words w = {.lang = q->ctx->lang};
    q->problems.n = 0;
    return show_new(q, r, &e, &w);
}

enum pw_err community_new_post(struct http_req *q, struct http_res *r)
{
    struct community_edit e = typed_edit(q);
    struct community_words w = typed_words(q);
    int64_t id;
    enum pw_err err = q->problems.n ? PW_INVALID : community_create(q->ctx, &e, &w, &id);
    if (err == PW_CONFLICT)
        problem_add(&q->problems, "slug", N_("Another community has this short name."));
    if (err == PW_INVALID || err == PW_CONFLICT)
        return show_new(q, r, &e, &w);
    PW_TRY(err);
    return page_done(q, r, manage_path(q->arena, id),
                     N_("The community is a draft. Write its guidelines, then open it."));
}

/* ---- parts ---- */

enum pw_err manage_status_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n
                        ? PW_INVALID
                        : community_set_status(q->ctx, q->arg[0], http_text(q, "status"), http_text(q, "reason"));
    return ended(q, r, e, N_("The state is changed."));
}

enum pw_err manage_words_post(struct http_req *q, struct http_res *r)
{
    struct community_words w = typed_words(q);
    return ended(q, r, q->problems.n ? PW_INVALID : community_write_words(q->ctx, q->arg[0], &w),
                 N_("The words are saved."));
}

enum pw_err manage_screening_post(struct http_req *q, struct http_res *r)
{
    int64_t id;
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : screening_write(q->ctx, q->arg[0], http_int(q, "id"), http_int(q, "position"),
                                                    http_int(q, "required") != 0, http_text(q, "lang_of"),
                                                    http_text(q, "question"), &id);
    return ended(q, r, e, N_("The screening question is saved."));
}

enum pw_err manage_screening_retire_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, screening_retire(q->ctx, q->arg[1]), N_("The question is no longer asked."));
}

enum pw_err manage_topic_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : topic_write(q->ctx, q->arg[0], http_int(q, "position"), http_text(q, "code"),
                                                http_text(q, "lang_of"), http_text(q, "label"));
    return ended(q, r, e, N_("The topic is saved."));
}

enum pw_err manage_topic_retire_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, topic_retire(q->ctx, q->arg[0], q->arg_text[1]), N_("The topic is no longer offered."));
}

enum pw_err manage_partner_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : community_add_partner(q->ctx, q->arg[0], http_int(q, "org"));
    return ended(q, r, e, N_("The partner is added."));
}

enum pw_err manage_partner_remove_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, community_remove_partner(q->ctx, q->arg[0], q->arg[1]), N_("The partner is removed."));
}

enum pw_err manage_grant_post(struct http_req *q, struct http_res *r)
{
    enum role role = ROLE_MODERATOR;
    int64_t id, days = http_int(q, "days");
    if (!q->problems.n && !role_parse(http_text(q, "role"), &role))
        problem_add(&q->problems, "role", N_("Choose a role from the list."));
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : community_grant(q->ctx, q->arg[0], http_int(q, "person"), role,
                                                    days ? q->now_ms + days * INT64_C(86400000) : 0, &id);
    return ended(q, r, e, N_("The role is given."));
}

enum pw_err manage_withdraw_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, community_withdraw(q->ctx, q->arg[0], q->arg[1]), N_("The role is withdrawn."));
}

enum pw_err manage_channel_post(struct http_req *q, struct http_res *r)
{
    struct channel_info *all;
    size_t n;
    int64_t id, channel = http_int(q, "channel");
    struct sv kind = {0};
    PW_TRY(channel_list(q->ctx, &all, &n));
    for (size_t i = 0; i < n; i++)
        if (all[i].id == channel)
            kind = all[i].kind;
    enum pw_err e = q->problems.n ? PW_INVALID
                    : !kind.n     ? PW_NOT_FOUND
                                  : community_add_channel(q->ctx, q->arg[0], channel, kind, http_text(q, "chat"),
                                                          http_int(q, "limit"), http_text(q, "limit_source"), &id);
    return ended(q, r, e, N_("The channel is connected to this community."));
}

enum pw_err manage_channel_topic_post(struct http_req *q, struct http_res *r)
{
    enum pw_err e = q->problems.n ? PW_INVALID : community_channel_topic(q->ctx, q->arg[1], http_text(q, "topic"));
    return ended(q, r, e, N_("The topic is saved."));
}

enum pw_err manage_channel_limit_post(struct http_req *q, struct http_res *r)
{
    int64_t admitted;
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : community_limit_channel(q->ctx, q->arg[1], http_int(q, "limit"),
                                                            http_text(q, "limit_source"), &admitted);
    return ended(q, r, e, N_("The limit is noted. Who waited and fits now was admitted."));
}

enum pw_err manage_channel_remove_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, community_remove_channel(q->ctx, q->arg[1]), N_("The channel is disconnected."));
}

/* ---- guidelines, welcome, description: one language at a time ---- */

static enum pw_err text_place(struct http_req *q, struct text_view *v, int64_t *ret_doc)
{
    PW_TRY(community_get(q->ctx, q->arg[0], &v->com));
    if (!community_may_admin(q->ctx, &v->com))
        return PW_NOT_FOUND;
    const int64_t docs[3] = {v->com.guidelines_doc, v->com.welcome_doc, v->com.description_doc};
    for (size_t i = 0; i < 3; i++)
        if (sv_eq_z(q->arg_text[1], doc_codes[i])) {
            v->kind = doc_kinds[i];
            *ret_doc = docs[i];
            return PW_OK;
        }
    return PW_NOT_FOUND;
}

static enum pw_err show_text(struct http_req *q, struct http_res *r, const struct text_view *v)
{
    struct page pg;
    page_begin(&pg, q, r, FACE_STAFF, N_("Texts of the community"));
    view_text(&pg, v);
    return page_end(&pg, r);
}

enum pw_err text_get(struct http_req *q, struct http_res *r)
{
    struct text_view v = {.lang = http_text(q, "lang_of")};
    int64_t doc;
    PW_TRY(text_place(q, &v, &doc));
    if (!v.lang.n)
        v.lang = lang_main(v.com.languages);
    struct doc_text text = {0};
    v.is_source = !doc;
    if (doc && doc_read(q->ctx, doc, v.lang, 0, &text) == PW_OK && sv_eq(text.lang, v.lang)) {
        v.title = text.title;
        v.body = text.body;
        v.is_source = sv_eq(text.lang, text.source_lang);
    }
    return show_text(q, r, &v);
}

enum pw_err text_post(struct http_req *q, struct http_res *r)
{
    struct text_view v = {.lang = http_text(q, "lang_of"),
                          .title = http_text(q, "title"),
                          .body = http_text(q, "body"),
                          .is_source = http_int(q, "is_source") != 0};
    int64_t doc, version;
    PW_TRY(text_place(q, &v, &doc));
    enum pw_err e = q->problems.n ? PW_INVALID
                                  : community_write_document(q->ctx, v.com.id, v.kind, v.lang, v.title, v.body,
                                                             v.is_source || !doc, &version);
    if (e == PW_INVALID && q->problems.n)
        return show_text(q, r, &v);
    PW_TRY(e);
    return page_done(q, r, manage_path(q->arena, v.com.id), N_("The text is published."));
}

/* The words that ask to join by text, and the question to those who leave (EQ-1, MSG-17). */
static enum pw_err write_keywords(struct http_req *q)
{
    struct community com;
    PW_TRY(community_get(q->ctx, q->arg[0], &com));
    enum pw_err e = PW_OK;
    for (size_t i = 0; i < 3; i++) {
        if (!lang_in(com.languages, sv_of(keyword_langs[i])))
            continue;
        enum pw_err one = keyword_write(q->ctx, com.id, sv_of(keyword_langs[i]), http_text(q, keyword_fields[i]));
        if (one != PW_OK && one != PW_INVALID)
            return one;
        e = one != PW_OK ? one : e;
    }
    PW_TRY(e);
    return community_set_asks_exit(q->ctx, com.id, http_int(q, "ask_exit") != 0);
}

enum pw_err manage_keywords_post(struct http_req *q, struct http_res *r)
{
    return ended(q, r, q->problems.n ? PW_INVALID : write_keywords(q), N_("Saved."));
}
