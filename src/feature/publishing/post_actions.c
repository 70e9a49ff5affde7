/* SPDX-License-Identifier: EUPL-1.2 */
/* Posts: written, translated, scheduled, taken back, paused, called off (MSG-14, MOD-8, MOD-10, KB-6, LANG-4). */
#include "base/id.h"
#include "channel/file.h"
#include "core/document.h"
#include "feature/publishing/publishing_room.h"

enum pw_err post_get(struct ctx *c, int64_t id, struct post *ret)
{
    struct post p;
    struct community com;
    PW_TRY(post_row(c, id, &p));
    PW_TRY(need_moderate(c, p.community_id, &com));
    *ret = p;
    return PW_OK;
}

/* A post that somebody acts on, and where it belongs. */
static enum pw_err need_post(struct ctx *c, int64_t id, enum post_act act, struct post *ret, struct community *ret_com)
{
    enum post_state to;
    PW_TRY(post_row(c, id, ret));
    PW_TRY(need_moderate(c, ret->community_id, ret_com));
    return post_next(ret->state, act, &to);
}

static enum pw_err move(struct ctx *c, struct post *p, enum post_act act)
{
    enum post_state from = p->state;
    PW_TRY(post_next(from, act, &p->state));
    p->changed_ms = c->now_ms;
    return post_save(c, p, from);
}

static enum pw_err clear_timer(struct ctx *c, struct sv kind, int64_t id)
{
    enum pw_err e = timer_clear(c->db, kind, id);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* ---- writing ---- */

static enum pw_err take_facts(struct ctx *c, const struct community *com, const struct post_edit *e, struct post *p)
{
    p->type = e->type;
    p->source = e->source;
    p->checked_on = e->checked_on;
    p->only_lang = e->only_lang;
    p->only_channel = e->only_channel;
    p->urgent = e->urgent;
    p->delete_there = e->delete_there;
    if (!post_type_known(e->type))
        NOTED(problem_add(c->problems, "type", N_("Choose one of the list.")));
    if (e->only_lang.n && !lang_in(com->languages, e->only_lang))
        NOTED(problem_add(c->problems, "only_lang", N_("The community does not use this language.")));
    if (!code_ok(e->only_channel))
        NOTED(problem_add(c->problems, "only_channel", N_("Choose one of the list.")));
    NOTED(take_line(c, "source", false, 300, &p->source));
    int64_t day;
    if (e->checked_on.n && (!civil_parse_date(e->checked_on, &day) || day > today_of(c, com)))
        NOTED(problem_add(c->problems, "checked_on", N_("Give a day that is not in the future, like 2026-09-01.")));
    NOTED(take_moment(c, com, "starts", e->starts, &p->starts_ms));
    NOTED(take_moment(c, com, "expires", e->expires, &p->expires_ms));
    NOTED(take_day_end(c, com, "pinned", e->pinned, &p->pinned_until_ms));
    if (p->expires_ms && p->expires_ms <= (p->starts_ms ? p->starts_ms : c->now_ms))
        NOTED(problem_add(c->problems, "expires", N_("The end must lie after the beginning.")));
    if (e->file_id || e->no_file) {
        p->file_id = e->file_id;
        p->file_kind = e->file_id ? e->file_kind : MSG_TEXT;
    }
    return c->problems->n ? PW_INVALID : PW_OK;
}

static enum pw_err write_language(struct ctx *c, const struct post *p, const struct doc_text *old, bool is_source,
                                  const struct post_words *w)
{
    int64_t version;
    bool same = old && sv_eq(old->title, w->title) && sv_eq(old->body, w->body);
    bool confirmed = old && old->out_of_date && !w->out_of_date && !is_source; /* "it still fits" */
    if (same && !confirmed)
        return PW_OK;
    return doc_write(c, p->doc_id, w->lang, w->title, w->body, is_source, &version);
}

static enum pw_err text_in(struct ctx *c, const struct post *p, struct sv lang, struct doc_text *ret, bool *ret_have)
{
    enum pw_err e = doc_read(c, p->doc_id, lang, 0, ret);
    *ret_have = e == PW_OK && sv_eq(ret->lang, lang);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

/* The fields of one language are named by its place: "title0", "body0". */
static enum pw_err clean_words(struct ctx *c, const struct community *com, const struct post_edit *e,
                               struct post_words v[POST_LANGS_MAX], size_t *ret_source)
{
    static const char *const titles[] = {"title0", "title1", "title2", "title3",
                                         "title4", "title5", "title6", "title7"};
    static const char *const bodies[] = {"body0", "body1", "body2", "body3", "body4", "body5", "body6", "body7"};
    size_t source = e->n_words;
    if (e->n_words > POST_LANGS_MAX)
        return PW_INVALID;
    for (size_t i = 0; i < e->n_words; i++) {
        v[i] = e->words[i];
        if (!lang_in(com->languages, v[i].lang))
            NOTED(problem_add(c->problems, bodies[i], N_("The community does not use this language.")));
        NOTED(take_line(c, titles[i], false, POST_TITLE_CHARS, &v[i].title));
        NOTED(take_text(c, bodies[i], v[i].title.n != 0, POST_BODY_CHARS, &v[i].body));
        bool main = sv_eq(v[i].lang, lang_main(com->languages));
        if (v[i].body.n && (source == e->n_words || v[i].is_source || (main && !v[source].is_source)))
            source = i;
    }
    if (source == e->n_words)
        NOTED(
            problem_add(c->problems, e->n_words ? bodies[0] : "body0", N_("Write the post in one language at least.")));
    *ret_source = source;
    return c->problems->n ? PW_INVALID : PW_OK;
}

static enum pw_err write_words(struct ctx *c, const struct community *com, const struct post *p,
                               const struct post_edit *e)
{
    struct post_words v[POST_LANGS_MAX];
    size_t source;
    PW_TRY(clean_words(c, com, e, v, &source));
    struct sv source_lang = v[source].lang;
    struct doc_text *have;
    size_t n_have;
    PW_TRY(doc_langs(c, p->doc_id, &have, &n_have));
    if (n_have)
        source_lang = have[0].source_lang; /* stays what it was */
    for (int pass = 0; pass < 2; pass++)   /* the source first: translations say its version */
        for (size_t i = 0; i < e->n_words; i++) {
            bool is_source = sv_eq(v[i].lang, source_lang), known = false;
            struct doc_text old;
            if (is_source != (pass == 0) || (!v[i].body.n && !is_source))
                continue;
            if (!v[i].body.n)
                return problem_add(c->problems, "body0",
                                   N_("The original cannot be empty: the translations follow it."));
            PW_TRY(text_in(c, p, v[i].lang, &old, &known));
            PW_TRY(write_language(c, p, known ? &old : NULL, is_source, &v[i]));
        }
    return PW_OK;
}

static enum pw_err link_corrections(struct ctx *c, const struct community *com, const struct post *p,
                                    const struct post_edit *e)
{
    for (size_t i = 0; i < e->n_corrects; i++) {
        struct message m;
        PW_TRY(message_get(c, e->corrects[i], &m));
        if (m.community_id != com->id || m.thread_id) /* what was said in private is nobody's to see */
            return PW_NOT_FOUND;
        PW_TRY(correction_insert(c, p->id, m.id));
    }
    return PW_OK;
}

enum pw_err post_create(struct ctx *c, int64_t community_id, const struct post_edit *e, int64_t *ret_id)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    struct post p = {.id = id_new(),
                     .community_id = com.id,
                     .state = POST_DRAFT,
                     .author = c->actor->person_id,
                     .from_message = e->from_message,
                     .created_ms = c->now_ms,
                     .changed_ms = c->now_ms};
    if (e->from_message) {
        struct message m;
        PW_TRY(message_get(c, e->from_message, &m));
        if (m.community_id != com.id)
            return PW_NOT_FOUND;
    }
    NOTED(take_facts(c, &com, e, &p));
    PW_TRY(doc_create(c, DOC_OTHER, SV("post"), p.id, false, &p.doc_id));
    PW_TRY(write_words(c, &com, &p, e));
    PW_TRY(post_insert(c, &p));
    PW_TRY(link_corrections(c, &com, &p, e));
    PW_TRY(note_fact(c, "post.created", "post", p.id, com.id, arena_fmt(c->arena, "type=%.*s", SV_ARG(p.type))));
    if (p.from_message) /* whoever keeps a list of offers strikes it off */
        PW_TRY(note_fact(c, "post.suggested", "message", p.from_message, com.id, (struct sv){0}));
    *ret_id = p.id;
    return PW_OK;
}

enum pw_err post_write(struct ctx *c, int64_t id, const struct post_edit *e)
{
    struct post p;
    struct community com;
    PW_TRY(need_post(c, id, POST_EDIT, &p, &com));
    int64_t file = p.file_id;
    NOTED(take_facts(c, &com, e, &p));
    PW_TRY(write_words(c, &com, &p, e));
    PW_TRY(move(c, &p, POST_EDIT));
    enum pw_err gone = file && file != p.file_id ? file_remove(c, file) : PW_OK; /* no other post has it */
    if (gone != PW_OK && gone != PW_NOT_FOUND)
        return gone;
    return note_fact(c, "post.changed", "post", id, com.id, (struct sv){0});
}

enum pw_err post_reword(struct ctx *c, int64_t id, const struct post_edit *e)
{
    struct post p;
    struct community com;
    PW_TRY(need_post(c, id, POST_EDIT, &p, &com));
    p.type = e->type;
    p.source = e->source;
    p.checked_on = e->checked_on;
    PW_TRY(write_words(c, &com, &p, e));
    PW_TRY(move(c, &p, POST_EDIT));
    return note_fact(c, "post.changed", "post", id, com.id, (struct sv){0});
}

enum pw_err post_translate(struct ctx *c, int64_t id, struct sv lang, struct sv title, struct sv body)
{
    struct post p;
    struct community com;
    struct doc_text old;
    bool known = false;
    int64_t version;
    PW_TRY(need_post(c, id, POST_TRANSLATE, &p, &com));
    PW_TRY(text_in(c, &p, lang, &old, &known));
    if (known && p.state != POST_DRAFT)
        return PW_CONFLICT; /* what people have read is corrected in the open, not rewritten */
    if (!lang_in(com.languages, lang))
        return problem_add(c->problems, "lang_of", N_("The community does not use this language."));
    PW_TRY(take_line(c, "title", false, POST_TITLE_CHARS, &title));
    PW_TRY(take_text(c, "body", true, POST_BODY_CHARS, &body));
    PW_TRY(doc_write(c, p.doc_id, lang, title, body, false, &version));
    PW_TRY(move(c, &p, POST_TRANSLATE));
    PW_TRY(note_fact(c, "post.changed", "post", id, com.id, arena_fmt(c->arena, "lang=%.*s", SV_ARG(lang))));
    return original_changed(c, ITEM_POST, id);
}

/* ---- leaving ---- */

/* A few who joined meanwhile change nothing; a tenth more is not what the person agreed to. */
static bool many_more(int64_t told, int64_t now)
{
    return now > told + told / 10 + 5;
}

enum pw_err post_publish(struct ctx *c, int64_t id, int64_t people)
{
    struct post p;
    struct community com;
    struct audience a;
    PW_TRY(need_post(c, id, POST_SCHEDULE, &p, &com));
    if (!community_takes_messages(com.status))
        return problem_add(c->problems, NULL, N_("The community is not open: nothing can be published in it."));
    if (post_needs_source(p.type)) /* MOD-10 */
        NOTED(source_check(p.source, p.checked_on, today_of(c, &com), c->problems));
    if (!p.body.n)
        NOTED(problem_add(c->problems, "body0", N_("Write the post in one language at least.")));
    int64_t soonest = c->now_ms + POST_UNDO_MS;
    if (p.starts_ms < soonest)
        p.starts_ms = soonest;
    if (p.expires_ms && p.expires_ms <= p.starts_ms)
        NOTED(problem_add(c->problems, "expires", N_("The end must lie after the beginning.")));
    if (c->problems->n)
        return PW_INVALID;
    PW_TRY(post_audience(c, &com, &p, &a));
    if (many_more(people, a.people))
        return PW_CONFLICT;
    PW_TRY(move(c, &p, POST_SCHEDULE));
    PW_TRY(timer_set(c->db, TIMER_BEGIN, p.id, p.starts_ms));
    return note_fact(c, "post.scheduled", "post", p.id, com.id,
                     arena_fmt(c->arena, "people=%lld", (long long)a.people));
}

enum pw_err post_undo(struct ctx *c, int64_t id)
{
    struct post p;
    struct community com;
    PW_TRY(need_post(c, id, POST_UNDO, &p, &com));
    PW_TRY(move(c, &p, POST_UNDO));
    PW_TRY(clear_timer(c, TIMER_BEGIN, id));
    return note_fact(c, "post.undone", "post", id, com.id, (struct sv){0});
}

/* MOD-8: whoever suggested it learns that it is out. */
static enum pw_err thank_for(struct ctx *c, const struct community *com, const struct post *p)
{
    struct message m;
    enum pw_err e = p->from_message ? message_get(c, p->from_message, &m) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    return tell(c, com, m.author, N_("Thank you: what you suggested to the moderators of {0} is published now."),
                com->words.name, (struct sv){0}, post_path(c, com, p->id));
}

static enum pw_err open_lanes(struct ctx *c, const struct community *com, const struct post *p)
{
    struct audience a;
    PW_TRY(post_audience(c, com, p, &a));
    for (size_t i = 0; i < a.n; i++) {
        struct lane l = {.post_id = p->id, .channel_id = a.v[i].channel_id, .kind = a.v[i].kind};
        if (l.channel_id)
            PW_TRY(lane_insert(c, &l));
    }
    return PW_OK;
}

enum pw_err post_begin(struct ctx *c, int64_t id)
{
    struct post p;
    struct community com;
    enum pw_err e = post_row(c, id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && p.state != POST_SCHEDULED))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(community_get(c, p.community_id, &com));
    if (!community_takes_messages(com.status)) { /* closed meanwhile: nothing leaves, and somebody must know */
        PW_TRY(move(c, &p, POST_UNDO));
        return tell_moderators(c, &com, N_("A post could not be published: {0} is not open."), (struct sv){0},
                               post_staff_path(c, id));
    }
    struct ctx main = *c;
    main.lang = lang_main(com.languages);
    PW_TRY(post_words_of(&main, &p));
    struct message_new n = {.text = p.title.n ? arena_fmt(c->arena, "%.*s\n\n%.*s", SV_ARG(p.title), SV_ARG(p.body))
                                              : p.body,
                            .lang = p.lang,
                            .kind = p.file_id ? p.file_kind : MSG_TEXT,
                            .file_id = p.file_id,
                            .source = p.source,
                            .checked_on = p.checked_on,
                            .post_type = p.type};
    PW_TRY(post_put(c, &com, p.author, &n, &p.message_id));
    p.published_ms = c->now_ms;
    PW_TRY(move(c, &p, POST_BEGIN));
    PW_TRY(open_lanes(c, &com, &p));
    PW_TRY(post_mark_corrected(c, &p));
    PW_TRY(timer_set(c->db, TIMER_RUN, id, c->now_ms));
    if (p.expires_ms)
        PW_TRY(timer_set(c->db, TIMER_EXPIRE, id, p.expires_ms));
    PW_TRY(thank_for(c, &com, &p));
    return note_fact(c, "post.published", "post", id, com.id, arena_fmt(c->arena, "type=%.*s", SV_ARG(p.type)));
}

enum pw_err post_at_once(struct ctx *c, const struct community *com, const struct message_new *n, int64_t *ret_message)
{
    struct post_words w = {.lang = lang_in(com->languages, n->lang) ? n->lang : lang_main(com->languages),
                           .body = n->text};
    struct post_edit e = {.type = n->post_type,
                          .source = n->source,
                          .checked_on = n->checked_on,
                          .urgent = n->urgent,
                          .words = &w,
                          .n_words = 1,
                          .file_id = n->file_id,
                          .file_kind = n->kind};
    struct post p;
    struct audience a;
    int64_t id;
    PW_TRY(post_create(c, com->id, &e, &id));
    PW_TRY(post_row(c, id, &p));
    PW_TRY(post_audience(c, com, &p, &a));
    PW_TRY(post_publish(c, id, a.people));
    PW_TRY(clear_timer(c, TIMER_BEGIN, id));
    PW_TRY(post_begin(c, id));
    PW_TRY(post_row(c, id, &p));
    *ret_message = p.message_id;
    return PW_OK;
}

/* ---- ending ---- */

/* there: also where it arrived, as far as the apps let us */
static enum pw_err end_post(struct ctx *c, struct post *p, enum post_act act, bool there)
{
    p->ended_ms = c->now_ms;
    p->paused = false;
    PW_TRY(move(c, p, act));
    PW_TRY(clear_timer(c, TIMER_BEGIN, p->id));
    PW_TRY(clear_timer(c, TIMER_RUN, p->id));
    PW_TRY(clear_timer(c, TIMER_EXPIRE, p->id));
    if (!p->message_id)
        return PW_OK;
    PW_TRY(outbox_cancel_bulk(c->db, SV("message"), p->message_id, c->now_ms, NULL));
    PW_TRY(post_take_down(c, p->message_id, there));
    return there ? post_take_back(c, p) : PW_OK;
}

enum pw_err post_cancel(struct ctx *c, int64_t id)
{
    struct post p;
    struct community com;
    PW_TRY(need_post(c, id, POST_CANCEL, &p, &com));
    PW_TRY(end_post(c, &p, POST_CANCEL, true));
    PW_TRY(note_fact(c, "post.cancelled", "post", id, com.id, (struct sv){0}));
    return original_changed(c, ITEM_POST, id);
}

enum pw_err post_taken_away(struct ctx *c, int64_t message_id)
{
    struct post p;
    enum pw_err e = post_by_message(c, message_id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && !post_is_shown(p.state)))
        return PW_OK; /* no post, or ended already */
    PW_TRY(e);
    PW_TRY(end_post(c, &p, POST_CANCEL, true));
    PW_TRY(note_fact(c, "post.cancelled", "post", p.id, p.community_id, SV("hidden")));
    return original_changed(c, ITEM_POST, p.id);
}

enum pw_err post_expire(struct ctx *c, int64_t id)
{
    struct post p;
    enum pw_err e = post_row(c, id, &p);
    if (e == PW_NOT_FOUND || (e == PW_OK && !post_is_shown(p.state)))
        return PW_OK;
    PW_TRY(e);
    PW_TRY(end_post(c, &p, POST_EXPIRE, p.delete_there));
    PW_TRY(note_fact(c, "post.expired", "post", id, p.community_id, (struct sv){0}));
    return original_changed(c, ITEM_POST, id);
}

enum pw_err post_pause(struct ctx *c, int64_t id, bool paused)
{
    struct post p;
    struct community com;
    PW_TRY(post_row(c, id, &p));
    PW_TRY(need_moderate(c, p.community_id, &com));
    if (p.state != POST_PUBLISHING || p.paused == paused)
        return PW_CONFLICT;
    p.paused = paused;
    PW_TRY(post_save(c, &p, p.state));
    if (paused) {
        PW_TRY(outbox_hold_bulk(c->db, SV("message"), p.message_id, INT64_MAX, c->now_ms, NULL));
        PW_TRY(clear_timer(c, TIMER_RUN, id));
    } else {
        int64_t quiet;
        PW_TRY(outbox_resume_bulk(c->db, SV("message"), p.message_id, c->now_ms, NULL));
        PW_TRY(quiet_until_ms(c, &com, &p, &quiet));
        if (quiet) /* at night going on means: in the morning */
            PW_TRY(outbox_hold_bulk(c->db, SV("message"), p.message_id, quiet, c->now_ms, NULL));
        PW_TRY(timer_set(c->db, TIMER_RUN, id, c->now_ms));
    }
    return note_fact(c, paused ? "post.paused" : "post.resumed", "post", id, com.id, (struct sv){0});
}
