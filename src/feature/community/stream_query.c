/* SPDX-License-Identifier: EUPL-1.2 */
/* What is read of messages: the community's stream, one message, private threads. */
#include "core/audit.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/message_store.h"

enum { STREAM_MAX = 200, THREAD_MAX = 200 };

static void mark(struct message *m)
{
    m->answered_privately = m->purpose == FOR_NOTICE && !m->thread_id && m->question_id;
}

/* Members see what is shown; staff see hidden and held ones too, marked by their state. Deleted words stay away. */
static size_t for_reader(struct message *v, size_t n, bool staff)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (v[i].state != SHOWN && !staff)
            continue;
        if (v[i].state == DELETED)
            v[i].body = (struct sv){0};
        mark(&v[i]);
        v[k++] = v[i];
    }
    return k;
}

enum pw_err message_stream(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id, int64_t limit,
                           struct message **ret, size_t *ret_n)
{
    return message_stream_topic(c, community_id, (struct sv){0}, before_ms, before_id, limit, ret, ret_n);
}

enum pw_err message_stream_topic(struct ctx *c, int64_t community_id, struct sv topic, int64_t before_ms,
                                 int64_t before_id, int64_t limit, struct message **ret, size_t *ret_n)
{
    struct community com;
    struct message *v;
    size_t n;
    PW_TRY(community_row(c, community_id, &com));
    PW_TRY(need_member_or_staff(c, &com));
    bool staff = community_may_moderate(c, &com) || community_may_admin(c, &com);
    if (limit < 1 || limit > STREAM_MAX)
        limit = 50;
    PW_TRY(message_rows_public(c, community_id, topic, before_ms, before_id, limit, !staff, &v, &n));
    n = for_reader(v, n, staff);
    PW_TRY(message_fill_names(c, v, n));
    PW_TRY(messages_dress(c, v, n));
    PW_TRY(messages_through(c, v, n));
    *ret = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err message_get(struct ctx *c, int64_t message_id, struct message *ret)
{
    struct community com;
    struct message m;
    PW_TRY(message_row(c, message_id, &m));
    PW_TRY(community_row(c, m.community_id, &com));
    bool staff = community_may_moderate(c, &com);
    if (m.thread_id && !staff) {
        struct thread t;
        PW_TRY(thread_row(c, m.thread_id, &t));
        if (!t.person_id || t.person_id != c->actor->person_id)
            return PW_NOT_FOUND;
    } else if (!m.thread_id) {
        PW_TRY(need_member_or_staff(c, &com));
    }
    if (!for_reader(&m, 1, staff))
        return PW_NOT_FOUND;
    if (m.thread_id && staff)
        PW_TRY(audit(c, "message.read", "message", message_id, (struct sv){0}));
    PW_TRY(message_fill_names(c, &m, 1));
    PW_TRY(messages_dress(c, &m, 1));
    PW_TRY(messages_through(c, &m, 1));
    *ret = m;
    return PW_OK;
}

enum pw_err message_as_written(struct ctx *c, int64_t message_id, struct message *ret)
{
    struct message m;
    if (!is_system(c))
        return PW_DENIED;
    PW_TRY(message_row(c, message_id, &m));
    PW_TRY(message_fill_names(c, &m, 1));
    *ret = m;
    return PW_OK;
}

static enum pw_err thread_words(struct ctx *c, struct thread *t, bool staff, struct message **ret_m, size_t *ret_n)
{
    struct message *v;
    size_t n;
    struct person p;
    PW_TRY(message_rows_thread(c, t->id, THREAD_MAX, &v, &n));
    n = for_reader(v, n, staff);
    PW_TRY(message_fill_names(c, v, n));
    PW_TRY(messages_through(c, v, n));
    PW_TRY(person_get_many(c, &t->person_id, 1, &p));
    t->name = p.display_name;
    *ret_m = v;
    *ret_n = n;
    return PW_OK;
}

enum pw_err thread_own(struct ctx *c, int64_t community_id, struct thread *ret, struct message **ret_m, size_t *ret_n)
{
    struct thread t;
    if (!c->actor->person_id)
        return PW_NOT_FOUND;
    PW_TRY(thread_row_of(c, community_id, c->actor->person_id, &t));
    PW_TRY(thread_words(c, &t, false, ret_m, ret_n));
    if (!db_is_read_only(c->db))
        PW_TRY(thread_set_read(c, t.id, c->now_ms));
    *ret = t;
    return PW_OK;
}

enum pw_err thread_read(struct ctx *c, int64_t thread_id, struct thread *ret, struct message **ret_m, size_t *ret_n)
{
    struct thread t;
    struct community com;
    PW_TRY(thread_row(c, thread_id, &t));
    PW_TRY(need_moderate(c, t.community_id, &com));
    PW_TRY(audit(c, "thread.read", "thread", thread_id, (struct sv){0}));
    PW_TRY(thread_words(c, &t, true, ret_m, ret_n));
    PW_TRY(window_of_person(c, &com, t.person_id, &t.window));
    *ret = t;
    return PW_OK;
}

enum pw_err thread_list(struct ctx *c, int64_t community_id, int64_t before_ms, int64_t before_id, int64_t limit,
                        struct thread **ret, size_t *ret_n)
{
    struct community com;
    PW_TRY(need_moderate(c, community_id, &com));
    return thread_rows(c, community_id, before_ms, before_id, limit > 0 && limit <= 200 ? limit : 50, ret, ret_n);
}
