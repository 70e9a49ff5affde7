/* SPDX-License-Identifier: EUPL-1.2 */
/* The moderators' queue (SLA-6, MSG-11) and one question with all that is needed to answer it. Each community's part
 * comes from its index of open questions in order; the parts are merged here, so a page costs the same at any size. */
#include <string.h>

#include "core/audit.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_room.h"
#include "feature/community/question_store.h"

enum { PAGE_DEFAULT = 50, PAGE_MAX = 200 };

/* The communities whose queue this actor may see: of a moderator the whole, of a specialist what was given to them. */
static enum pw_err desks(struct ctx *c, int64_t community_id, struct community **ret, size_t *ret_n)
{
    struct community *v = arena_new(c->arena, struct community);
    size_t n = 1, k = 0;
    if (!v)
        return PW_UNAVAILABLE;
    PW_TRY(community_id ? community_row(c, community_id, v) : community_mine(c, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (community_may_moderate(c, &v[i]) || may_specialist(c, &v[i]))
            v[k++] = v[i];
    if (community_id && !k)
        return need_moderate(c, community_id, v); /* says why not */
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

static bool before(const struct question *a, const struct question *b, bool by_urgency)
{
    if (by_urgency) {
        if (a->rank != b->rank)
            return a->rank < b->rank;
        if (a->sort_ms != b->sort_ms)
            return a->sort_ms < b->sort_ms;
        return a->id < b->id;
    }
    return a->received_ms != b->received_ms ? a->received_ms > b->received_ms : a->id > b->id;
}

/* Joins one more sorted part into the page, which keeps at most `limit` rows. */
static enum pw_err merge(struct ctx *c, struct question **io, size_t *io_n, const struct question *more, size_t n_more,
                         size_t limit, bool by_urgency)
{
    size_t n = 0, i = 0, k = 0;
    struct question *v = arena_array(c->arena, struct question, limit);
    if (!v)
        return PW_UNAVAILABLE;
    while (n < limit && (i < *io_n || k < n_more)) {
        bool left = k >= n_more || (i < *io_n && before(&(*io)[i], &more[k], by_urgency));
        v[n++] = left ? (*io)[i++] : more[k++];
    }
    *io = v;
    *io_n = n;
    return PW_OK;
}

static enum pw_err part(struct ctx *c, const struct inbox_filter *f, const struct question_page *p,
                        struct question **ret, size_t *ret_n)
{
    if (f->unchecked && !p->mine)
        return question_rows_unchecked(c, p, ret, ret_n);
    if (f->state >= 0 && !p->mine && !question_is_open((enum question_state)f->state))
        return question_rows_state(c, p, (enum question_state)f->state, ret, ret_n);
    return question_rows_open(c, p, ret, ret_n);
}

static enum pw_err questions_through(struct ctx *c, struct question *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, n + 1);
    struct sv *said = arena_array(c->arena, struct sv, n + 1);
    if (!ids || !said)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++)
        ids[i] = v[i].message_id;
    PW_TRY(through_words(c, "message", ids, n, said));
    for (size_t i = 0; i < n; i++)
        v[i].through = said[i];
    return PW_OK;
}

enum pw_err inbox_list(struct ctx *c, const struct inbox_filter *f, struct question **ret, size_t *ret_n)
{
    int64_t limit = f->limit > 0 && f->limit <= PAGE_MAX ? f->limit : PAGE_DEFAULT;
    bool by_urgency = !f->unchecked && (f->state < 0 || question_is_open((enum question_state)f->state));
    struct question *page = NULL;
    size_t n = 0;
    if (f->state >= Q_STATE__MAX || !c->actor->person_id)
        return f->state >= Q_STATE__MAX ? PW_INVALID : PW_DENIED;
    struct question_page p = {.after_rank = f->after_rank,
                              .after_sort = f->after_sort,
                              .after_id = f->after_id,
                              .limit = limit,
                              .lang = f->lang,
                              .topic = f->topic,
                              .unassigned = f->unassigned,
                              .overdue = f->overdue,
                              .any_state = f->state < 0,
                              .state = (enum question_state)(f->state < 0 ? 0 : f->state)};
    struct community *v;
    size_t n_v;
    PW_TRY(desks(c, f->community_id, &v, &n_v));
    for (size_t i = 0; i < n_v; i++) {
        struct question *more;
        size_t n_more;
        p.community_id = v[i].id;
        p.mine = f->mine || !community_may_moderate(c, &v[i]) ? c->actor->person_id : 0;
        PW_TRY(part(c, f, &p, &more, &n_more));
        PW_TRY(merge(c, &page, &n, more, n_more, (size_t)limit, by_urgency));
    }
    for (size_t i = 0; i < n && !by_urgency; i++)
        page[i].sort_ms = page[i].received_ms; /* what the next page goes on from */
    PW_TRY(question_fill(c, page, n));
    PW_TRY(questions_through(c, page, n));
    *ret = page;
    *ret_n = n;
    return PW_OK;
}

/* Who administers without moderating is told of join requests only, a specialist of what was given to them. */
enum pw_err inbox_count(struct ctx *c, int64_t community_id, struct inbox_counts *ret)
{
    struct community *v = arena_new(c->arena, struct community);
    size_t n = 1;
    struct inbox_counts k = {0};
    if (!v)
        return PW_UNAVAILABLE;
    if (community_id) {
        PW_TRY(community_row(c, community_id, v));
        if (!works_in(c, v))
            return PW_NOT_FOUND;
    } else {
        PW_TRY(community_mine(c, &v, &n));
    }
    for (size_t i = 0; i < n; i++) {
        int64_t joins = 0;
        if (community_may_moderate(c, &v[i]))
            PW_TRY(question_counts(c, v[i].id, c->actor->person_id, &k));
        else if (may_specialist(c, &v[i]))
            PW_TRY(question_counts_given(c, v[i].id, c->actor->person_id, &k));
        if (community_may_admin(c, &v[i]))
            PW_TRY(join_count_pending(c, v[i].id, &joins));
        k.joins += joins;
    }
    *ret = k;
    return PW_OK;
}

/* ---- one question ---- */

/* The asker sees the own question; members see public ones; staff see all. */
static enum pw_err need_view(struct ctx *c, const struct question *q, const struct community *com, bool *ret_staff)
{
    bool mine = may_specialist(c, com) && q->assigned_to && q->assigned_to == c->actor->person_id;
    *ret_staff = community_may_moderate(c, com) || mine;
    if (*ret_staff || (q->author && q->author == c->actor->person_id))
        return PW_OK;
    if (q->thread_id)
        return PW_NOT_FOUND;
    return need_member_or_staff(c, com);
}

static enum pw_err fill_answers(struct ctx *c, struct answer *v, size_t n)
{
    int64_t *ids = arena_array(c->arena, int64_t, 2 * n + 1);
    struct person *p = arena_array(c->arena, struct person, 2 * n + 1);
    if (!ids || !p)
        return PW_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        ids[2 * i] = v[i].author;
        ids[2 * i + 1] = v[i].verified_by;
    }
    PW_TRY(person_get_many(c, ids, 2 * n, p));
    for (size_t i = 0; i < n; i++) {
        struct message m;
        v[i].name = p[2 * i].display_name;
        v[i].verified_name = p[2 * i + 1].display_name;
        PW_TRY(message_row(c, v[i].message_id, &m));
        v[i].text = m.state == SHOWN || m.state == HELD ? m.body : (struct sv){0};
        if (v[i].note_message) {
            PW_TRY(message_row(c, v[i].note_message, &m));
            v[i].note = m.body;
        }
    }
    return PW_OK;
}

/* For readers who are not staff: nothing hidden, held or deleted. */
static size_t only_shown(struct message *v, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++)
        if (v[i].state == SHOWN)
            v[k++] = v[i];
    return k;
}

static enum pw_err answers_shown(struct ctx *c, int64_t question_id, bool staff, struct answer **ret, size_t *ret_n)
{
    struct answer *v;
    size_t n, k = 0;
    PW_TRY(answer_rows(c, question_id, &v, &n));
    PW_TRY(fill_answers(c, v, n));
    for (size_t i = 0; i < n; i++)
        if (staff || (v[i].at_ms <= c->now_ms && v[i].text.n)) /* a held one is not there yet */
            v[k++] = v[i];
    *ret = v;
    *ret_n = k;
    return PW_OK;
}

enum pw_err question_view(struct ctx *c, int64_t id, struct question_view *ret)
{
    struct question_view v = {0};
    bool staff = false;
    PW_TRY(question_row(c, id, &v.q));
    PW_TRY(community_row(c, v.q.community_id, &v.community));
    PW_TRY(need_view(c, &v.q, &v.community, &staff));
    v.may_moderate = community_may_moderate(c, &v.community);
    v.may_answer = staff;
    if (v.q.thread_id && v.q.author != c->actor->person_id)
        PW_TRY(audit(c, "question.read", "question", id, (struct sv){0}));
    PW_TRY(question_fill(c, &v.q, 1));
    PW_TRY(questions_through(c, &v.q, 1));
    PW_TRY(message_rows_question(c, id, &v.messages, &v.n_messages));
    PW_TRY(message_fill_names(c, v.messages, v.n_messages));
    PW_TRY(messages_through(c, v.messages, v.n_messages));
    if (!staff)
        v.n_messages = only_shown(v.messages, v.n_messages);
    PW_TRY(answers_shown(c, id, staff, &v.answers, &v.n_answers));
    if (staff) {
        enum pw_err e = membership_row(c, v.community.id, v.q.author, &v.asker);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
        v.asker.name = v.q.author_name;
        PW_TRY(window_of_person(c, &v.community, v.q.author, &v.window));
        PW_TRY(step_rows(c, id, &v.steps, &v.n_steps));
        if (v.may_moderate) /* a specialist reads what was given to them, not what else the person asked */
            PW_TRY(question_rows_author(c, v.community.id, v.q.author, 6, &v.earlier, &v.n_earlier));
        size_t k = 0;
        for (size_t i = 0; i < v.n_earlier; i++)
            if (v.earlier[i].id != id)
                v.earlier[k++] = v.earlier[i];
        v.n_earlier = k;
        PW_TRY(question_fill(c, v.earlier, k));
        PW_TRY(viewing_names(c, id, c->actor->person_id, &v.viewers, &v.n_viewers));
        e = draft_get(c, c->actor->person_id, id, &v.draft);
        if (e != PW_OK && e != PW_NOT_FOUND)
            return e;
    }
    *ret = v;
    return PW_OK;
}

enum pw_err question_get(struct ctx *c, int64_t id, struct question *ret)
{
    struct question q;
    struct community com;
    bool staff = false;
    PW_TRY(question_row(c, id, &q));
    PW_TRY(community_row(c, q.community_id, &com));
    PW_TRY(need_view(c, &q, &com, &staff));
    PW_TRY(question_fill(c, &q, 1));
    PW_TRY(questions_through(c, &q, 1));
    *ret = q;
    return PW_OK;
}

enum pw_err question_mine(struct ctx *c, int64_t community_id, struct question **ret, size_t *ret_n)
{
    struct question *v;
    size_t n;
    if (!c->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(question_rows_author(c, community_id, c->actor->person_id, 50, &v, &n));
    PW_TRY(question_fill(c, v, n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

/* The one that counts: corrected, completed, confirmed, then staff's, then the first. */
static int worth(const struct answer *a)
{
    switch (a->verification) {
    case VER_CORRECTED:
        return 5;
    case VER_COMPLETED:
        return 4;
    case VER_CONFIRMED:
        return 3;
    default:
        return a->by_staff ? 2 : 1;
    }
}

static enum pw_err public_one(struct ctx *c, const struct question *q, struct public_answer *ret, bool *ret_shown)
{
    struct answer *a;
    size_t n, best = 0;
    struct message m;
    PW_TRY(message_row(c, q->message_id, &m));
    PW_TRY(answers_shown(c, q->id, false, &a, &n));
    *ret_shown = n && m.state == SHOWN;
    for (size_t x = 1; x < n; x++)
        if (worth(&a[x]) > worth(&a[best]))
            best = x;
    if (*ret_shown)
        *ret = (struct public_answer){*q, a[best]};
    return PW_OK;
}

enum pw_err question_answered_public(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t limit,
                                     struct public_answer **ret, size_t *ret_n)
{
    struct community com;
    struct question *q;
    size_t n, k = 0, max = limit > 0 && limit <= 100 ? (size_t)limit : 20;
    PW_TRY(community_get(c, community_id, &com));
    if (com.visibility != COM_LISTED)
        PW_TRY(need_member_or_staff(c, &com));
    struct public_answer *v = arena_array(c->arena, struct public_answer, max);
    if (!v)
        return PW_UNAVAILABLE;
    do { /* until the page is full: a hidden question does not end the list */
        PW_TRY(question_rows_answered_public(c, community_id, before_ms, (int64_t)max, &q, &n));
        PW_TRY(question_fill(c, q, n));
        for (size_t i = 0; i < n && k < max; i++) {
            bool shown = false;
            PW_TRY(public_one(c, &q[i], &v[k], &shown));
            k += shown;
            before_ms = q[i].answered_ms;
        }
    } while (n == max && k < max);
    *ret = v;
    *ret_n = k;
    return PW_OK;
}
