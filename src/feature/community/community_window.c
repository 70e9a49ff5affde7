/* SPDX-License-Identifier: EUPL-1.2 */
/* Apps that let us answer only for some time after a person's last words: what staff see of it. */
#include "base/id.h"
#include "core/notify.h"
#include "core/people.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_store.h"

enum pw_err window_of_person(struct ctx *c, const struct community *com, int64_t person_id, struct chan_window *ret)
{
    struct membership m;
    struct identity id;
    *ret = (struct chan_window){0};
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    if (e == PW_OK && m.channel_id)
        e = identity_of_person(c, person_id, m.channel_id, &id);
    if (e == PW_NOT_FOUND || (e == PW_OK && !m.channel_id))
        return PW_OK;
    PW_TRY(e);
    return id.private_chat.n ? window_of_chat(c, m.channel_id, id.private_chat, m.lang, ret) : PW_OK;
}

enum pw_err answer_waits(struct ctx *c, int64_t message_id)
{
    struct message m;
    struct community com;
    enum pw_err e = message_id ? message_row(c, message_id, &m) : PW_NOT_FOUND;
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    PW_TRY(community_row(c, m.community_id, &com));
    int64_t reader = 0;
    char id[ID_TEXT + 1];
    struct sv path = {0};
    if (m.question_id) {
        struct question q;
        PW_TRY(question_row(c, m.question_id, &q));
        reader = q.author;
        path = question_path(c, q.id);
    } else if (m.thread_id) {
        struct thread t;
        PW_TRY(thread_row(c, m.thread_id, &t));
        reader = t.person_id;
        path = arena_fmt(c->arena, "/threads/%s", id_text(t.id, id).p);
    }
    int64_t *v;
    size_t n;
    PW_TRY(moderators_of(c, &com, &v, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(notify_about(c, v[i], reader,
                            N_("Your answer to {0} waits: the app lets us write only after they write again."),
                            (struct sv){0}, path));
    return PW_OK;
}
