/* SPDX-License-Identifier: EUPL-1.2 */
/* Saved questions and answers: made, translated, reviewed, found (KB-1 to KB-4). */
#include "base/id.h"
#include "core/audit.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/kb_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_room.h"
#include "feature/community/question_store.h"
#include "work/work.h"

enum { REVIEW_DAYS = 180, QUESTION_CHARS = 500, ANSWER_CHARS = 8000 };

/* The review date as an instant: midnight of that day where the community is. */
static enum pw_err take_review(struct ctx *c, const struct community *com, struct sv text, int64_t *ret_ms)
{
    int64_t today = today_of(c, com), day = today + REVIEW_DAYS;
    const struct tz *tz;
    if (text.n && !civil_parse_date(text, &day))
        return problem_add(c->problems, "review_on", N_("Give a day, like 2026-09-01."));
    if (day <= today)
        return problem_add(c->problems, "review_on", N_("The review date must lie in the future."));
    int64_t local = day * CIVIL_DAY_MS;
    *ret_ms = tz_find(com->zone, &tz) == PW_OK ? tz_utc_ms(tz, local, TZ_EARLIER, NULL) : local;
    return PW_OK;
}

static enum pw_err take_words(struct ctx *c, const struct community *com, const struct kb_edit *e, struct kb_entry *k)
{
    k->lang = e->lang;
    k->question = e->question;
    k->answer = e->answer;
    if (!lang_in(com->languages, e->lang))
        return problem_add(c->problems, "lang", N_("The community does not use this language."));
    PW_TRY(take_text(c, "question", true, QUESTION_CHARS, &k->question));
    return take_text(c, "answer", true, ANSWER_CHARS, &k->answer);
}

static enum pw_err take_facts(struct ctx *c, const struct community *com, const struct kb_edit *e, struct kb_entry *k)
{
    k->topic = e->topic;
    k->source = e->source;
    k->checked_on = e->checked_on;
    if (!code_ok(e->topic))
        return problem_add(c->problems, "topic", N_("Use small letters, digits and hyphens."));
    PW_TRY(take_line(c, "source", false, 500, &k->source));
    PW_TRY(source_check(k->source, k->checked_on, today_of(c, com), c->problems));
    return take_review(c, com, e->review_on, &k->review_ms);
}

static enum pw_err review_timer(struct ctx *c, const struct kb_entry *k)
{
    if (k->state == KB_PUBLISHED)
        return timer_set(c->db, TIMER_KB_REVIEW, k->id, k->review_ms);
    enum pw_err e = timer_clear(c->db, TIMER_KB_REVIEW, k->id);
    return e == PW_NOT_FOUND ? PW_OK : e;
}

static enum pw_err make(struct ctx *c, const struct community *com, const struct kb_edit *e, int64_t question_id,
                        int64_t *ret_id)
{
    struct kb_entry k = {.id = id_new(),
                         .community_id = com->id,
                         .question_id = question_id,
                         .state = e->publish ? KB_PUBLISHED : KB_DRAFT,
                         .source_lang = e->lang,
                         .version = 1,
                         .created_ms = c->now_ms,
                         .created_by = c->actor->person_id,
                         .changed_ms = c->now_ms};
    PW_TRY(take_words(c, com, e, &k));
    PW_TRY(take_facts(c, com, e, &k));
    PW_TRY(kb_insert(c, &k));
    PW_TRY(kb_save_text(c, &k, 1));
    PW_TRY(kb_index(c, &k));
    PW_TRY(review_timer(c, &k));
    PW_TRY(note_fact(c, "kb.created", "kb_entry", k.id, com->id, (struct sv){0}));
    *ret_id = k.id;
    return PW_OK;
}

enum pw_err kb_create(struct ctx *c, int64_t community_id, const struct kb_edit *e, int64_t *ret_id)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    return make(c, &com, e, 0, ret_id);
}

enum pw_err kb_from_answer(struct ctx *c, int64_t answer_id, const struct kb_edit *in, int64_t *ret_id)
{
    struct answer a;
    struct question q;
    struct community com;
    struct message asked, said;
    PW_TRY(answer_row(c, answer_id, &a));
    PW_TRY(need_question(c, a.question_id, &q, &com));
    if (a.verification == VER_PENDING || a.verification == VER_UNCHECKED)
        return problem_add(c->problems, NULL, N_("Only a verified answer can be saved: check it first."));
    /* Private words are never copied: the moderator writes question and answer anew (KB entries are public). */
    struct kb_edit e = *in;
    PW_TRY(message_row(c, q.message_id, &asked));
    PW_TRY(message_row(c, a.verification == VER_CONFIRMED || !a.note_message ? a.message_id : a.note_message, &said));
    if (!q.thread_id && !e.question.n)
        e.question = asked.body;
    if (!q.thread_id && !e.answer.n)
        e.answer = said.body;
    e.lang = e.lang.n ? e.lang : q.lang;
    e.source = e.source.n ? e.source : a.source;
    e.checked_on = e.checked_on.n ? e.checked_on : a.checked_on;
    e.topic = e.topic.n ? e.topic : q.topic;
    int64_t id = 0;
    PW_TRY(make(c, &com, &e, q.id, &id));
    q.kb_entry = id;
    PW_TRY(question_save(c, &q, q.state));
    *ret_id = id;
    return PW_OK;
}

static enum pw_err need_entry(struct ctx *c, int64_t id, struct kb_entry *ret, struct community *ret_com)
{
    struct kb_entry k;
    PW_TRY(kb_row(c, id, c->lang, &k));
    PW_TRY(need_moderate(c, k.community_id, ret_com));
    *ret = k;
    return PW_OK;
}

enum pw_err kb_write(struct ctx *c, int64_t id, const struct kb_edit *e)
{
    struct kb_entry k;
    struct community com;
    PW_TRY(need_entry(c, id, &k, &com));
    PW_TRY(take_words(c, &com, e, &k));
    if (e->is_source) { /* other languages now say an older version (LANG-4) */
        k.version++;
        k.source_lang = e->lang;
        PW_TRY(take_facts(c, &com, e, &k));
    }
    if (e->publish)
        k.state = KB_PUBLISHED;
    else if (e->hide && k.state == KB_PUBLISHED)
        k.state = KB_DRAFT;
    PW_TRY(kb_save(c, &k));
    PW_TRY(kb_save_text(c, &k, k.version));
    PW_TRY(kb_index(c, &k));
    PW_TRY(review_timer(c, &k));
    return note_fact(c, "kb.changed", "kb_entry", id, com.id, (struct sv){0});
}

enum pw_err kb_review(struct ctx *c, int64_t id, struct sv source, struct sv checked_on, struct sv review_on)
{
    struct kb_entry k;
    struct community com;
    PW_TRY(need_entry(c, id, &k, &com));
    struct kb_edit e = {.topic = k.topic, .source = source, .checked_on = checked_on, .review_on = review_on};
    PW_TRY(take_facts(c, &com, &e, &k));
    PW_TRY(kb_save(c, &k));
    PW_TRY(review_timer(c, &k));
    return note_fact(c, "kb.reviewed", "kb_entry", id, com.id, (struct sv){0});
}

enum pw_err kb_set_state(struct ctx *c, int64_t id, enum kb_state to)
{
    struct kb_entry k;
    struct community com;
    PW_TRY(need_entry(c, id, &k, &com));
    if (to < KB_DRAFT || to >= KB_STATE__MAX)
        return problem_add(c->problems, "state", N_("Choose one of the list."));
    k.state = to;
    PW_TRY(kb_save(c, &k));
    PW_TRY(review_timer(c, &k));
    return note_fact(c, "kb.changed", "kb_entry", id, com.id, arena_fmt(c->arena, "state=%s", kb_state_code(to)));
}

/* ---- reading ---- */

/* Saved answers are public where the community is listed; elsewhere they are its members'. */
static enum pw_err need_reader(struct ctx *c, int64_t community_id, struct community *ret, bool *ret_staff)
{
    PW_TRY(community_get(c, community_id, ret));
    *ret_staff = works_in(c, ret);
    return ret->visibility == COM_LISTED ? PW_OK : need_member_or_staff(c, ret);
}

enum pw_err kb_get(struct ctx *c, int64_t id, struct kb_entry *ret)
{
    struct kb_entry k;
    struct community com;
    bool staff = false;
    PW_TRY(kb_row(c, id, c->lang, &k));
    PW_TRY(need_reader(c, k.community_id, &com, &staff));
    if (!staff && k.state != KB_PUBLISHED)
        return PW_NOT_FOUND;
    *ret = k;
    return PW_OK;
}

enum pw_err kb_list(struct ctx *c, int64_t community_id, struct sv topic, int64_t after_id, int64_t limit,
                    struct kb_entry **ret, size_t *ret_n)
{
    return kb_list_state(c, community_id, KB_PUBLISHED, topic, after_id, limit, ret, ret_n);
}

enum pw_err kb_list_state(struct ctx *c, int64_t community_id, enum kb_state state, struct sv topic, int64_t after_id,
                          int64_t limit, struct kb_entry **ret, size_t *ret_n)
{
    struct community com;
    bool staff = false;
    PW_TRY(need_reader(c, community_id, &com, &staff));
    if (state != KB_PUBLISHED)
        PW_TRY(need_moderate(c, community_id, &com));
    return kb_rows(c, community_id, state, topic, after_id, limit > 0 && limit <= 200 ? limit : 50, c->lang, ret,
                   ret_n);
}

enum pw_err kb_due_for_review(struct ctx *c, int64_t community_id, struct kb_entry **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    return kb_rows_review(c, community_id, c->lang, ret, ret_n);
}

static enum pw_err load_hits(struct ctx *c, const struct kb_hit *hits, size_t n_hits, size_t least_words,
                             bool verified_only, int64_t limit, struct sv lang, struct kb_entry **ret, size_t *ret_n)
{
    if (limit < 1 || limit > 100)
        limit = 20;
    struct kb_entry *v = arena_array(c->arena, struct kb_entry, (size_t)limit);
    size_t n = 0;
    if (!v)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n_hits && n < (size_t)limit; i++) {
        struct kb_entry k;
        if (hits[i].words < least_words)
            break; /* sorted by words */
        PW_TRY(kb_row(c, hits[i].entry_id, lang, &k));
        if (k.state != KB_PUBLISHED || (verified_only && !k.verified))
            continue;
        k.score = (int64_t)hits[i].words * 100 + hits[i].score;
        v[n++] = k;
    }
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err kb_search(struct ctx *c, int64_t community_id, struct sv words, int64_t limit, struct kb_entry **ret,
                      size_t *ret_n)
{
    struct community com;
    struct kb_hit *hits;
    size_t n, asked;
    bool staff = false;
    PW_TRY(need_reader(c, community_id, &com, &staff));
    PW_TRY(take_line(c, "q", false, 200, &words));
    PW_TRY(kb_lookup(c, community_id, words, com.languages, &hits, &n, &asked));
    return load_hits(c, hits, n, 1, false, limit, c->lang, ret, ret_n);
}

/* A third of the words, and at least two of a long text. */
static size_t least_words(size_t asked)
{
    size_t least = asked < 3 ? asked : (asked + 2) / 3;
    if (asked >= 3 && least < 2)
        least = 2;
    return least ? least : 1;
}

enum pw_err kb_similar(struct ctx *c, int64_t community_id, struct sv words, int64_t limit, struct kb_entry **ret,
                       size_t *ret_n)
{
    struct community com;
    struct kb_hit *hits;
    size_t n, asked;
    bool staff = false;
    PW_TRY(need_reader(c, community_id, &com, &staff));
    PW_TRY(take_text(c, "text", false, 8000, &words));
    PW_TRY(kb_lookup(c, community_id, words, com.languages, &hits, &n, &asked));
    return load_hits(c, hits, n, least_words(asked), true, limit ? limit : 3, c->lang, ret, ret_n);
}

enum pw_err kb_suggest(struct ctx *c, int64_t question_id, int64_t limit, struct kb_entry **ret, size_t *ret_n)
{
    struct question q;
    struct community com;
    struct message m;
    struct kb_hit *hits;
    size_t n, asked;
    PW_TRY(need_question(c, question_id, &q, &com));
    PW_TRY(message_row(c, q.message_id, &m));
    PW_TRY(kb_lookup(c, com.id, m.body, com.languages, &hits, &n, &asked));
    return load_hits(c, hits, n, least_words(asked), true, limit ? limit : 3, q.lang, ret, ret_n);
}
