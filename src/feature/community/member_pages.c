/* SPDX-License-Identifier: EUPL-1.2 */
/* What members see: communities, one community, its guidelines, asking, answers, conversation, the private thread,
 * leaving. Works without scripts. Reading the request, one call, one page: rules and rights are in the actions. */
#include "member_pages.h"

#include "base/id.h"
#include "base/unicode.h"
#include "channel/file.h"
#include "core/org.h"
#include "feature/community/community_kit.h"
#include "feature/community/hours_words.h"
#include "feature/community/member_view.h"
#include "feature/community/staff_pages.h"
#include "ui/format.h"
#include "ui/markdown.h"
#include "ui/web.h"
#include "views_community.h"

enum { ANSWERS_HOME = 5, ANSWERS_PAGE = 20, STREAM_PAGE = 40, SIMILAR = 3, SIMILAR_CHARS = 150 };

/* Who has chosen no language, and whose browser's is none of the community's, gets its main one. */
static enum pw_err speak_its_language(struct http_req *q, const struct community *com)
{
    struct sv own = lang_main(com->languages);
    bool fits =
        q->page->lang_by == LANG_CHOSEN || (q->page->lang_by == LANG_BROWSER && lang_in(com->languages, q->ctx->lang));
    if (fits || !catalog_has(q->page->catalogs, own))
        return PW_OK;
    struct page_info *info = arena_new(q->arena, struct page_info);
    if (!info)
        return PW_INTERNAL;
    *info = *q->page;
    info->lang = own;
    q->page = info;
    q->ctx->lang = own;
    return PW_OK;
}

enum pw_err place_load(struct http_req *q, struct sv slug, struct place *ret)
{
    struct community com;
    PW_TRY(community_by_slug(q->ctx, slug, &com));
    return place_load_of(q, &com, ret);
}

enum pw_err place_load_of(struct http_req *q, const struct community *com, struct place *ret)
{
    struct ctx *c = q->ctx;
    struct place p = {.com = *com};
    PW_TRY(speak_its_language(q, &p.com));
    PW_TRY(community_clock_now(c, &p.com, &p.clock));
    if (c->actor->person_id) {
        enum pw_err e = membership_of(c, p.com.id, c->actor->person_id, &p.me);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    p.active = p.me.state == MEMBER_ACTIVE;
    if (c->actor->person_id && (p.me.state == MEMBER_NONE || p.me.state == MEMBER_LEFT)) {
        int64_t request;
        enum join_state state = JOIN_WITHDRAWN;
        enum pw_err e = join_mine(c, p.com.id, &request, &state);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        p.asked = state == JOIN_PENDING;
        p.refused = state == JOIN_REFUSED;
    }
    p.may_moderate = community_may_moderate(c, &p.com);
    p.may_act = p.may_moderate || community_may_admin(c, &p.com);
    *ret = p;
    return PW_OK;
}

struct sv place_path(struct arena *a, const struct community *com, const char *rest)
{
    return arena_fmt(a, "/c/%.*s%s", SV_ARG(com->slug), rest);
}

static void begin(struct page *pg, struct http_req *q, struct http_res *r, struct place *p, const char *title)
{
    page_begin(pg, q, r, FACE_MEMBER, title);
    struct hours h = {0};
    struct problems none = {0};
    if (!p)
        return;
    pg->zone = p->com.zone;
    if (hours_parse(p->com.hours, "hours", &h, &none) == PW_OK)
        p->hours_text = hours_words(pg, &h);
}

/* Her own communities stand above; the list is of the others. */
static size_t without_mine(struct community *listed, size_t n, const struct membership *mine, size_t n_mine)
{
    size_t left = 0;
    for (size_t i = 0; i < n; i++) {
        bool hers = false;
        for (size_t k = 0; k < n_mine && !hers; k++)
            hers = mine[k].community_id == listed[i].id;
        if (!hers)
            listed[left++] = listed[i];
    }
    return left;
}

enum pw_err home_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    if (c->actor->kind == ACTOR_STAFF)
        return http_redirect(r, actor_may(c->actor, RIGHT_MODERATE) ? SV("/inbox") : SV("/communities"));
    struct home_view v = {0};
    struct community *listed;
    PW_TRY(community_listed(c, &listed, &v.n_listed));
    struct sv network = {0};
    if (!v.n_listed)
        PW_TRY(setting_get(c, "network.name", &network));
    if (!v.n_listed && !network.n && !c->actor->person_id) /* nothing was set up yet */
        return http_redirect(r, SV("/setup"));
    v.listed = listed;
    if (c->actor->person_id) {
        struct membership *mine;
        size_t n;
        PW_TRY(membership_mine(c, &mine, &n));
        struct community *coms = arena_array(c->arena, struct community, n + 1);
        if (!coms)
            return PW_INTERNAL;
        for (size_t i = 0; i < n; i++) {
            enum pw_err e = community_get(c, mine[i].community_id, &coms[v.n_mine]);
            if (e == PW_NOT_FOUND) /* waited for a place, and it was archived meanwhile */
                continue;
            PW_TRY(e);
            mine[v.n_mine++] = mine[i];
        }
        v.mine = mine;
        v.mine_com = coms;
        v.n_listed = without_mine(listed, v.n_listed, mine, v.n_mine);
    }
    struct page pg;
    begin(&pg, q, r, NULL, NULL);
    view_home(&pg, &v);
    return page_end(&pg, r);
}

static enum pw_err partner_names(struct ctx *c, const struct community *com, const struct sv **ret, size_t *ret_n)
{
    int64_t *ids;
    size_t n;
    PW_TRY(community_partners(c, com->id, &ids, &n));
    struct sv *names = arena_array(c->arena, struct sv, n + 1);
    if (!names)
        return PW_INTERNAL;
    struct org o;
    size_t have = 0;
    if (com->owner_org && org_get(c, com->owner_org, &o) == PW_OK)
        names[have++] = o.name;
    for (size_t i = 0; i < n && have <= n; i++)
        if (ids[i] != com->owner_org && org_get(c, ids[i], &o) == PW_OK)
            names[have++] = o.name;
    *ret = names;
    *ret_n = have;
    return PW_OK;
}

enum pw_err place_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct place_view v = {0};
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    struct doc_text doc;
    if (v.place.com.description_doc && doc_read(c, v.place.com.description_doc, c->lang, 0, &doc) == PW_OK)
        PW_TRY(markdown_html(c->arena, doc.body, &v.description));
    PW_TRY(community_topics_out(c, &v.place.com, &v.place.com.words.topics_out));
    PW_TRY(partner_names(c, &v.place.com, &v.partners, &v.n_partners));
    PW_TRY(community_notes(c, &v.place.com, v.place.active || v.place.may_moderate, v.notes, &v.n_notes));
    if (v.place.active || v.place.may_moderate) {
        struct public_answer *answers;
        PW_TRY(question_answered_public(c, v.place.com.id, 0, ANSWERS_HOME, &answers, &v.n_answers));
        v.answers = answers;
    }
    if (v.place.active) {
        struct question *mine;
        PW_TRY(question_mine(c, v.place.com.id, &mine, &v.n_mine));
        v.mine = mine;
    }
    struct page pg;
    begin(&pg, q, r, &v.place, NULL);
    view_place(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err guidelines_get(struct http_req *q, struct http_res *r)
{
    struct guidelines_view v = {0};
    struct doc_text doc;
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    PW_TRY(doc_read(q->ctx, v.place.com.guidelines_doc, q->ctx->lang, 0, &doc));
    PW_TRY(markdown_html(q->arena, doc.body, &v.text));
    v.title = doc.title;
    v.old = doc.out_of_date;
    v.version = doc.version;
    v.may_accept = v.place.active && v.place.me.guidelines_version < doc.version;
    struct page pg;
    begin(&pg, q, r, &v.place, N_("Guidelines"));
    view_guidelines(&pg, &v);
    return page_end(&pg, r);
}

/* MOD-1: who accepted an older version accepts this one with one press. */
enum pw_err guidelines_accept_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    enum pw_err e = guidelines_accept(q->ctx, p.com.id, http_int(q, "version"));
    if (e == PW_INVALID) { /* a newer one came meanwhile: read that */
        q->problems.n = 0;
        return page_done(q, r, place_path(q->arena, &p.com, "/guidelines"),
                         N_("The guidelines have changed meanwhile. Please read them again."));
    }
    if (e != PW_OK && e != PW_CONFLICT)
        return e;
    return page_done(q, r, place_path(q->arena, &p.com, ""), N_("Thank you: you accepted the guidelines."));
}

/* ---- asking ---- */

static enum pw_err show_ask(struct http_req *q, struct http_res *r)
{
    struct ask_view v = {
        .text = http_text(q, "text"), .to_private = http_int(q, "private") != 0, .topic = http_text(q, "topic")};
    struct topic *topics;
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    PW_TRY(topic_list(q->ctx, v.place.com.id, &topics, &v.n_topics));
    v.topics = topics;
    if (!v.place.active)
        return http_redirect(r, place_path(q->arena, &v.place.com, "/join"));
    if (v.text.n >= 8) {
        struct kb_entry *similar;
        struct sv words = text_cut(q->arena, v.text, SIMILAR_CHARS);
        PW_TRY(kb_similar(q->ctx, v.place.com.id, words, SIMILAR, &similar, &v.n_similar));
        v.similar = similar;
    }
    struct page pg;
    begin(&pg, q, r, &v.place, N_("Ask a question"));
    view_ask(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err ask_get(struct http_req *q, struct http_res *r)
{
    return show_ask(q, r);
}

/* A voice note or picture sent with a form: kept sealed, the message names it. */
static enum pw_err upload_keep(struct http_req *q, const char *field, struct message_new *n)
{
    const struct http_value *v = http_value(q, field);
    if (!v || !v->given || v->file.bytes.n == 0)
        return PW_OK;
    struct sv b = v->file.bytes;
    enum chan_file_kind kind;
    struct sv type;
    if (!upload_sniff(b, &kind, &type))
        return problem_add(&q->problems, field, N_("Send a voice note, a picture, a video or a PDF."));
    static const enum message_kind kinds[] = {
        [FILE_NONE] = MSG_FILE,   [FILE_IMAGE] = MSG_IMAGE, [FILE_VOICE] = MSG_VOICE,
        [FILE_AUDIO] = MSG_VOICE, [FILE_VIDEO] = MSG_VIDEO, [FILE_OTHER] = MSG_FILE};
    PW_TRY(file_put(q->ctx, q->ctx->actor->person_id, kind, v->file.name, type, 0, b, &n->file_id));
    n->kind = kinds[kind];
    return PW_OK;
}

/* Chosen after the warning that the words look personal (CNS-6). */
static bool in_private(const struct http_req *q)
{
    return sv_eq_z(http_kept(q, "sure"), "private");
}

/* Sends what was typed and uploaded. PW_INVALID: the form is shown again with what is wrong. */
static enum pw_err post_words(struct http_req *q, struct message_new *n, bool with_file, const char *when_empty,
                              struct message_made *ret)
{
    n->text = http_text(q, "text");
    n->topic = http_kept(q, "topic");
    n->sure = sv_eq_z(http_kept(q, "sure"), "publish");
    n->lang = q->ctx->lang;
    n->channel_kind = SV("web");
    if (!q->problems.n && with_file)
        (void)!upload_keep(q, "voice", n);
    if (!q->problems.n && !n->text.n && !n->file_id)
        problem_add(&q->problems, "text", when_empty);
    return q->problems.n ? PW_INVALID : message_post(q->ctx, n, ret);
}

enum pw_err ask_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    struct message_new n = {
        .community_id = p.com.id, .ask = true, .to_private = http_int(q, "private") != 0 || in_private(q)};
    struct message_made made;
    enum pw_err e = post_words(q, &n, true, N_("Write your question, or add a voice note."), &made);
    if (e == PW_INVALID)
        return show_ask(q, r);
    PW_TRY(e);
    char id[ID_TEXT + 1];
    struct sv path = made.question_id ? arena_fmt(q->arena, "/c/%.*s/questions/%s", SV_ARG(p.com.slug),
                                                  id_text(made.question_id, id).p)
                                      : place_path(q->arena, &p.com, "/private");
    return page_done(q, r, path, N_("Your question has arrived. You will find the answer here."));
}

/* ---- one question ---- */

static enum pw_err show_question(struct http_req *q, struct http_res *r)
{
    struct question_page v = {.text = http_kept(q, "text")};
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    PW_TRY(question_view(q->ctx, q->arg[1], &v.q));
    if (v.q.q.community_id != v.place.com.id)
        return PW_NOT_FOUND;
    struct page pg;
    begin(&pg, q, r, &v.place, N_("Question"));
    view_member_question(&pg, &v);
    return page_end(&pg, r);
}

bool stands_below(const struct question_page *v, const struct message *m)
{
    for (size_t i = 0; i < v->q.n_answers; i++)
        if (v->q.answers[i].message_id == m->id)
            return m->state == SHOWN && m->kind == MSG_TEXT && !m->answered_privately;
    return false;
}

enum pw_err member_question_get(struct http_req *q, struct http_res *r)
{
    return show_question(q, r);
}

enum pw_err member_question_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    struct question question;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    PW_TRY(question_get(q->ctx, q->arg[1], &question));
    if (question.community_id != p.com.id)
        return PW_NOT_FOUND;
    struct message_new n = {
        .community_id = p.com.id, .reply_to = question.message_id, .to_private = question.thread_id != 0};
    if (in_private(q)) { /* chosen after the warning: it does not answer the question in public */
        n.reply_to = 0;
        n.to_private = true;
    }
    struct message_made made;
    enum pw_err e = post_words(q, &n, false, N_("Write your message."), &made);
    if (e == PW_INVALID)
        return show_question(q, r);
    PW_TRY(e);
    return page_done(q, r, q->path,
                     made.meaning == MEANS_ANSWER ? N_("Thank you. A moderator will check your answer.")
                                                  : N_("Your message is added."));
}

/* Notices name a question; each reader is led to their own side of it. */
enum pw_err question_go_get(struct http_req *q, struct http_res *r)
{
    struct question question;
    struct community com;
    char id[ID_TEXT + 1];
    PW_TRY(question_get(q->ctx, q->arg[0], &question));
    PW_TRY(community_get(q->ctx, question.community_id, &com));
    struct sv text = id_text(question.id, id);
    bool works = community_may_moderate(q->ctx, &com) || question.assigned_to == q->ctx->actor->person_id;
    return http_redirect(r, works ? arena_fmt(q->arena, "/inbox/%.*s", SV_ARG(text))
                                  : arena_fmt(q->arena, "/c/%.*s/questions/%.*s", SV_ARG(com.slug), SV_ARG(text)));
}

/* ---- answers ---- */

enum pw_err answers_get(struct http_req *q, struct http_res *r)
{
    struct ctx *c = q->ctx;
    struct answers_view v = {.words = http_text(q, "q")};
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    if (!v.place.active && !v.place.may_moderate)
        return http_redirect(r, place_path(q->arena, &v.place.com, "/join"));
    struct kb_entry *entries;
    if (v.words.n)
        PW_TRY(kb_search(c, v.place.com.id, v.words, ANSWERS_PAGE, &entries, &v.n_entries));
    else
        PW_TRY(kb_list(c, v.place.com.id, (struct sv){0}, http_int(q, "after"), ANSWERS_PAGE, &entries, &v.n_entries));
    v.entries = entries;
    v.more_id = !v.words.n && v.n_entries == ANSWERS_PAGE ? entries[v.n_entries - 1].id : 0;
    if (!v.words.n) {
        struct public_answer *answers;
        PW_TRY(
            question_answered_public(c, v.place.com.id, http_int(q, "before"), ANSWERS_PAGE, &answers, &v.n_answers));
        v.answers = answers;
        v.older_ms = v.n_answers == ANSWERS_PAGE ? answers[v.n_answers - 1].q.answered_ms : 0;
    }
    struct page pg;
    begin(&pg, q, r, &v.place, N_("Answers"));
    view_answers(&pg, &v);
    return page_end(&pg, r);
}

/* ---- conversation ---- */

static enum pw_err show_stream(struct http_req *q, struct http_res *r)
{
    struct stream_view v = {.text = http_kept(q, "text"), .topic = http_kept(q, "topic")};
    struct topic *topics;
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    PW_TRY(topic_list(q->ctx, v.place.com.id, &topics, &v.n_topics));
    v.topics = topics;
    if (!v.place.active && !v.place.may_act)
        return http_redirect(r, place_path(q->arena, &v.place.com, "/join"));
    struct message *m;
    bool reading = q->method == HTTP_GET;
    PW_TRY(message_stream_topic(q->ctx, v.place.com.id, v.topic, reading ? http_int(q, "before") : 0,
                                reading ? http_int(q, "before_id") : 0, STREAM_PAGE, &m, &v.n));
    v.messages = m;
    if (v.n == STREAM_PAGE) {
        v.older_ms = m[v.n - 1].shown_ms;
        v.older_id = m[v.n - 1].id;
    }
    v.may_write = v.place.active && community_takes_messages(v.place.com.status);
    struct page pg;
    begin(&pg, q, r, &v.place, N_("Conversation"));
    view_stream(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err stream_get(struct http_req *q, struct http_res *r)
{
    return show_stream(q, r);
}

enum pw_err stream_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    struct message_new n = {.community_id = p.com.id, .to_private = in_private(q)};
    struct message_made made;
    enum pw_err e = post_words(q, &n, true, N_("Write your message."), &made);
    if (e == PW_INVALID)
        return show_stream(q, r);
    PW_TRY(e);
    if (n.to_private)
        return page_done(q, r, place_path(q->arena, &p.com, "/private"),
                         N_("Your message went to the moderators only."));
    return page_done(q, r, place_path(q->arena, &p.com, "/talk"),
                     made.meaning == MEANS_SUBMISSION
                         ? N_("Only the moderators read this: in this community they alone publish.")
                         : N_("Your message is published."));
}

/* ---- the private thread with the moderators (MSG-12) ---- */

static enum pw_err show_thread(struct http_req *q, struct http_res *r)
{
    struct thread_view v = {.text = http_kept(q, "text")};
    PW_TRY(place_load(q, q->arg_text[0], &v.place));
    if (!v.place.active)
        return http_redirect(r, place_path(q->arena, &v.place.com, "/join"));
    struct thread t;
    struct message *m = NULL;
    enum pw_err e = thread_own(q->ctx, v.place.com.id, &t, &m, &v.n);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    v.messages = m;
    struct page pg;
    begin(&pg, q, r, &v.place, N_("Private messages"));
    view_thread(&pg, &v);
    return page_end(&pg, r);
}

enum pw_err thread_get(struct http_req *q, struct http_res *r)
{
    return show_thread(q, r);
}

enum pw_err thread_post(struct http_req *q, struct http_res *r)
{
    struct place p;
    PW_TRY(place_load(q, q->arg_text[0], &p));
    struct message_new n = {.community_id = p.com.id, .to_private = true};
    struct message_made made;
    enum pw_err e = post_words(q, &n, true, N_("Write your message."), &made);
    if (e == PW_INVALID)
        return show_thread(q, r);
    PW_TRY(e);
    if (made.meaning == MEANS_LEAVE)
        return left_done(q, r, &p.com);
    return page_done(q, r, place_path(q->arena, &p.com, "/private"), N_("Your message went to the moderators only."));
}

/* ---- a file of a message: voice notes are played from here (MSG-13) ---- */

/* A moderator who opens something private leaves a trace (CNS-7). */
enum pw_err message_file_get(struct http_req *q, struct http_res *r)
{
    struct message m;
    PW_TRY(message_get(q->ctx, q->arg[0], &m));
    struct file_info info;
    struct sv bytes;
    if (!m.file_id)
        return PW_NOT_FOUND;
    PW_TRY(file_get(q->ctx, m.file_id, &info));
    PW_TRY(file_read_all(q->ctx, m.file_id, &bytes));
    /* Shown in the page only when the bytes are what pages show: what a sender calls a picture may be a program. */
    enum chan_file_kind kind;
    if (!upload_sniff(bytes, &kind, &r->type)) {
        r->type = SV("application/octet-stream");
        http_set_download(q, r, info.name.n ? info.name : SV("file"));
    }
    buf_add(&r->body, bytes);
    return buf_ok(&r->body) ? PW_OK : PW_INTERNAL;
}
