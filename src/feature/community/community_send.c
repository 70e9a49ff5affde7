/* SPDX-License-Identifier: EUPL-1.2 */
/* Everything this room sends out, all of it through channel_queue(): to groups, to one person, and what platforms are
 * asked to do (delete, approve, ban). The web needs no send: pages show the rows. */
#include <string.h>

#include "base/id.h"
#include "channel/file.h"
#include "channel/take_back.h"
#include "core/notify.h"
#include "core/people.h"
#include "core/vault.h"
#include "feature/community/community_room.h"
#include "feature/community/community_store.h"
#include "feature/community/membership_store.h"
#include "feature/community/message_store.h"
#include "feature/community/question_store.h"

static bool is_web(struct sv kind)
{
    return !kind.n || sv_eq_z(kind, "web");
}

static struct chan_send words_of(struct ctx *c, const struct letter *l)
{
    struct chan_send s = {.op = OP_TEXT,
                          .text = l->text,
                          .lang = l->lang,
                          .by_person = l->by_person,
                          .automatic = l->automatic || !l->message_id};
    if (l->file_id) {
        static const enum chan_file_kind kinds[MSG_KIND__MAX] = {FILE_OTHER, FILE_VOICE, FILE_IMAGE, FILE_OTHER,
                                                                 FILE_VIDEO};
        s.op = OP_FILE;
        s.file_kind = kinds[l->kind];
        s.file_path = arena_fmt(c->arena, "file:%lld", (long long)l->file_id);
    }
    s.buttons = l->buttons;
    s.n_buttons = l->n_buttons;
    return s;
}

static enum pw_err queue_letter(struct ctx *c, int64_t community_id, int64_t channel_id, struct sv chat,
                                const struct letter *l)
{
    struct chan_send s = words_of(c, l);
    s.chat = chat;
    s.list_id = community_id;
    if (l->author) {
        struct person p;
        PW_TRY(person_get_many(c, &l->author, 1, &p));
        if (p.display_name.n)
            s.text = arena_fmt(c->arena, "%.*s: %.*s", SV_ARG(p.display_name), SV_ARG(l->text));
    }
    if (l->reply_to)
        PW_TRY(copy_there(c, l->reply_to, channel_id, chat, &s.reply_to));
    struct sv idem = {0};
    if (l->message_id) {
        PW_TRY(seal_same(c, "outbox.idem_key", chat, &idem)); /* a private chat's id is a person's */
        idem = arena_fmt(c->arena, "message:%lld:%lld:%.*s", (long long)l->message_id, (long long)channel_id,
                         SV_ARG(idem));
        if (l->again_ms)
            idem = arena_fmt(c->arena, "%.*s:%lld", SV_ARG(idem), (long long)l->again_ms);
    }
    int64_t out = 0;
    PW_TRY(channel_queue(c, channel_id, l->lane, &s, SV("message"), l->message_id, l->not_before_ms, idem, &out));
    if (!l->message_id || l->uncopied)
        return PW_OK;
    return copy_insert(c, l->message_id, channel_id, chat, (struct sv){0}, out);
}

/* Places with a topic ("channels by topic") are not mirrors of each other: what belongs to a conversation stays where
 * that stands; of the rest only what the staff publishes goes to all. */
static enum pw_err belongs_there(struct ctx *c, const struct letter *l, const struct community_channel *p, bool *ret)
{
    int64_t about = l->reply_to;
    struct message_copy *v;
    size_t n;
    if (l->question_id) {
        struct question q;
        PW_TRY(question_row(c, l->question_id, &q));
        about = q.message_id;
    }
    *ret = !about && (l->by_person || l->lane == LANE_BULK /* a post */) && !l->except_channel;
    if (!about)
        return PW_OK;
    PW_TRY(copy_rows(c, about, &v, &n));
    for (size_t i = 0; i < n; i++)
        *ret |= v[i].channel_id == p->channel_id && sv_eq(v[i].chat, p->chat);
    return PW_OK;
}

/* ---- text only ---- */

static bool has_cap(struct sv kind, unsigned cap)
{
    const struct chan_driver *d = chan_driver_of(kind);
    return d && (d->caps & cap);
}

enum pw_err letter_as_link(struct ctx *c, struct letter *l)
{
    struct file_info info;
    char id[ID_TEXT + 1];
    if (!l->file_id)
        return PW_OK;
    enum pw_err e = file_get(c, l->file_id, &info);
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    int64_t kb = e == PW_OK ? (info.size + 1023) / 1024 : 0;
    const struct sv args[] = {
        arena_fmt(c->arena, "%lld", (long long)kb),
        arena_fmt(c->arena, "%.*s/messages/%.*s/file", SV_ARG(c->public_url), SV_ARG(id_text(l->message_id, id)))};
    static const char *const names[MSG_KIND__MAX] = {
        [MSG_TEXT] = N_("File, {0} KB: {1}"),     [MSG_VOICE] = N_("Voice note, {0} KB: {1}"),
        [MSG_IMAGE] = N_("Picture, {0} KB: {1}"), [MSG_FILE] = N_("File, {0} KB: {1}"),
        [MSG_VIDEO] = N_("Video, {0} KB: {1}"),
    };
    struct sv line = say(c, l->lang, names[l->kind], args, 2);
    l->text = l->text.n ? arena_join(c->arena, arena_join(c->arena, l->text, SV("\n")), line) : line;
    l->file_id = 0;
    return PW_OK;
}

enum pw_err send_to_group(struct ctx *c, const struct community *com, const struct letter *l)
{
    struct community_channel *v;
    size_t n;
    PW_TRY(place_rows(c, com->id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        bool origin = v[i].channel_id == l->except_channel && sv_eq(v[i].chat, l->except_chat);
        bool elsewhere = l->only_channel && v[i].channel_id != l->only_channel;
        if (is_web(v[i].kind) || !v[i].chat.n || origin || elsewhere)
            continue;
        bool here = true;
        if (v[i].topic.n)
            PW_TRY(belongs_there(c, l, &v[i], &here));
        if (!here)
            continue;
        struct letter own = *l;
        if (!has_cap(v[i].kind, CAP_FILES))
            PW_TRY(letter_as_link(c, &own));
        PW_TRY(queue_letter(c, com->id, v[i].channel_id, v[i].chat, &own));
    }
    return PW_OK;
}

/* Where a person can be reached alone outside the web; PW_NOT_FOUND when nowhere. */
static enum pw_err reach(struct ctx *c, const struct community *com, int64_t person_id, enum out_lane lane,
                         struct identity *ret, struct sv *ret_kind)
{
    struct membership m;
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    if (e != PW_OK)
        return e;
    if (!m.channel_id)
        return PW_NOT_FOUND;
    bool wanted = true;
    if (lane == LANE_BULK)
        PW_TRY(membership_wants_posts(c, m.id, &wanted));
    if (!wanted)
        return PW_NOT_FOUND;
    struct identity id;
    PW_TRY(identity_of_person(c, person_id, m.channel_id, &id));
    if (id.blocked || !id.private_chat.n)
        return PW_NOT_FOUND;
    *ret = id;
    *ret_kind = m.channel_kind;
    return PW_OK;
}

enum pw_err send_to_person(struct ctx *c, const struct community *com, int64_t person_id, const struct letter *l)
{
    struct identity id;
    struct sv kind;
    enum pw_err e = reach(c, com, person_id, l->lane, &id, &kind);
    if (e == PW_NOT_FOUND)
        return PW_OK; /* the web page shows it */
    PW_TRY(e);
    struct letter own = *l;
    struct person p;
    if (l->file_id) {
        PW_TRY(person_get(c, person_id, &p));
        if (p.limited_data || !has_cap(kind, CAP_FILES))
            PW_TRY(letter_as_link(c, &own));
    }
    return queue_letter(c, com->id, id.channel_id, id.private_chat, &own);
}

enum pw_err send_alone(struct ctx *c, int64_t community_id, int64_t channel_id, int64_t person_id,
                       const struct letter *l, bool *ret_queued)
{
    struct identity id;
    enum pw_err e = identity_of_person(c, person_id, channel_id, &id);
    *ret_queued = e == PW_OK && !id.blocked && id.private_chat.n;
    if (e != PW_OK && e != PW_NOT_FOUND)
        return e;
    return *ret_queued ? queue_letter(c, community_id, channel_id, id.private_chat, l) : PW_OK;
}

enum pw_err send_to_chat(struct ctx *c, int64_t channel_id, struct sv chat, struct sv text, int64_t message_id)
{
    struct letter l = {.message_id = message_id, .text = text};
    return chat.n ? queue_letter(c, 0, channel_id, chat, &l) : PW_OK;
}

/* Has the app such a thing at all? */
static enum pw_err can_delete(struct ctx *c, int64_t channel_id, bool *ret)
{
    struct channel ch;
    enum pw_err e = channel_get(c, channel_id, &ch);
    *ret = e != PW_OK || ch.driver->caps & (CAP_GROUPS | CAP_TAKE_BACK);
    return e == PW_NOT_FOUND || e == PW_UNAVAILABLE ? PW_OK : e; /* of a newer release: its send will say */
}

/* What somebody wrote there, or what we sent there. */
static enum pw_err delete_copy(struct ctx *c, const struct message_copy *copy)
{
    struct out_row row;
    bool can;
    int64_t out = 0;
    if (copy->outbox_id) {
        enum pw_err e = outbox_cancel(c->db, copy->outbox_id, c->now_ms); /* not sent yet: it must not go out */
        if (e != PW_CONFLICT)
            return e == PW_NOT_FOUND ? PW_OK : e;
    }
    PW_TRY(can_delete(c, copy->channel_id, &can));
    if (!can)
        return PW_OK;
    if (copy->outbox_id) {
        PW_TRY(outbox_get(c->db, c->arena, copy->outbox_id, &row)); /* being sent: it is deleted when it is there */
        return take_back_send(c, &row, &can);
    }
    struct chan_send s = {.op = OP_DELETE, .chat = copy->chat, .message_id = copy->provider_message};
    return channel_queue(c, copy->channel_id, LANE_INTERACTIVE, &s, TAKE_BACK, copy->message_id, 0, (struct sv){0},
                         &out);
}

enum pw_err send_deletions(struct ctx *c, int64_t message_id)
{
    struct message_copy *v;
    size_t n;
    PW_TRY(copy_rows(c, message_id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (v[i].deleted_ms)
            continue;
        PW_TRY(delete_copy(c, &v[i]));
        PW_TRY(copy_set_deleted(c, message_id, v[i].channel_id, v[i].chat));
    }
    return PW_OK;
}

enum pw_err message_mark(struct ctx *c, int64_t message_id, take_back_words words, void *self, int64_t key)
{
    struct message_copy *v;
    size_t n;
    PW_TRY(copy_rows(c, message_id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        struct channel ch;
        struct out_row row;
        bool asked;
        if (v[i].deleted_ms || !v[i].outbox_id)
            continue;
        enum pw_err e = channel_get(c, v[i].channel_id, &ch);
        if (e == PW_NOT_FOUND || e == PW_UNAVAILABLE)
            continue; /* of a newer release */
        PW_TRY(e);
        PW_TRY(outbox_get(c->db, c->arena, v[i].outbox_id, &row));
        PW_TRY(take_back_mark(c, ch.driver, &row, words, self, key, &asked));
    }
    return PW_OK;
}

enum pw_err send_join_decision(struct ctx *c, int64_t channel_id, struct sv chat, struct sv user, bool accepted)
{
    if (!channel_id || !chat.n || !user.n)
        return PW_OK;
    struct chan_send s = {.op = accepted ? OP_APPROVE_JOIN : OP_DECLINE_JOIN, .chat = chat, .user = user};
    int64_t out = 0;
    return channel_queue(c, channel_id, LANE_INTERACTIVE, &s, SV("join"), 0, 0, (struct sv){0}, &out);
}

enum pw_err send_admission(struct ctx *c, const struct community *com, int64_t channel_id, struct sv chat,
                           struct sv user)
{
    if (chat.n)
        return send_join_decision(c, channel_id, chat, user, true);
    /* Asked elsewhere than at the group's door, in a private talk: where the app has invitations, they get one. */
    struct community_channel *v;
    size_t n;
    const struct chan_driver *d;
    if (!channel_id || !user.n)
        return PW_OK;
    PW_TRY(place_rows(c, com->id, &v, &n));
    for (size_t i = 0; i < n; i++)
        if (v[i].channel_id == channel_id && v[i].chat.n && (d = chan_driver_of(v[i].kind)) && d->caps & CAP_INVITE)
            PW_TRY(send_join_decision(c, channel_id, v[i].chat, user, true));
    return PW_OK;
}

static enum pw_err op_in_groups(struct ctx *c, const struct community *com, int64_t person_id, enum chan_op op,
                                int64_t until_ms)
{
    struct community_channel *v;
    size_t n;
    PW_TRY(place_rows(c, com->id, &v, &n));
    for (size_t i = 0; i < n; i++) {
        if (is_web(v[i].kind) || !v[i].chat.n)
            continue;
        struct identity id;
        enum pw_err e = identity_of_person(c, person_id, v[i].channel_id, &id);
        if (e == PW_NOT_FOUND)
            continue;
        PW_TRY(e);
        struct chan_send s = {.op = op, .chat = v[i].chat, .user = id.provider_user, .until_ms = until_ms};
        int64_t out = 0;
        PW_TRY(
            channel_queue(c, v[i].channel_id, LANE_INTERACTIVE, &s, SV("member"), person_id, 0, (struct sv){0}, &out));
    }
    return PW_OK;
}

enum pw_err send_op_for_person(struct ctx *c, const struct community *com, int64_t person_id, enum chan_op op)
{
    return op_in_groups(c, com, person_id, op, 0);
}

enum pw_err send_restriction(struct ctx *c, const struct community *com, int64_t person_id, int64_t until_ms)
{
    return op_in_groups(c, com, person_id, until_ms ? OP_RESTRICT : OP_UNRESTRICT, until_ms);
}

enum pw_err tell(struct ctx *c, const struct community *com, int64_t person_id, const char *msgid, struct sv arg0,
                 struct sv arg1, struct sv path)
{
    int64_t id = 0;
    PW_TRY(notify(c, person_id, msgid, arg0, arg1, path, &id));
    struct membership m;
    enum pw_err e = membership_row(c, com->id, person_id, &m);
    if (e == PW_NOT_FOUND)
        return PW_OK;
    PW_TRY(e);
    const struct sv args[] = {arg0, arg1};
    struct letter l = {.text = say(c, m.lang, msgid, args, 2), .lang = m.lang};
    return send_to_person(c, com, person_id, &l);
}

enum pw_err notify_of(struct ctx *c, const struct community *com, int64_t person_id, const char *msgid, struct sv path)
{
    struct person p;
    struct community own = *com;
    PW_TRY(person_get(c, person_id, &p));
    PW_TRY(in_words_of(c, p.lang, &own));
    return notify(c, person_id, msgid, own.words.name, (struct sv){0}, path, NULL);
}

enum pw_err tell_moderators(struct ctx *c, const struct community *com, const char *msgid, struct sv arg0,
                            struct sv path)
{
    int64_t *v;
    size_t n;
    PW_TRY(moderators_of(c, com, &v, &n));
    for (size_t i = 0; i < n; i++)
        PW_TRY(arg0.n ? notify(c, v[i], msgid, arg0, (struct sv){0}, path, NULL)
                      : notify_of(c, com, v[i], msgid, path));
    return PW_OK;
}

enum pw_err in_words_of(struct ctx *c, struct sv lang, struct community *io)
{
    return words_for(c, io->id, lang, io->languages, &io->words);
}
